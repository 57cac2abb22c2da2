#include "tests/sim/network/pair.h"

/* What TCP does about losses, one at a time: which segment is sent again, when, and why. */

typedef struct {
    guint64 lost[8]; /* numbers of the data segments to lose, counted from 1; 0: no more */
    guint64 seen;
    SimVerdict verdict;
} Loss;

/* Data from the client only. */
static SimVerdict lose_some(const SimTapFrame *frame, gpointer data)
{
    Loss *loss = data;
    ByteSpan octets = frame->octets;
    bool is_data = octets.length > 34 && octets.data[23] == 6 && octets.data[29] == 10 &&
                   octets.length > 34 + (gsize)(octets.data[46] >> 4) * 4;
    if (!is_data) {
        return SIM_VERDICT_PASS;
    }
    loss->seen++;
    for (guint i = 0; i < G_N_ELEMENTS(loss->lost); i++) {
        if (loss->lost[i] == loss->seen) {
            return loss->verdict;
        }
    }
    return SIM_VERDICT_PASS;
}

static guint count_text(const Pair *pair, const char *text)
{
    guint count = 0;
    for (const char *place = pair->capture.events->str; (place = strstr(place, text)) != NULL;) {
        count++;
        place++;
    }
    return count;
}

typedef struct {
    const char *name;
    bool has_sack;
    bool has_timestamps;
    gsize length;
    Loss loss;
    guint timeouts;
    guint fast;
    guint resent;
} LossCase;

static const LossCase loss_cases[] = {
    {
        .name = "one-lost",
        .length = 60000,
        .loss = {.lost = {12}},
        .fast = 1,
        .resent = 1,
    },
    {
        .name = "one-lost-with-sack",
        .has_sack = true,
        .has_timestamps = true,
        .length = 60000,
        .loss = {.lost = {12}},
        .fast = 1,
        .resent = 1,
    },
    {
        .name = "three-lost-in-one-flight",
        .length = 60000,
        .loss = {.lost = {12, 14, 16}},
        .fast = 1,
        .resent = 3,
    },
    {
        .name = "three-lost-with-sack",
        .has_sack = true,
        .length = 60000,
        .loss = {.lost = {12, 14, 16}},
        .fast = 1,
        .resent = 3,
    },
    {
        .name = "four-in-a-row-with-sack",
        .has_sack = true,
        .has_timestamps = true,
        .length = 60000,
        .loss = {.lost = {12, 13, 14, 15}},
        .fast = 1,
        .resent = 4,
    },
    {
        .name = "last-lost",
        .length = 2000,
        .loss = {.lost = {2}},
        .timeouts = 1,
        .resent = 1,
    },
    {
        .name = "last-lost-four-times",
        .has_timestamps = true,
        .length = 2000,
        .loss = {.lost = {2, 3, 4, 5}},
        .timeouts = 4,
        .resent = 4,
    },
    {
        .name = "resent-lost-with-sack",
        .has_sack = true,
        .length = 30000,
        .loss = {.lost = {12, 19}},
        .timeouts = 1,
        .fast = 1,
        .resent = 2,
    },
    {
        .name = "doubled",
        .has_sack = true,
        .length = 60000,
        .loss = {.lost = {3, 4, 12}, .verdict = SIM_VERDICT_DUPLICATE},
    },
    {
        .name = "damaged",
        .has_sack = true,
        .length = 60000,
        .loss = {.lost = {12}, .verdict = SIM_VERDICT_CORRUPT},
        .fast = 1,
        .resent = 1,
    },
};

