#include "sim/scenario/scenario-run.h"

#include "sim/scenario/scenario-run-private.h"

#include <string.h>

/* A deed is over when nothing more happens for so long: mail that waits for its next attempt
 * belongs to the story's next statement. */
#define QUIET (2 * SIM_MINUTE)

const ScenarioDeed scenario_deeds[N_SCENARIO_ACTIONS] = {
    [SCENARIO_TELLS] = scenario_deed_tells,       [SCENARIO_HOST] = scenario_deed_host,
    [SCENARIO_LINK] = scenario_deed_link,         [SCENARIO_WRITES] = scenario_deed_writes,
    [SCENARIO_SENDS] = scenario_deed_sends,       [SCENARIO_REPLIES] = scenario_deed_replies,
    [SCENARIO_FORWARDS] = scenario_deed_forwards, [SCENARIO_FETCHES] = scenario_deed_fetches,
    [SCENARIO_READS] = scenario_deed_reads,       [SCENARIO_FILES] = scenario_deed_files,
    [SCENARIO_DELETES] = scenario_deed_deletes,   [SCENARIO_TYPES] = scenario_deed_types,
    [SCENARIO_LEAVES] = scenario_deed_leaves,     [SCENARIO_LOOKS] = scenario_deed_looks,
    [SCENARIO_ASKS] = scenario_deed_asks,         [SCENARIO_CREATES] = scenario_deed_creates,
    [SCENARIO_FLAGS] = scenario_deed_marks,       [SCENARIO_SEARCHES] = scenario_deed_searches,
    [SCENARIO_DIGEST] = scenario_deed_digest,     [SCENARIO_EXPECTS] = scenario_deed_expects,
};

bool scenario_fail(
    const ScenarioRun *run, const ScenarioAction *action, GError **error, const char *format, ...
)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(
        error,
        SCENARIO_ERROR,
        SCENARIO_ERROR_SYNTAX,
        "%s:%u: %s",
        run->scenario->file,
        action->line,
        text
    );
    return false;
}

static void on_frame(const SimTapFrame *frame, gpointer data)
{
    ScenarioRun *run = data;
    if (run->said != NULL) {
        scenario_note_frame(run, frame);
    }
    if (run->observer.frame != NULL) {
        run->observer.frame(run->observer.owner, frame);
    }
}

static void on_world_event(const WorldEvent *event, gpointer data)
{
    ScenarioRun *run = data;
    if (run->told != NULL && event->kind >= WORLD_EVENT_HOST) {
        g_string_append_printf(run->told, "%s\n", event->text);
    }
    if (run->observer.world != NULL) {
        run->observer.world(run->observer.owner, event);
    }
}

static bool perform(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    ScenarioDeed deed = scenario_deeds[action->kind];
    return deed == NULL || deed(run, action, error);
}

bool scenario_perform_or_tell(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    g_autoptr(GError) problem = NULL;
    if (perform(run, action, &problem)) {
        return true;
    }
    if (!run->may_differ) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return false;
    }
    const char *where = strstr(problem->message, ": ");
    sim_world_emit(
        run->world,
        NULL,
        WORLD_EVENT_SCENARIO,
        "Now this cannot be done: %s",
        where == NULL ? problem->message : where + 2
    );
    return true;
}

bool scenario_is_quiet(const ScenarioRun *run)
{
    return sim_world_is_idle(run->world) ||
           sim_world_next_due(run->world) - sim_world_now(run->world) > QUIET;
}

static void run_until_quiet(ScenarioRun *run)
{
    SimTime limit = sim_world_now(run->world) + SCENARIO_DEED_LIMIT;
    while (!scenario_is_quiet(run) && sim_world_next_due(run->world) <= limit) {
        sim_world_step(run->world);
    }
}

SimTime scenario_next_time(SimTime now, SimTime time_of_day)
{
    SimTime today = now / SIM_DAY * SIM_DAY + time_of_day;
    return today < now ? today + SIM_DAY : today;
}

/* --- deeds that come while others go on --- */

