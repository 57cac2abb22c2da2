#pragma once

/* `--step`: the full screen for a scenario and for captures. */

#include "dissect/conversation/dissector.h"
#include "sim/scenario/scenario-run.h"
#include "ui/cli/command.h"
#include "ui/timeline/step.h"

typedef struct {
    StepLevel level;
    bool show_secrets;
    bool shows_messages;
    const char *password; /* NULL: none */
    guint64 first_step;   /* where to begin; 0: at the beginning */
} StepViewOptions;

/* False: this is no terminal, which has been said on standard error; print instead. */
bool step_view_is_possible(const char *command);

ExitStatus step_view_scenario(
    const Scenario *scenario, const ScenarioRunOptions *how, const StepViewOptions *options
);
ExitStatus step_view_captures(
    char *const *captures, const DissectOptions *how, const StepViewOptions *options
);
