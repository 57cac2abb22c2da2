/* The server's side of an IMAP conversation: untagged data, tagged results, "+", and the messages
 * that FETCH brings. */

#include "protocol/imap/imap-dialogue-private.h"

#include "protocol/imap/imap-fetch-response.h"

static void note_capabilities(ImapDialogue *dialogue, ByteSpan capabilities)
{
    if (imap_capabilities_have(capabilities, "IMAP4rev2") &&
        !imap_capabilities_have(capabilities, "IMAP4rev1")) {
        dialogue->revision = IMAP_REVISION_2;
    }
}

static void note_enabled(ImapDialogue *dialogue, ByteSpan capabilities)
{
    if (imap_capabilities_have(capabilities, "IMAP4rev2")) {
        dialogue->revision = IMAP_REVISION_2;
    }
    dialogue->allows_utf8 |= imap_capabilities_have(capabilities, "UTF8=ACCEPT");
}

static void note_code(ImapDialogue *dialogue, const ImapResponse *response)
{
    if (byte_span_starts_with_nocase(response->code, "CAPABILITY ")) {
        note_capabilities(dialogue, byte_span_from(response->code, strlen("CAPABILITY ")));
    }
    bool opens_mailbox = byte_span_is_nocase(response->code, "READ-WRITE") ||
                         byte_span_is_nocase(response->code, "READ-ONLY");
    bool is_blind = dialogue->client_unseen || dialogue->joined_late;
    if (is_blind && opens_mailbox && response->status == IMAP_STATUS_OK) {
        imap_dialogue_set_state(dialogue, IMAP_STATE_SELECTED);
    }
}

/* Takes over what the waiting command tells about its answer; -1: no command. */
static void answer(ImapDialogue *dialogue, gint index, DialogueEvent *event)
{
    if (index < 0) {
        event->is_last = true;
        return;
    }
    const ImapWaitingCommand *command = &dialogue->waiting.commands[index];
    event->exchange = command->exchange;
    event->command = command->row == NULL ? NULL : &command->row->item;
}

static const ImapCommandRow *row_of(const DialogueEvent *event)
{
    return event->command == NULL ? NULL : imap_command_of(event->command);
}

static void give_tagged(ImapDialogue *dialogue, const ImapResponse *response, DialogueEvent *event)
{
    gint index = imap_waiting_find(&dialogue->waiting, response->tag);
    answer(dialogue, index, event);
    event->is_last = true;
    event->is_positive = response->status == IMAP_STATUS_OK;
    event->item =
        imap_memo_status(&dialogue->memo, response->name, row_of(event), dialogue->revision);
    note_code(dialogue, response);
    if (index < 0) {
        bool may_be_lost =
            dialogue->client_unseen || dialogue->joined_late || dialogue->has_lost_octets;
        event->defects |= may_be_lost ? 0u : DIALOGUE_DEFECT_UNASKED;
        return;
    }
    imap_waiting_remove(&dialogue->waiting, (guint)index);
    imap_waiting_forget(&dialogue->waiting, MIN(dialogue->lost_exchange, event->exchange - 1));
    if (dialogue->wait != IMAP_WAIT_NONE && dialogue->wait_exchange == event->exchange) {
        dialogue->wait = IMAP_WAIT_NONE;
    }
    imap_dialogue_end_command(dialogue, row_of(event), event->exchange, response->status);
}

static void
give_greeting(ImapDialogue *dialogue, const ImapResponse *response, DialogueEvent *event)
{
    note_code(dialogue, response); /* the greeting may tell the revision */
    event->item = imap_greeting_find(response->name, dialogue->revision);
    event->is_positive = response->status != IMAP_STATUS_BYE;
    event->is_last = true;
    if (response->status == IMAP_STATUS_OK) {
        imap_dialogue_set_state(dialogue, IMAP_STATE_NOT_AUTHENTICATED);
    } else if (response->status == IMAP_STATUS_PREAUTH) {
        imap_dialogue_set_state(dialogue, IMAP_STATE_AUTHENTICATED);
    } else {
        event->defects |= response->status == IMAP_STATUS_BYE ? 0u : DIALOGUE_DEFECT_ORDER;
    }
}

