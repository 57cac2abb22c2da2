#pragma once

/* What a player of `run --serve-loopback` is asked to do when the story comes to a deed of theirs:
 * a sentence, and a command line for it that works as it stands. */

#include "sim/loopback/loopback-doors.h"
#include "ui/report/text-layout.h"

typedef struct {
    const Scenario *scenario;
    const LoopbackDoors *doors;
    GPtrArray *written; /* ScenarioAction that have been written and not yet sent; borrowed */
} RunTurn;

void run_turn_write(
    RunTurn *turn, TextLayout *layout, const ScenarioAction *action, bool is_waited_for
);
