/* Feeding, the order of events, tunnels and gaps. http_dialogue_class.next() gives first what
 * follows from the last event, then what the server says, then the client. */

#include "protocol/http/http-dialogue.h"

#include "protocol/http/http-dialogue-private.h"
#include "protocol/http/http-vocabulary.h"

const char *http_state_name(guint32 state)
{
    static const char *const names[] = {"READY", "REQUEST", "ANSWER", "TUNNEL", "CLOSED"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (state == 1u << i) {
            return names[i];
        }
    }
    return "UNKNOWN";
}

/* The state follows from what both sides are at. */
static HttpState present_state(const HttpDialogue *dialogue)
{
    const HttpSide *client = &dialogue->sides[DIALOGUE_CLIENT];
    const HttpSide *server = &dialogue->sides[DIALOGUE_SERVER];
    if (client->reading == HTTP_READS_TUNNEL || server->reading == HTTP_READS_TUNNEL) {
        return HTTP_STATE_TUNNEL;
    }
    if (client->reading != HTTP_READS_START_LINE && client->reading != HTTP_LOOKS_FOR_START) {
        return HTTP_STATE_REQUEST;
    }
    if (dialogue->waiting.count > 0 ||
        (server->reading != HTTP_READS_START_LINE && server->reading != HTTP_LOOKS_FOR_START)) {
        return HTTP_STATE_ANSWER;
    }
    return dialogue->is_closing ? HTTP_STATE_CLOSED : HTTP_STATE_READY;
}

static void begin_side_tunnel(HttpSide *side)
{
    side->reading = HTTP_READS_TUNNEL;
    side->following |= HTTP_FOLLOWS_OPAQUE;
}

void http_dialogue_begin_tunnel(HttpDialogue *dialogue)
{
    dialogue->client_waits = false;
    for (guint i = 0; i < 2; i++) {
        http_side_end_message(dialogue, (DialogueSide)i, false);
        if (dialogue->sides[i].reading != HTTP_READS_TUNNEL) {
            begin_side_tunnel(&dialogue->sides[i]);
        }
    }
}

static bool take_following(HttpSide *side, HttpFollowing what)
{
    bool is_due = (side->following & what) != 0;
    side->following &= ~(guint32)what;
    return is_due;
}

static bool give_following(HttpDialogue *dialogue, DialogueSide which, DialogueEvent *event)
{
    HttpSide *side = &dialogue->sides[which];
    if (side->following == 0) {
        return false;
    }
    event->side = which;
    event->from = event->to = side->input.position;
    event->exchange = side->exchange;
    event->defects = side->defects;
    side->defects = 0;
    if (take_following(side, HTTP_FOLLOWS_MESSAGE_BEGIN)) {
        event->kind = DIALOGUE_EVENT_MESSAGE_BEGIN;
        event->message = &side->message;
    } else if (take_following(side, HTTP_FOLLOWS_MESSAGE_END)) {
        event->kind = DIALOGUE_EVENT_MESSAGE_END;
        event->message = &side->message;
    } else {
        side->following = 0;
        event->kind = DIALOGUE_EVENT_OPAQUE;
    }
    return true;
}

/* What is missing may reach past the body; then the next start line has to be looked for. */
static void skip_in_body(HttpDialogue *dialogue, DialogueSide which, guint64 length)
{
    HttpSide *side = &dialogue->sides[which];
    guint64 within = MIN(length, side->left);
    side->left -= within;
    side->message.missing += within;
    if (length > within) {
        http_side_end_message(dialogue, which, false);
        side->reading = HTTP_LOOKS_FOR_START;
    } else if (side->left == 0 && side->reading == HTTP_READS_LENGTH) {
        http_side_end_message(dialogue, which, true);
        side->reading = HTTP_READS_START_LINE;
    } else if (side->left == 0) {
        side->reading = HTTP_READS_CHUNK_END;
    }
}

static void lose_track(HttpDialogue *dialogue, DialogueSide which)
{
    HttpSide *side = &dialogue->sides[which];
    http_side_end_message(dialogue, which, false);
    side->reading = HTTP_LOOKS_FOR_START;
    if (which == DIALOGUE_CLIENT) {
        dialogue->lost_requests = true;
    } else {
        command_queue_forget(&dialogue->waiting);
        dialogue->lost_requests = true;
        http_login_give_up(dialogue);
    }
}

static void note_gap(HttpDialogue *dialogue, DialogueSide which, guint64 length)
{
    HttpSide *side = &dialogue->sides[which];
    side->may_skip_body = false;
    switch (side->reading) {
    case HTTP_READS_LENGTH:
    case HTTP_READS_CHUNK:
        skip_in_body(dialogue, which, length);
        if (side->reading == HTTP_LOOKS_FOR_START) {
            lose_track(dialogue, which);
        }
        return;
    case HTTP_READS_TO_END:
        side->message.missing += length;
        return;
    case HTTP_READS_TUNNEL:
        return;
    case HTTP_READS_START_LINE:
    case HTTP_READS_FIELDS:
    case HTTP_READS_CHUNK_SIZE:
    case HTTP_READS_CHUNK_END:
    case HTTP_READS_TRAILERS:
    case HTTP_LOOKS_FOR_START:
        lose_track(dialogue, which);
        return;
    }
}

