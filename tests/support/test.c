#include "tests/support/test.h"

void assert_span(ByteSpan span, const char *expected)
{
    g_autofree char *text = byte_span_to_string(span);
    assert_string_equal(text, expected);
}

ByteSpan unterminated(const char *text, gsize length, GPtrArray *keep)
{
    void *copy = g_memdup2(text, length);
    g_ptr_array_add(keep, copy);
    return byte_span(copy, length);
}
