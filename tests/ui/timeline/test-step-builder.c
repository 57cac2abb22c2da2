#include "tests/support/test.h"

#include "tests/support/talk-script.h"
#include "ui/timeline/step-builder.h"
#include "ui/timeline/timeline.h"

typedef struct {
    Timeline *timeline;
    StepBuilder *builder;
} Bench;

static void on_event(gpointer owner, const DissectEvent *event)
{
    step_builder_event(owner, event);
}

#define CLIENT_PORT 40000

/* As behind a tap that sees one direction only. */
static void keep_the_client(GPtrArray *frames)
{
    for (guint i = frames->len; i > 0; i--) {
        const guint8 *port = ((GByteArray *)frames->pdata[i - 1])->data + 34;
        if ((port[0] << 8 | port[1]) != CLIENT_PORT) {
            g_ptr_array_remove_index(frames, i - 1);
        }
    }
}

static Timeline *build_sides(
    const TalkLine *lines,
    gsize count,
    guint16 port,
    const char *password,
    bool shows,
    bool has_one_side
)
{
    Timeline *timeline = timeline_new();
    StepBuilderOptions options = {
        .show_secrets = shows, .password = password, .step = timeline_add, .owner = timeline};
    g_autoptr(StepBuilder) builder = step_builder_new(&options);
    DissectSink sink = {.event = on_event};
    g_autoptr(Dissector) dissector = dissector_new(NULL, &sink, builder);
    g_autoptr(GPtrArray) frames = talk_script_frames(lines, count, CLIENT_PORT, port);
    if (has_one_side) {
        keep_the_client(frames);
    }
    talk_script_feed(dissector, frames, 1);
    dissector_finish(dissector);
    return timeline;
}

static Timeline *
build(const TalkLine *lines, gsize count, guint16 port, const char *password, bool shows)
{
    return build_sides(lines, count, port, password, shows, false);
}

static const Step *find(const Timeline *timeline, const char *text)
{
    for (guint i = 0; i < timeline_count(timeline); i++) {
        const Step *step = timeline_step(timeline, i);
        if (g_str_has_prefix(step->text, text)) {
            return step;
        }
    }
    fail_msg("no step says %s", text);
    return NULL;
}

static const StepDetail *find_detail(const Step *step, const char *label)
{
    for (guint i = 0; i < step->details->len; i++) {
        const StepDetail *detail = &g_array_index(step->details, StepDetail, i);
        if (g_str_equal(detail->label, label)) {
            return detail;
        }
    }
    return NULL;
}

static const char *detail(const Step *step, const char *label)
{
    const StepDetail *row = find_detail(step, label);
    return row == NULL ? NULL : row->text;
}

static const TalkLine delivery[] = {
    TALK_SERVER("220 mail.hamburger.edu ESMTP\r\n"),
    TALK_CLIENT("EHLO mail.crepes.fr\r\n"),
    TALK_SERVER("250-mail.hamburger.edu\r\n250-PIPELINING\r\n250 SIZE 1000000\r\n"),
    TALK_CLIENT("MAIL FROM:<alice@crepes.fr>\r\n"),
    TALK_CLIENT("RCPT TO:<carol@hamburger.edu>\r\n"),
    TALK_SERVER("250 2.1.0 sender\r\n"),
    TALK_SERVER("550 5.1.1 nobody of that name\r\n"),
    TALK_CLIENT("RCPT TO:<bob@hamburger.edu>\r\n"),
    TALK_SERVER("250 2.1.5 recipient\r\n"),
    TALK_CLIENT("DATA\r\n"),
    TALK_SERVER("354 go ahead\r\n"),
    TALK_CLIENT("From: Alice <alice@crepes.fr>\r\nSubject: Ketchup\r\n\r\nDo you like it?\r\n.\r\n"
    ),
    TALK_SERVER("250 2.0.0 queued\r\n"),
    TALK_CLIENT("QUIT\r\n"),
    TALK_SERVER("221 bye\r\n"),
};

