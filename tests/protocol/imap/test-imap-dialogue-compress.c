#include "tests/support/test.h"

#include "protocol/imap/imap-dialogue.h"

#include <zlib.h>

#define MESSAGE_LENGTH 50000
#define PIECE_MAXIMUM 65536

/* A side that deflates what it says, as RFC 4978 wants it: raw, flushed behind each text. */
typedef struct {
    z_stream stream;
    guint8 octets[PIECE_MAXIMUM];
} Deflater;

static void deflater_init(Deflater *deflater)
{
    memset(deflater, 0, sizeof *deflater);
    int result =
        deflateInit2(&deflater->stream, Z_BEST_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
    assert_int_equal(result, Z_OK);
}

static ByteSpan deflated(Deflater *deflater, const char *text)
{
    deflater->stream.next_in = (Bytef *)(gpointer)text;
    deflater->stream.avail_in = (uInt)strlen(text);
    deflater->stream.next_out = deflater->octets;
    deflater->stream.avail_out = PIECE_MAXIMUM;
    assert_int_equal(deflate(&deflater->stream, Z_SYNC_FLUSH), Z_OK);
    assert_int_not_equal(deflater->stream.avail_out, 0);
    return byte_span(deflater->octets, PIECE_MAXIMUM - deflater->stream.avail_out);
}

typedef struct {
    ImapDialogue *dialogue;
    GString *seen;
    gsize piece;
    guint64 fed[2];
    guint64 message_octets;
} Session;

static void note(Session *session, const DialogueEvent *event)
{
    static const char *const names[] = {
        "command",
        "reply",
        "continuation",
        "begin",
        "",
        "end",
        "credential",
        "opaque",
        "missing",
    };
    assert_true(event->from <= event->to);
    assert_true(event->to <= session->fed[event->side]);
    if (event->kind == DIALOGUE_EVENT_MESSAGE_DATA) {
        for (gsize i = 0; i < event->text.length; i++) {
            assert_int_equal(event->text.data[i], 'a' + (int)((session->message_octets + i) % 26));
        }
        session->message_octets += event->text.length;
        return;
    }
    g_autofree char *text = byte_span_to_display(event->text);
    g_string_append_printf(session->seen, "%s %s", names[event->kind], text);
    if (event->kind == DIALOGUE_EVENT_MESSAGE_END) {
        g_string_append_printf(
            session->seen,
            "%u%s",
            (guint)event->message->octets,
            event->message->is_complete ? " complete" : ""
        );
    }
    g_string_append_c(session->seen, '\n');
}

static void say(Session *session, DialogueSide side, ByteSpan octets)
{
    DialogueEvent event;
    while (octets.length > 0) {
        ByteSpan part = byte_span_slice(octets, 0, session->piece);
        g_autofree guint8 *copy = g_memdup2(part.data, part.length);
        octets = byte_span_from(octets, part.length);
        session->fed[side] += part.length;
        imap_dialogue_class.feed(session->dialogue, side, byte_span(copy, part.length));
        while (imap_dialogue_class.next(session->dialogue, &event)) {
            note(session, &event);
        }
    }
}

static Session begin(gsize piece)
{
    Session session = {imap_dialogue_new(), g_string_new(NULL), piece};
    say(&session, DIALOGUE_SERVER, byte_span_from_string("* PREAUTH hi\r\n"));
    say(&session, DIALOGUE_CLIENT, byte_span_from_string("a COMPRESS DEFLATE\r\n"));
    say(&session, DIALOGUE_SERVER, byte_span_from_string("a OK go\r\n"));
    g_string_truncate(session.seen, 0);
    return session;
}

static void end(Session *session)
{
    imap_dialogue_free(session->dialogue);
    g_string_free(session->seen, TRUE);
}

static char *message_response(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "* 1 FETCH (BODY[] {%d}\r\n", MESSAGE_LENGTH);
    for (int i = 0; i < MESSAGE_LENGTH; i++) {
        g_string_append_c(text, (char)('a' + i % 26));
    }
    g_string_append(text, ")\r\nc OK done\r\n");
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void text_inside_is_read(void **state)
{
    (void)state;
    static const gsize pieces[] = {G_MAXSIZE, 1, 7, 100};
    g_autofree char *response = message_response();
    for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
        Session session = begin(pieces[i]);
        Deflater client;
        Deflater server;
        deflater_init(&client);
        deflater_init(&server);
        say(&session, DIALOGUE_CLIENT, deflated(&client, "b SELECT {5}\r\n"));
        say(&session, DIALOGUE_SERVER, deflated(&server, "+ go\r\n"));
        say(&session, DIALOGUE_CLIENT, deflated(&client, "INBOX\r\n"));
        say(&session, DIALOGUE_SERVER, deflated(&server, "b OK open\r\n"));
        say(&session, DIALOGUE_CLIENT, deflated(&client, "c FETCH 1 BODY[]\r\n"));
        say(&session, DIALOGUE_SERVER, deflated(&server, response));
        assert_string_equal(
            session.seen->str,
            "command b SELECT {5}\\x0d\\x0aINBOX\nreply + go\nreply b OK open\n"
            "command c FETCH 1 BODY[]\nreply * 1 FETCH (BODY[] {50000}\nbegin \n"
            "end 50000 complete\nreply )\nreply c OK done\n"
        );
        assert_int_equal(session.message_octets, MESSAGE_LENGTH);
        deflateEnd(&client.stream);
        deflateEnd(&server.stream);
        end(&session);
    }
}

