#include "tests/support/test.h"

#include "protocol/message/message-vocabulary.h"
#include "protocol/rfc/vocabulary-search.h"

static void test_finders(void **state)
{
    (void)state;
    assert_string_equal(message_field_find(BYTE_SPAN_LITERAL("subject"))->token, "Subject");
    assert_string_equal(message_field_find(BYTE_SPAN_LITERAL("LIST-ID"))->token, "List-Id");
    assert_string_equal(
        message_field_find(BYTE_SPAN_LITERAL("content-TYPE"))->token, "Content-Type"
    );
    assert_int_equal(message_field_find(BYTE_SPAN_LITERAL("Received"))->reference.number, 5321);
    assert_null(message_field_find(BYTE_SPAN_LITERAL("Subjec")));
    assert_null(message_field_find(BYTE_SPAN_LITERAL("Subjects")));
    assert_null(message_field_find(BYTE_SPAN_EMPTY));
    assert_null(message_field_find(BYTE_SPAN_LITERAL("X-Unheard-Of")));
    assert_string_equal(message_clause_find(BYTE_SPAN_LITERAL("FOR"))->token, "for");
    assert_string_equal(message_with_find(BYTE_SPAN_LITERAL("esmtpsa"))->token, "ESMTPSA");
    assert_null(message_with_find(BYTE_SPAN_LITERAL("UUCP")));
    assert_string_equal(
        message_result_find(BYTE_SPAN_LITERAL("iprev"), BYTE_SPAN_LITERAL("pass"))->context, "iprev"
    );
    assert_null(message_result_find(BYTE_SPAN_LITERAL("iprev"), BYTE_SPAN_LITERAL("softfail")));
}

static void test_tables_that_are_halved_are_sorted(void **state)
{
    (void)state;
    gsize count;
    const VocabularyTable *tables = message_vocabulary(&count);
    for (gsize t = 0; t < count; t++) {
        VocabularyKind kind = vocabulary_table_item(&tables[t], 0)->kind;
        if (kind == VOCABULARY_HEADER_FIELD || kind == VOCABULARY_MEDIA_TYPE) {
            assert_null(vocabulary_first_unsorted(&tables[t]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finders),
        cmocka_unit_test(test_tables_that_are_halved_are_sorted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
