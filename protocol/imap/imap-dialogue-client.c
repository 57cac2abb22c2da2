/* The client's side of an IMAP conversation: commands, their literals, and what is no command:
 * SASL responses and DONE. */

#include "protocol/imap/imap-dialogue-private.h"

static void keep(ByteBuffer *place, const ImapToken *token)
{
    byte_buffer_reset(place);
    bool fits = imap_token_append_text(token, place);
    (void)fits; /* past the maximum the rest is left out */
}

static void note_login(ImapDialogue *dialogue, ByteSpan arguments, guint64 exchange)
{
    ImapScanner scanner;
    ImapToken token;
    imap_scanner_init(&scanner, arguments);
    byte_buffer_reset(&dialogue->identity);
    byte_buffer_reset(&dialogue->secret);
    if (imap_scanner_next(&scanner, &token)) {
        keep(&dialogue->identity, &token);
    }
    if (imap_scanner_next(&scanner, &token)) {
        keep(&dialogue->secret, &token);
    }
    dialogue->login_exchange = exchange;
}

static void note_authenticate(ImapDialogue *dialogue, ByteSpan arguments, guint64 exchange)
{
    ByteSpan mechanism = BYTE_SPAN_EMPTY;
    ByteSpan initial = BYTE_SPAN_EMPTY;
    byte_span_next_token(&arguments, ' ', &mechanism);
    if (dialogue->sasl == NULL) {
        dialogue->sasl = g_new0(SaslExchange, 1);
    } else {
        sasl_exchange_clear(dialogue->sasl);
    }
    sasl_exchange_begin(dialogue->sasl, mechanism);
    if (byte_span_next_token(&arguments, ' ', &initial)) {
        sasl_exchange_response(dialogue->sasl, initial);
    }
    dialogue->auth_exchange = exchange;
}

static void wait_for(ImapDialogue *dialogue, ImapWait wait, guint64 exchange)
{
    dialogue->wait = wait;
    dialogue->wait_exchange = exchange;
}

/* What a command means for the octets that follow it. */
static void
note_command(ImapDialogue *dialogue, const ImapCommandRow *row, const DialogueEvent *event)
{
    switch ((guint)row->id) {
    case IMAP_COMMAND_LOGIN:
        note_login(dialogue, event->arguments, event->exchange);
        break;
    case IMAP_COMMAND_AUTHENTICATE:
        note_authenticate(dialogue, event->arguments, event->exchange);
        wait_for(dialogue, IMAP_WAIT_SASL, event->exchange);
        break;
    case IMAP_COMMAND_IDLE:
        wait_for(dialogue, IMAP_WAIT_IDLE, event->exchange);
        break;
    case IMAP_COMMAND_STARTTLS:
        wait_for(dialogue, IMAP_WAIT_STARTTLS, event->exchange);
        break;
    case IMAP_COMMAND_COMPRESS:
        wait_for(dialogue, IMAP_WAIT_COMPRESS, event->exchange);
        break;
    default:
        break;
    }
}

/* SASL without a server: goes on for as many responses as the mechanism needs. */
static void assume_challenge(ImapDialogue *dialogue, guint64 exchange)
{
    dialogue->wait = IMAP_WAIT_NONE;
    if (dialogue->sasl->responses < sasl_exchange_expected_responses(dialogue->sasl) &&
        !dialogue->sasl->was_cancelled) {
        imap_dialogue_set_state(dialogue, IMAP_STATE_SASL);
        return;
    }
    const ImapCommandRow *row = imap_command_row(IMAP_COMMAND_AUTHENTICATE, dialogue->revision);
    imap_dialogue_end_command(dialogue, row, exchange, IMAP_STATUS_OK);
}

static void assume_answer(ImapDialogue *dialogue, const ImapCommandRow *row, guint64 exchange)
{
    imap_waiting_forget(&dialogue->waiting, exchange);
    if (row == NULL) {
        return;
    }
    if (row->id == IMAP_COMMAND_AUTHENTICATE) {
        assume_challenge(dialogue, exchange);
    } else if (row->id == IMAP_COMMAND_IDLE) {
        imap_dialogue_go_on(dialogue);
    } else {
        dialogue->wait = IMAP_WAIT_NONE;
        imap_dialogue_end_command(dialogue, row, exchange, IMAP_STATUS_OK);
    }
}