static void test_why(void **state)
{
    static const struct {
        const char *text;
        const char *why;
    } cases[] = {
        {"220 mail", "The connection is open, and the server speaks first."},
        {"EHLO", "The greeting came in step 6, so the client may say who it is."},
        {"250-mail", "It answers EHLO of step 7."},
        {"MAIL", "EHLO was answered in step 8, so a mail transaction may begin."},
        {"RCPT TO:<carol",
         "Sent without waiting for the answer to step 9: PIPELINING was offered in step 8."},
        {"250 2.1.0", "It answers MAIL of step 9."},
        {"550", "It answers RCPT of step 10."},
        {"RCPT TO:<bob", "The recipient before was refused in step 12; here is another."},
        {"DATA", "A recipient was accepted in step 14, so the message may follow."},
        {"message", "Step 16 asked for it with 354."},
        {"250 2.0.0", "It answers DATA of step 15."},
        {"QUIT", "Everything before has been answered, last in step 18."},
    };

    (void)state;
    g_autoptr(Timeline) timeline = build(delivery, G_N_ELEMENTS(delivery), 25, NULL, false);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        assert_string_equal(find(timeline, cases[i].text)->why, cases[i].why);
    }
}

static void test_steps_of_a_delivery(void **state)
{
    (void)state;
    g_autoptr(Timeline) timeline = build(delivery, G_N_ELEMENTS(delivery), 25, NULL, false);
    const Step *connection = timeline_step(timeline, 0);
    assert_int_equal(connection->kind, STEP_CONNECTION);
    assert_string_equal(connection->text, "TCP handshake: 3 packets, 1 round trip, 20 ms");
    assert_int_equal(connection->frames->len, 3);
    const Step *offer = find(timeline, "250-mail");
    assert_string_equal(offer->text, "250-mail.hamburger.edu\n250-PIPELINING\n250 SIZE 1000000");
    assert_int_equal(find_detail(offer, "SIZE 1000000")->reference.number, 1870);
    assert_non_null(detail(offer, "PIPELINING"));
    const Step *refusal = find(timeline, "550");
    assert_int_equal(refusal->level, STEP_LEVEL_STORY);
    assert_non_null(detail(refusal, "5.1.1"));
    assert_null(detail(find(timeline, "250 2.1.0"), "2.1.0"));
    const Step *message = find(timeline, "message");
    assert_string_equal(message->text, "message \"Ketchup\" of 68 octets");
    assert_string_equal(
        detail(message, "envelope"), "from <alice@crepes.fr> to <bob@hamburger.edu>"
    );
    assert_string_equal(detail(message, "content"), "text/plain, 7bit, 17 octets");
    assert_true(g_str_has_prefix(detail(message, "complete"), "68 octets, sha256 "));
    const Step *queued = find(timeline, "250 2.0.0");
    assert_int_equal(queued->duration_ns, TALK_FRAME_NS); /* since the message, not since DATA */
    const Step *closed = timeline_step(timeline, timeline_count(timeline) - 1);
    assert_int_equal(closed->kind, STEP_CLOSED);
    assert_string_equal(closed->text, "closed by the client (FIN)");
}

static void test_numbers_and_frames_find_steps(void **state)
{
    (void)state;
    g_autoptr(Timeline) timeline = build(delivery, G_N_ELEMENTS(delivery), 25, NULL, false);
    const Step *ehlo = find(timeline, "EHLO");
    assert_ptr_equal(timeline_find(timeline, ehlo->number), ehlo);
    assert_null(timeline_find(timeline, 100000));
    guint index = 0;
    const Step *found;
    assert_true(timeline_next_of_frame(timeline, 5, &index, &found));
    assert_ptr_equal(found, ehlo);
    assert_false(timeline_next_of_frame(timeline, 5, &index, &found));
}

