#include "tests/support/test.h"

#include "sim/scenario/scenario-statement.h"

#include <string.h>

/* The language of scenario files: every row reads its own example, mistakes are located, the
 * shortest useful file is short, and the reference page says what the table says. */

/* A file in which every example has what it speaks of. */
static const char base[] = "organisation crepes.fr\n"
                           "person alice \"Alice\" password yummy machine alice-laptop\n"
                           "organisation hamburger.edu\n"
                           "person bob \"Bob\" password hungry machine bob-pc machine bob-phone\n"
                           "chapter \"One\"\n";

static Scenario *parse(const char *text, GError **error)
{
    return scenario_parse("test", text, error);
}

static void each_statement(void (*check)(const ScenarioStatement *statement))
{
    for (gsize i = 0; scenario_statement_groups[i] != NULL; i++) {
        const ScenarioStatementGroup *group = scenario_statement_groups[i];
        assert_true(group->count > 0);
        assert_non_null(group->title);
        for (gsize j = 0; j < group->count; j++) {
            check(&group->statements[j]);
        }
    }
}

static void check_row(const ScenarioStatement *statement)
{
    assert_non_null(statement->word);
    assert_non_null(statement->form);
    assert_non_null(statement->meaning);
    assert_non_null(statement->example);
    assert_non_null(statement->read);
    assert_non_null(strstr(statement->form, statement->word));
    assert_non_null(strstr(statement->example, statement->word));
    assert_int_equal(statement->meaning[strlen(statement->meaning) - 1], '.');
}

static void test_rows_are_complete(void **state)
{
    (void)state;
    each_statement(check_row);
}

static void check_example(const ScenarioStatement *statement)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strconcat(base, statement->example, "\n", NULL);
    g_autoptr(Scenario) scenario = parse(text, &error);
    if (scenario == NULL) {
        print_error("%s\n", error->message);
    }
    assert_non_null(scenario);
}

static void test_examples_are_read(void **state)
{
    (void)state;
    each_statement(check_example);
}

static void test_words_are_used_once(void **state)
{
    (void)state;
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    /* Verbs of deeds are looked for behind a person, so they may be the words of others. */
    for (gsize i = 0; scenario_statement_groups[i] != NULL; i++) {
        const ScenarioStatementGroup *group = scenario_statement_groups[i];
        if (group == &scenario_writing_deeds || group == &scenario_machine_events) {
            g_hash_table_remove_all(seen);
        }
        for (gsize j = 0; j < group->count; j++) {
            assert_true(g_hash_table_add(seen, (gpointer)group->statements[j].word));
        }
    }
}

static void test_mistakes_are_located(void **state)
{
    (void)state;

    static const struct {
        const char *text; /* behind the base, so its first line is number 6 */
        const char *message;
    } cases[] = {
        {"titel \"x\"", "test:6:1: 'titel' is no statement and no person; did you mean 'title'?"},
        {"bobb sends", "test:6:1: 'bobb' is no statement and no person; did you mean 'bob'?"},
        {"alice wrtes to bob@hamburger.edu",
         "test:6:7: 'wrtes' is no thing that a person does; did you mean 'writes'?"},
        {"alice writes subject \"x\"", "test:6:25: 'to' and an address are expected here"},
        {"alice writes to a@b subject \"x\"",
         "test:6:21: a comma is expected before the next part"},
        {"alice writes to a@b, subjct \"x\"",
         "test:6:22: 'subjct' is no address or part of a message; did you mean 'subject'?"},
        {"alice writes to a@b, as 7bit",
         "test:6:25: '7bit' is no way of writing; did you mean '8bit'?"},
        {"alice writes to a@b, subject \"x", "test:6:30: this quote is never closed"},
        {"alice writes to a@b, attach big.bin of 30 MB",
         "test:6:43: made attachments have 20 MB at the most"},
        {"bob fetches by pop", "test:6:16: 'pop' is no access protocol; did you mean 'pop3'?"},
        {"bob fetches by pop3 and delets",
         "test:6:25: 'delets' is no way of fetching; did you mean 'deletes'?"},
        {"bob on bob-pone sends",
         "test:6:8: 'bob-pone' is no machine of this person; did you mean 'bob-phone'?"},
        {"bob reads now", "test:6:11: 'now' is too much here"},
        {"bob types to a.b port 25",
         "test:6:25: what is typed stands below, each line behind a '|'"},
        {"bob sends\n  | body", "test:6:10: this statement takes no lines with '|' below it"},
        {"mail.crepes.fr gos down",
         "test:6:16: 'gos' is no thing that happens to a machine; did you mean 'goes'?"},
        {"pickles.org gets loss 5 percent", "test:6:1: there is no organisation 'pickles.org'"},
        {"at 25:00 bob sends", "test:6:4: '25:00' is no time of day, such as 10:15"},
        {"wait 5 fortnights", "test:6:8: 'fortnights' is no unit of time"},
        {"wait soon", "test:6:6: a number is expected here, as in '5 minutes'"},
        {"meanwhile after 5 s", "test:6:20: what happens then is missing here"},
        {"rfc 5321 9.9.9", "test:6:10: RFC 5321 has no section '9.9.9'"},
        {"rfcs 99999", "test:6:6: '99999' is no number up to 65535"},
        {"link delay 5 ms, los 3 percent",
         "test:6:18: 'los' is no property of a link; did you mean 'loss'?"},
        {"link loss 101 percent", "test:6:11: '101' is no number from 0 to 100"},
        {"link mtu 600", "test:6:10: IPv6 needs packets of 1280 octets at the least"},
        {"organisation crepes.fr", "test:6:14: there is an organisation 'crepes.fr' already"},
        {"person bob", "test:6:8: there is a person 'bob' already"},
        {"person eve server mail.nowhere.org",
         "test:6:19: there is no mail server 'mail.nowhere.org' above"},
        {"fails at rcpt with 250 \"ok\"", "test:6:20: a refusal has a code from 400 to 599"},
        {"syntax loose", "test:6:8: 'loose' is no kind of syntax"},
        {"expect bob own 1 message", "test:6:12: 'has' or 'reads' is expected here"},
        {"expect bobby has 1 message", "test:6:8: 'bobby' is no expectation and no person"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strconcat(base, cases[i].text, NULL);
        g_autoptr(GError) error = NULL;
        assert_null(parse(text, &error));
        assert_non_null(error);
        assert_string_equal(error->message, cases[i].message);
    }
}

static void test_places_come_before_what_belongs_to_them(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"person bob", "test:1:1: this belongs to an organisation: write 'organisation ...' first"},
        {"greylists for 5 minutes",
         "test:1:1: this belongs to a mail server: write 'organisation ...' first"},
        {"note \"x\"", "test:1:1: this belongs to a chapter: write 'chapter ...' first"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        assert_null(parse(cases[i].text, &error));
        assert_string_equal(error->message, cases[i].message);
    }
}

