#include "dissect/stream/stream-internal.h"

/* Segments that fill a hole within this time after later ones were overtaken on the way; later
 * than that they were sent again. */
#define OVERTAKEN_NS (3 * 1000 * 1000)
#define FAST_RETRANSMISSION_NS (20 * 1000 * 1000)

#define CONTROL (TCP_FLAG_SYN | TCP_FLAG_FIN | TCP_FLAG_RST)

typedef struct {
    const Packet *packet;
    const StreamHalf *half;
    const StreamHalf *other;
    StreamNotes *notes;
    StreamNotes *other_notes;
    guint32 length; /* octets, SYN and FIN */
    bool is_control;
} Case;

static guint32 scaled_window(const StreamHalf *half, const StreamHalf *other, guint32 window)
{
    return half->has_scale && other->has_scale ? window << half->window_scale : window;
}

/* An empty segment that says what the one before it said. */
static bool says_the_same(const Case *case_of)
{
    return case_of->length == 0 && !case_of->is_control && case_of->notes->has_sent &&
           case_of->packet->tcp_acknowledgement == case_of->notes->last_acknowledgement &&
           case_of->packet->tcp_sequence == case_of->half->highest;
}

static guint32 note_acknowledgement(const Case *case_of)
{
    guint32 notes = 0;
    const Packet *packet = case_of->packet;
    if (packet->tcp_window == 0 && !case_of->is_control) {
        notes |= FRAME_NOTE_ZERO_WINDOW;
    }
    if (case_of->other->is_seen && case_of->other->is_placed &&
        (packet->tcp_flags & TCP_FLAG_ACK) && !(packet->tcp_flags & TCP_FLAG_RST) &&
        (gint32)(packet->tcp_acknowledgement - case_of->other->highest) > 0) {
        notes |= FRAME_NOTE_ACKED_UNSEEN;
    }
    if (!says_the_same(case_of)) {
        return notes;
    }
    bool has_same_window = packet->tcp_window == case_of->notes->last_window;
    guint32 before = case_of->other_notes->last_notes;
    if (has_same_window && (before & FRAME_NOTE_KEEP_ALIVE)) {
        notes |= FRAME_NOTE_KEEP_ALIVE_ACK;
    } else if (packet->tcp_window == 0 && (before & FRAME_NOTE_ZERO_WINDOW_PROBE)) {
        notes |= FRAME_NOTE_ZERO_WINDOW_PROBE_ACK;
    } else if (!has_same_window && packet->tcp_window != 0) {
        notes |= FRAME_NOTE_WINDOW_UPDATE;
    } else if (packet->tcp_window != 0) {
        notes |= FRAME_NOTE_DUPLICATE_ACK;
    }
    return notes;
}

/* A segment that begins before the highest octet seen. */
static guint32 note_repeated(const Case *case_of)
{
    const Packet *packet = case_of->packet;
    gint64 now = packet->frame->time_ns;
    guint32 end = packet->tcp_sequence + case_of->length;
    bool is_new = stream_place_of(case_of->half, end) > (gint64)case_of->half->offset;
    bool is_acked = case_of->half->has_acked && (gint32)(case_of->half->acked - end) >= 0;
    const StreamNotes *other = case_of->other_notes;
    if (other->duplicates >= 2 && packet->tcp_sequence == other->last_acknowledgement &&
        now - other->duplicate_time_ns < FAST_RETRANSMISSION_NS) {
        return FRAME_NOTE_RETRANSMISSION | FRAME_NOTE_FAST_RETRANSMISSION;
    }
    if (is_new && now - case_of->notes->highest_time_ns < OVERTAKEN_NS) {
        return FRAME_NOTE_OUT_OF_ORDER;
    }
    if (is_acked) {
        return FRAME_NOTE_RETRANSMISSION | FRAME_NOTE_SPURIOUS_RETRANSMISSION;
    }
    return FRAME_NOTE_RETRANSMISSION;
}

