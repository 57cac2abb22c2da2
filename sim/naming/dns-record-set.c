#include "sim/naming/dns-record-set.h"

DnsRecordSet *dns_record_set_new(const DnsName *name, guint16 type, guint32 ttl)
{
    DnsRecordSet *set = g_new0(DnsRecordSet, 1);
    set->references = 1;
    set->ttl = ttl;
    set->type = type;
    set->name = *name;
    set->data = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    return set;
}

DnsRecordSet *dns_record_set_ref(DnsRecordSet *set)
{
    set->references++;
    return set;
}

void dns_record_set_unref(DnsRecordSet *set)
{
    if (set != NULL && --set->references == 0) {
        g_ptr_array_unref(set->data);
        g_free(set);
    }
}

guint dns_record_set_count(const DnsRecordSet *set)
{
    return set->data->len;
}

DnsData dns_record_set_data(const DnsRecordSet *set, guint index)
{
    gsize length = 0;
    const void *octets = g_bytes_get_data(set->data->pdata[index], &length);
    return dns_data_alone(set->type, byte_span(octets, length));
}

bool dns_record_set_add(DnsRecordSet *set, ByteSpan data)
{
    for (guint i = 0; i < set->data->len; i++) {
        if (byte_span_equal(dns_record_set_data(set, i).message, data)) {
            return false;
        }
    }
    g_ptr_array_add(set->data, g_bytes_new(data.data, data.length));
    return true;
}

DnsRecordSet *dns_record_set_copy_for(const DnsRecordSet *set, const DnsName *name)
{
    DnsRecordSet *copy = dns_record_set_new(name, set->type, set->ttl);
    for (guint i = 0; i < set->data->len; i++) {
        g_ptr_array_add(copy->data, g_bytes_ref(set->data->pdata[i]));
    }
    return copy;
}

void dns_record_set_text(const DnsRecordSet *set, guint index, GString *out)
{
    dns_data_to_text(dns_record_set_data(set, index), out);
}