static void test_the_shortest_useful_file(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = parse(
        "organisation crepes.fr\n"
        "  person alice\n"
        "organisation hamburger.edu\n"
        "  person bob\n"
        "alice writes to bob@hamburger.edu, subject \"Ketchup?\"\n"
        "alice sends\n"
        "bob fetches by pop3\n",
        &error
    );
    assert_null(error);
    assert_non_null(scenario);
    assert_string_equal(scenario_server(scenario, 1)->name, "mail.hamburger.edu");
    assert_string_equal(scenario_person(scenario, 1)->name, "Bob");
    assert_string_equal(scenario_person(scenario, 1)->machine, "bob-pc");
    assert_int_equal(scenario->actions->len, 3);
}

static void test_lines_below(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strconcat(
        base,
        "note\n  | One\n  | two.\n"
        "alice writes to bob@hamburger.edu\n"
        "  | Do you like ketchup?\n"
        "  |\n"
        "  |   How about \"pickles\"? # no comment\n",
        NULL
    );
    g_autoptr(Scenario) scenario = parse(text, &error);
    assert_non_null(scenario);
    const ScenarioAction *chapter = &g_array_index(scenario->actions, ScenarioAction, 0);
    const ScenarioAction *writes = &g_array_index(scenario->actions, ScenarioAction, 1);
    assert_string_equal(chapter->note, "One two.");
    assert_string_equal(
        writes->mail->body, "Do you like ketchup?\n\n  How about \"pickles\"? # no comment\n"
    );
}

static void test_servers_get_their_names_and_settings(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = parse(
        "organisation crepes.fr\nserver smtp.crepes.fr\ntakes 2 MB\nperson alice\n"
        "server backup.crepes.fr\nbacks up crepes.fr\nwithout PIPELINING, SIZE\n",
        &error
    );
    assert_null(error);
    assert_int_equal(scenario->servers->len, 2);
    assert_string_equal(scenario_server(scenario, 0)->name, "smtp.crepes.fr");
    assert_int_equal(scenario_server(scenario, 0)->settings->len, 1);
    assert_string_equal(scenario_server(scenario, 1)->name, "backup.crepes.fr");
    assert_int_equal(scenario_server(scenario, 1)->settings->len, 2);
    assert_int_equal(scenario_person(scenario, 0)->server, 0);
}

static void test_a_deed_alone(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = parse(base, NULL);
    g_autoptr(ScenarioAction) deed =
        scenario_parse_deed(scenario, "bob on bob-phone fetches by pop3 and keeps", &error);
    assert_non_null(deed);
    assert_int_equal(deed->kind, SCENARIO_FETCHES);
    assert_int_equal(deed->device, 2);
    assert_int_equal(scenario->actions->len, 1);
    assert_null(scenario_parse_deed(scenario, "wait 5 minutes", &error));
    assert_string_equal(
        error->message,
        "deed:1:1: 'wait' is no 'refuse', 'answer' or 'say', and no person of this story"
    );
}

