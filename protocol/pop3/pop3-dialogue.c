/* Feeding, the order of events, messages and gaps: what follows from the last event comes first,
 * then the server's side, then the client's. */

#include "protocol/pop3/pop3-dialogue.h"

#include "protocol/pop3/pop3-dialogue-private.h"

void pop3_dialogue_set_state(Pop3Dialogue *dialogue, Pop3State state)
{
    dialogue->state = state;
}

/* Once commands or answers were lost, or never seen, a message is only certified when it keeps the
 * octet count it was announced with and begins as messages do: the status line before it may have
 * been the answer to something else. */
static bool is_plausible(const Pop3Dialogue *dialogue)
{
    const DialogueMessage *message = &dialogue->message;
    if (!dialogue->has_lost_octets && !dialogue->joined_late) {
        return true;
    }
    bool keeps_promise = message->announced == 0 || message->announced == message->octets;
    return keeps_promise && dialogue->first_name == POP3_FIELD_NAME_ENDED;
}

void pop3_dialogue_end_message(Pop3Dialogue *dialogue, bool end_was_seen)
{
    const DialogueMessage *message = &dialogue->message;
    dialogue->reads_message = false;
    dialogue->message.is_complete =
        end_was_seen && message->missing == 0 && !message->is_partial && is_plausible(dialogue);
    dialogue->following |= POP3_FOLLOWS_MESSAGE_END;
    if (end_was_seen) {
        dialogue->following |= POP3_FOLLOWS_LAST_LINE;
    }
}

void pop3_dialogue_stop_waiting(Pop3Dialogue *dialogue)
{
    dialogue->client_waits = false;
    command_queue_forget(&dialogue->waiting);
}

static void give_credential(Pop3Dialogue *dialogue, DialogueEvent *event)
{
    DialogueCredential *credential = &dialogue->credential;
    event->kind = DIALOGUE_EVENT_CREDENTIAL;
    event->exchange = dialogue->auth_exchange;
    if (dialogue->method == NULL) {
        sasl_exchange_credential(dialogue->sasl, credential);
    } else {
        bool is_apop = g_str_equal(dialogue->method, "APOP");
        *credential = (DialogueCredential){
            .method = dialogue->method,
            .identity = byte_buffer_span(&dialogue->identity),
            .challenge = is_apop ? byte_buffer_span(&dialogue->banner) : BYTE_SPAN_EMPTY,
            .proof = is_apop ? byte_buffer_span(&dialogue->secret) : BYTE_SPAN_EMPTY,
            .secret = is_apop ? BYTE_SPAN_EMPTY : byte_buffer_span(&dialogue->secret),
        };
    }
    credential->succeeded = dialogue->auth_succeeded;
    credential->is_answered = !dialogue->server_unseen;
    event->credential = credential;
}

/* The dot behind a message is the last line of the answer to RETR or TOP. */
static void give_last_line(Pop3Dialogue *dialogue, DialogueEvent *event)
{
    guint8 queue_id;
    event->kind = DIALOGUE_EVENT_REPLY;
    event->side = DIALOGUE_SERVER;
    event->from = event->to - MIN(event->to, 3);
    event->text = BYTE_SPAN_LITERAL(".");
    event->is_last = true;
    event->is_positive = true;
    event->exchange = 0;
    if (command_queue_oldest(&dialogue->waiting, &queue_id, &event->exchange)) {
        guint8 id = pop3_queue_command(queue_id);
        event->command = id < N_POP3_COMMANDS ? &pop3_command_row((Pop3CommandId)id)->item : NULL;
        command_queue_pop(&dialogue->waiting);
    }
    dialogue->lost_octets = false;
}

static bool take_following(Pop3Dialogue *dialogue, Pop3Following what)
{
    bool is_due = (dialogue->following & what) != 0;
    dialogue->following &= ~(guint32)what;
    return is_due;
}

