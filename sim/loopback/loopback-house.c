#include "sim/loopback/loopback-house.h"

#include "protocol/pop3/pop3-server.h"
#include "sim/agent/access-accounts.h"
#include "sim/agent/imap-session.h"
#include "sim/agent/pop3-session.h"
#include "sim/agent/transfer-session.h"
#include "sim/agent/webmail-session.h"
#include "sim/loopback/loopback-dns.h"
#include "sim/naming/local-resolver.h"
#include "sim/store/maildir-store.h"
#include "sim/store/memory-store.h"

#include <string.h>

#define CONNECTIONS_MAXIMUM 10000

const LoopbackPortRow loopback_ports[N_LOOPBACK_PORTS] = {
    [LOOPBACK_SMTP] =
        {
            .name = "SMTP",
            .option = "smtp",
            .protocol = "smtp",
            .usual = 2525,
            .well_known = 25,
        },
    [LOOPBACK_SUBMISSION] =
        {
            .name = "Submission",
            .option = "submission",
            .protocol = "smtp",
            .usual = 2587,
            .well_known = 587,
        },
    [LOOPBACK_POP3] =
        {
            .name = "POP3",
            .option = "pop3",
            .protocol = "pop3",
            .usual = 1110,
            .well_known = 110,
        },
    [LOOPBACK_IMAP] =
        {
            .name = "IMAP",
            .option = "imap",
            .protocol = "imap",
            .usual = 1143,
            .well_known = 143,
        },
    [LOOPBACK_HTTP] =
        {
            .name = "HTTP",
            .option = "http",
            .protocol = "http",
            .usual = 8080,
            .well_known = 80,
        },
    [LOOPBACK_DNS] =
        {
            .name = "DNS",
            .option = "dns",
            .protocol = "dns",
            .usual = 5353,
            .well_known = 53,
        },
};

struct LoopbackHouse {
    LoopbackHouseOptions options;
    MailStore *store;
    ScenarioRun *run;
    TransferAgent *agent;
    AccessAccounts *accounts;
    Webmail *webmail;
    LocalResolver *resolver;
    LoopbackServer *server;
    LoopbackDns *dns;
    GError *problem; /* while transfer agents are made */
    guint16 ports[N_LOOPBACK_PORTS];
};

static gpointer
accept_smtp(gpointer data, const LoopbackPlace *client, guint64 number, LoopbackLink *link)
{
    LoopbackHouse *house = data;
    TransferSession *session =
        transfer_session_new(house->agent, &client->address, 25, number, NULL);
    transfer_session_set_carrier(session, &loopback_link_carrier, link);
    return session;
}

static gpointer
accept_submission(gpointer data, const LoopbackPlace *client, guint64 number, LoopbackLink *link)
{
    LoopbackHouse *house = data;
    TransferSession *session =
        transfer_session_new(house->agent, &client->address, 587, number, NULL);
    transfer_session_set_carrier(session, &loopback_link_carrier, link);
    return session;
}

static gpointer
accept_pop3(gpointer data, const LoopbackPlace *client, guint64 number, LoopbackLink *link)
{
    LoopbackHouse *house = data;
    (void)number;
    Pop3Session *session = pop3_session_new(house->accounts, &client->address, NULL);
    pop3_session_set_carrier(session, &loopback_link_carrier, link);
    return session;
}

static gpointer
accept_http(gpointer data, const LoopbackPlace *client, guint64 number, LoopbackLink *link)
{
    LoopbackHouse *house = data;
    (void)number;
    WebmailSession *session = webmail_session_new(house->webmail, &client->address, NULL);
    webmail_session_set_carrier(session, &loopback_link_carrier, link);
    return session;
}

static gpointer
accept_imap(gpointer data, const LoopbackPlace *client, guint64 number, LoopbackLink *link)
{
    LoopbackHouse *house = data;
    (void)number;
    ImapSession *session = imap_session_new(house->accounts, &client->address, NULL);
    imap_session_set_carrier(session, &loopback_link_carrier, link);
    return session;
}

static bool answer_dns(ByteSpan question, bool over_tcp, ByteBuffer *out, gpointer data)
{
    LoopbackHouse *house = data;
    SimTime now = sim_world_now(scenario_run_world(house->run));
    return local_resolver_answer(house->resolver, question, over_tcp, now, out);
}

