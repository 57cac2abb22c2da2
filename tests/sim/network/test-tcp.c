#include "tests/support/test.h"

#include "sim/network/frame-log.h"
#include "sim/network/internet.h"
#include "sim/network/tcp.h"

/* A conversation as agents hold it: a greeting, a question, an answer, and the server hangs up. */

typedef struct {
    SimWorld *world;
    FrameLog *log;
    GString *states; /* of both sides, in order */
    GString *client_got;
    GString *server_got;
    SimTcpError client_error;
    SimTcpError server_error;
    guint closed;
} Talk;

static void note_state(const WorldEvent *event, gpointer data)
{
    Talk *talk = data;
    if (event->kind == WORLD_EVENT_TCP_STATE) {
        g_string_append_printf(
            talk->states, "%s %s\n", sim_host_name(event->host), world_event_field(event, "after")
        );
    }
}

static void take_all(SimTcp *tcp, GString *into)
{
    ByteSpan span = sim_tcp_peek(tcp);
    g_string_append_len(into, (const char *)span.data, (gssize)span.length);
    sim_tcp_consume(tcp, span.length);
}

static void send_text(SimTcp *tcp, const char *text)
{
    assert_int_equal(sim_tcp_send(tcp, byte_span_from_string(text)), strlen(text));
}

static void client_received(SimTcp *tcp, gpointer data)
{
    Talk *talk = data;
    take_all(tcp, talk->client_got);
    if (g_str_has_suffix(talk->client_got->str, "ready\r\n")) {
        send_text(tcp, "QUIT\r\n");
    }
}

static void client_peer_closed(SimTcp *tcp, gpointer data)
{
    (void)data;
    sim_tcp_close(tcp);
}

static void client_closed(SimTcp *tcp, SimTcpError error, gpointer data)
{
    (void)tcp;
    Talk *talk = data;
    talk->client_error = error;
    talk->closed++;
}

static void server_received(SimTcp *tcp, gpointer data)
{
    Talk *talk = data;
    take_all(tcp, talk->server_got);
    send_text(tcp, "221 ");
    send_text(tcp, "Bye\r\n");
    sim_tcp_close(tcp);
}

static void server_closed(SimTcp *tcp, SimTcpError error, gpointer data)
{
    (void)tcp;
    Talk *talk = data;
    talk->server_error = error;
    talk->closed++;
}

static const SimTcpHandlers client_handlers = {
    .received = client_received,
    .peer_closed = client_peer_closed,
    .closed = client_closed,
};

static const SimTcpHandlers server_handlers = {
    .received = server_received,
    .closed = server_closed,
};

static void server_accept(SimTcp *tcp, gpointer data)
{
    sim_tcp_set_handlers(tcp, &server_handlers, data);
    send_text(tcp, "220 ready\r\n");
}

static void talk_init(Talk *talk)
{
    *talk = (Talk){
        .world = sim_world_new(1),
        .log = frame_log_new(0),
        .states = g_string_new(NULL),
        .client_got = g_string_new(NULL),
        .server_got = g_string_new(NULL),
        .client_error = SIM_TCP_ERROR_ABORTED,
        .server_error = SIM_TCP_ERROR_ABORTED,
    };
    sim_tap_world(talk->world, frame_log_tap, talk->log);
    sim_world_add_observer(talk->world, note_state, talk);
}

static void talk_clear(Talk *talk)
{
    const char *path = g_getenv("MAILWALK_TEST_PCAP");
    if (path != NULL) {
        g_autoptr(GBytes) pcap = frame_log_to_pcap(talk->log);
        gsize length;
        gconstpointer octets = g_bytes_get_data(pcap, &length);
        g_file_set_contents(path, octets, (gssize)length, NULL);
    }
    sim_world_free(talk->world);
    frame_log_free(talk->log);
    g_string_free(talk->states, TRUE);
    g_string_free(talk->client_got, TRUE);
    g_string_free(talk->server_got, TRUE);
}

static void test_conversation(void **state)
{
    (void)state;
    Talk talk;
    talk_init(&talk);
    SimInternet *internet = sim_internet_new(talk.world);
    SimHost *alice = sim_network_host(sim_internet_network(internet, "crepes.fr"), "alice");
    SimHost *mail = sim_network_host(sim_internet_network(internet, "hamburger.edu"), "mail");
    assert_non_null(sim_tcp_listen(mail, NULL, 25, server_accept, &talk));
    sim_tcp_connect(alice, sim_host_address(mail, SIM_FAMILY_IPV4), 25, &client_handlers, &talk);
    assert_true(sim_world_run(talk.world, SIM_TIME_NEVER));
    assert_string_equal(talk.client_got->str, "220 ready\r\n221 Bye\r\n");
    assert_string_equal(talk.server_got->str, "QUIT\r\n");
    assert_int_equal(talk.client_error, SIM_TCP_ERROR_NONE);
    assert_int_equal(talk.server_error, SIM_TCP_ERROR_NONE);
    assert_int_equal(talk.closed, 2);
    assert_string_equal(
        talk.states->str,
        "alice SYN-SENT\n"
        "mail SYN-RECEIVED\n"
        "alice ESTABLISHED\n"
        "mail ESTABLISHED\n"
        "mail FIN-WAIT-1\n"
        "alice CLOSE-WAIT\n"
        "alice LAST-ACK\n"
        "mail FIN-WAIT-2\n"
        "mail TIME-WAIT\n"
        "alice CLOSED\n"
    );
    talk_clear(&talk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conversation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
