/* Every command in every state: what RFC 1939 and the RFCs of the extensions demand, read from the
 * rows of the vocabulary. */

#include "tests/support/test.h"

#include "protocol/pop3/pop3-server.h"

#define ALL_OFFERS                                                                                 \
    (POP3_OFFER_USUAL | POP3_OFFER_SASL | POP3_OFFER_STLS | POP3_OFFER_UTF8 | POP3_OFFER_LANG)

#define MESSAGE "Subject: one\r\n\r\nline 1\r\nline 2\r\n"

typedef struct {
    Pop3State state;
    const char *lines;
} Way;

static const Way ways[] = {
    {POP3_STATE_AUTHORIZATION, ""},
    {POP3_STATE_TRANSACTION, "USER bob\r\nPASS ketchup\r\n"},
    {POP3_STATE_SASL, "AUTH CRAM-MD5\r\n"},
};

typedef struct {
    Pop3CommandId id;
    const char *line;
    const char *broken; /* NULL: anything may stand behind the verb */
} Line;

static const Line lines[N_POP3_COMMANDS] = {
    {POP3_COMMAND_APOP, "APOP bob 0123456789abcdef0123456789abcdef\r\n", "APOP bob\r\n"},
    {POP3_COMMAND_AUTH, "AUTH PLAIN AGJvYgBrZXRjaHVw\r\n", "AUTH PLAIN AA== more\r\n"},
    {POP3_COMMAND_CAPA, "CAPA\r\n", "CAPA all\r\n"},
    {POP3_COMMAND_DELE, "DELE 1\r\n", "DELE\r\n"},
    {POP3_COMMAND_LANG, "LANG en\r\n", "LANG en fr\r\n"},
    {POP3_COMMAND_LAST, "LAST\r\n", "LAST 1\r\n"},
    {POP3_COMMAND_LIST, "LIST\r\n", "LIST one\r\n"},
    {POP3_COMMAND_NOOP, "NOOP\r\n", "NOOP 1\r\n"},
    {POP3_COMMAND_PASS, "PASS ketchup\r\n", "PASS\r\n"},
    {POP3_COMMAND_QUIT, "QUIT\r\n", "QUIT now\r\n"},
    {POP3_COMMAND_RETR, "RETR 1\r\n", "RETR\r\n"},
    {POP3_COMMAND_RPOP, "RPOP bob\r\n", NULL},
    {POP3_COMMAND_RSET, "RSET\r\n", "RSET 1\r\n"},
    {POP3_COMMAND_STAT, "STAT\r\n", "STAT 1\r\n"},
    {POP3_COMMAND_STLS, "STLS\r\n", "STLS 1\r\n"},
    {POP3_COMMAND_TOP, "TOP 1 1\r\n", "TOP 1\r\n"},
    {POP3_COMMAND_UIDL, "UIDL\r\n", "UIDL 1 2\r\n"},
    {POP3_COMMAND_USER, "USER bob\r\n", "USER\r\n"},
    {POP3_COMMAND_UTF8, "UTF8\r\n", "UTF8 USER\r\n"},
    {POP3_COMMAND_XTND, "XTND XLST\r\n", NULL},
};

static void run_events(Pop3Server *server)
{
    static const Pop3Entry entry = {.octets = sizeof(MESSAGE) - 1, .unique_id = "id-1"};
    Pop3ServerEvent event;
    while (pop3_server_next_event(server, &event)) {
        if (event.kind == POP3_SERVER_LOGIN) {
            bool is_right = pop3_server_proof_fits(server, "ketchup");
            pop3_server_answer_login(server, &entry, 1, is_right ? NULL : "[AUTH] no");
        } else if (event.kind == POP3_SERVER_PASSWORD) {
            pop3_server_answer_password(server, "ketchup");
        } else if (event.kind == POP3_SERVER_RETRIEVE) {
            pop3_server_answer_message(server, BYTE_SPAN_LITERAL(MESSAGE), NULL);
        } else if (event.kind == POP3_SERVER_UPDATE) {
            pop3_server_answer_update(server, NULL);
        }
    }
}

static void feed(Pop3Server *server, const char *text)
{
    pop3_server_receive(server, byte_span_from_string(text));
    run_events(server);
}

