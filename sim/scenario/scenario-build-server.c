/* Makes a mail server with its settings, and gives it the people whose mailboxes are there. */

#include "sim/scenario/scenario-run-private.h"
#include "sim/scenario/scenario-settings.h"
#include "sim/store/memory-store.h"

/* What is being made; texts made for it live until the agent has copied the options. */
typedef struct {
    ScenarioRun *run;
    const ScenarioServer *described;
    RunServer *server;
    const GArray *more_settings; /* NULL: none */
    TransferAgentOptions options;
    GPtrArray *networks; /* of const char *, closed by NULL at the end */
    char *mechanisms;
    MailFilter *filter; /* NULL: none */
} ServerPlan;

typedef struct {
    /* Before the agent is made: what goes into its options. */
    void (*plan)(ServerPlan *plan, const ScenarioSetting *setting);
    /* Afterwards: what it is told. */
    bool (*apply)(ServerPlan *plan, const ScenarioSetting *setting, GError **error);
} SettingRow;

static void plan_says(ServerPlan *plan, const ScenarioSetting *setting)
{
    plan->options.software = setting->text;
}

static void plan_size(ServerPlan *plan, const ScenarioSetting *setting)
{
    plan->options.maximum_size = (guint64)setting->numbers[0];
}

static void plan_retries(ServerPlan *plan, const ScenarioSetting *setting)
{
    TransferAgentOptions *options = &plan->options;
    options->first_retry = setting->numbers[0];
    options->retry = setting->numbers[1] > 0 ? setting->numbers[1] : options->retry;
    options->lifetime = setting->numbers[2] > 0 ? setting->numbers[2] : options->lifetime;
}

static void plan_warns(ServerPlan *plan, const ScenarioSetting *setting)
{
    plan->options.warn_after = setting->numbers[0];
}

static void plan_backs_up(ServerPlan *plan, const ScenarioSetting *setting)
{
    plan->options.relay_domains = (const char *const *)setting->list;
}

static void plan_believes(ServerPlan *plan, const ScenarioSetting *setting)
{
    plan->options.senders = g_str_equal(setting->text, "insiders")
                                ? TRANSFER_SENDERS_OWN_ONLY_FROM_INSIDE
                            : g_str_equal(setting->text, "existing") ? TRANSFER_SENDERS_MUST_EXIST
                                                                     : TRANSFER_SENDERS_BELIEVED;
}

static void plan_demands(ServerPlan *plan, const ScenarioSetting *setting)
{
    (void)setting;
    plan->options.requires_auth = true;
}

static void plan_full(ServerPlan *plan, const ScenarioSetting *setting)
{
    (void)setting;
    plan->options.full_is_permanent = true;
}

static void plan_hops(ServerPlan *plan, const ScenarioSetting *setting)
{
    plan->options.maximum_hops = (guint)setting->numbers[0];
}

static void plan_offers(ServerPlan *plan, const ScenarioSetting *setting)
{
    g_free(plan->mechanisms);
    plan->mechanisms = g_strjoinv(" ", setting->list);
    plan->options.mechanisms = plan->mechanisms;
    plan->options.allows_plaintext_auth = true;
}

static void plan_passes(ServerPlan *plan, const ScenarioSetting *setting)
{
    plan->options.next_hop = setting->text;
}

static void plan_relays(ServerPlan *plan, const ScenarioSetting *setting)
{
    for (guint i = 0; setting->list[i] != NULL; i++) {
        bool is_all = g_ascii_strcasecmp(setting->list[i], "everybody") == 0;
        g_ptr_array_add(plan->networks, is_all ? (gpointer) "0.0.0.0/0" : setting->list[i]);
    }
}

static void plan_syntax(ServerPlan *plan, const ScenarioSetting *setting)
{
    plan->options.syntax = g_str_equal(setting->text, "strict")  ? SMTP_SYNTAX_STRICT
                           : g_str_equal(setting->text, "slide") ? SMTP_SYNTAX_ON_SLIDE
                                                                 : SMTP_SYNTAX_LENIENT;
}

static void plan_without(ServerPlan *plan, const ScenarioSetting *setting)
{
    for (guint i = 0; setting->list[i] != NULL; i++) {
        plan->options.offers &= ~smtp_offer_find(setting->list[i]);
    }
}

