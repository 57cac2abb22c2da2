#include "dissect/stream/stream-internal.h"

/* In the middle of a connection the first packets may be answers whose questions were captured
 * behind them. */
static bool is_picked_up_early(const Stream *stream, StreamDirection direction)
{
    const StreamHalf *half = &stream->half[direction];
    const StreamHalf *other = &stream->half[stream_direction_other(direction)];
    return !other->is_seen && !half->has_syn && stream->packets < STREAM_PICK_UP_PACKETS;
}

/* An answer must not come before the octets it acknowledges. An acknowledgement that was not
 * believed (see stream_see_acknowledgement) holds nothing back. */
static bool
is_answer_early(const Stream *stream, StreamDirection direction, guint32 acknowledgement)
{
    const StreamHalf *other = &stream->half[stream_direction_other(direction)];
    if (!other->is_seen || !other->is_placed) {
        return is_picked_up_early(stream, direction);
    }
    gint32 ahead = (gint32)(acknowledgement - other->next - (other->is_fin_given ? 1 : 0));
    return ahead > 0 && (gint32)(other->acked - acknowledgement) >= 0;
}

bool stream_can_give(const Stream *stream, StreamDirection direction, const StreamArrival *arrival)
{
    return !arrival->is_doubtful && !(arrival->has_acknowledgement &&
                                      is_answer_early(stream, direction, arrival->acknowledgement));
}

void stream_give(
    StreamTable *table,
    Stream *stream,
    StreamDirection direction,
    ByteSpan octets,
    guint64 frame,
    gint64 time_ns
)
{
    StreamHalf *half = &stream->half[direction];
    StreamData data = {
        .octets = octets,
        .offset = half->offset,
        .frame = frame,
        .time_ns = time_ns,
    };
    half->offset += octets.length;
    half->next += (guint32)octets.length;
    half->last_frame = frame;
    half->last_time_ns = time_ns;
    table->statistics.octets += octets.length;
    if (table->sink.data != NULL) {
        table->sink.data(table->owner, stream, direction, &data);
    }
}

void stream_give_gap(
    StreamTable *table,
    Stream *stream,
    StreamDirection direction,
    guint64 length,
    StreamGapReason reason
)
{
    StreamHalf *half = &stream->half[direction];
    StreamGap gap = {
        .reason = reason,
        .offset = half->offset,
        .length = length,
        .frame_before = half->last_frame,
        .time_before_ns = half->last_time_ns,
    };
    guint64 end = half->offset + length;
    if (half->held.first != NULL && half->held.first->from == end) {
        gap.frame_after = half->held.first->frame;
        gap.time_after_ns = half->held.first->time_ns;
    } else if (half->has_fin && half->fin_offset == end) {
        gap.frame_after = half->fin_frame;
        gap.time_after_ns = half->fin_time_ns;
    }
    half->offset += length;
    half->next += (guint32)length;
    table->statistics.gaps++;
    table->statistics.gap_octets += length;
    table->statistics.gaps_by_limit += reason == STREAM_GAP_GIVEN_UP;
    if (table->sink.gap != NULL) {
        table->sink.gap(table->owner, stream, direction, &gap);
    }
}

static StreamBlock *take_first(StreamTable *table, StreamHalf *half)
{
    StreamBlock *block = half->held.first;
    half->held.first = block->next;
    if (block->next == NULL) {
        half->held.last = NULL;
    }
    half->held.size -= block->size;
    half->held.count--;
    table->held -= block->size;
    return block;
}

/* Gives the first held block, which must begin where the last octets ended. */
static void give_first(StreamTable *table, Stream *stream, StreamDirection direction)
{
    StreamHalf *half = &stream->half[direction];
    StreamBlock *block = take_first(table, half);
    g_assert(block->from == half->offset);
    if (block->is_missing) {
        half->last_frame = block->frame;
        half->last_time_ns = block->time_ns;
        stream_give_gap(table, stream, direction, block->length, STREAM_GAP_SNAPPED);
        stream_pool_give_block(&table->pool, block);
        return;
    }
    stream_give(table, stream, direction, stream_block_span(block), block->frame, block->time_ns);
    stream_history_adopt(table, half, block);
}

static bool is_fin_next(const StreamHalf *half)
{
    return half->has_fin && !half->is_fin_given && half->held.first == NULL &&
           half->offset == half->fin_offset;
}

static void give_fin(StreamTable *table, Stream *stream, StreamDirection direction)
{
    StreamHalf *half = &stream->half[direction];
    half->is_fin_given = true;
    StreamEvent event = {
        .kind = STREAM_EVENT_FIN,
        .direction = direction,
        .frame = half->fin_frame,
        .time_ns = half->fin_time_ns,
        .offset = half->offset,
    };
    stream_send_event(table, stream, &event);
}

/* Octets whose checksum was bad are believed once the other side has acknowledged them: it has
 * seen them as they are, or good ones that would have taken their place here. */
