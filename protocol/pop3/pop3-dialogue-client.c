/* The client's side of a POP3 conversation: commands and SASL responses. */

#include "protocol/pop3/pop3-dialogue-private.h"

static void keep(ByteBuffer *place, ByteSpan value)
{
    byte_buffer_reset(place);
    bool fits = byte_buffer_append(place, byte_span_slice(value, 0, POP3_CREDENTIAL_MAXIMUM));
    g_assert(fits);
}

/* USER and PASS take the rest of the line; everything else is cut at spaces (RFC 1939 §3). */
static void split_verb(DialogueEvent *event)
{
    gssize space = byte_span_find(event->text, ' ', 0);
    gsize length = space < 0 ? event->text.length : (gsize)space;
    event->verb = byte_span_slice(event->text, 0, length);
    event->arguments = byte_span_from(event->text, length + 1);
}

static gsize count_arguments(ByteSpan arguments)
{
    gsize count = 0;
    ByteSpan token;
    while (byte_span_next_token(&arguments, ' ', &token)) {
        count++;
    }
    return count;
}

static bool are_numbers(ByteSpan arguments)
{
    ByteSpan token;
    guint64 number;
    while (byte_span_next_token(&arguments, ' ', &token)) {
        if (!byte_span_to_number(token, &number)) {
            return false;
        }
    }
    return true;
}

static guint32 arity_defects(ByteSpan arguments, gsize least, gsize most, bool must_be_numbers)
{
    gsize count = count_arguments(arguments);
    if (count < least || (must_be_numbers && !are_numbers(arguments))) {
        return DIALOGUE_DEFECT_SYNTAX;
    }
    return count > most ? DIALOGUE_DEFECT_TRAILING : 0;
}

static guint32 argument_defects(Pop3CommandId id, ByteSpan arguments)
{
    switch (id) {
    case POP3_COMMAND_RETR:
    case POP3_COMMAND_DELE:
        return arity_defects(arguments, 1, 1, true);
    case POP3_COMMAND_TOP:
        return arity_defects(arguments, 2, 2, true);
    case POP3_COMMAND_LIST:
    case POP3_COMMAND_UIDL:
        return arity_defects(arguments, 0, 1, true);
    case POP3_COMMAND_APOP:
        return arity_defects(arguments, 2, 2, false);
    case POP3_COMMAND_USER:
    case POP3_COMMAND_PASS:
        return arguments.length == 0 ? DIALOGUE_DEFECT_SYNTAX : 0;
    case POP3_COMMAND_CAPA:
    case POP3_COMMAND_LAST:
    case POP3_COMMAND_NOOP:
    case POP3_COMMAND_QUIT:
    case POP3_COMMAND_RSET:
    case POP3_COMMAND_STAT:
    case POP3_COMMAND_STLS:
    case POP3_COMMAND_UTF8:
        return arity_defects(arguments, 0, 0, false);
    case POP3_COMMAND_AUTH:
        return arity_defects(arguments, 0, 2, false);
    case POP3_COMMAND_LANG:
        return arity_defects(arguments, 0, 1, false);
    case POP3_COMMAND_RPOP:
    case POP3_COMMAND_XTND:
    case N_POP3_COMMANDS:
        return 0;
    }
    return 0;
}

static void note_apop(Pop3Dialogue *dialogue, ByteSpan arguments)
{
    ByteSpan name = BYTE_SPAN_EMPTY;
    ByteSpan digest = BYTE_SPAN_EMPTY;
    byte_span_next_token(&arguments, ' ', &name);
    byte_span_next_token(&arguments, ' ', &digest);
    keep(&dialogue->identity, name);
    keep(&dialogue->secret, digest);
    dialogue->method = "APOP";
}

static void note_auth(Pop3Dialogue *dialogue, ByteSpan arguments)
{
    ByteSpan mechanism = BYTE_SPAN_EMPTY;
    ByteSpan initial = BYTE_SPAN_EMPTY;
    if (!byte_span_next_token(&arguments, ' ', &mechanism)) {
        return; /* the old form that lists the mechanisms */
    }
    if (dialogue->sasl == NULL) {
        dialogue->sasl = g_new0(SaslExchange, 1);
    } else {
        sasl_exchange_clear(dialogue->sasl);
    }
    sasl_exchange_begin(dialogue->sasl, mechanism);
    if (byte_span_next_token(&arguments, ' ', &initial)) {
        sasl_exchange_response(dialogue->sasl, initial);
    }
    dialogue->client_waits = true;
}

