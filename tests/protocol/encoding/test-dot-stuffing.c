#include "tests/support/test.h"

#include "protocol/encoding/dot-stuffing.h"

typedef struct {
    const char *wire;
    gsize wire_length;
    const char *message;
    const char *rest; /* what follows the end; NULL: no end was seen */
    guint32 defects;
    bool is_lenient;
} DotCase;

#define WIRE(text) .wire = (text), .wire_length = sizeof(text) - 1

static const DotCase cases[] = {
    {WIRE(".\r\n"), .message = "", .rest = ""},
    {WIRE("a\r\n.\r\nQUIT\r\n"), .message = "a\r\n", .rest = "QUIT\r\n"},
    {WIRE("..\r\n.\r\n"), .message = ".\r\n", .rest = ""},
    {WIRE("...\r\n..a\r\na..\r\n.\r\n"), .message = "..\r\n.a\r\na..\r\n", .rest = ""},
    {WIRE("\r\n.\r\n.\r\n"), .message = "\r\n", .rest = ".\r\n"},
    {WIRE("a\r\n.b\r\n.\r\n"),
     .message = "a\r\nb\r\n",
     .rest = "",
     .defects = DOT_DEFECT_NOT_STUFFED},
    {WIRE("a\r\n."), .message = "a\r\n", .rest = NULL},
    {WIRE("a\r\n.\r"), .message = "a\r\n", .rest = NULL},
    {WIRE("a.\r\n"), .message = "a.\r\n", .rest = NULL},
    {WIRE("a\nb\r\n.\r\n"), .message = "a\nb\r\n", .rest = "", .defects = DOT_DEFECT_BARE_LF},
    {WIRE("a\rb\r\n.\r\n"), .message = "a\rb\r\n", .rest = "", .defects = DOT_DEFECT_BARE_CR},
    {WIRE("a\r\r\n.\r\n"), .message = "a\r\r\n", .rest = "", .defects = DOT_DEFECT_BARE_CR},
    {WIRE("a\n.\r\nb\r\n.\r\n"),
     .message = "a\n.\r\nb\r\n",
     .rest = "",
     .defects = DOT_DEFECT_BARE_LF | DOT_DEFECT_LF_DOT_CRLF},
    {WIRE("a\n.\nb\r\n.\r\n"),
     .message = "a\n.\nb\r\n",
     .rest = "",
     .defects = DOT_DEFECT_BARE_LF | DOT_DEFECT_LF_DOT_LF},
    {WIRE("a\n.\r\r\n.\r\n"),
     .message = "a\n.\r\r\n",
     .rest = "",
     .defects = DOT_DEFECT_BARE_LF | DOT_DEFECT_BARE_CR | DOT_DEFECT_LF_DOT_CR},
    {WIRE("a\n.x\r\n.\r\n"), .message = "a\n.x\r\n", .rest = "", .defects = DOT_DEFECT_BARE_LF},
    {WIRE("a\r.\rb\r\n.\r\n"),
     .message = "a\r.\rb\r\n",
     .rest = "",
     .defects = DOT_DEFECT_BARE_CR | DOT_DEFECT_CR_DOT_CR},
    {WIRE("a\r.\r\n.\r\n"),
     .message = "a\r.\r\n",
     .rest = "",
     .defects = DOT_DEFECT_BARE_CR | DOT_DEFECT_CR_DOT_CR},
    {WIRE("a\r.\nb\r\n.\r\n"),
     .message = "a\r.\nb\r\n",
     .rest = "",
     .defects = DOT_DEFECT_BARE_CR | DOT_DEFECT_BARE_LF | DOT_DEFECT_CR_DOT_LF},
    {WIRE("a\r\n.\nb\r\n.\r\n"),
     .message = "a\r\n\nb\r\n",
     .rest = "",
     .defects = DOT_DEFECT_BARE_LF | DOT_DEFECT_CRLF_DOT_LF},
    {WIRE("a\r\n.\rb\r\n.\r\n"),
     .message = "a\r\n\rb\r\n",
     .rest = "",
     .defects = DOT_DEFECT_BARE_CR | DOT_DEFECT_CRLF_DOT_CR},
    {WIRE("a\r\n.\r\r\n.\r\n"),
     .message = "a\r\n\r\r\n",
     .rest = "",
     .defects = DOT_DEFECT_BARE_CR | DOT_DEFECT_CRLF_DOT_CR},
    {WIRE("a\r\n.\r.\r\n.\r\n"),
     .message = "a\r\n\r.\r\n",
     .rest = "",
     .defects = DOT_DEFECT_BARE_CR | DOT_DEFECT_CRLF_DOT_CR | DOT_DEFECT_CR_DOT_CR},
    {WIRE("\0\xe4\r\n.\r\n"),
     .message = "_\xe4\r\n",
     .rest = "",
     .defects = DOT_DEFECT_NUL | DOT_DEFECT_EIGHT_BIT},
    {WIRE("a\n.\nMAIL\r\n"),
     .message = "a\n",
     .rest = "MAIL\r\n",
     .defects = DOT_DEFECT_BARE_LF | DOT_DEFECT_LF_DOT_LF,
     .is_lenient = true},
    {WIRE("a\n.\r\nMAIL\r\n"),
     .message = "a\n",
     .rest = "MAIL\r\n",
     .defects = DOT_DEFECT_BARE_LF | DOT_DEFECT_LF_DOT_CRLF,
     .is_lenient = true},
    {WIRE("a\r\n.\nMAIL\r\n"),
     .message = "a\r\n",
     .rest = "MAIL\r\n",
     .defects = DOT_DEFECT_BARE_LF | DOT_DEFECT_CRLF_DOT_LF,
     .is_lenient = true},
    {WIRE("a\n..\n.\rx\r\n.\r\n"),
     .message = "a\n.\n\rx\r\n",
     .rest = "",
     .defects = DOT_DEFECT_BARE_LF | DOT_DEFECT_BARE_CR | DOT_DEFECT_LF_DOT_CR,
     .is_lenient = true},
};

