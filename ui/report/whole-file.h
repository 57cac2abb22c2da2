#pragma once

/* Writes a file whole or not at all: beside it first, then in its place. What is no regular file (a
 * pipe, /dev/null) is written to as it is, never replaced. */

#include <glib.h>
#include <stdbool.h>

bool whole_file_write(const char *path, const char *data, gsize length, GError **error);

/* True: the path exists and is a device, a pipe or the like. */
bool whole_file_is_special(const char *path);
