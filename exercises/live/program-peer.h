#pragma once

/* The other side of a student's program: one real connection on 127.0.0.1 that never blocks longer
 * than its deadline, and that can send whole, octet by octet, or nothing any more. */

#include "exercises/live/program-run.h"
#include "protocol/text/byte-span.h"

#include <gio/gio.h>

typedef struct {
    GSocket *listener; /* NULL: we are the client */
    GSocket *socket;   /* NULL: no connection */
    GString *received; /* not taken yet */
    bool is_closed;    /* the program closed it, or it broke off */
    bool by_octets;
    guint16 port;
    gint64 deadline_us;
    ProgramRun *run; /* polled while we wait */
} ProgramPeer;

#define PROGRAM_RECEIVED_MAXIMUM (8u * 1024 * 1024)

/* Listens on a free port. */
bool program_peer_listen(ProgramPeer *peer, GError **error);
/* A port that was free a moment ago, for a server to be started. */
guint16 program_peer_free_port(void);

/* Waits for the program to connect, or for its server to take the connection. */
bool program_peer_accept(ProgramPeer *peer);
bool program_peer_connect(ProgramPeer *peer, guint16 port);

/* What has come is taken into 'received'; never waits. */
void program_peer_read(ProgramPeer *peer);
bool program_peer_send(ProgramPeer *peer, ByteSpan octets);
/* One line with its end, taken; NULL: closed, or the time is up. The caller frees it. */
char *program_peer_line(ProgramPeer *peer);
void program_peer_hang_up(ProgramPeer *peer);
void program_peer_clear(ProgramPeer *peer);

bool program_peer_is_late(const ProgramPeer *peer);
