#include "protocol/dns/dns-exchange.h"

typedef struct {
    guint64 flow;
    guint16 id;
} Key;

typedef struct {
    Key key;
    guint64 question; /* digest of name, type and class */
    guint64 step;
    gint64 time_us;
    guint repeats;
    bool is_answered;
    GList *place; /* in the order of asking */
} Entry;

struct DnsExchangeTable {
    GHashTable *entries; /* of Entry by its key */
    GQueue order;        /* oldest question first */
    gsize maximum;
    gsize waiting;
};

static guint key_hash(gconstpointer pointer)
{
    const Key *key = pointer;
    guint64 mixed = (key->flow ^ key->id) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    return (guint)(mixed >> 32);
}

static gboolean key_equal(gconstpointer left, gconstpointer right)
{
    const Key *one = left;
    const Key *other = right;
    return one->flow == other->flow && one->id == other->id;
}

DnsExchangeTable *dns_exchange_table_new(gsize maximum)
{
    DnsExchangeTable *table = g_new0(DnsExchangeTable, 1);
    table->entries = g_hash_table_new_full(key_hash, key_equal, NULL, g_free);
    table->maximum = CLAMP(maximum, 1, DNS_EXCHANGE_MAXIMUM);
    g_queue_init(&table->order);
    return table;
}

void dns_exchange_table_free(DnsExchangeTable *table)
{
    if (table != NULL) {
        g_queue_clear(&table->order);
        g_hash_table_destroy(table->entries);
        g_free(table);
    }
}

gsize dns_exchange_waiting(const DnsExchangeTable *table)
{
    return table->waiting;
}

/* 0: the message holds no question that can be read. */
static guint64 question_digest(ByteSpan message)
{
    DnsReader reader;
    DnsRecord record;
    DnsName name;
    if (!dns_reader_begin(&reader, message) || !dns_reader_next(&reader, &record) ||
        record.section != DNS_SECTION_QUESTION ||
        !dns_message_name(message, record.name.start, &name, NULL, NULL)) {
        return 0;
    }
    guint64 digest = dns_name_hash(&name);
    digest = (digest << 32) ^ ((guint64)record.type << 16) ^ record.class_number;
    return digest == 0 ? 1 : digest;
}

static void forget(DnsExchangeTable *table, Entry *entry)
{
    table->waiting -= entry->is_answered ? 0 : 1;
    g_queue_delete_link(&table->order, entry->place);
    g_hash_table_remove(table->entries, &entry->key);
}

static void
remember(DnsExchangeTable *table, Key key, guint64 question, guint64 step, gint64 time_us)
{
    while (g_hash_table_size(table->entries) >= table->maximum) {
        forget(table, g_queue_peek_head(&table->order));
    }
    Entry *entry = g_new0(Entry, 1);
    entry->key = key;
    entry->question = question;
    entry->step = step;
    entry->time_us = time_us;
    g_queue_push_tail(&table->order, entry);
    entry->place = g_queue_peek_tail_link(&table->order);
    g_hash_table_insert(table->entries, &entry->key, entry);
    table->waiting++;
}

static DnsExchange describe(DnsExchangeKind kind, const Entry *entry)
{
    return (DnsExchange){
        .kind = kind,
        .step = entry->step,
        .time_us = entry->time_us,
        .repeats = entry->repeats,
    };
}

static DnsExchange
see_question(DnsExchangeTable *table, Key key, guint64 question, guint64 step, gint64 time_us)
{
    Entry *entry = g_hash_table_lookup(table->entries, &key);
    if (entry != NULL && !entry->is_answered && entry->question == question) {
        entry->repeats++;
        return describe(DNS_EXCHANGE_REPEATED, entry);
    }
    if (entry != NULL) {
        forget(table, entry);
    }
    remember(table, key, question, step, time_us);
    return (DnsExchange){.kind = DNS_EXCHANGE_QUESTION, .step = step, .time_us = time_us};
}

static DnsExchange see_answer(DnsExchangeTable *table, Key key, guint64 question)
{
    Entry *entry = g_hash_table_lookup(table->entries, &key);
    if (entry == NULL) {
        return (DnsExchange){.kind = DNS_EXCHANGE_UNASKED};
    }
    /* A server that could not read the question may leave it out of its answer. */
    if (question != 0 && entry->question != 0 && question != entry->question) {
        return describe(DNS_EXCHANGE_MISMATCH, entry);
    }
    if (entry->is_answered) {
        return describe(DNS_EXCHANGE_ANSWERED, entry);
    }
    entry->is_answered = true;
    table->waiting--;
    return describe(DNS_EXCHANGE_ANSWER, entry);
}

DnsExchange dns_exchange_see(
    DnsExchangeTable *table, guint64 flow, ByteSpan message, guint64 step, gint64 time_us
)
{
    DnsReader reader;
    if (!dns_reader_begin(&reader, message)) {
        return (DnsExchange){.kind = DNS_EXCHANGE_UNREADABLE};
    }
    Key key = {.flow = flow, .id = reader.header.id};
    guint64 question = question_digest(message);
    return reader.header.is_response ? see_answer(table, key, question)
                                     : see_question(table, key, question, step, time_us);
}
