#pragma once

/* A borrowed run of octets. Network bytes are never NUL-terminated, so they travel as spans;
 * whoever makes a span says until when its octets live. Letters compare by ASCII rules only,
 * whatever the locale. */

#include <glib.h>
#include <stdbool.h>
#include <string.h>

typedef struct {
    const guint8 *data;
    gsize length;
} ByteSpan;

#define BYTE_SPAN_EMPTY ((ByteSpan){.data = NULL, .length = 0})
#define BYTE_SPAN_LITERAL(text)                                                                    \
    ((ByteSpan){.data = (const guint8 *)(text), .length = sizeof(text) - 1})

static inline ByteSpan byte_span(const void *data, gsize length)
{
    return (ByteSpan){.data = data, .length = length};
}

/* The text's octets without its NUL; NULL gives an empty span. */
ByteSpan byte_span_from_string(const char *text);

/* The part from 'start' on, at most 'length' octets; clipped to the span. */
ByteSpan byte_span_slice(ByteSpan span, gsize start, gsize length);
ByteSpan byte_span_from(ByteSpan span, gsize start);

bool byte_span_equal(ByteSpan left, ByteSpan right);
bool byte_span_equal_nocase(ByteSpan left, ByteSpan right);
bool byte_span_is(ByteSpan span, const char *text);
bool byte_span_is_nocase(ByteSpan span, const char *text);
bool byte_span_starts_with(ByteSpan span, const char *prefix);
bool byte_span_starts_with_nocase(ByteSpan span, const char *prefix);

/* Position of the first such octet at or after 'start', or -1. */
gssize byte_span_find(ByteSpan span, guint8 octet, gsize start);

/* Without spaces and tabs at both ends. */
ByteSpan byte_span_trim(ByteSpan span);

/* Takes the next run of octets up to 'delimiter' off the front of 'rest'; false at the end. */
bool byte_span_next_token(ByteSpan *rest, guint8 delimiter, ByteSpan *out_token);

/* Takes the next line, with its LF, off the front of 'rest'; all of it where there is no LF. */
ByteSpan byte_span_take_line(ByteSpan *rest);

/* A whole span of decimal digits that fits 64 bits; anything else is false. */
bool byte_span_to_number(ByteSpan span, guint64 *out_number);

/* A NUL-terminated copy; NUL octets inside stay. */
char *byte_span_to_string(ByteSpan span);

/* A copy fit for a terminal or a page: valid UTF-8, controls and bidirectional overrides written
 * as \xNN or \u{NNNN}. */
char *byte_span_to_display(ByteSpan span);
