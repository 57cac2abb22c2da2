#include "tests/support/test.h"

#include "sim/scenario/scenario-live.h"

#include <string.h>

/* A story with one of its people played from outside: what it waits for, and for how long. */

static const char story[] = "organisation crepes.fr\n"
                            "person alice machine alice-laptop\n"
                            "organisation hamburger.edu\n"
                            "person bob machine bob-pc\n"
                            "chapter \"One\"\n"
                            "alice writes to bob@hamburger.edu, subject \"Hi\"\n"
                            "wait 8 minutes\n"
                            "alice sends\n"
                            "chapter \"Two\"\n"
                            "bob fetches by pop3 and keeps\n"
                            "bob reads\n"
                            "expect bob has 1 message\n";

typedef struct {
    Scenario *scenario;
    ScenarioRun *run;
    ScenarioLive *live;
    GString *told;
} Scene;

static void on_chapter(gpointer owner, SimTime time, const char *title, const char *note)
{
    (void)time;
    (void)note;
    g_string_append_printf(((Scene *)owner)->told, "chapter %s\n", title);
}

static void on_world(gpointer owner, const WorldEvent *event)
{
    if (event->kind == WORLD_EVENT_USER || event->kind == WORLD_EVENT_SCENARIO) {
        g_string_append_printf(((Scene *)owner)->told, "%s\n", event->text);
    }
}

static void on_turn(gpointer owner, const ScenarioAction *action, bool waits)
{
    g_string_append_printf(
        ((Scene *)owner)->told, "turn of line %u%s\n", action->line, waits ? ", waits" : ""
    );
}

static void on_pause(gpointer owner, SimTime until)
{
    Scene *scene = owner;
    g_string_append_printf(
        scene->told,
        "pause of %" G_GINT64_FORMAT " s\n",
        (until - sim_world_now(scenario_run_world(scene->run))) / SIM_SECOND
    );
}

static void set_scene(Scene *scene, const char *player)
{
    ScenarioObserver observer = {.chapter = on_chapter, .world = on_world, .owner = scene};
    ScenarioLiveOwner owner = {.turn = on_turn, .pause = on_pause, .owner = scene};
    ScenarioRunOptions options = {.seed = 1};
    g_autoptr(GError) error = NULL;
    scene->told = g_string_new(NULL);
    scene->scenario = scenario_parse("story", story, &error);
    scene->run = scenario_run_new(scene->scenario, &options, &observer, &error);
    assert_null(error);
    int person = scenario_find_person(scene->scenario, player);
    scene->live = scenario_live_new(scene->run, (guint)person, &owner);
}

static void strike_scene(Scene *scene)
{
    scenario_live_free(scene->live);
    scenario_run_free(scene->run);
    scenario_free(scene->scenario);
    g_string_free(scene->told, TRUE);
}

/* As somebody's clock would, a tenth of a second at a time. */
static void pass(Scene *scene, SimTime time)
{
    SimWorld *world = scenario_run_world(scene->run);
    for (SimTime end = sim_world_now(world) + time; sim_world_now(world) < end;) {
        scenario_live_advance(scene->live);
        sim_world_run_until(world, sim_world_now(world) + 100 * SIM_MILLISECOND);
    }
    scenario_live_advance(scene->live);
}

static void assert_told(const Scene *scene, const char *part, bool is_told)
{
    if ((strstr(scene->told->str, part) != NULL) != is_told) {
        fail_msg("%s '%s' in:\n%s", is_told ? "no" : "there is", part, scene->told->str);
    }
}

static void test_waits_for_its_time(void **state)
{
    Scene scene;
    (void)state;
    set_scene(&scene, "alice");
    scenario_live_advance(scene.live);
    assert_told(&scene, "chapter One\nturn of line 6\npause of 480 s\n", true);
    assert_true(scenario_live_pause_end(scene.live) != SIM_TIME_NEVER);
    pass(&scene, 7 * SIM_MINUTE);
    assert_told(&scene, "turn of line 8", false);
    pass(&scene, 2 * SIM_MINUTE);
    assert_told(&scene, "turn of line 8, waits", true);
    assert_int_equal(scenario_live_pause_end(scene.live), SIM_TIME_NEVER);
    strike_scene(&scene);
}

static void test_waits_for_the_player(void **state)
{
    Scene scene;
    (void)state;
    set_scene(&scene, "alice");
    pass(&scene, SIM_HOUR);
    assert_told(&scene, "chapter Two", false);
    assert_int_equal(scenario_live_turn(scene.live)->kind, SCENARIO_SENDS);
    scenario_live_spoken(scene.live, 110); /* that is not how mail is sent */
    scenario_live_spoken(scene.live, 25);  /* and nothing was handed in */
    pass(&scene, SIM_MINUTE);
    assert_told(&scene, "chapter Two", false);
    sim_world_emit(scenario_run_world(scene.run), NULL, WORLD_EVENT_QUEUE, "a message came");
    pass(&scene, SIM_MINUTE);
    assert_told(&scene, "chapter Two", true);
    assert_null(scenario_live_turn(scene.live));
    /* Alice has sent nothing, so Bob has nothing to read: told, not failed. */
    assert_told(&scene, "Now this cannot be done: Bob has no such message", true);
    assert_true(scenario_live_is_over(scene.live));
    strike_scene(&scene);
}

static void test_turn_passed(void **state)
{
    Scene scene;
    (void)state;
    set_scene(&scene, "alice");
    scenario_live_skip_turn(scene.live); /* there is none: nothing happens */
    pass(&scene, SIM_HOUR);
    scenario_live_skip_turn(scene.live);
    pass(&scene, SIM_MINUTE);
    assert_told(&scene, "chapter Two", true);
    strike_scene(&scene);
}

static void test_others_play_themselves(void **state)
{
    Scene scene;
    (void)state;
    set_scene(&scene, "bob");
    pass(&scene, SIM_HOUR);
    assert_told(&scene, "turn of line 6", false);
    assert_told(&scene, "turn of line 10, waits", true);
    assert_int_equal(user_agent_message_count(scenario_run_user_agent(scene.run, 0), "Sent"), 1);
    scenario_live_spoken(scene.live, 110);
    pass(&scene, SIM_MINUTE);
    assert_told(&scene, "turn of line 11\n", true);
    assert_true(scenario_live_is_over(scene.live));
    strike_scene(&scene);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_waits_for_its_time),
    cmocka_unit_test(test_waits_for_the_player),
    cmocka_unit_test(test_turn_passed),
    cmocka_unit_test(test_others_play_themselves),
};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
