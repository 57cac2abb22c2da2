#pragma once

/* Ties a simulated world's clock to the real one: what is due in the world happens when its time
 * has come, and whoever serves a real connection brings the world up to date first. It runs in the
 * thread's main context, for as long as it lives. */

#include "sim/network/world.h"

#define LOOPBACK_SPEED_MAXIMUM 3600

typedef struct LoopbackClock LoopbackClock;

typedef struct {
    /* The world goes on from its own present; else that becomes the machine's, which its clock
     * must not be past. */
    bool goes_on;
    guint speed; /* seconds of the world in one of the machine; 0: one */
} LoopbackPace;

LoopbackClock *loopback_clock_new(SimWorld *world, LoopbackPace pace);
void loopback_clock_free(LoopbackClock *clock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LoopbackClock, loopback_clock_free)

/* Does what is due and gives the time. Never from inside something that the world does. */
SimTime loopback_clock_sync(LoopbackClock *clock);

/* The world's clock shows 'time' at once, and goes on from there; all that lies between happens. */
void loopback_clock_jump(LoopbackClock *clock, SimTime time);

/* The time of the last sync; does nothing. */
SimTime loopback_clock_now(const LoopbackClock *clock);

/* The reading of g_get_monotonic_time() at which the world's clock shows 'time' or a little more.
 */
gint64 loopback_clock_monotonic_us(const LoopbackClock *clock, SimTime time);
