#pragma once

/* Files that are there as a whole or not at all: written under a temporary name, flushed, then
 * renamed; the folder is flushed too, so that the name survives as well. */

#include "protocol/text/byte-span.h"

#define SAFE_FILE_NOW G_MININT64

/* Writes and flushes a new file that must not exist yet; it is dated 'seconds' since 1970. */
bool safe_file_create(
    const char *path, ByteSpan octets, gint64 seconds, bool skips_flush, GError **error
);

/* Writes 'temporary' and renames it to 'path', which it replaces. */
bool safe_file_replace(
    const char *temporary, const char *path, ByteSpan octets, bool skips_flush, GError **error
);

/* Renames; 'error' names both. */
bool safe_file_rename(const char *from, const char *to, GError **error);

/* Makes what happened to the names in this folder last. */
bool safe_folder_flush(const char *folder, bool skips_flush, GError **error);

/* Makes the folder and those above it, for nobody but their owner. */
bool safe_folder_make(const char *folder, GError **error);

/* Takes a file that other programs respect as a lock; -1: it is taken, or (with 'error') the disk
 * failed. Closing the descriptor gives it back, and so does the end of the program. */
int safe_file_lock(const char *path, bool waits, GError **error);
