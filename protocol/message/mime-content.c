#include "protocol/message/mime-tree-internal.h"

#include <gmime/gmime.h>

#include "protocol/message/gmime-bridge.h"

/* Content is decoded in blocks of this size, so that a bound can be kept. */
#define BLOCK_LENGTH 16384

static GMimeContentEncoding encoding_for_gmime(MimeEncoding encoding)
{
    switch (encoding) {
    case MIME_ENCODING_QUOTED_PRINTABLE:
        return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
    case MIME_ENCODING_BASE64:
        return GMIME_CONTENT_ENCODING_BASE64;
    case MIME_ENCODING_UUENCODE:
        return GMIME_CONTENT_ENCODING_UUENCODE;
    case MIME_ENCODING_7BIT:
    case MIME_ENCODING_8BIT:
    case MIME_ENCODING_BINARY:
    case MIME_ENCODING_UNKNOWN:
        break;
    }
    return GMIME_CONTENT_ENCODING_BINARY;
}

/* A text that is uuencoded has a first line "begin 644 name", which GMime leaves to its caller. */
static ByteSpan without_begin_line(ByteSpan raw)
{
    gsize at = 0;
    while (at < raw.length) {
        gssize end = byte_span_find(raw, '\n', at);
        ByteSpan line = byte_span_slice(raw, at, end < 0 ? raw.length : (gsize)end - at);
        at = end < 0 ? raw.length : (gsize)end + 1;
        if (byte_span_starts_with(line, "begin ")) {
            return byte_span_from(raw, at);
        }
    }
    return BYTE_SPAN_EMPTY;
}

typedef bool (*ContentSink)(ByteSpan decoded, void *data);

/* Gives the decoded content block by block until the sink has had enough. */
static void decode(const MimePart *part, ByteSpan raw, ContentSink sink, void *data)
{
    GMimeEncoding state;
    g_autofree char *block = NULL;
    if (part->encoding == MIME_ENCODING_UUENCODE) {
        raw = without_begin_line(raw);
    }
    g_mime_encoding_init_decode(&state, encoding_for_gmime(part->encoding));
    if (part->encoding == MIME_ENCODING_UUENCODE) {
        state.state |= GMIME_UUDECODE_STATE_BEGIN;
    }
    block = g_malloc(g_mime_encoding_outlen(&state, BLOCK_LENGTH) + 64);
    for (gsize at = 0; at < raw.length; at += BLOCK_LENGTH) {
        ByteSpan piece = byte_span_slice(raw, at, BLOCK_LENGTH);
        bool is_last = at + piece.length == raw.length;
        const char *input = (const char *)piece.data;
        gsize length = is_last ? g_mime_encoding_flush(&state, input, piece.length, block)
                               : g_mime_encoding_step(&state, input, piece.length, block);
        if (!sink(byte_span(block, length), data)) {
            return;
        }
    }
}

typedef struct {
    GByteArray *octets;
    gsize maximum;
    bool is_whole;
} Collector;

static bool collect(ByteSpan decoded, void *data)
{
    Collector *collector = data;
    gsize room = collector->maximum - collector->octets->len;
    collector->is_whole = decoded.length <= room;
    gsize length = MIN(decoded.length, room);
    if (length > 0) {
        g_byte_array_append(collector->octets, decoded.data, (guint)length);
    }
    return collector->is_whole;
}

static bool is_encoded(const MimePart *part)
{
    return encoding_for_gmime(part->encoding) != GMIME_CONTENT_ENCODING_BINARY;
}

GBytes *
mime_part_content(const MimeTree *tree, const MimePart *part, gsize maximum, bool *out_is_whole)
{
    ByteSpan raw = mime_part_raw(tree, part);
    bool is_whole = raw.length <= maximum;
    GBytes *content = NULL;
    if (is_encoded(part)) {
        /* A GByteArray counts with 32 bits. */
        Collector collector = {.maximum = MIN(maximum, G_MAXINT32), .is_whole = true};
        collector.octets = g_byte_array_new();
        decode(part, raw, collect, &collector);
        is_whole = collector.is_whole;
        content = g_byte_array_free_to_bytes(collector.octets);
    } else {
        content =
            g_bytes_new_from_bytes(tree->message, part->body_offset, MIN(raw.length, maximum));
    }
    if (out_is_whole != NULL) {
        *out_is_whole = is_whole;
    }
    return content;
}

static bool add_length(ByteSpan decoded, void *data)
{
    gsize *length = data;
    *length += decoded.length;
    return true;
}

gsize mime_part_content_length(const MimeTree *tree, const MimePart *part)
{
    gsize length = part->body_length;
    if (is_encoded(part)) {
        length = 0;
        decode(part, mime_part_raw(tree, part), add_length, &length);
    }
    return length;
}

static char *with_plain_line_ends(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        if (from[0] != '\r' || from[1] != '\n') {
            *to++ = *from;
        }
    }
    *to = '\0';
    return text;
}

char *mime_part_text(const MimeTree *tree, const MimePart *part, gsize maximum)
{
    gsize n_bad = 0;
    g_autoptr(GBytes) content = mime_part_content(tree, part, maximum, NULL);
    gsize length = 0;
    const void *data = g_bytes_get_data(content, &length);
    ByteSpan octets = byte_span(data, length);
    char *text = gmime_bridge_to_utf8(octets, part->charset ? part->charset : "utf-8", &n_bad);
    if (text == NULL) {
        text = gmime_bridge_to_utf8(octets, "utf-8", &n_bad);
    }
    return with_plain_line_ends(text);
}
