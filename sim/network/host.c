#include "sim/network/host.h"

#include "sim/network/host-private.h"
#include "sim/network/icmp.h"
#include "sim/network/ip.h"
#include "sim/network/link-private.h"
#include "sim/network/tcp-private.h"

#define TTL_DEFAULT 64

SimHost *sim_host_new(SimWorld *world, const char *name)
{
    g_assert(sim_host_find(world, name) == NULL);
    SimHost *host = g_new0(SimHost, 1);
    host->world = world;
    host->name = g_strdup(name);
    host->ttl = TTL_DEFAULT;
    host->is_up = true;
    host->generation = 1;
    g_ptr_array_add(world->hosts, host);
    host->number = world->hosts->len;
    g_hash_table_insert(world->hosts_by_name, host->name, host);
    tcp_options_init(&host->tcp_options);
    return host;
}

static void interface_free(SimInterface *interface)
{
    SimWorld *world = interface->host->world;
    sim_timer_cancel(&interface->arrival);
    frame_free_list(world, interface->first_frame);
    neighbour_table_clear(world, &interface->neighbours);
    g_free(interface);
}

void host_free(SimHost *host)
{
    tcp_listeners_free(host);
    ip_forget_datagrams(host);
    for (guint i = 0; i < host->interface_count; i++) {
        interface_free(host->interfaces[i]);
    }
    if (host->loopback != NULL) {
        interface_free(host->loopback);
    }
    tap_list_free(host->taps);
    route_list_clear(&host->routes);
    g_clear_pointer(&host->port_policies, g_array_unref);
    g_clear_pointer(&host->path_mtus, g_hash_table_unref);
    g_clear_pointer(&host->watches, g_array_unref);
    g_free((RouteCarrier *)host->carrier);
    g_free(host->route_cache);
    g_free(host->interfaces);
    g_free(host->name);
    g_free(host);
}

SimHost *sim_host_find(const SimWorld *world, const char *name)
{
    return g_hash_table_lookup(world->hosts_by_name, name);
}

SimHost *sim_host_by_address(const SimWorld *world, const SimAddress *address)
{
    bool is_everywhere = sim_address_is_loopback(address);
    for (guint i = 0; !is_everywhere && i < world->hosts->len; i++) {
        SimHost *host = g_ptr_array_index(world->hosts, i);
        if (sim_host_has_address(host, address)) {
            return host;
        }
    }
    return NULL;
}

const char *sim_host_name(const SimHost *host)
{
    return host->name;
}

SimWorld *sim_host_world(const SimHost *host)
{
    return host->world;
}

guint sim_host_number(const SimHost *host)
{
    return host->number;
}

void sim_host_set_data(SimHost *host, gpointer data)
{
    host->data = data;
}

gpointer sim_host_data(const SimHost *host)
{
    return host->data;
}

/* --- interfaces and addresses --- */

static SimInterface *interface_new(SimHost *host, SimLink *link)
{
    SimInterface *interface = g_new0(SimInterface, 1);
    interface->host = host;
    interface->link = link;
    sim_timer_init(&interface->arrival, host->world, link_arrival, interface);
    interface->arrival.is_arrival = true;
    return interface;
}

SimInterface *sim_host_attach(SimHost *host, SimLink *link)
{
    SimInterface *interface = interface_new(host, link);
    /* 02: an address given out locally and not by a maker of hardware. */
    interface->mac = (SimMac){
        .octets =
            {
                0x02,
                0x00,
                (guint8)host->interface_count,
                (guint8)(host->number >> 16),
                (guint8)(host->number >> 8),
                (guint8)host->number,
            },
    };
    host->interfaces = g_renew(SimInterface *, host->interfaces, host->interface_count + 1);
    host->interfaces[host->interface_count++] = interface;
    link_add_member(link, interface);
    return interface;
}

guint sim_host_interface_count(const SimHost *host)
{
    return host->interface_count;
}

SimInterface *sim_host_interface(const SimHost *host, guint index)
{
    g_assert(index < host->interface_count);
    return host->interfaces[index];
}

