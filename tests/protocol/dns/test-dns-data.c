#include "tests/support/test.h"

#include "protocol/dns/dns-vocabulary.h"
#include "tests/protocol/dns/dns-samples.h"

/* Text to octets, octets through a message and back to text. */
static void test_text_round_trip(void **state)
{
    static const struct {
        const char *type;
        const char *text;
        const char *shown; /* NULL: as written */
    } cases[] = {
        {"A", "192.0.2.25", NULL},
        {"AAAA", "2001:db8::25", NULL},
        {"MX", "10 mail.hamburger.edu.", NULL},
        {"MX", "0 .", NULL},
        {"CNAME", "www.crepes.fr.", NULL},
        {"NS", "ns1.crepes.fr.", NULL},
        {"PTR", "mail.crepes.fr.", NULL},
        {"TXT", "\"v=spf1 mx -all\"", NULL},
        {"TXT", "\"one\" \"two\"", NULL},
        {"TXT", "bare words", "\"bare\" \"words\""},
        {"TXT", "\"a \\\"quote\\\" and \\\\ and \\195\\170\"", NULL},
        {"TXT", "\"\"", NULL},
        {"SOA", "ns1.crepes.fr. admin.crepes.fr. 2026090701 7200 900 1209600 300", NULL},
        {"SOA", "ns1.fr. a.fr. 1 2h 15m 2w 5m", "ns1.fr. a.fr. 1 7200 900 1209600 300"},
        {"SRV", "0 1 587 mail.crepes.fr.", NULL},
        {"TLSA", "3 1 1 0102 0304", "3 1 1 01020304"},
        {"CAA", "0 issue \"ca.example\"", NULL},
        {"HINFO", "\"PDP-11\" \"UNIX\"", NULL},
        {"DS", "60485 5 1 2BB183AF", NULL},
        {"TYPE65280", "\\# 3 ABCDEF", NULL},
        {"TYPE65280", "\\# 0", NULL},
        {"A", "\\# 4 C0000219", "192.0.2.25"},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        DnsWriter writer;
        DnsReader reader;
        DnsRecord record;
        DnsHeader header = {.is_response = true};
        dns_writer_begin(&writer, DNS_UDP_MAXIMUM, &header);
        sample_record(&writer, DNS_SECTION_ANSWER, "crepes.fr", 1, cases[i].type, cases[i].text);
        ByteSpan message = dns_writer_message(&writer);
        assert_true(dns_reader_begin(&reader, message));
        assert_true(dns_reader_next(&reader, &record));
        g_autoptr(GString) shown = g_string_new(NULL);
        dns_data_to_text(dns_record_data(message, &record), shown);
        assert_string_equal(shown->str, cases[i].shown != NULL ? cases[i].shown : cases[i].text);
        dns_writer_clear(&writer);
    }
}

static void test_bad_text(void **state)
{
    static const struct {
        const char *type;
        const char *text;
        const char *problem; /* a part of it */
    } cases[] = {
        {"A", "192.0.2", "IPv4"},
        {"A", "2001:db8::25", "IPv4"},
        {"A", "", "IPv4"},
        {"A", "192.0.2.25 x", "nothing more"},
        {"AAAA", "192.0.2.25", "IPv6"},
        {"MX", "mail.crepes.fr.", "65535"},
        {"MX", "65536 mail.crepes.fr.", "65535"},
        {"MX", "10", "name"},
        {"MX", "10 a..b.", "name"},
        {"CNAME", "", "name"},
        {"SOA", "a. b. 1 2 3 4", "time"},
        {"SOA", "a. b. 1 2x 3 4 5", "time"},
        {"SOA", "a. b. 1 9999999999999999w 3 4 5", "time"},
        {"TLSA", "3 1 1 abc", "hexadecimal"},
        {"TLSA", "256 1 1 ab", "255"},
        {"TYPE65280", "abc", "\\#"},
        {"TYPE65280", "\\# 2 ab", "\\#"},
        {"OPT", "x", "OPT"},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
        ByteSpan text = unterminated(cases[i].text, strlen(cases[i].text), keep);
        const char *problem = NULL;
        guint16 type = 0;
        ByteBuffer out;
        byte_buffer_init(&out, 1000);
        assert_true(dns_type_from_text(cases[i].type, &type));
        if (dns_data_from_text(type, text, &dns_root, &out, &problem)) {
            fail_msg("%s %s was taken", cases[i].type, cases[i].text);
        }
        if (strstr(problem, cases[i].problem) == NULL) {
            fail_msg("%s %s: %s", cases[i].type, cases[i].text, problem);
        }
        byte_buffer_clear(&out);
    }
}

