#include "tests/support/test.h"

#include "sim/network/internet.h"
#include "sim/network/udp.h"
#include "tests/sim/network/capture.h"

/* What a link does to frames: time, order, luck, filters; and what taps see of it. */

typedef struct {
    SimWorld *world;
    SimLink *link;
    SimHost *left;
    SimHost *right;
    SimUdp *from;
    GArray *arrivals; /* SimTime */
    GString *order;   /* first octets of what arrived */
    Capture capture;
} Line;

static void
received(SimUdp *udp, const SimAddress *from, guint16 from_port, ByteSpan octets, gpointer data)
{
    (void)from;
    (void)from_port;
    Line *line = data;
    SimTime now = sim_world_now(sim_host_world(sim_udp_host(udp)));
    g_array_append_val(line->arrivals, now);
    g_string_append_c(line->order, (char)octets.data[0]);
}

static const SimUdpHandlers handlers = {.received = received};

static SimHost *add_host(SimWorld *world, SimLink *link, const char *name, guint8 number)
{
    SimHost *host = sim_host_new(world, name);
    SimAddress address = sim_address_ipv4(192, 0, 2, number);
    sim_interface_add_address(sim_host_attach(host, link), &address, 24);
    return host;
}

static void send_one(Line *line, char mark, gsize length)
{
    g_autofree guint8 *octets = g_malloc0(length);
    octets[0] = (guint8)mark;
    const SimAddress *to = sim_host_address(line->right, SIM_FAMILY_IPV4);
    assert_true(sim_udp_send(line->from, to, 53, byte_span(octets, length)));
}

/* The neighbours know each other when the test begins. */
static void line_init(Line *line, const SimLinkSettings *settings)
{
    *line = (Line){
        .world = sim_world_new(5),
        .arrivals = g_array_new(FALSE, FALSE, sizeof(SimTime)),
        .order = g_string_new(NULL),
    };
    SimLinkSettings quiet = sim_link_settings_default();
    line->link = sim_link_new(line->world, "line", &quiet);
    line->left = add_host(line->world, line->link, "left", 1);
    line->right = add_host(line->world, line->link, "right", 2);
    line->from = sim_udp_open(line->left, NULL, 1000, &handlers, line);
    assert_non_null(sim_udp_open(line->right, NULL, 53, &handlers, line));
    send_one(line, '-', 1);
    sim_world_run(line->world, SIM_TIME_NEVER);
    g_array_set_size(line->arrivals, 0);
    g_string_truncate(line->order, 0);
    sim_link_set_settings(line->link, settings);
    capture_init(&line->capture, line->world);
}

static void line_clear(Line *line, const char *name)
{
    sim_world_free(line->world);
    g_array_unref(line->arrivals);
    g_string_free(line->order, TRUE);
    capture_clear(&line->capture, name);
}

static void test_rate_and_delay(void **state)
{
    (void)state;
    SimLinkSettings settings = {.rate = 1000000, .delay = 30 * SIM_MILLISECOND};
    Line line;
    line_init(&line, &settings);
    SimTime began = sim_world_now(line.world);
    /* 958 octets of payload make a frame of 1000: 8 ms at a million bits a second. */
    send_one(&line, 'a', 958);
    send_one(&line, 'b', 958);
    send_one(&line, 'c', 458);
    sim_world_run(line.world, SIM_TIME_NEVER);
    static const SimTime expected_ms[] = {38, 46, 50};
    assert_int_equal(line.arrivals->len, G_N_ELEMENTS(expected_ms));
    for (guint i = 0; i < G_N_ELEMENTS(expected_ms); i++) {
        SimTime after = g_array_index(line.arrivals, SimTime, i) - began;
        assert_int_equal(after, expected_ms[i] * SIM_MILLISECOND);
    }
    line_clear(&line, "rate-and-delay");
}

