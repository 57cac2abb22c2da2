#include "sim/agent/agent-link.h"

struct AgentLink {
    SimTcp *tcp;
    AgentLinkOwner functions;
    gpointer owner;
    bool has_closed;
};

static void on_received(SimTcp *tcp, gpointer data)
{
    AgentLink *link = data;
    ByteSpan octets = sim_tcp_peek(tcp);
    if (octets.length > 0) {
        link->functions.receive(link->owner, octets);
        sim_tcp_consume(tcp, octets.length);
    }
    agent_link_flush(link);
}

static void on_writable(SimTcp *tcp, gpointer data)
{
    (void)tcp;
    agent_link_flush(data);
}

static void on_peer_closed(SimTcp *tcp, gpointer data)
{
    AgentLink *link = data;
    on_received(tcp, link);
    if (!link->has_closed) {
        link->has_closed = true;
        sim_tcp_close(tcp);
    }
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
    .connected = on_received,
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

void agent_link_flush(AgentLink *link)
{
    for (;;) {
        ByteSpan output = link->functions.output(link->owner);
        if (output.length == 0 || link->has_closed) {
            break;
        }
        gsize taken = sim_tcp_send(link->tcp, output);
        link->functions.consume(link->owner, taken);
        if (taken < output.length) {
            return;
        }
    }
    if (!link->has_closed && link->functions.wants_close(link->owner)) {
        link->has_closed = true;
        sim_tcp_close(link->tcp);
    }
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
