/* Which protocol a stream speaks: its first octets are kept until that is known, then read. */

#include "dissect/conversation/conversation-internal.h"
#include "dissect/conversation/protocol-guess.h"

#define FIRST_OCTETS_MAXIMUM 4096 /* kept of both sides while the protocol is being guessed */

/* The first octets of a stream, as they came, until its protocol is known. */
struct FirstOctets {
    ByteBuffer octets;
    ByteBuffer sides[2];
    GArray *runs; /* FirstRun */
};

typedef struct {
    StreamDirection direction;
    DissectPiece piece;
} FirstRun;

static void enter_protocol(ConversationState *state, MailProtocol protocol, bool by_option)
{
    bool ignored;
    Conversation *conversation = &state->conversation;
    MailProtocol of_port =
        dissector_port_protocol(state->dissector, conversation->stream, &ignored);
    conversation->protocol = protocol;
    if (state->is_inside) {
        conversation->evidence = PROTOCOL_FOUND_INSIDE;
    } else if (by_option) {
        conversation->evidence = PROTOCOL_FOUND_BY_OPTION;
    } else {
        conversation->evidence =
            of_port == protocol ? PROTOCOL_FOUND_BY_PORT : PROTOCOL_FOUND_BY_CONTENT;
    }
    if (protocol == MAIL_PROTOCOL_TLS) {
        conversation_begin_tls(state, false);
    } else if (protocol == MAIL_PROTOCOL_DNS) {
        conversation_begin_dns(state);
    } else {
        conversation_enter_dialogue(state, protocol);
    }
}

void conversation_free_first(ConversationState *state)
{
    FirstOctets *first = state->first;
    if (first != NULL) {
        byte_buffer_clear(&first->octets);
        byte_buffer_clear(&first->sides[0]);
        byte_buffer_clear(&first->sides[1]);
        g_array_unref(first->runs);
        g_clear_pointer(&state->first, g_free);
    }
}

/* Keeps the octets; false: more than is kept for a guess. */
static bool keep_first(
    ConversationState *state, StreamDirection direction, ByteSpan octets, const DissectPiece *piece
)
{
    if (state->first == NULL) {
        state->first = g_new0(FirstOctets, 1);
        byte_buffer_init(&state->first->octets, FIRST_OCTETS_MAXIMUM * 16);
        byte_buffer_init(&state->first->sides[0], FIRST_OCTETS_MAXIMUM * 16);
        byte_buffer_init(&state->first->sides[1], FIRST_OCTETS_MAXIMUM * 16);
        state->first->runs = g_array_new(FALSE, FALSE, sizeof(FirstRun));
    }
    FirstOctets *first = state->first;
    FirstRun run = {.direction = direction, .piece = *piece};
    gsize before = byte_buffer_length(&first->octets);
    if (!byte_buffer_append(&first->octets, octets) ||
        !byte_buffer_append(&first->sides[direction], octets)) {
        return false;
    }
    g_array_append_val(first->runs, run);
    return before < FIRST_OCTETS_MAXIMUM;
}

/* Feeds what was kept, in the order it came. */
static void replay_first(ConversationState *state)
{
    FirstOctets *first = g_steal_pointer(&state->first);
    if (first == NULL) {
        return;
    }
    ByteSpan rest = byte_buffer_span(&first->octets);
    for (guint i = 0; i < first->runs->len; i++) {
        const FirstRun *run = &g_array_index(first->runs, FirstRun, i);
        gsize length = (gsize)(run->piece.to - run->piece.from);
        conversation_take(state, run->direction, byte_span_slice(rest, 0, length), &run->piece);
        rest = byte_span_from(rest, length);
    }
    FirstOctets *later = state->first;
    state->first = first;
    conversation_free_first(state);
    state->first = later;
}

/* 'kept' are the octets of each side that have come and are read now. */
static void begin_reading(
    ConversationState *state, MailProtocol protocol, bool is_by_option, const gsize kept[2]
)
{
    for (guint direction = 0; direction < 2; direction++) {
        state->conversation.dialogue_from[direction] =
            stream_offset(state->conversation.stream, (StreamDirection)direction) - kept[direction];
    }
    enter_protocol(state, protocol, is_by_option);
}

