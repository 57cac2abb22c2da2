#include "tests/support/test.h"

#include "protocol/rfc/vocabulary-search.h"
#include "protocol/smtp/smtp-tables.h"
#include "tests/support/vocabulary.h"

static void all_rows_are_complete(void **state)
{
    (void)state;
    gsize count;
    const VocabularyTable *tables = smtp_vocabulary(&count);
    assert_vocabulary_tables(tables, count, VOCABULARY_SMTP);
    gsize rows = 0;
    for (gsize i = 0; i < count; i++)
        rows += tables[i].count;
    assert_true(rows > 400);
}

/* Two rows may share a token only where the context, the kind or the section tells them apart. */
static void no_row_is_there_twice(void **state)
{
    (void)state;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gsize count;
    const VocabularyTable *tables = smtp_vocabulary(&count);
    for (gsize i = 0; i < count; i++) {
        for (gsize j = 0; j < tables[i].count; j++) {
            const VocabularyItem *item = vocabulary_table_item(&tables[i], j);
            const char *context = item->context == NULL ? "" : item->context;
            char *key = g_strdup_printf("%d\t%s\t%s", item->kind, item->token, context);
            if (!g_hash_table_add(seen, key))
                fail_msg("%s (%s) is there twice", item->token, context);
        }
    }
}

static const char *const unknown_codes[] = {
    "",        ".",      "..",     "5.",       "5.1",      "5.1.",   "5..1",   "5.1.1.",
    "5.1.1.1", "3.1.1",  "1.1.1",  "5.8.0",    "5.1.11",   "5.7.31", "5.01.1", "5.1.01",
    "5.1.1x",  " 5.1.1", "55.1.1", "5.1000.1", "5.1.1000", "5.-1.1", "5.1.+1", "x.1.1",
};

static void enhanced_codes_are_found(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < SMTP_ENHANCED_CODE_COUNT; i++) {
        static const char classes[] = "245X";
        for (gsize j = 0; j < strlen(classes); j++) {
            g_autofree char *text = g_strdup(smtp_enhanced_codes[i].token);
            assert_int_equal(text[0], 'X');
            text[0] = classes[j];
            ByteSpan code = unterminated(text, strlen(text), keep);
            assert_ptr_equal(smtp_enhanced_code_find(code), &smtp_enhanced_codes[i]);
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(unknown_codes); i++) {
        ByteSpan code = unterminated(unknown_codes[i], strlen(unknown_codes[i]), keep);
        if (smtp_enhanced_code_find(code) != NULL)
            fail_msg("\"%s\" is found", unknown_codes[i]);
    }
    assert_null(smtp_enhanced_code_find(byte_span("\0.1.1", 5)));
    assert_string_equal(
        smtp_enhanced_code_find(BYTE_SPAN_LITERAL("5.1.1"))->meaning,
        "The mailbox does not exist: the part before the @ is wrong."
    );
}

static void extensions_are_found(void **state)
{
    (void)state;
    static const VocabularyTable table = VOCABULARY_ITEMS(smtp_extensions);
    assert_null(vocabulary_first_unsorted(&table));
    for (gsize i = 0; i < SMTP_EXTENSION_COUNT; i++) {
        g_autofree char *lower = g_ascii_strdown(smtp_extensions[i].token, -1);
        assert_ptr_equal(smtp_extension_find(byte_span_from_string(lower)), &smtp_extensions[i]);
    }
    assert_string_equal(smtp_extension_find(BYTE_SPAN_LITERAL("AUTH=LOGIN"))->token, "AUTH");
    assert_string_equal(smtp_extension_find(BYTE_SPAN_LITERAL("auth="))->token, "AUTH");
    assert_null(smtp_extension_find(BYTE_SPAN_LITERAL("XCLIENT")));
    assert_null(smtp_extension_find(BYTE_SPAN_LITERAL("SIZ")));
    assert_null(smtp_extension_find(BYTE_SPAN_LITERAL("SIZE ")));
    assert_null(smtp_extension_find(BYTE_SPAN_EMPTY));
}

static void parameters_belong_to_commands(void **state)
{
    (void)state;
    for (gsize i = 0; i < SMTP_PARAMETER_COUNT; i++) {
        const SmtpParameterRow *row = &smtp_parameters[i];
        assert_string_equal(row->item.context, smtp_command_row(row->command)->item.token);
        g_autofree char *lower = g_ascii_strdown(row->item.token, -1);
        assert_ptr_equal(
            smtp_parameter_find(byte_span_from_string(lower), row->command), &row->item
        );
    }
    assert_null(smtp_parameter_find(BYTE_SPAN_LITERAL("SIZE"), SMTP_COMMAND_RCPT));
    assert_null(smtp_parameter_find(BYTE_SPAN_LITERAL("NOTIFY"), SMTP_COMMAND_MAIL));
    assert_null(smtp_parameter_find(BYTE_SPAN_LITERAL("SIZE="), SMTP_COMMAND_MAIL));
    assert_null(smtp_parameter_find(BYTE_SPAN_EMPTY, SMTP_COMMAND_MAIL));
}

/* Figures that other programs take from here must be those of the sections. */
static void limits_name_their_figures(void **state)
{
    (void)state;

    static const struct {
        const char *token;
        const char *figure;
    } cases[] = {
        {.token = "command line length", .figure = "512"},
        {.token = "reply line length", .figure = "512"},
        {.token = "text line length", .figure = "1000"},
        {.token = "local-part length", .figure = "64"},
        {.token = "domain length", .figure = "255"},
        {.token = "path length", .figure = "256"},
        {.token = "recipients", .figure = "100"},
        {.token = "authentication line length", .figure = "12288"},
        {.token = "time-out: DATA termination", .figure = "ten minutes"},
    };

    static const VocabularyTable table = VOCABULARY_ITEMS(smtp_limits);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const VocabularyItem *item = vocabulary_find(&table, byte_span_from_string(cases[i].token));
        assert_non_null(item);
        assert_non_null(strstr(item->meaning, cases[i].figure));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_rows_are_complete),
        cmocka_unit_test(no_row_is_there_twice),
        cmocka_unit_test(enhanced_codes_are_found),
        cmocka_unit_test(extensions_are_found),
        cmocka_unit_test(parameters_belong_to_commands),
        cmocka_unit_test(limits_name_their_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
