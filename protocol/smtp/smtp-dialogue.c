/* Feeding, the order of events, messages and gaps. smtp_dialogue_class.next() gives first what
 * follows from the last event, then the server's lines, then the client's. */

#include "protocol/smtp/smtp-dialogue.h"

#include "protocol/smtp/smtp-dialogue-private.h"

void smtp_dialogue_set_state(SmtpDialogue *dialogue, SmtpState state)
{
    dialogue->state = state;
    if (dialogue->waiting.count == 0) {
        dialogue->anticipated = state;
    }
}

void smtp_dialogue_reset_transaction(SmtpDialogue *dialogue)
{
    dialogue->reset_is_due =
        dialogue->message_is_open || (dialogue->following & SMTP_FOLLOWS_MESSAGE_END) != 0;
    if (dialogue->reset_is_due) {
        return;
    }
    byte_buffer_reset(&dialogue->reverse_path);
    byte_buffer_reset(&dialogue->forward_paths);
    dialogue->message.has_envelope = false;
    dialogue->lost_recipients = false;
}

void smtp_dialogue_open_message(SmtpDialogue *dialogue, DialogueMessageKind kind)
{
    guint64 number = dialogue->message.number + 1;
    bool has_envelope = dialogue->message.has_envelope;
    dialogue->message =
        (DialogueMessage){.kind = kind, .number = number, .has_envelope = has_envelope};
    if (dialogue->is_lenient) {
        dot_unstuffer_init_lenient(&dialogue->dots);
    } else {
        dot_unstuffer_init(&dialogue->dots);
    }
    dialogue->message_is_open = true;
    dialogue->message_is_answered = false;
    dialogue->data_was_unseen = false;
    dialogue->must_begin_with_header = false;
    dialogue->following |= SMTP_FOLLOWS_MESSAGE_BEGIN;
}

static guint16 count_recipients(const SmtpDialogue *dialogue)
{
    ByteSpan paths = byte_buffer_span(&dialogue->forward_paths);
    guint16 count = 0;
    for (gsize i = 0; i < paths.length; i++) {
        count = (guint16)(count + (paths.data[i] == '\n'));
    }
    return count;
}

void smtp_dialogue_end_message(SmtpDialogue *dialogue, bool end_was_seen)
{
    if (!dialogue->message_is_open) {
        return;
    }
    dialogue->message_is_open = false;
    dialogue->reads_content = false;
    dialogue->reads_chunk = false;
    bool lacks_chunks = dialogue->message.kind == DIALOGUE_MESSAGE_BDAT && dialogue->lost_chunks;
    dialogue->message.is_complete = end_was_seen && dialogue->message.missing == 0 &&
                                    !dialogue->message.is_partial && !lacks_chunks;
    dialogue->replies_due = dialogue->is_lmtp ? count_recipients(dialogue) : 0;
    dialogue->following |= SMTP_FOLLOWS_MESSAGE_END;
    if (dialogue->server_unseen) {
        smtp_dialogue_set_state(dialogue, SMTP_STATE_READY);
        smtp_dialogue_reset_transaction(dialogue);
    }
}

/* The envelope as far as it can be known: paths whose answer is still under way count as taken. */
static void refresh_envelope(SmtpDialogue *dialogue)
{
    DialogueMessage *message = &dialogue->message;
    message->reverse_path = byte_buffer_span(&dialogue->reverse_path);
    message->forward_paths = byte_buffer_span(&dialogue->forward_paths);
    ByteSpan waiting = byte_buffer_span(&dialogue->unanswered_paths);
    if (waiting.length == 0) {
        return;
    }
    ByteSpan entry;
    byte_buffer_reset(&dialogue->tentative_paths);
    bool fits = byte_buffer_append(&dialogue->tentative_paths, message->forward_paths);
    while (byte_span_next_token(&waiting, '\n', &entry)) {
        ByteSpan path = byte_span_from(entry, 1);
        if (entry.data[0] == SMTP_PATH_REVERSE) {
            message->reverse_path = path;
            message->has_envelope = true;
        } else {
            fits = fits && byte_buffer_append(&dialogue->tentative_paths, path) &&
                   byte_buffer_append_string(&dialogue->tentative_paths, "\n");
        }
    }
    message->forward_paths = byte_buffer_span(&dialogue->tentative_paths);
}

