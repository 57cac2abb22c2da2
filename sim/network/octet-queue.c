#include "sim/network/octet-queue.h"

void octet_queue_clear(OctetQueue *queue, Pool *pool)
{
    pool_free(pool, queue->data, queue->capacity);
    *queue = (OctetQueue){0};
}

/* Makes room for 'extent' octets from the front on. */
static void reserve(OctetQueue *queue, Pool *pool, guint32 extent)
{
    if (queue->start + extent <= queue->capacity) {
        return;
    }
    if (extent <= queue->capacity / 2) {
        memmove(queue->data, queue->data + queue->start, queue->extent);
        queue->start = 0;
        return;
    }
    gsize capacity = pool_capacity(MAX(extent, 2 * (gsize)queue->extent));
    guint8 *data = pool_alloc(pool, capacity);
    if (queue->extent > 0) {
        memcpy(data, queue->data + queue->start, queue->extent);
    }
    pool_free(pool, queue->data, queue->capacity);
    queue->data = data;
    queue->start = 0;
    queue->capacity = (guint32)capacity;
}

void octet_queue_put(OctetQueue *queue, Pool *pool, guint32 offset, ByteSpan octets)
{
    if (octets.length == 0) {
        return;
    }
    guint32 end = offset + (guint32)octets.length;
    reserve(queue, pool, MAX(end, queue->extent));
    memcpy(queue->data + queue->start + offset, octets.data, octets.length);
    queue->extent = MAX(queue->extent, end);
}

void octet_queue_append(OctetQueue *queue, Pool *pool, ByteSpan octets)
{
    octet_queue_put(queue, pool, queue->length, octets);
    queue->length += (guint32)octets.length;
}

void octet_queue_commit(OctetQueue *queue, guint32 length)
{
    g_assert(length >= queue->length && length <= queue->extent);
    queue->length = length;
}

void octet_queue_consume(OctetQueue *queue, Pool *pool, guint32 length)
{
    g_assert(length <= queue->length);
    queue->start += length;
    queue->length -= length;
    queue->extent -= length;
    if (queue->extent == 0) {
        octet_queue_clear(queue, pool);
    }
}
