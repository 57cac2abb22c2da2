#include "tests/support/test.h"

#include "protocol/catalogue/catalogue.h"
#include "protocol/rfc/rfc-index.h"

/* Every row of every table, held against what a reader needs of it. */

static void fail_row(const VocabularyItem *item, const char *what)
{
    fail_msg(
        "%s %s %s (%s, RFC %u %s): %s",
        vocabulary_protocol_name(item->protocol),
        vocabulary_kind_name(item->kind),
        item->token,
        item->context == NULL ? "-" : item->context,
        item->reference.number,
        item->reference.section,
        what
    );
}

static bool is_given(const char *text)
{
    return text != NULL && text[0] != '\0' && g_utf8_validate(text, -1, NULL) &&
           !g_ascii_isspace(text[0]) && !g_ascii_isspace(text[strlen(text) - 1]);
}

static void test_no_field_is_empty(void **state)
{
    (void)state;
    CatalogueCursor cursor = {0};
    const VocabularyItem *item;
    guint count = 0;
    while ((item = catalogue_next(&cursor)) != NULL) {
        if (!is_given(item->token) || !is_given(item->meaning)) {
            fail_row(item, "token or meaning is missing");
        }
        if ((item->context != NULL && !is_given(item->context)) ||
            (item->syntax != NULL && !is_given(item->syntax)) ||
            (item->replies != NULL && !is_given(item->replies)) ||
            (item->replaced_by != NULL && !is_given(item->replaced_by))) {
            fail_row(item, "a field is an empty text");
        }
        if (strpbrk(item->token, "\t\n") != NULL || strpbrk(item->meaning, "\t\n") != NULL) {
            fail_row(item, "a tab or line end would break the dump");
        }
        count++;
    }
    assert_true(count > 600);
}

static void test_meanings_are_sentences(void **state)
{
    (void)state;
    CatalogueCursor cursor = {0};
    const VocabularyItem *item;
    while ((item = catalogue_next(&cursor)) != NULL) {
        if (!g_str_has_suffix(item->meaning, ".") ||
            (g_str_has_suffix(item->meaning, "..") && !g_str_has_suffix(item->meaning, " ..."))) {
            fail_row(item, "the meaning does not end in a full stop");
        }
        if (strlen(item->meaning) > 110) {
            fail_row(item, "the meaning is too long for one sentence");
        }
    }
}

static void test_references_are_in_the_index(void **state)
{
    (void)state;
    CatalogueCursor cursor = {0};
    const VocabularyItem *item;
    while ((item = catalogue_next(&cursor)) != NULL) {
        if (!is_given(item->reference.section) || rfc_section_title(item->reference) == NULL) {
            fail_row(item, "no such section in the index");
        }
        const RfcDocument *first = rfc_document(item->since);
        if (item->since != 0 && first == NULL) {
            fail_row(item, "the RFC that had it first is not in the index");
        }
        if (item->since == item->reference.number) {
            fail_row(item, "since and reference are the same");
        }
        if (first != NULL && strcmp(first->date, rfc_document(item->reference.number)->date) > 0) {
            fail_row(item, "the RFC that had it first is younger than the one cited");
        }
    }
}

static guint hash_row(gconstpointer key)
{
    const VocabularyItem *item = key;
    return g_str_hash(item->token) ^ (guint)(item->protocol << 8) ^ (guint)item->kind;
}

/* A FETCH item has a row as it is asked for and one, with its own meaning, as it is
 * answered; all else is the same. */
static gboolean is_same_row(gconstpointer left, gconstpointer right)
{
    const VocabularyItem *a = left;
    const VocabularyItem *b = right;
    return a->protocol == b->protocol && a->kind == b->kind && strcmp(a->token, b->token) == 0 &&
           g_strcmp0(a->context, b->context) == 0 && a->reference.number == b->reference.number &&
           strcmp(a->reference.section, b->reference.section) == 0 &&
           strcmp(a->meaning, b->meaning) == 0;
}

static void test_no_row_stands_twice(void **state)
{
    (void)state;
    g_autoptr(GHashTable) seen = g_hash_table_new(hash_row, is_same_row);
    CatalogueCursor cursor = {0};
    const VocabularyItem *item;
    while ((item = catalogue_next(&cursor)) != NULL) {
        if (!g_hash_table_add(seen, (gpointer)item)) {
            fail_row(item, "stands twice");
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_field_is_empty),
        cmocka_unit_test(test_meanings_are_sentences),
        cmocka_unit_test(test_references_are_in_the_index),
        cmocka_unit_test(test_no_row_stands_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