static void give_credential(SmtpDialogue *dialogue, DialogueEvent *event)
{
    event->kind = DIALOGUE_EVENT_CREDENTIAL;
    event->exchange = dialogue->auth_exchange;
    sasl_exchange_credential(dialogue->sasl, &dialogue->credential);
    dialogue->credential.succeeded = dialogue->auth_succeeded;
    dialogue->credential.is_answered = !dialogue->server_unseen;
    event->credential = &dialogue->credential;
}

static bool take_following(SmtpDialogue *dialogue, SmtpFollowing what)
{
    bool is_due = (dialogue->following & what) != 0;
    dialogue->following &= ~(guint32)what;
    return is_due;
}

static bool give_following(SmtpDialogue *dialogue, DialogueEvent *event)
{
    if (dialogue->following == 0) {
        return false;
    }
    event->side = DIALOGUE_CLIENT;
    event->from = event->to = dialogue->input[DIALOGUE_CLIENT].position;
    event->state_before = event->state_after = dialogue->state;
    event->exchange = dialogue->waiting.next_number - 1;
    if (take_following(dialogue, SMTP_FOLLOWS_MESSAGE_BEGIN)) {
        event->kind = DIALOGUE_EVENT_MESSAGE_BEGIN;
        event->message = &dialogue->message;
        refresh_envelope(dialogue);
    } else if (take_following(dialogue, SMTP_FOLLOWS_MESSAGE_END)) {
        event->kind = DIALOGUE_EVENT_MESSAGE_END;
        event->message = &dialogue->message;
        event->defects =
            dialogue->message.kind == DIALOGUE_MESSAGE_DATA ? dialogue->dots.defects : 0;
        refresh_envelope(dialogue);
    } else if (take_following(dialogue, SMTP_FOLLOWS_CREDENTIAL)) {
        give_credential(dialogue, event);
    } else {
        dialogue->following = 0;
        event->kind = DIALOGUE_EVENT_OPAQUE;
    }
    return true;
}

/* The client's octets are missing here; what that means hangs on what was being read. */
static void note_client_gap(SmtpDialogue *dialogue, guint64 length)
{
    if (dialogue->sasl != NULL) {
        sasl_exchange_lose_response(dialogue->sasl);
    }
    if (dialogue->reads_chunk) {
        guint64 within = MIN(length, dialogue->chunk_left);
        dialogue->chunk_left -= within;
        dialogue->message.missing += within;
        dialogue->lost_commands |= length > within;
        dialogue->lost_chunks |= length > within;
    } else if (dialogue->reads_content && dialogue->data_was_unseen && dialogue->message.octets == 0) {
        dialogue->must_begin_with_header = true;
    } else if (dialogue->reads_content) {
        dialogue->message.missing += length;
        dot_unstuffer_skip_gap(&dialogue->dots);
        if (dialogue->message_is_answered) {
            smtp_dialogue_end_message(dialogue, false);
        }
    } else {
        dialogue->lost_commands = true;
        dialogue->lost_chunks = true;
    }
}

static bool give_gap(SmtpDialogue *dialogue, DialogueSide side, DialogueEvent *event)
{
    DialogueInput *input = &dialogue->input[side];
    if (input->missing == 0 || dialogue_input_peek(input).length > 0) {
        return false;
    }
    event->kind = DIALOGUE_EVENT_MISSING;
    event->side = side;
    event->from = input->position;
    event->missing = input->missing;
    input->position += input->missing;
    event->to = input->position;
    event->state_before = dialogue->state;
    event->message = dialogue->message_is_open ? &dialogue->message : NULL;
    if (side == DIALOGUE_CLIENT) {
        note_client_gap(dialogue, input->missing);
    } else {
        dialogue->lost_commands = dialogue->state != SMTP_STATE_OPAQUE;
        dialogue->reply_code = 0;
        dialogue->client_waits &= dialogue->state != SMTP_STATE_AUTH;
        smtp_dialogue_stop_waiting(dialogue);
    }
    event->state_after = dialogue->state;
    input->missing = 0;
    return true;
}

