#include "tests/support/test.h"

#include "sim/scenario/scenario-run.h"
#include "sim/scenario/what-if.h"

#include <string.h>

/* What-ifs: read, written again, refused with the place of the mistake, and played. */

static const char story[] = "organisation crepes.fr\n"
                            "person alice password yummy machine alice-laptop\n"
                            "organisation hamburger.edu\n"
                            "person bob password hungry\n"
                            "alice writes to bob@hamburger.edu, subject \"Hi\", body \"Hi\"\n"
                            "alice sends\n"
                            "wait 1 hour\n"
                            "bob fetches by pop3 and deletes\n";

static void test_lines_come_back(void **state)
{
    (void)state;

    static const struct {
        const char *line;
        const char *written; /* NULL: the same */
    } cases[] = {
        {"at step 17 refuse with 550", NULL},
        {"at step 17 refuse with 550 \"No such \\\"user\\\" here\"", NULL},
        {"at connection 2 command 4 refuse with 452", NULL},
        {"at step 17 refuse", NULL},
        {"at step 17 refuse with -err \"[IN-USE] not now\"",
         "at step 17 refuse with -ERR \"[IN-USE] not now\""},
        {"at step 17 refuse with NO", NULL},
        {"at step 17 refuse with NXDOMAIN", NULL},
        {"at connection 3 greeting refuse with 554", NULL},
        {"at connection 3 greeting answer \"* BYE Not today\"", NULL},
        {"at connection 1 message 4 answer \"554 Go away\"", NULL},
        {"AT Step 9 say \"RCPT TO:<carol@hamburger.edu>\"",
         "at step 9 say \"RCPT TO:<carol@hamburger.edu>\""},
        {"drop frame 40", NULL},
        {"corrupt frame 40", NULL},
        {"duplicate frame 1", NULL},
        {"delay frame 40 by 3 seconds", "delay frame 40 by 3 s"},
        {"delay frame 40 by 1500 ms", NULL},
        {"at step 17 mail.hamburger.edu goes down", NULL},
        {"at frame 3 mail.hamburger.edu goes down for 90 minutes", NULL},
        {"at 10:15:30.5 mail.hamburger.edu comes up", NULL},
        {"at day 2 10:15 mail.hamburger.edu comes up", NULL},
        {"from 10:00 to 11:00 mail.hamburger.edu is down", NULL},
        {"from 23:00 to day 2 01:00 mail.hamburger.edu is down", NULL},
        {"at step 17 bob fetches by pop3 and keeps", NULL},
        {"at step 17 bob fetches by pop3 and keeps  instead # why not?",
         "at step 17 bob fetches by pop3 and keeps instead"},
        {"at 10:00 alice writes to bob@hamburger.edu, subject \"instead\"", NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(WhatIfList) list = what_if_list_new();
        g_autoptr(GError) error = NULL;
        bool is_read = what_if_list_add(list, cases[i].line, &error);
        assert_null(error);
        assert_true(is_read);
        g_autofree char *written = what_if_to_text(what_if_list_at(list, 0));
        assert_string_equal(written, cases[i].written == NULL ? cases[i].line : cases[i].written);
    }
}

static void test_mistakes_are_located(void **state)
{
    (void)state;

    static const struct {
        const char *line;
        const char *message;
    } cases[] = {
        {"", "this what-if is empty; write, say, 'at step 17 refuse with 550'"},
        {"dorp frame 40", "column 1: 'dorp' is no beginning of a what-if; did you mean 'drop'?"},
        {"at stepp 4 refuse with 550", "column 4: 'stepp' is no moment; did you mean 'step'?"},
        {"at step x refuse with 550", "column 9: 'x' is no number of a step"},
        {"at step 0 refuse with 550", "column 9: '0' is no number of a step"},
        {"at step 4", "column 10: what happens then is missing here"},
        {"at step 4 refuse with",
         "column 22: refusal, such as 550, -ERR, NO or NXDOMAIN is missing here"},
        {"at step 4 refuse with 250",
         "column 23: '250' is no refusal, such as 550, -ERR, NO or NXDOMAIN"},
        {"at step 4 refuse with PERHAPS",
         "column 23: 'PERHAPS' is no refusal, such as 550, -ERR, NO or NXDOMAIN"},
        {"at connection 3 greeting", "column 25: what happens then is missing here"},
        {"at step 4 refuse with 700",
         "column 23: a refusal begins with 4 or 5 and has three digits"},
        {"at step 4 say", "column 14: a line in quotes is missing here"},
        {"at step 4 say \"\"", "column 15: a line in quotes is missing here"},
        {"at step 4 say \"x", "column 15: this quote is never closed"},
        {"at 25:00 a.b goes down", "column 4: '25:00' is no time, such as 10:15 or 10:15:30.5"},
        {"at 10:00:00. a.b goes down",
         "column 4: '10:00:00.' is no time, such as 10:15 or 10:15:30.5"},
        {"from 11:00 to 10:00 a.b is down", "column 15: the end lies before the beginning"},
        {"delay frame 40 by 3 weeks", "column 21: 'weeks' is no unit of time"},
        {"drop frame 40 now", "column 15: 'now' is too much here"},
        {"at step 4 instead", "column 11: what is done instead is missing here"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(WhatIfList) list = what_if_list_new();
        g_autoptr(GError) error = NULL;
        assert_false(what_if_list_add(list, cases[i].line, &error));
        assert_non_null(error);
        g_autofree char *wanted =
            g_str_has_prefix(cases[i].message, "column ")
                ? g_strdup_printf("what-if '%s', %s", cases[i].line, cases[i].message)
                : g_strdup(cases[i].message);
        assert_string_equal(error->message, wanted);
        assert_int_equal(what_if_list_length(list), 0);
    }
}

/* What a run told. */
typedef struct {
    guint frames;
    GString *events;
    GChecksum *sum;
} Seen;

static void on_frame(gpointer owner, const SimTapFrame *frame)
{
    Seen *seen = owner;
    seen->frames++;
    g_checksum_update(seen->sum, frame->octets.data, (gssize)frame->octets.length);
}

static void on_world(gpointer owner, const WorldEvent *event)
{
    Seen *seen = owner;
    const char *host = event->host == NULL ? "" : sim_host_name(event->host);
    g_string_append_printf(seen->events, "%s|%s\n", host, event->text);
}

static void on_chapter(gpointer owner, SimTime time, const char *title, const char *note)
{
    (void)owner;
    (void)time;
    (void)title;
    (void)note;
}

/* The world events of the story with that line; the caller frees. NULL: it was refused. */
static char *
play_story(const char *text, const char *line, char **out_sum, char **out_unmet, char **out_refusal)
{
    g_autoptr(Scenario) scenario = scenario_parse("story", text, NULL);
    g_autoptr(WhatIfList) list = what_if_list_new();
    g_autoptr(GError) error = NULL;
    Seen seen = {.events = g_string_new(NULL), .sum = g_checksum_new(G_CHECKSUM_SHA256)};
    ScenarioObserver observer = {
        .frame = on_frame, .world = on_world, .chapter = on_chapter, .owner = &seen};
    assert_non_null(scenario);
    assert_true(line == NULL || what_if_list_add(list, line, NULL));
    ScenarioRunOptions options = {.seed = 1, .what_ifs = list};
    g_autoptr(ScenarioRun) run = scenario_run_new(scenario, &options, &observer, &error);
    if (run != NULL) {
        assert_true(scenario_run_play(run, &error));
        const WhatIf *unmet = scenario_run_unmet(run);
        *out_unmet = unmet == NULL ? NULL : what_if_to_text(unmet);
        *out_sum = g_strdup(g_checksum_get_string(seen.sum));
    } else if (out_refusal != NULL) {
        *out_refusal = g_strdup(error->message);
    }
    g_checksum_free(seen.sum);
    return g_string_free(seen.events, run == NULL);
}

static char *play(const char *line, char **out_sum, char **out_unmet, char **out_refusal)
{
    return play_story(story, line, out_sum, out_unmet, out_refusal);
}

static void test_world_changes(void **state)
{
    (void)state;

    static const struct {
        const char *line;
        const char *event;  /* that is told */
        const char *absent; /* that is not; NULL: not asked */
    } cases[] = {
        {NULL, "bob@hamburger.edu", "What if"},
        {"drop frame 20", "frame 20 ", NULL},
        {"corrupt frame 20", "damaged", NULL},
        {"duplicate frame 20", "doubled", NULL},
        {"delay frame 20 by 3 s", "held back", NULL},
        {"at 09:00 mail.hamburger.edu goes down for 30 minutes",
         "mail.hamburger.edu|What if: at 09:00 mail.hamburger.edu goes down for 30 minutes",
         NULL},
        {"at frame 20 mail.hamburger.edu goes down", "What if: at frame 20", NULL},
        {"at 09:30 bob fetches by pop3 and keeps instead",
         "What if: at 09:30 bob fetches by pop3 and keeps instead",
         "removed"},
    };

    g_autofree char *usual = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *sum = NULL;
        g_autofree char *again = NULL;
        g_autofree char *unmet = NULL;
        g_autofree char *unmet_again = NULL;
        g_autofree char *events = play(cases[i].line, &sum, &unmet, NULL);
        g_autofree char *same = play(cases[i].line, &again, &unmet_again, NULL);
        assert_non_null(events);
        assert_null(unmet);
        assert_non_null(strstr(events, cases[i].event));
        assert_true(cases[i].absent == NULL || strstr(events, cases[i].absent) == NULL);
        assert_string_equal(events, same);
        assert_string_equal(sum, again);
        if (i == 0) {
            usual = g_steal_pointer(&events);
        } else {
            assert_string_not_equal(events, usual);
        }
    }
}

static const char waiting_story[] = "organisation crepes.fr\n"
                                    "person alice password yummy machine alice-laptop\n"
                                    "organisation hamburger.edu\n"
                                    "person bob password hungry machine bob-pc\n"
                                    "alice writes to bob@hamburger.edu, body \"Hi\"\n"
                                    "alice sends\n"
                                    "bob fetches by pop3 and deletes\n"
                                    "bob reads\n";

/* Mail that has not come by the end is spoken of: where it waits, and until when. */
static void test_waiting_mail_is_told(void **state)
{
    (void)state;

    static const struct {
        const char *line;
        const char *event;
        bool is_told;
    } cases[] = {
        {"from 09:00 to 11:00 mail.hamburger.edu is down",
         "Now this cannot be done: Bob has no such message in Inbox on bob-pc. It has not come "
         "yet: it waits in the queue of mail.crepes.fr\n",
         true},
        {"from 09:00 to 11:00 mail.hamburger.edu is down",
         "mail.crepes.fr|At the end 1 message still waits in the queue of mail.crepes.fr; the next "
         "try is at 09:05\n",
         true},
        {"at connection 3 command 3 refuse with -ERR",
         "Now this cannot be done: Bob has no such message in Inbox on bob-pc. It has not been "
         "fetched: the mailbox at mail.hamburger.edu holds 1 message\n",
         true},
        {"at connection 3 command 3 refuse with -ERR", "At the end", false},
        {"at connection 3 command 3 refuse with -ERR",
         "Bob sees: the server does not say what is there: -ERR not now\n",
         true},
        {"at connection 3 command 3 refuse with -ERR", "no mail is there", false},
        {"at connection 3 greeting refuse",
         "Bob sees: the server takes nobody now: -ERR not now\n",
         true},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *sum = NULL;
        g_autofree char *unmet = NULL;
        g_autofree char *events = play_story(waiting_story, cases[i].line, &sum, &unmet, NULL);
        assert_non_null(events);
        if ((strstr(events, cases[i].event) != NULL) != cases[i].is_told) {
            fail_msg("%s: '%s' in\n%s", cases[i].line, cases[i].event, events);
        }
    }
}

/* One conversation of each protocol; connections 1 to 5, in this order. */
static const char words_story[] = "organisation hamburger.edu\n"
                                  "webmail\n"
                                  "person alice password yummy machine alice-pc\n"
                                  "person bob password hungry machine bob-pc\n"
                                  "alice writes to bob@hamburger.edu, subject \"Hi\", body \"Hi\"\n"
                                  "alice sends\n"
                                  "bob fetches by pop3 and keeps\n"
                                  "bob fetches by imap\n"
                                  "bob fetches by webmail\n"
                                  "bob types to mail.hamburger.edu port 110\n"
                                  "| USER bob\n"
                                  "| PASS hungry\n"
                                  "| QUIT\n";

static void on_words(gpointer owner, const SimTapFrame *frame)
{
    g_byte_array_append(owner, frame->octets.data, (guint)frame->octets.length);
}

/* All octets of the story with that line; the caller frees them. */
static GByteArray *play_words(const char *line, bool *out_is_met)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = scenario_parse("words", words_story, &error);
    g_autoptr(WhatIfList) list = what_if_list_new();
    GByteArray *octets = g_byte_array_new();
    ScenarioObserver observer = {.frame = on_words, .chapter = on_chapter, .owner = octets};
    ScenarioRunOptions options = {.seed = 1, .what_ifs = list};
    assert_null(error);
    what_if_list_add(list, line, &error);
    g_autoptr(ScenarioRun) run = scenario_run_new(scenario, &options, &observer, &error);
    if (error != NULL || !scenario_run_play(run, &error)) {
        fail_msg("%s: %s", line, error->message);
    }
    *out_is_met = scenario_run_unmet(run) == NULL;
    return octets;
}

