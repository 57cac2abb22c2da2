#include "tests/support/stream-steps.h"
#include "tests/support/test.h"

/* Every bound holds, and says what it cost. */

static void open_stream(StreamRecorder *recorder, guint16 port)
{
    const StreamStep syn = {.from = 'c', .flags = "S", .client_port = port};
    stream_recorder_step(recorder, &syn);
}

static void test_open_streams(void **state)
{
    (void)state;
    StreamTableOptions options = stream_table_default_options();
    options.open_streams = 3;
    StreamRecorder recorder;
    stream_recorder_init(&recorder, &options, false);
    open_stream(&recorder, 4001);
    open_stream(&recorder, 4002);
    open_stream(&recorder, 4003);
    open_stream(&recorder, 4001); /* no longer the one longest silent */
    open_stream(&recorder, 4004);
    const StreamStatistics *statistics = stream_table_statistics(recorder.table);
    assert_int_equal(statistics->closed_by_limit, 1);
    assert_int_equal(statistics->open_most, 3);
    assert_string_equal(
        recorder.log->str,
        "open c\nc syn 0\nopen c\nc syn 0\nopen c\nc syn 0\nclose limit\nopen c\nc syn 0\n"
    );
    /* What was closed for want of room is picked up again if it goes on. */
    const StreamStep goes_on = {
        .from = 'c', .flags = "A", .sequence = 1, .text = "late", .client_port = 4002};
    stream_recorder_step(&recorder, &goes_on);
    assert_int_equal(statistics->streams, 5);
    stream_table_finish(recorder.table);
    stream_recorder_clear(&recorder);
}

static void test_held_in_one_direction(void **state)
{
    (void)state;
    StreamTableOptions options = stream_table_default_options();
    options.held_per_direction = 1024;
    StreamRecorder recorder;
    stream_recorder_init(&recorder, &options, false);
    for (guint32 i = 0; i < 200; i++) {
        /* Every other octet, so that each is held alone. */
        StreamStep step = CLIENT(3 + 2 * i, 1, "x");
        step.flags = i == 0 ? "S" : "A";
        step.sequence = i == 0 ? 0 : step.sequence;
        step.text = i == 0 ? NULL : step.text;
        stream_recorder_step(&recorder, &step);
    }
    const StreamStatistics *statistics = stream_table_statistics(recorder.table);
    assert_true(statistics->gaps_by_limit > 100);
    assert_true(statistics->held_most <= 1024 + 128);
    assert_non_null(strstr(recorder.log->str, "c gap 0+4 given-up\nc 4 x\nc gap 5+1 given-up\n"));
    stream_table_finish(recorder.table);
    /* Octets and gaps together account for everything. */
    assert_int_equal(statistics->octets + statistics->gap_octets, 2 * 199 + 3);
    stream_recorder_clear(&recorder);
}

static void test_held_in_all(void **state)
{
    (void)state;
    StreamTableOptions options = stream_table_default_options();
    options.held_in_all = 2048;
    StreamRecorder recorder;
    stream_recorder_init(&recorder, &options, false);
    for (guint16 port = 4001; port < 4101; port++) {
        open_stream(&recorder, port);
        const StreamStep ahead = {
            .from = 'c', .flags = "A", .sequence = 9, .text = "x", .client_port = port};
        stream_recorder_step(&recorder, &ahead);
    }
    const StreamStatistics *statistics = stream_table_statistics(recorder.table);
    assert_true(statistics->held_most <= 2048 + 128);
    assert_true(statistics->gaps_by_limit > 50);
    stream_table_finish(recorder.table);
    stream_recorder_clear(&recorder);
}

/* Closed streams are remembered for stragglers, but only so many. */
static void test_remembered(void **state)
{
    (void)state;
    StreamTableOptions options = stream_table_default_options();
    options.remembered_streams = 2;
    StreamRecorder recorder;
    stream_recorder_init(&recorder, &options, false);
    for (guint16 port = 4001; port < 4004; port++) {
        open_stream(&recorder, port);
        const StreamStep client = {.from = 'c', .flags = "FA", .sequence = 1, .client_port = port};
        const StreamStep server = {
            .from = 's', .flags = "FA", .acknowledgement = 2, .client_port = port};
        stream_recorder_step(&recorder, &client);
        stream_recorder_step(&recorder, &server);
    }
    const StreamStatistics *statistics = stream_table_statistics(recorder.table);
    assert_int_equal(statistics->streams, 3);
    for (guint16 port = 4003; port > 4000; port--) {
        const StreamStep straggler = {
            .from = 'c', .flags = "A", .sequence = 2, .client_port = port};
        stream_recorder_step(&recorder, &straggler);
        assert_int_equal(statistics->streams, port == 4001 ? 4 : 3);
    }
    stream_table_finish(recorder.table);
    stream_recorder_clear(&recorder);
}

