#include "sim/loopback/loopback-clock.h"

typedef struct {
    GSource source;
    LoopbackClock *clock;
} ClockSource;

struct LoopbackClock {
    SimWorld *world;
    SimTime start;
    gint64 start_monotonic_us;
    gint64 speed;
    ClockSource *source;
};

static gint64 due_us(const LoopbackClock *clock)
{
    SimTime due = sim_world_next_due(clock->world);
    return due == SIM_TIME_NEVER ? G_MAXINT64 : loopback_clock_monotonic_us(clock, due);
}

static gboolean prepare(GSource *source, gint *timeout_ms)
{
    gint64 due = due_us(((ClockSource *)source)->clock);
    gint64 now = g_get_monotonic_time();
    *timeout_ms = -1;
    if (due != G_MAXINT64 && due > now) {
        *timeout_ms = (gint)MIN((due - now + 999) / 1000, G_MAXINT);
    }
    return due <= now;
}

static gboolean check(GSource *source)
{
    return due_us(((ClockSource *)source)->clock) <= g_get_monotonic_time();
}

static gboolean dispatch(GSource *source, GSourceFunc callback, gpointer data)
{
    (void)callback;
    (void)data;
    loopback_clock_sync(((ClockSource *)source)->clock);
    return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_functions = {.prepare = prepare, .check = check, .dispatch = dispatch};

LoopbackClock *loopback_clock_new(SimWorld *world, LoopbackPace pace)
{
    LoopbackClock *clock = g_new0(LoopbackClock, 1);
    clock->world = world;
    clock->start = pace.goes_on ? sim_world_now(world) : g_get_real_time() * SIM_MICROSECOND;
    clock->speed = pace.speed == 0 ? 1 : pace.speed;
    clock->start_monotonic_us = g_get_monotonic_time();
    sim_world_run_until(world, clock->start);
    clock->source = (ClockSource *)g_source_new(&source_functions, sizeof(ClockSource));
    clock->source->clock = clock;
    g_source_attach(&clock->source->source, g_main_context_get_thread_default());
    return clock;
}

void loopback_clock_free(LoopbackClock *clock)
{
    if (clock != NULL) {
        g_source_destroy(&clock->source->source);
        g_source_unref(&clock->source->source);
        g_free(clock);
    }
}

SimTime loopback_clock_sync(LoopbackClock *clock)
{
    gint64 passed = g_get_monotonic_time() - clock->start_monotonic_us;
    SimTime now = clock->start + passed * SIM_MICROSECOND * clock->speed;
    if (now > sim_world_now(clock->world)) {
        sim_world_run_until(clock->world, now);
    }
    return sim_world_now(clock->world);
}

void loopback_clock_jump(LoopbackClock *clock, SimTime time)
{
    SimTime now = loopback_clock_sync(clock);
    if (time > now) {
        clock->start += time - now;
        loopback_clock_sync(clock);
    }
}

SimTime loopback_clock_now(const LoopbackClock *clock)
{
    return sim_world_now(clock->world);
}

gint64 loopback_clock_monotonic_us(const LoopbackClock *clock, SimTime time)
{
    SimTime unit = SIM_MICROSECOND * clock->speed;
    return clock->start_monotonic_us + (time - clock->start + unit - 1) / unit;
}
