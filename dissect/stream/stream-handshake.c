#include "dissect/stream/stream-internal.h"

/* RFC 7323: the largest shift there is. */
#define UNKNOWN_SHIFT 14

void stream_send_event(StreamTable *table, Stream *stream, const StreamEvent *event)
{
    if (table->sink.event != NULL) {
        table->sink.event(table->owner, stream, event);
    }
}

static void send_simple(
    StreamTable *table,
    Stream *stream,
    StreamEventKind kind,
    StreamDirection direction,
    const Packet *packet
)
{
    StreamEvent event = {
        .kind = kind,
        .direction = direction,
        .frame = packet->frame->number,
        .time_ns = packet->frame->time_ns,
        .offset = stream->half[direction].offset,
    };
    stream_send_event(table, stream, &event);
}

static void place_at(StreamHalf *half, guint32 sequence)
{
    half->next = sequence;
    half->initial = sequence - 1;
    half->is_placed = true;
    half->highest = sequence;
    if (!half->has_acked || (gint32)(half->acked - sequence) < 0) {
        half->acked = sequence;
    }
}

/* Moves the beginning forward or back while nothing has been given; what is held stays where it
 * is in the sequence. */
void stream_move_beginning(StreamHalf *half, guint32 sequence)
{
    guint32 shift = half->next - sequence;
    for (StreamBlock *block = half->held.first; block != NULL; block = block->next) {
        block->from += (guint64)(gint64)(gint32)shift;
    }
    half->fin_offset += (guint64)(gint64)(gint32)shift;
    half->next = sequence;
    half->initial = sequence - 1;
}

static bool can_move_beginning(const StreamHalf *half, guint32 sequence)
{
    gint32 back = (gint32)(half->next - sequence);
    return half->offset == 0 && !half->is_fin_given && back >= 0 && back <= STREAM_PICK_UP_REACH;
}

static bool has_given_nothing(const StreamHalf *half)
{
    return half->offset == 0 && half->held.first == NULL && !half->is_fin_given;
}

/* A SYN with another sequence number than the one known opens a new connection, and so does any
 * SYN after the end. One that comes late, after the octets that follow it, does not; nor does the
 * same SYN once more, after it was refused, or straying behind the end. */
bool stream_is_reuse(const Stream *stream, StreamDirection direction, const Packet *packet)
{
    const StreamHalf *half = &stream->half[direction];
    const StreamHalf *other = &stream->half[stream_direction_other(direction)];
    bool is_same = half->is_placed && packet->tcp_sequence == half->initial;
    bool has_fin = half->has_fin || other->has_fin;
    if (packet->tcp_flags & TCP_FLAG_ACK) {
        return stream->is_closed && half->has_syn && packet->tcp_sequence != half->initial &&
               packet->tcp_acknowledgement != other->initial + 1;
    }
    if (is_same) {
        return stream->is_closed && !has_fin;
    }
    if (stream->is_closed || stream->is_reset || has_fin) {
        return true;
    }
    if (!half->is_placed) {
        return false;
    }
    if (half->has_syn) {
        return true;
    }
    if (other->has_syn && has_given_nothing(half)) {
        return false;
    }
    gint64 place = stream_place_of(half, packet->tcp_sequence + 1);
    return place > 0 || place < -STREAM_PICK_UP_REACH;
}

/* A second answer with another number stands only if the client has not taken the first one. */
static bool takes_second_syn(const StreamHalf *half, const StreamHalf *other)
{
    bool is_taken = half->has_acked && half->acked == half->next;
    return has_given_nothing(half) && !(is_taken && other->is_seen);
}

void stream_see_syn(
    StreamTable *table, Stream *stream, StreamDirection direction, const Packet *packet
)
{
    StreamHalf *half = &stream->half[direction];
    StreamHalf *other = &stream->half[stream_direction_other(direction)];
    guint32 first = packet->tcp_sequence + 1;
    if (!half->is_placed || (!half->has_syn && has_given_nothing(half))) {
        place_at(half, first);
    } else if (!half->has_syn && can_move_beginning(half, first)) {
        stream_move_beginning(half, first);
    } else if (half->has_syn && packet->tcp_sequence != half->initial) {
        if (!takes_second_syn(half, other)) {
            return;
        }
        half->has_acked = false;
        place_at(half, first);
    }
    TcpOptions options;
    packet_read_tcp_options(packet->tcp_options, &options);
    half->has_scale = options.has_window_scale;
    half->window_scale = options.window_scale;
    bool is_first = !half->has_syn;
    half->has_syn = true;
    bool is_answer = (packet->tcp_flags & TCP_FLAG_ACK) != 0;
    if (is_answer && !other->is_placed) {
        place_at(other, packet->tcp_acknowledgement);
        other->has_hint = true;
    }
    if (is_first) {
        StreamEventKind kind = is_answer ? STREAM_EVENT_SYN_ACK : STREAM_EVENT_SYN;
        send_simple(table, stream, kind, direction, packet);
        if (packet->payload.length > 0) {
            send_simple(table, stream, STREAM_EVENT_SYN_DATA, direction, packet);
        }
    }
}

