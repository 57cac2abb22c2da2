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

static bool
keep_new(ScenarioRun *run, const ScenarioAction *action, MailFolder *folder, GError **error)
{
    UserAgent *agent = agent_of(run, action);
    for (guint i = 0; i < mail_folder_count(folder); i++) {
        guint32 uid = mail_folder_message(folder, i)->uid;
        g_autofree char *unique_id = mail_folder_unique_id(folder, uid);
        g_autoptr(GBytes) octets = NULL;
        if (user_agent_knows(agent, unique_id)) {
            continue;
        }
        if (mail_folder_fetch(folder, uid, &octets, error) != MAIL_STORE_DONE) {
            return false;
        }
        user_agent_keep(agent, octets, USER_AGENT_INBOX, unique_id);
    }
    return true;
}

/* The mailbox lies on the disk of the machine at which the person sits. */
static bool fetch_locally(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    const char *machine = scenario_device(run->scenario, action->device)->machine;
    const ScenarioPerson *person = scenario_person(run->scenario, action->person);
    int server = scenario_find_server(run->scenario, machine);
    g_autoptr(MailFolder) folder = NULL;
    if (server < 0 || (guint)server != person->server) {
        return scenario_fail(
            run, action, error, "the mailbox of %s does not lie on %s", person->name, machine
        );
    }
    MailStore *store = run->servers[server].store;
    if (mail_folder_open(store, person->address, "INBOX", &folder, error) != MAIL_STORE_DONE) {
        return false;
    }
    sim_world_emit(
        run->world,
        run->servers[server].host,
        WORLD_EVENT_USER,
        "%s opens the mailbox on this machine: %u message%s",
        person->name,
        mail_folder_count(folder),
        mail_folder_count(folder) == 1 ? "" : "s"
    );
    return keep_new(run, action, folder, error);
}

static void
fetch_in_browser(ScenarioRun *run, const ScenarioAction *action, const SimAddress *address)
{
    const ScenarioPerson *person = scenario_person(run->scenario, action->person);
    const char *host = scenario_server(run->scenario, person->server)->name;
    user_agent_browse(agent_of(run, action), address, host, false);
}

bool scenario_deed_fetches(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    if ((action->flags & SCENARIO_LOCALLY) != 0) {
        return fetch_locally(run, action, error);
    }
    if (g_str_equal(action->text, "imap")) {
        return scenario_by_imap(run, action, error);
    }
    const char *server = scenario_server_of(run, action, error);
    RunAddressKnown fetch = g_str_equal(action->text, "webmail") ? fetch_in_browser : fetch_pop3;
    return server != NULL && scenario_look_up(run, action, server, fetch, error);
}

static bool
no_message(const ScenarioRun *run, const ScenarioAction *action, GError **error, bool is_there)
{
    if (is_there) {
        return true;
    }
    g_autofree char *why = scenario_why_missing(run, action->person);
    return scenario_fail(
        run,
        action,
        error,
        "%s has no such message in %s on %s%s%s",
        scenario_person(run->scenario, action->person)->name,
        action->text,
        scenario_device(run->scenario, action->device)->machine,
        why == NULL ? "" : ". ",
        why == NULL ? "" : why
    );
}

bool scenario_deed_reads(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    bool wants_header = (action->flags & SCENARIO_WHOLE_HEADER) != 0;
    bool is_there =
        wants_header ? user_agent_read_header(agent_of(run, action), action->number, action->text)
                     : user_agent_read(agent_of(run, action), action->number, action->text);
    return no_message(run, action, error, is_there);
}

bool scenario_deed_files(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    if ((action->flags & SCENARIO_BY_IMAP) != 0) {
        return scenario_by_imap(run, action, error);
    }
    bool is_there =
        user_agent_file(agent_of(run, action), action->number, action->text, action->other);
    return no_message(run, action, error, is_there);
}

bool scenario_deed_deletes(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    if ((action->flags & SCENARIO_BY_IMAP) != 0) {
        return scenario_by_imap(run, action, error);
    }
    bool is_there = user_agent_delete(agent_of(run, action), action->number, action->text);
    return no_message(run, action, error, is_there);
}