/* A string of 256 octets does not fit one length octet. */
static void test_long_strings(void **state)
{
    g_autofree char *octets = g_strnfill(256, 'x');
    ByteBuffer out;
    (void)state;
    byte_buffer_init(&out, 1000);
    assert_false(
        dns_data_from_text(DNS_TYPE_TXT, byte_span_from_string(octets), &dns_root, &out, NULL)
    );
    byte_buffer_reset(&out);
    dns_data_put_text(&out, byte_span_from_string(octets));
    assert_int_equal(byte_buffer_length(&out), 258);
    g_autoptr(GString) text = g_string_new(NULL);
    assert_true(dns_data_text(dns_data_alone(DNS_TYPE_TXT, byte_buffer_span(&out)), text));
    assert_string_equal(text->str, octets);
    byte_buffer_clear(&out);
}

static void test_typed_readers(void **state)
{
    static const guint8 null_mx[] = {0, 0, 0};
    static const guint8 mx[] = {0, 10, 2, 'f', 'r', 0};
    static const guint8 address[] = {192, 0, 2, 25};
    guint16 preference = 0;
    DnsName name;
    ByteSpan octets;
    DnsSoa soa;
    DnsSrv srv;
    (void)state;
    DnsData data = dns_data_alone(DNS_TYPE_MX, byte_span(mx, sizeof mx));
    assert_true(dns_data_mx(data, &preference, &name));
    assert_int_equal(preference, 10);
    assert_int_equal(name.length, 4);
    assert_false(dns_data_is_null_mx(data));
    assert_false(dns_data_name(data, &name));
    assert_false(dns_data_address(data, &octets));
    assert_false(dns_data_soa(data, &soa));
    assert_false(dns_data_srv(data, &srv));
    assert_true(dns_data_is_null_mx(dns_data_alone(DNS_TYPE_MX, byte_span(null_mx, sizeof null_mx)))
    );
    assert_true(
        dns_data_address(dns_data_alone(DNS_TYPE_A, byte_span(address, sizeof address)), &octets)
    );
    assert_int_equal(octets.length, 4);
    assert_false(dns_data_address(dns_data_alone(DNS_TYPE_A, byte_span(address, 3)), &octets));
    assert_false(
        dns_data_mx(dns_data_alone(DNS_TYPE_MX, byte_span(mx, sizeof mx - 1)), &preference, &name)
    );
}

/* Each row's type has a name in the vocabulary, and no two rows are of one type. */
static void test_type_rows(void **state)
{
    guint count = 0;
    char room[DNS_NUMBER_TEXT_MAXIMUM];
    guint16 back = 0;
    (void)state;
    for (guint type = 0; type <= G_MAXUINT16; type++) {
        const DnsTypeRow *row = dns_type_row((guint16)type);
        const char *text = dns_type_to_text((guint16)type, room);
        assert_true(dns_type_from_text(text, &back));
        assert_int_equal(back, type);
        if (row != NULL) {
            assert_non_null(dns_type_find((guint16)type));
            assert_in_range(row->n_parts, 1, DNS_PARTS_MAXIMUM);
            count++;
        }
    }
    assert_int_equal(count, 21);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_round_trip),
        cmocka_unit_test(test_bad_text),
        cmocka_unit_test(test_long_strings),
        cmocka_unit_test(test_typed_readers),
        cmocka_unit_test(test_type_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
