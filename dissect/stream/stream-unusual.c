#include "dissect/stream/stream-internal.h"

/* A segment whose checksum is bad was damaged on the way, and its receiver will not have taken it;
 * but where all checksums of a direction are bad, somebody rewrote the packets or captured them
 * before they were finished, and nothing follows from it. */
static bool judge_checksum(StreamHalf *half, const Packet *packet)
{
    half->has_good_checksum |= packet->checksum == CHECKSUM_GOOD;
    return packet->checksum == CHECKSUM_BAD && half->has_good_checksum;
}

/* The connection may survive a reset that somebody else has forged, so the stream is closed only
 * when nothing has come for a while. Octets of the reset are a text for people at most. */
static void
see_reset(StreamTable *table, Stream *stream, StreamDirection direction, const Packet *packet)
{
    if (!stream->is_reset) {
        stream->is_reset = true;
        StreamEvent event = {
            .kind = STREAM_EVENT_RESET,
            .direction = direction,
            .frame = packet->frame->number,
            .time_ns = packet->frame->time_ns,
            .offset = stream->half[direction].offset,
            .octets = packet->payload,
        };
        stream_send_event(table, stream, &event);
    }
    stream->half[direction].is_seen = true;
    stream_linger(table, stream, STREAM_LIST_LINGERING, STREAM_CLOSED_BY_RESET);
}

static void
see_urgent(StreamTable *table, Stream *stream, StreamDirection direction, const Packet *packet)
{
    gint64 place = stream_place_of(&stream->half[direction], packet->tcp_sequence);
    gint64 end = place + packet->tcp_urgent;
    if (packet->payload.length == 0 || end <= 0) {
        return;
    }
    StreamEvent event = {
        .kind = STREAM_EVENT_URGENT,
        .direction = direction,
        .frame = packet->frame->number,
        .time_ns = packet->frame->time_ns,
        .offset = (guint64)end,
    };
    stream_send_event(table, stream, &event);
}

static void
place_payload(StreamTable *table, const Packet *packet, StreamArrival *arrival, gint64 from)
{
    ByteSpan payload = packet->payload;
    if (packet->piece_count == 0) {
        stream_place(table, arrival, from, payload, packet->missing_tail);
        return;
    }
    for (guint32 i = 0; i < packet->piece_count; i++) {
        const PacketPiece *piece = &packet->pieces[i];
        ByteSpan part = byte_span_slice(payload, piece->offset, piece->length);
        arrival->frame = piece->frame;
        arrival->time_ns = piece->time_ns;
        stream_place(
            table, arrival, from + piece->offset, part, piece->length - (guint32)part.length
        );
    }
}

/* The first octets of the middle of a connection may come after later ones, or after a probe that
 * stood one before them. */
static void adjust_beginning(StreamHalf *half, const Packet *packet, gint64 from)
{
    if (half->has_syn || half->offset != 0 || half->is_fin_given || packet->payload.length == 0) {
        return;
    }
    bool is_before = from < 0 && from >= -STREAM_PICK_UP_REACH && packet->payload.length > 1;
    bool is_after_probe = from == 1 && half->held.first == NULL && half->highest == half->next;
    if (is_before || is_after_probe) {
        stream_move_beginning(half, packet->tcp_sequence);
    }
}

static void see_octets(
    StreamTable *table,
    Stream *stream,
    StreamDirection direction,
    const Packet *packet,
    bool is_doubtful
)
{
    StreamHalf *half = &stream->half[direction];
    bool is_syn = (packet->tcp_flags & TCP_FLAG_SYN) != 0;
    guint32 sequence = packet->tcp_sequence + is_syn;
    guint32 length = (guint32)packet->payload.length + packet->missing_tail;
    if (!is_syn) {
        adjust_beginning(half, packet, stream_place_of(half, sequence));
    }
    gint64 from = stream_place_of(half, sequence);
    gint64 distance = from - (gint64)half->offset;
    if (ABS(distance) >= (gint64)STREAM_REACH ||
        (half->has_fin && from > (gint64)half->fin_offset)) {
        table->statistics.impossible_octets += length;
        return;
    }
    StreamArrival arrival = {
        .stream = stream,
        .direction = direction,
        .frame = packet->frame->number,
        .time_ns = packet->frame->time_ns,
        .acknowledgement = packet->tcp_acknowledgement,
        .has_acknowledgement = (packet->tcp_flags & TCP_FLAG_ACK) && !is_doubtful,
        .is_doubtful = is_doubtful,
    };
    bool has_fin = (packet->tcp_flags & TCP_FLAG_FIN) != 0 && !is_doubtful;
    if (!is_doubtful && (gint32)(sequence + length + has_fin - half->highest) > 0) {
        half->highest = sequence + length + has_fin;
    }
    if (length > 0) {
        place_payload(table, packet, &arrival, from);
    }
    gint64 end = from + length;
    if (has_fin && !half->has_fin && end >= (gint64)half->offset) {
        half->has_fin = true;
        half->fin_offset = (guint64)end;
        half->fin_frame = arrival.frame;
        half->fin_time_ns = arrival.time_ns;
        half->fin_acknowledgement =
            arrival.has_acknowledgement ? arrival.acknowledgement : half->next;
    }
}

