#include "ui/cli/step-view.h"

#include "ui/cli/scenario-error.h"
#include "ui/terminal/terminal.h"

#include <stdio.h>

#define USUAL_WIDTH 80
#define USUAL_HEIGHT 24

/* What is needed to play the story again with other what-ifs. */
typedef struct {
    const Scenario *scenario;
    const ScenarioRunOptions *how;
    RecordingOptions options;
} Player;

bool step_view_is_possible(const char *command)
{
    if (terminal_is_there()) {
        return true;
    }
    fprintf(
        stderr,
        "mailwalk %s: --step needs a terminal, and this is none; printing instead\n",
        command
    );
    return false;
}

static Recording *play(gpointer owner, const WhatIfList *what_ifs, GError **error)
{
    const Player *player = owner;
    ScenarioRunOptions how = *player->how;
    how.what_ifs = what_ifs;
    return recording_of_scenario(player->scenario, &how, &player->options, error);
}

/* " --seed=3 --set=loss=10": what the saved branch needs besides its lines. */
static char *command_line_of(const Scenario *scenario, const ScenarioRunOptions *how)
{
    GString *text = g_string_new(NULL);
    if (how->seed != scenario->seed) {
        g_string_append_printf(text, " --seed=%" G_GUINT64_FORMAT, how->seed);
    }
    for (guint i = 0; how->settings != NULL && how->settings[i] != NULL; i++) {
        g_string_append_printf(text, " --set=%s", how->settings[i]);
    }
    return g_string_free(text, FALSE);
}

static bool does(const Scenario *scenario, guint person, ScenarioActionKind kind)
{
    for (guint i = 0; i < scenario->actions->len; i++) {
        const ScenarioAction *action = &g_array_index(scenario->actions, ScenarioAction, i);
        if (action->kind == kind && action->person == person) {
            return true;
        }
    }
    return false;
}

/* What people can do at any time, and what they could do in the place of what the story has them
 * do.
 */
static GPtrArray *deeds_of(const Scenario *scenario)
{
    static const struct {
        const char *deed;
        ScenarioActionKind kind;
        bool is_now; /* can be done at any time */
        bool is_instead;
    } forms[] = {
        {"fetches by pop3 and keeps", SCENARIO_FETCHES, true, true},
        {"fetches by pop3 and deletes", SCENARIO_FETCHES, true, true},
        {"fetches by imap", SCENARIO_FETCHES, true, true},
        {"deletes message 1 by imap", SCENARIO_DELETES, true, false},
        {"sends", SCENARIO_SENDS, true, false},
        {"sends by submission", SCENARIO_SENDS, false, true},
    };

    GPtrArray *deeds = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < scenario->people->len; i++) {
        const ScenarioPerson *person = scenario_person(scenario, i);
        bool can_act = person->machine != NULL && person->server != SCENARIO_NO_SERVER;
        for (gsize form = 0; can_act && form < G_N_ELEMENTS(forms); form++) {
            g_autofree char *line = g_strdup_printf("%s %s", person->login, forms[form].deed);
            g_autoptr(ScenarioAction) deed = scenario_parse_deed(scenario, line, NULL);
            bool has_own = does(scenario, i, forms[form].kind);
            if (deed != NULL && has_own && forms[form].is_instead) {
                g_ptr_array_add(deeds, g_strconcat(line, " instead", NULL));
            }
            bool is_use = has_own || forms[form].kind != SCENARIO_SENDS; /* something is written */
            if (deed != NULL && is_use && forms[form].is_now) {
                g_ptr_array_add(deeds, g_steal_pointer(&line));
            }
        }
    }
    g_ptr_array_add(deeds, NULL);
    return deeds;
}

static ExitStatus show(Stage *stage, const StepViewOptions *options, const char *command)
{
    g_autoptr(GError) error = NULL;
    stage_set_level(stage, options->level);
    if (options->first_step != 0 && !stage_go_to_step(stage, options->first_step)) {
        return cli_usage_error(command, "there is no step %" G_GUINT64_FORMAT, options->first_step);
    }
    return terminal_run(stage, &error) ? EXIT_DONE
                                       : cli_environment_error(command, "%s", error->message);
}

ExitStatus step_view_scenario(
    const Scenario *scenario, const ScenarioRunOptions *how, const StepViewOptions *options
)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *unlike = command_line_of(scenario, how);
    g_autoptr(GPtrArray) deeds = deeds_of(scenario);
    Player player = {
        .scenario = scenario,
        .how = how,
        .options = {.show_secrets = options->show_secrets, .wants_frames = true},
    };
    StageOptions stage_options = {
        .title = scenario->name,
        .name = scenario->name,
        .unlike = unlike,
        .show_secrets = options->show_secrets,
        .deeds = (const char *const *)deeds->pdata,
        .play = play,
        .owner = &player,
    };
    Recording *recording = play(&player, how->what_ifs, &error);
    if (recording == NULL) {
        return scenario_error_print("run", error);
    }
    Recording *original = NULL;
    if (what_if_list_length(how->what_ifs) > 0) {
        original = play(&player, NULL, &error);
        if (original == NULL) {
            recording_free(recording);
            return scenario_error_print("run", error);
        }
    }
    g_autoptr(Stage) stage =
        stage_new(&stage_options, recording, original, how->what_ifs, USUAL_WIDTH, USUAL_HEIGHT);
    return show(stage, options, "run");
}

/* The names of the files without their folders, which would push all else out of the title. */
static char *title_of_captures(char *const *captures)
{
    GString *names = g_string_new(NULL);
    for (guint i = 0; captures[i] != NULL; i++) {
        g_autofree char *name = g_path_get_basename(captures[i]);
        g_string_append_printf(names, "%s%s", i == 0 ? "" : ", ", name);
    }
    g_autofree char *raw = g_string_free(names, FALSE);
    return byte_span_to_display(byte_span_from_string(raw));
}

ExitStatus
step_view_captures(char *const *captures, const DissectOptions *how, const StepViewOptions *options)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *title = title_of_captures(captures);
    RecordingOptions what = {
        .show_secrets = options->show_secrets,
        .wants_frames = true,
        .shows_messages = options->shows_messages,
        .password = options->password,
    };
    StageOptions stage_options = {
        .title = title, .name = title, .unlike = "", .show_secrets = options->show_secrets};
    Recording *recording = recording_of_captures(captures, how, &what, &error);
    if (recording == NULL) {
        return cli_environment_error("dissect", "%s", error->message);
    }
    g_autofree char *damage = g_strdup(recording_damage(recording));
    g_autoptr(Stage) stage =
        stage_new(&stage_options, recording, NULL, NULL, USUAL_WIDTH, USUAL_HEIGHT);
    ExitStatus status = show(stage, options, "dissect");
    if (damage != NULL) {
        fprintf(stderr, "mailwalk dissect: %s\n", damage);
    }
    return status == EXIT_DONE && damage != NULL ? EXIT_NO : status;
}
