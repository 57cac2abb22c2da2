#include "protocol/text/byte-buffer.h"

#include <stdarg.h>

#define CAPACITY_KEPT 256
#define CAPACITY_LEAST 64 /* so that a line put together from words does not grow with each */

void byte_buffer_init(ByteBuffer *buffer, gsize maximum)
{
    *buffer = (ByteBuffer){.maximum = maximum};
}

void byte_buffer_clear(ByteBuffer *buffer)
{
    g_free(buffer->data);
    byte_buffer_init(buffer, buffer->maximum);
}

void byte_buffer_reset(ByteBuffer *buffer)
{
    buffer->start = 0;
    buffer->end = 0;
}

void byte_buffer_shrink(ByteBuffer *buffer)
{
    if (buffer->start == buffer->end && buffer->capacity > CAPACITY_KEPT) {
        byte_buffer_clear(buffer);
    }
}

/* Room for 'length' more octets behind the end: first by moving, then by growing. */
static void make_room(ByteBuffer *buffer, gsize length)
{
    gsize used = buffer->end - buffer->start;
    if (buffer->capacity - buffer->end >= length) {
        return;
    }
    if (buffer->start > 0) {
        memmove(buffer->data, buffer->data + buffer->start, used);
        buffer->start = 0;
        buffer->end = used;
    }
    if (buffer->capacity - used < length) {
        gsize doubled = MAX(buffer->capacity * 2, CAPACITY_LEAST);
        gsize wanted = MAX(used + length, MIN(doubled, buffer->maximum));
        buffer->data = g_realloc(buffer->data, wanted);
        buffer->capacity = wanted;
    }
}

bool byte_buffer_append(ByteBuffer *buffer, ByteSpan span)
{
    gsize used = buffer->end - buffer->start;
    if (span.length > buffer->maximum - used) {
        return false;
    }
    if (span.length > 0) {
        make_room(buffer, span.length);
        memcpy(buffer->data + buffer->end, span.data, span.length);
        buffer->end += span.length;
    }
    return true;
}

bool byte_buffer_append_string(ByteBuffer *buffer, const char *text)
{
    return byte_buffer_append(buffer, byte_span_from_string(text));
}

bool byte_buffer_printf(ByteBuffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return byte_buffer_append_string(buffer, text);
}

ByteSpan byte_buffer_span(const ByteBuffer *buffer)
{
    return buffer->data == NULL
               ? BYTE_SPAN_EMPTY
               : byte_span(buffer->data + buffer->start, buffer->end - buffer->start);
}

gsize byte_buffer_length(const ByteBuffer *buffer)
{
    return buffer->end - buffer->start;
}

void byte_buffer_consume(ByteBuffer *buffer, gsize length)
{
    g_assert(length <= byte_buffer_length(buffer));
    buffer->start += length;
    if (buffer->start == buffer->end) {
        byte_buffer_reset(buffer);
    }
}

void byte_buffer_truncate(ByteBuffer *buffer, gsize length)
{
    g_assert(length <= byte_buffer_length(buffer));
    buffer->end = buffer->start + length;
}

GBytes *byte_buffer_steal(ByteBuffer *buffer)
{
    ByteSpan span = byte_buffer_span(buffer);
    GBytes *bytes = g_bytes_new(span.data, span.length);
    byte_buffer_clear(buffer);
    return bytes;
}
