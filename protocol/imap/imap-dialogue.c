/* Feeding, the order of events, and gaps. next() gives first what follows from the last event, then
 * what the client sent and an answer has set free, then the server's side, then the client's; at
 * the end what is left of lines and messages that missing octets have cut. */

#include "protocol/imap/imap-dialogue.h"

#include "protocol/imap/imap-dialogue-private.h"

static void give_credential(ImapDialogue *dialogue, DialogueEvent *event)
{
    event->kind = DIALOGUE_EVENT_CREDENTIAL;
    event->exchange = dialogue->credential_exchange;
    if (dialogue->credential_is_sasl) {
        sasl_exchange_credential(dialogue->sasl, &dialogue->credential);
    } else {
        dialogue->credential = (DialogueCredential){
            .method = "LOGIN",
            .identity = byte_buffer_span(&dialogue->identity),
            .secret = byte_buffer_span(&dialogue->secret),
        };
    }
    dialogue->credential.succeeded = dialogue->auth_succeeded;
    dialogue->credential.is_answered = !dialogue->server_unseen;
    event->credential = &dialogue->credential;
}

static bool take_following(ImapDialogue *dialogue, ImapFollowing what)
{
    bool is_due = (dialogue->following & what) != 0;
    dialogue->following &= ~(guint32)what;
    return is_due;
}

static void give_message_edge(
    ImapDialogue *dialogue, DialogueSide which, DialogueEventKind kind, DialogueEvent *event
)
{
    ImapSide *side = &dialogue->side[which];
    event->kind = kind;
    event->side = which;
    event->from = event->to = side->message_position;
    event->exchange = side->message_exchange;
    event->message = &side->message;
}

/* A "+" that came while its command was still being read. */
static void give_deferred(ImapDialogue *dialogue, DialogueEvent *event)
{
    ByteSpan all = byte_buffer_span(&dialogue->deferred);
    guint64 numbers[4];
    memcpy(numbers, all.data, sizeof numbers);
    event->kind = DIALOGUE_EVENT_REPLY;
    event->side = DIALOGUE_SERVER;
    event->from = numbers[0];
    event->to = numbers[1];
    event->defects = (guint32)numbers[2];
    event->text = byte_span_slice(all, sizeof numbers, (gsize)numbers[3]);
    event->tag = byte_span_slice(event->text, 0, 1);
    event->code = event->tag;
    event->item = imap_status_find(event->code, NULL, dialogue->revision);
    event->exchange = dialogue->exchanges;
    gint index = imap_waiting_find_exchange(&dialogue->waiting, event->exchange);
    const ImapCommandRow *row = index < 0 ? NULL : dialogue->waiting.commands[index].row;
    event->command = row == NULL ? NULL : &row->item;
    event->is_first = true;
    event->is_positive = true;
    event->is_intermediate = true;
    event->is_last = true;
    byte_buffer_consume(&dialogue->deferred, sizeof numbers + event->text.length);
    if (byte_buffer_length(&dialogue->deferred) > 0) {
        dialogue->following |= IMAP_FOLLOWS_DEFERRED;
    }
}

static bool give_following(ImapDialogue *dialogue, DialogueEvent *event)
{
    if (dialogue->following == 0) {
        return false;
    }
    event->side = DIALOGUE_CLIENT;
    event->from = event->to = imap_side_position(&dialogue->side[DIALOGUE_CLIENT]);
    event->state_before = event->state_after = dialogue->state;
    if (take_following(dialogue, IMAP_FOLLOWS_DEFERRED)) {
        give_deferred(dialogue, event);
    } else if (take_following(dialogue, IMAP_FOLLOWS_CLIENT_BEGIN)) {
        give_message_edge(dialogue, DIALOGUE_CLIENT, DIALOGUE_EVENT_MESSAGE_BEGIN, event);
    } else if (take_following(dialogue, IMAP_FOLLOWS_SERVER_BEGIN)) {
        give_message_edge(dialogue, DIALOGUE_SERVER, DIALOGUE_EVENT_MESSAGE_BEGIN, event);
    } else if (take_following(dialogue, IMAP_FOLLOWS_CLIENT_END)) {
        give_message_edge(dialogue, DIALOGUE_CLIENT, DIALOGUE_EVENT_MESSAGE_END, event);
    } else if (take_following(dialogue, IMAP_FOLLOWS_SERVER_END)) {
        give_message_edge(dialogue, DIALOGUE_SERVER, DIALOGUE_EVENT_MESSAGE_END, event);
    } else if (take_following(dialogue, IMAP_FOLLOWS_CREDENTIAL)) {
        give_credential(dialogue, event);
    } else {
        dialogue->following = 0;
        event->kind = DIALOGUE_EVENT_OPAQUE;
    }
    return true;
}

