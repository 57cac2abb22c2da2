#include "tests/support/test.h"

#include "protocol/mime/mime-vocabulary.h"
#include "protocol/rfc/vocabulary-search.h"

static void test_finders(void **state)
{
    (void)state;
    assert_string_equal(mime_field_find(BYTE_SPAN_LITERAL("content-id"))->token, "Content-ID");
    assert_null(mime_field_find(BYTE_SPAN_LITERAL("Subject")));
    assert_string_equal(mime_media_type_find(BYTE_SPAN_LITERAL("Text/Plain"))->token, "text/plain");
    assert_string_equal(mime_media_type_find(BYTE_SPAN_LITERAL("multipart"))->token, "multipart");
    assert_null(mime_media_type_find(BYTE_SPAN_LITERAL("multipart/")));
    assert_null(mime_media_type_find(BYTE_SPAN_EMPTY));
    assert_string_equal(mime_encoding_find(BYTE_SPAN_LITERAL("BASE64"))->token, "base64");
    assert_null(mime_encoding_find(BYTE_SPAN_LITERAL("base65")));
    assert_string_equal(mime_parameter_find(BYTE_SPAN_LITERAL("Boundary"))->token, "boundary");
    assert_string_equal(mime_charset_find(BYTE_SPAN_LITERAL("UTF-8"))->token, "utf-8");
    assert_null(mime_charset_find(BYTE_SPAN_LITERAL("utf-9")));
}

static void test_tables_that_are_halved_are_sorted(void **state)
{
    (void)state;
    gsize count;
    const VocabularyTable *tables = mime_vocabulary(&count);
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