static MailFilter *filter_of(ServerPlan *plan)
{
    if (plan->filter == NULL) {
        plan->filter = mail_filter_new();
    }
    return plan->filter;
}

static void plan_marks(ServerPlan *plan, const ScenarioSetting *setting)
{
    mail_filter_add_word(filter_of(plan), setting->text, (int)setting->numbers[0]);
}

static void plan_rejects(ServerPlan *plan, const ScenarioSetting *setting)
{
    ByteSpan signature = byte_span_from_string(setting->text);
    mail_filter_add_virus(filter_of(plan), setting->list[0], signature);
}

static bool apply_forwards(ServerPlan *plan, const ScenarioSetting *setting, GError **error)
{
    g_autofree char *targets = g_strjoinv(", ", setting->list);
    (void)error;
    transfer_agent_add_alias(plan->server->transfer, setting->text, targets);
    return true;
}

static bool apply_moved(ServerPlan *plan, const ScenarioSetting *setting, GError **error)
{
    (void)error;
    transfer_agent_add_moved(
        plan->server->transfer, setting->text, setting->list[0], setting->numbers[0] != 0
    );
    return true;
}

static bool apply_catches(ServerPlan *plan, const ScenarioSetting *setting, GError **error)
{
    const ScenarioOrganisation *organisation =
        scenario_organisation(plan->run->scenario, plan->described->organisation);
    (void)error;
    transfer_agent_set_catch_all(plan->server->transfer, organisation->domain, setting->text);
    return true;
}

static bool apply_plus(ServerPlan *plan, const ScenarioSetting *setting, GError **error)
{
    (void)setting;
    (void)error;
    transfer_agent_set_subaddressing(plan->server->transfer, '+');
    return true;
}

static bool apply_greylists(ServerPlan *plan, const ScenarioSetting *setting, GError **error)
{
    (void)error;
    transfer_agent_set_greylisting(plan->server->transfer, setting->numbers[0], 35 * SIM_DAY);
    return true;
}

static bool apply_blocklist(ServerPlan *plan, const ScenarioSetting *setting, GError **error)
{
    (void)error;
    transfer_agent_add_blocklist(plan->server->transfer, setting->text);
    return true;
}

static bool apply_excepts(ServerPlan *plan, const ScenarioSetting *setting, GError **error)
{
    (void)error;
    transfer_agent_add_blocklist_exception(plan->server->transfer, setting->text);
    return true;
}

static bool apply_fails(ServerPlan *plan, const ScenarioSetting *setting, GError **error)
{
    TransferFault fault = {.times = (guint)setting->numbers[1]};
    (void)error;
    for (guint i = 0; i < N_TRANSFER_STAGES; i++) {
        if (g_str_equal(transfer_stage_name((TransferStage)i), setting->text)) {
            fault.stage = (TransferStage)i;
        }
    }
    /* "4.3.0 Come back later": the enhanced code stands before the text. */
    const char *space = strchr(setting->list[0], ' ');
    bool has_enhanced =
        g_ascii_isdigit(setting->list[0][0]) && setting->list[0][1] == '.' && space != NULL;
    g_autofree char *enhanced =
        has_enhanced ? g_strndup(setting->list[0], (gsize)(space - setting->list[0])) : NULL;
    fault.reply = (SmtpReply){
        .code = (guint)setting->numbers[0],
        .enhanced = enhanced,
        .text = has_enhanced ? space + 1 : setting->list[0],
    };
    transfer_agent_add_fault(plan->server->transfer, &fault);
    return true;
}

/* The same list may be named again, for members of another kind. */
static bool apply_list(ServerPlan *plan, const ScenarioSetting *setting, GError **error)
{
    RunServer *server = plan->server;
    ListServer *list = g_hash_table_lookup(server->lists, setting->text);
    (void)error;
    if (list == NULL) {
        g_autofree char *owner = g_strdup_printf("postmaster@%s", plan->described->name);
        g_autofree char *title = g_strndup(setting->text, strcspn(setting->text, "@"));
        title[0] = g_ascii_toupper(title[0]);
        ListServerOptions options = {
            .address = setting->text,
            .title = title,
            .owner = owner,
            .seed = plan->options.seed,
        };
        list = list_server_new(server->transfer, &options);
        g_hash_table_insert(server->lists, g_strdup(setting->text), list);
    }
    for (guint i = 0; setting->list[i] != NULL; i++) {
        list_server_add_member(list, setting->list[i], setting->numbers[0] != 0);
    }
    return true;
}

