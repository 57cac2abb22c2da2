#include "sim/scenario/scenario-live.h"

#include "sim/scenario/scenario-run-private.h"

#include <string.h>

typedef enum {
    LIVE_NEXT,    /* the next deed is to be looked at */
    LIVE_PASSING, /* it has a time of its own */
    LIVE_BUSY,    /* it was done; until the world is quiet again */
    LIVE_TURN,    /* the player is to do it */
    LIVE_OVER,
} LiveState;

struct ScenarioLive {
    ScenarioRun *run;
    guint person;
    ScenarioLiveOwner owner;
    LiveState state;
    SimTime due;                /* PASSING: when; BUSY: at the latest */
    const ScenarioAction *turn; /* TURN */
    bool has_spoken;            /* in this turn, by the protocol that it asks for */
    bool has_handed_in;         /* in this turn a queue or a mailbox got something */
    guint observer;
};

/* --- the player's deeds --- */

/* What a machine does in itself, without the network, no real client can do for it. */
static bool is_within_machine(const ScenarioAction *action)
{
    return (action->flags & SCENARIO_LOCALLY) != 0 || action->kind == SCENARIO_LEAVES ||
           action->kind == SCENARIO_LOOKS;
}

/* What is written goes with the next sending: by the simulation or by the player. */
static bool is_sent_within_machine(const ScenarioLive *live, guint index)
{
    const ScenarioRun *run = live->run;
    for (guint i = index; i < run->scenario->actions->len; i++) {
        const ScenarioAction *action = run->story[i];
        if (action->kind == SCENARIO_SENDS && action->person == live->person) {
            return is_within_machine(action);
        }
    }
    return false;
}

static bool is_deed_of_person(ScenarioActionKind kind)
{
    switch (kind) {
    case SCENARIO_WRITES:
    case SCENARIO_SENDS:
    case SCENARIO_REPLIES:
    case SCENARIO_FORWARDS:
    case SCENARIO_FETCHES:
    case SCENARIO_READS:
    case SCENARIO_FILES:
    case SCENARIO_DELETES:
    case SCENARIO_TYPES:
    case SCENARIO_LEAVES:
    case SCENARIO_LOOKS:
    case SCENARIO_ASKS:
    case SCENARIO_CREATES:
    case SCENARIO_FLAGS:
    case SCENARIO_SEARCHES:
        return true;
    case SCENARIO_CHAPTER:
    case SCENARIO_WAITS:
    case SCENARIO_TELLS:
    case SCENARIO_HOST:
    case SCENARIO_LINK:
    case SCENARIO_DIGEST:
    case SCENARIO_EXPECTS:
    case N_SCENARIO_ACTIONS:
        return false;
    }
    return false;
}

static bool is_players(const ScenarioLive *live, const ScenarioAction *action, guint index)
{
    bool is_written = action->kind == SCENARIO_WRITES || action->kind == SCENARIO_REPLIES ||
                      action->kind == SCENARIO_FORWARDS;
    return is_deed_of_person(action->kind) && action->person == live->person &&
           !is_within_machine(action) && !(is_written && is_sent_within_machine(live, index));
}

/* The port that the deed speaks to; 0: it needs none. */
static guint16 port_of(const ScenarioAction *action)
{
    bool is_by_imap = (action->flags & SCENARIO_BY_IMAP) != 0;
    switch (action->kind) {
    case SCENARIO_SENDS:
        return (action->flags & SCENARIO_BY_WEBMAIL) != 0 ? 80 : 25;
    case SCENARIO_FETCHES:
        return g_str_equal(action->text, "imap")      ? 143
               : g_str_equal(action->text, "webmail") ? 80
                                                      : 110;
    case SCENARIO_TYPES:
        return action->port;
    case SCENARIO_ASKS:
        return 53;
    case SCENARIO_CREATES:
    case SCENARIO_FLAGS:
    case SCENARIO_SEARCHES:
        return 143;
    case SCENARIO_FILES:
    case SCENARIO_DELETES:
        return is_by_imap ? 143 : 0;
    case SCENARIO_CHAPTER:
    case SCENARIO_WAITS:
    case SCENARIO_TELLS:
    case SCENARIO_HOST:
    case SCENARIO_LINK:
    case SCENARIO_WRITES:
    case SCENARIO_REPLIES:
    case SCENARIO_FORWARDS:
    case SCENARIO_READS:
    case SCENARIO_LEAVES:
    case SCENARIO_LOOKS:
    case SCENARIO_DIGEST:
    case SCENARIO_EXPECTS:
    case N_SCENARIO_ACTIONS:
        return 0;
    }
    return 0;
}

static void on_world_event(const WorldEvent *event, gpointer data)
{
    ScenarioLive *live = data;
    bool is_mail = event->kind == WORLD_EVENT_QUEUE || event->kind == WORLD_EVENT_MAILBOX;
    live->has_handed_in = live->has_handed_in || is_mail;
}

