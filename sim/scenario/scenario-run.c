#include "sim/scenario/scenario-run.h"

#include "sim/agent/access-server.h"
#include "sim/agent/transfer-agent.h"
#include "sim/agent/user-agent.h"
#include "sim/network/internet.h"
#include "sim/store/memory-store.h"

#include <string.h>

/* How long one deed may take before the story goes on: mail on its way may wait for days. */
#define DEED_LIMIT (10 * SIM_MINUTE)

typedef struct {
    SimNetwork *network;
    SimHost *server;
    MailStore *store;
    TransferAgent *transfer;
    AccessServer *access;
} Organisation;

struct ScenarioRun {
    const Scenario *scenario;
    ScenarioObserver observer;
    SimWorld *world;
    SimInternet *internet;
    Organisation *organisations;
    UserAgent **people;
};

static void on_frame(const SimTapFrame *frame, gpointer data)
{
    ScenarioRun *run = data;
    run->observer.frame(run->observer.owner, frame);
}

static void on_world_event(const WorldEvent *event, gpointer data)
{
    ScenarioRun *run = data;
    run->observer.world(run->observer.owner, event);
}

static const ScenarioOrganisation *organisation_at(const Scenario *scenario, guint index)
{
    return &g_array_index(scenario->organisations, ScenarioOrganisation, index);
}

static const ScenarioPerson *person_at(const Scenario *scenario, guint index)
{
    return &g_array_index(scenario->people, ScenarioPerson, index);
}

/* Mail for a domain goes to that organisation's server. */
static void route(gpointer data, TransferAgent *agent, const char *domain, TransferRoute *route)
{
    ScenarioRun *run = data;
    (void)agent;
    for (guint i = 0; i < run->scenario->organisations->len; i++) {
        const ScenarioOrganisation *organisation = organisation_at(run->scenario, i);
        const SimAddress *address = sim_host_address(run->organisations[i].server, SIM_FAMILY_IPV4);
        if (g_ascii_strcasecmp(organisation->domain, domain) == 0 && address != NULL) {
            TransferTarget target = {.name = organisation->server, .address = *address};
            transfer_agent_routed(route, &target, 1, false, NULL);
            return;
        }
    }
    transfer_agent_routed(route, NULL, 0, true, "the domain does not exist");
}

static void build_organisation(ScenarioRun *run, guint index)
{
    const ScenarioOrganisation *described = organisation_at(run->scenario, index);
    Organisation *organisation = &run->organisations[index];
    guint length;
    organisation->network = sim_internet_network(run->internet, described->domain);
    organisation->server = sim_network_host(organisation->network, described->server);
    organisation->store = memory_store_new();
    SimAddress prefix = sim_network_prefix(organisation->network, SIM_FAMILY_IPV4, &length);
    char text[SIM_ADDRESS_TEXT_SIZE];
    g_autofree char *own_network =
        g_strdup_printf("%s/%u", sim_address_format(&prefix, text), length);
    const char *const domains[] = {described->domain, NULL};
    const char *const networks[] = {own_network, NULL};
    TransferAgentOptions options = transfer_agent_default_options();
    options.host_name = described->server;
    options.domains = domains;
    options.networks = networks;
    options.seed = sim_world_seed(run->world) + index;
    organisation->transfer =
        transfer_agent_new(organisation->server, organisation->store, &options, route, run);
    organisation->access = access_server_new(
        organisation->server, organisation->store, described->server, options.seed
    );
}

static bool build_person(ScenarioRun *run, guint index, GError **error)
{
    const ScenarioPerson *described = person_at(run->scenario, index);
    Organisation *organisation = &run->organisations[described->organisation];
    UserAgentOptions options = {
        .name = described->name,
        .address = described->address,
        .user = described->login,
        .password = described->password,
        .seed = sim_world_seed(run->world) * 1000 + index * 50,
    };
    SimHost *machine = sim_network_host(organisation->network, described->machine);
    run->people[index] = user_agent_new(machine, &options);
    access_server_add_user(
        organisation->access, described->login, described->password, described->address
    );
    return transfer_agent_add_mailbox(organisation->transfer, described->address, error);
}

