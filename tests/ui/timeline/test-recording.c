#include "tests/support/test.h"

#include "ui/timeline/recording.h"

static const char story[] = "title \"A server that is off\"\n"
                            "organisation crepes.fr\n"
                            "person alice \"Alice\" password yummy machine alice-laptop\n"
                            "organisation hamburger.edu\n"
                            "person bob \"Bob\" password hungry machine bob-pc\n"
                            "chapter \"Sending\"\n"
                            "alice writes to bob@hamburger.edu, subject \"One\", body \"1\"\n"
                            "alice sends\n"
                            "wait 2 hours\n"
                            "bob fetches by pop3 and deletes\n";

static Recording *record(bool wants_frames)
{
    g_autoptr(Scenario) scenario = scenario_parse("story", story, NULL);
    g_autoptr(WhatIfList) what_ifs = what_if_list_new();
    assert_non_null(scenario);
    assert_true(what_if_list_add(what_ifs, "from 09:00 to 09:30 mail.hamburger.edu is down", NULL));
    ScenarioRunOptions how = {.seed = 1, .what_ifs = what_ifs};
    RecordingOptions wanted = {.wants_frames = wants_frames};
    Recording *recording = recording_of_scenario(scenario, &how, &wanted, NULL);
    assert_non_null(recording);
    return recording;
}

/* That a SYN is never answered is known only at the end; it stands where it was sent all the same,
 * whether frames are steps too or not. */
static void test_what_is_never_answered_stands_in_its_place(void **state)
{
    (void)state;
    for (guint frames = 0; frames < 2; frames++) {
        g_autoptr(Recording) recording = record(frames == 1);
        const Timeline *timeline = recording_timeline(recording);
        guint64 before = 0;
        guint64 frame = 0;
        guint unanswered = 0;
        for (guint i = 0; i < timeline_count(timeline); i++) {
            const Step *step = timeline_step(timeline, i);
            bool is_syn = g_str_equal(step->text, "TCP SYN");
            if (step->kind == STEP_FRAME) {
                frame = g_array_index(step->frames, guint64, 0);
                continue;
            }
            assert_true(step->number > before);
            before = step->number;
            unanswered += is_syn;
            if (is_syn && frames == 1) {
                assert_int_equal(g_array_index(step->frames, guint64, 0), frame);
            }
        }
        assert_true(unanswered > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_never_answered_stands_in_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