/* What comes from the form goes the way of all mail: into the queue. */
static bool send_from_webmail(
    gpointer data,
    const char *reverse_path,
    const char *const *recipients,
    GBytes *octets,
    char **out_reason
)
{
    TransferAgent *agent = data;
    if (transfer_agent_submit(agent, reverse_path, recipients, octets, "user", NULL) != NULL) {
        return true;
    }
    *out_reason = g_strdup("The queue of the mail server takes nothing.");
    return false;
}

static bool apply_webmail(ServerPlan *plan, const ScenarioSetting *setting, GError **error)
{
    RunServer *server = plan->server;
    guint64 seed = plan->options.seed + 1000;
    (void)setting;
    (void)error;
    if (server->webmail != NULL) {
        return true;
    }
    server->web_accounts = access_accounts_new(
        plan->run->world, server->host, server->store, plan->described->name, seed
    );
    server->webmail = webmail_new(server->web_accounts, seed, send_from_webmail, server->transfer);
    server->web_server = webmail_server_new(server->host, server->webmail);
    for (guint i = 0; i < plan->run->scenario->people->len; i++) {
        const ScenarioPerson *person = scenario_person(plan->run->scenario, i);
        if (person->server == (guint)(server - plan->run->servers)) {
            access_accounts_add_user(
                server->web_accounts, person->login, person->password, person->address
            );
        }
    }
    return true;
}

static const SettingRow rows[N_SCENARIO_SETTINGS] = {
    [SCENARIO_SETTING_BACKS_UP] = {.plan = plan_backs_up},
    [SCENARIO_SETTING_BELIEVES] = {.plan = plan_believes},
    [SCENARIO_SETTING_BLOCKLIST] = {.apply = apply_blocklist},
    [SCENARIO_SETTING_CATCHES] = {.apply = apply_catches},
    [SCENARIO_SETTING_DEMANDS] = {.plan = plan_demands},
    [SCENARIO_SETTING_EXCEPTS] = {.apply = apply_excepts},
    [SCENARIO_SETTING_FAILS] = {.apply = apply_fails},
    [SCENARIO_SETTING_FORWARDS] = {.apply = apply_forwards},
    [SCENARIO_SETTING_FULL] = {.plan = plan_full},
    [SCENARIO_SETTING_GREYLISTS] = {.apply = apply_greylists},
    [SCENARIO_SETTING_HOPS] = {.plan = plan_hops},
    [SCENARIO_SETTING_LIST] = {.apply = apply_list},
    [SCENARIO_SETTING_MARKS] = {.plan = plan_marks},
    [SCENARIO_SETTING_MOVED] = {.apply = apply_moved},
    [SCENARIO_SETTING_OFFERS] = {.plan = plan_offers},
    [SCENARIO_SETTING_PASSES] = {.plan = plan_passes},
    [SCENARIO_SETTING_PLUS] = {.apply = apply_plus},
    [SCENARIO_SETTING_REJECTS] = {.plan = plan_rejects},
    [SCENARIO_SETTING_RELAYS] = {.plan = plan_relays},
    [SCENARIO_SETTING_RETRIES] = {.plan = plan_retries},
    [SCENARIO_SETTING_SAYS] = {.plan = plan_says},
    [SCENARIO_SETTING_SIZE] = {.plan = plan_size},
    [SCENARIO_SETTING_SYNTAX] = {.plan = plan_syntax},
    [SCENARIO_SETTING_WARNS] = {.plan = plan_warns},
    [SCENARIO_SETTING_WEBMAIL] = {.apply = apply_webmail},
    [SCENARIO_SETTING_WITHOUT] = {.plan = plan_without},
};

static bool apply_list_of_settings(ServerPlan *plan, const GArray *settings, GError **error)
{
    for (guint i = 0; settings != NULL && i < settings->len; i++) {
        const ScenarioSetting *setting = &g_array_index(settings, ScenarioSetting, i);
        if (rows[setting->id].apply != NULL && !rows[setting->id].apply(plan, setting, error)) {
            return false;
        }
    }
    return true;
}

