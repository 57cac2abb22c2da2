#pragma once

/* The inside of the stream layer, shared by the files of this folder and nobody else.
 *
 * Octets of a direction are counted by 'offset', 64 bits from the first one after SYN. 'next' is
 * the sequence number that belongs to it, so a segment's place is offset + (sequence - next), with
 * the difference taken as signed: this is where the wrap of sequence numbers disappears. SYN and
 * FIN are not counted.
 *
 *     given to the sink      hole       held        hole     held
 *     ──────────────────┤············├─────────┤············├────┤
 *                    offset                                   highest
 */

#include "dissect/stream/stream-index.h"
#include "dissect/stream/stream-pool.h"
#include "dissect/stream/stream-table.h"

#define STREAM_CACHE_LINE 64

/* Segments farther ahead than this, or behind, belong to no connection that TCP allows. */
#define STREAM_REACH (G_GUINT64_CONSTANT(1) << 30)

/* In the middle of a connection: how far an acknowledgement may lie before the first octets seen
 * to be taken for the beginning. */
#define STREAM_PICK_UP_REACH 65536

/* And for how many packets the side that was seen first waits for the other one. */
#define STREAM_PICK_UP_PACKETS 6

/* So many separate runs may be held in one direction, however short they are. */
#define STREAM_HELD_RUNS 4096

/* Octets that are kept: held behind a hole, or given and remembered for comparison. */
typedef struct StreamBlock {
    struct StreamBlock *next;
    guint64 from;
    guint32 length;
    guint64 frame;
    gint64 time_ns;
    guint32 acknowledgement;
    guint32 size; /* memory that it takes */
    guint8 size_class;
    bool has_acknowledgement;
    bool is_doubtful; /* the checksum was bad: good octets take its place */
    bool is_missing;  /* no octets: the snapshot length cut them off */
    guint8 octets[];
} StreamBlock;

static inline ByteSpan stream_block_span(const StreamBlock *block)
{
    return byte_span(block->octets, block->length);
}

typedef struct {
    StreamBlock *first;
    StreamBlock *last;
    guint32 size; /* memory, not octets */
    guint32 count;
} StreamBlocks;

/* One direction. What an undisturbed stream needs comes first, in one line of the processor's
 * cache; the rest is looked at when something is unusual. */
typedef struct {
    _Alignas(STREAM_CACHE_LINE) guint64 offset;
    guint64 last_frame; /* of the octet before 'offset' */
    gint64 last_time_ns;
    guint32 next;
    guint32 acked;       /* by the other side, as far as has been seen */
    guint32 highest;     /* one past the last octet seen, FIN counted */
    guint32 window_most; /* the largest window offered, scaled */
    guint8 window_shift; /* of the windows that follow */
    guint8 window_scale;
    bool is_seen;
    bool is_placed; /* 'next' means something */
    bool has_syn;
    bool has_acked;
    bool has_fin;
    bool is_fin_given;
    bool has_hint; /* not placed yet, but 'acked' says where it will be */
    bool has_good_checksum;
    bool has_scale;
    bool is_marked;
    bool is_window_closed;
    StreamBlocks held; /* its first pointer still lies in that line */

    /* What the beginning, the end and a hole need: one more line. */
    guint32 initial; /* sequence number of SYN, or one before the first octet seen */
    guint32 fin_acknowledgement;
    guint64 fin_offset;
    guint64 fin_frame;
    gint64 fin_time_ns;

    /* A hole that the other side has acknowledged: up to where, and since when. */
    guint32 mark_acked;
    guint32 mark_packet;
    gint64 mark_time_ns;

    StreamBlocks history; /* empty unless octets that come twice are compared */
} StreamHalf;

G_STATIC_ASSERT(G_STRUCT_OFFSET(StreamHalf, held) + sizeof(gpointer) <= STREAM_CACHE_LINE);
G_STATIC_ASSERT(G_STRUCT_OFFSET(StreamHalf, history) <= 2 * STREAM_CACHE_LINE);

/* Which list of the table a stream is on. */
typedef enum {
    STREAM_LIST_NONE,
    STREAM_LIST_ENDING,    /* both have sent FIN, but something is still missing */
    STREAM_LIST_LINGERING, /* RST, or FIN of the only direction seen */
    STREAM_LIST_REMEMBERED,
    STREAM_LIST_COUNT,
} StreamListKind;

G_STATIC_ASSERT(STREAM_LIST_COUNT <= G_MAXUINT8);

/* What only the packets level needs. */
typedef struct {
    guint32 last_acknowledgement;
    guint32 duplicates;
    guint32 last_notes;
    guint16 last_window;
    bool has_sent;
    gint64 highest_time_ns;
    gint64 duplicate_time_ns;
} StreamNotes;

struct Stream {
    guint64 key[2]; /* the lower endpoint first; see stream-index.h */
    guint32 hash;
    guint32 packets;
    gint64 last_time_ns;
    guint8 client_key; /* which of the two keys is the client's */
    guint8 list;
    bool is_closed;
    bool is_reset;
    bool is_established;
    bool is_client_guessed;
    bool is_forgotten;
    bool is_calm; /* see update_calm() in stream-table.c */
    StreamCloseReason linger_reason;
    guint32 slot; /* in the pool of streams */
    gpointer user_data;
    StreamHalf half[2];

    guint64 number;
    guint64 first_frame;
    gint64 first_time_ns;
    gint64 due_ns;
    guint64 closed_at; /* by the table's count of packets */
    Stream *list_previous;
    Stream *list_next;
    StreamNotes *notes; /* two, or NULL */
    PacketAddress address[2];
    guint16 port[2];
};

typedef struct {
    Stream *first;
    Stream *last;
    gsize count;
} StreamList;

