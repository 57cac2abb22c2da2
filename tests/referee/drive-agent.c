/* drive-agent ADDRESS [NAME=VALUE]...: a person with two machines, a laptop and a phone, whose
 * simulated mail programs do what standard input tells them, with real servers on 127.0.0.1. A line
 * is a machine, a deed and what it needs, with tabs between; it is answered with what the person
 * notices, one line each, and a line with a dot.
 *
 *     imap=PORT pop3=PORT smtp=PORT user= password=
 *     laptop fetch whole|text|headers       phone move NUMBER FOLDER ... */

#include "sim/agent/user-agent.h"
#include "sim/network/internet.h"
#include "tests/referee/drive-socket.h"
#include "tests/referee/sim-gateway.h"

#include <stdio.h>
#include <stdlib.h>

#define WORDS_MAXIMUM 6
#define PATIENCE_SECONDS 30

typedef struct {
    SimWorld *world;
    SimGateway *gateway;
    SimAddress server;
    UserAgent *machines[2];
} Driver;

static const char *const machine_names[] = {"laptop", "phone"};

static void on_event(const WorldEvent *event, gpointer data)
{
    (void)data;
    if (event->kind == WORLD_EVENT_USER) {
        printf("%s\n", event->text);
    }
}

/* --- deeds: words[0] is the machine, words[1] the deed, words that are missing are NULL --- */

static void do_fetch(Driver *driver, UserAgent *agent, char **words)
{
    UserAgentImapTask task = {
        .kind = USER_AGENT_IMAP_FETCH,
        .content = g_str_equal(words[2], "text")      ? USER_AGENT_TEXT
                   : g_str_equal(words[2], "headers") ? USER_AGENT_HEADERS
                                                      : USER_AGENT_WHOLE,
    };
    user_agent_imap(agent, &driver->server, &task);
}

static void do_text(Driver *driver, UserAgent *agent, char **words)
{
    UserAgentImapTask task = {
        .kind = g_str_equal(words[1], "create") ? USER_AGENT_IMAP_CREATE : USER_AGENT_IMAP_SEARCH,
        .text = words[2],
    };
    user_agent_imap(agent, &driver->server, &task);
}

static void do_numbered(Driver *driver, UserAgent *agent, char **words)
{
    UserAgentImapTask task = {
        .kind = g_str_equal(words[1], "move")     ? USER_AGENT_IMAP_MOVE
                : g_str_equal(words[1], "delete") ? USER_AGENT_IMAP_DELETE
                                                  : USER_AGENT_IMAP_MARK,
        .number = (guint)g_ascii_strtoull(words[2], NULL, 10),
        .text = words[3],
        .removes = g_str_equal(words[1], "unmark"),
    };
    user_agent_imap(agent, &driver->server, &task);
}

static void do_pop3(Driver *driver, UserAgent *agent, char **words)
{
    UserAgentFetching fetching = {
        .server = driver->server,
        .deletes = g_str_equal(words[2], "delete"),
    };
    user_agent_fetch_pop3(agent, &fetching);
}

static void do_write(Driver *driver, UserAgent *agent, char **words)
{
    static const char picture[] = "\x89PNG\r\n\x1a\n not a picture, but its octets are";
    g_autoptr(GBytes) content = g_bytes_new_static(picture, sizeof picture - 1);
    UserAgentAttachment attachment = {.name = words[5], .type = "image/png", .content = content};
    UserAgentMail mail = {
        .to = words[2],
        .subject = words[3],
        .body = words[4],
        .attachments = &attachment,
        .n_attachments = words[5] == NULL ? 0 : 1,
    };
    (void)driver;
    user_agent_compose(agent, &mail);
}

static void do_send(Driver *driver, UserAgent *agent, char **words)
{
    UserAgentSending sending = {
        .server = driver->server,
        .port = 25,
        .mechanism = words[2],
        .pipelines = true,
    };
    user_agent_send(agent, &sending);
}

/* What the machine keeps in its Inbox: octets and their SHA-256. */
static void do_show(Driver *driver, UserAgent *agent, char **words)
{
    (void)driver;
    (void)words;
    for (guint i = 1; i <= user_agent_message_count(agent, USER_AGENT_INBOX); i++) {
        const UserAgentMessage *message = user_agent_message(agent, USER_AGENT_INBOX, i);
        g_autofree char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, message->octets);
        printf("kept %zu %s\n", g_bytes_get_size(message->octets), digest);
    }
}

