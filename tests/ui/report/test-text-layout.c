#include "tests/support/test.h"

#include "ui/report/text-layout.h"

static void assert_rows(guint width, const TextRow *row, const char *expected)
{
    TextLayout layout;
    text_layout_init_plain(&layout, width);
    text_layout_row(&layout, row);
    assert_string_equal(layout.text->str, expected);
    text_layout_clear(&layout);
}

static void test_widths(void **state)
{
    (void)state;
    assert_int_equal(text_width("abc"), 3);
    assert_int_equal(text_width("§ 4.1"), 5);
    assert_int_equal(text_width("日本"), 4);
    assert_int_equal(text_width("e\xcc\x81"), 1);
    assert_int_equal(text_width("\xff\xfe"), 2);
    assert_int_equal(text_width(""), 0);
}

static void test_rows(void **state)
{
    (void)state;

    static const struct {
        guint width;
        TextRow row;
        const char *expected;
    } cases[] = {
        {40, {.text = "one line"}, "one line\n"},
        {20, {.text = "words wrap at the width"}, "words wrap at the\nwidth\n"},
        {20, {.indent = 2, .text = "exactly eighteen c"}, "  exactly eighteen c\n"},
        {20, {.text = "abcdefghijklmnopqrstuvwxyz"}, "abcdefghijklmnopqrst\nuvwxyz\n"},
        {20, {.text = "two\nlines"}, "two\nlines\n"},
        {20, {.text = "日本語日本語日本語日本語"}, "日本語日本語日本語日\n本語\n"},
        {20, {.text = ""}, "\n"},
        {20, {.text = "words stay with RFC\u00a05321"}, "words stay with\nRFC 5321\n"},
        {30,
         {.indent = 1, .label = "AUTH", .label_width = 6, .text = "a meaning that needs two lines"},
         " AUTH  a meaning that needs\n       two lines\n"},
        {30, {.label = "STARTTLS", .label_width = 6, .text = "below"}, "STARTTLS\n      below\n"},
        {60,
         {.text = "It was done.", .note = "RFC 5321 §4.2.3"},
         "It was done.                                 RFC 5321 §4.2.3\n"},
        {60,
         {.text = "A sentence that is too long to stand beside its reference.",
          .note = "RFC 5321 §4.2.3"},
         "A sentence that is too long to stand beside  RFC 5321 §4.2.3\nits reference.\n"},
        {44,
         {.text = "A sentence with no room for a reference.", .note = "RFC 5321 §4.2.3"},
         "A sentence with no room for a reference.\n                             RFC 5321 "
         "§4.2.3\n"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        assert_rows(cases[i].width, &cases[i].row, cases[i].expected);
    }
}

static void test_no_control_reaches_the_terminal(void **state)
{
    (void)state;
    assert_rows(40, &(TextRow){.text = "a\033[2Jb\xff"}, "a\xef\xbf\xbd[2Jb\xef\xbf\xbd\n");
    assert_rows(40, &(TextRow){.text = "x\xe2\x80\xaey"}, "x\xef\xbf\xbdy\n");
}

static void test_a_reference_stays_in_one_piece(void **state)
{
    (void)state;
    assert_rows(
        24, &(TextRow){.text = "It is written in RFC 5321 §4"}, "It is written in\nRFC 5321 §4\n"
    );
    assert_rows(24, &(TextRow){.text = "The RFC writes 4 things"}, "The RFC writes 4 things\n");
}

static void test_colour_ends_on_every_line(void **state)
{
    (void)state;
    TextLayout layout;
    text_layout_init_plain(&layout, 20);
    layout.has_colour = true;
    text_layout_paragraph(&layout, 0, TEXT_BAD, "words wrap at the width");
    assert_string_equal(
        layout.text->str, "\033[31mwords wrap at the\033[0m\n\033[31mwidth\033[0m\n"
    );
    text_layout_clear(&layout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_no_control_reaches_the_terminal),
        cmocka_unit_test(test_a_reference_stays_in_one_piece),
        cmocka_unit_test(test_colour_ends_on_every_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
