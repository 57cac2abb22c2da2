/* Golden transcripts, ladders and answers. MAILWALK_REGENERATE=1 writes the files anew; then read
 * the difference as code. */

#include "tests/support/test.h"

#include "tests/support/talk-script.h"
#include "ui/report/ladder.h"
#include "ui/report/questions.h"
#include "ui/report/transcript.h"
#include "ui/timeline/step-builder.h"

static const TalkLine delivery[] = {
    TALK_SERVER("220 mail.hamburger.edu ESMTP\r\n"),
    TALK_CLIENT("EHLO mail.crepes.fr\r\n"),
    TALK_SERVER("250-mail.hamburger.edu\r\n250-PIPELINING\r\n250-AUTH PLAIN\r\n250 XYZZY\r\n"),
    TALK_CLIENT("AUTH PLAIN AGFsaWNlAGtldGNodXA=\r\n"),
    TALK_SERVER("235 2.7.0 in\r\n"),
    TALK_CLIENT("MAIL FROM:<alice@crepes.fr>\r\nRCPT TO:<carol@hamburger.edu>\r\n"),
    TALK_SERVER("250 2.1.0 sender\r\n550 5.1.1 nobody of that name\r\n"),
    TALK_CLIENT("RCPT TO:<bob@hamburger.edu>\r\n"),
    TALK_SERVER("250 2.1.5 recipient\r\n"),
    TALK_CLIENT("DATA\r\n"),
    TALK_SERVER("354 go ahead\r\n"),
    TALK_CLIENT("From: Alice <alice@crepes.fr>\r\nTo: bob@hamburger.edu\r\nSubject: Picture\r\n"
                "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHere it is.\r\n"),
    TALK_CLIENT("--b\r\nContent-Type: image/gif; name=crepe.gif\r\n"
                "Content-Transfer-Encoding: base64\r\n"
                "Content-Disposition: attachment; filename=crepe.gif\r\n\r\n"
                "R0lGODlhAQABAAAAACw=\r\n--b--\r\n.\r\n"),
    TALK_SERVER("250 2.0.0 queued as 4F2A\r\n"),
    TALK_CLIENT("QUIT\r\n"),
    TALK_SERVER("221 2.0.0 bye\r\n"),
};

static const TalkLine retrieval[] = {
    TALK_SERVER("+OK POP3 <1896.697170952@dbc.mtview.ca.us>\r\n"),
    TALK_CLIENT("CAPA\r\n"),
    TALK_SERVER("+OK\r\nTOP\r\nUIDL\r\nSASL PLAIN\r\n.\r\n"),
    TALK_CLIENT("USER bob\r\n"),
    TALK_SERVER("+OK\r\n"),
    TALK_CLIENT("PASS hungry\r\n"),
    TALK_SERVER("+OK 1 message\r\n"),
    TALK_CLIENT("LIST\r\n"),
    TALK_SERVER("+OK\r\n1 51\r\n.\r\n"),
    TALK_CLIENT("RETR 1\r\n"),
    TALK_SERVER("+OK 51 octets\r\nFrom: alice@crepes.fr\r\nSubject: Ketchup\r\n\r\nLots.\r\n.\r\n"),
    TALK_CLIENT("DELE 1\r\n"),
    TALK_SERVER("+OK\r\n"),
    TALK_CLIENT("QUIT\r\n"),
    TALK_SERVER("+OK bye\r\n"),
};

static void on_event(gpointer owner, const DissectEvent *event)
{
    step_builder_event(owner, event);
}

static void on_frame(
    gpointer owner,
    const Packet *packet,
    Conversation *conversation,
    StreamDirection direction,
    guint32 notes
)
{
    step_builder_frame(owner, packet, conversation, direction, notes);
}

typedef struct {
    const TalkLine *lines;
    gsize count;
    guint16 port;
} Talk;

#define TALK(lines, port)                                                                          \
    {                                                                                              \
        lines, G_N_ELEMENTS(lines), port                                                           \
    }

