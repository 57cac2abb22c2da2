#pragma once

/* A simulated world: a virtual clock, a queue of what is due, a seed, and whoever watches. Nothing
 * is global, so two worlds run side by side; a world belongs to one thread at a time.
 *
 *     sim_timer_set() ──> queue ── sim_world_step() ──> callback at its time, clock moved there
 *
 * Things due at the same time come in the order in which they were set. A timer is a struct in its
 * owner's memory; the owner cancels it before that memory goes. Hosts, links, connections and
 * sockets belong to the world and go with it. */

#include "sim/network/random.h"
#include "sim/network/time.h"
#include "sim/network/world-event.h"

#include <stdbool.h>

typedef struct SimWorld SimWorld;
typedef struct SimTimer SimTimer;

typedef void (*SimTimerCallback)(SimTimer *timer, gpointer data);

/* Fields are the queue's; owners use the functions below. */
struct SimTimer {
    SimWorld *world;
    SimTimerCallback callback;
    gpointer data;
    SimTime due;
    guint64 order;
    guint32 slot; /* in the queue; 0: it does not lie there */
    bool is_background;
    bool is_arrival; /* of a frame; the network's own */
};

SimWorld *sim_world_new(guint64 seed);
void sim_world_free(SimWorld *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimWorld, sim_world_free)

/* Only before anything has happened. */
void sim_world_set_start(SimWorld *world, SimTime start);
SimTime sim_world_start(const SimWorld *world);

/* Its owner's own pointer; the network does not look at it. */
void sim_world_set_data(SimWorld *world, gpointer data);
gpointer sim_world_data(const SimWorld *world);
SimTime sim_world_now(const SimWorld *world);
guint64 sim_world_seed(const SimWorld *world);

/* A generator for the part of the world called 'name'. */
void sim_world_random(const SimWorld *world, const char *name, SimRandom *out_random);

/* Does the next thing that is due; false when there is nothing left at all. */
bool sim_world_step(SimWorld *world);

/* Does all that is due up to and including 'time', then sets the clock to 'time'. */
void sim_world_run_until(SimWorld *world, SimTime time);

/* Runs until only background timers are left, or 'limit' is reached; true: the world is idle. */
bool sim_world_run(SimWorld *world, SimTime limit);

/* Nothing is going on: no frame under way, no timer set but background ones (a connection in
 * TIME-WAIT, an agent that looks for mail every minute). */
bool sim_world_is_idle(const SimWorld *world);

/* When the next thing is due; SIM_TIME_NEVER: nothing is. */
SimTime sim_world_next_due(const SimWorld *world);

/* Things done since the world began, for measuring. */
guint64 sim_world_steps(const SimWorld *world);

/* Called, last registered first, when the world is freed, while all its parts still stand. */
void sim_world_add_cleanup(SimWorld *world, GDestroyNotify cleanup, gpointer data);

/* --- timers --- */

void sim_timer_init(SimTimer *timer, SimWorld *world, SimTimerCallback callback, gpointer data);

/* One that does not keep the world busy; say so before it is set. */
void sim_timer_set_background(SimTimer *timer);

/* Sets it, or moves it if it is set. A time in the past means now. */
void sim_timer_set_at(SimTimer *timer, SimTime due);
void sim_timer_set(SimTimer *timer, SimTime delay);
void sim_timer_cancel(SimTimer *timer);
bool sim_timer_is_set(const SimTimer *timer);
SimTime sim_timer_due(const SimTimer *timer); /* SIM_TIME_NEVER: not set */

/* --- world events --- */

/* The number is for sim_world_remove_observer(). */
guint sim_world_add_observer(SimWorld *world, WorldObserver observer, gpointer data);
void sim_world_remove_observer(SimWorld *world, guint number);
bool sim_world_is_observed(const SimWorld *world);

/* Formats and tells the observers; does nothing when there are none. 'host' may be NULL. */
void sim_world_emit(
    SimWorld *world, const SimHost *host, WorldEventKind kind, const char *format, ...
) G_GNUC_PRINTF(4, 5);

/* The same for a thing that has a state. 'of' tells it from others of the kind on this host
 * ("bob@hamburger.edu"), 'state' is what it has come to ("2 messages"): fields of these names. */
void sim_world_emit_state(
    SimWorld *world,
    const SimHost *host,
    WorldEventKind kind,
    const char *of,
    const char *state,
    const char *text
);

/* Number and time are filled in here; the rest is the caller's. */
void sim_world_emit_event(SimWorld *world, WorldEvent event);
