#include "protocol/dns/dns-vocabulary.h"

#include "protocol/dns/dns-rows.h"
#include "protocol/rfc/vocabulary-search.h"

static const VocabularyTable tables[] = {
    VOCABULARY_ROWS(dns_type_rows),
    VOCABULARY_ROWS(dns_class_rows),
    VOCABULARY_ROWS(dns_opcode_rows),
    VOCABULARY_ROWS(dns_rcode_rows),
    VOCABULARY_ROWS(dns_flag_rows),
    VOCABULARY_ITEMS(dns_limit_rows),
    VOCABULARY_ITEMS(dns_rule_rows),
};

static const VocabularyItem *find_number(const DnsNumberRow *rows, gsize count, guint number)
{
    for (gsize i = 0; i < count; i++) {
        if (rows[i].number == number) {
            return &rows[i].item;
        }
    }
    return NULL;
}

const VocabularyItem *dns_type_find(guint16 number)
{
    return find_number(dns_type_rows, G_N_ELEMENTS(dns_type_rows), number);
}

const VocabularyItem *dns_class_find(guint16 number)
{
    return find_number(dns_class_rows, G_N_ELEMENTS(dns_class_rows), number);
}

const VocabularyItem *dns_opcode_find(guint number)
{
    return find_number(dns_opcode_rows, G_N_ELEMENTS(dns_opcode_rows), number);
}

const VocabularyItem *dns_rcode_find(guint number)
{
    return find_number(dns_rcode_rows, G_N_ELEMENTS(dns_rcode_rows), number);
}

const VocabularyItem *dns_flag_find(guint16 bit)
{
    return find_number(dns_flag_rows, G_N_ELEMENTS(dns_flag_rows), bit);
}

bool dns_type_number(ByteSpan name, guint16 *out_number)
{
    for (gsize i = 0; i < G_N_ELEMENTS(dns_type_rows); i++) {
        if (vocabulary_compare_tokens(name, dns_type_rows[i].item.token) == 0) {
            *out_number = dns_type_rows[i].number;
            return true;
        }
    }
    /* The everyday name of type 255 is not the one in RFC 1035. */
    if (byte_span_is_nocase(name, "ANY")) {
        *out_number = 255;
        return true;
    }
    return false;
}

const VocabularyTable *dns_vocabulary(gsize *out_count)
{
    *out_count = G_N_ELEMENTS(tables);
    return tables;
}
