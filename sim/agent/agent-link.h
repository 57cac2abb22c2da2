#pragma once

/* The pipe between a simulated TCP connection and an engine of protocol/: octets that arrive go to
 * the engine, what the engine has to say goes out, as the send buffer has room. The engine's owner
 * gives it a table of functions; nothing here knows a protocol.
 *
 * An owner knows no TCP: whatever moves octets can serve it through the same table, a real
 * socket as well as AgentLink. In turn it may need its carrier outside of receive(), because an
 * answer came later or because it goes away: that is AgentCarrier. */

#include "sim/network/tcp.h"

typedef struct {
    /* Called once, by AgentLink only, when a connection that was asked for stands, before any
     * octets. NULL: nobody minds. */
    void (*begun)(gpointer owner, const SimTcp *tcp);
    /* Feeds octets and handles every event that follows. An empty span: only the events. */
    void (*receive)(gpointer owner, ByteSpan octets);
    ByteSpan (*output)(gpointer owner);
    void (*consume)(gpointer owner, gsize length);
    bool (*wants_close)(gpointer owner); /* close once all output has been taken */
    /* The connection is over; the link is freed after this. */
    void (*ended)(gpointer owner, SimTcpError error);
    /* True: give it no more octets until some of its output has been taken; so a client that asks
     * and does not read fills its own side only. NULL: never. */
    bool (*is_busy)(gpointer owner);
    /* Called once, by LoopbackLink only: the other side has sent its last octet. The link stays
     * open until wants_close(). NULL: it is closed as soon as what is owed has been sent. */
    void (*peer_closed)(gpointer owner);
    /* With wants_close(): not in the orderly way but with a reset. LoopbackLink only; NULL: never.
     */
    bool (*wants_break)(gpointer owner);
} AgentLinkOwner;

/* What an owner may ask of whoever carries its octets. */
typedef struct {
    /* There is output, or wants_close() has become true. May be called at any time, but never from
     * inside one of the owner's functions. */
    void (*wake)(gpointer carrier);
    /* The owner is gone: close the connection and call none of its functions any more. */
    void (*release)(gpointer carrier);
} AgentCarrier;

typedef struct AgentLink AgentLink;

extern const AgentCarrier agent_link_carrier; /* of an AgentLink */

/* For a connection just accepted, or just asked for. */
AgentLink *agent_link_new(SimTcp *tcp, const AgentLinkOwner *functions, gpointer owner);

/* For a connection to be opened. */
AgentLink *agent_link_connect(
    SimHost *host,
    const SimAddress *address,
    guint16 port,
    const AgentLinkOwner *functions,
    gpointer owner
);

/* Sends what the engine has to say; call it after the owner made the engine say something outside
 * of receive(). */
void agent_link_flush(AgentLink *link);

/* Whether octets from a client bring it any further: a line's end, or a good piece of a message.
 * One that sends a letter now and then to hold its place is as good as silent. */
bool agent_link_is_progress(ByteSpan octets);

/* The owner goes away: nothing is called any more. */
void agent_link_free(AgentLink *link);

SimTcp *agent_link_tcp(const AgentLink *link);
