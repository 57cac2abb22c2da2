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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_empty_spans),
        cmocka_unit_test(test_nesting_puts_commas_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
