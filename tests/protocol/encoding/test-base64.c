#include "tests/support/test.h"

#include "protocol/encoding/base64.h"

#define ROOM 200000

typedef struct {
    const char *octets;
    const char *text;
} Pair;

/* RFC 4648 §10, and the words of the lecture. */
static const Pair pairs[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {"Man", "TWFu"},
    {"Lev!", "TGV2IQ=="},
    {"\xfb\xff\xbf", "+/+/"},
};

static void encodes_and_decodes_known_pairs(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        ByteBuffer out;
        byte_buffer_init(&out, ROOM);
        ByteSpan octets = byte_span_from_string(pairs[i].octets);
        assert_true(base64_encode(octets, &out));
        assert_span(byte_buffer_span(&out), pairs[i].text);
        assert_int_equal(base64_encoded_length(octets.length), byte_buffer_length(&out));
        byte_buffer_reset(&out);
        assert_true(base64_decode(byte_span_from_string(pairs[i].text), &out, NULL));
        assert_span(byte_buffer_span(&out), pairs[i].octets);
        byte_buffer_clear(&out);
    }
}

static void the_alphabet_is_its_own_inverse(void **state)
{
    (void)state;
    int known = 0;
    for (int octet = 0; octet < 256; octet++) {
        int sextet = base64_sextet((guint8)octet);
        if (sextet >= 0) {
            known++;
            assert_int_equal(base64_letter((guint)sextet), octet);
        }
    }
    assert_int_equal(known, 64);
}

typedef struct {
    const char *text;
    gsize text_length;
    Base64Mode mode;
    const char *decoded;
    Base64Fault fault;
    guint64 position;
} DecodeCase;

#define TEXT(literal) .text = (literal), .text_length = sizeof(literal) - 1

static const DecodeCase cases[] = {
    {TEXT("TGV2IQ=="), BASE64_STRICT, "Lev!", BASE64_FAULT_NONE, 0},
    {TEXT("TGV2IR=="), BASE64_STRICT, "Lev!", BASE64_FAULT_NONE, 0},
    {TEXT("TGV2IR=="), BASE64_CANONICAL, "Lev", BASE64_FAULT_STRAY_BITS, 5},
    {TEXT("TGV2IQ=="), BASE64_CANONICAL, "Lev!", BASE64_FAULT_NONE, 0},
    {TEXT("Zm9="), BASE64_CANONICAL, "", BASE64_FAULT_STRAY_BITS, 2},
    {TEXT("TGV2\r\nIQ=="), BASE64_STRICT, "Lev", BASE64_FAULT_CHARACTER, 4},
    {TEXT("TG V2"), BASE64_STRICT, "", BASE64_FAULT_CHARACTER, 2},
    {TEXT("TGV2IQ="), BASE64_STRICT, "Lev", BASE64_FAULT_CUT, 7},
    {TEXT("TGV2IQ"), BASE64_STRICT, "Lev", BASE64_FAULT_CUT, 6},
    {TEXT("TGV2I"), BASE64_STRICT, "Lev", BASE64_FAULT_CUT, 5},
    {TEXT("TGV2I==="), BASE64_STRICT, "Lev", BASE64_FAULT_EARLY_PADDING, 5},
    {TEXT("===="), BASE64_STRICT, "", BASE64_FAULT_EARLY_PADDING, 0},
    {TEXT("TGV2IQ===="), BASE64_STRICT, "Lev!", BASE64_FAULT_AFTER_PADDING, 8},
    {TEXT("TGV2IQ==TGV2"), BASE64_STRICT, "Lev!", BASE64_FAULT_AFTER_PADDING, 8},
    {TEXT("TGV2IQ=Q"), BASE64_STRICT, "Lev", BASE64_FAULT_AFTER_PADDING, 7},
    {TEXT("TGV\0"), BASE64_STRICT, "", BASE64_FAULT_CHARACTER, 3},
    {TEXT("TGV2\xc3\xa4"), BASE64_STRICT, "Lev", BASE64_FAULT_CHARACTER, 4},
    {TEXT("TGV2-_=="), BASE64_STRICT, "Lev", BASE64_FAULT_CHARACTER, 4},
    {TEXT("TGV2\r\nIQ==\r\n"), BASE64_MIME, "Lev!", BASE64_FAULT_NONE, 0},
    {TEXT(" T\tG V 2 I Q = = "), BASE64_MIME, "Lev!", BASE64_FAULT_NONE, 0},
    {TEXT("TG*V2IQ=="), BASE64_MIME, "Lev!", BASE64_FAULT_CHARACTER, 2},
    {TEXT("TGV2IQ"), BASE64_MIME, "Lev!", BASE64_FAULT_CUT, 6},
    {TEXT("TGV2IQ="), BASE64_MIME, "Lev!", BASE64_FAULT_CUT, 7},
    {TEXT("TGV2I"), BASE64_MIME, "Lev", BASE64_FAULT_CUT, 5},
    {TEXT("TGV2IQ==\r\nTGV2"), BASE64_MIME, "Lev!", BASE64_FAULT_AFTER_PADDING, 10},
    {TEXT("TGV2IR=="), BASE64_MIME, "Lev!", BASE64_FAULT_STRAY_BITS, 5},
    {TEXT("=TGV2"), BASE64_MIME, "Lev", BASE64_FAULT_EARLY_PADDING, 0},
    {TEXT("TGV2IQ=Qmm"), BASE64_MIME, "Lev!\x04\x26", BASE64_FAULT_AFTER_PADDING, 7},
};

