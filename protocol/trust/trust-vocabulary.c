#include "protocol/trust/trust-vocabulary.h"

#include "protocol/rfc/vocabulary-search.h"
#include "protocol/trust/trust-rows.h"

typedef enum {
    TABLE_SPF_MECHANISMS,
    TABLE_SPF_RESULTS,
    TABLE_SPF_RULES,
    TABLE_DKIM_SIGNATURE_TAGS,
    TABLE_DKIM_KEY_TAGS,
    TABLE_ARC_TAGS,
    TABLE_DKIM_RULES,
    TABLE_ARC_RULES,
    TABLE_DMARC_TAGS,
    TABLE_DMARC_RULES,
    TABLE_TLS_RULES,
    TABLE_TLS_POLICIES,
} Table;

static const VocabularyTable tables[] = {
    [TABLE_SPF_MECHANISMS] = VOCABULARY_ITEMS(spf_mechanism_rows),
    [TABLE_SPF_RESULTS] = VOCABULARY_ITEMS(spf_result_rows),
    [TABLE_SPF_RULES] = VOCABULARY_ITEMS(spf_rule_rows),
    [TABLE_DKIM_SIGNATURE_TAGS] = VOCABULARY_ITEMS(dkim_signature_tag_rows),
    [TABLE_DKIM_KEY_TAGS] = VOCABULARY_ITEMS(dkim_key_tag_rows),
    [TABLE_ARC_TAGS] = VOCABULARY_ITEMS(arc_tag_rows),
    [TABLE_DKIM_RULES] = VOCABULARY_ITEMS(dkim_rule_rows),
    [TABLE_ARC_RULES] = VOCABULARY_ITEMS(arc_rule_rows),
    [TABLE_DMARC_TAGS] = VOCABULARY_ITEMS(dmarc_tag_rows),
    [TABLE_DMARC_RULES] = VOCABULARY_ITEMS(dmarc_rule_rows),
    [TABLE_TLS_RULES] = VOCABULARY_ITEMS(tls_rule_rows),
    [TABLE_TLS_POLICIES] = VOCABULARY_ITEMS(tls_policy_rows),
};

const VocabularyItem *spf_mechanism_find(ByteSpan name)
{
    return vocabulary_find(&tables[TABLE_SPF_MECHANISMS], name);
}

const VocabularyItem *spf_result_find(ByteSpan result)
{
    return vocabulary_find(&tables[TABLE_SPF_RESULTS], result);
}

const VocabularyItem *dkim_signature_tag_find(ByteSpan tag)
{
    return vocabulary_find(&tables[TABLE_DKIM_SIGNATURE_TAGS], tag);
}

const VocabularyItem *dkim_key_tag_find(ByteSpan tag)
{
    return vocabulary_find(&tables[TABLE_DKIM_KEY_TAGS], tag);
}

const VocabularyItem *dmarc_tag_find(ByteSpan tag)
{
    return vocabulary_find(&tables[TABLE_DMARC_TAGS], tag);
}

const VocabularyTable *trust_vocabulary(gsize *out_count)
{
    *out_count = G_N_ELEMENTS(tables);
    return tables;
}
