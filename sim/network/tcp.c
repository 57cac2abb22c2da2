#include "sim/network/tcp.h"

#include "sim/network/tcp-private.h"

#define BUFFER_DEFAULT 65536

void tcp_options_init(SimTcpOptions *options)
{
    *options = (SimTcpOptions){
        .has_nagle = true,
        .has_delayed_ack = true,
        .has_window_scale = true,
        .has_sack = true,
        .has_timestamps = true,
        .receive_buffer = BUFFER_DEFAULT,
        .send_buffer = BUFFER_DEFAULT,
        .delayed_ack = 40 * SIM_MILLISECOND,
        .minimum_timeout = SIM_SECOND,
        .maximum_timeout = 60 * SIM_SECOND,
        .syn_retries = 6,
        .data_retries = 15,
        .segment_lifetime = 30 * SIM_SECOND,
        .keep_alive_idle = 2 * SIM_HOUR,
        .keep_alive_interval = 75 * SIM_SECOND,
        .keep_alive_probes = 9,
    };
}

/* --- beginning and end --- */

static void run(SimReady *ready);

static guint8 scale_for(guint32 buffer)
{
    guint8 scale = 0;
    while (buffer >> scale > G_MAXUINT16) {
        scale++;
    }
    return scale;
}

SimTcp *tcp_new(SimHost *host, const TcpKey *key)
{
    SimWorld *world = host->world;
    SimTcp *tcp = pool_alloc(&world->pool, sizeof *tcp);
    memset(tcp, 0, sizeof *tcp);
    tcp->entry.key = *key;
    tcp->ready.run = run;
    tcp->number = ++world->connection_count;
    tcp->options = host->tcp_options;
    tcp->options.receive_buffer = CLAMP(tcp->options.receive_buffer, 1, SIM_TCP_BUFFER_MAX);
    tcp->options.send_buffer = CLAMP(tcp->options.send_buffer, 1, SIM_TCP_BUFFER_MAX);
    tcp->has_sack = tcp->options.has_sack;
    tcp->has_timestamps = tcp->options.has_timestamps;
    tcp->has_window_scale = tcp->options.has_window_scale;
    tcp->receive_scale = tcp->has_window_scale ? scale_for(tcp->options.receive_buffer) : 0;
    tcp->initial_send = tcp_initial_sequence(world, key);
    tcp->unacknowledged = tcp->initial_send;
    tcp->send_next = tcp->initial_send;
    tcp->send_highest = tcp->initial_send;
    tcp->timestamp_offset = tcp_timestamp_offset(world, key);
    bool is_ipv6 = key->remote.family == SIM_FAMILY_IPV6;
    tcp->peer_maximum_segment = is_ipv6 ? TCP_MSS_DEFAULT_IPV6 : TCP_MSS_DEFAULT_IPV4;
    tcp_timers_init(tcp);
    tcp->next = host->connections;
    if (tcp->next != NULL) {
        tcp->next->previous = tcp;
    }
    host->connections = tcp;
    tcp_table_add(world->tcp, &tcp->entry);
    return tcp;
}

/* Out of sight of every segment and timer. */
static void detach(SimTcp *tcp)
{
    SimHost *host = tcp->entry.key.host;
    tcp_table_remove(host->world->tcp, &tcp->entry);
    tcp_leave_listener(tcp);
    if (tcp->previous == NULL) {
        host->connections = tcp->next;
    } else {
        tcp->previous->next = tcp->next;
    }
    if (tcp->next != NULL) {
        tcp->next->previous = tcp->previous;
    }
    sim_timer_cancel(&tcp->timer);
    sim_timer_cancel(&tcp->delayed_ack);
}

void tcp_free(SimTcp *tcp)
{
    SimWorld *world = tcp->entry.key.host->world;
    if (!tcp->is_finished) {
        detach(tcp);
    }
    world_forget_ready(world, &tcp->ready);
    octet_queue_clear(&tcp->send_queue, &world->pool);
    octet_queue_clear(&tcp->receive_queue, &world->pool);
    g_free(tcp->sacked);
    g_free(tcp->out_of_order);
    pool_free(&world->pool, tcp, sizeof *tcp);
}

void tcp_finish(SimTcp *tcp, SimTcpError error)
{
    if (tcp->is_finished) {
        return;
    }
    if (tcp->state != SIM_TCP_TIME_WAIT) {
        tcp_set_state(tcp, SIM_TCP_CLOSED);
    }
    tcp->error = (guint8)error;
    detach(tcp);
    tcp->is_finished = true;
    octet_queue_clear(&tcp->send_queue, &tcp->entry.key.host->world->pool);
    tcp_note(tcp, TCP_NOTE_CLOSED);
}

