#include "dissect/stream/stream-table.h"

#include "dissect/stream/stream-internal.h"

StreamTableOptions stream_table_default_options(void)
{
    return (StreamTableOptions){
        .open_streams = 100000,
        .remembered_streams = 65536,
        .remembered_packets = 131072,
        .held_per_direction = 4 * 1024 * 1024,
        .held_in_all = 64 * 1024 * 1024,
        .history = 64 * 1024,
        .patience_packets = 32,
        .patience_ns = G_GINT64_CONSTANT(1000000000),
        .linger_ns = 30 * G_GINT64_CONSTANT(1000000000),
        .shares = 1,
    };
}

StreamTable *
stream_table_new(const StreamSink *sink, gpointer owner, const StreamTableOptions *options)
{
    StreamTable *table = g_new0(StreamTable, 1);
    table->sink = *sink;
    table->owner = owner;
    table->options = options != NULL ? *options : stream_table_default_options();
    table->options.open_streams = MAX(table->options.open_streams, 1);
    g_assert(table->options.share < table->options.shares);
    table->now_ns = G_MININT64;
    table->next_due_ns = G_MAXINT64;
    stream_index_init(&table->index);
    gsize notes = sink->frame != NULL ? 2 * sizeof(StreamNotes) : 0;
    stream_pool_init(&table->pool, notes, table->options.user_data_size);
    return table;
}

static void free_blocks(StreamTable *table, StreamBlocks *blocks)
{
    StreamBlock *block = blocks->first;
    while (block != NULL) {
        StreamBlock *next = block->next;
        stream_pool_give_block(&table->pool, block);
        block = next;
    }
}

void stream_table_free(StreamTable *table)
{
    if (table == NULL) {
        return;
    }
    for (guint32 slot = 0; slot < table->pool.streams_made; slot++) {
        Stream *stream = stream_pool_at(&table->pool, slot);
        if (!stream->is_closed) {
            for (gsize i = 0; i < 2; i++) {
                free_blocks(table, &stream->half[i].held);
                free_blocks(table, &stream->half[i].history);
            }
        }
    }
    stream_index_clear(&table->index);
    stream_pool_clear(&table->pool);
    g_free(table);
}

const StreamStatistics *stream_table_statistics(const StreamTable *table)
{
    return &table->statistics;
}

void stream_statistics_add(StreamStatistics *sum, const StreamStatistics *other)
{
    sum->streams += other->streams;
    sum->packets += other->packets;
    sum->octets += other->octets;
    sum->gaps += other->gaps;
    sum->gap_octets += other->gap_octets;
    sum->retransmitted_octets += other->retransmitted_octets;
    sum->overlaps += other->overlaps;
    sum->closed_by_limit += other->closed_by_limit;
    sum->gaps_by_limit += other->gaps_by_limit;
    sum->history_by_limit += other->history_by_limit;
    sum->impossible_octets += other->impossible_octets;
    sum->limits_met += other->limits_met;
    sum->open_most += other->open_most;
    sum->held_most += other->held_most;
}

gpointer stream_table_user_data(StreamTable *table, Stream *stream)
{
    if (G_UNLIKELY(stream->user_data == NULL)) {
        g_assert(!stream->is_forgotten && table->options.user_data_size > 0);
        stream->user_data = stream_pool_take_user(&table->pool);
    }
    return stream->user_data;
}

static gint compare_numbers(gconstpointer left_data, gconstpointer right_data)
{
    const Stream *left = *(Stream *const *)left_data;
    const Stream *right = *(Stream *const *)right_data;
    return left->number < right->number ? -1 : left->number > right->number;
}

void stream_table_finish(StreamTable *table)
{
    g_autoptr(GPtrArray) open = g_ptr_array_new();
    for (guint32 slot = 0; slot < table->pool.streams_made; slot++) {
        Stream *stream = stream_pool_at(&table->pool, slot);
        if (!stream->is_closed) {
            g_ptr_array_add(open, stream);
        }
    }
    g_ptr_array_sort(open, compare_numbers);
    for (guint i = 0; i < open->len; i++) {
        Stream *stream = open->pdata[i];
        bool has_ended = stream->list != STREAM_LIST_NONE;
        stream_close(table, stream, has_ended ? stream->linger_reason : STREAM_CLOSED_CAPTURE_END);
    }
}

static bool is_of_stream(const Stream *stream, const Packet *packet, StreamDirection *out_direction)
{
    for (StreamDirection sender = STREAM_FROM_CLIENT; sender <= STREAM_FROM_SERVER; sender++) {
        StreamDirection receiver = stream_direction_other(sender);
        if (stream->port[sender] == packet->source_port &&
            stream->port[receiver] == packet->destination_port &&
            packet_address_equal(&stream->address[sender], &packet->source) &&
            packet_address_equal(&stream->address[receiver], &packet->destination)) {
            *out_direction = sender;
            return true;
        }
    }
    return false;
}

static Stream *find(
    const StreamTable *table,
    const Packet *packet,
    const StreamKey *key,
    StreamDirection *out_direction
)
{
    const StreamIndex *index = &table->index;
    for (guint32 at = stream_index_start(index, key->hash); index->entries[at].stream != 0;
         at = (at + 1) & index->mask) {
        if (index->entries[at].hash != key->hash) {
            continue;
        }
        Stream *stream = stream_pool_at(&table->pool, index->entries[at].stream - 1);
        if (stream->key[0] != key->endpoint[0] || stream->key[1] != key->endpoint[1]) {
            continue;
        }
        if (G_LIKELY(packet->source.version == 4)) {
            *out_direction =
                key->source == stream->client_key ? STREAM_FROM_CLIENT : STREAM_FROM_SERVER;
            return stream;
        }
        if (is_of_stream(stream, packet, out_direction)) {
            return stream;
        }
    }
    return NULL;
}

