#include "tests/support/test.h"

#include "ui/report/json-line.h"

static void assert_text(const char *octets, gsize length, const char *expected)
{
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    JsonLine line;
    json_line_init(&line);
    json_line_begin(&line, "t");
    json_line_span(&line, "text", unterminated(octets, length, keep));
    g_autofree char *whole = g_strdup_printf("{\"type\":\"t\",\"text\":\"%s\"", expected);
    assert_string_equal(line.text->str, whole);
    json_line_clear(&line);
}

static void test_escapes(void **state)
{
    (void)state;

    static const struct {
        const char *octets;
        gsize length;
        const char *expected;
    } cases[] = {
        {"", 0, ""},
        {"MAIL FROM:<a@b>", 15, "MAIL FROM:<a@b>"},
        {"\"\\/", 3, "\\\"\\\\/"},
        {"a\r\n\tb", 5, "a\\r\\n\\tb"},
        {"\x00\x01\x1f\x7f", 4, "\\u0000\\u0001\\u001f\\u007f"},
        {"caf\xc3\xa9", 5, "caf\xc3\xa9"},
        {"caf\xe9!", 5, "caf\xef\xbf\xbd!"},
        {"\xc3", 1, "\xef\xbf\xbd"},
        {"\xc2\x85\xe2\x80\xae", 5, "\\u0085\\u202e"},
        {"\xf0\x9f\x8d\x94", 4, "\xf0\x9f\x8d\x94"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        assert_text(cases[i].octets, cases[i].length, cases[i].expected);
    }
}

/* A span of nothing has no octets to point at. */
static void test_empty_spans(void **state)
{
    (void)state;
    JsonLine line;
    json_line_init(&line);
    json_line_begin(&line, "t");
    json_line_span(&line, "nowhere", BYTE_SPAN_EMPTY);
    json_line_span(&line, "at_the_end", byte_span("x", 0));
    json_line_array_begin(&line, "many");
    json_line_span(&line, NULL, BYTE_SPAN_EMPTY);
    json_line_span(&line, NULL, byte_span_from(BYTE_SPAN_EMPTY, 1));
    json_line_array_end(&line);
    assert_string_equal(
        line.text->str, "{\"type\":\"t\",\"nowhere\":\"\",\"at_the_end\":\"\",\"many\":[\"\",\"\"]"
    );
    json_line_clear(&line);
}

static void test_nesting_puts_commas_right(void **state)
{
    (void)state;
    JsonLine line;
    json_line_init(&line);
    json_line_begin_start(&line, "rfc");
    json_line_array_begin(&line, "empty");
    json_line_array_end(&line);
    json_line_array_begin(&line, "rfc");
    for (guint i = 1; i <= 2; i++) {
        json_line_object_begin(&line, NULL);
        json_line_number(&line, "n", i);
        json_line_signed(&line, "s", -1);
        json_line_object_end(&line);
    }
    json_line_array_end(&line);
    json_line_boolean(&line, "is_secret", true);
    json_line_string(&line, "syntax", NULL);
    assert_string_equal(
        line.text->str,
        "{\"type\":\"start\",\"schema\":1,\"command\":\"rfc\",\"empty\":[],"
        "\"rfc\":[{\"n\":1,\"s\":-1},{\"n\":2,\"s\":-1}],"
        "\"is_secret\":true,\"syntax\":null"
    );
    json_line_clear(&line);
}

/* Octets are looked at in pieces of several sizes: an odd one is seen wherever it stands. */
static void test_odd_octets_are_seen_in_every_place(void **state)
{
    (void)state;

    static const struct {
        guint8 octet;
        const char *expected;
    } odd[] = {
        {'"', "\\\""},
        {'\\', "\\\\"},
        {0x1f, "\\u001f"},
        {0x00, "\\u0000"},
        {0x7f, "\\u007f"},
        {0xff, "\xef\xbf\xbd"},
        {' ', " "},
        {'~', "~"},
        {'!', "!"},
        {'#', "#"},
    };

    for (gsize length = 1; length <= 70; length++) {
        for (gsize at = 0; at < length; at++) {
            for (gsize i = 0; i < G_N_ELEMENTS(odd); i++) {
                g_autofree char *octets = g_strnfill(length, 'a');
                g_autofree char *before = g_strnfill(at, 'a');
                g_autofree char *after = g_strnfill(length - at - 1, 'a');
                g_autofree char *whole = g_strconcat(before, odd[i].expected, after, NULL);
                octets[at] = (char)odd[i].octet;
                assert_text(octets, length, whole);
            }
        }
    }
}

static void test_numbers(void **state)
{
    (void)state;
    g_autoptr(GString) expected = g_string_new("{\"type\":\"t\",\"n\":[");
    JsonLine line;
    json_line_init(&line);
    json_line_begin(&line, "t");
    json_line_array_begin(&line, "n");
    guint64 power = 1;
    for (guint digits = 1; digits <= 20; digits++, power *= 10) {
        const guint64 values[] = {power - 1, power, power + 1, G_MAXUINT64 - power};
        for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
            json_line_number(&line, NULL, values[i]);
            g_string_append_printf(expected, "%" G_GUINT64_FORMAT ",", values[i]);
        }
    }
    json_line_signed(&line, NULL, G_MININT64);
    g_string_append(expected, "-9223372036854775808");
    assert_string_equal(line.text->str, expected->str);
    json_line_clear(&line);
}

static void test_times(void **state)
{
    (void)state;

    static const struct {
        gint64 time_ns;
        const char *expected;
    } cases[] = {
        {0, "0.000000000"},
        {1, "0.000000001"},
        {-1, "-0.000000001"},
        {999999999, "0.999999999"},
        {1000000000, "1.000000000"},
        {-1000000000, "-1.000000000"},
        {1000000010, "1.000000010"},
        {1700000000123456789, "1700000000.123456789"},
        {1700000000000000000, "1700000000.000000000"},
        {G_MAXINT64, "9223372036.854775807"},
        {G_MININT64, "-9223372036.854775808"},
        {7, "0.000000007"},
    };

    JsonLine line;
    json_line_init(&line);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        json_line_begin_step(&line, "t", i, cases[i].time_ns);
        json_line_time(&line, "again", cases[i].time_ns);
        g_autofree char *whole = g_strdup_printf(
            "{\"type\":\"t\",\"step\":%" G_GSIZE_FORMAT ",\"time\":%s,\"again\":%s",
            i,
            cases[i].expected,
            cases[i].expected
        );
        assert_string_equal(line.text->str, whole);
    }
    json_line_clear(&line);
}

static void test_members_are_kept(void **state)
{
    (void)state;
    JsonLine kept;
    JsonLine line;
    json_line_init(&kept);
    json_line_init(&line);
    json_line_begin_members(&kept);
    json_line_string(&kept, "from", "a");
    json_line_string(&kept, "to", "b");
    json_line_begin(&line, "t");
    json_line_members(&line, byte_span(kept.text->str, kept.text->len));
    json_line_number(&line, "n", 1);
    assert_string_equal(line.text->str, "{\"type\":\"t\",\"from\":\"a\",\"to\":\"b\",\"n\":1");
    json_line_clear(&line);
    json_line_clear(&kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_empty_spans),
        cmocka_unit_test(test_nesting_puts_commas_right),
        cmocka_unit_test(test_odd_octets_are_seen_in_every_place),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_members_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
