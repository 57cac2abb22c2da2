#include "tests/support/frame-builder.h"
#include "tests/support/test.h"

#include "dissect/packet/checksum.h"
#include "dissect/packet/packet-decoder.h"
#include "protocol/network/internet-checksum.h"

static CaptureFrame frame_of(const GByteArray *octets)
{
    return (CaptureFrame){
        .number = 5,
        .time_ns = 77,
        .link_type = 1,
        .captured_length = octets->len,
        .original_length = octets->len,
        .data = octets->data,
    };
}

static GByteArray *build(ByteSpan payload, ByteSpan options)
{
    FrameSegment segment = {
        .source_port = 4000,
        .destination_port = 25,
        .sequence = 0xdeadbeef,
        .acknowledgement = 0xcafe,
        .flags = TCP_FLAG_ACK | TCP_FLAG_URG,
        .window = 512,
        .urgent = 3,
        .options = options,
        .payload = payload,
    };
    GByteArray *octets = frame_new_tcp(&segment);
    frame_wrap_ethernet(octets, 0x0800);
    return octets;
}

/* The short way for the usual kind of frame and the long one must agree in everything. */
static void test_both_ways_agree(void **state)
{
    (void)state;
    static const guint8 options[12] = {1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2};
    g_autofree char *large = g_strnfill(1400, 'a');
    for (gsize length = 0; length <= 1400; length += 7) {
        g_autoptr(GByteArray) octets = build(
            byte_span(large, length), byte_span(options, length % 2 == 0 ? sizeof options : 0)
        );
        if (length % 3 == 0) {
            g_byte_array_append(octets, (const guint8 *)"padding", 7);
        }
        if (length % 5 == 0) {
            octets->data[30] ^= 1; /* spoils both checksums */
        }
        g_autoptr(PacketDecoder) decoder = packet_decoder_new(NULL);
        CaptureFrame frame = frame_of(octets);
        Packet packets[2];
        memset(packets, 0, sizeof packets);
        packet_decoder_decode(decoder, &frame, &packets[0]);
        packet_decoder_decode_closely(decoder, &frame, &packets[1]);
        assert_memory_equal(&packets[0], &packets[1], G_STRUCT_OFFSET(Packet, layers));
        assert_int_equal(packets[0].kind, PACKET_TCP);
        assert_int_equal(packets[0].payload.length, length);
        for (guint32 i = 0; i < packets[0].layer_count; i++) {
            assert_int_equal(packets[0].layers[i].kind, packets[1].layers[i].kind);
            assert_int_equal(packets[0].layers[i].detail, packets[1].layers[i].detail);
            assert_int_equal(packets[0].layers[i].offset, packets[1].layers[i].offset);
            assert_int_equal(packets[0].layers[i].length, packets[1].layers[i].length);
        }
    }
}

static void test_tcp_header(void **state)
{
    (void)state;
    g_autoptr(GByteArray) octets = build(BYTE_SPAN_LITERAL("abc"), BYTE_SPAN_EMPTY);
    g_autoptr(PacketDecoder) decoder = packet_decoder_new(NULL);
    CaptureFrame frame = frame_of(octets);
    Packet packet;
    packet_decoder_decode(decoder, &frame, &packet);
    assert_int_equal(packet.tcp_sequence, 0xdeadbeef);
    assert_int_equal(packet.tcp_acknowledgement, 0xcafe);
    assert_int_equal(packet.tcp_window, 512);
    assert_int_equal(packet.tcp_urgent, 3);
    char text[PACKET_FLAGS_TEXT_SIZE];
    assert_string_equal(packet_flags_format(packet.tcp_flags, text), "ACK, URG");
    assert_string_equal(packet_flags_format(0xff, text), "FIN, SYN, RST, PSH, ACK, URG, ECE, CWR");
    char address[PACKET_ADDRESS_TEXT_SIZE];
    assert_string_equal(packet_address_format(&packet.source, address), "10.0.0.1");
    octets->data[14 + 20 + 12] = 0x40;
    packet_decoder_decode(decoder, &frame, &packet);
    assert_int_equal(packet.problem, PACKET_PROBLEM_TCP_HEADER);
    octets->data[14 + 20 + 12] = 0xf0;
    packet_decoder_decode(decoder, &frame, &packet);
    assert_int_equal(packet.problem, PACKET_PROBLEM_TCP_HEADER);
}

