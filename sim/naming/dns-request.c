#include "sim/naming/dns-request.h"

bool dns_request_is_for_resolver(ByteSpan message, DnsName *out_name, guint16 *out_type)
{
    DnsReader reader;
    DnsRecord record;
    DnsRecord rest;
    bool is_good = dns_reader_begin(&reader, message) && !reader.header.is_response &&
                   reader.header.opcode == DNS_OPCODE_QUERY && reader.header.recursion_desired &&
                   reader.header.counts[DNS_SECTION_QUESTION] == 1 &&
                   dns_reader_next(&reader, &record) && record.class_number == DNS_CLASS_IN &&
                   record.type != DNS_TYPE_AXFR && record.type != DNS_TYPE_IXFR &&
                   dns_message_name(message, record.name.start, out_name, NULL, NULL);
    while (is_good && dns_reader_next(&reader, &rest)) {
        DnsEdns edns;
        is_good = !dns_record_edns(&rest, &edns) || edns.version == 0;
    }
    *out_type = is_good ? record.type : 0;
    return is_good && reader.defect.kind == DNS_DEFECT_NONE;
}
