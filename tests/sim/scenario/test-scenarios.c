#include "tests/support/test.h"

#include "sim/agent/accounting.h"
#include "sim/scenario/scenario-run.h"

#include <stdio.h>
#include <string.h>

/* Every scenario that ships: it plays, its expectations hold, every accepted message ends somewhere
 * and none arrives twice, and playing it again gives the same octets and events. */

typedef struct {
    GChecksum *sum;
    guint chapters;
    guint frames;
} Seen;

static void on_frame(gpointer owner, const SimTapFrame *frame)
{
    Seen *seen = owner;
    seen->frames++;
    g_checksum_update(seen->sum, (const guchar *)&frame->time, sizeof frame->time);
    g_checksum_update(seen->sum, frame->octets.data, (gssize)frame->octets.length);
}

static void on_world(gpointer owner, const WorldEvent *event)
{
    Seen *seen = owner;
    g_checksum_update(seen->sum, (const guchar *)event->text, -1);
}

static void on_chapter(gpointer owner, SimTime time, const char *title, const char *note)
{
    Seen *seen = owner;
    (void)time;
    (void)note;
    assert_true(title[0] != '\0');
    seen->chapters++;
}

static void check_books(const Accounting *accounting)
{
    AccountingResult result;
    accounting_close(accounting, &result);
    for (guint i = 0; i < result.violations->len; i++) {
        print_error("%s\n", (const char *)result.violations->pdata[i]);
    }
    assert_int_equal(result.violations->len, 0);
    assert_int_equal(result.twice->len, 0);
    accounting_result_clear(&result);
}

static char *play(const Scenario *scenario, guint64 seed)
{
    Seen seen = {.sum = g_checksum_new(G_CHECKSUM_SHA256)};
    ScenarioObserver observer = {
        .frame = on_frame, .world = on_world, .chapter = on_chapter, .owner = &seen};
    ScenarioRunOptions options = {.seed = seed};
    g_autoptr(GError) error = NULL;
    g_autoptr(ScenarioRun) run = scenario_run_new(scenario, &options, &observer, &error);
    if (run == NULL) {
        print_error("%s\n", error->message);
    }
    assert_null(error);
    g_autoptr(Accounting) accounting = accounting_new(scenario_run_world(run));
    for (guint i = 0; i < scenario->servers->len; i++) {
        accounting_add_agent(accounting, scenario_run_server_agent(run, i));
    }
    if (!scenario_run_play(run, &error)) {
        print_error("%s\n", error->message);
    }
    assert_null(error);
    check_books(accounting);
    for (guint i = 0; i < scenario_run_failure_count(run); i++) {
        print_error("%s\n", scenario_run_failure(run, i));
    }
    assert_int_equal(scenario_run_failure_count(run), 0);
    assert_true(seen.chapters > 0);
    char *text = g_strdup(g_checksum_get_string(seen.sum));
    g_checksum_free(seen.sum);
    return text;
}

static char *folder(void)
{
    return g_build_filename(g_getenv("MAILWALK_TESTS"), "..", "sim", "scenarios", NULL);
}

static void test_scenario(void **state)
{
    g_autofree char *path = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = scenario_load(path, &error);
    if (scenario == NULL) {
        print_error("%s\n", error->message);
    }
    assert_non_null(scenario);
    assert_non_null(scenario->about);
    assert_non_null(scenario->lectures);
    assert_non_null(scenario->references);
    g_autofree char *once = play(scenario, 1);
    g_autofree char *again = play(scenario, 1);
    assert_string_equal(once, again);
    g_autofree char *other = play(scenario, 20260105);
    (void)other; /* another seed holds the expectations, too */
}

static int compare(gconstpointer left, gconstpointer right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

int main(void)
{
    g_autofree char *place = folder();
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) tests = g_array_new(FALSE, TRUE, sizeof(struct CMUnitTest));
    GDir *listing = g_dir_open(place, 0, NULL);
    const char *file;
    while (listing != NULL && (file = g_dir_read_name(listing)) != NULL) {
        if (g_str_has_suffix(file, ".scenario")) {
            g_ptr_array_add(names, g_strdup(file));
        }
    }
    g_ptr_array_sort(names, compare);
    if (names->len == 0) {
        fprintf(stderr, "no scenarios in %s\n", place);
        return 1;
    }
    for (guint i = 0; i < names->len; i++) {
        struct CMUnitTest test = {
            .name = names->pdata[i],
            .test_func = test_scenario,
            .initial_state = g_build_filename(place, names->pdata[i], NULL),
        };
        g_array_append_val(tests, test);
    }
    if (listing != NULL) {
        g_dir_close(listing);
    }
    return _cmocka_run_group_tests(
        "scenarios", (const struct CMUnitTest *)(const void *)tests->data, tests->len, NULL, NULL
    );
}