/* How each port is served; those without a row here have a driver of their own. */
static const LoopbackService services[N_LOOPBACK_PORTS] = {
    [LOOPBACK_SMTP] = {.accept = accept_smtp, .functions = &transfer_session_owner},
    [LOOPBACK_SUBMISSION] = {.accept = accept_submission, .functions = &transfer_session_owner},
    [LOOPBACK_POP3] = {.accept = accept_pop3, .functions = &pop3_session_owner},
    [LOOPBACK_IMAP] = {.accept = accept_imap, .functions = &imap_session_owner},
    [LOOPBACK_HTTP] = {.accept = accept_http, .functions = &webmail_session_owner},
};

static bool open_port(LoopbackHouse *house, LoopbackPort port, GError **error)
{
    guint16 number = (guint16)house->options.ports[port];
    const char *address = house->options.address;
    if (services[port].accept == NULL) {
        house->dns = loopback_dns_new(address, number, answer_dns, house, error);
        if (house->dns == NULL) {
            return false;
        }
        house->ports[port] = loopback_dns_port(house->dns);
        if (house->options.frames != NULL) {
            loopback_dns_show(
                house->dns, house->options.frames, loopback_server_clock(house->server)
            );
        }
        return true;
    }
    LoopbackService service = services[port];
    service.data = house;
    return loopback_server_listen(
        house->server, address, number, &service, &house->ports[port], error
    );
}

