/* RFC 5321 §4.5.3: what just fits and what does not any more, at the server and at the client. */

#include "tests/support/test.h"

#include "protocol/smtp/smtp-client.h"
#include "protocol/smtp/smtp-server.h"

#define MAXIMUM_SIZE 5000
#define MAXIMUM_RECIPIENTS 100
#define MAXIMUM_ERRORS 10

static SmtpServer *server_new(void)
{
    SmtpServerOptions options = {
        .host_name = "hamburger.edu",
        .software = "ESMTP mailwalk",
        .offers = SMTP_OFFER_USUAL | SMTP_OFFER_AUTH,
        .syntax = SMTP_SYNTAX_STRICT,
        .maximum_size = MAXIMUM_SIZE,
        .maximum_recipients = MAXIMUM_RECIPIENTS,
        .maximum_errors = MAXIMUM_ERRORS,
        .allows_plaintext_auth = true,
    };
    SmtpServer *server = smtp_server_new(&options);
    smtp_server_greet(server, NULL, 0);
    return server;
}

/* The code of the last reply. */
static guint say(SmtpServer *server, const char *text)
{
    SmtpServerEvent event;
    smtp_server_consume_output(server, smtp_server_output(server).length);
    smtp_server_receive(server, byte_span_from_string(text), 0);
    while (smtp_server_next_event(server, &event)) {
        if (event.kind == SMTP_SERVER_AUTH) {
            smtp_server_answer_auth(server, NULL, NULL);
        } else if (event.needs_answer) {
            smtp_server_answer(server, NULL);
        }
    }
    g_autofree char *said = byte_span_to_string(smtp_server_output(server));
    g_auto(GStrv) lines = g_strsplit(said, "\r\n", -1);
    guint count = g_strv_length(lines);
    return count < 2 ? 0 : (guint)g_ascii_strtoull(lines[count - 2], NULL, 10);
}

/* A domain of so many letters and dots, each label within its own limit of 63. */
static char *domain_of(gsize length)
{
    GString *domain = g_string_new(NULL);
    while (domain->len < length) {
        bool is_dot = domain->len % 64 == 63 && domain->len + 1 < length;
        g_string_append_c(domain, is_dot ? '.' : 'd');
    }
    return g_string_free(domain, FALSE);
}

static char *repeat(char octet, gsize length)
{
    char *text = g_malloc(length + 1);
    memset(text, octet, length);
    text[length] = '\0';
    return text;
}

typedef enum {
    COMMAND_LINE, /* of NOOP, CRLF included: RFC 5321 §4.5.3.1.4 */
    HELLO_NAME,   /* §4.5.3.1.2 */
    LOCAL_PART,   /* §4.5.3.1.1 */
    DOMAIN_PART,  /* §4.5.3.1.2 */
    WHOLE_PATH,   /* brackets included: §4.5.3.1.3 */
    AUTH_LINE,    /* RFC 4954 §4 */
} What;

typedef struct {
    const char *claim;
    What what;
    gsize length;
    guint code;
} LengthCase;

static const LengthCase lengths[] = {
    {"a command line of 512 octets", COMMAND_LINE, 512, 250},
    {"a command line of 513 octets", COMMAND_LINE, 513, 500},
    {"a command line without end", COMMAND_LINE, 200000, 500},
    {"a name of 255 octets in EHLO", HELLO_NAME, 255, 250},
    {"a name of 256 octets in EHLO", HELLO_NAME, 256, 501},
    {"a local part of 64 octets", LOCAL_PART, 64, 250},
    {"a local part of 65 octets", LOCAL_PART, 65, 501},
    {"a domain of 250 octets", DOMAIN_PART, 250, 250},
    {"a domain of 256 octets", DOMAIN_PART, 256, 501},
    {"a path of 256 octets", WHOLE_PATH, 256, 250},
    {"a path of 257 octets", WHOLE_PATH, 257, 501},
    {"an AUTH line of 12288 octets, no base64", AUTH_LINE, 12288, 501},
    {"an AUTH line of 12292 octets", AUTH_LINE, 12292, 500},
};

static char *line_for(const LengthCase *row)
{
    g_autofree char *filling = NULL;
    switch (row->what) {
    case COMMAND_LINE:
        filling = repeat('x', row->length - strlen("NOOP \r\n"));
        return g_strdup_printf("NOOP %s\r\n", filling);
    case HELLO_NAME:
        filling = domain_of(row->length);
        return g_strdup_printf("EHLO %s\r\n", filling);
    case LOCAL_PART:
        filling = repeat('l', row->length);
        return g_strdup_printf("MAIL FROM:<%s@crepes.fr>\r\n", filling);
    case DOMAIN_PART:
        filling = domain_of(row->length);
        return g_strdup_printf("MAIL FROM:<a@%s>\r\n", filling);
    case WHOLE_PATH:
        filling = domain_of(row->length - strlen("<alice@>"));
        return g_strdup_printf("MAIL FROM:<alice@%s>\r\n", filling);
    case AUTH_LINE:
        filling = repeat('!', row->length - strlen("AUTH PLAIN \r\n"));
        return g_strdup_printf("AUTH PLAIN %s\r\n", filling);
    }
    return NULL;
}

