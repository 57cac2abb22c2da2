#include "sim/network/world.h"

#include "sim/network/host-private.h"
#include "sim/network/link-private.h"
#include "sim/network/route.h"
#include "sim/network/tcp-table.h"
#include "sim/network/udp-private.h"
#include "sim/network/world-private.h"

SimWorld *sim_world_new(guint64 seed)
{
    SimWorld *world = g_new0(SimWorld, 1);
    world->seed = seed;
    world->start = SIM_TIME_DEFAULT_START;
    world->now = world->start;
    event_queue_init(&world->queue);
    pool_init(&world->pool);
    world->observers = g_array_new(FALSE, FALSE, sizeof(ObserverEntry));
    world->cleanups = g_array_new(FALSE, FALSE, sizeof(CleanupEntry));
    world->hosts = g_ptr_array_new();
    world->hosts_by_name = g_hash_table_new(g_str_hash, g_str_equal);
    world->links = g_ptr_array_new();
    world->links_by_name = g_hash_table_new(g_str_hash, g_str_equal);
    world->route_tables = g_ptr_array_new();
    world->tcp = tcp_table_new(world);
    world->udp = udp_table_new();
    return world;
}

static void run_cleanups(SimWorld *world)
{
    while (world->cleanups->len > 0) {
        CleanupEntry entry = g_array_index(world->cleanups, CleanupEntry, world->cleanups->len - 1);
        g_array_set_size(world->cleanups, world->cleanups->len - 1);
        entry.cleanup(entry.data);
    }
}

void sim_world_free(SimWorld *world)
{
    if (world == NULL) {
        return;
    }
    run_cleanups(world);
    world->observer_count = 0;
    tcp_table_free(world->tcp);
    udp_table_free(world->udp);
    for (guint i = 0; i < world->hosts->len; i++) {
        host_free(world->hosts->pdata[i]);
    }
    for (guint i = 0; i < world->links->len; i++) {
        link_free(world->links->pdata[i]);
    }
    for (guint i = 0; i < world->route_tables->len; i++) {
        route_table_free(world->route_tables->pdata[i]);
    }
    while (world->taps != NULL) {
        sim_tap_remove(world->taps);
    }
    g_hash_table_unref(world->hosts_by_name);
    g_hash_table_unref(world->links_by_name);
    g_ptr_array_unref(world->hosts);
    g_ptr_array_unref(world->links);
    g_ptr_array_unref(world->route_tables);
    g_array_unref(world->observers);
    g_array_unref(world->cleanups);
    event_queue_clear(&world->queue);
    pool_clear(&world->pool);
    g_free(world);
}

void sim_world_set_start(SimWorld *world, SimTime start)
{
    g_assert(world->steps == 0 && sim_world_next_due(world) == SIM_TIME_NEVER);
    world->start = start;
    world->now = start;
}

SimTime sim_world_start(const SimWorld *world)
{
    return world->start;
}

void sim_world_set_data(SimWorld *world, gpointer data)
{
    world->data = data;
}

gpointer sim_world_data(const SimWorld *world)
{
    return world->data;
}

SimTime sim_world_now(const SimWorld *world)
{
    return world->now;
}

guint64 sim_world_seed(const SimWorld *world)
{
    return world->seed;
}

void sim_world_random(const SimWorld *world, const char *name, SimRandom *out_random)
{
    sim_random_derive(out_random, world->seed, name);
}

guint64 sim_world_steps(const SimWorld *world)
{
    return world->steps;
}

guint64 sim_world_frame_count(const SimWorld *world)
{
    return world->frame_count;
}

void sim_world_add_cleanup(SimWorld *world, GDestroyNotify cleanup, gpointer data)
{
    CleanupEntry entry = {.cleanup = cleanup, .data = data};
    g_array_append_val(world->cleanups, entry);
}

/* --- running --- */

void world_make_ready(SimWorld *world, SimReady *ready)
{
    if (ready->is_queued) {
        return;
    }
    ready->is_queued = true;
    ready->next = NULL;
    ready->previous = world->last_ready;
    if (world->last_ready == NULL) {
        world->first_ready = ready;
    } else {
        world->last_ready->next = ready;
    }
    world->last_ready = ready;
}

void world_forget_ready(SimWorld *world, SimReady *ready)
{
    if (!ready->is_queued) {
        return;
    }
    ready->is_queued = false;
    if (ready->previous == NULL) {
        world->first_ready = ready->next;
    } else {
        ready->previous->next = ready->next;
    }
    if (ready->next == NULL) {
        world->last_ready = ready->previous;
    } else {
        ready->next->previous = ready->previous;
    }
}

