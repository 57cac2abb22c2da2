#include "dissect/stream/stream-index.h"

#define FIRST_SIZE 4096

static guint64 mix(guint64 number)
{
    number ^= number >> 32;
    number *= G_GUINT64_CONSTANT(0x9fb21c651e98df25);
    number ^= number >> 28;
    return number;
}

static guint64 endpoint_of(const PacketAddress *address, guint16 port)
{
    if (G_LIKELY(address->version == 4)) {
        guint32 octets;
        memcpy(&octets, address->octets, sizeof octets);
        return stream_endpoint(octets, port);
    }
    guint64 halves[2];
    memcpy(halves, address->octets, sizeof halves);
    /* The upper bits keep IPv6 apart from IPv4. */
    return mix(mix(halves[0]) + halves[1] * 3 + port) | G_GUINT64_CONSTANT(1) << 63;
}

StreamKey stream_key_of(const StreamIndex *index, const Packet *packet)
{
    return stream_key_between(
        index,
        endpoint_of(&packet->source, packet->source_port),
        endpoint_of(&packet->destination, packet->destination_port)
    );
}

void stream_index_init(StreamIndex *index)
{
    index->entries = g_new0(StreamIndexEntry, FIRST_SIZE);
    index->mask = FIRST_SIZE - 1;
    index->count = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(index->seed); i++) {
        index->seed[i] = (guint64)g_random_int() << 32 | g_random_int();
    }
}

void stream_index_clear(StreamIndex *index)
{
    g_free(index->entries);
    *index = (StreamIndex){0};
}

static void put(StreamIndex *index, StreamIndexEntry entry)
{
    guint32 at = stream_index_start(index, entry.hash);
    while (index->entries[at].stream != 0) {
        at = (at + 1) & index->mask;
    }
    index->entries[at] = entry;
}

static void grow(StreamIndex *index)
{
    g_autofree StreamIndexEntry *old = index->entries;
    guint32 old_size = index->mask + 1;
    index->entries = g_new0(StreamIndexEntry, (gsize)old_size * 2);
    index->mask = old_size * 2 - 1;
    for (guint32 i = 0; i < old_size; i++) {
        if (old[i].stream != 0) {
            put(index, old[i]);
        }
    }
}

void stream_index_insert(StreamIndex *index, guint32 hash, guint32 slot)
{
    if (index->count * 2 > index->mask) {
        grow(index);
    }
    put(index, (StreamIndexEntry){.hash = hash, .stream = slot + 1});
    index->count++;
}

/* Moves what follows up, so that no search is cut short and no marks are left behind. */
static void close_up(StreamIndex *index, guint32 hole)
{
    guint32 at = hole;
    for (;;) {
        at = (at + 1) & index->mask;
        StreamIndexEntry entry = index->entries[at];
        if (entry.stream == 0) {
            break;
        }
        guint32 from_start = (at - entry.hash) & index->mask;
        guint32 from_hole = (at - hole) & index->mask;
        if (from_start >= from_hole) {
            index->entries[hole] = entry;
            hole = at;
        }
    }
    index->entries[hole] = (StreamIndexEntry){0};
}

void stream_index_remove(StreamIndex *index, guint32 hash, guint32 slot)
{
    guint32 at = stream_index_start(index, hash);
    while (index->entries[at].stream != slot + 1) {
        g_assert(index->entries[at].stream != 0);
        at = (at + 1) & index->mask;
    }
    close_up(index, at);
    index->count--;
}
