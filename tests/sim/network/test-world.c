#include "tests/support/test.h"

#include "sim/network/host.h"
#include "sim/network/world.h"

/* The clock and the queue. */

typedef struct {
    SimWorld *world;
    GString *order;
} Log;

typedef struct {
    SimTimer timer;
    Log *log;
    char mark;
} Marked;

static void ring(SimTimer *timer, gpointer data)
{
    Marked *marked = data;
    assert_false(sim_timer_is_set(timer));
    g_string_append_c(marked->log->order, marked->mark);
}

static void marked_init(Marked *marked, Log *log, char mark)
{
    marked->log = log;
    marked->mark = mark;
    sim_timer_init(&marked->timer, log->world, ring, marked);
}

static void test_order(void **state)
{
    (void)state;
    Log log = {.world = sim_world_new(1), .order = g_string_new(NULL)};
    Marked marked[6];
    for (guint i = 0; i < G_N_ELEMENTS(marked); i++) {
        marked_init(&marked[i], &log, (char)('a' + i));
    }
    sim_timer_set(&marked[0].timer, 3 * SIM_SECOND);
    sim_timer_set(&marked[1].timer, SIM_SECOND);
    sim_timer_set(&marked[2].timer, SIM_SECOND); /* after b: set later */
    sim_timer_set(&marked[3].timer, SIM_SECOND);
    sim_timer_set(&marked[3].timer, 5 * SIM_SECOND); /* moved */
    sim_timer_set(&marked[4].timer, 2 * SIM_SECOND);
    sim_timer_cancel(&marked[4].timer);
    sim_timer_set(&marked[5].timer, 4 * SIM_SECOND);
    sim_timer_set(&marked[5].timer, SIM_SECOND); /* back, behind c */
    assert_int_equal(sim_world_next_due(log.world), SIM_TIME_DEFAULT_START + SIM_SECOND);
    sim_world_run_until(log.world, SIM_TIME_DEFAULT_START + SIM_SECOND);
    assert_string_equal(log.order->str, "bcf");
    assert_int_equal(sim_world_now(log.world), SIM_TIME_DEFAULT_START + SIM_SECOND);
    assert_true(sim_world_run(log.world, SIM_TIME_NEVER));
    assert_string_equal(log.order->str, "bcfad");
    assert_int_equal(sim_world_now(log.world), SIM_TIME_DEFAULT_START + 5 * SIM_SECOND);
    sim_world_run_until(log.world, SIM_TIME_DEFAULT_START + SIM_HOUR);
    assert_int_equal(sim_world_now(log.world), SIM_TIME_DEFAULT_START + SIM_HOUR);
    sim_timer_set_at(&marked[0].timer, SIM_TIME_DEFAULT_START); /* past: now */
    assert_true(sim_world_step(log.world));
    assert_int_equal(sim_world_now(log.world), SIM_TIME_DEFAULT_START + SIM_HOUR);
    assert_false(sim_world_step(log.world));
    sim_world_free(log.world);
    g_string_free(log.order, TRUE);
}

static void test_background(void **state)
{
    (void)state;
    Log log = {.world = sim_world_new(1), .order = g_string_new(NULL)};
    Marked near;
    Marked far;
    marked_init(&near, &log, 'n');
    marked_init(&far, &log, 'f');
    sim_timer_set_background(&far.timer);
    sim_timer_set(&near.timer, SIM_SECOND);
    sim_timer_set(&far.timer, SIM_HOUR);
    assert_false(sim_world_is_idle(log.world));
    assert_true(sim_world_run(log.world, SIM_TIME_NEVER));
    assert_string_equal(log.order->str, "n");
    assert_true(sim_world_is_idle(log.world));
    sim_world_run_until(log.world, SIM_TIME_DEFAULT_START + SIM_DAY);
    assert_string_equal(log.order->str, "nf");
    /* A limit in front of the work stops the run. */
    sim_timer_set(&near.timer, SIM_HOUR);
    assert_false(sim_world_run(log.world, sim_world_now(log.world) + SIM_MINUTE));
    sim_timer_cancel(&near.timer);
    sim_world_free(log.world);
    g_string_free(log.order, TRUE);
}

/* --- against a plain list --- */

#define MODEL_TIMERS 200

typedef struct {
    SimTimer timer;
    guint number;
} Numbered;

typedef struct {
    SimWorld *world;
    Numbered timers[MODEL_TIMERS];
    SimTime due[MODEL_TIMERS]; /* the model: when, and in what order set; NEVER: not */
    guint64 order[MODEL_TIMERS];
    guint64 next_order;
    SimRandom random;
    guint rung;
} Model;

