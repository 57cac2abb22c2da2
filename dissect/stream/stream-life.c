#include "dissect/stream/stream-internal.h"

#define EVICTION_SAMPLE 32

static void list_remove(StreamTable *table, Stream *stream)
{
    if (stream->list == STREAM_LIST_NONE) {
        return;
    }
    StreamList *list = &table->lists[stream->list];
    if (stream->list_previous != NULL) {
        stream->list_previous->list_next = stream->list_next;
    } else {
        list->first = stream->list_next;
    }
    if (stream->list_next != NULL) {
        stream->list_next->list_previous = stream->list_previous;
    } else {
        list->last = stream->list_previous;
    }
    list->count--;
    stream->list = STREAM_LIST_NONE;
    stream->list_previous = NULL;
    stream->list_next = NULL;
}

static void list_append(StreamTable *table, Stream *stream, StreamListKind kind)
{
    StreamList *list = &table->lists[kind];
    stream->list = (guint8)kind;
    stream->list_previous = list->last;
    stream->list_next = NULL;
    if (list->last != NULL) {
        list->last->list_next = stream;
    } else {
        list->first = stream;
    }
    list->last = stream;
    list->count++;
}

/* A SYN comes from the client, its answer from the server. Otherwise the side on a known port, or
 * else on the lower one, is taken for the server. */
static bool is_from_client(const StreamTable *table, const Packet *packet)
{
    if (packet->tcp_flags & TCP_FLAG_SYN) {
        return (packet->tcp_flags & TCP_FLAG_ACK) == 0;
    }
    guint16 source = packet->source_port;
    guint16 destination = packet->destination_port;
    bool is_source_known = source < 1024;
    bool is_destination_known = destination < 1024;
    if (table->options.is_server_port != NULL) {
        is_source_known = table->options.is_server_port(table->owner, source);
        is_destination_known = table->options.is_server_port(table->owner, destination);
    }
    if (is_source_known != is_destination_known) {
        return is_destination_known;
    }
    return destination <= source;
}

/* The one longest silent of a sample that moves around, so that all get their turn; looking at all
 * would make every new connection cost as much as there are. */
static void make_room(StreamTable *table)
{
    Stream *oldest = NULL;
    guint32 made = table->pool.streams_made;
    guint32 found = 0;
    for (guint32 i = 0; i < made && found < EVICTION_SAMPLE; i++) {
        table->eviction_hand = (table->eviction_hand + 1) % made;
        Stream *stream = stream_pool_at(&table->pool, table->eviction_hand);
        if (stream->is_closed) {
            continue;
        }
        found++;
        if (oldest == NULL || stream->last_time_ns < oldest->last_time_ns) {
            oldest = stream;
        }
    }
    g_assert(oldest != NULL);
    table->statistics.closed_by_limit++;
    table->statistics.limits_met++;
    stream_close(table, oldest, STREAM_CLOSED_LIMIT);
    stream_forget(table, oldest);
}

Stream *stream_open(StreamTable *table, const Packet *packet, const StreamKey *key)
{
    if (table->open >= table->options.open_streams) {
        make_room(table);
    }
    Stream *stream = stream_pool_take(&table->pool);
    bool from_client = is_from_client(table, packet);
    stream->key[0] = key->endpoint[0];
    stream->key[1] = key->endpoint[1];
    stream->hash = key->hash;
    stream->client_key = from_client ? key->source : key->source ^ 1;
    stream->is_client_guessed = (packet->tcp_flags & TCP_FLAG_SYN) == 0;
    StreamDirection sender = from_client ? STREAM_FROM_CLIENT : STREAM_FROM_SERVER;
    StreamDirection receiver = stream_direction_other(sender);
    stream->address[sender] = packet->source;
    stream->address[receiver] = packet->destination;
    stream->port[sender] = packet->source_port;
    stream->port[receiver] = packet->destination_port;
    stream->number = table->statistics.streams++;
    stream->first_frame = packet->frame->number;
    stream->first_time_ns = packet->frame->time_ns;
    stream->last_time_ns = packet->frame->time_ns;
    if (table->sink.frame != NULL) {
        stream->notes = (StreamNotes *)(void *)(stream + 1);
    }
    stream_index_insert(&table->index, key->hash, stream->slot);
    table->open++;
    table->statistics.open_most = MAX(table->statistics.open_most, table->open);
    if (table->sink.opened != NULL) {
        table->sink.opened(table->owner, stream, packet);
    }
    return stream;
}

