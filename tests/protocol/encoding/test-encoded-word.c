#include "tests/support/test.h"

#include "protocol/encoding/encoded-word.h"

typedef struct {
    const char *field;
    const char *shown;
} DecodeCase;

/* RFC 2047 §8 among them. */
static const DecodeCase decode_cases[] = {
    {"plain", "plain"},
    {"", ""},
    {"=?UTF-8?Q?cr=C3=AApes?=", "cr\xc3\xaapes"},
    {"=?utf-8?b?Y3LDqnBlcw==?=", "cr\xc3\xaapes"},
    {"=?ISO-8859-1?Q?Andr=E9?= Pirard", "Andr\xc3\xa9 Pirard"},
    {"=?ISO-8859-1?Q?a?=", "a"},
    {"=?ISO-8859-1?Q?a?= b", "a b"},
    {"=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"},
    {"=?ISO-8859-1?Q?a?=  \r\n  =?ISO-8859-1?Q?b?=", "ab"},
    {"=?ISO-8859-1?Q?a_b?=", "a b"},
    {"=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a b"},
    {"=?US-ASCII*EN?Q?Keith_Moore?=", "Keith Moore"},
    {"=?x-unknown?Q?a?= =?x-unknown?Q?b?=", "=?x-unknown?Q?a?= =?x-unknown?Q?b?="},
    {"=?UTF-8?X?a?=", "=?UTF-8?X?a?="},
    {"=?UTF-8?Q?a", "=?UTF-8?Q?a"},
    {"=?UTF-8?Q?=C3?=", "\xef\xbf\xbd"},
    {"=?iso-2022-jp?B?GyRCOnc9fRsoQg==?=", "\xe7\xb4\xa2\xe5\x82\xb7"},
    {"a =?=?UTF-8?Q?b?=", "a =?b"},
};

static void fields_are_shown_as_meant(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(decode_cases); i++) {
        const char *field = decode_cases[i].field;
        g_autofree char *shown = encoded_words_decode(unterminated(field, strlen(field), keep));
        assert_string_equal(shown, decode_cases[i].shown);
    }
}

typedef struct {
    const char *word;
    bool is_word;
    EncodedWordFault fault;
    gsize position;
} FaultCase;

static const FaultCase fault_cases[] = {
    {"=?UTF-8?Q?a?=", true, ENCODED_WORD_FAULT_NONE, 0},
    {"UTF-8", false, ENCODED_WORD_FAULT_NOT_ONE, 0},
    {"=?", false, ENCODED_WORD_FAULT_NOT_CLOSED, 2},
    {"=?"
     "?Q?a?=",
     false,
     ENCODED_WORD_FAULT_CHARSET,
     2},
    {"=?U F?Q?a?=", false, ENCODED_WORD_FAULT_CHARSET, 3},
    {"=?UTF-8?X?a?=", false, ENCODED_WORD_FAULT_ENCODING, 8},
    {"=?UTF-8?Q?a b?=", true, ENCODED_WORD_FAULT_SPACE, 11},
    {"=?UTF-8?Q?a?b?=", true, ENCODED_WORD_FAULT_CHARACTER, 11},
    {"=?UTF-8?Q?\xc3?=", true, ENCODED_WORD_FAULT_CHARACTER, 10},
    {"=?UTF-8?Q?"
     "?=",
     true,
     ENCODED_WORD_FAULT_EMPTY,
     10},
    {"=?UTF-8?Q?a=?=", true, ENCODED_WORD_FAULT_HEX, 11},
    {"=?UTF-8?B?Y3J?=", true, ENCODED_WORD_FAULT_BASE64, 13},
    {"=?UTF-8?B?Y3*J?=", true, ENCODED_WORD_FAULT_BASE64, 12},
    {"=?UTF-8?Q?a", false, ENCODED_WORD_FAULT_NOT_CLOSED, 11},
    {"=?UTF-8?Q?a\r\n?=", false, ENCODED_WORD_FAULT_NOT_CLOSED, 11},
    {"=?UTF-8?Q?123456789012345678901234567890123456789012345678901234567890123?=",
     true,
     ENCODED_WORD_FAULT_NONE,
     0},
    {"=?UTF-8?Q?1234567890123456789012345678901234567890123456789012345678901234?=",
     true,
     ENCODED_WORD_FAULT_TOO_LONG,
     75},
};

