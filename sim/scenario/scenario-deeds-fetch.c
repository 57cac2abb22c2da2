/* People fetch, read, file and delete. */

#include "sim/scenario/scenario-run-private.h"

static UserAgent *agent_of(const ScenarioRun *run, const ScenarioAction *action)
{
    return run->devices[action->device].agent;
}

static void fetch_pop3(ScenarioRun *run, const ScenarioAction *action, const SimAddress *address)
{
    UserAgentFetching fetching = {
        .server = *address,
        .deletes = (action->flags & SCENARIO_DELETING) != 0,
        .uses_apop = (action->flags & SCENARIO_WITH_APOP) != 0,
        .asks_capabilities = (action->flags & SCENARIO_WITH_CAPABILITIES) != 0,
    };
    user_agent_fetch_pop3(agent_of(run, action), &fetching);
}

bool scenario_deed_fetches(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    const ScenarioPerson *person = scenario_person(run->scenario, action->person);
    const char *server = scenario_server(run->scenario, person->server)->name;
    return scenario_look_up(run, action, server, fetch_pop3, error);
}

static bool
no_message(const ScenarioRun *run, const ScenarioAction *action, GError **error, bool is_there)
{
    return is_there || scenario_fail(
                           run,
                           action,
                           error,
                           "%s has no such message in %s on %s",
                           scenario_person(run->scenario, action->person)->name,
                           action->text,
                           scenario_device(run->scenario, action->device)->machine
                       );
}

bool scenario_deed_reads(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    bool is_there = user_agent_read(agent_of(run, action), action->number, action->text);
    return no_message(run, action, error, is_there);
}

bool scenario_deed_files(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    bool is_there =
        user_agent_file(agent_of(run, action), action->number, action->text, action->other);
    return no_message(run, action, error, is_there);
}

bool scenario_deed_deletes(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    bool is_there = user_agent_delete(agent_of(run, action), action->number, action->text);
    return no_message(run, action, error, is_there);
}
