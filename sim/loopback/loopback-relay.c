#include "sim/loopback/loopback-relay.h"

#include "protocol/text/byte-buffer.h"

#define PENDING_MAXIMUM (2 * LOOPBACK_READ_PIECE)

typedef struct {
    LoopbackRelays *relays;
    const LoopbackRelayPath *path;
    LoopbackLink *link; /* NULL: the client has gone */
    SimTcp *tcp;        /* NULL: the connection in the world is over */
    ByteBuffer pending; /* from the client, not yet taken by the world */
    ByteBuffer left;    /* from the world, when its connection is over */
    bool has_spoken;
    bool has_client_closed;
    bool has_server_closed;
    bool is_broken;
} Relay;

struct LoopbackRelays {
    GHashTable *open; /* set of Relay */
};

static void free_relay(gpointer data)
{
    Relay *relay = data;
    if (relay->tcp != NULL) {
        sim_tcp_release(relay->tcp);
    }
    byte_buffer_clear(&relay->pending);
    byte_buffer_clear(&relay->left);
    g_free(relay);
}

LoopbackRelays *loopback_relays_new(void)
{
    LoopbackRelays *relays = g_new0(LoopbackRelays, 1);
    relays->open = g_hash_table_new_full(NULL, NULL, free_relay, NULL);
    return relays;
}

void loopback_relays_free(LoopbackRelays *relays)
{
    if (relays != NULL) {
        g_hash_table_unref(relays->open);
        g_free(relays);
    }
}

/* It lives as long as one of its two ends. */
static void look_whether_over(Relay *relay)
{
    if (relay->link == NULL && relay->tcp == NULL) {
        g_hash_table_remove(relay->relays->open, relay);
    }
}

static void wake_link(const Relay *relay)
{
    if (relay->link != NULL) {
        loopback_link_carrier.wake(relay->link);
    }
}

/* --- into the world --- */

static void push(Relay *relay)
{
    if (relay->tcp == NULL) {
        byte_buffer_reset(&relay->pending); /* nobody is there who would read it */
        return;
    }
    gsize taken = sim_tcp_send(relay->tcp, byte_buffer_span(&relay->pending));
    byte_buffer_consume(&relay->pending, taken);
    /* RFC 9293 §3.10.4: closed before it stands, a connection is given up with all it was to send.
     */
    bool stands = sim_tcp_state(relay->tcp) != SIM_TCP_SYN_SENT;
    if (stands && relay->has_client_closed && byte_buffer_length(&relay->pending) == 0) {
        sim_tcp_close(relay->tcp);
    }
}

static void on_received(SimTcp *tcp, gpointer data)
{
    (void)tcp;
    wake_link(data);
}

static void on_writable(SimTcp *tcp, gpointer data)
{
    Relay *relay = data;
    (void)tcp;
    push(relay);
    wake_link(relay);
}

static void on_peer_closed(SimTcp *tcp, gpointer data)
{
    Relay *relay = data;
    (void)tcp;
    relay->has_server_closed = true;
    wake_link(relay);
}

static void on_closed(SimTcp *tcp, SimTcpError error, gpointer data)
{
    Relay *relay = data;
    bool is_kept = byte_buffer_append(&relay->left, sim_tcp_peek(tcp));
    g_assert(is_kept); /* no more than a receive buffer */
    relay->tcp = NULL;
    relay->is_broken = error != SIM_TCP_ERROR_NONE;
    relay->has_server_closed = true;
    wake_link(relay);
    look_whether_over(relay);
}

static const SimTcpHandlers handlers = {
    .connected = on_writable,
    .received = on_received,
    .writable = on_writable,
    .peer_closed = on_peer_closed,
    .closed = on_closed,
};

/* --- what the link asks --- */

static void receive(gpointer owner, ByteSpan octets)
{
    Relay *relay = owner;
    relay->has_spoken = relay->has_spoken || octets.length > 0;
    bool is_kept = byte_buffer_append(&relay->pending, octets);
    g_assert(is_kept); /* else is_busy() was true */
    push(relay);
}

static ByteSpan output(gpointer owner)
{
    const Relay *relay = owner;
    return relay->tcp != NULL ? sim_tcp_peek(relay->tcp) : byte_buffer_span(&relay->left);
}

static void consume(gpointer owner, gsize length)
{
    Relay *relay = owner;
    if (relay->tcp != NULL) {
        sim_tcp_consume(relay->tcp, length);
    } else {
        byte_buffer_consume(&relay->left, length);
    }
}

static bool wants_close(gpointer owner)
{
    return ((const Relay *)owner)->has_server_closed;
}

static bool wants_break(gpointer owner)
{
    return ((const Relay *)owner)->is_broken;
}

static bool is_busy(gpointer owner)
{
    return byte_buffer_length(&((const Relay *)owner)->pending) >= LOOPBACK_READ_PIECE;
}

static void client_closed(gpointer owner)
{
    Relay *relay = owner;
    relay->has_client_closed = true;
    push(relay);
}

static void ended(gpointer owner, SimTcpError error)
{
    Relay *relay = owner;
    relay->link = NULL;
    if (relay->tcp != NULL && error == SIM_TCP_ERROR_NONE) {
        sim_tcp_consume(relay->tcp, sim_tcp_peek(relay->tcp).length);
        sim_tcp_release(g_steal_pointer(&relay->tcp));
    } else if (relay->tcp != NULL) {
        sim_tcp_abort(relay->tcp);
    }
    if (relay->has_spoken && relay->path->spoken != NULL) {
        relay->path->spoken(relay->path->data);
    }
    look_whether_over(relay);
}

const AgentLinkOwner loopback_relay_owner = {
    .receive = receive,
    .output = output,
    .consume = consume,
    .wants_close = wants_close,
    .wants_break = wants_break,
    .ended = ended,
    .is_busy = is_busy,
    .peer_closed = client_closed,
};

gpointer
loopback_relay_new(LoopbackRelays *relays, const LoopbackRelayPath *path, LoopbackLink *link)
{
    Relay *relay = g_new0(Relay, 1);
    relay->relays = relays;
    relay->path = path;
    relay->link = link;
    byte_buffer_init(&relay->pending, PENDING_MAXIMUM);
    byte_buffer_init(&relay->left, SIM_TCP_BUFFER_MAX);
    g_hash_table_add(relays->open, relay);
    relay->tcp = sim_tcp_connect(path->from, &path->to, path->port, &handlers, relay);
    return relay;
}
