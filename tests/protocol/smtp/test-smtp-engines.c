#include "tests/support/test.h"

#include "protocol/smtp/smtp-client.h"
#include "protocol/smtp/smtp-server.h"

/* A server's owner that takes everything but mail to "nobody". */
typedef struct {
    SmtpServer *server;
    SmtpClient *client;
    GString *spoken; /* both sides, as on the wire */
    GString *taken;  /* messages that the server took */
    GString *told;   /* what the client was told */
    gsize piece;
    const SmtpClientMessage *message;
    bool tls_is_due;
    bool server_closed;
    bool client_closed;
} Pair;

static void answer(Pair *pair, const SmtpServerEvent *event)
{
    static const SmtpReply no_such_user = {550, "5.1.1", "No such user"};
    if (event->kind == SMTP_SERVER_MESSAGE_DATA) {
        g_string_append_len(
            pair->taken, (const char *)event->octets.data, (gssize)event->octets.length
        );
    } else if (event->kind == SMTP_SERVER_MESSAGE_END) {
        g_string_append(pair->taken, "|");
    } else if (event->kind == SMTP_SERVER_CLOSE) {
        pair->server_closed = true;
    }
    if (event->kind == SMTP_SERVER_AUTH) {
        bool is_alice = byte_span_is(event->identity, "alice");
        smtp_server_answer_auth(pair->server, is_alice ? "butter" : NULL, NULL);
    } else if (event->needs_answer) {
        bool is_nobody =
            event->kind == SMTP_SERVER_RCPT && byte_span_starts_with(event->path, "nobody@");
        smtp_server_answer(pair->server, is_nobody ? &no_such_user : NULL);
    }
}

static void run_server(Pair *pair, ByteSpan octets)
{
    SmtpServerEvent event;
    smtp_server_receive(pair->server, octets, 0);
    while (smtp_server_next_event(pair->server, &event)) {
        answer(pair, &event);
    }
}

static void on_client_event(Pair *pair, const SmtpClientEvent *event)
{
    switch (event->kind) {
    case SMTP_CLIENT_READY:
        smtp_client_send(pair->client, pair->message);
        break;
    case SMTP_CLIENT_STARTTLS:
        g_string_append(pair->told, "tls\n");
        pair->tls_is_due = true;
        break;
    case SMTP_CLIENT_AUTH:
        g_string_append_printf(pair->told, "auth %u\n", event->code);
        break;
    case SMTP_CLIENT_SENDER:
        g_string_append_printf(pair->told, "sender %u\n", event->code);
        break;
    case SMTP_CLIENT_RECIPIENT:
        g_string_append_printf(pair->told, "recipient %u %u\n", event->recipient, event->code);
        break;
    case SMTP_CLIENT_RESULT:
        g_string_append_printf(
            pair->told,
            "result %u%s, %u accepted\n",
            event->code,
            event->is_own ? " own" : "",
            event->accepted
        );
        smtp_client_quit(pair->client);
        break;
    case SMTP_CLIENT_CLOSED:
        g_string_append_printf(pair->told, "closed %u\n", event->code);
        pair->client_closed = true;
        break;
    }
}

static void run_client(Pair *pair, ByteSpan octets)
{
    SmtpClientEvent event;
    smtp_client_receive(pair->client, octets);
    while (smtp_client_next_event(pair->client, &event)) {
        on_client_event(pair, &event);
    }
}

