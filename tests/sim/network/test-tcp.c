#include "tests/sim/network/pair.h"

#include "sim/network/tcp-private.h"

/* What TCP does on a wire that harms nothing: opening, talking, closing. */

static void test_open_and_close(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    pair.client.to_send = 5;
    pair.client.closes_when_sent = true;
    pair_connect(&pair);
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    assert_trace(
        &pair,
        0,
        "> S 0+0\n"
        "< S. 0+0 a1\n"
        "> . 1+0 a1\n"
        "> P. 1+5 a1\n"
        "> F. 6+0 a1\n"
        "< . 1+0 a7\n"
        "< F. 1+0 a7\n"
        "> . 7+0 a2\n"
    );
    assert_string_equal(
        pair.states->str,
        "client SYN-SENT\n"
        "server SYN-RECEIVED\n"
        "client ESTABLISHED\n"
        "client FIN-WAIT-1\n"
        "server ESTABLISHED\n"
        "server CLOSE-WAIT\n"
        "server LAST-ACK\n"
        "client FIN-WAIT-2\n"
        "client TIME-WAIT\n"
        "server CLOSED\n"
    );
    assert_string_equal(pair.client.notes->str, "connected peer closed closed: no error");
    assert_string_equal(pair.server.notes->str, "accepted peer closed closed: no error");
    assert_int_equal(pair.server.got->len, 5);
    pair_clear(&pair, "open-and-close");
}

static void test_time_wait_lasts_two_lifetimes(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    pair.client.closes_when_sent = true;
    pair_connect(&pair);
    pair_run_for(&pair, SIM_SECOND);
    assert_int_equal(sim_world_connection_count(pair.world), 1);
    assert_true(sim_world_is_idle(pair.world));
    pair_run_for(&pair, 58 * SIM_SECOND);
    assert_int_equal(sim_world_connection_count(pair.world), 1);
    pair_run_for(&pair, 2 * SIM_SECOND);
    assert_int_equal(sim_world_connection_count(pair.world), 0);
    assert_true(
        g_str_has_suffix(pair.states->str, "client TIME-WAIT\nserver CLOSED\nclient CLOSED\n")
    );
    pair_clear(&pair, "time-wait");
}

static void test_half_close(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    pair_connect_and_settle(&pair);
    pair.server.closes_after = false;
    sim_tcp_close(pair.client.tcp);
    pair_run_for(&pair, SIM_SECOND);
    assert_int_equal(sim_tcp_state(pair.client.tcp), SIM_TCP_FIN_WAIT_2);
    assert_int_equal(sim_tcp_state(pair.server.tcp), SIM_TCP_CLOSE_WAIT);
    assert_int_equal(sim_tcp_send(pair.client.tcp, BYTE_SPAN_LITERAL("more")), 0);
    pair_send(&pair.server, 20000);
    pair_run_for(&pair, SIM_SECOND);
    assert_int_equal(pair.client.got->len, 20000);
    sim_tcp_close(pair.server.tcp);
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    assert_string_equal(pair.client.notes->str, "peer closed closed: no error");
    assert_string_equal(pair.server.notes->str, "peer closed closed: no error");
    pair_clear(&pair, "half-close");
}

static void test_simultaneous_close(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    pair_connect_and_settle(&pair);
    gsize from = frame_log_count(pair.capture.log);
    sim_tcp_close(pair.client.tcp);
    sim_tcp_close(pair.server.tcp);
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    assert_trace(&pair, from, "> F. 1+0 a1\n< F. 1+0 a1\n< . 2+0 a2\n> . 2+0 a2\n");
    assert_string_equal(
        pair.states->str,
        "client FIN-WAIT-1\n"
        "server FIN-WAIT-1\n"
        "server CLOSING\n"
        "client CLOSING\n"
        "client TIME-WAIT\n"
        "server TIME-WAIT\n"
    );
    assert_int_equal(pair.client.error, SIM_TCP_ERROR_NONE);
    assert_int_equal(pair.server.error, SIM_TCP_ERROR_NONE);
    pair_clear(&pair, "simultaneous-close");
}

