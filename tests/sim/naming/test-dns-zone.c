#include "tests/support/test.h"

#include "sim/naming/dns-server.h"
#include "sim/naming/dns-zone.h"

#include "protocol/dns/dns-text.h"
#include "protocol/dns/dns-writer.h"

static DnsName name_of(const char *text)
{
    DnsName name;
    assert_true(dns_name_from_text(text, &name));
    return name;
}

static DnsZone *zone_of(const char *origin, const char *text)
{
    DnsName name = name_of(origin);
    DnsZone *zone = dns_zone_new(&name);
    g_autoptr(GError) error = NULL;
    if (!dns_zone_parse(zone, text, &error)) {
        fail_msg("%s", error->message);
    }
    return zone;
}

static void test_master_file(void **state)
{
    static const char *const text = "$TTL 1h ; the usual\n"
                                    "@ IN SOA ns1 hostmaster (\n"
                                    "      2026010500 ; serial\n"
                                    "      2h 15m 2w 5m )\n"
                                    "   NS ns1\n"
                                    "   300 IN MX 10 mail\n"
                                    "\n"
                                    "; a comment\n"
                                    "ns1 A 192.0.2.53\n"
                                    "mail\t\tIN 1d A 192.0.2.25\n"
                                    "$ORIGIN lab.hamburger.edu.\n"
                                    "pc TXT \"semi;colon (and) more\" two\r\n"
                                    "a\\.b A 192.0.2.1";
    (void)state;
    g_autoptr(DnsZone) zone = zone_of("hamburger.edu", text);
    g_autoptr(GString) out = g_string_new(NULL);
    dns_zone_to_text(zone, out);
    assert_string_equal(
        out->str,
        "$ORIGIN hamburger.edu.\n$TTL 3600\n"
        "hamburger.edu.\t3600\tIN\tSOA\tns1.hamburger.edu. hostmaster.hamburger.edu. "
        "2026010500 7200 900 1209600 300\n"
        "hamburger.edu.\t3600\tIN\tNS\tns1.hamburger.edu.\n"
        "hamburger.edu.\t300\tIN\tMX\t10 mail.hamburger.edu.\n"
        "a\\.b.lab.hamburger.edu.\t3600\tIN\tA\t192.0.2.1\n"
        "pc.lab.hamburger.edu.\t3600\tIN\tTXT\t\"semi;colon (and) more\" \"two\"\n"
        "mail.hamburger.edu.\t86400\tIN\tA\t192.0.2.25\n"
        "ns1.hamburger.edu.\t3600\tIN\tA\t192.0.2.53\n"
    );
    assert_int_equal(dns_zone_records(zone), 7);
    g_autoptr(DnsZone) again = zone_of("hamburger.edu", out->str);
    g_autoptr(GString) second = g_string_new(NULL);
    dns_zone_to_text(again, second);
    assert_string_equal(second->str, out->str);
}

static void test_bad_lines(void **state)
{
    static const struct {
        const char *text;
        const char *error; /* a part of it */
    } cases[] = {
        {"mail A 192.0.2\n", "line 1: an IPv4 address"},
        {"\n\nmail B 192.0.2.1\n", "line 3: \"B\" is not a record type"},
        {"mail\n", "line 1: a record type is expected"},
        {"  A 192.0.2.1\n", "line 1: no owner stands before"},
        {"a..b A 192.0.2.1\n", "line 1: the line does not begin with a name"},
        {"mail.crepes.fr. A 192.0.2.1\n", "line 1: mail.crepes.fr: this name is not in the zone"},
        {"a CNAME b\na A 192.0.2.1\n", "line 2: a.hamburger.edu: an alias (CNAME)"},
        {"a A 192.0.2.1\na CNAME b\n", "line 2: a.hamburger.edu: an alias (CNAME)"},
        {"a CNAME b\na CNAME c\n", "line 2: a.hamburger.edu: an alias (CNAME)"},
        {"a TXT ( \"x\"\n", "line 1: a closing parenthesis"},
        {"a TXT \"x\n", "line 1: a closing quotation mark"},
        {"$INCLUDE /etc/passwd\n", "line 1: only $ORIGIN and $TTL"},
        {"$TTL soon\n", "line 1: $TTL needs a time"},
        {"a CH A 192.0.2.1\n", "line 1: only the class IN"},
        {"a 9999999999 A 192.0.2.1\n", "line 1: "},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        DnsName origin = name_of("hamburger.edu");
        g_autoptr(DnsZone) zone = dns_zone_new(&origin);
        g_autoptr(GError) error = NULL;
        assert_false(dns_zone_parse(zone, cases[i].text, &error));
        if (strstr(error->message, cases[i].error) == NULL) {
            fail_msg("%s: %s", cases[i].text, error->message);
        }
    }
}

