#include "sim/scenario/scenario-run.h"

#include "sim/agent/access-server.h"
#include "sim/agent/transfer-agent.h"
#include "sim/agent/user-agent.h"
#include "sim/naming/mail-route.h"
#include "sim/naming/naming-internet.h"
#include "sim/network/internet.h"
#include "sim/scenario/what-if-play.h"
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
    HostResolver *resolver; /* what programs on the server use */
} Organisation;

typedef struct {
    UserAgent *agent;
    SimHost *machine;
    HostResolver *resolver;
} Person;

/* A look-up under way for a transfer agent or a person; it belongs to the run until it is over. */
typedef struct {
    ScenarioRun *run;
    MailRouteSearch *search;
    TransferRoute *route;
    HostResolver *resolver;
    guint64 lookup;
    const ScenarioAction *action; /* what the person does once the address is known */
} LookUp;

struct ScenarioRun {
    const Scenario *scenario;
    ScenarioObserver observer;
    MailStore *store;     /* of everybody; NULL: each organisation has a store */
    const char *networks; /* may relay everywhere; NULL */
    SimWorld *world;
    SimInternet *internet;
    NamingInternet *naming;
    Organisation *organisations;
    Person *people;
    GPtrArray *look_ups; /* LookUp */
    WhatIfPlay *what_ifs;
    GHashTable *deeds;            /* WhatIf -> ScenarioAction, of those that are deeds */
    const ScenarioAction **story; /* the actions, a what-if's in the place of some */
    guint next;                   /* in the story */
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

static LookUp *new_look_up(ScenarioRun *run)
{
    LookUp *look_up = g_new0(LookUp, 1);
    look_up->run = run;
    g_ptr_array_add(run->look_ups, look_up);
    return look_up;
}

static void free_look_up(gpointer data)
{
    LookUp *look_up = data;
    if (look_up->search != NULL) {
        mail_route_cancel(look_up->search);
    } else if (look_up->lookup != 0) {
        host_resolver_cancel(look_up->resolver, look_up->lookup);
    }
    g_free(look_up);
}

static void on_route(const MailRoute *found, gpointer data)
{
    LookUp *look_up = data;
    TransferRoute *route = look_up->route;
    g_autoptr(GArray) targets = g_array_new(FALSE, FALSE, sizeof(TransferTarget));
    for (guint i = 0; i < found->targets->len; i++) {
        const MailRouteTarget *target = &g_array_index(found->targets, MailRouteTarget, i);
        TransferTarget given = {.name = target->name, .address = target->address};
        g_array_append_val(targets, given);
    }
    look_up->search = NULL; /* it ends with this call */
    g_ptr_array_remove_fast(look_up->run->look_ups, look_up);
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
    ScenarioRun *run = data;
    for (guint i = 0; i < run->scenario->organisations->len; i++) {
        const Organisation *organisation = &run->organisations[i];
        if (organisation->transfer == agent) {
            LookUp *look_up = new_look_up(run);
            look_up->route = route;
            look_up->search = mail_route_find(
                organisation->resolver,
                domain,
                organisation_at(run->scenario, i)->server,
                on_route,
                look_up
            );
            return;
        }
    }
}

static void build_organisation(ScenarioRun *run, guint index)
{
    const ScenarioOrganisation *described = organisation_at(run->scenario, index);
    Organisation *organisation = &run->organisations[index];
    guint length;
    organisation->network = sim_internet_network(run->internet, described->domain);
    organisation->server = sim_network_host(organisation->network, described->server);
    MailStore *shared = run->store;
    organisation->store = shared != NULL ? shared : memory_store_new();
    SimAddress prefix = sim_network_prefix(organisation->network, SIM_FAMILY_IPV4, &length);
    char text[SIM_ADDRESS_TEXT_SIZE];
    g_autofree char *own_network =
        g_strdup_printf("%s/%u", sim_address_format(&prefix, text), length);
    const char *const domains[] = {described->domain, NULL};
    const char *const networks[] = {own_network, run->networks, NULL};
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
    Person *person = &run->people[index];
    if (described->machine != NULL) {
        person->machine = sim_network_host(organisation->network, described->machine);
        person->agent = user_agent_new(person->machine, &options);
    }
    access_server_add_user(
        organisation->access, described->login, described->password, described->address
    );
    return transfer_agent_add_mailbox(organisation->transfer, described->address, error);
}

/* A zone for each organisation with the name and the MX record of its mail server, the tree above
 * them, and a resolver for the hosts of each network. */
static bool build_names(ScenarioRun *run, GError **error)
{
    const Scenario *scenario = run->scenario;
    NamingTree *tree = naming_tree_new(1);
    for (guint i = 0; i < scenario->organisations->len; i++) {
        const ScenarioOrganisation *described = organisation_at(scenario, i);
        g_autofree char *exchanger = g_strdup_printf("10 %s.", described->server);
        DnsZone *zone = naming_tree_zone(tree, described->domain);
        if (zone == NULL) {
            g_set_error(
                error,
                SCENARIO_ERROR,
                SCENARIO_ERROR_SYNTAX,
                "%s: '%s' is no domain name",
                scenario->name,
                described->domain
            );
            naming_tree_free(tree);
            return false;
        }
        if (!dns_zone_add_text(zone, "@", 0, "MX", exchanger, error)) {
            naming_tree_free(tree);
            return false;
        }
    }
    run->naming = naming_internet_new(run->internet, tree, error);
    for (guint i = 0; run->naming != NULL && i < scenario->organisations->len; i++) {
        Organisation *organisation = &run->organisations[i];
        const char *server = organisation_at(scenario, i)->server;
        if (!naming_internet_name_host(run->naming, server, organisation->server, error)) {
            return false;
        }
        organisation->resolver =
            naming_internet_stub(run->naming, organisation->server, organisation->network);
    }
    for (guint i = 0; run->naming != NULL && i < scenario->people->len; i++) {
        Person *person = &run->people[i];
        SimNetwork *network = run->organisations[person_at(scenario, i)->organisation].network;
        if (person->machine != NULL) {
            person->resolver = naming_internet_stub(run->naming, person->machine, network);
        }
    }
    return run->naming != NULL;
}

/* The address of the person's server is known, or that it cannot be found. */
static void on_address(const DnsAnswer *answer, gpointer data)
{
    LookUp *look_up = data;
    ScenarioRun *run = look_up->run;
    const ScenarioAction *action = look_up->action;
    const Person *person = &run->people[action->person];
    g_autoptr(GArray) addresses = dns_answer_addresses(answer);
    look_up->lookup = 0;
    g_ptr_array_remove_fast(run->look_ups, look_up);
    if (addresses->len == 0) {
        sim_world_emit(
            run->world,
            person->machine,
            WORLD_EVENT_USER,
            "%s sees: the server's name cannot be found (%s)",
            person_at(run->scenario, action->person)->name,
            dns_outcome_name(answer->outcome)
        );
        return;
    }
    const SimAddress *address = &g_array_index(addresses, SimAddress, 0);
    if (action->kind == SCENARIO_SENDS) {
        UserAgentSending sending = {.server = *address, .port = 25};
        user_agent_send(person->agent, &sending);
    } else {
        UserAgentFetching fetching = {.server = *address, .deletes = action->deletes};
        user_agent_fetch_pop3(person->agent, &fetching);
    }
}

/* A mail program knows its server by name, so the DNS is asked first. */
static bool look_up_server(ScenarioRun *run, const ScenarioAction *action)
{
    const ScenarioPerson *person = person_at(run->scenario, action->person);
    const char *server = organisation_at(run->scenario, person->organisation)->server;
    DnsName name;
    if (!dns_name_from_text(server, &name)) {
        return false;
    }
    LookUp *look_up = new_look_up(run);
    look_up->action = action;
    look_up->resolver = run->people[action->person].resolver;
    look_up->lookup =
        host_resolver_look_up(look_up->resolver, &name, DNS_TYPE_A, on_address, look_up);
    return true;
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

/* What a person does begins; the world has to run for it to go on. */
static bool begin_deed(ScenarioRun *run, const ScenarioAction *action)
{
    if (action->kind == SCENARIO_WRITES) {
        UserAgentMail mail = {.to = action->to, .subject = action->subject, .body = action->body};
        user_agent_compose(run->people[action->person].agent, &mail);
        return true;
    }
    return look_up_server(run, action);
}

static void on_what_if_deed(gpointer owner, const WhatIf *what_if)
{
    ScenarioRun *run = owner;
    const ScenarioAction *deed = g_hash_table_lookup(run->deeds, what_if);
    for (guint i = run->next; what_if->is_instead && i < run->scenario->actions->len; i++) {
        if (run->story[i]->kind == deed->kind && run->story[i]->person == deed->person) {
            run->story[i] = deed;
            return;
        }
    }
    begin_deed(run, deed);
}

static bool read_deeds(ScenarioRun *run, const WhatIfList *what_ifs, GError **error)
{
    for (guint i = 0; i < what_if_list_length(what_ifs); i++) {
        const WhatIf *what_if = what_if_list_at(what_ifs, i);
        if (what_if->kind != WHAT_IF_DEED) {
            continue;
        }
        ScenarioAction *deed = scenario_parse_deed(run->scenario, what_if->text, error);
        if (deed == NULL) {
            return false;
        }
        g_hash_table_insert(run->deeds, (gpointer)what_if, deed);
    }
    return true;
}

static bool act(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    SimTime now = sim_world_now(run->world);
    switch (action->kind) {
    case SCENARIO_CHAPTER:
        run->observer.chapter(run->observer.owner, now, action->text, action->note);
        return true;
    case SCENARIO_WRITES:
        return begin_deed(run, action);
    case SCENARIO_SENDS:
    case SCENARIO_FETCHES:
        if (!begin_deed(run, action)) {
            return false;
        }
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

static void free_deed(gpointer deed)
{
    scenario_deed_free(deed);
}

static bool check_settings(const char *const *settings, GError **error)
{
    if (settings == NULL || settings[0] == NULL) {
        return true;
    }
    g_set_error(
        error,
        SCENARIO_ERROR,
        SCENARIO_ERROR_SYNTAX,
        "there is no setting '%s' in this scenario",
        settings[0]
    );
    return false;
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
    run->store = options->store;
    run->networks = options->networks;
    run->world = sim_world_new(options->seed);
    run->internet = sim_internet_new(run->world);
    run->organisations = g_new0(Organisation, scenario->organisations->len);
    run->people = g_new0(Person, scenario->people->len);
    run->look_ups = g_ptr_array_new_with_free_func(free_look_up);
    run->deeds = g_hash_table_new_full(NULL, NULL, NULL, free_deed);
    run->story = g_new0(const ScenarioAction *, scenario->actions->len);
    for (guint i = 0; i < scenario->actions->len; i++) {
        run->story[i] = &g_array_index(scenario->actions, ScenarioAction, i);
    }
    for (guint i = 0; i < scenario->organisations->len; i++) {
        build_organisation(run, i);
    }
    for (guint i = 0; i < scenario->people->len; i++) {
        if (!build_person(run, i, error)) {
            return NULL;
        }
    }
    if (!build_names(run, error)) {
        return NULL;
    }
    WhatIfPlayOwner owner = {.deed = on_what_if_deed, .owner = run};
    run->what_ifs = what_if_play_new(run->world, options->what_ifs, &owner, error);
    if (run->what_ifs == NULL || !read_deeds(run, options->what_ifs, error) ||
        !check_settings(options->settings, error)) {
        return NULL;
    }
    if (observer->frame != NULL) {
        sim_tap_world(run->world, on_frame, run);
    }
    if (observer->world != NULL) {
        sim_world_add_observer(run->world, on_world_event, run);
    }
    return g_steal_pointer(&run);
}

void scenario_run_free(ScenarioRun *run)
{
    if (run == NULL) {
        return;
    }
    what_if_play_free(run->what_ifs);
    g_hash_table_unref(run->deeds);
    g_free(run->story);
    g_ptr_array_unref(run->look_ups);
    for (guint i = 0; i < run->scenario->people->len; i++) {
        user_agent_free(run->people[i].agent);
    }
    for (guint i = 0; i < run->scenario->organisations->len; i++) {
        access_server_free(run->organisations[i].access);
        transfer_agent_free(run->organisations[i].transfer);
        if (run->store == NULL) {
            mail_store_free(run->organisations[i].store);
        }
    }
    sim_world_free(run->world);
    g_free(run->organisations);
    g_free(run->people);
    g_free(run);
}

bool scenario_run_play(ScenarioRun *run, GError **error)
{
    while (run->next < run->scenario->actions->len) {
        if (!act(run, run->story[run->next++], error)) {
            return false;
        }
    }
    return true;
}

const char *scenario_run_host_name(const ScenarioRun *run, const guint8 *octets, gsize length)
{
    SimFamily family = length == 4 ? SIM_FAMILY_IPV4 : SIM_FAMILY_IPV6;
    SimAddress address = sim_address_from_octets(family, octets);
    const SimHost *host = sim_host_by_address(run->world, &address);
    return host == NULL ? NULL : sim_host_name(host);
}

const WhatIf *scenario_run_unmet(const ScenarioRun *run)
{
    return what_if_play_unmet(run->what_ifs);
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
    return run->organisations[organisation].transfer;
}
