#include "tests/support/test.h"

#include "protocol/message/header-block.h"
#include "protocol/message/mime-tree.h"
#include "sim/agent/user-agent.h"
#include "sim/agent/user-mailbox.h"
#include "sim/network/link.h"
#include "sim/network/tcp.h"

#include <string.h>

/* What a person's mail program does without a server: envelope and header, replies and forwards,
 * folders; and the mailbox file of one machine. */

typedef struct {
    SimWorld *world;
    UserAgent *agent;
    GString *told;
} Scene;

static void on_event(const WorldEvent *event, gpointer data)
{
    Scene *scene = data;
    g_string_append_printf(scene->told, "%s\n", event->text);
}

static int begin(void **state)
{
    Scene *scene = g_new0(Scene, 1);
    UserAgentOptions options = {
        .name = "Alice",
        .address = "alice@crepes.fr",
        .user = "alice",
        .password = "yummy",
        .seed = 7,
    };
    scene->world = sim_world_new(1);
    scene->told = g_string_new(NULL);
    scene->agent = user_agent_new(sim_host_new(scene->world, "alice-pc"), &options);
    sim_world_add_observer(scene->world, on_event, scene);
    *state = scene;
    return 0;
}

static int end(void **state)
{
    Scene *scene = *state;
    user_agent_free(scene->agent);
    sim_world_free(scene->world);
    g_string_free(scene->told, TRUE);
    g_free(scene);
    return 0;
}

static char *field(GBytes *octets, const char *name)
{
    HeaderBlock header;
    gsize length;
    const void *data = g_bytes_get_data(octets, &length);
    header_block_init(&header);
    header_block_parse(&header, byte_span(data, length), 0);
    char *text = header_block_decoded(&header, name);
    header_block_clear(&header);
    return text;
}

static void assert_field(GBytes *octets, const char *name, const char *wanted)
{
    g_autofree char *text = field(octets, name);
    if (wanted == NULL) {
        assert_null(text);
    } else {
        assert_non_null(text);
        assert_string_equal(text, wanted);
    }
}

static void test_the_envelope_is_made_of_to_cc_and_bcc(void **state)
{
    Scene *scene = *state;
    UserAgentMail mail = {
        .to = "Bob <bob@hamburger.edu>, carol@hamburger.edu",
        .cc = "BOB@hamburger.edu, dave@crepes.fr",
        .bcc = "eve@ksit.edu.in",
        .subject = "¿Qué pasa?",
        .body = "Nada.\n",
    };
    user_agent_compose(scene->agent, &mail);
    g_autoptr(UserAgentOutgoing) outgoing = user_agent_take_outgoing(scene->agent);
    g_autofree char *recipients = g_strjoinv(" ", outgoing->recipients);
    assert_string_equal(
        recipients, "bob@hamburger.edu carol@hamburger.edu dave@crepes.fr eve@ksit.edu.in"
    );
    assert_string_equal(outgoing->reverse_path, "alice@crepes.fr");
    assert_field(outgoing->octets, "From", "Alice <alice@crepes.fr>");
    assert_field(outgoing->octets, "Subject", "¿Qué pasa?");
    assert_field(outgoing->octets, "Bcc", NULL);
    assert_false(outgoing->has_eight_bit);
    assert_int_equal(user_agent_outbox_count(scene->agent), 0);
}

static void test_what_a_forger_says(void **state)
{
    Scene *scene = *state;
    UserAgentMail mail = {
        .to = "bob@hamburger.edu",
        .subject = "Hello",
        .body = "I am the dean.\n",
        .from = "The Dean <dean@ksit.edu.in>",
        .reverse_path = "dean@ksit.edu.in",
    };
    user_agent_compose(scene->agent, &mail);
    g_autoptr(UserAgentOutgoing) outgoing = user_agent_take_outgoing(scene->agent);
    assert_field(outgoing->octets, "From", "The Dean <dean@ksit.edu.in>");
    assert_string_equal(outgoing->reverse_path, "dean@ksit.edu.in");
}

