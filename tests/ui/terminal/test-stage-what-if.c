#include "tests/ui/terminal/stage-story.h"

#include <glib/gstdio.h>

/* What the lecturer changes in the story, seen on the full screen. */

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_ifs_change_the_world),
        cmocka_unit_test(test_steps_are_looked_up_in_turn),
        cmocka_unit_test(test_menu_of_each_protocol),
        cmocka_unit_test(test_saved_branches_come_back),
        cmocka_unit_test(test_stories_meet_again),
        cmocka_unit_test(test_undo_gives_the_story_back),
    };
    return cmocka_run_group_tests(tests, stage_story_set_up, stage_story_tear_down);
}
