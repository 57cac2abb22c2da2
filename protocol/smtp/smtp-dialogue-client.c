/* The client's side of an SMTP conversation: commands, message content, chunks, SASL responses. */

#include "protocol/smtp/smtp-dialogue-private.h"

static void split_verb(DialogueEvent *event)
{
    ByteSpan text = event->text;
    while (text.length > 0 &&
           (text.data[text.length - 1] == ' ' || text.data[text.length - 1] == '\t')) {
        text.length--;
    }
    gsize length = 0;
    while (length < text.length && text.data[length] != ' ' && text.data[length] != '\t') {
        length++;
    }
    event->verb = byte_span_slice(text, 0, length);
    event->arguments = byte_span_from(text, length);
    while (event->arguments.length > 0 &&
           (event->arguments.data[0] == ' ' || event->arguments.data[0] == '\t')) {
        event->arguments = byte_span_from(event->arguments, 1);
    }
}

/* 'mark' tells MAIL's path from RCPT's. */
static void note_path(SmtpDialogue *dialogue, char mark, ByteSpan arguments)
{
    ByteBuffer *paths = &dialogue->unanswered_paths;
    ByteSpan path = smtp_path_text(arguments);
    if (byte_buffer_length(paths) + path.length + 2 > SMTP_ENVELOPE_MAXIMUM) {
        path = BYTE_SPAN_EMPTY;
    }
    bool fits = byte_buffer_append(paths, byte_span(&mark, 1)) && byte_buffer_append(paths, path) &&
                byte_buffer_append_string(paths, "\n");
    g_assert(fits);
}

static void note_auth(SmtpDialogue *dialogue, const DialogueEvent *event)
{
    ByteSpan rest = event->arguments;
    ByteSpan mechanism = BYTE_SPAN_EMPTY;
    ByteSpan initial = BYTE_SPAN_EMPTY;
    if (dialogue->sasl == NULL) {
        dialogue->sasl = g_new0(SaslExchange, 1);
    } else {
        sasl_exchange_clear(dialogue->sasl);
    }
    byte_span_next_token(&rest, ' ', &mechanism);
    sasl_exchange_begin(dialogue->sasl, mechanism);
    if (byte_span_next_token(&rest, ' ', &initial)) {
        sasl_exchange_response(dialogue->sasl, initial);
    }
    dialogue->auth_exchange = event->exchange;
    dialogue->client_waits = true;
}

static bool is_last_chunk(ByteSpan arguments)
{
    gssize space = byte_span_find(arguments, ' ', 0);
    return space > 0 &&
           byte_span_is_nocase(byte_span_trim(byte_span_from(arguments, (gsize)space)), "LAST");
}

/* RFC 3030 §2: BDAT chunk-size [LAST] */
static guint32 note_chunk(SmtpDialogue *dialogue, ByteSpan arguments)
{
    ByteSpan size = BYTE_SPAN_EMPTY;
    ByteSpan last = BYTE_SPAN_EMPTY;
    byte_span_next_token(&arguments, ' ', &size);
    bool has_last = byte_span_next_token(&arguments, ' ', &last);
    guint64 length;
    if (!byte_span_to_number(size, &length) || (has_last && !byte_span_is_nocase(last, "LAST"))) {
        return DIALOGUE_DEFECT_SYNTAX;
    }
    if (!dialogue->message_is_open) {
        smtp_dialogue_open_message(dialogue, DIALOGUE_MESSAGE_BDAT);
    }
    dialogue->chunk_left = length;
    dialogue->chunk_is_last = has_last;
    dialogue->reads_chunk = true;
    return 0;
}

static void anticipate(SmtpDialogue *dialogue, const SmtpCommandRow *row)
{
    if (row->id == SMTP_COMMAND_DATA || row->id == SMTP_COMMAND_RSET) {
        dialogue->anticipated = SMTP_STATE_READY;
    } else if (row->id == SMTP_COMMAND_BDAT) {
        dialogue->anticipated = dialogue->chunk_is_last ? SMTP_STATE_READY : SMTP_STATE_BDAT;
    } else if (row->next_state != 0) {
        dialogue->anticipated = row->next_state;
    }
}

