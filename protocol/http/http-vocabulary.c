#include "protocol/http/http-vocabulary.h"

#include "protocol/http/http-rows.h"
#include "protocol/rfc/vocabulary-search.h"

typedef enum {
    TABLE_METHODS,
    TABLE_STATUSES,
    TABLE_FIELDS,
    TABLE_RULES,
} Table;

static const VocabularyTable tables[] = {
    [TABLE_METHODS] = VOCABULARY_ITEMS(http_method_rows),
    [TABLE_STATUSES] = VOCABULARY_ROWS(http_status_rows),
    [TABLE_FIELDS] = VOCABULARY_ITEMS(http_field_rows),
    [TABLE_RULES] = VOCABULARY_ITEMS(http_rule_rows),
};

static const HttpStatusRow *status_row(guint code)
{
    gsize low = 0;
    gsize high = G_N_ELEMENTS(http_status_rows);
    while (low < high) {
        gsize middle = low + (high - low) / 2;
        if (http_status_rows[middle].code < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_found = low < G_N_ELEMENTS(http_status_rows) && http_status_rows[low].code == code;
    return is_found ? &http_status_rows[low] : NULL;
}

const VocabularyItem *http_status_find(guint code)
{
    const HttpStatusRow *row = status_row(code);
    return row == NULL ? NULL : &row->item;
}

const char *http_status_reason(guint code)
{
    const HttpStatusRow *row = status_row(code);
    return row == NULL ? "" : row->reason;
}

const VocabularyItem *http_method_find(ByteSpan method)
{
    /* RFC 9110 §9.1: the method token is case-sensitive. */
    const VocabularyItem *item = vocabulary_find(&tables[TABLE_METHODS], method);
    return item != NULL && byte_span_is(method, item->token) ? item : NULL;
}

const VocabularyItem *http_field_find(ByteSpan name)
{
    return vocabulary_find_sorted(&tables[TABLE_FIELDS], name);
}

const VocabularyTable *http_vocabulary(gsize *out_count)
{
    *out_count = G_N_ELEMENTS(tables);
    return tables;
}