static guint64 take_exchange(ImapDialogue *dialogue, const ImapCommand *command)
{
    guint64 exchange = dialogue->command_exchange;
    if (exchange == 0) {
        exchange = ++dialogue->exchanges;
    }
    /* Without a tag there can be no answer that bears it. */
    if (dialogue->command_exchange == 0 && imap_tag_is_valid(command->tag)) {
        imap_waiting_push(&dialogue->waiting, exchange, command->row, command->tag);
    }
    dialogue->command_exchange = 0;
    return exchange;
}

static guint32 order_defects(const ImapDialogue *dialogue, const ImapCommandRow *row, bool is_alone)
{
    bool is_known = is_alone && dialogue->settled_state != 0 && !dialogue->has_lost_octets;
    return is_known && (row->item.states & dialogue->settled_state) == 0 ? DIALOGUE_DEFECT_ORDER
                                                                         : 0;
}

static void judge(
    ImapDialogue *dialogue, const ImapUnit *unit, const ImapCommand *command, DialogueEvent *event
)
{
    const ImapCommandRow *row = command->row;
    event->item = &row->item;
    event->defects |= order_defects(dialogue, row, dialogue->waiting.count <= 1);
    if ((event->defects & (DIALOGUE_DEFECT_TOO_LONG | DIALOGUE_DEFECT_CUT)) == 0) {
        event->defects |= imap_command_argument_defects(row, command->arguments);
    }
    if (unit->longest_line > IMAP_COMMAND_LINE_LIMIT) {
        event->defects |= DIALOGUE_DEFECT_TOO_LONG;
    }
    /* AUTHENTICATE alone names the mechanism; a response behind it is the secret. */
    event->is_secret = row->item.is_secret && (row->id != IMAP_COMMAND_AUTHENTICATE ||
                                               byte_span_find(command->arguments, ' ', 0) >= 0);
}

void imap_dialogue_give_command(ImapDialogue *dialogue, const ImapUnit *unit, DialogueEvent *event)
{
    ImapCommand command;
    imap_dialogue_describe_unit(dialogue, DIALOGUE_CLIENT, unit, event);
    imap_command_parse_with(unit->text, &dialogue->memo, dialogue->revision, &command);
    event->kind = DIALOGUE_EVENT_COMMAND;
    event->tag = command.tag;
    event->verb = command.name;
    event->arguments = command.arguments;
    event->exchange = take_exchange(dialogue, &command);
    event->defects |= command.defects;
    if (command.row != NULL) {
        judge(dialogue, unit, &command, event);
        if ((event->defects & DIALOGUE_DEFECT_CUT) == 0) {
            note_command(dialogue, command.row, event);
        }
    }
    if (dialogue->is_injected) {
        event->defects |= DIALOGUE_DEFECT_INJECTED;
    } else if (dialogue->is_plain_after_tls) {
        event->defects |= DIALOGUE_DEFECT_PLAINTEXT_AFTER_TLS;
    }
    if (byte_buffer_length(&dialogue->deferred) > 0) {
        dialogue->following |= IMAP_FOLLOWS_DEFERRED;
    }
}

/* What follows {n} is a message, if the command carries one and its other arguments are there. */
static bool announces_message(const ImapCommand *command, const ImapUnit *unit)
{
    if (command->row == NULL || !command->row->carries_message ||
        command->arguments.length < unit->literal.length) {
        return false;
    }
    ByteSpan before =
        byte_span_slice(command->arguments, 0, command->arguments.length - unit->literal.length);
    return imap_count_arguments(before) >= imap_arguments_before_message(command->row);
}

static void begin_message(ImapDialogue *dialogue, const ImapUnit *unit, guint64 exchange)
{
    imap_side_end_unit(&dialogue->side[DIALOGUE_CLIENT]);
    dialogue->wait_octets = unit->literal.octets;
    wait_for(dialogue, IMAP_WAIT_MESSAGE, exchange);
    if (!unit->literal.is_synchronizing || dialogue->server_unseen) {
        imap_dialogue_go_on(dialogue);
    }
}

static void give_carrier(ImapDialogue *dialogue, const ImapUnit *unit, DialogueEvent *event)
{
    ImapSide *side = &dialogue->side[DIALOGUE_CLIENT];
    imap_dialogue_give_command(dialogue, unit, event);
    side->message_exchange = event->exchange;
    side->message_item = event->item;
    if (dialogue->server_unseen) {
        imap_waiting_forget(&dialogue->waiting, event->exchange);
    }
    begin_message(dialogue, unit, event->exchange);
}

