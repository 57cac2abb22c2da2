#include "tests/support/frame-builder.h"
#include "tests/support/test.h"

#include "dissect/packet/packet-decoder.h"

/* Lengths, options, extension headers and fragments of both versions of IP. */

static const char text[] = "MAIL FROM:<alice@crepes.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\n";

static FrameSegment segment_of(bool is_ipv6)
{
    return (FrameSegment){
        .source = is_ipv6 ? "2001:db8::1" : "10.0.0.1",
        .destination = is_ipv6 ? "2001:db8::2" : "10.0.0.2",
        .source_port = 4000,
        .destination_port = 25,
        .sequence = 1000,
        .flags = TCP_FLAG_ACK,
        .payload = byte_span_from_string(text),
    };
}

typedef struct {
    PacketDecoder *decoder;
    CaptureFrame frame;
    Packet packet;
} Bench;

static void decode(Bench *bench, const GByteArray *octets)
{
    bench->frame = (CaptureFrame){
        .number = bench->frame.number + 1,
        .time_ns = bench->frame.time_ns + 1000000,
        .link_type = 12,
        .captured_length = octets->len,
        .original_length = octets->len,
        .data = octets->data,
    };
    packet_decoder_decode(bench->decoder, &bench->frame, &bench->packet);
}

static Packet decode_once(const GByteArray *octets)
{
    Bench bench = {.decoder = packet_decoder_new(NULL)};
    decode(&bench, octets);
    packet_decoder_free(bench.decoder);
    return bench.packet;
}

static void assert_whole(const Packet *packet)
{
    assert_int_equal(packet->kind, PACKET_TCP);
    assert_int_equal(packet->checksum, CHECKSUM_GOOD);
    assert_int_equal(packet->tcp_sequence, 1000);
    assert_span(packet->payload, text);
}

static void test_ipv4_options(void **state)
{
    (void)state;
    FrameSegment segment = segment_of(false);
    g_autoptr(GByteArray) octets = frame_new_bare_tcp(&segment);
    const guint8 options[8] = {0x94, 4, 0, 0, 1, 1, 1, 0};
    frame_wrap(octets, options, sizeof options);
    frame_wrap_ipv4(octets, "10.0.0.1", "10.0.0.2", 6);
    octets->data[0] = 0x47;
    frame_mend_ipv4(octets, 0);
    Packet packet = decode_once(octets);
    assert_whole(&packet);
    assert_int_equal(packet.ip_checksum, CHECKSUM_GOOD);
    assert_int_equal(packet.layers[1].length, 28);
}

static void test_ipv4_lengths(void **state)
{
    (void)state;

    static const struct {
        guint16 total;
        guint8 first;
        PacketKind kind;
        PacketProblem problem;
    } cases[] = {
        {.total = 0, .first = 0x45, .kind = PACKET_TCP}, /* left to the card */
        {.total = 39, .first = 0x45, .kind = PACKET_BROKEN, .problem = PACKET_PROBLEM_TCP_HEADER},
        {.total = 19, .first = 0x45, .kind = PACKET_BROKEN, .problem = PACKET_PROBLEM_TOTAL_LENGTH},
        {.total = 98,
         .first = 0x44,
         .kind = PACKET_BROKEN,
         .problem = PACKET_PROBLEM_HEADER_LENGTH},
        {.total = 30, .first = 0x4f, .kind = PACKET_BROKEN, .problem = PACKET_PROBLEM_TOTAL_LENGTH},
        {.total = 2000, .first = 0x45, .kind = PACKET_TCP, .problem = PACKET_PROBLEM_SHORT_FRAME},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FrameSegment segment = segment_of(false);
        g_autoptr(GByteArray) octets = frame_new_tcp(&segment);
        frame_put16(octets, 2, cases[i].total);
        octets->data[0] = cases[i].first;
        Packet packet = decode_once(octets);
        assert_int_equal(packet.kind, cases[i].kind);
        assert_int_equal(packet.problem, cases[i].problem);
        if (packet.kind == PACKET_TCP) {
            assert_span(packet.payload, text);
        }
    }
}

