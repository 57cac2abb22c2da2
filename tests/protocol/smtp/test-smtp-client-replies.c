/* Every kind of reply at every command, said by a server of a few lines that obeys nobody. Whatever
 * it says, the client comes to an end, sends content only where it was asked for, and calls a
 * message delivered only where the server took all of it. */

#include "tests/support/test.h"

#include "protocol/smtp/smtp-client.h"

#define CONTENT "Subject: ketchup\r\n\r\n.Do you like it?\r\n"
#define STUFFED "Subject: ketchup\r\n\r\n..Do you like it?\r\n"

typedef enum {
    STEP_GREETING,
    STEP_EHLO,
    STEP_HELO,
    STEP_AUTH,
    STEP_MAIL,
    STEP_RCPT,
    STEP_SECOND_RCPT,
    STEP_DATA,
    STEP_END,
    STEP_RSET,
    STEP_QUIT,
    N_STEPS,
} Step;

static const char *const step_names[] = {
    "greeting",
    "EHLO",
    "HELO",
    "AUTH",
    "MAIL",
    "RCPT",
    "second RCPT",
    "DATA",
    "end",
    "RSET",
    "QUIT",
};

static const char *const usual[] = {
    "220 hamburger.edu",
    NULL,
    "250 hamburger.edu",
    "235 2.7.0 in",
    "250 sender",
    "250 taken",
    "250 taken",
    "354 go",
    "250 queued",
    "250 reset",
    "221 bye",
};

typedef struct {
    SmtpClient *client;
    Step step; /* where the reply is another one */
    const char *reply;
    bool refuses_ehlo;
    bool refuses_rcpts; /* so that RSET is said */
    bool chunks;
    bool in_content;
    bool is_chunk;
    gsize chunk_left;
    gsize taken; /* octets of 'heard' that have been answered */
    GString *heard;
    GString *answers; /* to be given to the client */
    GString *content;
    guint recipients;
    guint accepted;
    guint delivered; /* messages that were taken whole */
    guint told;      /* messages that the client calls delivered */
    guint results;
    bool server_is_gone;
    bool client_is_done;
    SmtpClientMessage message;
} Play;

/* '2' for "250 ok"; '\0' for what is no reply. */
static char class_of(const char *text)
{
    bool is_code = g_ascii_isdigit(text[0]) && g_ascii_isdigit(text[1]) && g_ascii_isdigit(text[2]);
    return is_code ? text[0] : '\0';
}

static void answer(Play *play, Step step)
{
    const char *text = play->step == step ? play->reply : usual[step];
    if (text == NULL) {
        text = play->chunks ? "250-hamburger.edu\r\n250-CHUNKING\r\n250 AUTH PLAIN"
                            : "250-hamburger.edu\r\n250-PIPELINING\r\n250 AUTH PLAIN";
    }
    if (step == STEP_EHLO && play->refuses_ehlo && play->step != STEP_EHLO) {
        text = "502 what?";
    }
    bool is_rcpt = step == STEP_RCPT || step == STEP_SECOND_RCPT;
    if (is_rcpt && play->refuses_rcpts && play->step != step) {
        text = "550 nobody";
    }
    if (*text == '\0' || g_str_has_prefix(text, "421") || g_str_has_prefix(text, "221")) {
        play->server_is_gone = true;
    }
    if (*text != '\0') {
        g_string_append_printf(play->answers, "%s\r\n", text);
    }
    play->accepted += is_rcpt && class_of(text) == '2';
    play->in_content = step == STEP_DATA && class_of(text) == '3';
    if (step == STEP_END && class_of(text) == '2') {
        assert_string_equal(play->content->str, play->is_chunk ? CONTENT : STUFFED);
        play->delivered++;
    }
}

static void hear_command(Play *play, const char *line)
{
    static const struct {
        const char *verb;
        Step step;
    } verbs[] = {
        {"EHLO ", STEP_EHLO},
        {"HELO ", STEP_HELO},
        {"AUTH PLAIN ", STEP_AUTH},
        {"MAIL FROM:<", STEP_MAIL},
        {"RCPT TO:<", STEP_RCPT},
        {"DATA", STEP_DATA},
        {"RSET", STEP_RSET},
        {"QUIT", STEP_QUIT},
    };

    if (strcmp(line, "*") == 0) { /* RFC 4954 §4: the client cancels AUTH */
        g_string_append(play->answers, "501 cancelled\r\n");
        return;
    }
    if (g_str_has_prefix(line, "BDAT ")) {
        play->chunk_left = (gsize)g_ascii_strtoull(line + 5, NULL, 10);
        g_string_truncate(play->content, 0);
        play->is_chunk = true;
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (g_str_has_prefix(line, verbs[i].verb)) {
            Step step = verbs[i].step;
            play->recipients = step == STEP_MAIL ? 0 : play->recipients;
            if (step == STEP_RCPT && play->recipients++ > 0) {
                step = STEP_SECOND_RCPT;
            }
            g_string_truncate(play->content, 0);
            play->is_chunk = false;
            answer(play, step);
            return;
        }
    }
    fail_msg("the client says \"%s\" where the server said %s", line, play->reply);
}

