#pragma once

/* A sequence set (RFC 9051 §9): "1:4,7,9:*". Numbers are message sequence numbers or UIDs; which,
 * only the command tells. Parsing merges and sorts, so a set of any form is walked once. */

#include "protocol/text/byte-buffer.h"

#define IMAP_RANGES_MAXIMUM 10000

typedef struct {
    guint32 first;
    guint32 last;
    bool has_star; /* one end was "*" */
} ImapRange;

typedef struct {
    GArray *ranges; /* ImapRange, ascending, apart */
    bool is_saved;  /* "$": the result of the last search (RFC 9051 §6.4.4.1) */
} ImapSequenceSet;

/* 'largest' is what "*" stands for; 0: nothing is there. False: not a sequence set. */
bool imap_sequence_set_parse(ByteSpan text, guint32 largest, ImapSequenceSet *out_set);
void imap_sequence_set_clear(ImapSequenceSet *set);
bool imap_sequence_set_has(const ImapSequenceSet *set, guint32 number);

/* Numbers, ascending, as "2:4,9". */
G_GNUC_WARN_UNUSED_RESULT bool
imap_numbers_write(const guint32 *numbers, gsize count, ByteBuffer *out);