static void disturb(Model *model)
{
    guint number = (guint)sim_random_below(&model->random, MODEL_TIMERS);
    SimTimer *timer = &model->timers[number].timer;
    if (sim_random_chance(&model->random, 250000)) {
        sim_timer_cancel(timer);
        model->due[number] = SIM_TIME_NEVER;
        return;
    }
    SimTime delay = (SimTime)sim_random_below(&model->random, 40);
    sim_timer_set(timer, delay);
    model->due[number] = sim_world_now(model->world) + delay;
    model->order[number] = ++model->next_order;
}

static void model_ring(SimTimer *timer, gpointer data)
{
    Model *model = data;
    guint number = (guint)((Numbered *)(gpointer)timer - model->timers);
    guint next = MODEL_TIMERS;
    for (guint i = 0; i < MODEL_TIMERS; i++) {
        bool is_before =
            next == MODEL_TIMERS || model->due[i] < model->due[next] ||
            (model->due[i] == model->due[next] && model->order[i] < model->order[next]);
        if (model->due[i] != SIM_TIME_NEVER && is_before) {
            next = i;
        }
    }
    assert_int_equal(number, next);
    assert_int_equal(sim_world_now(model->world), model->due[number]);
    model->due[number] = SIM_TIME_NEVER;
    model->rung++;
    guint changes = (guint)sim_random_below(&model->random, 8);
    for (guint i = 0; i < changes && model->rung < 20000; i++) {
        disturb(model);
    }
    assert_true(sim_world_next_due(model->world) >= sim_world_now(model->world));
}

static void test_against_model(void **state)
{
    (void)state;
    Model *model = g_new0(Model, 1);
    model->world = sim_world_new(1);
    sim_random_init(&model->random, 99);
    for (guint i = 0; i < MODEL_TIMERS; i++) {
        sim_timer_init(&model->timers[i].timer, model->world, model_ring, model);
        model->due[i] = SIM_TIME_NEVER;
    }
    for (guint i = 0; i < 4 * MODEL_TIMERS; i++) {
        disturb(model);
    }
    assert_true(sim_world_run(model->world, SIM_TIME_NEVER));
    assert_true(model->rung > 10000);
    sim_world_free(model->world);
    g_free(model);
}

/* --- observers --- */

static void observe(const WorldEvent *event, gpointer data)
{
    GString *seen = data;
    g_string_append_printf(
        seen,
        "%u %s %s %s;",
        (guint)event->number,
        world_event_kind_name(event->kind),
        event->host == NULL ? "-" : sim_host_name(event->host),
        event->text
    );
}

static void test_observers(void **state)
{
    (void)state;
    SimWorld *world = sim_world_new(1);
    GString *seen = g_string_new(NULL);
    SimHost *host = sim_host_new(world, "alice");
    sim_world_emit(world, host, WORLD_EVENT_USER, "nobody hears %s", "this");
    guint number = sim_world_add_observer(world, observe, seen);
    sim_world_emit(world, host, WORLD_EVENT_USER, "writes to %s", "Bob");
    WorldEventField field = {.name = "queue", .value = "7"};
    WorldEvent event = {
        .kind = WORLD_EVENT_QUEUE, .text = "moved", .fields = &field, .field_count = 1};
    assert_string_equal(world_event_field(&event, "queue"), "7");
    assert_null(world_event_field(&event, "none"));
    sim_world_emit_event(world, event);
    sim_world_remove_observer(world, number);
    assert_false(sim_world_is_observed(world));
    sim_world_emit(world, host, WORLD_EVENT_USER, "gone");
    assert_string_equal(seen->str, "1 user alice writes to Bob;2 queue - moved;");
    sim_world_free(world);
    g_string_free(seen, TRUE);
}

static void note_cleanup(gpointer data)
{
    GString **text = data;
    g_string_append(text[0], text[1]->str);
}

static void test_cleanups(void **state)
{
    (void)state;
    SimWorld *world = sim_world_new(1);
    GString *order = g_string_new(NULL);
    GString *first[2] = {order, g_string_new("first ")};
    GString *second[2] = {order, g_string_new("second ")};
    sim_world_add_cleanup(world, note_cleanup, first);
    sim_world_add_cleanup(world, note_cleanup, second);
    sim_world_free(world);
    assert_string_equal(order->str, "second first ");
    g_string_free(order, TRUE);
    g_string_free(first[1], TRUE);
    g_string_free(second[1], TRUE);
}

static void test_every_kind_has_a_name(void **state)
{
    (void)state;
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint kind = 0; kind <= WORLD_EVENT_SCENARIO; kind++) {
        assert_true(g_hash_table_add(names, (gpointer)world_event_kind_name((WorldEventKind)kind)));
    }
    g_hash_table_unref(names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_background),
        cmocka_unit_test(test_against_model),
        cmocka_unit_test(test_observers),
        cmocka_unit_test(test_cleanups),
        cmocka_unit_test(test_every_kind_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