static void test_simultaneous_open(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    const SimAddress *client = sim_host_address(pair.client_host, SIM_FAMILY_IPV4);
    const SimAddress *server = sim_host_address(pair.server_host, SIM_FAMILY_IPV4);
    /* Known neighbours, so that neither has to ask first and both SYNs cross. */
    pair_connect(&pair);
    sim_tcp_release(pair.client.tcp);
    pair_run_for(&pair, SIM_SECOND);
    g_string_truncate(pair.states, 0);
    pair.client.tcp = sim_tcp_connect_from(
        pair.client_host, NULL, 57000, server, 58000, &talker_handlers, &pair.client
    );
    pair.server.tcp = sim_tcp_connect_from(
        pair.server_host, NULL, 58000, client, 57000, &talker_handlers, &pair.server
    );
    pair_send(&pair.client, 100);
    pair_send(&pair.server, 200);
    pair_run_for(&pair, SIM_SECOND);
    assert_string_equal(
        pair.states->str,
        "client SYN-SENT\n"
        "server SYN-SENT\n"
        "client SYN-RECEIVED\n"
        "server SYN-RECEIVED\n"
        "client ESTABLISHED\n"
        "server ESTABLISHED\n"
    );
    assert_string_equal(pair.client.notes->str, "connected ");
    assert_string_equal(pair.server.notes->str, "connected ");
    assert_int_equal(pair.server.got->len, 100);
    assert_int_equal(pair.client.got->len, 200);
    pair_clear(&pair, "simultaneous-open");
}

/* --- who does not want to talk --- */

static void test_refused(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    const SimAddress *to = sim_host_address(pair.server_host, SIM_FAMILY_IPV4);
    pair.client.tcp = sim_tcp_connect(pair.client_host, to, 26, &talker_handlers, &pair.client);
    assert_false(pair.client.is_over);
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    assert_trace(&pair, 0, "> S 0+0\n< R. 0+0 a1\n");
    assert_string_equal(pair.client.notes->str, "closed: connection refused");
    pair_clear(&pair, "refused");
}

static void test_silent_port(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    sim_host_set_port_policy(pair.server_host, 25, SIM_PORT_SILENT);
    pair_connect(&pair);
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    assert_string_equal(pair.client.notes->str, "closed: connection timed out");
    /* 1 + 2 + 4 + ... + 60: the longest wait is a minute, so the last is 60 and not 64 seconds. */
    SimTime elapsed = sim_world_now(pair.world) - sim_world_start(pair.world);
    assert_int_equal(elapsed / SIM_SECOND, 1 + 2 + 4 + 8 + 16 + 32 + 60);
    pair_clear(&pair, "silent-port");
}

static void test_rejecting_port(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    sim_host_set_port_policy(pair.server_host, 25, SIM_PORT_REJECT);
    pair_connect(&pair);
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    assert_string_equal(pair.client.notes->str, "closed: destination unreachable");
    pair_clear(&pair, "rejecting-port");
}

static void test_absent_neighbour(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    SimAddress absent = sim_address_ipv4(192, 0, 2, 99);
    pair.client.tcp =
        sim_tcp_connect(pair.client_host, &absent, 25, &talker_handlers, &pair.client);
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    assert_string_equal(pair.client.notes->str, "closed: destination unreachable");
    assert_int_equal(frame_log_count(pair.capture.log), 3); /* three questions */
    assert_int_equal(sim_world_now(pair.world) - sim_world_start(pair.world), 3 * SIM_SECOND);
    pair_clear(&pair, "absent-neighbour");
}

static void test_no_route(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    SimAddress far = sim_address_ipv4(198, 51, 100, 1);
    pair.client.tcp = sim_tcp_connect(pair.client_host, &far, 25, &talker_handlers, &pair.client);
    assert_false(pair.client.is_over);
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    assert_string_equal(pair.client.notes->str, "closed: destination unreachable");
    assert_int_equal(frame_log_count(pair.capture.log), 0);
    pair_clear(&pair, "no-route");
}

