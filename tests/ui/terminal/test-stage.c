#include "tests/support/test.h"

#include "ui/terminal/stage.h"

#include <glib/gstdio.h>

/* The full screen without a terminal: keys go in, grids of cells come out. Screens are compared
 * with files in tests/ui/terminal/screens; with MAILWALK_WRITE_SCREENS set they are written. */

static const char story[] =
    "title \"A short story\"\n"
    "organisation crepes.fr\n"
    "person alice \"Alice\" password yummy machine alice-laptop\n"
    "organisation hamburger.edu\n"
    "person bob \"Bob\" password hungry machine bob-pc\n"
    "chapter \"Alice writes\"\n"
    "note \"Where is the message now?\"\n"
    "alice writes to bob@hamburger.edu, subject \"Ketchup\", body \"And pickles?\"\n"
    "chapter \"She sends it\"\n"
    "alice sends\n"
    "chapter \"Bob fetches it\"\n"
    "bob fetches by pop3 and deletes\n";

typedef struct {
    Scenario *scenario;
    guint plays;
} Player;

static Recording *play(gpointer owner, const WhatIfList *what_ifs, GError **error)
{
    Player *player = owner;
    ScenarioRunOptions how = {.seed = 1, .what_ifs = what_ifs};
    RecordingOptions options = {.wants_frames = true};
    player->plays++;
    return recording_of_scenario(player->scenario, &how, &options, error);
}

static const char *const deeds[] = {"bob fetches by pop3 and keeps", NULL};

static Player player;

static int set_up(void **state)
{
    (void)state;
    player.scenario = scenario_parse("story", story, NULL);
    return player.scenario == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    scenario_free(player.scenario);
    return 0;
}

static Stage *open_stage(guint width, guint height)
{
    StageOptions options = {
        .title = "story",
        .name = "story",
        .unlike = "",
        .deeds = deeds,
        .play = play,
        .owner = &player,
    };
    Recording *recording = play(&player, NULL, NULL);
    assert_non_null(recording);
    return stage_new(&options, recording, NULL, NULL, width, height);
}

/* Letters are typed as they are; '<' and '>' are back and forward, '^' and 'v' up and down, '\t'
 * and
 * '\n' the keys of that name, '\033' Escape, '\x01' Home, '\x05' End. */
static void type(Stage *stage, const char *keys)
{
    static const struct {
        char letter;
        guint32 key;
    } rows[] = {
        {'<', STAGE_KEY_LEFT},
        {'>', STAGE_KEY_RIGHT},
        {'^', STAGE_KEY_UP},
        {'~', STAGE_KEY_DOWN},
        {'\t', STAGE_KEY_TAB},
        {'\n', STAGE_KEY_ENTER},
        {'\033', STAGE_KEY_ESCAPE},
        {'\x01', STAGE_KEY_HOME},
        {'\x05', STAGE_KEY_END},
    };

    for (; *keys != '\0'; keys++) {
        guint32 key = (guint32)*keys;
        for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
            key = *keys == rows[i].letter ? rows[i].key : key;
        }
        stage_key(stage, key);
    }
}

static char *screen_of(Stage *stage, guint width, guint height)
{
    g_autoptr(CellGrid) grid = cell_grid_new(width, height);
    stage_draw(stage, grid);
    return cell_grid_to_text(grid);
}

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

static char *steps_of(const Recording *recording)
{
    GString *text = g_string_new(NULL);
    const Timeline *timeline = recording_timeline(recording);
    for (guint i = 0; i < timeline_count(timeline); i++) {
        const Step *step = timeline_step(timeline, i);
        g_string_append_printf(
            text, "%" G_GINT64_FORMAT " %s\n", step->time_ns, step->text == NULL ? "" : step->text
        );
    }
    return g_string_free(text, FALSE);
}

