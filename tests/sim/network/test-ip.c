#include "tests/sim/network/pair.h"

#include "sim/network/checksum.h"
#include "sim/network/host-private.h"
#include "sim/network/icmp.h"
#include "sim/network/udp.h"

/* Datagrams across two routers: addresses found, pieces cut and joined, errors reported.
 *
 *     alice ── left ── r1 ── middle ── r2 ── right ── bob */

typedef struct {
    SimWorld *world;
    SimInternet *internet;
    SimHost *alice;
    SimHost *bob;
    SimUdp *alice_socket;
    SimUdp *bob_socket;
    GString *notes;
    GByteArray *got;
    bool bob_answers;
    Capture capture;
} Net;

static void alice_received(
    SimUdp *udp, const SimAddress *from, guint16 from_port, ByteSpan octets, gpointer data
)
{
    (void)udp;
    Net *net = data;
    char text[SIM_ADDRESS_TEXT_SIZE];
    g_string_append_printf(
        net->notes, "%s:%u %zu ", sim_address_format(from, text), from_port, octets.length
    );
}

static void alice_unreachable(
    SimUdp *udp, const SimAddress *to, guint16 to_port, SimUnreachable reason, gpointer data
)
{
    (void)udp;
    (void)to;
    static const char *const names[] = {"network", "host", "port", "prohibited", "big", "time"};
    Net *net = data;
    g_string_append_printf(net->notes, "unreachable %u: %s ", to_port, names[reason]);
}

static void
bob_received(SimUdp *udp, const SimAddress *from, guint16 from_port, ByteSpan octets, gpointer data)
{
    Net *net = data;
    g_byte_array_append(net->got, octets.data, (guint)octets.length);
    if (net->bob_answers) {
        assert_true(sim_udp_send_from(udp, sim_udp_received_at(udp), from, from_port, octets));
    }
}

static const SimUdpHandlers alice_handlers = {
    .received = alice_received,
    .unreachable = alice_unreachable,
};

static const SimUdpHandlers bob_handlers = {.received = bob_received};

static void net_init(Net *net)
{
    *net = (Net){
        .world = sim_world_new(3),
        .notes = g_string_new(NULL),
        .got = g_byte_array_new(),
    };
    capture_init(&net->capture, net->world);
    net->internet = sim_internet_new(net->world);
    net->alice = sim_network_host(sim_internet_network(net->internet, "crepes.fr"), "alice");
    net->bob = sim_network_host(sim_internet_network(net->internet, "hamburger.edu"), "bob");
    net->alice_socket = sim_udp_open(net->alice, NULL, 0, &alice_handlers, net);
    net->bob_socket = sim_udp_open(net->bob, NULL, 53, &bob_handlers, net);
}

static void net_clear(Net *net, const char *name)
{
    sim_world_free(net->world);
    g_string_free(net->notes, TRUE);
    g_byte_array_unref(net->got);
    capture_clear(&net->capture, name);
}

static bool send_to_bob(Net *net, SimFamily family, guint16 port, gsize length)
{
    g_autofree guint8 *octets = g_malloc0(length + 1);
    for (gsize i = 0; i < length; i++) {
        octets[i] = (guint8)(i * 31 >> 2);
    }
    const SimAddress *to = sim_host_address(net->bob, family);
    bool is_sent = sim_udp_send(net->alice_socket, to, port, byte_span(octets, length));
    sim_world_run(net->world, SIM_TIME_NEVER);
    return is_sent;
}

static void set_middle_mtu(Net *net, guint16 mtu)
{
    SimLinkSettings settings = *sim_link_settings(sim_internet_backbone(net->internet));
    settings.mtu = mtu;
    sim_internet_set_backbone(net->internet, &settings);
}

