#pragma once

/* What a student typed to a server, or copied from a terminal: lines of the client, and perhaps
 * those of the server between them. */

#include <glib.h>

/* The client's lines: "C: " in front is taken off, lines that begin with "S:" are left out, as are
 * replies such as "250 ok" or "+OK" outside a message. Free with g_strfreev(). */
char **typed_lines(const char *text);
