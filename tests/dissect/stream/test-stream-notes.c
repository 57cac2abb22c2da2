#include "tests/support/stream-steps.h"
#include "tests/support/test.h"

/* The line of the last frame of some steps, as the packets level would show it. */
typedef struct {
    const char *name;
    StreamStep steps[16];
    const char *expected;
} NoteCase;

static const NoteCase cases[] = {
    {
        .name = "nothing to say",
        .steps = {HANDSHAKE, CLIENT(1, 1, "abcd")},
        .expected = "c #4:",
    },
    {
        .name = "sent again",
        .steps =
            {HANDSHAKE, CLIENT(1, 1, "abcd"), SEGMENT('c', 1, 1, .text = "abcd", .wait_ms = 900)},
        .expected = "c #5: [retransmission]",
    },
    {
        .name = "sent again although it was acknowledged",
        .steps = {HANDSHAKE, CLIENT(1, 1, "abcd"), SERVER(1, 5, NULL), CLIENT(1, 1, "abcd")},
        .expected = "c #6: [retransmission] [needless retransmission]",
    },
    {
        .name = "sent again after duplicate acknowledgements",
        .steps =
            {
                HANDSHAKE,
                CLIENT(1, 1, "abcd"),
                CLIENT(9, 1, "ijkl"),
                SERVER(1, 5, NULL),
                SERVER(1, 5, NULL),
                SERVER(1, 5, NULL),
                CLIENT(5, 1, "efgh"),
            },
        .expected = "c #9: [retransmission] [fast retransmission]",
    },
    {
        .name = "a duplicate acknowledgement",
        .steps = {HANDSHAKE, CLIENT(1, 1, "abcd"), SERVER(1, 5, NULL), SERVER(1, 5, NULL)},
        .expected = "s #6: [duplicate acknowledgement]",
    },
    {
        .name = "octets missing before it",
        .steps = {HANDSHAKE, CLIENT(5, 1, "efgh")},
        .expected = "c #4: [octets before it were not seen]",
    },
    {
        .name = "overtaken",
        .steps = {HANDSHAKE, CLIENT(5, 1, "efgh"), CLIENT(1, 1, "abcd")},
        .expected = "c #5: [out of order]",
    },
    {
        .name = "acknowledges what was not seen",
        .steps = {HANDSHAKE, SERVER(1, 9, NULL)},
        .expected = "s #4: [acknowledges octets that were not seen]",
    },
    {
        .name = "the window closed",
        .steps = {HANDSHAKE, SEGMENT('s', 1, 1, .has_no_window = true)},
        .expected = "s #4: [zero window]",
    },
    {
        .name = "a probe of a closed window",
        .steps = {HANDSHAKE, SEGMENT('s', 1, 1, .has_no_window = true), CLIENT(1, 1, "a")},
        .expected = "c #5: [zero window probe]",
    },
    {
        .name = "the answer to it",
        .steps =
            {
                HANDSHAKE,
                SEGMENT('s', 1, 1, .has_no_window = true),
                CLIENT(1, 1, "a"),
                SEGMENT('s', 1, 1, .has_no_window = true),
            },
        .expected = "s #6: [zero window] [answer to a zero window probe]",
    },
    {
        .name = "the window opened",
        .steps =
            {HANDSHAKE,
             SEGMENT('s', 1, 1, .has_no_window = true),
             SEGMENT('s', 1, 1, .window = 100)},
        .expected = "s #5: [window update]",
    },
    {
        .name = "the window filled",
        .steps = {HANDSHAKE, SEGMENT('s', 1, 1, .window = 4), CLIENT(1, 1, "abcd")},
        .expected = "c #5: [window full]",
    },
    {
        .name = "a keep-alive",
        .steps = {HANDSHAKE, CLIENT(1, 1, "abcd"), SERVER(1, 5, NULL), CLIENT(4, 1, NULL)},
        .expected = "c #6: [keep-alive]",
    },
    {
        .name = "its answer",
        .steps =
            {
                HANDSHAKE,
                CLIENT(1, 1, "abcd"),
                SERVER(1, 5, NULL),
                CLIENT(4, 1, NULL),
                SERVER(1, 5, NULL),
            },
        .expected = "s #7: [answer to a keep-alive]",
    },
    {
        .name = "the ports used again",
        .steps = {HANDSHAKE, {.from = 'c', .flags = "S", .client_base = 9000}},
        .expected = "c #4: [port reused]",
    },
    {
        .name = "a bad checksum",
        .steps = {HANDSHAKE, SEGMENT('c', 1, 1, .text = "a", .has_bad_checksum = true)},
        .expected = "c #4: [bad checksum]",
    },
    {
        .name = "cut",
        .steps = {HANDSHAKE, SEGMENT('c', 1, 1, .text = "abcd", .cut = 2)},
        .expected = "c #4: [cut by the snapshot length]",
    },
    {
        .name = "not of this stream",
        .steps = {HANDSHAKE, CLIENT(0x60000000, 1, "abcd")},
        .expected = "c #4: [not part of the stream]",
    },
    {
        .name = "after the end",
        .steps = {HANDSHAKE, CLIENT_FIN(1, 1), SERVER_FIN(1, 2), CLIENT(2, 2, NULL)},
        .expected = "c #6: [after the end of the stream]",
    },
};

static void test_notes(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        print_message("# %s\n", cases[i].name);
        StreamRecorder recorder;
        stream_recorder_init(&recorder, NULL, true);
        stream_recorder_steps(&recorder, cases[i].steps);
        g_autofree char *key = g_strdup_printf("#%" G_GUINT64_FORMAT ":", recorder.frame);
        const char *place = strstr(recorder.log->str, key);
        assert_non_null(place);
        g_autofree char *line = g_strndup(place - 2, strcspn(place - 2, "\n"));
        assert_string_equal(line, cases[i].expected);
        stream_recorder_clear(&recorder);
    }
}

/* Showing frames changes nothing in what the streams carry. */
static void test_notes_change_nothing(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        GString *logs[2];
        for (guint shows = 0; shows < 2; shows++) {
            StreamRecorder recorder;
            stream_recorder_init(&recorder, NULL, shows == 1);
            stream_recorder_steps(&recorder, cases[i].steps);
            stream_table_finish(recorder.table);
            logs[shows] = g_string_new(NULL);
            g_auto(GStrv) lines = g_strsplit(recorder.log->str, "\n", -1);
            for (guint j = 0; lines[j] != NULL; j++) {
                if (strchr(lines[j], '#') == NULL) {
                    g_string_append_printf(logs[shows], "%s\n", lines[j]);
                }
            }
            stream_recorder_clear(&recorder);
        }
        assert_string_equal(logs[0]->str, logs[1]->str);
        g_string_free(logs[0], TRUE);
        g_string_free(logs[1], TRUE);
    }
}

static void test_every_note_has_a_text(void **state)
{
    (void)state;
    for (guint bit = 0; bit < FRAME_NOTE_COUNT; bit++) {
        assert_true(strlen(frame_note_text(1u << bit)) > 3);
    }
    for (guint reason = 0; reason <= STREAM_CLOSED_CAPTURE_END; reason++) {
        assert_true(strlen(stream_close_reason_text(reason)) > 3);
    }
    for (guint reason = 0; reason <= STREAM_GAP_GIVEN_UP; reason++) {
        assert_true(strlen(stream_gap_reason_text(reason)) > 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_notes_change_nothing),
        cmocka_unit_test(test_every_note_has_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
