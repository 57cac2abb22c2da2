/* What people do besides writing and fetching, and what happens to machines. */

#include "sim/scenario/scenario-run-private.h"

#define TYPING_PAUSE (2 * SIM_SECOND)

static void type_to(ScenarioRun *run, const ScenarioAction *action, const SimAddress *address)
{
    UserAgent *agent = run->devices[action->device].agent;
    sim_world_emit(
        run->world,
        user_agent_host(agent),
        WORLD_EVENT_USER,
        "%s connects to %s, port %u, and types",
        user_agent_name(agent),
        action->text,
        action->port
    );
    user_agent_type(agent, address, action->port, (const char *const *)action->lines, TYPING_PAUSE);
}

bool scenario_deed_types(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    return scenario_look_up(run, action, action->text, type_to, error);
}

/* The file MAILBOX of a person on a machine, made when it is first used. */
static UserMailbox *mailbox_file(ScenarioRun *run, SimHost *machine, guint person)
{
    const ScenarioPerson *owner = scenario_person(run->scenario, person);
    char *key = g_strdup_printf("%s %s", sim_host_name(machine), owner->login);
    UserMailbox *mailbox = g_hash_table_lookup(run->mailbox_files, key);
    if (mailbox != NULL) {
        g_free(key);
        return mailbox;
    }
    mailbox = user_mailbox_new(machine, owner->name);
    g_hash_table_insert(run->mailbox_files, key, mailbox);
    return mailbox;
}

static bool has_machine(const ScenarioRun *run, guint person, const char *machine)
{
    for (guint i = 0; i < run->scenario->devices->len; i++) {
        const ScenarioDevice *device = scenario_device(run->scenario, i);
        if (device->person == person && g_str_equal(device->machine, machine)) {
            return true;
        }
    }
    return false;
}

bool scenario_deed_leaves(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    const RunDevice *device = &run->devices[action->device];
    const char *machine = scenario_device(run->scenario, action->device)->machine;
    int reader = scenario_find_person(run->scenario, action->text);
    if (reader < 0 || !has_machine(run, (guint)reader, machine)) {
        return scenario_fail(
            run, action, error, "nobody called '%s' uses the machine %s", action->text, machine
        );
    }
    const ScenarioPerson *writer = scenario_person(run->scenario, action->person);
    sim_world_emit(
        run->world,
        device->machine,
        WORLD_EVENT_USER,
        "%s leaves a message for %s",
        writer->name,
        scenario_person(run->scenario, (guint)reader)->name
    );
    UserMailbox *mailbox = mailbox_file(run, device->machine, (guint)reader);
    return user_mailbox_append(mailbox, writer->login, action->mail->body) ||
           scenario_fail(run, action, error, "the file MAILBOX is full");
}

bool scenario_deed_looks(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    (void)error;
    user_mailbox_show(
        mailbox_file(run, run->devices[action->device].machine, action->person),
        scenario_person(run->scenario, action->person)->name
    );
    return true;
}

bool scenario_deed_tells(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    (void)error;
    sim_world_emit(run->world, NULL, WORLD_EVENT_USER, "%s", action->text);
    return true;
}

bool scenario_deed_host(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    SimHost *host = sim_host_find(run->world, action->text);
    if (host == NULL) {
        return scenario_fail(run, action, error, "there is no machine '%s'", action->text);
    }
    sim_host_set_up(host, action->is_up);
    return true;
}

bool scenario_deed_link(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    SimNetwork *network = sim_internet_network(run->internet, action->text);
    (void)error;
    sim_link_set_settings(sim_network_lan(network), &action->link);
    sim_world_emit(
        run->world,
        sim_network_router(network),
        WORLD_EVENT_HOST,
        "the network of %s has changed",
        action->text
    );
    return true;
}
