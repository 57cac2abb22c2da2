#include "dissect/stream/stream-internal.h"

/* Octets on their way to their place: present, or known to be missing. */
typedef struct {
    guint64 from;
    ByteSpan octets; /* length only, where they are missing */
    bool is_missing;
} Run;

static void advance(Run *run, guint64 length)
{
    run->from += length;
    run->octets.length -= (gsize)length;
    if (!run->is_missing) {
        run->octets.data += length;
    }
}

static StreamBlock *make_block(
    StreamTable *table, StreamHalf *half, const StreamArrival *arrival, const Run *run, gsize length
)
{
    StreamBlock *block = stream_pool_take_block(&table->pool, run->is_missing ? 0 : length);
    block->from = run->from;
    block->length = (guint32)length;
    block->frame = arrival->frame;
    block->time_ns = arrival->time_ns;
    block->acknowledgement = arrival->acknowledgement;
    block->has_acknowledgement = arrival->has_acknowledgement;
    block->is_doubtful = arrival->is_doubtful;
    block->is_missing = run->is_missing;
    if (!run->is_missing) {
        memcpy(block->octets, run->octets.data, length);
    }
    half->held.size += block->size;
    half->held.count++;
    table->held += block->size;
    table->statistics.held_most = MAX(table->statistics.held_most, table->held);
    return block;
}

static void link_after(StreamHalf *half, StreamBlock *previous, StreamBlock *block)
{
    StreamBlock **place = previous != NULL ? &previous->next : &half->held.first;
    block->next = *place;
    *place = block;
    if (block->next == NULL) {
        half->held.last = block;
    }
}

/* What is held came first and stands, unless its checksum was bad and this one's is not. */
static void meet_block(
    StreamTable *table,
    const StreamArrival *arrival,
    StreamBlock *block,
    const Run *run,
    gsize length
)
{
    table->statistics.retransmitted_octets += length;
    if (run->is_missing || block->is_missing) {
        return;
    }
    stream_compare_block(table, arrival, block, run->from, byte_span(run->octets.data, length));
    if (!block->is_doubtful || arrival->is_doubtful) {
        return;
    }
    gsize at = (gsize)(run->from - block->from);
    memcpy(block->octets + at, run->octets.data, length);
    if (length == block->length) {
        block->is_doubtful = false;
        block->frame = arrival->frame;
        block->time_ns = arrival->time_ns;
    }
}

/* Puts what is new of the run between the blocks already held. */
static void hold(StreamTable *table, const StreamArrival *arrival, Run run)
{
    StreamHalf *half = &arrival->stream->half[arrival->direction];
    StreamBlock *previous = NULL;
    StreamBlock *block = half->held.first;
    if (half->held.last != NULL && run.from >= half->held.last->from + half->held.last->length) {
        previous = half->held.last;
        block = NULL;
    }
    while (run.octets.length > 0) {
        if (block != NULL && block->from + block->length <= run.from) {
            previous = block;
            block = block->next;
            continue;
        }
        guint64 length = run.octets.length;
        if (block != NULL && block->from <= run.from) {
            length = MIN(length, block->from + block->length - run.from);
            meet_block(table, arrival, block, &run, (gsize)length);
        } else {
            if (block != NULL) {
                length = MIN(length, block->from - run.from);
            }
            StreamBlock *made = make_block(table, half, arrival, &run, (gsize)length);
            link_after(half, previous, made);
            previous = made;
        }
        advance(&run, length);
    }
}

static void give(StreamTable *table, const StreamArrival *arrival, const Run *run, gsize length)
{
    StreamHalf *half = &arrival->stream->half[arrival->direction];
    if (run->is_missing) {
        half->last_frame = arrival->frame;
        half->last_time_ns = arrival->time_ns;
        stream_give_gap(table, arrival->stream, arrival->direction, length, STREAM_GAP_SNAPPED);
        return;
    }
    ByteSpan octets = byte_span(run->octets.data, length);
    stream_history_add(table, half, run->from, octets, arrival->frame, arrival->time_ns);
    stream_give(
        table, arrival->stream, arrival->direction, octets, arrival->frame, arrival->time_ns
    );
}

/* At once, if it is the next in order and nothing speaks against it; what is held already in its
 * way stands. */
static void insert(StreamTable *table, const StreamArrival *arrival, Run run)
{
    StreamHalf *half = &arrival->stream->half[arrival->direction];
    if (run.from == half->offset && stream_can_give(arrival->stream, arrival->direction, arrival)) {
        guint64 length = run.octets.length;
        if (half->held.first != NULL) {
            length = MIN(length, half->held.first->from - run.from);
        }
        if (length > 0) {
            give(table, arrival, &run, (gsize)length);
            advance(&run, length);
        }
    }
    if (run.octets.length > 0) {
        hold(table, arrival, run);
    }
}

/* Takes off the front what was given already. */
static bool trim(const StreamHalf *half, gint64 *from, Run *run)
{
    gint64 old = MIN((gint64)half->offset - *from, (gint64)run->octets.length);
    if (old > 0) {
        *from += old;
        run->octets.length -= (gsize)old;
        if (!run->is_missing) {
            run->octets.data += old;
        }
    }
    run->from = (guint64)*from;
    return run->octets.length > 0;
}

/* Octets that come a second time, as far as they are after the beginning. A keep-alive probe is an
 * octet of no meaning before the next one. */
static void
compare_old(StreamTable *table, const StreamArrival *arrival, gint64 from, ByteSpan octets)
{
    const StreamHalf *half = &arrival->stream->half[arrival->direction];
    gint64 end = MIN((gint64)half->offset, from + (gint64)octets.length);
    gint64 start = MAX(from, 0);
    bool is_probe = octets.length == 1 && from == (gint64)half->offset - 1;
    if (start >= end || is_probe) {
        return;
    }
    table->statistics.retransmitted_octets += (guint64)(end - start);
    stream_history_compare(
        table,
        arrival,
        (guint64)start,
        byte_span_slice(octets, (gsize)(start - from), (gsize)(end - start))
    );
}

/* Nothing comes behind FIN. */
static void end_at_fin(StreamTable *table, const StreamHalf *half, gint64 from, Run *run)
{
    gint64 room = MAX((gint64)half->fin_offset - from, 0);
    if (half->has_fin && (gint64)run->octets.length > room) {
        table->statistics.impossible_octets += run->octets.length - (gsize)room;
        run->octets.length = (gsize)room;
    }
}

void stream_place(
    StreamTable *table, const StreamArrival *arrival, gint64 from, ByteSpan octets, guint32 missing
)
{
    const StreamHalf *half = &arrival->stream->half[arrival->direction];
    gint64 behind = from + (gint64)octets.length;
    Run run = {.octets = octets};
    end_at_fin(table, half, from, &run);
    octets = run.octets;
    if (from < (gint64)half->offset) {
        compare_old(table, arrival, from, octets);
    }
    if (trim(half, &from, &run)) {
        insert(table, arrival, run);
    }
    Run missing_run = {.octets = {.length = missing}, .is_missing = true};
    end_at_fin(table, half, behind, &missing_run);
    if (trim(half, &behind, &missing_run)) {
        insert(table, arrival, missing_run);
    }
}
