#include "tests/support/test.h"

#include "ui/terminal/stage.h"

/* What the full screen shows is not only right once: it keeps its place from step to step, the
 * state of the world fits the step, and nothing that is said is cut off unnoticed. */

static const char story[] =
    "title \"Two messages\"\n"
    "organisation crepes.fr\n"
    "person alice \"Alice\" password yummy machine alice-laptop\n"
    "person carol \"Carol\" password sweet machine carol-pc\n"
    "organisation hamburger.edu\n"
    "person bob \"Bob\" password hungry machine bob-pc\n"
    "chapter \"Sending\"\n"
    "alice writes to bob@hamburger.edu, carol@crepes.fr, subject \"One\", body \"1\"\n"
    "alice writes to bob@hamburger.edu, subject \"Two\", body \"2\"\n"
    "alice sends\n"
    "chapter \"Fetching\"\n"
    "bob fetches by imap\n";

#define WIDTH 80
#define HEIGHT 24

/* It is there, so that this is a story and no capture; nothing is played again. */
static Recording *play(gpointer owner, const WhatIfList *what_ifs, GError **error)
{
    (void)owner;
    (void)what_ifs;
    (void)error;
    return NULL;
}

typedef Recording *(*Play)(gpointer owner, const WhatIfList *what_ifs, GError **error);

static Stage *open_with(Play plays)
{
    g_autoptr(Scenario) scenario = scenario_parse("story", story, NULL);
    assert_non_null(scenario);
    StageOptions options = {.title = "story", .name = "story", .unlike = "", .play = plays};
    ScenarioRunOptions how = {.seed = 1};
    RecordingOptions wanted = {.wants_frames = true};
    Recording *recording = recording_of_scenario(scenario, &how, &wanted, NULL);
    assert_non_null(recording);
    return stage_new(&options, recording, NULL, NULL, WIDTH, HEIGHT);
}

static Stage *open_stage(void)
{
    return open_with(play);
}

static char *screen_of(Stage *stage)
{
    g_autoptr(CellGrid) grid = cell_grid_new(WIDTH, HEIGHT);
    stage_draw(stage, grid);
    return cell_grid_to_text(grid);
}

/* The row of the present step, which the arrow at its left marks. */
static char *present_row(const char *screen)
{
    g_auto(GStrv) rows = g_strsplit(screen, "\n", 0);
    for (guint i = 0; rows[i] != NULL; i++) {
        if (g_str_has_prefix(rows[i], "│▶")) {
            return g_strdup(rows[i]);
        }
    }
    return g_strdup("");
}

/* The next screen; NULL: the story is over. */
static char *next_screen(Stage *stage)
{
    stage_key(stage, STAGE_KEY_RIGHT);
    g_autofree char *screen = screen_of(stage);
    return strstr(screen, "This is the last step") != NULL ? NULL : g_steal_pointer(&screen);
}

/* While Alice sends her second message the server asks the DNS about the first: the steps that are
 * in sight change, the sides do not. */
static void test_clients_stay_left(void **state)
{
    static const char *const wrong[] = {
        "◀─ EHLO",
        "◀─ MAIL",
        "◀─ RCPT",
        "◀─ DATA",
        "◀─ QUIT",
        "◀─ a1 LOGIN",
        "◀─ a4 UID FETCH",
        "├─ 220",
        "├─ 250",
        "├─ 354",
        "├─ 221",
        "├─ * ",
        "◀─ Which",
    };
    (void)state;
    g_autoptr(Stage) stage = open_stage();
    guint seen = 0;
    for (char *screen = next_screen(stage); screen != NULL; screen = next_screen(stage)) {
        for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
            if (strstr(screen, wrong[i]) != NULL) {
                print_message("%s is the wrong way\n", wrong[i]);
            }
            assert_null(strstr(screen, wrong[i]));
        }
        seen++;
        g_free(screen);
    }
    assert_true(seen > 100);
}