static bool give_following(Pop3Dialogue *dialogue, DialogueEvent *event)
{
    guint8 queue_id;
    if (dialogue->following == 0) {
        return false;
    }
    event->side = DIALOGUE_SERVER;
    event->from = event->to = dialogue->input[DIALOGUE_SERVER].position;
    event->state_before = event->state_after = dialogue->state;
    command_queue_oldest(&dialogue->waiting, &queue_id, &event->exchange);
    if (take_following(dialogue, POP3_FOLLOWS_MESSAGE_BEGIN)) {
        event->kind = DIALOGUE_EVENT_MESSAGE_BEGIN;
        event->message = &dialogue->message;
    } else if (take_following(dialogue, POP3_FOLLOWS_MESSAGE_END)) {
        event->kind = DIALOGUE_EVENT_MESSAGE_END;
        event->message = &dialogue->message;
        event->defects = dialogue->dots.defects;
    } else if (take_following(dialogue, POP3_FOLLOWS_LAST_LINE)) {
        give_last_line(dialogue, event);
    } else if (take_following(dialogue, POP3_FOLLOWS_CREDENTIAL)) {
        event->side = DIALOGUE_CLIENT;
        event->from = event->to = dialogue->input[DIALOGUE_CLIENT].position;
        give_credential(dialogue, event);
    } else {
        dialogue->following = 0;
        event->kind = DIALOGUE_EVENT_OPAQUE;
        event->side = DIALOGUE_CLIENT; /* who begins TLS */
        event->from = event->to = dialogue->input[DIALOGUE_CLIENT].position;
    }
    return true;
}

/* A client that waits for each answer has had the answers to all commands but its last: they are
 * what is missing. */
static void forget_answered(Pop3Dialogue *dialogue)
{
    while (!dialogue->is_pipelining && dialogue->waiting.count > 1) {
        pop3_dialogue_drop_oldest(dialogue);
    }
}

static void note_server_gap(Pop3Dialogue *dialogue, guint64 length)
{
    if (dialogue->reads_message) {
        dialogue->message.missing += length;
        dot_unstuffer_skip_gap(&dialogue->dots);
    } else if (!dialogue->reads_lines) {
        dialogue->must_realign = true;
        dialogue->missing_before += length;
        forget_answered(dialogue);
    }
    dialogue->lost_octets = true;
    dialogue->client_waits = false;
}

static bool give_gap(Pop3Dialogue *dialogue, DialogueSide side, DialogueEvent *event)
{
    DialogueInput *input = &dialogue->input[side];
    if (input->missing == 0 || dialogue_input_peek(input).length > 0) {
        return false;
    }
    event->kind = DIALOGUE_EVENT_MISSING;
    event->side = side;
    event->missing = input->missing;
    event->from = input->position;
    input->position += input->missing;
    event->to = input->position;
    event->state_before = event->state_after = dialogue->state;
    dialogue->has_lost_octets = true;
    if (side == DIALOGUE_SERVER) {
        event->message = dialogue->reads_message ? &dialogue->message : NULL;
        note_server_gap(dialogue, input->missing);
    } else {
        dialogue->lost_octets = true;
        if (dialogue->sasl != NULL) {
            sasl_exchange_lose_response(dialogue->sasl);
        }
        dialogue->joined_late = true; /* an answer may come to a command that was not seen */
    }
    input->missing = 0;
    return true;
}

static bool give_cut_command(Pop3Dialogue *dialogue, DialogueEvent *event)
{
    DialogueInput *input = &dialogue->input[DIALOGUE_CLIENT];
    Line line;
    bool is_cut =
        (input->missing > 0 || input->has_ended) && dialogue_input_peek(input).length == 0;
    if (!is_cut || !dialogue_input_cut_line(input, &line, &event->from)) {
        return false;
    }
    event->kind = DIALOGUE_EVENT_CONTINUATION;
    event->side = DIALOGUE_CLIENT;
    event->to = input->position;
    event->text = line.text;
    event->defects = dialogue_line_defects(&line, POP3_LINE_MAXIMUM);
    event->is_secret = dialogue->state == POP3_STATE_SASL ||
                       byte_span_starts_with_nocase(line.text, "PASS") ||
                       byte_span_starts_with_nocase(line.text, "APOP");
    event->state_before = event->state_after = dialogue->state;
    return true;
}

static bool next(void *object, DialogueEvent *event)
{
    Pop3Dialogue *dialogue = object;
    DialogueInput *client = &dialogue->input[DIALOGUE_CLIENT];
    DialogueInput *server = &dialogue->input[DIALOGUE_SERVER];
    for (;;) {
        *event = (DialogueEvent){0};
        /* What the client said before an answer goes before what the server says after it. */
        bool is_released =
            !dialogue->client_waits && !dialogue->serves && byte_buffer_length(&client->held) > 0;
        if (give_following(dialogue, event) ||
            (is_released && dialogue->following == 0 && pop3_dialogue_read_client(dialogue, event)
            ) ||
            (dialogue->following == 0 && pop3_dialogue_read_server(dialogue, event))) {
            return true;
        }
        if (dialogue->following != 0) {
            continue;
        }
        if (pop3_dialogue_read_client(dialogue, event)) {
            return true;
        }
        if (dialogue->following != 0) {
            continue;
        }
        if (dialogue->client_waits && (client->missing > 0 || client->has_ended) &&
            byte_buffer_length(&client->held) > 0) {
            pop3_dialogue_stop_waiting(dialogue);
            continue;
        }
        if (give_cut_command(dialogue, event) || give_gap(dialogue, DIALOGUE_CLIENT, event) ||
            give_gap(dialogue, DIALOGUE_SERVER, event)) {
            return true;
        }
        if (server->has_ended && dialogue->reads_message) {
            pop3_dialogue_end_message(dialogue, false);
            continue;
        }
        return false;
    }
}

