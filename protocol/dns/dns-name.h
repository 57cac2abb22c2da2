#pragma once

/* A domain name in its wire form without compression: each label with its length octet before it,
 * the empty label of the root at the end. It is a value that can be copied, and is compared
 * without regard to the case of ASCII letters (RFC 1035 §2.3.3). As text, octets that would be
 * mistaken are escaped as \. \\ or \DDD (RFC 1035 §5.1), so the text is always printable ASCII. */

#include "protocol/text/byte-span.h"

#define DNS_LABEL_MAXIMUM 63 /* RFC 1035 §2.3.4 */
#define DNS_NAME_MAXIMUM 255 /* RFC 1035 §2.3.4: on the wire, with every length octet */
#define DNS_NAME_TEXT_MAXIMUM 1024

typedef struct {
    guint8 length; /* on the wire; 1 is the root, 0 no name at all */
    guint8 octets[DNS_NAME_MAXIMUM];
} DnsName;

extern const DnsName dns_root;

/* Takes "mail.crepes.fr" and "mail.crepes.fr." alike; "." is the root. False: an empty or
 * over-long label, an over-long name, a broken escape. */
bool dns_name_from_text(const char *text, DnsName *out_name);
bool dns_name_from_span(ByteSpan text, DnsName *out_name);

/* The same for a zone file: a text without a dot at the end stands below 'origin'. */
bool dns_name_from_text_under(ByteSpan text, const DnsName *origin, DnsName *out_name);

/* With the dot at the end; gives the length. */
gsize dns_name_to_text(const DnsName *name, char out_text[DNS_NAME_TEXT_MAXIMUM]);
char *dns_name_to_string(const DnsName *name);       /* "mail.crepes.fr." */
char *dns_name_to_plain_string(const DnsName *name); /* "mail.crepes.fr", the root is "." */

bool dns_name_equal(const DnsName *left, const DnsName *right);
guint dns_name_hash(const DnsName *name);

/* Canonical order: by the last label first, letters as lower case (RFC 4034 §6.1). */
int dns_name_compare(const DnsName *left, const DnsName *right);

guint dns_name_labels(const DnsName *name);                           /* the root has 0 */
bool dns_name_is_under(const DnsName *name, const DnsName *ancestor); /* or equal to it */
bool dns_name_parent(const DnsName *name, DnsName *out_parent);       /* false: the root */

/* The last 'labels' labels; all of them where the name has fewer. */
void dns_name_suffix(const DnsName *name, guint labels, DnsName *out_suffix);

/* A label put before a name; false where the result would be too long. */
bool dns_name_prepend(ByteSpan label, const DnsName *name, DnsName *out_name);
bool dns_name_is_wildcard(const DnsName *name); /* the first label is "*" */

/* 2.25.192.in-addr.arpa and the nibbles below ip6.arpa; 'length' is 4 or 16 octets. */
void dns_name_reverse(const guint8 *address, gsize length, DnsName *out_name);
