#include "protocol/mime/mime-vocabulary.h"

#include "protocol/mime/mime-rows.h"
#include "protocol/rfc/vocabulary-search.h"

typedef enum {
    TABLE_FIELDS,
    TABLE_MEDIA_TYPES,
    TABLE_PARAMETERS,
    TABLE_ENCODINGS,
    TABLE_CHARSETS,
    TABLE_RULES,
} Table;

static const VocabularyTable tables[] = {
    [TABLE_FIELDS] = VOCABULARY_ITEMS(mime_field_rows),
    [TABLE_MEDIA_TYPES] = VOCABULARY_ITEMS(mime_media_type_rows),
    [TABLE_PARAMETERS] = VOCABULARY_ITEMS(mime_parameter_rows),
    [TABLE_ENCODINGS] = VOCABULARY_ITEMS(mime_encoding_rows),
    [TABLE_CHARSETS] = VOCABULARY_ITEMS(mime_charset_rows),
    [TABLE_RULES] = VOCABULARY_ITEMS(mime_rule_rows),
};

const VocabularyItem *mime_field_find(ByteSpan name)
{
    return vocabulary_find_sorted(&tables[TABLE_FIELDS], name);
}

const VocabularyItem *mime_media_type_find(ByteSpan type)
{
    return vocabulary_find_sorted(&tables[TABLE_MEDIA_TYPES], type);
}

const VocabularyItem *mime_encoding_find(ByteSpan name)
{
    return vocabulary_find(&tables[TABLE_ENCODINGS], name);
}

const VocabularyItem *mime_parameter_find(ByteSpan name)
{
    return vocabulary_find(&tables[TABLE_PARAMETERS], name);
}

const VocabularyItem *mime_charset_find(ByteSpan name)
{
    return vocabulary_find(&tables[TABLE_CHARSETS], name);
}

const VocabularyTable *mime_vocabulary(gsize *out_count)
{
    *out_count = G_N_ELEMENTS(tables);
    return tables;
}