static bool apply_settings(ServerPlan *plan, GError **error)
{
    if (!apply_list_of_settings(plan, plan->described->settings, error) ||
        !apply_list_of_settings(plan, plan->more_settings, error)) {
        return false;
    }
    if (plan->filter != NULL) {
        transfer_agent_set_filter(plan->server->transfer, plan->filter);
    }
    return true;
}

static void plan_settings(ServerPlan *plan, const GArray *settings)
{
    for (guint i = 0; settings != NULL && i < settings->len; i++) {
        const ScenarioSetting *setting = &g_array_index(settings, ScenarioSetting, i);
        if (rows[setting->id].plan != NULL) {
            rows[setting->id].plan(plan, setting);
        }
    }
}

static void make_agents(ServerPlan *plan, guint index)
{
    const ScenarioServer *described = plan->described;
    RunServer *server = plan->server;
    /* The domain is the first server's; further ones carry mail for others. */
    const ScenarioOrganisation *organisation =
        scenario_organisation(plan->run->scenario, described->organisation);
    const char *const domains[] = {
        organisation->first_server == index ? organisation->domain : NULL, NULL};
    plan->options.host_name = described->name;
    plan->options.domains = domains;
    plan->options.seed = sim_world_seed(plan->run->world) + index;
    plan_settings(plan, described->settings);
    plan_settings(plan, plan->more_settings);
    g_ptr_array_add(plan->networks, NULL);
    plan->options.networks = (const char *const *)plan->networks->pdata;
    if (plan->run->options.adjust != NULL) {
        plan->run->options.adjust(plan->run->options.data, index, &plan->options);
    }
    server->transfer = transfer_agent_new(server->host, server->store, &plan->options, NULL, NULL);
    server->access =
        access_server_new(server->host, server->store, described->name, plan->options.seed);
}

/* The store says no more than no where the address cannot be the name of an account. */
static bool add_mailbox(
    const ScenarioRun *run, const RunServer *server, const ScenarioPerson *person, GError **error
)
{
    g_autoptr(GError) reason = NULL;
    if (transfer_agent_add_mailbox(server->transfer, person->address, &reason)) {
        return true;
    }
    g_set_error(
        error,
        SCENARIO_ERROR,
        SCENARIO_ERROR_SYNTAX,
        "%s: there can be no mailbox for '%s': %s",
        run->scenario->file,
        person->address,
        reason == NULL ? "two people have it, or it is no address" : reason->message
    );
    return false;
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
        transfer_agent_add_user(server->transfer, person->login, person->password);
        if (!add_mailbox(run, server, person, error)) {
            return false;
        }
        transfer_agent_offer_postmaster(server->transfer, person->address);
        MailQuota quota = {.octets = person->quota};
        if (person->quota > 0 &&
            !transfer_agent_set_quota(server->transfer, person->address, quota, error)) {
            return false;
        }
    }
    return true;
}

static void free_list(gpointer list)
{
    list_server_free(list);
}

bool scenario_build_server(ScenarioRun *run, guint index, GError **error)
{
    const ScenarioServer *described = scenario_server(run->scenario, index);
    RunServer *server = &run->servers[index];
    guint length;
    char text[SIM_ADDRESS_TEXT_SIZE];
    server->network = run->organisations[described->organisation].network;
    server->host = sim_network_host(server->network, described->name);
    if (server->host == NULL) {
        return scenario_build_fail(run, described->name, error);
    }
    server->lists = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_list);
    server->store = run->options.store != NULL ? run->options.store : memory_store_new();
    SimAddress prefix = sim_network_prefix(server->network, SIM_FAMILY_IPV4, &length);
    g_autofree char *own_network =
        g_strdup_printf("%s/%u", sim_address_format(&prefix, text), length);
    ServerPlan plan = {
        .run = run,
        .described = described,
        .server = server,
        .more_settings = run->more_settings[index],
        .options = transfer_agent_default_options(),
        .networks = g_ptr_array_new(),
    };
    g_ptr_array_add(plan.networks, own_network);
    make_agents(&plan, index);
    bool is_built = add_people(run, index, error) && apply_settings(&plan, error);
    g_ptr_array_unref(plan.networks);
    mail_filter_free(plan.filter);
    g_free(plan.mechanisms);
    return is_built;
}
