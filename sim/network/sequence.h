#pragma once

/* TCP sequence numbers, which wrap at 2^32 (RFC 9293 §3.4), and short lists of ranges of them. */

#include <glib.h>
#include <stdbool.h>

static inline bool sequence_before(guint32 left, guint32 right)
{
    return (gint32)(left - right) < 0;
}

static inline bool sequence_up_to(guint32 left, guint32 right)
{
    return (gint32)(left - right) <= 0;
}

static inline guint32 sequence_max(guint32 left, guint32 right)
{
    return sequence_before(left, right) ? right : left;
}

static inline guint32 sequence_min(guint32 left, guint32 right)
{
    return sequence_before(left, right) ? left : right;
}

typedef struct {
    guint32 from;
    guint32 to;    /* one past the last */
    guint32 stamp; /* grows with each change: the highest changed last */
} SequenceRange;

#define SEQUENCE_RANGES_MAX 64

/* In order and apart from one another. */
typedef struct {
    guint32 count;
    guint32 stamp;
    SequenceRange ranges[SEQUENCE_RANGES_MAX];
} SequenceRanges;

/* Joins it with what it touches; false: the list is full, nothing is changed. */
bool sequence_ranges_add(SequenceRanges *ranges, guint32 from, guint32 to);

/* Forgets what lies before 'sequence'. */
void sequence_ranges_forget_before(SequenceRanges *ranges, guint32 sequence);

/* The range that contains 'sequence', or NULL. */
const SequenceRange *sequence_ranges_find(const SequenceRanges *ranges, guint32 sequence);

/* Numbers in the list at or after 'sequence'. */
guint32 sequence_ranges_octets_after(const SequenceRanges *ranges, guint32 sequence);
