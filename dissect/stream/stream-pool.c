#include "dissect/stream/stream-pool.h"

#include "dissect/stream/stream-internal.h"

#define CHUNK_STREAMS (1u << STREAM_CHUNK_BITS)
#define CHUNK_OCTETS (64 * 1024)
#define SMALLEST_BLOCK 128
#define CLASS_ALONE STREAM_BLOCK_CLASSES

void stream_pool_init(StreamPool *pool, gsize extra, gsize user_size)
{
    *pool = (StreamPool){
        .chunks = g_ptr_array_new_with_free_func(g_free),
        .stream_chunks = g_ptr_array_new(),
        .stream_size = (sizeof(Stream) + extra + 63) & ~(gsize)63,
        .user_size = MAX((user_size + 15) & ~(gsize)15, sizeof(StreamFree)),
    };
}

void stream_pool_clear(StreamPool *pool)
{
    g_ptr_array_unref(pool->chunks);
    g_ptr_array_unref(pool->stream_chunks);
}

static void add_streams(StreamPool *pool)
{
    guint8 *chunk = g_malloc0(pool->stream_size * CHUNK_STREAMS + 64);
    g_ptr_array_add(pool->chunks, chunk);
    /* Streams begin where a line of the processor's cache does. */
    guint8 *aligned = chunk + (64 - (guintptr)chunk % 64) % 64;
    g_ptr_array_add(pool->stream_chunks, aligned);
}

Stream *stream_pool_take(StreamPool *pool)
{
    if (pool->free_streams == NULL) {
        if (pool->streams_made == pool->stream_chunks->len * CHUNK_STREAMS) {
            add_streams(pool);
        }
        Stream *stream = stream_pool_at(pool, pool->streams_made);
        stream->slot = pool->streams_made++;
        return stream;
    }
    Stream *stream = (Stream *)(void *)pool->free_streams;
    pool->free_streams = pool->free_streams->next;
    guint32 slot = stream->slot;
    memset(stream, 0, pool->stream_size);
    stream->slot = slot;
    return stream;
}

void stream_pool_give(StreamPool *pool, Stream *stream)
{
    StreamFree *free_stream = (StreamFree *)(void *)stream;
    free_stream->next = pool->free_streams;
    pool->free_streams = free_stream;
}

gpointer stream_pool_take_user(StreamPool *pool)
{
    if (pool->free_users == NULL) {
        gsize count = MAX(CHUNK_OCTETS / pool->user_size, 1);
        guint8 *chunk = g_malloc(count * pool->user_size);
        g_ptr_array_add(pool->chunks, chunk);
        for (gsize i = 0; i < count; i++) {
            stream_pool_give_user(pool, chunk + i * pool->user_size);
        }
    }
    StreamFree *user_data = pool->free_users;
    pool->free_users = user_data->next;
    memset(user_data, 0, pool->user_size);
    return user_data;
}

void stream_pool_give_user(StreamPool *pool, gpointer user_data)
{
    StreamFree *free_user = user_data;
    free_user->next = pool->free_users;
    pool->free_users = free_user;
}

static void add_blocks(StreamPool *pool, guint size_class)
{
    gsize size = (gsize)SMALLEST_BLOCK << size_class;
    gsize count = MAX(CHUNK_OCTETS / size, 1);
    guint8 *chunk = g_malloc(count * size);
    g_ptr_array_add(pool->chunks, chunk);
    for (gsize i = 0; i < count; i++) {
        StreamFree *free_block = (StreamFree *)(void *)(chunk + i * size);
        free_block->next = pool->free_blocks[size_class];
        pool->free_blocks[size_class] = free_block;
    }
}

StreamBlock *stream_pool_take_block(StreamPool *pool, gsize octets)
{
    gsize needed = sizeof(StreamBlock) + octets;
    guint size_class = 0;
    while (size_class < CLASS_ALONE && ((gsize)SMALLEST_BLOCK << size_class) < needed) {
        size_class++;
    }
    StreamBlock *block;
    if (size_class == CLASS_ALONE) {
        block = g_malloc(needed);
    } else {
        if (pool->free_blocks[size_class] == NULL) {
            add_blocks(pool, size_class);
        }
        block = (StreamBlock *)(void *)pool->free_blocks[size_class];
        pool->free_blocks[size_class] = pool->free_blocks[size_class]->next;
    }
    memset(block, 0, sizeof *block);
    block->size_class = (guint8)size_class;
    block->size =
        (guint32)(size_class == CLASS_ALONE ? needed : (gsize)SMALLEST_BLOCK << size_class);
    return block;
}

void stream_pool_give_block(StreamPool *pool, StreamBlock *block)
{
    guint size_class = block->size_class;
    if (size_class == CLASS_ALONE) {
        g_free(block);
        return;
    }
    StreamFree *free_block = (StreamFree *)(void *)block;
    free_block->next = pool->free_blocks[size_class];
    pool->free_blocks[size_class] = free_block;
}