static void note_command(SmtpDialogue *dialogue, const SmtpCommandRow *row, DialogueEvent *event)
{
    event->defects |= smtp_argument_defects(row->id, event->arguments);
    if (dialogue->anticipated != 0 && (row->item.states & dialogue->anticipated) == 0) {
        event->defects |= DIALOGUE_DEFECT_ORDER;
    }
    event->is_secret = row->item.is_secret;
    dialogue->lost_chunks &= row->id != SMTP_COMMAND_MAIL;
    switch ((guint)row->id) {
    case SMTP_COMMAND_MAIL:
    case SMTP_COMMAND_RCPT:
        note_path(
            dialogue,
            row->id == SMTP_COMMAND_MAIL ? SMTP_PATH_REVERSE : SMTP_PATH_FORWARD,
            event->arguments
        );
        break;
    case SMTP_COMMAND_AUTH:
        note_auth(dialogue, event);
        break;
    case SMTP_COMMAND_BDAT:
        event->defects |= note_chunk(dialogue, event->arguments);
        break;
    case SMTP_COMMAND_DATA:
    case SMTP_COMMAND_STARTTLS:
        dialogue->client_waits = true;
        break;
    case SMTP_COMMAND_LHLO:
        dialogue->is_lmtp = true;
        break;
    default:
        break;
    }
    anticipate(dialogue, row);
}

static void assume_answer(SmtpDialogue *dialogue, guint8 id)
{
    command_queue_pop(&dialogue->waiting);
    dialogue->client_waits = false;
    if (id == SMTP_COMMAND_AUTH) {
        dialogue->state_before_auth = dialogue->state;
        smtp_dialogue_set_state(dialogue, SMTP_STATE_AUTH);
    } else if (id == SMTP_COMMAND_STARTTLS) {
        dialogue->tls_was_granted = true;
    } else {
        smtp_dialogue_accept(dialogue, id, id == SMTP_COMMAND_DATA ? 354 : 250);
    }
}

static void give_command(SmtpDialogue *dialogue, const Line *line, DialogueEvent *event)
{
    event->kind = DIALOGUE_EVENT_COMMAND;
    event->defects |= dialogue_line_defects(line, SMTP_COMMAND_LINE_LIMIT);
    split_verb(event);
    const SmtpCommandRow *row = smtp_command_find(event->verb);
    guint8 id = row == NULL ? SMTP_COMMAND_UNKNOWN : (guint8)row->id;
    if (dialogue->lost_commands) {
        command_queue_forget(&dialogue->waiting);
        byte_buffer_reset(&dialogue->unanswered_paths);
        dialogue->lost_commands = false;
    }
    if (row != NULL && row->id == SMTP_COMMAND_BDAT && is_last_chunk(event->arguments)) {
        id |= SMTP_LAST_CHUNK;
    }
    event->exchange = command_queue_push(&dialogue->waiting, id);
    if (row == NULL) {
        event->defects |= DIALOGUE_DEFECT_UNKNOWN;
    } else {
        event->item = &row->item;
        note_command(dialogue, row, event);
    }
    if (dialogue->is_injected) {
        event->defects |= DIALOGUE_DEFECT_INJECTED;
    } else if (dialogue->is_plain_after_tls) {
        event->defects |= DIALOGUE_DEFECT_PLAINTEXT_AFTER_TLS;
    }
    if (dialogue->server_unseen) {
        assume_answer(dialogue, id);
    }
}

static void give_response(SmtpDialogue *dialogue, DialogueEvent *event)
{
    event->kind = DIALOGUE_EVENT_CONTINUATION;
    event->exchange = dialogue->auth_exchange;
    event->item = &smtp_command_row(SMTP_COMMAND_AUTH)->item;
    event->is_secret = !byte_span_is(event->text, "*");
    sasl_exchange_response(dialogue->sasl, event->text);
    dialogue->client_waits = true;
    if (dialogue->server_unseen) {
        dialogue->client_waits = false;
        if (dialogue->sasl->responses >= sasl_exchange_expected_responses(dialogue->sasl)) {
            smtp_dialogue_set_state(dialogue, dialogue->state_before_auth);
            dialogue->following |= SMTP_FOLLOWS_CREDENTIAL;
        }
    }
}

/* After missing octets a command among SASL responses shows that the exchange is over. */
static bool is_command(ByteSpan line)
{
    gssize space = byte_span_find(line, ' ', 0);
    gsize length = space < 0 ? line.length : (gsize)space;
    return smtp_command_find(byte_span_slice(line, 0, length)) != NULL;
}