static void faults_are_named_with_their_place(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(fault_cases); i++) {
        const FaultCase *row = &fault_cases[i];
        EncodedWord word;
        ByteBuffer out;
        byte_buffer_init(&out, 200);
        bool is_word = encoded_word_parse(unterminated(row->word, strlen(row->word), keep), &word);
        assert_int_equal(is_word, row->is_word);
        if (is_word) {
            assert_true(encoded_word_octets(&word, &out));
        }
        assert_int_equal(word.fault, row->fault);
        assert_int_equal(word.fault_position, row->position);
        byte_buffer_clear(&out);
    }
}

static void written_words_are_short_and_come_back(void **state)
{
    (void)state;
    static const char *const charsets[] = {NULL, "ISO-8859-1", "UTF-8"};
    g_autoptr(GRand) random = g_rand_new_with_seed(2047);
    for (int round = 0; round < 600; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (gint32 left = g_rand_int_range(random, 1, 120); left > 0; left--) {
            static const char *const letters[] = {"a", " ", "\xc3\xaa", "=", "?", "_", "\"", "B"};
            g_string_append(text, letters[g_rand_int_range(random, 0, 8)]);
        }
        ByteBuffer out;
        byte_buffer_init(&out, 10000);
        ByteSpan utf8 = byte_span(text->str, text->len);
        assert_true(encoded_words_encode(
            utf8, charsets[round % 3], (EncodedWordEncoding)(round / 3 % 3), &out
        ));
        g_autofree char *back = encoded_words_decode(byte_buffer_span(&out));
        assert_string_equal(back, text->str);
        EncodedWord word;
        gsize at = 0;
        while (encoded_word_find(byte_buffer_span(&out), at, &word)) {
            assert_int_equal(word.fault, ENCODED_WORD_FAULT_NONE);
            at = (gsize)(word.whole.data - byte_buffer_span(&out).data) + word.whole.length;
        }
        byte_buffer_clear(&out);
    }
}

static void what_cannot_be_written_is_refused(void **state)
{
    (void)state;
    ByteBuffer out;
    byte_buffer_init(&out, 30);
    assert_false(encoded_words_encode(BYTE_SPAN_LITERAL("\xff"), NULL, ENCODED_WORD_Q, &out));
    assert_false(
        encoded_words_encode(BYTE_SPAN_LITERAL("\xe4\xbe\x8b"), "ISO-8859-1", ENCODED_WORD_Q, &out)
    );
    assert_false(encoded_words_encode(
        BYTE_SPAN_LITERAL("0123456789012345678901234567890"), NULL, ENCODED_WORD_Q, &out
    ));
    assert_int_equal(byte_buffer_length(&out), 0);
    byte_buffer_clear(&out);
}

/* A header of nothing but openings must not take the square of its length. */
static void openings_without_end_cost_little(void **state)
{
    (void)state;
    g_autoptr(GString) field = g_string_new(NULL);
    while (field->len < 400000) {
        g_string_append(field, "=?a?q?x");
    }
    gint64 start = g_get_monotonic_time();
    g_autofree char *shown = encoded_words_decode(byte_span(field->str, field->len));
    assert_string_equal(shown, field->str);
    assert_true(g_get_monotonic_time() - start < 5 * G_USEC_PER_SEC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_shown_as_meant),
        cmocka_unit_test(faults_are_named_with_their_place),
        cmocka_unit_test(written_words_are_short_and_come_back),
        cmocka_unit_test(what_cannot_be_written_is_refused),
        cmocka_unit_test(openings_without_end_cost_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
