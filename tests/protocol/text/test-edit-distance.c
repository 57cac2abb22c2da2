#include "tests/support/test.h"

#include "protocol/text/edit-distance.h"

static void test_distances(void **state)
{
    (void)state;

    static const struct {
        const char *left;
        const char *right;
        guint distance;
    } cases[] = {
        {"", "", 0},
        {"RCPT", "rcpt", 0},
        {"RECPT", "RCPT", 1},
        {"RCTP", "RCPT", 1},
        {"RCP", "RCPT", 1},
        {"", "NOOP", 4},
        {"NOOP", "", 4},
        {"DATE", "DATA", 1},
        {"HELO", "EHLO", 1},
        {"kitten", "sitting", 3},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        assert_int_equal(edit_distance(cases[i].left, cases[i].right), cases[i].distance);
    }
    g_autofree char *letters = g_strnfill(64, 'x');
    assert_int_equal(edit_distance(letters, letters), G_MAXUINT);
    letters[63] = '\0';
    assert_int_equal(edit_distance(letters, letters), 0);
    assert_int_equal(edit_distance("", letters), 63);
}

static void test_limits(void **state)
{
    (void)state;
    assert_int_equal(edit_distance_limit("ab"), 1);
    assert_int_equal(edit_distance_limit("RECPT"), 1);
    assert_int_equal(edit_distance_limit("STARTTLS"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distances),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