/* --- the reference page --- */

/* As the page writes it: hyphens and the first dot of a line are escaped. */
static char *as_roff(const char *text)
{
    g_autoptr(GString) out = g_string_new(*text == '\'' || *text == '.' ? "\\&" : NULL);
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '-' || *at == '\\') {
            g_string_append_c(out, '\\');
        }
        g_string_append(out, *at == '\\' ? "e" : (char[]){*at, '\0'});
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void append_statement(GString *page, const ScenarioStatement *statement)
{
    g_autofree char *form = as_roff(statement->form);
    g_autofree char *meaning = as_roff(statement->meaning);
    g_autofree char *example = as_roff(statement->example);
    g_string_append_printf(page, ".TP\n.B %s\n%s\n", form, meaning);
    g_string_append_printf(page, ".IP\n.EX\n%s\n.EE\n", example);
}

static char *reference(void)
{
    g_autoptr(GString) page = g_string_new(NULL);
    for (gsize i = 0; scenario_statement_groups[i] != NULL; i++) {
        const ScenarioStatementGroup *group = scenario_statement_groups[i];
        g_autofree char *about = group->about == NULL ? NULL : as_roff(group->about);
        g_string_append_printf(page, ".SS %s\n", group->title);
        if (about != NULL) {
            g_string_append_printf(page, "%s\n", about);
        }
        for (gsize j = 0; j < group->count; j++) {
            append_statement(page, &group->statements[j]);
        }
    }
    return g_string_free(g_steal_pointer(&page), FALSE);
}

/* With MAILWALK_UPDATE=1 the page is written anew. */
static void test_the_page_says_the_same(void **state)
{
    (void)state;
    static const char begin[] = ".SH STATEMENTS\n";
    static const char end[] = ".SH EXAMPLE\n";
    g_autofree char *path =
        g_build_filename(g_getenv("MAILWALK_TESTS"), "..", "doc", "mailwalk-scenario.5", NULL);
    g_autofree char *wanted = reference();
    g_autofree char *page = NULL;
    assert_true(g_file_get_contents(path, &page, NULL, NULL));
    char *from = strstr(page, begin);
    char *to = strstr(page, end);
    assert_non_null(from);
    assert_non_null(to);
    from += strlen(begin);
    if (g_getenv("MAILWALK_UPDATE") != NULL) {
        g_autofree char *head = g_strndup(page, (gsize)(from - page));
        g_autofree char *whole = g_strconcat(head, wanted, to, NULL);
        assert_true(g_file_set_contents(path, whole, -1, NULL));
        return;
    }
    g_autofree char *written = g_strndup(from, (gsize)(to - from));
    assert_string_equal(written, wanted);
}

static void test_what_is_lacking(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        const char *message; /* how it begins; NULL: it is a story */
    } cases[] = {
        {"", "story:1: there is no organisation"},
        {"# nothing\n\n", "story:2: there is no organisation"},
        {"title \"A\"\norganisation crepes.fr", "story:2: there is nobody"},
        {"organisation crepes.fr\nperson alice\nchapter \"A\"\nwait 1 hour\n",
         "story:4: nothing happens"},
        {"organisation crepes.fr\nperson alice machine a\nalice sends\n", NULL},
        {"organisation crepes.fr\nperson alice machine a\nmail.crepes.fr goes down\n", NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Scenario) scenario = scenario_parse("story", cases[i].text, &error);
        assert_null(error);
        assert_int_equal(scenario_is_story(scenario, &error), cases[i].message == NULL);
        if (cases[i].message != NULL && !g_str_has_prefix(error->message, cases[i].message)) {
            fail_msg("%s", error->message);
        }
    }
}

static void test_percents(void **state)
{
    (void)state;
    static const char *const ways[] = {"5 percent", "5%", "5 %", "5.0 percent"};
    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_autofree char *text =
            g_strdup_printf("organisation crepes.fr\nlink loss %s, delay 1 ms\n", ways[i]);
        g_autoptr(GError) error = NULL;
        g_autoptr(Scenario) scenario = scenario_parse("story", text, &error);
        assert_null(error);
        assert_int_equal(scenario_organisation(scenario, 0)->link.loss, 50000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_lacking),
        cmocka_unit_test(test_percents),
        cmocka_unit_test(test_rows_are_complete),
        cmocka_unit_test(test_examples_are_read),
        cmocka_unit_test(test_words_are_used_once),
        cmocka_unit_test(test_mistakes_are_located),
        cmocka_unit_test(test_places_come_before_what_belongs_to_them),
        cmocka_unit_test(test_the_shortest_useful_file),
        cmocka_unit_test(test_lines_below),
        cmocka_unit_test(test_servers_get_their_names_and_settings),
        cmocka_unit_test(test_a_deed_alone),
        cmocka_unit_test(test_the_page_says_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