static void test_checksum_verdicts(void **state)
{
    (void)state;
    g_autoptr(GByteArray) octets = build(BYTE_SPAN_LITERAL("abc"), BYTE_SPAN_EMPTY);
    g_autoptr(PacketDecoder) decoder = packet_decoder_new(NULL);
    CaptureFrame frame = frame_of(octets);
    Packet packet;
    packet_decoder_decode(decoder, &frame, &packet);
    assert_int_equal(packet.checksum, CHECKSUM_GOOD);
    assert_int_equal(packet.ip_checksum, CHECKSUM_GOOD);

    enum {
        FIELD = 14 + 20 + 16
    };

    frame_put16(octets, FIELD, 0);
    packet_decoder_decode(decoder, &frame, &packet);
    assert_int_equal(packet.checksum, CHECKSUM_OFFLOADED);
    guint16 partial =
        internet_checksum_fold(checksum_pseudo_header(&packet.source, &packet.destination, 6, 23));
    memcpy(octets->data + FIELD, &partial, sizeof partial);
    packet_decoder_decode(decoder, &frame, &packet);
    assert_int_equal(packet.checksum, CHECKSUM_OFFLOADED);
    octets->data[FIELD] ^= 0x10;
    octets->data[14 + 10] ^= 0x10;
    packet_decoder_decode(decoder, &frame, &packet);
    assert_int_equal(packet.checksum, CHECKSUM_BAD);
    assert_int_equal(packet.ip_checksum, CHECKSUM_BAD);
    assert_int_equal(packet.kind, PACKET_TCP);
    assert_span(packet.payload, "abc");
    const PacketStatistics *statistics = packet_decoder_statistics(decoder);
    assert_int_equal(statistics->checksums_good, 1);
    assert_int_equal(statistics->checksums_offloaded, 2);
    assert_int_equal(statistics->checksums_bad, 1);
    assert_int_equal(statistics->first_bad_checksum, 5);
    assert_int_equal(statistics->first_offloaded_checksum, 5);
}

static void test_checksums_left_alone(void **state)
{
    (void)state;
    g_autoptr(GByteArray) octets = build(BYTE_SPAN_LITERAL("abc"), BYTE_SPAN_EMPTY);
    PacketDecoderOptions options = packet_decoder_default_options();
    options.verifies_checksums = false;
    g_autoptr(PacketDecoder) decoder = packet_decoder_new(&options);
    CaptureFrame frame = frame_of(octets);
    Packet packet;
    packet_decoder_decode(decoder, &frame, &packet);
    assert_int_equal(packet.checksum, CHECKSUM_NOT_CHECKED);
    assert_int_equal(packet.ip_checksum, CHECKSUM_NOT_CHECKED);
}

/* The sum in blocks against one octet at a time, at every length and alignment. */
static void test_sum(void **state)
{
    (void)state;
    guint8 octets[300];
    for (gsize i = 0; i < sizeof octets; i++) {
        octets[i] = (guint8)(i * 37 + 11);
    }
    for (gsize start = 0; start < 9; start++) {
        for (gsize length = 0; length < 280; length++) {
            guint32 expected = 0;
            for (gsize i = 0; i < length; i++) {
                expected += i % 2 == 0 ? (guint32)octets[start + i] << 8 : octets[start + i];
                expected = (expected & 0xffff) + (expected >> 16);
            }
            guint16 sum = GUINT16_FROM_BE(
                internet_checksum_fold(internet_checksum_add(0, octets + start, length))
            );
            assert_int_equal(sum % 0xffff, expected % 0xffff);
        }
    }
}

