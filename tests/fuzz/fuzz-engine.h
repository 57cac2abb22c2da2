#pragma once

/* What the engines' fuzz targets share: a sum over all that was seen, message octets in whatever
 * pieces they come. */

#include "protocol/text/byte-span.h"

static inline void fuzz_see(guint64 *sum, const guint8 *octets, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        *sum = (*sum ^ octets[i]) * 1099511628211u;
    }
}

static inline bool fuzz_contains(ByteSpan text, const char *word)
{
    for (gsize i = 0; i < text.length; i++) {
        if (byte_span_starts_with_nocase(byte_span_from(text, i), word)) {
            return true;
        }
    }
    return false;
}
