#include "sim/network/internet.h"

#include "sim/network/octets.h"
#include "sim/network/route.h"

#define BACKBONE_DELAY (5 * SIM_MILLISECOND)
#define HOST_FIRST 10 /* the last part of the first host's address; the router's is 1 */
#define NETWORKS_MAX 65535

GQuark sim_internet_error_quark(void)
{
    return g_quark_from_static_string("mailwalk-internet");
}

typedef struct {
    SimAddress prefix;
    guint length; /* of the prefix */
    guint64 next; /* the next host's number within it */
} AddressBlock;

struct SimNetwork {
    SimInternet *internet;
    char *name;
    SimLink *lan;
    SimHost *router;
    AddressBlock ipv4;
    AddressBlock ipv6;
};

struct SimInternet {
    SimWorld *world;
    SimLink *backbone;
    SimRouteTable *routes;
    SimLinkSettings lan_settings;
    bool has_ipv4;
    bool has_ipv6;
    GPtrArray *networks;
    GHashTable *networks_by_name;
};

static void internet_free(gpointer data)
{
    SimInternet *internet = data;
    for (guint i = 0; i < internet->networks->len; i++) {
        SimNetwork *network = internet->networks->pdata[i];
        g_free(network->name);
        g_free(network);
    }
    g_ptr_array_unref(internet->networks);
    g_hash_table_unref(internet->networks_by_name);
    g_free(internet);
}

SimInternet *sim_internet_new(SimWorld *world)
{
    SimInternet *internet = g_new0(SimInternet, 1);
    internet->world = world;
    internet->lan_settings = sim_link_settings_default();
    internet->has_ipv4 = true;
    internet->has_ipv6 = true;
    internet->networks = g_ptr_array_new();
    internet->networks_by_name = g_hash_table_new(g_str_hash, g_str_equal);
    internet->routes = route_table_new(world);
    SimLinkSettings settings = sim_link_settings_default();
    settings.delay = BACKBONE_DELAY;
    internet->backbone = sim_link_new(world, "backbone", &settings);
    sim_link_set_preconfigured(internet->backbone, true);
    sim_world_add_cleanup(world, internet_free, internet);
    return internet;
}

SimWorld *sim_internet_world(const SimInternet *internet)
{
    return internet->world;
}

SimLink *sim_internet_backbone(const SimInternet *internet)
{
    return internet->backbone;
}

void sim_internet_set_lan(SimInternet *internet, const SimLinkSettings *settings)
{
    internet->lan_settings = *settings;
}

void sim_internet_set_backbone(SimInternet *internet, const SimLinkSettings *settings)
{
    sim_link_set_settings(internet->backbone, settings);
}

void sim_internet_set_families(SimInternet *internet, bool has_ipv4, bool has_ipv6)
{
    g_assert(has_ipv4 || has_ipv6);
    internet->has_ipv4 = has_ipv4;
    internet->has_ipv6 = has_ipv6;
}

/* --- addresses --- */

/* Blocks for documentation (RFC 5737) first, then for benchmarks (RFC 2544), then 10.0.0.0/8. */
static SimAddress ipv4_block(guint index)
{
    static const guint8 documentation[][3] = {{192, 0, 2}, {198, 51, 100}, {203, 0, 113}};
    if (index < G_N_ELEMENTS(documentation)) {
        const guint8 *block = documentation[index];
        return sim_address_ipv4(block[0], block[1], block[2], 0);
    }
    index -= (guint)G_N_ELEMENTS(documentation);
    if (index < 512) {
        return sim_address_ipv4(198, (guint8)(18 + index / 256), (guint8)index, 0);
    }
    index -= 512;
    return sim_address_ipv4(10, (guint8)(index >> 8), (guint8)index, 0);
}

static SimAddress ipv6_block(guint index)
{
    SimAddress block = {.family = SIM_FAMILY_IPV6, .octets = {0x20, 0x01, 0x0d, 0xb8}};
    put_16(block.octets + 4, (guint16)(index + 1));
    return block;
}

/* The address with that number inside the block. */
static SimAddress block_address(const AddressBlock *block, guint64 number)
{
    SimAddress address = block->prefix;
    gsize length = sim_address_length(&address);
    guint32 last = get_32(address.octets + length - 4);
    put_32(address.octets + length - 4, last + (guint32)number);
    return address;
}

static guint64 block_size(const AddressBlock *block)
{
    guint bits = (guint)(8 * sim_address_length(&block->prefix)) - block->length;
    return (guint64)1 << MIN(bits, 32);
}