static void do_answer(Driver *driver, UserAgent *agent, char **words)
{
    const UserAgentMessage *message = user_agent_message(agent, USER_AGENT_INBOX, 0);
    (void)driver;
    if (message != NULL && g_str_equal(words[1], "reply")) {
        user_agent_reply(agent, message->octets, false, words[2]);
    } else if (message != NULL) {
        user_agent_forward(agent, message->octets, words[2], "See below.\n", true);
    }
}

typedef struct {
    const char *name;
    guint needs; /* words behind the name, at least */
    void (*act)(Driver *driver, UserAgent *agent, char **words);
} Deed;

static const Deed deeds[] = {
    {"fetch", 1, do_fetch},
    {"create", 1, do_text},
    {"search", 1, do_text},
    {"move", 2, do_numbered},
    {"delete", 1, do_numbered},
    {"mark", 2, do_numbered},
    {"unmark", 2, do_numbered},
    {"pop3", 1, do_pop3},
    {"write", 3, do_write},
    {"send", 0, do_send},
    {"show", 0, do_show},
    {"reply", 1, do_answer},
    {"forward", 1, do_answer},
};

static void finish(Driver *driver, const UserAgent *agent)
{
    gint64 end = g_get_monotonic_time() + PATIENCE_SECONDS * G_USEC_PER_SEC;
    while (user_agent_is_busy(agent) && g_get_monotonic_time() < end) {
        sim_gateway_turn(driver->gateway);
    }
    if (user_agent_is_busy(agent)) {
        printf("still busy\n");
    }
}

static bool obey(Driver *driver, const char *line)
{
    g_auto(GStrv) split = g_strsplit(line, "\t", WORDS_MAXIMUM);
    char *words[WORDS_MAXIMUM + 1] = {NULL};
    guint count = g_strv_length(split);
    memcpy(words, split, count * sizeof *words);
    if (count < 2) {
        return false;
    }
    UserAgent *agent = driver->machines[g_str_equal(words[0], machine_names[1]) ? 1 : 0];
    for (gsize i = 0; i < G_N_ELEMENTS(deeds); i++) {
        if (count > 1 + deeds[i].needs && g_str_equal(words[1], deeds[i].name)) {
            deeds[i].act(driver, agent, words);
            finish(driver, agent);
            return true;
        }
    }
    return false;
}

static void set_up(Driver *driver, int argc, char **argv)
{
    static const struct {
        const char *name;
        guint16 port;
    } services[] = {{"smtp", 25}, {"pop3", 110}, {"imap", 143}};

    UserAgentOptions options = {
        .name = "Bob",
        .address = argv[1],
        .user = drive_option(argc, argv, "user"),
        .password = drive_option(argc, argv, "password"),
        .seed = 1,
    };
    driver->world = sim_world_new(1);
    SimInternet *internet = sim_internet_new(driver->world);
    SimNetwork *network = sim_internet_network(internet, "hamburger.edu");
    SimHost *host = sim_network_host(network, "mail.hamburger.edu");
    driver->server = *sim_host_address(host, SIM_FAMILY_IPV4);
    driver->gateway = sim_gateway_new(host);
    for (gsize i = 0; i < G_N_ELEMENTS(services); i++) {
        guint real_port = drive_number(argc, argv, services[i].name, 0);
        if (real_port != 0) {
            sim_gateway_open(driver->gateway, services[i].port, (guint16)real_port);
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(machine_names); i++) {
        SimHost *machine = sim_network_host(network, machine_names[i]);
        driver->machines[i] = user_agent_new(machine, &options);
    }
    sim_world_add_observer(driver->world, on_event, NULL);
}

static void tear_down(Driver *driver)
{
    for (gsize i = 0; i < G_N_ELEMENTS(machine_names); i++) {
        user_agent_free(driver->machines[i]);
    }
    sim_gateway_free(driver->gateway);
    sim_world_free(driver->world);
}

int main(int argc, char **argv)
{
    char line[65536];
    Driver driver = {0};
    if (argc < 2) {
        fprintf(stderr, "drive-agent ADDRESS [NAME=VALUE]...\n");
        return 2;
    }
    set_up(&driver, argc, argv);
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (!obey(&driver, g_strchomp(line))) {
            fprintf(stderr, "drive-agent: no such deed: %s\n", line);
            return 2;
        }
        printf(".\n");
        fflush(stdout);
    }
    tear_down(&driver);
    return EXIT_SUCCESS;
}
