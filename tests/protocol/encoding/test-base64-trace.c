#include "tests/support/test.h"

#include "protocol/encoding/base64-trace.h"

static void the_table_of_the_lecture(void **state)
{
    (void)state;
    Base64Group group = base64_group(BYTE_SPAN_LITERAL("Man"), 0);
    static const guint8 octets[] = {77, 97, 110};
    static const guint8 sextets[] = {19, 22, 5, 46};
    static const char *const bits[] = {"010011", "010110", "000101", "101110"};
    assert_memory_equal(group.octets, octets, 3);
    assert_memory_equal(group.sextets, sextets, 4);
    assert_string_equal(group.letters, "TWFu");
    for (int i = 0; i < 4; i++) {
        char text[7];
        base64_sextet_bits(group.sextets[i], text);
        assert_string_equal(text, bits[i]);
    }
    char text[9];
    base64_octet_bits(77, text);
    assert_string_equal(text, "01001101");
}

static void the_last_group_is_filled_and_padded(void **state)
{
    (void)state;
    assert_int_equal(base64_group_count(4), 2);
    Base64Group group = base64_group(BYTE_SPAN_LITERAL("Lev!"), 1);
    assert_string_equal(group.letters, "IQ==");
    assert_int_equal(group.octet_offset, 3);
    assert_int_equal(group.letter_offset, 4);
    assert_int_equal(group.n_octets, 1);
    assert_int_equal(group.n_sextets, 2);
    assert_int_equal(group.n_fill_bits, 4);
    assert_int_equal(group.n_pads, 2);
    assert_int_equal(group.sextets[1], 16);
    group = base64_group(BYTE_SPAN_LITERAL("Le"), 0);
    assert_string_equal(group.letters, "TGU=");
    assert_int_equal(group.n_fill_bits, 2);
    assert_int_equal(base64_group_count(0), 0);
}

static void groups_are_what_the_encoder_writes(void **state)
{
    (void)state;
    guint8 octets[200];
    for (gsize i = 0; i < sizeof octets; i++) {
        octets[i] = (guint8)(i * 37 + i / 7);
    }
    for (gsize length = 0; length <= sizeof octets; length++) {
        g_autoptr(GString) letters = g_string_new(NULL);
        ByteSpan span = byte_span(octets, length);
        for (gsize i = 0; i < base64_group_count(length); i++) {
            g_string_append(letters, base64_group(span, i).letters);
        }
        ByteBuffer out;
        byte_buffer_init(&out, 400);
        assert_true(base64_encode(span, &out));
        assert_span(byte_buffer_span(&out), letters->str);
        byte_buffer_clear(&out);
    }
}

typedef struct {
    const char *text;
    Base64Mode mode;
    const char *octets;
    gsize n_groups;
    Base64Fault fault;
    gsize position;
} ReadCase;

static const ReadCase cases[] = {
    {"TGV2IQ==", BASE64_CANONICAL, "Lev!", 2, BASE64_FAULT_NONE, 0},
    {"", BASE64_CANONICAL, "", 0, BASE64_FAULT_NONE, 0},
    {"TGV2IR==", BASE64_CANONICAL, "Lev!", 2, BASE64_FAULT_STRAY_BITS, 5},
    {"TGV2IQ", BASE64_CANONICAL, "Lev!", 2, BASE64_FAULT_CUT, 6},
    {"TGV2I", BASE64_CANONICAL, "Lev", 2, BASE64_FAULT_CUT, 5},
    {"TG-2IQ==", BASE64_CANONICAL, "L", 1, BASE64_FAULT_CHARACTER, 2},
    {"-", BASE64_CANONICAL, "", 0, BASE64_FAULT_CHARACTER, 0},
    {"TGV2I===", BASE64_CANONICAL, "Lev", 2, BASE64_FAULT_EARLY_PADDING, 5},
    {"TGV2IQ==TGV2", BASE64_CANONICAL, "Lev!", 2, BASE64_FAULT_AFTER_PADDING, 8},
    {"TGV2IQ=Q", BASE64_CANONICAL, "Lev!", 2, BASE64_FAULT_AFTER_PADDING, 7},
    {"TGV2\r\nIQ==\r\n", BASE64_MIME, "Lev!", 2, BASE64_FAULT_NONE, 0},
    {"TGV2\r\nIQ==", BASE64_CANONICAL, "Lev", 1, BASE64_FAULT_CHARACTER, 4},
};

static void reading_goes_to_the_first_fault(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const ReadCase *row = &cases[i];
        g_autoptr(GString) octets = g_string_new(NULL);
        Base64Reader reader;
        Base64Reading reading;
        gsize n_groups = 0;
        base64_reader_init(&reader, unterminated(row->text, strlen(row->text), keep), row->mode);
        while (base64_reader_next(&reader, &reading)) {
            g_string_append_len(octets, (const char *)reading.group.octets, reading.group.n_octets);
            n_groups++;
        }
        assert_string_equal(octets->str, row->octets);
        assert_int_equal(n_groups, row->n_groups);
        assert_int_equal(reader.fault, row->fault);
        assert_int_equal(reader.fault_position, row->position);
    }
}

/* The reader for people and the decoder for machines must not disagree. */
static void the_reader_agrees_with_the_decoder(void **state)
{
    (void)state;
    static const char letters[] = "AQgw/+9=-\n";
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    for (int round = 0; round < 20000; round++) {
        guint8 text[13];
        gsize length = (gsize)g_rand_int_range(random, 0, sizeof text);
        for (gsize i = 0; i < length; i++) {
            text[i] = (guint8)letters[g_rand_int_range(random, 0, sizeof letters - 1)];
        }
        Base64Decoder decoder;
        ByteBuffer out;
        byte_buffer_init(&out, 100);
        base64_decoder_init(&decoder, BASE64_CANONICAL);
        if (base64_decoder_feed(&decoder, byte_span(text, length), &out)) {
            base64_decoder_finish(&decoder, &out);
        }
        byte_buffer_clear(&out);
        Base64Reader reader;
        Base64Reading reading;
        base64_reader_init(&reader, byte_span(text, length), BASE64_CANONICAL);
        while (base64_reader_next(&reader, &reading)) {
        }
        assert_int_equal(reader.fault, decoder.fault);
        assert_int_equal(reader.fault_position, decoder.fault_position);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_of_the_lecture),
        cmocka_unit_test(the_last_group_is_filled_and_padded),
        cmocka_unit_test(groups_are_what_the_encoder_writes),
        cmocka_unit_test(reading_goes_to_the_first_fault),
        cmocka_unit_test(the_reader_agrees_with_the_decoder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
