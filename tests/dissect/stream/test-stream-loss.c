#include "tests/support/stream-steps.h"
#include "tests/support/test.h"

static const StreamCase cases[] = {
    {
        .name = "octets that the server took and the capture missed",
        .steps =
            {
                HANDSHAKE,
                SERVER(1, 9, "250"),
                SEGMENT('c', 9, 4, .text = "QUIT", .wait_ms = 1500),
                SERVER(4, 13, "221"),
            },
        .expected = "c gap 0+8 uncaptured\ns 0 250\nc 8 QUIT\ns 3 221\nclose end\n",
    },
    {
        .name = "octets that never arrived anywhere",
        .steps =
            {
                HANDSHAKE,
                CLIENT(1, 1, "MAIL"),
                CLIENT(9, 1, "DATA"),
                SERVER(1, 5, NULL),
                SERVER(1, 5, NULL),
            },
        .expected = "c 0 MAIL\nc gap 4+4 lost\nc 8 DATA\nclose end\n",
    },
    {
        .name = "lost on the way and sent again much later",
        .steps =
            {
                HANDSHAKE,
                CLIENT(5, 1, "bbbb"),
                SERVER(1, 1, NULL),
                SEGMENT('c', 1, 1, .text = "aaaa", .wait_ms = 20000),
                SERVER(1, 9, "250"),
            },
        .expected = "c 0 aaaa\nc 4 bbbb\ns 0 250\nclose end\n",
    },
    {
        .name = "two holes, one acknowledged and one not",
        .steps =
            {
                HANDSHAKE,
                CLIENT(5, 1, "bbbb"),
                SERVER(1, 9, NULL),
                CLIENT(13, 1, "dddd"),
                SEGMENT('c', 17, 1, .text = "eeee", .wait_ms = 1500),
            },
        .expected = "c gap 0+4 uncaptured\nc 4 bbbb\nc gap 8+4 lost\nc 12 dddd\nc 16 eeee\n"
                    "close end\n",
    },
    {
        .name = "one hole of which only the front was acknowledged",
        .steps =
            {
                HANDSHAKE,
                SERVER(1, 4, "250"),
                CLIENT(9, 4, "dddd"),
            },
        .expected = "c gap 0+3 uncaptured\ns 0 250\nc gap 3+5 lost\nc 8 dddd\nclose end\n",
    },
    {
        .name = "acknowledged at the end and never seen",
        .steps = {HANDSHAKE, CLIENT(1, 1, "DATA"), SERVER(1, 105, NULL)},
        .expected = "c 0 DATA\nc gap 4+100 uncaptured\nclose end\n",
    },
    {
        .name = "a FIN that was acknowledged and not captured is no octet",
        .steps = {HANDSHAKE, CLIENT(1, 1, "QUIT"), SERVER(1, 6, NULL)},
        .expected = "c 0 QUIT\nclose end\n",
    },
    {
        .name = "a hole before FIN",
        .steps =
            {
                HANDSHAKE,
                CLIENT_FIN(50, 1),
                SERVER(1, 51, "221"),
                SERVER_FIN(4, 51),
            },
        .expected = "c gap 0+49 uncaptured\nc fin 49\ns 0 221\ns fin 3\nclose fin\n",
    },
    {
        .name = "cut off by the snapshot length, in the middle of a segment",
        .steps =
            {
                HANDSHAKE,
                SEGMENT('c', 1, 1, .text = "abcdefgh", .cut = 5),
                CLIENT(9, 1, "ijkl"),
            },
        .expected = "c 0 abc\nc gap 3+5 snapped\nc 8 ijkl\nclose end\n",
    },
    {
        .name = "cut off inside the header: all octets of the segment are missing",
        .steps =
            {
                HANDSHAKE,
                SEGMENT('c', 1, 1, .text = "abcdefgh", .cut = 12),
                SEGMENT('c', 9, 1, .text = "ijkl", .cut = 8),
            },
        .expected = "c gap 0+8 snapped\nc gap 8+4 snapped\nclose end\n",
    },
    {
        .name = "cut off behind a hole",
        .steps =
            {
                HANDSHAKE,
                SEGMENT('c', 5, 1, .text = "efgh", .cut = 2),
                CLIENT(1, 1, "abcd"),
                CLIENT(9, 1, "ij"),
            },
        .expected = "c 0 abcd\nc 4 ef\nc gap 6+2 snapped\nc 8 ij\nclose end\n",
    },
    {
        .name = "an acknowledgement of octets far beyond what was ever offered is not believed",
        .steps =
            {
                HANDSHAKE,
                SERVER(1, 500000, "250"),
                CLIENT(1, 4, "QUIT"),
            },
        .expected = "s 0 250\nc 0 QUIT\nclose end\n",
    },
};

