#include "tests/support/test.h"

#include "protocol/architecture/architecture-vocabulary.h"

static void test_finders(void **state)
{
    (void)state;
    assert_string_equal(architecture_port_find(587)->token, "587");
    assert_string_equal(architecture_port_find(993)->token, "993");
    assert_null(architecture_port_find(26));
    assert_null(architecture_port_find(0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