/* RFC 2195 §2: the example's own name, password, challenge and digest. */
static const TalkLine cram[] = {
    TALK_SERVER("220 ready\r\n"),
    TALK_CLIENT("EHLO crepes.fr\r\n"),
    TALK_SERVER("250-hi\r\n250 AUTH CRAM-MD5\r\n"),
    TALK_CLIENT("AUTH CRAM-MD5\r\n"),
    TALK_SERVER("334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+\r\n"),
    TALK_CLIENT("dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\r\n"),
    TALK_SERVER("235 in\r\n"),
};

static void test_cram_is_checked(void **state)
{
    (void)state;
    g_autoptr(Timeline) right = build(cram, G_N_ELEMENTS(cram), 587, "tanstaaftanstaaf", false);
    g_autoptr(Timeline) wrong = build(cram, G_N_ELEMENTS(cram), 587, "crepe", false);
    const Step *challenge = find(right, "334");
    assert_string_equal(detail(challenge, "decoded"), "<1896.697170952@postoffice.reston.mci.net>");
    const Step *log_in = find(right, "tim with CRAM-MD5");
    assert_string_equal(detail(log_in, "computed"), "b913a602c7eda7a495b4e6e7334d3890");
    assert_true(g_str_has_prefix(detail(log_in, "check"), "the same"));
    assert_true(g_str_has_prefix(detail(find(wrong, "tim with CRAM-MD5"), "check"), "not what"));
}

/* RFC 1939 §7: the example of APOP. */
static const TalkLine apop[] = {
    TALK_SERVER("+OK POP3 <1896.697170952@dbc.mtview.ca.us>\r\n"),
    TALK_CLIENT("APOP mrose c4c9334bac560ecc979e58001b3e22fb\r\n"),
    TALK_SERVER("+OK maildrop has 1 message\r\n"),
    TALK_CLIENT("RETR 1\r\n"),
    TALK_SERVER("+OK\r\nSubject: Hi\r\n\r\nHi.\r\n.\r\n"),
    TALK_CLIENT("DELE 1\r\n"),
    TALK_SERVER("+OK\r\n"),
    TALK_CLIENT("QUIT\r\n"),
    TALK_SERVER("+OK\r\n"),
};

static void test_apop_is_checked(void **state)
{
    (void)state;
    g_autoptr(Timeline) timeline = build(apop, G_N_ELEMENTS(apop), 110, "tanstaaf", false);
    const Step *log_in = find(timeline, "mrose with APOP");
    assert_string_equal(detail(log_in, "computed"), "c4c9334bac560ecc979e58001b3e22fb");
    assert_true(g_str_has_prefix(detail(log_in, "check"), "the same"));
    const Step *deletion = find(timeline, "DELE");
    assert_true(g_str_has_prefix(deletion->why, "The client has had this message since step "));
}

static const TalkLine plain[] = {
    TALK_SERVER("220 ready\r\n"),
    TALK_CLIENT("EHLO crepes.fr\r\n"),
    TALK_SERVER("250-hi\r\n250 AUTH PLAIN LOGIN\r\n"),
    TALK_CLIENT("AUTH PLAIN AGFsaWNlAGtldGNodXA=\r\n"),
    TALK_SERVER("535 no\r\n"),
    TALK_CLIENT("AUTH LOGIN\r\n"),
    TALK_SERVER("334 VXNlcm5hbWU6\r\n"),
    TALK_CLIENT("YWxpY2U=\r\n"),
    TALK_SERVER("334 UGFzc3dvcmQ6\r\n"),
    TALK_CLIENT("a2V0Y2h1cA==\r\n"),
    TALK_SERVER("235 in\r\n"),
};

static bool says(const Timeline *timeline, const char *text)
{
    for (guint i = 0; i < timeline_count(timeline); i++) {
        const Step *step = timeline_step(timeline, i);
        if (strstr(step->text, text) != NULL) {
            return true;
        }
        for (guint j = 0; j < step->details->len; j++) {
            if (strstr(g_array_index(step->details, StepDetail, j).text, text) != NULL) {
                return true;
            }
        }
    }
    return false;
}