SimHost *sim_interface_host(const SimInterface *interface)
{
    return interface->host;
}

SimLink *sim_interface_link(const SimInterface *interface)
{
    return interface->link;
}

SimMac sim_interface_mac(const SimInterface *interface)
{
    return interface->mac;
}

void sim_interface_set_mac(SimInterface *interface, SimMac mac)
{
    interface->mac = mac;
    link_add_member(interface->link, interface);
}

void sim_interface_add_address(
    SimInterface *interface, const SimAddress *address, guint prefix_length
)
{
    g_assert(interface->address_count < SIM_INTERFACE_ADDRESSES_MAX);
    g_assert(prefix_length <= 8 * sim_address_length(address));
    guint index = interface->address_count++;
    interface->addresses[index] = *address;
    interface->prefix_lengths[index] = (guint8)prefix_length;
    link_add_address(interface->link, address, interface);
    SimAddress prefix = sim_address_mask(address, prefix_length);
    sim_host_add_route(interface->host, &prefix, prefix_length, interface, NULL);
}

const SimAddress *sim_host_address(const SimHost *host, SimFamily family)
{
    for (guint i = 0; i < host->interface_count; i++) {
        const SimInterface *interface = host->interfaces[i];
        for (guint j = 0; j < interface->address_count; j++) {
            if (interface->addresses[j].family == family) {
                return &interface->addresses[j];
            }
        }
    }
    return NULL;
}

bool sim_host_has_address(const SimHost *host, const SimAddress *address)
{
    for (guint i = 0; i < host->interface_count; i++) {
        const SimInterface *interface = host->interfaces[i];
        for (guint j = 0; j < interface->address_count; j++) {
            if (sim_address_equal(&interface->addresses[j], address)) {
                return true;
            }
        }
    }
    return sim_address_is_loopback(address);
}

void sim_host_add_route(
    SimHost *host,
    const SimAddress *prefix,
    guint prefix_length,
    SimInterface *interface,
    const SimAddress *next_hop
)
{
    Route route = {
        .prefix = *prefix,
        .length = (guint8)prefix_length,
        .interface = interface,
        .next_hop = next_hop == NULL ? SIM_ADDRESS_NONE : *next_hop,
    };
    route_list_add(&host->routes, &route);
    host->generation++;
}

SimInterface *host_loopback(SimHost *host)
{
    if (host->loopback == NULL) {
        if (host->world->loopback == NULL) {
            host->world->loopback = link_new_loopback(host->world);
        }
        host->loopback = interface_new(host, host->world->loopback);
        host->loopback->address_count = 2;
        host->loopback->addresses[0] = sim_address_ipv4(127, 0, 0, 1);
        host->loopback->addresses[1] =
            (SimAddress){.family = SIM_FAMILY_IPV6, .octets = {[15] = 1}};
    }
    return host->loopback;
}

const SimAddress *
host_source_address(const SimHost *host, SimInterface *interface, const SimAddress *destination)
{
    for (guint i = 0; i < interface->address_count; i++) {
        if (interface->addresses[i].family == destination->family) {
            return &interface->addresses[i];
        }
    }
    return sim_host_address(host, destination->family);
}

/* --- settings --- */

void sim_host_set_forwarding(SimHost *host, bool is_forwarding)
{
    host->is_forwarding = is_forwarding;
}

void sim_host_set_ttl(SimHost *host, guint8 ttl)
{
    g_assert(ttl > 0);
    host->ttl = ttl;
}

SimTcpOptions *sim_host_tcp_options(SimHost *host)
{
    return &host->tcp_options;
}

void sim_host_set_up(SimHost *host, bool is_up)
{
    if (host->is_up == is_up) {
        return;
    }
    host->is_up = is_up;
    sim_world_emit(
        host->world, host, WORLD_EVENT_HOST, "%s is %s", host->name, is_up ? "up" : "down"
    );
    if (!is_up) {
        tcp_forget_connections(host);
        ip_forget_datagrams(host);
        for (guint i = 0; i < host->interface_count; i++) {
            neighbour_table_clear(host->world, &host->interfaces[i]->neighbours);
        }
        host->generation++;
    }
    for (guint i = 0; host->watches != NULL && i < host->watches->len; i++) {
        HostWatch entry = g_array_index(host->watches, HostWatch, i);
        entry.watch(host, entry.data);
    }
}