/* Moves octets in pieces until nobody has anything to say. */
static void converse(Pair *pair)
{
    for (guint turn = 0; turn < 100000; turn++) {
        ByteSpan from_server = byte_span_slice(smtp_server_output(pair->server), 0, pair->piece);
        ByteSpan from_client = byte_span_slice(smtp_client_output(pair->client), 0, pair->piece);
        if (from_server.length > 0) {
            g_autofree void *copy = g_memdup2(from_server.data, from_server.length);
            g_string_append_len(pair->spoken, copy, (gssize)from_server.length);
            smtp_server_consume_output(pair->server, from_server.length);
            run_client(pair, byte_span(copy, from_server.length));
        } else if (from_client.length > 0) {
            g_autofree void *copy = g_memdup2(from_client.data, from_client.length);
            g_string_append_len(pair->spoken, copy, (gssize)from_client.length);
            smtp_client_consume_output(pair->client, from_client.length);
            run_server(pair, byte_span(copy, from_client.length));
        } else if (pair->tls_is_due) {
            /* no TLS here: what counts is that both begin anew */
            pair->tls_is_due = false;
            smtp_server_begin_tls(pair->server);
            smtp_client_begin_tls(pair->client);
            run_client(pair, BYTE_SPAN_EMPTY);
        } else {
            return;
        }
    }
    fail_msg("the conversation does not end");
}

typedef struct {
    const char *name;
    guint32 offers;
    bool may_pipeline;
    bool may_chunk;
    const char *content;
    const char *const *recipients;
    const char *taken;
    const char *told;
    const char *spoken; /* NULL: not compared */
    const char *holds;  /* part of what was spoken; NULL: whatever */
    SmtpClientOptions client;
    SmtpClientMessage message;
    guint64 server_override; /* 0: none */
    guint64 end_override;
    SmtpReply reply;
    guint64 client_override;
    const char *line;
    SmtpReply greeting; /* 0: the usual one */
} EngineCase;

static const char *const to_bob[] = {"bob@hamburger.edu", NULL};
static const char *const to_some[] = {"bob@hamburger.edu", "nobody@hamburger.edu", NULL};
static const char *const to_nobody[] = {"nobody@hamburger.edu", NULL};

static const char *const to_jose[] = {"jos\xc3\xa9@hamburger.edu", NULL};
static const char *const notify[] = {"NOTIFY=SUCCESS,FAILURE", NULL};

#define ALICE .user = "alice", .password = "butter"
#define TAKEN "sender 250\nrecipient 0 250\nresult 250, 1 accepted\nclosed 221\n"
#define KETCHUP "Subject: ketchup\r\n\r\nDo you like ketchup?\r\n.\r\n..\r\n"

