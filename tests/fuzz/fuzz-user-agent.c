/* A person's mail program before a server that says anything. The first octet chooses what the
 * person does, 0xff in the rest stands for "until the program says something". However the server
 * behaves, the conversation ends, and what was fetched can be read, answered and forwarded. */

#include "sim/agent/user-agent.h"
#include "sim/network/link.h"
#include "sim/network/tcp.h"
#include "tests/fuzz/fuzz-engine.h"

#define NEXT 0xff
#define LONG_ENOUGH (24 * SIM_HOUR)

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

typedef struct {
    SimWorld *world;
    SimHost *server;
    UserAgent *agent;
    ByteSpan script; /* what the server has not said yet */
    guint told;
} Scene;

/* The server: what stands up to the next mark; then it closes. */
static void speak(Scene *scene, SimTcp *tcp)
{
    ByteSpan part;
    if (!byte_span_next_token(&scene->script, NEXT, &part)) {
        sim_tcp_close(tcp);
        return;
    }
    sim_tcp_send(tcp, part);
    if (scene->script.length == 0) {
        sim_tcp_close(tcp);
    }
}

static void on_received(SimTcp *tcp, gpointer data)
{
    sim_tcp_consume(tcp, sim_tcp_peek(tcp).length);
    speak(data, tcp);
}

static void on_peer_closed(SimTcp *tcp, gpointer data)
{
    (void)data;
    sim_tcp_close(tcp);
}

static const SimTcpHandlers handlers = {
    .received = on_received,
    .peer_closed = on_peer_closed,
};

static void on_accepted(SimTcp *tcp, gpointer data)
{
    sim_tcp_set_handlers(tcp, &handlers, data);
    speak(data, tcp);
}

static void on_event(const WorldEvent *event, gpointer data)
{
    Scene *scene = data;
    g_assert(g_utf8_validate(event->text, -1, NULL));
    scene->told++;
}

static SimHost *add_host(SimWorld *world, SimLink *link, const char *name, guint8 number)
{
    SimHost *host = sim_host_new(world, name);
    SimAddress address = sim_address_ipv4(192, 0, 2, number);
    sim_interface_add_address(sim_host_attach(host, link), &address, 24);
    return host;
}

static void set_scene(Scene *scene)
{
    static const guint16 ports[] = {25, 80, 110, 143};
    UserAgentOptions options = {
        .name = "Alice",
        .address = "alice@crepes.fr",
        .user = "alice",
        .password = "a",
        .seed = 1,
    };
    SimLinkSettings settings = sim_link_settings_default();
    scene->world = sim_world_new(1);
    SimLink *link = sim_link_new(scene->world, "link", &settings);
    scene->server = add_host(scene->world, link, "mail", 1);
    scene->agent = user_agent_new(add_host(scene->world, link, "alice-pc", 2), &options);
    for (gsize i = 0; i < G_N_ELEMENTS(ports); i++) {
        sim_tcp_listen(scene->server, NULL, ports[i], on_accepted, scene);
    }
    sim_world_add_observer(scene->world, on_event, scene);
}

static void compose(Scene *scene)
{
    g_autoptr(GBytes) content = g_bytes_new_static("picture", 7);
    UserAgentAttachment attachment = {.name = "a.png", .type = "image/png", .content = content};
    UserAgentMail mail = {
        .to = "Bob <bob@hamburger.edu>, carol@hamburger.edu",
        .subject = "Crêpes",
        .body = "Do you like them?\n.\n",
        .attachments = &attachment,
        .n_attachments = 1,
    };
    user_agent_compose(scene->agent, &mail);
}

static void send_mail(Scene *scene, const SimAddress *server, guint8 how)
{
    UserAgentSending sending = {
        .server = *server,
        .port = 25,
        .mechanism = how & 1 ? "PLAIN" : NULL,
        .pipelines = (how & 2) != 0,
        .chunks = (how & 4) != 0,
        .uses_helo = (how & 8) != 0,
        .one_by_one = (how & 16) != 0,
    };
    compose(scene);
    compose(scene);
    user_agent_send(scene->agent, &sending);
}