static bool is_block_ready(const Stream *stream, StreamDirection direction)
{
    const StreamHalf *half = &stream->half[direction];
    const StreamBlock *block = half->held.first;
    if (block == NULL || block->from != half->offset) {
        return false;
    }
    if (block->is_doubtful && stream_unseen(half) < (gint32)block->length) {
        return false;
    }
    return !(
        block->has_acknowledgement && is_answer_early(stream, direction, block->acknowledgement)
    );
}

static bool is_ready(const Stream *stream, StreamDirection direction)
{
    const StreamHalf *half = &stream->half[direction];
    if (is_fin_next(half)) {
        return !is_answer_early(stream, direction, half->fin_acknowledgement);
    }
    return is_block_ready(stream, direction);
}

/* The frame of what comes next in a direction, or G_MAXUINT64. */
static guint64 next_frame(const StreamHalf *half)
{
    if (half->held.first != NULL) {
        return half->held.first->frame;
    }
    return half->has_fin && !half->is_fin_given ? half->fin_frame : G_MAXUINT64;
}

static StreamDirection earlier(const Stream *stream)
{
    return next_frame(&stream->half[STREAM_FROM_SERVER]) <
                   next_frame(&stream->half[STREAM_FROM_CLIENT])
               ? STREAM_FROM_SERVER
               : STREAM_FROM_CLIENT;
}

void stream_drain(StreamTable *table, Stream *stream)
{
    for (;;) {
        StreamDirection direction = earlier(stream);
        if (!is_ready(stream, direction)) {
            direction = stream_direction_other(direction);
            if (!is_ready(stream, direction)) {
                return;
            }
        }
        if (is_fin_next(&stream->half[direction])) {
            give_fin(table, stream, direction);
        } else {
            give_first(table, stream, direction);
        }
    }
}

/* How the hole in front of 'to' came about, and how much of it came about that way. */
static StreamGapReason
reason_of_hole(const Stream *stream, StreamDirection direction, guint64 to, guint64 *out_length)
{
    const StreamHalf *half = &stream->half[direction];
    const StreamHalf *other = &stream->half[stream_direction_other(direction)];
    *out_length = to - half->offset;
    if (!other->is_seen) {
        return STREAM_GAP_NOT_CAPTURED;
    }
    gint32 acked = half->has_acked ? (gint32)(half->acked - half->next) : 0;
    if (acked <= 0) {
        return STREAM_GAP_LOST;
    }
    *out_length = MIN(*out_length, (guint64)acked);
    return STREAM_GAP_NOT_CAPTURED;
}

/* One gap of the hole in front of 'to'; a part of it may have come about in another way. */
static void
give_hole(StreamTable *table, Stream *stream, StreamDirection direction, guint64 to, bool is_limit)
{
    guint64 length;
    StreamGapReason reason = reason_of_hole(stream, direction, to, &length);
    if (is_limit) {
        reason = STREAM_GAP_GIVEN_UP;
        length = to - stream->half[direction].offset;
    }
    stream_give_gap(table, stream, direction, length, reason);
}

/* A segment far beyond what the other side has room for was never part of the connection. */
static bool is_beyond_window(const Stream *stream, StreamDirection direction)
{
    const StreamHalf *half = &stream->half[direction];
    const StreamHalf *other = &stream->half[stream_direction_other(direction)];
    if (!other->is_seen || !half->has_acked || !stream->is_established) {
        return false;
    }
    gint64 acked = stream_place_of(half, half->acked);
    gint64 room = MAX(other->window_most, 65535u);
    return (gint64)half->held.first->from > MAX(acked, (gint64)half->offset) + 2 * room;
}

/* Goes one step on in one direction without waiting any longer. After a gap the step ends: what the
 * other side sent meanwhile may come before what follows. */
static void force(StreamTable *table, Stream *stream, StreamDirection direction, bool is_limit)
{
    StreamHalf *half = &stream->half[direction];
    StreamBlock *first = half->held.first;
    if (first != NULL && !is_limit && is_beyond_window(stream, direction)) {
        take_first(table, half);
        table->statistics.impossible_octets += first->length;
        stream_pool_give_block(&table->pool, first);
        return;
    }
    guint64 to = first != NULL ? first->from : half->fin_offset;
    if (half->offset < to) {
        give_hole(table, stream, direction, to, is_limit);
    } else if (first != NULL) {
        give_first(table, stream, direction);
    } else {
        give_fin(table, stream, direction);
    }
}

void stream_give_up(StreamTable *table, Stream *stream, StreamDirection direction)
{
    StreamHalf *half = &stream->half[direction];
    guint32 enough = half->held.size / 2;
    while (half->held.first != NULL && half->held.size > enough) {
        force(table, stream, direction, true);
    }
    stream_drain(table, stream);
}

/* What the other side has acknowledged at the end without its ever being seen. A single octet more
 * is most likely a FIN that was not captured. */