static void test_udp(void **state)
{
    (void)state;
    FrameSegment segment = {
        .source_port = 5353, .destination_port = 53, .payload = BYTE_SPAN_LITERAL("question")};
    g_autoptr(GByteArray) octets = frame_new_udp(&segment);
    frame_wrap_ethernet(octets, 0x0800);
    g_autoptr(PacketDecoder) decoder = packet_decoder_new(NULL);
    CaptureFrame frame = frame_of(octets);
    Packet packet;
    packet_decoder_decode(decoder, &frame, &packet);
    assert_int_equal(packet.kind, PACKET_UDP);
    assert_int_equal(packet.checksum, CHECKSUM_GOOD);
    assert_span(packet.payload, "question");

    enum {
        UDP = 14 + 20
    };

    frame_put16(octets, UDP + 6, 0);
    packet_decoder_decode(decoder, &frame, &packet);
    assert_int_equal(packet.checksum, CHECKSUM_ABSENT);
    frame_put16(octets, UDP + 4, 12);
    packet_decoder_decode(decoder, &frame, &packet);
    assert_span(packet.payload, "ques");
    frame_put16(octets, UDP + 4, 7);
    packet_decoder_decode(decoder, &frame, &packet);
    assert_int_equal(packet.problem, PACKET_PROBLEM_UDP_LENGTH);
    frame_put16(octets, UDP + 4, 17);
    packet_decoder_decode(decoder, &frame, &packet);
    assert_int_equal(packet.problem, PACKET_PROBLEM_UDP_LENGTH);
}

static void test_tcp_options(void **state)
{
    (void)state;
    static const guint8 usual[] = {2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 8, 1, 3, 3, 20};
    TcpOptions options;
    packet_read_tcp_options(byte_span(usual, sizeof usual), &options);
    assert_true(options.has_maximum_segment);
    assert_int_equal(options.maximum_segment, 1460);
    assert_true(options.permits_selective);
    assert_int_equal(options.timestamp, 9);
    assert_int_equal(options.timestamp_echo, 8);
    assert_true(options.has_window_scale);
    assert_int_equal(options.window_scale, 14);
    static const guint8 selective[] = {5, 10, 0, 0, 0, 1, 0, 0, 0, 2, 0, 9};
    packet_read_tcp_options(byte_span(selective, sizeof selective), &options);
    assert_int_equal(options.selective_count, 1);
    assert_int_equal(options.selective[1], 2);
    /* Lengths that lead nowhere end the reading. */
    static const guint8 broken[][4] = {
        {2, 0, 5, 180}, {2, 1, 5, 180}, {2, 5, 5, 180}, {1, 1, 1, 2}};
    for (gsize i = 0; i < G_N_ELEMENTS(broken); i++) {
        packet_read_tcp_options(byte_span(broken[i], sizeof broken[i]), &options);
        assert_false(options.has_maximum_segment);
    }
}

static void test_addresses(void **state)
{
    (void)state;

    static const struct {
        guint8 octets[16];
        const char *text;
    } cases[] = {
        {.octets = {0}, .text = "::"},
        {.octets = {[15] = 1}, .text = "::1"},
        {.octets = {0x20, 0x01, 0x0d, 0xb8, [15] = 1}, .text = "2001:db8::1"},
        {.octets = {0x20, 0x01, 0, 0, 0, 0, 0, 1, [15] = 1}, .text = "2001:0:0:1::1"},
        {.octets = {0, 1, 0, 0, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7}, .text = "1:0:2:3:4:5:6:7"},
        {.octets = {0xfe, 0x80}, .text = "fe80::"},
        {
            .octets =
                {0xff,
                 0xff,
                 0xff,
                 0xff,
                 0xff,
                 0xff,
                 0xff,
                 0xff,
                 0xff,
                 0xff,
                 0xff,
                 0xff,
                 0xff,
                 0xff,
                 0xff,
                 0xff},
            .text = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        PacketAddress address = {.version = 6};
        memcpy(address.octets, cases[i].octets, sizeof address.octets);
        char text[PACKET_ADDRESS_TEXT_SIZE];
        assert_string_equal(packet_address_format(&address, text), cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways_agree),
        cmocka_unit_test(test_tcp_header),
        cmocka_unit_test(test_checksum_verdicts),
        cmocka_unit_test(test_checksums_left_alone),
        cmocka_unit_test(test_sum),
        cmocka_unit_test(test_udp),
        cmocka_unit_test(test_tcp_options),
        cmocka_unit_test(test_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