/* False: nothing is due up to 'limit'. */
static bool step_until(SimWorld *world, SimTime limit)
{
    SimReady *ready = world->first_ready;
    if (ready != NULL && world->now <= limit) {
        world->steps++;
        world_forget_ready(world, ready);
        ready->run(ready);
        return true;
    }
    SimTimer *timer = event_queue_pop(&world->queue, limit, &world->now);
    if (timer == NULL) {
        return false;
    }
    world->steps++;
    timer->callback(timer, timer->data);
    event_queue_settle(&world->queue);
    return true;
}

bool sim_world_step(SimWorld *world)
{
    return step_until(world, SIM_TIME_NEVER);
}

SimTime sim_world_next_due(const SimWorld *world)
{
    if (world->first_ready != NULL) {
        return world->now;
    }
    /* Putting the top of the heap right changes nothing that can be seen. */
    return event_queue_next_due((EventQueue *)&world->queue);
}

void sim_world_run_until(SimWorld *world, SimTime time)
{
    while (step_until(world, time)) {
    }
    world->now = MAX(world->now, time);
}

bool sim_world_run(SimWorld *world, SimTime limit)
{
    while (!sim_world_is_idle(world)) {
        if (!step_until(world, limit)) {
            world->now = MAX(world->now, limit);
            return false;
        }
    }
    return true;
}

bool sim_world_is_idle(const SimWorld *world)
{
    return world->first_ready == NULL && world->queue.foreground == 0;
}

/* --- timers --- */

void sim_timer_init(SimTimer *timer, SimWorld *world, SimTimerCallback callback, gpointer data)
{
    *timer = (SimTimer){
        .world = world,
        .callback = callback,
        .data = data,
        .due = SIM_TIME_NEVER,
    };
}

void sim_timer_set_background(SimTimer *timer)
{
    g_assert(!sim_timer_is_set(timer));
    timer->is_background = true;
}

void sim_timer_set_at(SimTimer *timer, SimTime due)
{
    SimWorld *world = timer->world;
    if (due == SIM_TIME_NEVER) {
        sim_timer_cancel(timer);
        return;
    }
    event_queue_set(
        &world->queue, timer, MAX(due, world->now), event_queue_take_order(&world->queue)
    );
}

void sim_timer_set(SimTimer *timer, SimTime delay)
{
    SimTime now = timer->world->now;
    sim_timer_set_at(timer, delay >= SIM_TIME_NEVER - now ? SIM_TIME_NEVER : now + delay);
}

void sim_timer_cancel(SimTimer *timer)
{
    if (timer->world != NULL) {
        event_queue_cancel(&timer->world->queue, timer);
    }
}

void timer_park(SimTimer *timer)
{
    event_queue_park(&timer->world->queue, timer);
}

bool sim_timer_is_set(const SimTimer *timer)
{
    return timer->world != NULL && timer->due != SIM_TIME_NEVER;
}

SimTime sim_timer_due(const SimTimer *timer)
{
    return timer->world == NULL ? SIM_TIME_NEVER : timer->due;
}

/* --- world events --- */

guint sim_world_add_observer(SimWorld *world, WorldObserver observer, gpointer data)
{
    ObserverEntry entry = {.number = ++world->next_observer, .observer = observer, .data = data};
    g_array_append_val(world->observers, entry);
    world->observer_count++;
    return entry.number;
}

void sim_world_remove_observer(SimWorld *world, guint number)
{
    /* The place stays, emptied: an observer may remove itself while it is being told. */
    for (guint i = 0; i < world->observers->len; i++) {
        ObserverEntry *entry = &g_array_index(world->observers, ObserverEntry, i);
        if (entry->number == number && entry->observer != NULL) {
            entry->observer = NULL;
            world->observer_count--;
        }
    }
}

bool sim_world_is_observed(const SimWorld *world)
{
    return world->observer_count > 0;
}

void sim_world_emit_event(SimWorld *world, WorldEvent event)
{
    if (!sim_world_is_observed(world)) {
        return;
    }
    event.number = ++world->event_count;
    event.time = world->now;
    for (guint i = 0; i < world->observers->len; i++) {
        ObserverEntry entry = g_array_index(world->observers, ObserverEntry, i);
        if (entry.observer != NULL) {
            entry.observer(&event, entry.data);
        }
    }
}

void sim_world_emit(
    SimWorld *world, const SimHost *host, WorldEventKind kind, const char *format, ...
)
{
    if (!sim_world_is_observed(world)) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    sim_world_emit_event(world, (WorldEvent){.kind = kind, .host = host, .text = text});
}

void sim_world_emit_state(
    SimWorld *world,
    const SimHost *host,
    WorldEventKind kind,
    const char *of,
    const char *state,
    const char *text
)
{
    const WorldEventField fields[] = {{"of", of}, {"state", state}};
    sim_world_emit_event(
        world,
        (WorldEvent){
            .kind = kind,
            .host = host,
            .text = text,
            .fields = fields,
            .field_count = G_N_ELEMENTS(fields),
        }
    );
}