static guint64 first_host(const AddressBlock *block)
{
    return block_size(block) > 2 * HOST_FIRST ? HOST_FIRST : 2;
}

static bool is_block_full(const AddressBlock *block)
{
    if (block->prefix.family == SIM_FAMILY_NONE) {
        return false;
    }
    /* The last address of an IPv4 network is its broadcast address. */
    return block->next + (block->prefix.family == SIM_FAMILY_IPV4) >= block_size(block);
}

/* --- networks --- */

static void add_router_address(SimNetwork *network, const AddressBlock *block, SimAddress carrier)
{
    if (block->prefix.family == SIM_FAMILY_NONE) {
        return;
    }
    SimHost *router = network->router;
    SimAddress inside = block_address(block, 1);
    sim_interface_add_address(sim_host_interface(router, 0), &inside, block->length);
    sim_interface_add_address(
        sim_host_interface(router, 1), &carrier, (guint)(8 * sim_address_length(&carrier))
    );
    route_table_add(network->internet->routes, &block->prefix, block->length, &carrier);
}

/* Routers know each other on the backbone by addresses that no host has. */
static SimAddress carrier_address(SimFamily family, guint index)
{
    if (family == SIM_FAMILY_IPV4) {
        return sim_address_ipv4(100, 64, (guint8)((index + 1) >> 8), (guint8)(index + 1));
    }
    SimAddress address = {
        .family = SIM_FAMILY_IPV6, .octets = {0x20, 0x01, 0x0d, 0xb8, 0xff, 0xff}};
    put_16(address.octets + 14, (guint16)(index + 1));
    return address;
}

static SimNetwork *add_network(
    SimInternet *internet, const char *name, const AddressBlock *ipv4, const AddressBlock *ipv6
)
{
    SimNetwork *network = g_new0(SimNetwork, 1);
    guint index = internet->networks->len;
    network->internet = internet;
    network->name = g_strdup(name);
    network->ipv4 = *ipv4;
    network->ipv6 = *ipv6;
    network->ipv4.next = first_host(&network->ipv4);
    network->ipv6.next = first_host(&network->ipv6);
    network->lan = sim_link_new(internet->world, name, &internet->lan_settings);
    g_autofree char *router_name = g_strconcat("router.", name, NULL);
    network->router = sim_host_new(internet->world, router_name);
    sim_host_set_forwarding(network->router, true);
    sim_host_attach(network->router, network->lan);
    SimInterface *outside = sim_host_attach(network->router, internet->backbone);
    add_router_address(network, &network->ipv4, carrier_address(SIM_FAMILY_IPV4, index));
    add_router_address(network, &network->ipv6, carrier_address(SIM_FAMILY_IPV6, index));
    host_set_carrier(network->router, internet->routes, outside);
    g_ptr_array_add(internet->networks, network);
    g_hash_table_insert(internet->networks_by_name, network->name, network);
    return network;
}

SimNetwork *sim_internet_network(SimInternet *internet, const char *name)
{
    SimNetwork *network = g_hash_table_lookup(internet->networks_by_name, name);
    if (network != NULL) {
        return network;
    }
    guint index = internet->networks->len;
    g_assert(index < NETWORKS_MAX);
    AddressBlock ipv4 = {.length = 24};
    AddressBlock ipv6 = {.length = 64};
    if (internet->has_ipv4) {
        ipv4.prefix = ipv4_block(index);
    }
    if (internet->has_ipv6) {
        ipv6.prefix = ipv6_block(index);
    }
    return add_network(internet, name, &ipv4, &ipv6);
}

static bool read_block(const char *text, SimFamily family, AddressBlock *out_block, GError **error)
{
    AddressBlock block = {0};
    if (text == NULL) {
        *out_block = block;
        return true;
    }
    if (!sim_address_parse_prefix(text, &block.prefix, &block.length) ||
        block.prefix.family != family || block.length > 8 * sim_address_length(&block.prefix) - 2) {
        g_set_error(
            error,
            SIM_INTERNET_ERROR,
            SIM_INTERNET_ERROR_ADDRESS,
            "\"%s\" is not a block of IPv%d addresses, such as %s",
            text,
            (int)family,
            family == SIM_FAMILY_IPV4 ? "192.0.2.0/24" : "2001:db8:1::/64"
        );
        return false;
    }
    *out_block = block;
    return true;
}