static const EngineCase cases[] = {
    {
        .name = "one step at a time",
        .offers = SMTP_OFFER_EHLO,
        .content = "Subject: x\r\n\r\n.dot\r\n",
        .recipients = to_bob,
        .taken = "Subject: x\r\n\r\n.dot\r\n|",
        .told = "sender 250\nrecipient 0 250\nresult 250, 1 accepted\nclosed 221\n",
        .spoken = "220 hamburger.edu ESMTP mailwalk\r\n"
                  "EHLO crepes.fr\r\n"
                  "250 hamburger.edu\r\n"
                  "MAIL FROM:<alice@crepes.fr>\r\n"
                  "250 Sender ok\r\n"
                  "RCPT TO:<bob@hamburger.edu>\r\n"
                  "250 Recipient ok\r\n"
                  "DATA\r\n"
                  "354 End data with <CR><LF>.<CR><LF>\r\n"
                  "Subject: x\r\n\r\n..dot\r\n.\r\n"
                  "250 Ok: queued\r\n"
                  "QUIT\r\n"
                  "221 hamburger.edu closing connection\r\n",
    },
    {
        .name = "a server of 1982",
        .offers = 0,
        .content = KETCHUP,
        .recipients = to_bob,
        .taken = KETCHUP "|",
        .told = "sender 250\nrecipient 0 250\nresult 250, 1 accepted\nclosed 221\n",
    },
    {
        .name = "pipelined, one refused",
        .offers = SMTP_OFFER_USUAL,
        .may_pipeline = true,
        .content = KETCHUP,
        .recipients = to_some,
        .taken = KETCHUP "|",
        .told = "sender 250\nrecipient 0 250\nrecipient 1 550\nresult 250, 1 accepted\n"
                "closed 221\n",
    },
    {
        .name = "pipelined, all refused",
        .offers = SMTP_OFFER_USUAL,
        .may_pipeline = true,
        .content = KETCHUP,
        .recipients = to_nobody,
        .taken = "",
        .told = "sender 250\nrecipient 0 550\nresult 554, 0 accepted\nclosed 221\n",
    },
    {
        .name = "all refused",
        .offers = SMTP_OFFER_EHLO,
        .content = KETCHUP,
        .recipients = to_nobody,
        .taken = "",
        .told = "sender 250\nrecipient 0 550\nresult 550, 0 accepted\nclosed 221\n",
    },
    {
        .name = "in a chunk",
        .offers = SMTP_OFFER_USUAL,
        .may_pipeline = true,
        .may_chunk = true,
        .content = KETCHUP,
        .recipients = to_bob,
        .taken = KETCHUP "|",
        .told = "sender 250\nrecipient 0 250\nresult 250, 1 accepted\nclosed 221\n",
    },
    {
        .name = "too big",
        .offers = SMTP_OFFER_EHLO | SMTP_OFFER_SIZE,
        .content = KETCHUP KETCHUP KETCHUP KETCHUP KETCHUP KETCHUP,
        .recipients = to_bob,
        .taken = "",
        .told = "sender 552\nresult 552, 0 accepted\nclosed 221\n",
    },
    {
        .name = "in chunks of nine octets",
        .offers = SMTP_OFFER_USUAL,
        .may_chunk = true,
        .client = {.chunk_octets = 9},
        .content = "Subject: x\r\n\r\n.\r\n",
        .recipients = to_bob,
        .taken = "Subject: x\r\n\r\n.\r\n|",
        .told = TAKEN,
        .holds = "BDAT 9\r\nSubject: 250 2.0.0 9 octets received\r\nBDAT 8 LAST\r\nx\r\n",
    },
    {
        .name = "a log-in by the best mechanism",
        .offers = SMTP_OFFER_USUAL | SMTP_OFFER_AUTH,
        .client = {ALICE},
        .content = KETCHUP,
        .recipients = to_bob,
        .taken = KETCHUP "|",
        .told = "auth 235\n" TAKEN,
        .holds = "AUTH SCRAM-SHA-256 ",
    },
    {
        .name = "a log-in by LOGIN",
        .offers = SMTP_OFFER_USUAL | SMTP_OFFER_AUTH,
        .client = {ALICE, .mechanism = "LOGIN", .shows_password = true},
        .content = KETCHUP,
        .recipients = to_bob,
        .taken = KETCHUP "|",
        .told = "auth 235\n" TAKEN,
        .holds = "AUTH LOGIN\r\n334 VXNlcm5hbWU6\r\nYWxpY2U=\r\n"
                 "334 UGFzc3dvcmQ6\r\nYnV0dGVy\r\n235 2.7.0 ",
    },
    {
        .name = "a wrong password",
        .offers = SMTP_OFFER_USUAL | SMTP_OFFER_AUTH,
        .client = {.user = "alice", .password = "margarine", .mechanism = "CRAM-MD5"},
        .content = KETCHUP,
        .recipients = to_bob,
        .taken = KETCHUP "|",
        .told = "auth 535\n" TAKEN,
        .holds = "535 5.7.8 Authentication credentials invalid\r\n",
    },
    {
        .name = "no mechanism that both know",
        .offers = SMTP_OFFER_USUAL | SMTP_OFFER_AUTH,
        .client = {ALICE, .mechanism = "GSSAPI"},
        .content = KETCHUP,
        .recipients = to_bob,
        .taken = KETCHUP "|",
        .told = "auth 504\n" TAKEN,
    },
    {
        .name = "TLS, then PLAIN",
        .offers = SMTP_OFFER_USUAL | SMTP_OFFER_AUTH | SMTP_OFFER_STARTTLS,
        .client = {ALICE, .wants_tls = true, .mechanism = "PLAIN"},
        .content = KETCHUP,
        .recipients = to_bob,
        .taken = KETCHUP "|",
        .told = "tls\nauth 235\n" TAKEN,
        .holds = "220 2.0.0 Ready to start TLS\r\nEHLO crepes.fr\r\n",
    },
    {
        .name = "eight bits where they are offered",
        .offers = SMTP_OFFER_USUAL,
        .message = {.has_eight_bit = true},
        .content = KETCHUP,
        .recipients = to_bob,
        .taken = KETCHUP "|",
        .told = TAKEN,
        .holds = " BODY=8BITMIME\r\n",
    },
    {
        .name = "eight bits where they are not",
        .offers = SMTP_OFFER_EHLO,
        .message = {.has_eight_bit = true},
        .content = KETCHUP,
        .recipients = to_bob,
        .taken = "",
        .told = "result 554 own, 0 accepted\nclosed 221\n",
    },
    {
        .name = "an address in UTF-8 where it is not offered",
        .offers = SMTP_OFFER_EHLO | SMTP_OFFER_8BITMIME,
        .message = {.needs_utf8 = true},
        .content = KETCHUP,
        .recipients = to_jose,
        .taken = "",
        .told = "result 553 own, 0 accepted\nclosed 221\n",
    },
    {
        .name = "an address in UTF-8",
        .offers = SMTP_OFFER_USUAL,
        .message = {.needs_utf8 = true},
        .content = KETCHUP,
        .recipients = to_jose,
        .taken = KETCHUP "|",
        .told = TAKEN,
        .holds = " SMTPUTF8\r\n",
    },
    {
        .name = "reports asked for",
        .offers = SMTP_OFFER_USUAL,
        .message =
            {.return_what = "HDRS", .envelope_id = "QQ314159", .recipient_parameters = notify},
        .content = KETCHUP,
        .recipients = to_bob,
        .taken = KETCHUP "|",
        .told = TAKEN,
        .holds = " RET=HDRS ENVID=QQ314159\r\n250 2.1.0 Sender ok\r\n"
                 "RCPT TO:<bob@hamburger.edu> NOTIFY=SUCCESS,FAILURE\r\n",
    },
    {
        .name = "the server is not for everybody",
        .offers = SMTP_OFFER_USUAL,
        .greeting = {554, "5.7.1", "No service for you"},
        .content = KETCHUP,
        .recipients = to_bob,
        .taken = "",
        .told = "closed 554\n",
        .holds = "554 5.7.1 No service for you\r\nQUIT\r\n221 ",
    },
    {
        .name = "what if RCPT were refused",
        .offers = SMTP_OFFER_USUAL,
        .server_override = 3,
        .reply = {550, "5.7.1", "Not today"},
        .content = KETCHUP,
        .recipients = to_bob,
        .taken = "",
        .told = "sender 250\nrecipient 0 550\nresult 550, 0 accepted\nclosed 221\n",
        .holds = "RCPT TO:<bob@hamburger.edu>\r\n550 5.7.1 Not today\r\nRSET\r\n",
    },
    {
        .name = "what if everybody were a recipient",
        .offers = SMTP_OFFER_USUAL,
        .server_override = 3,
        .reply = {250, "2.1.5", "Why not"},
        .content = KETCHUP,
        .recipients = to_nobody,
        .taken = "",
        .told = "sender 250\nrecipient 0 250\nresult 554, 1 accepted\nclosed 221\n",
    },
    {
        .name = "what if the disk were full behind the dot",
        .offers = SMTP_OFFER_USUAL,
        .end_override = 4,
        .reply = {452, "4.3.1", "Disk full"},
        .content = KETCHUP,
        .recipients = to_bob,
        .taken = KETCHUP,
        .told = "sender 250\nrecipient 0 250\nresult 452, 1 accepted\nclosed 221\n",
        .holds = ".\r\n452 4.3.1 Disk full\r\n",
    },
    {
        .name = "what if the chunk were refused",
        .offers = SMTP_OFFER_USUAL,
        .may_chunk = true,
        .server_override = 4,
        .reply = {554, "5.6.0", "No chunks today"},
        .content = KETCHUP,
        .recipients = to_bob,
        .taken = "",
        .told = "sender 250\nrecipient 0 250\nresult 554, 1 accepted\nclosed 221\n",
        .holds = "..\r\n554 5.6.0 No chunks today\r\nRSET\r\n",
    },
    {
        .name = "what if the client forgot the brackets",
        .offers = SMTP_OFFER_USUAL,
        .client_override = 3,
        .line = "RCPT TO:bob@hamburger.edu",
        .content = KETCHUP,
        .recipients = to_bob,
        .taken = "",
        .told = "sender 250\nrecipient 0 501\nresult 501, 0 accepted\nclosed 221\n",
        .holds = "501 5.5.4 Syntax: RCPT TO:<address>\r\n",
    },
    {
        .name = "what if it said DATA too early",
        .offers = SMTP_OFFER_USUAL,
        .client_override = 3,
        .line = "DATA",
        .content = KETCHUP,
        .recipients = to_bob,
        .taken = "",
        .told = "sender 250\nrecipient 0 554\nresult 554, 0 accepted\nclosed 221\n",
        .holds = "DATA\r\n554 5.5.1 No valid recipients\r\nRSET\r\n",
    },
};

