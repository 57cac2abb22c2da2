#pragma once

/* A live server for one question (kinds 13 and 14): a real socket on 127.0.0.1, the engine behind
 * it. It serves one connection and gives what the client typed; that is judged like a hand-in. */

#include "exercises/exercise-kind.h"

#define LIVE_IDLE_SECONDS 300

typedef struct LiveServer LiveServer;

/* 'port' 0: a free one is chosen. */
LiveServer *live_server_new(const Exercise *exercise, guint16 port, GError **error);
void live_server_free(LiveServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LiveServer, live_server_free)

guint16 live_server_port(const LiveServer *server);

/* Waits for a client and serves it until it leaves, is silent for too long, or the session ends.
 * The client's octets as text; NULL: nobody came, or the socket failed. */
char *live_server_serve(LiveServer *server, gint64 wait_seconds, GError **error);