static void feed(void *object, DialogueSide side, ByteSpan octets)
{
    Pop3Dialogue *dialogue = object;
    g_assert(dialogue->input[side].fed.length == 0);
    dialogue->input[side].fed = octets;
}

static void feed_missing(void *object, DialogueSide side, guint64 length)
{
    Pop3Dialogue *dialogue = object;
    dialogue->input[side].missing += length;
}

static void finish(void *object, DialogueSide side)
{
    Pop3Dialogue *dialogue = object;
    dialogue->input[side].has_ended = true;
}

static void set_one_sided(void *object, DialogueSide seen)
{
    Pop3Dialogue *dialogue = object;
    if (seen == DIALOGUE_CLIENT) {
        dialogue->server_unseen = true;
        if (dialogue->state == POP3_STATE_CONNECTED) {
            pop3_dialogue_set_state(dialogue, POP3_STATE_AUTHORIZATION);
        }
    } else {
        dialogue->client_unseen = true;
    }
}

static void set_joined_late(void *object)
{
    Pop3Dialogue *dialogue = object;
    dialogue->joined_late = true;
    dialogue->state = 0;
}

static void init(void *object)
{
    Pop3Dialogue *dialogue = object;
    dialogue_input_init(&dialogue->input[DIALOGUE_CLIENT], POP3_LINE_MAXIMUM, POP3_HELD_MAXIMUM);
    dialogue_input_init(&dialogue->input[DIALOGUE_SERVER], POP3_LINE_MAXIMUM, POP3_HELD_MAXIMUM);
    command_queue_init(&dialogue->waiting);
    byte_buffer_init(&dialogue->banner, POP3_CREDENTIAL_MAXIMUM);
    byte_buffer_init(&dialogue->identity, POP3_CREDENTIAL_MAXIMUM);
    byte_buffer_init(&dialogue->secret, POP3_CREDENTIAL_MAXIMUM);
    byte_buffer_init(&dialogue->retrievals, COMMAND_QUEUE_MAXIMUM * sizeof(guint64));
    dialogue->state = POP3_STATE_CONNECTED;
}

static void clear(void *object)
{
    Pop3Dialogue *dialogue = object;
    dialogue_input_clear(&dialogue->input[DIALOGUE_CLIENT]);
    dialogue_input_clear(&dialogue->input[DIALOGUE_SERVER]);
    command_queue_clear(&dialogue->waiting);
    byte_buffer_clear(&dialogue->banner);
    byte_buffer_clear(&dialogue->identity);
    byte_buffer_clear(&dialogue->secret);
    byte_buffer_clear(&dialogue->retrievals);
    if (dialogue->sasl != NULL) {
        sasl_exchange_clear(dialogue->sasl);
        g_clear_pointer(&dialogue->sasl, g_free);
    }
}

const DialogueClass pop3_dialogue_class = {
    .name = "POP3",
    .size = sizeof(Pop3Dialogue),
    .init = init,
    .clear = clear,
    .feed = feed,
    .feed_missing = feed_missing,
    .finish = finish,
    .set_one_sided = set_one_sided,
    .set_joined_late = set_joined_late,
    .next = next,
    .state_name = pop3_state_name,
};

Pop3Dialogue *pop3_dialogue_new(void)
{
    Pop3Dialogue *dialogue = g_new0(Pop3Dialogue, 1);
    init(dialogue);
    return dialogue;
}

void pop3_dialogue_free(Pop3Dialogue *dialogue)
{
    if (dialogue != NULL) {
        clear(dialogue);
        g_free(dialogue);
    }
}

Pop3State pop3_dialogue_state(const Pop3Dialogue *dialogue)
{
    return dialogue->state;
}

bool pop3_dialogue_hold_client(Pop3Dialogue *dialogue)
{
    dialogue->serves = true;
    return dialogue_input_hold(&dialogue->input[DIALOGUE_CLIENT]);
}

void pop3_dialogue_begin_tls(Pop3Dialogue *dialogue)
{
    clear(dialogue);
    memset(dialogue, 0, sizeof *dialogue);
    init(dialogue);
    pop3_dialogue_set_state(dialogue, POP3_STATE_AUTHORIZATION);
}
