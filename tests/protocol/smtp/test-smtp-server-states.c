/* Every command in every state: what RFC 5321 and the RFCs of the extensions demand, read from the
 * rows of the vocabulary. */

#include "tests/support/test.h"

#include "protocol/smtp/smtp-server.h"

#define ALL_OFFERS                                                                                 \
    (SMTP_OFFER_USUAL | SMTP_OFFER_BINARYMIME | SMTP_OFFER_STARTTLS | SMTP_OFFER_AUTH |            \
     SMTP_OFFER_ETRN | SMTP_OFFER_VRFY | SMTP_OFFER_EXPN)

/* How a session gets there; the server's owner takes everything. */
typedef struct {
    SmtpState state;
    const char *lines;
} Way;

#define HELLO "EHLO crepes.fr\r\n"
#define MAIL HELLO "MAIL FROM:<alice@crepes.fr>\r\n"
#define RCPT MAIL "RCPT TO:<bob@hamburger.edu>\r\n"

static const Way ways[] = {
    {SMTP_STATE_GREETED, ""},
    {SMTP_STATE_READY, HELLO},
    {SMTP_STATE_MAIL, MAIL},
    {SMTP_STATE_RECIPIENTS, RCPT},
    {SMTP_STATE_DATA, RCPT "DATA\r\n"},
    {SMTP_STATE_BDAT, RCPT "BDAT 3\r\nabc"},
    {SMTP_STATE_AUTH, HELLO "AUTH CRAM-MD5\r\n"},
};

/* A line that is in order, and one that is not. */
typedef struct {
    SmtpCommandId id;
    const char *line;
    const char *broken; /* NULL: anything may stand behind the verb */
} Line;

static const Line lines[N_SMTP_COMMANDS] = {
    {SMTP_COMMAND_ATRN, "ATRN\r\n", NULL},
    {SMTP_COMMAND_AUTH, "AUTH PLAIN AGFsaWNlAGJ1dHRlcg==\r\n", "AUTH\r\n"},
    {SMTP_COMMAND_BDAT, "BDAT 2 LAST\r\nxy", "BDAT two\r\n"},
    {SMTP_COMMAND_BURL, "BURL imap://hamburger.edu/x LAST\r\n", NULL},
    {SMTP_COMMAND_DATA, "DATA\r\n", "DATA now\r\n"},
    {SMTP_COMMAND_EHLO, "EHLO crepes.fr\r\n", "EHLO crepes.fr hamburger.edu\r\n"},
    {SMTP_COMMAND_ETRN, "ETRN crepes.fr\r\n", "ETRN\r\n"},
    {SMTP_COMMAND_EXPN, "EXPN staff\r\n", "EXPN\r\n"},
    {SMTP_COMMAND_HELO, "HELO crepes.fr\r\n", "HELO crepes.fr hamburger.edu\r\n"},
    {SMTP_COMMAND_HELP, "HELP\r\n", NULL},
    {SMTP_COMMAND_LHLO, "LHLO crepes.fr\r\n", NULL},
    {SMTP_COMMAND_MAIL, "MAIL FROM:<alice@crepes.fr>\r\n", "MAIL FROM\r\n"},
    {SMTP_COMMAND_NOOP, "NOOP\r\n", NULL},
    {SMTP_COMMAND_QUIT, "QUIT\r\n", "QUIT now\r\n"},
    {SMTP_COMMAND_RCPT, "RCPT TO:<bob@hamburger.edu>\r\n", "RCPT TO:<>\r\n"},
    {SMTP_COMMAND_RSET, "RSET\r\n", "RSET all\r\n"},
    {SMTP_COMMAND_SAML, "SAML FROM:<alice@crepes.fr>\r\n", NULL},
    {SMTP_COMMAND_SEND, "SEND FROM:<alice@crepes.fr>\r\n", NULL},
    {SMTP_COMMAND_SOML, "SOML FROM:<alice@crepes.fr>\r\n", NULL},
    {SMTP_COMMAND_STARTTLS, "STARTTLS\r\n", "STARTTLS 1.3\r\n"},
    {SMTP_COMMAND_TURN, "TURN\r\n", NULL},
    {SMTP_COMMAND_VRFY, "VRFY bob\r\n", "VRFY\r\n"},
};

