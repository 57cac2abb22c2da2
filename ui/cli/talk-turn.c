#include "ui/cli/talk-turn.h"

#include "protocol/pop3/pop3-vocabulary.h"
#include "protocol/smtp/smtp-vocabulary.h"

#include <string.h>

#define TAGS_MAXIMUM 10000

/* The RFCs whose commands every server has. CAPA may be asked of any: one that does not know it
 * says -ERR (RFC 2449 §5). */
static const struct {
    MailProtocol protocol;
    guint16 base[2];
} base_rows[] = {
    {MAIL_PROTOCOL_SMTP, {5321}},
    {MAIL_PROTOCOL_POP3, {1939, 2449}},
    {MAIL_PROTOCOL_IMAP, {3501, 9051}},
};

void talk_turn_init(TalkTurn *turn, MailProtocol protocol)
{
    *turn = (TalkTurn){
        .protocol = protocol,
        .offered = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .tags = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
    };
}

void talk_turn_clear(TalkTurn *turn)
{
    g_clear_pointer(&turn->offered, g_hash_table_unref);
    g_clear_pointer(&turn->tags, g_hash_table_unref);
}

bool talk_turn_command(TalkTurn *turn, const DialogueEvent *event)
{
    turn->follows_user = false;
    if (turn->protocol != MAIL_PROTOCOL_IMAP || event->tag.length == 0 ||
        g_hash_table_size(turn->tags) >= TAGS_MAXIMUM) {
        return true;
    }
    return g_hash_table_add(turn->tags, byte_span_to_display(event->tag));
}

/* The words of an answer that lists extensions: "250-AUTH PLAIN", "UIDL", "* CAPABILITY IDLE". */
static void take_offers(TalkTurn *turn, ByteSpan line)
{
    ByteSpan word;
    if (byte_span_starts_with(line, "250")) {
        line = byte_span_from(line, 4);
    }
    while (byte_span_next_token(&line, ' ', &word)) {
        g_autofree char *text = byte_span_to_string(word);
        if (word.length > 0) {
            g_hash_table_add(turn->offered, g_ascii_strup(text, -1));
        }
    }
}

void talk_turn_reply(TalkTurn *turn, const DialogueEvent *event)
{
    const char *command = event->command == NULL ? "" : event->command->token;
    if (g_str_equal(command, "EHLO") || g_str_equal(command, "CAPA") ||
        byte_span_is(event->code, "CAPABILITY")) {
        take_offers(turn, event->text);
    }
    if (turn->protocol == MAIL_PROTOCOL_POP3) {
        turn->has_time_stamp |= event->exchange == 0 && byte_span_find(event->text, '<', 0) >= 0;
        turn->follows_user = event->is_positive && g_str_equal(command, "USER");
    }
}

/* One that every server has, or that this one said it has; CHUNKING brings BDAT (RFC 3030 §2). */
static bool is_offered(const TalkTurn *turn, const VocabularyItem *item)
{
    for (gsize i = 0; i < G_N_ELEMENTS(base_rows); i++) {
        guint16 number = item->reference.number;
        if (base_rows[i].protocol == turn->protocol &&
            (number == base_rows[i].base[0] || number == base_rows[i].base[1])) {
            return true;
        }
    }
    const char *keyword = g_str_equal(item->token, "BDAT") ? "CHUNKING" : item->token;
    return g_hash_table_contains(turn->offered, keyword);
}

/* RFC 1939 §7: only PASS or QUIT behind a USER that was accepted, PASS nowhere else, and APOP only
 * where the greeting has a time stamp. */
static bool is_in_turn(const TalkTurn *turn, guint32 state, const char *token)
{
    bool is_pass = g_str_equal(token, "PASS");
    if (turn->protocol != MAIL_PROTOCOL_POP3 || state != POP3_STATE_AUTHORIZATION) {
        return true;
    }
    if (turn->follows_user) {
        return is_pass || g_str_equal(token, "QUIT");
    }
    return !is_pass && (turn->has_time_stamp || !g_str_equal(token, "APOP"));
}

/* RFC 5321 §4.5.1: every server has HELO too, though clients should say EHLO. */
static bool is_current(const TalkTurn *turn, guint32 state, const VocabularyItem *item)
{
    bool is_first_hello = turn->protocol == MAIL_PROTOCOL_SMTP && state == SMTP_STATE_GREETED &&
                          g_str_equal(item->token, "HELO");
    return item->replaced_by == NULL || is_first_hello;
}

bool talk_turn_allows(const TalkTurn *turn, guint32 state, const VocabularyItem *item)
{
    return item->kind == VOCABULARY_COMMAND && (item->states & state) != 0 &&
           is_current(turn, state, item) && strchr(item->token, '<') == NULL &&
           is_offered(turn, item) && is_in_turn(turn, state, item->token);
}
