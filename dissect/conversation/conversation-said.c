/* What a dialogue says becomes events: numbered, with the frames that carried them. */

#include "dissect/conversation/conversation-internal.h"

#define MISSING_RANGES_MAXIMUM 1024

void conversation_emit(
    ConversationState *state,
    DissectEvent *event,
    StreamDirection direction,
    guint64 from,
    guint64 to,
    bool takes_step
)
{
    event->conversation = &state->conversation;
    event->direction = direction;
    event->pieces = piece_map_find(&state->pieces[direction], from, to, &event->piece_count);
    if (event->piece_count > 0) {
        event->frame = event->pieces[event->piece_count - 1].frame;
        event->time_ns = event->pieces[event->piece_count - 1].time_ns;
    } else {
        event->frame = stream_first_frame(state->conversation.stream);
        event->time_ns = stream_last_time(state->conversation.stream);
    }
    dissector_emit(state->dissector, event, takes_step);
}

void conversation_emit_plain(
    ConversationState *state, DissectEventKind kind, StreamDirection direction
)
{
    guint64 at = stream_offset(state->conversation.stream, direction);
    DissectEvent event = {.kind = kind};
    conversation_emit(state, &event, direction, at, at, true);
}

/* The pieces that carried it are forgotten: only the last is left. */
static void emit_carried(
    ConversationState *state,
    DissectEvent *event,
    StreamDirection direction,
    const DissectPiece *carrier
)
{
    event->conversation = &state->conversation;
    event->direction = direction;
    event->pieces = carrier;
    event->piece_count = 1;
    event->frame = carrier->frame;
    event->time_ns = carrier->time_ns;
    dissector_emit(state->dissector, event, false);
}

static void note_range(ConversationState *state, guint64 from, guint64 length)
{
    DissectMissing range = {.from = from, .to = from + length, .reason = state->gap_reason};
    if (length == 0) {
        return;
    }
    if (state->missing == NULL) {
        state->missing = g_array_new(FALSE, FALSE, sizeof(DissectMissing));
    }
    if (state->missing->len < MISSING_RANGES_MAXIMUM) {
        g_array_append_val(state->missing, range);
    } else {
        state->message_is_capped = true;
    }
}

/* Octets of the open message are missing at this place. */
static void note_missing(ConversationState *state, const DialogueMessage *message)
{
    guint64 length = message->missing - state->message_missing;
    note_range(state, message->octets + state->message_missing, length);
    state->message_missing = message->missing;
}

static void begin_message(ConversationState *state)
{
    state->message_step = dissector_next_step(state->dissector);
    state->message_missing = 0;
    state->message_is_capped = false;
    state->conversation.messages++;
    if (state->missing != NULL) {
        g_array_set_size(state->missing, 0);
    }
}

/* Numbers the row that the event belongs to; true where it opens a row of its own. */
static bool number_event(ConversationState *state, const DialogueEvent *said, DissectEvent *event)
{
    switch (said->kind) {
    case DIALOGUE_EVENT_COMMAND:
        state->conversation.commands++;
        event->step = dissector_next_step(state->dissector);
        step_ring_put(&state->steps, said->exchange, event->step);
        return false;
    case DIALOGUE_EVENT_REPLY:
        if (said->is_first || state->reply_step == 0) {
            state->conversation.replies++;
            state->reply_step = dissector_next_step(state->dissector);
        }
        event->step = state->reply_step;
        event->answers = step_ring_get(&state->steps, said->exchange);
        if (said->is_last && !said->is_intermediate) {
            step_ring_settle(&state->steps, said->exchange);
        }
        return false;
    case DIALOGUE_EVENT_MESSAGE_BEGIN:
        begin_message(state);
        event->step = state->message_step;
        return false;
    case DIALOGUE_EVENT_MESSAGE_DATA:
    case DIALOGUE_EVENT_MESSAGE_END:
        event->step = state->message_step;
        return false;
    case DIALOGUE_EVENT_CONTINUATION:
    case DIALOGUE_EVENT_CREDENTIAL:
        event->answers = step_ring_get(&state->steps, said->exchange);
        return true;
    case DIALOGUE_EVENT_OPAQUE:
    case DIALOGUE_EVENT_MISSING:
        return true;
    }
    return true;
}

static guint64 lost_octets(const ConversationState *state)
{
    const guint64 *missing = state->conversation.missing;
    return missing[STREAM_FROM_CLIENT] + missing[STREAM_FROM_SERVER];
}