static bool read_line(SmtpDialogue *dialogue, DialogueEvent *event)
{
    DialogueInput *input = &dialogue->input[DIALOGUE_CLIENT];
    Line line;
    if (!dialogue_input_line(input, &line, &event->from)) {
        return false;
    }
    event->to = input->position;
    event->text = line.text;
    event->state_before = dialogue->state;
    if (dialogue->state == SMTP_STATE_AUTH && dialogue->lost_commands && is_command(line.text)) {
        smtp_dialogue_set_state(dialogue, dialogue->state_before_auth);
    }
    if (dialogue->state == SMTP_STATE_AUTH && dialogue->sasl != NULL) {
        event->defects |= dialogue_line_defects(&line, SMTP_LINE_MAXIMUM);
        give_response(dialogue, event);
    } else {
        give_command(dialogue, &line, event);
    }
    event->state_after = dialogue->state;
    return true;
}

/* "Name:" in front: a message begins here. */
static bool begins_with_header(ByteSpan octets)
{
    gsize length = 0;
    while (length < octets.length &&
           (g_ascii_isalnum(octets.data[length]) || octets.data[length] == '-')) {
        length++;
    }
    return length > 0 && length < octets.length && octets.data[length] == ':';
}

static void give_octets(SmtpDialogue *dialogue, ByteSpan octets, DialogueEvent *event)
{
    if (dialogue->must_begin_with_header) {
        dialogue->must_begin_with_header = false;
        dialogue->message.is_partial = !begins_with_header(octets);
    }
    event->kind = DIALOGUE_EVENT_MESSAGE_DATA;
    event->text = octets;
    event->exchange = dialogue->waiting.next_number - 1;
    event->message = &dialogue->message;
    event->state_before = dialogue->state;
    event->state_after = dialogue->state;
    dialogue->message.octets += octets.length;
}

/* Message octets behind DATA; false: all input is taken, or the message has ended. */
static bool read_content(SmtpDialogue *dialogue, DialogueEvent *event)
{
    DialogueInput *input = &dialogue->input[DIALOGUE_CLIENT];
    ByteSpan octets = BYTE_SPAN_EMPTY;
    ByteSpan run = dialogue_input_peek(input);
    ByteSpan rest = run;
    event->from = input->position;
    DotStep step = dot_unstuffer_next(&dialogue->dots, &rest, &octets);
    dialogue_input_consume(input, run.length - rest.length);
    event->to = input->position;
    if (step == DOT_END) {
        smtp_dialogue_end_message(dialogue, true);
        return false;
    }
    if (step == DOT_DATA && octets.length > 0) {
        give_octets(dialogue, octets, event);
        return true;
    }
    return false;
}

static bool read_chunk(SmtpDialogue *dialogue, DialogueEvent *event)
{
    DialogueInput *input = &dialogue->input[DIALOGUE_CLIENT];
    if (dialogue->chunk_left == 0) {
        dialogue->reads_chunk = false;
        if (dialogue->chunk_is_last) {
            smtp_dialogue_end_message(dialogue, true);
        }
        return false;
    }
    ByteSpan run = dialogue_input_peek(input);
    run.length = (gsize)MIN((guint64)run.length, dialogue->chunk_left);
    if (run.length == 0) {
        return false;
    }
    event->from = input->position;
    dialogue_input_consume(input, run.length);
    event->to = input->position;
    dialogue->chunk_left -= run.length;
    give_octets(dialogue, run, event);
    return true;
}

/* After "220 go ahead" the client's first octet tells whether TLS begins: a handshake record is 22,
 * an SSLv2 greeting has its high bit set. Octets held from before the 220 are no part of TLS. */
static void look_for_tls(SmtpDialogue *dialogue)
{
    DialogueInput *input = &dialogue->input[DIALOGUE_CLIENT];
    guint8 first = dialogue_input_peek(input).data[0];
    if (first == 0x16 || (first & 0x80) != 0) {
        dialogue->tls_was_granted = false;
        smtp_dialogue_set_state(dialogue, SMTP_STATE_OPAQUE);
        dialogue->following |= SMTP_FOLLOWS_OPAQUE;
    } else if (byte_buffer_length(&input->held) > 0) {
        dialogue->is_injected = true;
    } else {
        dialogue->tls_was_granted = false;
        dialogue->is_plain_after_tls = true;
    }
}

