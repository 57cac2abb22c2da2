#include "tests/support/test.h"

#include "protocol/pop3/pop3-client.h"
#include "protocol/pop3/pop3-server.h"

#define FIRST "Subject: one\r\n\r\n.a dot\r\n"
#define SECOND "Subject: two\r\n\r\nline 1\r\nline 2\r\n"

static const char *const maildrop[] = {FIRST, SECOND};

/* A server's owner with one user, bob, and a maildrop of two messages; a client; the octets that
 * went between them, in pieces of any length. */
typedef struct {
    Pop3Server *server;
    Pop3Client *client;
    GString *spoken;
    GString *told;    /* what the client was told */
    GString *removed; /* what UPDATE removed */
    gsize piece;
    bool is_locked;
    bool server_closed;
    bool client_closed;
} Pair;

static void let_in(Pair *pair, const Pop3ServerEvent *event)
{
    Pop3Entry entries[] = {
        {.octets = strlen(FIRST), .unique_id = "id-1"},
        {.octets = strlen(SECOND), .unique_id = "id-2"},
    };
    bool is_bob = byte_span_is(event->identity, "bob");
    const char *refusal = NULL;
    if (!is_bob || !pop3_server_proof_fits(pair->server, "ketchup")) {
        refusal = "[AUTH] name or password is wrong";
    } else if (pair->is_locked) {
        refusal = "[IN-USE] maildrop is locked";
    }
    pop3_server_answer_login(pair->server, entries, G_N_ELEMENTS(entries), refusal);
}

static void update(Pair *pair)
{
    for (gsize i = 0; i < G_N_ELEMENTS(maildrop); i++) {
        if (pop3_server_is_deleted(pair->server, i)) {
            g_string_append_printf(pair->removed, "%u ", (guint)i + 1);
        }
    }
    pop3_server_answer_update(pair->server, NULL);
}

static void run_server(Pair *pair, ByteSpan octets)
{
    Pop3ServerEvent event;
    pop3_server_receive(pair->server, octets);
    while (pop3_server_next_event(pair->server, &event)) {
        switch (event.kind) {
        case POP3_SERVER_LOGIN:
            let_in(pair, &event);
            break;
        case POP3_SERVER_PASSWORD:
            pop3_server_answer_password(
                pair->server, byte_span_is(event.identity, "bob") ? "ketchup" : NULL
            );
            break;
        case POP3_SERVER_RETRIEVE:
            pop3_server_answer_message(
                pair->server, byte_span_from_string(maildrop[event.index]), NULL
            );
            break;
        case POP3_SERVER_UPDATE:
            update(pair);
            break;
        case POP3_SERVER_ABORTED:
            g_string_append(pair->removed, "aborted");
            break;
        case POP3_SERVER_STLS:
            break;
        case POP3_SERVER_CLOSE:
            pair->server_closed = true;
            break;
        }
    }
}

static void tell(Pair *pair, const Pop3ClientEvent *event)
{
    static const char *const names[] = {
        [POP3_CLIENT_LOGGED_IN] = "in",
        [POP3_CLIENT_REFUSED] = "refused",
        [POP3_CLIENT_STLS] = "stls",
        [POP3_CLIENT_LISTED] = "listed",
        [POP3_CLIENT_MESSAGE] = "message",
        [POP3_CLIENT_DELETED] = "deleted",
        [POP3_CLIENT_CLOSED] = "closed",
    };

    g_string_append_printf(pair->told, "%s", names[event->kind]);
    if (event->kind == POP3_CLIENT_MESSAGE) {
        assert_span(event->octets, maildrop[event->number - 1]);
    }
    if (event->number > 0) {
        g_string_append_printf(pair->told, " %u", (guint)event->number);
    }
    if (event->kind == POP3_CLIENT_LISTED) {
        g_string_append_printf(pair->told, " %u", (guint)event->count);
    }
    g_string_append(pair->told, event->is_complete ? " ok\n" : "\n");
    pair->client_closed |= event->kind == POP3_CLIENT_CLOSED;
}

static void run_client(Pair *pair, ByteSpan octets)
{
    Pop3ClientEvent event;
    pop3_client_receive(pair->client, octets);
    while (pop3_client_next_event(pair->client, &event)) {
        tell(pair, &event);
    }
}

