#include "tests/referee/sim-gateway.h"

#include <gio/gio.h>

#define MOMENT_US 2000

typedef struct {
    SimGateway *gateway;
    guint16 real_port;
} Door;

typedef struct {
    SimTcp *tcp; /* NULL: over */
    GSocketConnection *connection;
    GByteArray *heard; /* from the real server, not yet taken by the simulated connection */
    bool has_server_closed;
} Relay;

struct SimGateway {
    SimHost *host;
    GPtrArray *doors;  /* Door */
    GPtrArray *relays; /* Relay */
    gint64 turned_us;
};

static void free_relay(gpointer data)
{
    Relay *relay = data;
    if (relay->tcp != NULL) {
        sim_tcp_release(relay->tcp);
    }
    g_clear_object(&relay->connection);
    g_byte_array_unref(relay->heard);
    g_free(relay);
}

SimGateway *sim_gateway_new(SimHost *host)
{
    SimGateway *gateway = g_new0(SimGateway, 1);
    gateway->host = host;
    gateway->doors = g_ptr_array_new_with_free_func(g_free);
    gateway->relays = g_ptr_array_new_with_free_func(free_relay);
    gateway->turned_us = g_get_monotonic_time();
    return gateway;
}

void sim_gateway_free(SimGateway *gateway)
{
    if (gateway != NULL) {
        g_ptr_array_unref(gateway->relays);
        g_ptr_array_unref(gateway->doors);
        g_free(gateway);
    }
}

static void on_received(SimTcp *tcp, gpointer data)
{
    Relay *relay = data;
    ByteSpan octets = sim_tcp_peek(tcp);
    GOutputStream *stream = g_io_stream_get_output_stream(G_IO_STREAM(relay->connection));
    g_output_stream_write_all(stream, octets.data, octets.length, NULL, NULL, NULL);
    sim_tcp_consume(tcp, octets.length);
}

static void on_peer_closed(SimTcp *tcp, gpointer data)
{
    Relay *relay = data;
    on_received(tcp, relay);
    g_socket_shutdown(g_socket_connection_get_socket(relay->connection), FALSE, TRUE, NULL);
}

static void on_closed(SimTcp *tcp, SimTcpError error, gpointer data)
{
    Relay *relay = data;
    (void)tcp;
    (void)error;
    relay->tcp = NULL;
}

static const SimTcpHandlers handlers = {
    .received = on_received,
    .peer_closed = on_peer_closed,
    .closed = on_closed,
};

static void on_accept(SimTcp *tcp, gpointer data)
{
    const Door *door = data;
    g_autoptr(GSocketClient) client = g_socket_client_new();
    GSocketConnection *connection =
        g_socket_client_connect_to_host(client, "127.0.0.1", door->real_port, NULL, NULL);
    if (connection == NULL) {
        return; /* without handlers it is reset, as the real port would do it */
    }
    Relay *relay = g_new0(Relay, 1);
    relay->tcp = tcp;
    relay->connection = connection;
    relay->heard = g_byte_array_new();
    g_ptr_array_add(door->gateway->relays, relay);
    sim_tcp_set_handlers(tcp, &handlers, relay);
}

void sim_gateway_open(SimGateway *gateway, guint16 port, guint16 real_port)
{
    Door *door = g_new0(Door, 1);
    door->gateway = gateway;
    door->real_port = real_port;
    g_ptr_array_add(gateway->doors, door);
    sim_tcp_listen(gateway->host, NULL, port, on_accept, door);
}

static void hear(Relay *relay)
{
    guint8 piece[65536];
    GSocket *socket = g_socket_connection_get_socket(relay->connection);
    while (!relay->has_server_closed && relay->heard->len < sizeof piece &&
           (g_socket_condition_check(socket, G_IO_IN | G_IO_HUP) & (G_IO_IN | G_IO_HUP)) != 0) {
        gssize length = g_socket_receive(socket, (char *)piece, sizeof piece, NULL, NULL);
        if (length > 0) {
            g_byte_array_append(relay->heard, piece, (guint)length);
        }
        relay->has_server_closed = length <= 0;
    }
}

static void pass_on(Relay *relay)
{
    gsize taken = sim_tcp_send(relay->tcp, byte_span(relay->heard->data, relay->heard->len));
    if (taken > 0) {
        g_byte_array_remove_range(relay->heard, 0, (guint)taken);
    }
    if (relay->has_server_closed && relay->heard->len == 0) {
        sim_tcp_close(relay->tcp);
    }
}

void sim_gateway_turn(SimGateway *gateway)
{
    SimWorld *world = sim_host_world(gateway->host);
    for (guint i = gateway->relays->len; i > 0; i--) {
        Relay *relay = gateway->relays->pdata[i - 1];
        if (relay->tcp == NULL) {
            g_ptr_array_remove_index(gateway->relays, i - 1);
            continue;
        }
        hear(relay);
        pass_on(relay);
    }
    g_usleep(MOMENT_US);
    gint64 now = g_get_monotonic_time();
    SimTime passed = (SimTime)(now - gateway->turned_us) * SIM_MICROSECOND;
    gateway->turned_us = now;
    sim_world_run_until(world, sim_world_now(world) + passed);
}