/* Lines up to the lone dot; octets of a chunk; commands. */
static bool hear_some(Play *play)
{
    gsize left = play->heard->len - play->taken;
    const char *rest = play->heard->str + play->taken;
    if (play->chunk_left > 0) {
        gsize length = MIN(left, play->chunk_left);
        g_string_append_len(play->content, rest, (gssize)length);
        play->chunk_left -= length;
        play->taken += length;
        if (play->chunk_left == 0 && length > 0) {
            answer(play, STEP_END);
        }
        return length > 0;
    }
    const char *end = strstr(rest, "\r\n");
    if (end == NULL) {
        return false;
    }
    g_autofree char *line = g_strndup(rest, (gsize)(end - rest));
    play->taken += strlen(line) + 2;
    if (!play->in_content) {
        hear_command(play, line);
    } else if (strcmp(line, ".") == 0) {
        play->in_content = false;
        if (play->content->len == 0) { /* RFC 2920 §3.1: the client takes DATA back */
            g_string_append(play->answers, "554 no recipients\r\n");
        } else {
            answer(play, STEP_END);
        }
    } else {
        g_string_append_printf(play->content, "%s\r\n", line);
    }
    return true;
}

static void take_events(Play *play)
{
    SmtpClientEvent event;
    while (smtp_client_next_event(play->client, &event)) {
        if (event.kind == SMTP_CLIENT_READY) {
            smtp_client_send(play->client, &play->message);
        } else if (event.kind == SMTP_CLIENT_RESULT) {
            play->results++;
            play->told += event.code / 100 == 2;
            if (play->results == 1) {
                play->accepted = 0;
                smtp_client_send(play->client, &play->message);
            } else {
                smtp_client_quit(play->client);
            }
        } else if (event.kind == SMTP_CLIENT_CLOSED) {
            play->client_is_done = true;
        }
    }
}

static void run_to_the_end(Play *play)
{
    answer(play, STEP_GREETING);
    for (guint turn = 0; turn < 100 && !play->client_is_done; turn++) {
        g_autofree char *said = g_strdup(play->answers->str);
        g_string_truncate(play->answers, 0);
        smtp_client_receive(play->client, byte_span_from_string(said));
        take_events(play);
        for (ByteSpan output = smtp_client_output(play->client); output.length > 0;
             output = smtp_client_output(play->client)) {
            g_string_append_len(play->heard, (const char *)output.data, (gssize)output.length);
            smtp_client_consume_output(play->client, output.length);
        }
        while (!play->server_is_gone && hear_some(play)) {
        }
        if (play->server_is_gone && play->answers->len == 0) {
            smtp_client_hang_up(play->client);
            take_events(play);
        }
    }
}

static void play_one(Step step, const char *reply, guint variant)
{
    static const char *const to_two[] = {"bob@hamburger.edu", "carol@hamburger.edu", NULL};
    bool chunks = (variant & 1u) != 0;
    SmtpClientOptions options = {
        .host_name = "crepes.fr",
        .may_pipeline = (variant & 2u) != 0,
        .may_chunk = chunks,
        .user = step == STEP_AUTH ? "alice" : NULL,
        .password = "butter",
        .shows_password = true,
    };
    Play play = {
        .client = smtp_client_new(&options),
        .step = step,
        .reply = reply,
        .chunks = chunks,
        .refuses_ehlo = step == STEP_HELO,
        .refuses_rcpts = step == STEP_RSET,
        .heard = g_string_new(NULL),
        .answers = g_string_new(NULL),
        .content = g_string_new(NULL),
        .message =
            {
                .reverse_path = "alice@crepes.fr",
                .forward_paths = to_two,
                .content = BYTE_SPAN_LITERAL(CONTENT),
            },
    };
    run_to_the_end(&play);
    if (!play.client_is_done || play.told != play.delivered) {
        fail_msg(
            "\"%s\" to %s, variant %u: %s, %u delivered, %u told\n%s",
            reply,
            step_names[step],
            variant,
            play.client_is_done ? "ended" : "no end",
            play.delivered,
            play.told,
            play.heard->str
        );
    }
    smtp_client_free(play.client);
    g_string_free(play.heard, TRUE);
    g_string_free(play.answers, TRUE);
    g_string_free(play.content, TRUE);
}

