/* How fast a world of mail servers is.
 *
 *     bench-mail world [messages [domains [users [threads]]]]
 *         Each message goes over two hops by SMTP: from a machine of the organisation to its own
 *         server, and from there, by MX records and A records of the simulated DNS, to the server
 *         of another organisation. Prints a row for every power of ten up to 'messages'. A world
 *         belongs to one thread; with more threads the domains are shared out among as many
 *         internets, side by side.
 *     bench-mail delivery [messages]
 *         One connection for each message, every frame built and checksummed; to be held against
 *         smtp-source and smtp-sink (tests/bench/run-mail does so).
 */

#include "protocol/message/message-writer.h"
#include "sim/agent/transfer-agent.h"
#include "sim/naming/naming-internet.h"
#include "sim/network/internet.h"
#include "sim/network/tap.h"
#include "sim/store/memory-store.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#define MESSAGES_DEFAULT 10000
#define DOMAINS_DEFAULT 1000
#define USERS_DEFAULT 100000
#define PARTNERS 20 /* other organisations that one mostly writes to */
#define WORKDAY SIM_HOUR
#define BODY_LENGTH 300
#define CONNECTIONS 20

typedef struct Site Site;

typedef struct {
    SimWorld *world;
    SimInternet *internet;
    NamingInternet *naming;
    Site *sites;
    guint domains;
    guint users_each;
    guint64 wanted;
    guint64 sent;
    GBytes *octets; /* the message that all of them send */
    SimRandom random;
} Bench;

struct Site {
    Bench *bench;
    guint number;
    char *domain;
    char *server;
    SimHost *host;
    MailStore *store;
    MailStore *outbox_store;
    TransferAgent *agent;
    TransferAgent *outbox; /* on a machine of the organisation */
    SimTimer timer;
    SimTime interval;
};

static double now_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double wall_seconds(void)
{
    return (double)g_get_monotonic_time() / G_USEC_PER_SEC;
}

static double peak_megabytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static GBytes *write_message(void)
{
    MessageDraftOptions options = {.seconds = SIM_TIME_DEFAULT_START / SIM_SECOND, .seed = 1};
    g_autoptr(MessageDraft) draft = message_draft_new(&options);
    g_autofree char *text = g_strnfill(BODY_LENGTH, 'x');
    for (guint i = 60; i < BODY_LENGTH; i += 61) {
        text[i] = '\n';
    }
    message_draft_add_addresses(draft, "From", "user0@d0.example");
    message_draft_add_addresses(draft, "To", "user0@d1.example");
    message_draft_add_text(draft, "Subject", "Condiments");
    message_draft_set_body(draft, draft_part_new_text("plain", text));
    return message_draft_write(draft);
}

/* --- the world of many organisations --- */

static void send_one(Site *site)
{
    Bench *bench = site->bench;
    guint step = 1 + (guint)sim_random_below(&bench->random, MIN(PARTNERS, bench->domains - 1));
    const Site *other = &bench->sites[(site->number + step) % bench->domains];
    guint reader = (guint)sim_random_below(&bench->random, bench->users_each);
    guint writer = (guint)sim_random_below(&bench->random, bench->users_each);
    char from[64];
    char to[64];
    g_snprintf(from, sizeof from, "user%u@%s", writer, site->domain);
    g_snprintf(to, sizeof to, "user%u@%s", reader, other->domain);
    const char *const recipients[] = {to, NULL};
    transfer_agent_submit(site->outbox, from, recipients, bench->octets, "user", NULL);
    bench->sent++;
}

static void on_timer(SimTimer *timer, gpointer data)
{
    Site *site = data;
    if (site->bench->sent < site->bench->wanted) {
        send_one(site);
        sim_timer_set(timer, site->interval);
    }
}

static TransferAgent *add_agent(Site *site, const char *name, MailStore *store, bool is_outbox)
{
    static const char *const everybody[] = {"0.0.0.0/0", NULL};
    SimNetwork *network = sim_internet_network(site->bench->internet, site->domain);
    SimHost *host = sim_network_host(network, name);
    const char *const domains[] = {site->domain, NULL};
    TransferAgentOptions options = transfer_agent_default_options();
    options.host_name = name;
    options.domains = is_outbox ? NULL : domains;
    options.networks = everybody;
    options.next_hop = is_outbox ? site->server : NULL;
    options.idle_connection = 4 * SIM_MINUTE;
    options.messages_at_once = 1000;
    options.seed = site->number;
    site->host = host;
    return transfer_agent_new(host, store, &options, NULL, NULL);
}

