#include "tests/support/frame-builder.h"
#include "tests/support/test.h"

#include "dissect/conversation/dissector-pair.h"

/* What two dissectors hear must add up to what one hears. */

#define CONNECTIONS 40

typedef struct {
    guint64 events[DISSECT_CLOSED + 1];
    guint64 said[DIALOGUE_EVENT_MISSING + 1];
    guint64 message_octets;
    guint64 answered; /* in order: an answer knows its command */
} Counts;

typedef struct {
    Counts counts;
    PacketStatistics packets;
    StreamStatistics streams;
} Findings;

static void on_event(gpointer owner, const DissectEvent *event)
{
    Counts *counts = owner;
    counts->events[event->kind]++;
    if (event->kind == DISSECT_DIALOGUE) {
        const DialogueEvent *said = event->dialogue;
        counts->said[said->kind]++;
        counts->answered += event->answers != 0;
        counts->message_octets += said->kind == DIALOGUE_EVENT_MESSAGE_DATA ? said->text.length : 0;
    }
}

static const DissectSink sink = {.event = on_event};

static Findings by_one(const DissectOptions *options, ByteSpan capture)
{
    Findings found = {0};
    g_autoptr(CaptureReader) reader = capture_reader_open_memory(capture, NULL);
    g_autoptr(Dissector) dissector = dissector_new(options, &sink, &found.counts);
    dissector_read(dissector, reader, 1, NULL, NULL);
    dissector_finish(dissector);
    found.packets = *dissector_packet_statistics(dissector);
    found.streams = *dissector_stream_statistics(dissector);
    return found;
}

static void add_counts(Counts *sum, const Counts *other)
{
    for (guint i = 0; i < G_N_ELEMENTS(sum->events); i++) {
        sum->events[i] += other->events[i];
    }
    for (guint i = 0; i < G_N_ELEMENTS(sum->said); i++) {
        sum->said[i] += other->said[i];
    }
    sum->message_octets += other->message_octets;
    sum->answered += other->answered;
}

static Findings by_two(const DissectOptions *options, ByteSpan capture, bool *out_has_met_limit)
{
    Findings found = {0};
    Counts other = {0};
    gpointer owners[] = {&found.counts, &other};
    g_autoptr(CaptureReader) reader = capture_reader_open_memory(capture, NULL);
    g_autoptr(DissectorPair) pair = dissector_pair_new(options, &sink, owners);
    dissector_pair_read(pair, reader, NULL, NULL);
    dissector_pair_finish(pair);
    found.packets = dissector_pair_packet_statistics(pair);
    found.streams = dissector_pair_stream_statistics(pair);
    *out_has_met_limit = dissector_pair_has_met_limit(pair);
    add_counts(&found.counts, &other);
    return found;
}

static void assert_same_sum(ByteSpan capture)
{
    bool has_met_limit;
    DissectOptions options = dissect_default_options();
    Findings one = by_one(&options, capture);
    Findings two = by_two(&options, capture, &has_met_limit);
    two.streams.open_most = one.streams.open_most;
    two.streams.held_most = one.streams.held_most;
    assert_false(has_met_limit);
    assert_memory_equal(&two.counts, &one.counts, sizeof one.counts);
    assert_memory_equal(&two.packets, &one.packets, sizeof one.packets);
    assert_memory_equal(&two.streams, &one.streams, sizeof one.streams);
}