static void note_retrieval(Pop3Dialogue *dialogue, ByteSpan arguments)
{
    ByteSpan first = BYTE_SPAN_EMPTY;
    guint64 number = 0;
    byte_span_next_token(&arguments, ' ', &first);
    byte_span_to_number(first, &number);
    bool fits = byte_buffer_append(&dialogue->retrievals, byte_span(&number, sizeof number));
    (void)fits; /* past the maximum the number of the message stays unknown */
}

static void note_command(Pop3Dialogue *dialogue, Pop3CommandId id, ByteSpan arguments)
{
    switch ((guint)id) {
    case POP3_COMMAND_USER:
        keep(&dialogue->identity, arguments);
        break;
    case POP3_COMMAND_PASS:
        keep(&dialogue->secret, arguments);
        dialogue->method = "USER/PASS";
        break;
    case POP3_COMMAND_APOP:
        note_apop(dialogue, arguments);
        break;
    case POP3_COMMAND_AUTH:
        note_auth(dialogue, arguments);
        break;
    case POP3_COMMAND_RETR:
    case POP3_COMMAND_TOP:
        note_retrieval(dialogue, arguments);
        break;
    case POP3_COMMAND_STLS:
        dialogue->client_waits = true;
        break;
    default:
        break;
    }
}

/* The client goes on although the end of the answer was not seen: the end went missing. */
static void close_broken_answer(Pop3Dialogue *dialogue)
{
    while (dialogue->must_realign && !dialogue->is_pipelining && dialogue->waiting.count > 0) {
        pop3_dialogue_drop_oldest(dialogue);
    }
    if (!dialogue->lost_octets || dialogue->waiting.count > 1) {
        return;
    }
    if (dialogue->reads_message) {
        pop3_dialogue_end_message(dialogue, false);
    }
    dialogue->following &= ~(guint32)POP3_FOLLOWS_LAST_LINE;
    dialogue->reads_lines = false;
    dialogue->lost_octets = false;
    dialogue->must_realign = true; /* the next answers may be missing too */
    command_queue_forget(&dialogue->waiting);
    byte_buffer_reset(&dialogue->retrievals);
}

static bool allows_order(const Pop3Dialogue *dialogue, const Pop3CommandRow *row)
{
    return dialogue->state == 0 || dialogue->has_lost_octets || dialogue->waiting.count > 1 ||
           (row->item.states & dialogue->state) != 0;
}

static void give_command(Pop3Dialogue *dialogue, const Line *line, DialogueEvent *event)
{
    event->kind = DIALOGUE_EVENT_COMMAND;
    event->defects |= dialogue_line_defects(line, POP3_COMMAND_LINE_LIMIT);
    split_verb(event);
    const Pop3CommandRow *row = pop3_command_find(event->verb);
    guint8 id = row == NULL ? POP3_COMMAND_UNKNOWN : (guint8)row->id;
    bool has_argument = byte_span_trim(event->arguments).length > 0;
    event->exchange = command_queue_push(
        &dialogue->waiting, (guint8)(id | (has_argument ? POP3_HAS_ARGUMENT : 0))
    );
    if (row == NULL) {
        event->defects |= DIALOGUE_DEFECT_UNKNOWN;
    } else {
        event->item = &row->item;
        event->is_secret = row->item.is_secret;
        event->defects |= argument_defects(row->id, event->arguments);
        event->defects |= allows_order(dialogue, row) ? 0u : DIALOGUE_DEFECT_ORDER;
        note_command(dialogue, row->id, event->arguments);
        dialogue->auth_exchange =
            row->id == POP3_COMMAND_AUTH ? event->exchange : dialogue->auth_exchange;
    }
    if (dialogue->is_injected) {
        event->defects |= DIALOGUE_DEFECT_INJECTED;
    } else if (dialogue->is_plain_after_tls) {
        event->defects |= DIALOGUE_DEFECT_PLAINTEXT_AFTER_TLS;
    }
}

/* No server was seen: PASS and APOP are the whole story, a SASL exchange goes on by its mechanism.
 */
