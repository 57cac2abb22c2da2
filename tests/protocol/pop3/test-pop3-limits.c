/* What just fits and what does not any more: RFC 2449 §4 and RFC 1939 §3, at the server and at the
 * client. */

#include "tests/support/test.h"

#include "protocol/pop3/pop3-client.h"
#include "protocol/pop3/pop3-server.h"

#define MAXIMUM_ERRORS 20
#define MESSAGE "Subject: one\r\n\r\nline 1\r\n"

/* What the server says now; borrowed until the next call. */
static ByteSpan say(Pop3Server *server, const char *text)
{
    static const Pop3Entry entry = {.octets = sizeof(MESSAGE) - 1, .unique_id = "id-1"};
    Pop3ServerEvent event;
    pop3_server_receive(server, byte_span_from_string(text));
    gsize before = pop3_server_output(server).length;
    while (pop3_server_next_event(server, &event)) {
        if (event.kind == POP3_SERVER_LOGIN) {
            pop3_server_answer_login(server, &entry, 1, NULL);
        } else if (event.kind == POP3_SERVER_PASSWORD) {
            pop3_server_answer_password(server, NULL);
        }
    }
    pop3_server_consume_output(server, before);
    return pop3_server_output(server);
}

static Pop3Server *server_new(void)
{
    Pop3ServerOptions options = {
        .host_name = "hamburger.edu",
        .greeting = "POP3 server ready",
        .offers = POP3_OFFER_USUAL | POP3_OFFER_SASL,
        .allows_plaintext_auth = true,
        .maximum_errors = MAXIMUM_ERRORS,
    };
    Pop3Server *server = pop3_server_new(&options);
    pop3_server_greet(server, 0);
    say(server, "");
    return server;
}

typedef struct {
    const char *claim;
    const char *verb;
    gsize length; /* of the line, CRLF included */
    bool is_taken;
} LineCase;

/* RFC 2449 §4: 255 octets; a line of AUTH may be as long as RFC 4954 lets it be. */
static const LineCase lines[] = {
    {"a line of 255 octets", "USER", 255, true},
    {"a line of 256 octets", "USER", 256, false},
    {"a line without end", "USER", 300000, false},
};

static void lengths_are_kept(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autoptr(Pop3Server) server = server_new();
        gsize padding = lines[i].length - strlen(lines[i].verb) - strlen(" \r\n");
        g_autofree char *name = g_strnfill(padding, 'n');
        g_autofree char *line = g_strdup_printf("%s %s\r\n", lines[i].verb, name);
        say(server, "CAPA\r\n");
        if (byte_span_starts_with(say(server, line), "+OK") != lines[i].is_taken) {
            fail_msg("%s", lines[i].claim);
        }
        assert_true(byte_span_starts_with(say(server, "CAPA\r\n"), "+OK"));
    }
}

typedef struct {
    const char *line;
    bool is_taken;
} NumberCase;

/* RFC 1939 §3 and §5: messages are counted from 1, and a deleted one is none. */
static const NumberCase numbers[] = {
    {"LIST 1\r\n", true},
    {"LIST 0\r\n", false},
    {"LIST 2\r\n", false},
    {"LIST -1\r\n", false},
    {"LIST 99999999999999999999999\r\n", false},
    {"UIDL 2\r\n", false},
    {"RETR 2\r\n", false},
    {"TOP 2 0\r\n", false},
    {"TOP 1 -1\r\n", false},
    {"DELE 2\r\n", false},
    {"DELE 1\r\n", true},
    {"DELE 1\r\n", false},
    {"RETR 1\r\n", false},
    {"LIST 1\r\n", false},
    {"UIDL 1\r\n", false},
    {"TOP 1 0\r\n", false},
    {"RSET\r\n", true},
    {"LIST 1\r\n", true},
};

static void numbers_are_kept(void **state)
{
    (void)state;
    g_autoptr(Pop3Server) server = server_new();
    say(server, "USER bob\r\nPASS ketchup\r\n");
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        bool is_taken = byte_span_starts_with(say(server, numbers[i].line), "+OK");
        if (is_taken != numbers[i].is_taken) {
            fail_msg("case %zu: %s", i, numbers[i].line);
        }
    }
}

