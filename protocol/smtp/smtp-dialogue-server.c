/* The server's side of an SMTP conversation: reply lines, and what each answer changes. */

#include "protocol/smtp/smtp-dialogue-private.h"

/* "250-text", "250 text" or "250": the code and what follows it. */
static bool split_reply(ByteSpan line, guint *out_code, ByteSpan *out_text, bool *out_is_last)
{
    if (line.length < 3 || line.data[0] < '1' || line.data[0] > '5') {
        return false;
    }
    guint64 code;
    if (!byte_span_to_number(byte_span_slice(line, 0, 3), &code)) {
        return false;
    }
    if (line.length > 3 && line.data[3] != ' ' && line.data[3] != '-') {
        return false;
    }
    *out_code = (guint)code;
    *out_is_last = line.length == 3 || line.data[3] == ' ';
    *out_text = byte_span_from(line, 4);
    return true;
}

static gsize digits(ByteSpan text, gsize from)
{
    gsize at = from;
    while (at < text.length && at - from < 3 && g_ascii_isdigit(text.data[at])) {
        at++;
    }
    return at - from;
}

/* RFC 2034 §4: class "." subject "." detail, of the class of the code, then a space or the end. */
static ByteSpan enhanced_code(ByteSpan text, guint code)
{
    gsize subject = digits(text, 2);
    gsize detail = subject == 0 ? 0 : digits(text, 3 + subject);
    gsize length = 3 + subject + detail;
    bool is_one = text.length >= length && detail > 0 && text.data[0] == '0' + code / 100 &&
                  text.data[1] == '.' && text.data[2 + subject] == '.' &&
                  (text.length == length || text.data[length] == ' ');
    return is_one ? byte_span_slice(text, 0, length) : BYTE_SPAN_EMPTY;
}

/* The path of the command just answered goes to the envelope, or away. */
static void settle_path(SmtpDialogue *dialogue, bool is_accepted)
{
    ByteSpan waiting = byte_buffer_span(&dialogue->unanswered_paths);
    gssize end = byte_span_find(waiting, '\n', 0);
    if (end < 1) {
        return;
    }
    bool is_reverse = waiting.data[0] == SMTP_PATH_REVERSE;
    ByteSpan path = byte_span_slice(waiting, 1, (gsize)end - 1);
    ByteSpan path_and_end = byte_span_slice(waiting, 1, (gsize)end);
    if (is_accepted && is_reverse) {
        smtp_dialogue_reset_transaction(dialogue);
        dialogue->message.has_envelope = byte_buffer_append(&dialogue->reverse_path, path);
    } else if (is_accepted) {
        bool fits = byte_buffer_append(&dialogue->forward_paths, path_and_end);
        dialogue->lost_recipients |= !fits;
    }
    byte_buffer_consume(&dialogue->unanswered_paths, (gsize)end + 1);
}

static void accept_chunk(SmtpDialogue *dialogue, bool is_last)
{
    smtp_dialogue_set_state(dialogue, is_last ? SMTP_STATE_READY : SMTP_STATE_BDAT);
    if (is_last) {
        smtp_dialogue_reset_transaction(dialogue);
    }
}

/* RFC 3030 §2: after a refused chunk the rest of the transaction fails too. A chunk whose size
 * could not be read was never begun. */
static void refuse_chunk(SmtpDialogue *dialogue)
{
    if (dialogue->message_is_open && !dialogue->reads_chunk) {
        smtp_dialogue_end_message(dialogue, false);
    }
    if (dialogue->state == SMTP_STATE_BDAT || dialogue->following != 0) {
        smtp_dialogue_set_state(dialogue, SMTP_STATE_READY);
        smtp_dialogue_reset_transaction(dialogue);
    }
}

static void accept_data(SmtpDialogue *dialogue, guint code)
{
    if (code / 100 == 3) {
        smtp_dialogue_open_message(dialogue, DIALOGUE_MESSAGE_DATA);
        dialogue->reads_content = true;
        smtp_dialogue_set_state(dialogue, SMTP_STATE_DATA);
    } else {
        smtp_dialogue_set_state(dialogue, SMTP_STATE_READY);
        smtp_dialogue_reset_transaction(dialogue);
    }
}

static void accept_auth(SmtpDialogue *dialogue, bool succeeded)
{
    if (dialogue->state == SMTP_STATE_AUTH) {
        smtp_dialogue_set_state(dialogue, dialogue->state_before_auth);
    }
    dialogue->auth_succeeded = succeeded;
    if (dialogue->sasl != NULL) {
        dialogue->following |= SMTP_FOLLOWS_CREDENTIAL;
    }
}