static void test_eight_bits_and_utf8(void **state)
{
    Scene *scene = *state;

    static const struct {
        bool as_8bit;
        bool as_utf8;
        bool has_eight_bit;
        bool needs_utf8;
    } cases[] = {
        {false, false, false, false},
        {true, false, true, false},
        {false, true, true, true},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        UserAgentMail mail = {
            .to = "bob@hamburger.edu",
            .subject = "Crêpes",
            .body = "Crêpes!\n",
            .as_8bit = cases[i].as_8bit,
            .as_utf8 = cases[i].as_utf8,
        };
        user_agent_compose(scene->agent, &mail);
        g_autoptr(UserAgentOutgoing) outgoing = user_agent_take_outgoing(scene->agent);
        assert_int_equal(outgoing->has_eight_bit, cases[i].has_eight_bit);
        assert_int_equal(outgoing->needs_utf8, cases[i].needs_utf8);
        assert_field(outgoing->octets, "Subject", "Crêpes");
    }
}

static const char letter[] = "From: Bob <bob@hamburger.edu>\r\n"
                             "To: alice@crepes.fr, carol@hamburger.edu\r\n"
                             "Subject: Ketchup\r\n"
                             "Message-ID: <1@hamburger.edu>\r\n"
                             "\r\n"
                             "Do you like ketchup?\r\n";

static void test_reply_and_forward(void **state)
{
    Scene *scene = *state;
    g_autoptr(GBytes) original = g_bytes_new_static(letter, strlen(letter));
    user_agent_reply(scene->agent, original, true, "Pickles.\n");
    user_agent_forward(scene->agent, original, "dave@crepes.fr", "See.\n", true);
    g_autoptr(UserAgentOutgoing) reply = user_agent_take_outgoing(scene->agent);
    g_autoptr(UserAgentOutgoing) forward = user_agent_take_outgoing(scene->agent);
    g_autofree char *recipients = g_strjoinv(" ", reply->recipients);
    assert_string_equal(recipients, "bob@hamburger.edu carol@hamburger.edu");
    assert_field(reply->octets, "Subject", "Re: Ketchup");
    assert_field(reply->octets, "In-Reply-To", "<1@hamburger.edu>");
    assert_field(reply->octets, "References", "<1@hamburger.edu>");
    assert_string_equal(forward->recipients[0], "dave@crepes.fr");
    g_autoptr(MimeTree) tree = mime_tree_new(forward->octets, NULL);
    assert_true(mime_part_is(mime_tree_root(tree), "multipart", "mixed"));
}

static void test_folders(void **state)
{
    Scene *scene = *state;
    UserAgent *agent = scene->agent;
    g_autoptr(GBytes) original = g_bytes_new_static(letter, strlen(letter));
    user_agent_keep(agent, original, USER_AGENT_INBOX, "u1");
    user_agent_keep(agent, original, USER_AGENT_INBOX, NULL);
    assert_true(user_agent_knows(agent, "u1"));
    assert_false(user_agent_knows(agent, "u2"));
    assert_int_equal(user_agent_message_count(agent, "inbox"), 2);
    assert_true(user_agent_file(agent, 1, USER_AGENT_INBOX, "Food"));
    assert_false(user_agent_file(agent, 2, USER_AGENT_INBOX, "Food"));
    assert_true(user_agent_read(agent, 0, "Food"));
    assert_true(user_agent_delete(agent, 0, USER_AGENT_INBOX));
    assert_int_equal(user_agent_message_count(agent, USER_AGENT_INBOX), 0);
    assert_int_equal(user_agent_message_count(agent, USER_AGENT_TRASH), 1);
    assert_true(user_agent_delete(agent, 1, USER_AGENT_TRASH));
    assert_false(user_agent_delete(agent, 1, USER_AGENT_TRASH));
    assert_true(user_agent_knows(agent, "u1"));
    assert_string_equal(
        scene->told->str,
        "Alice files \"Ketchup\" in Food\n"
        "Alice reads \"Ketchup\" from Bob <bob@hamburger.edu>:\n"
        "   Do you like ketchup?\n"
        "Alice moves \"Ketchup\" to the trash\n"
        "Alice deletes \"Ketchup\" for good\n"
    );
}

static void test_what_is_read_is_made_safe(void **state)
{
    Scene *scene = *state;
    static const char hostile[] = "From: \x1b[2J\r\nSubject: \x1b]0;x\x07\r\n\r\n\x1b[31mred\r\n";
    g_autoptr(GBytes) octets = g_bytes_new_static(hostile, sizeof hostile - 1);
    user_agent_keep(scene->agent, octets, USER_AGENT_INBOX, NULL);
    assert_true(user_agent_read(scene->agent, 1, USER_AGENT_INBOX));
    assert_null(strchr(scene->told->str, '\x1b'));
}

