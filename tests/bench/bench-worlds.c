#include "tests/bench/bench-worlds.h"

#include "protocol/message/message-writer.h"
#include "sim/agent/transfer-agent.h"
#include "sim/naming/naming-internet.h"
#include "sim/network/internet.h"
#include "sim/network/tap.h"
#include "sim/store/memory-store.h"
#include "tests/bench/large-heap.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PARTNERS 20 /* other organisations that one mostly writes to */
#define WORKDAY SIM_HOUR
#define BODY_LENGTH 300

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

double bench_processor_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

GBytes *bench_write_message(void)
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

/* --- building --- */

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
    bench->octets = bench_write_message();
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

/* --- measuring --- */

typedef struct {
    guint64 delivered;
    guint64 frames;
    double processor;
    double megabytes;
} Result;

static void run_share(const BenchWorlds *size, int out)
{
    Bench bench = {
        .domains = MAX(2, size->domains / size->shares),
        .users_each = MAX(1, size->users / size->domains),
        .wanted = size->messages / size->shares,
    };
    large_heap_prepare();
    build(&bench);
    play(&bench);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    Result result = {
        .delivered = count_delivered(&bench),
        .frames = sim_world_frame_count(bench.world),
        .processor = bench_processor_seconds(),
        .megabytes = (double)usage.ru_maxrss / 1024,
    };
    bool is_told = write(out, &result, sizeof result) == sizeof result;
    _exit(is_told ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* Where the result of the share will be read. */
static int begin_share(const BenchWorlds *size)
{
    int ends[2];
    if (pipe(ends) != 0) {
        g_error("no pipe: %s", g_strerror(errno));
    }
    pid_t child = fork();
    if (child < 0) {
        g_error("no process: %s", g_strerror(errno));
    }
    if (child == 0) {
        close(ends[0]);
        run_share(size, ends[1]);
    }
    close(ends[1]);
    return ends[0];
}

static Result end_share(int in)
{
    Result result = {0};
    if (read(in, &result, sizeof result) != sizeof result) {
        g_error("a world ended before its time");
    }
    close(in);
    wait(NULL);
    return result;
}

static void print_row(const BenchWorlds *size, const Result *sum, double wall)
{
    g_print(
        "| %9" G_GUINT64_FORMAT " | %9" G_GUINT64_FORMAT
        " | %7.2f | %7.2f | %10.1f | %14.2f | %7.0f |\n",
        size->messages,
        sum->delivered,
        wall,
        sum->processor,
        sum->processor * 1e6 / (double)size->messages,
        (double)sum->frames / (double)size->messages,
        sum->megabytes
    );
}

static bool measure(const BenchWorlds *size)
{
    g_autofree int *pipes = g_new(int, size->shares);
    gint64 start = g_get_monotonic_time();
    for (guint i = 0; i < size->shares; i++) {
        pipes[i] = begin_share(size);
    }
    Result sum = {0};
    for (guint i = 0; i < size->shares; i++) {
        Result result = end_share(pipes[i]);
        sum.delivered += result.delivered;
        sum.frames += result.frames;
        sum.processor += result.processor;
        sum.megabytes += result.megabytes;
    }
    print_row(size, &sum, (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC);
    return sum.delivered == size->messages;
}

int bench_worlds_measure(BenchWorlds size)
{
    guint64 messages = size.messages / size.shares * size.shares;
    g_print(
        "%u domains, %u users, two hops, names by DNS, %u world%s side by side\n\n",
        size.domains,
        size.users,
        size.shares,
        size.shares == 1 ? "" : "s"
    );
    g_print(
        "|  messages | delivered |  wall s |   cpu s | us/message | frames/message | peak MB |\n"
    );
    g_print("|---|---|---|---|---|---|---|\n");
    bool is_whole = true;
    for (size.messages = 1000; size.messages < messages; size.messages *= 10) {
        is_whole &= measure(&size);
    }
    size.messages = messages;
    return measure(&size) && is_whole ? EXIT_SUCCESS : EXIT_FAILURE;
}
