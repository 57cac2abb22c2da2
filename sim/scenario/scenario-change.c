/* Settings that are given beside the file and count after those in it: a setting of a mail server,
 * or a property of an organisation's network.
 *
 *     mail.hamburger.edu=greylists for 10 minutes
 *     crepes.fr=loss 5 percent                                                              */

#include "sim/scenario/scenario-private.h"
#include "sim/scenario/scenario-run-private.h"
#include "sim/scenario/scenario-statement.h"

static bool change_server(ScenarioRun *run, guint index, ScenarioLine *line)
{
    if (run->more_settings[index] == NULL) {
        run->more_settings[index] = scenario_settings_new();
    }
    return scenario_read_setting(run->more_settings[index], line);
}

static bool change(ScenarioRun *run, const char *name, const char *value, GError **error)
{
    ScenarioLine line;
    int server = scenario_find_server(run->scenario, name);
    int organisation = scenario_find_organisation(run->scenario, name);
    bool is_read = scenario_line_read(&line, name, 1, value, error);
    if (is_read && server >= 0) {
        is_read = change_server(run, (guint)server, &line);
    } else if (is_read && organisation >= 0) {
        is_read = scenario_take_link(&line, &run->links[organisation]) && scenario_line_end(&line);
    } else if (is_read) {
        is_read = false;
        g_set_error(
            error,
            SCENARIO_ERROR,
            SCENARIO_ERROR_SYNTAX,
            "'%s' is no mail server and no organisation of this scenario; a setting looks like "
            "'%s=takes 20 kB'",
            name,
            run->scenario->servers->len > 0 ? scenario_server(run->scenario, 0)->name
                                            : "mail.crepes.fr"
        );
    }
    scenario_line_clear(&line);
    return is_read;
}

bool scenario_take_changes(ScenarioRun *run, GError **error)
{
    const Scenario *scenario = run->scenario;
    const char *const *settings = run->options.settings;
    run->more_settings = g_new0(GArray *, scenario->servers->len);
    run->links = g_new0(SimLinkSettings, scenario->organisations->len);
    for (guint i = 0; i < scenario->organisations->len; i++) {
        run->links[i] = scenario_organisation(scenario, i)->link;
    }
    for (; settings != NULL && *settings != NULL; settings++) {
        g_auto(GStrv) parts = g_strsplit(*settings, "=", 2);
        g_strstrip(parts[0]);
        if (!change(run, parts[0], parts[1] == NULL ? "" : parts[1], error)) {
            return false;
        }
    }
    return true;
}

void scenario_clear_changes(ScenarioRun *run)
{
    for (guint i = 0; run->more_settings != NULL && i < run->scenario->servers->len; i++) {
        if (run->more_settings[i] != NULL) {
            g_array_unref(run->more_settings[i]);
        }
    }
    g_free(run->more_settings);
    g_free(run->links);
}