/* What was held until an answer came goes before anything newer. */
static bool client_is_free(const ImapDialogue *dialogue)
{
    const ImapSide *client = &dialogue->side[DIALOGUE_CLIENT];
    return dialogue->wait == IMAP_WAIT_NONE &&
           (byte_buffer_length(&client->wire.held) > 0 ||
            client->stash_step != IMAP_UNIT_NEED_MORE || client->inflater != NULL);
}

/* Octets of a message are counted as missing; anywhere else the way is lost. */
static void lose_octets(ImapDialogue *dialogue, DialogueSide which, guint64 length)
{
    ImapSide *side = &dialogue->side[which];
    guint64 within = MIN(length, side->reader.stream_left);
    side->reader.stream_left -= within;
    side->message.missing += within;
    side->message_position += within;
    if (within > 0 && side->reader.stream_left == 0) {
        imap_dialogue_end_message(dialogue, which, true);
    }
    if (within == length) {
        return;
    }
    if (side->message_is_open) {
        side->message.missing += length - within; /* one without a beginning */
    } else {
        side->way = IMAP_WAY_BROKEN;
        side->is_in_rest = false;
    }
    dialogue->has_lost_octets = true;
    if (which == DIALOGUE_SERVER) {
        dialogue->lost_exchange = dialogue->exchanges;
        imap_dialogue_stop_waiting(dialogue);
    }
}

static void give_missing(ImapDialogue *dialogue, DialogueSide which, DialogueEvent *event)
{
    ImapSide *side = &dialogue->side[which];
    event->kind = DIALOGUE_EVENT_MISSING;
    event->side = which;
    event->from = side->wire.position;
    event->missing = side->wire.missing;
    side->wire.position += side->wire.missing;
    side->wire.missing = 0;
    event->to = side->wire.position;
    event->state_before = dialogue->state;
    event->message = side->message_is_open ? &side->message : NULL;
    if (dialogue->state == IMAP_STATE_OPAQUE) {
        event->state_after = dialogue->state;
        return;
    }
    lose_octets(dialogue, which, event->missing);
    if (which == DIALOGUE_CLIENT && dialogue->sasl != NULL) {
        sasl_exchange_lose_response(dialogue->sasl);
    }
    if (side->inflater != NULL) {
        imap_dialogue_become_opaque(dialogue); /* what follows cannot be inflated without it */
    }
    event->state_after = dialogue->state;
}

/* Waiting for an answer ends when none can come, or when octets behind what is held are missing. */
static bool must_stop_waiting(const ImapDialogue *dialogue)
{
    const ImapSide *client = &dialogue->side[DIALOGUE_CLIENT];
    bool both_ended = client->wire.has_ended && dialogue->side[DIALOGUE_SERVER].wire.has_ended;
    bool has_more =
        byte_buffer_length(&client->wire.held) > 0 || imap_reader_is_within_unit(&client->reader);
    return dialogue->wait != IMAP_WAIT_NONE &&
           (client->wire.missing > 0 || (both_ended && has_more));
}

/* A side has nothing more to read before octets that are missing, or before its end. */
static ImapReadStep read_end(ImapDialogue *dialogue, DialogueSide which, DialogueEvent *event)
{
    ImapSide *side = &dialogue->side[which];
    bool has_failed = side->inflater != NULL && imap_inflater_has_failed(side->inflater);
    if (has_failed && dialogue->state != IMAP_STATE_OPAQUE) {
        imap_dialogue_become_opaque(dialogue);
        return IMAP_READ_AGAIN;
    }
    if (side->wire.missing == 0 && !side->wire.has_ended) {
        return IMAP_READ_NOTHING;
    }
    if (which == DIALOGUE_CLIENT && must_stop_waiting(dialogue)) {
        imap_dialogue_stop_waiting(dialogue);
        return IMAP_READ_AGAIN;
    }
    ImapUnit unit;
    bool may_cut = which == DIALOGUE_SERVER || dialogue->wait == IMAP_WAIT_NONE;
    if (may_cut && imap_reader_cut(&side->reader, imap_side_input(side), &unit)) {
        if (which == DIALOGUE_CLIENT) {
            imap_dialogue_give_cut_client(dialogue, &unit, event);
        } else {
            imap_dialogue_give_cut_server(dialogue, &unit, event);
        }
        return IMAP_READ_EVENT;
    }
    if (side->wire.missing > 0) {
        give_missing(dialogue, which, event);
        return IMAP_READ_EVENT;
    }
    if (side->message_is_open) {
        imap_dialogue_end_message(dialogue, which, false);
        return IMAP_READ_AGAIN;
    }
    return IMAP_READ_NOTHING;
}

