/* How an IMAP conversation moves: states, what answers set free, and the messages on both sides. */

#include "protocol/imap/imap-dialogue-private.h"

void imap_dialogue_set_state(ImapDialogue *dialogue, ImapState state)
{
    dialogue->state = state;
    if (state != IMAP_STATE_SASL && state != IMAP_STATE_IDLE) {
        dialogue->settled_state = state;
    }
}

void imap_dialogue_describe_unit(
    ImapDialogue *dialogue, DialogueSide which, const ImapUnit *unit, DialogueEvent *event
)
{
    event->side = which;
    event->from = unit->from;
    event->to = unit->to;
    event->text = unit->text;
    event->defects = unit->defects;
    event->state_before = event->state_after = dialogue->state;
    /* RFC 9051 §4.3.1 allows UTF-8 where RFC 3501 has seven bits. */
    if (dialogue->allows_utf8 || dialogue->revision == IMAP_REVISION_2) {
        event->defects &= ~(guint32)DIALOGUE_DEFECT_EIGHT_BIT;
    }
    if (which == DIALOGUE_SERVER && (dialogue->tls_was_granted || dialogue->is_plain_after_tls)) {
        event->defects |= DIALOGUE_DEFECT_PLAINTEXT_AFTER_TLS;
    }
}

void imap_dialogue_become_opaque(ImapDialogue *dialogue)
{
    imap_dialogue_set_state(dialogue, IMAP_STATE_OPAQUE);
    dialogue->following |= IMAP_FOLLOWS_OPAQUE;
    dialogue->wait = IMAP_WAIT_NONE;
    imap_dialogue_end_message(dialogue, DIALOGUE_CLIENT, false);
    imap_dialogue_end_message(dialogue, DIALOGUE_SERVER, false);
}

/* As in SMTP: after the OK to STARTTLS the client's first octet tells whether TLS really begins;
 * what it sent before the OK is injected text. */
static bool client_begins_tls(ImapDialogue *dialogue, guint8 first)
{
    bool is_held = byte_buffer_length(&dialogue->side[DIALOGUE_CLIENT].wire.held) > 0;
    if (dialogue->is_injected && !is_held) {
        dialogue->is_injected = false;
    }
    if (!dialogue->tls_was_granted || dialogue->is_injected) {
        return false;
    }
    bool is_tls = first == 0x16 || (first & 0x80) != 0;
    dialogue->tls_was_granted = !is_tls && is_held;
    dialogue->is_injected = !is_tls && is_held;
    dialogue->is_plain_after_tls |= !is_tls && !is_held;
    return is_tls;
}

bool imap_dialogue_looks_opaque(ImapDialogue *dialogue, DialogueSide which)
{
    ImapSide *side = &dialogue->side[which];
    if (side->reader.stream_left > 0 || imap_reader_is_within_unit(&side->reader)) {
        return false;
    }
    DialogueInput *input = imap_side_input(side);
    guint8 first = dialogue_input_peek(input).data[0];
    bool is_tls = input->position == 0 && first == 0x16 && side->inflater == NULL;
    if (which == DIALOGUE_CLIENT) {
        is_tls |= client_begins_tls(dialogue, first);
    } else {
        is_tls |= dialogue->tls_was_granted && first == 0x16;
    }
    /* RFC 4422 §3.7: the length of a protected buffer comes first, in four octets. */
    if (is_tls || (dialogue->may_have_layer && first == 0)) {
        imap_dialogue_become_opaque(dialogue);
        return true;
    }
    return false;
}

/* The text behind the wire begins with the next octet of both sides (RFC 4978 §3). */
static void start_inflating(ImapDialogue *dialogue)
{
    for (gsize which = 0; which < G_N_ELEMENTS(dialogue->side); which++) {
        if (dialogue->side[which].inflater == NULL) {
            dialogue->side[which].inflater = imap_inflater_new();
        }
    }
}

