#include "dissect/packet/packet-usual.h"
#include "dissect/stream/stream-internal.h"

/* How many frames before a frame is looked at its octets are asked for, which another processor may
 * have read; how many before its turn the place of a stream in the index is asked for, how many
 * before it the stream itself, and how many before it what the owner keeps with the stream. Frames
 * that are for another table do not count. */
enum {
    AHEAD_FRAME = 4,
    AHEAD_INDEX = 8,
    AHEAD_STREAM = 5,
    AHEAD_USER = 2,
    RING = 16,
    USER_OCTETS = 1024, /* more than so many are not fetched */
};

typedef struct {
    const CaptureFrame *frame;
    StreamKey key;
    const Stream *stream; /* NULL: not known */
    bool is_known;
    bool is_turn; /* the stream begins or ends */
} Ahead;

/* The frames of one batch. */
typedef struct {
    const CaptureFrame *next; /* to be looked at, whether it is for this table */
    const CaptureFrame *end;
    gsize found; /* for this table, so far */
    Ahead ring[RING];
} Window;

/* Only of usual frames, whose headers lie where they always lie. */
static void read_endpoints(const CaptureFrame *frame, guint64 *out_source, guint64 *out_destination)
{
    const guint8 *tcp = frame->data + USUAL_BEFORE_TCP;
    guint32 addresses[2];
    memcpy(addresses, frame->data + USUAL_ETHERNET_HEADER + 12, sizeof addresses);
    *out_source = stream_endpoint(addresses[0], read_be16(tcp));
    *out_destination = stream_endpoint(addresses[1], read_be16(tcp + 2));
}

guint8 stream_table_choose(const CaptureFrame *frame, guint shares)
{
    guint64 source;
    guint64 destination;
    if (!packet_is_usual(frame)) {
        return CAPTURE_FOR_ALL;
    }
    read_endpoints(frame, &source, &destination);
    return (guint8)(stream_share(source, destination, shares) + 1);
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

/* They lie across two lines more often than not. */
static void fetch_headers(const CaptureFrame *frame)
{
    __builtin_prefetch(frame->data);
    __builtin_prefetch(frame->data + MIN(frame->captured_length, STREAM_CACHE_LINE));
}

static bool is_chosen(const StreamTable *table, const CaptureFrame *frame)
{
    return frame->chosen == CAPTURE_FOR_ALL || frame->chosen == table->options.share + 1;
}

/* Looks for the next frame of this table, and asks for its octets. */
static void find_frame(const StreamTable *table, Window *window)
{
    while (window->next < window->end && !is_chosen(table, window->next)) {
        window->next++;
    }
    if (window->next < window->end) {
        window->ring[window->found++ % RING].frame = window->next;
        fetch_headers(window->next++);
    }
}

/* Finds out the key of the stream of a usual frame, without decoding it. */
static void peek(const StreamTable *table, Window *window, gsize number)
{
    enum {
        FLAGS = 13
    };

    if (number >= window->found) {
        return;
    }
    Ahead *ahead = &window->ring[number % RING];
    ahead->stream = NULL;
    ahead->is_known = packet_is_usual(ahead->frame);
    if (ahead->is_known) {
        guint64 source;
        guint64 destination;
        read_endpoints(ahead->frame, &source, &destination);
        ahead->key = stream_key_between(&table->index, source, destination);
        guint8 flags = ahead->frame->data[USUAL_BEFORE_TCP + FLAGS];
        ahead->is_turn = (flags & (TCP_FLAG_SYN | TCP_FLAG_FIN)) != 0;
        guint32 start = stream_index_start(&table->index, ahead->key.hash);
        __builtin_prefetch(&table->index.entries[start]);
    }
}

/* What frames to come will need, each at its distance from the present one. */
static void look_ahead(const StreamTable *table, Window *window, gsize number)
{
    find_frame(table, window);
    peek(table, window, number + AHEAD_INDEX);
    Ahead *far = &window->ring[(number + AHEAD_STREAM) % RING];
    const Ahead *near = &window->ring[(number + AHEAD_USER) % RING];
    if (number + AHEAD_STREAM < window->found && far->is_known) {
        far->stream = fetch_stream(table, far->key.hash, far->is_turn);
    }
    if (number + AHEAD_USER < window->found && near->stream != NULL) {
        fetch_user(table, near->stream);
    }
}

/* What has been looked at ahead of the first frame. */
static void begin(const StreamTable *table, Window *window)
{
    for (gsize i = 0; i < AHEAD_FRAME + AHEAD_INDEX; i++) {
        find_frame(table, window);
    }
    for (gsize i = 0; i < AHEAD_INDEX; i++) {
        peek(table, window, i);
    }
}

static void take(StreamTable *table, PacketDecoder *decoder, const Ahead *now)
{
    Packet packet;
    packet_decoder_decode(decoder, now->frame, &packet);
    if (table->sink.packet != NULL) {
        table->sink.packet(table->owner, &packet);
    }
    if (now->is_known) {
        stream_table_tcp(table, &packet, &now->key);
    } else {
        stream_table_packet(table, &packet);
    }
}

/* Frames of other tables: time goes on. */
static void pass_by(StreamTable *table, const CaptureFrame *frame, const CaptureFrame *end)
{
    for (; frame < end; frame++) {
        stream_table_pass(table, frame->time_ns);
    }
}

void stream_table_frames(
    StreamTable *table, PacketDecoder *decoder, const CaptureFrame *frames, gsize count
)
{
    Window window = {.next = frames, .end = frames + count};
    const CaptureFrame *at = frames;
    begin(table, &window);
    for (gsize i = 0; i < window.found; i++) {
        look_ahead(table, &window, i);
        const Ahead *now = &window.ring[i % RING];
        pass_by(table, at, now->frame);
        take(table, decoder, now);
        at = now->frame + 1;
    }
    pass_by(table, at, window.end);
}