static const char *const lab = "@ SOA ns1 h 1 2 3 4 60\n"
                               "@ NS ns1\n"
                               "ns1 A 192.0.2.53\n"
                               "mail A 192.0.2.25\n"
                               "www CNAME mail\n"
                               "*.wild A 192.0.2.9\n"
                               "known.wild TXT \"here\"\n"
                               "a.b.c A 192.0.2.7\n"
                               "sub NS ns1.sub\n"
                               "ns1.sub A 192.0.2.153\n"
                               "*.aliases CNAME mail\n";

static void test_find(void **state)
{
    static const struct {
        const char *name;
        guint16 type;
        DnsZoneVerdict verdict;
    } cases[] = {
        {"mail.hamburger.edu", DNS_TYPE_A, DNS_ZONE_FOUND},
        {"MAIL.Hamburger.EDU", DNS_TYPE_A, DNS_ZONE_FOUND},
        {"mail.hamburger.edu", DNS_TYPE_MX, DNS_ZONE_NO_DATA},
        {"mail.hamburger.edu", DNS_TYPE_ANY, DNS_ZONE_FOUND},
        {"www.hamburger.edu", DNS_TYPE_A, DNS_ZONE_CNAME},
        {"www.hamburger.edu", DNS_TYPE_CNAME, DNS_ZONE_FOUND},
        {"nobody.hamburger.edu", DNS_TYPE_A, DNS_ZONE_NO_NAME},
        {"x.mail.hamburger.edu", DNS_TYPE_A, DNS_ZONE_NO_NAME},
        {"hamburger.edu", DNS_TYPE_NS, DNS_ZONE_FOUND},
        {"hamburger.edu", DNS_TYPE_A, DNS_ZONE_NO_DATA},
        {"c.hamburger.edu", DNS_TYPE_A, DNS_ZONE_NO_DATA}, /* only names below */
        {"b.c.hamburger.edu", DNS_TYPE_A, DNS_ZONE_NO_DATA},
        {"x.b.c.hamburger.edu", DNS_TYPE_A, DNS_ZONE_NO_NAME},
        {"any.wild.hamburger.edu", DNS_TYPE_A, DNS_ZONE_FOUND},
        {"any.any.wild.hamburger.edu", DNS_TYPE_A, DNS_ZONE_FOUND},
        {"any.wild.hamburger.edu", DNS_TYPE_MX, DNS_ZONE_NO_DATA},
        {"wild.hamburger.edu", DNS_TYPE_A, DNS_ZONE_NO_DATA},
        {"known.wild.hamburger.edu", DNS_TYPE_A, DNS_ZONE_NO_DATA},
        {"x.known.wild.hamburger.edu", DNS_TYPE_A, DNS_ZONE_NO_NAME},
        {"*.wild.hamburger.edu", DNS_TYPE_A, DNS_ZONE_FOUND},
        {"x.aliases.hamburger.edu", DNS_TYPE_A, DNS_ZONE_CNAME},
        {"sub.hamburger.edu", DNS_TYPE_A, DNS_ZONE_REFERRAL},
        {"sub.hamburger.edu", DNS_TYPE_NS, DNS_ZONE_REFERRAL},
        {"x.y.sub.hamburger.edu", DNS_TYPE_A, DNS_ZONE_REFERRAL},
        {"ns1.sub.hamburger.edu", DNS_TYPE_A, DNS_ZONE_REFERRAL},
        {"edu", DNS_TYPE_NS, DNS_ZONE_OUTSIDE},
        {"crepes.fr", DNS_TYPE_A, DNS_ZONE_OUTSIDE},
    };

    (void)state;
    g_autoptr(DnsZone) zone = zone_of("hamburger.edu", lab);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        DnsName name = name_of(cases[i].name);
        g_autoptr(DnsRecordSet) set = NULL;
        DnsZoneVerdict verdict = dns_zone_find(zone, &name, cases[i].type, &set);
        if (verdict != cases[i].verdict) {
            fail_msg("%s: %d", cases[i].name, verdict);
        }
        if (verdict == DNS_ZONE_FOUND && set != NULL) {
            assert_true(dns_name_equal(&set->name, &name));
        }
    }
}