static void explain_port(const LoopbackHouse *house, LoopbackPort port, GError **error)
{
    bool is_taken = g_error_matches(*error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
    bool is_denied = g_error_matches(*error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
    GQuark domain = (*error)->domain;
    gint code = (*error)->code;
    g_autofree char *reason = g_strdup((*error)->message);
    g_clear_error(error);
    g_set_error(
        error,
        domain,
        code,
        "cannot listen on %s port %d for %s: %s",
        house->options.address,
        house->options.ports[port],
        loopback_ports[port].name,
        is_taken    ? "another program has that port"
        : is_denied ? "ports below 1024 are not for everybody"
                    : reason
    );
}

static bool open_ports(LoopbackHouse *house, GError **error)
{
    for (LoopbackPort i = 0; i < N_LOOPBACK_PORTS; i++) {
        g_autoptr(GError) reason = NULL;
        if (house->options.ports[i] != LOOPBACK_PORT_OFF && !open_port(house, i, &reason)) {
            explain_port(house, i, &reason);
            g_propagate_error(error, g_steal_pointer(&reason));
            return false;
        }
    }
    return true;
}

static bool send_mail(
    gpointer data,
    const char *reverse_path,
    const char *const *recipients,
    GBytes *octets,
    char **out_reason
)
{
    LoopbackHouse *house = data;
    if (transfer_agent_submit(house->agent, reverse_path, recipients, octets, "webmail", NULL) ==
        NULL) {
        *out_reason = g_strdup("The mail server cannot take the message now.");
        return false;
    }
    return true;
}

static void add_user(LoopbackHouse *house, const char *name, const ScenarioPerson *person)
{
    access_accounts_add_user(house->accounts, name, person->password, person->address);
    transfer_agent_add_user(house->agent, name, person->password);
}

/* Everybody may log in by name or by address; two of one name have only their addresses. */
static bool add_people(LoopbackHouse *house, GError **error)
{
    const GArray *people = house->options.scenario->people;
    MailQuota quota = {.octets = house->options.quota};
    for (guint i = 0; i < people->len; i++) {
        const ScenarioPerson *person = &g_array_index(people, ScenarioPerson, i);
        ByteSpan login = byte_span_from_string(person->login);
        if (access_accounts_find(house->accounts, login) == NULL) {
            add_user(house, person->login, person);
        }
        add_user(house, person->address, person);
        if (mail_store_set_quota(house->store, person->address, quota, error) != MAIL_STORE_DONE) {
            return false;
        }
    }
    return true;
}

/* Where mail is kept on disk, what waits to be sent is kept there too, and a message for a mailbox
 * here lies in it before its 250: so a kill loses nothing and doubles nothing. */
static void adjust(gpointer data, guint server, TransferAgentOptions *options)
{
    LoopbackHouse *house = data;
    const char *maildir = house->options.maildir;
    if (!house->options.may_relay) {
        options->networks = NULL; /* else clients on this machine may */
    }
    options->software = "ESMTP mailwalk";
    options->requires_auth = true;
    options->mechanisms = "PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256";
    options->offers &= ~house->options.without.smtp;
    if ((house->options.without.smtp & SMTP_OFFER_AUTH) != 0) {
        options->mechanisms = NULL;
        options->requires_auth = false; /* nobody could */
    }
    if (house->options.silence != 0) {
        bool is_never = house->options.silence == SIM_TIME_NEVER;
        options->command_timeout = is_never ? 0 : house->options.silence;
    }
    if (maildir != NULL) {
        g_autofree char *name = g_strdup_printf("queue-%u", server);
        g_autofree char *folder = g_build_filename(maildir, ".mailwalk", name, NULL);
        options->delivers_before_answer = true;
        options->queue =
            house->problem != NULL ? NULL : outgoing_queue_new_disk(folder, false, &house->problem);
    }
}

static bool build_world(LoopbackHouse *house, GError **error)
{
    const LoopbackHouseOptions *options = &house->options;
    ScenarioRunOptions run_options = {
        .seed = options->scenario->seed,
        .store = house->store,
        .adjust = adjust,
        .data = house,
    };
    house->run = scenario_run_new(options->scenario, &run_options, options->observer, error);
    if (house->run == NULL) {
        return false;
    }
    if (house->problem != NULL) {
        g_propagate_error(error, g_steal_pointer(&house->problem));
        return false;
    }
    house->agent = scenario_run_transfer_agent(house->run, options->organisation);
    house->accounts = access_accounts_new(
        scenario_run_world(house->run),
        transfer_agent_host(house->agent),
        house->store,
        loopback_house_host_name(house),
        options->scenario->seed
    );
    AccessOffers *offers = access_accounts_offers(house->accounts);
    offers->pop3 |= POP3_OFFER_SASL | POP3_OFFER_UTF8 | POP3_OFFER_LANG;
    offers->pop3 &= ~options->without.pop3;
    offers->imap &= ~options->without.imap;
    access_accounts_set_silence(house->accounts, options->silence);
    house->webmail = webmail_new(house->accounts, options->secret, send_mail, house);
    house->resolver = local_resolver_new(scenario_run_names(house->run));
    return add_people(house, error);
}

LoopbackHouse *loopback_house_new(const LoopbackHouseOptions *options, GError **error)
{
    g_autoptr(LoopbackHouse) house = g_new0(LoopbackHouse, 1);
    house->options = *options;
    house->store = options->maildir == NULL ? memory_store_new()
                                            : maildir_store_new(options->maildir, NULL, error);
    if (house->store == NULL || !build_world(house, error)) {
        return NULL;
    }
    LoopbackServerOptions server = {
        .world = scenario_run_world(house->run),
        .frames = options->frames,
        .maximum = CONNECTIONS_MAXIMUM,
    };
    house->server = loopback_server_new(&server);
    return open_ports(house, error) ? g_steal_pointer(&house) : NULL;
}

bool loopback_house_deliver(
    LoopbackHouse *house, const char *address, GBytes *octets, gint64 seconds, GError **error
)
{
    MailStoreResult result =
        mail_store_deliver(house->store, address, "INBOX", octets, seconds, NULL, error);
    if (result != MAIL_STORE_DONE && error != NULL && *error == NULL) {
        g_set_error(
            error,
            G_IO_ERROR,
            G_IO_ERROR_FAILED,
            "no message can be put into the mailbox of %s: %s",
            address,
            mail_store_result_text(result)
        );
    }
    return result == MAIL_STORE_DONE;
}

void loopback_house_free(LoopbackHouse *house)
{
    if (house == NULL) {
        return;
    }
    loopback_dns_free(house->dns);
    loopback_server_free(house->server);
    local_resolver_free(house->resolver);
    webmail_free(house->webmail);
    access_accounts_free(house->accounts);
    scenario_run_free(house->run);
    mail_store_free(house->store);
    g_free(house);
}

guint16 loopback_house_port(const LoopbackHouse *house, LoopbackPort port)
{
    return house->ports[port];
}

const char *loopback_house_host_name(const LoopbackHouse *house)
{
    const GArray *organisations = house->options.scenario->organisations;
    return g_array_index(organisations, ScenarioOrganisation, house->options.organisation).server;
}

const char *loopback_house_name_of(const LoopbackHouse *house, const guint8 *octets, gsize length)
{
    static const guint8 loopback_6[16] = {[15] = 1};
    bool is_loopback = length == 4 ? octets[0] == 127 : memcmp(octets, loopback_6, length) == 0;
    return is_loopback ? NULL : scenario_run_host_name(house->run, octets, length);
}

guint loopback_house_waiting(const LoopbackHouse *house)
{
    return outgoing_queue_length(transfer_agent_queue(house->agent));
}

guint loopback_house_connections(const LoopbackHouse *house)
{
    return loopback_server_connections(house->server);
}