static bool give_gap(HttpDialogue *dialogue, DialogueSide which, DialogueEvent *event)
{
    HttpSide *side = &dialogue->sides[which];
    DialogueInput *input = &side->input;
    if (input->missing == 0 || dialogue_input_peek(input).length > 0) {
        return false;
    }
    event->kind = DIALOGUE_EVENT_MISSING;
    event->side = which;
    event->exchange = side->exchange;
    event->from = input->position;
    event->missing = input->missing;
    input->position += input->missing;
    event->to = input->position;
    event->message = side->message_is_open ? &side->message : NULL;
    note_gap(dialogue, which, input->missing);
    input->missing = 0;
    return true;
}

static bool cut_line_is_secret(const HttpSide *side, ByteSpan text)
{
    HttpField field;
    if (side->reading == HTTP_READS_START_LINE) {
        return http_target_has_secret(text);
    }
    http_field_parse(text, &field);
    const VocabularyItem *item = http_field_find(field.name);
    return item != NULL && item->is_secret;
}

/* A header line cut by a gap or by the end; cut chunk lines and the like say nothing. */
static bool give_cut_line(HttpDialogue *dialogue, DialogueSide which, DialogueEvent *event)
{
    HttpSide *side = &dialogue->sides[which];
    DialogueInput *input = &side->input;
    Line line;
    guint64 from = 0;
    bool is_cut =
        (input->missing > 0 || input->has_ended) && dialogue_input_peek(input).length == 0;
    if (!is_cut || !dialogue_input_cut_line(input, &line, &from)) {
        return false;
    }
    if (side->reading != HTTP_READS_START_LINE && side->reading != HTTP_READS_FIELDS) {
        return false;
    }
    event->kind = which == DIALOGUE_CLIENT ? DIALOGUE_EVENT_CONTINUATION : DIALOGUE_EVENT_REPLY;
    event->side = which;
    event->from = from;
    event->to = input->position;
    event->text = line.text;
    event->exchange = side->reading == HTTP_READS_FIELDS ? side->exchange : 0;
    event->is_secret = cut_line_is_secret(side, line.text);
    event->defects = dialogue_line_defects(&line, HTTP_LINE_LIMIT);
    return true;
}

/* True: something follows from the end of this side. */
static bool end_side(HttpDialogue *dialogue, DialogueSide which)
{
    HttpSide *side = &dialogue->sides[which];
    if (!side->input.has_ended || dialogue_input_peek(&side->input).length > 0 ||
        side->input.missing > 0) {
        return false;
    }
    side->may_skip_body = false;
    if (which == DIALOGUE_SERVER) {
        http_login_give_up(dialogue);
    }
    /* RFC 9112 §8: only a body without any other end is complete when the connection ends. */
    http_side_end_message(dialogue, which, side->reading == HTTP_READS_TO_END);
    return side->following != 0;
}

/* What the client said behind CONNECT: kept, or taken for the tunnel where no answer will come. */
static bool hold_client(HttpDialogue *dialogue)
{
    DialogueInput *client = &dialogue->sides[DIALOGUE_CLIENT].input;
    bool is_hopeless = dialogue->sides[DIALOGUE_SERVER].input.has_ended ||
                       (client->has_ended && byte_buffer_length(&client->held) > 0) ||
                       client->missing > 0;
    if (!dialogue->client_waits) {
        return false;
    }
    if (is_hopeless || !dialogue_input_hold(client)) {
        http_dialogue_begin_tunnel(dialogue);
        return true;
    }
    return false;
}

/* It may be the request that the next answer belongs to. */
bool http_dialogue_held_is_due(const HttpDialogue *dialogue)
{
    const HttpSide *client = &dialogue->sides[DIALOGUE_CLIENT];
    HttpReading server = dialogue->sides[DIALOGUE_SERVER].reading;
    return !dialogue->client_waits && !client->may_skip_body &&
           byte_buffer_length(&client->input.held) > 0 &&
           (server == HTTP_READS_START_LINE || server == HTTP_LOOKS_FOR_START);
}

static bool read_held_client(HttpDialogue *dialogue, DialogueEvent *event)
{
    event->side = DIALOGUE_CLIENT;
    if (http_dialogue_held_is_due(dialogue) && http_side_read(dialogue, DIALOGUE_CLIENT, event)) {
        return true;
    }
    *event = (DialogueEvent){.side = DIALOGUE_SERVER};
    return false;
}