static void test_secrets_are_masked(void **state)
{
    static const char *const secrets[] = {"ketchup", "AGFsaWNl", "a2V0Y2h1cA"};
    (void)state;
    g_autoptr(Timeline) masked = build(plain, G_N_ELEMENTS(plain), 587, NULL, false);
    g_autoptr(Timeline) shown = build(plain, G_N_ELEMENTS(plain), 587, NULL, true);
    for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++) {
        assert_false(says(masked, secrets[i]));
        assert_true(says(shown, secrets[i]));
    }
    assert_string_equal(detail(find(masked, "YWxpY2U="), "decoded"), "alice");
    assert_string_equal(detail(find(shown, "AUTH PLAIN"), "decoded"), "[NUL]alice[NUL]ketchup");
}

/* Before the log-in there is nothing that QUIT could delete: RFC 1939 §4. */
static void test_quit_before_the_log_in(void **state)
{
    static const TalkLine early[] = {
        TALK_SERVER("+OK ready\r\n"),
        TALK_CLIENT("QUIT\r\n"),
        TALK_SERVER("+OK bye\r\n"),
    };
    (void)state;
    g_autoptr(Timeline) timeline = build(early, G_N_ELEMENTS(early), 110, NULL, false);
    g_autoptr(Timeline) late = build(apop, G_N_ELEMENTS(apop), 110, NULL, false);
    assert_string_equal(find(timeline, "QUIT")->meaning, "The client hangs up without a log-in.");
    assert_null(strstr(find(timeline, "+OK bye")->meaning, "marked"));
    assert_non_null(strstr(find(late, "QUIT")->meaning, "marked messages are removed"));
}

static void test_one_side_is_a_connection_too(void **state)
{
    (void)state;
    g_autoptr(Timeline) timeline = build_sides(apop, G_N_ELEMENTS(apop), 110, NULL, false, true);
    const char *meaning = find(timeline, "closed by the client (FIN)")->meaning;
    assert_true(g_str_has_prefix(meaning, "The connection is over"));
}

static void test_cookies_are_masked_both_ways(void **state)
{
    static const TalkLine web[] = {
        TALK_CLIENT("GET / HTTP/1.1\r\nHost: h\r\nCookie: id=d538\r\n\r\n"),
        TALK_SERVER("HTTP/1.1 204 No Content\r\nSet-Cookie: id=a117; HttpOnly\r\n\r\n"),
    };
    (void)state;
    g_autoptr(Timeline) masked = build(web, G_N_ELEMENTS(web), 80, NULL, false);
    g_autoptr(Timeline) shown = build(web, G_N_ELEMENTS(web), 80, NULL, true);
    assert_false(says(masked, "d538"));
    assert_false(says(masked, "a117"));
    assert_true(says(masked, "Set-Cookie: "));
    assert_true(says(shown, "d538") && says(shown, "a117"));
}

/* What is said behind a literal has no number of its own, and what the server counts is told by the
 * section that defines it. */
