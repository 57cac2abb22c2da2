#pragma once

/* What every vocabulary row must hold, whatever its protocol. Include after tests/support/test.h.
 */

#include "protocol/rfc/rfc-index.h"

static inline void assert_text(const char *text)
{
    assert_non_null(text);
    assert_true(text[0] != '\0' && text[0] != ' ');
    assert_true(text[strlen(text) - 1] != ' ');
    assert_null(strstr(text, "  "));
}

/* One plain sentence: a capital or a sign at the front, a full stop at the end and none inside. */
static inline void assert_meaning(const char *meaning)
{
    assert_text(meaning);
    assert_false(g_ascii_islower(meaning[0]));
    assert_int_equal(meaning[strlen(meaning) - 1], '.');
    assert_null(strstr(meaning, ". "));
}

static inline void assert_vocabulary_item(const VocabularyItem *item)
{
    assert_text(item->token);
    assert_meaning(item->meaning);
    if (rfc_section_title(item->reference) == NULL)
        print_error(
            "%s: RFC %u has no section %s\n",
            item->token,
            item->reference.number,
            item->reference.section
        );
    assert_non_null(rfc_section_title(item->reference));
    assert_true(item->since < item->reference.number);
    if (item->context != NULL)
        assert_text(item->context);
    if (item->syntax != NULL)
        assert_text(item->syntax);
    if (item->replaced_by != NULL)
        assert_text(item->replaced_by);
    if (item->kind == VOCABULARY_COMMAND)
        assert_non_null(item->syntax);
}

static inline void
assert_vocabulary_tables(const VocabularyTable *tables, gsize count, VocabularyProtocol protocol)
{
    assert_true(count > 0);
    for (gsize i = 0; i < count; i++) {
        assert_true(tables[i].count > 0);
        for (gsize j = 0; j < tables[i].count; j++) {
            const VocabularyItem *item = vocabulary_table_item(&tables[i], j);
            assert_vocabulary_item(item);
            assert_int_equal(item->protocol, protocol);
        }
    }
}