/* A client line cut by a gap or by the end of the stream. */
static bool give_cut_command(SmtpDialogue *dialogue, DialogueEvent *event)
{
    DialogueInput *input = &dialogue->input[DIALOGUE_CLIENT];
    Line line;
    bool is_cut =
        (input->missing > 0 || input->has_ended) && dialogue_input_peek(input).length == 0;
    if (!is_cut || !dialogue_input_cut_line(input, &line, &event->from)) {
        return false;
    }
    event->kind = DIALOGUE_EVENT_CONTINUATION;
    event->to = input->position;
    event->text = line.text;
    event->defects = dialogue_line_defects(&line, SMTP_LINE_MAXIMUM);
    event->is_secret = dialogue->state == SMTP_STATE_AUTH;
    event->state_before = event->state_after = dialogue->state;
    return true;
}

/* Every feed ends with a call that has nothing to give: it should cost nothing. */
static bool is_idle(const SmtpDialogue *dialogue)
{
    return dialogue->following == 0 && !dialogue->reads_chunk &&
           dialogue_input_is_idle(&dialogue->input[DIALOGUE_CLIENT]) &&
           dialogue_input_is_idle(&dialogue->input[DIALOGUE_SERVER]);
}

static bool next(void *object, DialogueEvent *event)
{
    SmtpDialogue *dialogue = object;
    for (;;) {
        if (dialogue->reset_is_due) {
            smtp_dialogue_reset_transaction(dialogue);
        }
        if (is_idle(dialogue)) {
            return false;
        }
        *event = (DialogueEvent){0};
        DialogueInput *client = &dialogue->input[DIALOGUE_CLIENT];
        /* What the client said before an answer goes before what the server says after it. */
        bool is_released =
            !dialogue->client_waits && !dialogue->serves && byte_buffer_length(&client->held) > 0;
        if (give_following(dialogue, event) ||
            (is_released && dialogue->following == 0 && smtp_dialogue_read_client(dialogue, event)
            ) ||
            (dialogue->following == 0 && smtp_dialogue_read_server(dialogue, event)) ||
            (dialogue->following == 0 && smtp_dialogue_read_client(dialogue, event))) {
            return true;
        }
        if (dialogue->following != 0) {
            continue;
        }
        if (dialogue->client_waits && (client->missing > 0 || client->has_ended) &&
            byte_buffer_length(&client->held) > 0) {
            smtp_dialogue_stop_waiting(dialogue);
            continue;
        }
        if (give_cut_command(dialogue, event) || give_gap(dialogue, DIALOGUE_CLIENT, event) ||
            give_gap(dialogue, DIALOGUE_SERVER, event)) {
            return true;
        }
        if (client->has_ended && dialogue->message_is_open) {
            smtp_dialogue_end_message(dialogue, false);
            continue;
        }
        return false;
    }
}

static void feed(void *object, DialogueSide side, ByteSpan octets)
{
    SmtpDialogue *dialogue = object;
    g_assert(dialogue->input[side].fed.length == 0);
    dialogue->input[side].fed = octets;
}

static void feed_missing(void *object, DialogueSide side, guint64 length)
{
    SmtpDialogue *dialogue = object;
    dialogue->input[side].missing += length;
}

static void finish(void *object, DialogueSide side)
{
    SmtpDialogue *dialogue = object;
    dialogue->input[side].has_ended = true;
}

static void set_one_sided(void *object, DialogueSide seen)
{
    SmtpDialogue *dialogue = object;
    if (seen == DIALOGUE_CLIENT) {
        dialogue->server_unseen = true;
        if (dialogue->state == SMTP_STATE_CONNECTED) {
            smtp_dialogue_set_state(dialogue, SMTP_STATE_GREETED);
        }
    } else {
        dialogue->client_unseen = true;
    }
}