void smtp_dialogue_accept(SmtpDialogue *dialogue, guint8 id, guint code)
{
    switch ((guint)id) {
    case SMTP_COMMAND_MAIL:
        settle_path(dialogue, true);
        smtp_dialogue_set_state(dialogue, SMTP_STATE_MAIL);
        break;
    case SMTP_COMMAND_RCPT:
        settle_path(dialogue, true);
        smtp_dialogue_set_state(dialogue, SMTP_STATE_RECIPIENTS);
        break;
    case SMTP_COMMAND_DATA:
        accept_data(dialogue, code);
        break;
    case SMTP_COMMAND_BDAT:
    case SMTP_COMMAND_BDAT | SMTP_LAST_CHUNK:
        accept_chunk(dialogue, id != SMTP_COMMAND_BDAT);
        break;
    case SMTP_COMMAND_AUTH:
        accept_auth(dialogue, true);
        break;
    case SMTP_COMMAND_STARTTLS:
        dialogue->tls_was_granted = true;
        break;
    case SMTP_COMMAND_RSET:
        smtp_dialogue_reset_transaction(dialogue);
        if (dialogue->state != SMTP_STATE_GREETED) {
            smtp_dialogue_set_state(dialogue, SMTP_STATE_READY);
        }
        break;
    case SMTP_COMMAND_EHLO:
    case SMTP_COMMAND_HELO:
    case SMTP_COMMAND_LHLO:
        smtp_dialogue_reset_transaction(dialogue);
        smtp_dialogue_set_state(dialogue, SMTP_STATE_READY);
        break;
    case SMTP_COMMAND_QUIT:
        smtp_dialogue_set_state(dialogue, SMTP_STATE_CLOSED);
        break;
    default:
        break;
    }
}

void smtp_dialogue_refuse(SmtpDialogue *dialogue, guint8 id)
{
    if (id == SMTP_COMMAND_MAIL || id == SMTP_COMMAND_RCPT) {
        settle_path(dialogue, false);
    } else if (id == SMTP_COMMAND_AUTH) {
        accept_auth(dialogue, false);
    } else if (id == SMTP_COMMAND_DATA && dialogue->state == SMTP_STATE_DATA) {
        smtp_dialogue_set_state(dialogue, SMTP_STATE_READY);
        smtp_dialogue_reset_transaction(dialogue);
    } else if ((id & ~SMTP_LAST_CHUNK) == SMTP_COMMAND_BDAT) {
        refuse_chunk(dialogue);
    }
}

/* The final answer to the message: one, or with LMTP one for each accepted recipient. */
static bool more_answers_are_due(SmtpDialogue *dialogue, guint8 id)
{
    if (id == SMTP_COMMAND_DATA && dialogue->replies_due > 1) {
        dialogue->replies_due--;
        return true;
    }
    return false;
}

/* Joined without its handshake, but nothing else was missed. */
static bool is_late_greeting(const SmtpDialogue *dialogue, guint code)
{
    return dialogue->state == 0 && code == 220 && dialogue->waiting.next_number == 1;
}

static void answer_unasked(SmtpDialogue *dialogue, guint code, DialogueEvent *event)
{
    if (code == 421) {
        smtp_dialogue_set_state(dialogue, SMTP_STATE_CLOSED);
    } else if (code == 354 && (dialogue->lost_commands || dialogue->joined_late) && !dialogue->reads_content) {
        accept_data(dialogue, code);
        dialogue->data_was_unseen = true;
    } else if (dialogue->state == SMTP_STATE_CONNECTED || is_late_greeting(dialogue, code)) {
        if (code / 100 == 2) {
            smtp_dialogue_set_state(dialogue, SMTP_STATE_GREETED);
        }
    } else if (!dialogue->lost_commands && !dialogue->joined_late && !dialogue->client_unseen && dialogue->state != 0) {
        event->defects |= DIALOGUE_DEFECT_UNASKED;
    }
}

static void answer_intermediate(SmtpDialogue *dialogue, guint8 id, guint code, ByteSpan text)
{
    dialogue->client_waits = false;
    if (id == SMTP_COMMAND_AUTH && dialogue->sasl != NULL) {
        if (dialogue->state != SMTP_STATE_AUTH) {
            dialogue->state_before_auth = dialogue->state;
        }
        sasl_exchange_challenge(dialogue->sasl, text);
        smtp_dialogue_set_state(dialogue, SMTP_STATE_AUTH);
    } else if (id == SMTP_COMMAND_DATA && !dialogue->reads_content) {
        accept_data(dialogue, code);
    }
}