static bool next_event(HttpDialogue *dialogue, DialogueEvent *event)
{
    for (;;) {
        *event = (DialogueEvent){.side = DIALOGUE_SERVER};
        if (give_following(dialogue, DIALOGUE_SERVER, event) ||
            give_following(dialogue, DIALOGUE_CLIENT, event) || http_login_next(dialogue, event) ||
            read_held_client(dialogue, event)) {
            return true;
        }
        if (dialogue->sides[DIALOGUE_CLIENT].following != 0) {
            continue;
        }
        if (http_side_read(dialogue, DIALOGUE_SERVER, event)) {
            return true;
        }
        if (dialogue->sides[DIALOGUE_SERVER].following != 0 ||
            http_dialogue_held_is_due(dialogue)) {
            continue;
        }
        event->side = DIALOGUE_CLIENT;
        if (!dialogue->client_waits && http_side_read(dialogue, DIALOGUE_CLIENT, event)) {
            return true;
        }
        if (dialogue->sides[DIALOGUE_CLIENT].following != 0 || hold_client(dialogue)) {
            continue;
        }
        if (give_cut_line(dialogue, DIALOGUE_CLIENT, event) ||
            give_cut_line(dialogue, DIALOGUE_SERVER, event) ||
            give_gap(dialogue, DIALOGUE_CLIENT, event) ||
            give_gap(dialogue, DIALOGUE_SERVER, event)) {
            return true;
        }
        bool goes_on = end_side(dialogue, DIALOGUE_CLIENT) || end_side(dialogue, DIALOGUE_SERVER);
        if (!goes_on && !http_login_next(dialogue, event)) {
            return false;
        }
        if (!goes_on) {
            return true;
        }
    }
}

static bool next(void *object, DialogueEvent *out_event)
{
    HttpDialogue *dialogue = object;
    bool is_given = next_event(dialogue, out_event);
    if (is_given) {
        out_event->state_before = dialogue->state;
        dialogue->state = present_state(dialogue);
        out_event->state_after = dialogue->state;
    }
    return is_given;
}

static void feed(void *object, DialogueSide side, ByteSpan octets)
{
    HttpDialogue *dialogue = object;
    g_assert(dialogue->sides[side].input.fed.length == 0);
    dialogue->sides[side].input.fed = octets;
}

static void feed_missing(void *object, DialogueSide side, guint64 length)
{
    HttpDialogue *dialogue = object;
    dialogue->sides[side].input.missing += length;
}

static void finish(void *object, DialogueSide side)
{
    HttpDialogue *dialogue = object;
    dialogue->sides[side].input.has_ended = true;
}

static void set_one_sided(void *object, DialogueSide seen)
{
    HttpDialogue *dialogue = object;
    if (seen == DIALOGUE_SERVER) {
        dialogue->client_unseen = true;
        return;
    }
    dialogue->server_unseen = true;
    http_login_give_up(dialogue);
    if (dialogue->client_waits) {
        http_dialogue_begin_tunnel(dialogue);
    }
}

static void set_joined_late(void *object)
{
    HttpDialogue *dialogue = object;
    dialogue->sides[DIALOGUE_CLIENT].reading = HTTP_LOOKS_FOR_START;
    dialogue->sides[DIALOGUE_SERVER].reading = HTTP_LOOKS_FOR_START;
    dialogue->lost_requests = true;
}

static void init(void *object)
{
    HttpDialogue *dialogue = object;
    dialogue_input_init(
        &dialogue->sides[DIALOGUE_CLIENT].input, HTTP_LINE_MAXIMUM, HTTP_HELD_MAXIMUM
    );
    dialogue_input_init(&dialogue->sides[DIALOGUE_SERVER].input, HTTP_LINE_MAXIMUM, 0);
    command_queue_init(&dialogue->waiting);
    byte_buffer_init(&dialogue->form, HTTP_FORM_MAXIMUM);
    dialogue->state = HTTP_STATE_READY;
}

static void clear(void *object)
{
    HttpDialogue *dialogue = object;
    dialogue_input_clear(&dialogue->sides[DIALOGUE_CLIENT].input);
    dialogue_input_clear(&dialogue->sides[DIALOGUE_SERVER].input);
    command_queue_clear(&dialogue->waiting);
    byte_buffer_clear(&dialogue->form);
    http_login_clear(dialogue);
}

const DialogueClass http_dialogue_class = {
    .name = "HTTP",
    .size = sizeof(HttpDialogue),
    .init = init,
    .clear = clear,
    .feed = feed,
    .feed_missing = feed_missing,
    .finish = finish,
    .set_one_sided = set_one_sided,
    .set_joined_late = set_joined_late,
    .next = next,
    .state_name = http_state_name,
};

HttpDialogue *http_dialogue_new(void)
{
    HttpDialogue *dialogue = g_new0(HttpDialogue, 1);
    init(dialogue);
    return dialogue;
}

void http_dialogue_free(HttpDialogue *dialogue)
{
    if (dialogue != NULL) {
        clear(dialogue);
        g_free(dialogue);
    }
}

HttpState http_dialogue_state(const HttpDialogue *dialogue)
{
    return dialogue->state;
}

guint http_dialogue_waiting(const HttpDialogue *dialogue)
{
    return dialogue->waiting.count;
}

ByteSpan http_dialogue_form(const HttpDialogue *dialogue)
{
    bool is_form = dialogue->scanner.kind != HTTP_SCAN_NONE;
    return is_form ? byte_buffer_span(&dialogue->form) : BYTE_SPAN_EMPTY;
}

guint http_dialogue_code(const HttpDialogue *dialogue)
{
    return dialogue->sides[DIALOGUE_SERVER].code;
}
