#include "sim/naming/naming-internet.h"

struct NamingInternet {
    SimInternet *internet;
    NamingTree *tree;
    GHashTable *servers;   /* DnsServerHost by the host's name */
    GHashTable *resolvers; /* ResolverHost by the network's name */
    GHashTable *stubs;     /* HostResolver by its SimHost */
};

static void naming_free(gpointer pointer)
{
    NamingInternet *naming = pointer;
    g_hash_table_destroy(naming->servers);
    g_hash_table_destroy(naming->resolvers);
    g_hash_table_destroy(naming->stubs);
    naming_tree_free(naming->tree);
    g_free(naming);
}

/* "ns1.hamburger.edu" stands on the network "hamburger.edu", "a.nic.fr" on "nic.fr". */
static SimNetwork *network_of(NamingInternet *naming, const char *host_name)
{
    DnsName name;
    DnsName domain;
    bool is_name = dns_name_from_text(host_name, &name);
    g_assert(is_name);
    dns_name_suffix(&name, 2, &domain);
    g_autofree char *network = dns_name_to_plain_string(&domain);
    return sim_internet_network(naming->internet, network);
}

/* The address of one family as text, or NULL. */
static const char *
address_text(const NamingServer *server, SimFamily family, char room[SIM_ADDRESS_TEXT_SIZE])
{
    for (guint i = 0; i < server->addresses->len; i++) {
        const SimAddress *address = &g_array_index(server->addresses, SimAddress, i);
        if (address->family == family) {
            return sim_address_format(address, room);
        }
    }
    return NULL;
}

static SimHost *make_host(NamingInternet *naming, const NamingServer *server, GError **error)
{
    SimWorld *world = sim_internet_world(naming->internet);
    SimNetwork *network = network_of(naming, server->name);
    SimHost *host = sim_host_find(world, server->name);
    char ipv4[SIM_ADDRESS_TEXT_SIZE];
    char ipv6[SIM_ADDRESS_TEXT_SIZE];
    if (host != NULL) {
        return host;
    }
    if (server->addresses->len > 0) {
        return sim_network_add_host(
            network,
            server->name,
            address_text(server, SIM_FAMILY_IPV4, ipv4),
            address_text(server, SIM_FAMILY_IPV6, ipv6),
            error
        );
    }
    host = sim_network_host(network, server->name);
    if (host == NULL) {
        g_set_error(
            error,
            DNS_ZONE_ERROR,
            DNS_ZONE_ERROR_TOO_MANY,
            "%s: no address is left on its network",
            server->name
        );
    }
    return host;
}

static void adopt_host_addresses(NamingServer *server, const SimHost *host)
{
    static const SimFamily families[] = {SIM_FAMILY_IPV4, SIM_FAMILY_IPV6};
    for (gsize i = 0; i < G_N_ELEMENTS(families) && server->addresses->len < 2; i++) {
        const SimAddress *address = sim_host_address(host, families[i]);
        bool is_known = false;
        for (guint j = 0; address != NULL && j < server->addresses->len; j++) {
            is_known |=
                sim_address_equal(&g_array_index(server->addresses, SimAddress, j), address);
        }
        if (address != NULL && !is_known) {
            g_array_append_val(server->addresses, *address);
        }
    }
}

/* The root's server serves the reverse tree too, as nobody else would. */
static const char *server_name_for(const DnsName *origin, char **room)
{
    DnsName arpa;
    bool is_name = dns_name_from_text("arpa", &arpa);
    g_assert(is_name);
    *room = naming_tree_server_name(dns_name_is_under(origin, &arpa) ? &dns_root : origin);
    return *room;
}

static bool serve_all_zones(NamingInternet *naming, GError **error)
{
    naming_tree_zone(naming->tree, "in-addr.arpa");
    naming_tree_zone(naming->tree, "ip6.arpa");
    naming_tree_adopt_servers(naming->tree);
    g_autoptr(GPtrArray) zones = naming_tree_unserved(naming->tree);
    for (guint i = 0; i < zones->len; i++) {
        const DnsName *origin = dns_zone_origin(zones->pdata[i]);
        g_autofree char *origin_text = dns_name_to_string(origin);
        g_autofree char *room = NULL;
        if (!naming_tree_add_server(
                naming->tree, origin_text, server_name_for(origin, &room), NULL, error
            )) {
            return false;
        }
    }
    return true;
}

