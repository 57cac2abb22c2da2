/* What people do on the server by IMAP, and what its mailing lists do. */

#include "sim/scenario/scenario-run-private.h"

static UserAgentContent content_of(guint flags)
{
    return (flags & SCENARIO_HEADERS_ONLY) != 0          ? USER_AGENT_HEADERS
           : (flags & SCENARIO_WITHOUT_ATTACHMENTS) != 0 ? USER_AGENT_TEXT
                                                         : USER_AGENT_WHOLE;
}

static bool is_by_imap(const ScenarioAction *action)
{
    bool may_be_local = action->kind == SCENARIO_FILES || action->kind == SCENARIO_DELETES;
    bool is_always = action->kind == SCENARIO_CREATES || action->kind == SCENARIO_FLAGS ||
                     action->kind == SCENARIO_SEARCHES;
    return is_always || (may_be_local && (action->flags & SCENARIO_BY_IMAP) != 0) ||
           (action->kind == SCENARIO_FETCHES && g_strcmp0(action->text, "imap") == 0);
}

/* What takes no time and asks no server: the mail program may stay where it is. */
static bool is_passed_over(const ScenarioAction *action)
{
    return action->when == SCENARIO_NOW &&
           (action->kind == SCENARIO_READS || action->kind == SCENARIO_EXPECTS);
}

/* The next deed of the story is one by IMAP on the same machine, and it comes at once. */
static bool goes_on_by_imap(const ScenarioRun *run, guint device)
{
    guint next = run->next;
    while (next < run->scenario->actions->len && is_passed_over(run->story[next])) {
        next++;
    }
    if (!run->is_played || next == run->scenario->actions->len) {
        return false;
    }
    const ScenarioAction *action = run->story[next];
    return action->when == SCENARIO_NOW && action->device == device && is_by_imap(action);
}

bool scenario_leave_imap(ScenarioRun *run, const ScenarioAction *next)
{
    bool has_left = false;
    for (guint i = 0; i < run->scenario->devices->len; i++) {
        UserAgent *agent = run->devices[i].agent;
        bool is_next =
            next != NULL && (is_passed_over(next) ||
                             (next->when == SCENARIO_NOW && next->device == i && is_by_imap(next)));
        if (agent != NULL && user_agent_imap_waits(agent) && !is_next) {
            user_agent_imap_log_out(agent);
            has_left = true;
        }
    }
    return has_left;
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

static void do_by_imap(ScenarioRun *run, const ScenarioAction *action, const SimAddress *address)
{
    UserAgentImapTask task = task_of(action);
    task.stays = goes_on_by_imap(run, action->device);
    user_agent_imap(run->devices[action->device].agent, address, &task);
}

bool scenario_by_imap(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    const char *server = scenario_server_of(run, action, error);
    if (server != NULL && user_agent_imap_waits(run->devices[action->device].agent)) {
        do_by_imap(run, action, NULL);
        return true;
    }
    return server != NULL && scenario_look_up(run, action, server, do_by_imap, error);
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
