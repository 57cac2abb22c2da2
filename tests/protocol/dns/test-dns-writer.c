#include "tests/support/test.h"

#include "tests/protocol/dns/dns-samples.h"

static void test_compression(void **state)
{
    DnsWriter writer;
    DnsHeader header = {.id = 0x1234, .recursion_desired = true};
    (void)state;
    dns_writer_begin(&writer, DNS_UDP_MAXIMUM, &header);
    sample_question(&writer, "mail.crepes.fr", "A");
    sample_record(&writer, DNS_SECTION_ANSWER, "MAIL.crepes.FR", 60, "CNAME", "www.crepes.fr.");
    sample_record(&writer, DNS_SECTION_ANSWER, "www.crepes.fr", 60, "A", "192.0.2.80");
    static const guint8 expected[] = {
        0x12, 0x34, 0x01, 0,   0,   1, 0,   2,   0,   0,   0,   0,                     /* header */
        4,    'm',  'a',  'i', 'l', 6, 'c', 'r', 'e', 'p', 'e', 's', 2,   'f', 'r', 0, /* 12 */
        0,    1,    0,    1,                                                           /* 28 */
        0xc0, 12,   0,    5,   0,   1, 0,   0,   0,   60,  0,   6,   3,   'w', 'w', 'w',
        0xc0, 17,                                                                       /* 32 */
        0xc0, 44,   0,    1,   0,   1, 0,   0,   0,   60,  0,   4,   192, 0,   2,   80, /* 50 */
    };
    ByteSpan message = dns_writer_message(&writer);
    assert_int_equal(message.length, sizeof expected);
    assert_memory_equal(message.data, expected, sizeof expected);
    dns_writer_clear(&writer);
}

/* SRV targets stay whole; their names may be pointed to all the same. */
static void test_no_compression_in_new_types(void **state)
{
    DnsWriter writer;
    DnsHeader header = {.id = 1};
    (void)state;
    dns_writer_begin(&writer, DNS_UDP_MAXIMUM, &header);
    sample_question(&writer, "_imap._tcp.crepes.fr", "SRV");
    gsize before = dns_writer_message(&writer).length;
    sample_record(
        &writer, DNS_SECTION_ANSWER, "_imap._tcp.crepes.fr", 1, "SRV", "0 0 143 mail.crepes.fr."
    );
    assert_int_equal(dns_writer_message(&writer).length - before, 2 + 10 + 6 + 16);
    DnsDefect defect;
    assert_int_equal(dns_message_check(dns_writer_message(&writer), &defect, 1), 0);
    dns_writer_clear(&writer);
}

/* A record that does not fit leaves no trace, at any limit. */
static void test_limit(void **state)
{
    DnsName name = sample_name("hamburger.edu");
    DnsName exchange = sample_name("mail.hamburger.edu");
    ByteBuffer data;
    (void)state;
    byte_buffer_init(&data, 300);
    dns_data_put_mx(&data, 10, &exchange);
    for (gsize limit = 31; limit < 120; limit++) {
        DnsWriter writer;
        DnsDefect defect;
        DnsHeader header = {.is_response = true};
        dns_writer_begin(&writer, limit, &header);
        assert_true(dns_writer_question(&writer, &name, DNS_TYPE_MX, DNS_CLASS_IN));
        guint written = 0;
        dns_writer_reserve_edns(&writer);
        while (dns_writer_record(
            &writer,
            DNS_SECTION_ANSWER,
            &name,
            DNS_TYPE_MX,
            DNS_CLASS_IN,
            60,
            byte_buffer_span(&data)
        )) {
            written++;
        }
        bool has_edns = dns_writer_edns(&writer, &(DnsEdns){.udp_payload = 1232});
        assert_int_equal(has_edns, limit >= 42);
        dns_writer_set_truncated(&writer);
        dns_writer_set_rcode(&writer, DNS_RCODE_SERVFAIL);
        ByteSpan message = dns_writer_message(&writer);
        assert_true(message.length <= limit);
        assert_int_equal(dns_message_check(message, &defect, 1), 0);
        DnsReader reader;
        assert_true(dns_reader_begin(&reader, message));
        assert_int_equal(reader.header.counts[DNS_SECTION_ANSWER], written);
        assert_true(reader.header.is_truncated);
        assert_int_equal(reader.header.rcode, DNS_RCODE_SERVFAIL);
        dns_writer_clear(&writer);
    }
    byte_buffer_clear(&data);
}

