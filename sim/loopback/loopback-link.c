#include "sim/loopback/loopback-link.h"

#include <sys/socket.h>

struct LoopbackLink {
    GSource source; /* first: the link is a source of the main context */
    LoopbackLinks *links;
    GSocket *socket;
    gpointer tag; /* of the socket in the source */
    GIOCondition condition;
    LoopbackFlow *flow; /* NULL: no frames */
    AgentLinkOwner functions;
    gpointer owner;    /* NULL: gone, or not there yet */
    gint64 ready_us;   /* when the source is called without a reason of the socket; -1: never */
    gint64 stalled_us; /* since when the client has taken nothing; 0: it takes */
    gint64 closed_us;  /* since when our side is closed; 0: open */
    bool is_woken;
    bool has_peer_closed;
    bool is_over;
};

static void end_link(LoopbackLink *link, SimTcpError error)
{
    SimTime now = loopback_clock_now(link->links->clock);
    if (link->is_over) {
        return;
    }
    link->is_over = true;
    if (link->flow != NULL && error != SIM_TCP_ERROR_NONE) {
        loopback_flow_reset(link->flow, error != SIM_TCP_ERROR_RESET, now);
    } else if (link->flow != NULL) {
        loopback_flow_close(link->flow, true, now);
    }
    if (link->owner != NULL) {
        link->functions.ended(g_steal_pointer(&link->owner), error);
    }
    link->links->gone(link->links->data, link);
    loopback_flow_free(link->flow);
    g_source_destroy(&link->source);
    g_socket_close(link->socket, NULL);
    g_object_unref(link->socket);
    g_source_unref(&link->source);
}

static ByteSpan waiting_output(LoopbackLink *link)
{
    return link->owner == NULL ? BYTE_SPAN_EMPTY : link->functions.output(link->owner);
}

/* False: the connection is broken. */
static bool write_output(LoopbackLink *link, SimTime now)
{
    ByteSpan output;
    while (link->closed_us == 0 && (output = waiting_output(link)).length > 0) {
        g_autoptr(GError) error = NULL;
        gssize sent =
            g_socket_send(link->socket, (const char *)output.data, output.length, NULL, &error);
        if (sent < 0) {
            return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
        }
        if (link->flow != NULL) {
            loopback_flow_send(link->flow, true, byte_span_slice(output, 0, (gsize)sent), now);
        }
        link->stalled_us = 0;
        link->functions.consume(link->owner, (gsize)sent);
    }
    return true;
}

/* False: the connection is broken. */
static bool read_input(LoopbackLink *link, SimTime now)
{
    g_autoptr(GError) error = NULL;
    guint8 *piece = link->links->piece;
    gssize length =
        g_socket_receive(link->socket, (char *)piece, LOOPBACK_READ_PIECE, NULL, &error);
    if (length < 0) {
        return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
    }
    ByteSpan octets = byte_span(piece, (gsize)length);
    if (length == 0) {
        link->has_peer_closed = true;
        if (link->flow != NULL) {
            loopback_flow_close(link->flow, false, now);
        }
        if (link->owner != NULL && link->functions.peer_closed != NULL) {
            link->functions.peer_closed(link->owner);
        }
    } else {
        if (link->flow != NULL) {
            loopback_flow_send(link->flow, false, octets, now);
        }
        if (link->closed_us == 0 && link->owner != NULL) {
            link->functions.receive(link->owner, octets);
        }
    }
    return true;
}

static bool is_listening(LoopbackLink *link, ByteSpan waiting)
{
    if (link->has_peer_closed) {
        return false;
    }
    if (link->closed_us != 0) {
        return true; /* what still comes is thrown away */
    }
    bool is_busy = link->owner != NULL && link->functions.is_busy != NULL &&
                   link->functions.is_busy(link->owner);
    return waiting.length <= LOOPBACK_OUTPUT_WAITING_MAXIMUM && !is_busy;
}

static void sleep_until(LoopbackLink *link, gint64 time_us)
{
    /* A time too early does no harm: when it comes, the next one is found. */
    gint64 now = g_get_monotonic_time();
    if (link->ready_us == -1 || time_us < link->ready_us || link->ready_us <= now) {
        link->ready_us = time_us == G_MAXINT64 ? -1 : time_us;
        g_source_set_ready_time(&link->source, link->ready_us);
    }
}

/* The client sees that something broke off. */
static void break_off(LoopbackLink *link)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(g_socket_get_fd(link->socket), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    end_link(link, SIM_TCP_ERROR_RESET);
}

static void close_own_side(LoopbackLink *link, SimTime now)
{
    link->closed_us = g_get_monotonic_time();
    g_socket_shutdown(link->socket, FALSE, TRUE, NULL);
    if (link->flow != NULL) {
        loopback_flow_close(link->flow, true, now);
    }
}

