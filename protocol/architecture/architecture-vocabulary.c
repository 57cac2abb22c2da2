#include "protocol/architecture/architecture-vocabulary.h"

#include "protocol/architecture/architecture-rows.h"

static const VocabularyTable tables[] = {
    VOCABULARY_ROWS(architecture_port_rows),
    VOCABULARY_ITEMS(architecture_role_rows),
    VOCABULARY_ITEMS(architecture_name_rows),
    VOCABULARY_ITEMS(sieve_action_rows),
    VOCABULARY_ITEMS(sieve_rule_rows),
};

const VocabularyItem *architecture_port_find(guint16 port)
{
    for (gsize i = 0; i < G_N_ELEMENTS(architecture_port_rows); i++) {
        if (architecture_port_rows[i].port == port) {
            return &architecture_port_rows[i].item;
        }
    }
    return NULL;
}

const VocabularyTable *architecture_vocabulary(gsize *out_count)
{
    *out_count = G_N_ELEMENTS(tables);
    return tables;
}
