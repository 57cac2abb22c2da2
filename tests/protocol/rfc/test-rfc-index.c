#include "tests/support/test.h"

#include "protocol/rfc/rfc-index.h"

typedef struct {
    guint16 number;
    const char *section;
    const char *title; /* NULL: not there */
} TitleCase;

static const TitleCase title_cases[] = {
    {.number = 5321, .section = "-", .title = "Simple Mail Transfer Protocol"},
    {.number = 5321, .section = "4.1.1.3", .title = "RECIPIENT (RCPT)"},
    {.number = 5321, .section = "F.3", .title = "HELO"},
    {.number = 5321, .section = "4.1.1", .title = "Command Semantics and Syntax"},
    {.number = 1939, .section = "5", .title = "The TRANSACTION State"},
    {.number = 1939, .section = "10", .title = "Example POP3 Session"},
    {.number = 196, .section = "-", .title = "Mail Box Protocol"},
    {.number = 9989, .section = "1", .title = "Introduction"},
    {.number = 5321, .section = "4.1.1.99", .title = NULL},
    {.number = 5321, .section = "4.1.", .title = NULL},
    {.number = 5321, .section = "", .title = NULL},
    {.number = 5321, .section = NULL, .title = NULL},
    {.number = 1, .section = "1", .title = NULL},
    {.number = 0, .section = "-", .title = NULL},
    {.number = G_MAXUINT16, .section = "1", .title = NULL},
};

static void section_titles_are_found(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(title_cases); i++) {
        RfcReference reference = {title_cases[i].number, title_cases[i].section};
        const char *title = rfc_section_title(reference);
        if (title_cases[i].title == NULL)
            assert_null(title);
        else
            assert_string_equal(title, title_cases[i].title);
    }
}

static void document_has_its_facts(void **state)
{
    (void)state;
    const RfcDocument *document = rfc_document(5321);
    assert_non_null(document);
    assert_int_equal(document->number, 5321);
    assert_string_equal(document->date, "2008-10");
    assert_string_equal(document->title, "Simple Mail Transfer Protocol");
    assert_string_equal(document->status, "DRAFT STANDARD");
    assert_string_equal(document->obsoletes, "2821");
    assert_string_equal(document->obsoleted_by, "");
    assert_string_equal(document->updates, "1123");
    assert_string_equal(document->updated_by, "7504");
    assert_null(rfc_document(0));
    assert_null(rfc_document(4));
    assert_null(rfc_document(G_MAXUINT16));
}

static void obsolete_documents_are_told(void **state)
{
    (void)state;
    assert_true(rfc_is_obsolete(821));
    assert_true(rfc_is_obsolete(2821));
    assert_true(rfc_is_obsolete(3501));
    assert_false(rfc_is_obsolete(5321));
    assert_false(rfc_is_obsolete(1939));
    assert_false(rfc_is_obsolete(1));
}

/* Whatever replaces a document of the index is named by number, and the chain comes to an end. */
static void lists_hold_numbers(void **state)
{
    (void)state;
    gsize found = 0;
    for (guint number = 0; number <= G_MAXUINT16; number++) {
        const RfcDocument *document = rfc_document((guint16)number);
        if (document == NULL)
            continue;
        found++;
        assert_int_equal(document->number, number);
        assert_true(document->title[0] != '\0' && document->status[0] != '\0');
        assert_int_equal(strlen(document->date), 7);
        g_auto(GStrv) newer = g_strsplit(document->obsoleted_by, " ", 0);
        for (gsize i = 0; newer[i] != NULL; i++)
            assert_true(g_ascii_strtoull(newer[i], NULL, 10) > number);
    }
    assert_true(found > 300);
}

static void references_are_written_out(void **state)
{
    (void)state;

    static const struct {
        RfcReference reference;
        const char *text;
    } cases[] = {
        {{5321, "4.1.1.3"}, "RFC 5321 §4.1.1.3"},
        {{5321, "F.3"}, "RFC 5321 Appendix F.3"},
        {{4467, "BASE.7.1.URLMECH"}, "RFC 4467 §BASE.7.1.URLMECH"},
        {{196, "-"}, "RFC 196"},
        {{0, NULL}, ""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = rfc_reference_to_string(cases[i].reference);
        assert_string_equal(text, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(section_titles_are_found),
        cmocka_unit_test(document_has_its_facts),
        cmocka_unit_test(obsolete_documents_are_told),
        cmocka_unit_test(lists_hold_numbers),
        cmocka_unit_test(references_are_written_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
