#include "tests/support/stream-steps.h"
#include "tests/support/test.h"

typedef struct {
    const char *name;
    StreamStep steps[16];
    const char *expected;
} Case;

static const Case cases[] = {
    {
        .name = "the usual three segments",
        .steps =
            {
                {.from = 'c', .flags = "S"},
                {.from = 's', .flags = "SA", .acknowledgement = 1},
                {.from = 'c', .flags = "A", .sequence = 1, .acknowledgement = 1},
                {.from = 's', .flags = "PA", .sequence = 1, .acknowledgement = 1, .text = "220 hi"},
                {.from = 'c', .flags = "FA", .sequence = 1, .acknowledgement = 7},
                {.from = 's', .flags = "FA", .sequence = 7, .acknowledgement = 2},
                {.from = 'c', .flags = "A", .sequence = 2, .acknowledgement = 8},
            },
        .expected = "open c\nc syn 0\ns syn-ack 0\nc established 0\ns 0 220 hi\nc fin 0\ns fin 6\n"
                    "close fin\n",
    },
    {
        .name = "both open at the same time",
        .steps =
            {
                {.from = 'c', .flags = "S"},
                {.from = 's', .flags = "S"},
                {.from = 'c', .flags = "SA", .acknowledgement = 1},
                {.from = 's', .flags = "SA", .acknowledgement = 1},
                {.from = 'c', .flags = "A", .sequence = 1, .acknowledgement = 1, .text = "x"},
            },
        .expected = "open c\nc syn 0\ns syn 0\ns established 0\nc 0 x\nclose end\n",
    },
    {
        .name = "the answer split into acknowledgement and SYN",
        .steps =
            {
                {.from = 'c', .flags = "S"},
                {.from = 's', .flags = "A", .acknowledgement = 1},
                {.from = 's', .flags = "S"},
                {.from = 'c', .flags = "A", .sequence = 1, .acknowledgement = 1},
                {.from = 's', .flags = "A", .sequence = 1, .acknowledgement = 1, .text = "220"},
            },
        .expected = "open c\nc syn 0\ns syn 0\nc established 0\ns 0 220\nclose end\n",
    },
    {
        .name = "octets on the SYN that the server takes",
        .steps =
            {
                {.from = 'c', .flags = "S", .text = "EHLO"},
                {.from = 's', .flags = "SA", .acknowledgement = 5},
                {.from = 'c', .flags = "A", .sequence = 5, .acknowledgement = 1, .text = "MAIL"},
            },
        .expected = "open c\nc syn 0\nc syn-data 0\nc 0 EHLO\ns syn-ack 0\nc established 4\n"
                    "c 4 MAIL\nclose end\n",
    },
    {
        .name = "octets on the SYN that the server refuses come again",
        .steps =
            {
                {.from = 'c', .flags = "S", .text = "EHLO"},
                {.from = 's', .flags = "SA", .acknowledgement = 1},
                {.from = 'c', .flags = "A", .sequence = 1, .acknowledgement = 1, .text = "EHLO"},
            },
        .expected = "open c\nc syn 0\nc syn-data 0\nc 0 EHLO\ns syn-ack 0\nc established 4\n"
                    "close end\n",
    },
    {
        .name = "octets on the answer to SYN",
        .steps =
            {
                {.from = 'c', .flags = "S"},
                {.from = 's', .flags = "SA", .acknowledgement = 1, .text = "220"},
                {.from = 'c', .flags = "A", .sequence = 1, .acknowledgement = 4},
            },
        .expected = "open c\nc syn 0\ns syn-ack 0\ns syn-data 0\ns 0 220\nc established 0\n"
                    "close end\n",
    },
    {
        .name = "the answer captured before the SYN",
        .steps =
            {
                {.from = 's', .flags = "SA", .acknowledgement = 1},
                {.from = 'c', .flags = "S"},
                {.from = 'c', .flags = "A", .sequence = 1, .acknowledgement = 1, .text = "a"},
            },
        .expected = "open s\ns syn-ack 0\nc syn 0\nc established 0\nc 0 a\nclose end\n",
    },
    {
        .name = "octets captured before the SYN",
        .steps =
            {
                {.from = 'c', .flags = "PA", .sequence = 1, .acknowledgement = 1, .text = "a"},
                {.from = 'c', .flags = "S"},
                {.from = 's', .flags = "SA", .acknowledgement = 1},
                {.from = 'c', .flags = "PA", .sequence = 2, .acknowledgement = 1, .text = "b"},
            },
        .expected = "open c\nc syn 0\nc 0 a\ns syn-ack 0\ns established 0\nc 1 b\nclose end\n",
    },
    {
        .name = "SYN and its answer sent again",
        .steps =
            {
                {.from = 'c', .flags = "S"},
                {.from = 'c', .flags = "S"},
                {.from = 's', .flags = "SA", .acknowledgement = 1},
                {.from = 's', .flags = "SA", .acknowledgement = 1},
                {.from = 'c', .flags = "A", .sequence = 1, .acknowledgement = 1, .text = "a"},
            },
        .expected = "open c\nc syn 0\ns syn-ack 0\nc established 0\nc 0 a\nclose end\n",
    },
    {
        .name = "a second answer with another number, before the client took the first",
        .steps =
            {
                {.from = 'c', .flags = "S"},
                {.from = 's', .flags = "SA", .sequence = 7000, .acknowledgement = 1},
                {.from = 's', .flags = "SA", .acknowledgement = 1},
                {.from = 'c', .flags = "A", .sequence = 1, .acknowledgement = 1},
                {.from = 's', .flags = "A", .sequence = 1, .acknowledgement = 1, .text = "220"},
            },
        .expected = "open c\nc syn 0\ns syn-ack 0\nc established 0\ns 0 220\nclose end\n",
    },
    {
        .name = "a forged second answer, after the client took the first",
        .steps =
            {
                {.from = 'c', .flags = "S"},
                {.from = 's', .flags = "SA", .acknowledgement = 1},
                {.from = 'c', .flags = "A", .sequence = 1, .acknowledgement = 1},
                {.from = 's', .flags = "SA", .sequence = 7000, .acknowledgement = 1},
                {.from = 's', .flags = "A", .sequence = 1, .acknowledgement = 1, .text = "220"},
            },
        .expected = "open c\nc syn 0\ns syn-ack 0\nc established 0\ns 0 220\nclose end\n",
    },
    {
        .name = "in the middle, both sides",
        .steps =
            {
                {.from = 's', .flags = "PA", .sequence = 90, .acknowledgement = 50, .text = "250"},
                {.from = 'c', .flags = "PA", .sequence = 50, .acknowledgement = 93, .text = "QUIT"},
                {.from = 's', .flags = "PA", .sequence = 93, .acknowledgement = 54, .text = "221"},
            },
        .expected = "open s\ns 0 250\nc 0 QUIT\ns 3 221\nclose end\n",
    },
    {
        .name = "in the middle, the answer half the numbers away from where it was expected",
        .steps =
            {
                CLIENT(100, 5000, "MAIL"),
                SERVER(5000 + 0x80000000u, 104, "250"),
            },
        .expected = "open c\nc 0 MAIL\ns 0 250\nclose end\n",
    },
    {
        .name = "in the middle, the first segment overtaken by the second",
        .steps =
            {
                {.from = 's', .flags = "A", .sequence = 90, .acknowledgement = 50},
                {.from = 'c', .flags = "PA", .sequence = 54, .acknowledgement = 90, .text = "two"},
                {.from = 'c', .flags = "PA", .sequence = 50, .acknowledgement = 90, .text = "one."},
            },
        .expected = "open s\nc 0 one.\nc 4 two\nclose end\n",
    },
    {
        .name = "in the middle, an answer captured before its question",
        .steps =
            {
                {.from = 's', .flags = "PA", .sequence = 90, .acknowledgement = 54, .text = "221"},
                {.from = 'c', .flags = "PA", .sequence = 50, .acknowledgement = 90, .text = "QUIT"},
            },
        .expected = "open s\nc 0 QUIT\ns 0 221\nclose end\n",
    },
    {
        .name = "in the middle, the second answer captured before the first question",
        .steps =
            {
                {.from = 's', .flags = "PA", .sequence = 90, .acknowledgement = 50, .text = "220"},
                {.from = 's', .flags = "PA", .sequence = 93, .acknowledgement = 54, .text = "250"},
                {.from = 'c', .flags = "PA", .sequence = 50, .acknowledgement = 93, .text = "EHLO"},
            },
        .expected = "open s\ns 0 220\nc 0 EHLO\ns 3 250\nclose end\n",
    },
    {
        .name = "in the middle, answers captured behind what was said to them, and exchanged",
        .steps =
            {
                {.from = 'c', .flags = "PA", .sequence = 50, .acknowledgement = 90, .text = "AUTH"},
                {.from = 'c', .flags = "PA", .sequence = 54, .acknowledgement = 93, .text = "user"},
                {.from = 's', .flags = "PA", .sequence = 93, .acknowledgement = 58, .text = "pwd"},
                {.from = 's', .flags = "PA", .sequence = 90, .acknowledgement = 54, .text = "usr"},
            },
        .expected = "open c\nc 0 AUTH\ns 0 usr\nc 4 user\ns 3 pwd\nclose end\n",
    },
    {
        .name = "in the middle, the other side for a short time only",
        .steps =
            {
                CLIENT(50, 90, "a"),
                CLIENT(51, 100, "b"),
                CLIENT(52, 110, "c"),
                CLIENT(53, 120, "d"),
                CLIENT(54, 130, "e"),
                CLIENT(55, 140, "f"),
                CLIENT(56, 150, "g"),
                SERVER(150, 57, "250"),
                CLIENT(57, 153, "h"),
            },
        .expected = "open c\nc 0 a\nc 1 b\nc 2 c\nc 3 d\nc 4 e\nc 5 f\nc 6 g\ns 0 250\nc 7 h\n"
                    "close end\n",
    },
    {
        .name = "in the middle, octets that are sent again",
        .steps =
            {
                {.from = 's', .flags = "PA", .sequence = 90, .acknowledgement = 60, .text = "250"},
                {.from = 'c', .flags = "PA", .sequence = 50, .acknowledgement = 90, .text = "RSET"},
                {.from = 'c', .flags = "PA", .sequence = 60, .acknowledgement = 93, .text = "QUIT"},
                {.from = 's', .flags = "PA", .sequence = 93, .acknowledgement = 64, .text = "221"},
            },
        .expected = "open s\nc 0 RSET\nc gap 4+6 uncaptured\ns 0 250\nc 10 QUIT\ns 3 221\n"
                    "close end\n",
    },
    {
        .name = "in the middle, an empty probe before the first octets",
        .steps =
            {
                {.from = 'c', .flags = "A", .sequence = 49, .acknowledgement = 90},
                {.from = 'c', .flags = "PA", .sequence = 50, .acknowledgement = 90, .text = "NOOP"},
            },
        .expected = "open c\nc 0 NOOP\nclose end\n",
    },
    {
        .name = "one direction only",
        .steps =
            {
                {.from = 'c', .flags = "S"},
                {.from = 'c', .flags = "A", .sequence = 1, .acknowledgement = 1},
                {.from = 'c', .flags = "A", .sequence = 1, .acknowledgement = 50, .text = "EHLO"},
                {.from = 'c', .flags = "A", .sequence = 5, .acknowledgement = 90, .text = "QUIT"},
                {.from = 'c', .flags = "FA", .sequence = 9, .acknowledgement = 99},
            },
        .expected = "open c\nc syn 0\nc 0 EHLO\nc 4 QUIT\nc fin 8\nclose fin\n",
    },
};

static void test_handshakes(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        print_message("# %s\n", cases[i].name);
        assert_streams(NULL, cases[i].steps, cases[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_handshakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