static void test_datagram(void **state)
{
    (void)state;
    static const SimFamily families[] = {SIM_FAMILY_IPV4, SIM_FAMILY_IPV6};
    for (gsize i = 0; i < G_N_ELEMENTS(families); i++) {
        Net net;
        net_init(&net);
        net.bob_answers = true;
        assert_true(send_to_bob(&net, families[i], 53, 100));
        assert_int_equal(net.got->len, 100);
        char address[SIM_ADDRESS_TEXT_SIZE];
        sim_address_format(sim_host_address(net.bob, families[i]), address);
        g_autofree char *expected = g_strdup_printf("%s:53 100 ", address);
        assert_string_equal(net.notes->str, expected);
        /* Each side asks once for the neighbour it needs; routers know each other. */
        assert_int_equal(frame_log_count(net.capture.log), 6);
        assert_true(send_to_bob(&net, families[i], 53, 0));
        assert_int_equal(frame_log_count(net.capture.log), 8);
        net_clear(&net, families[i] == SIM_FAMILY_IPV4 ? "datagram-4" : "datagram-6");
    }
}

static void test_fragments(void **state)
{
    (void)state;

    static const struct {
        SimFamily family;
        gsize length;
        guint16 mtu;
        const char *name;
    } rows[] = {
        {.family = SIM_FAMILY_IPV4, .length = 4000, .mtu = 1500, .name = "fragments-4"},
        {.family = SIM_FAMILY_IPV6, .length = 4000, .mtu = 1500, .name = "fragments-6"},
        {.family = SIM_FAMILY_IPV4, .length = 65507, .mtu = 1500, .name = "fragments-most"},
        {.family = SIM_FAMILY_IPV6, .length = 65507, .mtu = 1500, .name = "fragments-most-6"},
        {.family = SIM_FAMILY_IPV4, .length = 1400, .mtu = 576, .name = "fragments-by-router"},
        {.family = SIM_FAMILY_IPV4, .length = 4000, .mtu = 68, .name = "fragments-of-fragments"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        Net net;
        net_init(&net);
        set_middle_mtu(&net, rows[i].mtu);
        /* Not all pieces would find room to wait while a neighbour is being asked for. */
        assert_true(send_to_bob(&net, rows[i].family, 53, 0));
        assert_true(send_to_bob(&net, rows[i].family, 53, rows[i].length));
        assert_int_equal(net.got->len, rows[i].length);
        for (guint j = 0; j < net.got->len; j++) {
            assert_int_equal(net.got->data[j], (guint8)(j * 31 >> 2));
        }
        net_clear(&net, rows[i].name);
    }
}

/* IPv6 routers cut nothing: the sender learns, and the next datagram fits. */
static void test_packet_too_big(void **state)
{
    (void)state;
    Net net;
    net_init(&net);
    set_middle_mtu(&net, 1280);
    assert_true(send_to_bob(&net, SIM_FAMILY_IPV6, 53, 1400));
    assert_int_equal(net.got->len, 0);
    assert_string_equal(net.notes->str, "unreachable 53: big ");
    assert_true(send_to_bob(&net, SIM_FAMILY_IPV6, 53, 1400));
    assert_int_equal(net.got->len, 1400);
    net_clear(&net, "packet-too-big");
}

static SimVerdict lose_second_piece(const SimTapFrame *frame, gpointer data)
{
    (void)data;
    const guint8 *octets = frame->octets.data;
    bool is_second = get_16(octets + 12) == 0x0800 && (get_16(octets + 20) & 0x1fff) == 185;
    return is_second ? SIM_VERDICT_LOSE : SIM_VERDICT_PASS;
}

static void test_lost_piece(void **state)
{
    (void)state;
    Net net;
    net_init(&net);
    sim_world_set_filter(net.world, lose_second_piece, NULL);
    SimTime began = sim_world_now(net.world);
    assert_true(send_to_bob(&net, SIM_FAMILY_IPV4, 53, 4000));
    assert_int_equal(net.got->len, 0);
    assert_string_equal(net.notes->str, "unreachable 53: time ");
    assert_int_equal((sim_world_now(net.world) - began) / SIM_SECOND, 60);
    net_clear(&net, "lost-piece");
}

static void test_unreachable_port(void **state)
{
    (void)state;
    static const SimFamily families[] = {SIM_FAMILY_IPV4, SIM_FAMILY_IPV6};
    for (gsize i = 0; i < G_N_ELEMENTS(families); i++) {
        Net net;
        net_init(&net);
        assert_true(send_to_bob(&net, families[i], 54, 100));
        assert_string_equal(net.notes->str, "unreachable 54: port ");
        sim_host_set_port_policy(net.bob, 53, SIM_PORT_REJECT);
        sim_host_set_port_policy(net.bob, 55, SIM_PORT_SILENT);
        assert_true(send_to_bob(&net, families[i], 53, 100));
        assert_true(send_to_bob(&net, families[i], 55, 100));
        assert_string_equal(net.notes->str, "unreachable 54: port unreachable 53: prohibited ");
        net_clear(&net, families[i] == SIM_FAMILY_IPV4 ? "port-4" : "port-6");
    }
}

static void test_unreachable_host_and_network(void **state)
{
    (void)state;
    Net net;
    net_init(&net);
    SimAddress address = *sim_host_address(net.bob, SIM_FAMILY_IPV4);
    address.octets[3] = 77; /* in Bob's network, but nobody's */
    ByteSpan octets = BYTE_SPAN_LITERAL("hello");
    assert_true(sim_udp_send(net.alice_socket, &address, 53, octets));
    sim_world_run(net.world, SIM_TIME_NEVER);
    assert_string_equal(net.notes->str, "unreachable 53: host ");
    SimAddress nowhere = sim_address_ipv4(9, 9, 9, 9);
    assert_true(sim_udp_send(net.alice_socket, &nowhere, 53, octets));
    sim_world_run(net.world, SIM_TIME_NEVER);
    assert_string_equal(net.notes->str, "unreachable 53: host unreachable 53: network ");
    net_clear(&net, "unreachable");
}

static void test_time_to_live(void **state)
{
    (void)state;
    Net net;
    net_init(&net);
    sim_host_set_ttl(net.alice, 1);
    assert_true(send_to_bob(&net, SIM_FAMILY_IPV4, 53, 100));
    sim_host_set_ttl(net.alice, 2);
    assert_true(send_to_bob(&net, SIM_FAMILY_IPV6, 53, 100));
    assert_string_equal(net.notes->str, "unreachable 53: time unreachable 53: time ");
    assert_int_equal(net.got->len, 0);
    sim_host_set_ttl(net.alice, 3);
    assert_true(send_to_bob(&net, SIM_FAMILY_IPV4, 53, 100));
    assert_int_equal(net.got->len, 100);
    net_clear(&net, "time-to-live");
}

static void test_router_down(void **state)
{
    (void)state;
    Net net;
    net_init(&net);
    SimNetwork *far = sim_internet_network(net.internet, "hamburger.edu");
    sim_link_set_up(sim_network_lan(far), false);
    assert_true(send_to_bob(&net, SIM_FAMILY_IPV4, 53, 100));
    assert_string_equal(net.notes->str, "unreachable 53: host ");
    sim_link_set_up(sim_network_lan(far), true);
    assert_true(send_to_bob(&net, SIM_FAMILY_IPV4, 53, 100));
    assert_int_equal(net.got->len, 100);
    sim_host_set_up(sim_network_router(far), false);
    assert_true(send_to_bob(&net, SIM_FAMILY_IPV4, 53, 100));
    assert_int_equal(net.got->len, 100);
    net_clear(&net, "router-down");
}

/* What was learned twenty minutes ago is asked again. */
static void test_neighbours_are_forgotten(void **state)
{
    (void)state;
    Net net;
    net_init(&net);
    assert_true(send_to_bob(&net, SIM_FAMILY_IPV4, 53, 10));
    gsize first = frame_log_count(net.capture.log);
    assert_int_equal(first, 5);
    sim_world_run_until(net.world, sim_world_now(net.world) + 19 * SIM_MINUTE);
    assert_true(send_to_bob(&net, SIM_FAMILY_IPV4, 53, 10));
    assert_int_equal(frame_log_count(net.capture.log), first + 1);
    sim_world_run_until(net.world, sim_world_now(net.world) + 2 * SIM_MINUTE);
    assert_true(send_to_bob(&net, SIM_FAMILY_IPV4, 53, 10));
    assert_int_equal(frame_log_count(net.capture.log), first + 6);
    net_clear(&net, "neighbours-forgotten");
}

static void test_sockets(void **state)
{
    (void)state;
    Net net;
    net_init(&net);
    assert_null(sim_udp_open(net.bob, NULL, 53, &bob_handlers, &net));
    const SimAddress *own = sim_host_address(net.bob, SIM_FAMILY_IPV4);
    SimUdp *bound = sim_udp_open(net.bob, own, 54, &bob_handlers, &net);
    assert_non_null(bound);
    assert_int_equal(sim_udp_port(bound), 54);
    assert_true(send_to_bob(&net, SIM_FAMILY_IPV4, 54, 10));
    assert_int_equal(net.got->len, 10);
    assert_true(send_to_bob(&net, SIM_FAMILY_IPV6, 54, 10));
    assert_int_equal(net.got->len, 10);
    sim_udp_close(bound);
    /* Many at a time, each with a port of its own. */
    GHashTable *ports = g_hash_table_new(NULL, NULL);
    SimUdp *many[500];
    for (gsize i = 0; i < G_N_ELEMENTS(many); i++) {
        many[i] = sim_udp_open(net.bob, NULL, 0, &bob_handlers, &net);
        assert_non_null(many[i]);
        assert_true(g_hash_table_add(ports, GUINT_TO_POINTER(sim_udp_port(many[i]))));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(many); i += 2) {
        sim_udp_close(many[i]);
    }
    assert_true(send_to_bob(&net, SIM_FAMILY_IPV4, sim_udp_port(many[1]), 10));
    assert_int_equal(net.got->len, 20);
    g_hash_table_unref(ports);
    g_autofree guint8 *long_octets = g_malloc0(SIM_UDP_LENGTH_MAX + 1);
    assert_false(
        sim_udp_send(net.alice_socket, own, 53, byte_span(long_octets, SIM_UDP_LENGTH_MAX + 1))
    );
    net_clear(&net, "sockets");
}

static void test_no_family_in_common(void **state)
{
    (void)state;
    Net net;
    net_init(&net);
    g_autoptr(GError) error = NULL;
    SimNetwork *old = sim_internet_add_network(net.internet, "old", "192.88.0.0/24", NULL, &error);
    assert_non_null(old);
    SimHost *carol = sim_network_host(old, "carol");
    assert_null(sim_host_address(carol, SIM_FAMILY_IPV6));
    SimUdp *udp = sim_udp_open(carol, NULL, 0, &alice_handlers, &net);
    const SimAddress *to = sim_host_address(net.bob, SIM_FAMILY_IPV6);
    assert_false(sim_udp_send(udp, to, 53, BYTE_SPAN_LITERAL("x")));
    net_clear(&net, "no-family");
}

/* An echo request made by hand comes back as it should. */
static void test_echo(void **state)
{
    (void)state;
    Net net;
    net_init(&net);
    Frame *frame = ip_frame_new(net.world, SIM_FAMILY_IPV4, 64);
    guint8 *message = ip_payload(frame, SIM_FAMILY_IPV4);
    memset(message, 0, 64);
    message[0] = 8;
    memcpy(message + 8, "are you there", 13);
    IpHeader header = {
        .source = *sim_host_address(net.alice, SIM_FAMILY_IPV4),
        .destination = *sim_host_address(net.bob, SIM_FAMILY_IPV4),
        .protocol = PROTOCOL_ICMP,
    };
    assert_int_equal(ip_send(net.alice, frame, &header, NULL), IP_SENT);
    sim_world_run(net.world, SIM_TIME_NEVER);
    LoggedFrame last = frame_log_get(net.capture.log, frame_log_count(net.capture.log) - 1);
    const guint8 *answer = last.octets.data + ETHERNET_HEADER + IPV4_HEADER;
    assert_int_equal(answer[0], 0);
    assert_memory_equal(answer + 8, "are you there", 13);
    assert_int_equal(checksum_finish(internet_checksum_add(0, answer, 64)), 0);
    net_clear(&net, "echo");
}

/* Whatever octets arrive, a host neither reads past their end nor falls over. */
static void test_any_octets(void **state)
{
    (void)state;
    Net net;
    net_init(&net);
    sim_tcp_listen(net.bob, NULL, 25, NULL, NULL);
    SimRandom random;
    sim_random_init(&random, 11);
    for (guint i = 0; i < 20000; i++) {
        gsize length = ETHERNET_HEADER + (gsize)sim_random_below(&random, 100);
        Frame *frame = frame_new(net.world, length);
        for (gsize j = 0; j < length; j++) {
            frame->octets[j] = (guint8)sim_random_next(&random);
        }
        static const guint16 types[] = {0x0800, 0x86dd, 0x0806, 0x1234};
        put_16(frame->octets + 12, types[i % 4]);
        if (length > ETHERNET_HEADER + 40 && i % 3 != 0) {
            /* Close enough to the truth to get further than the first check. */
            bool is_ipv4 = i % 4 == 0;
            guint8 *ip = frame->octets + ETHERNET_HEADER;
            const SimAddress *to =
                sim_host_address(net.bob, is_ipv4 ? SIM_FAMILY_IPV4 : SIM_FAMILY_IPV6);
            ip[0] = is_ipv4 ? 0x45 : 0x60;
            memcpy(ip + (is_ipv4 ? 16 : 24), to->octets, is_ipv4 ? 4 : 16);
            put_16(ip + (is_ipv4 ? 2 : 4), (guint16)(length - (is_ipv4 ? 14 : 54)));
            static const guint8 protocols[] = {1, 6, 17, 44, 58};
            ip[is_ipv4 ? 9 : 6] = protocols[i % 5];
            ip[is_ipv4 ? 12 : 8] = 0x20;
        }
        host_receive(sim_host_interface(net.bob, 0), frame);
    }
    sim_world_run_until(net.world, sim_world_now(net.world) + SIM_HOUR);
    net.notes->str[0] = '\0';
    net.notes->len = 0;
    g_byte_array_set_size(net.got, 0);
    assert_true(send_to_bob(&net, SIM_FAMILY_IPV4, 53, 100));
    assert_int_equal(net.got->len, 100);
    sim_world_free(net.world);
    g_string_free(net.notes, TRUE);
    g_byte_array_unref(net.got);
    g_unsetenv("MAILWALK_CAPTURES"); /* such octets are nothing for a referee */
    capture_clear(&net.capture, "any-octets");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_datagram),
        cmocka_unit_test(test_fragments),
        cmocka_unit_test(test_packet_too_big),
        cmocka_unit_test(test_lost_piece),
        cmocka_unit_test(test_unreachable_port),
        cmocka_unit_test(test_unreachable_host_and_network),
        cmocka_unit_test(test_time_to_live),
        cmocka_unit_test(test_router_down),
        cmocka_unit_test(test_neighbours_are_forgotten),
        cmocka_unit_test(test_sockets),
        cmocka_unit_test(test_no_family_in_common),
        cmocka_unit_test(test_echo),
        cmocka_unit_test(test_any_octets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
