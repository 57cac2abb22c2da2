#include "sim/agent/agent-link.h"

#define PROGRESS_OCTETS 512

struct AgentLink {
    SimTcp *tcp;
    AgentLinkOwner functions;
    gpointer owner;
    bool has_closed;
    bool has_unread;      /* octets wait until the owner is not busy any more */
    bool peer_has_closed; /* it still reads: what is owed is sent, then this side closes too */
};

static bool is_busy(const AgentLink *link)
{
    return link->functions.is_busy != NULL && link->functions.is_busy(link->owner);
}

static void read_octets(AgentLink *link)
{
    ByteSpan octets = sim_tcp_peek(link->tcp);
    link->has_unread = is_busy(link) && octets.length > 0;
    if (octets.length > 0 && !link->has_unread) {
        link->functions.receive(link->owner, octets);
        sim_tcp_consume(link->tcp, octets.length);
    }
}

static void close_link(AgentLink *link)
{
    link->has_closed = true;
    sim_tcp_close(link->tcp);
}

/* True: all of it has been taken by the connection. */
static bool send_output(AgentLink *link)
{
    for (;;) {
        ByteSpan output = link->functions.output(link->owner);
        if (output.length == 0) {
            return true;
        }
        gsize taken = sim_tcp_send(link->tcp, output);
        link->functions.consume(link->owner, taken);
        if (taken < output.length) {
            return false;
        }
    }
}

void agent_link_flush(AgentLink *link)
{
    while (!link->has_closed) {
        bool is_sent = send_output(link);
        if (link->has_unread && !is_busy(link)) {
            read_octets(link);
            continue;
        }
        if (is_sent && (link->peer_has_closed || link->functions.wants_close(link->owner))) {
            close_link(link);
        }
        break;
    }
}

static void on_received(SimTcp *tcp, gpointer data)
{
    AgentLink *link = data;
    (void)tcp;
    read_octets(link);
    agent_link_flush(link);
}

static void on_connected(SimTcp *tcp, gpointer data)
{
    AgentLink *link = data;
    if (link->functions.begun != NULL) {
        link->functions.begun(link->owner, tcp);
    }
    on_received(tcp, link);
}

static void on_writable(SimTcp *tcp, gpointer data)
{
    (void)tcp;
    agent_link_flush(data);
}

static void on_peer_closed(SimTcp *tcp, gpointer data)
{
    AgentLink *link = data;
    link->peer_has_closed = true;
    on_received(tcp, link);
}

static void on_closed(SimTcp *tcp, SimTcpError error, gpointer data)
{
    AgentLink *link = data;
    (void)tcp;
    link->tcp = NULL;
    link->functions.ended(link->owner, error);
    g_free(link);
}

static const SimTcpHandlers handlers = {
    .connected = on_connected,
    .received = on_received,
    .writable = on_writable,
    .peer_closed = on_peer_closed,
    .closed = on_closed,
};

AgentLink *agent_link_new(SimTcp *tcp, const AgentLinkOwner *functions, gpointer owner)
{
    AgentLink *link = g_new0(AgentLink, 1);
    link->tcp = tcp;
    link->functions = *functions;
    link->owner = owner;
    sim_tcp_set_handlers(tcp, &handlers, link);
    return link;
}

AgentLink *agent_link_connect(
    SimHost *host,
    const SimAddress *address,
    guint16 port,
    const AgentLinkOwner *functions,
    gpointer owner
)
{
    AgentLink *link = g_new0(AgentLink, 1);
    link->functions = *functions;
    link->owner = owner;
    link->tcp = sim_tcp_connect(host, address, port, &handlers, link);
    return link;
}

bool agent_link_is_progress(ByteSpan octets)
{
    return octets.length >= PROGRESS_OCTETS || byte_span_find(octets, '\n', 0) >= 0;
}

void agent_link_free(AgentLink *link)
{
    if (link != NULL) {
        if (link->tcp != NULL) {
            sim_tcp_release(link->tcp);
        }
        g_free(link);
    }
}

SimTcp *agent_link_tcp(const AgentLink *link)
{
    return link->tcp;
}

static void wake(gpointer carrier)
{
    agent_link_flush(carrier);
}

static void release(gpointer carrier)
{
    agent_link_free(carrier);
}

const AgentCarrier agent_link_carrier = {.wake = wake, .release = release};