/* The same line gives the same world wherever it is written, and each changes what it should. */
static void test_what_ifs_change_the_world(void **state)
{
    (void)state;

    static const struct {
        const char *line;
        const char *present; /* in the steps of the branch */
        const char *absent;
    } cases[] = {
        {"at connection 1 command 3 refuse with 550 \"5.1.1 No such user\"",
         "550 5.1.1 No such user",
         "queued as"},
        {"at connection 1 command 3 refuse with 450", "450 4.2.1 Try again later", "queued as"},
        {"at connection 1 command 2 answer \"250 Sure\"", "250 Sure", "Sender ok"},
        {"at connection 1 message 4 refuse with 552", "552 5.2.2 Mailbox full", "queued as"},
        {"at connection 1 command 3 say \"RCPT TO:<carol@crepes.fr>\"",
         "RCPT TO:<carol@crepes.fr>",
         "RCPT TO:<bob@hamburger.edu>"},
        {"at 09:00 mail.crepes.fr goes down", "mail.crepes.fr is down", "220 mail.crepes.fr"},
        {"drop frame 25", "frame 25", NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(WhatIfList) list = what_if_list_new();
        assert_true(what_if_list_add(list, cases[i].line, NULL));
        g_autoptr(Recording) branch = play(&player, list, NULL);
        assert_non_null(branch);
        g_autofree char *steps = steps_of(branch);
        assert_null(recording_unmet(branch));
        if (strstr(steps, cases[i].present) == NULL) {
            print_message("%s\n%s", cases[i].line, steps);
        }
        assert_non_null(strstr(steps, cases[i].present));
        assert_true(cases[i].absent == NULL || strstr(steps, cases[i].absent) == NULL);
    }
}

static guint64 number_of(const Recording *recording, const char *text)
{
    const Timeline *timeline = recording_timeline(recording);
    for (guint i = 0; i < timeline_count(timeline); i++) {
        const Step *step = timeline_step(timeline, i);
        if (step->text != NULL && g_str_has_prefix(step->text, text)) {
            return step->number;
        }
    }
    fail_msg("no step begins with %s", text);
    return 0;
}

static void test_steps_are_looked_up_in_turn(void **state)
{
    (void)state;
    g_autoptr(Recording) first = play(&player, NULL, NULL);
    g_autoptr(WhatIfList) list = what_if_list_new();
    g_autofree char *refuse = g_strdup_printf(
        "at step %" G_GUINT64_FORMAT " refuse with 450", number_of(first, "MAIL FROM:<alice")
    );
    assert_true(what_if_list_add(list, refuse, NULL));
    g_autoptr(Recording) second = play(&player, list, NULL);
    g_autofree char *down = g_strdup_printf(
        "at step %" G_GUINT64_FORMAT " mail.hamburger.edu goes down",
        number_of(second, "Alice sees: the message was not taken")
    );
    assert_true(what_if_list_add(list, down, NULL));
    g_autoptr(Recording) third = play(&player, list, NULL);
    assert_non_null(third);
    g_autofree char *steps = steps_of(third);
    const char *refused = strstr(steps, "450 4.2.1");
    assert_non_null(refused);
    assert_non_null(strstr(refused, "mail.hamburger.edu is down"));
    assert_null(strstr(steps, "+OK"));

    g_autoptr(GError) error = NULL;
    assert_true(what_if_list_add(list, "at step 9999 refuse with 550", NULL));
    assert_null(play(&player, list, &error));
    assert_non_null(strstr(error->message, "there is no step 9999"));
}

/* What may go another way depends on who speaks. */
static void test_menu_of_each_protocol(void **state)
{
    (void)state;

    static const struct {
        const char *keys; /* to the step, and to the row of the menu; then Enter twice */
        const char *menu;
        const char *played; /* what is said then */
    } cases[] = {
        {"/220 mail\nw", "refuse the client with 554", "554 No SMTP service here"},
        {"/PASS\nw", "refuse PASS with -ERR: the command fails", "-ERR not now"},
        {"/+OK POP3 server ready\nw", "refuse the client with -ERR", "-ERR not now"},
        {"/Which servers\nw", "refuse the question with NXDOMAIN", "There is no hamburger.edu"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Stage) stage = open_stage(120, 40);
        type(stage, cases[i].keys);
        g_autofree char *menu = screen_of(stage, 120, 40);
        if (strstr(menu, cases[i].menu) == NULL) {
            fail_msg("%s: no '%s' in\n%s", cases[i].keys, cases[i].menu, menu);
        }
        type(stage, "\n\n");
        bool is_said = false;
        for (guint step = 0; step < 200 && !is_said; step++) {
            g_autofree char *screen = screen_of(stage, 120, 40);
            is_said = strstr(screen, cases[i].played) != NULL;
            type(stage, ">");
        }
        if (!is_said) {
            fail_msg("%s: '%s' is never said", cases[i].keys, cases[i].played);
        }
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

/* Typed on the screen, saved, read from the file: always the same world. */
static void test_saved_branches_come_back(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("mailwalk-stage-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "branch", NULL);
    g_autofree char *keys = g_strdup_printf("s%s\n", path);
    g_autoptr(Stage) stage = open_stage(80, 24);
    type(stage, "/RCPT\nw\n\n"); /* the first of the menu: refused for good */
    guint plays = player.plays;
    type(stage, "s");
    for (guint i = 0; i < 30; i++) {
        stage_key(stage, STAGE_KEY_BACKSPACE);
    }
    type(stage, keys + 1);
    assert_int_equal(player.plays, plays);
    g_autoptr(WhatIfList) list = what_if_list_new();
    bool is_loaded = what_if_list_load(list, path, &error);
    assert_null(error);
    assert_true(is_loaded);
    assert_int_equal(what_if_list_length(list), 1);
    g_autoptr(Recording) again = play(&player, list, NULL);
    g_autofree char *steps = steps_of(again);
    assert_non_null(strstr(steps, "550 5.1.1 No such user here"));
    g_autofree char *before = screen_of(stage, 80, 24);
    assert_non_null(strstr(before, "Saved"));
    type(stage, "s");
    for (guint i = 0; i < 30; i++) {
        stage_key(stage, STAGE_KEY_BACKSPACE);
    }
    type(stage, keys + 1);
    g_autofree char *refused = screen_of(stage, 80, 24);
    assert_non_null(strstr(refused, "exists: choose another name"));
    g_unlink(path);
    g_rmdir(folder);
}

static char *row_with(const char *screen, const char *text)
{
    g_auto(GStrv) rows = g_strsplit(screen, "\n", 0);
    for (guint i = 0; rows[i] != NULL; i++) {
        if (strstr(rows[i], text) != NULL) {
            return g_strdup(rows[i]);
        }
    }
    return g_strdup("");
}

/* Behind the place where two stories part, what both say stands in one row again. */
static void test_stories_meet_again(void **state)
{
    static const char *const shared[] = {"▶ QUIT", "▸ Bob fetches it", "▶ USER bob", "▶ LIST"};
    (void)state;
    g_autoptr(Stage) stage = open_stage(120, 24);
    type(stage, "/RCPT\nw\n\nd");
    for (gsize i = 0; i < G_N_ELEMENTS(shared); i++) {
        g_autofree char *row = g_strdup("");
        for (guint down = 0; down < 60 && row[0] == '\0'; down++) {
            g_autofree char *screen = screen_of(stage, 120, 24);
            g_free(row);
            row = row_with(screen, shared[i]);
            type(stage, row[0] == '\0' ? "~" : "");
        }
        const char *left = strstr(row, shared[i]);
        assert_non_null(left);
        assert_non_null(strstr(left + 1, shared[i]));
    }
    type(stage, "\x05");
    g_autofree char *end = screen_of(stage, 120, 24);
    assert_null(strstr(end, "(this story is over)")); /* both end with the same steps */
}

static void test_undo_gives_the_story_back(void **state)
{
    (void)state;
    g_autoptr(Stage) stage = open_stage(80, 24);
    type(stage, "/RCPT\n\033");
    g_autofree char *before = screen_of(stage, 80, 24);
    type(stage, "w\n\n\033");
    g_autofree char *branch = screen_of(stage, 80, 24);
    type(stage, "u\033");
    g_autofree char *after = screen_of(stage, 80, 24);
    assert_string_not_equal(before, branch);
    assert_string_equal(before, after);
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
        cmocka_unit_test(test_what_ifs_change_the_world),
        cmocka_unit_test(test_steps_are_looked_up_in_turn),
        cmocka_unit_test(test_menu_of_each_protocol),
        cmocka_unit_test(test_a_size_nobody_told),
        cmocka_unit_test(test_saved_branches_come_back),
        cmocka_unit_test(test_stories_meet_again),
        cmocka_unit_test(test_undo_gives_the_story_back),
        cmocka_unit_test(test_passwords_are_hidden_in_octets),
        cmocka_unit_test(test_keys_are_each_said_once),
        cmocka_unit_test(test_any_size_and_key),
        cmocka_unit_test(test_mouse),
        cmocka_unit_test(test_it_plays_by_itself),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