/* A message is sent when a server has taken one, not when somebody has hung up. */
static void look_at_turn(ScenarioLive *live)
{
    bool is_done = live->has_spoken && (live->turn->kind != SCENARIO_SENDS || live->has_handed_in);
    if (live->state == LIVE_TURN && is_done) {
        scenario_live_skip_turn(live);
    }
}

void scenario_live_spoken(ScenarioLive *live, guint16 port)
{
    if (live->state != LIVE_TURN) {
        return;
    }
    guint16 wanted = port_of(live->turn);
    bool is_submission = live->turn->kind == SCENARIO_SENDS && (port == 25 || port == 587);
    live->has_spoken = live->has_spoken || port == wanted || is_submission;
    look_at_turn(live);
}

void scenario_live_skip_turn(ScenarioLive *live)
{
    if (live->state == LIVE_TURN) {
        live->state = LIVE_BUSY;
        live->due = sim_world_now(live->run->world) + SCENARIO_DEED_LIMIT;
        live->turn = NULL;
    }
}

static void take_turn(ScenarioLive *live, const ScenarioAction *action)
{
    bool waits = port_of(action) != 0;
    if (waits) {
        live->state = LIVE_TURN;
        live->turn = action;
        live->has_spoken = false;
        live->has_handed_in = false;
    }
    live->owner.turn(live->owner.owner, action, waits);
}

/* --- the story --- */

static SimTime time_of(const ScenarioRun *run, const ScenarioAction *action)
{
    SimTime now = sim_world_now(run->world);
    return action->when == SCENARIO_AT      ? scenario_next_time(now, action->time)
           : action->when == SCENARIO_AFTER ? now + action->time
                                            : now;
}

static void do_next(ScenarioLive *live)
{
    ScenarioRun *run = live->run;
    guint index = run->next++;
    const ScenarioAction *action = run->story[index];
    live->state = LIVE_NEXT;
    if (action->kind == SCENARIO_CHAPTER) {
        SimTime now = sim_world_now(run->world);
        run->observer.chapter(run->observer.owner, now, action->text, action->note);
    } else if (is_players(live, action, index)) {
        take_turn(live, action);
    } else if (action->kind != SCENARIO_EXPECTS) { /* the story may have gone another way */
        scenario_perform_or_tell(run, action, NULL);
        live->state = LIVE_BUSY;
        live->due = sim_world_now(run->world) + SCENARIO_DEED_LIMIT;
    }
}

static void look_at_next(ScenarioLive *live)
{
    ScenarioRun *run = live->run;
    if (run->next >= run->scenario->actions->len) {
        live->state = LIVE_OVER;
        return;
    }
    const ScenarioAction *action = run->story[run->next];
    if (action->when == SCENARIO_MEANWHILE) {
        run->next++;
        scenario_do_later(run, action);
        return;
    }
    live->state = LIVE_PASSING;
    live->due = time_of(run, action);
    if (live->due > sim_world_now(run->world)) {
        live->owner.pause(live->owner.owner, live->due);
    }
}

void scenario_live_advance(ScenarioLive *live)
{
    for (;;) {
        SimTime now = sim_world_now(live->run->world);
        switch (live->state) {
        case LIVE_NEXT:
            look_at_next(live);
            break;
        case LIVE_PASSING:
            if (now < live->due) {
                return;
            }
            do_next(live);
            break;
        case LIVE_BUSY:
            if (now < live->due && !scenario_is_quiet(live->run)) {
                return;
            }
            live->state = LIVE_NEXT;
            break;
        case LIVE_TURN:
            look_at_turn(live);
            if (live->state == LIVE_TURN) {
                return;
            }
            break;
        case LIVE_OVER:
            return;
        }
    }
}

SimTime scenario_live_due(const ScenarioLive *live)
{
    bool has_time = live->state == LIVE_PASSING || live->state == LIVE_BUSY;
    return has_time ? live->due : SIM_TIME_NEVER;
}

SimTime scenario_live_pause_end(const ScenarioLive *live)
{
    return live->state == LIVE_PASSING ? live->due : SIM_TIME_NEVER;
}

const ScenarioAction *scenario_live_turn(const ScenarioLive *live)
{
    return live->turn;
}

bool scenario_live_is_over(const ScenarioLive *live)
{
    return live->state == LIVE_OVER;
}

ScenarioLive *scenario_live_new(ScenarioRun *run, guint person, const ScenarioLiveOwner *owner)
{
    ScenarioLive *live = g_new0(ScenarioLive, 1);
    live->run = run;
    live->person = person;
    live->owner = *owner;
    live->observer = sim_world_add_observer(run->world, on_world_event, live);
    run->may_differ = true;
    return live;
}

void scenario_live_free(ScenarioLive *live)
{
    if (live != NULL) {
        sim_world_remove_observer(live->run->world, live->observer);
        g_free(live);
    }
}
