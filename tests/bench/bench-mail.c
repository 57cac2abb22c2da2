/* How fast a world of mail servers is.
 *
 *     bench-mail world [messages [domains [users [worlds]]]]
 *         Many organisations write to one another (bench-worlds.h). Prints a row for every power of
 *         ten up to 'messages'. With more worlds the domains are shared out among as many
 *         internets, side by side in processes of their own.
 *     bench-mail delivery [messages]
 *         One connection for each message, every frame built and checksummed; to be held against
 *         smtp-source and smtp-sink (tests/bench/run-mail does so).
 */

#include "sim/agent/transfer-agent.h"
#include "sim/network/internet.h"
#include "sim/network/tap.h"
#include "sim/store/memory-store.h"
#include "tests/bench/bench-worlds.h"

#include <stdlib.h>

#define MESSAGES_DEFAULT 10000
#define DOMAINS_DEFAULT 1000
#define USERS_DEFAULT 100000
#define CONNECTIONS 20

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
    g_autoptr(GBytes) message = bench_write_message();
    double start = bench_processor_seconds();
    for (guint64 sent = 0; sent < messages;) {
        for (guint i = 0; i < 1000 && sent < messages; i++, sent++) {
            transfer_agent_submit(client, "alice@crepes.fr", to, message, "user", NULL);
        }
        sim_world_run(world, sim_world_now(world) + SIM_HOUR);
    }
    double seconds = bench_processor_seconds() - start;
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
        BenchWorlds size = {
            .messages = MAX(1, number_at(argc, argv, 2, MESSAGES_DEFAULT)),
            .domains = (guint)MAX(2, number_at(argc, argv, 3, DOMAINS_DEFAULT)),
            .users = (guint)MAX(1, number_at(argc, argv, 4, USERS_DEFAULT)),
            .shares = (guint)MAX(1, number_at(argc, argv, 5, 1)),
        };
        return bench_worlds_measure(size);
    }
    if (argc > 1 && g_str_equal(argv[1], "delivery")) {
        return measure_delivery(MAX(1, number_at(argc, argv, 2, MESSAGES_DEFAULT)));
    }
    g_printerr(
        "usage: bench-mail world [messages [domains [users [worlds]]]] | delivery [messages]\n"
    );
    return 2;
}