void imap_dialogue_accept(ImapDialogue *dialogue, const ImapCommandRow *row)
{
    if (row->id == IMAP_COMMAND_STARTTLS) {
        dialogue->tls_was_granted = true;
    } else if (row->id == IMAP_COMMAND_COMPRESS) {
        start_inflating(dialogue);
    } else if (row->next_state != 0) {
        imap_dialogue_set_state(dialogue, row->next_state);
    }
}

static void end_authentication(
    ImapDialogue *dialogue, const ImapCommandRow *row, guint64 exchange, bool succeeded
)
{
    bool is_sasl = row->id == IMAP_COMMAND_AUTHENTICATE;
    if (exchange != (is_sasl ? dialogue->auth_exchange : dialogue->login_exchange)) {
        return;
    }
    dialogue->credential_is_sasl = is_sasl;
    dialogue->credential_exchange = exchange;
    dialogue->auth_succeeded = succeeded;
    dialogue->may_have_layer = is_sasl && succeeded;
    dialogue->following |= IMAP_FOLLOWS_CREDENTIAL;
}

void imap_dialogue_end_command(
    ImapDialogue *dialogue, const ImapCommandRow *row, guint64 exchange, ImapStatus status
)
{
    if (row == NULL) {
        return;
    }
    bool is_authentication = row->id == IMAP_COMMAND_AUTHENTICATE || row->id == IMAP_COMMAND_LOGIN;
    bool is_overlay = row->id == IMAP_COMMAND_AUTHENTICATE || row->id == IMAP_COMMAND_IDLE;
    if (is_overlay && dialogue->state != IMAP_STATE_LOGOUT) {
        imap_dialogue_set_state(dialogue, dialogue->settled_state);
        dialogue->idle_exchange = 0;
    }
    if (is_authentication) {
        end_authentication(dialogue, row, exchange, status == IMAP_STATUS_OK);
    }
    if (status == IMAP_STATUS_OK) {
        imap_dialogue_accept(dialogue, row);
    } else if (status == IMAP_STATUS_NO && row->refused_state != 0 && dialogue->state != 0) {
        imap_dialogue_set_state(dialogue, row->refused_state);
    }
}

void imap_dialogue_go_on(ImapDialogue *dialogue)
{
    ImapSide *client = &dialogue->side[DIALOGUE_CLIENT];
    ImapWait wait = dialogue->wait;
    dialogue->wait = IMAP_WAIT_NONE;
    switch (wait) {
    case IMAP_WAIT_TEXT_LITERAL:
        imap_reader_take_literal(&client->reader, dialogue->wait_octets);
        break;
    case IMAP_WAIT_MESSAGE:
        imap_dialogue_open_message(
            dialogue, DIALOGUE_CLIENT, DIALOGUE_MESSAGE_APPEND, dialogue->wait_octets
        );
        client->is_in_rest = true;
        imap_reader_start_stream(&client->reader, dialogue->wait_octets);
        if (dialogue->wait_octets == 0) {
            imap_dialogue_end_message(dialogue, DIALOGUE_CLIENT, true);
        }
        break;
    case IMAP_WAIT_SASL:
        imap_dialogue_set_state(dialogue, IMAP_STATE_SASL);
        break;
    case IMAP_WAIT_IDLE:
        imap_dialogue_set_state(dialogue, IMAP_STATE_IDLE);
        dialogue->idle_exchange = dialogue->wait_exchange;
        break;
    case IMAP_WAIT_STARTTLS:
    case IMAP_WAIT_COMPRESS:
        dialogue->wait = wait; /* neither is answered by "+" */
        break;
    case IMAP_WAIT_NONE:
        break;
    }
}

void imap_dialogue_stop_waiting(ImapDialogue *dialogue)
{
    ImapWait wait = dialogue->wait;
    if (wait == IMAP_WAIT_STARTTLS || wait == IMAP_WAIT_COMPRESS) {
        dialogue->wait = IMAP_WAIT_NONE;
        imap_dialogue_accept(
            dialogue,
            imap_command_row(
                wait == IMAP_WAIT_STARTTLS ? IMAP_COMMAND_STARTTLS : IMAP_COMMAND_COMPRESS,
                dialogue->revision
            )
        );
        return;
    }
    imap_dialogue_go_on(dialogue);
}