/* A resolver goes from server to server: it and the one that waits for it stay where they are. */
static void test_those_who_wait_keep_their_lanes(void **state)
{
    (void)state;
    g_autoptr(Stage) stage = open_stage();
    guint seen = 0;
    for (char *screen = next_screen(stage); screen != NULL; screen = next_screen(stage)) {
        g_autofree char *row = present_row(screen);
        const char *names = strchr(screen, '\n');
        if (strstr(row, "│                            ├─ A mail.crepes.fr? ─") != NULL) {
            assert_true(g_str_has_prefix(names, "\n│    alice-laptop "));
            seen++;
        }
        g_free(screen);
    }
    assert_int_equal(seen, 3);
}

/* The present step at the level of packets, found by the text of its row; its pane Meaning. */
static char *meaning_of(Stage *stage, const char *text)
{
    stage_key(stage, STAGE_KEY_HOME);
    stage_key(stage, '3');
    for (char *screen = next_screen(stage); screen != NULL; screen = next_screen(stage)) {
        g_autofree char *row = present_row(screen);
        if (strstr(row, text) != NULL) {
            return screen;
        }
        g_free(screen);
    }
    fail_msg("no step says %s", text);
    return NULL;
}

/* A frame is a step too, and not only its letters are shown. */
static void test_frames_are_explained(void **state)
{
    static const struct {
        const char *row;
        const char *pane;
        const char *other;
    } cases[] = {
        {"ARP  who has 192.0.2.1? tell ", "Asks the local network which", "RFC 826"},
        {"ARP  192.0.2.1 is at 02:00", "Tells the machine that asked", "RFC 826"},
        {"─ UDP  len", "comes whole or not at all", "RFC 768"},
        {"─ SYN, ACK  seq 0", "SYN      The connection is to open", "ACK      The acknowledgment"},
    };

    (void)state;
    g_autoptr(Stage) stage = open_stage();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *screen = meaning_of(stage, cases[i].row);
        assert_non_null(strstr(screen, cases[i].pane));
        assert_non_null(strstr(screen, cases[i].other));
        assert_null(strstr(screen, "no address"));
    }
    g_free(meaning_of(stage, "─ PSH, ACK  seq 1-"));
    stage_key(stage, STAGE_KEY_TAB);
    g_autofree char *bytes = screen_of(stage);
    assert_non_null(strstr(bytes, "Ethernet · IPv4 · TCP · SMTP"));
}

/* Numbers go on behind the end of a connection: only its handshake acknowledges the number 1. */
static void test_the_last_acknowledgements_count_on(void **state)
{
    (void)state;
    g_autoptr(Stage) stage = open_stage();
    guint opened = 0;
    guint first = 0;
    stage_key(stage, '3');
    for (char *screen = next_screen(stage); screen != NULL; screen = next_screen(stage)) {
        g_autofree char *row = present_row(screen);
        opened += strstr(row, " SYN  seq 0  win ") != NULL;
        first += strstr(row, " ACK  seq 1  ack 1  win ") != NULL && strstr(row, "len") == NULL;
        g_free(screen);
    }
    assert_int_equal(opened, 3);
    assert_int_equal(first, opened);
}

/* Between two of three lanes there is no room for the sentence; the name is what matters. */
static void test_questions_are_short_where_room_is(void **state)
{
    (void)state;
    g_autoptr(Stage) stage = open_stage();
    guint seen = 0;
    for (char *screen = next_screen(stage); screen != NULL; screen = next_screen(stage)) {
        seen += strstr(screen, "├─ A mail.crepes.fr? ─") != NULL;
        assert_null(strstr(screen, "├─ Which IPv4 address has…"));
        g_free(screen);
    }
    assert_true(seen > 0);
}

/* "▸ queue of mail.crepes.fr: 1 message": then the pane says just that, and not what becomes of it
 * in the same microsecond. */