struct StreamTable {
    StreamSink sink;
    gpointer owner;
    StreamTableOptions options;
    StreamStatistics statistics;
    StreamIndex index;
    StreamPool pool;
    StreamList lists[STREAM_LIST_COUNT];
    gint64 now_ns; /* the latest time of all TCP packets so far */
    gint64 next_due_ns;
    guint64 packets; /* of TCP, those of streams of other tables too */
    gsize open;
    gsize held;              /* memory of all blocks held out of order */
    gsize remembered_octets; /* and of all that is kept for comparison */
    guint32 eviction_hand;
    bool is_reusing; /* the present packet opens a stream on ports used before */
};

/* One run of octets of a packet on its way to its place. */
typedef struct {
    Stream *stream;
    StreamDirection direction;
    guint64 frame;
    gint64 time_ns;
    guint32 acknowledgement;
    bool has_acknowledgement;
    bool is_doubtful;
} StreamArrival;

/* stream-table.c: takes a TCP packet whose key is known and that is not foreign, or lets one pass
 * that is: time goes on for all streams. */
void stream_table_tcp(StreamTable *table, const Packet *packet, const StreamKey *key);
void stream_table_pass(StreamTable *table, gint64 time_ns);

/* Whose stream it is, the same for both directions. */
static inline guint stream_share(guint64 endpoint, guint64 other, guint shares)
{
    guint64 mixed = (endpoint ^ other) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    return (guint)((mixed >> 32) % shares);
}

static inline bool stream_table_is_foreign(const StreamTable *table, const StreamKey *key)
{
    const StreamTableOptions *options = &table->options;
    return stream_share(key->endpoint[0], key->endpoint[1], options->shares) != options->share;
}

/* stream-order.c: gives octets, gaps and ends to the sink in their order. */
bool stream_can_give(const Stream *stream, StreamDirection direction, const StreamArrival *arrival);
void stream_give(
    StreamTable *table,
    Stream *stream,
    StreamDirection direction,
    ByteSpan octets,
    guint64 frame,
    gint64 time_ns
);
void stream_give_gap(
    StreamTable *table,
    Stream *stream,
    StreamDirection direction,
    guint64 length,
    StreamGapReason reason
);
void stream_drain(StreamTable *table, Stream *stream);
void stream_check_patience(StreamTable *table, Stream *stream, gint64 now_ns);
void stream_give_up(StreamTable *table, Stream *stream, StreamDirection direction);
void stream_flush(StreamTable *table, Stream *stream);

/* stream-segment.c: finds the place of what has arrived. 'from' may lie before what was given. */
void stream_place(
    StreamTable *table, const StreamArrival *arrival, gint64 from, ByteSpan octets, guint32 missing
);

/* stream-history.c: what was given is kept until it is acknowledged. */
void stream_history_add(
    StreamTable *table,
    StreamHalf *half,
    guint64 from,
    ByteSpan octets,
    guint64 frame,
    gint64 time_ns
);
void stream_history_adopt(StreamTable *table, StreamHalf *half, StreamBlock *block);
void stream_history_acked(StreamTable *table, StreamHalf *half);
void stream_history_compare(
    StreamTable *table, const StreamArrival *arrival, guint64 from, ByteSpan octets
);
void stream_compare_block(
    StreamTable *table,
    const StreamArrival *arrival,
    const StreamBlock *block,
    guint64 from,
    ByteSpan octets
);
void stream_history_clear(StreamTable *table, StreamHalf *half);

/* stream-handshake.c: SYN, acknowledgements, windows. */
void stream_see_syn(
    StreamTable *table, Stream *stream, StreamDirection direction, const Packet *packet
);
void stream_see_first(Stream *stream, StreamDirection direction, const Packet *packet);
void stream_see_acknowledgement(
    StreamTable *table, Stream *stream, StreamDirection direction, const Packet *packet
);
void stream_see_window(
    StreamTable *table, Stream *stream, StreamDirection direction, const Packet *packet
);
void stream_move_beginning(StreamHalf *half, guint32 sequence);
bool stream_is_reuse(const Stream *stream, StreamDirection direction, const Packet *packet);
void stream_send_event(StreamTable *table, Stream *stream, const StreamEvent *event);

/* stream-life.c: opening, closing, forgetting. */
Stream *stream_open(StreamTable *table, const Packet *packet, const StreamKey *key);
void stream_close(StreamTable *table, Stream *stream, StreamCloseReason reason);
void stream_forget(StreamTable *table, Stream *stream);
bool stream_is_outdated(const StreamTable *table, const Stream *stream); /* closed long ago */
void stream_linger(
    StreamTable *table, Stream *stream, StreamListKind list, StreamCloseReason reason
);
void stream_stay(StreamTable *table, Stream *stream); /* it does not end after all */
void stream_close_due(StreamTable *table);

/* stream-unusual.c: whatever is not simply the next octets of an undisturbed stream. */
void stream_look_closely(
    StreamTable *table, Stream *stream, StreamDirection direction, const Packet *packet
);

/* stream-notes.c: what a frame is, before the table takes it in. */
guint32 stream_note_frame(
    const StreamTable *table, Stream *stream, StreamDirection direction, const Packet *packet
);

/* Place of a sequence number, counted from the first octet; negative before it. */
static inline gint64 stream_place_of(const StreamHalf *half, guint32 sequence)
{
    return (gint64)half->offset + (gint32)(sequence - half->next);
}

/* Octets and FIN that the other side has acknowledged and that were not given yet. */
static inline gint32 stream_unseen(const StreamHalf *half)
{
    return (gint32)(half->acked - half->next - (half->is_fin_given ? 1 : 0));
}
