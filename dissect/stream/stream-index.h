#pragma once

/* Finds the stream of a packet: an open-addressed table of eight-octet entries, so that one look-up
 * touches one line of it and one stream. An endpoint is an address with a port; both directions of
 * a connection give the same key because the lower endpoint stands first. IPv6 endpoints are
 * squeezed into 64 bits, so the addresses themselves must be compared too. Internal to this folder.
 */

#include "dissect/packet/packet.h"
#include "dissect/stream/stream.h"

typedef struct {
    guint64 endpoint[2]; /* lower, higher */
    guint32 hash;
    guint8 source; /* which of them sent the packet */
} StreamKey;

typedef struct {
    guint32 hash;
    guint32 stream; /* slot in the pool plus one; 0: free */
} StreamIndexEntry;

typedef struct {
    StreamIndexEntry *entries;
    guint32 mask;
    guint32 count;
    guint64 seed[2]; /* differs from run to run, so that no capture can be made to fill one place */
} StreamIndex;

StreamKey stream_key_of(const StreamIndex *index, const Packet *packet);

/* Of IPv4: the address as it stands in memory. */
static inline guint64 stream_endpoint(guint32 address, guint16 port)
{
    return (guint64)address << 16 | port;
}

#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 StreamProduct;

/* The halves of the product, one over the other. */
static inline guint64 stream_fold(guint64 left, guint64 right)
{
    StreamProduct product = (StreamProduct)left * right;
    return (guint64)product ^ (guint64)(product >> 64);
}
#else
/* The same, where registers have 32 bits. */
static inline guint64 stream_fold(guint64 left, guint64 right)
{
    guint64 low = (left & G_MAXUINT32) * (right & G_MAXUINT32);
    guint64 middle = (left >> 32) * (right & G_MAXUINT32) + (low >> 32);
    guint64 other = (left & G_MAXUINT32) * (right >> 32) + (middle & G_MAXUINT32);
    guint64 high = (left >> 32) * (right >> 32) + (middle >> 32) + (other >> 32);
    return left * right ^ high;
}
#endif

/* Both halves of a product of 128 bits depend on every bit of both endpoints, and on the seed. */
static inline guint32 stream_hash(const StreamIndex *index, const guint64 *endpoint)
{
    guint64 folded = stream_fold(endpoint[0] ^ index->seed[0], endpoint[1] ^ index->seed[1]);
    return (guint32)(folded ^ (folded >> 32));
}

static inline StreamKey
stream_key_between(const StreamIndex *index, guint64 source, guint64 destination)
{
    bool is_source_lower = source <= destination;
    StreamKey key = {
        .endpoint =
            {is_source_lower ? source : destination, is_source_lower ? destination : source},
        .source = is_source_lower ? 0 : 1,
    };
    key.hash = stream_hash(index, key.endpoint);
    return key;
}

void stream_index_init(StreamIndex *index);
void stream_index_clear(StreamIndex *index);
void stream_index_insert(StreamIndex *index, guint32 hash, guint32 slot);
void stream_index_remove(StreamIndex *index, guint32 hash, guint32 slot);

/* Where a search for this hash begins. */
static inline guint32 stream_index_start(const StreamIndex *index, guint32 hash)
{
    return hash & index->mask;
}
