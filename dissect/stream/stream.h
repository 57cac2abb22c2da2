#pragma once

/* One TCP connection as the stream table sees it, and what the table tells its owner about it.
 * Direction 0 carries the octets of the client (who opened the connection), direction 1 those of
 * the server; without a handshake the client is guessed. Octets of a direction count from 0, the
 * first one after SYN, or the first one seen. */

#include "dissect/packet/packet.h"

typedef struct Stream Stream;

typedef enum {
    STREAM_FROM_CLIENT,
    STREAM_FROM_SERVER,
} StreamDirection;

/* Octets in order. Exactly once for every octet of a direction comes either data or a gap. */
typedef struct {
    ByteSpan octets; /* borrowed during the call */
    guint64 offset;  /* of the first one */
    guint64 frame;   /* that carried them */
    gint64 time_ns;
} StreamData;

typedef enum {
    STREAM_GAP_NOT_CAPTURED, /* the other side acknowledged it: the network had it */
    STREAM_GAP_LOST,         /* nobody acknowledged it: it was lost before both */
    STREAM_GAP_SNAPPED,      /* cut off by the snapshot length */
    STREAM_GAP_GIVEN_UP,     /* later octets could not be held any longer */
} StreamGapReason;

typedef struct {
    StreamGapReason reason;
    guint64 offset;
    guint64 length;
    guint64 frame_before; /* carried the octet before the gap; 0: there is none */
    guint64 frame_after;  /* carries the octet after it; 0: there is none, or not yet */
    gint64 time_before_ns;
    gint64 time_after_ns;
} StreamGap;

/* Octets that came twice and differ. The first reading is the one in data(): what came first, or
 * what came with a good checksum where the other had a bad one. */
typedef struct {
    guint64 offset; /* of the first octet that differs */
    ByteSpan first; /* from there to the last octet that differs; borrowed during the call */
    ByteSpan last;
    guint64 first_frame;
    guint64 last_frame;
    gint64 time_ns; /* of the second coming */
} StreamOverlap;

typedef enum {
    STREAM_EVENT_SYN, /* from 'direction' */
    STREAM_EVENT_SYN_ACK,
    STREAM_EVENT_ESTABLISHED, /* both sides have acknowledged the other's SYN */
    STREAM_EVENT_SYN_DATA,    /* octets on a SYN: TCP fast open */
    STREAM_EVENT_FIN,         /* 'direction' has ended; all its octets have been given */
    STREAM_EVENT_RESET,       /* 'octets' may hold a text sent along; it is not stream data */
    STREAM_EVENT_URGENT,      /* octets up to 'offset' were marked urgent; they stay in line */
    STREAM_EVENT_ZERO_WINDOW, /* 'direction' can take no more; once per closing of the window */
    STREAM_EVENT_WINDOW_OPEN, /* and again it can */
} StreamEventKind;

typedef struct {
    StreamEventKind kind;
    StreamDirection direction; /* of the sender */
    guint64 frame;
    gint64 time_ns;
    guint64 offset; /* in 'direction' */
    ByteSpan octets;
} StreamEvent;

typedef enum {
    STREAM_CLOSED_BY_FIN, /* both directions ended */
    STREAM_CLOSED_BY_RESET,
    STREAM_CLOSED_REUSED, /* a new connection took the same ports */
    STREAM_CLOSED_LIMIT,  /* too many open streams: the one longest silent was closed */
    STREAM_CLOSED_CAPTURE_END,
} StreamCloseReason;

/* What a frame is within its stream; bits, for the packets level. */
typedef enum {
    FRAME_NOTE_RETRANSMISSION = 1u << 0,
    FRAME_NOTE_FAST_RETRANSMISSION = 1u << 1,     /* after duplicate acknowledgements */
    FRAME_NOTE_SPURIOUS_RETRANSMISSION = 1u << 2, /* of octets already acknowledged */
    FRAME_NOTE_OUT_OF_ORDER = 1u << 3,
    FRAME_NOTE_LOST_BEFORE = 1u << 4, /* octets before it have not been seen */
    FRAME_NOTE_DUPLICATE_ACK = 1u << 5,
    FRAME_NOTE_ACKED_UNSEEN = 1u << 6, /* acknowledges octets that have not been seen */
    FRAME_NOTE_ZERO_WINDOW = 1u << 7,
    FRAME_NOTE_ZERO_WINDOW_PROBE = 1u << 8,
    FRAME_NOTE_ZERO_WINDOW_PROBE_ACK = 1u << 9,
    FRAME_NOTE_WINDOW_UPDATE = 1u << 10,
    FRAME_NOTE_WINDOW_FULL = 1u << 11,
    FRAME_NOTE_KEEP_ALIVE = 1u << 12,
    FRAME_NOTE_KEEP_ALIVE_ACK = 1u << 13,
    FRAME_NOTE_PORT_REUSE = 1u << 14,
    FRAME_NOTE_BAD_CHECKSUM = 1u << 15,
    FRAME_NOTE_SNAPPED = 1u << 16,
    FRAME_NOTE_IMPOSSIBLE = 1u << 17, /* outside any window: not part of the stream */
    FRAME_NOTE_AFTER_END = 1u << 18,  /* the stream was over */
} FrameNote;

#define FRAME_NOTE_COUNT 19

/* "retransmission", "duplicate acknowledgement" ... for one bit. */
const char *frame_note_text(FrameNote note);
const char *stream_gap_reason_text(StreamGapReason reason);
const char *stream_close_reason_text(StreamCloseReason reason);

static inline StreamDirection stream_direction_other(StreamDirection direction)
{
    return direction == STREAM_FROM_CLIENT ? STREAM_FROM_SERVER : STREAM_FROM_CLIENT;
}

/* Counts from 0 in the order of the first frames. */
guint64 stream_number(const Stream *stream);

/* Of the side whose octets travel in 'direction'. */
PacketAddress stream_address(const Stream *stream, StreamDirection direction);
guint16 stream_port(const Stream *stream, StreamDirection direction);

guint64 stream_first_frame(const Stream *stream);
gint64 stream_first_time(const Stream *stream);
gint64 stream_last_time(const Stream *stream);

/* Octets of the direction given so far as data or as gaps. */
guint64 stream_offset(const Stream *stream, StreamDirection direction);

/* Whether any packet of that direction has been seen: if not, the capture is one-sided. */
bool stream_is_seen(const Stream *stream, StreamDirection direction);
bool stream_has_handshake(const Stream *stream);
bool stream_is_client_guessed(const Stream *stream);
