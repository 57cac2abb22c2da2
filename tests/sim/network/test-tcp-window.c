#include "tests/sim/network/pair.h"

/* When TCP sends and when it waits: Nagle's rule, acknowledgements, keep-alive, the window. */

static void send_ten_times(Pair *pair)
{
    for (guint i = 0; i < 10; i++) {
        pair_send(&pair->client, 10);
        pair_run_for(pair, SIM_MILLISECOND);
    }
    pair_run_for(pair, SIM_SECOND);
}

static void test_nagle(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    sim_host_tcp_options(pair.server_host)->has_delayed_ack = false;
    pair_connect_and_settle(&pair);
    gsize from = frame_log_count(pair.capture.log);
    send_ten_times(&pair);
    /* The first at once; the rest together when the first is acknowledged. */
    assert_trace(&pair, from, "> P. 1+10 a1\n< . 1+0 a11\n> P. 11+90 a1\n< . 1+0 a101\n");
    sim_tcp_set_nagle(pair.client.tcp, false);
    from = frame_log_count(pair.capture.log);
    send_ten_times(&pair);
    assert_int_equal(frame_log_count(pair.capture.log) - from, 20);
    pair_clear(&pair, "nagle");
}

static void test_delayed_ack(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    pair_connect_and_settle(&pair);
    gsize from = frame_log_count(pair.capture.log);
    pair_send(&pair.client, 10);
    pair_run_for(&pair, SIM_SECOND);
    LoggedFrame sent = frame_log_get(pair.capture.log, from);
    LoggedFrame answered = frame_log_get(pair.capture.log, from + 1);
    assert_int_equal(answered.time - sent.time, 50 * SIM_MILLISECOND);
    sim_tcp_set_delayed_ack(pair.server.tcp, false);
    pair_send(&pair.client, 10);
    pair_run_for(&pair, SIM_SECOND);
    sent = frame_log_get(pair.capture.log, from + 2);
    answered = frame_log_get(pair.capture.log, from + 3);
    assert_int_equal(answered.time - sent.time, 10 * SIM_MILLISECOND);
    pair_clear(&pair, "delayed-ack");
}

static void test_keep_alive(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    pair_connect_and_settle(&pair);
    gsize from = frame_log_count(pair.capture.log);
    pair_run_for(&pair, 7 * SIM_DAY);
    assert_int_equal(frame_log_count(pair.capture.log), from); /* off unless asked for */
    sim_tcp_set_keep_alive(pair.client.tcp, true);
    pair_run_for(&pair, 3 * SIM_HOUR);
    assert_trace(&pair, from, "> . 0+0 a1\n< . 1+0 a1\n");
    assert_true(sim_world_is_idle(pair.world));
    sim_host_set_up(pair.server_host, false);
    pair_run_for(&pair, 4 * SIM_HOUR);
    assert_string_equal(pair.client.notes->str, "closed: connection timed out");
    pair_clear(&pair, "keep-alive");
}

/* --- the window --- */

static void test_closed_window(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    sim_host_tcp_options(pair.server_host)->receive_buffer = 4000;
    pair_connect_and_settle(&pair);
    pair.server.keeps_unread = true;
    pair_send(&pair.client, 10000);
    pair_run_for(&pair, 2 * SIM_MINUTE);
    assert_int_equal(sim_tcp_peek(pair.server.tcp).length, 4000);
    assert_int_equal(sim_tcp_state(pair.client.tcp), SIM_TCP_ESTABLISHED);
    assert_true(strstr(pair.capture.events->str, "window probe") != NULL);
    assert_false(sim_world_is_idle(pair.world));
    /* For hours, if need be: RFC 9293 §3.8.6.1. */
    pair_run_for(&pair, 5 * SIM_HOUR);
    pair.server.keeps_unread = false;
    talker_read(&pair.server);
    pair_run_for(&pair, SIM_SECOND);
    assert_int_equal(pair.server.got->len, 10000);
    assert_true(sim_world_is_idle(pair.world));
    pair_clear(&pair, "closed-window");
}

static void test_fin_at_closed_window(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    sim_host_tcp_options(pair.server_host)->receive_buffer = 1000;
    pair_connect_and_settle(&pair);
    pair.server.keeps_unread = true;
    pair.server.closes_after = false;
    pair.client.closes_when_sent = true;
    pair_send(&pair.client, 1000);
    pair_run_for(&pair, SIM_MINUTE);
    assert_string_equal(pair.server.notes->str, "peer closed ");
    assert_int_equal(sim_tcp_peek(pair.server.tcp).length, 1000);
    sim_tcp_close(pair.server.tcp);
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    assert_string_equal(pair.client.notes->str, "peer closed closed: no error");
    pair_clear(&pair, "fin-at-closed-window");
}

static void test_writable(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    sim_host_tcp_options(pair.client_host)->send_buffer = 1000;
    pair_connect_and_settle(&pair);
    assert_int_equal(sim_tcp_send_room(pair.client.tcp), 1000);
    pair_send(&pair.client, 100000);
    assert_int_equal(sim_tcp_send_room(pair.client.tcp), 0);
    assert_int_equal(sim_tcp_unacknowledged(pair.client.tcp), 1000);
    pair_run_for(&pair, SIM_MINUTE);
    assert_int_equal(pair.server.got->len, 100000);
    pair_clear(&pair, "writable");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nagle),
        cmocka_unit_test(test_delayed_ack),
        cmocka_unit_test(test_keep_alive),
        cmocka_unit_test(test_closed_window),
        cmocka_unit_test(test_fin_at_closed_window),
        cmocka_unit_test(test_writable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
