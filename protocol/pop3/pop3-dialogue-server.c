/* The server's side of a POP3 conversation: status lines, the lines behind them, messages. */

#include "protocol/pop3/pop3-dialogue-private.h"

#include <string.h>

static bool is_dotted(guint8 queue_id)
{
    guint8 id = pop3_queue_command(queue_id);
    if (id >= N_POP3_COMMANDS) {
        return false;
    }
    ReplyShape shape = pop3_command_row((Pop3CommandId)id)->item.shape;
    bool has_argument = (queue_id & POP3_HAS_ARGUMENT) != 0;
    return shape == REPLY_SHAPE_DOTTED || (shape == REPLY_SHAPE_LINE_OR_DOTTED && !has_argument) ||
           (id == POP3_COMMAND_AUTH && !has_argument);
}

static bool is_retrieval(guint8 queue_id)
{
    guint8 id = pop3_queue_command(queue_id);
    return id == POP3_COMMAND_RETR || id == POP3_COMMAND_TOP;
}

static guint64 take_retrieval(Pop3Dialogue *dialogue)
{
    guint64 number = 0;
    ByteSpan numbers = byte_buffer_span(&dialogue->retrievals);
    if (numbers.length >= sizeof number) {
        memcpy(&number, numbers.data, sizeof number);
        byte_buffer_consume(&dialogue->retrievals, sizeof number);
    }
    return number;
}

/* "+OK 498 octets": servers say it so although RFC 1939 leaves the text free. */
static guint64 announced_octets(ByteSpan text)
{
    ByteSpan word;
    guint64 number = 0;
    while (byte_span_next_token(&text, ' ', &word)) {
        guint64 candidate;
        if (byte_span_to_number(word, &candidate)) {
            number = candidate;
        } else if (byte_span_starts_with_nocase(word, "octet") || byte_span_starts_with_nocase(word, "byte")) {
            return number;
        }
    }
    return 0;
}

void pop3_dialogue_drop_oldest(Pop3Dialogue *dialogue)
{
    guint8 queue_id;
    guint64 number;
    if (command_queue_oldest(&dialogue->waiting, &queue_id, &number)) {
        if (is_retrieval(queue_id)) {
            take_retrieval(dialogue);
        }
        command_queue_pop(&dialogue->waiting);
    }
}

static void open_message(Pop3Dialogue *dialogue, DialogueMessageKind kind, guint64 announced)
{
    guint64 number = dialogue->message.number + 1;
    dialogue->message = (DialogueMessage){
        .kind = kind,
        .number = number,
        .announced = announced,
        .retrieved_number = take_retrieval(dialogue),
    };
    dialogue->first_name = POP3_FIELD_NAME_BEGINS;
    dot_unstuffer_init(&dialogue->dots);
    dialogue->reads_message = true;
    dialogue->following |= POP3_FOLLOWS_MESSAGE_BEGIN;
}

/* "<...>" in the greeting is what APOP's digest is made with (RFC 1939 §7). */
static void keep_banner(Pop3Dialogue *dialogue, ByteSpan text)
{
    gssize open = byte_span_find(text, '<', 0);
    gssize close = open < 0 ? -1 : byte_span_find(text, '>', (gsize)open);
    if (close >= 0) {
        ByteSpan banner = byte_span_slice(text, (gsize)open, (gsize)(close - open) + 1);
        byte_buffer_reset(&dialogue->banner);
        bool fits = byte_buffer_append(
            &dialogue->banner, byte_span_slice(banner, 0, POP3_CREDENTIAL_MAXIMUM)
        );
        g_assert(fits);
    }
}

static void end_authentication(Pop3Dialogue *dialogue, guint8 id, guint64 number, bool succeeded)
{
    dialogue->auth_succeeded = succeeded;
    dialogue->auth_exchange = number;
    if (id == POP3_COMMAND_AUTH) {
        dialogue->method = NULL;
        if (dialogue->state == POP3_STATE_SASL) {
            pop3_dialogue_set_state(dialogue, POP3_STATE_AUTHORIZATION);
        }
        if (dialogue->sasl == NULL) {
            return;
        }
    }
    dialogue->following |= POP3_FOLLOWS_CREDENTIAL;
}

static void move_state(Pop3Dialogue *dialogue, guint8 id, bool had_argument)
{
    const Pop3CommandRow *row = pop3_command_row((Pop3CommandId)id);
    if (id == POP3_COMMAND_STLS) {
        dialogue->tls_was_granted = true;
    } else if (id == POP3_COMMAND_QUIT) {
        bool updates = dialogue->state == POP3_STATE_TRANSACTION;
        pop3_dialogue_set_state(dialogue, updates ? POP3_STATE_UPDATE : POP3_STATE_CLOSED);
    } else if (row->next_state != 0 && (id != POP3_COMMAND_AUTH || had_argument)) {
        pop3_dialogue_set_state(dialogue, row->next_state);
    }
}

