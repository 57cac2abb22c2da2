#include "tests/ui/terminal/stage-story.h"

/* The full screen without a terminal: keys go in, grids of cells come out. Screens are compared
 * with files in tests/ui/terminal/screens; with MAILWALK_WRITE_SCREENS set they are written. */

static void assert_screen(const char *name, const char *text)
{
    g_autofree char *path =
        g_strdup_printf("%s/ui/terminal/screens/%s.txt", g_getenv("MAILWALK_TESTS"), name);
    g_autofree char *wanted = NULL;
    if (g_getenv("MAILWALK_WRITE_SCREENS") != NULL) {
        assert_true(g_file_set_contents(path, text, -1, NULL));
    }
    assert_true(g_file_get_contents(path, &wanted, NULL, NULL));
    if (strcmp(text, wanted) != 0) {
        print_message("%s is now:\n%s", name, text);
    }
    assert_string_equal(text, wanted);
}

static void test_screens(void **state)
{
    (void)state;

    static const struct {
        const char *name;
        const char *keys;
    } cases[] = {
        {"begin", ""},
        {"reply", "/250-mail\n"},
        {"bytes", "/RCPT\n\t~~~~~~~~~~~~~~~~~~~~~~~~~~~"},
        {"state", "/queued as\n\t\t"},
        {"note", "nn\t\t\t"},
        {"message", "/Ketchup\n..."},
        {"story", "1\x05"},
        {"packets", "/RCPT\n3"},
        {"one-conversation", "/RCPT\nc"},
        {"help", "?"},
        {"menu", "/RCPT\nw~"},
        {"what-if-typed", "/RCPT\nw\n"},
        {"what-if-wrong", "/RCPT\nw\n x\n"},
        {"what-if-explained",
         "/RCPT\nw\n\x15"
         "at step 22 drop frame 29\n"},
        {"refused", "/RCPT\nw\n\n>"},
        {"compared", "/RCPT\nw\n\nd"},
        {"asked", "/RCPT\nt>b"},
        {"told", "/RCPT\nt>b\n"},
        {"password", "/PASS\n\t"},
        {"end", "\x05"},
    };

    static const struct {
        guint width;
        guint height;
    } sizes[] = {{80, 24}, {160, 48}};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (gsize size = 0; size < G_N_ELEMENTS(sizes); size++) {
            guint width = sizes[size].width;
            guint height = sizes[size].height;
            g_autoptr(Stage) stage = open_stage(width, height);
            type(stage, cases[i].keys);
            g_autofree char *text = screen_of(stage, width, height);
            g_autofree char *name = g_strdup_printf("%s-%ux%u", cases[i].name, width, height);
            assert_screen(name, text);
        }
    }
}

/* Every way back shows what the way there showed. */
static void test_back_is_exact(void **state)
{
    (void)state;
    g_autoptr(Stage) stage = open_stage(80, 24);
    g_autoptr(GPtrArray) screens = g_ptr_array_new_with_free_func(g_free);
    type(stage, "3");
    for (guint i = 0; i < 400; i++) {
        type(stage, "\033");
        g_ptr_array_add(screens, screen_of(stage, 80, 24));
        type(stage, ">");
    }
    type(stage, "\x05\033");
    guint count = screens->len;
    while (count > 1 && strcmp(screens->pdata[count - 1], screens->pdata[count - 2]) == 0) {
        count--;
    }
    assert_true(count > 100);
    for (guint i = count; i > 0; i--) {
        g_autofree char *text = screen_of(stage, 80, 24);
        assert_string_equal(text, screens->pdata[i - 1]);
        type(stage, "<\033");
    }
}

/* Word of a change of size may get lost: what counts is what is drawn on. */
static void test_a_size_nobody_told(void **state)
{
    (void)state;
    static const guint sizes[][2] = {{1, 1}, {40, 12}, {300, 90}, {80, 24}, {120, 12}};
    g_autoptr(Stage) stage = open_stage(160, 48);
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autofree char *lost = screen_of(stage, sizes[i][0], sizes[i][1]);
        stage_resize(stage, sizes[i][0], sizes[i][1]);
        g_autofree char *told = screen_of(stage, sizes[i][0], sizes[i][1]);
        assert_string_equal(lost, told);
        stage_resize(stage, 160, 48);
    }
}

