/* What people do on the server by IMAP, and what its mailing lists do. */

#include "sim/scenario/scenario-run-private.h"

static UserAgentContent content_of(guint flags)
{
    return (flags & SCENARIO_HEADERS_ONLY) != 0          ? USER_AGENT_HEADERS
           : (flags & SCENARIO_WITHOUT_ATTACHMENTS) != 0 ? USER_AGENT_TEXT
                                                         : USER_AGENT_WHOLE;
}

static UserAgentImapTask task_of(const ScenarioAction *action)
{
    UserAgentImapTask task = {
        .kind = USER_AGENT_IMAP_FETCH,
        .content = content_of(action->flags),
        .number = action->number,
        .text = action->text,
        .removes = (action->flags & SCENARIO_REMOVES) != 0,
    };
    if (action->kind == SCENARIO_CREATES) {
        task.kind = USER_AGENT_IMAP_CREATE;
    } else if (action->kind == SCENARIO_FILES) {
        task.kind = USER_AGENT_IMAP_MOVE;
        task.text = action->other;
    } else if (action->kind == SCENARIO_DELETES) {
        task.kind = USER_AGENT_IMAP_DELETE;
    } else if (action->kind == SCENARIO_FLAGS) {
        task.kind = USER_AGENT_IMAP_MARK;
    } else if (action->kind == SCENARIO_SEARCHES) {
        task.kind = USER_AGENT_IMAP_SEARCH;
    }
    return task;
}

void scenario_do_by_imap(ScenarioRun *run, const ScenarioAction *action, const SimAddress *address)
{
    UserAgentImapTask task = task_of(action);
    user_agent_imap(run->devices[action->device].agent, address, &task);
}

bool scenario_by_imap(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    const char *server = scenario_server_of(run, action, error);
    return server != NULL && scenario_look_up(run, action, server, scenario_do_by_imap, error);
}

bool scenario_deed_creates(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    return scenario_by_imap(run, action, error);
}

bool scenario_deed_marks(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    return scenario_by_imap(run, action, error);
}

bool scenario_deed_searches(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    return scenario_by_imap(run, action, error);
}

bool scenario_deed_digest(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    for (guint i = 0; i < run->scenario->servers->len; i++) {
        ListServer *list = g_hash_table_lookup(run->servers[i].lists, action->text);
        if (list != NULL) {
            list_server_send_digest(list);
            return true;
        }
    }
    return scenario_fail(run, action, error, "there is no list '%s'", action->text);
}
