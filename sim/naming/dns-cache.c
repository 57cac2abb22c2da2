#include "sim/naming/dns-cache.h"

typedef struct {
    DnsName name;
    guint16 type; /* ANY: the name does not exist */
} Key;

typedef struct {
    Key key;
    DnsCached kind;
    DnsRank rank;
    DnsRecordSet *set;
    SimTime expires;
    GList place; /* in the order of use */
} Entry;

struct DnsCache {
    GHashTable *entries; /* of Entry by its key */
    GQueue order;        /* least recently used first */
    gsize maximum;
};

static guint key_hash(gconstpointer pointer)
{
    const Key *key = pointer;
    return dns_name_hash(&key->name) ^ ((guint)key->type << 20);
}

static gboolean key_equal(gconstpointer left, gconstpointer right)
{
    const Key *one = left;
    const Key *other = right;
    return one->type == other->type && dns_name_equal(&one->name, &other->name);
}

static void entry_free(gpointer pointer)
{
    Entry *entry = pointer;
    dns_record_set_unref(entry->set);
    g_free(entry);
}

DnsCache *dns_cache_new(gsize maximum)
{
    DnsCache *cache = g_new0(DnsCache, 1);
    cache->entries = g_hash_table_new_full(key_hash, key_equal, NULL, entry_free);
    cache->maximum = MAX(maximum, 1);
    g_queue_init(&cache->order);
    return cache;
}

void dns_cache_free(DnsCache *cache)
{
    if (cache != NULL) {
        g_hash_table_destroy(cache->entries);
        g_free(cache);
    }
}

void dns_cache_flush(DnsCache *cache)
{
    g_queue_init(&cache->order);
    g_hash_table_remove_all(cache->entries);
}

gsize dns_cache_count(const DnsCache *cache)
{
    return g_hash_table_size(cache->entries);
}

static void remove_entry(DnsCache *cache, Entry *entry)
{
    g_queue_unlink(&cache->order, &entry->place);
    g_hash_table_remove(cache->entries, &entry->key);
}

/* NULL: nothing, or no longer. */
static Entry *find(DnsCache *cache, const DnsName *name, guint16 type, SimTime now)
{
    Key key = {.name = *name, .type = type};
    Entry *entry = g_hash_table_lookup(cache->entries, &key);
    if (entry != NULL && entry->expires <= now) {
        remove_entry(cache, entry);
        return NULL;
    }
    return entry;
}

static void insert(DnsCache *cache, Entry *entry)
{
    while (g_hash_table_size(cache->entries) >= cache->maximum) {
        remove_entry(cache, g_queue_peek_head(&cache->order));
    }
    entry->place.data = entry;
    g_queue_push_tail_link(&cache->order, &entry->place);
    g_hash_table_insert(cache->entries, &entry->key, entry);
}

static void
put(DnsCache *cache,
    const DnsName *name,
    guint16 type,
    DnsCached kind,
    DnsRank rank,
    DnsRecordSet *set,
    guint32 ttl,
    SimTime now)
{
    Entry *old = find(cache, name, type, now);
    if (ttl == 0 || (old != NULL && old->rank > rank)) {
        return; /* RFC 1035 §4.1.3: a TTL of 0 is for the question under way only */
    }
    if (old != NULL) {
        remove_entry(cache, old);
    }
    Entry *entry = g_new0(Entry, 1);
    entry->key = (Key){.name = *name, .type = type};
    entry->kind = kind;
    entry->rank = rank;
    entry->set = set != NULL ? dns_record_set_ref(set) : NULL;
    entry->expires = now + ttl * SIM_SECOND;
    insert(cache, entry);
}

