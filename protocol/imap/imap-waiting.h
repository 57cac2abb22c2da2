#pragma once

/* The commands in progress, oldest first, each known by its tag. Most sessions have one or none;
 * the table is allocated with the first command and grows up to a named maximum, past which the
 * oldest command is given up. */

#include "protocol/imap/imap-vocabulary.h"

#define IMAP_WAITING_MAXIMUM 1024
#define IMAP_TAG_KEPT 24 /* octets compared exactly; the rest of a longer tag by its hash */

typedef struct {
    guint64 exchange;
    const ImapCommandRow *row; /* NULL: unknown */
    guint32 tag_length;
    guint32 tag_hash;
    guint8 tag[IMAP_TAG_KEPT];
} ImapWaitingCommand;

typedef struct {
    ImapWaitingCommand *commands;
    guint count;
    guint capacity;
} ImapWaiting;

void imap_waiting_clear(ImapWaiting *waiting);
void imap_waiting_push(
    ImapWaiting *waiting, guint64 exchange, const ImapCommandRow *row, ByteSpan tag
);

/* The oldest command with that tag; -1: none. */
gint imap_waiting_find(const ImapWaiting *waiting, ByteSpan tag);
gint imap_waiting_find_exchange(const ImapWaiting *waiting, guint64 exchange);
void imap_waiting_remove(ImapWaiting *waiting, guint index);

/* Forgets those up to and with that number: their answers are lost. */
void imap_waiting_forget(ImapWaiting *waiting, guint64 last_exchange);

/* Which of them untagged data of that name most likely belongs to; -1: to none. */
gint imap_waiting_for_data(const ImapWaiting *waiting, ByteSpan name);

/* The same for an untagged status. */
gint imap_waiting_for_status(const ImapWaiting *waiting, ByteSpan status);
