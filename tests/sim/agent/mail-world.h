#pragma once

/* A small internet of mail servers for tests: organisations with their names, everything that is
 * told as lines of text, and the accounting, which must close when the world is cleared.
 *
 *     mail_world_init ─> mail_world_add ... ─> (zones) ─> mail_world_start ─> send, run, look
 */

#include "tests/support/test.h"

#include "protocol/message/message-writer.h"
#include "sim/agent/accounting.h"
#include "sim/agent/transfer-agent.h"
#include "sim/naming/naming-internet.h"
#include "sim/store/memory-store.h"
#include "tests/sim/network/capture.h"

typedef struct {
    char *domain;
    char *server;
    char *network_text; /* "192.0.2.0/24" */
    SimNetwork *network;
    SimHost *host;
    MailStore *store;
    TransferAgent *agent;
} MailSite;

typedef struct {
    SimWorld *world;
    SimInternet *internet;
    NamingTree *tree; /* NULL: the world has started */
    NamingInternet *naming;
    Accounting *accounting;
    GPtrArray *sites; /* MailSite */
    GPtrArray *lines; /* char *: "09:05 mail.crepes.fr: text" */
    Capture capture;
    guint64 sent;
    AccountingTotals totals; /* after mail_world_close() */
} MailWorld;

static void mail_world_note(const WorldEvent *event, gpointer data)
{
    MailWorld *world = data;
    char time[SIM_TIME_TEXT_SIZE];
    if (event->kind < WORLD_EVENT_TIMER) {
        return;
    }
    sim_time_format(event->time, time);
    g_ptr_array_add(
        world->lines,
        g_strdup_printf(
            "%.5s %s: %s",
            time + 11,
            event->host == NULL ? "" : sim_host_name(event->host),
            event->text
        )
    );
}

static void mail_site_free(gpointer data)
{
    MailSite *site = data;
    transfer_agent_free(site->agent);
    mail_store_free(site->store);
    g_free(site->domain);
    g_free(site->server);
    g_free(site->network_text);
    g_free(site);
}

static inline void mail_world_init(MailWorld *world, guint64 seed)
{
    *world = (MailWorld){.world = sim_world_new(seed)};
    world->internet = sim_internet_new(world->world);
    world->tree = naming_tree_new(1);
    world->sites = g_ptr_array_new_with_free_func(mail_site_free);
    world->lines = g_ptr_array_new_with_free_func(g_free);
    world->accounting = accounting_new(world->world);
    sim_world_add_observer(world->world, mail_world_note, world);
    capture_init(&world->capture, world->world);
}

/* What every server here has in common; to be changed before mail_world_add(). */
static inline TransferAgentOptions mail_world_options(void)
{
    TransferAgentOptions options = transfer_agent_default_options();
    options.seed = 1;
    return options;
}

/* A server of that name in the organisation's network, for the domain; 'options' gets its own
 * names filled in. Without 'domain' it has none of its own. */
static inline MailSite *mail_world_add_server(
    MailWorld *world,
    const char *network,
    const char *server,
    const char *domain,
    TransferAgentOptions options
)
{
    MailSite *site = g_new0(MailSite, 1);
    guint length;
    char text[SIM_ADDRESS_TEXT_SIZE];
    site->domain = g_strdup(domain == NULL ? network : domain);
    site->server = g_strdup(server);
    site->network = sim_internet_network(world->internet, network);
    site->host = sim_network_host(site->network, server);
    site->store = memory_store_new();
    SimAddress prefix = sim_network_prefix(site->network, SIM_FAMILY_IPV4, &length);
    site->network_text = g_strdup_printf("%s/%u", sim_address_format(&prefix, text), length);
    const char *const domains[] = {domain, NULL};
    const char *const networks[] = {site->network_text, NULL};
    options.host_name = server;
    options.domains = domains;
    options.networks = networks;
    options.seed += world->sites->len * 7919;
    site->agent = transfer_agent_new(site->host, site->store, &options, NULL, NULL);
    accounting_add_agent(world->accounting, site->agent);
    g_ptr_array_add(world->sites, site);
    assert_non_null(naming_tree_zone(world->tree, network));
    return site;
}

