#include "tests/support/test.h"

#include "protocol/encoding/auth-token.h"

/* The example of RFC 1939 §7. */
static void apop_as_in_the_rfc(void **state)
{
    (void)state;
    ByteSpan timestamp;
    guint8 digest[MD5_DIGEST];
    char hex[33];
    assert_true(apop_timestamp(
        BYTE_SPAN_LITERAL("+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>"), &timestamp
    ));
    assert_span(timestamp, "<1896.697170952@dbc.mtview.ca.us>");
    md5_digest(timestamp, BYTE_SPAN_LITERAL("tanstaaf"), digest);
    md5_to_hex(digest, hex);
    assert_string_equal(hex, "c4c9334bac560ecc979e58001b3e22fb");
    assert_false(apop_timestamp(BYTE_SPAN_LITERAL("+OK ready"), &timestamp));
    assert_false(apop_timestamp(BYTE_SPAN_LITERAL("+OK > <x"), &timestamp));
}

/* The example of RFC 2195 §2, and a key of 80 octets, longer than a block (RFC 2104 §2). */
static void cram_md5_as_in_the_rfc(void **state)
{
    (void)state;
    HmacMd5Trace trace;
    char hex[33];
    hmac_md5_trace(
        BYTE_SPAN_LITERAL("tanstaaftanstaaf"),
        BYTE_SPAN_LITERAL("<1896.697170952@postoffice.reston.mci.net>"),
        &trace
    );
    md5_to_hex(trace.outer, hex);
    assert_string_equal(hex, "b913a602c7eda7a495b4e6e7334d3890");
    assert_false(trace.is_key_digested);
    guint8 key[80];
    memset(key, 0xaa, sizeof key);
    hmac_md5_trace(
        byte_span(key, sizeof key),
        BYTE_SPAN_LITERAL("Test Using Larger Than Block-Size Key - Hash Key First"),
        &trace
    );
    md5_to_hex(trace.outer, hex);
    assert_string_equal(hex, "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd");
    assert_true(trace.is_key_digested);
}

static void the_trace_agrees_with_glib(void **state)
{
    (void)state;
    guint8 secret[100];
    for (gsize i = 0; i < sizeof secret; i++) {
        secret[i] = (guint8)(i * 7 + 1);
    }
    for (gsize length = 0; length <= sizeof secret; length++) {
        HmacMd5Trace trace;
        char hex[33];
        hmac_md5_trace(byte_span(secret, length), BYTE_SPAN_LITERAL("text"), &trace);
        md5_to_hex(trace.outer, hex);
        g_autofree char *expected =
            g_compute_hmac_for_data(G_CHECKSUM_MD5, secret, length, (const guchar *)"text", 4);
        assert_string_equal(hex, expected);
    }
}

static void padding_fills_whole_blocks(void **state)
{
    (void)state;
    guint8 octets[200] = {0};
    for (gsize length = 0; length <= sizeof octets; length++) {
        ByteBuffer out;
        byte_buffer_init(&out, 400);
        assert_true(md5_pad(byte_span(octets, length), &out));
        ByteSpan padded = byte_buffer_span(&out);
        assert_int_equal(padded.length % MD5_BLOCK, 0);
        assert_true(padded.length - length >= 9 && padded.length - length <= 72);
        assert_int_equal(padded.data[length], 0x80);
        assert_int_equal(padded.data[padded.length - 8], length * 8 % 256);
        assert_int_equal(padded.data[padded.length - 7], length * 8 / 256);
        byte_buffer_clear(&out);
    }
    ByteBuffer small;
    byte_buffer_init(&small, 63);
    assert_false(md5_pad(BYTE_SPAN_LITERAL("a"), &small));
    assert_int_equal(byte_buffer_length(&small), 0);
    byte_buffer_clear(&small);
}

typedef struct {
    const char *octets;
    gsize length;
    const char *identity; /* NULL: refused at 'position' */
    gsize position;
} PlainCase;

#define OCTETS(text) .octets = (text), .length = sizeof(text) - 1

static const PlainCase plain_cases[] = {
    {OCTETS("\0tim\0tanstaaf"), .identity = "tim"},
    {OCTETS("ursel\0kurt\0xipj3plmq"), .identity = "kurt"},
    {OCTETS("tim"), .identity = NULL, .position = 3},
    {OCTETS("\0tim"), .identity = NULL, .position = 4},
    {OCTETS("\0\0x"), .identity = NULL, .position = 1},
    {OCTETS("\0tim\0"), .identity = NULL, .position = 5},
    {OCTETS("\0tim\0x\0y"), .identity = NULL, .position = 6},
    {OCTETS(""), .identity = NULL, .position = 0},
};

static void plain_messages_go_both_ways(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(plain_cases); i++) {
        const PlainCase *row = &plain_cases[i];
        PlainMessage message;
        gsize position = 99;
        ByteSpan octets = unterminated(row->octets, row->length, keep);
        bool is_right = plain_message_read(octets, &message, &position);
        assert_int_equal(is_right, row->identity != NULL);
        if (!is_right) {
            assert_int_equal(position, row->position);
            continue;
        }
        assert_span(message.identity, row->identity);
        ByteBuffer out;
        byte_buffer_init(&out, 100);
        assert_true(plain_message_write(&message, &out));
        assert_true(byte_span_equal(byte_buffer_span(&out), octets));
        byte_buffer_clear(&out);
    }
}

static void what_plain_cannot_carry_is_refused(void **state)
{
    (void)state;
    ByteBuffer out;
    byte_buffer_init(&out, 8);
    PlainMessage message = {
        .identity = BYTE_SPAN_LITERAL("a\0b"), .password = BYTE_SPAN_LITERAL("x")};
    assert_false(plain_message_write(&message, &out));
    message.identity = BYTE_SPAN_EMPTY;
    assert_false(plain_message_write(&message, &out));
    message.identity = BYTE_SPAN_LITERAL("much too long");
    assert_false(plain_message_write(&message, &out));
    assert_int_equal(byte_buffer_length(&out), 0);
    byte_buffer_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(apop_as_in_the_rfc),
        cmocka_unit_test(cram_md5_as_in_the_rfc),
        cmocka_unit_test(the_trace_agrees_with_glib),
        cmocka_unit_test(padding_fills_whole_blocks),
        cmocka_unit_test(plain_messages_go_both_ways),
        cmocka_unit_test(what_plain_cannot_carry_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