/* A literal that is text of the command: wait for the "+", or read on at once. */
static void take_text_literal(ImapDialogue *dialogue, ImapUnit *unit, const ImapCommand *command)
{
    ImapSide *side = &dialogue->side[DIALOGUE_CLIENT];
    if (!unit->literal.is_synchronizing || dialogue->server_unseen) {
        imap_reader_take_literal(&side->reader, unit->literal.octets);
        return;
    }
    guint64 exchange = take_exchange(dialogue, command);
    dialogue->command_exchange = exchange;
    imap_reader_keep(&side->reader, imap_side_input(side), unit);
    dialogue->waiting_unit = *unit;
    dialogue->wait_octets = unit->literal.octets;
    wait_for(dialogue, IMAP_WAIT_TEXT_LITERAL, exchange);
}

static ImapReadStep
read_command(ImapDialogue *dialogue, ImapUnit *unit, ImapUnitStep step, DialogueEvent *event)
{
    if (step == IMAP_UNIT_LITERAL) {
        ImapCommand command;
        imap_command_parse_with(unit->text, &dialogue->memo, dialogue->revision, &command);
        if (!announces_message(&command, unit)) {
            take_text_literal(dialogue, unit, &command);
            return IMAP_READ_AGAIN;
        }
        give_carrier(dialogue, unit, event);
    } else {
        imap_dialogue_give_command(dialogue, unit, event);
        if (dialogue->server_unseen) {
            const VocabularyItem *item = event->item;
            assume_answer(dialogue, item == NULL ? NULL : imap_command_of(item), event->exchange);
        }
    }
    event->state_after = dialogue->state;
    return IMAP_READ_EVENT;
}

/* What is left of a command behind a message: nothing, or the flags of the next message. */
static ImapReadStep
read_rest(ImapDialogue *dialogue, const ImapUnit *unit, ImapUnitStep step, DialogueEvent *event)
{
    ImapSide *side = &dialogue->side[DIALOGUE_CLIENT];
    side->is_in_rest = false;
    imap_dialogue_describe_unit(dialogue, DIALOGUE_CLIENT, unit, event);
    event->kind = DIALOGUE_EVENT_CONTINUATION;
    event->exchange = side->message_exchange;
    event->item = side->message_item;
    if (step == IMAP_UNIT_LITERAL) {
        begin_message(dialogue, unit, side->message_exchange);
        return IMAP_READ_EVENT;
    }
    return unit->text.length == 0 && unit->defects == 0 ? IMAP_READ_AGAIN : IMAP_READ_EVENT;
}

static void give_sasl_response(ImapDialogue *dialogue, DialogueEvent *event)
{
    event->exchange = dialogue->auth_exchange;
    event->item = &imap_command_row(IMAP_COMMAND_AUTHENTICATE, dialogue->revision)->item;
    event->is_secret = !byte_span_is(event->text, "*");
    sasl_exchange_response(dialogue->sasl, event->text);
    if (dialogue->server_unseen) {
        assume_challenge(dialogue, dialogue->auth_exchange);
    } else {
        wait_for(dialogue, IMAP_WAIT_SASL, dialogue->auth_exchange);
    }
}

static void give_done(ImapDialogue *dialogue, DialogueEvent *event)
{
    event->exchange = dialogue->idle_exchange;
    event->item = &imap_command_row(IMAP_COMMAND_IDLE, dialogue->revision)->item;
    event->defects |= byte_span_is_nocase(event->text, "DONE") ? 0u : DIALOGUE_DEFECT_SYNTAX;
    dialogue->idle_exchange = 0;
    if (dialogue->server_unseen) {
        imap_dialogue_set_state(dialogue, dialogue->settled_state);
    }
}

static bool expects_sasl(const ImapDialogue *dialogue)
{
    return dialogue->state == IMAP_STATE_SASL && dialogue->sasl != NULL;
}

static bool expects_done(const ImapDialogue *dialogue)
{
    return dialogue->state == IMAP_STATE_IDLE && dialogue->idle_exchange != 0;
}

static ImapReadStep read_data(ImapDialogue *dialogue, const ImapUnit *unit, DialogueEvent *event)
{
    imap_dialogue_describe_unit(dialogue, DIALOGUE_CLIENT, unit, event);
    event->kind = DIALOGUE_EVENT_CONTINUATION;
    if (expects_sasl(dialogue)) {
        give_sasl_response(dialogue, event);
    } else {
        give_done(dialogue, event);
    }
    event->state_after = dialogue->state;
    return IMAP_READ_EVENT;
}

