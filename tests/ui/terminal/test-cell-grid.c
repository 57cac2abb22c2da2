#include "tests/support/test.h"

#include "ui/terminal/cell-grid.h"
#include "ui/terminal/pane-text.h"

/* The screen in memory: what is put, cut and kept out. */

static void test_text(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        guint x;
        guint end;
        const char *row;
        guint behind;
    } cases[] = {
        {.text = "abc", .x = 0, .end = 8, .row = "abc", .behind = 3},
        {.text = "abc", .x = 2, .end = 8, .row = "  abc", .behind = 5},
        {.text = "abcdefghijk", .x = 0, .end = 8, .row = "abcdefg…", .behind = 8},
        {.text = "abcdefgh", .x = 0, .end = 8, .row = "abcdefgh", .behind = 8},
        {.text = "abcdefgh", .x = 0, .end = 100, .row = "abcdefgh", .behind = 8},
        {.text = "日本", .x = 0, .end = 8, .row = "日本", .behind = 4},
        {.text = "日本語日本", .x = 0, .end = 8, .row = "日本語…", .behind = 7},
        {.text = "e\xcc\x81t\xc3\xa9", .x = 0, .end = 8, .row = "été", .behind = 3},
        {.text = "a\xe2\x80\x8b"
                 "b",
         .x = 0,
         .end = 8,
         .row = "ab",
         .behind = 2},
        {.text = "\033[2Jx\a", .x = 0, .end = 8, .row = "�[2Jx�", .behind = 6},
        {.text = "a\xff"
                 "b\xe2\x80\xae"
                 "c",
         .x = 0,
         .end = 8,
         .row = "a�b�c",
         .behind = 5},
        {.text = "a\nb\xc2\xa0"
                 "c",
         .x = 0,
         .end = 8,
         .row = "a b c",
         .behind = 5},
        {.text = "abc", .x = 8, .end = 8, .row = "", .behind = 8},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CellGrid) grid = cell_grid_new(8, 1);
        guint behind = cell_grid_text(grid, cases[i].x, 0, cases[i].end, CELL_PLAIN, cases[i].text);
        g_autofree char *text = cell_grid_to_text(grid);
        g_autofree char *wanted = g_strconcat(cases[i].row, "\n", NULL);
        assert_string_equal(text, wanted);
        assert_int_equal(behind, cases[i].behind);
    }
}

/* Half of a wide letter never stays behind. */
static void test_wide_letters_are_whole(void **state)
{
    (void)state;
    for (guint x = 0; x < 4; x++) {
        g_autoptr(CellGrid) grid = cell_grid_new(4, 1);
        cell_grid_text(grid, 0, 0, 4, CELL_PLAIN, "日本");
        cell_grid_put(grid, x, 0, CELL_PLAIN, 'x');
        static const char *const rows[] = {"x 本\n", " x本\n", "日x\n", "日 x\n"};
        g_autofree char *text = cell_grid_to_text(grid);
        assert_string_equal(text, rows[x]);
    }
}

static void test_outside_is_ignored(void **state)
{
    (void)state;
    g_autoptr(CellGrid) grid = cell_grid_new(3, 2);
    cell_grid_put(grid, 3, 0, CELL_PLAIN, 'x');
    cell_grid_put(grid, 0, 2, CELL_PLAIN, 'x');
    cell_grid_text(grid, 0, 7, 3, CELL_PLAIN, "x");
    cell_grid_line(grid, 2, 1, 9, CELL_QUIET, '-');
    cell_grid_paint(grid, 1, 0, 9, CELL_BAD);
    g_autofree char *text = cell_grid_to_text(grid);
    assert_string_equal(text, "\n  -\n");
    assert_int_equal(cell_grid_at(grid, 2, 0)->style, CELL_BAD);
    assert_int_equal(cell_grid_at(grid, 0, 0)->style, CELL_PLAIN);
}

static void test_pane_wraps(void **state)
{
    (void)state;
    PaneText pane;
    pane_text_init(&pane, 48);
    pane_text_row(
        &pane,
        &(PaneRow){
            .label = "why now",
            .label_width = 9,
            .text = "The sender was accepted in step 21, so that recipients may follow.",
            .reference = {5321, "3.3"},
        }
    );
    pane_text_row(&pane, &(PaneRow){.label = "a-long-label", .label_width = 5, .text = "text"});
    pane_text_line(&pane, CELL_PLAIN, "one\ntwo");
    g_autofree char *text = cell_grid_to_text(pane.grid);
    g_autofree char *written = g_strchomp(g_strdup(text));
    assert_string_equal(
        written,
        "why now  The sender was accepted in step 21, so\n"
        "         that recipients may follow.\n"
        "                                   RFC 5321 §3.3\n"
        "a-long-label\n"
        "     text\n"
        "one\n"
        "two"
    );
    pane_text_clear(&pane);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_wide_letters_are_whole),
        cmocka_unit_test(test_outside_is_ignored),
        cmocka_unit_test(test_pane_wraps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