/* Where the log-in was not seen, what only a client that has logged in may do tells of it. */
static void infer_log_in(Pop3Dialogue *dialogue, guint8 id)
{
    if (dialogue->state == POP3_STATE_AUTHORIZATION && id < N_POP3_COMMANDS &&
        pop3_command_row((Pop3CommandId)id)->item.states == POP3_STATE_TRANSACTION) {
        pop3_dialogue_set_state(dialogue, POP3_STATE_TRANSACTION);
    }
}

/* A status line that answers the oldest command. */
static void apply_status(
    Pop3Dialogue *dialogue, guint8 queue_id, guint64 number, ByteSpan rest, DialogueEvent *event
)
{
    guint8 id = pop3_queue_command(queue_id);
    bool is_auth = id == POP3_COMMAND_AUTH && (queue_id & POP3_HAS_ARGUMENT) != 0;
    dialogue->client_waits = false;
    if (event->is_positive) {
        infer_log_in(dialogue, id);
    }
    if (event->is_positive && is_dotted(queue_id)) {
        event->is_last = false;
        if (is_retrieval(queue_id)) {
            bool is_top = id == POP3_COMMAND_TOP;
            open_message(
                dialogue,
                is_top ? DIALOGUE_MESSAGE_TOP : DIALOGUE_MESSAGE_RETR,
                is_top ? 0 : announced_octets(rest)
            );
        } else {
            dialogue->reads_lines = true;
        }
        return;
    }
    command_queue_pop(&dialogue->waiting);
    if (is_retrieval(queue_id)) {
        take_retrieval(dialogue);
    }
    if (id == POP3_COMMAND_PASS || id == POP3_COMMAND_APOP || is_auth) {
        end_authentication(dialogue, id, number, event->is_positive);
    }
    if (event->is_positive && id < N_POP3_COMMANDS) {
        move_state(dialogue, id, (queue_id & POP3_HAS_ARGUMENT) != 0);
    }
}

static bool says(ByteSpan text, const char *word)
{
    gsize length = strlen(word);
    for (gsize i = 0; i + length <= text.length; i++) {
        if (g_ascii_strncasecmp((const char *)text.data + i, word, length) == 0) {
            return true;
        }
    }
    return false;
}

/* A connection that was joined late may begin with its greeting, or with the answer to a command
 * that was not seen. */
static bool sounds_like_greeting(ByteSpan rest)
{
    static const char *const words[] = {"ready", "pop", "server", "welcome", "hello", "<"};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (says(rest, words[i])) {
            return true;
        }
    }
    return false;
}

static bool is_greeting(const Pop3Dialogue *dialogue, ByteSpan rest, const DialogueEvent *event)
{
    bool is_first = event->from == 0 && dialogue->waiting.next_number == 1;
    return dialogue->state == POP3_STATE_CONNECTED ||
           (dialogue->state == 0 && is_first && sounds_like_greeting(rest));
}

static void apply_unasked(Pop3Dialogue *dialogue, ByteSpan rest, DialogueEvent *event)
{
    if (is_greeting(dialogue, rest, event)) {
        keep_banner(dialogue, rest);
        if (event->is_positive) {
            pop3_dialogue_set_state(dialogue, POP3_STATE_AUTHORIZATION);
        }
    } else if (!dialogue->client_unseen && !dialogue->lost_octets && dialogue->state != 0) {
        event->defects |= DIALOGUE_DEFECT_UNASKED;
    }
}

/* RFC 2449 §8: "[IN-USE]" directly behind the status. */
static ByteSpan response_code(ByteSpan rest)
{
    gssize end = rest.length > 0 && rest.data[0] == '[' ? byte_span_find(rest, ']', 0) : -1;
    return end < 0 ? BYTE_SPAN_EMPTY : byte_span_slice(rest, 1, (gsize)end - 1);
}

static void give_challenge(Pop3Dialogue *dialogue, ByteSpan rest, DialogueEvent *event)
{
    event->is_positive = true;
    event->is_intermediate = true;
    dialogue->client_waits = false;
    if (dialogue->sasl != NULL) {
        sasl_exchange_challenge(dialogue->sasl, rest);
        pop3_dialogue_set_state(dialogue, POP3_STATE_SASL);
    }
}