/* The streams that the next closings will forget were last looked at thousands of streams ago: they
 * are asked for now. The second is the neighbour of the first, and its list changes, too. */
static void fetch_next_to_forget(const StreamTable *table)
{
    const Stream *first = table->lists[STREAM_LIST_REMEMBERED].first;
    if (first != NULL && first->list_next != NULL) {
        const Stream *second = first->list_next;
        const StreamIndex *index = &table->index;
        __builtin_prefetch(&index->entries[stream_index_start(index, first->hash)]);
        __builtin_prefetch(second);
        __builtin_prefetch(&second->list_next);
    }
}

bool stream_is_outdated(const StreamTable *table, const Stream *stream)
{
    return stream->is_closed &&
           table->packets - stream->closed_at > table->options.remembered_packets;
}

/* Two at most, so that a burst of endings is not paid for by one packet; the list shrinks all the
 * same, as each closing adds one. */
static void forget_outdated(StreamTable *table)
{
    const StreamList *list = &table->lists[STREAM_LIST_REMEMBERED];
    if (list->count > table->options.remembered_streams) {
        table->statistics.limits_met++;
        stream_forget(table, list->first);
    }
    for (guint i = 0; i < 2 && list->first != NULL && stream_is_outdated(table, list->first); i++) {
        stream_forget(table, list->first);
        fetch_next_to_forget(table);
    }
}

/* Everything that may still come is given first. The stream itself stays, so that stragglers find
 * it and do not open a new one. */
void stream_close(StreamTable *table, Stream *stream, StreamCloseReason reason)
{
    g_assert(!stream->is_closed);
    list_remove(table, stream);
    stream_flush(table, stream);
    stream->is_closed = true;
    if (table->sink.closed != NULL) {
        table->sink.closed(table->owner, stream, reason);
    }
    if (stream->user_data != NULL) {
        stream_pool_give_user(&table->pool, stream->user_data);
        stream->user_data = NULL;
    }
    if (table->options.history > 0) {
        stream_history_clear(table, &stream->half[0]);
        stream_history_clear(table, &stream->half[1]);
    }
    table->open--;
    stream->closed_at = table->packets;
    list_append(table, stream, STREAM_LIST_REMEMBERED);
    forget_outdated(table);
}

void stream_forget(StreamTable *table, Stream *stream)
{
    g_assert(stream->is_closed);
    if (stream->is_forgotten) {
        return;
    }
    stream->is_forgotten = true;
    list_remove(table, stream);
    stream_index_remove(&table->index, stream->hash, stream->slot);
    stream_pool_give(&table->pool, stream);
}

static void update_due(StreamTable *table)
{
    const Stream *ending = table->lists[STREAM_LIST_ENDING].first;
    const Stream *lingering = table->lists[STREAM_LIST_LINGERING].first;
    table->next_due_ns =
        MIN(ending != NULL ? ending->due_ns : G_MAXINT64,
            lingering != NULL ? lingering->due_ns : G_MAXINT64);
}

/* By the table's clock, which never goes back, and with one wait for each list: so the lists are
 * in the order of their due times even where the times of frames are not. */
void stream_linger(
    StreamTable *table, Stream *stream, StreamListKind list, StreamCloseReason reason
)
{
    if (stream->list != STREAM_LIST_NONE) {
        return;
    }
    const StreamTableOptions *options = &table->options;
    gint64 wait_ns = list == STREAM_LIST_ENDING ? options->patience_ns : options->linger_ns;
    stream->linger_reason = reason;
    stream->due_ns = table->now_ns > G_MAXINT64 - wait_ns ? G_MAXINT64 : table->now_ns + wait_ns;
    list_append(table, stream, list);
    update_due(table);
}

void stream_stay(StreamTable *table, Stream *stream)
{
    list_remove(table, stream);
    update_due(table);
}

void stream_close_due(StreamTable *table)
{
    static const StreamListKind kinds[] = {STREAM_LIST_ENDING, STREAM_LIST_LINGERING};
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        Stream *stream = table->lists[kinds[i]].first;
        while (stream != NULL && stream->due_ns <= table->now_ns) {
            stream_close(table, stream, stream->linger_reason);
            stream = table->lists[kinds[i]].first;
        }
    }
    update_due(table);
}