static bool has_trouble(const StreamHalf *half)
{
    return half->held.first != NULL || (half->has_fin && !half->is_fin_given) || half->is_marked ||
           (half->has_acked && half->is_placed && stream_unseen(half) > 0);
}

static void settle(StreamTable *table, Stream *stream, StreamDirection direction, gint64 now_ns)
{
    const StreamHalf *half = &stream->half[direction];
    if (!has_trouble(&stream->half[0]) && !has_trouble(&stream->half[1])) {
        return;
    }
    stream_drain(table, stream);
    bool is_held_in_all = table->held > table->options.held_in_all;
    table->statistics.limits_met += is_held_in_all;
    if (half->held.size > table->options.held_per_direction ||
        half->held.count > STREAM_HELD_RUNS || is_held_in_all) {
        stream_give_up(table, stream, direction);
    }
    stream_check_patience(table, stream, now_ns);
}

/* Whether what is missing in front of FIN can still come: nobody has acknowledged it. */
static bool can_be_sent_again(const StreamHalf *half, const StreamHalf *other)
{
    return !half->is_fin_given && other->is_seen &&
           stream_place_of(half, half->acked) < (gint64)half->fin_offset;
}

/* Both ends given: it is over. Both seen but something missing: soon, unless it may be sent again.
 * Only one side ever seen: a little later. */
static void check_end(StreamTable *table, Stream *stream)
{
    const StreamHalf *client = &stream->half[STREAM_FROM_CLIENT];
    const StreamHalf *server = &stream->half[STREAM_FROM_SERVER];
    if (client->is_fin_given && server->is_fin_given) {
        stream_close(table, stream, STREAM_CLOSED_BY_FIN);
        return;
    }
    bool is_one_sided =
        (client->is_fin_given && !server->is_seen) || (server->is_fin_given && !client->is_seen);
    bool has_both = client->has_fin && server->has_fin;
    if (is_one_sided ||
        (has_both && (can_be_sent_again(client, server) || can_be_sent_again(server, client)))) {
        stream_linger(table, stream, STREAM_LIST_LINGERING, STREAM_CLOSED_BY_FIN);
    } else if (has_both) {
        stream_linger(table, stream, STREAM_LIST_ENDING, STREAM_CLOSED_BY_FIN);
    }
}

/* Octets after a reset, or from the side that was never seen, put the end off. */
static void
put_off_end(StreamTable *table, Stream *stream, const StreamHalf *half, const Packet *packet)
{
    bool is_first = !half->is_seen;
    bool is_new = packet->payload.length > 0 && half->is_placed &&
                  stream_place_of(half, packet->tcp_sequence) >= (gint64)half->offset;
    bool is_syn = (packet->tcp_flags & TCP_FLAG_SYN) != 0;
    if (stream->list == STREAM_LIST_LINGERING && (is_first || is_new || is_syn)) {
        stream_stay(table, stream);
        if (stream->is_reset) {
            stream_linger(table, stream, STREAM_LIST_LINGERING, STREAM_CLOSED_BY_RESET);
        }
    }
}

void stream_look_closely(
    StreamTable *table, Stream *stream, StreamDirection direction, const Packet *packet
)
{
    StreamHalf *half = &stream->half[direction];
    guint8 flags = packet->tcp_flags;
    gint64 now_ns = packet->frame->time_ns;
    if (table->sink.frame != NULL) {
        guint32 notes = stream_note_frame(table, stream, direction, packet);
        table->sink.frame(table->owner, stream, direction, packet, notes);
    }
    if (stream->is_closed) {
        return;
    }
    bool is_doubtful = judge_checksum(half, packet);
    if (flags & TCP_FLAG_RST) {
        if (!is_doubtful) {
            see_reset(table, stream, direction, packet);
        }
        return;
    }
    put_off_end(table, stream, half, packet);
    if (flags & TCP_FLAG_SYN) {
        stream_see_syn(table, stream, direction, packet);
    } else if (!half->is_placed || (!half->is_seen && !half->has_syn)) {
        stream_see_first(stream, direction, packet);
    }
    half->is_seen = true;
    if ((flags & TCP_FLAG_ACK) && !is_doubtful) {
        stream_see_acknowledgement(table, stream, direction, packet);
    }
    if (!is_doubtful) {
        stream_see_window(table, stream, direction, packet);
    }
    if ((flags & TCP_FLAG_URG) && packet->tcp_urgent > 0) {
        see_urgent(table, stream, direction, packet);
    }
    see_octets(table, stream, direction, packet, is_doubtful);
    settle(table, stream, direction, now_ns);
    check_end(table, stream);
}