static void errors_are_counted(void **state)
{
    (void)state;
    g_autoptr(Pop3Server) server = server_new();
    for (guint i = 0; i < MAXIMUM_ERRORS; i++) {
        assert_true(byte_span_starts_with(say(server, "XYZZY\r\n"), "-ERR"));
    }
    say(server, "XYZZY\r\n");
    assert_int_equal(say(server, "CAPA\r\n").length, 0);
}

/* --- the other direction --- */

typedef struct {
    const char *claim;
    const char *begin;
    const char *piece; /* said again and again */
    guint times;
} FloodCase;

static const FloodCase floods[] = {
    {"a greeting without end", "+OK ", "xxxxxxxxxx", 100000},
    {"a list that lies about the count",
     "+OK\r\n+OK\r\n+OK\r\n+OK 2 10\r\n+OK\r\n",
     "1 99999999999999999999\r\n",
     1000},
    {"answers nobody asked for", "+OK\r\n", "+OK 1 1\r\n", 5000},
};

static void a_client_bears_what_servers_say(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(floods); i++) {
        Pop3ClientOptions options = {.user = "bob", .password = "ketchup", .shows_password = true};
        g_autoptr(Pop3Client) client = pop3_client_new(&options);
        Pop3ClientEvent event;
        guint events = 0;
        bool is_closed = false;
        g_autoptr(GString) text = g_string_new(floods[i].begin);
        for (guint n = 0; n < floods[i].times; n++) {
            g_string_append(text, floods[i].piece);
        }
        g_string_append(text, "\r\n");
        for (gsize at = 0; at < text->len && !is_closed; at += 1000) {
            pop3_client_receive(client, byte_span(text->str + at, MIN(text->len - at, 1000)));
            while (pop3_client_next_event(client, &event)) {
                is_closed = is_closed || event.kind == POP3_CLIENT_CLOSED;
                events++;
            }
        }
        pop3_client_hang_up(client);
        while (pop3_client_next_event(client, &event)) {
            is_closed = is_closed || event.kind == POP3_CLIENT_CLOSED;
            events++;
        }
        assert_true(is_closed);
        assert_true(events < 20);
        assert_true(pop3_client_output(client).length < 1000);
    }
}

/* A server that does not wait for the commands which it answers, heard in pieces of that length:
 * what the client says and tells. */
static char *hear_in_advance(gsize piece)
{
    static const char answers[] =
        "+OK\r\n+OK\r\n+OK\r\n+OK 1 5\r\n1 5\r\n.\r\n+OK\r\na\r\n..\r\n.\r\n"
        "+OK\r\n+OK bye\r\n+OK one too many\r\n";
    Pop3ClientOptions options = {
        .user = "bob", .password = "ketchup", .shows_password = true, .deletes = true};
    g_autoptr(Pop3Client) client = pop3_client_new(&options);
    GString *noted = g_string_new(NULL);
    Pop3ClientEvent event;
    for (gsize at = 0; at < strlen(answers); at += piece) {
        gsize length = MIN(piece, strlen(answers) - at);
        pop3_client_receive(client, byte_span(answers + at, length));
        while (pop3_client_next_event(client, &event)) {
            g_string_append_printf(noted, "(%d ", (int)event.kind);
            g_string_append_len(
                noted, (const char *)event.octets.data, (gssize)event.octets.length
            );
            g_string_append_c(noted, ')');
        }
    }
    ByteSpan output = pop3_client_output(client);
    g_string_append_len(noted, (const char *)output.data, (gssize)output.length);
    return g_string_free(noted, FALSE);
}

static void the_pieces_of_answers_do_not_matter(void **state)
{
    g_autofree char *whole = hear_in_advance(G_MAXSIZE / 2);
    (void)state;
    assert_non_null(strstr(whole, "a\r\n.\r\n"));
    assert_non_null(strstr(whole, "DELE 1\r\nQUIT\r\n"));
    for (gsize piece = 1; piece < 60; piece++) {
        g_autofree char *pieces = hear_in_advance(piece);
        assert_string_equal(pieces, whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_are_kept),
        cmocka_unit_test(numbers_are_kept),
        cmocka_unit_test(errors_are_counted),
        cmocka_unit_test(a_client_bears_what_servers_say),
        cmocka_unit_test(the_pieces_of_answers_do_not_matter),
    };
    return cmocka_run_group_tests_name("pop3-limits", tests, NULL, NULL);
}
