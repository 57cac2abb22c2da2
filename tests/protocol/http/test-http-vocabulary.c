#include "tests/support/test.h"

#include "protocol/http/http-vocabulary.h"
#include "protocol/rfc/vocabulary-search.h"

static void test_statuses_carry_their_code(void **state)
{
    (void)state;
    gsize count;
    const VocabularyTable *tables = http_vocabulary(&count);
    guint seen = 0;
    for (gsize t = 0; t < count; t++) {
        for (gsize i = 0; i < tables[t].count; i++) {
            const VocabularyItem *item = vocabulary_table_item(&tables[t], i);
            guint64 code;
            if (item->kind != VOCABULARY_STATUS) {
                continue;
            }
            assert_true(byte_span_to_number(byte_span_from_string(item->token), &code));
            assert_ptr_equal(http_status_find((guint)code), item);
            assert_true(http_status_reason((guint)code)[0] != '\0');
            seen++;
        }
    }
    assert_true(seen > 40);
}

static void test_finders(void **state)
{
    (void)state;
    assert_string_equal(http_status_reason(404), "Not Found");
    assert_string_equal(http_status_reason(999), "");
    assert_null(http_status_find(0));
    assert_null(http_status_find(99));
    assert_null(http_status_find(600));
    assert_string_equal(http_method_find(BYTE_SPAN_LITERAL("GET"))->token, "GET");
    assert_null(http_method_find(BYTE_SPAN_LITERAL("get")));
    assert_null(http_method_find(BYTE_SPAN_LITERAL("GETS")));
    assert_null(http_method_find(BYTE_SPAN_EMPTY));
    assert_string_equal(
        http_field_find(BYTE_SPAN_LITERAL("CONTENT-length"))->token, "Content-Length"
    );
    assert_null(http_field_find(BYTE_SPAN_LITERAL("Content-Lengt")));
    assert_null(http_field_find(BYTE_SPAN_LITERAL("Zzz")));
    assert_null(http_field_find(BYTE_SPAN_EMPTY));
}

static void test_every_field_is_found(void **state)
{
    (void)state;
    gsize count;
    const VocabularyTable *tables = http_vocabulary(&count);
    for (gsize t = 0; t < count; t++) {
        for (gsize i = 0; i < tables[t].count; i++) {
            const VocabularyItem *item = vocabulary_table_item(&tables[t], i);
            if (item->kind == VOCABULARY_HEADER_FIELD) {
                assert_ptr_equal(http_field_find(byte_span_from_string(item->token)), item);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statuses_carry_their_code),
        cmocka_unit_test(test_finders),
        cmocka_unit_test(test_every_field_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
