#include "tests/support/test.h"

#include "protocol/dialogue/dialogue.h"
#include "protocol/imap/imap-reader.h"

#define MAXIMUM 16

typedef struct {
    const char *input;
    const char *expected; /* one unit a line: text|ending|from-to|longest|defects */
} ReadCase;

/* Literals of less than 50 octets are text here, others are streamed. */
static const ReadCase cases[] = {
    {"a\r\nbc\n\r\n", "line a|a|0-3|3|\nline bc|bc|3-6|3|lf \nline ||6-8|2|\n"},
    {"a {2}\r\nxy b\r\nc\r\n", "line a {2}..xy b| b|0-13|7|\nline c|c|13-16|3|\n"},
    {"a {0}\r\n\r\n", "line a {0}..||0-9|7|\n"},
    {"a {2}\r\n{9 {3+}\r\nabc\n", "line a {2}..{9 {3+}..||0-20|7|lf long \n"},
    {"0123456789abcdef\r\n", "line 0123456789abcdef|0123456789abcdef|0-18|18|\n"},
    {"0123456789abcdefg\r\nx\r\n",
     "line 0123456789abcdef|0123456789abcdefg|0-19|19|long \nline x|x|19-22|3|\n"},
    {"0123456789abcdefghi {2}\r\nxyz\r\n", "line 0123456789abcdef|z|0-30|25|long \n"},
    {"a {20}\r\n0123456789abcdefghij b\r\n", "line a {20}..01234567| b|0-32|8|long \n"},
    {"a {60}\r\n0123456789012345678901234567890123456789012345678901234567890 b\r\n",
     "literal a {60}|a {60}|0-8|8|\nstream 60\nline 0 b|0 b|68-73|5|\n"},
    {"a\rb\xc3\r\n", "line a.b\xc3|a.b\xc3|0-6|6|cr 8bit \n"},
    {"abc", "cut abc|abc|0-3|0|cut \n"},
    {"abc\r", "cut abc.|abc.|0-4|0|cr cut \n"},
    {"a {5}\r\nx", "cut a {5}..x||0-8|7|cut \n"},
};

static void note_span(GString *seen, ByteSpan span)
{
    for (gsize i = 0; i < span.length; i++) {
        guint8 octet = span.data[i];
        g_string_append_c(seen, octet < ' ' ? '.' : (char)octet);
    }
}

static void note_unit(GString *seen, const char *step, const ImapUnit *unit)
{
    static const struct {
        guint32 bit;
        const char *name;
    } defects[] = {
        {DIALOGUE_DEFECT_BARE_LF, "lf"},
        {DIALOGUE_DEFECT_BARE_CR, "cr"},
        {DIALOGUE_DEFECT_TOO_LONG, "long"},
        {DIALOGUE_DEFECT_NUL, "nul"},
        {DIALOGUE_DEFECT_EIGHT_BIT, "8bit"},
        {DIALOGUE_DEFECT_CUT, "cut"},
    };

    g_string_append_printf(seen, "%s ", step);
    note_span(seen, unit->text);
    g_string_append_c(seen, '|');
    note_span(seen, unit->ending);
    g_string_append_printf(
        seen, "|%u-%u|%u|", (guint)unit->from, (guint)unit->to, (guint)unit->longest_line
    );
    for (gsize i = 0; i < G_N_ELEMENTS(defects); i++) {
        if ((unit->defects & defects[i].bit) != 0) {
            g_string_append_printf(seen, "%s ", defects[i].name);
        }
    }
    g_string_append_c(seen, '\n');
}

typedef struct {
    ImapReader reader;
    DialogueInput input;
    GString *seen;
    gsize streamed;
} Reading;

static void read_all(Reading *reading)
{
    ImapUnit unit;
    for (;;) {
        ByteSpan octets;
        if (reading->reader.stream_left > 0) {
            if (!imap_reader_stream(&reading->reader, &reading->input, &octets)) {
                return;
            }
            reading->streamed += octets.length;
            if (reading->reader.stream_left == 0) {
                g_string_append_printf(reading->seen, "stream %zu\n", reading->streamed);
            }
            continue;
        }
        ImapUnitStep step = imap_reader_next(&reading->reader, &reading->input, true, &unit);
        if (step == IMAP_UNIT_NEED_MORE) {
            return;
        }
        if (step == IMAP_UNIT_LINE) {
            note_unit(reading->seen, "line", &unit);
        } else if (unit.literal.octets < 50) {
            imap_reader_take_literal(&reading->reader, unit.literal.octets);
        } else {
            note_unit(reading->seen, "literal", &unit);
            imap_reader_end_unit(&reading->reader, &reading->input);
            imap_reader_start_stream(&reading->reader, unit.literal.octets);
        }
    }
}

static char *run(const char *text, gsize piece_length)
{
    Reading reading = {.seen = g_string_new(NULL)};
    ImapUnit unit;
    gsize length = strlen(text);
    imap_reader_init(&reading.reader, MAXIMUM);
    dialogue_input_init(&reading.input, 0, 0);
    for (gsize at = 0; at < length; at += piece_length) {
        g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
        reading.input.fed = unterminated(text + at, MIN(piece_length, length - at), keep);
        read_all(&reading);
        assert_int_equal(reading.input.fed.length, 0);
    }
    if (imap_reader_cut(&reading.reader, &reading.input, &unit)) {
        note_unit(reading.seen, "cut", &unit);
    }
    imap_reader_clear(&reading.reader);
    dialogue_input_clear(&reading.input);
    return g_string_free(reading.seen, FALSE);
}

static void any_split_gives_the_same_units(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (gsize piece_length = strlen(cases[i].input); piece_length > 0; piece_length--) {
            g_autofree char *seen = run(cases[i].input, piece_length);
            assert_string_equal(seen, cases[i].expected);
        }
    }
}

/* A line much longer than what is kept of it must still show its literal. */
static void a_long_line_keeps_its_ending(void **state)
{
    (void)state;
    g_autoptr(GString) text = g_string_new("* 1 FETCH (");
    for (gsize i = 0; i < 3000; i++) {
        g_string_append(text, "(x)");
    }
    g_string_append(text, " BODY[] {77}\r\n");
    gsize line_length = text->len;
    for (gsize i = 0; i < 77; i++) {
        g_string_append_c(text, 'm');
    }
    g_string_append(text, ")\r\n");
    g_autofree char *whole = run(text->str, text->len);
    assert_non_null(strstr(whole, "BODY[] {77}"));
    assert_non_null(strstr(whole, "stream 77\nline )|)|"));
    for (gsize piece_length = 1; piece_length < line_length;
         piece_length = piece_length * 3 / 2 + 1) {
        g_autofree char *seen = run(text->str, piece_length);
        assert_string_equal(seen, whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_split_gives_the_same_units),
        cmocka_unit_test(a_long_line_keeps_its_ending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