/* Those that this server does not know, whatever it offers. */
static bool is_implemented(SmtpCommandId id)
{
    static const SmtpCommandId others[] = {
        SMTP_COMMAND_ATRN,
        SMTP_COMMAND_BURL,
        SMTP_COMMAND_LHLO,
        SMTP_COMMAND_SAML,
        SMTP_COMMAND_SEND,
        SMTP_COMMAND_SOML,
        SMTP_COMMAND_TURN,
    };

    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        if (others[i] == id) {
            return false;
        }
    }
    return true;
}

static void feed(SmtpServer *server, const char *text)
{
    SmtpServerEvent event;
    smtp_server_receive(server, byte_span_from_string(text), 0);
    while (smtp_server_next_event(server, &event)) {
        if (event.kind == SMTP_SERVER_AUTH) {
            smtp_server_answer_auth(server, "butter", NULL);
        } else if (event.needs_answer) {
            smtp_server_answer(server, NULL);
        }
    }
}

static SmtpServer *server_in(const Way *way)
{
    SmtpServerOptions options = {
        .host_name = "hamburger.edu",
        .software = "ESMTP mailwalk",
        .offers = ALL_OFFERS,
        .syntax = SMTP_SYNTAX_STRICT,
        .maximum_recipients = 100,
        .allows_plaintext_auth = true,
    };
    SmtpServer *server = smtp_server_new(&options);
    smtp_server_greet(server, NULL, 0);
    feed(server, way->lines);
    assert_int_equal(smtp_dialogue_state(smtp_server_dialogue(server)), way->state);
    smtp_server_consume_output(server, smtp_server_output(server).length);
    return server;
}

static guint reply_of(SmtpServer *server, const char *line)
{
    feed(server, line);
    ByteSpan output = smtp_server_output(server);
    guint64 code = 0;
    byte_span_to_number(byte_span_slice(output, 0, 3), &code);
    return (guint)code;
}

/* What the RFCs want; the first of them is for an order that is right. */
static guint wanted_code(const SmtpCommandRow *row, const Way *way)
{
    bool has_mail = way->state == SMTP_STATE_MAIL;
    bool gives_message = row->id == SMTP_COMMAND_DATA || row->id == SMTP_COMMAND_BDAT;
    if (way->state == SMTP_STATE_DATA) {
        return 0; /* it is a line of the message */
    }
    if (way->state == SMTP_STATE_AUTH) {
        return 501; /* it is a response, and broken: RFC 4954 §4 */
    }
    if (!is_implemented(row->id)) {
        return 502; /* RFC 5321 §4.2.4 */
    }
    if ((row->item.states & way->state) != 0) {
        return row->intermediate_state == SMTP_STATE_DATA ? 354 : 200;
    }
    return has_mail && gives_message ? 554 : 503; /* RFC 5321 §3.3, §4.1.4 */
}

static bool is_listed(const SmtpCommandRow *row, guint code)
{
    char text[4];
    g_snprintf(text, sizeof text, "%u", code);
    return strstr(row->item.replies, text) != NULL;
}

static void every_command_in_every_state(void **state)
{
    (void)state;
    for (gsize w = 0; w < G_N_ELEMENTS(ways); w++) {
        for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
            const SmtpCommandRow *row = smtp_command_row(lines[i].id);
            assert_int_equal(row->id, i);
            g_autoptr(SmtpServer) server = server_in(&ways[w]);
            guint code = reply_of(server, lines[i].line);
            guint wanted = wanted_code(row, &ways[w]);
            bool is_right = wanted == 200 ? code / 100 == 2 : code == wanted;
            bool is_known = code == 0 || code == 502 || ways[w].state == SMTP_STATE_AUTH ||
                            is_listed(row, code);
            if (!is_right || !is_known) {
                fail_msg(
                    "%s while \"%s\": %u", row->item.token, smtp_state_name(ways[w].state), code
                );
            }
        }
    }
}

