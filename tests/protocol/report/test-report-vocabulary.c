#include "tests/support/test.h"

#include "protocol/report/report-tables.h"
#include "protocol/rfc/vocabulary-search.h"
#include "tests/support/vocabulary.h"

static void all_rows_are_complete(void **state)
{
    (void)state;
    gsize count;
    const VocabularyTable *tables = report_vocabulary(&count);
    assert_vocabulary_tables(tables, count, VOCABULARY_REPORT);
}

static void fields_are_sorted_and_found(void **state)
{
    (void)state;
    static const VocabularyTable delivery = VOCABULARY_ITEMS(report_dsn_fields);
    static const VocabularyTable disposition = VOCABULARY_ITEMS(report_mdn_fields);
    assert_null(vocabulary_first_unsorted(&delivery));
    assert_null(vocabulary_first_unsorted(&disposition));
    for (gsize i = 0; i < delivery.count; i++) {
        g_autofree char *lower = g_ascii_strdown(report_dsn_fields[i].token, -1);
        const VocabularyItem *item = report_delivery_field_find(byte_span_from_string(lower));
        assert_ptr_equal(item, &report_dsn_fields[i]);
        assert_true(g_str_has_prefix(item->syntax, item->token));
    }
    for (gsize i = 0; i < disposition.count; i++) {
        g_autofree char *upper = g_ascii_strup(report_mdn_fields[i].token, -1);
        const VocabularyItem *item = report_disposition_field_find(byte_span_from_string(upper));
        assert_ptr_equal(item, &report_mdn_fields[i]);
    }
    assert_null(report_delivery_field_find(BYTE_SPAN_LITERAL("Disposition")));
    assert_null(report_disposition_field_find(BYTE_SPAN_LITERAL("Action")));
    assert_null(report_delivery_field_find(BYTE_SPAN_EMPTY));
}

/* Final-Recipient is a field of both, with a place of its own in each RFC. */
static void shared_names_keep_their_own_rfc(void **state)
{
    (void)state;
    ByteSpan name = BYTE_SPAN_LITERAL("Final-Recipient");
    assert_int_equal(report_delivery_field_find(name)->reference.number, 3464);
    assert_int_equal(report_disposition_field_find(name)->reference.number, 8098);
}

static void words_belong_to_fields(void **state)
{
    (void)state;
    static const char *const actions[] = {
        "failed", "delayed", "delivered", "relayed", "expanded", "FAILED"};
    static const char *const dispositions[] = {
        "manual-action",
        "automatic-action",
        "MDN-sent-manually",
        "mdn-sent-automatically",
        "displayed",
        "deleted",
        "dispatched",
        "processed",
        "error",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(actions); i++)
        assert_non_null(report_action_find(byte_span_from_string(actions[i])));
    for (gsize i = 0; i < G_N_ELEMENTS(dispositions); i++)
        assert_non_null(report_disposition_find(byte_span_from_string(dispositions[i])));
    assert_null(report_action_find(BYTE_SPAN_LITERAL("displayed")));
    assert_null(report_disposition_find(BYTE_SPAN_LITERAL("failed")));
    assert_null(report_action_find(BYTE_SPAN_LITERAL("fail")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_rows_are_complete),
        cmocka_unit_test(fields_are_sorted_and_found),
        cmocka_unit_test(shared_names_keep_their_own_rfc),
        cmocka_unit_test(words_belong_to_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