static void test_shipped_traces(void **state)
{
    (void)state;
    g_autofree char *top = g_build_filename(g_getenv("MAILWALK_TESTS"), "..", "traces", NULL);
    g_autoptr(GDir) folder = g_dir_open(top, 0, NULL);
    assert_non_null(folder);
    guint traces = 0;
    const char *name;
    while ((name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *path = g_build_filename(top, name, "trace.pcap", NULL);
        g_autofree char *octets = NULL;
        gsize length;
        if (g_file_get_contents(path, &octets, &length, NULL)) {
            print_message("# %s\n", name);
            assert_same_sum(byte_span(octets, length));
            traces++;
        }
    }
    assert_true(traces > 30);
}

/* How a frame is wrapped up: only the first way is known at a glance. */
typedef enum {
    WRAP_USUAL,
    WRAP_VLAN,
    WRAP_TUNNEL,
    WRAP_FRAGMENTS,
    WRAP_COUNT,
} Wrap;

typedef struct {
    GByteArray *file;
    guint32 seconds;
    guint number;
} Capture;

static void add_frame(Capture *capture, const GByteArray *frame)
{
    frame_file_add(
        capture->file,
        false,
        capture->seconds,
        capture->number++,
        frame->len,
        byte_span(frame->data, frame->len)
    );
}

static void add_fragment(Capture *capture, const GByteArray *packet, guint offset, guint length)
{
    g_autoptr(GByteArray) fragment =
        frame_new_ipv4_fragment(packet, (guint16)(capture->number + 1), offset, length);
    frame_wrap_ethernet(fragment, 0x0800);
    add_frame(capture, fragment);
}

static void add_segment(Capture *capture, const FrameSegment *segment, Wrap wrap)
{
    g_autoptr(GByteArray) frame = frame_new_tcp(segment);
    guint transport = frame->len - 20;
    if (wrap == WRAP_FRAGMENTS && transport > 24) {
        guint before = capture->number;
        add_fragment(capture, frame, 24, transport - 24);
        capture->number = before; /* the same identification */
        add_fragment(capture, frame, 0, 24);
        return;
    }
    if (wrap == WRAP_TUNNEL) {
        frame_wrap_ipv4(frame, "192.0.2.1", "192.0.2.2", 4);
    }
    if (wrap == WRAP_VLAN) {
        static const guint8 tag[] = {0x00, 0x07, 0x08, 0x00};
        frame_wrap(frame, tag, sizeof tag);
    }
    frame_wrap_ethernet(frame, wrap == WRAP_VLAN ? 0x8100 : 0x0800);
    add_frame(capture, frame);
}

/* One line of a conversation, or a flag alone. */
typedef struct {
    char from;
    guint8 flags;
    const char *text;
} Line;

static const Line lines[] = {
    {'c', TCP_FLAG_SYN, ""},
    {'s', TCP_FLAG_SYN | TCP_FLAG_ACK, ""},
    {'c', TCP_FLAG_ACK, ""},
    {'s', TCP_FLAG_ACK, "220 mail.hamburger.edu\r\n"},
    {'c', TCP_FLAG_ACK, "EHLO crepes.fr\r\n"},
    {'s', TCP_FLAG_ACK, "250 mail.hamburger.edu\r\n"},
    {'c', TCP_FLAG_ACK, "MAIL FROM:<alice@crepes.fr>\r\n"},
    {'s', TCP_FLAG_ACK, "250 sender ok\r\n"},
    {'c', TCP_FLAG_ACK, "RCPT TO:<bob@hamburger.edu>\r\n"},
    {'s', TCP_FLAG_ACK, "250 recipient ok\r\n"},
    {'c', TCP_FLAG_ACK, "DATA\r\n"},
    {'s', TCP_FLAG_ACK, "354 go ahead\r\n"},
    {'c', TCP_FLAG_ACK, "Subject: ketchup\r\n\r\nDo you like it?\r\n.\r\n"},
    {'s', TCP_FLAG_ACK, "250 accepted\r\n"},
    {'c', TCP_FLAG_ACK | TCP_FLAG_FIN, ""},
    {'s', TCP_FLAG_ACK | TCP_FLAG_FIN, ""},
};

/* Each connection in its own place of the conversation, so that all are open at the same time, and
 * each line in the next of the ways to wrap it up. */
static void add_connections(Capture *capture)
{
    guint32 next[CONNECTIONS][2] = {{0}};
    for (guint line = 0; line < G_N_ELEMENTS(lines); line++) {
        for (guint i = 0; i < CONNECTIONS; i++) {
            guint side = lines[line].from == 's';
            FrameSegment segment = {
                .source = side ? "10.0.0.2" : "10.0.0.1",
                .destination = side ? "10.0.0.1" : "10.0.0.2",
                .source_port = (guint16)(side ? 25 : 4000 + i),
                .destination_port = (guint16)(side ? 4000 + i : 25),
                .sequence = next[i][side],
                .acknowledgement = next[i][!side],
                .flags = lines[line].flags,
                .window = 8000,
                .payload = byte_span_from_string(lines[line].text),
            };
            bool counts_one = (lines[line].flags & (TCP_FLAG_SYN | TCP_FLAG_FIN)) != 0;
            next[i][side] += (guint32)segment.payload.length + counts_one;
            if ((line + i) % 13 != 12) { /* some are lost */
                add_segment(capture, &segment, (Wrap)((line + i) % WRAP_COUNT));
            }
        }
        capture->seconds += 7;
    }
}

static Capture make_capture(void)
{
    Capture capture = {.file = frame_file_new(1, false, false, 65535), .seconds = 1000};
    add_connections(&capture);
    capture.seconds = 10; /* the second time the clock is behind, and all ports are used again */
    add_connections(&capture);
    return capture;
}

static void test_all_wraps(void **state)
{
    (void)state;
    Capture capture = make_capture();
    ByteSpan octets = byte_span(capture.file->data, capture.file->len);
    DissectOptions options = dissect_default_options();
    Findings one = by_one(&options, octets);
    assert_true(one.packets.datagrams_reassembled > 100);
    assert_true(one.streams.gaps > 10);
    assert_true(one.counts.said[DIALOGUE_EVENT_REPLY] > 200);
    assert_same_sum(octets);
    g_byte_array_unref(capture.file);
}

static void
add_client(Capture *capture, guint port, guint8 flags, guint32 at, const char *text, Wrap wrap)
{
    FrameSegment segment = {
        .source = "10.0.0.1",
        .destination = "10.0.0.2",
        .source_port = (guint16)port,
        .destination_port = 25,
        .sequence = at,
        .flags = flags,
        .window = 8000,
        .payload = byte_span_from_string(text),
    };
    add_segment(capture, &segment, wrap);
}

/* After a reset a stream may go on, unless half a minute has passed; and that it has passed may be
 * seen from another stream alone, where the clock is put back afterwards. */
static void test_time_is_the_same_for_all(void **state)
{
    (void)state;
    for (Wrap wrap = WRAP_USUAL; wrap < WRAP_COUNT; wrap++) {
        Capture capture = {.file = frame_file_new(1, false, false, 65535), .seconds = 1000};
        for (guint port = 4000; port < 4000 + CONNECTIONS; port++) {
            add_client(&capture, port, TCP_FLAG_SYN, 0, "", wrap);
            add_client(&capture, port, TCP_FLAG_ACK, 1, "EHLO crepes.fr\r\n", wrap);
            add_client(&capture, port, TCP_FLAG_RST, 17, "", wrap);
        }
        capture.seconds += 60;
        add_client(&capture, 5000, TCP_FLAG_SYN, 0, "", wrap);
        capture.seconds -= 59;
        for (guint port = 4000; port < 4000 + CONNECTIONS; port++) {
            add_client(&capture, port, TCP_FLAG_ACK, 17, "NOOP\r\n", wrap);
        }
        ByteSpan octets = byte_span(capture.file->data, capture.file->len);
        DissectOptions options = dissect_default_options();
        assert_int_equal(by_one(&options, octets).streams.octets, CONNECTIONS * 16);
        assert_same_sum(octets);
        g_byte_array_unref(capture.file);
    }
}

/* One stream waits for its end since late, the others since early, as the clock was put back. When
 * these end must not hang on that one, which another dissector may have. */
static void test_ends_where_time_goes_back(void **state)
{
    (void)state;
    for (Wrap wrap = WRAP_USUAL; wrap < WRAP_COUNT; wrap++) {
        Capture capture = {.file = frame_file_new(1, false, false, 65535), .seconds = 14000};
        add_client(&capture, 5000, TCP_FLAG_RST, 0, "", wrap);
        capture.seconds = 1000;
        for (guint port = 4000; port < 4000 + CONNECTIONS; port++) {
            add_client(&capture, port, TCP_FLAG_ACK, 1, "EHLO crepes.fr\r\n", wrap);
            add_client(&capture, port, TCP_FLAG_RST, 17, "", wrap);
        }
        capture.seconds = 2000;
        for (guint port = 4000; port < 4000 + CONNECTIONS; port++) {
            add_client(&capture, port, TCP_FLAG_ACK, 17, "NOOP\r\n", wrap);
        }
        assert_same_sum(byte_span(capture.file->data, capture.file->len));
        g_byte_array_unref(capture.file);
    }
}

static void test_limits_are_told(void **state)
{
    (void)state;

    const struct {
        gsize open_streams;
        gsize remembered_streams;
        gsize held_in_all;
        bool is_met;
    } cases[] = {
        {4 * CONNECTIONS, 4 * CONNECTIONS, 1024 * 1024, false},
        {CONNECTIONS / 2, 4 * CONNECTIONS, 1024 * 1024, true},
        {4 * CONNECTIONS, 2, 1024 * 1024, true},
        {4 * CONNECTIONS, 4 * CONNECTIONS, 256, true},
    };

    Capture capture = make_capture();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        bool is_met;
        DissectOptions options = dissect_default_options();
        options.streams.open_streams = cases[i].open_streams;
        options.streams.remembered_streams = cases[i].remembered_streams;
        options.streams.held_in_all = cases[i].held_in_all;
        by_two(&options, byte_span(capture.file->data, capture.file->len), &is_met);
        assert_int_equal(is_met, cases[i].is_met);
    }
    g_byte_array_unref(capture.file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped_traces),
        cmocka_unit_test(test_all_wraps),
        cmocka_unit_test(test_time_is_the_same_for_all),
        cmocka_unit_test(test_ends_where_time_goes_back),
        cmocka_unit_test(test_limits_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