static void every_reply_at_every_command(void **state)
{
    static const char *const replies[] = {
        "220 hello",
        "235 in",
        "250 yes",
        "250-yes\r\n250 yes",
        "251 elsewhere",
        "334 ",
        "354 go",
        "421 bye",
        "450 later",
        "452 full",
        "500 what",
        "502 unknown",
        "503 order",
        "550 no",
        "550-no\r\n550 no",
        "554 never",
        "999 odd",
        "nonsense",
        "2",
        "",
        "221 bye",
        "251",
        "150 patience",
        "252 perhaps",
        "535 5.7.8 wrong",
    };

    (void)state;
    for (guint step = 0; step < N_STEPS; step++) {
        for (gsize i = 0; i < G_N_ELEMENTS(replies); i++) {
            for (guint variant = 0; variant < 4; variant++) {
                play_one((Step)step, replies[i], variant);
            }
        }
    }
}

/* RFC 5321 §4.5.3.2: five minutes for the greeting and each command, two for 354, ten at the end.
 */
static void patience_is_that_of_the_rfc(void **state)
{
    static const struct {
        const char *heard;
        gint64 minutes;
    } steps[] = {
        {"", 5},
        {"220 h\r\n", 5},
        {"250 h\r\n", 5},
        {"250 ok\r\n", 5},
        {"250 ok\r\n", 2},
        {"354 go\r\n", 10},
        {"250 ok\r\n", 5},
    };

    static const char *const to_bob[] = {"bob@hamburger.edu", NULL};
    SmtpClientOptions options = {.host_name = "crepes.fr"};
    SmtpClientMessage message = {
        .reverse_path = "alice@crepes.fr",
        .forward_paths = to_bob,
        .content = BYTE_SPAN_LITERAL(CONTENT),
    };
    g_autoptr(SmtpClient) client = smtp_client_new(&options);
    SmtpClientEvent event;
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        smtp_client_receive(client, byte_span_from_string(steps[i].heard));
        while (smtp_client_next_event(client, &event)) {
            if (event.kind == SMTP_CLIENT_READY) {
                smtp_client_send(client, &message);
            }
        }
        smtp_client_consume_output(client, smtp_client_output(client).length);
        assert_int_equal(
            smtp_client_patience_us(client), steps[i].minutes * 60 * G_GINT64_CONSTANT(1000000)
        );
    }
}

/* A server that does not wait for the commands which it answers, heard in pieces of that length:
 * what the client says and tells. */
static char *hear_in_advance(gsize piece)
{
    static const char answers[] =
        "220 h\r\n250 h\r\n250 ok\r\n550 no\r\n250 ok\r\n354 go\r\n250 ok\r\n"
        "250 one too many\r\n221 bye\r\n";
    static const char *const to_two[] = {"bob@hamburger.edu", "carol@hamburger.edu", NULL};
    SmtpClientOptions options = {.host_name = "crepes.fr"};
    SmtpClientMessage message = {
        .reverse_path = "alice@crepes.fr",
        .forward_paths = to_two,
        .content = BYTE_SPAN_LITERAL(CONTENT),
    };
    g_autoptr(SmtpClient) client = smtp_client_new(&options);
    g_autoptr(GString) told = g_string_new(NULL);
    g_autoptr(GString) said = g_string_new(NULL);
    SmtpClientEvent event;
    for (gsize at = 0; at < strlen(answers); at += piece) {
        gsize length = MIN(piece, strlen(answers) - at);
        smtp_client_receive(client, byte_span(answers + at, length));
        while (smtp_client_next_event(client, &event)) {
            g_string_append_printf(told, "(%d %u)", (int)event.kind, event.code);
            if (event.kind == SMTP_CLIENT_READY) {
                smtp_client_send(client, &message);
            } else if (event.kind == SMTP_CLIENT_RESULT) {
                smtp_client_quit(client);
            }
        }
        ByteSpan output = smtp_client_output(client);
        g_string_append_len(said, (const char *)output.data, (gssize)output.length);
        smtp_client_consume_output(client, output.length);
    }
    return g_strconcat(told->str, said->str, NULL);
}

static void the_pieces_of_answers_do_not_matter(void **state)
{
    g_autofree char *whole = hear_in_advance(G_MAXSIZE / 2);
    (void)state;
    assert_non_null(strstr(whole, STUFFED));
    assert_non_null(strstr(whole, "QUIT\r\n"));
    for (gsize piece = 1; piece < 60; piece++) {
        g_autofree char *pieces = hear_in_advance(piece);
        assert_string_equal(pieces, whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reply_at_every_command),
        cmocka_unit_test(patience_is_that_of_the_rfc),
        cmocka_unit_test(the_pieces_of_answers_do_not_matter),
    };
    return cmocka_run_group_tests_name("smtp-client-replies", tests, NULL, NULL);
}
