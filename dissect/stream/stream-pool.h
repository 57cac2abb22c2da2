#pragma once

/* Memory for streams, for what their owner keeps with them, and for blocks of octets: taken from
 * the system in large pieces, given back only at the end, and reused in between, so that a packet
 * costs no allocation. Internal to this folder. */

#include <glib.h>

struct Stream;
struct StreamBlock;

/* Blocks come in powers of two from 128 octets; larger ones than 64 KiB go to the system alone. */
#define STREAM_BLOCK_CLASSES 10

typedef struct StreamFree {
    struct StreamFree *next;
} StreamFree;

typedef struct {
    GPtrArray *chunks; /* everything to be freed at the end */
    guint8 *piece;     /* what is left of the last one */
    gsize piece_left;
    GPtrArray *stream_chunks;
    gsize stream_size;
    gsize user_size;
    guint32 streams_made;
    StreamFree *free_streams;
    StreamFree *free_users;
    StreamFree *free_blocks[STREAM_BLOCK_CLASSES];
} StreamPool;

/* Each stream is followed by 'extra' octets. */
void stream_pool_init(StreamPool *pool, gsize extra, gsize user_size);
void stream_pool_clear(StreamPool *pool);

/* Zeroed, with 'slot' set. */
struct Stream *stream_pool_take(StreamPool *pool);
void stream_pool_give(StreamPool *pool, struct Stream *stream);

#define STREAM_CHUNK_BITS 7

/* The stream of a slot, taken or not. */
static inline struct Stream *stream_pool_at(const StreamPool *pool, guint32 slot)
{
    guint8 *chunk = pool->stream_chunks->pdata[slot >> STREAM_CHUNK_BITS];
    guint32 within = slot & ((1u << STREAM_CHUNK_BITS) - 1);
    return (struct Stream *)(void *)(chunk + within * pool->stream_size);
}

gpointer stream_pool_take_user(StreamPool *pool); /* zeroed */
void stream_pool_give_user(StreamPool *pool, gpointer user_data);

/* Room for so many octets; of the block 'size' and 'size_class' are set, the rest is zero. */
struct StreamBlock *stream_pool_take_block(StreamPool *pool, gsize octets);
void stream_pool_give_block(StreamPool *pool, struct StreamBlock *block);
