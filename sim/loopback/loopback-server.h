#pragma once

/* Listens on ports of this machine and gives each client that comes to the service of its port.
 * All of it runs in the thread's main context, beside a simulated world whose clock follows the
 * real one (loopback-clock.h):
 *
 *     port 2525 ─> accept() ─> owner ─┐
 *     port 1110 ─> accept() ─> owner ─┴─ LoopbackLink ─ socket
 */

#include "sim/loopback/loopback-link.h"

#define LOOPBACK_BACKLOG 1024

typedef struct LoopbackServer LoopbackServer;

typedef struct {
    /* Makes the owner of a client's connection, whose functions these are; NULL: the client is
     * turned away. The link is for loopback_link_carrier until 'ended' is called. */
    gpointer (*accept
    )(gpointer data, const LoopbackPlace *client, guint64 number, LoopbackLink *link);
    const AgentLinkOwner *functions;
    gpointer data;
} LoopbackService;

typedef struct {
    SimWorld *world;        /* borrowed; the server moves its clock */
    LoopbackFrames *frames; /* borrowed; NULL: none are made */
    LoopbackPace pace;
    guint maximum; /* connections at once; further ones wait to be accepted */
} LoopbackServerOptions;

LoopbackServer *loopback_server_new(const LoopbackServerOptions *options);

/* Stops listening, closes every connection, tells their owners. */
void loopback_server_free(LoopbackServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LoopbackServer, loopback_server_free)

/* 'port' 0: a free one is chosen. The service is copied. */
bool loopback_server_listen(
    LoopbackServer *server,
    const char *address,
    guint16 port,
    const LoopbackService *service,
    guint16 *out_port,
    GError **error
);

LoopbackClock *loopback_server_clock(const LoopbackServer *server);
guint loopback_server_connections(const LoopbackServer *server);
