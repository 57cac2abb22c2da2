#pragma once

/* A zone: the records of one part of the tree, from its origin down to the cuts where other
 * servers take over (RFC 1034 §4.2). Filled by calls or from lines as in a master file (RFC 1035
 * §5.1): $ORIGIN, $TTL, parentheses, comments, "@", a blank owner for the one before. */

#include "sim/naming/dns-record-set.h"

#define DNS_ZONE_TTL 3600 /* where neither a line nor $TTL says otherwise */
#define DNS_ZONE_NEGATIVE_TTL 300
#define DNS_ZONE_RECORDS_MAXIMUM 1000000

typedef struct DnsZone DnsZone;

#define DNS_ZONE_ERROR (dns_zone_error_quark())
GQuark dns_zone_error_quark(void);

typedef enum {
    DNS_ZONE_ERROR_SYNTAX,
    DNS_ZONE_ERROR_OUTSIDE, /* a name that is not below the origin */
    DNS_ZONE_ERROR_CNAME,   /* RFC 1034 §3.6.2: a CNAME beside other data */
    DNS_ZONE_ERROR_TOO_MANY,
} DnsZoneError;

DnsZone *dns_zone_new(const DnsName *origin);
void dns_zone_free(DnsZone *zone);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DnsZone, dns_zone_free)

const DnsName *dns_zone_origin(const DnsZone *zone);
void dns_zone_set_ttl(DnsZone *zone, guint32 ttl);

/* Lines may stand below the origin only; the error names the line. */
bool dns_zone_parse(DnsZone *zone, const char *text, GError **error);

/* One record as text: dns_zone_add_text(zone, "mail", 0, "A", "192.0.2.25"). TTL 0: the zone's. */
bool dns_zone_add_text(
    DnsZone *zone,
    const char *owner,
    guint32 ttl,
    const char *type,
    const char *data,
    GError **error
);

/* 'data' without compression. */
bool dns_zone_add(
    DnsZone *zone, const DnsName *owner, guint16 type, guint32 ttl, ByteSpan data, GError **error
);
void dns_zone_add_address(DnsZone *zone, const DnsName *owner, const guint8 *address, gsize length);

/* 'type' ANY: all of the name. */
void dns_zone_remove(DnsZone *zone, const DnsName *owner, guint16 type);

/* Adds what a zone must have and this one lacks: the SOA record. */
void dns_zone_complete(DnsZone *zone, const DnsName *first_server, guint32 serial);

/* What stands at a name; NULL: nothing of that type. Wildcards and cuts are not looked at. */
const DnsRecordSet *dns_zone_set(const DnsZone *zone, const DnsName *owner, guint16 type);
bool dns_zone_has_name(const DnsZone *zone, const DnsName *name);
gsize dns_zone_records(const DnsZone *zone);

/* What the zone says of a question (RFC 1034 §4.3.2, step 3). */
typedef enum {
    DNS_ZONE_FOUND,
    DNS_ZONE_CNAME,    /* the name is an alias */
    DNS_ZONE_REFERRAL, /* other servers know: 'set' holds their names */
    DNS_ZONE_NO_DATA,  /* the name exists, the type does not */
    DNS_ZONE_NO_NAME,
    DNS_ZONE_OUTSIDE,
} DnsZoneVerdict;

/* 'out_set' gets a reference where there is a set: FOUND (not for ANY), CNAME, REFERRAL. A set
 * from a wildcard has the question's name as its owner. */
DnsZoneVerdict
dns_zone_find(const DnsZone *zone, const DnsName *name, guint16 type, DnsRecordSet **out_set);

/* Every set of a name, or of the whole zone in canonical order, the SOA first. */
typedef void (*DnsZoneEach)(const DnsRecordSet *set, gpointer data);
void dns_zone_each_at(const DnsZone *zone, const DnsName *name, DnsZoneEach each, gpointer data);
void dns_zone_each(const DnsZone *zone, DnsZoneEach each, gpointer data);

/* As a master file. */
void dns_zone_to_text(const DnsZone *zone, GString *out);
