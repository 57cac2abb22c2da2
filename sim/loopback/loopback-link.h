#pragma once

/* The pipe between a real TCP connection and the owner of an engine: the same table of functions
 * that AgentLink calls for a simulated one (agent-link.h), driven by a socket in the thread's main
 * context.
 *
 *     accepted ─> open ── wants_close(), or the client closed ──> closing ──> ended()
 *                  └────────── broke off, too slow ─────────────────────────────┘
 *
 * Octets are read only while the client takes what is sent to it, so one that asks and does not
 * listen holds up itself alone. Nothing read is kept here: the engine gets it at once. */

#include "sim/agent/agent-link.h"
#include "sim/loopback/loopback-clock.h"
#include "sim/loopback/loopback-frames.h"

#include <gio/gio.h>

#define LOOPBACK_OUTPUT_WAITING_MAXIMUM 262144   /* with more unsent, the client is not read */
#define LOOPBACK_STALL_US (300 * G_USEC_PER_SEC) /* no octet taken for so long: given up */
#define LOOPBACK_LINGER_US (5 * G_USEC_PER_SEC)  /* for the client's FIN after ours */
#define LOOPBACK_READ_PIECE 65536

typedef struct LoopbackLink LoopbackLink;

typedef struct {
    LoopbackClock *clock;
    LoopbackFrames *frames; /* NULL: none are made */
    /* The link is about to be freed. */
    void (*gone)(gpointer data, LoopbackLink *link);
    gpointer data;
    guint8 piece[LOOPBACK_READ_PIECE]; /* what is being read, by one link at a time */
} LoopbackLinks;

/* False: it is no address of IP. */
bool loopback_place_read(GSocketAddress *address, LoopbackPlace *out_place);

/* Takes over the socket. 'links' is shared by all links of a server and outlives them. */
LoopbackLink *loopback_link_new(
    LoopbackLinks *links, GSocket *socket, const LoopbackPlace *client, const LoopbackPlace *server
);

/* The owner's octets go out, and the client is listened to. */
void loopback_link_start(LoopbackLink *link, const AgentLinkOwner *functions, gpointer owner);

/* Closes at once what the client may still have open; the owner is told. */
void loopback_link_stop(LoopbackLink *link);

/* What the owner may ask of a link: the data is the LoopbackLink. */
extern const AgentCarrier loopback_link_carrier;