void sim_host_add_watch(SimHost *host, SimHostWatch watch, gpointer data)
{
    HostWatch entry = {.watch = watch, .data = data};
    if (host->watches == NULL) {
        host->watches = g_array_new(FALSE, FALSE, sizeof(HostWatch));
    }
    g_array_append_val(host->watches, entry);
}

void sim_host_remove_watch(SimHost *host, gpointer data)
{
    for (guint i = host->watches == NULL ? 0 : host->watches->len; i > 0; i--) {
        if (g_array_index(host->watches, HostWatch, i - 1).data == data) {
            g_array_remove_index(host->watches, i - 1);
        }
    }
}

bool sim_host_is_up(const SimHost *host)
{
    return host->is_up;
}

void sim_host_set_port_policy(SimHost *host, guint16 port, SimPortPolicy policy)
{
    if (host->port_policies == NULL) {
        host->port_policies = g_array_new(FALSE, FALSE, sizeof(PortPolicy));
    }
    for (guint i = 0; i < host->port_policies->len; i++) {
        PortPolicy *entry = &g_array_index(host->port_policies, PortPolicy, i);
        if (entry->port == port) {
            entry->policy = (guint8)policy;
            return;
        }
    }
    PortPolicy entry = {.port = port, .policy = (guint8)policy};
    g_array_append_val(host->port_policies, entry);
}

SimPortPolicy host_port_policy(const SimHost *host, guint16 port)
{
    for (guint i = 0; host->port_policies != NULL && i < host->port_policies->len; i++) {
        const PortPolicy *entry = &g_array_index(host->port_policies, PortPolicy, i);
        if (entry->port == port) {
            return (SimPortPolicy)entry->policy;
        }
    }
    return SIM_PORT_OPEN;
}

guint16 host_next_port(SimHost *host)
{
    if (host->next_port == 0) {
        g_autofree char *name = g_strconcat("port ", host->name, NULL);
        SimRandom random;
        sim_world_random(host->world, name, &random);
        guint64 count = EPHEMERAL_PORT_LAST - EPHEMERAL_PORT_FIRST + 1;
        host->next_port = (guint16)(EPHEMERAL_PORT_FIRST + sim_random_below(&random, count));
    }
    guint16 port = host->next_port;
    host->next_port = (guint16)(port == EPHEMERAL_PORT_LAST ? EPHEMERAL_PORT_FIRST : port + 1);
    return port;
}

/* --- frames --- */

void host_drop(SimHost *host, Frame *frame, const char *reason)
{
    SimWorld *world = host->world;
    if (sim_world_is_observed(world)) {
        g_autofree char *text = g_strdup_printf(
            "%s drops frame %" G_GUINT64_FORMAT ": %s", host->name, frame->number, reason
        );
        WorldEventField field = {.name = "reason", .value = reason};
        sim_world_emit_event(
            world,
            (WorldEvent){
                .kind = WORLD_EVENT_FRAME_DROPPED,
                .host = host,
                .frame = frame->number,
                .text = text,
                .fields = &field,
                .field_count = 1,
            }
        );
    }
    frame_free(world, frame);
}

gsize sim_host_memory(const SimHost *host)
{
    gsize octets = sizeof *host + strlen(host->name) + 1 + host->routes.count * sizeof(Route) +
                   host->interface_count * (sizeof(SimInterface) + sizeof(SimInterface *));
    for (guint i = 0; i < host->interface_count; i++) {
        octets += neighbour_table_memory(&host->interfaces[i]->neighbours);
    }
    octets += host->loopback == NULL ? 0 : sizeof(SimInterface);
    octets += host->carrier == NULL ? 0 : sizeof *host->carrier;
    octets += host->route_cache == NULL ? 0 : ROUTE_CACHE_SIZE * sizeof *host->route_cache;
    return octets;
}