static void test_close_while_opening(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    pair_connect(&pair);
    pair_run_for(&pair, 5 * SIM_MILLISECOND);
    sim_tcp_close(pair.client.tcp);
    assert_false(pair.client.is_over);
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    assert_string_equal(pair.client.notes->str, "closed: connection aborted");
    pair_clear(&pair, "close-while-opening");
}

static void test_backlog(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    SimTcpListener *listener = sim_tcp_listen(pair.server_host, NULL, 26, pair_accept, &pair);
    assert_non_null(listener);
    assert_null(sim_tcp_listen(pair.server_host, NULL, 26, pair_accept, &pair));
    sim_tcp_listener_set_backlog(listener, 0);
    const SimAddress *to = sim_host_address(pair.server_host, SIM_FAMILY_IPV4);
    pair.client.tcp = sim_tcp_connect(pair.client_host, to, 26, &talker_handlers, &pair.client);
    pair_run_for(&pair, 500 * SIM_MILLISECOND);
    assert_trace(&pair, 0, "> S 0+0\n"); /* no answer: there may be room later */
    sim_tcp_listener_set_backlog(listener, 1);
    pair_run_for(&pair, SIM_SECOND);
    assert_string_equal(pair.client.notes->str, "connected ");
    sim_tcp_listener_free(listener);
    assert_int_equal(sim_tcp_state(pair.client.tcp), SIM_TCP_ESTABLISHED);
    pair_clear(&pair, "backlog");
}

/* --- resets --- */

static void test_abort(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    pair_connect_and_settle(&pair);
    sim_tcp_abort(pair.client.tcp);
    assert_false(pair.client.is_over);
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    assert_string_equal(pair.client.notes->str, "closed: connection aborted");
    assert_string_equal(pair.server.notes->str, "closed: connection reset");
    assert_int_equal(sim_world_connection_count(pair.world), 0);
    pair_clear(&pair, "abort");
}

static void test_release_with_unread_octets_resets(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    pair.server.keeps_unread = true;
    pair_connect_and_settle(&pair);
    pair_send(&pair.client, 10);
    pair_run_for(&pair, SIM_SECOND);
    sim_tcp_release(pair.server.tcp);
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    assert_string_equal(pair.client.notes->str, "closed: connection reset");
    assert_string_equal(pair.server.notes->str, "");
    pair_clear(&pair, "release-with-unread");
}

static void test_release_closes_in_order(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    pair_connect_and_settle(&pair);
    pair_send(&pair.server, 30000);
    sim_tcp_release(pair.server.tcp);
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    assert_int_equal(pair.client.got->len, 30000);
    assert_string_equal(pair.client.notes->str, "peer closed closed: no error");
    pair_clear(&pair, "release");
}

static void test_octets_for_nobody_are_reset(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    pair_connect_and_settle(&pair);
    pair.client.closes_after = false;
    sim_tcp_release(pair.server.tcp);
    pair_run_for(&pair, SIM_SECOND);
    pair_send(&pair.client, 10);
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    assert_string_equal(pair.client.notes->str, "peer closed closed: connection reset");
    pair_clear(&pair, "octets-for-nobody");
}

static void test_host_down_and_up(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    pair_connect_and_settle(&pair);
    sim_host_set_up(pair.server_host, false);
    pair_send(&pair.client, 10);
    pair_run_for(&pair, 20 * SIM_SECOND);
    assert_string_equal(pair.server.notes->str, "closed: connection aborted");
    assert_string_equal(pair.client.notes->str, "");
    /* Up again it knows nothing of the connection, and says so when the next segment comes. */
    sim_host_set_up(pair.server_host, true);
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    assert_string_equal(pair.client.notes->str, "closed: connection reset");
    pair_clear(&pair, "host-down-and-up");
}

static void test_host_stays_down(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    pair_connect_and_settle(&pair);
    sim_host_set_up(pair.server_host, false);
    pair_send(&pair.client, 10);
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    assert_string_equal(pair.client.notes->str, "closed: connection timed out");
    pair_clear(&pair, "host-stays-down");
}

