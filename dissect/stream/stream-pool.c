#include "dissect/stream/stream-pool.h"

#include "dissect/stream/stream-internal.h"

#include <sys/mman.h>

#define CHUNK_STREAMS (1u << STREAM_CHUNK_BITS)
#define CHUNK_OCTETS (64 * 1024)

/* Memory is taken in pieces of this size, and small ones are cut from them. The first is small, for
 * small captures; the others are pages of the largest kind that the system gives, because streams
 * are visited in any order and finding small pages would cost as much as the visit. */
#define FIRST_PIECE (256 * 1024)
#define LARGE_PIECE (2 * 1024 * 1024)
#define ALIGNMENT 64
#define SMALLEST_BLOCK 128
#define CLASS_ALONE STREAM_BLOCK_CLASSES

void stream_pool_init(StreamPool *pool, gsize extra, gsize user_size)
{
    *pool = (StreamPool){
        .chunks = g_ptr_array_new_with_free_func(g_free),
        .stream_chunks = g_ptr_array_new(),
        .stream_size = (sizeof(Stream) + extra + 63) & ~(gsize)63,
        .user_size = (MAX(user_size, sizeof(StreamFree)) + ALIGNMENT - 1) & ~(gsize)(ALIGNMENT - 1),
    };
}

void stream_pool_clear(StreamPool *pool)
{
    g_ptr_array_unref(pool->chunks);
    g_ptr_array_unref(pool->stream_chunks);
}

static void add_piece(StreamPool *pool)
{
    bool is_first = pool->chunks->len == 0;
    gsize size = is_first ? FIRST_PIECE : LARGE_PIECE;
    gsize alignment = is_first ? ALIGNMENT : LARGE_PIECE;
    guint8 *memory = g_malloc(size + alignment);
    g_ptr_array_add(pool->chunks, memory);
    pool->piece = memory + (alignment - (guintptr)memory % alignment) % alignment;
    pool->piece_left = size;
    if (!is_first) {
        madvise(pool->piece, size, MADV_HUGEPAGE);
    }
}

/* Not zeroed; lies where a line of the processor's cache begins. */
static gpointer take_memory(StreamPool *pool, gsize size)
{
    size = (size + ALIGNMENT - 1) & ~(gsize)(ALIGNMENT - 1);
    if (size > LARGE_PIECE / 4) {
        guint8 *memory = g_malloc(size + ALIGNMENT);
        g_ptr_array_add(pool->chunks, memory);
        return memory + (ALIGNMENT - (guintptr)memory % ALIGNMENT) % ALIGNMENT;
    }
    if (pool->piece_left < size) {
        add_piece(pool);
    }
    guint8 *taken = pool->piece;
    pool->piece += size;
    pool->piece_left -= size;
    return taken;
}

static void add_streams(StreamPool *pool)
{
    gsize size = pool->stream_size * CHUNK_STREAMS;
    guint8 *chunk = take_memory(pool, size);
    memset(chunk, 0, size);
    g_ptr_array_add(pool->stream_chunks, chunk);
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
        guint8 *chunk = take_memory(pool, count * pool->user_size);
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
    guint8 *chunk = take_memory(pool, count * size);
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