static void run_case(const DecodeCase *row, gsize piece_length)
{
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    ByteBuffer out;
    byte_buffer_init(&out, ROOM);
    Base64Decoder decoder;
    base64_decoder_init(&decoder, row->mode);
    bool goes_on = true;
    for (gsize at = 0; at < row->text_length && goes_on; at += piece_length) {
        gsize length = MIN(piece_length, row->text_length - at);
        goes_on = base64_decoder_feed(&decoder, unterminated(row->text + at, length, keep), &out);
    }
    goes_on = goes_on && base64_decoder_finish(&decoder, &out);
    assert_int_equal(goes_on, row->mode == BASE64_MIME || row->fault == BASE64_FAULT_NONE);
    assert_span(byte_buffer_span(&out), row->decoded);
    assert_int_equal(decoder.fault, row->fault);
    assert_int_equal(decoder.fault_position, row->position);
    byte_buffer_clear(&out);
}

static void any_split_decodes_the_same(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (gsize piece_length = 1; piece_length <= cases[i].text_length; piece_length++) {
            run_case(&cases[i], piece_length);
        }
    }
}

static void whole_texts_decode_as_strictly(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        if (cases[i].mode != BASE64_STRICT) {
            continue;
        }
        bool is_right = cases[i].fault == BASE64_FAULT_NONE;
        ByteSpan text = unterminated(cases[i].text, cases[i].text_length, keep);
        gsize bad = 99;
        ByteBuffer out;
        byte_buffer_init(&out, ROOM);
        assert_true(byte_buffer_append_string(&out, "x"));
        assert_int_equal(base64_decode(text, &out, &bad), is_right);
        assert_int_equal(bad, is_right ? 99 : cases[i].position);
        assert_int_equal(byte_buffer_length(&out), 1 + (is_right ? strlen(cases[i].decoded) : 0));
        byte_buffer_clear(&out);
        bad = 99;
        gsize capacity = base64_decoded_maximum(text.length);
        guint8 *block = (guint8 *)unterminated(cases[i].text, capacity, keep).data;
        gssize length = base64_decode_to(text, block, capacity, &bad);
        assert_int_equal(length, is_right ? (gssize)strlen(cases[i].decoded) : -1);
        assert_int_equal(bad, is_right ? 99 : cases[i].position);
    }
}

static void decodes_in_place(void **state)
{
    (void)state;
    guint8 text[] = "Zm9vYmFyIGFuZCBzbyBvbg==";
    ByteSpan span = byte_span(text, sizeof text - 1);
    gssize length = base64_decode_to(span, text, sizeof text, NULL);
    assert_span(byte_span(text, (gsize)length), "foobar and so on");
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    guint8 block[3];
    gsize bad = 0;
    assert_int_equal(base64_decode_to(BYTE_SPAN_LITERAL("TGV2IQ=="), block, 3, &bad), -1);
    assert_int_equal(bad, 8);
    ByteBuffer out;
    byte_buffer_init(&out, 3);
    assert_false(base64_decode(BYTE_SPAN_LITERAL("TGV2IQ=="), &out, &bad));
    assert_false(base64_encode(BYTE_SPAN_LITERAL("a"), &out));
    assert_int_equal(byte_buffer_length(&out), 0);
    byte_buffer_clear(&out);
}

static void lines_are_as_long_as_asked(void **state)
{
    (void)state;
    ByteBuffer out;
    byte_buffer_init(&out, ROOM);
    assert_true(base64_encode_lines(BYTE_SPAN_LITERAL("foobarfoobar"), 8, &out));
    assert_span(byte_buffer_span(&out), "Zm9vYmFy\r\nZm9vYmFy\r\n");
    byte_buffer_reset(&out);
    assert_true(base64_encode_lines(BYTE_SPAN_LITERAL("foobar!"), 5, &out));
    assert_span(byte_buffer_span(&out), "Zm9vY\r\nmFyIQ\r\n==\r\n");
    byte_buffer_reset(&out);
    assert_true(base64_encode_lines(BYTE_SPAN_EMPTY, 76, &out));
    assert_int_equal(byte_buffer_length(&out), 0);
    byte_buffer_clear(&out);
}

static void random_octets_come_back(void **state)
{
    (void)state;
    g_autoptr(GRand) random = g_rand_new_with_seed(4648);
    for (gsize length = 0; length < 20000; length += length / 3 + 1) {
        g_autofree guint8 *octets = g_malloc(length + 1);
        for (gsize i = 0; i < length; i++) {
            octets[i] = (guint8)g_rand_int(random);
        }
        ByteSpan span = byte_span(octets, length);
        ByteBuffer text;
        ByteBuffer back;
        byte_buffer_init(&text, ROOM);
        byte_buffer_init(&back, ROOM);
        assert_true(base64_encode_lines(span, BASE64_MIME_LINE, &text));
        assert_int_equal(base64_encoded_lines_length(length, 76), byte_buffer_length(&text));
        Base64Decoder decoder;
        base64_decoder_init(&decoder, BASE64_MIME);
        assert_true(base64_decoder_feed(&decoder, byte_buffer_span(&text), &back));
        assert_true(base64_decoder_finish(&decoder, &back));
        assert_int_equal(decoder.fault, BASE64_FAULT_NONE);
        assert_true(byte_span_equal(byte_buffer_span(&back), span));
        byte_buffer_clear(&text);
        byte_buffer_clear(&back);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_and_decodes_known_pairs),
        cmocka_unit_test(the_alphabet_is_its_own_inverse),
        cmocka_unit_test(any_split_decodes_the_same),
        cmocka_unit_test(whole_texts_decode_as_strictly),
        cmocka_unit_test(decodes_in_place),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(lines_are_as_long_as_asked),
        cmocka_unit_test(random_octets_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