void tcp_set_state(SimTcp *tcp, SimTcpState state)
{
    SimTcpState before = (SimTcpState)tcp->state;
    if (before == state) {
        return;
    }
    tcp->state = (guint8)state;
    tcp_emit_state(tcp->entry.key.host, &tcp->entry, tcp->number, before, state);
}

/* --- telling the agent --- */

void tcp_schedule(SimTcp *tcp)
{
    world_make_ready(tcp->entry.key.host->world, &tcp->ready);
}

void tcp_note(SimTcp *tcp, guint note)
{
    tcp->notes |= (guint8)note;
    tcp_schedule(tcp);
}

static bool take_note(SimTcp *tcp, guint note)
{
    bool is_noted = (tcp->notes & note) != 0;
    tcp->notes &= (guint8)~note;
    return is_noted;
}

static void tell_accepted(SimTcp *tcp)
{
    SimTcpListener *listener = tcp->listener;
    tcp_leave_listener(tcp);
    if (listener != NULL) {
        listener->accept(tcp, listener->data);
    }
    if (tcp->handlers == NULL && !tcp->is_released) {
        sim_tcp_abort(tcp);
        sim_tcp_release(tcp);
    }
}

static void tell(SimTcp *tcp, void (*handler)(SimTcp *, gpointer))
{
    if (handler != NULL) {
        handler(tcp, tcp->data);
    }
}

static void tell_agent(SimTcp *tcp)
{
    if (take_note(tcp, TCP_NOTE_ACCEPTED)) {
        tell_accepted(tcp);
    }
    /* Each handler may release the connection, and then there is nobody left to tell. */
    if (tcp->handlers != NULL && take_note(tcp, TCP_NOTE_CONNECTED)) {
        tell(tcp, tcp->handlers->connected);
    }
    if (tcp->handlers != NULL && take_note(tcp, TCP_NOTE_RECEIVED)) {
        tell(tcp, tcp->handlers->received);
    }
    if (tcp->handlers != NULL && take_note(tcp, TCP_NOTE_WRITABLE)) {
        tell(tcp, tcp->handlers->writable);
    }
    if (tcp->handlers != NULL && take_note(tcp, TCP_NOTE_PEER_CLOSED)) {
        tell(tcp, tcp->handlers->peer_closed);
    }
    if (tcp->handlers != NULL && take_note(tcp, TCP_NOTE_CLOSED)) {
        const SimTcpHandlers *handlers = tcp->handlers;
        tcp->is_released = true;
        if (handlers->closed != NULL) {
            handlers->closed(tcp, (SimTcpError)tcp->error, tcp->data);
        }
        tcp->handlers = NULL;
    }
}

static void run(SimReady *ready)
{
    SimTcp *tcp = tcp_of_ready(ready);
    tcp->is_running = true;
    tell_agent(tcp);
    if (!tcp->is_finished) {
        tcp_output(tcp);
    }
    tcp->is_running = false;
    bool is_forgotten = tcp->is_released || (tcp->handlers == NULL && tcp->is_passive);
    if (tcp->is_finished && is_forgotten) {
        tcp_free(tcp);
    }
}

/* --- what agents call --- */

void sim_tcp_set_handlers(SimTcp *tcp, const SimTcpHandlers *handlers, gpointer data)
{
    tcp->handlers = handlers;
    tcp->data = data;
}

static bool may_send(const SimTcp *tcp)
{
    switch ((SimTcpState)tcp->state) {
    case SIM_TCP_SYN_SENT:
    case SIM_TCP_SYN_RECEIVED:
    case SIM_TCP_ESTABLISHED:
    case SIM_TCP_CLOSE_WAIT:
        return !tcp->wants_fin && !tcp->is_finished;
    case SIM_TCP_CLOSED:
    case SIM_TCP_LISTEN:
    case SIM_TCP_FIN_WAIT_1:
    case SIM_TCP_FIN_WAIT_2:
    case SIM_TCP_CLOSING:
    case SIM_TCP_LAST_ACK:
    case SIM_TCP_TIME_WAIT:
        break;
    }
    return false;
}

gsize sim_tcp_send_room(const SimTcp *tcp)
{
    guint32 used = tcp->send_queue.length;
    return may_send(tcp) && used < tcp->options.send_buffer ? tcp->options.send_buffer - used : 0;
}