static inline void mail_world_record(
    MailWorld *world, const char *origin, const char *owner, const char *type, const char *data
)
{
    g_autoptr(GError) error = NULL;
    DnsZone *zone = naming_tree_zone(world->tree, origin);
    assert_non_null(zone);
    assert_true(dns_zone_add_text(zone, owner, 0, type, data, &error));
}

/* "mail.DOMAIN" with an MX record for the domain. */
static inline MailSite *
mail_world_add(MailWorld *world, const char *domain, TransferAgentOptions options)
{
    g_autofree char *server = g_strconcat("mail.", domain, NULL);
    g_autofree char *record = g_strdup_printf("10 %s.", server);
    MailSite *site = mail_world_add_server(world, domain, server, domain, options);
    mail_world_record(world, domain, "@", "MX", record);
    return site;
}

static inline void mail_world_start(MailWorld *world)
{
    g_autoptr(GError) error = NULL;
    world->naming = naming_internet_new(world->internet, g_steal_pointer(&world->tree), &error);
    assert_non_null(world->naming);
    for (guint i = 0; i < world->sites->len; i++) {
        MailSite *site = g_ptr_array_index(world->sites, i);
        assert_true(naming_internet_name_host(world->naming, site->server, site->host, &error));
        transfer_agent_set_resolver(
            site->agent, naming_internet_stub(world->naming, site->host, site->network)
        );
    }
}

static inline void mail_site_add_mailbox(MailSite *site, const char *address)
{
    assert_true(transfer_agent_add_mailbox(site->agent, address, NULL));
}

/* One message from the site's own user; 'to' may hold several addresses with commas between. */
static inline void mail_world_send_text(
    MailWorld *world,
    MailSite *site,
    const char *from,
    const char *to,
    const char *subject,
    const char *text
)
{
    MessageDraftOptions options = {
        .seconds = sim_world_now(world->world) / SIM_SECOND,
        .domain = site->domain,
        .seed = ++world->sent,
    };
    g_autoptr(MessageDraft) draft = message_draft_new(&options);
    message_draft_add_addresses(draft, "From", from[0] == '\0' ? "nobody@crepes.fr" : from);
    message_draft_add_addresses(draft, "To", to);
    message_draft_add_text(draft, "Subject", subject);
    message_draft_set_body(draft, draft_part_new_text("plain", text));
    g_autoptr(GBytes) octets = message_draft_write(draft);
    g_auto(GStrv) recipients = g_strsplit(to, ",", -1);
    for (guint i = 0; recipients[i] != NULL; i++) {
        g_strstrip(recipients[i]);
    }
    assert_non_null(transfer_agent_submit(
        site->agent, from, (const char *const *)recipients, octets, "user", NULL
    ));
}

static inline void
mail_world_send(MailWorld *world, MailSite *site, const char *from, const char *to)
{
    mail_world_send_text(
        world, site, from, to, "Condiments", "Do you like ketchup?\n.\nHow about pickles?\n"
    );
}

static inline void mail_world_run(MailWorld *world, SimTime duration)
{
    sim_world_run_until(world->world, sim_world_now(world->world) + duration);
}

/* How many lines hold the text. */
static inline guint mail_world_said(const MailWorld *world, const char *text)
{
    guint count = 0;
    for (guint i = 0; i < world->lines->len; i++) {
        count += strstr(world->lines->pdata[i], text) != NULL ? 1 : 0;
    }
    return count;
}

static inline void mail_world_print(const MailWorld *world)
{
    for (guint i = 0; i < world->lines->len; i++) {
        print_message("%s\n", (const char *)world->lines->pdata[i]);
    }
}

