#include "protocol/network/network-vocabulary.h"

#include "protocol/network/network-rows.h"
#include "protocol/rfc/vocabulary-search.h"

typedef enum {
    TABLE_FLAGS,
    TABLE_STATES,
    TABLE_OPTIONS,
    TABLE_FIELDS,
    TABLE_LIMITS,
    TABLE_TCP_RULES,
    TABLE_IP_FIELDS,
    TABLE_IP_RULES,
} Table;

static const VocabularyTable tables[] = {
    [TABLE_FLAGS] = VOCABULARY_ROWS(tcp_flag_rows),
    [TABLE_STATES] = VOCABULARY_ITEMS(tcp_state_rows),
    [TABLE_OPTIONS] = VOCABULARY_ROWS(tcp_option_rows),
    [TABLE_FIELDS] = VOCABULARY_ITEMS(tcp_field_rows),
    [TABLE_LIMITS] = VOCABULARY_ITEMS(tcp_limit_rows),
    [TABLE_TCP_RULES] = VOCABULARY_ITEMS(tcp_rule_rows),
    [TABLE_IP_FIELDS] = VOCABULARY_ITEMS(ip_field_rows),
    [TABLE_IP_RULES] = VOCABULARY_ITEMS(ip_rule_rows),
};

static const VocabularyItem *find_number(const TcpNumberRow *rows, gsize count, guint8 number)
{
    for (gsize i = 0; i < count; i++) {
        if (rows[i].number == number) {
            return &rows[i].item;
        }
    }
    return NULL;
}

const VocabularyItem *tcp_flag_find(guint8 bit)
{
    return find_number(tcp_flag_rows, G_N_ELEMENTS(tcp_flag_rows), bit);
}

const VocabularyItem *tcp_state_find(ByteSpan name)
{
    return vocabulary_find(&tables[TABLE_STATES], name);
}

const VocabularyItem *tcp_option_find(guint8 kind)
{
    return find_number(tcp_option_rows, G_N_ELEMENTS(tcp_option_rows), kind);
}

const VocabularyItem *ip_rule_find(ByteSpan name)
{
    return vocabulary_find(&tables[TABLE_IP_RULES], name);
}

const VocabularyTable *network_vocabulary(gsize *out_count)
{
    *out_count = G_N_ELEMENTS(tables);
    return tables;
}
