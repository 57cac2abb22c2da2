#include "tests/support/test.h"

#include "protocol/encoding/quoted-printable-trace.h"

#define ROOM 100000

typedef struct {
    const char *octets;
    QuotedPrintableMode mode;
    const char *text;
} EncodeCase;

#define SEVENTY "1234567890123456789012345678901234567890123456789012345678901234567890"

static const EncodeCase encode_cases[] = {
    {"", QUOTED_PRINTABLE_TEXT, ""},
    {"ketchup", QUOTED_PRINTABLE_TEXT, "ketchup"},
    {"cr\xc3\xaapes = 3", QUOTED_PRINTABLE_TEXT, "cr=C3=AApes =3D 3"},
    {"a \r\nb\t\r\n", QUOTED_PRINTABLE_TEXT, "a=20\r\nb=09\r\n"},
    {"a ", QUOTED_PRINTABLE_TEXT, "a=20"},
    {"a\r\nb", QUOTED_PRINTABLE_BINARY, "a=0D=0Ab"},
    {"a\nb\rc", QUOTED_PRINTABLE_TEXT, "a=0Ab=0Dc"},
    {SEVENTY "123456", QUOTED_PRINTABLE_TEXT, SEVENTY "123456"},
    {SEVENTY "1234567", QUOTED_PRINTABLE_TEXT, SEVENTY "12345=\r\n67"},
    {SEVENTY "123456\r\nx", QUOTED_PRINTABLE_TEXT, SEVENTY "123456\r\nx"},
    {SEVENTY "123\xc3\xaa", QUOTED_PRINTABLE_TEXT, SEVENTY "123=\r\n=C3=AA"},
    {SEVENTY "12345 \r\n", QUOTED_PRINTABLE_TEXT, SEVENTY "12345=\r\n=20\r\n"},
    {SEVENTY "123 x56", QUOTED_PRINTABLE_TEXT, SEVENTY "123 x=\r\n56"},
};

static void encodes_by_the_five_rules(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(encode_cases); i++) {
        ByteBuffer out;
        byte_buffer_init(&out, ROOM);
        ByteSpan octets = byte_span_from_string(encode_cases[i].octets);
        assert_true(quoted_printable_encode(octets, encode_cases[i].mode, &out));
        assert_span(byte_buffer_span(&out), encode_cases[i].text);
        ByteBuffer back;
        byte_buffer_init(&back, ROOM);
        assert_true(quoted_printable_decode(byte_buffer_span(&out), &back, NULL));
        assert_true(byte_span_equal(byte_buffer_span(&back), octets));
        byte_buffer_clear(&back);
        byte_buffer_clear(&out);
    }
}

typedef struct {
    const char *text;
    const char *octets;
    QuotedPrintableFault fault;
    guint64 position;
} DecodeCase;

static const DecodeCase decode_cases[] = {
    {"a=3Db", "a=b", QUOTED_PRINTABLE_FAULT_NONE, 0},
    {"a=\r\nb", "ab", QUOTED_PRINTABLE_FAULT_NONE, 0},
    {"a \t=\r\nb", "a \tb", QUOTED_PRINTABLE_FAULT_NONE, 0},
    {"a= \t\r\nb", "ab", QUOTED_PRINTABLE_FAULT_SPACE, 2},
    {"a  \r\nb", "a\r\nb", QUOTED_PRINTABLE_FAULT_SPACE, 1},
    {"a  ", "a", QUOTED_PRINTABLE_FAULT_SPACE, 1},
    {"a \t b", "a \t b", QUOTED_PRINTABLE_FAULT_NONE, 0},
    {"=c3=Aa", "\xc3\xaa", QUOTED_PRINTABLE_FAULT_SMALL_HEX, 1},
    {"a=xb", "a=xb", QUOTED_PRINTABLE_FAULT_NOT_HEX, 2},
    {"a=4xb", "a=4xb", QUOTED_PRINTABLE_FAULT_NOT_HEX, 3},
    {"a==3D", "a==", QUOTED_PRINTABLE_FAULT_NOT_HEX, 2},
    {"a= b", "a= b", QUOTED_PRINTABLE_FAULT_NOT_HEX, 3},
    {"a=\rb", "a=\rb", QUOTED_PRINTABLE_FAULT_NOT_HEX, 3},
    {"a=", "a", QUOTED_PRINTABLE_FAULT_CUT, 2},
    {"a=4", "a=4", QUOTED_PRINTABLE_FAULT_CUT, 3},
    {"a\nb", "a\nb", QUOTED_PRINTABLE_FAULT_LINE_END, 1},
    {"a=\nb", "ab", QUOTED_PRINTABLE_FAULT_LINE_END, 2},
    {"a\rb", "a\rb", QUOTED_PRINTABLE_FAULT_LINE_END, 1},
    {"a\r", "a\r", QUOTED_PRINTABLE_FAULT_LINE_END, 1},
    {"a \r\r\n", "a \r\r\n", QUOTED_PRINTABLE_FAULT_LINE_END, 2},
    {"a\x01", "a\x01", QUOTED_PRINTABLE_FAULT_CHARACTER, 1},
    {"\xc3\xaa", "\xc3\xaa", QUOTED_PRINTABLE_FAULT_CHARACTER, 0},
    {SEVENTY "1234567", SEVENTY "1234567", QUOTED_PRINTABLE_FAULT_LONG_LINE, 76},
    {SEVENTY "12345=\r\n", SEVENTY "12345", QUOTED_PRINTABLE_FAULT_NONE, 0},
    {SEVENTY SEVENTY "\r\nx=C3", SEVENTY SEVENTY "\r\nx\xc3", QUOTED_PRINTABLE_FAULT_LONG_LINE, 76},
};

