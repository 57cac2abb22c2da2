#include "tests/support/test.h"

#include "protocol/address/punycode.h"

typedef struct {
    const char *unicode;
    const char *encoded;
} Pair;

/* The last four are samples of RFC 3492 §7.1. */
static const Pair pairs[] = {
    {"cr\xc3\xaapes", "crpes-isa"},
    {"b\xc3\xbc"
     "cher",
     "bcher-kva"},
    {"\xe4\xbe\x8b", "fsq"},
    {"\xe4\xbb\x96\xe4\xbb\xac\xe4\xb8\xba\xe4\xbb\x80\xe4\xb9\x88\xe4\xb8\x8d\xe8\xaf\xb4\xe4\xb8"
     "\xad\xe6\x96\x87",
     "ihqwcrb4cv8a8dqg056pqjye"},
    {"3\xe5\xb9\xb4"
     "b\xe7\xb5\x84\xe9\x87\x91\xe5\x85\xab\xe5\x85\x88\xe7\x94\x9f",
     "3b-ww4c5e180e575a65lsy2b"},
    {"\xe3\x81\x9d\xe3\x81\xae\xe3\x82\xb9\xe3\x83\x94\xe3\x83\xbc\xe3\x83\x89\xe3\x81\xa7",
     "d9juau41awczczp"},
    {"-> $1.00 <-", "-> $1.00 <--"},
};

static void known_labels_go_both_ways(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        char encoded[64];
        gunichar decoded[64];
        glong n_points = 0;
        g_autofree gunichar *points = g_utf8_to_ucs4(pairs[i].unicode, -1, NULL, &n_points, NULL);
        gssize length = punycode_encode(points, (gsize)n_points, encoded, sizeof encoded);
        assert_span(byte_span(encoded, (gsize)length), pairs[i].encoded);
        gssize back = punycode_decode(byte_span_from_string(pairs[i].encoded), decoded, 64);
        assert_int_equal(back, n_points);
        assert_memory_equal(decoded, points, (gsize)n_points * sizeof *points);
        assert_int_equal(punycode_encode(points, (gsize)n_points, encoded, (gsize)length - 1), -1);
    }
}

static void what_is_no_punycode_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"99999999", "ab-\xc3\xa9", "a-!"};
    gunichar decoded[64];
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        assert_int_equal(punycode_decode(byte_span_from_string(wrong[i]), decoded, 64), -1);
    }
    assert_int_equal(punycode_decode(BYTE_SPAN_LITERAL("bcher-kva"), decoded, 5), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_labels_go_both_ways),
        cmocka_unit_test(what_is_no_punycode_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