/* Both talks frame by frame in turn, as two clients at once would look. */
static void feed(Dissector *dissector, const Talk *talks, gsize count)
{
    g_autoptr(GPtrArray) first =
        talk_script_frames(talks[0].lines, talks[0].count, 40001, talks[0].port);
    if (count == 1) {
        talk_script_feed(dissector, first, 1);
        return;
    }
    g_autoptr(GPtrArray) second =
        talk_script_frames(talks[1].lines, talks[1].count, 40002, talks[1].port);
    guint64 number = 1;
    for (guint i = 0; i < MAX(first->len, second->len); i++) {
        const GPtrArray *const both[] = {first, second};
        for (gsize j = 0; j < 2; j++) {
            if (i < both[j]->len) {
                g_autoptr(GPtrArray) one = g_ptr_array_new();
                g_ptr_array_add(one, both[j]->pdata[i]);
                talk_script_feed(dissector, one, number++);
            }
        }
    }
}

static void dissect(const Talk *talks, gsize count, const StepBuilderOptions *options)
{
    g_autoptr(StepBuilder) builder = step_builder_new(options);
    DissectSink sink = {.event = on_event, .frame = options->wants_frames ? on_frame : NULL};
    g_autoptr(Dissector) dissector = dissector_new(NULL, &sink, builder);
    feed(dissector, talks, count);
    dissector_finish(dissector);
}

static char *transcript_of(const Talk *talks, gsize count, StepLevel level, guint width)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    TranscriptOptions how = {.level = level, .width = width};
    Transcript *transcript = transcript_new(stream, &how);
    StepBuilderOptions options = {
        .wants_frames = level == STEP_LEVEL_PACKETS,
        .step = transcript_step,
        .owner = transcript,
    };
    dissect(talks, count, &options);
    assert_true(transcript_finish(transcript));
    transcript_free(transcript);
    fclose(stream);
    return text;
}

static void check_golden(const char *name, const char *text)
{
    const char *root = g_getenv("MAILWALK_TESTS");
    g_autofree char *file = g_strconcat(name, ".txt", NULL);
    g_autofree char *path =
        g_build_filename(root == NULL ? "tests" : root, "ui/report/transcripts", file, NULL);
    g_autofree char *expected = NULL;
    if (g_getenv("MAILWALK_REGENERATE") != NULL) {
        assert_true(g_file_set_contents(path, text, -1, NULL));
    }
    if (!g_file_get_contents(path, &expected, NULL, NULL)) {
        fail_msg("cannot read %s", path);
    }
    assert_string_equal(text, expected);
}

static void test_golden(void **state)
{
    static const struct {
        const char *name;
        Talk talks[2];
        gsize count;
        StepLevel level;
        guint width;
    } cases[] = {
        {"delivery-80", {TALK(delivery, 25)}, 1, STEP_LEVEL_DIALOGUE, 80},
        {"delivery-160", {TALK(delivery, 25)}, 1, STEP_LEVEL_DIALOGUE, 160},
        {"delivery-story", {TALK(delivery, 25)}, 1, STEP_LEVEL_STORY, 80},
        {"delivery-packets", {TALK(delivery, 25)}, 1, STEP_LEVEL_PACKETS, 80},
        {"retrieval-80", {TALK(retrieval, 110)}, 1, STEP_LEVEL_DIALOGUE, 80},
        {"interleaved-120",
         {TALK(delivery, 25), TALK(retrieval, 110)},
         2,
         STEP_LEVEL_DIALOGUE,
         120},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            transcript_of(cases[i].talks, cases[i].count, cases[i].level, cases[i].width);
        check_golden(cases[i].name, text);
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        for (guint j = 0; lines[j] != NULL; j++) {
            assert_true(text_width(lines[j]) <= cases[i].width);
        }
    }
}

static Timeline *timeline_of(const Talk *talks, gsize count)
{
    Timeline *timeline = timeline_new();
    StepBuilderOptions options = {.step = timeline_add, .owner = timeline};
    dissect(talks, count, &options);
    return timeline;
}

