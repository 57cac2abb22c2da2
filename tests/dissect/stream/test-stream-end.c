#include "tests/support/stream-steps.h"
#include "tests/support/test.h"

static const StreamCase cases[] = {
    {
        .name = "half-close: the server goes on after the client's FIN",
        .steps =
            {
                HANDSHAKE,
                CLIENT_FIN(1, 1),
                SERVER(1, 2, "abc"),
                CLIENT(2, 4, NULL),
                SERVER(4, 2, "def"),
                SERVER_FIN(7, 2),
                CLIENT(2, 8, NULL),
            },
        .expected = "c fin 0\ns 0 abc\ns 3 def\ns fin 6\nclose fin\n",
    },
    {
        .name = "FIN together with the last octets, and sent again",
        .steps =
            {
                HANDSHAKE,
                {.from = 'c', .flags = "FPA", .sequence = 1, .acknowledgement = 1, .text = "QUIT"},
                {.from = 'c', .flags = "FPA", .sequence = 1, .acknowledgement = 1, .text = "QUIT"},
                SERVER_FIN(1, 6),
                SERVER_FIN(1, 6),
                CLIENT(6, 2, NULL),
            },
        .expected = "c 0 QUIT\nc fin 4\ns fin 0\nclose fin\n",
    },
    {
        .name = "a reset, with a text that is not of the stream",
        .steps =
            {
                HANDSHAKE,
                CLIENT(1, 1, "EHLO"),
                {.from = 's', .flags = "RA", .sequence = 1, .acknowledgement = 5, .text = "no"},
            },
        .expected = "c 0 EHLO\ns reset 0 no\nclose reset\n",
    },
    {
        .name = "a forged reset that the connection survives",
        .steps =
            {
                HANDSHAKE,
                CLIENT(1, 1, "EHLO"),
                {.from = 's', .flags = "R", .sequence = 1},
                SEGMENT('s', 1, 5, .text = "250", .wait_ms = 20000),
                SEGMENT('c', 5, 4, .text = "QUIT", .wait_ms = 20000),
                SEGMENT('s', 4, 9, .text = "221", .wait_ms = 20000),
            },
        .expected = "c 0 EHLO\ns reset 0\ns 0 250\nc 4 QUIT\ns 3 221\nclose reset\n",
    },
    {
        .name = "octets overtaken by the reset",
        .steps =
            {
                HANDSHAKE,
                {.from = 'c', .flags = "RA", .sequence = 5, .acknowledgement = 1},
                CLIENT(1, 1, "QUIT"),
            },
        .expected = "c reset 0\nc 0 QUIT\nclose reset\n",
    },
    {
        .name = "stragglers after the end",
        .steps =
            {
                HANDSHAKE,
                CLIENT(1, 1, "QUIT"),
                SERVER_FIN(1, 5),
                CLIENT_FIN(5, 2),
                SERVER(2, 6, NULL),
                CLIENT(1, 1, "QUIT"),
                CLIENT(6, 2, NULL),
                CLIENT_SYN,
            },
        .expected = "c 0 QUIT\ns fin 0\nc fin 4\nclose fin\n",
    },
    {
        .name = "the ports used again after the end",
        .steps =
            {
                HANDSHAKE,
                CLIENT_FIN(1, 1),
                SERVER_FIN(1, 2),
                {.from = 'c', .flags = "S", .client_base = 70000},
                {.from = 's',
                 .flags = "SA",
                 .sequence = 90000,
                 .acknowledgement = 1,
                 .client_base = 70000},
                {.from = 'c',
                 .flags = "A",
                 .sequence = 1,
                 .acknowledgement = 90001,
                 .text = "new",
                 .client_base = 70000},
            },
        .expected = "c fin 0\ns fin 0\nclose fin\nopen c\nc syn 0\ns syn-ack 0\nc established 0\n"
                    "c 0 new\nclose end\n",
    },
    {
        .name = "the ports used again without an end",
        .steps =
            {
                HANDSHAKE,
                CLIENT(1, 1, "old"),
                CLIENT(9, 1, "held"),
                {.from = 'c', .flags = "S", .client_base = 70000},
                {.from = 'c', .flags = "A", .sequence = 1, .text = "new", .client_base = 70000},
            },
        .expected = "c 0 old\nc gap 3+5 lost\nc 8 held\nclose reused\nopen c\nc syn 0\nc 0 new\n"
                    "close end\n",
    },
};

static void test_ends(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        print_message("# %s\n", cases[i].name);
        g_autofree char *expected = g_strconcat(ESTABLISHED, cases[i].expected, NULL);
        assert_streams(NULL, cases[i].steps, expected);
    }
}

static void test_refused_and_tried_again(void **state)
{
    (void)state;
    static const StreamStep steps[] = {
        CLIENT_SYN,
        {.from = 's', .flags = "RA", .acknowledgement = 1},
        {.from = 'c', .flags = "S", .wait_ms = 500},
        SERVER_SYN,
        CLIENT(1, 1, "a"),
        {.from = 0},
    };
    assert_streams(
        NULL,
        steps,
        "open c\nc syn 0\ns reset 0\ns syn-ack 0\nc established 0\nc 0 a\nclose reset\n"
    );
}

/* What waits for its end is closed by the time of other frames. */
static void test_reset_closes_in_time(void **state)
{
    (void)state;
    static const StreamStep steps[] = {
        HANDSHAKE,
        {.from = 's', .flags = "R", .sequence = 1},
        {.from = 'c', .flags = "S", .client_port = 4001, .wait_ms = 29000},
        {.from = 0},
    };
    StreamRecorder recorder;
    stream_recorder_init(&recorder, NULL, false);
    stream_recorder_steps(&recorder, steps);
    assert_string_equal(recorder.log->str, ESTABLISHED "s reset 0\nopen c\nc syn 0\n");
    const StreamStep late = {.from = 'c', .flags = "S", .client_port = 4002, .wait_ms = 2000};
    stream_recorder_step(&recorder, &late);
    assert_string_equal(
        recorder.log->str, ESTABLISHED "s reset 0\nopen c\nc syn 0\nclose reset\nopen c\nc syn 0\n"
    );
    stream_recorder_clear(&recorder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_refused_and_tried_again),
        cmocka_unit_test(test_reset_closes_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
