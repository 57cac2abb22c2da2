#include "protocol/text/byte-span.h"

ByteSpan byte_span_from_string(const char *text)
{
    return text == NULL ? BYTE_SPAN_EMPTY : byte_span(text, strlen(text));
}

ByteSpan byte_span_slice(ByteSpan span, gsize start, gsize length)
{
    if (start >= span.length) {
        return byte_span(span.data == NULL ? NULL : span.data + span.length, 0);
    }
    return byte_span(span.data + start, MIN(length, span.length - start));
}

ByteSpan byte_span_from(ByteSpan span, gsize start)
{
    return byte_span_slice(span, start, G_MAXSIZE);
}

bool byte_span_equal(ByteSpan left, ByteSpan right)
{
    return left.length == right.length &&
           (left.length == 0 || memcmp(left.data, right.data, left.length) == 0);
}

bool byte_span_equal_nocase(ByteSpan left, ByteSpan right)
{
    if (left.length != right.length) {
        return false;
    }
    for (gsize i = 0; i < left.length; i++) {
        if (left.data[i] != right.data[i] &&
            g_ascii_tolower((char)left.data[i]) != g_ascii_tolower((char)right.data[i])) {
            return false;
        }
    }
    return true;
}

bool byte_span_is(ByteSpan span, const char *text)
{
    return byte_span_equal(span, byte_span_from_string(text));
}

bool byte_span_is_nocase(ByteSpan span, const char *text)
{
    return byte_span_equal_nocase(span, byte_span_from_string(text));
}

bool byte_span_starts_with(ByteSpan span, const char *prefix)
{
    return byte_span_is(byte_span_slice(span, 0, strlen(prefix)), prefix);
}

bool byte_span_starts_with_nocase(ByteSpan span, const char *prefix)
{
    return byte_span_is_nocase(byte_span_slice(span, 0, strlen(prefix)), prefix);
}

gssize byte_span_find(ByteSpan span, guint8 octet, gsize start)
{
    if (start >= span.length) {
        return -1;
    }
    const guint8 *found = memchr(span.data + start, octet, span.length - start);
    return found == NULL ? -1 : found - span.data;
}

static bool is_blank(guint8 octet)
{
    return octet == ' ' || octet == '\t';
}

ByteSpan byte_span_trim(ByteSpan span)
{
    while (span.length > 0 && is_blank(span.data[0])) {
        span = byte_span_from(span, 1);
    }
    while (span.length > 0 && is_blank(span.data[span.length - 1])) {
        span.length--;
    }
    return span;
}

bool byte_span_next_token(ByteSpan *rest, guint8 delimiter, ByteSpan *out_token)
{
    while (rest->length > 0 && rest->data[0] == delimiter) {
        *rest = byte_span_from(*rest, 1);
    }
    if (rest->length == 0) {
        return false;
    }
    gssize end = byte_span_find(*rest, delimiter, 0);
    gsize length = end < 0 ? rest->length : (gsize)end;
    *out_token = byte_span_slice(*rest, 0, length);
    *rest = byte_span_from(*rest, length);
    return true;
}

ByteSpan byte_span_take_line(ByteSpan *rest)
{
    gssize line_feed = byte_span_find(*rest, '\n', 0);
    gsize length = line_feed < 0 ? rest->length : (gsize)line_feed + 1;
    ByteSpan line = byte_span_slice(*rest, 0, length);
    *rest = byte_span_from(*rest, length);
    return line;
}

bool byte_span_to_number(ByteSpan span, guint64 *out_number)
{
    guint64 number = 0;
    if (span.length == 0) {
        return false;
    }
    for (gsize i = 0; i < span.length; i++) {
        guint digit = (guint)span.data[i] - '0';
        if (digit > 9 || number > (G_MAXUINT64 - digit) / 10) {
            return false;
        }
        number = number * 10 + digit;
    }
    *out_number = number;
    return true;
}

char *byte_span_to_string(ByteSpan span)
{
    char *text = g_malloc(span.length + 1);
    if (span.length > 0) {
        memcpy(text, span.data, span.length);
    }
    text[span.length] = '\0';
    return text;
}

/* Characters that change how their neighbours are shown: bidirectional marks, embeddings and
 * isolates, and the byte order mark. */
static bool is_treacherous(gunichar character)
{
    return (character >= 0x200b && character <= 0x200f) ||
           (character >= 0x202a && character <= 0x202e) ||
           (character >= 0x2060 && character <= 0x206f) || character == 0xfeff ||
           character == 0x061c || character == 0x2028 || character == 0x2029 ||
           (character >= 0xfff9 && character <= 0xfffb) || character >= 0xe0000;
}

/* Most of what is shown needs no change at all. */
static bool is_plain_ascii(ByteSpan span)
{
    for (gsize i = 0; i < span.length; i++) {
        if (span.data[i] < ' ' || span.data[i] >= 0x7f) {
            return false;
        }
    }
    return true;
}

char *byte_span_to_display(ByteSpan span)
{
    if (is_plain_ascii(span)) {
        return byte_span_to_string(span);
    }
    GString *shown = g_string_sized_new(span.length + 1);
    for (gsize at = 0; at < span.length;) {
        const char *here = (const char *)span.data + at;
        gunichar character = g_utf8_get_char_validated(here, (gssize)(span.length - at));
        if (character == 0 || character >= 0x80000000u || character < ' ' || character == 0x7f) {
            g_string_append_printf(shown, "\\x%02x", span.data[at]);
            at++;
            continue;
        }
        gsize length = (gsize)(g_utf8_next_char(here) - here);
        if ((character >= 0x80 && character < 0xa0) || is_treacherous(character)) {
            g_string_append_printf(shown, "\\u{%04x}", character);
        } else {
            g_string_append_len(shown, here, (gssize)length);
        }
        at += length;
    }
    return g_string_free(shown, FALSE);
}