static void give_status(ImapDialogue *dialogue, const ImapResponse *response, DialogueEvent *event)
{
    if (dialogue->state == IMAP_STATE_CONNECTED) {
        give_greeting(dialogue, response, event);
    } else {
        answer(dialogue, imap_waiting_for_status(&dialogue->waiting, response->name), event);
        event->item = imap_memo_status(&dialogue->memo, response->name, NULL, dialogue->revision);
        bool is_farewell = response->status == IMAP_STATUS_BYE && event->exchange != 0;
        event->is_positive = response->status == IMAP_STATUS_OK || is_farewell;
    }
    note_code(dialogue, response);
    if (response->status == IMAP_STATUS_BAD || response->status == IMAP_STATUS_BYE) {
        dialogue->wait = IMAP_WAIT_NONE; /* what the client waited for will not come */
    }
    if (response->status == IMAP_STATUS_BYE) {
        imap_dialogue_set_state(dialogue, IMAP_STATE_LOGOUT);
    }
}

static void give_data(ImapDialogue *dialogue, const ImapResponse *response, DialogueEvent *event)
{
    answer(dialogue, imap_waiting_for_data(&dialogue->waiting, response->name), event);
    event->item = imap_memo_response(&dialogue->memo, response->name, dialogue->revision);
    event->is_positive = true;
    event->defects |= event->item == NULL ? DIALOGUE_DEFECT_UNKNOWN : 0u;
    if (byte_span_is_nocase(response->name, "CAPABILITY")) {
        note_capabilities(dialogue, response->arguments);
    } else if (byte_span_is_nocase(response->name, "ENABLED")) {
        note_enabled(dialogue, response->arguments);
    }
}

static void
give_continuation(ImapDialogue *dialogue, const ImapResponse *response, DialogueEvent *event)
{
    gint index = dialogue->wait == IMAP_WAIT_NONE
                     ? -1
                     : imap_waiting_find_exchange(&dialogue->waiting, dialogue->wait_exchange);
    bool is_blind = dialogue->client_unseen || dialogue->joined_late || dialogue->has_lost_octets;
    answer(dialogue, index, event);
    event->item =
        imap_memo_status(&dialogue->memo, response->name, row_of(event), dialogue->revision);
    event->is_positive = true;
    event->is_intermediate = true;
    event->is_last = true;
    if (index < 0) {
        event->defects |= is_blind ? 0u : DIALOGUE_DEFECT_UNASKED;
        return;
    }
    if (dialogue->wait == IMAP_WAIT_SASL) {
        sasl_exchange_challenge(dialogue->sasl, response->arguments);
    }
    imap_dialogue_go_on(dialogue);
}

static void
give_response(ImapDialogue *dialogue, const ImapResponse *response, DialogueEvent *event)
{
    event->kind = DIALOGUE_EVENT_REPLY;
    event->tag = response->tag;
    event->code = response->name;
    event->enhanced = response->code;
    event->is_first = true;
    event->defects |= response->defects;
    switch (response->kind) {
    case IMAP_RESPONSE_TAGGED:
        give_tagged(dialogue, response, event);
        break;
    case IMAP_RESPONSE_STATUS:
        give_status(dialogue, response, event);
        break;
    case IMAP_RESPONSE_DATA:
        give_data(dialogue, response, event);
        break;
    case IMAP_RESPONSE_CONTINUATION:
        give_continuation(dialogue, response, event);
        break;
    case IMAP_RESPONSE_UNKNOWN:
        event->is_last = true;
        break;
    }
    event->state_after = dialogue->state;
}

/* "+" inside a command whose literals are still coming: kept until the command has been given. */
static bool defer(ImapDialogue *dialogue, const ImapUnit *unit)
{
    guint64 numbers[] = {unit->from, unit->to, unit->defects, unit->text.length};
    gsize room = dialogue->deferred.maximum - byte_buffer_length(&dialogue->deferred);
    if (sizeof numbers + unit->text.length > room) {
        return false;
    }
    bool fits = byte_buffer_append(&dialogue->deferred, byte_span(numbers, sizeof numbers)) &&
                byte_buffer_append(&dialogue->deferred, unit->text);
    g_assert(fits);
    imap_dialogue_go_on(dialogue);
    return true;
}

/* Whether the command that waits for "+" is answered already. RFC 9051 §7.1.3: a command whose tag
 * cannot be read is refused by an untagged BAD. */
static bool refuses_waiting(const ImapDialogue *dialogue, const ImapResponse *response)
{
    if (response->kind == IMAP_RESPONSE_STATUS) {
        return response->status == IMAP_STATUS_BAD;
    }
    gint index = imap_waiting_find(&dialogue->waiting, response->tag);
    return response->kind == IMAP_RESPONSE_TAGGED && index >= 0 &&
           dialogue->waiting.commands[index].exchange == dialogue->wait_exchange;
}

