#pragma once

/* Reads inside RDATA, part by part as the type's row says, in a message or in octets that stand
 * alone without compression (as zones and caches keep them: then the message is the RDATA itself
 * and it starts at 0). Nothing is copied; names are expanded when asked for. */

#include "protocol/dns/dns-message.h"
#include "protocol/text/byte-buffer.h"

typedef struct {
    ByteSpan message;
    const DnsTypeRow *row;
    guint32 position;
    guint32 end;
    guint next_part;
    DnsDefect defect;
} DnsDataReader;

/* One part: where it stands, and its number where it is one. In STRINGS each string comes as a
 * part of its own, in OPTIONS each option. */
typedef struct {
    const DnsPart *part; /* NULL: the whole RDATA of an opaque type */
    DnsPlace place;      /* length octets included */
    ByteSpan octets;     /* of addresses, strings, hexadecimal and options: without length octets */
    guint32 number;      /* numbers, seconds; the code of an EDNS option */
} DnsDataPart;

void dns_data_begin(DnsDataReader *reader, ByteSpan message, guint16 type, DnsPlace data);

/* False: the end, or a defect. */
bool dns_data_next(DnsDataReader *reader, DnsDataPart *out_part);

/* Readers for what mail asks most; false where the type or its data is otherwise. */
typedef struct {
    ByteSpan message;
    guint16 type;
    DnsPlace data;
} DnsData;

DnsData dns_record_data(ByteSpan message, const DnsRecord *record);
DnsData dns_data_alone(guint16 type, ByteSpan octets); /* octets without compression */

bool dns_data_address(DnsData data, ByteSpan *out_address); /* A: 4 octets, AAAA: 16 */
bool dns_data_name(DnsData data, DnsName *out_name);        /* NS, CNAME, PTR */
bool dns_data_mx(DnsData data, guint16 *out_preference, DnsName *out_exchange);
bool dns_data_is_null_mx(DnsData data); /* RFC 7505 §3: "0 ." */

/* The strings of a TXT record joined, as SPF and DKIM read them (RFC 7208 §3.3). */
bool dns_data_text(DnsData data, GString *out_text);

typedef struct {
    DnsName server; /* MNAME */
    DnsName mailbox;
    guint32 serial;
    guint32 refresh;
    guint32 retry;
    guint32 expire;
    guint32 minimum;
} DnsSoa;

bool dns_data_soa(DnsData data, DnsSoa *out_soa);

typedef struct {
    guint16 priority;
    guint16 weight;
    guint16 port;
    DnsName target;
} DnsSrv;

bool dns_data_srv(DnsData data, DnsSrv *out_srv);

/* The RDATA without compression, added to 'out'; false: a defect, or no room. */
bool dns_data_expand(DnsData data, ByteBuffer *out);

/* The RDATA as in a zone file: "10 mail.hamburger.edu."; the generic \# form where
 * the type is opaque or its data is broken. */
void dns_data_to_text(DnsData data, GString *out);

/* The other way: text of a zone line to octets without compression. False: 'out_problem' (may be
 * NULL) is a phrase such as "an IPv4 address is expected", and 'out' may hold a part of it. */
bool dns_data_from_text(
    guint16 type, ByteSpan text, const DnsName *origin, ByteBuffer *out, const char **out_problem
);