static void test_queue_limit(void **state)
{
    (void)state;
    SimLinkSettings settings = {.rate = 1000000, .queue_limit = 3000};
    Line line;
    line_init(&line, &settings);
    for (char mark = 'a'; mark <= 'z'; mark++) {
        send_one(&line, mark, 958);
    }
    sim_world_run(line.world, SIM_TIME_NEVER);
    assert_string_equal(line.order->str, "abcd");
    assert_non_null(strstr(line.capture.events->str, "queue is full"));
    line_clear(&line, "queue-limit");
}

static void test_jitter_keeps_order(void **state)
{
    (void)state;
    SimLinkSettings settings = {.delay = SIM_MILLISECOND, .jitter = 50 * SIM_MILLISECOND};
    Line line;
    line_init(&line, &settings);
    for (char mark = 'a'; mark <= 'z'; mark++) {
        send_one(&line, mark, 10);
    }
    sim_world_run(line.world, SIM_TIME_NEVER);
    assert_string_equal(line.order->str, "abcdefghijklmnopqrstuvwxyz");
    line_clear(&line, "jitter");
}

/* How often something happened to 20,000 frames that should happen to so many of a million. */
static void assert_share(guint count, guint32 parts)
{
    double share = (double)count / 20000;
    double expected = (double)parts / SIM_PER_MILLION;
    assert_true(share > expected * 0.9 && share < expected * 1.1);
}