static void begin_socks(ConversationState *state)
{
    state->phase = PHASE_SOCKS;
    state->socks = g_new(SocksHandshake, 1);
    socks_handshake_init(state->socks);
}

/* Guesses from what has come of each side. False: more is needed. Otherwise the phase is the one
 * that reads these octets next. */
static bool find_phase(ConversationState *state, StreamDirection direction, const ByteSpan sides[2])
{
    bool is_by_option;
    MailProtocol protocol;
    MailProtocol of_port =
        dissector_port_protocol(state->dissector, state->conversation.stream, &is_by_option);
    GuessVerdict verdict = protocol_guess(
        state->is_inside ? MAIL_PROTOCOL_UNKNOWN : of_port,
        is_by_option && !state->is_inside,
        sides[STREAM_FROM_CLIENT],
        sides[STREAM_FROM_SERVER],
        &protocol
    );
    const gsize kept[] = {sides[0].length, sides[1].length};
    switch (verdict) {
    case GUESS_WAIT:
        return false;
    case GUESS_KNOWN:
        begin_reading(state, protocol, is_by_option, kept);
        conversation_emit_plain(state, DISSECT_PROTOCOL, direction);
        return true;
    case GUESS_SOCKS:
        begin_socks(state);
        return true;
    case GUESS_NONE:
        state->phase = PHASE_OTHER;
        return true;
    }
    g_assert_not_reached();
}

/* Most streams show with their first octets what they are: then nothing has to be kept. */
static bool guess_at_once(
    ConversationState *state, StreamDirection direction, ByteSpan octets, const DissectPiece *piece
)
{
    ByteSpan sides[2] = {BYTE_SPAN_EMPTY, BYTE_SPAN_EMPTY};
    sides[direction] = octets;
    if (!find_phase(state, direction, sides)) {
        return false;
    }
    conversation_take(state, direction, octets, piece);
    return true;
}

/* Decides on what has been kept, if it is enough. */
static void decide(ConversationState *state, StreamDirection direction, bool has_room)
{
    const FirstOctets *first = state->first;
    const ByteSpan sides[] = {
        byte_buffer_span(&first->sides[0]), byte_buffer_span(&first->sides[1])};
    if (first->runs->len > 0 && find_phase(state, direction, sides)) {
        replay_first(state);
    } else if (!has_room) {
        state->phase = PHASE_OTHER;
        conversation_free_first(state);
    }
}

void conversation_guess(
    ConversationState *state, StreamDirection direction, ByteSpan octets, const DissectPiece *piece
)
{
    if (state->first == NULL && guess_at_once(state, direction, octets, piece)) {
        return;
    }
    decide(state, direction, keep_first(state, direction, octets, piece));
}

void conversation_guess_again(
    ConversationState *state, const ByteSpan octets[2], const DissectPiece *piece
)
{
    bool has_room = true;
    StreamDirection latest = STREAM_FROM_CLIENT;
    state->phase = PHASE_GUESSING;
    state->is_inside = true;
    for (guint side = 0; side < 2; side++) {
        if (octets[side].length > 0) {
            latest = (StreamDirection)side;
            DissectPiece run = *piece;
            run.to = stream_offset(state->conversation.stream, latest);
            run.from = run.to - octets[side].length;
            has_room = keep_first(state, latest, octets[side], &run) && has_room;
        }
    }
    if (state->first != NULL) {
        decide(state, latest, has_room);
    }
}

/* Once the proxy has granted the connection the octets behind its answer are guessed at anew. */
void conversation_shake_hands(
    ConversationState *state, StreamDirection direction, ByteSpan octets, const DissectPiece *piece
)
{
    SocksVerdict verdict = socks_handshake_feed(state->socks, direction, octets);
    if (verdict == SOCKS_GOING_ON) {
        return;
    }
    SocksHandshake *socks = g_steal_pointer(&state->socks);
    secret_echo_learn(&state->secret_echo, byte_buffer_span(&socks->password));
    if (verdict == SOCKS_GRANTED) {
        const ByteSpan rest[] = {
            byte_buffer_span(&socks->held[0]), byte_buffer_span(&socks->held[1])};
        conversation_guess_again(state, rest, piece);
    } else {
        state->phase = PHASE_OTHER;
    }
    socks_handshake_clear(socks);
    g_free(socks);
}