static void fetch_by_pop3(Scene *scene, const SimAddress *server, guint8 how)
{
    UserAgentFetching fetching = {
        .server = *server,
        .deletes = (how & 1) != 0,
        .uses_apop = (how & 2) != 0,
        .asks_capabilities = (how & 4) != 0,
        .maximum_octets = how & 8 ? 100 : 0,
    };
    user_agent_fetch_pop3(scene->agent, &fetching);
}

static void fetch_by_imap(Scene *scene, const SimAddress *server, guint8 how)
{
    static const UserAgentImapTask tasks[] = {
        {.kind = USER_AGENT_IMAP_FETCH, .content = USER_AGENT_WHOLE},
        {.kind = USER_AGENT_IMAP_FETCH, .content = USER_AGENT_TEXT},
        {.kind = USER_AGENT_IMAP_FETCH, .content = USER_AGENT_HEADERS},
        {.kind = USER_AGENT_IMAP_CREATE, .text = "Projets été"},
        {.kind = USER_AGENT_IMAP_MOVE, .text = "Work", .number = 1},
        {.kind = USER_AGENT_IMAP_DELETE, .number = 0},
        {.kind = USER_AGENT_IMAP_MARK, .text = "Seen", .number = 1},
        {.kind = USER_AGENT_IMAP_SEARCH, .text = "crêpes"},
    };
    user_agent_imap(scene->agent, server, &tasks[how % G_N_ELEMENTS(tasks)]);
}

static void browse(Scene *scene, const SimAddress *server, bool sends)
{
    if (sends) {
        compose(scene);
    }
    user_agent_browse(scene->agent, server, "mail.crepes.fr", sends);
}

static void act(Scene *scene, guint8 choice)
{
    const SimAddress *server = sim_host_address(scene->server, SIM_FAMILY_IPV4);
    guint8 how = choice / 4;
    switch (choice % 4) {
    case 0:
        send_mail(scene, server, how);
        break;
    case 1:
        fetch_by_pop3(scene, server, how);
        break;
    case 2:
        fetch_by_imap(scene, server, how);
        break;
    default:
        browse(scene, server, (how & 1) != 0);
        break;
    }
}

static void use_what_came(UserAgent *agent)
{
    guint count = user_agent_message_count(agent, USER_AGENT_INBOX);
    for (guint i = 1; i <= count; i++) {
        GBytes *octets = user_agent_message(agent, USER_AGENT_INBOX, i)->octets;
        bool is_read = user_agent_read(agent, i, USER_AGENT_INBOX) &&
                       user_agent_read_header(agent, i, USER_AGENT_INBOX);
        g_assert(is_read);
        user_agent_reply(agent, octets, (i & 1) != 0, "Yes.\n");
        user_agent_forward(agent, octets, "carol@hamburger.edu", "See.\n", (i & 1) != 0);
    }
    if (count > 0) {
        bool is_deleted = user_agent_delete(agent, 1, USER_AGENT_INBOX);
        g_assert(is_deleted && user_agent_message_count(agent, USER_AGENT_TRASH) > 0);
    }
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    Scene scene = {0};
    if (size < 2) {
        return 0;
    }
    g_autofree guint8 *copy = g_memdup2(data + 1, size - 1);
    scene.script = byte_span(copy, size - 1);
    set_scene(&scene);
    act(&scene, data[0]);
    sim_world_run_until(scene.world, sim_world_now(scene.world) + LONG_ENOUGH);
    g_assert(!user_agent_is_busy(scene.agent));
    g_assert(scene.told > 0);
    use_what_came(scene.agent);
    user_agent_free(scene.agent);
    sim_world_free(scene.world);
    return 0;
}