/* The first segment of a direction in the middle of a connection: it begins there, or a little
 * earlier where the other side's acknowledgement says so. */
void stream_see_first(Stream *stream, StreamDirection direction, const Packet *packet)
{
    StreamHalf *half = &stream->half[direction];
    guint32 sequence = packet->tcp_sequence;
    gint32 ahead = (gint32)(sequence - half->initial - 1);
    bool is_probe = ahead == -1 && packet->payload.length <= 1;
    bool is_near = half->has_hint && ABS((gint64)ahead) <= STREAM_PICK_UP_REACH;
    half->has_acked = is_near;
    place_at(half, is_near && (is_probe || ahead >= 0) ? half->initial + 1 : sequence);
    half->has_hint = false;
}

/* The first one says where that side begins, unless it is not seen for long. */
static void note_hint(const Stream *stream, StreamHalf *other, guint32 acknowledgement)
{
    if (!other->has_hint || stream->packets > STREAM_PICK_UP_PACKETS) {
        other->initial = acknowledgement - 1;
    }
    if (!other->has_hint || (gint32)(acknowledgement - other->acked) > 0) {
        other->acked = acknowledgement;
    }
    other->has_hint = true;
    other->has_acked = true;
}

/* How far beyond the octets seen an acknowledgement can be believed: as far as its sender ever
 * offered room, or, while that is not known, as far as TCP reaches. */
static bool is_believable(const Stream *stream, StreamDirection direction, guint32 acknowledgement)
{
    const StreamHalf *half = &stream->half[direction];
    const StreamHalf *other = &stream->half[stream_direction_other(direction)];
    if (other->has_fin) {
        return stream_place_of(other, acknowledgement) <= (gint64)other->fin_offset + 1;
    }
    gint64 ahead = (gint32)(acknowledgement - other->highest);
    gint64 room = stream->is_established ? MAX(half->window_most, 65535u) : (gint64)STREAM_REACH;
    return !other->is_seen || ahead <= room + 1;
}

void stream_see_acknowledgement(
    StreamTable *table, Stream *stream, StreamDirection direction, const Packet *packet
)
{
    StreamHalf *other = &stream->half[stream_direction_other(direction)];
    guint32 acknowledgement = packet->tcp_acknowledgement;
    if (!other->is_placed) {
        note_hint(stream, other, acknowledgement);
        return;
    }
    if (!is_believable(stream, direction, acknowledgement)) {
        return;
    }
    if (!other->is_seen && !other->has_syn) {
        other->next = acknowledgement;
        other->highest = acknowledgement;
    }
    if (!other->has_acked || (gint32)(acknowledgement - other->acked) > 0) {
        other->has_acked = true;
        other->acked = acknowledgement;
        if (table->options.history > 0) {
            stream_history_acked(table, other);
        }
    }
    const StreamHalf *half = &stream->half[direction];
    if (!stream->is_established && half->has_syn && other->has_syn && half->has_acked &&
        other->has_acked && (gint32)(half->acked - half->initial) > 0 &&
        (gint32)(other->acked - other->initial) > 0) {
        stream->is_established = true;
        send_simple(table, stream, STREAM_EVENT_ESTABLISHED, direction, packet);
    }
}

/* RFC 7323: the window of a SYN is never scaled, those after it are if both sides offered it. */
void stream_see_window(
    StreamTable *table, Stream *stream, StreamDirection direction, const Packet *packet
)
{
    StreamHalf *half = &stream->half[direction];
    const StreamHalf *other = &stream->half[stream_direction_other(direction)];
    bool is_syn = (packet->tcp_flags & TCP_FLAG_SYN) != 0;
    guint32 window = packet->tcp_window;
    bool is_known = half->has_syn && other->has_syn;
    guint32 scale = half->has_scale && other->has_scale ? half->window_scale : 0;
    if (!is_syn) {
        window <<= is_known ? scale : UNKNOWN_SHIFT;
    }
    half->window_most = MAX(half->window_most, window);
    half->window_shift = is_known ? (guint8)scale : UNKNOWN_SHIFT;
    bool is_closed = window == 0 && !is_syn;
    if (is_closed != half->is_window_closed) {
        half->is_window_closed = is_closed;
        send_simple(
            table,
            stream,
            is_closed ? STREAM_EVENT_ZERO_WINDOW : STREAM_EVENT_WINDOW_OPEN,
            direction,
            packet
        );
    }
}
