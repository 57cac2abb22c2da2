#include "tests/support/test.h"

#include "protocol/dns/dns-vocabulary.h"

static void test_numbers_and_names(void **state)
{
    (void)state;

    static const struct {
        guint16 number;
        const char *name;
    } cases[] = {
        {1, "A"},
        {2, "NS"},
        {5, "CNAME"},
        {6, "SOA"},
        {12, "PTR"},
        {15, "MX"},
        {16, "TXT"},
        {28, "AAAA"},
        {33, "SRV"},
        {41, "OPT"},
        {52, "TLSA"},
        {255, "*"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint16 number = 0;
        assert_string_equal(dns_type_find(cases[i].number)->token, cases[i].name);
        assert_true(dns_type_number(byte_span_from_string(cases[i].name), &number));
        assert_int_equal(number, cases[i].number);
    }
}

static void test_what_is_unknown(void **state)
{
    (void)state;
    guint16 number = 77;
    assert_null(dns_type_find(0));
    assert_null(dns_type_find(65280));
    assert_null(dns_class_find(9));
    assert_null(dns_opcode_find(15));
    assert_null(dns_rcode_find(4095));
    assert_null(dns_flag_find(0x8080));
    assert_false(dns_type_number(BYTE_SPAN_LITERAL("MXX"), &number));
    assert_false(dns_type_number(BYTE_SPAN_EMPTY, &number));
    assert_int_equal(number, 77);
}

static void test_codes_and_flags(void **state)
{
    (void)state;
    guint16 number = 0;
    assert_string_equal(dns_rcode_find(3)->token, "NXDOMAIN");
    assert_string_equal(dns_opcode_find(0)->token, "QUERY");
    assert_string_equal(dns_class_find(1)->token, "IN");
    assert_string_equal(dns_flag_find(0x8000)->token, "QR");
    assert_string_equal(dns_flag_find(0x0200)->token, "TC");
    assert_true(dns_type_number(BYTE_SPAN_LITERAL("any"), &number));
    assert_int_equal(number, 255);
    assert_true(dns_type_number(BYTE_SPAN_LITERAL("mx"), &number));
    assert_int_equal(number, 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_and_names),
        cmocka_unit_test(test_what_is_unknown),
        cmocka_unit_test(test_codes_and_flags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