gsize sim_tcp_send(SimTcp *tcp, ByteSpan octets)
{
    if (!may_send(tcp)) {
        return 0;
    }
    gsize taken = MIN(octets.length, sim_tcp_send_room(tcp));
    if (taken > 0) {
        octet_queue_append(
            &tcp->send_queue, &tcp->entry.key.host->world->pool, byte_span_slice(octets, 0, taken)
        );
        tcp_schedule(tcp);
    }
    tcp->wants_writable = taken < octets.length;
    return taken;
}

gsize sim_tcp_unacknowledged(const SimTcp *tcp)
{
    return tcp->send_queue.length;
}

ByteSpan sim_tcp_peek(const SimTcp *tcp)
{
    return octet_queue_span(&tcp->receive_queue);
}

void sim_world_watch_sockets(SimWorld *world, SimSocketWatch watch, gpointer data)
{
    world->socket_watch = watch;
    world->socket_watch_data = data;
}

static void tell_watch(const SimTcp *tcp, gsize length)
{
    const SimWorld *world = tcp->entry.key.host->world;
    if (world->socket_watch != NULL) {
        world->socket_watch(
            tcp, byte_span_slice(sim_tcp_peek(tcp), 0, length), world->socket_watch_data
        );
    }
}

void sim_tcp_consume(SimTcp *tcp, gsize length)
{
    g_assert(length <= tcp->receive_queue.length);
    tell_watch(tcp, length);
    octet_queue_consume(&tcp->receive_queue, &tcp->entry.key.host->world->pool, (guint32)length);
    if (!tcp->is_finished) {
        tcp_after_consume(tcp);
    }
}

void sim_tcp_close(SimTcp *tcp)
{
    if (tcp->wants_fin || tcp->is_finished) {
        return;
    }
    if (tcp->state == SIM_TCP_SYN_SENT) {
        tcp_finish(tcp, SIM_TCP_ERROR_ABORTED);
        return;
    }
    /* What was written before leaves in segments of its own, as by any program that writes and
     * then closes; only what cannot go yet takes the FIN along. */
    tcp_output(tcp);
    tcp->wants_fin = true;
    tcp_schedule(tcp);
}

void sim_tcp_abort(SimTcp *tcp)
{
    if (tcp->is_finished) {
        return;
    }
    if (tcp->state != SIM_TCP_SYN_SENT && tcp->state != SIM_TCP_CLOSED) {
        tcp_send_segment(tcp, TCP_RST | TCP_ACK, tcp->send_highest, 0);
    }
    tcp_finish(tcp, SIM_TCP_ERROR_ABORTED);
}

void sim_tcp_release(SimTcp *tcp)
{
    if (tcp == NULL || tcp->is_released) {
        return;
    }
    tcp->handlers = NULL;
    tcp->is_released = true;
    if (tcp->is_finished) {
        tcp_schedule(tcp);
        return;
    }
    /* RFC 1122 §4.2.2.13: octets that nobody has read and nobody will are worth a reset. */
    if (tcp->receive_queue.length > 0) {
        sim_tcp_abort(tcp);
        return;
    }
    sim_tcp_close(tcp);
    tcp_schedule(tcp);
}

void sim_tcp_set_nagle(SimTcp *tcp, bool is_on)
{
    tcp->options.has_nagle = is_on;
    tcp_schedule(tcp);
}

void sim_tcp_set_delayed_ack(SimTcp *tcp, bool is_on)
{
    tcp->options.has_delayed_ack = is_on;
}

void sim_tcp_set_keep_alive(SimTcp *tcp, bool is_on)
{
    tcp->options.has_keep_alive = is_on;
    tcp_schedule(tcp);
}

/* --- what agents ask --- */

SimTcpState sim_tcp_state(const SimTcp *tcp)
{
    return (SimTcpState)tcp->state;
}

guint64 sim_tcp_number(const SimTcp *tcp)
{
    return tcp->number;
}

SimHost *sim_tcp_host(const SimTcp *tcp)
{
    return tcp->entry.key.host;
}

bool sim_tcp_has_peer_closed(const SimTcp *tcp)
{
    return tcp->is_fin_received;
}

const SimAddress *sim_tcp_local_address(const SimTcp *tcp)
{
    return &tcp->entry.key.local;
}

guint16 sim_tcp_local_port(const SimTcp *tcp)
{
    return tcp->entry.key.local_port;
}

const SimAddress *sim_tcp_remote_address(const SimTcp *tcp)
{
    return &tcp->entry.key.remote;
}

guint16 sim_tcp_remote_port(const SimTcp *tcp)
{
    return tcp->entry.key.remote_port;
}

gpointer sim_tcp_data(const SimTcp *tcp)
{
    return tcp->data;
}
