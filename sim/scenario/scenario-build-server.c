/* Makes a mail server with its settings, and gives it the people whose mailboxes are there. */

#include "sim/naming/mail-route.h"
#include "sim/scenario/scenario-run-private.h"
#include "sim/scenario/scenario-settings.h"
#include "sim/store/memory-store.h"

typedef void (*SettingPlanner)(TransferAgentOptions *options, const ScenarioSetting *setting);

static void plan_says(TransferAgentOptions *options, const ScenarioSetting *setting)
{
    options->software = setting->text;
}

static void plan_size(TransferAgentOptions *options, const ScenarioSetting *setting)
{
    options->maximum_size = (guint64)setting->numbers[0];
}

static void plan_retries(TransferAgentOptions *options, const ScenarioSetting *setting)
{
    options->first_retry = setting->numbers[0];
    options->retry = setting->numbers[1] > 0 ? setting->numbers[1] : options->retry;
    options->lifetime = setting->numbers[2] > 0 ? setting->numbers[2] : options->lifetime;
}

/* What goes into the options when the agent is made. */
static const SettingPlanner planners[N_SCENARIO_SETTINGS] = {
    [SCENARIO_SETTING_SAYS] = plan_says,
    [SCENARIO_SETTING_SIZE] = plan_size,
    [SCENARIO_SETTING_RETRIES] = plan_retries,
};

static void plan(TransferAgentOptions *options, const GArray *settings)
{
    for (guint i = 0; i < settings->len; i++) {
        const ScenarioSetting *setting = &g_array_index(settings, ScenarioSetting, i);
        if (planners[setting->id] != NULL) {
            planners[setting->id](options, setting);
        }
    }
}

/* --- routes --- */

typedef struct {
    RunServer *server;
    MailRouteSearch *search;
    TransferRoute *route;
} RouteSearch;

static void free_search(gpointer data)
{
    RouteSearch *search = data;
    if (search->search != NULL) {
        mail_route_cancel(search->search);
    }
    g_free(search);
}

static void on_route(const MailRoute *found, gpointer data)
{
    RouteSearch *search = data;
    g_autoptr(GArray) targets = g_array_new(FALSE, FALSE, sizeof(TransferTarget));
    for (guint i = 0; i < found->targets->len; i++) {
        const MailRouteTarget *target = &g_array_index(found->targets, MailRouteTarget, i);
        TransferTarget given = {.name = target->name, .address = target->address};
        g_array_append_val(targets, given);
    }
    TransferRoute *route = search->route;
    search->search = NULL; /* it ends with this call */
    g_ptr_array_remove_fast(search->server->route_searches, search);
    transfer_agent_routed(
        route,
        (const TransferTarget *)(const void *)targets->data,
        targets->len,
        found->is_permanent,
        found->failure
    );
}

/* Asks the DNS where mail for the domain goes, as RFC 5321 §5.1 wants it. */
static void route(gpointer data, TransferAgent *agent, const char *domain, TransferRoute *route)
{
    RunServer *server = data;
    RouteSearch *search = g_new0(RouteSearch, 1);
    (void)agent;
    search->server = server;
    search->route = route;
    g_ptr_array_add(server->route_searches, search);
    search->search =
        mail_route_find(server->resolver, domain, sim_host_name(server->host), on_route, search);
}

static void make_agent(ScenarioRun *run, guint index, const char *own_network)
{
    const ScenarioServer *described = scenario_server(run->scenario, index);
    RunServer *server = &run->servers[index];
    const char *const domains[] = {
        scenario_organisation(run->scenario, described->organisation)->domain, NULL};
    const char *const networks[] = {own_network, run->options.networks, NULL};
    TransferAgentOptions options = transfer_agent_default_options();
    options.host_name = described->name;
    options.domains = domains;
    options.networks = networks;
    options.seed = sim_world_seed(run->world) + index;
    plan(&options, described->settings);
    server->transfer = transfer_agent_new(server->host, server->store, &options, route, server);
    server->access = access_server_new(server->host, server->store, described->name, options.seed);
}

static bool add_people(ScenarioRun *run, guint index, GError **error)
{
    const RunServer *server = &run->servers[index];
    for (guint i = 0; i < run->scenario->people->len; i++) {
        const ScenarioPerson *person = scenario_person(run->scenario, i);
        if (person->server != index) {
            continue;
        }
        access_server_add_user(server->access, person->login, person->password, person->address);
        if (!transfer_agent_add_mailbox(server->transfer, person->address, error)) {
            return false;
        }
    }
    return true;
}

bool scenario_build_server(ScenarioRun *run, guint index, GError **error)
{
    const ScenarioServer *described = scenario_server(run->scenario, index);
    RunServer *server = &run->servers[index];
    guint length;
    char text[SIM_ADDRESS_TEXT_SIZE];
    server->network = run->organisations[described->organisation].network;
    server->host = sim_network_host(server->network, described->name);
    server->store = run->options.store != NULL ? run->options.store : memory_store_new();
    server->route_searches = g_ptr_array_new_with_free_func(free_search);
    SimAddress prefix = sim_network_prefix(server->network, SIM_FAMILY_IPV4, &length);
    g_autofree char *own_network =
        g_strdup_printf("%s/%u", sim_address_format(&prefix, text), length);
    make_agent(run, index, own_network);
    return add_people(run, index, error);
}
