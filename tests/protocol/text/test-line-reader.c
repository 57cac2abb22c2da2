#include "tests/support/test.h"

#include "protocol/text/line-reader.h"

typedef struct {
    const char *input;
    gsize input_length;
    const char *expected; /* one line each: text|end|length|flags */
} LineCase;

#define INPUT(text) .input = (text), .input_length = sizeof(text) - 1

static const LineCase cases[] = {
    {INPUT("EHLO a\r\n"), .expected = "EHLO a|crlf|8|\n"},
    {INPUT("a\nb\r\n"), .expected = "a|lf|2|\nb|crlf|3|\n"},
    {INPUT("a\rb\r\n"), .expected = "a\rb|crlf|5|cr \n"},
    {INPUT("\r\n\n"), .expected = "|crlf|2|\n|lf|1|\n"},
    {INPUT("12345678\r\n"), .expected = "12345678|crlf|10|\n"},
    {INPUT("123456789\r\n"), .expected = "12345678|crlf|11|long \n"},
    {INPUT("1234567890123\r\nx\r\n"), .expected = "12345678|crlf|15|long \nx|crlf|3|\n"},
    {INPUT("12345678\r\r\n"), .expected = "12345678|crlf|11|long \n"},
    {INPUT("a\0b\r\n"), .expected = "a.b|crlf|5|nul \n"},
    {INPUT("rest"), .expected = "rest|cut|4|\n"},
    {INPUT("a\r\nrest\r"), .expected = "a|crlf|3|\nrest\r|cut|5|cr \n"},
};

static void note(GString *seen, const Line *line)
{
    static const char *const ends[] = {"crlf", "lf", "cut"};
    for (gsize i = 0; i < line->text.length; i++) {
        g_string_append_c(seen, line->text.data[i] ? (char)line->text.data[i] : '.');
    }
    g_string_append_printf(
        seen,
        "|%s|%" G_GUINT64_FORMAT "|%s%s%s\n",
        ends[line->end],
        line->length,
        line->is_too_long ? "long " : "",
        line->has_bare_cr ? "cr " : "",
        line->has_nul ? "nul " : ""
    );
}

static void run_case(const LineCase *row, gsize piece_length)
{
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) seen = g_string_new(NULL);
    LineReader reader;
    Line line;
    line_reader_init(&reader, 8);
    for (gsize at = 0; at < row->input_length; at += piece_length) {
        gsize length = MIN(piece_length, row->input_length - at);
        ByteSpan input = unterminated(row->input + at, length, keep);
        while (input.length > 0) {
            if (line_reader_next(&reader, &input, &line)) {
                note(seen, &line);
            }
        }
    }
    if (line_reader_finish(&reader, &line)) {
        note(seen, &line);
    }
    assert_string_equal(seen->str, row->expected);
    line_reader_clear(&reader);
}

static void any_split_gives_the_same_lines(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (gsize piece_length = 1; piece_length <= cases[i].input_length; piece_length++) {
            run_case(&cases[i], piece_length);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_split_gives_the_same_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