typedef struct {
    SimTimer timer;
    ScenarioRun *run;
    const ScenarioAction *action;
} LaterDeed;

static void on_later(SimTimer *timer, gpointer data)
{
    LaterDeed *later = data;
    g_autoptr(GError) error = NULL;
    (void)timer;
    if (!perform(later->run, later->action, &error)) {
        g_ptr_array_add(later->run->failures, g_strdup(error->message));
    }
}

static void free_later(gpointer data)
{
    LaterDeed *later = data;
    sim_timer_cancel(&later->timer);
    g_free(later);
}

void scenario_do_later(ScenarioRun *run, const ScenarioAction *action)
{
    LaterDeed *later = g_new0(LaterDeed, 1);
    later->run = run;
    later->action = action;
    sim_timer_init(&later->timer, run->world, on_later, later);
    sim_timer_set(&later->timer, action->time);
    g_ptr_array_add(run->later, later);
}

/* --- what-ifs --- */

static void on_what_if_deed(gpointer owner, const WhatIf *what_if)
{
    ScenarioRun *run = owner;
    g_autoptr(GError) error = NULL;
    const ScenarioAction *deed = g_hash_table_lookup(run->what_if_deeds, what_if);
    for (guint i = run->next; what_if->is_instead && i < run->scenario->actions->len; i++) {
        if (run->story[i]->kind == deed->kind && run->story[i]->person == deed->person) {
            run->story[i] = deed;
            return;
        }
    }
    scenario_perform_or_tell(run, deed, &error);
}

static bool read_what_if_deeds(ScenarioRun *run, GError **error)
{
    const WhatIfList *what_ifs = run->options.what_ifs;
    for (guint i = 0; i < what_if_list_length(what_ifs); i++) {
        const WhatIf *what_if = what_if_list_at(what_ifs, i);
        if (what_if->kind != WHAT_IF_DEED) {
            continue;
        }
        g_autoptr(GError) mistake = NULL;
        ScenarioAction *deed = scenario_parse_deed(run->scenario, what_if->text, &mistake);
        if (deed == NULL) {
            g_autofree char *line = what_if_to_text(what_if);
            const char *begin = strstr(line, what_if->text);
            g_autofree char *before = g_strndup(line, begin == NULL ? 0 : (gsize)(begin - line));
            what_if_name_line(mistake, line, (guint)g_utf8_strlen(before, -1));
            g_propagate_error(error, g_steal_pointer(&mistake));
            return false;
        }
        g_hash_table_insert(run->what_if_deeds, (gpointer)what_if, deed);
    }
    return true;
}

/* --- the run --- */

static void free_deed(gpointer deed)
{
    scenario_deed_free(deed);
}

static void free_mailbox_file(gpointer mailbox)
{
    user_mailbox_free(mailbox);
}

/* What expectations ask for has to be remembered from the beginning. */
static void prepare_memory(ScenarioRun *run)
{
    for (guint i = 0; i < run->scenario->actions->len; i++) {
        const ScenarioAction *action = run->story[i];
        if (action->kind != SCENARIO_EXPECTS) {
            continue;
        }
        if (action->expectation == SCENARIO_EXPECT_EVENT && run->told == NULL) {
            run->told = g_string_new(NULL);
        }
        if ((action->expectation == SCENARIO_EXPECT_CODE ||
             action->expectation == SCENARIO_EXPECT_SAID) &&
            run->said == NULL) {
            run->said = g_string_new(NULL);
        }
    }
}

static void watch(ScenarioRun *run)
{
    if (run->observer.frame != NULL || run->said != NULL) {
        sim_tap_world(run->world, on_frame, run);
    }
    if (run->observer.world != NULL || run->told != NULL) {
        sim_world_add_observer(run->world, on_world_event, run);
    }
}