static void test_passwords_are_hidden_in_octets(void **state)
{
    (void)state;
    g_autoptr(Stage) stage = open_stage(160, 48);
    type(stage, "3/PASS\n\t");
    for (guint i = 0; i < 60; i++) {
        g_autofree char *text = screen_of(stage, 160, 48);
        assert_null(strstr(text, "hungry"));
        assert_null(strstr(text, "68 75 6e 67"));
        type(stage, "~");
    }
}

static void test_keys_are_each_said_once(void **state)
{
    (void)state;
    for (gsize i = 0; i < n_stage_key_rows; i++) {
        const StageKeyRow *row = &stage_key_rows[i];
        assert_non_null(row->help);
        assert_non_null(row->shown);
        assert_non_null(row->act);
        assert_true((row->footer == NULL) == (row->brief == NULL));
        for (guint place = 0; place < STAGE_KEYS_PER_ROW && row->keys[place] != 0; place++) {
            assert_ptr_equal(stage_key_find(row->keys[place]), row);
        }
    }
}

/* No size of the window and no key may break it. */
static void test_any_size_and_key(void **state)
{
    (void)state;
    static const char *const keys[] = {"", "w", "?", "d", "/x", "t>", "\t", "\t\t", "3\t"};
    g_autoptr(Stage) stage = open_stage(80, 24);
    type(stage, "/RCPT\n");
    for (guint width = 1; width < 200; width += 13) {
        for (guint height = 1; height < 60; height += 7) {
            for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
                stage_resize(stage, width, height);
                type(stage, keys[i]);
                g_autofree char *text = screen_of(stage, width, height);
                assert_non_null(text);
                stage_click(stage, width / 2, height / 3);
                type(stage, "\033\033");
            }
        }
    }
    for (guint32 key = 1; key < 127; key++) {
        if (key != 'q') {
            assert_true(stage_key(stage, key));
        }
        type(stage, "\033\033");
    }
    type(stage, "\033\033");
    assert_false(stage_key(stage, 'q'));
}

static void test_mouse(void **state)
{
    (void)state;
    g_autoptr(Stage) stage = open_stage(80, 24);
    type(stage, "/RCPT\n\033");
    g_autofree char *there = screen_of(stage, 80, 24);
    type(stage, "<<\033");
    g_autofree char *before = screen_of(stage, 80, 24);
    type(stage, ">>\033");
    stage_click(stage, 20, 6); /* two rows above the present one */
    g_autofree char *clicked = screen_of(stage, 80, 24);
    assert_string_equal(clicked, before);
    assert_string_not_equal(clicked, there);
    stage_click(stage, 13, 10);
    g_autofree char *bytes = screen_of(stage, 80, 24);
    assert_non_null(strstr(bytes, "[Bytes]"));
}

static void test_it_plays_by_itself(void **state)
{
    (void)state;
    g_autoptr(Stage) stage = open_stage(80, 24);
    assert_int_equal(stage_tick_ms(stage), -1);
    type(stage, "a");
    assert_int_equal(stage_tick_ms(stage), 2000);
    type(stage, "++");
    assert_int_equal(stage_tick_ms(stage), 500);
    g_autofree char *playing = screen_of(stage, 80, 24);
    assert_non_null(strstr(playing, " playing, dialogue 1 of "));
    for (guint i = 0; i < 1000 && stage_tick_ms(stage) >= 0; i++) {
        stage_tick(stage);
    }
    g_autofree char *text = screen_of(stage, 80, 24);
    assert_non_null(strstr(text, "This is the last step."));
    assert_null(strstr(text, "playing"));
    assert_int_equal(stage_tick_ms(stage), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_screens),
        cmocka_unit_test(test_back_is_exact),
        cmocka_unit_test(test_a_size_nobody_told),
        cmocka_unit_test(test_passwords_are_hidden_in_octets),
        cmocka_unit_test(test_keys_are_each_said_once),
        cmocka_unit_test(test_any_size_and_key),
        cmocka_unit_test(test_mouse),
        cmocka_unit_test(test_it_plays_by_itself),
    };
    return cmocka_run_group_tests(tests, stage_story_set_up, stage_story_tear_down);
}