static void give_status(Pop3Dialogue *dialogue, DialogueEvent *event)
{
    guint8 queue_id = POP3_COMMAND_UNKNOWN;
    /* The first line is the greeting, even where an impatient client has spoken before it. */
    bool is_hello = event->from == 0 && dialogue->state == POP3_STATE_CONNECTED;
    bool answers =
        !is_hello && command_queue_oldest(&dialogue->waiting, &queue_id, &event->exchange);
    guint8 id = pop3_queue_command(queue_id);
    const Pop3CommandRow *row =
        answers && id < N_POP3_COMMANDS ? pop3_command_row((Pop3CommandId)id) : NULL;
    gssize space = byte_span_find(event->text, ' ', 0);
    gsize length = space < 0 ? event->text.length : (gsize)space;
    ByteSpan rest = byte_span_from(event->text, length + 1);
    event->code = byte_span_slice(event->text, 0, length);
    event->enhanced = response_code(rest);
    event->is_first = true;
    event->is_last = true;
    event->command = row == NULL ? NULL : &row->item;
    bool is_plain = row == NULL && (answers || !is_greeting(dialogue, rest, event));
    event->item = is_plain ? pop3_status_general(event->code) : pop3_status_find(event->code, row);
    event->is_positive = byte_span_is_nocase(event->code, "+OK");
    if (byte_span_is(event->code, "+")) {
        give_challenge(dialogue, rest, event);
    } else if (!event->is_positive && !byte_span_is_nocase(event->code, "-ERR")) {
        event->defects |= DIALOGUE_DEFECT_UNKNOWN | DIALOGUE_DEFECT_SYNTAX;
        event->code = BYTE_SPAN_EMPTY;
        event->exchange = 0;
    } else if (answers) {
        apply_status(dialogue, queue_id, event->exchange, rest, event);
    } else {
        apply_unasked(dialogue, rest, event);
    }
}

static void give_list_line(Pop3Dialogue *dialogue, DialogueEvent *event)
{
    guint8 queue_id;
    if (command_queue_oldest(&dialogue->waiting, &queue_id, &event->exchange) &&
        pop3_queue_command(queue_id) < N_POP3_COMMANDS) {
        guint8 id = pop3_queue_command(queue_id);
        event->command = &pop3_command_row((Pop3CommandId)id)->item;
    }
    event->is_positive = true;
    event->is_last = byte_span_is(event->text, ".");
    if (event->is_last) {
        dialogue->reads_lines = false;
        command_queue_pop(&dialogue->waiting);
    }
}

static bool read_line(Pop3Dialogue *dialogue, DialogueEvent *event)
{
    DialogueInput *input = &dialogue->input[DIALOGUE_SERVER];
    Line line;
    bool is_cut =
        dialogue_input_peek(input).length == 0 && (input->missing > 0 || input->has_ended);
    if (!(is_cut ? dialogue_input_cut_line(input, &line, &event->from)
                 : dialogue_input_line(input, &line, &event->from))) {
        return false;
    }
    event->kind = DIALOGUE_EVENT_REPLY;
    event->side = DIALOGUE_SERVER;
    event->to = input->position;
    event->text = line.text;
    event->defects = dialogue_line_defects(&line, POP3_REPLY_LINE_LIMIT);
    event->state_before = dialogue->state;
    if (dialogue->reads_lines) {
        give_list_line(dialogue, event);
    } else {
        give_status(dialogue, event);
    }
    event->state_after = dialogue->state;
    return true;
}

static void watch_first_name(Pop3Dialogue *dialogue, ByteSpan octets)
{
    for (gsize i = 0; i < octets.length && dialogue->first_name <= POP3_FIELD_NAME_GOES_ON; i++) {
        guint8 octet = octets.data[i];
        if (octet == ':' && dialogue->first_name == POP3_FIELD_NAME_GOES_ON) {
            dialogue->first_name = POP3_FIELD_NAME_ENDED;
        } else if (octet > ' ' && octet < 0x7f && octet != ':' && octet != '+') {
            dialogue->first_name = POP3_FIELD_NAME_GOES_ON;
        } else {
            dialogue->first_name = POP3_FIELD_NAME_BROKEN;
        }
    }
}

static bool read_content(Pop3Dialogue *dialogue, DialogueEvent *event)
{
    DialogueInput *input = &dialogue->input[DIALOGUE_SERVER];
    ByteSpan octets = BYTE_SPAN_EMPTY;
    ByteSpan run = dialogue_input_peek(input);
    ByteSpan rest = run;
    guint8 queue_id;
    event->from = input->position;
    DotStep step = dot_unstuffer_next(&dialogue->dots, &rest, &octets);
    dialogue_input_consume(input, run.length - rest.length);
    if (step == DOT_END) {
        pop3_dialogue_end_message(dialogue, true);
        return false;
    }
    if (step != DOT_DATA || octets.length == 0) {
        return false;
    }
    event->kind = DIALOGUE_EVENT_MESSAGE_DATA;
    event->side = DIALOGUE_SERVER;
    event->to = input->position;
    event->text = octets;
    event->message = &dialogue->message;
    event->state_before = event->state_after = dialogue->state;
    command_queue_oldest(&dialogue->waiting, &queue_id, &event->exchange);
    dialogue->message.octets += octets.length;
    watch_first_name(dialogue, octets);
    return true;
}