static void test_remove(void **state)
{
    (void)state;
    g_autoptr(DnsZone) zone = zone_of("hamburger.edu", lab);
    DnsName deep = name_of("a.b.c.hamburger.edu");
    DnsName empty = name_of("c.hamburger.edu");
    DnsName origin = name_of("hamburger.edu");
    gsize records = dns_zone_records(zone);
    assert_true(dns_zone_has_name(zone, &empty));
    dns_zone_remove(zone, &deep, DNS_TYPE_MX);
    assert_true(dns_zone_has_name(zone, &deep));
    dns_zone_remove(zone, &deep, DNS_TYPE_A);
    assert_false(dns_zone_has_name(zone, &deep));
    assert_false(dns_zone_has_name(zone, &empty));
    assert_int_equal(dns_zone_records(zone), records - 1);
    dns_zone_remove(zone, &origin, DNS_TYPE_ANY);
    assert_true(dns_zone_has_name(zone, &origin));
    dns_zone_complete(zone, &origin, 5);
    assert_non_null(dns_zone_set(zone, &origin, DNS_TYPE_SOA));
}

/* The answer as `dig` would list it: flags, status, then the sections. */
static char *
ask(const DnsServer *server, const char *name, guint16 type, guint16 payload, bool over_tcp)
{
    DnsWriter writer;
    DnsHeader header = {.id = 77, .recursion_desired = true};
    DnsName question = name_of(name);
    DnsReader reader;
    DnsRecord record;
    ByteBuffer out;
    char room[DNS_NUMBER_TEXT_MAXIMUM];
    GString *text = g_string_new(NULL);
    byte_buffer_init(&out, DNS_MESSAGE_MAXIMUM);
    dns_writer_begin(&writer, DNS_UDP_MAXIMUM, &header);
    assert_true(dns_writer_question(&writer, &question, type, DNS_CLASS_IN));
    if (payload > 0) {
        assert_true(dns_writer_edns(&writer, &(DnsEdns){.udp_payload = payload}));
    }
    assert_true(dns_server_answer(server, dns_writer_message(&writer), over_tcp, &out));
    ByteSpan message = byte_buffer_span(&out);
    DnsDefect defect;
    assert_int_equal(dns_message_check(message, &defect, 1), 0);
    assert_true(dns_reader_begin(&reader, message));
    assert_int_equal(reader.header.id, 77);
    dns_text_flags(&reader.header, text);
    g_string_append_printf(text, " %s", dns_rcode_to_text(dns_message_rcode(message), room));
    while (dns_reader_next(&reader, &record)) {
        static const char marks[] = "?=^+";
        if (record.section == DNS_SECTION_QUESTION || record.type == DNS_TYPE_OPT) {
            continue;
        }
        g_string_append_printf(text, "\n%c", marks[record.section]);
        dns_text_record(message, &record, text);
    }
    byte_buffer_clear(&out);
    dns_writer_clear(&writer);
    for (gsize i = 0; i < text->len; i++) {
        text->str[i] = text->str[i] == '\t' ? ' ' : text->str[i];
    }
    for (char *twice = strstr(text->str, "  "); twice != NULL; twice = strstr(text->str, "  ")) {
        memmove(twice, twice + 1, strlen(twice));
    }
    char *result = g_strdup(text->str);
    g_string_free(text, TRUE);
    return result;
}

#define SOA "hamburger.edu. 60 IN SOA ns1.hamburger.edu. h.hamburger.edu. 1 2 3 4 60"

static void test_server_answers(void **state)
{
    static const struct {
        const char *name;
        guint16 type;
        const char *answer;
    } cases[] = {
        {"mail.hamburger.edu",
         DNS_TYPE_A,
         "qr aa rd NOERROR\n=mail.hamburger.edu. 3600 IN A 192.0.2.25"},
        {"www.hamburger.edu",
         DNS_TYPE_A,
         "qr aa rd NOERROR\n=www.hamburger.edu. 3600 IN CNAME mail.hamburger.edu.\n"
         "=mail.hamburger.edu. 3600 IN A 192.0.2.25"},
        {"nobody.hamburger.edu", DNS_TYPE_A, "qr aa rd NXDOMAIN\n^" SOA},
        {"mail.hamburger.edu", DNS_TYPE_MX, "qr aa rd NOERROR\n^" SOA},
        {"any.wild.hamburger.edu",
         DNS_TYPE_A,
         "qr aa rd NOERROR\n=any.wild.hamburger.edu. 3600 IN A 192.0.2.9"},
        {"pc.sub.hamburger.edu",
         DNS_TYPE_A,
         "qr rd NOERROR\n^sub.hamburger.edu. 3600 IN NS ns1.sub.hamburger.edu.\n"
         "+ns1.sub.hamburger.edu. 3600 IN A 192.0.2.153"},
        {"hamburger.edu",
         DNS_TYPE_NS,
         "qr aa rd NOERROR\n=hamburger.edu. 3600 IN NS ns1.hamburger.edu.\n"
         "+ns1.hamburger.edu. 3600 IN A 192.0.2.53"},
        {"crepes.fr", DNS_TYPE_MX, "qr rd REFUSED"},
        {"hamburger.edu", DNS_TYPE_AXFR, "qr rd REFUSED"},
    };

    (void)state;
    g_autoptr(DnsZone) zone = zone_of("hamburger.edu", lab);
    g_autoptr(DnsServer) server = dns_server_new();
    dns_server_add_zone(server, zone);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *answer = ask(server, cases[i].name, cases[i].type, 0, false);
        assert_string_equal(answer, cases[i].answer);
    }
    dns_server_set_failure(server, DNS_RCODE_SERVFAIL);
    g_autofree char *failure = ask(server, "mail.hamburger.edu", DNS_TYPE_A, 0, false);
    assert_string_equal(failure, "qr rd SERVFAIL");
}

