/* What-if: an IMAP server says other answers than its own, a client other commands. */

#include "tests/support/test.h"

#include "protocol/imap/imap-client.h"
#include "protocol/imap/imap-server.h"

typedef struct {
    const char *claim;
    const char *override; /* of command number 1 */
    const char *lines;    /* of the client */
    const char *said;     /* behind the greeting */
} OverrideCase;

static const OverrideCase cases[] = {
    {
        .claim = "a log-in that is refused unseen",
        .override = "NO [UNAVAILABLE] Come back later",
        .lines = "a1 LOGIN bob ketchup\r\n",
        .said = "a1 NO [UNAVAILABLE] Come back later\r\n",
    },
    {
        .claim = "data before the answer",
        .override = "* CAPABILITY IMAP4rev1\nOK That is all",
        .lines = "a1 CAPABILITY\r\n",
        .said = "* CAPABILITY IMAP4rev1\r\na1 OK That is all\r\n",
    },
    {
        .claim = "anybody is let in, and finds nothing",
        .override = "OK Welcome",
        .lines = "a1 LOGIN mallory x\r\na2 SELECT INBOX\r\n",
        .said = "a1 OK Welcome\r\na2 BAD SELECT cannot be said now: log in first\r\n",
    },
};

static void a_server_says_what_it_is_told(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        ImapServerOptions options = {
            .host_name = "hamburger.edu",
            .software = "mailwalk",
            .offers = IMAP_OFFER_USUAL,
            .allows_plaintext_login = true,
        };
        g_autoptr(ImapServer) server = imap_server_new(&options);
        ImapServerEvent event;
        bool is_said = false;
        imap_server_set_override(server, 1, cases[i].override, &is_said);
        imap_server_greet(server, 0);
        assert_false(is_said);
        imap_server_consume_output(server, imap_server_output(server).length);
        imap_server_receive(server, byte_span_from_string(cases[i].lines), 0);
        while (imap_server_next_event(server, &event)) {
            fail_msg("%s: the owner is asked", cases[i].claim);
        }
        assert_span(imap_server_output(server), cases[i].said);
        assert_true(is_said);
    }
}

static void a_server_greets_as_it_is_told(void **state)
{
    (void)state;
    ImapServerOptions options = {.host_name = "hamburger.edu", .software = "mailwalk"};
    g_autoptr(ImapServer) server = imap_server_new(&options);
    ImapServerEvent event;
    bool is_said = false;
    imap_server_set_override(server, 0, "* BYE Closed on Sundays", &is_said);
    imap_server_greet(server, 0);
    assert_span(imap_server_output(server), "* BYE Closed on Sundays\r\n");
    assert_true(is_said);
    assert_true(imap_server_next_event(server, &event));
    assert_int_equal(event.kind, IMAP_SERVER_CLOSE);
}

static void a_client_says_what_it_is_told(void **state)
{
    (void)state;
    ImapClientOptions options = {.host_name = "hamburger.edu"};
    g_autoptr(ImapClient) client = imap_client_new(&options);
    ImapClientEvent event;
    imap_client_set_line_override(client, 1, "LOGIN bob ketchop", NULL);
    imap_client_log_in(client, "bob", "ketchup", NULL);
    imap_client_receive(client, BYTE_SPAN_LITERAL("* OK ready\r\n"));
    while (imap_client_next_event(client, &event)) {
    }
    assert_span(imap_client_output(client), "a1 LOGIN bob ketchop\r\n");
    imap_client_receive(client, BYTE_SPAN_LITERAL("a1 NO wrong\r\n"));
    assert_true(imap_client_next_event(client, &event));
    assert_int_equal(event.kind, IMAP_CLIENT_DONE);
    assert_int_equal(event.status, IMAP_STATUS_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_says_what_it_is_told),
        cmocka_unit_test(a_server_greets_as_it_is_told),
        cmocka_unit_test(a_client_says_what_it_is_told),
    };
    return cmocka_run_group_tests_name("imap-overrides", tests, NULL, NULL);
}