typedef struct {
    GString *message;
    GString *rest;
    bool has_ended;
    guint32 defects;
    guint64 octets;
} Seen;

static void append_visibly(GString *text, ByteSpan octets)
{
    for (gsize i = 0; i < octets.length; i++) {
        g_string_append_c(text, octets.data[i] == 0 ? '_' : (char)octets.data[i]);
    }
}

static void take_piece(DotUnstuffer *unstuffer, ByteSpan input, Seen *seen)
{
    ByteSpan octets;
    DotStep step = DOT_DATA;
    while (!seen->has_ended && step == DOT_DATA) {
        step = dot_unstuffer_next(unstuffer, &input, &octets);
        if (step == DOT_DATA) {
            assert_int_not_equal(octets.length, 0);
            append_visibly(seen->message, octets);
        }
        seen->has_ended = step == DOT_END;
    }
    assert_true(seen->has_ended || input.length == 0);
    append_visibly(seen->rest, input);
}

static void unstuff(ByteSpan wire, bool is_lenient, gsize piece_length, Seen *seen)
{
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    DotUnstuffer unstuffer;
    if (is_lenient) {
        dot_unstuffer_init_lenient(&unstuffer);
    } else {
        dot_unstuffer_init(&unstuffer);
    }
    *seen = (Seen){.message = g_string_new(NULL), .rest = g_string_new(NULL)};
    for (gsize at = 0; at < wire.length; at += piece_length) {
        ByteSpan piece = byte_span_slice(wire, at, piece_length);
        take_piece(&unstuffer, unterminated((const char *)piece.data, piece.length, keep), seen);
    }
    seen->defects = unstuffer.defects;
    seen->octets = unstuffer.octets;
}

static void forget(Seen *seen)
{
    g_string_free(seen->message, TRUE);
    g_string_free(seen->rest, TRUE);
}

static void any_split_gives_the_same_message(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const DotCase *row = &cases[i];
        for (gsize piece_length = 1; piece_length <= row->wire_length; piece_length++) {
            Seen seen;
            unstuff(byte_span(row->wire, row->wire_length), row->is_lenient, piece_length, &seen);
            assert_string_equal(seen.message->str, row->message);
            assert_int_equal(seen.has_ended, row->rest != NULL);
            assert_string_equal(seen.rest->str, row->rest == NULL ? "" : row->rest);
            assert_int_equal(seen.defects, row->defects);
            assert_int_equal(seen.octets, seen.message->len);
            forget(&seen);
        }
    }
}

/* The cases once more with plain text around them, so that they pass the loop over whole blocks. */
static void long_text_changes_nothing(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (gsize before = 60; before < 330; before++) {
            g_autoptr(GString) wire = g_string_new(NULL);
            g_autoptr(GString) message = g_string_new(NULL);
            while (wire->len < before) {
                g_string_append_c(wire, "plain text.\tok"[wire->len % 14]);
            }
            g_string_append(wire, "\r\n");
            g_string_append(message, wire->str);
            g_string_append_len(wire, cases[i].wire, (gssize)cases[i].wire_length);
            g_string_append(message, cases[i].message);
            Seen seen;
            unstuff(byte_span(wire->str, wire->len), cases[i].is_lenient, wire->len, &seen);
            assert_string_equal(seen.message->str, message->str);
            assert_string_equal(seen.rest->str, cases[i].rest == NULL ? "" : cases[i].rest);
            assert_int_equal(seen.defects, cases[i].defects);
            forget(&seen);
        }
    }
}

