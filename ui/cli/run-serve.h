#pragma once

/* `mailwalk run NAME --serve-loopback`: the story in real time, with a real client as one of its
 * people.
 *
 *     machine's clock ─> world ─> ScenarioLive ─> turns of the player ─┐
 *     real clients ─> LoopbackDoors ─> world ─> frames, events ────────┴─> ListenView ─> screen
 *                                                                                    └─> capture
 */

#include "sim/scenario/scenario-run.h"
#include "ui/cli/command.h"
#include "ui/timeline/step.h"

typedef struct {
    const char *person; /* whom the client plays; "": the first one who has a machine */
    guint speed;        /* seconds of the story in one of ours */
    StepLevel level;
    bool show_secrets;
    const char *pcap; /* NULL: none */
} RunServeOptions;

ExitStatus
run_serve(const Scenario *scenario, const ScenarioRunOptions *how, const RunServeOptions *options);