static bool awaits_tls(SmtpDialogue *dialogue)
{
    if (dialogue->is_injected && byte_buffer_length(&dialogue->input[DIALOGUE_CLIENT].held) == 0) {
        dialogue->is_injected = false;
    }
    return dialogue->tls_was_granted && !dialogue->is_injected;
}

/* No answer will come, or there is no room to wait for it: DATA is taken as granted. */
void smtp_dialogue_stop_waiting(SmtpDialogue *dialogue)
{
    guint8 id;
    guint64 number;
    if (!dialogue->client_waits) {
        return;
    }
    dialogue->client_waits = false;
    while (command_queue_oldest(&dialogue->waiting, &id, &number) && id != SMTP_COMMAND_DATA) {
        command_queue_pop(&dialogue->waiting);
    }
    if (dialogue->waiting.count > 0) {
        smtp_dialogue_accept(dialogue, SMTP_COMMAND_DATA, 354);
    }
}

/* Joined late, and nothing that was seen tells where the conversation stands. */
static bool knows_nothing(const SmtpDialogue *dialogue)
{
    return dialogue->joined_late && dialogue->state == 0 && dialogue->waiting.next_number == 1;
}

/* A client that was joined late and says no command is in the middle of a message. False: the first
 * word is not whole yet and is held. */
static bool look_for_command(SmtpDialogue *dialogue)
{
    DialogueInput *input = &dialogue->input[DIALOGUE_CLIENT];
    if (byte_buffer_length(&input->held) > 0) {
        bool fits = dialogue_input_hold(input);
        g_assert(fits || byte_buffer_length(&input->held) > SMTP_VERB_MAXIMUM);
    }
    ByteSpan run = dialogue_input_peek(input);
    gsize length = 0;
    while (length < run.length && g_ascii_isalpha(run.data[length])) {
        length++;
    }
    bool may_grow = length == run.length && length < SMTP_VERB_MAXIMUM && !input->has_ended &&
                    input->missing == 0;
    if (may_grow && dialogue_input_hold(input)) {
        return false;
    }
    dialogue->joined_late = false;
    if (smtp_command_find(byte_span_slice(run, 0, length)) != NULL) {
        return true;
    }
    command_queue_push(&dialogue->waiting, SMTP_COMMAND_DATA);
    smtp_dialogue_open_message(dialogue, DIALOGUE_MESSAGE_DATA);
    dialogue->message.is_partial = true;
    dialogue->reads_content = true;
    smtp_dialogue_set_state(dialogue, SMTP_STATE_DATA);
    return true;
}

/* Reads as far as one event, or as far as the way of reading changes. */
static bool read_some(SmtpDialogue *dialogue, DialogueEvent *event)
{
    DialogueInput *input = &dialogue->input[DIALOGUE_CLIENT];
    if (dialogue->reads_chunk) {
        return read_chunk(dialogue, event);
    }
    if (dialogue->reads_content) {
        return read_content(dialogue, event);
    }
    if (dialogue->state == SMTP_STATE_OPAQUE) {
        dialogue_input_consume(input, dialogue_input_peek(input).length);
        return false;
    }
    if (awaits_tls(dialogue)) {
        look_for_tls(dialogue);
        return false;
    }
    return read_line(dialogue, event);
}

bool smtp_dialogue_read_client(SmtpDialogue *dialogue, DialogueEvent *event)
{
    DialogueInput *input = &dialogue->input[DIALOGUE_CLIENT];
    while (dialogue->following == 0) {
        bool has_input = dialogue_input_peek(input).length > 0;
        bool ends_chunk = dialogue->reads_chunk && dialogue->chunk_left == 0;
        if (!has_input && !ends_chunk) {
            return false;
        }
        if (dialogue->client_waits && !dialogue->reads_chunk) {
            if (dialogue_input_hold(input)) {
                return false;
            }
            smtp_dialogue_stop_waiting(dialogue);
        }
        if (knows_nothing(dialogue)) {
            if (!look_for_command(dialogue)) {
                return false;
            }
        } else if (read_some(dialogue, event)) {
            return true;
        }
    }
    return false;
}