void imap_dialogue_open_message(
    ImapDialogue *dialogue, DialogueSide which, DialogueMessageKind kind, guint64 announced
)
{
    ImapSide *side = &dialogue->side[which];
    side->message = (DialogueMessage){
        .kind = kind,
        .number = ++dialogue->messages,
        .announced = announced,
    };
    side->message_position = imap_side_position(side);
    side->message_is_open = true;
    side->message_has_no_beginning = false;
    dialogue->following |=
        which == DIALOGUE_CLIENT ? IMAP_FOLLOWS_CLIENT_BEGIN : IMAP_FOLLOWS_SERVER_BEGIN;
}

void imap_dialogue_end_message(ImapDialogue *dialogue, DialogueSide which, bool end_was_seen)
{
    ImapSide *side = &dialogue->side[which];
    if (!side->message_is_open) {
        return;
    }
    side->message_is_open = false;
    side->message.is_complete =
        end_was_seen && side->message.missing == 0 && !side->message_has_no_beginning;
    side->reader.stream_left = 0;
    dialogue->following |=
        which == DIALOGUE_CLIENT ? IMAP_FOLLOWS_CLIENT_END : IMAP_FOLLOWS_SERVER_END;
}

static void describe_message_data(
    ImapDialogue *dialogue, DialogueSide which, ByteSpan octets, DialogueEvent *event
)
{
    ImapSide *side = &dialogue->side[which];
    event->kind = DIALOGUE_EVENT_MESSAGE_DATA;
    event->side = which;
    event->text = octets;
    event->message = &side->message;
    event->exchange = side->message_exchange;
    event->state_before = event->state_after = dialogue->state;
    side->message.octets += octets.length;
}

ImapReadStep
imap_dialogue_read_message(ImapDialogue *dialogue, DialogueSide which, DialogueEvent *event)
{
    ImapSide *side = &dialogue->side[which];
    ByteSpan octets;
    guint64 from = side->wire.position;
    if (!imap_reader_stream(&side->reader, imap_side_input(side), &octets)) {
        return IMAP_READ_NOTHING;
    }
    describe_message_data(dialogue, which, octets, event);
    event->from = side->inflater == NULL ? from : imap_inflater_from(side->inflater);
    event->to = imap_side_position(side);
    side->message_position = event->to;
    if (side->reader.stream_left == 0) {
        imap_dialogue_end_message(dialogue, which, true);
    }
    return IMAP_READ_EVENT;
}

ImapReadStep imap_dialogue_read_lost_line(
    ImapDialogue *dialogue, DialogueSide which, const ImapUnit *unit, DialogueEvent *event
)
{
    ImapSide *side = &dialogue->side[which];
    if (!side->message_is_open) {
        bool is_client = which == DIALOGUE_CLIENT;
        imap_dialogue_open_message(
            dialogue, which, is_client ? DIALOGUE_MESSAGE_APPEND : DIALOGUE_MESSAGE_FETCH, 0
        );
        ByteSpan name = is_client ? BYTE_SPAN_LITERAL("APPEND") : BYTE_SPAN_LITERAL("FETCH");
        gint index = is_client ? -1 : imap_waiting_for_data(&dialogue->waiting, name);
        side->message.is_partial = true;
        side->message_has_no_beginning = true;
        side->message_exchange = index < 0 ? 0 : dialogue->waiting.commands[index].exchange;
        side->message_item = is_client ? NULL : imap_response_find(name, dialogue->revision);
        side->message_position = unit->from;
        imap_side_put_aside(side, unit, IMAP_UNIT_LINE);
        return IMAP_READ_AGAIN;
    }
    describe_message_data(dialogue, which, unit->raw, event);
    event->from = unit->from;
    event->to = unit->to;
    side->message_position = unit->to;
    side->message.missing += side->inflater == NULL ? unit->to - unit->from - unit->raw.length : 0;
    return IMAP_READ_EVENT;
}
