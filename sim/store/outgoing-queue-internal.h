#pragma once

/* What the queue and its files share; nobody outside includes it. */

#include "protocol/text/byte-span.h"
#include "sim/store/outgoing-queue.h"

/* Files of a queue on disk: "ID.message" and "ID.envelope". */
typedef struct QueueFolder QueueFolder;

QueueFolder *queue_folder_open(const char *path, bool skips_flush, GError **error);
void queue_folder_close(QueueFolder *folder);

/* Entries of all envelopes, in no order. */
GPtrArray *queue_folder_load(QueueFolder *folder, GError **error);
bool queue_folder_add(QueueFolder *folder, const QueueEntry *entry, GError **error);
bool queue_folder_update(QueueFolder *folder, const QueueEntry *entry, GError **error);
bool queue_folder_remove(QueueFolder *folder, const QueueEntry *entry, GError **error);

/* An envelope as text, and back; NULL: the text is not one. */
char *queue_envelope_write(const QueueEntry *entry);
QueueEntry *queue_envelope_read(const char *text);