static void test_loss(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        print_message("# %s\n", cases[i].name);
        g_autofree char *expected = g_strconcat(ESTABLISHED, cases[i].expected, NULL);
        assert_streams(NULL, cases[i].steps, expected);
    }
}

/* A hole that was acknowledged is declared after so many packets of the stream, not before. */
static void test_patience_in_packets(void **state)
{
    (void)state;
    StreamTableOptions options = stream_table_default_options();
    options.patience_packets = 4;
    static const StreamStep before[] = {HANDSHAKE, SERVER(1, 9, "250"), {.from = 0}};
    StreamRecorder recorder;
    stream_recorder_init(&recorder, &options, false);
    stream_recorder_steps(&recorder, before);
    const StreamStep empty = CLIENT(9, 1, NULL);
    for (guint i = 0; i < 3; i++) {
        stream_recorder_step(&recorder, &empty);
        assert_string_equal(recorder.log->str, ESTABLISHED);
    }
    stream_recorder_step(&recorder, &empty);
    assert_string_equal(recorder.log->str, ESTABLISHED "c gap 0+8 uncaptured\ns 0 250\n");
    stream_recorder_clear(&recorder);
}

/* In a capture of one direction nothing acknowledges; what follows a hole must do in time. */
static void test_hole_of_one_direction(void **state)
{
    (void)state;
    static const StreamStep steps[] = {
        CLIENT_SYN,
        CLIENT_ACK,
        CLIENT(9, 50, "RCPT"),
        SEGMENT('c', 13, 90, .text = "DATA", .wait_ms = 1500),
        {.from = 0},
    };
    assert_streams(
        NULL, steps, "open c\nc syn 0\nc gap 0+8 uncaptured\nc 8 RCPT\nc 12 DATA\nclose end\n"
    );
}

typedef struct {
    guint64 before;
    guint64 after;
    gint64 time_before_ns;
    gint64 time_after_ns;
} Neighbours;

static void on_gap(gpointer owner, Stream *stream, StreamDirection direction, const StreamGap *gap)
{
    (void)stream;
    (void)direction;
    *(Neighbours *)owner = (Neighbours){
        .before = gap->frame_before,
        .after = gap->frame_after,
        .time_before_ns = gap->time_before_ns,
        .time_after_ns = gap->time_after_ns,
    };
}

static void test_neighbours_of_a_gap(void **state)
{
    (void)state;
    static const StreamStep steps[] = {
        HANDSHAKE,
        CLIENT(1, 1, "abcd"),
        CLIENT(9, 1, "ijkl"),
        SERVER(1, 13, NULL),
        {.from = 0},
    };
    StreamRecorder recorder;
    stream_recorder_init(&recorder, NULL, false);
    Neighbours neighbours = {0};
    StreamSink sink = {.gap = on_gap};
    stream_table_free(recorder.table);
    recorder.table = stream_table_new(&sink, &neighbours, NULL);
    stream_recorder_steps(&recorder, steps);
    stream_table_finish(recorder.table);
    assert_int_equal(neighbours.before, 4);
    assert_int_equal(neighbours.after, 5);
    assert_int_equal(neighbours.time_before_ns, 4000000);
    assert_int_equal(neighbours.time_after_ns, 5000000);
    stream_recorder_clear(&recorder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loss),
        cmocka_unit_test(test_patience_in_packets),
        cmocka_unit_test(test_hole_of_one_direction),
        cmocka_unit_test(test_neighbours_of_a_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
