#pragma once

/* Two hosts and a link between them, each with a talker that notes what it is told; and the frames
 * that passed, as lines of text. */

#include "tests/support/test.h"

#include "sim/network/internet.h"
#include "sim/network/octets.h"
#include "sim/network/tcp.h"
#include "tests/sim/network/capture.h"

typedef struct {
    SimTcp *tcp;
    GString *notes; /* "connected ", "received 5 ", "closed: no error " */
    GByteArray *got;
    bool keeps_unread; /* does not consume */
    bool closes_after; /* closes when the peer has */
    gsize to_send;     /* so many octets, as room comes */
    gsize sent;
    bool closes_when_sent;
    bool is_over;
    SimTcpError error;
} Talker;

typedef struct {
    SimWorld *world;
    SimLink *link;
    SimHost *client_host;
    SimHost *server_host;
    Talker client;
    Talker server;
    GString *states;
    Capture capture;
} Pair;

static void talker_pump(Talker *talker)
{
    static guint8 block[4096];
    while (talker->tcp != NULL && talker->sent < talker->to_send) {
        for (gsize i = 0; i < sizeof block; i++) {
            block[i] = (guint8)((talker->sent + i) * 7 >> 3);
        }
        gsize piece = MIN(sizeof block, talker->to_send - talker->sent);
        gsize taken = sim_tcp_send(talker->tcp, byte_span(block, piece));
        talker->sent += taken;
        if (taken < piece) {
            return;
        }
    }
    if (talker->tcp != NULL && talker->closes_when_sent) {
        sim_tcp_close(talker->tcp);
    }
}

static void talker_connected(SimTcp *tcp, gpointer data)
{
    (void)tcp;
    Talker *talker = data;
    g_string_append(talker->notes, "connected ");
    talker_pump(talker);
}

static void talker_read(Talker *talker)
{
    ByteSpan span = sim_tcp_peek(talker->tcp);
    g_byte_array_append(talker->got, span.data, (guint)span.length);
    sim_tcp_consume(talker->tcp, span.length);
}

static void talker_received(SimTcp *tcp, gpointer data)
{
    Talker *talker = data;
    assert_ptr_equal(tcp, talker->tcp);
    if (!talker->keeps_unread) {
        talker_read(talker);
    }
}

static void talker_writable(SimTcp *tcp, gpointer data)
{
    (void)tcp;
    talker_pump(data);
}

static void talker_peer_closed(SimTcp *tcp, gpointer data)
{
    Talker *talker = data;
    g_string_append(talker->notes, "peer closed ");
    if (talker->closes_after) {
        sim_tcp_close(tcp);
    }
}

static void talker_closed(SimTcp *tcp, SimTcpError error, gpointer data)
{
    Talker *talker = data;
    assert_ptr_equal(tcp, talker->tcp);
    assert_false(talker->is_over);
    talker->is_over = true;
    talker->error = error;
    talker->tcp = NULL;
    g_string_append_printf(talker->notes, "closed: %s", sim_tcp_error_name(error));
}

static const SimTcpHandlers talker_handlers = {
    .connected = talker_connected,
    .received = talker_received,
    .writable = talker_writable,
    .peer_closed = talker_peer_closed,
    .closed = talker_closed,
};

static void pair_accept(SimTcp *tcp, gpointer data)
{
    Pair *pair = data;
    g_string_append(pair->server.notes, "accepted ");
    pair->server.tcp = tcp;
    sim_tcp_set_handlers(tcp, &talker_handlers, &pair->server);
    talker_pump(&pair->server);
}

static void pair_note_state(const WorldEvent *event, gpointer data)
{
    Pair *pair = data;
    if (event->kind == WORLD_EVENT_TCP_STATE) {
        g_string_append_printf(
            pair->states, "%s %s\n", sim_host_name(event->host), world_event_field(event, "after")
        );
    }
}

static SimHost *pair_add_host(SimWorld *world, SimLink *link, const char *name, guint8 number)
{
    SimHost *host = sim_host_new(world, name);
    SimInterface *interface = sim_host_attach(host, link);
    SimAddress ipv4 = sim_address_ipv4(192, 0, 2, number);
    SimAddress ipv6;
    assert_true(sim_address_parse("2001:db8::", &ipv6));
    ipv6.octets[15] = number;
    sim_interface_add_address(interface, &ipv4, 24);
    sim_interface_add_address(interface, &ipv6, 64);
    return host;
}

