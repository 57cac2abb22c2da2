#include "tests/support/test.h"

#include "sim/scenario/scenario-run.h"

#include <string.h>

/* Settings beside the file: they change servers and networks, and what does not fit is said. */

static const char story[] = "organisation crepes.fr\n"
                            "retries after 20 minutes\n"
                            "person alice\n"
                            "organisation hamburger.edu\n"
                            "person bob\n"
                            "chapter \"One\"\n"
                            "alice writes to bob@hamburger.edu, subject \"Hi\"\n"
                            "alice sends\n"
                            "wait 8 minutes\n";

static void on_chapter(gpointer owner, SimTime time, const char *title, const char *note)
{
    (void)owner;
    (void)time;
    (void)title;
    (void)note;
}

/* Messages in Bob's mailbox at the end; -1: refused, and why. */
static int play(const char *const *settings, char **out_refusal)
{
    g_autoptr(Scenario) scenario = scenario_parse("story", story, NULL);
    ScenarioObserver observer = {.chapter = on_chapter};
    ScenarioRunOptions options = {.seed = 1, .settings = settings};
    g_autoptr(GError) error = NULL;
    assert_non_null(scenario);
    g_autoptr(ScenarioRun) run = scenario_run_new(scenario, &options, &observer, &error);
    if (run == NULL) {
        *out_refusal = g_strdup(error->message);
        return -1;
    }
    assert_true(scenario_run_play(run, &error));
    g_autoptr(MailFolder) folder = NULL;
    MailStore *store = scenario_run_server_store(run, 1);
    assert_int_equal(
        mail_folder_open(store, "bob@hamburger.edu", "INBOX", &folder, NULL), MAIL_STORE_DONE
    );
    return (int)mail_folder_count(folder);
}

static void test_settings(void **state)
{
    (void)state;

    static const struct {
        const char *settings[3];
        int messages;
        const char *refusal;
    } cases[] = {
        {{NULL}, 1, NULL},
        {{"mail.hamburger.edu=greylists for 5 minutes"}, 0, NULL},
        {{"mail.hamburger.edu=greylists for 5 minutes", "mail.crepes.fr = retries after 6 minutes"},
         1,
         NULL},
        {{"crepes.fr=loss 5 percent, delay 20 ms"}, 1, NULL},
        {{"mail.hamburger.edu=graylists for 5 minutes"},
         -1,
         "mail.hamburger.edu:1:1: 'graylists' is no setting of a mail server; did you mean "
         "'greylists'?"},
        {{"mail.hamburger.edu"},
         -1,
         "mail.hamburger.edu:1:1: setting of a mail server is missing here"},
        {{"crepes.fr=lossy"},
         -1,
         "crepes.fr:1:1: 'lossy' is no property of a link; did you mean 'loss'?"},
        {{"pickles.org=takes 2 kB"},
         -1,
         "'pickles.org' is no mail server and no organisation of this scenario; a setting looks "
         "like 'mail.crepes.fr=takes 20 kB'"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *refusal = NULL;
        assert_int_equal(play(cases[i].settings, &refusal), cases[i].messages);
        if (cases[i].refusal == NULL) {
            assert_null(refusal);
        } else {
            assert_string_equal(refusal, cases[i].refusal);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_settings)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
