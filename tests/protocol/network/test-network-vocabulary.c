#include "tests/support/test.h"

#include "protocol/network/network-vocabulary.h"

static void test_finders(void **state)
{
    (void)state;
    assert_string_equal(tcp_flag_find(0x02)->token, "SYN");
    assert_string_equal(tcp_flag_find(0x80)->token, "CWR");
    assert_null(tcp_flag_find(0x12));
    assert_null(tcp_flag_find(0));
    assert_string_equal(tcp_state_find(BYTE_SPAN_LITERAL("time-wait"))->token, "TIME-WAIT");
    assert_null(tcp_state_find(BYTE_SPAN_LITERAL("TIMEWAIT")));
    assert_string_equal(tcp_option_find(2)->token, "Maximum Segment Size");
    assert_null(tcp_option_find(255));
    assert_string_equal(ip_rule_find(BYTE_SPAN_LITERAL("arp reply"))->token, "ARP reply");
    assert_null(ip_rule_find(BYTE_SPAN_LITERAL("Version"))); /* a field, and no rule */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