static void test_mailbox_file(void **state)
{
    Scene *scene = *state;
    g_autoptr(UserMailbox) mailbox = user_mailbox_new(user_agent_host(scene->agent), "Bob");
    g_autofree char *huge = g_strnfill(USER_MAILBOX_MAXIMUM, 'x');
    assert_true(user_mailbox_append(mailbox, "alice", "Ketchup?"));
    assert_string_equal(user_mailbox_text(mailbox), "From alice 2026-01-05 09:00\nKetchup?\n");
    assert_false(user_mailbox_append(mailbox, "alice", huge));
    user_mailbox_show(mailbox, "Bob");
    assert_non_null(strstr(scene->told->str, "   Ketchup?\n"));
}

static void accept_and_say_nothing(SimTcp *tcp, gpointer data)
{
    static const SimTcpHandlers none = {0};
    sim_tcp_set_handlers(tcp, &none, data);
}

static void connect_to_silence(Scene *scene, SimAddress *out_server)
{
    static const guint16 ports[] = {25, 80, 110, 143};
    SimLinkSettings settings = sim_link_settings_default();
    SimLink *link = sim_link_new(scene->world, "link", &settings);
    SimHost *server = sim_host_new(scene->world, "mail");
    SimAddress own = sim_address_ipv4(192, 0, 2, 2);
    *out_server = sim_address_ipv4(192, 0, 2, 1);
    sim_interface_add_address(sim_host_attach(server, link), out_server, 24);
    sim_interface_add_address(sim_host_attach(user_agent_host(scene->agent), link), &own, 24);
    for (gsize i = 0; i < G_N_ELEMENTS(ports); i++) {
        sim_tcp_listen(server, NULL, ports[i], accept_and_say_nothing, NULL);
    }
}

static void begin_conversation(UserAgent *agent, const SimAddress *server, guint kind)
{
    static const char *const lines[] = {"HELO crepes.fr", "QUIT", NULL};
    UserAgentMail mail = {.to = "bob@hamburger.edu", .subject = "Hello", .body = "Hello\n"};
    UserAgentSending sending = {.server = *server, .port = 25};
    UserAgentFetching fetching = {.server = *server};
    UserAgentImapTask task = {.kind = USER_AGENT_IMAP_FETCH};
    switch (kind) {
    case 0:
        user_agent_compose(agent, &mail);
        user_agent_send(agent, &sending);
        break;
    case 1:
        user_agent_fetch_pop3(agent, &fetching);
        break;
    case 2:
        user_agent_imap(agent, server, &task);
        break;
    case 3:
        user_agent_browse(agent, server, "mail.crepes.fr", false);
        break;
    default:
        user_agent_type(agent, server, 25, lines, SIM_HOUR);
        break;
    }
}

/* RFC 5321 §4.5.3.2: a client must have time-outs; what was to be sent stays in the outbox. */
static void test_a_silent_server_is_given_up(void **state)
{
    Scene *scene = *state;
    SimAddress server;
    connect_to_silence(scene, &server);
    for (guint kind = 0; kind < 5; kind++) {
        SimTime begins = sim_world_now(scene->world);
        bool is_typed = kind == 4;
        g_string_truncate(scene->told, 0);
        begin_conversation(scene->agent, &server, kind);
        sim_world_run_until(scene->world, begins + (is_typed ? 3 * SIM_HOUR : 9 * SIM_MINUTE));
        assert_true(user_agent_is_busy(scene->agent));
        sim_world_run_until(scene->world, begins + (is_typed ? 4 * SIM_HOUR : 11 * SIM_MINUTE));
        assert_false(user_agent_is_busy(scene->agent));
        assert_non_null(strstr(scene->told->str, "Alice sees: the server has not answered"));
    }
    assert_int_equal(user_agent_outbox_count(scene->agent), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_envelope_is_made_of_to_cc_and_bcc, begin, end),
        cmocka_unit_test_setup_teardown(test_what_a_forger_says, begin, end),
        cmocka_unit_test_setup_teardown(test_eight_bits_and_utf8, begin, end),
        cmocka_unit_test_setup_teardown(test_reply_and_forward, begin, end),
        cmocka_unit_test_setup_teardown(test_folders, begin, end),
        cmocka_unit_test_setup_teardown(test_what_is_read_is_made_safe, begin, end),
        cmocka_unit_test_setup_teardown(test_mailbox_file, begin, end),
        cmocka_unit_test_setup_teardown(test_a_silent_server_is_given_up, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