static void assume_answer(Pop3Dialogue *dialogue, const DialogueEvent *event)
{
    const Pop3CommandRow *row = event->item == NULL ? NULL : pop3_command_of(event->item);
    command_queue_forget(&dialogue->waiting);
    byte_buffer_reset(&dialogue->retrievals);
    dialogue->client_waits = false;
    if (row == NULL) {
        return;
    }
    if (row->id == POP3_COMMAND_PASS || row->id == POP3_COMMAND_APOP) {
        dialogue->auth_exchange = event->exchange;
        dialogue->following |= POP3_FOLLOWS_CREDENTIAL;
    }
    if (row->id == POP3_COMMAND_AUTH && dialogue->sasl != NULL) {
        pop3_dialogue_set_state(dialogue, POP3_STATE_SASL);
    } else if (row->id == POP3_COMMAND_STLS) {
        dialogue->tls_was_granted = true;
    } else if (row->next_state != 0) {
        pop3_dialogue_set_state(dialogue, row->next_state);
    }
}

static void give_response(Pop3Dialogue *dialogue, DialogueEvent *event)
{
    event->kind = DIALOGUE_EVENT_CONTINUATION;
    event->exchange = dialogue->auth_exchange;
    event->item = &pop3_command_row(POP3_COMMAND_AUTH)->item;
    event->is_secret = !byte_span_is(event->text, "*");
    sasl_exchange_response(dialogue->sasl, event->text);
    dialogue->client_waits = !dialogue->server_unseen;
    if (dialogue->server_unseen &&
        dialogue->sasl->responses >= sasl_exchange_expected_responses(dialogue->sasl)) {
        pop3_dialogue_set_state(dialogue, POP3_STATE_TRANSACTION);
        dialogue->method = NULL;
        dialogue->following |= POP3_FOLLOWS_CREDENTIAL;
    }
}

static bool read_line(Pop3Dialogue *dialogue, DialogueEvent *event)
{
    DialogueInput *input = &dialogue->input[DIALOGUE_CLIENT];
    Line line;
    if (!dialogue_input_line(input, &line, &event->from)) {
        return false;
    }
    event->side = DIALOGUE_CLIENT;
    event->to = input->position;
    event->text = line.text;
    event->state_before = dialogue->state;
    if (dialogue->state == POP3_STATE_SASL && dialogue->sasl != NULL) {
        event->defects = dialogue_line_defects(&line, POP3_LINE_MAXIMUM);
        give_response(dialogue, event);
    } else {
        close_broken_answer(dialogue);
        dialogue->is_pipelining |=
            dialogue->waiting.count > 0 && !dialogue->lost_octets && !dialogue->must_realign;
        give_command(dialogue, &line, event);
        if (dialogue->server_unseen) {
            assume_answer(dialogue, event);
        }
    }
    event->state_after = dialogue->state;
    return true;
}

/* As in SMTP: after "+OK begin TLS" the first octet tells whether TLS really begins. */
static bool look_for_tls(Pop3Dialogue *dialogue)
{
    DialogueInput *input = &dialogue->input[DIALOGUE_CLIENT];
    bool is_held = byte_buffer_length(&input->held) > 0;
    if (dialogue->is_injected && !is_held) {
        dialogue->is_injected = false;
    }
    if (!dialogue->tls_was_granted || dialogue->is_injected) {
        return false;
    }
    guint8 first = dialogue_input_peek(input).data[0];
    bool is_tls = first == 0x16 || (first & 0x80) != 0;
    dialogue->tls_was_granted = !is_tls && is_held;
    dialogue->is_injected = !is_tls && is_held;
    dialogue->is_plain_after_tls |= !is_tls && !is_held;
    if (is_tls) {
        pop3_dialogue_set_state(dialogue, POP3_STATE_OPAQUE);
        dialogue->following |= POP3_FOLLOWS_OPAQUE;
    }
    return is_tls;
}

bool pop3_dialogue_read_client(Pop3Dialogue *dialogue, DialogueEvent *event)
{
    DialogueInput *input = &dialogue->input[DIALOGUE_CLIENT];
    while (dialogue_input_peek(input).length > 0) {
        if (dialogue->state == POP3_STATE_OPAQUE) {
            dialogue_input_consume(input, dialogue_input_peek(input).length);
        } else if (dialogue->client_waits) {
            if (dialogue_input_hold(input)) {
                return false;
            }
            pop3_dialogue_stop_waiting(dialogue);
        } else if (look_for_tls(dialogue)) {
            return false;
        } else {
            return read_line(dialogue, event);
        }
    }
    return false;
}
