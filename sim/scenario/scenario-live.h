#pragma once

/* A story that goes on by a clock which somebody else moves, with one of its people played from
 * outside: a real person's mail program does what the story has them do, and the story waits for
 * it. Everything else is as in scenario_run_play().
 *
 *     clock moved ─> scenario_live_advance() ─┬─ somebody else's deed: done
 *                                             └─ the player's deed: turn(); where it takes a
 *                                                conversation, the story stands until it is over
 */

#include "sim/scenario/scenario-run.h"

typedef struct ScenarioLive ScenarioLive;

typedef struct {
    /* What the player is to do now. 'waits': the story goes on when it has been done. */
    void (*turn)(gpointer owner, const ScenarioAction *action, bool waits);
    /* Nothing of the story happens before that time. */
    void (*pause)(gpointer owner, SimTime until);
    gpointer owner;
} ScenarioLiveOwner;

/* 'person' is the player's place in the scenario. The run is borrowed, not yet played. */
ScenarioLive *scenario_live_new(ScenarioRun *run, guint person, const ScenarioLiveOwner *owner);
void scenario_live_free(ScenarioLive *live);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScenarioLive, scenario_live_free)

/* Does what has its time by the world's clock; never from inside something that the world does. */
void scenario_live_advance(ScenarioLive *live);

/* When the story goes on by itself; SIM_TIME_NEVER: it waits for the world or for the player. */
SimTime scenario_live_due(const ScenarioLive *live);

/* The end of the pause; SIM_TIME_NEVER: there is none now. */
SimTime scenario_live_pause_end(const ScenarioLive *live);

/* The player has had a conversation with that port of a server. */
void scenario_live_spoken(ScenarioLive *live, guint16 port);

/* What the story waits for; NULL: for nothing that the player does. */
const ScenarioAction *scenario_live_turn(const ScenarioLive *live);

/* The story goes on, whether the player has done it or not. */
void scenario_live_skip_turn(ScenarioLive *live);

bool scenario_live_is_over(const ScenarioLive *live);
