#include "tests/support/test.h"

#include "sim/loopback/loopback-frames.h"
#include "sim/network/checksum.h"
#include "sim/network/octets.h"

#define ETHERNET 14

/* What a frame says, read here by hand. */
typedef struct {
    bool is_six;
    guint8 protocol;
    guint16 from_port;
    guint16 to_port;
    guint32 sequence;
    guint32 acknowledgement;
    guint8 flags;
    GBytes *payload;
} Seen;

static void clear_seen(gpointer data)
{
    g_bytes_unref(((Seen *)data)->payload);
}

static void check_sums(const guint8 *header, bool is_six, const guint8 *packet, gsize length)
{
    guint64 sum = checksum_add_pseudo_header(
        0, header + (is_six ? 8 : 12), is_six ? 16 : 4, header[is_six ? 6 : 9], length
    );
    assert_int_equal(checksum_finish(internet_checksum_add(sum, packet, length)), 0);
    if (!is_six) {
        assert_int_equal(checksum_finish(internet_checksum_add(0, header, 20)), 0);
    }
}

static void on_frame(SimTime time, ByteSpan octets, gpointer data)
{
    GArray *seen = data;
    const guint8 *header = octets.data + ETHERNET;
    bool is_six = get_16(octets.data + 12) == 0x86dd;
    const guint8 *packet = header + (is_six ? 40 : 20);
    gsize length = octets.length - (gsize)(packet - octets.data);
    bool is_tcp = header[is_six ? 6 : 9] == 6;
    gsize skipped = is_tcp ? (gsize)(packet[12] >> 4) * 4 : 8;
    assert_int_equal(time, 7);
    assert_int_equal(is_six ? get_16(header + 4) : get_16(header + 2) - 20, length);
    check_sums(header, is_six, packet, length);
    Seen row = {
        .is_six = is_six,
        .protocol = header[is_six ? 6 : 9],
        .from_port = get_16(packet),
        .to_port = get_16(packet + 2),
        .sequence = is_tcp ? get_32(packet + 4) : 0,
        .acknowledgement = is_tcp ? get_32(packet + 8) : 0,
        .flags = is_tcp ? packet[13] : 0,
        .payload = g_bytes_new(packet + skipped, length - skipped),
    };
    g_array_append_val(seen, row);
}

typedef struct {
    GArray *seen;
    LoopbackFrames *frames;
    LoopbackPlace client;
    LoopbackPlace server;
} Scene;

static void set_scene(Scene *scene, bool is_six)
{
    const char *address = is_six ? "::1" : "127.0.0.1";
    scene->seen = g_array_new(FALSE, FALSE, sizeof(Seen));
    g_array_set_clear_func(scene->seen, clear_seen);
    scene->frames = loopback_frames_new(on_frame, scene->seen);
    scene->client.port = 40000;
    scene->server.port = 2525;
    assert_true(sim_address_parse(address, &scene->client.address));
    assert_true(sim_address_parse(address, &scene->server.address));
}

static void strike_scene(Scene *scene)
{
    loopback_frames_free(scene->frames);
    g_array_unref(scene->seen);
}

/* Each side's octets in order, every sequence number where the one before left off, and every
 * octet acknowledged before more than two segments are under way. */
static void check_flow(const Scene *scene, GString *said[2])
{
    guint32 next[2] = {0};
    guint waiting[2] = {0};
    for (guint i = 0; i < scene->seen->len; i++) {
        const Seen *seen = &g_array_index(scene->seen, Seen, i);
        bool is_server = seen->from_port == scene->server.port;
        gsize length;
        const char *payload = g_bytes_get_data(seen->payload, &length);
        if ((seen->flags & 2) == 0) {
            assert_int_equal(seen->sequence, next[is_server]);
        }
        if (i > 0) {
            assert_int_equal(seen->acknowledgement, next[!is_server]);
        }
        g_string_append_len(said[is_server], payload, (gssize)length);
        next[is_server] = seen->sequence + (guint32)length + ((seen->flags & 3) != 0);
        waiting[is_server] += length > 0;
        waiting[!is_server] = 0;
        assert_true(waiting[is_server] <= 2);
    }
}

static void test_flow(void **state)
{
    static const gsize lengths[] = {0, 1, 1460, 1461, 2920, 100000};
    (void)state;
    for (gsize i = 0; i < 2 * G_N_ELEMENTS(lengths); i++) {
        Scene scene;
        set_scene(&scene, i % 2 == 1);
        g_autofree char *text = g_strnfill(lengths[i / 2], 'x');
        GString *said[2] = {g_string_new(NULL), g_string_new(NULL)};
        LoopbackFlow *flow = loopback_flow_open(scene.frames, &scene.client, &scene.server, 7);
        assert_int_equal(scene.seen->len, 3);
        loopback_flow_send(flow, true, BYTE_SPAN_LITERAL("220 hello\r\n"), 7);
        loopback_flow_send(flow, false, byte_span_from_string(text), 7);
        loopback_flow_send(flow, true, BYTE_SPAN_LITERAL("250 ok\r\n"), 7);
        loopback_flow_close(flow, true, 7);
        loopback_flow_close(flow, true, 7);
        loopback_flow_send(flow, true, BYTE_SPAN_LITERAL("too late"), 7);
        loopback_flow_close(flow, false, 7);
        loopback_flow_reset(flow, false, 7);
        check_flow(&scene, said);
        assert_string_equal(said[true]->str, "220 hello\r\n250 ok\r\n");
        assert_string_equal(said[false]->str, text);
        g_string_free(said[true], TRUE);
        g_string_free(said[false], TRUE);
        loopback_flow_free(flow);
        strike_scene(&scene);
    }
}

static void test_reset(void **state)
{
    Scene scene;
    (void)state;
    set_scene(&scene, false);
    LoopbackFlow *flow = loopback_flow_open(scene.frames, &scene.client, &scene.server, 7);
    loopback_flow_reset(flow, true, 7);
    loopback_flow_reset(flow, true, 7);
    loopback_flow_close(flow, false, 7);
    assert_int_equal(scene.seen->len, 4);
    assert_int_equal(g_array_index(scene.seen, Seen, 3).flags & 4, 4);
    loopback_flow_free(flow);
    strike_scene(&scene);
}

static void test_datagrams(void **state)
{
    static const gsize lengths[] = {0, 1, 512, 65507, 65508};
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(lengths); i++) {
        Scene scene;
        set_scene(&scene, false);
        g_autofree char *text = g_strnfill(lengths[i], 'x');
        loopback_frames_datagram(
            scene.frames, &scene.client, &scene.server, byte_span_from_string(text), 7
        );
        assert_int_equal(scene.seen->len, lengths[i] <= 65507 ? 1 : 0);
        if (scene.seen->len == 1) {
            const Seen *seen = &g_array_index(scene.seen, Seen, 0);
            assert_int_equal(g_bytes_get_size(seen->payload), lengths[i]);
            assert_int_equal(seen->to_port, 2525);
        }
        strike_scene(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flow),
        cmocka_unit_test(test_reset),
        cmocka_unit_test(test_datagrams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