/* RFC 5321 §4.3.2: 501 for arguments that are missing, broken or too many; nothing changes. */
static void broken_arguments_are_answered_501(void **state)
{
    (void)state;
    for (gsize w = 0; w < G_N_ELEMENTS(ways); w++) {
        for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
            const SmtpCommandRow *row = smtp_command_row(lines[i].id);
            bool is_in_order = (row->item.states & ways[w].state) != 0;
            if (lines[i].broken == NULL || !is_in_order) {
                continue;
            }
            g_autoptr(SmtpServer) server = server_in(&ways[w]);
            guint code = reply_of(server, lines[i].broken);
            SmtpState after = smtp_dialogue_state(smtp_server_dialogue(server));
            bool ends_chunks = lines[i].id == SMTP_COMMAND_BDAT && ways[w].state == SMTP_STATE_BDAT;
            if (code != 501 || (after != ways[w].state && !ends_chunks)) {
                fail_msg("%s%u, then %s", lines[i].broken, code, smtp_state_name(after));
            }
        }
    }
}

/* The state moves as the row says, and only on success. */
static void states_follow_the_rows(void **state)
{
    (void)state;
    for (gsize w = 0; w < G_N_ELEMENTS(ways); w++) {
        for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
            const SmtpCommandRow *row = smtp_command_row(lines[i].id);
            bool is_in_order = (row->item.states & ways[w].state) != 0;
            bool is_special = row->id == SMTP_COMMAND_STARTTLS || row->id == SMTP_COMMAND_BDAT ||
                              row->id == SMTP_COMMAND_RSET || row->id == SMTP_COMMAND_DATA ||
                              row->id == SMTP_COMMAND_QUIT;
            if (is_special || (ways[w].state & SMTP_STATES_ANY) == 0) {
                continue;
            }
            g_autoptr(SmtpServer) server = server_in(&ways[w]);
            feed(server, lines[i].line);
            bool moves = is_in_order && is_implemented(row->id) && row->next_state != 0;
            assert_int_equal(
                smtp_dialogue_state(smtp_server_dialogue(server)),
                moves ? row->next_state : ways[w].state
            );
        }
    }
}

/* RFC 2034 §4: an enhanced code of the reply's own class; RFC 5321 §4.2: CRLF and three digits. */
static void every_reply_is_well_formed(void **state)
{
    (void)state;
    for (gsize w = 0; w < G_N_ELEMENTS(ways); w++) {
        for (gsize i = 0; i < 2 * G_N_ELEMENTS(lines); i++) {
            const Line *line = &lines[i / 2];
            const char *text = i % 2 == 0 ? line->line : line->broken;
            g_autoptr(SmtpServer) server = server_in(&ways[w]);
            guint code = reply_of(server, text == NULL ? "XYZZY\r\n" : text);
            ByteSpan output = smtp_server_output(server);
            bool is_hello = line->id == SMTP_COMMAND_EHLO || line->id == SMTP_COMMAND_HELO;
            if (code == 0 || code / 100 == 3 || (is_hello && code == 250)) {
                continue;
            }
            ByteSpan enhanced = byte_span_slice(output, 4, 5);
            assert_int_equal(enhanced.data[0], '0' + code / 100);
            assert_non_null(smtp_enhanced_code_find(enhanced));
            assert_int_equal(output.data[output.length - 2], '\r');
            assert_int_equal(output.data[output.length - 1], '\n');
        }
    }
}