static void what_is_no_deflate_cannot_be_read(void **state)
{
    (void)state;
    Session session = begin(G_MAXSIZE);
    say(&session, DIALOGUE_CLIENT, byte_span_from_string("\xff\xff\xff plain\r\n"));
    say(&session, DIALOGUE_SERVER, byte_span_from_string("* 3 EXISTS\r\n"));
    assert_string_equal(session.seen->str, "opaque \n");
    assert_int_equal(imap_dialogue_state(session.dialogue), IMAP_STATE_OPAQUE);
    end(&session);
}

static void a_gap_ends_the_reading(void **state)
{
    (void)state;
    DialogueEvent event;
    Session session = begin(G_MAXSIZE);
    Deflater server;
    deflater_init(&server);
    say(&session, DIALOGUE_SERVER, deflated(&server, "* 3 EXISTS\r\n* 4 EX"));
    imap_dialogue_class.feed_missing(session.dialogue, DIALOGUE_SERVER, 10);
    session.fed[DIALOGUE_SERVER] += 10;
    while (imap_dialogue_class.next(session.dialogue, &event)) {
        note(&session, &event);
    }
    assert_string_equal(session.seen->str, "reply * 3 EXISTS\nreply * 4 EX\nmissing \nopaque \n");
    deflateEnd(&server.stream);
    end(&session);
}

/* Text that deflates a thousandfold must not be kept. */
static void a_bomb_is_read_in_small_pieces(void **state)
{
    (void)state;
    Session session = begin(G_MAXSIZE);
    Deflater server;
    g_autofree char *spaces = g_strnfill(PIECE_MAXIMUM, ' ');
    deflater_init(&server);
    say(&session, DIALOGUE_SERVER, deflated(&server, "* OK "));
    for (gsize i = 0; i < 1000; i++) {
        say(&session, DIALOGUE_SERVER, deflated(&server, spaces));
    }
    say(&session, DIALOGUE_SERVER, deflated(&server, "\r\n* 5 EXISTS\r\n"));
    assert_true(g_str_has_suffix(session.seen->str, "\nreply * 5 EXISTS\n"));
    assert_true(session.seen->len < 70000);
    deflateEnd(&server.stream);
    end(&session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_inside_is_read),
        cmocka_unit_test(what_is_no_deflate_cannot_be_read),
        cmocka_unit_test(a_gap_ends_the_reading),
        cmocka_unit_test(a_bomb_is_read_in_small_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
