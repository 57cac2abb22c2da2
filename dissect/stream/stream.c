#include "dissect/stream/stream-internal.h"

guint64 stream_number(const Stream *stream)
{
    return stream->number;
}

PacketAddress stream_address(const Stream *stream, StreamDirection direction)
{
    return stream->address[direction];
}

guint16 stream_port(const Stream *stream, StreamDirection direction)
{
    return stream->port[direction];
}

guint64 stream_first_frame(const Stream *stream)
{
    return stream->first_frame;
}

gint64 stream_first_time(const Stream *stream)
{
    return stream->first_time_ns;
}

gint64 stream_last_time(const Stream *stream)
{
    return stream->last_time_ns;
}

guint64 stream_offset(const Stream *stream, StreamDirection direction)
{
    return stream->half[direction].offset;
}

bool stream_is_seen(const Stream *stream, StreamDirection direction)
{
    return stream->half[direction].is_seen;
}

bool stream_has_handshake(const Stream *stream)
{
    return stream->is_established;
}

bool stream_is_client_guessed(const Stream *stream)
{
    return stream->is_client_guessed;
}

static const char *const note_texts[] = {
    "retransmission",
    "fast retransmission",
    "needless retransmission",
    "out of order",
    "octets before it were not seen",
    "duplicate acknowledgement",
    "acknowledges octets that were not seen",
    "zero window",
    "zero window probe",
    "answer to a zero window probe",
    "window update",
    "window full",
    "keep-alive",
    "answer to a keep-alive",
    "port reused",
    "bad checksum",
    "cut by the snapshot length",
    "not part of the stream",
    "after the end of the stream",
};

G_STATIC_ASSERT(G_N_ELEMENTS(note_texts) == FRAME_NOTE_COUNT);

const char *frame_note_text(FrameNote note)
{
    guint bit = (guint)g_bit_nth_lsf(note, -1);
    g_assert(bit < FRAME_NOTE_COUNT);
    return note_texts[bit];
}

const char *stream_gap_reason_text(StreamGapReason reason)
{
    static const char *const texts[] = {
        [STREAM_GAP_NOT_CAPTURED] = "not captured",
        [STREAM_GAP_LOST] = "lost in the network",
        [STREAM_GAP_SNAPPED] = "cut off by the snapshot length",
        [STREAM_GAP_GIVEN_UP] = "given up for want of room",
    };
    g_assert(reason < G_N_ELEMENTS(texts));
    return texts[reason];
}

const char *stream_close_reason_text(StreamCloseReason reason)
{
    static const char *const texts[] = {
        [STREAM_CLOSED_BY_FIN] = "both sides ended it",
        [STREAM_CLOSED_BY_RESET] = "it was reset",
        [STREAM_CLOSED_REUSED] = "its ports were used again",
        [STREAM_CLOSED_LIMIT] = "too many streams were open",
        [STREAM_CLOSED_CAPTURE_END] = "the capture ended",
    };
    g_assert(reason < G_N_ELEMENTS(texts));
    return texts[reason];
}