/* Takes the next octets of an undisturbed stream; false: it must be looked at closely. */
static bool
take_next(StreamTable *table, Stream *stream, StreamDirection direction, const Packet *packet)
{
    StreamHalf *half = &stream->half[direction];
    StreamHalf *other = &stream->half[stream_direction_other(direction)];
    bool is_usual = (packet->tcp_flags & ~TCP_FLAG_PSH) == TCP_FLAG_ACK && stream->is_calm &&
                    packet->tcp_sequence == half->next && packet->missing_tail == 0 &&
                    packet->piece_count == 0 && packet->checksum != CHECKSUM_BAD &&
                    packet->tcp_window != 0;
    gint32 ahead = (gint32)(packet->tcp_acknowledgement - other->next);
    if (!is_usual || ahead > (other->is_fin_given ? 1 : 0)) {
        return false;
    }
    guint32 acknowledgement = packet->tcp_acknowledgement;
    if ((gint32)(acknowledgement - other->acked) > 0) {
        other->acked = acknowledgement;
        if (table->options.history > 0 && other->history.first != NULL) {
            stream_history_acked(table, other);
        }
    }
    half->has_good_checksum |= packet->checksum == CHECKSUM_GOOD;
    half->window_most = MAX(half->window_most, (guint32)packet->tcp_window << half->window_shift);
    if (packet->payload.length > 0) {
        const CaptureFrame *frame = packet->frame;
        half->highest = packet->tcp_sequence + (guint32)packet->payload.length;
        if (table->options.history > 0) {
            stream_history_add(
                table, half, half->offset, packet->payload, frame->number, frame->time_ns
            );
        }
        stream_give(table, stream, direction, packet->payload, frame->number, frame->time_ns);
    }
    return true;
}

/* Nothing held, nothing pending, nothing unusual: then the next packet may be taken quickly. */
static bool is_half_calm(const StreamHalf *half)
{
    return half->is_seen && half->is_placed && half->has_acked && half->held.first == NULL &&
           half->highest == half->next && !half->has_fin && !half->is_marked &&
           !half->is_window_closed && stream_unseen(half) <= 0;
}

static void update_calm(const StreamTable *table, Stream *stream)
{
    bool awaits_establishment =
        stream->half[0].has_syn && stream->half[1].has_syn && !stream->is_established;
    stream->is_calm = table->sink.frame == NULL && !awaits_establishment && !stream->is_reset &&
                      !stream->is_closed && is_half_calm(&stream->half[0]) &&
                      is_half_calm(&stream->half[1]);
}

/* Ends what a SYN has made an old stream. */
static void replace_stream(StreamTable *table, Stream *stream)
{
    if (!stream->is_closed) {
        bool is_ending = stream->list != STREAM_LIST_NONE;
        stream_close(table, stream, is_ending ? stream->linger_reason : STREAM_CLOSED_REUSED);
    }
    stream_forget(table, stream);
    table->is_reusing = true;
}

void stream_table_pass(StreamTable *table, gint64 time_ns)
{
    table->packets++;
    table->now_ns = MAX(table->now_ns, time_ns);
    if (G_UNLIKELY(table->now_ns >= table->next_due_ns)) {
        stream_close_due(table);
    }
}

void stream_table_tcp(StreamTable *table, const Packet *packet, const StreamKey *key)
{
    gint64 now_ns = packet->frame->time_ns;
    stream_table_pass(table, now_ns);
    table->statistics.packets++;
    StreamDirection direction = STREAM_FROM_CLIENT;
    Stream *stream = find(table, packet, key, &direction);
    if (G_UNLIKELY(stream != NULL && stream_is_outdated(table, stream))) {
        stream_forget(table, stream);
        stream = NULL;
    }
    table->is_reusing = false;
    bool is_syn = (packet->tcp_flags & (TCP_FLAG_SYN | TCP_FLAG_RST)) == TCP_FLAG_SYN;
    if (G_UNLIKELY(is_syn) && stream != NULL && stream_is_reuse(stream, direction, packet)) {
        replace_stream(table, stream);
        stream = NULL;
    }
    if (G_UNLIKELY(stream == NULL)) {
        stream = stream_open(table, packet, key);
        direction = key->source == stream->client_key ? STREAM_FROM_CLIENT : STREAM_FROM_SERVER;
    }
    stream->packets++;
    stream->last_time_ns = now_ns;
    if (!take_next(table, stream, direction, packet)) {
        stream_look_closely(table, stream, direction, packet);
        update_calm(table, stream);
    }
}

void stream_table_packet(StreamTable *table, const Packet *packet)
{
    if (G_LIKELY(packet->kind == PACKET_TCP)) {
        StreamKey key = stream_key_of(&table->index, packet);
        if (stream_table_is_foreign(table, &key)) {
            stream_table_pass(table, packet->frame->time_ns);
        } else {
            stream_table_tcp(table, packet, &key);
        }
    } else if (packet->kind == PACKET_UDP && table->options.share == 0 && table->sink.datagram != NULL) {
        table->sink.datagram(table->owner, packet);
    }
}
