#include "sim/network/tcp-private.h"

#define BACKLOG_DEFAULT 128

/* --- listeners --- */

SimTcpListener *tcp_find_listener(const SimHost *host, const SimAddress *address, guint16 port)
{
    for (SimTcpListener *found = host->listeners; found != NULL; found = found->next) {
        if (found->port == port && (found->address.family == SIM_FAMILY_NONE || address == NULL ||
                                    sim_address_equal(&found->address, address))) {
            return found;
        }
    }
    return NULL;
}

SimTcpListener *sim_tcp_listen(
    SimHost *host, const SimAddress *address, guint16 port, SimTcpAccept accept, gpointer data
)
{
    if (tcp_find_listener(host, address, port) != NULL) {
        return NULL;
    }
    SimTcpListener *listener = g_new0(SimTcpListener, 1);
    listener->host = host;
    listener->address = address == NULL ? SIM_ADDRESS_NONE : *address;
    listener->port = port;
    listener->backlog = BACKLOG_DEFAULT;
    listener->accept = accept;
    listener->data = data;
    listener->next = host->listeners;
    host->listeners = listener;
    return listener;
}

bool sim_tcp_is_listening(const SimHost *host, guint16 port)
{
    return tcp_find_listener(host, NULL, port) != NULL;
}

void sim_tcp_listener_set_backlog(SimTcpListener *listener, guint backlog)
{
    listener->backlog = backlog;
}

void sim_tcp_listener_free(SimTcpListener *listener)
{
    if (listener == NULL) {
        return;
    }
    SimTcpListener **place = &listener->host->listeners;
    while (*place != listener) {
        place = &(*place)->next;
    }
    *place = listener->next;
    /* Connections that were not yet handed over have lost who would have taken them. */
    SimTcp *next;
    for (SimTcp *tcp = listener->host->connections; tcp != NULL; tcp = next) {
        next = tcp->next;
        if (tcp->listener == listener) {
            tcp->listener = NULL;
            sim_tcp_abort(tcp);
        }
    }
    g_free(listener);
}

void tcp_listeners_free(SimHost *host)
{
    while (host->listeners != NULL) {
        sim_tcp_listener_free(host->listeners);
    }
}

void tcp_leave_listener(SimTcp *tcp)
{
    if (tcp->listener != NULL) {
        tcp->listener->half_open--;
        tcp->listener = NULL;
    }
}

void tcp_forget_connections(SimHost *host)
{
    while (host->connections != NULL) {
        tcp_finish(host->connections, SIM_TCP_ERROR_ABORTED);
    }
    tcp_table_forget_waits_of(host->world->tcp, host);
}

/* --- connecting --- */

/* A port whose last connection to the same place is in TIME-WAIT may serve again after a second,
 * when its timestamps tell old segments from new ones (RFC 6191). */
static bool is_port_free(const TcpKey *key)
{
    SimWorld *world = key->host->world;
    TcpEntry *entry = tcp_table_find(world->tcp, key);
    if (entry == NULL) {
        return true;
    }
    if (!entry->is_time_wait) {
        return false;
    }
    const TimeWait *record = (const TimeWait *)entry;
    return record->has_timestamps && key->host->tcp_options.has_timestamps &&
           world->now - record->began > SIM_SECOND;
}

static bool choose_port(TcpKey *key)
{
    for (guint tries = 0; tries <= EPHEMERAL_PORT_LAST - EPHEMERAL_PORT_FIRST; tries++) {
        key->local_port = host_next_port(key->host);
        if (tcp_find_listener(key->host, NULL, key->local_port) == NULL && is_port_free(key)) {
            return true;
        }
    }
    return false;
}

static bool choose_address(TcpKey *key, const IpPath *path, const SimAddress *from)
{
    const SimAddress *chosen = from;
    if (from == NULL) {
        chosen = sim_host_has_address(key->host, &key->remote)
                     ? &key->remote
                     : host_source_address(key->host, path->interface, &key->remote);
    }
    if (chosen == NULL || chosen->family != key->remote.family) {
        return false;
    }
    key->local = *chosen;
    return true;
}

/* A connection that fails before its first segment still tells so in the usual way; until then it
 * needs a place in the table that no real one can have. */
static SimTcp *fail_at_once(TcpKey *key)
{
    key->local_port = 0;
    key->local = SIM_ADDRESS_NONE;
    SimTcp *tcp = tcp_new(key->host, key);
    tcp_finish(tcp, SIM_TCP_ERROR_UNREACHABLE);
    return tcp;
}

SimTcp *sim_tcp_connect(
    SimHost *host,
    const SimAddress *address,
    guint16 port,
    const SimTcpHandlers *handlers,
    gpointer data
)
{
    return sim_tcp_connect_from(host, NULL, 0, address, port, handlers, data);
}

SimTcp *sim_tcp_connect_from(
    SimHost *host,
    const SimAddress *from,
    guint16 from_port,
    const SimAddress *address,
    guint16 port,
    const SimTcpHandlers *handlers,
    gpointer data
)
{
    g_assert(handlers != NULL);
    TcpKey key = {
        .host = host,
        .remote = *address,
        .local_port = from_port,
        .remote_port = port,
    };
    IpPath path = {0};
    bool is_possible = host->is_up && ip_find_path(host, address, &path) &&
                       choose_address(&key, &path, from) &&
                       (from_port == 0 ? choose_port(&key) : is_port_free(&key));
    SimTcp *tcp;
    if (is_possible) {
        TcpEntry *old = tcp_table_find(host->world->tcp, &key);
        if (old != NULL) {
            tcp_table_end_wait(host->world->tcp, (TimeWait *)old);
        }
        tcp = tcp_new(host, &key);
        tcp->path = path;
        tcp_congestion_init(tcp);
        tcp_set_state(tcp, SIM_TCP_SYN_SENT);
    } else {
        tcp = fail_at_once(&key);
    }
    sim_tcp_set_handlers(tcp, handlers, data);
    tcp_schedule(tcp);
    return tcp;
}
