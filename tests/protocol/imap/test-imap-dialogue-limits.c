#include "tests/support/test.h"

#include "protocol/imap/imap-dialogue.h"
#include "protocol/imap/imap-reader.h"
#include "protocol/imap/imap-waiting.h"

typedef struct {
    guint commands;
    guint replies;
    guint begins;
    guint ends;
    guint64 octets;
    gsize longest_text;
    guint32 defects;
    guint64 end[2]; /* of the last octet told of on each side */
    guint64 last_exchange;
} Totals;

static void drain(ImapDialogue *dialogue, Totals *totals)
{
    DialogueEvent event;
    while (imap_dialogue_class.next(dialogue, &event)) {
        totals->commands += event.kind == DIALOGUE_EVENT_COMMAND;
        totals->replies += event.kind == DIALOGUE_EVENT_REPLY;
        totals->begins += event.kind == DIALOGUE_EVENT_MESSAGE_BEGIN;
        totals->ends += event.kind == DIALOGUE_EVENT_MESSAGE_END;
        if (event.kind == DIALOGUE_EVENT_MESSAGE_DATA) {
            totals->octets += event.text.length;
        } else {
            totals->longest_text = MAX(totals->longest_text, event.text.length);
        }
        totals->defects |= event.defects;
        totals->last_exchange = event.exchange;
        totals->end[event.side] = MAX(totals->end[event.side], event.to);
    }
}

static void say(ImapDialogue *dialogue, DialogueSide side, const char *text, Totals *totals)
{
    imap_dialogue_class.feed(dialogue, side, byte_span_from_string(text));
    drain(dialogue, totals);
}

static void a_literal_of_text_is_kept_only_so_far(void **state)
{
    (void)state;
    g_autoptr(ImapDialogue) dialogue = imap_dialogue_new();
    g_autofree char *much = g_strnfill(100000, 'x');
    Totals totals = {0};
    say(dialogue, DIALOGUE_SERVER, "* OK hi\r\n", &totals);
    say(dialogue, DIALOGUE_CLIENT, "a LOGIN {10000000+}\r\n", &totals);
    for (gsize i = 0; i < 100; i++) {
        say(dialogue, DIALOGUE_CLIENT, much, &totals);
    }
    say(dialogue, DIALOGUE_CLIENT, " y\r\nb NOOP\r\n", &totals);
    assert_int_equal(totals.commands, 2);
    assert_int_equal(totals.longest_text, IMAP_UNIT_MAXIMUM);
    assert_true((totals.defects & DIALOGUE_DEFECT_TOO_LONG) != 0);
    assert_int_equal(totals.end[DIALOGUE_CLIENT], 21 + 10000000 + 4 + 8);
}

/* What waits for an answer that never comes is read in the end. */
static void what_is_held_has_a_bound(void **state)
{
    (void)state;
    g_autoptr(ImapDialogue) dialogue = imap_dialogue_new();
    g_autofree char *much = g_strnfill(100000, 'x');
    Totals totals = {0};
    say(dialogue, DIALOGUE_SERVER, "* PREAUTH hi\r\n", &totals);
    say(dialogue, DIALOGUE_CLIENT, "a APPEND x {1000000}\r\n", &totals);
    say(dialogue, DIALOGUE_CLIENT, much, &totals);
    say(dialogue, DIALOGUE_CLIENT, much, &totals);
    assert_int_equal(totals.begins, 0);
    for (gsize i = 0; i < 8; i++) {
        say(dialogue, DIALOGUE_CLIENT, much, &totals);
    }
    assert_int_equal(totals.begins, 1);
    assert_int_equal(totals.ends, 1);
    assert_int_equal(totals.octets, 1000000);
}

static void commands_without_answers_are_given_up(void **state)
{
    (void)state;
    g_autoptr(ImapDialogue) dialogue = imap_dialogue_new();
    Totals totals = {0};
    say(dialogue, DIALOGUE_SERVER, "* PREAUTH hi\r\n", &totals);
    for (guint i = 0; i < 2 * IMAP_WAITING_MAXIMUM; i++) {
        g_autofree char *command = g_strdup_printf("tag-that-is-rather-long-%u NOOP\r\n", i);
        say(dialogue, DIALOGUE_CLIENT, command, &totals);
    }
    say(dialogue, DIALOGUE_SERVER, "tag-that-is-rather-long-2047 OK\r\n", &totals);
    assert_int_equal(totals.last_exchange, 2048);
    assert_int_equal(totals.defects, 0);
    say(dialogue, DIALOGUE_SERVER, "tag-that-is-rather-long-7 OK\r\n", &totals);
    assert_int_equal(totals.defects, DIALOGUE_DEFECT_UNASKED);
}

/* Every octet of a conversation without defects lies in some event, or closes a command behind a
 * message. */
static void offsets_cover_the_stream(void **state)
{
    (void)state;
    static const char *const turns[] = {
        "* PREAUTH hi\r\n",
        "a APPEND x {4}\r\n",
        "+ go\r\n",
        "mail\r\n",
        "* 1 EXISTS\r\na OK\r\n",
        "b FETCH 1 BODY[]\r\n",
        "* 1 FETCH (BODY[] {4}\r\nmail UID 7)\r\nb OK done\r\n",
    };
    DialogueSide side = DIALOGUE_SERVER;
    g_autoptr(ImapDialogue) dialogue = imap_dialogue_new();
    guint64 end[2] = {0, 0};
    for (gsize i = 0; i < G_N_ELEMENTS(turns); i++) {
        DialogueEvent event;
        imap_dialogue_class.feed(dialogue, side, byte_span_from_string(turns[i]));
        while (imap_dialogue_class.next(dialogue, &event)) {
            assert_int_equal(event.from, end[event.side]);
            end[event.side] = event.to;
        }
        side = side == DIALOGUE_SERVER ? DIALOGUE_CLIENT : DIALOGUE_SERVER;
        end[DIALOGUE_CLIENT] += i == 3 ? 2 : 0; /* the line end behind the message */
    }
}

static void tls_below_starts_the_login_anew(void **state)
{
    (void)state;
    g_autoptr(ImapDialogue) dialogue = imap_dialogue_new();
    Totals totals = {0};
    say(dialogue, DIALOGUE_SERVER, "* OK hi\r\n", &totals);
    say(dialogue, DIALOGUE_CLIENT, "a STARTTLS\r\n", &totals);
    say(dialogue, DIALOGUE_SERVER, "a OK go\r\n", &totals);
    imap_dialogue_begin_tls(dialogue);
    say(dialogue, DIALOGUE_CLIENT, "b LOGIN a b\r\n", &totals);
    say(dialogue, DIALOGUE_SERVER, "b OK in\r\n", &totals);
    assert_int_equal(totals.defects, 0);
    assert_int_equal(imap_dialogue_state(dialogue), IMAP_STATE_AUTHENTICATED);
    assert_int_equal(totals.last_exchange, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_literal_of_text_is_kept_only_so_far),
        cmocka_unit_test(what_is_held_has_a_bound),
        cmocka_unit_test(commands_without_answers_are_given_up),
        cmocka_unit_test(offsets_cover_the_stream),
        cmocka_unit_test(tls_below_starts_the_login_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
