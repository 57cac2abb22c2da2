#pragma once

/* Carries a real client's octets into a simulated world: for each connection that is accepted, one
 * is opened from a simulated machine, and what comes out of either goes into the other. So the
 * client's conversation travels the world's network, with its delays, losses and time-outs.
 *
 *     socket ─ LoopbackLink ─> pending ─> SimTcp ── network ──> server
 *         <─────────────────── left <──── SimTcp <─────────────
 *
 * A side that does not read holds up the other one, in the world too: its window closes. */

#include "sim/loopback/loopback-link.h"
#include "sim/network/tcp.h"

typedef struct LoopbackRelays LoopbackRelays;

typedef struct {
    SimHost *from;
    SimAddress to;
    guint16 port;
    /* A conversation is over in which the client said something. May be NULL. */
    void (*spoken)(gpointer data);
    gpointer data;
} LoopbackRelayPath;

/* The relays under way; it outlives the server that accepts for them. */
LoopbackRelays *loopback_relays_new(void);
void loopback_relays_free(LoopbackRelays *relays);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LoopbackRelays, loopback_relays_free)

/* The owner of a link: its functions are loopback_relay_owner. The path is borrowed for as long as
 * the conversation lasts. */
gpointer
loopback_relay_new(LoopbackRelays *relays, const LoopbackRelayPath *path, LoopbackLink *link);

extern const AgentLinkOwner loopback_relay_owner;