/* The numbers run past 2^32 in the middle of the talk. */
static void test_sequence_wrap(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    TcpKey key = {
        .host = pair.client_host,
        .local = *sim_host_address(pair.client_host, SIM_FAMILY_IPV4),
        .remote = *sim_host_address(pair.server_host, SIM_FAMILY_IPV4),
        .local_port = 57000,
        .remote_port = 25,
    };
    guint32 first = tcp_initial_sequence(pair.world, &key);
    SimTime start = sim_world_start(pair.world);
    start += (SimTime)(0u - 10000u - first) * 4 * SIM_MICROSECOND;
    sim_world_set_start(pair.world, start);
    assert_int_equal(tcp_initial_sequence(pair.world, &key), 0u - 10000u);
    pair.client.tcp = sim_tcp_connect_from(
        pair.client_host, NULL, 57000, &key.remote, 25, &talker_handlers, &pair.client
    );
    pair.client.to_send = 50000;
    pair.client.closes_when_sent = true;
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    assert_int_equal(pair.server.got->len, 50000);
    assert_int_equal(pair.client.error, SIM_TCP_ERROR_NONE);
    assert_int_equal(pair.server.error, SIM_TCP_ERROR_NONE);
    pair_clear(&pair, "sequence-wrap");
}

static void test_port_reuse(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    const SimAddress *to = sim_host_address(pair.server_host, SIM_FAMILY_IPV4);
    for (guint round = 0; round < 2; round++) {
        pair.client.is_over = false;
        pair.server.is_over = false;
        pair.client.closes_when_sent = round == 0;
        pair.client.tcp = sim_tcp_connect_from(
            pair.client_host, NULL, 57000, to, 25, &talker_handlers, &pair.client
        );
        pair_run_for(&pair, 5 * SIM_SECOND);
    }
    /* The old connection was in TIME-WAIT; its timestamps told the two apart. */
    assert_string_equal(pair.client.notes->str, "connected peer closed closed: no errorconnected ");
    /* Without them the ports have to wait. */
    sim_host_tcp_options(pair.client_host)->has_timestamps = false;
    Talker third = {.notes = g_string_new(NULL)};
    third.tcp =
        sim_tcp_connect_from(pair.client_host, NULL, 57000, to, 25, &talker_handlers, &third);
    pair_run_for(&pair, SIM_SECOND);
    assert_string_equal(third.notes->str, "closed: destination unreachable");
    g_string_free(third.notes, TRUE);
    pair_clear(&pair, "port-reuse");
}

static void test_loopback(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    FrameLog *own = frame_log_new(0);
    SimTap *tap = sim_tap_host(pair.server_host, frame_log_tap, own);
    sim_tap_show_loopback(tap, true);
    SimAddress loopback = sim_address_ipv4(127, 0, 0, 1);
    pair.client.to_send = 70000;
    pair.client.closes_when_sent = true;
    pair.client.tcp =
        sim_tcp_connect(pair.server_host, &loopback, 25, &talker_handlers, &pair.client);
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    assert_int_equal(pair.server.got->len, 70000);
    assert_int_equal(pair.client.error, SIM_TCP_ERROR_NONE);
    assert_int_equal(frame_log_count(pair.capture.log), 0);
    assert_true(frame_log_count(own) > 0);
    pair_clear(&pair, "loopback");
    frame_log_free(own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open_and_close),
        cmocka_unit_test(test_time_wait_lasts_two_lifetimes),
        cmocka_unit_test(test_half_close),
        cmocka_unit_test(test_simultaneous_close),
        cmocka_unit_test(test_simultaneous_open),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_silent_port),
        cmocka_unit_test(test_rejecting_port),
        cmocka_unit_test(test_absent_neighbour),
        cmocka_unit_test(test_no_route),
        cmocka_unit_test(test_close_while_opening),
        cmocka_unit_test(test_backlog),
        cmocka_unit_test(test_abort),
        cmocka_unit_test(test_release_with_unread_octets_resets),
        cmocka_unit_test(test_release_closes_in_order),
        cmocka_unit_test(test_octets_for_nobody_are_reset),
        cmocka_unit_test(test_host_down_and_up),
        cmocka_unit_test(test_host_stays_down),
        cmocka_unit_test(test_sequence_wrap),
        cmocka_unit_test(test_port_reuse),
        cmocka_unit_test(test_loopback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
