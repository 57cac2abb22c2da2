#include "tests/support/stream-steps.h"
#include "tests/support/test.h"

static const StreamCase cases[] = {
    {
        .name = "segments overtaken on the way, across the wrap of the numbers",
        .steps =
            {
                HANDSHAKE,
                CLIENT(9, 1, "cccc"),
                CLIENT(17, 1, "eeee"),
                CLIENT(13, 1, "dddd"),
                CLIENT(1, 1, "aaaa"),
                CLIENT(5, 1, "bbbb"),
            },
        .expected = "c 0 aaaa\nc 4 bbbb\nc 8 cccc\nc 12 dddd\nc 16 eeee\nclose end\n",
    },
    {
        .name = "the same octets again, cut otherwise",
        .steps =
            {
                HANDSHAKE,
                CLIENT(1, 1, "abcd"),
                CLIENT(3, 1, "cdef"),
                CLIENT(1, 1, "abcdefgh"),
                CLIENT(4, 1, "de"),
            },
        .expected = "c 0 abcd\nc 4 ef\nc 6 gh\nclose end\n",
    },
    {
        .name = "other octets in the same place, while they are not acknowledged",
        .steps =
            {
                HANDSHAKE,
                CLIENT(1, 1, "abcdef"),
                CLIENT(1, 1, "abXYef"),
                CLIENT(5, 1, "Zfgh"),
            },
        .expected = "c 0 abcdef\nc overlap 2 cd/XY frames 4/5\nc overlap 4 e/Z frames 4/6\n"
                    "c 6 gh\nclose end\n",
    },
    {
        .name = "other octets in the same place behind a hole",
        .steps =
            {
                HANDSHAKE,
                CLIENT(5, 1, "efgh"),
                CLIENT(7, 1, "GHij"),
                CLIENT(1, 1, "abcdEF"),
            },
        .expected = "c overlap 6 gh/GH frames 4/5\nc 0 abcd\nc overlap 4 ef/EF frames 4/6\n"
                    "c 4 efgh\nc 8 ij\nclose end\n",
    },
    {
        .name = "an answer captured before what it answers",
        .steps =
            {
                HANDSHAKE,
                SERVER(1, 5, "250"),
                CLIENT(1, 1, "NOOP"),
                CLIENT(5, 4, "QUIT"),
            },
        .expected = "c 0 NOOP\ns 0 250\nc 4 QUIT\nclose end\n",
    },
    {
        .name = "a whole exchange captured backwards",
        .steps =
            {
                HANDSHAKE,
                SERVER(4, 9, "221"),
                CLIENT(5, 4, "QUIT"),
                SERVER(1, 5, "250"),
                CLIENT(1, 1, "NOOP"),
            },
        .expected = "c 0 NOOP\ns 0 250\nc 4 QUIT\ns 3 221\nclose end\n",
    },
    {
        .name = "FIN captured before the octets and before the answer",
        .steps =
            {
                HANDSHAKE,
                {.from = 's', .flags = "FA", .sequence = 4, .acknowledgement = 5},
                SERVER(1, 5, "221"),
                {.from = 'c', .flags = "FA", .sequence = 5, .acknowledgement = 5},
                CLIENT(1, 1, "QUIT"),
            },
        .expected = "c 0 QUIT\ns 0 221\ns fin 3\nc fin 4\nclose fin\n",
    },
    {
        .name = "keep-alive probes with and without their octet",
        .steps =
            {
                HANDSHAKE,
                CLIENT(1, 1, "NOOP"),
                SERVER(1, 5, NULL),
                CLIENT(4, 1, "?"),
                SERVER(1, 5, NULL),
                CLIENT(4, 1, NULL),
                SERVER(1, 5, "250"),
            },
        .expected = "c 0 NOOP\ns 0 250\nclose end\n",
    },
    {
        .name = "a closed window, a probe of one octet, and the window open again",
        .steps =
            {
                HANDSHAKE,
                CLIENT(1, 1, "NO"),
                {.from = 's',
                 .flags = "A",
                 .sequence = 1,
                 .acknowledgement = 3,
                 .has_no_window = true},
                CLIENT(3, 1, "O"),
                {.from = 's',
                 .flags = "A",
                 .sequence = 1,
                 .acknowledgement = 3,
                 .has_no_window = true},
                SERVER(1, 4, NULL),
                CLIENT(3, 1, "OP"),
            },
        .expected = "c 0 NO\ns zero-window 0\nc 2 O\ns window-open 0\nc 3 P\nclose end\n",
    },
    {
        .name = "urgent octets stay in line",
        .steps =
            {
                HANDSHAKE,
                {.from = 'c',
                 .flags = "AU",
                 .sequence = 1,
                 .acknowledgement = 1,
                 .text = "ab!d",
                 .urgent = 3},
            },
        .expected = "c urgent 3\nc 0 ab!d\nclose end\n",
    },
    {
        .name = "a damaged segment waits for the good one",
        .steps =
            {
                HANDSHAKE,
                {.from = 'c',
                 .flags = "A",
                 .sequence = 1,
                 .acknowledgement = 1,
                 .text = "NOXP",
                 .has_bad_checksum = true},
                CLIENT(1, 1, "NOOP"),
                SERVER(1, 5, "250"),
            },
        .expected = "c overlap 2 O/X frames 5/4\nc 0 NOOP\ns 0 250\nclose end\n",
    },
    {
        .name = "a damaged segment that the other side takes after all",
        .steps =
            {
                HANDSHAKE,
                {.from = 'c',
                 .flags = "A",
                 .sequence = 1,
                 .acknowledgement = 1,
                 .text = "NOOP",
                 .has_bad_checksum = true},
                SERVER(1, 5, "250"),
            },
        .expected = "c 0 NOOP\ns 0 250\nclose end\n",
    },
    {
        .name = "octets far outside any window",
        .steps =
            {
                HANDSHAKE,
                CLIENT(1, 1, "NOOP"),
                SERVER(1, 5, "250"),
                CLIENT(900000000, 4, "junk"),
                CLIENT(5, 4, "QUIT"),
            },
        .expected = "c 0 NOOP\ns 0 250\nc 4 QUIT\nclose end\n",
    },
};

