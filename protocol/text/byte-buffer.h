#pragma once

/* A growing run of octets with a maximum that its owner names. Appending past the maximum changes
 * nothing and is refused, so a hostile peer can never make it grow without bound. */

#include "protocol/text/byte-span.h"

typedef struct {
    guint8 *data;
    gsize start; /* octets consumed from the front, not yet given back */
    gsize end;
    gsize capacity;
    gsize maximum;
} ByteBuffer;

void byte_buffer_init(ByteBuffer *buffer, gsize maximum);
void byte_buffer_clear(ByteBuffer *buffer); /* frees; the buffer may be used again */
void byte_buffer_reset(ByteBuffer *buffer); /* empties, keeps the memory */

/* Of a buffer that is empty: gives back what is more than a few lines need. */
void byte_buffer_shrink(ByteBuffer *buffer);

G_GNUC_WARN_UNUSED_RESULT bool byte_buffer_append(ByteBuffer *buffer, ByteSpan span);
G_GNUC_WARN_UNUSED_RESULT bool byte_buffer_append_string(ByteBuffer *buffer, const char *text);
G_GNUC_WARN_UNUSED_RESULT bool byte_buffer_printf(ByteBuffer *buffer, const char *format, ...)
    G_GNUC_PRINTF(2, 3);

/* What is in the buffer; valid until the next append, consume, reset or clear. */
ByteSpan byte_buffer_span(const ByteBuffer *buffer);
gsize byte_buffer_length(const ByteBuffer *buffer);
void byte_buffer_consume(ByteBuffer *buffer, gsize length);
void byte_buffer_truncate(ByteBuffer *buffer, gsize length); /* keeps the first 'length' octets */

/* The content as owned bytes; the buffer is empty afterwards. */
GBytes *byte_buffer_steal(ByteBuffer *buffer);