static void test_state_fits_the_step(void **state)
{
    static const struct {
        const char *told; /* what stands before and behind the name of the thing */
        const char *holds;
    } kinds[] = {
        {"▸ queue of ", ": "},
        {"▸ the mailbox of ", " now holds "},
    };

    (void)state;
    g_autoptr(Stage) stage = open_stage();
    guint seen = 0;
    stage_key(stage, STAGE_KEY_TAB);
    stage_key(stage, STAGE_KEY_TAB);
    for (char *screen = next_screen(stage); screen != NULL; screen = next_screen(stage)) {
        g_autofree char *row = present_row(screen);
        for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
            const char *told = strstr(row, kinds[i].told);
            if (told != NULL) {
                g_auto(GStrv) parts = g_strsplit(told + strlen(kinds[i].told), kinds[i].holds, 2);
                g_autofree char *count = g_strndup(parts[1], strlen("1 message"));
                g_autofree char *wanted = g_strdup_printf("%s: %s", parts[0], count);
                assert_non_null(strstr(strstr(screen, "[State]"), wanted));
                seen++;
            }
        }
        g_free(screen);
    }
    assert_true(seen > 8);
}

/* Two mailboxes on one server, and both are told. */
static void test_every_mailbox_is_told(void **state)
{
    (void)state;
    g_autoptr(Stage) stage = open_stage();
    stage_key(stage, STAGE_KEY_END);
    stage_key(stage, STAGE_KEY_TAB);
    stage_key(stage, STAGE_KEY_TAB);
    g_autofree char *screen = screen_of(stage);
    assert_non_null(strstr(screen, "carol@crepes.fr: 1 message "));
    assert_non_null(strstr(screen, "bob@hamburger.edu: 2 messages"));
    assert_null(strstr(screen, "is in the mailbox"));
}

/* Of many names those that were looked up last stand first. */
static void test_the_latest_names_stand_first(void **state)
{
    (void)state;
    g_autoptr(Stage) stage = open_stage();
    stage_key(stage, STAGE_KEY_END);
    stage_key(stage, STAGE_KEY_TAB);
    stage_key(stage, STAGE_KEY_TAB);
    for (guint i = 0; i < 8; i++) {
        stage_key(stage, STAGE_KEY_DOWN);
    }
    g_autofree char *screen = screen_of(stage);
    assert_non_null(strstr(screen, "│ names         bob-pc found mail.hamburger.edu A: "));
}

/* What a capture does not have is said in the same words for each key. */
static void test_captures_have_no_chapters(void **state)
{
    (void)state;
    g_autoptr(Stage) stage = open_with(NULL);
    for (const char *key = "npwdus"; *key != '\0'; key++) {
        stage_key(stage, (guint32)*key);
        g_autofree char *screen = screen_of(stage);
        assert_non_null(strstr(screen, "A capture has happened: only a scenario has chapters"));
    }
}

/* The mark for what lies below stands on the border and hides nothing. */
static void test_what_lies_below_is_counted(void **state)
{
    (void)state;
    g_autoptr(Stage) stage = open_stage();
    char *screen = next_screen(stage);
    while (screen != NULL && strstr(screen, "(and 8 more lines)") == NULL) {
        g_free(screen);
        screen = next_screen(stage);
    }
    assert_non_null(screen);
    assert_non_null(strstr(screen, "RFC 6531 §3.1 │"));
    assert_non_null(strstr(screen, "─ ↓ 11 more ─┤"));
    g_free(screen);
    stage_key(stage, STAGE_KEY_DOWN);
    g_autofree char *scrolled = screen_of(stage);
    assert_non_null(strstr(scrolled, "─ ↑ 1 ↓ 10 more ─┤"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clients_stay_left),
        cmocka_unit_test(test_those_who_wait_keep_their_lanes),
        cmocka_unit_test(test_frames_are_explained),
        cmocka_unit_test(test_the_last_acknowledgements_count_on),
        cmocka_unit_test(test_questions_are_short_where_room_is),
        cmocka_unit_test(test_state_fits_the_step),
        cmocka_unit_test(test_every_mailbox_is_told),
        cmocka_unit_test(test_the_latest_names_stand_first),
        cmocka_unit_test(test_captures_have_no_chapters),
        cmocka_unit_test(test_what_lies_below_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