/* The last line of a reply has been read: pairs it and moves the state. */
static void apply_reply(SmtpDialogue *dialogue, guint code, ByteSpan text, DialogueEvent *event)
{
    guint8 id;
    guint64 number;
    bool is_greeting = dialogue->reads_greeting;
    dialogue->reads_greeting = false;
    if (is_greeting || !command_queue_oldest(&dialogue->waiting, &id, &number)) {
        answer_unasked(dialogue, code, event);
        return;
    }
    if (code / 100 == 3 && (id == SMTP_COMMAND_AUTH || id == SMTP_COMMAND_DATA)) {
        answer_intermediate(dialogue, id, code, text);
        return;
    }
    if (more_answers_are_due(dialogue, id)) {
        return;
    }
    command_queue_pop(&dialogue->waiting);
    dialogue->client_waits &=
        id != SMTP_COMMAND_AUTH && id != SMTP_COMMAND_DATA && id != SMTP_COMMAND_STARTTLS;
    if (id == SMTP_COMMAND_DATA && dialogue->reads_content) {
        dialogue->message_is_answered = true;
        if (dialogue->message.missing > 0) {
            smtp_dialogue_end_message(dialogue, false);
        }
    }
    if (code / 100 == 2) {
        smtp_dialogue_accept(dialogue, id, code);
    } else {
        smtp_dialogue_refuse(dialogue, id);
    }
    if (code == 421) {
        smtp_dialogue_set_state(dialogue, SMTP_STATE_CLOSED);
    }
    if (dialogue->waiting.count == 0) {
        dialogue->anticipated = dialogue->state;
    }
}

static void name_command(SmtpDialogue *dialogue, DialogueEvent *event)
{
    guint8 id;
    /* The first reply is the greeting, even where an impatient client has spoken before it. */
    if (event->from == 0 && dialogue->state == SMTP_STATE_CONNECTED) {
        dialogue->reads_greeting = true;
    }
    if (!dialogue->reads_greeting &&
        command_queue_oldest(&dialogue->waiting, &id, &event->exchange) &&
        id != SMTP_COMMAND_UNKNOWN) {
        event->command = &smtp_command_row((SmtpCommandId)(id & ~SMTP_LAST_CHUNK))->item;
    }
}

static const VocabularyItem *reply_sense(guint code, const DialogueEvent *event)
{
    if (event->command != NULL)
        return smtp_reply_find(code, smtp_command_of(event->command));
    return event->exchange == 0 ? smtp_reply_find(code, NULL) : smtp_reply_general(code);
}

static void give_reply(SmtpDialogue *dialogue, DialogueEvent *event)
{
    guint code;
    ByteSpan text;
    event->kind = DIALOGUE_EVENT_REPLY;
    name_command(dialogue, event);
    if (!split_reply(event->text, &code, &text, &event->is_last)) {
        event->defects |= DIALOGUE_DEFECT_SYNTAX | DIALOGUE_DEFECT_UNKNOWN;
        event->is_first = true;
        event->is_last = true;
        event->exchange = 0;
        event->command = NULL;
        return;
    }
    event->code = byte_span_slice(event->text, 0, 3);
    event->enhanced = enhanced_code(text, code);
    event->is_first = dialogue->reply_code == 0;
    event->is_positive = code < 400;
    event->is_intermediate = code / 100 == 3;
    event->item = smtp_reply_refined(reply_sense(code, event), event->enhanced);
    if (event->item == NULL) {
        event->defects |= DIALOGUE_DEFECT_UNKNOWN;
    }
    if (!event->is_first && dialogue->reply_code != code) {
        event->defects |= DIALOGUE_DEFECT_SYNTAX;
    }
    dialogue->reply_code = event->is_last ? 0 : (guint16)code;
    if (event->is_last) {
        apply_reply(dialogue, code, text, event);
    }
}

bool smtp_dialogue_read_server(SmtpDialogue *dialogue, DialogueEvent *event)
{
    DialogueInput *input = &dialogue->input[DIALOGUE_SERVER];
    Line line;
    ByteSpan run = dialogue_input_peek(input);
    bool begins_line = run.length > 0 && dialogue_input_line_start(input) == 0;
    if (begins_line && dialogue->tls_was_granted && run.data[0] == 0x16) {
        dialogue->tls_was_granted = false;
        smtp_dialogue_set_state(dialogue, SMTP_STATE_OPAQUE);
        dialogue->following |= SMTP_FOLLOWS_OPAQUE;
    }
    if (dialogue->state == SMTP_STATE_OPAQUE) {
        dialogue_input_consume(input, run.length);
        return false;
    }
    bool is_cut = run.length == 0 && (input->missing > 0 || input->has_ended);
    if (!(is_cut ? dialogue_input_cut_line(input, &line, &event->from)
                 : dialogue_input_line(input, &line, &event->from))) {
        return false;
    }
    event->side = DIALOGUE_SERVER;
    event->to = input->position;
    event->text = line.text;
    event->defects = dialogue_line_defects(&line, SMTP_REPLY_LINE_LIMIT);
    event->state_before = dialogue->state;
    give_reply(dialogue, event);
    event->state_after = dialogue->state;
    return true;
}