/* Moves octets in pieces until nobody has anything to say. */
static void converse(Pair *pair)
{
    for (guint turn = 0; turn < 100000; turn++) {
        ByteSpan from_server = byte_span_slice(pop3_server_output(pair->server), 0, pair->piece);
        ByteSpan from_client = byte_span_slice(pop3_client_output(pair->client), 0, pair->piece);
        bool is_server = from_server.length > 0;
        ByteSpan octets = is_server ? from_server : from_client;
        if (octets.length == 0) {
            return;
        }
        g_autofree void *copy = g_memdup2(octets.data, octets.length);
        g_string_append_len(pair->spoken, copy, (gssize)octets.length);
        if (is_server) {
            pop3_server_consume_output(pair->server, octets.length);
            run_client(pair, byte_span(copy, octets.length));
        } else {
            pop3_client_consume_output(pair->client, octets.length);
            run_server(pair, byte_span(copy, octets.length));
        }
    }
    fail_msg("the conversation does not end");
}

typedef struct {
    const char *name;
    guint32 offers;
    Pop3ClientOptions options;
    bool is_locked;
    bool allows_plaintext;
    guint64 server_override; /* 0: none */
    const char *server_text;
    guint64 client_override;
    const char *client_text;
    const char *told;
    const char *removed;
    const char *spoken; /* must be part of what was said; NULL: whatever */
} EngineCase;

static bool knows_first(gpointer owner, const char *unique_id)
{
    (void)owner;
    return g_str_equal(unique_id, "id-1");
}

#define BOB .user = "bob", .password = "ketchup"
#define BOTH "in\nlisted 2\nmessage 1 ok\nmessage 2 ok\nclosed ok\n"
#define REFUSED "refused\nclosed\n"

static const EngineCase cases[] = {
    {
        .name = "by USER and PASS",
        .options = {BOB},
        .offers = POP3_OFFER_USER,
        .told = BOTH,
        .spoken = "USER bob\r\n+OK\r\nPASS ketchup\r\n+OK maildrop has 2 messages (",
    },
    {
        .name = "read, then deleted",
        .options = {BOB, .deletes = true},
        .offers = POP3_OFFER_USUAL,
        .told = "in\nlisted 2\nmessage 1 ok\ndeleted 1 ok\nmessage 2 ok\ndeleted 2 ok\nclosed ok\n",
        .removed = "1 2 ",
    },
    {
        .name = "what is known stays where it is",
        .options = {BOB, .asks_unique_ids = true, .is_known = knows_first},
        .offers = POP3_OFFER_USUAL,
        .told = "in\nlisted 2\nmessage 2 ok\nclosed ok\n",
    },
    {
        .name = "several at a time",
        .options = {BOB, .deletes = true, .may_pipeline = true},
        .offers = POP3_OFFER_USUAL,
        .told = "in\nlisted 2\nmessage 1 ok\nmessage 2 ok\ndeleted 1 ok\ndeleted 2 ok\nclosed ok\n",
        .removed = "1 2 ",
    },
    {
        .name = "by APOP",
        .options = {BOB, .login = POP3_LOGIN_APOP},
        .offers = POP3_OFFER_USUAL,
        .told = BOTH,
        .spoken = "APOP bob ",
    },
    {
        .name = "no APOP, so no password in clear",
        .options = {BOB, .login = POP3_LOGIN_APOP},
        .offers = POP3_OFFER_USER,
        .told = REFUSED,
    },
    {
        .name = "the best mechanism",
        .options = {BOB, .login = POP3_LOGIN_SASL},
        .offers = POP3_OFFER_USUAL | POP3_OFFER_SASL,
        .told = BOTH,
        .spoken = "AUTH SCRAM-SHA-256 ",
    },
    {
        .name = "a named mechanism",
        .options = {BOB, .login = POP3_LOGIN_SASL, .mechanism = "CRAM-MD5"},
        .offers = POP3_OFFER_USUAL | POP3_OFFER_SASL,
        .told = BOTH,
        .spoken = "AUTH CRAM-MD5\r\n+ ",
    },
    {
        .name = "PLAIN without TLS",
        .options = {BOB, .login = POP3_LOGIN_SASL, .mechanism = "PLAIN"},
        .offers = POP3_OFFER_USUAL | POP3_OFFER_SASL,
        .allows_plaintext = true,
        .told = BOTH,
        .spoken = "AUTH PLAIN AGJvYgBrZXRjaHVw\r\n",
    },
    {
        .name = "PLAIN is not offered without TLS",
        .options = {BOB, .login = POP3_LOGIN_SASL, .mechanism = "PLAIN"},
        .offers = POP3_OFFER_USUAL | POP3_OFFER_SASL,
        .told = REFUSED,
    },
    {
        .name = "a wrong password by DIGEST-MD5",
        .options =
            {
                .user = "bob",
                .password = "mustard",
                .login = POP3_LOGIN_SASL,
                .mechanism = "DIGEST-MD5",
            },
        .offers = POP3_OFFER_USUAL | POP3_OFFER_SASL,
        .told = REFUSED,
        .spoken = "-ERR [AUTH] name or password is wrong\r\nQUIT\r\n",
    },
    {
        .name = "a locked maildrop",
        .options = {BOB},
        .offers = POP3_OFFER_USUAL,
        .is_locked = true,
        .told = REFUSED,
        .spoken = "-ERR [IN-USE] maildrop is locked\r\n",
    },
    {
        .name = "no response codes",
        .options = {BOB},
        .offers = POP3_OFFER_USER,
        .is_locked = true,
        .told = REFUSED,
        .spoken = "-ERR maildrop is locked\r\n",
    },
    {
        .name = "UTF8 before the log-in",
        .options = {BOB, .wants_utf8 = true},
        .offers = POP3_OFFER_USUAL | POP3_OFFER_UTF8,
        .told = BOTH,
        .spoken = "UTF8\r\n+OK UTF-8 mode is on\r\nUSER bob\r\n",
    },
    {
        .name = "what if the server had refused PASS",
        .options = {BOB},
        .offers = POP3_OFFER_USUAL,
        .server_override = 2,
        .server_text = "-ERR [SYS/TEMP] come back later",
        .told = REFUSED,
        .spoken = "PASS ketchup\r\n-ERR [SYS/TEMP] come back later\r\nQUIT\r\n",
    },
    {
        .name = "what if the list were another",
        .options = {BOB},
        .offers = POP3_OFFER_USUAL,
        .server_override = 3,
        .server_text = "+OK\n2 33",
        .told = "in\nlisted 1\nmessage 2 ok\nclosed ok\n",
        .spoken = "LIST\r\n+OK\r\n2 33\r\n.\r\nRETR 2\r\n",
    },
    {
        .name = "what if anybody were let in",
        .options = {BOB},
        .offers = POP3_OFFER_USUAL,
        .server_override = 2,
        .server_text = "+OK",
        .told = "in\nlisted 0\nclosed ok\n",
        .spoken = "LIST\r\n-ERR no maildrop is open\r\n",
    },
    {
        .name = "what if the client mistyped its password",
        .options = {BOB},
        .offers = POP3_OFFER_USUAL,
        .client_override = 2,
        .client_text = "PASS ketchop",
        .told = REFUSED,
        .spoken = "PASS ketchop\r\n-ERR [AUTH] ",
    },
    {
        .name = "what if the client asked STAT where it meant LIST",
        .options = {BOB},
        .offers = POP3_OFFER_USUAL,
        .client_override = 3,
        .client_text = "STAT",
        .told = "in\nlisted 0\nclosed ok\n",
        .spoken = "STAT\r\n+OK 2 56\r\nQUIT\r\n",
    },
};