/* The command was answered before all its literals came: give it first, as far as it goes. */
static ImapReadStep
give_refused_command(ImapDialogue *dialogue, const ImapUnit *unit, DialogueEvent *event)
{
    imap_side_put_aside(&dialogue->side[DIALOGUE_SERVER], unit, IMAP_UNIT_LINE);
    dialogue->wait = IMAP_WAIT_NONE;
    imap_side_end_unit(&dialogue->side[DIALOGUE_CLIENT]);
    imap_dialogue_give_command(dialogue, &dialogue->waiting_unit, event);
    dialogue->wait = IMAP_WAIT_NONE;
    event->defects &= ~(guint32)DIALOGUE_DEFECT_SYNTAX; /* not the client's fault */
    event->state_after = dialogue->state;
    return IMAP_READ_EVENT;
}

static void keep_section(ImapSide *side, const ImapToken *item)
{
    ByteSpan section = imap_fetch_item_section(item);
    byte_buffer_reset(&side->section);
    bool fits =
        byte_buffer_append(&side->section, byte_span_slice(section, 0, IMAP_SECTION_MAXIMUM));
    g_assert(fits);
}

/* The line ends with the announcement of a part of a message. */
static void
begin_message(ImapDialogue *dialogue, const ImapUnit *unit, const ImapToken *item, guint64 number)
{
    ImapSide *side = &dialogue->side[DIALOGUE_SERVER];
    imap_side_end_unit(side);
    keep_section(side, item);
    imap_dialogue_open_message(
        dialogue, DIALOGUE_SERVER, DIALOGUE_MESSAGE_FETCH, unit->literal.octets
    );
    side->message.retrieved_number = number;
    side->message.section = byte_buffer_span(&side->section);
    side->message.is_partial = item->has_partial;
    side->message.origin = item->has_partial ? item->first : 0;
    imap_reader_start_stream(&side->reader, unit->literal.octets);
    if (unit->literal.octets == 0) {
        imap_dialogue_end_message(dialogue, DIALOGUE_SERVER, true);
    }
}

/* What follows the message in the same response: more items, or the closing bracket. */
static ImapReadStep
read_rest(ImapDialogue *dialogue, const ImapUnit *unit, ImapUnitStep step, DialogueEvent *event)
{
    ImapSide *side = &dialogue->side[DIALOGUE_SERVER];
    ImapToken item;
    bool is_part = step == IMAP_UNIT_LITERAL && imap_fetch_announced_part(unit->ending, &item);
    if (step == IMAP_UNIT_LITERAL && !is_part) {
        imap_reader_take_literal(&side->reader, unit->literal.octets);
        return IMAP_READ_AGAIN;
    }
    imap_dialogue_describe_unit(dialogue, DIALOGUE_SERVER, unit, event);
    event->kind = DIALOGUE_EVENT_REPLY;
    event->tag = BYTE_SPAN_LITERAL("*");
    event->item = side->message_item;
    event->code =
        byte_span_from_string(side->message_item == NULL ? NULL : side->message_item->token);
    gint index = imap_waiting_find_exchange(&dialogue->waiting, side->message_exchange);
    answer(dialogue, side->message_exchange == 0 ? -1 : index, event);
    event->exchange = side->message_exchange;
    event->is_positive = true;
    side->is_in_rest = is_part;
    if (is_part) {
        begin_message(dialogue, unit, &item, side->message.retrieved_number);
    }
    event->state_after = dialogue->state;
    return IMAP_READ_EVENT;
}

static ImapReadStep
read_response(ImapDialogue *dialogue, ImapUnit *unit, ImapUnitStep step, DialogueEvent *event)
{
    ImapSide *side = &dialogue->side[DIALOGUE_SERVER];
    ImapResponse response;
    ImapToken item;
    bool is_part = false;
    imap_response_parse(unit->text, &response);
    if (step == IMAP_UNIT_LITERAL) {
        is_part = response.kind == IMAP_RESPONSE_DATA && response.has_number &&
                  imap_fetch_announced_part(unit->ending, &item);
        if (!is_part && response.kind == IMAP_RESPONSE_DATA) {
            imap_reader_take_literal(&side->reader, unit->literal.octets);
            return IMAP_READ_AGAIN;
        }
        if (!is_part) {
            imap_side_end_unit(side); /* the text of a status may look like a literal */
        }
    }
    if (dialogue->wait == IMAP_WAIT_TEXT_LITERAL) {
        if (response.kind == IMAP_RESPONSE_CONTINUATION && !dialogue->serves_client &&
            defer(dialogue, unit)) {
            return IMAP_READ_AGAIN;
        }
        if (refuses_waiting(dialogue, &response)) {
            return give_refused_command(dialogue, unit, event);
        }
    }
    imap_dialogue_describe_unit(dialogue, DIALOGUE_SERVER, unit, event);
    give_response(dialogue, &response, event);
    if (is_part) {
        side->message_exchange = event->exchange;
        side->message_item = event->item;
        side->is_in_rest = true;
        begin_message(dialogue, unit, &item, response.number);
    }
    return IMAP_READ_EVENT;
}

