#pragma once

/* Octets of a TCP connection, taken off the front and added at the end, in memory of the world's
 * pool. It can also hold octets beyond the end, with a gap before them: segments that came out of
 * order. The owner keeps it within its window; an empty queue holds no memory. */

#include "protocol/text/byte-span.h"
#include "sim/network/pool.h"

typedef struct {
    guint8 *data;
    guint32 start;
    guint32 length; /* in order, from start on */
    guint32 extent; /* length, gaps and what lies beyond them */
    guint32 capacity;
} OctetQueue;

void octet_queue_clear(OctetQueue *queue, Pool *pool);
void octet_queue_append(OctetQueue *queue, Pool *pool, ByteSpan octets);

/* Puts octets 'offset' past the front. */
void octet_queue_put(OctetQueue *queue, Pool *pool, guint32 offset, ByteSpan octets);

/* The first 'length' octets are now without a gap. */
void octet_queue_commit(OctetQueue *queue, guint32 length);
void octet_queue_consume(OctetQueue *queue, Pool *pool, guint32 length);

static inline ByteSpan octet_queue_span(const OctetQueue *queue)
{
    return byte_span(queue->data == NULL ? NULL : queue->data + queue->start, queue->length);
}
