#include "protocol/rfc/vocabulary-search.h"

/* A call for each letter would cost more than the rest of the search. */
static inline int to_lower(guint8 octet)
{
    return octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet;
}

int vocabulary_compare_tokens(ByteSpan token, const char *other)
{
    for (gsize i = 0; i < token.length; i++) {
        int left = to_lower(token.data[i]);
        int right = to_lower((guint8)other[i]);
        if (left != right || right == '\0') {
            return left - right + (left == right);
        }
    }
    return other[token.length] == '\0' ? 0 : -1;
}

const VocabularyItem *vocabulary_find(const VocabularyTable *table, ByteSpan token)
{
    for (gsize i = 0; i < table->count; i++) {
        const VocabularyItem *item = vocabulary_table_item(table, i);
        if (vocabulary_compare_tokens(token, item->token) == 0) {
            return item;
        }
    }
    return NULL;
}

const VocabularyItem *vocabulary_find_sorted(const VocabularyTable *table, ByteSpan token)
{
    gsize low = 0;
    gsize high = table->count;
    while (low < high) {
        gsize middle = low + (high - low) / 2;
        if (vocabulary_compare_tokens(token, vocabulary_table_item(table, middle)->token) > 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == table->count) {
        return NULL;
    }
    const VocabularyItem *item = vocabulary_table_item(table, low);
    return vocabulary_compare_tokens(token, item->token) == 0 ? item : NULL;
}

const VocabularyItem *
vocabulary_find_in_context(const VocabularyTable *table, ByteSpan token, ByteSpan context)
{
    for (gsize i = 0; i < table->count; i++) {
        const VocabularyItem *item = vocabulary_table_item(table, i);
        if (item->context != NULL && vocabulary_compare_tokens(token, item->token) == 0 &&
            vocabulary_compare_tokens(context, item->context) == 0) {
            return item;
        }
    }
    return NULL;
}

const VocabularyItem *vocabulary_first_unsorted(const VocabularyTable *table)
{
    for (gsize i = 1; i < table->count; i++) {
        const VocabularyItem *item = vocabulary_table_item(table, i);
        const char *before = vocabulary_table_item(table, i - 1)->token;
        if (vocabulary_compare_tokens(byte_span_from_string(item->token), before) < 0) {
            return item;
        }
    }
    return NULL;
}