static void test_luck(void **state)
{
    (void)state;

    static const struct {
        SimLinkSettings settings;
        const char *event;
    } rows[] = {
        {.settings = {.loss = 200000}, .event = ": lost"},
        {.settings = {.duplication = 200000}, .event = ": doubled"},
        {.settings = {.reordering = 200000}, .event = ": held back"},
        {.settings = {.corruption = 200000}, .event = ": damaged"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        Line line;
        line_init(&line, &rows[i].settings);
        for (guint j = 0; j < 20000; j++) {
            send_one(&line, 'x', 10);
        }
        sim_world_run(line.world, SIM_TIME_NEVER);
        guint events = 0;
        const char *place = line.capture.events->str;
        while ((place = strstr(place, rows[i].event)) != NULL) {
            events++;
            place++;
        }
        assert_share(events, 200000);
        guint arrived = line.arrivals->len;
        const SimLinkSettings *settings = &rows[i].settings;
        if (settings->loss > 0) {
            assert_int_equal(arrived, 20000 - events);
        } else if (settings->duplication > 0) {
            assert_int_equal(arrived, 20000 + events);
        } else if (settings->corruption > 0) {
            /* Nothing damaged gets past a checksum. */
            assert_int_equal(arrived, 20000 - events);
        } else {
            assert_int_equal(arrived, 20000);
        }
        line_clear(&line, rows[i].event + 2);
    }
}

static void test_reordering(void **state)
{
    (void)state;
    SimLinkSettings settings = {.delay = SIM_MILLISECOND, .reordering_delay = SIM_SECOND};
    Line line;
    line_init(&line, &settings);
    send_one(&line, 'a', 10);
    settings.reordering = SIM_PER_MILLION;
    sim_link_set_settings(line.link, &settings);
    send_one(&line, 'b', 10);
    settings.reordering = 0;
    sim_link_set_settings(line.link, &settings);
    send_one(&line, 'c', 10);
    send_one(&line, 'd', 10);
    sim_world_run(line.world, SIM_TIME_NEVER);
    assert_string_equal(line.order->str, "acdb");
    line_clear(&line, "reordering");
}

static void test_down(void **state)
{
    (void)state;
    SimLinkSettings settings = {.delay = SIM_SECOND};
    Line line;
    line_init(&line, &settings);
    send_one(&line, 'a', 10);
    sim_world_run_until(line.world, sim_world_now(line.world) + SIM_SECOND / 2);
    sim_link_set_up(line.link, false); /* under way: lost too */
    send_one(&line, 'b', 10);
    sim_world_run(line.world, SIM_TIME_NEVER);
    assert_string_equal(line.order->str, "");
    sim_link_set_up(line.link, true);
    send_one(&line, 'c', 10);
    sim_world_run(line.world, SIM_TIME_NEVER);
    assert_string_equal(line.order->str, "c");
    line_clear(&line, "down");
}

static SimVerdict judge(const SimTapFrame *frame, gpointer data)
{
    const SimVerdict *verdicts = data;
    guint8 mark = frame->octets.data[42];
    return mark >= 'a' && mark <= 'e' ? verdicts[mark - 'a'] : SIM_VERDICT_PASS;
}

static void test_filter(void **state)
{
    (void)state;
    static const SimVerdict verdicts[] = {
        SIM_VERDICT_PASS,
        SIM_VERDICT_LOSE,
        SIM_VERDICT_DUPLICATE,
        SIM_VERDICT_CORRUPT,
        SIM_VERDICT_HOLD,
    };
    for (guint i = 0; i < 2; i++) {
        SimLinkSettings settings = {.delay = SIM_MILLISECOND};
        Line line;
        line_init(&line, &settings);
        if (i == 0) {
            sim_link_set_filter(line.link, judge, (gpointer)verdicts);
        } else {
            sim_world_set_filter(line.world, judge, (gpointer)verdicts);
        }
        for (char mark = 'a'; mark <= 'f'; mark++) {
            send_one(&line, mark, 10);
        }
        sim_world_run(line.world, SIM_TIME_NEVER);
        assert_string_equal(line.order->str, "accfe");
        line_clear(&line, i == 0 ? "filter-link" : "filter-world");
    }
}

/* --- taps --- */

typedef struct {
    guint frames;
    guint incoming;
    guint64 last_number;
} Count;

static void count_frame(const SimTapFrame *frame, gpointer data)
{
    Count *count = data;
    count->frames++;
    count->incoming += frame->is_incoming;
    count->last_number = frame->number;
}

static void test_taps(void **state)
{
    (void)state;
    SimWorld *world = sim_world_new(1);
    SimInternet *internet = sim_internet_new(world);
    SimNetwork *near = sim_internet_network(internet, "crepes.fr");
    SimNetwork *far = sim_internet_network(internet, "hamburger.edu");
    SimHost *alice = sim_network_host(near, "alice");
    SimHost *bob = sim_network_host(far, "bob");
    Line line = {
        .world = world,
        .right = bob,
        .arrivals = g_array_new(FALSE, FALSE, sizeof(SimTime)),
        .order = g_string_new(NULL),
    };
    line.from = sim_udp_open(alice, NULL, 0, &handlers, &line);
    sim_udp_open(bob, NULL, 53, &handlers, &line);
    send_one(&line, 'a', 10);
    sim_world_run(world, SIM_TIME_NEVER);
    Count whole = {0};
    Count backbone = {0};
    Count at_bob = {0};
    Count at_router = {0};
    SimTap *whole_tap = sim_tap_world(world, count_frame, &whole);
    sim_tap_link(sim_internet_backbone(internet), count_frame, &backbone);
    sim_tap_host(bob, count_frame, &at_bob);
    sim_tap_host(sim_network_router(far), count_frame, &at_router);
    send_one(&line, 'b', 10);
    sim_world_run(world, SIM_TIME_NEVER);
    assert_int_equal(whole.frames, 1);
    assert_int_equal(backbone.frames, 1);
    assert_int_equal(at_bob.frames, 1);
    assert_int_equal(at_bob.incoming, 1);
    assert_int_equal(at_router.frames, 2);
    assert_int_equal(at_router.incoming, 1);
    assert_int_equal(at_bob.last_number, whole.last_number);
    sim_tap_remove(whole_tap);
    send_one(&line, 'c', 10);
    sim_world_run(world, SIM_TIME_NEVER);
    assert_int_equal(whole.frames, 1);
    assert_int_equal(at_bob.frames, 2);
    assert_string_equal(line.order->str, "abc");
    sim_world_free(world);
    g_array_unref(line.arrivals);
    g_string_free(line.order, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rate_and_delay),
        cmocka_unit_test(test_queue_limit),
        cmocka_unit_test(test_jitter_keeps_order),
        cmocka_unit_test(test_luck),
        cmocka_unit_test(test_reordering),
        cmocka_unit_test(test_down),
        cmocka_unit_test(test_filter),
        cmocka_unit_test(test_taps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
