#include "sim/network/pool.h"

/* Classes 0 to 15: 64 to 1024 octets by 64. Classes 16 to 22: 2 KiB to 128 KiB by doubling. */
#define SMALL_STEP 64
#define SMALL_CLASSES 16
#define SMALL_MAX (SMALL_STEP * SMALL_CLASSES)
#define POOLED_MAX ((gsize)SMALL_MAX << (POOL_CLASS_COUNT - SMALL_CLASSES))
#define SLAB_SIZE 65536

struct PoolPiece {
    PoolPiece *next;
};

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define USES_POOL 0
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define USES_POOL 0
#endif
#if !defined(USES_POOL)
#define USES_POOL 1
#endif

static guint class_of(gsize size)
{
    if (size <= SMALL_MAX) {
        return size == 0 ? 0 : (guint)((size - 1) / SMALL_STEP);
    }
    return SMALL_CLASSES - 1 + (guint)g_bit_storage((size - 1) / SMALL_MAX);
}

static gsize class_size(guint class)
{
    if (class < SMALL_CLASSES) {
        return (gsize)(class + 1) * SMALL_STEP;
    }
    return (gsize)SMALL_MAX << (class - SMALL_CLASSES + 1);
}

void pool_init(Pool *pool)
{
    *pool = (Pool){.slabs = g_ptr_array_new_with_free_func(g_free)};
}

void pool_clear(Pool *pool)
{
    g_clear_pointer(&pool->slabs, g_ptr_array_unref);
}

gsize pool_capacity(gsize size)
{
    return size > POOLED_MAX ? size : class_size(class_of(size));
}

static gpointer carve(Pool *pool, guint class)
{
    gsize size = class_size(class);
    gsize count = MAX(SLAB_SIZE / size, 1);
    guint8 *slab = g_malloc(count * size);
    g_ptr_array_add(pool->slabs, slab);
    for (gsize i = count - 1; i > 0; i--) {
        PoolPiece *piece = (PoolPiece *)(gpointer)(slab + i * size);
        piece->next = pool->free_pieces[class];
        pool->free_pieces[class] = piece;
    }
    return slab;
}

gpointer pool_alloc(Pool *pool, gsize size)
{
    if (!USES_POOL || size > POOLED_MAX) {
        return g_malloc(size);
    }
    guint class = class_of(size);
    PoolPiece *piece = pool->free_pieces[class];
    if (piece == NULL) {
        return carve(pool, class);
    }
    pool->free_pieces[class] = piece->next;
    return piece;
}

void pool_free(Pool *pool, gpointer piece, gsize size)
{
    if (piece == NULL) {
        return;
    }
    if (!USES_POOL || size > POOLED_MAX) {
        g_free(piece);
        return;
    }
    guint class = class_of(size);
    PoolPiece *free_piece = piece;
    free_piece->next = pool->free_pieces[class];
    pool->free_pieces[class] = free_piece;
}