SimNetwork *sim_internet_add_network(
    SimInternet *internet,
    const char *name,
    const char *ipv4_prefix,
    const char *ipv6_prefix,
    GError **error
)
{
    AddressBlock ipv4;
    AddressBlock ipv6;
    if (g_hash_table_contains(internet->networks_by_name, name)) {
        g_set_error(
            error,
            SIM_INTERNET_ERROR,
            SIM_INTERNET_ERROR_NAME,
            "there are two networks named \"%s\"",
            name
        );
        return NULL;
    }
    if (!read_block(ipv4_prefix, SIM_FAMILY_IPV4, &ipv4, error) ||
        !read_block(ipv6_prefix, SIM_FAMILY_IPV6, &ipv6, error)) {
        return NULL;
    }
    return add_network(internet, name, &ipv4, &ipv6);
}

const char *sim_network_name(const SimNetwork *network)
{
    return network->name;
}

SimLink *sim_network_lan(const SimNetwork *network)
{
    return network->lan;
}

SimHost *sim_network_router(const SimNetwork *network)
{
    return network->router;
}

SimAddress sim_network_prefix(const SimNetwork *network, SimFamily family, guint *out_length)
{
    const AddressBlock *block = family == SIM_FAMILY_IPV6 ? &network->ipv6 : &network->ipv4;
    *out_length = block->length;
    return block->prefix;
}

guint sim_internet_network_count(const SimInternet *internet)
{
    return internet->networks->len;
}

SimNetwork *sim_internet_network_at(const SimInternet *internet, guint index)
{
    g_assert(index < internet->networks->len);
    return internet->networks->pdata[index];
}

/* --- hosts --- */

static void add_host_address(SimInterface *interface, const AddressBlock *block, SimAddress address)
{
    sim_interface_add_address(interface, &address, block->length);
    SimAddress everywhere = {.family = address.family};
    SimAddress router = block_address(block, 1);
    sim_host_add_route(sim_interface_host(interface), &everywhere, 0, interface, &router);
}

SimHost *sim_network_host(SimNetwork *network, const char *host_name)
{
    SimHost *host = sim_host_find(network->internet->world, host_name);
    if (host != NULL) {
        return host;
    }
    if (is_block_full(&network->ipv4) || is_block_full(&network->ipv6)) {
        return NULL;
    }
    host = sim_host_new(network->internet->world, host_name);
    SimInterface *interface = sim_host_attach(host, network->lan);
    AddressBlock *blocks[] = {&network->ipv4, &network->ipv6};
    for (guint i = 0; i < G_N_ELEMENTS(blocks); i++) {
        if (blocks[i]->prefix.family != SIM_FAMILY_NONE) {
            add_host_address(interface, blocks[i], block_address(blocks[i], blocks[i]->next++));
        }
    }
    return host;
}

static bool read_address(
    const SimNetwork *network,
    const char *text,
    const AddressBlock *block,
    SimAddress *out_address,
    GError **error
)
{
    *out_address = SIM_ADDRESS_NONE;
    if (text == NULL) {
        return true;
    }
    SimAddress address;
    if (!sim_address_parse(text, &address) || block->prefix.family != address.family ||
        !sim_address_in_prefix(&address, &block->prefix, block->length)) {
        g_set_error(
            error,
            SIM_INTERNET_ERROR,
            SIM_INTERNET_ERROR_ADDRESS,
            "\"%s\" is not an address of the network %s",
            text,
            network->name
        );
        return false;
    }
    *out_address = address;
    return true;
}

SimHost *sim_network_add_host(
    SimNetwork *network,
    const char *host_name,
    const char *ipv4_address,
    const char *ipv6_address,
    GError **error
)
{
    SimWorld *world = network->internet->world;
    SimAddress ipv4;
    SimAddress ipv6;
    if (sim_host_find(world, host_name) != NULL) {
        g_set_error(
            error,
            SIM_INTERNET_ERROR,
            SIM_INTERNET_ERROR_NAME,
            "there are two hosts named \"%s\"",
            host_name
        );
        return NULL;
    }
    if (!read_address(network, ipv4_address, &network->ipv4, &ipv4, error) ||
        !read_address(network, ipv6_address, &network->ipv6, &ipv6, error)) {
        return NULL;
    }
    SimHost *host = sim_host_new(world, host_name);
    SimInterface *interface = sim_host_attach(host, network->lan);
    if (ipv4.family != SIM_FAMILY_NONE) {
        add_host_address(interface, &network->ipv4, ipv4);
    }
    if (ipv6.family != SIM_FAMILY_NONE) {
        add_host_address(interface, &network->ipv6, ipv6);
    }
    return host;
}
