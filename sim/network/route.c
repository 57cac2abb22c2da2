#include "sim/network/route.h"

#include "sim/network/host-private.h"

void route_list_add(RouteList *list, const Route *route)
{
    list->routes = g_renew(Route, list->routes, list->count + 1);
    guint index = list->count++;
    while (index > 0 && list->routes[index - 1].length < route->length) {
        list->routes[index] = list->routes[index - 1];
        index--;
    }
    list->routes[index] = *route;
}

void route_list_clear(RouteList *list)
{
    g_clear_pointer(&list->routes, g_free);
    list->count = 0;
}

/* --- the shared table --- */

typedef struct {
    SimAddress prefix;
    guint8 length;
    SimAddress next_hop;
} TableEntry;

struct SimRouteTable {
    TableEntry *entries; /* open addressing; a family of NONE: empty */
    guint capacity;      /* a power of two */
    guint count;
    guint32 generation;      /* changes with every entry */
    guint32 lengths_ipv4[2]; /* prefix lengths in use, as bits */
    guint32 lengths_ipv6[5];
};

SimRouteTable *route_table_new(SimWorld *world)
{
    SimRouteTable *table = g_new0(SimRouteTable, 1);
    table->capacity = 64;
    table->entries = g_new0(TableEntry, table->capacity);
    g_ptr_array_add(world->route_tables, table);
    return table;
}

void route_table_free(SimRouteTable *table)
{
    g_free(table->entries);
    g_free(table);
}

static guint32 hash_prefix(const SimAddress *prefix, guint length)
{
    guint32 words[4];
    memcpy(words, prefix->octets, sizeof words);
    guint64 hash = length + 1;
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        hash = (hash ^ words[i]) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    return (guint32)hash;
}

static TableEntry *find_entry(const SimRouteTable *table, const SimAddress *prefix, guint length)
{
    guint index = hash_prefix(prefix, length) & (table->capacity - 1);
    for (;;) {
        TableEntry *entry = &table->entries[index];
        if (entry->prefix.family == SIM_FAMILY_NONE ||
            (entry->length == length && sim_address_equal(&entry->prefix, prefix))) {
            return entry;
        }
        index = (index + 1) & (table->capacity - 1);
    }
}

static void grow_table(SimRouteTable *table)
{
    TableEntry *old = table->entries;
    guint old_capacity = table->capacity;
    table->capacity *= 2;
    table->entries = g_new0(TableEntry, table->capacity);
    for (guint i = 0; i < old_capacity; i++) {
        if (old[i].prefix.family != SIM_FAMILY_NONE) {
            *find_entry(table, &old[i].prefix, old[i].length) = old[i];
        }
    }
    g_free(old);
}

void route_table_add(
    SimRouteTable *table, const SimAddress *prefix, guint length, const SimAddress *next_hop
)
{
    if (2 * table->count >= table->capacity) {
        grow_table(table);
    }
    TableEntry *entry = find_entry(table, prefix, length);
    if (entry->prefix.family == SIM_FAMILY_NONE) {
        table->count++;
    }
    table->generation++;
    *entry = (TableEntry){.prefix = *prefix, .length = (guint8)length, .next_hop = *next_hop};
    guint32 *lengths =
        prefix->family == SIM_FAMILY_IPV6 ? table->lengths_ipv6 : table->lengths_ipv4;
    lengths[length / 32] |= 1u << (length % 32);
}

static bool
table_find(const SimRouteTable *table, const SimAddress *destination, SimAddress *out_next_hop)
{
    bool is_ipv6 = destination->family == SIM_FAMILY_IPV6;
    const guint32 *lengths = is_ipv6 ? table->lengths_ipv6 : table->lengths_ipv4;
    for (guint length = is_ipv6 ? 129 : 33; length-- > 0;) {
        if ((lengths[length / 32] >> (length % 32) & 1) == 0) {
            continue;
        }
        SimAddress prefix = sim_address_mask(destination, length);
        const TableEntry *entry = find_entry(table, &prefix, length);
        if (entry->prefix.family != SIM_FAMILY_NONE) {
            *out_next_hop = entry->next_hop;
            return true;
        }
    }
    return false;
}

void host_set_carrier(SimHost *host, SimRouteTable *table, SimInterface *interface)
{
    RouteCarrier *carrier = g_new(RouteCarrier, 1);
    *carrier = (RouteCarrier){.table = table, .interface = interface};
    g_free((RouteCarrier *)host->carrier);
    host->carrier = carrier;
    host->generation++;
}

bool host_find_route(
    const SimHost *host,
    const SimAddress *destination,
    SimInterface **out_interface,
    SimAddress *out_next_hop
)
{
    const Route *found = NULL;
    for (guint i = 0; i < host->routes.count && found == NULL; i++) {
        const Route *route = &host->routes.routes[i];
        if (sim_address_in_prefix(destination, &route->prefix, route->length)) {
            found = route;
        }
    }
    /* Own routes come before the backbone's table, but for a default route. */
    if (host->carrier != NULL && (found == NULL || found->length == 0)) {
        SimAddress next_hop;
        if (table_find(host->carrier->table, destination, &next_hop)) {
            *out_interface = host->carrier->interface;
            *out_next_hop = next_hop;
            return true;
        }
    }
    if (found == NULL) {
        return false;
    }
    *out_interface = found->interface;
    *out_next_hop = found->next_hop.family == SIM_FAMILY_NONE ? *destination : found->next_hop;
    return true;
}

const RouteCacheEntry *host_find_way(SimHost *host, const SimAddress *destination)
{
    if (host->route_cache == NULL) {
        host->route_cache = g_new0(RouteCacheEntry, ROUTE_CACHE_SIZE);
    }
    gsize last = sim_address_length(destination) - 1;
    guint8 mixed = (guint8
    )(destination->octets[last] + 7 * destination->octets[last - 1] +
      3 * destination->octets[last - 2]);
    RouteCacheEntry *entry = &host->route_cache[mixed % ROUTE_CACHE_SIZE];
    guint32 table_generation = host->carrier == NULL ? 0 : host->carrier->table->generation;
    if (entry->generation == host->generation && entry->table_generation == table_generation &&
        sim_address_equal(&entry->destination, destination)) {
        return entry;
    }
    SimInterface *interface;
    SimAddress next_hop;
    if (!host_find_route(host, destination, &interface, &next_hop)) {
        return NULL;
    }
    *entry = (RouteCacheEntry){
        .destination = *destination,
        .generation = host->generation,
        .table_generation = table_generation,
        .interface = interface,
        .neighbour = neighbour_get(interface, &next_hop),
    };
    return entry;
}