/* A frame of its own length is left alone; a shorter total length cuts what a link padded. */
static void test_total_length_rules(void **state)
{
    (void)state;
    FrameSegment segment = segment_of(false);
    g_autoptr(GByteArray) octets = frame_new_tcp(&segment);
    static const guint8 padding[30];
    g_byte_array_append(octets, padding, sizeof padding);
    Packet packet = decode_once(octets);
    assert_whole(&packet);
    assert_int_equal(packet.missing_tail, 0);
}

static void put_extension(GByteArray *octets, guint8 next, const char *content, gsize length)
{
    guint8 header[64] = {next, (guint8)((length + 2 + 7) / 8 - 1)};
    memcpy(header + 2, content, length);
    frame_wrap(octets, header, (gsize)(header[1] + 1) * 8);
}

static void test_ipv6_extension_headers(void **state)
{
    (void)state;
    FrameSegment segment = segment_of(true);
    g_autoptr(GByteArray) octets = frame_new_bare_tcp(&segment);
    put_extension(octets, 6, "\1\4\0\0\0\0", 6); /* destination options */
    const guint8 authentication[12] = {60, 1};   /* counts in fours beyond two */
    frame_wrap(octets, authentication, sizeof authentication);
    const guint8 atomic[8] = {51, 0, 0, 0, 0, 0, 0, 9}; /* a fragment that is everything */
    frame_wrap(octets, atomic, sizeof atomic);
    put_extension(octets, 44, "\5\2\0\0\1\0", 6); /* hop by hop */
    frame_wrap_ipv6(octets, "2001:db8::1", "2001:db8::2", 0);
    Packet packet = decode_once(octets);
    assert_whole(&packet);
    assert_int_equal(packet.layer_count, 8);
    assert_int_equal(packet.piece_count, 0);
}

/* RFC 8200 §8.1: the checksum is made with the last address of the route. */
static void test_ipv6_route(void **state)
{
    (void)state;
    FrameSegment segment = segment_of(true);
    g_autoptr(GByteArray) octets = frame_new_bare_tcp(&segment);
    guint8 route[24] = {6, 2, 2, 1, 0, 0, 0, 0, 0x20, 0x01, 0x0d, 0xb8, [23] = 2};
    frame_wrap(octets, route, sizeof route);
    frame_wrap_ipv6(octets, "2001:db8::1", "2001:db8::99", 43);
    Packet packet = decode_once(octets);
    assert_whole(&packet);
}

static void test_jumbogram(void **state)
{
    (void)state;
    g_autofree guint8 *large = g_malloc(70000);
    memset(large, 'x', 70000);
    FrameSegment segment = segment_of(true);
    segment.payload = byte_span(large, 70000);
    g_autoptr(GByteArray) octets = frame_new_bare_tcp(&segment);
    guint32 length = octets->len + 8;
    const guint8 jumbo[8] = {
        6,
        0,
        0xc2,
        4,
        (guint8)(length >> 24),
        (guint8)(length >> 16),
        (guint8)(length >> 8),
        (guint8)length};
    frame_wrap(octets, jumbo, sizeof jumbo);
    frame_wrap_ipv6(octets, "2001:db8::1", "2001:db8::2", 0);
    frame_put16(octets, 4, 0);
    g_byte_array_append(octets, (const guint8 *)"padding", 7);
    Packet packet = decode_once(octets);
    assert_int_equal(packet.kind, PACKET_TCP);
    assert_int_equal(packet.payload.length, 70000);
}

static void test_large_segment_without_length(void **state)
{
    (void)state;
    FrameSegment segment = segment_of(true);
    g_autoptr(GByteArray) octets = frame_new_tcp(&segment);
    frame_put16(octets, 4, 0);
    Packet packet = decode_once(octets);
    assert_whole(&packet);
}