static void commands_that_are_not_offered_are_unknown(void **state)
{
    static const struct {
        SmtpOffer offer;
        const char *line;
        guint code;
    } cases[] = {
        {SMTP_OFFER_EHLO, "EHLO crepes.fr\r\n", 502},
        {SMTP_OFFER_AUTH, "AUTH PLAIN AA==\r\n", 502},
        {SMTP_OFFER_STARTTLS, "STARTTLS\r\n", 502},
        {SMTP_OFFER_ETRN, "ETRN crepes.fr\r\n", 502},
        {SMTP_OFFER_EXPN, "EXPN staff\r\n", 502},
        {SMTP_OFFER_HELP, "HELP\r\n", 502},
        {SMTP_OFFER_SIZE, "MAIL FROM:<alice@crepes.fr> SIZE=1\r\n", 555},
        {SMTP_OFFER_8BITMIME, "MAIL FROM:<alice@crepes.fr> BODY=8BITMIME\r\n", 555},
        {SMTP_OFFER_BINARYMIME, "MAIL FROM:<alice@crepes.fr> BODY=BINARYMIME\r\n", 555},
        {SMTP_OFFER_SMTPUTF8, "MAIL FROM:<alice@crepes.fr> SMTPUTF8\r\n", 555},
        {SMTP_OFFER_DSN, "MAIL FROM:<alice@crepes.fr> RET=HDRS\r\n", 555},
        {SMTP_OFFER_AUTH, "MAIL FROM:<alice@crepes.fr> AUTH=<>\r\n", 555},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (int with = 0; with < 2; with++) {
            SmtpServerOptions options = {
                .host_name = "hamburger.edu",
                .software = "ESMTP mailwalk",
                .offers = with == 1 ? ALL_OFFERS : ALL_OFFERS & ~(guint32)cases[i].offer,
                .allows_plaintext_auth = true,
            };
            g_autoptr(SmtpServer) server = smtp_server_new(&options);
            smtp_server_greet(server, NULL, 0);
            feed(server, "EHLO crepes.fr\r\n");
            smtp_server_consume_output(server, smtp_server_output(server).length);
            guint code = reply_of(server, cases[i].line);
            if ((code == cases[i].code) == (with == 1)) {
                fail_msg("%u for %s", code, cases[i].line);
            }
        }
    }
}

/* The owner answers at once, or when the octets that brought the question are gone already. */
static char *converse(const char *text, bool is_late)
{
    SmtpServerOptions options = {
        .host_name = "hamburger.edu", .software = "ESMTP", .offers = ALL_OFFERS};
    SmtpReply refusal = SMTP_REPLY(550, "5.1.8", "No such domain");
    g_autoptr(SmtpServer) server = smtp_server_new(&options);
    SmtpServerEvent event;
    smtp_server_greet(server, NULL, 0);
    char *lent = g_strdup(text);
    smtp_server_receive(server, byte_span_from_string(lent), 0);
    for (bool goes_on = true; goes_on;) {
        goes_on = smtp_server_next_event(server, &event);
        if (goes_on && event.needs_answer) {
            bool is_refused = event.kind == SMTP_SERVER_MAIL && event.path.length == 0;
            if (is_late) {
                SmtpServerEvent nothing;
                assert_false(smtp_server_next_event(server, &nothing));
                g_clear_pointer(&lent, g_free);
            }
            smtp_server_answer(server, is_refused ? &refusal : NULL);
        }
    }
    g_free(lent);
    return byte_span_to_string(smtp_server_output(server));
}

static void answers_may_come_later(void **state)
{
    static const char *const texts[] = {
        "EHLO crepes.fr\r\nMAIL FROM:<alice@crepes.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\nDATA\r\n"
        "Subject: x\r\n\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<bob@hamburger.edu>\r\nDATA\r\nQUIT\r\n",
        "EHLO crepes.fr\r\nMAIL FROM:<alice@crepes.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\n"
        "BDAT 3\r\nabcBDAT 2 LAST\r\ndeNOOP\r\nQUIT\r\n",
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *at_once = converse(texts[i], false);
        g_autofree char *later = converse(texts[i], true);
        assert_string_equal(at_once, later);
        assert_non_null(strstr(later, "\r\n221 "));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_in_every_state),
        cmocka_unit_test(broken_arguments_are_answered_501),
        cmocka_unit_test(states_follow_the_rows),
        cmocka_unit_test(every_reply_is_well_formed),
        cmocka_unit_test(commands_that_are_not_offered_are_unknown),
        cmocka_unit_test(answers_may_come_later),
    };
    return cmocka_run_group_tests_name("smtp-server-states", tests, NULL, NULL);
}