static ImapReadStep read_next(ImapDialogue *dialogue, DialogueEvent *event)
{
    ImapReadStep step = IMAP_READ_NOTHING;
    if (client_is_free(dialogue)) {
        step = imap_dialogue_read_client(dialogue, event);
    }
    if (step == IMAP_READ_NOTHING) {
        step = imap_dialogue_read_server(dialogue, event);
    }
    if (step == IMAP_READ_NOTHING) {
        step = imap_dialogue_read_client(dialogue, event);
    }
    if (step == IMAP_READ_NOTHING) {
        step = read_end(dialogue, DIALOGUE_CLIENT, event);
    }
    return step == IMAP_READ_NOTHING ? read_end(dialogue, DIALOGUE_SERVER, event) : step;
}

static bool next(void *object, DialogueEvent *event)
{
    ImapDialogue *dialogue = object;
    for (;;) {
        *event = (DialogueEvent){0};
        if (give_following(dialogue, event)) {
            return true;
        }
        switch (read_next(dialogue, event)) {
        case IMAP_READ_EVENT:
            return true;
        case IMAP_READ_AGAIN:
            break;
        case IMAP_READ_NOTHING:
            return false;
        }
    }
}

static void feed(void *object, DialogueSide side, ByteSpan octets)
{
    ImapDialogue *dialogue = object;
    g_assert(dialogue->side[side].wire.fed.length == 0);
    dialogue->side[side].wire.fed = octets;
}

static void feed_missing(void *object, DialogueSide side, guint64 length)
{
    ImapDialogue *dialogue = object;
    dialogue->side[side].wire.missing += length;
}

static void finish(void *object, DialogueSide side)
{
    ImapDialogue *dialogue = object;
    dialogue->side[side].wire.has_ended = true;
}

static void set_one_sided(void *object, DialogueSide seen)
{
    ImapDialogue *dialogue = object;
    if (seen == DIALOGUE_SERVER) {
        dialogue->client_unseen = true;
        return;
    }
    dialogue->server_unseen = true;
    if (dialogue->state == IMAP_STATE_CONNECTED) {
        imap_dialogue_set_state(dialogue, IMAP_STATE_NOT_AUTHENTICATED);
    }
    if (dialogue->wait != IMAP_WAIT_NONE) {
        imap_dialogue_stop_waiting(dialogue);
    }
}

static void set_joined_late(void *object)
{
    ImapDialogue *dialogue = object;
    dialogue->joined_late = true;
    dialogue->state = 0;
    dialogue->settled_state = 0;
    dialogue->side[DIALOGUE_CLIENT].way = IMAP_WAY_BROKEN;
    dialogue->side[DIALOGUE_SERVER].way = IMAP_WAY_BROKEN;
}

static void init_side(ImapSide *side, gsize maximum_held)
{
    *side = (ImapSide){.stash_step = IMAP_UNIT_NEED_MORE};
    dialogue_input_init(&side->wire, 0, maximum_held);
    imap_reader_init(&side->reader, IMAP_UNIT_MAXIMUM);
    byte_buffer_init(&side->section, IMAP_SECTION_MAXIMUM);
}

static void clear_side(ImapSide *side)
{
    dialogue_input_clear(&side->wire);
    imap_reader_clear(&side->reader);
    byte_buffer_clear(&side->section);
    g_clear_pointer(&side->inflater, imap_inflater_free);
}

static void init(void *object)
{
    ImapDialogue *dialogue = object;
    init_side(&dialogue->side[DIALOGUE_CLIENT], IMAP_HELD_MAXIMUM);
    init_side(&dialogue->side[DIALOGUE_SERVER], 0);
    byte_buffer_init(&dialogue->deferred, IMAP_DEFERRED_MAXIMUM);
    byte_buffer_init(&dialogue->identity, IMAP_CREDENTIAL_MAXIMUM);
    byte_buffer_init(&dialogue->secret, IMAP_CREDENTIAL_MAXIMUM);
    imap_dialogue_set_state(dialogue, IMAP_STATE_CONNECTED);
}