static bool has_words(const GByteArray *octets, const char *words)
{
    gsize length = strlen(words);
    for (gsize i = 0; i + length <= octets->len; i++) {
        if (memcmp(octets->data + i, words, length) == 0) {
            return true;
        }
    }
    return false;
}

static void test_words_change(void **state)
{
    (void)state;

    static const struct {
        const char *line;
        const char *said; /* NULL: its moment never comes */
    } cases[] = {
        {"at connection 1 greeting refuse", "554 No SMTP service here\r\n"},
        {"at connection 1 greeting answer \"220 Hello\"", "220 Hello\r\n"},
        {"at connection 1 command 3 refuse with 452", "452 4.3.1 Insufficient storage"},
        {"at connection 1 command 3 say \"RCPT TO:<eve@hamburger.edu>\"",
         "<eve@hamburger.edu>\r\n"},
        {"at connection 1 command 3 refuse with 551",
         "551 5.1.6 User not local; please try <moved@example.org>\r\n"},
        {"at connection 1 command 90 refuse", NULL},
        {"at connection 1 command 3 refuse with NO", NULL},
        {"at connection 2 greeting refuse with -ERR \"closed\"", "-ERR closed\r\n"},
        {"at connection 2 command 2 refuse", "-ERR not now\r\n"},
        {"at connection 2 command 2 say \"PASS ketchup\"", "PASS ketchup\r\n"},
        {"at connection 2 command 3 answer \"+OK none\"", "+OK none\r\n"},
        {"at connection 2 command 3 answer \"250 none\"", NULL},
        {"at connection 3 greeting refuse", "* BYE Not now\r\n"},
        {"at connection 3 command 2 refuse with NO \"[ALERT] full\"", " NO [ALERT] full\r\n"},
        {"at connection 3 command 3 refuse with BAD", " BAD Command not understood\r\n"},
        {"at connection 3 command 3 refuse with BYE", "* BYE The server goes down\r\n"},
        {"at connection 3 command 3 say \"SELECT Elsewhere\"", " SELECT Elsewhere\r\n"},
        {"at connection 4 command 1 refuse with 503", "HTTP/1.1 503 Service Unavailable\r\n"},
        {"at connection 4 command 1 say \"GET /nowhere\"", "GET /nowhere HTTP/1.1\r\n"},
        {"at connection 4 greeting refuse", NULL},
        {"at connection 5 command 2 say \"PASS by hand\"", "PASS by hand\r\n"},
        {"at connection 5 command 2 refuse", "-ERR not now\r\n"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        bool is_met;
        GByteArray *octets = play_words(cases[i].line, &is_met);
        if (is_met != (cases[i].said != NULL)) {
            fail_msg("%s: %s", cases[i].line, is_met ? "it is said" : "its moment never comes");
        }
        if (cases[i].said != NULL && !has_words(octets, cases[i].said)) {
            fail_msg("%s: '%s' is not said", cases[i].line, cases[i].said);
        }
        g_byte_array_unref(octets);
    }
}

/* Some of the first frames are questions to name servers; only there the moment comes. */
static void test_names_are_refused(void **state)
{
    guint refused = 0;
    guint denied = 0;
    (void)state;
    for (guint frame = 1; frame <= 24; frame++) {
        g_autofree char *line = g_strdup_printf("at frame %u refuse with NXDOMAIN", frame);
        g_autofree char *sum = NULL;
        g_autofree char *unmet = NULL;
        g_autofree char *events = play(line, &sum, &unmet, NULL);
        assert_non_null(events);
        bool is_told = strstr(events, line) != NULL;
        assert_int_equal(is_told, unmet == NULL);
        refused += is_told;
        denied += strstr(events, "cannot be found (NXDOMAIN)") != NULL;
    }
    assert_true(refused >= 3 && refused <= 12);
    assert_true(denied >= 1);
}

static void test_what_does_not_fit_is_said(void **state)
{
    (void)state;

    static const struct {
        const char *line;
        const char *refusal; /* NULL: played, but its moment never came */
    } cases[] = {
        {"drop frame 100000", NULL},
        {"at day 3 09:00 mail.crepes.fr goes down", NULL},
        {"at step 4 refuse with 550",
         "what-if 'at step 4 refuse with 550': the step has not been looked up"},
        {"at 10:00 mail.nowhere.edu goes down",
         "what-if 'at 10:00 mail.nowhere.edu goes down': there is no host 'mail.nowhere.edu'"},
        {"at frame 4 say \"NOOP\"",
         "what-if 'at frame 4 say \"NOOP\"': this is said at a step, or at a command of a "
         "connection"},
        {"at 10:00 carol sends", "what-if 'at 10:00 carol sends', column 10: 'carol"},
        {"at frame 4 refus with 550",
         "what-if 'at frame 4 refus with 550', column 12: 'refus' is no 'refuse', 'answer' or "
         "'say', and no person of this story; did "
         "you mean 'refuse'?"},
        {"at 10:00 alice dances",
         "what-if 'at 10:00 alice dances', column 16: 'dances' is no thing that a person does"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *sum = NULL;
        g_autofree char *unmet = NULL;
        g_autofree char *refusal = NULL;
        g_autofree char *events = play(cases[i].line, &sum, &unmet, &refusal);
        if (cases[i].refusal == NULL) {
            assert_non_null(events);
            assert_string_equal(unmet, cases[i].line);
        } else {
            assert_null(events);
            assert_true(g_str_has_prefix(refusal, cases[i].refusal));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_come_back),
        cmocka_unit_test(test_mistakes_are_located),
        cmocka_unit_test(test_world_changes),
        cmocka_unit_test(test_waiting_mail_is_told),
        cmocka_unit_test(test_words_change),
        cmocka_unit_test(test_names_are_refused),
        cmocka_unit_test(test_what_does_not_fit_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
