#include "tests/support/test.h"

#include "protocol/dns/dns-name.h"

static void test_text_and_back(void **state)
{
    static const struct {
        const char *text;
        const char *shown; /* NULL: not a name */
        guint labels;
    } cases[] = {
        {"mail.crepes.fr", "mail.crepes.fr.", 3},
        {"mail.crepes.fr.", "mail.crepes.fr.", 3},
        {".", ".", 0},
        {"fr", "fr.", 1},
        {"Mail.Crepes.FR", "Mail.Crepes.FR.", 3},
        {"a\\.b.fr", "a\\.b.fr.", 2},
        {"a\\046b.fr", "a\\.b.fr.", 2},
        {"\\000x.fr", "\\000x.fr.", 2},
        {"cr\\195\\170pes.fr", "cr\\195\\170pes.fr.", 2},
        {"tab\\009.fr", "tab\\009.fr.", 2},
        {"*.crepes.fr", "*.crepes.fr.", 3},
        {"_25._tcp.mail.fr", "_25._tcp.mail.fr.", 4},
        {"", NULL, 0},
        {"..", NULL, 0},
        {".fr", NULL, 0},
        {"a..fr", NULL, 0},
        {"a.fr..", NULL, 0},
        {"a\\", NULL, 0},
        {"a\\25", NULL, 0},
        {"a\\256.fr", NULL, 0},
        {"a\\2x5.fr", NULL, 0},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
        ByteSpan text = unterminated(cases[i].text, strlen(cases[i].text), keep);
        DnsName name;
        bool is_name = dns_name_from_span(text, &name);
        if (is_name != (cases[i].shown != NULL)) {
            fail_msg("\"%s\" is %s a name", cases[i].text, is_name ? "" : "not");
        }
        if (is_name) {
            g_autofree char *shown = dns_name_to_string(&name);
            assert_string_equal(shown, cases[i].shown);
            assert_int_equal(dns_name_labels(&name), cases[i].labels);
        }
    }
}

static DnsName name_of(const char *text)
{
    DnsName name;
    assert_true(dns_name_from_text(text, &name));
    return name;
}

/* RFC 1035 §2.3.4: labels of 63 octets, names of 255 */
static void test_limits(void **state)
{
    (void)state;
    DnsName name;
    g_autofree char *label_63 = g_strnfill(63, 'a');
    g_autofree char *label_64 = g_strnfill(64, 'a');
    g_autofree char *label_61 = g_strnfill(61, 'a');
    g_autofree char *label_62 = g_strnfill(62, 'a');
    assert_true(dns_name_from_text(label_63, &name));
    assert_false(dns_name_from_text(label_64, &name));
    g_autofree char *whole = g_strjoin(".", label_63, label_63, label_63, label_61, NULL);
    assert_true(dns_name_from_text(whole, &name));
    assert_int_equal(name.length, 255);
    g_autofree char *whole_dot = g_strconcat(whole, ".", NULL);
    assert_true(dns_name_from_text(whole_dot, &name));
    g_autofree char *over = g_strjoin(".", label_63, label_63, label_63, label_62, NULL);
    assert_false(dns_name_from_text(over, &name));
    g_autofree char *over_dot = g_strconcat(over, ".", NULL);
    assert_false(dns_name_from_text(over_dot, &name));
    g_autofree char *many = g_strnfill(254, 'a');
    for (gsize i = 1; i < 254; i += 2) {
        many[i] = '.';
    }
    many[253] = '\0';
    assert_true(dns_name_from_text(many, &name));
    assert_int_equal(dns_name_labels(&name), 127);
    DnsName origin = name_of("fr");
    assert_false(dns_name_from_text_under(byte_span_from_string(many), &origin, &name));
    assert_false(dns_name_prepend(BYTE_SPAN_LITERAL("a"), &name, &name));
}

static void test_relations(void **state)
{
    (void)state;
    DnsName mail = name_of("mail.Crepes.fr");
    DnsName zone = name_of("crepes.FR");
    DnsName other = name_of("xcrepes.fr");
    DnsName result;
    assert_true(dns_name_is_under(&mail, &zone));
    assert_true(dns_name_is_under(&zone, &zone));
    assert_true(dns_name_is_under(&mail, &dns_root));
    assert_false(dns_name_is_under(&zone, &mail));
    assert_false(dns_name_is_under(&other, &zone));
    assert_true(dns_name_parent(&mail, &result));
    assert_true(dns_name_equal(&result, &zone));
    assert_int_equal(dns_name_hash(&result), dns_name_hash(&zone));
    assert_false(dns_name_parent(&dns_root, &result));
    dns_name_suffix(&mail, 1, &result);
    assert_int_equal(dns_name_labels(&result), 1);
    dns_name_suffix(&mail, 0, &result);
    assert_true(dns_name_equal(&result, &dns_root));
    dns_name_suffix(&mail, 9, &result);
    assert_true(dns_name_equal(&result, &mail));
    assert_true(dns_name_prepend(BYTE_SPAN_LITERAL("*"), &zone, &result));
    assert_true(dns_name_is_wildcard(&result));
    assert_false(dns_name_is_wildcard(&mail));
    assert_true(dns_name_from_text_under(BYTE_SPAN_LITERAL("mail"), &zone, &result));
    assert_true(dns_name_equal(&result, &mail));
    assert_true(dns_name_from_text_under(BYTE_SPAN_LITERAL("@"), &zone, &result));
    assert_true(dns_name_equal(&result, &zone));
}

/* The example of RFC 4034 §6.1 */
static void test_order(void **state)
{
    static const char *const sorted[] = {
        "example",
        "a.example",
        "yljkjljk.a.example",
        "Z.a.example",
        "zABC.a.EXAMPLE",
        "z.example",
        "\\001.z.example",
        "*.z.example",
        "\\200.z.example",
    };
    (void)state;
    for (gsize i = 0; i + 1 < G_N_ELEMENTS(sorted); i++) {
        DnsName left = name_of(sorted[i]);
        DnsName right = name_of(sorted[i + 1]);
        assert_true(dns_name_compare(&left, &right) < 0);
        assert_true(dns_name_compare(&right, &left) > 0);
        assert_int_equal(dns_name_compare(&left, &left), 0);
    }
}

static void test_reverse(void **state)
{
    static const guint8 ipv4[] = {192, 0, 2, 25};
    static const guint8 ipv6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 0x25};
    DnsName name;
    (void)state;
    dns_name_reverse(ipv4, sizeof ipv4, &name);
    g_autofree char *short_text = dns_name_to_string(&name);
    assert_string_equal(short_text, "25.2.0.192.in-addr.arpa.");
    dns_name_reverse(ipv6, sizeof ipv6, &name);
    g_autofree char *long_text = dns_name_to_plain_string(&name);
    assert_string_equal(
        long_text, "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
    );
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_and_back),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_relations),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_reverse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
