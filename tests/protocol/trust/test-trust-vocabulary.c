#include "tests/support/test.h"

#include "protocol/trust/trust-vocabulary.h"

static void test_finders(void **state)
{
    (void)state;
    assert_string_equal(spf_mechanism_find(BYTE_SPAN_LITERAL("INCLUDE"))->token, "include");
    assert_string_equal(spf_mechanism_find(BYTE_SPAN_LITERAL("redirect"))->token, "redirect");
    assert_null(spf_mechanism_find(BYTE_SPAN_LITERAL("ip5")));
    assert_string_equal(spf_result_find(BYTE_SPAN_LITERAL("SoftFail"))->token, "softfail");
    assert_null(spf_result_find(BYTE_SPAN_LITERAL("softfail"))->context);
    assert_string_equal(dkim_signature_tag_find(BYTE_SPAN_LITERAL("bh"))->token, "bh");
    assert_null(dkim_signature_tag_find(BYTE_SPAN_LITERAL("p")));
    assert_string_equal(dkim_key_tag_find(BYTE_SPAN_LITERAL("p"))->token, "p");
    assert_null(dkim_key_tag_find(BYTE_SPAN_LITERAL("bh")));
    assert_string_equal(dmarc_tag_find(BYTE_SPAN_LITERAL("rua"))->token, "rua");
    assert_int_equal(dmarc_tag_find(BYTE_SPAN_LITERAL("p"))->reference.number, 9989);
    assert_string_equal(dmarc_tag_find(BYTE_SPAN_LITERAL("pct"))->replaced_by, "t");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
