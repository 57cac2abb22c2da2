#include "dissect/stream/stream-internal.h"

/* Of the memory that may be held out of order, this part may be used for comparison besides. */
#define HISTORY_SHARE 4

static bool has_room(StreamTable *table, const StreamHalf *half, gsize octets)
{
    bool fits = half->history.size + octets <= table->options.history &&
                table->remembered_octets + octets <= table->options.held_in_all / HISTORY_SHARE;
    if (!fits) {
        table->statistics.history_by_limit += octets;
    }
    return fits;
}

static void append(StreamTable *table, StreamHalf *half, StreamBlock *block)
{
    block->next = NULL;
    if (half->history.last != NULL) {
        half->history.last->next = block;
    } else {
        half->history.first = block;
    }
    half->history.last = block;
    half->history.size += block->size;
    table->remembered_octets += block->size;
}

static void drop_first(StreamTable *table, StreamHalf *half)
{
    StreamBlock *block = half->history.first;
    half->history.first = block->next;
    if (block->next == NULL) {
        half->history.last = NULL;
    }
    half->history.size -= block->size;
    table->remembered_octets -= block->size;
    stream_pool_give_block(&table->pool, block);
}

void stream_history_add(
    StreamTable *table,
    StreamHalf *half,
    guint64 from,
    ByteSpan octets,
    guint64 frame,
    gint64 time_ns
)
{
    if (table->options.history == 0 || !has_room(table, half, octets.length)) {
        return;
    }
    StreamBlock *block = stream_pool_take_block(&table->pool, octets.length);
    block->from = from;
    block->length = (guint32)octets.length;
    block->frame = frame;
    block->time_ns = time_ns;
    memcpy(block->octets, octets.data, octets.length);
    append(table, half, block);
}

void stream_history_adopt(StreamTable *table, StreamHalf *half, StreamBlock *block)
{
    if (table->options.history == 0 || !has_room(table, half, block->size)) {
        stream_pool_give_block(&table->pool, block);
    } else {
        append(table, half, block);
    }
}

void stream_history_acked(StreamTable *table, StreamHalf *half)
{
    gint64 acked = stream_place_of(half, half->acked);
    while (half->history.first != NULL &&
           (gint64)(half->history.first->from + half->history.first->length) <= acked) {
        drop_first(table, half);
    }
}

void stream_history_clear(StreamTable *table, StreamHalf *half)
{
    while (half->history.first != NULL) {
        drop_first(table, half);
    }
}

/* Reports from the first octet that differs to the last one. What stands is called the first: that
 * of the block, unless its checksum was bad. */
void stream_compare_block(
    StreamTable *table,
    const StreamArrival *arrival,
    const StreamBlock *block,
    guint64 from,
    ByteSpan octets
)
{
    guint64 start = MAX(from, block->from);
    guint64 end = MIN(from + octets.length, block->from + block->length);
    if (start >= end || block->is_missing) {
        return;
    }
    gsize length = (gsize)(end - start);
    ByteSpan first =
        byte_span_slice(stream_block_span(block), (gsize)(start - block->from), length);
    ByteSpan last = byte_span_slice(octets, (gsize)(start - from), length);
    if (memcmp(first.data, last.data, first.length) == 0) {
        return;
    }
    gsize head = 0;
    while (first.data[head] == last.data[head]) {
        head++;
    }
    gsize tail = first.length;
    while (first.data[tail - 1] == last.data[tail - 1]) {
        tail--;
    }
    StreamOverlap overlap = {
        .offset = start + head,
        .first = byte_span_slice(first, head, tail - head),
        .last = byte_span_slice(last, head, tail - head),
        .first_frame = block->frame,
        .last_frame = arrival->frame,
        .time_ns = arrival->time_ns,
    };
    if (block->is_doubtful && !arrival->is_doubtful) {
        overlap.first = byte_span_slice(last, head, tail - head);
        overlap.last = byte_span_slice(first, head, tail - head);
        overlap.first_frame = arrival->frame;
        overlap.last_frame = block->frame;
    }
    table->statistics.overlaps++;
    if (table->sink.overlap != NULL) {
        table->sink.overlap(table->owner, arrival->stream, arrival->direction, &overlap);
    }
}

void stream_history_compare(
    StreamTable *table, const StreamArrival *arrival, guint64 from, ByteSpan octets
)
{
    const StreamHalf *half = &arrival->stream->half[arrival->direction];
    for (const StreamBlock *block = half->history.first; block != NULL; block = block->next) {
        stream_compare_block(table, arrival, block, from, octets);
    }
}
