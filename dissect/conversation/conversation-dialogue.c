/* Feeding the dialogue of a conversation, from the moment its protocol is known until it turns
 * opaque or ends. */

#include "dissect/conversation/conversation-internal.h"
#include "protocol/http/http-dialogue.h"
#include "protocol/imap/imap-dialogue.h"
#include "protocol/pop3/pop3-dialogue.h"
#include "protocol/smtp/smtp-dialogue.h"

#define ONE_SIDED_PIECES 4 /* data of one side before the other is given up */

static const DialogueClass *class_of(MailProtocol protocol)
{
    switch (protocol) {
    case MAIL_PROTOCOL_SMTP:
        return &smtp_dialogue_class;
    case MAIL_PROTOCOL_POP3:
        return &pop3_dialogue_class;
    case MAIL_PROTOCOL_HTTP:
        return &http_dialogue_class;
    case MAIL_PROTOCOL_IMAP:
        return &imap_dialogue_class;
    case MAIL_PROTOCOL_UNKNOWN:
    case MAIL_PROTOCOL_DNS:
    case MAIL_PROTOCOL_TLS:
    case N_MAIL_PROTOCOLS:
        return NULL;
    }
    return NULL;
}

void conversation_drop_dialogue(ConversationState *state)
{
    if (state->dialogue != NULL) {
        state->conversation.class->clear(state->dialogue);
        if (state->dialogue != state->room) {
            g_free(state->dialogue);
        }
        state->dialogue = NULL;
    }
}

void conversation_leave_dialogue(ConversationState *state)
{
    bool is_tunnel = state->conversation.protocol == MAIL_PROTOCOL_HTTP;
    conversation_drop_dialogue(state);
    step_ring_clear(&state->steps);
    if (is_tunnel) {
        state->phase = PHASE_GUESSING;
        state->is_inside = true;
    } else {
        conversation_begin_tls(state, true);
    }
}

/* What is secret in HTTP is known by its name, and may be repeated by either side. */
static void hide_web_secrets(ConversationState *state, DialogueEvent *said)
{
    SecretEcho *echo = &state->secret_echo;
    if (dissector_trusts_replies(state->dissector)) {
        return;
    }
    if (said->kind == DIALOGUE_EVENT_MESSAGE_END && said->side == DIALOGUE_CLIENT) {
        secret_web_note_form(echo, said->message->section, http_dialogue_form(state->dialogue));
        return;
    }
    secret_web_note(echo, said);
    bool is_open = said->kind == DIALOGUE_EVENT_CONTINUATION && !said->is_secret;
    if (is_open || said->kind == DIALOGUE_EVENT_COMMAND || said->kind == DIALOGUE_EVENT_REPLY) {
        secret_echo_mask(echo, said);
    }
}

static void
hide_secrets(ConversationState *state, DialogueEvent *said, DialogueCredential *out_credential)
{
    if (state->conversation.protocol == MAIL_PROTOCOL_HTTP) {
        hide_web_secrets(state, said);
        return;
    }
    if (said->kind == DIALOGUE_EVENT_REPLY) {
        secret_watch_clean_reply(&state->secret_watch, said);
        if (!dissector_trusts_replies(state->dissector)) {
            secret_echo_mask(&state->secret_echo, said);
        }
        return;
    }
    if (said->kind == DIALOGUE_EVENT_COMMAND) {
        secret_watch_note(&state->secret_watch, said);
    } else if (said->kind == DIALOGUE_EVENT_CREDENTIAL && secret_slip_clean_credential(said->credential, out_credential)) {
        said->credential = out_credential;
    }
    secret_echo_note(&state->secret_echo, said);
}

/* A tunnel is opaque once for each side and once more for what it carries. */
static void note_unread(ConversationState *state, const DialogueEvent *said, UnreadOctets *unread)
{
    guint64 from = state->conversation.dialogue_from[said->side] + said->to - said->text.length;
    unread->from[said->side] = MIN(unread->from[said->side], from);
    if (said->text.length > 0) {
        if (unread->held[said->side] == NULL) {
            unread->held[said->side] = g_byte_array_new();
        }
        g_byte_array_append(unread->held[said->side], said->text.data, (guint)said->text.length);
    }
}