static void set_joined_late(void *object)
{
    SmtpDialogue *dialogue = object;
    dialogue->joined_late = true;
    dialogue->state = 0;
    dialogue->anticipated = 0;
}

static void init(void *object)
{
    SmtpDialogue *dialogue = object;
    dialogue_input_init(&dialogue->input[DIALOGUE_CLIENT], SMTP_LINE_MAXIMUM, SMTP_HELD_MAXIMUM);
    dialogue_input_init(&dialogue->input[DIALOGUE_SERVER], SMTP_LINE_MAXIMUM, 0);
    command_queue_init(&dialogue->waiting);
    byte_buffer_init(&dialogue->reverse_path, SMTP_ENVELOPE_MAXIMUM);
    byte_buffer_init(&dialogue->forward_paths, SMTP_ENVELOPE_MAXIMUM);
    byte_buffer_init(&dialogue->unanswered_paths, SMTP_UNANSWERED_MAXIMUM);
    byte_buffer_init(&dialogue->tentative_paths, SMTP_UNANSWERED_MAXIMUM * 2);
    dialogue->state = SMTP_STATE_CONNECTED;
    dialogue->anticipated = SMTP_STATE_CONNECTED;
}

static void clear(void *object)
{
    SmtpDialogue *dialogue = object;
    dialogue_input_clear(&dialogue->input[DIALOGUE_CLIENT]);
    dialogue_input_clear(&dialogue->input[DIALOGUE_SERVER]);
    command_queue_clear(&dialogue->waiting);
    byte_buffer_clear(&dialogue->reverse_path);
    byte_buffer_clear(&dialogue->forward_paths);
    byte_buffer_clear(&dialogue->unanswered_paths);
    byte_buffer_clear(&dialogue->tentative_paths);
    if (dialogue->sasl != NULL) {
        sasl_exchange_clear(dialogue->sasl);
        g_clear_pointer(&dialogue->sasl, g_free);
    }
}

const DialogueClass smtp_dialogue_class = {
    .name = "SMTP",
    .size = sizeof(SmtpDialogue),
    .init = init,
    .clear = clear,
    .feed = feed,
    .feed_missing = feed_missing,
    .finish = finish,
    .set_one_sided = set_one_sided,
    .set_joined_late = set_joined_late,
    .next = next,
    .state_name = smtp_state_name,
};

bool smtp_dialogue_hold_client(SmtpDialogue *dialogue)
{
    dialogue->serves = true;
    return dialogue_input_hold(&dialogue->input[DIALOGUE_CLIENT]);
}

SmtpDialogue *smtp_dialogue_new(void)
{
    SmtpDialogue *dialogue = g_new0(SmtpDialogue, 1);
    init(dialogue);
    return dialogue;
}

void smtp_dialogue_free(SmtpDialogue *dialogue)
{
    if (dialogue != NULL) {
        clear(dialogue);
        g_free(dialogue);
    }
}

SmtpState smtp_dialogue_state(const SmtpDialogue *dialogue)
{
    return dialogue->state;
}

SmtpState smtp_dialogue_anticipated_state(const SmtpDialogue *dialogue)
{
    return dialogue->anticipated;
}

ByteSpan smtp_dialogue_reverse_path(const SmtpDialogue *dialogue)
{
    return byte_buffer_span(&dialogue->reverse_path);
}

ByteSpan smtp_dialogue_forward_paths(const SmtpDialogue *dialogue)
{
    return byte_buffer_span(&dialogue->forward_paths);
}

void smtp_dialogue_begin_tls(SmtpDialogue *dialogue)
{
    clear(dialogue);
    memset(dialogue, 0, sizeof *dialogue);
    init(dialogue);
    smtp_dialogue_set_state(dialogue, SMTP_STATE_GREETED);
}

void smtp_dialogue_set_lenient(SmtpDialogue *dialogue, bool is_lenient)
{
    dialogue->is_lenient = is_lenient;
}
