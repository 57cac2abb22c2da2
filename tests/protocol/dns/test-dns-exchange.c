#include "tests/support/test.h"

#include "protocol/dns/dns-exchange.h"
#include "protocol/dns/dns-text.h"
#include "tests/protocol/dns/dns-samples.h"

static GBytes *make(guint16 id, bool is_response, const char *owner, const char *type)
{
    DnsWriter writer;
    DnsHeader header = {.id = id, .is_response = is_response};
    dns_writer_begin(&writer, DNS_UDP_MAXIMUM, &header);
    if (owner != NULL) {
        sample_question(&writer, owner, type);
    }
    dns_writer_message(&writer);
    return byte_buffer_steal(&writer.octets);
}

static DnsExchange see(DnsExchangeTable *table, guint64 flow, GBytes *message, guint64 step)
{
    gsize length = 0;
    const void *data = g_bytes_get_data(message, &length);
    return dns_exchange_see(table, flow, byte_span(data, length), step, (gint64)step * 1000);
}

static void test_pairing(void **state)
{
    g_autoptr(DnsExchangeTable) table = dns_exchange_table_new(100);
    g_autoptr(GBytes) question = make(7, false, "crepes.fr", "MX");
    g_autoptr(GBytes) answer = make(7, true, "CREPES.fr", "MX");
    g_autoptr(GBytes) other_type = make(7, true, "crepes.fr", "A");
    g_autoptr(GBytes) other_id = make(8, true, "crepes.fr", "MX");
    g_autoptr(GBytes) bare = make(7, true, NULL, NULL);
    (void)state;
    assert_int_equal(see(table, 1, question, 10).kind, DNS_EXCHANGE_QUESTION);
    DnsExchange again = see(table, 1, question, 11);
    assert_int_equal(again.kind, DNS_EXCHANGE_REPEATED);
    assert_int_equal(again.step, 10);
    assert_int_equal(again.repeats, 1);
    assert_int_equal(see(table, 2, answer, 12).kind, DNS_EXCHANGE_UNASKED);
    assert_int_equal(see(table, 1, other_id, 12).kind, DNS_EXCHANGE_UNASKED);
    assert_int_equal(see(table, 1, other_type, 12).kind, DNS_EXCHANGE_MISMATCH);
    assert_int_equal(dns_exchange_waiting(table), 1);
    DnsExchange paired = see(table, 1, answer, 13);
    assert_int_equal(paired.kind, DNS_EXCHANGE_ANSWER);
    assert_int_equal(paired.step, 10);
    assert_int_equal(paired.time_us, 10000);
    assert_int_equal(dns_exchange_waiting(table), 0);
    assert_int_equal(see(table, 1, answer, 14).kind, DNS_EXCHANGE_ANSWERED);
    assert_int_equal(see(table, 1, question, 15).kind, DNS_EXCHANGE_QUESTION);
    assert_int_equal(see(table, 1, bare, 16).kind, DNS_EXCHANGE_ANSWER);
    assert_int_equal(
        dns_exchange_see(table, 1, BYTE_SPAN_LITERAL("short"), 1, 1).kind, DNS_EXCHANGE_UNREADABLE
    );
}

static void test_table_forgets_the_oldest(void **state)
{
    g_autoptr(DnsExchangeTable) table = dns_exchange_table_new(3);
    (void)state;
    for (guint16 id = 0; id < 5; id++) {
        g_autoptr(GBytes) question = make(id, false, "crepes.fr", "MX");
        assert_int_equal(see(table, 1, question, id).kind, DNS_EXCHANGE_QUESTION);
    }
    assert_int_equal(dns_exchange_waiting(table), 3);
    for (guint16 id = 0; id < 5; id++) {
        g_autoptr(GBytes) answer = make(id, true, "crepes.fr", "MX");
        assert_int_equal(
            see(table, 1, answer, 9).kind, id < 2 ? DNS_EXCHANGE_UNASKED : DNS_EXCHANGE_ANSWER
        );
    }
}

static void assert_meaning(DnsWriter *writer, const char *expected)
{
    g_autoptr(GString) meaning = g_string_new(NULL);
    dns_meaning(dns_writer_message(writer), meaning);
    assert_string_equal(meaning->str, expected);
    dns_writer_clear(writer);
}