static void lengths_are_kept(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(lengths); i++) {
        g_autoptr(SmtpServer) server = server_new();
        g_autofree char *line = line_for(&lengths[i]);
        say(server, "EHLO crepes.fr\r\n");
        guint code = say(server, line);
        if (code != lengths[i].code) {
            fail_msg("%s: %u, not %u", lengths[i].claim, code, lengths[i].code);
        }
        assert_int_equal(say(server, "RSET\r\n"), 250); /* the line after it is understood */
    }
}

/* RFC 5321 §4.5.3.1.8 and §4.5.3.1.10: at least 100, then 452; those before stay. */
static void recipients_are_counted(void **state)
{
    (void)state;
    g_autoptr(SmtpServer) server = server_new();
    say(server, "EHLO crepes.fr\r\nMAIL FROM:<alice@crepes.fr>\r\n");
    for (guint i = 0; i < MAXIMUM_RECIPIENTS; i++) {
        g_autofree char *line = g_strdup_printf("RCPT TO:<bob%u@hamburger.edu>\r\n", i);
        assert_int_equal(say(server, line), 250);
    }
    assert_int_equal(say(server, "RCPT TO:<one@hamburger.edu>\r\n"), 452);
    assert_int_equal(say(server, "DATA\r\n"), 354);
    assert_int_equal(say(server, "Subject: x\r\n\r\n.\r\n"), 250);
}

/* RFC 1870 §6.1 and §6.3: told beforehand, and found out while it comes; by DATA and by BDAT. */
static void sizes_are_kept(void **state)
{
    static const struct {
        gsize octets;
        guint code;
    } cases[] = {{MAXIMUM_SIZE, 250}, {MAXIMUM_SIZE + 1, 552}};

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SmtpServer) server = server_new();
        g_autofree char *mail =
            g_strdup_printf("MAIL FROM:<alice@crepes.fr> SIZE=%zu\r\n", cases[i].octets);
        g_autofree char *text = repeat('x', cases[i].octets - 2);
        g_autofree char *content = g_strdup_printf("%s\r\n.\r\n", text);
        g_autofree char *chunk = g_strdup_printf("BDAT %zu LAST\r\n%s\r\n", cases[i].octets, text);
        say(server, "EHLO crepes.fr\r\n");
        assert_int_equal(say(server, mail), cases[i].code);
        say(server,
            "RSET\r\nMAIL FROM:<alice@crepes.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\nDATA\r\n");
        assert_int_equal(say(server, content), cases[i].code);
        say(server, "MAIL FROM:<alice@crepes.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\n");
        assert_int_equal(say(server, chunk), cases[i].code);
        assert_int_equal(say(server, "NOOP\r\n"), 250);
    }
}

/* RFC 5321 §3.8: 421 before the server hangs up. */
static void errors_are_counted(void **state)
{
    (void)state;
    g_autoptr(SmtpServer) server = server_new();
    for (guint i = 0; i < MAXIMUM_ERRORS; i++) {
        assert_int_equal(say(server, "XYZZY\r\n"), 500);
    }
    assert_int_equal(say(server, "XYZZY\r\n"), 421);
    assert_int_equal(say(server, "NOOP\r\n"), 0);
}

/* --- the other direction: what a server may do to our client --- */

typedef struct {
    const char *claim;
    const char *piece; /* said again and again */
    guint times;
    bool is_ready; /* the client takes it for a reply */
} FloodCase;

static const FloodCase floods[] = {
    {"a reply line of 512 octets and more", "x", 2000, true},
    {"a reply of a thousand lines", "250-more\r\n", 1000, true},
    {"a line without end", "xxxxxxxxxx", 200000, true},
    {"replies nobody asked for", "250 ok\r\n", 5000, false},
};

static void a_client_bears_what_servers_say(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(floods); i++) {
        SmtpClientOptions options = {.host_name = "crepes.fr", .seed = 1};
        g_autoptr(SmtpClient) client = smtp_client_new(&options);
        SmtpClientEvent event;
        bool is_ready = false;
        bool is_closed = false;
        g_autoptr(GString) text = g_string_new("220 hamburger.edu\r\n250-hamburger.edu");
        g_string_append(text, floods[i].piece[0] == '2' ? "\r\n" : "");
        for (guint n = 0; n < floods[i].times; n++) {
            g_string_append(text, floods[i].piece);
        }
        g_string_append(text, floods[i].piece[0] == '2' ? "250 HELP\r\n" : "\r\n250 HELP\r\n");
        for (gsize at = 0; at < text->len; at += 1000) {
            gsize length = MIN(text->len - at, 1000);
            smtp_client_receive(client, byte_span(text->str + at, length));
            while (smtp_client_next_event(client, &event)) {
                is_ready = is_ready || event.kind == SMTP_CLIENT_READY;
                is_closed = is_closed || event.kind == SMTP_CLIENT_CLOSED;
            }
            assert_true(smtp_client_output(client).length < 1000);
        }
        if (!is_ready && !is_closed) {
            fail_msg("%s: the client waits for ever", floods[i].claim);
        }
        assert_true(is_ready || !floods[i].is_ready);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_are_kept),
        cmocka_unit_test(recipients_are_counted),
        cmocka_unit_test(sizes_are_kept),
        cmocka_unit_test(errors_are_counted),
        cmocka_unit_test(a_client_bears_what_servers_say),
    };
    return cmocka_run_group_tests_name("smtp-server-limits", tests, NULL, NULL);
}