ScenarioRun *scenario_run_new(
    const Scenario *scenario,
    const ScenarioRunOptions *options,
    const ScenarioObserver *observer,
    GError **error
)
{
    g_autoptr(ScenarioRun) run = g_new0(ScenarioRun, 1);
    run->scenario = scenario;
    run->observer = *observer;
    run->options = *options;
    run->may_differ = what_if_list_length(options->what_ifs) > 0 || options->settings != NULL;
    run->world = sim_world_new(options->seed);
    run->look_ups = g_ptr_array_new_with_free_func(scenario_look_up_free);
    run->later = g_ptr_array_new_with_free_func(free_later);
    run->failures = g_ptr_array_new_with_free_func(g_free);
    run->mailbox_files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_mailbox_file);
    run->what_if_deeds = g_hash_table_new_full(NULL, NULL, NULL, free_deed);
    run->story = g_new0(const ScenarioAction *, scenario->actions->len);
    for (guint i = 0; i < scenario->actions->len; i++) {
        run->story[i] = &g_array_index(scenario->actions, ScenarioAction, i);
    }
    if (scenario->start >= 0) {
        SimTime midnight = SIM_TIME_DEFAULT_START / SIM_DAY * SIM_DAY;
        sim_world_set_start(run->world, midnight + scenario->start);
    }
    if (!scenario_take_changes(run, error) || !scenario_build(run, error)) {
        return NULL;
    }
    WhatIfPlayOwner owner = {.deed = on_what_if_deed, .owner = run};
    run->what_ifs = what_if_play_new(run->world, options->what_ifs, &owner, error);
    if (run->what_ifs == NULL || !read_what_if_deeds(run, error)) {
        return NULL;
    }
    prepare_memory(run);
    watch(run);
    return g_steal_pointer(&run);
}

void scenario_run_free(ScenarioRun *run)
{
    if (run == NULL) {
        return;
    }
    g_hash_table_unref(run->what_if_deeds);
    g_hash_table_unref(run->mailbox_files);
    g_ptr_array_unref(run->later);
    g_ptr_array_unref(run->look_ups);
    g_ptr_array_unref(run->failures);
    g_free(run->story);
    scenario_build_clear(run);
    what_if_play_free(run->what_ifs); /* the engines are gone that it listens to */
    scenario_clear_changes(run);
    sim_world_free(run->world);
    if (run->said != NULL) {
        g_string_free(run->said, TRUE);
    }
    if (run->told != NULL) {
        g_string_free(run->told, TRUE);
    }
    g_free(run);
}

static void pass_time(ScenarioRun *run, const ScenarioAction *action)
{
    SimTime now = sim_world_now(run->world);
    if (action->when == SCENARIO_AT) {
        sim_world_run_until(run->world, scenario_next_time(now, action->time));
    } else if (action->when == SCENARIO_AFTER) {
        sim_world_run_until(run->world, now + action->time);
    }
}

static bool act(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    if (action->when == SCENARIO_MEANWHILE) {
        scenario_do_later(run, action);
        return true;
    }
    if (scenario_leave_imap(run, action)) {
        run_until_quiet(run);
    }
    pass_time(run, action);
    if (action->kind == SCENARIO_CHAPTER) {
        SimTime now = sim_world_now(run->world);
        run->observer.chapter(run->observer.owner, now, action->text, action->note);
        return true;
    }
    if (!scenario_perform_or_tell(run, action, error)) {
        return false;
    }
    run_until_quiet(run);
    return true;
}

bool scenario_run_play(ScenarioRun *run, GError **error)
{
    run->is_played = true;
    while (run->next < run->scenario->actions->len) {
        if (!act(run, run->story[run->next++], error)) {
            return false;
        }
    }
    if (scenario_leave_imap(run, NULL)) {
        run_until_quiet(run);
    }
    scenario_tell_waiting(run);
    return true;
}

const WhatIf *scenario_run_unmet(const ScenarioRun *run)
{
    return what_if_play_unmet(run->what_ifs);
}

guint scenario_run_failure_count(const ScenarioRun *run)
{
    return run->failures->len;
}

const char *scenario_run_failure(const ScenarioRun *run, guint index)
{
    return g_ptr_array_index(run->failures, index);
}