static void run_case(const EngineCase *row, gsize piece)
{
    Pop3ServerOptions options = {
        .host_name = "hamburger.edu",
        .greeting = "POP3 server ready",
        .offers = row->offers,
        .seed = 1896,
        .allows_plaintext_auth = row->allows_plaintext,
    };
    Pair pair = {
        .server = pop3_server_new(&options),
        .client = pop3_client_new(&row->options),
        .spoken = g_string_new(NULL),
        .told = g_string_new(NULL),
        .removed = g_string_new(NULL),
        .piece = piece,
        .is_locked = row->is_locked,
    };
    if (row->server_override > 0) {
        pop3_server_set_override(pair.server, row->server_override, row->server_text, NULL);
    }
    if (row->client_override > 0) {
        pop3_client_set_line_override(pair.client, row->client_override, row->client_text, NULL);
    }
    pop3_server_greet(pair.server, 697170952 * G_GINT64_CONSTANT(1000000));
    run_server(&pair, BYTE_SPAN_EMPTY);
    converse(&pair);
    if (strcmp(pair.told->str, row->told) != 0 || !pair.server_closed || !pair.client_closed) {
        fail_msg("%s:\n%s\n%s", row->name, pair.told->str, pair.spoken->str);
    }
    assert_string_equal(pair.removed->str, row->removed == NULL ? "" : row->removed);
    if (row->spoken != NULL && piece > 100 && strstr(pair.spoken->str, row->spoken) == NULL) {
        fail_msg("%s:\n%s", row->name, pair.spoken->str);
    }
    pop3_server_free(pair.server);
    pop3_client_free(pair.client);
    g_string_free(pair.spoken, TRUE);
    g_string_free(pair.told, TRUE);
    g_string_free(pair.removed, TRUE);
}

static void client_and_server_understand_each_other(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (gsize piece = 1; piece < 6; piece++) {
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
    return cmocka_run_group_tests_name("pop3-engines", tests, NULL, NULL);
}