void dns_cache_put(DnsCache *cache, DnsRecordSet *set, DnsRank rank, SimTime now)
{
    Entry *absence = find(cache, &set->name, DNS_TYPE_ANY, now);
    if (absence != NULL && absence->rank <= rank) {
        remove_entry(cache, absence);
    }
    /* RFC 2181 §8: a TTL with the high bit set counts as 0 */
    guint32 ttl = set->ttl > G_MAXINT32 ? 0 : MIN(set->ttl, DNS_CACHE_TTL_MAXIMUM);
    put(cache, &set->name, set->type, DNS_CACHED_SET, rank, set, ttl, now);
}

void dns_cache_put_negative(
    DnsCache *cache,
    const DnsName *name,
    guint16 type,
    DnsCached kind,
    DnsRecordSet *soa,
    guint32 ttl,
    SimTime now
)
{
    g_assert(
        kind == DNS_CACHED_NO_NAME || kind == DNS_CACHED_NO_DATA || kind == DNS_CACHED_FAILURE
    );
    DnsRank rank = kind == DNS_CACHED_FAILURE ? DNS_RANK_GLUE : DNS_RANK_AUTHORITY;
    put(cache,
        name,
        kind == DNS_CACHED_NO_NAME ? DNS_TYPE_ANY : type,
        kind,
        rank,
        soa,
        MIN(ttl, DNS_CACHE_NEGATIVE_MAXIMUM),
        now);
}

DnsCacheEntry
dns_cache_get(DnsCache *cache, const DnsName *name, guint16 type, DnsRank least, SimTime now)
{
    Entry *entry = find(cache, name, DNS_TYPE_ANY, now);
    if (entry == NULL) {
        entry = find(cache, name, type, now);
    }
    if (entry == NULL || (entry->kind == DNS_CACHED_SET && entry->rank < least)) {
        return (DnsCacheEntry){.kind = DNS_CACHED_NOTHING};
    }
    g_queue_unlink(&cache->order, &entry->place);
    g_queue_push_tail_link(&cache->order, &entry->place);
    return (DnsCacheEntry){
        .kind = entry->kind,
        .set = entry->set,
        .rank = entry->rank,
        .ttl = (guint32)((entry->expires - now + SIM_SECOND - 1) / SIM_SECOND),
    };
}

static gint compare_entries(gconstpointer left, gconstpointer right)
{
    const Entry *one = *(Entry *const *)left;
    const Entry *other = *(Entry *const *)right;
    int order = dns_name_compare(&one->key.name, &other->key.name);
    return order != 0 ? order : (gint)one->key.type - (gint)other->key.type;
}

static void append_entry(const Entry *entry, SimTime now, GString *out)
{
    char name[DNS_NAME_TEXT_MAXIMUM];
    char room[DNS_NUMBER_TEXT_MAXIMUM];
    SimTime left = (entry->expires - now) / SIM_SECOND;
    dns_name_to_text(&entry->key.name, name);
    g_string_append_printf(out, "%s\t%" G_GINT64_FORMAT "\t", name, left);
    if (entry->kind == DNS_CACHED_NO_NAME) {
        g_string_append(out, "does not exist\n");
        return;
    }
    g_string_append(out, dns_type_to_text(entry->key.type, room));
    if (entry->kind != DNS_CACHED_SET) {
        g_string_append(
            out, entry->kind == DNS_CACHED_NO_DATA ? "\tno such record\n" : "\tfailed\n"
        );
        return;
    }
    for (guint i = 0; i < dns_record_set_count(entry->set); i++) {
        g_string_append(out, i > 0 ? " | " : "\t");
        dns_record_set_text(entry->set, i, out);
    }
    g_string_append_c(out, '\n');
}

void dns_cache_to_text(DnsCache *cache, SimTime now, GString *out)
{
    g_autoptr(GPtrArray) entries = g_ptr_array_new();
    for (GList *link = cache->order.head; link != NULL; link = link->next) {
        const Entry *entry = link->data;
        if (entry->expires > now) {
            g_ptr_array_add(entries, link->data);
        }
    }
    g_ptr_array_sort(entries, compare_entries);
    for (guint i = 0; i < entries->len; i++) {
        append_entry(entries->pdata[i], now, out);
    }
}
