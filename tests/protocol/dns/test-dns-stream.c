#include "tests/support/test.h"

#include "protocol/dns/dns-stream.h"

/* "[from-to text]" of every message, the input given in pieces of 'piece' octets. */
static char *read_in_pieces(ByteSpan octets, gsize piece)
{
    DnsStream stream;
    DnsStreamMessage message;
    GString *seen = g_string_new(NULL);
    dns_stream_init(&stream);
    for (gsize at = 0; at < octets.length; at += piece) {
        g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
        ByteSpan part = byte_span_slice(octets, at, piece);
        ByteSpan input = unterminated((const char *)part.data, part.length, keep);
        while (dns_stream_next(&stream, &input, &message)) {
            g_autofree char *text = byte_span_to_string(message.octets);
            g_string_append_printf(
                seen,
                "[%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT " %s]",
                message.from,
                message.to,
                text
            );
        }
        assert_int_equal(input.length, 0);
    }
    g_string_append_printf(seen, "%" G_GSIZE_FORMAT, dns_stream_pending(&stream));
    dns_stream_clear(&stream);
    return g_string_free(seen, FALSE);
}

static void test_every_split(void **state)
{
    static const char octets[] = "\0\5hello\0\0\0\1x\0\5ha";
    (void)state;
    ByteSpan span = byte_span(octets, sizeof octets - 1);
    for (gsize piece = 1; piece <= span.length; piece++) {
        g_autofree char *seen = read_in_pieces(span, piece);
        assert_string_equal(seen, "[0-7 hello][7-9 ][9-12 x]4");
    }
}

static void test_missing_inside_a_message(void **state)
{
    DnsStream stream;
    DnsStreamMessage message;
    (void)state;
    dns_stream_init(&stream);
    ByteSpan input = byte_span("\0\12abc", 5);
    assert_false(dns_stream_next(&stream, &input, &message));
    dns_stream_missing(&stream, 4);
    input = byte_span("ghi\0\2ok", 7);
    assert_true(dns_stream_next(&stream, &input, &message));
    assert_span(message.octets, "ok");
    assert_int_equal(message.from, 12);
    assert_int_equal(message.to, 16);
    assert_false(stream.is_lost);
    dns_stream_clear(&stream);
}

static void test_missing_past_a_message(void **state)
{
    DnsStream stream;
    DnsStreamMessage message;
    (void)state;
    dns_stream_init(&stream);
    ByteSpan input = byte_span("\0\4ab", 4);
    assert_false(dns_stream_next(&stream, &input, &message));
    dns_stream_missing(&stream, 3);
    assert_true(stream.is_lost);
    input = byte_span("\0\2ok", 4);
    assert_false(dns_stream_next(&stream, &input, &message));
    assert_int_equal(input.length, 0);
    assert_int_equal(stream.position, 11);
    dns_stream_clear(&stream);
}

static void test_write(void **state)
{
    ByteBuffer out;
    (void)state;
    byte_buffer_init(&out, 8);
    assert_true(dns_stream_write(&out, BYTE_SPAN_LITERAL("hello")));
    assert_false(dns_stream_write(&out, BYTE_SPAN_EMPTY));
    assert_int_equal(byte_buffer_length(&out), 7);
    assert_memory_equal(byte_buffer_span(&out).data, "\0\5hello", 7);
    byte_buffer_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_split),
        cmocka_unit_test(test_missing_inside_a_message),
        cmocka_unit_test(test_missing_past_a_message),
        cmocka_unit_test(test_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
