#pragma once

/* Memory in pieces of a few sizes, given back to be used again: frames, connections and the
 * buffers of connections come and go by the million. Under an address sanitizer each piece is an
 * allocation of its own, so that the sanitizer sees every misuse. */

#include <glib.h>

#define POOL_CLASS_COUNT 23

typedef struct PoolPiece PoolPiece;

typedef struct {
    PoolPiece *free_pieces[POOL_CLASS_COUNT];
    GPtrArray *slabs;
} Pool;

void pool_init(Pool *pool);
void pool_clear(Pool *pool);

/* At least 'size' octets; the same 'size' is due again at pool_free(). */
gpointer pool_alloc(Pool *pool, gsize size);
void pool_free(Pool *pool, gpointer piece, gsize size);

/* What a piece of that size really holds; asking for it costs no more. */
gsize pool_capacity(gsize size);