/* And only for so many packets, whichever streams these belong to. */
static void test_remembered_for_packets(void **state)
{
    (void)state;

    const struct {
        guint others; /* packets between the end and the straggler */
        guint64 streams;
    } cases[] = {
        {0, 2},
        {8, 2},
        {9, 2},
        {10, 3},
        {30, 3},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        StreamTableOptions options = stream_table_default_options();
        options.remembered_packets = 10;
        StreamRecorder recorder;
        stream_recorder_init(&recorder, &options, false);
        open_stream(&recorder, 4002);
        open_stream(&recorder, 4001);
        const StreamStep client = {.from = 'c', .flags = "FA", .sequence = 1, .client_port = 4001};
        const StreamStep server = {
            .from = 's', .flags = "FA", .acknowledgement = 2, .client_port = 4001};
        const StreamStep other = {.from = 'c', .flags = "A", .sequence = 1, .client_port = 4002};
        const StreamStep straggler = {
            .from = 'c', .flags = "A", .sequence = 2, .client_port = 4001};
        stream_recorder_step(&recorder, &client);
        stream_recorder_step(&recorder, &server);
        for (guint packet = 0; packet < cases[i].others; packet++) {
            stream_recorder_step(&recorder, &other);
        }
        stream_recorder_step(&recorder, &straggler);
        assert_int_equal(stream_table_statistics(recorder.table)->streams, cases[i].streams);
        stream_table_finish(recorder.table);
        stream_recorder_clear(&recorder);
    }
}

static void test_history(void **state)
{
    (void)state;
    static const StreamStep steps[] = {
        HANDSHAKE,
        CLIENT(1, 1, "abcd"),
        CLIENT(1, 1, "aXcd"),
        {.from = 0},
    };
    StreamTableOptions options = stream_table_default_options();
    options.history = 0;
    assert_streams(&options, steps, ESTABLISHED "c 0 abcd\nclose end\n");
    options.history = 2;
    StreamRecorder recorder;
    stream_recorder_init(&recorder, &options, false);
    stream_recorder_steps(&recorder, steps);
    assert_int_equal(stream_table_statistics(recorder.table)->history_by_limit, 4);
    stream_recorder_clear(&recorder);
}

typedef struct {
    StreamTable *table;
    guint closed;
    bool is_zeroed;
} Owner;

enum {
    USER_OCTETS = 100
};

static void
on_data(gpointer owner, Stream *stream, StreamDirection direction, const StreamData *data)
{
    (void)direction;
    Owner *of = owner;
    guint8 *user_data = stream_table_user_data(of->table, stream);
    if (data->offset == 0) {
        for (gsize i = 0; i < USER_OCTETS; i++) {
            of->is_zeroed &= user_data[i] == 0;
        }
        memset(user_data, 0x5a, USER_OCTETS);
    }
    assert_int_equal(user_data[USER_OCTETS - 1], 0x5a);
}

static void on_closed(gpointer owner, Stream *stream, StreamCloseReason reason)
{
    (void)reason;
    Owner *of = owner;
    const guint8 *user_data = stream_table_user_data(of->table, stream);
    assert_int_equal(user_data[0], 0x5a);
    of->closed++;
}

/* What the owner keeps with a stream is zeroed at first, stays, and is used again afterwards. */
static void test_user_data(void **state)
{
    (void)state;
    StreamRecorder recorder;
    stream_recorder_init(&recorder, NULL, false);
    StreamTableOptions options = stream_table_default_options();
    options.user_data_size = USER_OCTETS;
    StreamSink sink = {.data = on_data, .closed = on_closed};
    Owner owner = {.is_zeroed = true};
    stream_table_free(recorder.table);
    recorder.table = stream_table_new(&sink, &owner, &options);
    owner.table = recorder.table;
    for (guint round = 0; round < 3; round++) {
        for (guint16 port = 4001; port < 4501; port++) {
            const StreamStep steps[] = {
                {.from = 'c', .flags = "S", .client_port = port, .client_base = round * 1000},
                {.from = 'c',
                 .flags = "A",
                 .sequence = 1,
                 .text = "a",
                 .client_port = port,
                 .client_base = round * 1000},
                {.from = 'c',
                 .flags = "A",
                 .sequence = 2,
                 .text = "b",
                 .client_port = port,
                 .client_base = round * 1000},
                {.from = 0},
            };
            stream_recorder_steps(&recorder, steps);
        }
    }
    stream_table_finish(recorder.table);
    assert_int_equal(owner.closed, 1500);
    assert_true(owner.is_zeroed);
    stream_recorder_clear(&recorder);
}

/* More streams than the index and the pool begin with, opened, found again and closed. */
static void test_many_streams(void **state)
{
    (void)state;
    StreamRecorder recorder;
    stream_recorder_init(&recorder, NULL, false);
    const StreamStatistics *statistics = stream_table_statistics(recorder.table);
    for (guint32 port = 1; port < 20001; port++) {
        open_stream(&recorder, (guint16)(port + 1000));
    }
    assert_int_equal(statistics->streams, 20000);
    for (guint32 port = 20000; port > 0; port--) {
        const StreamStep answer = {
            .from = 's',
            .flags = "SA",
            .acknowledgement = 1,
            .client_port = (guint16)(port + 1000)};
        stream_recorder_step(&recorder, &answer);
    }
    assert_int_equal(statistics->streams, 20000);
    assert_int_equal(statistics->open_most, 20000);
    stream_table_finish(recorder.table);
    stream_recorder_clear(&recorder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open_streams),
        cmocka_unit_test(test_held_in_one_direction),
        cmocka_unit_test(test_held_in_all),
        cmocka_unit_test(test_remembered),
        cmocka_unit_test(test_remembered_for_packets),
        cmocka_unit_test(test_history),
        cmocka_unit_test(test_user_data),
        cmocka_unit_test(test_many_streams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