static inline void
mail_world_expect(const MailWorld *world, const char *text, guint count, const char *file, int line)
{
    guint said = mail_world_said(world, text);
    if (said != count) {
        mail_world_print(world);
        print_message("%s:%d: '%s' was said %u times, not %u\n", file, line, text, said, count);
        fail();
    }
}

#define assert_said(world, text, count)                                                            \
    mail_world_expect((world), (text), (count), __FILE__, __LINE__)

static inline guint mail_site_count(const MailSite *site, const char *address)
{
    g_autoptr(MailFolder) folder = NULL;
    MailStoreResult result = mail_folder_open(site->store, address, "INBOX", &folder, NULL);
    return result == MAIL_STORE_DONE ? mail_folder_count(folder) : 0;
}

static inline GBytes *mail_site_octets(const MailSite *site, const char *address, guint index)
{
    g_autoptr(MailFolder) folder = NULL;
    GBytes *octets = NULL;
    assert_int_equal(
        mail_folder_open(site->store, address, "INBOX", &folder, NULL), MAIL_STORE_DONE
    );
    assert_true(index < mail_folder_count(folder));
    guint32 uid = mail_folder_message(folder, index)->uid;
    assert_int_equal(mail_folder_fetch(folder, uid, &octets, NULL), MAIL_STORE_DONE);
    return octets;
}

/* A message as text; free it. */
static inline char *mail_site_text(const MailSite *site, const char *address, guint index)
{
    g_autoptr(GBytes) octets = mail_site_octets(site, address, index);
    gsize length;
    const char *data = g_bytes_get_data(octets, &length);
    return g_strndup(data, length);
}

#define assert_holds(text, part)                                                                   \
    do {                                                                                           \
        if (strstr((text), (part)) == NULL) {                                                      \
            print_message("'%s' is not in:\n%s\n", (part), (text));                                \
            fail();                                                                                \
        }                                                                                          \
    } while (0)

/* Every message of every mailbox as a file, for a foreign reader: set MAILWALK_CAPTURES. */
static void mail_world_write_account(const char *account, void *data)
{
    gpointer *arguments = data;
    const MailSite *site = arguments[0];
    for (guint i = 0; i < mail_site_count(site, account); i++) {
        g_autoptr(GBytes) octets = mail_site_octets(site, account, i);
        g_autofree char *path = g_strdup_printf(
            "%s/%s.%s.%u.eml", g_getenv("MAILWALK_CAPTURES"), (char *)arguments[1], account, i
        );
        gsize length;
        const char *text = g_bytes_get_data(octets, &length);
        g_file_set_contents(path, text, (gssize)length, NULL);
    }
}

static inline void mail_world_write_mailboxes(const MailWorld *world, const char *name)
{
    for (guint i = 0; g_getenv("MAILWALK_CAPTURES") != NULL && i < world->sites->len; i++) {
        MailSite *site = g_ptr_array_index(world->sites, i);
        gpointer arguments[] = {site, (gpointer)name};
        mail_store_visit_accounts(site->store, mail_world_write_account, arguments);
    }
}

/* The books must close. */
static inline void mail_world_close(MailWorld *world)
{
    AccountingResult result;
    accounting_close(world->accounting, &result);
    for (guint i = 0; i < result.violations->len; i++) {
        print_message("violation: %s\n", (const char *)result.violations->pdata[i]);
    }
    if (result.violations->len > 0) {
        mail_world_print(world);
    }
    assert_int_equal(result.violations->len, 0);
    world->totals = result.totals;
    accounting_result_clear(&result);
}

static inline void mail_world_clear(MailWorld *world, const char *name)
{
    mail_world_close(world);
    mail_world_write_mailboxes(world, name);
    accounting_free(world->accounting);
    g_ptr_array_unref(world->sites);
    sim_world_free(world->world);
    naming_tree_free(world->tree);
    capture_clear(&world->capture, name);
    g_ptr_array_unref(world->lines);
}