static void test_imap_lines_of_one_answer(void **state)
{
    static const TalkLine lines[] = {
        TALK_SERVER("* OK IMAP4rev1 ready\r\n"),
        TALK_CLIENT("a1 LOGIN bob hungry\r\n"),
        TALK_SERVER("a1 OK in\r\n"),
        TALK_CLIENT("a2 SELECT INBOX\r\n"),
        TALK_SERVER("* OK [UIDNEXT 3] next\r\na2 OK done\r\n"),
        TALK_CLIENT("a3 FETCH 2 RFC822.TEXT\r\n"),
        TALK_SERVER("* 2 FETCH (RFC822.TEXT {2}\r\nHi FLAGS (\\Seen))\r\na3 OK done\r\n"),
        TALK_CLIENT("a4 FETCH 2 (BODY[1.MIME] BODY[HEADER])\r\n"),
        TALK_SERVER("* 2 FETCH (BODY[1.MIME] {26}\r\nContent-Type: text/plain\r\n"),
        TALK_SERVER(" BODY[HEADER] {13}\r\nSubject: a\r\n\r\n)\r\na4 OK done\r\n"),
    };
    (void)state;
    g_autoptr(Timeline) timeline = build(lines, G_N_ELEMENTS(lines), 143, NULL, false);
    const Step *next = find(timeline, "* OK [UIDNEXT");
    assert_string_equal(g_array_index(next->references, RfcReference, 0).section, "7.1");
    assert_non_null(strstr(find(timeline, "* 2 FETCH")->meaning, "message 2"));
    assert_true(g_str_has_prefix(find(timeline, " FLAGS")->meaning, "More data"));
    find(timeline, "MIME header of 26 octets");
    find(timeline, "header \"a\" of ");
}

/* A client that does not wait for the greeting: the greeting is no answer. */
static void test_greeting_answers_nothing(void **state)
{
    static const TalkLine hasty[] = {
        TALK_CLIENT("EHLO crepes.fr\r\n"),
        TALK_SERVER("220 ready\r\n"),
        TALK_SERVER("250 hi\r\n"),
    };
    (void)state;
    g_autoptr(Timeline) timeline = build(hasty, G_N_ELEMENTS(hasty), 25, NULL, false);
    assert_int_equal(find(timeline, "220")->answers, 0);
    assert_string_equal(find(timeline, "250")->why, "It answers EHLO of step 6.");
}

/* What the world tells in between moves all later numbers on, and what they answer too. */
static void test_world_steps_take_numbers_in_between(void **state)
{
    Bench bench = {.timeline = timeline_new()};
    StepBuilderOptions options = {.step = timeline_add, .owner = bench.timeline};
    (void)state;
    bench.builder = step_builder_new(&options);
    DissectSink sink = {.event = on_event};
    g_autoptr(Dissector) dissector = dissector_new(NULL, &sink, bench.builder);
    step_builder_chapter(bench.builder, 0, "Alice writes", NULL);
    g_autoptr(GPtrArray) frames = talk_script_frames(delivery, G_N_ELEMENTS(delivery), 40000, 25);
    talk_script_feed(dissector, frames, 1);
    StepWorldEvent event = {
        .time_ns = TALK_BEGIN_NS,
        .host = "mail.hamburger.edu",
        .kind = "mailbox",
        .text = "1 message",
    };
    step_builder_world(bench.builder, &event);
    dissector_finish(dissector);
    assert_int_equal(timeline_step(bench.timeline, 0)->number, 1);
    assert_int_equal(find(bench.timeline, "EHLO")->number, 8);
    assert_int_equal(find(bench.timeline, "250-mail")->answers, 8);
    for (guint i = 0; i < timeline_count(bench.timeline); i++) {
        const Step *step = timeline_step(bench.timeline, i);
        assert_ptr_equal(timeline_find(bench.timeline, step->number), step);
    }
    step_builder_free(bench.builder);
    timeline_free(bench.timeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_why),
        cmocka_unit_test(test_steps_of_a_delivery),
        cmocka_unit_test(test_numbers_and_frames_find_steps),
        cmocka_unit_test(test_cram_is_checked),
        cmocka_unit_test(test_apop_is_checked),
        cmocka_unit_test(test_secrets_are_masked),
        cmocka_unit_test(test_quit_before_the_log_in),
        cmocka_unit_test(test_one_side_is_a_connection_too),
        cmocka_unit_test(test_cookies_are_masked_both_ways),
        cmocka_unit_test(test_imap_lines_of_one_answer),
        cmocka_unit_test(test_greeting_answers_nothing),
        cmocka_unit_test(test_world_steps_take_numbers_in_between),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