bool conversation_drain(ConversationState *state, UnreadOctets *out_unread)
{
    DialogueEvent said;
    DialogueCredential credential;
    bool is_opaque = false;
    while (state->conversation.class->next(state->dialogue, &said)) {
        if (said.kind == DIALOGUE_EVENT_OPAQUE) {
            bool is_told = is_opaque && said.text.length > 0;
            is_opaque = true;
            if (out_unread != NULL) {
                note_unread(state, &said, out_unread);
            }
            if (is_told) {
                continue;
            }
        }
        hide_secrets(state, &said, &credential);
        conversation_say(state, &said);
    }
    return is_opaque;
}

static void judge_sides(ConversationState *state, StreamDirection direction)
{
    const Stream *stream = state->conversation.stream;
    StreamDirection other = stream_direction_other(direction);
    if (state->pieces_seen[direction] < ONE_SIDED_PIECES) {
        state->pieces_seen[direction]++;
    }
    if (state->one_sided_was_told || stream_is_seen(stream, other)) {
        return;
    }
    if (stream_has_handshake(stream) || state->pieces_seen[direction] >= ONE_SIDED_PIECES) {
        state->one_sided_was_told = true;
        state->conversation.class->set_one_sided(state->dialogue, (DialogueSide)direction);
    }
}

/* What the dialogue had in hand, and what has just come, is read by what comes after it. */
static void take_unread(
    ConversationState *state,
    StreamDirection direction,
    const UnreadOctets *unread,
    ByteSpan octets,
    const DissectPiece *piece
)
{
    guint64 from = unread->from[direction];
    if (state->phase == PHASE_GUESSING) {
        ByteSpan rest[2] = {BYTE_SPAN_EMPTY, BYTE_SPAN_EMPTY};
        for (guint side = 0; side < 2; side++) {
            if (unread->held[side] != NULL) {
                rest[side] = byte_span(unread->held[side]->data, unread->held[side]->len);
            }
        }
        conversation_guess_again(state, rest, piece);
    } else if (from < piece->to && from >= piece->from) {
        DissectPiece rest = *piece;
        rest.from = from;
        conversation_take(
            state, direction, byte_span_from(octets, (gsize)(from - piece->from)), &rest
        );
    }
}

void conversation_converse(
    ConversationState *state, StreamDirection direction, ByteSpan octets, const DissectPiece *piece
)
{
    UnreadOctets unread = {.from = {G_MAXUINT64, G_MAXUINT64}};
    judge_sides(state, direction);
    state->conversation.class->feed(state->dialogue, (DialogueSide)direction, octets);
    if (!conversation_drain(state, &unread)) {
        return;
    }
    conversation_leave_dialogue(state);
    take_unread(state, direction, &unread, octets, piece);
    g_clear_pointer(&unread.held[0], g_byte_array_unref);
    g_clear_pointer(&unread.held[1], g_byte_array_unref);
}

/* Zeroed memory for the dialogue. */
static gpointer take_room(ConversationState *state, gsize size)
{
    return size <= DIALOGUE_ROOM ? memset(state->room, 0, size) : g_malloc0(size);
}

void conversation_enter_dialogue(ConversationState *state, MailProtocol protocol)
{
    const DialogueClass *class = class_of(protocol);
    state->conversation.class = class;
    if (class == NULL) {
        state->phase = PHASE_OTHER;
        return;
    }
    state->dialogue = take_room(state, class->size);
    class->init(state->dialogue);
    const guint64 *missing = state->conversation.missing;
    bool lacks_beginning = missing[STREAM_FROM_CLIENT] > 0 || missing[STREAM_FROM_SERVER] > 0;
    bool is_late =
        (!stream_has_handshake(state->conversation.stream) && !state->is_inside) || lacks_beginning;
    if (is_late && class->set_joined_late != NULL) {
        class->set_joined_late(state->dialogue);
    }
    state->phase = PHASE_DIALOGUE;
}