static void test_losses(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(loss_cases); i++) {
        LossCase row = loss_cases[i];
        row.loss.verdict =
            row.loss.verdict == SIM_VERDICT_PASS ? SIM_VERDICT_LOSE : row.loss.verdict;
        Pair pair;
        pair_init(&pair);
        SimTcpOptions *options = sim_host_tcp_options(pair.client_host);
        options->has_sack = row.has_sack;
        options->has_timestamps = row.has_timestamps;
        sim_world_set_filter(pair.world, lose_some, &row.loss);
        pair_connect_and_settle(&pair);
        pair.client.closes_when_sent = true;
        pair_send(&pair.client, row.length);
        assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
        guint timeouts = count_text(
            &pair, "\tclient: TCP connection with 192.0.2.20 port 25: retransmission timeout"
        );
        guint fast = count_text(&pair, "fast retransmit");
        guint resent = count_text(&pair, "tcp-resent");
        if (pair.server.got->len != row.length || pair.client.error != SIM_TCP_ERROR_NONE ||
            timeouts != row.timeouts || fast != row.fast || resent != row.resent) {
            fail_msg(
                "%s: %u octets arrived, %u timeouts, %u fast retransmits, %u segments sent again",
                row.name,
                pair.server.got->len,
                timeouts,
                fast,
                resent
            );
        }
        pair_clear(&pair, row.name);
    }
}

/* RFC 6298 §5: the timeout doubles each time. */
static void test_timeout_doubles(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    sim_host_tcp_options(pair.client_host)->has_timestamps = false;
    Loss loss = {.lost = {1, 2, 3}, .verdict = SIM_VERDICT_LOSE};
    sim_world_set_filter(pair.world, lose_some, &loss);
    pair_connect_and_settle(&pair);
    gsize from = frame_log_count(pair.capture.log);
    pair_send(&pair.client, 10);
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    static const SimTime after[] = {0, 1, 3, 7};
    SimTime first = frame_log_get(pair.capture.log, from).time;
    for (gsize i = 0; i < G_N_ELEMENTS(after); i++) {
        SimTime time = frame_log_get(pair.capture.log, from + i).time;
        assert_int_equal((time - first) / SIM_SECOND, after[i]);
    }
    assert_int_equal(pair.server.got->len, 10);
    pair_clear(&pair, "timeout-doubles");
}

/* A segment that is only late makes the receiver complain, but two complaints prove nothing. */
static void test_late_segment(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    SimLinkSettings settings = *sim_link_settings(pair.link);
    settings.rate = 100000000;
    settings.reordering_delay = 200 * SIM_MICROSECOND;
    sim_link_set_settings(pair.link, &settings);
    Loss loss = {.lost = {12}, .verdict = SIM_VERDICT_HOLD};
    sim_world_set_filter(pair.world, lose_some, &loss);
    pair_connect_and_settle(&pair);
    pair_send(&pair.client, 60000);
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    assert_int_equal(pair.server.got->len, 60000);
    assert_int_equal(count_text(&pair, "tcp-resent"), 0);
    pair_clear(&pair, "late-segment");
}

/* RFC 5681 §3.1: from three segments on, one more for each acknowledgment. */
static void test_slow_start(void **state)
{
    (void)state;
    Pair pair;
    pair_init(&pair);
    sim_host_tcp_options(pair.server_host)->has_delayed_ack = false;
    sim_host_tcp_options(pair.client_host)->has_timestamps = false;
    pair_connect_and_settle(&pair);
    SimTime began = sim_world_now(pair.world);
    gsize from = frame_log_count(pair.capture.log);
    pair_send(&pair.client, 60000);
    assert_true(sim_world_run(pair.world, SIM_TIME_NEVER));
    guint flights[4] = {0};
    for (gsize i = from; i < frame_log_count(pair.capture.log); i++) {
        LoggedFrame frame = frame_log_get(pair.capture.log, i);
        guint round = (guint)((frame.time - began) / (20 * SIM_MILLISECOND));
        if (frame.octets.length > 100 && round < G_N_ELEMENTS(flights)) {
            flights[round]++;
        }
    }
    assert_int_equal(flights[0], 3);
    assert_int_equal(flights[1], 6);
    assert_int_equal(flights[2], 12);
    pair_clear(&pair, "slow-start");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_losses),
        cmocka_unit_test(test_timeout_doubles),
        cmocka_unit_test(test_late_segment),
        cmocka_unit_test(test_slow_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
