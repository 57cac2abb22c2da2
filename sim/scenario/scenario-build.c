/* Builds what a scenario describes: networks, servers, machines, people, and the names of all. */

#include "sim/scenario/scenario-run-private.h"

static void build_organisation(ScenarioRun *run, guint index)
{
    const ScenarioOrganisation *described = scenario_organisation(run->scenario, index);
    sim_internet_set_lan(run->internet, &run->links[index]);
    run->organisations[index].network = sim_internet_network(run->internet, described->domain);
}

bool scenario_build_fail(const ScenarioRun *run, const char *machine, GError **error)
{
    g_set_error(
        error,
        SCENARIO_ERROR,
        SCENARIO_ERROR_SYNTAX,
        "%s: the network has no room for the machine '%s'",
        run->scenario->file,
        machine
    );
    return false;
}

static bool build_host(ScenarioRun *run, const ScenarioHost *described, GError **error)
{
    SimNetwork *network = run->organisations[described->organisation].network;
    if (described->address != NULL) {
        return sim_network_add_host(network, described->name, described->address, NULL, error) !=
               NULL;
    }
    return sim_network_host(network, described->name) != NULL ||
           scenario_build_fail(run, described->name, error);
}

static bool build_device(ScenarioRun *run, guint index, GError **error)
{
    const ScenarioDevice *described = scenario_device(run->scenario, index);
    const ScenarioPerson *person = scenario_person(run->scenario, described->person);
    RunDevice *device = &run->devices[index];
    UserAgentOptions options = {
        .name = person->name,
        .address = person->address,
        .user = person->login,
        .password = person->password,
        .seed = sim_world_seed(run->world) * 1000 + index * 50,
    };
    device->machine =
        sim_network_host(run->organisations[person->organisation].network, described->machine);
    if (device->machine == NULL) {
        return scenario_build_fail(run, described->machine, error);
    }
    device->agent = user_agent_new(device->machine, &options);
    return true;
}

static bool fail_at(const ScenarioRun *run, guint line, GError **error, const GError *reason)
{
    g_set_error(
        error,
        SCENARIO_ERROR,
        SCENARIO_ERROR_SYNTAX,
        "%s:%u: %s",
        run->scenario->file,
        line,
        reason->message
    );
    return false;
}

static bool
add_record(const ScenarioRun *run, NamingTree *tree, const ScenarioRecord *record, GError **error)
{
    g_autoptr(GError) reason = NULL;
    DnsZone *zone = naming_tree_zone(tree, record->zone);
    if (zone == NULL) {
        g_set_error(
            &reason, SCENARIO_ERROR, SCENARIO_ERROR_SYNTAX, "'%s' is no domain name", record->zone
        );
        return fail_at(run, record->line, error, reason);
    }
    return dns_zone_add_text(
               zone, record->owner, record->ttl, record->type, record->data, &reason
           ) ||
           fail_at(run, record->line, error, reason);
}

static bool add_zone(
    const ScenarioRun *run, NamingTree *tree, const ScenarioOrganisation *described, GError **error
)
{
    g_autofree char *exchanger = g_strdup_printf("10 %s.", described->server);
    DnsZone *zone = naming_tree_zone(tree, described->domain);
    if (zone == NULL) {
        g_set_error(
            error,
            SCENARIO_ERROR,
            SCENARIO_ERROR_SYNTAX,
            "%s: '%s' is no domain name",
            run->scenario->file,
            described->domain
        );
        return false;
    }
    return described->has_exchangers || dns_zone_add_text(zone, "@", 0, "MX", exchanger, error);
}

/* A zone for each organisation with the MX record of its mail server, the tree above them. */
static NamingTree *build_tree(const ScenarioRun *run, GError **error)
{
    const Scenario *scenario = run->scenario;
    g_autoptr(NamingTree) tree = naming_tree_new(1);
    for (guint i = 0; i < scenario->organisations->len; i++) {
        if (!add_zone(run, tree, scenario_organisation(scenario, i), error)) {
            return NULL;
        }
    }
    for (guint i = 0; i < scenario->records->len; i++) {
        if (!add_record(run, tree, &g_array_index(scenario->records, ScenarioRecord, i), error)) {
            return NULL;
        }
    }
    return g_steal_pointer(&tree);
}

static bool name_hosts(ScenarioRun *run, GError **error)
{
    const Scenario *scenario = run->scenario;
    for (guint i = 0; i < scenario->servers->len; i++) {
        const char *name = scenario_server(scenario, i)->name;
        if (!naming_internet_name_host(run->naming, name, run->servers[i].host, error)) {
            return false;
        }
    }
    for (guint i = 0; i < scenario->hosts->len; i++) {
        const char *name = g_array_index(scenario->hosts, ScenarioHost, i).name;
        const SimHost *host = sim_host_find(run->world, name);
        if (!naming_internet_name_host(run->naming, name, host, error)) {
            return false;
        }
    }
    return true;
}