/* Thousands of names: past the table and past the reach of pointers the message is still right. */
static void test_many_names(void **state)
{
    DnsWriter writer;
    DnsHeader header = {.is_response = true};
    DnsDefect defect;
    DnsReader reader;
    DnsRecord record;
    guint count = 0;
    (void)state;
    dns_writer_begin(&writer, DNS_MESSAGE_MAXIMUM, &header);
    for (guint i = 0; i < 1500; i++) {
        g_autofree char *owner = g_strdup_printf("host%u.net%u.crepes.fr", i, i % 7);
        sample_record(&writer, DNS_SECTION_ANSWER, owner, i, "CNAME", owner);
    }
    ByteSpan message = dns_writer_message(&writer);
    assert_true(message.length > 0x4000);
    assert_int_equal(dns_message_check(message, &defect, 1), 0);
    assert_true(dns_reader_begin(&reader, message));
    while (dns_reader_next(&reader, &record)) {
        g_autofree char *expected = g_strdup_printf("host%u.net%u.crepes.fr.", count, count % 7);
        char shown[DNS_NAME_TEXT_MAXIMUM];
        dns_message_name_text(message, record.data.start, shown);
        assert_string_equal(shown, expected);
        dns_message_name_text(message, record.name.start, shown);
        assert_string_equal(shown, expected);
        count++;
    }
    assert_int_equal(count, 1500);
    dns_writer_clear(&writer);
}

/* What a reader expands is what a writer was given. */
static void test_expand(void **state)
{
    DnsWriter writer;
    DnsReader reader;
    DnsRecord record;
    DnsSoa soa = {
        .server = sample_name("ns1.crepes.fr"),
        .mailbox = sample_name("alice.crepes.fr"),
        .serial = 4000000000u,
        .refresh = 1,
        .retry = 2,
        .expire = 3,
        .minimum = 4,
    };
    DnsSoa read;
    ByteBuffer data;
    ByteBuffer expanded;
    DnsHeader header = {.is_response = true};
    DnsName name = sample_name("crepes.fr");
    (void)state;
    byte_buffer_init(&data, 600);
    byte_buffer_init(&expanded, 600);
    dns_data_put_soa(&data, &soa);
    dns_writer_begin(&writer, DNS_UDP_MAXIMUM, &header);
    assert_true(dns_writer_record(
        &writer,
        DNS_SECTION_AUTHORITY,
        &name,
        DNS_TYPE_SOA,
        DNS_CLASS_IN,
        9,
        byte_buffer_span(&data)
    ));
    ByteSpan message = dns_writer_message(&writer);
    assert_true(dns_reader_begin(&reader, message));
    assert_true(dns_reader_next(&reader, &record));
    assert_true(record.data.end - record.data.start < (int)byte_buffer_length(&data));
    assert_true(dns_data_expand(dns_record_data(message, &record), &expanded));
    assert_true(byte_span_equal(byte_buffer_span(&expanded), byte_buffer_span(&data)));
    assert_true(dns_data_soa(dns_record_data(message, &record), &read));
    assert_int_equal(read.serial, 4000000000u);
    assert_int_equal(read.minimum, 4);
    assert_true(dns_name_equal(&read.mailbox, &soa.mailbox));
    byte_buffer_clear(&data);
    byte_buffer_clear(&expanded);
    dns_writer_clear(&writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_compression),
        cmocka_unit_test(test_no_compression_in_new_types),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_many_names),
        cmocka_unit_test(test_expand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