/* Forty addresses do not fit 512 octets; with EDNS or over TCP they do. */
static void test_truncation(void **state)
{
    (void)state;
    g_autoptr(DnsZone) zone = zone_of("hamburger.edu", lab);
    g_autoptr(DnsServer) server = dns_server_new();
    DnsName big = name_of("big.hamburger.edu");
    for (guint8 i = 0; i < 40; i++) {
        guint8 address[4] = {10, 0, 0, i};
        dns_zone_add_address(zone, &big, address, 4);
    }
    dns_server_add_zone(server, zone);
    g_autofree char *short_answer = ask(server, "big.hamburger.edu", DNS_TYPE_A, 0, false);
    assert_true(g_str_has_prefix(short_answer, "qr aa tc rd NOERROR"));
    g_autofree char *small_edns = ask(server, "big.hamburger.edu", DNS_TYPE_A, 100, false);
    assert_true(g_str_has_prefix(small_edns, "qr aa tc rd NOERROR"));
    g_autofree char *edns = ask(server, "big.hamburger.edu", DNS_TYPE_A, 4096, false);
    assert_true(g_str_has_prefix(edns, "qr aa rd NOERROR"));
    assert_non_null(strstr(edns, "10.0.0.39"));
    g_autofree char *tcp = ask(server, "big.hamburger.edu", DNS_TYPE_A, 0, true);
    assert_true(g_str_has_prefix(tcp, "qr aa rd NOERROR"));
    assert_non_null(strstr(tcp, "10.0.0.39"));
}

static guint8 rcode_for(const DnsServer *server, const char *octets, gsize length)
{
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    ByteBuffer out;
    DnsReader reader;
    byte_buffer_init(&out, 600);
    if (!dns_server_answer(server, unterminated(octets, length, keep), false, &out)) {
        return 255;
    }
    assert_true(dns_reader_begin(&reader, byte_buffer_span(&out)));
    byte_buffer_clear(&out);
    return reader.header.rcode;
}

static void test_broken_questions(void **state)
{
    (void)state;
    g_autoptr(DnsServer) server = dns_server_new();
    assert_int_equal(rcode_for(server, "", 0), 255);
    assert_int_equal(rcode_for(server, "\0\1\x80\0\0\1\0\0\0\0\0\0\0\0\1\0\1", 17), 255);
    assert_int_equal(rcode_for(server, "\0\1\1\0\0\0\0\0\0\0\0\0", 12), DNS_RCODE_FORMERR);
    assert_int_equal(
        rcode_for(server, "\0\1\1\0\0\1\0\0\0\0\0\0\xc0\x0c\0\1\0\1", 18), DNS_RCODE_FORMERR
    );
    assert_int_equal(
        rcode_for(server, "\0\1\1\0\0\2\0\0\0\0\0\0\0\0\1\0\1\0\0\1\0\1", 22), DNS_RCODE_FORMERR
    );
    assert_int_equal(
        rcode_for(server, "\0\1\x28\0\0\1\0\0\0\0\0\0\0\0\1\0\1", 17), DNS_RCODE_NOTIMP
    );
    assert_int_equal(
        rcode_for(server, "\0\1\1\0\0\1\0\0\0\0\0\0\0\0\1\0\3", 17), DNS_RCODE_REFUSED
    );
    /* EDNS version 1: the low bits of BADVERS are 0 */
    assert_int_equal(
        rcode_for(server, "\0\1\1\0\0\1\0\0\0\0\0\1\0\0\1\0\1\0\0\x29\x04\xd0\0\1\0\0\0\0", 28), 0
    );
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_master_file),
        cmocka_unit_test(test_bad_lines),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_remove),
        cmocka_unit_test(test_server_answers),
        cmocka_unit_test(test_truncation),
        cmocka_unit_test(test_broken_questions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