static void tell(ConversationState *state, const DialogueEvent *said)
{
    DissectEvent event = {.kind = DISSECT_DIALOGUE, .dialogue = said};
    StreamDirection direction = (StreamDirection)said->side;
    bool takes_step = number_event(state, said, &event);
    if (said->kind == DIALOGUE_EVENT_MISSING) {
        state->conversation.missing[direction] += said->missing;
        if (said->message != NULL) {
            note_missing(state, said->message);
        }
    } else if (said->kind == DIALOGUE_EVENT_MESSAGE_END && state->missing != NULL) {
        event.missing = (const DissectMissing *)(const void *)state->missing->data;
        event.missing_count = state->missing->len;
        event.missing_is_capped = state->message_is_capped;
    }
    if (state->joiner != NULL && said == &state->joiner->end) {
        emit_carried(state, &event, direction, &state->joiner->carrier);
        return;
    }
    guint64 base = state->conversation.dialogue_from[direction];
    conversation_emit(state, &event, direction, base + said->from, base + said->to, takes_step);
}

void conversation_close_parts(ConversationState *state)
{
    PartJoiner *joiner = state->joiner;
    if (joiner != NULL && joiner->is_held) {
        part_joiner_release(joiner, lost_octets(state));
        tell(state, &joiner->end);
    }
}

/* What the client asks for next tells whether more of a message may come. */
static void watch_command(ConversationState *state, const DialogueEvent *said)
{
    bool is_fetch = said->item != NULL && (g_str_equal(said->item->token, "FETCH") ||
                                           g_str_equal(said->item->token, "UID FETCH"));
    if (!is_fetch) {
        conversation_close_parts(state);
        return;
    }
    if (state->joiner == NULL) {
        PartJoiner joiner = {0};
        if (part_joiner_ask(&joiner, said->arguments)) {
            state->joiner = g_memdup2(&joiner, sizeof joiner);
        }
    } else if (!part_joiner_ask(state->joiner, said->arguments)) {
        conversation_close_parts(state);
    }
}

/* A part goes on from the one before: nothing begins. */
static bool join_part(ConversationState *state, const DialogueMessage *part)
{
    guint64 skipped;
    if (!part_joiner_goes_on(state->joiner, part, lost_octets(state), &skipped)) {
        conversation_close_parts(state);
        state->joiner->is_joining = false;
        state->joiner->lost_before = lost_octets(state);
        return false;
    }
    const DialogueMessage *message = &state->joiner->message;
    note_range(state, message->octets + message->missing, skipped);
    part_joiner_go_on(state->joiner, part, skipped);
    state->message_missing = state->joiner->missing_before;
    return true;
}

/* True: that is all there is to say of the event now. */
static bool hold_part(ConversationState *state, const DialogueEvent *said, DialogueEvent *joined)
{
    PartJoiner *joiner = state->joiner;
    if (said->kind == DIALOGUE_EVENT_MESSAGE_BEGIN && join_part(state, said->message)) {
        return true;
    }
    if (said->kind == DIALOGUE_EVENT_MESSAGE_END && part_joiner_wants(joiner, said->message)) {
        guint64 base = state->conversation.dialogue_from[said->side];
        guint count;
        const DissectPiece *pieces =
            piece_map_find(&state->pieces[said->side], base + said->from, base + said->to, &count);
        part_joiner_hold(joiner, said);
        joiner->carrier = count > 0 ? pieces[count - 1] : (DissectPiece){0};
        return true;
    }
    if (joiner->is_joining && said->message->kind == DIALOGUE_MESSAGE_FETCH) {
        if (!part_joiner_drop_repeated(joiner, joined)) {
            return true;
        }
        joined->message = part_joiner_whole(joiner, said->message);
    } else if (said->kind == DIALOGUE_EVENT_MESSAGE_END && lost_octets(state) > 0) {
        joined->message = part_joiner_doubt(joiner, said->message);
    }
    return false;
}

void conversation_say(ConversationState *state, const DialogueEvent *said)
{
    if (said->kind == DIALOGUE_EVENT_COMMAND &&
        state->conversation.protocol == MAIL_PROTOCOL_IMAP) {
        watch_command(state, said);
    }
    if (state->joiner == NULL && said->message != NULL && said->message->is_partial) {
        state->joiner = g_new0(PartJoiner, 1); /* the command was not seen */
    }
    if (state->joiner == NULL || said->message == NULL) {
        tell(state, said);
        return;
    }
    DialogueEvent joined = *said;
    if (!hold_part(state, said, &joined)) {
        tell(state, &joined);
    }
}