static bool build_names(ScenarioRun *run, GError **error)
{
    const Scenario *scenario = run->scenario;
    NamingTree *tree = build_tree(run, error);
    run->naming = tree == NULL ? NULL : naming_internet_new(run->internet, tree, error);
    if (run->naming == NULL || !name_hosts(run, error)) {
        return false;
    }
    for (guint i = 0; i < scenario->servers->len; i++) {
        RunServer *server = &run->servers[i];
        server->resolver = naming_internet_stub(run->naming, server->host, server->network);
        transfer_agent_set_resolver(server->transfer, server->resolver);
    }
    for (guint i = 0; i < scenario->devices->len; i++) {
        RunDevice *device = &run->devices[i];
        const ScenarioDevice *described = scenario_device(scenario, i);
        const ScenarioPerson *person = scenario_person(scenario, described->person);
        device->resolver = naming_internet_stub(
            run->naming, device->machine, run->organisations[person->organisation].network
        );
    }
    return true;
}

bool scenario_build(ScenarioRun *run, GError **error)
{
    const Scenario *scenario = run->scenario;
    SimLinkSettings usual = sim_link_settings_default();
    run->internet = sim_internet_new(run->world);
    if (scenario->has_backbone) {
        sim_internet_set_backbone(run->internet, &scenario->backbone);
    }
    run->organisations = g_new0(RunOrganisation, scenario->organisations->len);
    run->servers = g_new0(RunServer, scenario->servers->len);
    run->devices = g_new0(RunDevice, scenario->devices->len);
    for (guint i = 0; i < scenario->organisations->len; i++) {
        build_organisation(run, i);
    }
    sim_internet_set_lan(run->internet, &usual);
    for (guint i = 0; i < scenario->servers->len; i++) {
        if (!scenario_build_server(run, i, error)) {
            return false;
        }
    }
    for (guint i = 0; i < scenario->hosts->len; i++) {
        if (!build_host(run, &g_array_index(scenario->hosts, ScenarioHost, i), error)) {
            return false;
        }
    }
    for (guint i = 0; i < scenario->devices->len; i++) {
        if (!build_device(run, i, error)) {
            return false;
        }
    }
    return build_names(run, error);
}

void scenario_build_clear(ScenarioRun *run)
{
    for (guint i = 0; run->devices != NULL && i < run->scenario->devices->len; i++) {
        user_agent_free(run->devices[i].agent);
    }
    for (guint i = 0; run->servers != NULL && i < run->scenario->servers->len; i++) {
        RunServer *server = &run->servers[i];
        webmail_server_free(server->web_server);
        webmail_free(server->webmail);
        access_accounts_free(server->web_accounts);
        access_server_free(server->access);
        if (server->lists != NULL) {
            g_hash_table_unref(server->lists);
        }
        transfer_agent_free(server->transfer);
        if (run->options.store == NULL) {
            mail_store_free(server->store);
        }
    }
    g_free(run->organisations);
    g_free(run->servers);
    g_free(run->devices);
}

/* --- what others look at --- */

const char *scenario_run_host_name(const ScenarioRun *run, const guint8 *octets, gsize length)
{
    SimFamily family = length == 4 ? SIM_FAMILY_IPV4 : SIM_FAMILY_IPV6;
    SimAddress address = sim_address_from_octets(family, octets);
    const SimHost *host = sim_host_by_address(run->world, &address);
    return host == NULL ? NULL : sim_host_name(host);
}

const Scenario *scenario_run_scenario(const ScenarioRun *run)
{
    return run->scenario;
}

SimWorld *scenario_run_world(const ScenarioRun *run)
{
    return run->world;
}

NamingTree *scenario_run_names(const ScenarioRun *run)
{
    return naming_internet_tree(run->naming);
}

TransferAgent *scenario_run_transfer_agent(const ScenarioRun *run, guint organisation)
{
    const ScenarioOrganisation *described = scenario_organisation(run->scenario, organisation);
    return described->has_server ? run->servers[described->first_server].transfer : NULL;
}

TransferAgent *scenario_run_server_agent(const ScenarioRun *run, guint server)
{
    return run->servers[server].transfer;
}

MailStore *scenario_run_server_store(const ScenarioRun *run, guint server)
{
    return run->servers[server].store;
}

UserAgent *scenario_run_user_agent(const ScenarioRun *run, guint device)
{
    return run->devices[device].agent;
}