static void build_site(Bench *bench, NamingTree *tree, guint number)
{
    Site *site = &bench->sites[number];
    site->bench = bench;
    site->number = number;
    site->domain = g_strdup_printf("d%u.example", number);
    site->server = g_strdup_printf("mail.%s", site->domain);
    site->store = memory_store_new();
    site->outbox_store = memory_store_new();
    g_autofree char *machine = g_strdup_printf("desk.%s", site->domain);
    g_autofree char *record = g_strdup_printf("10 %s.", site->server);
    site->outbox = add_agent(site, machine, site->outbox_store, true);
    site->agent = add_agent(site, site->server, site->store, false);
    for (guint i = 0; i < bench->users_each; i++) {
        char address[64];
        g_snprintf(address, sizeof address, "user%u@%s", i, site->domain);
        transfer_agent_add_mailbox(site->agent, address, NULL);
    }
    dns_zone_add_text(naming_tree_zone(tree, site->domain), "@", 86400, "MX", record, NULL);
    sim_timer_init(&site->timer, bench->world, on_timer, site);
}

static void name_site(Bench *bench, Site *site)
{
    SimNetwork *network = sim_internet_network(bench->internet, site->domain);
    SimHost *machine = transfer_agent_host(site->outbox);
    naming_internet_name_host(bench->naming, site->server, site->host, NULL);
    transfer_agent_set_resolver(
        site->agent, naming_internet_stub(bench->naming, site->host, network)
    );
    transfer_agent_set_resolver(
        site->outbox, naming_internet_stub(bench->naming, machine, network)
    );
}

static void build(Bench *bench)
{
    NamingTree *tree = naming_tree_new(1);
    bench->world = sim_world_new(1);
    bench->internet = sim_internet_new(bench->world);
    bench->octets = write_message();
    bench->sites = g_new0(Site, bench->domains);
    sim_random_init(&bench->random, 1);
    sim_internet_set_families(bench->internet, true, false);
    for (guint i = 0; i < bench->domains; i++) {
        build_site(bench, tree, i);
    }
    bench->naming = naming_internet_new(bench->internet, tree, NULL);
    g_assert(bench->naming != NULL);
    for (guint i = 0; i < bench->domains; i++) {
        name_site(bench, &bench->sites[i]);
    }
}

static void clear(Bench *bench)
{
    for (guint i = 0; i < bench->domains; i++) {
        Site *site = &bench->sites[i];
        sim_timer_cancel(&site->timer);
        transfer_agent_free(site->agent);
        transfer_agent_free(site->outbox);
        mail_store_free(site->store);
        mail_store_free(site->outbox_store);
        g_free(site->domain);
        g_free(site->server);
    }
    sim_world_free(bench->world);
    g_bytes_unref(bench->octets);
    g_free(bench->sites);
}

static void count_mailbox(const char *account, void *data)
{
    const Site *site = ((gpointer *)data)[0];
    guint64 *count = ((gpointer *)data)[1];
    MailQuota limit;
    MailQuota used;
    if (mail_store_get_quota(site->store, account, &limit, &used, NULL) == MAIL_STORE_DONE) {
        *count += used.messages;
    }
}

static guint64 count_delivered(const Bench *bench)
{
    guint64 count = 0;
    for (guint i = 0; i < bench->domains; i++) {
        gpointer data[] = {&bench->sites[i], &count};
        mail_store_visit_accounts(bench->sites[i].store, count_mailbox, data);
    }
    return count;
}

static void play(Bench *bench)
{
    SimTime interval = MAX(WORKDAY / (SimTime)(bench->wanted / bench->domains + 1), 1);
    for (guint i = 0; i < bench->domains; i++) {
        bench->sites[i].interval = interval;
        sim_timer_set(&bench->sites[i].timer, (SimTime)i * interval / bench->domains);
    }
    sim_world_run(bench->world, sim_world_now(bench->world) + 7 * SIM_DAY);
}

static gpointer run_share(gpointer data)
{
    build(data);
    play(data);
    return NULL;
}

typedef struct {
    guint64 messages;
    guint domains;
    guint users;
    guint threads;
} Size;

static void print_row(const Bench *shares, const Size *size, double processor, double wall)
{
    guint64 delivered = 0;
    guint64 frames = 0;
    for (guint i = 0; i < size->threads; i++) {
        delivered += count_delivered(&shares[i]);
        frames += sim_world_frame_count(shares[i].world);
    }
    g_print(
        "| %9" G_GUINT64_FORMAT " | %9" G_GUINT64_FORMAT
        " | %7.2f | %7.2f | %10.1f | %14.2f | %7.0f |\n",
        size->messages,
        delivered,
        wall,
        processor,
        processor * 1e6 / (double)size->messages,
        (double)frames / (double)size->messages,
        peak_megabytes()
    );
    g_assert(delivered == size->messages);
}

static void measure_world(const Size *size)
{
    g_autofree Bench *shares = g_new0(Bench, size->threads);
    g_autofree GThread **threads = g_new0(GThread *, size->threads);
    double processor = now_seconds();
    double wall = wall_seconds();
    for (guint i = 0; i < size->threads; i++) {
        shares[i].domains = MAX(2, size->domains / size->threads);
        shares[i].users_each = MAX(1, size->users / size->domains);
        shares[i].wanted = size->messages / size->threads;
        threads[i] = g_thread_new("world", run_share, &shares[i]);
    }
    for (guint i = 0; i < size->threads; i++) {
        g_thread_join(threads[i]);
    }
    print_row(shares, size, now_seconds() - processor, wall_seconds() - wall);
    for (guint i = 0; i < size->threads; i++) {
        clear(&shares[i]);
    }
}

