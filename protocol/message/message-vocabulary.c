#include "protocol/message/message-vocabulary.h"

#include "protocol/message/message-rows.h"
#include "protocol/mime/mime-vocabulary.h"
#include "protocol/rfc/vocabulary-search.h"

typedef enum {
    TABLE_FIELDS,
    TABLE_CLAUSES,
    TABLE_WITH,
    TABLE_METHODS,
    TABLE_RESULTS,
    TABLE_LIMITS,
    TABLE_RULES,
} Table;

static const VocabularyTable tables[] = {
    [TABLE_FIELDS] = VOCABULARY_ITEMS(message_field_rows),
    [TABLE_CLAUSES] = VOCABULARY_ITEMS(message_clause_rows),
    [TABLE_WITH] = VOCABULARY_ITEMS(message_with_rows),
    [TABLE_METHODS] = VOCABULARY_ITEMS(message_method_rows),
    [TABLE_RESULTS] = VOCABULARY_ITEMS(message_result_rows),
    [TABLE_LIMITS] = VOCABULARY_ITEMS(message_limit_rows),
    [TABLE_RULES] = VOCABULARY_ITEMS(message_rule_rows),
};

const VocabularyItem *message_field_find(ByteSpan name)
{
    const VocabularyItem *item = vocabulary_find_sorted(&tables[TABLE_FIELDS], name);
    return item == NULL ? mime_field_find(name) : item;
}

const VocabularyItem *message_clause_find(ByteSpan name)
{
    return vocabulary_find(&tables[TABLE_CLAUSES], name);
}

const VocabularyItem *message_with_find(ByteSpan keyword)
{
    return vocabulary_find(&tables[TABLE_WITH], keyword);
}

const VocabularyItem *message_result_find(ByteSpan method, ByteSpan result)
{
    return vocabulary_find_in_context(&tables[TABLE_RESULTS], result, method);
}

const VocabularyTable *message_vocabulary(gsize *out_count)
{
    *out_count = G_N_ELEMENTS(tables);
    return tables;
}
