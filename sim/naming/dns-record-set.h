#pragma once

/* All records of one name and type (RFC 2181 §5): one TTL, any number of data, each without
 * compression (dns-data.h). Zones, caches and answers share sets by counting references; a set is
 * not changed once it is shared. */

#include "protocol/dns/dns-data.h"

typedef struct {
    guint references;
    guint32 ttl;
    guint16 type;
    DnsName name;
    GPtrArray *data; /* of GBytes */
} DnsRecordSet;

DnsRecordSet *dns_record_set_new(const DnsName *name, guint16 type, guint32 ttl);
DnsRecordSet *dns_record_set_ref(DnsRecordSet *set);
void dns_record_set_unref(DnsRecordSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DnsRecordSet, dns_record_set_unref)

/* False: it is in the set already. */
bool dns_record_set_add(DnsRecordSet *set, ByteSpan data);
guint dns_record_set_count(const DnsRecordSet *set);
DnsData dns_record_set_data(const DnsRecordSet *set, guint index);

/* The same data for another owner: what a wildcard makes. */
DnsRecordSet *dns_record_set_copy_for(const DnsRecordSet *set, const DnsName *name);

/* The data of record 'index' as in a zone file. */
void dns_record_set_text(const DnsRecordSet *set, guint index, GString *out);