/* All orders of four fragments; only the last to come completes the datagram. */
static void test_fragments_in_every_order(void **state)
{
    (void)state;
    for (guint family = 0; family < 2; family++) {
        FrameSegment segment = segment_of(family == 1);
        g_autoptr(GByteArray) whole = frame_new_tcp(&segment);
        GByteArray *parts[4];
        for (guint i = 0; i < 4; i++) {
            guint length = i == 3 ? 1000 : 24;
            parts[i] = family == 0 ? frame_new_ipv4_fragment(whole, 7, i * 24, length)
                                   : frame_new_ipv6_fragment(whole, 7, i * 24, length);
        }
        Bench bench = {.decoder = packet_decoder_new(NULL)};
        guint orders = 0;
        for (guint number = 0; number < 256; number++) {
            guint order[4] = {number & 3, number >> 2 & 3, number >> 4 & 3, number >> 6};
            guint seen = 1u << order[0] | 1u << order[1] | 1u << order[2] | 1u << order[3];
            if (seen != 15) {
                continue;
            }
            orders++;
            for (guint i = 0; i < 3; i++) {
                decode(&bench, parts[order[i]]);
                assert_int_equal(bench.packet.kind, PACKET_FRAGMENT);
            }
            guint64 last = bench.frame.number + 1;
            decode(&bench, parts[order[3]]);
            assert_whole(&bench.packet);
            /* The first fragment holds little more than the TCP header. */
            assert_int_equal(bench.packet.piece_count, 4);
            bool has_last = false;
            for (guint i = 0; i < 4; i++) {
                has_last |= bench.packet.pieces[i].frame == last;
            }
            assert_true(has_last);
            assert_int_equal(bench.packet.pieces[0].offset, 0);
            assert_int_equal(bench.packet.pieces[0].length, 4);
        }
        assert_int_equal(orders, 24);
        assert_int_equal(packet_decoder_statistics(bench.decoder)->datagrams_reassembled, 24);
        packet_decoder_free(bench.decoder);
        for (guint i = 0; i < 4; i++) {
            g_byte_array_unref(parts[i]);
        }
    }
}

typedef struct {
    guint counts[FRAGMENT_INVALID + 1];
    FragmentEvent last;
} Events;

static void on_fragment(gpointer owner, const FragmentEvent *event)
{
    Events *events = owner;
    events->counts[event->kind]++;
    events->last = *event;
}

static Bench bench_with_events(Events *events, gsize datagrams)
{
    PacketDecoderOptions options = packet_decoder_default_options();
    options.fragment_event = on_fragment;
    options.owner = events;
    options.fragment_datagrams = datagrams;
    return (Bench){.decoder = packet_decoder_new(&options)};
}

static void test_overlapping_fragments(void **state)
{
    (void)state;
    FrameSegment segment = segment_of(false);
    g_autoptr(GByteArray) whole = frame_new_tcp(&segment);
    g_autoptr(GByteArray) first = frame_new_ipv4_fragment(whole, 9, 0, 40);
    g_autoptr(GByteArray) same = frame_new_ipv4_fragment(whole, 9, 24, 32);
    g_autoptr(GByteArray) other = frame_new_ipv4_fragment(whole, 9, 48, 16);
    g_autoptr(GByteArray) last = frame_new_ipv4_fragment(whole, 9, 16, 1000);
    other->data[20] ^= 0x20;
    Events events = {0};
    Bench bench = bench_with_events(&events, 10);
    decode(&bench, first);
    decode(&bench, same);
    assert_int_equal(events.counts[FRAGMENT_OVERLAP_EQUAL], 1);
    decode(&bench, other);
    assert_int_equal(events.counts[FRAGMENT_OVERLAP_DIFFERENT], 1);
    assert_int_equal(events.last.octets, 8);
    decode(&bench, last);
    assert_whole(&bench.packet); /* what came first stands */
    packet_decoder_free(bench.decoder);
}

