#include "protocol/sasl/sasl-vocabulary.h"

#include "protocol/rfc/vocabulary-search.h"
#include "protocol/sasl/sasl-tables.h"

static const VocabularyTable tables[] = {
    VOCABULARY_ROWS(sasl_mechanisms),
    VOCABULARY_ITEMS(sasl_terms),
};

const SaslMechanismRow *sasl_mechanism_find(ByteSpan name)
{
    /* The item is the first member of its row. */
    const VocabularyItem *item = vocabulary_find_sorted(&tables[0], name);
    return (const SaslMechanismRow *)(const void *)item;
}

const VocabularyTable *sasl_vocabulary(gsize *out_count)
{
    *out_count = G_N_ELEMENTS(tables);
    return tables;
}
