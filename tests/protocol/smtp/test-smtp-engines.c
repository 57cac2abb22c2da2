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
    if (event->needs_answer) {
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
    case SMTP_CLIENT_AUTH:
        break;
    case SMTP_CLIENT_SENDER:
        g_string_append_printf(pair->told, "sender %u\n", event->code);
        break;
    case SMTP_CLIENT_RECIPIENT:
        g_string_append_printf(pair->told, "recipient %u %u\n", event->recipient, event->code);
        break;
    case SMTP_CLIENT_RESULT:
        g_string_append_printf(
            pair->told, "result %u, %u accepted\n", event->code, event->accepted
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
} EngineCase;

static const char *const to_bob[] = {"bob@hamburger.edu", NULL};
static const char *const to_some[] = {"bob@hamburger.edu", "nobody@hamburger.edu", NULL};
static const char *const to_nobody[] = {"nobody@hamburger.edu", NULL};

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
};

static void run_case(const EngineCase *row, gsize piece)
{
    SmtpServerOptions server_options = {
        .host_name = "hamburger.edu",
        .software = "ESMTP mailwalk",
        .offers = row->offers,
        .maximum_size = 200,
        .maximum_recipients = 100,
    };
    SmtpClientOptions client_options = {
        .host_name = "crepes.fr", .may_pipeline = row->may_pipeline, .may_chunk = row->may_chunk};
    SmtpClientMessage message = {
        .reverse_path = "alice@crepes.fr",
        .forward_paths = row->recipients,
        .content = byte_span_from_string(row->content),
    };
    Pair pair = {
        .server = smtp_server_new(&server_options),
        .client = smtp_client_new(&client_options),
        .spoken = g_string_new(NULL),
        .taken = g_string_new(NULL),
        .told = g_string_new(NULL),
        .piece = piece,
        .message = &message,
    };
    smtp_server_greet(pair.server, NULL, 0);
    converse(&pair);
    assert_string_equal(pair.taken->str, row->taken);
    assert_string_equal(pair.told->str, row->told);
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