static void test_question_meanings(void **state)
{
    static const struct {
        const char *name;
        const char *type;
        const char *meaning;
    } cases[] = {
        {"hamburger.edu", "MX", "Which servers take mail for hamburger.edu?"},
        {"mail.crepes.fr", "A", "Which IPv4 address has mail.crepes.fr?"},
        {"mail.crepes.fr", "AAAA", "Which IPv6 address has mail.crepes.fr?"},
        {".", "NS", "Which name servers answer for the root?"},
        {"25.2.0.192.in-addr.arpa", "PTR", "Which name belongs to the address 192.0.2.25?"},
        {"256.2.0.192.in-addr.arpa", "PTR", "Which name does 256.2.0.192.in-addr.arpa point to?"},
        {"5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
         "PTR",
         "Which name belongs to the address 2001:db8::25?"},
        {"crepes.fr", "TXT", "Which texts (SPF and others) does crepes.fr publish?"},
        {"_dmarc.crepes.fr", "TXT", "Which DMARC policy does crepes.fr have?"},
        {"s1._domainkey.crepes.fr",
         "TXT",
         "Which key stands behind the DKIM selector s1 of crepes.fr?"},
        {"_mta-sts.crepes.fr", "TXT", "Does crepes.fr have an MTA-STS policy?"},
        {"_imaps._tcp.crepes.fr", "SRV", "Which host offers imaps over tcp for crepes.fr?"},
        {"_25._tcp.mail.crepes.fr",
         "TLSA",
         "Which certificate does mail.crepes.fr show on tcp port 25?"},
        {"_tcp", "SRV", "Which host offers the service _tcp?"},
        {"crepes.fr", "ANY", "What is known of crepes.fr?"},
        {"crepes.fr", "TYPE999", "Which TYPE999 records has crepes.fr?"},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        DnsWriter writer;
        DnsHeader header = {.id = 1};
        dns_writer_begin(&writer, DNS_UDP_MAXIMUM, &header);
        sample_question(&writer, cases[i].name, cases[i].type);
        assert_meaning(&writer, cases[i].meaning);
    }
}

static void begin_answer(DnsWriter *writer, guint8 rcode, const char *name, const char *type)
{
    DnsHeader header = {.id = 1, .is_response = true, .rcode = rcode};
    dns_writer_begin(writer, DNS_UDP_MAXIMUM, &header);
    sample_question(writer, name, type);
}

static void test_answer_meanings(void **state)
{
    DnsWriter writer;
    (void)state;
    begin_answer(&writer, 0, "hamburger.edu", "MX");
    sample_record(
        &writer, DNS_SECTION_ANSWER, "hamburger.edu", 3600, "MX", "10 mail.hamburger.edu."
    );
    assert_meaning(&writer, "mail.hamburger.edu, preference 10, kept for 1 h");
    begin_answer(&writer, 0, "www.crepes.fr", "A");
    sample_record(&writer, DNS_SECTION_ANSWER, "www.crepes.fr", 3600, "CNAME", "web.crepes.fr.");
    sample_record(&writer, DNS_SECTION_ANSWER, "web.crepes.fr", 90, "A", "192.0.2.80");
    assert_meaning(
        &writer, "www.crepes.fr is another name for web.crepes.fr; 192.0.2.80, kept for 1 min 30 s"
    );
    begin_answer(&writer, 0, "noreply.fr", "MX");
    sample_record(&writer, DNS_SECTION_ANSWER, "noreply.fr", 86400, "MX", "0 .");
    assert_meaning(&writer, "noreply.fr takes no mail (null MX), kept for 1 d");
    begin_answer(&writer, DNS_RCODE_NXDOMAIN, "nobody.fr", "A");
    sample_record(&writer, DNS_SECTION_AUTHORITY, "fr", 900, "SOA", "a. b. 1 2 3 4 300");
    assert_meaning(&writer, "There is no nobody.fr, kept for 5 min");
    begin_answer(&writer, 0, "crepes.fr", "AAAA");
    sample_record(&writer, DNS_SECTION_AUTHORITY, "crepes.fr", 60, "SOA", "a. b. 1 2 3 4 300");
    assert_meaning(&writer, "crepes.fr exists, but has no AAAA record, kept for 1 min");
    begin_answer(&writer, 0, "mail.crepes.fr", "A");
    sample_record(&writer, DNS_SECTION_AUTHORITY, "crepes.fr", 60, "NS", "ns1.crepes.fr.");
    sample_record(&writer, DNS_SECTION_AUTHORITY, "crepes.fr", 60, "NS", "ns2.crepes.fr.");
    assert_meaning(&writer, "Ask ns1.crepes.fr or ns2.crepes.fr: they answer for crepes.fr");
    begin_answer(&writer, DNS_RCODE_SERVFAIL, "crepes.fr", "A");
    assert_meaning(&writer, "The server could not find out (SERVFAIL)");
    begin_answer(&writer, 0, "crepes.fr", "A");
    dns_writer_set_truncated(&writer);
    assert_meaning(&writer, "The answer is too long for a datagram: ask again over TCP");
}