static guint32 note_octets(const Case *case_of)
{
    const Packet *packet = case_of->packet;
    const StreamHalf *half = case_of->half;
    if (!half->is_seen || !half->is_placed || (packet->tcp_flags & TCP_FLAG_RST)) {
        return 0;
    }
    gint32 ahead = (gint32)(packet->tcp_sequence - half->highest);
    if (ahead > 0) {
        return FRAME_NOTE_LOST_BEFORE;
    }
    if (ahead == -1 && case_of->length <= 1 && !case_of->is_control) {
        return FRAME_NOTE_KEEP_ALIVE;
    }
    if (case_of->length == 1 && ahead == 0 && !case_of->is_control &&
        case_of->other->is_window_closed) {
        return FRAME_NOTE_ZERO_WINDOW_PROBE;
    }
    return case_of->length > 0 && ahead < 0 ? note_repeated(case_of) : 0;
}

static guint32 note_full_window(const Case *case_of)
{
    if (case_of->length == 0 || case_of->is_control || !case_of->other_notes->has_sent) {
        return 0;
    }
    guint32 window =
        scaled_window(case_of->other, case_of->half, case_of->other_notes->last_window);
    guint32 end = case_of->packet->tcp_sequence + case_of->length;
    return window > 0 && end == case_of->other_notes->last_acknowledgement + window
               ? FRAME_NOTE_WINDOW_FULL
               : 0;
}

static void remember(const Case *case_of, guint32 notes)
{
    const Packet *packet = case_of->packet;
    StreamNotes *own = case_of->notes;
    gint64 now = packet->frame->time_ns;
    guint32 end = packet->tcp_sequence + case_of->length;
    if (!case_of->half->is_seen || (gint32)(end - case_of->half->highest) > 0) {
        own->highest_time_ns = now;
    }
    if (notes & FRAME_NOTE_DUPLICATE_ACK) {
        own->duplicates++;
        own->duplicate_time_ns = now;
    } else if (packet->tcp_acknowledgement != own->last_acknowledgement) {
        own->duplicates = 0;
    }
    if (packet->tcp_flags & TCP_FLAG_ACK) {
        own->last_acknowledgement = packet->tcp_acknowledgement;
        own->has_sent = true;
    }
    own->last_window = packet->tcp_window;
    own->last_notes = notes;
}

guint32 stream_note_frame(
    const StreamTable *table, Stream *stream, StreamDirection direction, const Packet *packet
)
{
    StreamDirection opposite = stream_direction_other(direction);
    guint32 flags = packet->tcp_flags;
    Case case_of = {
        .packet = packet,
        .half = &stream->half[direction],
        .other = &stream->half[opposite],
        .notes = &stream->notes[direction],
        .other_notes = &stream->notes[opposite],
        .length = (guint32)packet->payload.length + packet->missing_tail +
                  ((flags & TCP_FLAG_SYN) != 0) + ((flags & TCP_FLAG_FIN) != 0),
        .is_control = (flags & CONTROL) != 0,
    };
    guint32 notes = 0;
    if (packet->checksum == CHECKSUM_BAD) {
        notes |= FRAME_NOTE_BAD_CHECKSUM;
    }
    if (packet->missing_tail > 0) {
        notes |= FRAME_NOTE_SNAPPED;
    }
    if (stream->is_closed) {
        notes |= FRAME_NOTE_AFTER_END;
    }
    gint64 place =
        case_of.half->is_placed ? stream_place_of(case_of.half, packet->tcp_sequence) : 0;
    if (ABS(place - (gint64)case_of.half->offset) >= (gint64)STREAM_REACH) {
        return notes | FRAME_NOTE_IMPOSSIBLE;
    }
    if (stream->packets == 1 && table->is_reusing) {
        notes |= FRAME_NOTE_PORT_REUSE;
    }
    notes |= note_octets(&case_of) | note_acknowledgement(&case_of) | note_full_window(&case_of);
    remember(&case_of, notes);
    return notes;
}