static void run_case(const DecodeCase *row, gsize piece_length)
{
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    gsize text_length = strlen(row->text);
    QuotedPrintableDecoder decoder;
    ByteBuffer out;
    byte_buffer_init(&out, ROOM);
    quoted_printable_decoder_init(&decoder);
    for (gsize at = 0; at < text_length; at += piece_length) {
        gsize length = MIN(piece_length, text_length - at);
        ByteSpan piece = unterminated(row->text + at, length, keep);
        assert_true(quoted_printable_decoder_feed(&decoder, piece, &out));
    }
    assert_true(quoted_printable_decoder_finish(&decoder, &out));
    assert_span(byte_buffer_span(&out), row->octets);
    assert_int_equal(decoder.fault, row->fault);
    assert_int_equal(decoder.fault_position, row->position);
    byte_buffer_clear(&out);
}

static void any_split_decodes_the_same(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(decode_cases); i++) {
        for (gsize piece_length = 1; piece_length <= strlen(decode_cases[i].text); piece_length++) {
            run_case(&decode_cases[i], piece_length);
        }
    }
}

static void strict_decoding_names_the_place(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(decode_cases); i++) {
        gsize bad = 999;
        ByteBuffer out;
        byte_buffer_init(&out, ROOM);
        bool is_right = decode_cases[i].fault == QUOTED_PRINTABLE_FAULT_NONE;
        ByteSpan text = byte_span_from_string(decode_cases[i].text);
        assert_int_equal(quoted_printable_decode(text, &out, &bad), is_right);
        assert_int_equal(bad, is_right ? 999 : decode_cases[i].position);
        assert_int_equal(byte_buffer_length(&out), is_right ? strlen(decode_cases[i].octets) : 0);
        byte_buffer_clear(&out);
    }
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    gsize bad = 0;
    ByteBuffer out;
    byte_buffer_init(&out, 3);
    assert_false(quoted_printable_decode(BYTE_SPAN_LITERAL("abcd"), &out, &bad));
    assert_int_equal(bad, 4);
    assert_false(quoted_printable_encode(BYTE_SPAN_LITERAL("ab="), QUOTED_PRINTABLE_TEXT, &out));
    assert_int_equal(byte_buffer_length(&out), 0);
    byte_buffer_clear(&out);
}

/* Any octets come back, no line is over 76, in any mode and any split. */
static void random_octets_come_back(void **state)
{
    (void)state;
    g_autoptr(GRand) random = g_rand_new_with_seed(2045);
    static const char *const pieces[] = {" ", "\t", "=", "\r\n", "\n", "\r", "x", "\xff", "word"};
    for (int round = 0; round < 2000; round++) {
        g_autoptr(GString) octets = g_string_new(NULL);
        for (gint32 left = g_rand_int_range(random, 0, 200); left > 0; left--) {
            g_string_append(octets, pieces[g_rand_int_range(random, 0, G_N_ELEMENTS(pieces))]);
        }
        ByteSpan span = byte_span(octets->str, octets->len);
        ByteBuffer text;
        ByteBuffer back;
        byte_buffer_init(&text, ROOM);
        byte_buffer_init(&back, ROOM);
        assert_true(quoted_printable_encode(
            span, round % 2 ? QUOTED_PRINTABLE_TEXT : QUOTED_PRINTABLE_BINARY, &text
        ));
        gsize bad = 0;
        assert_true(quoted_printable_decode(byte_buffer_span(&text), &back, &bad));
        assert_true(byte_span_equal(byte_buffer_span(&back), span));
        byte_buffer_clear(&text);
        byte_buffer_clear(&back);
    }
}

static void reading_tells_each_piece(void **state)
{
    (void)state;
    ByteSpan text = BYTE_SPAN_LITERAL("a=C3= \r\n\r\n=x");
    static const QuotedPrintableReadingKind kinds[] = {
        QUOTED_PRINTABLE_READ_LITERAL,
        QUOTED_PRINTABLE_READ_ESCAPE,
        QUOTED_PRINTABLE_READ_SOFT_BREAK,
        QUOTED_PRINTABLE_READ_LINE_BREAK,
        QUOTED_PRINTABLE_READ_WRONG,
        QUOTED_PRINTABLE_READ_LITERAL,
    };
    QuotedPrintableReading reading;
    gsize n_readings = 0;
    while (quoted_printable_read_next(&text, &reading)) {
        assert_int_equal(reading.kind, kinds[n_readings++]);
    }
    assert_int_equal(n_readings, G_N_ELEMENTS(kinds));
}

static void each_step_has_its_rule(void **state)
{
    (void)state;
    QuotedPrintableTrace trace;
    QuotedPrintableStep step;
    GString *rules = g_string_new(NULL);
    quoted_printable_trace_init(
        &trace, BYTE_SPAN_LITERAL("a =\xc3 \r\n" SEVENTY "1234567"), QUOTED_PRINTABLE_TEXT
    );
    while (quoted_printable_trace_next(&trace, &step)) {
        if (step.offset < 7 || step.kind == QUOTED_PRINTABLE_STEP_SOFT_BREAK) {
            g_string_append_printf(rules, "%u", quoted_printable_step_rule(step.kind));
        }
    }
    assert_string_equal(rules->str, "2311345");
    g_string_free(rules, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_by_the_five_rules),
        cmocka_unit_test(any_split_decodes_the_same),
        cmocka_unit_test(strict_decoding_names_the_place),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(random_octets_come_back),
        cmocka_unit_test(reading_tells_each_piece),
        cmocka_unit_test(each_step_has_its_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
