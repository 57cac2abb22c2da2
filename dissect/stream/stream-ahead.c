#include "dissect/packet/octet-order.h"
#include "dissect/stream/stream-internal.h"

/* How many frames before a frame is looked at its octets are asked for, which another processor may
 * have read; how many before its turn the place of a stream in the index is asked for, how many
 * before it the stream itself, and how many before it what the owner keeps with the stream. */
enum {
    AHEAD_FRAME = 4,
    AHEAD_INDEX = 8,
    AHEAD_STREAM = 5,
    AHEAD_USER = 2,
    RING = 16,
    USER_OCTETS = 1024, /* more than so many are not fetched */
};

/* The key of the stream of a plain frame, without decoding it; false where that takes more than a
 * glance. If the frame turns out to be TCP after all, its key is this one. */
static bool
peek_key(const StreamTable *table, const CaptureFrame *frame, StreamKey *out_key, bool *out_is_turn)
{
    enum {
        LINK_ETHERNET = 1,
        IP = 14,
        TCP = 34,
        TCP_FLAGS = 13,
        TYPE_IPV4 = 0x0800,
        PROTOCOL_TCP = 6
    };

    const guint8 *data = frame->data;
    if (frame->link_type != LINK_ETHERNET || frame->captured_length < TCP + TCP_FLAGS + 1 ||
        read_be16(data + 12) != TYPE_IPV4 || data[IP] != 0x45 || data[IP + 9] != PROTOCOL_TCP ||
        (read_be16(data + IP + 6) & 0x3fff) != 0) {
        return false;
    }
    guint32 addresses[2];
    memcpy(addresses, data + IP + 12, sizeof addresses);
    *out_key = stream_key_between(
        &table->index,
        stream_endpoint(addresses[0], read_be16(data + TCP)),
        stream_endpoint(addresses[1], read_be16(data + TCP + 2))
    );
    *out_is_turn = (data[TCP + TCP_FLAGS] & (TCP_FLAG_SYN | TCP_FLAG_FIN)) != 0;
    __builtin_prefetch(&table->index.entries[stream_index_start(&table->index, out_key->hash)]);
    return true;
}

/* What an undisturbed stream needs are three lines; where it begins or ends, the second line of
 * each half and its place on a list as well. */
static void fetch_lines(const Stream *stream, bool is_turn)
{
    __builtin_prefetch(stream);
    __builtin_prefetch(&stream->half[0]);
    __builtin_prefetch(&stream->half[1]);
    if (is_turn) {
        __builtin_prefetch(&stream->half[0].fin_offset);
        __builtin_prefetch(&stream->half[1].fin_offset);
        __builtin_prefetch(&stream->list_next);
    }
}

/* The first entry with this hash is almost always the right one. NULL: no such stream yet. */
static const Stream *fetch_stream(const StreamTable *table, guint32 hash, bool is_turn)
{
    const StreamIndex *index = &table->index;
    guint32 at = stream_index_start(index, hash);
    while (index->entries[at].stream != 0 && index->entries[at].hash != hash) {
        at = (at + 1) & index->mask;
    }
    if (index->entries[at].stream == 0) {
        return NULL;
    }
    const Stream *stream = stream_pool_at(&table->pool, index->entries[at].stream - 1);
    fetch_lines(stream, is_turn);
    return stream;
}

/* Memory of streams is given back only at the end, so even a stream that has been closed since may
 * be looked at. */
static void fetch_user(const StreamTable *table, const Stream *stream)
{
    const guint8 *octets = stream->user_data;
    gsize length = octets == NULL ? 0 : MIN(table->pool.user_size, USER_OCTETS);
    for (gsize at = 0; at < length; at += STREAM_CACHE_LINE) {
        __builtin_prefetch(octets + at);
    }
}

typedef struct {
    StreamKey key;
    const Stream *stream; /* NULL: not known */
    bool is_known;
    bool is_turn; /* the stream begins or ends */
} Ahead;

/* They lie across two lines more often than not. */
static void fetch_headers(const CaptureFrame *frame)
{
    __builtin_prefetch(frame->data);
    __builtin_prefetch(frame->data + MIN(frame->captured_length, STREAM_CACHE_LINE));
}

static void look_ahead(
    const StreamTable *table, const CaptureFrame *frames, gsize count, gsize index, Ahead *ring
)
{
    if (index + AHEAD_FRAME < count) {
        fetch_headers(&frames[index + AHEAD_FRAME]);
    }
    if (index < count) {
        Ahead *ahead = &ring[index % RING];
        ahead->is_known = peek_key(table, &frames[index], &ahead->key, &ahead->is_turn);
        ahead->stream = NULL;
    }
}

/* What frames to come will need, each at its distance. */
static void fetch(const StreamTable *table, gsize count, gsize index, Ahead *ring)
{
    Ahead *far = &ring[(index + AHEAD_STREAM) % RING];
    const Ahead *near = &ring[(index + AHEAD_USER) % RING];
    if (index + AHEAD_STREAM < count && far->is_known) {
        far->stream = fetch_stream(table, far->key.hash, far->is_turn);
    }
    if (index + AHEAD_USER < count && near->stream != NULL) {
        fetch_user(table, near->stream);
    }
}

void stream_table_frames(
    StreamTable *table, PacketDecoder *decoder, const CaptureFrame *frames, gsize count
)
{
    Ahead ring[RING];
    for (gsize i = 0; i < AHEAD_INDEX; i++) {
        look_ahead(table, frames, count, i, ring);
    }
    for (gsize i = 0; i < count; i++) {
        look_ahead(table, frames, count, i + AHEAD_INDEX, ring);
        fetch(table, count, i, ring);
        Packet packet;
        packet_decoder_decode(decoder, &frames[i], &packet);
        if (table->sink.packet != NULL) {
            table->sink.packet(table->owner, &packet);
        }
        const Ahead *now = &ring[i % RING];
        if (now->is_known && packet.kind == PACKET_TCP) {
            stream_table_tcp(table, &packet, &now->key);
        } else {
            stream_table_packet(table, &packet);
        }
    }
}