static void clear(void *object)
{
    ImapDialogue *dialogue = object;
    clear_side(&dialogue->side[DIALOGUE_CLIENT]);
    clear_side(&dialogue->side[DIALOGUE_SERVER]);
    imap_waiting_clear(&dialogue->waiting);
    byte_buffer_clear(&dialogue->deferred);
    byte_buffer_clear(&dialogue->identity);
    byte_buffer_clear(&dialogue->secret);
    if (dialogue->sasl != NULL) {
        sasl_exchange_clear(dialogue->sasl);
        g_clear_pointer(&dialogue->sasl, g_free);
    }
}

const DialogueClass imap_dialogue_class = {
    .name = "IMAP",
    .size = sizeof(ImapDialogue),
    .init = init,
    .clear = clear,
    .feed = feed,
    .feed_missing = feed_missing,
    .finish = finish,
    .set_one_sided = set_one_sided,
    .set_joined_late = set_joined_late,
    .next = next,
    .state_name = imap_state_name,
};

ImapDialogue *imap_dialogue_new(void)
{
    ImapDialogue *dialogue = g_new0(ImapDialogue, 1);
    init(dialogue);
    return dialogue;
}

void imap_dialogue_free(ImapDialogue *dialogue)
{
    if (dialogue != NULL) {
        clear(dialogue);
        g_free(dialogue);
    }
}

ImapState imap_dialogue_state(const ImapDialogue *dialogue)
{
    return dialogue->state;
}

ImapRevision imap_dialogue_revision(const ImapDialogue *dialogue)
{
    return dialogue->revision;
}

void imap_dialogue_begin_tls(ImapDialogue *dialogue)
{
    guint64 exchanges = dialogue->exchanges;
    guint64 messages = dialogue->messages;
    clear(dialogue);
    memset(dialogue, 0, sizeof *dialogue);
    init(dialogue);
    dialogue->exchanges = exchanges;
    dialogue->messages = messages;
    imap_dialogue_set_state(dialogue, IMAP_STATE_NOT_AUTHENTICATED);
}

void imap_dialogue_hear_server(ImapDialogue *dialogue, ByteSpan words)
{
    DialogueEvent event = {0};
    ImapSide *side = &dialogue->side[DIALOGUE_SERVER];
    feed(dialogue, DIALOGUE_SERVER, words);
    while (side->stash_step != IMAP_UNIT_NEED_MORE || imap_side_has_octets(side)) {
        imap_dialogue_read_server(dialogue, &event);
        event = (DialogueEvent){0};
    }
}

void imap_dialogue_hear_client(ImapDialogue *dialogue, ByteSpan words)
{
    DialogueEvent event = {0};
    ImapSide *side = &dialogue->side[DIALOGUE_CLIENT];
    dialogue->serves_client = true;
    feed(dialogue, DIALOGUE_CLIENT, words);
    while (dialogue->wait == IMAP_WAIT_NONE && imap_side_has_octets(side)) {
        imap_dialogue_read_client(dialogue, &event);
        event = (DialogueEvent){0};
    }
    if (!imap_dialogue_hold(dialogue)) {
        side->wire.fed = BYTE_SPAN_EMPTY; /* nobody says so much behind a command that waits */
    }
}

bool imap_dialogue_awaits_octets(const ImapDialogue *dialogue)
{
    return dialogue->wait == IMAP_WAIT_TEXT_LITERAL || dialogue->wait == IMAP_WAIT_MESSAGE;
}

bool imap_dialogue_awaits_literal(
    const ImapDialogue *dialogue, ByteSpan *out_text, guint64 *out_octets
)
{
    if (dialogue->wait != IMAP_WAIT_TEXT_LITERAL) {
        return false;
    }
    *out_text = dialogue->waiting_unit.text;
    *out_octets = dialogue->wait_octets;
    return true;
}

bool imap_dialogue_is_behind_message(const ImapDialogue *dialogue)
{
    return dialogue->side[DIALOGUE_CLIENT].is_in_rest;
}

bool imap_dialogue_hold(ImapDialogue *dialogue)
{
    DialogueInput *wire = &dialogue->side[DIALOGUE_CLIENT].wire;
    return wire->fed.length == 0 || dialogue_input_hold(wire);
}