static void plain_text_is_lent_in_one_run(void **state)
{
    (void)state;
    g_autofree char *text = g_strnfill(100000, 'x');
    for (gsize at = 70; at < 99990; at += 72) {
        memcpy(text + at, "\r\n", 2);
    }
    ByteSpan input = byte_span(text, 100000);
    ByteSpan octets;
    DotUnstuffer unstuffer;
    dot_unstuffer_init(&unstuffer);
    assert_int_equal(dot_unstuffer_next(&unstuffer, &input, &octets), DOT_DATA);
    assert_ptr_equal(octets.data, text);
    assert_int_equal(octets.length, 100000);
    assert_int_equal(dot_unstuffer_next(&unstuffer, &input, &octets), DOT_NEED_MORE);
}

static void a_gap_ends_the_start_of_a_line(void **state)
{
    (void)state;
    ByteSpan input = BYTE_SPAN_LITERAL(".\r\n");
    ByteSpan octets;
    DotUnstuffer unstuffer;
    dot_unstuffer_init(&unstuffer);
    dot_unstuffer_skip_gap(&unstuffer);
    assert_int_equal(dot_unstuffer_next(&unstuffer, &input, &octets), DOT_DATA);
    assert_span(octets, ".\r\n");
}

static void fits_in_a_stream(void **state)
{
    (void)state;
    assert_true(sizeof(DotUnstuffer) <= 16);
}

#define LONG_LINE                                                                                  \
    "The quick brown fox jumps over the lazy dog, who dreams of a long line without any full stop"

static void stuffing_is_undone_by_unstuffing(void **state)
{
    (void)state;
    g_autoptr(GRand) random = g_rand_new_with_seed(5321);
    for (int round = 0; round < 3000; round++) {
        g_autoptr(GString) message = g_string_new(NULL);
        for (gint32 left = g_rand_int_range(random, 0, 40); left > 0; left--) {
            static const char *const pieces[] = {"\r\n", ".", "x", "\n", "\r", "\r\n."};
            g_string_append(message, pieces[g_rand_int_range(random, 0, 6)]);
            /* In every other round text that is looked at many octets at a time. */
            gint32 plain = round % 2 == 0 ? 0 : g_rand_int_range(random, 0, 90);
            g_string_append_printf(message, "%.*s", plain, LONG_LINE);
        }
        ByteBuffer wire;
        byte_buffer_init(&wire, 8000);
        assert_true(dot_stuff(byte_span(message->str, message->len), &wire));
        assert_true(byte_buffer_append_string(&wire, "QUIT"));
        bool is_whole = message->len == 0 || g_str_has_suffix(message->str, "\r\n");
        g_string_append(message, is_whole ? "" : "\r\n");
        Seen seen;
        unstuff(byte_buffer_span(&wire), false, (gsize)g_rand_int_range(random, 1, 1500), &seen);
        assert_string_equal(seen.message->str, message->str);
        assert_string_equal(seen.rest->str, "QUIT");
        forget(&seen);
        byte_buffer_clear(&wire);
    }
}

static void stuffing_gives_the_same_in_any_split(void **state)
{
    (void)state;
    ByteSpan message = BYTE_SPAN_LITERAL(".a\r\n..b\r\nc.\r\n\r\n.\r\n.\n.\r.");
    const char *expected = "..a\r\n...b\r\nc.\r\n\r\n..\r\n..\n.\r.";
    for (gsize piece_length = 1; piece_length <= message.length; piece_length++) {
        g_autoptr(GString) wire = g_string_new(NULL);
        DotStuffer stuffer;
        dot_stuffer_init(&stuffer);
        for (gsize at = 0; at < message.length; at += piece_length) {
            ByteSpan piece = byte_span_slice(message, at, piece_length);
            for (ByteSpan octets; dot_stuffer_next(&stuffer, &piece, &octets);) {
                append_visibly(wire, octets);
            }
        }
        assert_string_equal(wire->str, expected);
        assert_span(dot_stuffer_end(&stuffer), "\r\n.\r\n");
    }
}

static void stuffing_that_does_not_fit_changes_nothing(void **state)
{
    (void)state;
    ByteBuffer wire;
    byte_buffer_init(&wire, 8);
    assert_true(byte_buffer_append_string(&wire, "ab"));
    assert_false(dot_stuff(BYTE_SPAN_LITERAL("a\r\n.\r\n"), &wire));
    assert_span(byte_buffer_span(&wire), "ab");
    assert_true(dot_stuff(BYTE_SPAN_LITERAL("a\r\n"), &wire));
    assert_span(byte_buffer_span(&wire), "aba\r\n.\r\n");
    byte_buffer_clear(&wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_split_gives_the_same_message),
        cmocka_unit_test(long_text_changes_nothing),
        cmocka_unit_test(plain_text_is_lent_in_one_run),
        cmocka_unit_test(a_gap_ends_the_start_of_a_line),
        cmocka_unit_test(fits_in_a_stream),
        cmocka_unit_test(stuffing_is_undone_by_unstuffing),
        cmocka_unit_test(stuffing_gives_the_same_in_any_split),
        cmocka_unit_test(stuffing_that_does_not_fit_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