static void give_tail(StreamTable *table, Stream *stream, StreamDirection direction)
{
    StreamHalf *half = &stream->half[direction];
    if (half->is_seen && half->is_placed && half->has_acked && !half->is_fin_given &&
        stream_unseen(half) > 1) {
        stream_give_gap(
            table, stream, direction, (guint64)stream_unseen(half), STREAM_GAP_NOT_CAPTURED
        );
    }
}

/* What comes next in a direction is there, and waits only for the other one. */
static bool is_only_early(const StreamHalf *half)
{
    return half->held.first != NULL ? half->held.first->from == half->offset : is_fin_next(half);
}

/* At the end nothing more is waited for. What is missing is declared first where an answer waits
 * for it, so that the answer still comes behind it. */
static void flush_one(StreamTable *table, Stream *stream)
{
    StreamDirection direction = earlier(stream);
    StreamDirection opposite = stream_direction_other(direction);
    const StreamHalf *other = &stream->half[opposite];
    if (is_only_early(&stream->half[direction]) && !is_only_early(other)) {
        if (next_frame(other) != G_MAXUINT64) {
            direction = opposite;
        } else if (other->is_seen && !other->is_fin_given && stream_unseen(other) > 1) {
            guint64 length = (guint64)stream_unseen(other);
            stream_give_gap(table, stream, opposite, length, STREAM_GAP_NOT_CAPTURED);
            return;
        }
    }
    force(table, stream, direction, false);
}

void stream_flush(StreamTable *table, Stream *stream)
{
    for (;;) {
        stream_drain(table, stream);
        if (next_frame(&stream->half[earlier(stream)]) == G_MAXUINT64) {
            break;
        }
        flush_one(table, stream);
    }
    give_tail(table, stream, STREAM_FROM_CLIENT);
    give_tail(table, stream, STREAM_FROM_SERVER);
}

/* Declares the holes before this sequence number, and gives what lies between them. */
static void
force_up_to(StreamTable *table, Stream *stream, StreamDirection direction, guint32 sequence)
{
    StreamHalf *half = &stream->half[direction];
    while (!half->is_fin_given && (gint32)(sequence - half->next) > 0) {
        if (half->held.first != NULL || (half->has_fin && !half->is_fin_given)) {
            gint64 limit = stream_place_of(half, sequence);
            if (half->held.first != NULL && (gint64)half->held.first->from > limit) {
                give_hole(table, stream, direction, (guint64)limit, false);
            } else {
                force(table, stream, direction, false);
                stream_drain(table, stream); /* what the other side answered meanwhile */
            }
        } else if (sequence - half->next == 1) {
            return; /* more likely an unseen FIN than an octet; later octets will tell */
        } else {
            guint64 length = sequence - half->next;
            stream_give_gap(table, stream, direction, length, STREAM_GAP_NOT_CAPTURED);
        }
    }
}

/* Up to where octets are known to have reached the other side without having been seen here. Where
 * that side itself is not seen, whatever follows a hole must do. */
static bool has_evidence(const Stream *stream, StreamDirection direction, guint32 *out_up_to)
{
    const StreamHalf *half = &stream->half[direction];
    const StreamHalf *other = &stream->half[stream_direction_other(direction)];
    if (!half->is_seen || !half->is_placed) {
        return false;
    }
    if (!other->is_seen) {
        *out_up_to = half->highest;
        return half->held.first != NULL;
    }
    *out_up_to = half->acked;
    return half->has_acked && stream_unseen(half) > 0;
}

/* Nothing is missing here: what is held are answers that came before what they answer, and the hole
 * is in the other direction. */
static bool waits_for_other_side(const StreamHalf *half)
{
    return half->held.first != NULL && half->held.first->from == half->offset &&
           !half->held.first->is_doubtful;
}

static void check_half(StreamTable *table, Stream *stream, StreamDirection direction, gint64 now_ns)
{
    StreamHalf *half = &stream->half[direction];
    guint32 up_to;
    if (waits_for_other_side(half) || !has_evidence(stream, direction, &up_to)) {
        half->is_marked = false;
        return;
    }
    if (!half->is_marked || (gint32)(half->mark_acked - half->next) <= 0) {
        half->is_marked = true;
        half->mark_acked = up_to;
        half->mark_packet = stream->packets;
        half->mark_time_ns = now_ns;
        return;
    }
    bool is_one_sided = !stream->half[stream_direction_other(direction)].is_seen;
    guint32 patience = table->options.patience_packets * (is_one_sided ? 4 : 1);
    if (stream->packets - half->mark_packet >= patience ||
        now_ns - half->mark_time_ns >= table->options.patience_ns) {
        half->is_marked = false;
        force_up_to(table, stream, direction, half->mark_acked);
    }
}

void stream_check_patience(StreamTable *table, Stream *stream, gint64 now_ns)
{
    check_half(table, stream, STREAM_FROM_CLIENT, now_ns);
    check_half(table, stream, STREAM_FROM_SERVER, now_ns);
    stream_drain(table, stream);
}
