/* Scenario files as anybody may write them. Whatever comes in, the reader gives a scenario or an
 * error with file and line, never both; and what it gives can be built into a world. */

#include "protocol/text/byte-span.h"
#include "sim/scenario/scenario-run.h"

#define BUILT_MAXIMUM 40 /* organisations, people and servers of a world worth building */

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void ignore_chapter(gpointer owner, SimTime time, const char *title, const char *note)
{
    (void)owner;
    (void)time;
    (void)title;
    (void)note;
}

static void build(const Scenario *scenario)
{
    ScenarioObserver observer = {.chapter = ignore_chapter};
    ScenarioRunOptions options = {.seed = 1};
    g_autoptr(GError) error = NULL;
    g_autoptr(ScenarioRun) run = scenario_run_new(scenario, &options, &observer, &error);
    g_assert((run == NULL) == (error != NULL));
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *octets = byte_span_to_string(byte_span(data, size));
    g_autofree char *text = g_utf8_make_valid(octets, -1);
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = scenario_parse("fuzz", text, &error);
    g_assert((scenario == NULL) == (error != NULL));
    if (scenario == NULL) {
        g_assert(g_str_has_prefix(error->message, "fuzz:"));
    } else if (scenario->organisations->len + scenario->people->len + scenario->servers->len +
                   scenario->records->len <
               BUILT_MAXIMUM) {
        build(scenario);
    }
    return 0;
}