/* The end of a FETCH response whose beginning is missing: ")" or " UID 12)". */
static bool is_end_of_fetch(const ImapDialogue *dialogue, ByteSpan text)
{
    if (byte_span_is(text, ")")) {
        return true;
    }
    if (text.length < 3 || text.data[0] != ' ' || text.data[text.length - 1] != ')') {
        return false;
    }
    ByteSpan rest = text;
    ByteSpan word;
    return byte_span_next_token(&rest, ' ', &word) &&
           imap_fetch_response_item_find(word, dialogue->revision) != NULL;
}

static ImapReadStep
give_broken_line(ImapDialogue *dialogue, const ImapUnit *unit, DialogueEvent *event)
{
    imap_dialogue_describe_unit(dialogue, DIALOGUE_SERVER, unit, event);
    event->kind = DIALOGUE_EVENT_REPLY;
    event->defects |= DIALOGUE_DEFECT_CUT;
    event->is_last = true;
    return IMAP_READ_EVENT;
}

/* Octets were missing: is this a response, the end of one, or a line of a message? */
static ImapReadStep
find_way(ImapDialogue *dialogue, ImapUnit *unit, ImapUnitStep step, DialogueEvent *event)
{
    ImapSide *side = &dialogue->side[DIALOGUE_SERVER];
    bool is_response = imap_may_be_response(unit->text, dialogue->revision);
    bool is_end = !is_response && is_end_of_fetch(dialogue, unit->text);
    if (is_response || is_end) {
        side->way = IMAP_WAY_KNOWN;
        side->is_in_rest = is_end;
        bool had_message = side->message_is_open;
        imap_dialogue_end_message(dialogue, DIALOGUE_SERVER, false);
        if (is_end && !had_message) {
            side->message_exchange = 0;
            side->message_item = NULL;
        }
        imap_side_put_aside(side, unit, step);
        return IMAP_READ_AGAIN;
    }
    if (step == IMAP_UNIT_LITERAL) {
        imap_side_end_unit(side);
    }
    bool ends_response = unit->text.length > 0 && unit->text.data[unit->text.length - 1] == ')';
    if (side->way == IMAP_WAY_BROKEN && ends_response) {
        side->way = IMAP_WAY_LOST;
        return give_broken_line(dialogue, unit, event);
    }
    side->way = IMAP_WAY_LOST;
    return imap_dialogue_read_lost_line(dialogue, DIALOGUE_SERVER, unit, event);
}

void imap_dialogue_give_cut_server(
    ImapDialogue *dialogue, const ImapUnit *unit, DialogueEvent *event
)
{
    ImapSide *side = &dialogue->side[DIALOGUE_SERVER];
    ImapResponse response;
    imap_response_parse(unit->text, &response);
    imap_dialogue_describe_unit(dialogue, DIALOGUE_SERVER, unit, event);
    event->kind = DIALOGUE_EVENT_REPLY;
    event->exchange = side->is_in_rest ? side->message_exchange : 0;
    event->is_first = !side->is_in_rest;
    event->is_last = true;
    if (!side->is_in_rest && response.kind == IMAP_RESPONSE_DATA) {
        event->tag = response.tag;
        event->code = response.name;
    }
}

ImapReadStep imap_dialogue_read_server(ImapDialogue *dialogue, DialogueEvent *event)
{
    ImapSide *side = &dialogue->side[DIALOGUE_SERVER];
    if (dialogue->state == IMAP_STATE_OPAQUE) {
        imap_side_discard(side);
        return IMAP_READ_NOTHING;
    }
    bool has_stash = side->stash_step != IMAP_UNIT_NEED_MORE;
    if (!has_stash &&
        (!imap_side_has_octets(side) || imap_dialogue_looks_opaque(dialogue, DIALOGUE_SERVER))) {
        return dialogue->following != 0 ? IMAP_READ_AGAIN : IMAP_READ_NOTHING;
    }
    if (side->reader.stream_left > 0) {
        return imap_dialogue_read_message(dialogue, DIALOGUE_SERVER, event);
    }
    ImapUnit unit;
    ImapUnitStep step = imap_side_next_unit(side, true, &unit);
    if (step == IMAP_UNIT_NEED_MORE) {
        return IMAP_READ_NOTHING;
    }
    if (side->way != IMAP_WAY_KNOWN) {
        return find_way(dialogue, &unit, step, event);
    }
    return side->is_in_rest ? read_rest(dialogue, &unit, step, event)
                            : read_response(dialogue, &unit, step, event);
}