/* After every call of the owner: what the link waits for now, or its end. */
static void settle(LoopbackLink *link, SimTime now)
{
    ByteSpan waiting = waiting_output(link);
    gint64 wake_us = G_MAXINT64;
    bool is_left = link->has_peer_closed && link->functions.peer_closed == NULL;
    bool is_done = waiting.length == 0 && link->closed_us == 0 &&
                   (is_left || link->functions.wants_close(link->owner));
    if (is_done && link->functions.wants_break != NULL &&
        link->functions.wants_break(link->owner)) {
        break_off(link);
        return;
    }
    if (is_done) {
        close_own_side(link, now);
    }
    if (link->closed_us != 0 && link->has_peer_closed) {
        end_link(link, SIM_TCP_ERROR_NONE);
        return;
    }
    if (link->closed_us != 0) {
        wake_us = link->closed_us + LOOPBACK_LINGER_US;
        waiting = BYTE_SPAN_EMPTY;
    } else if (waiting.length > 0) {
        link->stalled_us = link->stalled_us == 0 ? g_get_monotonic_time() : link->stalled_us;
        wake_us = link->stalled_us + LOOPBACK_STALL_US;
    }
    GIOCondition condition =
        (waiting.length > 0 ? G_IO_OUT : 0) | (is_listening(link, waiting) ? G_IO_IN : 0);
    if (condition != link->condition) {
        link->condition = condition;
        g_source_modify_unix_fd(&link->source, link->tag, condition);
    }
    sleep_until(link, wake_us);
}

/* Time-outs; false: the link has ended. */
static bool look_at_clock(LoopbackLink *link)
{
    gint64 now = g_get_monotonic_time();
    if (link->closed_us != 0 && now >= link->closed_us + LOOPBACK_LINGER_US) {
        end_link(link, SIM_TCP_ERROR_NONE);
        return false;
    }
    if (link->stalled_us != 0 && now >= link->stalled_us + LOOPBACK_STALL_US) {
        end_link(link, SIM_TCP_ERROR_TIMED_OUT);
        return false;
    }
    return true;
}

static gboolean dispatch(GSource *source, GSourceFunc callback, gpointer data)
{
    LoopbackLink *link = (LoopbackLink *)source;
    SimTime now = loopback_clock_sync(link->links->clock);
    GIOCondition condition = link->is_over ? 0 : g_source_query_unix_fd(source, link->tag);
    (void)callback;
    (void)data;
    if (link->is_over || !look_at_clock(link)) {
        return G_SOURCE_CONTINUE;
    }
    if (link->is_woken && link->closed_us == 0) {
        link->functions.receive(link->owner, BYTE_SPAN_EMPTY);
    }
    link->is_woken = false;
    bool is_readable = (condition & (G_IO_IN | G_IO_HUP | G_IO_ERR)) != 0;
    bool is_good = !is_readable || link->has_peer_closed || read_input(link, now);
    if (!is_good || !write_output(link, now) || (condition & G_IO_ERR) != 0) {
        end_link(link, SIM_TCP_ERROR_RESET);
    } else {
        settle(link, now);
    }
    return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_functions = {.dispatch = dispatch};

bool loopback_place_read(GSocketAddress *address, LoopbackPlace *out_place)
{
    if (!G_IS_INET_SOCKET_ADDRESS(address)) {
        return false;
    }
    GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS(address);
    GInetAddress *host = g_inet_socket_address_get_address(inet);
    bool is_six = g_inet_address_get_family(host) == G_SOCKET_FAMILY_IPV6;
    out_place->port = g_inet_socket_address_get_port(inet);
    out_place->address = sim_address_from_octets(
        is_six ? SIM_FAMILY_IPV6 : SIM_FAMILY_IPV4, g_inet_address_to_bytes(host)
    );
    return true;
}

LoopbackLink *loopback_link_new(
    LoopbackLinks *links, GSocket *socket, const LoopbackPlace *client, const LoopbackPlace *server
)
{
    LoopbackLink *link = (LoopbackLink *)g_source_new(&source_functions, sizeof(LoopbackLink));
    link->links = links;
    link->socket = socket;
    link->ready_us = -1;
    if (links->frames != NULL) {
        SimTime now = loopback_clock_now(links->clock);
        link->flow = loopback_flow_open(links->frames, client, server, now);
    }
    return link;
}

void loopback_link_start(LoopbackLink *link, const AgentLinkOwner *functions, gpointer owner)
{
    SimTime now = loopback_clock_now(link->links->clock);
    link->functions = *functions;
    link->owner = owner;
    g_socket_set_blocking(link->socket, FALSE);
    link->condition = G_IO_IN;
    link->tag = g_source_add_unix_fd(&link->source, g_socket_get_fd(link->socket), G_IO_IN);
    g_source_attach(&link->source, g_main_context_get_thread_default());
    if (write_output(link, now)) {
        settle(link, now);
    } else {
        end_link(link, SIM_TCP_ERROR_RESET);
    }
}

void loopback_link_stop(LoopbackLink *link)
{
    bool is_clean = write_output(link, loopback_clock_now(link->links->clock));
    end_link(link, is_clean ? SIM_TCP_ERROR_NONE : SIM_TCP_ERROR_RESET);
}

static void wake(gpointer data)
{
    LoopbackLink *link = data;
    if (!link->is_over) {
        link->is_woken = true;
        link->ready_us = 0;
        g_source_set_ready_time(&link->source, 0);
    }
}

static void release(gpointer data)
{
    LoopbackLink *link = data;
    link->owner = NULL;
    end_link(link, SIM_TCP_ERROR_NONE);
}

const AgentCarrier loopback_link_carrier = {.wake = wake, .release = release};