static void test_ladder(void **state)
{
    static const Talk talks[] = {TALK(delivery, 25), TALK(retrieval, 110)};
    (void)state;
    g_autoptr(Timeline) timeline = timeline_of(talks, 2);
    for (int is_ascii = 0; is_ascii < 2; is_ascii++) {
        TextLayout layout;
        LadderOptions options = {.level = STEP_LEVEL_DIALOGUE, .is_ascii = is_ascii};
        text_layout_init_plain(&layout, 100);
        ladder_write(&layout, timeline, &options);
        check_golden(is_ascii ? "ladder-ascii" : "ladder", layout.text->str);
        text_layout_clear(&layout);
    }
}

static void test_questions(void **state)
{
    static const Talk talks[] = {TALK(delivery, 25), TALK(retrieval, 110)};
    (void)state;
    g_autoptr(Timeline) timeline = timeline_of(talks, 2);
    for (int form = QUESTIONS_ANSWERED; form <= QUESTIONS_SHEET; form++) {
        TextLayout layout;
        text_layout_init_plain(&layout, 80);
        questions_write(&layout, timeline, (QuestionsForm)form);
        check_golden(form == QUESTIONS_SHEET ? "questions-sheet" : "questions", layout.text->str);
        text_layout_clear(&layout);
    }
}

/* Nothing that a peer sends may steer a terminal or look like a line of ours. */
static void test_hostile_octets(void **state)
{
    static const TalkLine lines[] = {
        TALK_SERVER("220 \033[2J\033]0;owned\007 mail\r\n"),
        TALK_CLIENT("EHLO \xe2\x80\xae"
                    "fr.seperc\r\n"),
        TALK_SERVER("250-\x9b"
                    "31m hi\r\n250-\033[31mSIZE\r\n250 A\0B\r\n"),
        TALK_CLIENT("MAIL FROM:<a\x1b[0m@crepes.fr>\r\n"),
        TALK_SERVER("250 ok\r\n"),
        TALK_CLIENT("RCPT TO:<\xff\xfe@crepes.fr>\r\n"),
        TALK_SERVER("250 ok\r\n"),
        TALK_CLIENT("DATA\r\n"),
        TALK_SERVER("354 \x08\x08\x08go\r\n"),
        TALK_CLIENT("Subject: =?utf-8?q?=1b[2J=0aStream_9_=e2=80=ae?=\r\n"
                    "From: \xc2\x9b"
                    "2J <script>alert(1)</script>\r\n"
                    "Content-Type: \033text/../..; name=\"../../\033[2J\"\r\n\r\nx\r\n.\r\n"),
        TALK_SERVER("250 ok\r\n"),
    };
    static const Talk talks[] = {TALK(lines, 25)};
    (void)state;
    for (guint width = 20; width <= 160; width += 35) {
        g_autofree char *text = transcript_of(talks, 1, STEP_LEVEL_PACKETS, width);
        assert_true(g_utf8_validate(text, -1, NULL));
        for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
            gunichar letter = g_utf8_get_char(at);
            assert_true(letter == '\n' || !g_unichar_iscntrl(letter));
            assert_true(letter < 0x202a || letter > 0x202e);
        }
        assert_null(strstr(text, "\nStream 9"));
        assert_null(strstr(text, "\nStream_9"));
    }
}

static void test_same_output_on_every_run(void **state)
{
    static const Talk talks[] = {TALK(delivery, 25), TALK(retrieval, 110)};
    (void)state;
    g_autofree char *once = transcript_of(talks, 2, STEP_LEVEL_PACKETS, 90);
    g_autofree char *again = transcript_of(talks, 2, STEP_LEVEL_PACKETS, 90);
    assert_string_equal(once, again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_ladder),
        cmocka_unit_test(test_questions),
        cmocka_unit_test(test_hostile_octets),
        cmocka_unit_test(test_same_output_on_every_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