static int measure_worlds(Size size)
{
    guint64 messages = size.messages / size.threads * size.threads;
    g_print(
        "%u domains, %u users, two hops, names by DNS, %u thread%s\n\n",
        size.domains,
        size.users,
        size.threads,
        size.threads == 1 ? "" : "s"
    );
    g_print(
        "|  messages | delivered |  wall s |   cpu s | us/message | frames/message | peak MB |\n"
    );
    g_print("|---|---|---|---|---|---|---|\n");
    for (size.messages = 1000; size.messages < messages; size.messages *= 10) {
        measure_world(&size);
    }
    size.messages = messages;
    measure_world(&size);
    return EXIT_SUCCESS;
}

/* --- one connection for each message --- */

static void route(gpointer data, TransferAgent *agent, const char *domain, TransferRoute *route)
{
    const SimHost *server = data;
    TransferTarget target = {.name = domain, .address = *sim_host_address(server, SIM_FAMILY_IPV4)};
    (void)agent;
    transfer_agent_routed(route, &target, 1, false, NULL);
}

static void watch(const SimTapFrame *frame, gpointer data)
{
    *(guint64 *)data += frame->octets.length;
}

static TransferAgent *add_end(
    SimInternet *internet, const char *domain, const char *name, MailStore *store, SimHost *peer
)
{
    static const char *const everybody[] = {"0.0.0.0/0", NULL};
    SimHost *host = sim_network_host(sim_internet_network(internet, domain), name);
    const char *const domains[] = {domain, NULL};
    TransferAgentOptions options = transfer_agent_default_options();
    options.host_name = name;
    options.domains = domains;
    options.networks = everybody;
    options.delivers_before_answer = true;
    options.messages_at_once = 1;
    options.connections_at_once = CONNECTIONS;
    return transfer_agent_new(host, store, &options, route, peer);
}

static int measure_delivery(guint64 messages)
{
    static const char *const to[] = {"bob@hamburger.edu", NULL};
    guint64 octets = 0;
    SimWorld *world = sim_world_new(1);
    SimInternet *internet = sim_internet_new(world);
    MailStore *stores[] = {memory_store_new(), memory_store_new()};
    TransferAgent *server =
        add_end(internet, "hamburger.edu", "mail.hamburger.edu", stores[1], NULL);
    TransferAgent *client =
        add_end(internet, "crepes.fr", "mail.crepes.fr", stores[0], transfer_agent_host(server));
    transfer_agent_add_mailbox(server, to[0], NULL);
    sim_tap_world(world, watch, &octets);
    g_autoptr(GBytes) message = write_message();
    double start = now_seconds();
    for (guint64 sent = 0; sent < messages;) {
        for (guint i = 0; i < 1000 && sent < messages; i++, sent++) {
            transfer_agent_submit(client, "alice@crepes.fr", to, message, "user", NULL);
        }
        sim_world_run(world, sim_world_now(world) + SIM_HOUR);
    }
    double seconds = now_seconds() - start;
    MailQuota limit;
    MailQuota used;
    mail_store_get_quota(stores[1], to[0], &limit, &used, NULL);
    g_print(
        "%" G_GUINT64_FORMAT
        " deliveries in %.2f s: %.0f a second, %.1f frames and %.0f octets each\n",
        used.messages,
        seconds,
        (double)used.messages / seconds,
        (double)sim_world_frame_count(world) / (double)messages,
        (double)octets / (double)messages
    );
    transfer_agent_free(client);
    transfer_agent_free(server);
    mail_store_free(stores[0]);
    mail_store_free(stores[1]);
    sim_world_free(world);
    return used.messages == messages ? EXIT_SUCCESS : EXIT_FAILURE;
}

static guint64 number_at(int argc, char **argv, int index, guint64 usual)
{
    return argc > index ? g_ascii_strtoull(argv[index], NULL, 10) : usual;
}

int main(int argc, char **argv)
{
    if (argc > 1 && g_str_equal(argv[1], "world")) {
        Size size = {
            .messages = MAX(1, number_at(argc, argv, 2, MESSAGES_DEFAULT)),
            .domains = (guint)MAX(2, number_at(argc, argv, 3, DOMAINS_DEFAULT)),
            .users = (guint)MAX(1, number_at(argc, argv, 4, USERS_DEFAULT)),
            .threads = (guint)MAX(1, number_at(argc, argv, 5, 1)),
        };
        return measure_worlds(size);
    }
    if (argc > 1 && g_str_equal(argv[1], "delivery")) {
        return measure_delivery(MAX(1, number_at(argc, argv, 2, MESSAGES_DEFAULT)));
    }
    g_printerr(
        "usage: bench-mail world [messages [domains [users [threads]]]] | delivery [messages]\n"
    );
    return 2;
}