ScenarioRun *scenario_run_new(
    const Scenario *scenario, guint64 seed, const ScenarioObserver *observer, GError **error
)
{
    g_autoptr(ScenarioRun) run = g_new0(ScenarioRun, 1);
    run->scenario = scenario;
    run->observer = *observer;
    run->world = sim_world_new(seed);
    run->internet = sim_internet_new(run->world);
    run->organisations = g_new0(Organisation, scenario->organisations->len);
    run->people = g_new0(UserAgent *, scenario->people->len);
    for (guint i = 0; i < scenario->organisations->len; i++) {
        build_organisation(run, i);
    }
    for (guint i = 0; i < scenario->people->len; i++) {
        if (!build_person(run, i, error)) {
            return NULL;
        }
    }
    sim_tap_world(run->world, on_frame, run);
    sim_world_add_observer(run->world, on_world_event, run);
    return g_steal_pointer(&run);
}

void scenario_run_free(ScenarioRun *run)
{
    if (run == NULL) {
        return;
    }
    for (guint i = 0; i < run->scenario->people->len; i++) {
        user_agent_free(run->people[i]);
    }
    for (guint i = 0; i < run->scenario->organisations->len; i++) {
        access_server_free(run->organisations[i].access);
        transfer_agent_free(run->organisations[i].transfer);
        mail_store_free(run->organisations[i].store);
    }
    sim_world_free(run->world);
    g_free(run->organisations);
    g_free(run->people);
    g_free(run);
}

static const SimAddress *server_address(const ScenarioRun *run, guint person)
{
    guint organisation = person_at(run->scenario, person)->organisation;
    return sim_host_address(run->organisations[organisation].server, SIM_FAMILY_IPV4);
}

static bool set_host(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    SimHost *host = sim_host_find(run->world, action->text);
    if (host == NULL) {
        g_set_error(
            error,
            SCENARIO_ERROR,
            SCENARIO_ERROR_SYNTAX,
            "%s:%u: there is no host '%s'",
            run->scenario->name,
            action->line,
            action->text
        );
        return false;
    }
    sim_host_set_up(host, action->is_up);
    return true;
}

/* The next time that the clock shows 'time_of_day'. */
static SimTime next_time(SimTime now, SimTime time_of_day)
{
    SimTime today = now / SIM_DAY * SIM_DAY + time_of_day;
    return today < now ? today + SIM_DAY : today;
}

static bool act(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    UserAgent *person = run->scenario->people->len > 0 ? run->people[action->person] : NULL;
    SimTime now = sim_world_now(run->world);
    switch (action->kind) {
    case SCENARIO_CHAPTER:
        run->observer.chapter(run->observer.owner, now, action->text, action->note);
        return true;
    case SCENARIO_WRITES: {
        UserAgentMail mail = {.to = action->to, .subject = action->subject, .body = action->body};
        user_agent_compose(person, &mail);
        return true;
    }
    case SCENARIO_SENDS:
        user_agent_send(person, server_address(run, action->person), 25);
        break;
    case SCENARIO_FETCHES:
        user_agent_fetch_pop3(person, server_address(run, action->person), action->deletes);
        break;
    case SCENARIO_WAITS:
        sim_world_run_until(run->world, now + action->time);
        return true;
    case SCENARIO_AT:
        sim_world_run_until(run->world, next_time(now, action->time));
        return true;
    case SCENARIO_HOST:
        return set_host(run, action, error);
    }
    sim_world_run(run->world, now + DEED_LIMIT);
    return true;
}

bool scenario_run_play(ScenarioRun *run, GError **error)
{
    const GArray *actions = run->scenario->actions;
    for (guint i = 0; i < actions->len; i++) {
        if (!act(run, &g_array_index(actions, ScenarioAction, i), error)) {
            return false;
        }
    }
    return true;
}

const char *scenario_run_host_name(const ScenarioRun *run, const guint8 *octets, gsize length)
{
    SimFamily family = length == 4 ? SIM_FAMILY_IPV4 : SIM_FAMILY_IPV6;
    SimAddress address = sim_address_from_octets(family, octets);
    for (guint i = 0; i < run->scenario->organisations->len; i++) {
        if (sim_host_has_address(run->organisations[i].server, &address)) {
            return sim_host_name(run->organisations[i].server);
        }
    }
    for (guint i = 0; i < run->scenario->people->len; i++) {
        const char *machine = person_at(run->scenario, i)->machine;
        const SimHost *host = sim_host_find(run->world, machine);
        if (host != NULL && sim_host_has_address(host, &address)) {
            return machine;
        }
    }
    return NULL;
}