/* Octets were missing while an answer was awaited. A status line now is the answer; anything else
 * is the rest of an answer whose beginning is missing. */
static void realign(Pop3Dialogue *dialogue, ByteSpan run)
{
    guint8 queue_id;
    guint64 number;
    guint64 missing = dialogue->missing_before;
    bool is_status = run.data[0] == '+' || run.data[0] == '-';
    dialogue->must_realign = false;
    dialogue->missing_before = 0;
    if (is_status || !command_queue_oldest(&dialogue->waiting, &queue_id, &number)) {
        return;
    }
    if (is_retrieval(queue_id)) {
        bool is_top = pop3_queue_command(queue_id) == POP3_COMMAND_TOP;
        open_message(dialogue, is_top ? DIALOGUE_MESSAGE_TOP : DIALOGUE_MESSAGE_RETR, 0);
        dialogue->message.missing = missing;
        dialogue->message.is_partial = true;
        dot_unstuffer_skip_gap(&dialogue->dots);
    } else if (is_dotted(queue_id)) {
        dialogue->reads_lines = true;
    }
}

static bool must_guess(const Pop3Dialogue *dialogue, ByteSpan run)
{
    bool is_blind = dialogue->client_unseen || dialogue->joined_late;
    return is_blind && dialogue->waiting.count == 0 && !dialogue->reads_lines &&
           run.data[0] != '+' && run.data[0] != '-' &&
           line_reader_pending(&dialogue->input[DIALOGUE_SERVER].lines) == 0;
}

static gsize length_of_name(ByteSpan run)
{
    gsize length = 0;
    while (length < run.length && (g_ascii_isalnum(run.data[length]) || run.data[length] == '-')) {
        length++;
    }
    return length;
}

/* Where the command is unknown (its side was not captured, or the capture began later), a line
 * that is no status shows that an answer of many lines is being read: a message when it starts like
 * a header field, else a list. False: more octets are needed to tell. */
static bool guess_shape(Pop3Dialogue *dialogue)
{
    DialogueInput *input = &dialogue->input[DIALOGUE_SERVER];
    if (byte_buffer_length(&input->held) > 0) {
        bool fits = dialogue_input_hold(input);
        g_assert(fits || byte_buffer_length(&input->held) >= POP3_FIELD_NAME_MAXIMUM);
    }
    ByteSpan run = dialogue_input_peek(input);
    gsize name = length_of_name(run);
    bool is_late = dialogue->joined_late && input->position == 0;
    if (name == run.length && name < POP3_FIELD_NAME_MAXIMUM && !is_late && !input->has_ended &&
        input->missing == 0 && dialogue_input_hold(input)) {
        return false;
    }
    bool is_header =
        name > 0 && name < POP3_FIELD_NAME_MAXIMUM && name < run.length && run.data[name] == ':';
    if (is_header || is_late) {
        open_message(dialogue, DIALOGUE_MESSAGE_RETR, 0);
        dialogue->message.is_partial = is_late;
    } else {
        dialogue->reads_lines = true;
    }
    return true;
}

bool pop3_dialogue_read_server(Pop3Dialogue *dialogue, DialogueEvent *event)
{
    DialogueInput *input = &dialogue->input[DIALOGUE_SERVER];
    for (;;) {
        ByteSpan run = dialogue_input_peek(input);
        if (dialogue->following != 0) {
            return false;
        }
        if (run.length == 0) {
            return !dialogue->reads_message && dialogue->state != POP3_STATE_OPAQUE &&
                   read_line(dialogue, event);
        }
        bool begins_line = !dialogue->reads_message && dialogue_input_line_start(input) == 0;
        if (begins_line && dialogue->tls_was_granted && run.data[0] == 0x16) {
            dialogue->tls_was_granted = false;
            pop3_dialogue_set_state(dialogue, POP3_STATE_OPAQUE);
            dialogue->following |= POP3_FOLLOWS_OPAQUE;
            continue;
        }
        if (dialogue->state == POP3_STATE_OPAQUE) {
            dialogue_input_consume(input, run.length);
            continue;
        }
        if (dialogue->must_realign) {
            realign(dialogue, run);
            continue;
        }
        if (!dialogue->reads_message && must_guess(dialogue, run)) {
            if (!guess_shape(dialogue)) {
                return false;
            }
            continue;
        }
        if (dialogue->reads_message && dialogue->following == 0) {
            if (read_content(dialogue, event)) {
                return true;
            }
        } else if (dialogue->following == 0) {
            return read_line(dialogue, event);
        }
    }
}
