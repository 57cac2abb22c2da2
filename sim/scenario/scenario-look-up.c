/* A mail program knows its server by name, so the DNS is asked before anything else. */

#include "sim/scenario/scenario-run-private.h"

struct RunLookUp {
    ScenarioRun *run;
    HostResolver *resolver;
    guint64 lookup; /* 0: over */
    const ScenarioAction *action;
    RunAddressKnown known; /* NULL: the answer itself is what was wanted */
};

void scenario_look_up_free(gpointer data)
{
    RunLookUp *look_up = data;
    if (look_up->lookup != 0) {
        host_resolver_cancel(look_up->resolver, look_up->lookup);
    }
    g_free(look_up);
}

static RunLookUp *begin(
    ScenarioRun *run,
    const ScenarioAction *action,
    const DnsName *name,
    guint16 type,
    HostResolverDone done
)
{
    RunLookUp *look_up = g_new0(RunLookUp, 1);
    look_up->run = run;
    look_up->action = action;
    look_up->resolver = run->devices[action->device].resolver;
    g_ptr_array_add(run->look_ups, look_up);
    look_up->lookup = host_resolver_look_up(look_up->resolver, name, type, done, look_up);
    return look_up;
}

static void tell(const RunLookUp *look_up, const char *text)
{
    const ScenarioAction *action = look_up->action;
    sim_world_emit(
        look_up->run->world,
        look_up->run->devices[action->device].machine,
        WORLD_EVENT_USER,
        "%s %s",
        scenario_person(look_up->run->scenario, action->person)->name,
        text
    );
}

static void on_address(const DnsAnswer *answer, gpointer data)
{
    RunLookUp *look_up = data;
    g_autoptr(GArray) addresses = dns_answer_addresses(answer);
    UserAgent *agent = look_up->run->devices[look_up->action->device].agent;
    look_up->lookup = 0;
    if (addresses->len == 0) {
        g_autofree char *text = g_strdup_printf(
            "sees: the server's name cannot be found (%s)", dns_outcome_name(answer->outcome)
        );
        tell(look_up, text);
    } else if (user_agent_is_busy(agent)) {
        tell(look_up, "has to wait: the mail program is still busy");
    } else {
        const SimAddress *address = &g_array_index(addresses, SimAddress, 0);
        look_up->known(look_up->run, look_up->action, address);
    }
    g_ptr_array_remove_fast(look_up->run->look_ups, look_up);
}

bool scenario_look_up(
    ScenarioRun *run,
    const ScenarioAction *action,
    const char *server,
    RunAddressKnown known,
    GError **error
)
{
    DnsName name;
    if (!dns_name_from_text(server, &name)) {
        return scenario_fail(run, action, error, "'%s' is no domain name", server);
    }
    begin(run, action, &name, DNS_TYPE_A, on_address)->known = known;
    return true;
}

static void append_duration(GString *text, guint32 seconds)
{
    g_string_append(text, ", kept for");
    if (seconds >= 3600) {
        g_string_append_printf(text, " %u h", seconds / 3600);
    }
    if (seconds % 3600 >= 60) {
        g_string_append_printf(text, " %u min", seconds % 3600 / 60);
    }
    if (seconds % 60 > 0 || seconds == 0) {
        g_string_append_printf(text, " %u s", seconds % 60);
    }
}

const char *scenario_server_of(const ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    const ScenarioPerson *person = scenario_person(run->scenario, action->person);
    if (person->server == SCENARIO_NO_SERVER) {
        scenario_fail(
            run,
            action,
            error,
            "%s has no mail server: write 'server NAME' behind the person",
            person->name
        );
        return NULL;
    }
    return scenario_server(run->scenario, person->server)->name;
}

static const char *nothing_found(DnsOutcome outcome)
{
    static const char *const texts[] = {
        [DNS_OUTCOME_FOUND] = "learns: nothing",
        [DNS_OUTCOME_NO_NAME] = "learns: there is no such name (NXDOMAIN)",
        [DNS_OUTCOME_NO_DATA] = "learns: the name exists, but has no such record (NODATA)",
        [DNS_OUTCOME_FAILED] = "learns nothing: the resolver could not find out (SERVFAIL)",
        [DNS_OUTCOME_NO_ANSWER] = "learns nothing: no answer came",
    };
    return texts[outcome];
}

/* What dig would show, in short. */
static void on_answer(const DnsAnswer *answer, gpointer data)
{
    RunLookUp *look_up = data;
    look_up->lookup = 0;
    for (guint i = 0; i < answer->sets->len; i++) {
        const DnsAnswerSet *set = &g_array_index(answer->sets, DnsAnswerSet, i);
        g_autofree char *owner = dns_name_to_plain_string(&set->set->name);
        for (guint j = 0; j < dns_record_set_count(set->set); j++) {
            char type[DNS_NUMBER_TEXT_MAXIMUM];
            g_autoptr(GString) text = g_string_new("learns: ");
            g_string_append_printf(text, "%s %s ", owner, dns_type_to_text(set->set->type, type));
            dns_record_set_text(set->set, j, text);
            if (text->len > 1 && text->str[text->len - 1] == '.') {
                g_string_truncate(text, text->len - 1); /* the root, which people do not write */
            }
            append_duration(text, set->ttl);
            tell(look_up, text->str);
        }
    }
    if (answer->outcome != DNS_OUTCOME_FOUND) {
        tell(look_up, nothing_found(answer->outcome));
    }
    g_ptr_array_remove_fast(look_up->run->look_ups, look_up);
}

bool scenario_deed_asks(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    DnsName name;
    guint16 type;
    if (!dns_name_from_text(action->text, &name)) {
        return scenario_fail(run, action, error, "'%s' is no domain name", action->text);
    }
    if (!dns_type_from_text(action->other, &type)) {
        return scenario_fail(run, action, error, "the DNS has no type '%s'", action->other);
    }
    begin(run, action, &name, type, on_answer);
    return true;
}
