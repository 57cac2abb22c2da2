#include "protocol/report/report-vocabulary.h"

#include "protocol/report/report-tables.h"
#include "protocol/rfc/vocabulary-search.h"

enum {
    TABLE_DELIVERY_FIELDS,
    TABLE_DISPOSITION_FIELDS,
    TABLE_OTHER_FIELDS,
    TABLE_RESULTS,
    TABLE_TYPES,
    TABLE_RULES,
};

static const VocabularyTable tables[] = {
    [TABLE_DELIVERY_FIELDS] = VOCABULARY_ITEMS(report_dsn_fields),
    [TABLE_DISPOSITION_FIELDS] = VOCABULARY_ITEMS(report_mdn_fields),
    [TABLE_OTHER_FIELDS] = VOCABULARY_ITEMS(report_other_fields),
    [TABLE_RESULTS] = VOCABULARY_ITEMS(report_results),
    [TABLE_TYPES] = VOCABULARY_ITEMS(report_types),
    [TABLE_RULES] = VOCABULARY_ITEMS(report_rules),
};

const VocabularyItem *report_delivery_field_find(ByteSpan name)
{
    return vocabulary_find_sorted(&tables[TABLE_DELIVERY_FIELDS], name);
}

const VocabularyItem *report_disposition_field_find(ByteSpan name)
{
    return vocabulary_find_sorted(&tables[TABLE_DISPOSITION_FIELDS], name);
}

const VocabularyItem *report_action_find(ByteSpan word)
{
    return vocabulary_find_in_context(&tables[TABLE_RESULTS], word, BYTE_SPAN_LITERAL("Action"));
}

const VocabularyItem *report_disposition_find(ByteSpan word)
{
    return vocabulary_find_in_context(
        &tables[TABLE_RESULTS], word, BYTE_SPAN_LITERAL("Disposition")
    );
}

const VocabularyTable *report_vocabulary(gsize *out_count)
{
    *out_count = G_N_ELEMENTS(tables);
    return tables;
}
