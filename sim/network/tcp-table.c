#include "sim/network/tcp-table.h"

#include "sim/network/tcp-private.h"

struct TcpTable {
    SimWorld *world;
    TcpEntry **buckets;
    gsize bucket_count; /* a power of two */
    gsize count;
    TimeWait *first_wait; /* by time of ending */
    TimeWait *last_wait;
    SimTimer timer;
};

static void waits_are_over(SimTimer *timer, gpointer data);

TcpTable *tcp_table_new(SimWorld *world)
{
    TcpTable *table = g_new0(TcpTable, 1);
    table->world = world;
    table->bucket_count = 64;
    table->buckets = g_new0(TcpEntry *, table->bucket_count);
    sim_timer_init(&table->timer, world, waits_are_over, table);
    sim_timer_set_background(&table->timer);
    return table;
}

void tcp_table_free(TcpTable *table)
{
    /* Connections that are over and whose agent has not heard of it are on this list only. */
    while (table->world->first_ready != NULL) {
        tcp_free(tcp_of_ready(table->world->first_ready));
    }
    while (table->first_wait != NULL) {
        TimeWait *record = table->first_wait;
        table->first_wait = record->next;
        tcp_table_remove(table, &record->entry);
        pool_free(&table->world->pool, record, sizeof *record);
    }
    for (gsize i = 0; i < table->bucket_count; i++) {
        while (table->buckets[i] != NULL) {
            tcp_free((SimTcp *)table->buckets[i]);
        }
    }
    sim_timer_cancel(&table->timer);
    g_free(table->buckets);
    g_free(table);
}

static guint32 hash_key(const TcpKey *key)
{
    guint64 words[2];
    memcpy(words, key->remote.octets, sizeof words);
    guint64 ports = ((guint64)key->local_port << 16) | key->remote_port;
    guint64 hash = (ports << 32 | sim_host_number(key->host)) ^ words[0];
    hash *= G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    hash = (hash ^ (hash >> 32) ^ words[1]) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    return (guint32)(hash >> 32);
}

static bool is_same_key(const TcpKey *left, const TcpKey *right)
{
    return left->host == right->host && left->local_port == right->local_port &&
           left->remote_port == right->remote_port &&
           sim_address_equal(&left->remote, &right->remote) &&
           sim_address_equal(&left->local, &right->local);
}

TcpEntry *tcp_table_find(const TcpTable *table, const TcpKey *key)
{
    guint32 hash = hash_key(key);
    TcpEntry *entry = table->buckets[hash & (table->bucket_count - 1)];
    while (entry != NULL && (entry->hash != hash || !is_same_key(&entry->key, key))) {
        entry = entry->next_in_bucket;
    }
    return entry;
}

static void resize(TcpTable *table, gsize bucket_count)
{
    TcpEntry **buckets = g_new0(TcpEntry *, bucket_count);
    for (gsize i = 0; i < table->bucket_count; i++) {
        TcpEntry *next;
        for (TcpEntry *entry = table->buckets[i]; entry != NULL; entry = next) {
            next = entry->next_in_bucket;
            gsize index = entry->hash & (bucket_count - 1);
            entry->next_in_bucket = buckets[index];
            buckets[index] = entry;
        }
    }
    g_free(table->buckets);
    table->buckets = buckets;
    table->bucket_count = bucket_count;
}

void tcp_table_add(TcpTable *table, TcpEntry *entry)
{
    if (table->count >= table->bucket_count) {
        resize(table, 2 * table->bucket_count);
    }
    entry->hash = hash_key(&entry->key);
    gsize index = entry->hash & (table->bucket_count - 1);
    entry->next_in_bucket = table->buckets[index];
    table->buckets[index] = entry;
    table->count++;
}

void tcp_table_remove(TcpTable *table, TcpEntry *entry)
{
    TcpEntry **place = &table->buckets[entry->hash & (table->bucket_count - 1)];
    while (*place != entry) {
        place = &(*place)->next_in_bucket;
    }
    *place = entry->next_in_bucket;
    table->count--;
}

gsize tcp_table_count(const TcpTable *table)
{
    return table->count;
}

/* --- TIME-WAIT --- */

/* Most records wait equally long, so the place is nearly always at the end. */
static void insert_wait(TcpTable *table, TimeWait *record)
{
    TimeWait *before = table->last_wait;
    while (before != NULL && before->due > record->due) {
        before = before->previous;
    }
    record->previous = before;
    record->next = before == NULL ? table->first_wait : before->next;
    if (before == NULL) {
        table->first_wait = record;
    } else {
        before->next = record;
    }
    if (record->next == NULL) {
        table->last_wait = record;
    } else {
        record->next->previous = record;
    }
    if (!sim_timer_is_set(&table->timer) || sim_timer_due(&table->timer) > record->due) {
        sim_timer_set_at(&table->timer, record->due);
    }
}

static void unlink_wait(TcpTable *table, TimeWait *record)
{
    if (record->previous == NULL) {
        table->first_wait = record->next;
    } else {
        record->previous->next = record->next;
    }
    if (record->next == NULL) {
        table->last_wait = record->previous;
    } else {
        record->next->previous = record->previous;
    }
}

void tcp_table_wait(TcpTable *table, const TimeWait *record, SimTime duration)
{
    TimeWait *kept = pool_alloc(&table->world->pool, sizeof *kept);
    *kept = *record;
    kept->entry.is_time_wait = true;
    kept->began = table->world->now;
    kept->due = table->world->now + duration;
    tcp_table_add(table, &kept->entry);
    insert_wait(table, kept);
}

void tcp_table_wait_again(TcpTable *table, TimeWait *record, SimTime duration)
{
    unlink_wait(table, record);
    record->due = table->world->now + duration;
    insert_wait(table, record);
}

void tcp_table_end_wait(TcpTable *table, TimeWait *record)
{
    tcp_emit_state(
        record->entry.key.host, &record->entry, record->number, SIM_TCP_TIME_WAIT, SIM_TCP_CLOSED
    );
    unlink_wait(table, record);
    tcp_table_remove(table, &record->entry);
    pool_free(&table->world->pool, record, sizeof *record);
}

static void waits_are_over(SimTimer *timer, gpointer data)
{
    TcpTable *table = data;
    while (table->first_wait != NULL && table->first_wait->due <= timer->world->now) {
        tcp_table_end_wait(table, table->first_wait);
    }
    if (table->first_wait != NULL) {
        sim_timer_set_at(timer, table->first_wait->due);
    }
}

void tcp_table_forget_waits_of(TcpTable *table, const SimHost *host)
{
    TimeWait *next;
    for (TimeWait *record = table->first_wait; record != NULL; record = next) {
        next = record->next;
        if (record->entry.key.host == host) {
            tcp_table_end_wait(table, record);
        }
    }
}

gsize sim_world_connection_count(const SimWorld *world)
{
    return tcp_table_count(world->tcp);
}