static void test_dig_output(void **state)
{
    DnsWriter writer;
    DnsTextFooter footer = {
        .query_time_ms = 3877,
        .server = "192.0.2.53",
        .port = 53,
        .when = "Mon Sep 07 09:00:00 UTC 2026",
        .arguments = "hamburger.edu MX",
    };
    g_autoptr(GString) out = g_string_new(NULL);
    (void)state;
    sample_mx_answer(&writer);
    assert_true(dns_writer_edns(&writer, &(DnsEdns){.udp_payload = 1232}));
    dns_text_message(dns_writer_message(&writer), &footer, out);
    assert_string_equal(
        out->str,
        "\n"
        "; <<>> mailwalk dig <<>> hamburger.edu MX\n"
        ";; global options: +cmd\n"
        ";; Got answer:\n"
        ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 22981\n"
        ";; flags: qr rd ra; QUERY: 1, ANSWER: 2, AUTHORITY: 1, ADDITIONAL: 3\n"
        "\n"
        ";; OPT PSEUDOSECTION:\n"
        "; EDNS: version: 0, flags:; udp: 1232\n"
        ";; QUESTION SECTION:\n"
        ";hamburger.edu.\t\t\tIN\tMX\n"
        "\n"
        ";; ANSWER SECTION:\n"
        "hamburger.edu.\t\t3600\tIN\tMX\t10 mail.hamburger.edu.\n"
        "hamburger.edu.\t\t3600\tIN\tMX\t20 backup.crepes.fr.\n"
        "\n"
        ";; AUTHORITY SECTION:\n"
        "hamburger.edu.\t\t3600\tIN\tNS\tns1.hamburger.edu.\n"
        "\n"
        ";; ADDITIONAL SECTION:\n"
        "mail.hamburger.edu.\t300\tIN\tA\t192.0.2.25\n"
        "mail.hamburger.edu.\t300\tIN\tAAAA\t2001:db8::25\n"
        "\n"
        ";; Query time: 3877 msec\n"
        ";; SERVER: 192.0.2.53#53(192.0.2.53) (UDP)\n"
        ";; WHEN: Mon Sep 07 09:00:00 UTC 2026\n"
        ";; MSG SIZE  rcvd: 157\n"
        "\n"
    );
    dns_writer_clear(&writer);
}

static void test_damage_is_told(void **state)
{
    DnsTextFooter footer = DNS_TEXT_NO_FOOTER;
    g_autoptr(GString) out = g_string_new(NULL);
    (void)state;
    dns_text_message(
        byte_span("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\xc0\x0c\x00\x01\x00\x01", 18),
        &footer,
        out
    );
    assert_non_null(strstr(out->str, ";?\t\t\t\tIN\tA\n"));
    assert_non_null(strstr(out->str, ";; pointer loop at octet 12: A pointer leads back"));
    g_string_truncate(out, 0);
    dns_text_message(BYTE_SPAN_LITERAL("short"), &footer, out);
    assert_non_null(strstr(out->str, ";; header cut at octet 5: "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairing),
        cmocka_unit_test(test_table_forgets_the_oldest),
        cmocka_unit_test(test_question_meanings),
        cmocka_unit_test(test_answer_meanings),
        cmocka_unit_test(test_dig_output),
        cmocka_unit_test(test_damage_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