static Pop3Server *server_in(const Way *way, guint32 offers)
{
    Pop3ServerOptions options = {
        .host_name = "hamburger.edu",
        .greeting = "POP3 server ready",
        .offers = offers,
        .allows_plaintext_auth = true,
    };
    Pop3Server *server = pop3_server_new(&options);
    pop3_server_greet(server, 0);
    run_events(server);
    feed(server, way->lines);
    pop3_server_consume_output(server, pop3_server_output(server).length);
    return server;
}

static bool is_implemented(Pop3CommandId id)
{
    return id != POP3_COMMAND_LAST && id != POP3_COMMAND_RPOP && id != POP3_COMMAND_XTND;
}

/* PASS needs USER before it; APOP's digest here is a wrong one; a response to CRAM-MD5 is not one.
 */
static bool is_welcome(const Pop3CommandRow *row, const Way *way)
{
    bool is_wrong = row->id == POP3_COMMAND_PASS || row->id == POP3_COMMAND_APOP;
    return (row->item.states & way->state) != 0 && is_implemented(row->id) && !is_wrong;
}

static void assert_reply(Pop3Server *server, const char *line, bool is_positive, const Way *way)
{
    ByteSpan output = pop3_server_output(server);
    bool is_ok = byte_span_starts_with(output, "+OK");
    bool is_error = byte_span_starts_with(output, "-ERR ");
    if (is_ok != is_positive || is_error == is_positive || output.length < 5 ||
        output.data[output.length - 1] != '\n' || output.data[output.length - 2] != '\r') {
        g_autofree char *said = byte_span_to_string(output);
        fail_msg("%s in %s: %s", line, pop3_state_name(way->state), said);
    }
}

static void every_command_in_every_state(void **state)
{
    (void)state;
    for (gsize w = 0; w < G_N_ELEMENTS(ways); w++) {
        for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
            const Pop3CommandRow *row = pop3_command_row(lines[i].id);
            assert_int_equal(row->id, i);
            g_autoptr(Pop3Server) server = server_in(&ways[w], ALL_OFFERS);
            feed(server, lines[i].line);
            assert_reply(server, lines[i].line, is_welcome(row, &ways[w]), &ways[w]);
        }
    }
}

static void broken_arguments_are_refused(void **state)
{
    (void)state;
    for (gsize w = 0; w < G_N_ELEMENTS(ways); w++) {
        for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
            if (lines[i].broken != NULL) {
                g_autoptr(Pop3Server) server = server_in(&ways[w], ALL_OFFERS);
                feed(server, lines[i].broken);
                assert_reply(server, lines[i].broken, false, &ways[w]);
            }
        }
    }
}

/* RFC 1939 §3: several lines end with a dot, one line does not; as the rows say. */
static void shapes_are_those_of_the_rows(void **state)
{
    (void)state;
    for (gsize w = 0; w < G_N_ELEMENTS(ways); w++) {
        for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
            const Pop3CommandRow *row = pop3_command_row(lines[i].id);
            bool is_dotted = row->item.shape == REPLY_SHAPE_DOTTED ||
                             (row->item.shape == REPLY_SHAPE_LINE_OR_DOTTED &&
                              strchr(lines[i].line, ' ') == NULL);
            g_autoptr(Pop3Server) server = server_in(&ways[w], ALL_OFFERS);
            feed(server, lines[i].line);
            g_autofree char *said = byte_span_to_string(pop3_server_output(server));
            bool has_dot = g_str_has_suffix(said, "\r\n.\r\n");
            assert_int_equal(has_dot, is_dotted && is_welcome(row, &ways[w]));
        }
    }
}

static void commands_that_are_not_offered_are_refused(void **state)
{
    static const struct {
        Pop3Offer offer;
        const char *line;
        guint way;
    } cases[] = {
        {POP3_OFFER_USER, "USER bob\r\n", 0},
        {POP3_OFFER_SASL, "AUTH CRAM-MD5\r\n", 0},
        {POP3_OFFER_CAPA, "CAPA\r\n", 0},
        {POP3_OFFER_TOP, "TOP 1 0\r\n", 1},
        {POP3_OFFER_UIDL, "UIDL\r\n", 1},
        {POP3_OFFER_STLS, "STLS\r\n", 0},
        {POP3_OFFER_UTF8, "UTF8\r\n", 0},
        {POP3_OFFER_LANG, "LANG\r\n", 0},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const Way *way = &ways[cases[i].way];
        g_autoptr(Pop3Server) with = server_in(way, ALL_OFFERS);
        g_autoptr(Pop3Server) without = server_in(way, ALL_OFFERS & ~(guint32)cases[i].offer);
        feed(with, cases[i].line);
        feed(without, cases[i].line);
        assert_int_equal(pop3_server_output(with).data[0], '+');
        assert_reply(without, cases[i].line, false, way);
    }
}