static void set_overrides(Pair *pair, const EngineCase *row)
{
    if (row->server_override > 0) {
        smtp_server_set_override(pair->server, row->server_override, &row->reply, NULL);
    }
    if (row->end_override > 0) {
        smtp_server_set_end_override(pair->server, row->end_override, &row->reply, NULL);
    }
    if (row->client_override > 0) {
        smtp_client_set_line_override(pair->client, row->client_override, row->line, NULL);
    }
}

static void run_case(const EngineCase *row, gsize piece)
{
    SmtpServerOptions server_options = {
        .host_name = "hamburger.edu",
        .software = "ESMTP mailwalk",
        .offers = row->offers,
        .maximum_size = 200,
        .maximum_recipients = 100,
        .allows_plaintext_auth = row->client.shows_password,
    };
    SmtpClientOptions client_options = row->client;
    client_options.host_name = "crepes.fr";
    client_options.may_pipeline = row->may_pipeline;
    client_options.may_chunk = row->may_chunk;
    SmtpClientMessage message = row->message;
    message.reverse_path = "alice@crepes.fr";
    message.forward_paths = row->recipients;
    message.content = byte_span_from_string(row->content);
    Pair pair = {
        .server = smtp_server_new(&server_options),
        .client = smtp_client_new(&client_options),
        .spoken = g_string_new(NULL),
        .taken = g_string_new(NULL),
        .told = g_string_new(NULL),
        .piece = piece,
        .message = &message,
    };
    set_overrides(&pair, row);
    smtp_server_greet(pair.server, row->greeting.code == 0 ? NULL : &row->greeting, 0);
    converse(&pair);
    bool holds = row->holds == NULL || piece < 100 || strstr(pair.spoken->str, row->holds) != NULL;
    if (strcmp(pair.taken->str, row->taken) != 0 || strcmp(pair.told->str, row->told) != 0 ||
        !holds) {
        fail_msg("%s, pieces of %zu:\n%s\n%s", row->name, piece, pair.told->str, pair.spoken->str);
    }
    assert_true(pair.server_closed);
    assert_true(pair.client_closed);
    if (row->spoken != NULL && piece > 100) {
        assert_string_equal(pair.spoken->str, row->spoken);
    }
    smtp_server_free(pair.server);
    smtp_client_free(pair.client);
    g_string_free(pair.spoken, TRUE);
    g_string_free(pair.taken, TRUE);
    g_string_free(pair.told, TRUE);
}

static void client_and_server_understand_each_other(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (gsize piece = 1; piece < 8; piece++) {
            run_case(&cases[i], piece);
        }
        run_case(&cases[i], 65536);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(client_and_server_understand_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