static void test_order(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        print_message("# %s\n", cases[i].name);
        g_autofree char *expected = g_strconcat(ESTABLISHED, cases[i].expected, NULL);
        assert_streams(NULL, cases[i].steps, expected);
    }
}

/* Where all checksums of a direction are bad, nothing follows from one. */
static void test_checksums_bad_from_the_start(void **state)
{
    (void)state;
    StreamStep steps[] = {
        HANDSHAKE,
        SERVER(1, 1, "220"),
        CLIENT(1, 4, "QUIT"),
        {.from = 0},
    };
    for (gsize i = 0; steps[i].from != 0; i++) {
        steps[i].has_bad_checksum = true;
    }
    assert_streams(NULL, steps, ESTABLISHED "s 0 220\nc 0 QUIT\nclose end\n");
}

/* Every order of the segments of one exchange gives the same octets, and no answer before what it
 * acknowledges. */
static void test_every_order(void **state)
{
    (void)state;
    static const StreamStep segments[] = {
        SERVER(1, 1, "220"),
        CLIENT(1, 4, "EHLO"),
        SERVER(4, 5, "250"),
        CLIENT(5, 7, "QUIT"),
        SERVER(7, 9, "221"),
    };
    static const StreamStep handshake[] = {HANDSHAKE, {.from = 0}};
    guint order[] = {0, 1, 2, 3, 4};
    guint used[5] = {0};
    guint depth = 0;
    guint count = 0;
    order[0] = 0;
    /* Counts in base five; a number with five different digits is an order. */
    for (guint number = 0; number < 3125; number++) {
        guint rest = number;
        memset(used, 0, sizeof used);
        bool is_order = true;
        for (depth = 0; depth < 5; depth++, rest /= 5) {
            order[depth] = rest % 5;
            is_order &= used[order[depth]]++ == 0;
        }
        if (!is_order) {
            continue;
        }
        count++;
        StreamRecorder recorder;
        stream_recorder_init(&recorder, NULL, false);
        stream_recorder_steps(&recorder, handshake);
        for (guint i = 0; i < 5; i++) {
            stream_recorder_step(&recorder, &segments[order[i]]);
        }
        stream_table_finish(recorder.table);
        assert_string_equal(
            recorder.log->str,
            ESTABLISHED "s 0 220\nc 0 EHLO\ns 3 250\nc 4 QUIT\ns 6 221\nclose end\n"
        );
        stream_recorder_clear(&recorder);
    }
    assert_int_equal(count, 120);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_checksums_bad_from_the_start),
        cmocka_unit_test(test_every_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