typedef struct {
    const char *claim;
    const char *lines; /* behind the log-in */
    bool hangs_up;
    bool times_out;
    bool is_deleted;
    const char *events; /* U: update, A: aborted, C: close */
} EndCase;

static const EndCase ends[] = {
    {.claim = "QUIT updates", .lines = "DELE 1\r\nQUIT\r\n", .is_deleted = true, .events = "UC"},
    {.claim = "RSET takes back", .lines = "DELE 1\r\nRSET\r\nQUIT\r\n", .events = "UC"},
    {.claim = "hanging up keeps all", .lines = "DELE 1\r\n", .hangs_up = true, .events = "AC"},
    {.claim = "silence keeps all", .lines = "DELE 1\r\n", .times_out = true, .events = "AC"},
};

/* RFC 1939 §3 and §6: deletions happen in UPDATE, and only QUIT leads there. */
static void only_quit_removes(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autoptr(Pop3Server) server = server_in(&ways[1], ALL_OFFERS);
        g_autoptr(GString) events = g_string_new(NULL);
        Pop3ServerEvent event;
        bool was_deleted = false;
        pop3_server_receive(server, byte_span_from_string(ends[i].lines));
        for (guint round = 0; round < 2; round++) {
            while (pop3_server_next_event(server, &event)) {
                if (event.kind == POP3_SERVER_UPDATE) {
                    was_deleted = pop3_server_is_deleted(server, 0);
                    g_string_append_c(events, 'U');
                    pop3_server_answer_update(server, NULL);
                } else {
                    g_string_append_c(events, event.kind == POP3_SERVER_ABORTED ? 'A' : 'C');
                }
            }
            if (ends[i].hangs_up) {
                pop3_server_hang_up(server);
            } else if (ends[i].times_out) {
                pop3_server_time_out(server);
            }
        }
        assert_string_equal(events->str, ends[i].events);
        assert_int_equal(was_deleted, ends[i].is_deleted);
    }
}

static void answer(Pop3Server *server, Pop3ServerEventKind kind)
{
    static const Pop3Entry entry = {.octets = sizeof(MESSAGE) - 1, .unique_id = "id-1"};
    if (kind == POP3_SERVER_LOGIN) {
        pop3_server_answer_login(server, &entry, 1, NULL);
    } else if (kind == POP3_SERVER_RETRIEVE) {
        pop3_server_answer_message(server, BYTE_SPAN_LITERAL(MESSAGE), NULL);
    } else {
        pop3_server_answer_update(server, NULL);
    }
}

/* The owner answers at once, or when the octets that brought the question are gone already. */
static char *converse(bool is_late)
{
    g_autoptr(Pop3Server) server = server_in(&ways[0], ALL_OFFERS);
    Pop3ServerEvent event;
    char *lent = g_strdup("USER bob\r\nPASS ketchup\r\nSTAT\r\nRETR 1\r\nDELE 1\r\nQUIT\r\n");
    pop3_server_receive(server, byte_span_from_string(lent));
    while (pop3_server_next_event(server, &event)) {
        if (event.needs_answer) {
            if (is_late) {
                Pop3ServerEvent nothing;
                assert_false(pop3_server_next_event(server, &nothing));
                g_clear_pointer(&lent, g_free);
            }
            answer(server, event.kind);
        }
    }
    g_free(lent);
    return byte_span_to_string(pop3_server_output(server));
}

static void answers_may_come_later(void **state)
{
    (void)state;
    g_autofree char *at_once = converse(false);
    g_autofree char *later = converse(true);
    assert_string_equal(at_once, later);
    assert_non_null(strstr(later, "signing off"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_in_every_state),
        cmocka_unit_test(broken_arguments_are_refused),
        cmocka_unit_test(shapes_are_those_of_the_rows),
        cmocka_unit_test(commands_that_are_not_offered_are_refused),
        cmocka_unit_test(only_quit_removes),
        cmocka_unit_test(answers_may_come_later),
    };
    return cmocka_run_group_tests_name("pop3-server-states", tests, NULL, NULL);
}
