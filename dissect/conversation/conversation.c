#include "dissect/conversation/conversation.h"

#include "dissect/conversation/conversation-internal.h"

gsize conversation_state_size(void)
{
    return sizeof(ConversationState);
}

Conversation *conversation_of(ConversationState *state)
{
    return &state->conversation;
}

void conversation_begin(ConversationState *state, Dissector *dissector, const Stream *stream)
{
    state->dissector = dissector;
    state->conversation.stream = stream;
    state->conversation.number = stream_number(stream);
    state->phase = PHASE_GUESSING;
}

void conversation_take(
    ConversationState *state, StreamDirection direction, ByteSpan octets, const DissectPiece *piece
)
{
    switch ((Phase)state->phase) {
    case PHASE_DIALOGUE:
        conversation_converse(state, direction, octets, piece);
        break;
    case PHASE_GUESSING:
        conversation_guess(state, direction, octets, piece);
        break;
    case PHASE_SOCKS:
        conversation_shake_hands(state, direction, octets, piece);
        break;
    case PHASE_DNS:
        conversation_read_dns(state, direction, octets, piece);
        break;
    case PHASE_TLS:
        conversation_watch_tls(state, direction, octets);
        break;
    case PHASE_OTHER:
        break;
    }
}

void conversation_data(ConversationState *state, StreamDirection direction, const StreamData *data)
{
    if (state->phase == PHASE_OTHER) {
        return;
    }
    DissectPiece piece = {
        .from = data->offset,
        .to = data->offset + data->octets.length,
        .frame = data->frame,
        .time_ns = data->time_ns,
    };
    /* The sink's own memory is needed as soon as the dialogue has read a line. */
    __builtin_prefetch(state->conversation.view);
    piece_map_add(&state->pieces[direction], &piece);
    conversation_take(state, direction, data->octets, &piece);
}

void conversation_gap(ConversationState *state, StreamDirection direction, const StreamGap *gap)
{
    state->gap_reason = gap->reason;
    state->conversation.missing[direction] += state->phase == PHASE_DIALOGUE ? 0 : gap->length;
    if (state->phase == PHASE_DIALOGUE) {
        DissectPiece piece = {
            .from = gap->offset,
            .to = gap->offset + gap->length,
            .frame = gap->frame_after != 0 ? gap->frame_after : gap->frame_before,
            .time_ns = gap->frame_after != 0 ? gap->time_after_ns : gap->time_before_ns,
        };
        piece_map_add(&state->pieces[direction], &piece);
        state->conversation.class->feed_missing(
            state->dialogue, (DialogueSide)direction, gap->length
        );
        if (conversation_drain(state, NULL)) {
            conversation_leave_dialogue(state);
        }
    } else if (state->phase == PHASE_GUESSING && state->first != NULL) {
        /* What was kept cannot be joined with what comes: decide on what there is. */
        bool is_by_option;
        MailProtocol of_port =
            dissector_port_protocol(state->dissector, state->conversation.stream, &is_by_option);
        conversation_free_first(state);
        if (of_port == MAIL_PROTOCOL_UNKNOWN) {
            state->phase = PHASE_OTHER;
        }
    } else if (state->phase != PHASE_TLS && state->phase != PHASE_GUESSING) {
        state->phase = PHASE_OTHER;
    }
}

static void finish_side(ConversationState *state, StreamDirection direction)
{
    if (state->phase != PHASE_DIALOGUE) {
        return;
    }
    state->conversation.class->finish(state->dialogue, (DialogueSide)direction);
    if (conversation_drain(state, NULL)) {
        conversation_leave_dialogue(state);
    }
}

void conversation_side_ended(ConversationState *state, StreamDirection direction)
{
    finish_side(state, direction);
}

void conversation_end(ConversationState *state, StreamCloseReason reason)
{
    const Stream *stream = state->conversation.stream;
    for (guint side = 0; side < 2 && state->phase == PHASE_DIALOGUE; side++) {
        StreamDirection other = stream_direction_other((StreamDirection)side);
        if (!state->one_sided_was_told && !stream_is_seen(stream, other)) {
            state->one_sided_was_told = true;
            state->conversation.class->set_one_sided(state->dialogue, (DialogueSide)side);
        }
    }
    finish_side(state, STREAM_FROM_SERVER);
    finish_side(state, STREAM_FROM_CLIENT);
    conversation_close_parts(state);
    DissectEvent event = {.kind = DISSECT_CLOSED, .close_reason = reason};
    guint64 at = stream_offset(stream, STREAM_FROM_CLIENT);
    conversation_emit(state, &event, STREAM_FROM_CLIENT, at, at, true);
    conversation_drop_dialogue(state);
    conversation_free_first(state);
    piece_map_clear(&state->pieces[0]);
    piece_map_clear(&state->pieces[1]);
    step_ring_clear(&state->steps);
    secret_echo_clear(&state->secret_echo);
    g_clear_pointer(&state->missing, g_array_unref);
    g_clear_pointer(&state->joiner, g_free);
    if (state->socks != NULL) {
        socks_handshake_clear(state->socks);
        g_clear_pointer(&state->socks, g_free);
    }
    if (state->tls != NULL) {
        tls_observer_clear(state->tls);
        g_clear_pointer(&state->tls, g_free);
    }
    if (state->dns != NULL) {
        byte_buffer_clear(&state->dns[0]);
        byte_buffer_clear(&state->dns[1]);
        g_clear_pointer(&state->dns, g_free);
    }
}