static void test_incomplete_datagrams(void **state)
{
    (void)state;
    FrameSegment segment = segment_of(false);
    g_autoptr(GByteArray) whole = frame_new_tcp(&segment);
    Events events = {0};
    Bench bench = bench_with_events(&events, 4);
    for (guint16 number = 1; number <= 5; number++) {
        g_autoptr(GByteArray) part = frame_new_ipv4_fragment(whole, number, 24, 24);
        decode(&bench, part);
    }
    assert_int_equal(events.counts[FRAGMENT_GIVEN_UP], 1);
    assert_int_equal(events.last.identification, 1);
    assert_int_equal(events.last.missing, 24);
    bench.frame.time_ns += G_GINT64_CONSTANT(31000000000);
    g_autoptr(GByteArray) late = frame_new_ipv4_fragment(whole, 6, 0, 24);
    decode(&bench, late);
    assert_int_equal(events.counts[FRAGMENT_TIMED_OUT], 4);
    packet_decoder_finish(bench.decoder);
    assert_int_equal(events.counts[FRAGMENT_INCOMPLETE], 1);
    assert_int_equal(packet_decoder_statistics(bench.decoder)->datagrams_incomplete, 6);
    packet_decoder_free(bench.decoder);
}

static void test_impossible_fragments(void **state)
{
    (void)state;
    FrameSegment segment = segment_of(false);
    g_autoptr(GByteArray) whole = frame_new_tcp(&segment);
    Events events = {0};
    Bench bench = bench_with_events(&events, 4);
    g_autoptr(GByteArray) odd = frame_new_ipv4_fragment(whole, 1, 0, 21);
    decode(&bench, odd);
    assert_int_equal(bench.packet.problem, PACKET_PROBLEM_FRAGMENT);
    g_autoptr(GByteArray) far = frame_new_ipv4_fragment(whole, 1, 0, 1000);
    frame_put16(far, 6, 0x1fff);
    decode(&bench, far);
    assert_int_equal(bench.packet.problem, PACKET_PROBLEM_FRAGMENT);
    g_autoptr(GByteArray) end = frame_new_ipv4_fragment(whole, 2, 24, 1000);
    decode(&bench, end);
    g_autoptr(GByteArray) other_end = frame_new_ipv4_fragment(whole, 2, 24, 24);
    frame_put16(other_end, 6, 3);
    decode(&bench, other_end);
    assert_int_equal(events.counts[FRAGMENT_INVALID], 1);
    packet_decoder_free(bench.decoder);
}

/* A fragment that the snapshot length cut: the datagram is there up to the cut. */
static void test_cut_fragment(void **state)
{
    (void)state;
    FrameSegment segment = segment_of(false);
    g_autoptr(GByteArray) whole = frame_new_tcp(&segment);
    g_autoptr(GByteArray) first = frame_new_ipv4_fragment(whole, 3, 0, 48);
    g_autoptr(GByteArray) last = frame_new_ipv4_fragment(whole, 3, 48, 1000);
    Bench bench = {.decoder = packet_decoder_new(NULL)};
    bench.frame = (CaptureFrame){
        .link_type = 12,
        .captured_length = first->len - 8,
        .original_length = first->len,
        .data = first->data,
    };
    packet_decoder_decode(bench.decoder, &bench.frame, &bench.packet);
    decode(&bench, last);
    assert_int_equal(bench.packet.kind, PACKET_TCP);
    assert_int_equal(bench.packet.payload.length, 20);
    assert_int_equal(bench.packet.missing_tail, strlen(text) - 20);
    assert_int_equal(bench.packet.checksum, CHECKSUM_NOT_CHECKED);
    packet_decoder_free(bench.decoder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ipv4_options),
        cmocka_unit_test(test_ipv4_lengths),
        cmocka_unit_test(test_total_length_rules),
        cmocka_unit_test(test_ipv6_extension_headers),
        cmocka_unit_test(test_ipv6_route),
        cmocka_unit_test(test_jumbogram),
        cmocka_unit_test(test_large_segment_without_length),
        cmocka_unit_test(test_fragments_in_every_order),
        cmocka_unit_test(test_overlapping_fragments),
        cmocka_unit_test(test_incomplete_datagrams),
        cmocka_unit_test(test_impossible_fragments),
        cmocka_unit_test(test_cut_fragment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
