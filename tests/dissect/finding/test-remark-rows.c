#include "tests/support/test.h"

#include "dissect/finding/remark.h"
#include "protocol/rfc/rfc-index.h"

static void test_every_row_stands_at_its_id(void **state)
{
    (void)state;
    for (guint i = 0; i < N_REMARKS; i++) {
        assert_int_equal(remark_row((RemarkId)i)->id, i);
    }
}

static void test_every_row_is_filled(void **state)
{
    (void)state;
    for (guint i = 0; i < N_REMARKS; i++) {
        const RemarkRow *row = remark_row((RemarkId)i);
        assert_non_null(row->name);
        assert_non_null(row->requirement);
        assert_true(g_str_has_suffix(row->text, "."));
        assert_true(row->instead == NULL || g_str_has_suffix(row->instead, "."));
        if (rfc_section_title(row->reference) == NULL) {
            fail_msg(
                "%s: RFC %u has no section %s",
                row->name,
                row->reference.number,
                row->reference.section
            );
        }
    }
}

static void test_names_are_different(void **state)
{
    (void)state;
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < N_REMARKS; i++) {
        assert_true(g_hash_table_add(names, (gpointer)remark_row((RemarkId)i)->name));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_stands_at_its_id),
        cmocka_unit_test(test_every_row_is_filled),
        cmocka_unit_test(test_names_are_different),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