/* Octets were missing: is this a command, the end of a broken one, or a line of a message? */
static ImapReadStep
find_way(ImapDialogue *dialogue, ImapUnit *unit, ImapUnitStep step, DialogueEvent *event)
{
    ImapSide *side = &dialogue->side[DIALOGUE_CLIENT];
    ImapCommand command;
    imap_command_parse_with(unit->text, &dialogue->memo, dialogue->revision, &command);
    if (command.row != NULL && (command.defects & DIALOGUE_DEFECT_SYNTAX) == 0) {
        side->way = IMAP_WAY_KNOWN;
        side->is_in_rest = false;
        imap_dialogue_end_message(dialogue, DIALOGUE_CLIENT, false);
        imap_side_put_aside(side, unit, step);
        return IMAP_READ_AGAIN;
    }
    if (step == IMAP_UNIT_LITERAL) {
        imap_side_end_unit(side);
    }
    if (side->way == IMAP_WAY_LOST) {
        return imap_dialogue_read_lost_line(dialogue, DIALOGUE_CLIENT, unit, event);
    }
    side->way = IMAP_WAY_LOST;
    imap_dialogue_describe_unit(dialogue, DIALOGUE_CLIENT, unit, event);
    event->kind = DIALOGUE_EVENT_CONTINUATION;
    event->defects |= DIALOGUE_DEFECT_CUT;
    return IMAP_READ_EVENT;
}

void imap_dialogue_give_cut_client(
    ImapDialogue *dialogue, const ImapUnit *unit, DialogueEvent *event
)
{
    bool is_command = !expects_sasl(dialogue) && !expects_done(dialogue) &&
                      !dialogue->side[DIALOGUE_CLIENT].is_in_rest &&
                      dialogue->side[DIALOGUE_CLIENT].way == IMAP_WAY_KNOWN;
    if (is_command) {
        imap_dialogue_give_command(dialogue, unit, event);
        return;
    }
    imap_dialogue_describe_unit(dialogue, DIALOGUE_CLIENT, unit, event);
    event->kind = DIALOGUE_EVENT_CONTINUATION;
    event->is_secret = expects_sasl(dialogue);
}

/* Keeps what cannot be read yet; false: there is no room, so an answer is assumed. */
static bool hold(ImapDialogue *dialogue)
{
    DialogueInput *wire = &dialogue->side[DIALOGUE_CLIENT].wire;
    return wire->fed.length == 0 || dialogue_input_hold(wire);
}

ImapReadStep imap_dialogue_read_client(ImapDialogue *dialogue, DialogueEvent *event)
{
    ImapSide *side = &dialogue->side[DIALOGUE_CLIENT];
    if (dialogue->state == IMAP_STATE_OPAQUE) {
        imap_side_discard(side);
        return IMAP_READ_NOTHING;
    }
    bool has_stash = side->stash_step != IMAP_UNIT_NEED_MORE;
    if (dialogue->wait != IMAP_WAIT_NONE && !has_stash) {
        if (hold(dialogue)) {
            return IMAP_READ_NOTHING;
        }
        imap_dialogue_stop_waiting(dialogue);
        return IMAP_READ_AGAIN;
    }
    if (!has_stash &&
        (!imap_side_has_octets(side) || imap_dialogue_looks_opaque(dialogue, DIALOGUE_CLIENT))) {
        return dialogue->following != 0 ? IMAP_READ_AGAIN : IMAP_READ_NOTHING;
    }
    if (side->reader.stream_left > 0) {
        return imap_dialogue_read_message(dialogue, DIALOGUE_CLIENT, event);
    }
    ImapUnit unit;
    bool is_data = expects_sasl(dialogue) || expects_done(dialogue);
    ImapUnitStep step = imap_side_next_unit(side, !is_data, &unit);
    if (step == IMAP_UNIT_NEED_MORE) {
        return IMAP_READ_NOTHING;
    }
    if (is_data) {
        return read_data(dialogue, &unit, event);
    }
    if (side->way != IMAP_WAY_KNOWN) {
        return find_way(dialogue, &unit, step, event);
    }
    return side->is_in_rest ? read_rest(dialogue, &unit, step, event)
                            : read_command(dialogue, &unit, step, event);
}