static bool start_servers(NamingInternet *naming, GError **error)
{
    for (gsize i = 0; i < naming_tree_server_count(naming->tree); i++) {
        NamingServer *server = (NamingServer *)naming_tree_server_at(naming->tree, i);
        SimHost *host = make_host(naming, server, error);
        if (host == NULL) {
            return false;
        }
        adopt_host_addresses(server, host);
        DnsServerHost *started = dns_server_host_start(host, server->server);
        if (started == NULL) {
            g_set_error(
                error,
                DNS_ZONE_ERROR,
                DNS_ZONE_ERROR_TOO_MANY,
                "%s: port 53 is taken on this host",
                server->name
            );
            return false;
        }
        g_hash_table_insert(naming->servers, server->name, started);
    }
    return true;
}

NamingInternet *naming_internet_new(SimInternet *internet, NamingTree *tree, GError **error)
{
    NamingInternet *naming = g_new0(NamingInternet, 1);
    naming->internet = internet;
    naming->tree = tree;
    naming->servers = g_hash_table_new(g_str_hash, g_str_equal);
    naming->resolvers = g_hash_table_new(g_str_hash, g_str_equal);
    naming->stubs = g_hash_table_new(NULL, NULL);
    /* Registered first, so freed after the services that use the tree. */
    sim_world_add_cleanup(sim_internet_world(internet), naming_free, naming);
    if (!serve_all_zones(naming, error) || !start_servers(naming, error) ||
        !naming_tree_complete(tree, error)) {
        return NULL;
    }
    return naming;
}

NamingTree *naming_internet_tree(NamingInternet *naming)
{
    return naming->tree;
}

bool naming_internet_name_host(
    NamingInternet *naming, const char *name, const SimHost *host, GError **error
)
{
    static const SimFamily families[] = {SIM_FAMILY_IPV4, SIM_FAMILY_IPV6};
    for (gsize i = 0; i < G_N_ELEMENTS(families); i++) {
        const SimAddress *address = sim_host_address(host, families[i]);
        if (address != NULL && !naming_tree_add_host(naming->tree, name, address, error)) {
            return false;
        }
    }
    return true;
}

ResolverHost *naming_internet_resolver(NamingInternet *naming, SimNetwork *network)
{
    const char *name = sim_network_name(network);
    ResolverHost *resolver = g_hash_table_lookup(naming->resolvers, name);
    if (resolver != NULL) {
        return resolver;
    }
    g_autofree char *host_name = g_strconcat("dns.", name, NULL);
    SimHost *host = sim_network_host(network, host_name);
    if (host == NULL) {
        return NULL;
    }
    g_autoptr(GArray) hints = naming_tree_hints(naming->tree);
    DnsResolverOptions options = {
        .hints = (const DnsHint *)(gpointer)hints->data,
        .n_hints = hints->len,
        .uses_edns = true,
        .cache_entries = DNS_CACHE_ENTRIES,
    };
    resolver = resolver_host_start(host, &options);
    g_assert(resolver != NULL);
    g_hash_table_insert(naming->resolvers, (gpointer)name, resolver);
    return resolver;
}

/* The resolver's first address that this host can reach. */
static bool forwarder_for(const SimHost *host, const SimHost *server, SimAddress *out_address)
{
    static const SimFamily families[] = {SIM_FAMILY_IPV4, SIM_FAMILY_IPV6};
    for (gsize i = 0; i < G_N_ELEMENTS(families); i++) {
        const SimAddress *address = sim_host_address(server, families[i]);
        if (address != NULL && sim_host_address(host, families[i]) != NULL) {
            *out_address = *address;
            return true;
        }
    }
    return false;
}

HostResolver *naming_internet_stub(NamingInternet *naming, SimHost *host, SimNetwork *network)
{
    HostResolver *stub = g_hash_table_lookup(naming->stubs, host);
    ResolverHost *resolver = naming_internet_resolver(naming, network);
    SimAddress forwarder;
    if (stub != NULL) {
        return stub;
    }
    if (resolver == NULL ||
        !forwarder_for(host, host_resolver_host(resolver_host_resolver(resolver)), &forwarder)) {
        return NULL;
    }
    DnsResolverOptions options = {.forwarders = &forwarder, .n_forwarders = 1};
    stub = host_resolver_new(host, &options);
    g_hash_table_insert(naming->stubs, host, stub);
    return stub;
}

DnsServerHost *naming_internet_server(NamingInternet *naming, const char *name)
{
    const NamingServer *server = naming_tree_server(naming->tree, name);
    return server == NULL ? NULL : g_hash_table_lookup(naming->servers, server->name);
}
