#pragma once

/* The one header that a unit test includes first: cmocka needs four standard headers before it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "protocol/text/byte-span.h"

/* Compares a span with a text and shows both when they differ. */
void assert_span(ByteSpan span, const char *expected);

/* Octets in a block of their own size, so that a sanitizer sees a read one past the end. */
ByteSpan unterminated(const char *text, gsize length, GPtrArray *keep);
