#pragma once

/* Messages for tests, made from lines as in a zone file. */

#include "protocol/dns/dns-writer.h"
#include "tests/support/test.h"

static inline DnsName sample_name(const char *text)
{
    DnsName name;
    bool is_name = dns_name_from_text(text, &name);
    assert_true(is_name);
    return name;
}

static inline void sample_record(
    DnsWriter *writer,
    DnsSection section,
    const char *owner,
    guint32 ttl,
    const char *type_name,
    const char *text
)
{
    DnsName name = sample_name(owner);
    ByteBuffer data;
    guint16 type = 0;
    const char *problem = NULL;
    assert_true(dns_type_from_text(type_name, &type));
    byte_buffer_init(&data, G_MAXUINT16);
    if (!dns_data_from_text(type, byte_span_from_string(text), &dns_root, &data, &problem)) {
        fail_msg("%s: %s", text, problem);
    }
    assert_true(
        dns_writer_record(writer, section, &name, type, DNS_CLASS_IN, ttl, byte_buffer_span(&data))
    );
    byte_buffer_clear(&data);
}

static inline void sample_question(DnsWriter *writer, const char *owner, const char *type_name)
{
    DnsName name = sample_name(owner);
    guint16 type = 0;
    assert_true(dns_type_from_text(type_name, &type));
    assert_true(dns_writer_question(writer, &name, type, DNS_CLASS_IN));
}

/* Who takes mail for hamburger.edu, as a resolver answers. */
static inline void sample_mx_answer(DnsWriter *writer)
{
    DnsHeader header = {
        .id = 22981,
        .is_response = true,
        .recursion_desired = true,
        .recursion_available = true,
    };
    dns_writer_begin(writer, DNS_UDP_MAXIMUM, &header);
    sample_question(writer, "hamburger.edu", "MX");
    sample_record(
        writer, DNS_SECTION_ANSWER, "hamburger.edu", 3600, "MX", "10 mail.hamburger.edu."
    );
    sample_record(writer, DNS_SECTION_ANSWER, "hamburger.edu", 3600, "MX", "20 backup.crepes.fr.");
    sample_record(writer, DNS_SECTION_AUTHORITY, "hamburger.edu", 3600, "NS", "ns1.hamburger.edu.");
    sample_record(writer, DNS_SECTION_ADDITIONAL, "mail.hamburger.edu", 300, "A", "192.0.2.25");
    sample_record(
        writer, DNS_SECTION_ADDITIONAL, "mail.hamburger.edu", 300, "AAAA", "2001:db8::25"
    );
}
