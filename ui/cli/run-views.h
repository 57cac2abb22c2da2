#pragma once

/* The views of `mailwalk run`: the story is played once and recorded, then each view that was asked
 * for is made of the recording.
 *
 *     scenario ─> Recording ─┬─> printed story or ladder, full screen
 *                            └─> capture, annotated capture, page
 *     (JSON lines are written while it is played)
 */

#include "sim/scenario/scenario-run.h"
#include "ui/cli/command.h"
#include "ui/timeline/step.h"

typedef struct {
    StepLevel level;
    gboolean step;
    gboolean ladder;
    gboolean json;
    gboolean force;
    gboolean show_secrets;
    char *pcap;
    char *pcapng;
    char *html;
    int chapter;   /* 0: all */
    guint64 until; /* step; 0: all */
    bool has_until_time;
    gint64 until_time; /* since midnight */
} RunViewOptions;

ExitStatus
run_views(const Scenario *scenario, const ScenarioRunOptions *how, const RunViewOptions *options);
