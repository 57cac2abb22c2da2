#pragma once

/* A blocking connection to 127.0.0.1 for the programs that drive our clients against other people's
 * servers. */

#include <gio/gio.h>

#include "protocol/text/byte-span.h"

typedef struct {
    GSocketConnection *connection;
    guint8 octets[4096];
} DriveSocket;

/* Ends the program where nobody listens. */
void drive_socket_open(DriveSocket *socket, const char *port);
void drive_socket_close(DriveSocket *socket);

/* False: the other side is gone. */
bool drive_socket_send(DriveSocket *socket, ByteSpan octets);

/* What has come; empty: the other side is gone, or silent for ten seconds. */
ByteSpan drive_socket_receive(DriveSocket *socket);

/* The value of "name=value" among the arguments; NULL: none. */
const char *drive_option(int argc, char **argv, const char *name);
guint drive_number(int argc, char **argv, const char *name, guint usual);