/* A round trip of 20 ms, no limit to the rate. */
static inline void pair_init(Pair *pair)
{
    *pair = (Pair){.world = sim_world_new(7), .states = g_string_new(NULL)};
    Talker *talkers[] = {&pair->client, &pair->server};
    for (guint i = 0; i < G_N_ELEMENTS(talkers); i++) {
        talkers[i]->notes = g_string_new(NULL);
        talkers[i]->got = g_byte_array_new();
        talkers[i]->closes_after = true;
    }
    capture_init(&pair->capture, pair->world);
    sim_world_add_observer(pair->world, pair_note_state, pair);
    SimLinkSettings settings = sim_link_settings_default();
    settings.rate = 0;
    settings.delay = 10 * SIM_MILLISECOND;
    pair->link = sim_link_new(pair->world, "link", &settings);
    pair->client_host = pair_add_host(pair->world, pair->link, "client", 10);
    pair->server_host = pair_add_host(pair->world, pair->link, "server", 20);
    sim_tcp_listen(pair->server_host, NULL, 25, pair_accept, pair);
}

static inline void pair_connect(Pair *pair)
{
    const SimAddress *to = sim_host_address(pair->server_host, SIM_FAMILY_IPV4);
    pair->client.tcp = sim_tcp_connect(pair->client_host, to, 25, &talker_handlers, &pair->client);
}

static inline void pair_run_for(Pair *pair, SimTime duration)
{
    sim_world_run_until(pair->world, sim_world_now(pair->world) + duration);
}

/* Both ends connected and quiet, the frames so far forgotten. */
static inline void pair_connect_and_settle(Pair *pair)
{
    pair_connect(pair);
    pair_run_for(pair, SIM_SECOND);
    assert_int_equal(sim_tcp_state(pair->client.tcp), SIM_TCP_ESTABLISHED);
    assert_int_equal(sim_tcp_state(pair->server.tcp), SIM_TCP_ESTABLISHED);
    g_string_truncate(pair->states, 0);
    g_string_truncate(pair->client.notes, 0);
    g_string_truncate(pair->server.notes, 0);
}

static inline void pair_send(Talker *talker, gsize length)
{
    talker->to_send += length;
    talker_pump(talker);
}

static inline void pair_clear(Pair *pair, const char *name)
{
    sim_world_free(pair->world);
    capture_clear(&pair->capture, name);
    Talker *talkers[] = {&pair->client, &pair->server};
    for (guint i = 0; i < G_N_ELEMENTS(talkers); i++) {
        g_string_free(talkers[i]->notes, TRUE);
        g_byte_array_unref(talkers[i]->got);
    }
    g_string_free(pair->states, TRUE);
}

/* --- frames as text --- */

typedef struct {
    guint32 first[2]; /* sequence numbers of both SYNs: from .10 and from .20 */
    bool is_known[2];
} TraceBase;

static inline void trace_frame(GString *text, TraceBase *base, const LoggedFrame *frame)
{
    const guint8 *octets = frame->octets.data;
    if (get_16(octets + 12) != 0x0800 || octets[14 + 9] != 6) {
        return;
    }
    guint side = octets[14 + 15] == 10 ? 0 : 1;
    const guint8 *tcp = octets + 34;
    guint8 flags = tcp[13];
    guint32 sequence = get_32(tcp + 4);
    guint32 acknowledgment = get_32(tcp + 8);
    if ((flags & 2) != 0 && !base->is_known[side]) {
        base->first[side] = sequence;
        base->is_known[side] = true;
    }
    gsize length = frame->octets.length - 34 - (gsize)(tcp[12] >> 4) * 4;
    g_string_append_printf(
        text,
        "%s %s%s%s%s%s %u+%zu",
        side == 0 ? ">" : "<",
        (flags & 2) != 0 ? "S" : "",
        (flags & 1) != 0 ? "F" : "",
        (flags & 4) != 0 ? "R" : "",
        (flags & 8) != 0 ? "P" : "",
        (flags & 16) != 0 ? "." : "",
        sequence - base->first[side],
        length
    );
    if ((flags & 16) != 0) {
        g_string_append_printf(text, " a%u", acknowledgment - base->first[1 - side]);
    }
    g_string_append_c(text, '\n');
}

/* The TCP segments of all frames from number 'from' on: "> P. 1+5 a1". Free it. */
static inline char *trace_from(const FrameLog *log, gsize from)
{
    GString *text = g_string_new(NULL);
    TraceBase base = {0};
    for (gsize i = 0; i < frame_log_count(log); i++) {
        LoggedFrame frame = frame_log_get(log, i);
        GString *line = g_string_new(NULL);
        trace_frame(line, &base, &frame);
        if (i >= from) {
            g_string_append(text, line->str);
        }
        g_string_free(line, TRUE);
    }
    return g_string_free(text, FALSE);
}

static inline void assert_trace(const Pair *pair, gsize from, const char *expected)
{
    g_autofree char *trace = trace_from(pair->capture.log, from);
    assert_string_equal(trace, expected);
}
