#include "dissect/conversation/conversation.h"

#include "dissect/conversation/dissector-private.h"
#include "dissect/conversation/protocol-guess.h"
#include "dissect/conversation/socks-handshake.h"
#include "dissect/conversation/step-ring.h"
#include "protocol/http/http-dialogue.h"
#include "protocol/imap/imap-dialogue.h"
#include "protocol/pop3/pop3-dialogue.h"
#include "protocol/smtp/smtp-dialogue.h"

#define FIRST_OCTETS_MAXIMUM 4096 /* kept of both sides while the protocol is being guessed */
#define MISSING_RANGES_MAXIMUM 1024
#define ONE_SIDED_PIECES 4 /* data of one side before the other is given up */

typedef enum {
    PHASE_GUESSING,
    PHASE_SOCKS,
    PHASE_DIALOGUE,
    PHASE_DNS,
    PHASE_TLS,
    PHASE_OTHER,
} Phase;

/* The first octets of a stream, as they came, until its protocol is known. */
typedef struct {
    ByteBuffer octets;
    ByteBuffer sides[2];
    GArray *runs; /* FirstRun */
} FirstOctets;

typedef struct {
    StreamDirection direction;
    DissectPiece piece;
} FirstRun;

struct ConversationState {
    Conversation conversation;
    Dissector *dissector;
    guint8 phase;
    bool is_inside; /* behind CONNECT or SOCKS */
    bool one_sided_was_told;
    bool message_is_capped;
    guint8 pieces_seen[2]; /* up to ONE_SIDED_PIECES */
    gpointer dialogue;
    guint64 base[2]; /* stream offset where the dialogue's octets begin */
    PieceMap pieces[2];
    StepRing steps; /* of commands that wait for their answer */
    guint64 reply_step;
    guint64 message_step;
    guint64 message_missing;
    StreamGapReason gap_reason;
    GArray *missing; /* DissectMissing of the open message */
    FirstOctets *first;
    SocksHandshake *socks;
    TlsObserver *tls;
    ByteBuffer *dns; /* two: octets not yet cut into messages */
};

static void take_octets(
    ConversationState *state, StreamDirection direction, ByteSpan octets, const DissectPiece *piece
);

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

static const DialogueClass *class_of(MailProtocol protocol)
{
    switch (protocol) {
    case MAIL_PROTOCOL_SMTP:
        return &smtp_dialogue_class;
    case MAIL_PROTOCOL_POP3:
        return &pop3_dialogue_class;
    case MAIL_PROTOCOL_HTTP:
        return &http_dialogue_class;
    case MAIL_PROTOCOL_IMAP:
        return &imap_dialogue_class;
    case MAIL_PROTOCOL_UNKNOWN:
    case MAIL_PROTOCOL_DNS:
    case MAIL_PROTOCOL_TLS:
    case N_MAIL_PROTOCOLS:
        return NULL;
    }
    return NULL;
}

static void emit(
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

static void emit_plain(ConversationState *state, DissectEventKind kind, StreamDirection direction)
{
    guint64 at = stream_offset(state->conversation.stream, direction);
    DissectEvent event = {.kind = kind};
    emit(state, &event, direction, at, at, true);
}

/* Octets of the open message are missing at this place. */
static void note_missing(ConversationState *state, const DialogueMessage *message)
{
    guint64 length = message->missing - state->message_missing;
    DissectMissing range = {
        .from = message->octets + state->message_missing,
        .to = message->octets + message->missing,
        .reason = state->gap_reason,
    };
    state->message_missing = message->missing;
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

static void emit_said(ConversationState *state, const DialogueEvent *said)
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
    guint64 base = state->base[direction];
    emit(state, &event, direction, base + said->from, base + said->to, takes_step);
}

static void drop_dialogue(ConversationState *state)
{
    if (state->dialogue != NULL) {
        state->conversation.class->clear(state->dialogue);
        g_clear_pointer(&state->dialogue, g_free);
    }
}

static void begin_tls(ConversationState *state, bool after_starttls)
{
    state->phase = PHASE_TLS;
    state->conversation.tls.after_starttls = after_starttls;
    state->tls = g_new(TlsObserver, 1);
    tls_observer_init(state->tls);
}

/* The dialogue reads no further. Gives the offset in 'direction' from where on it did not. */
static void leave_dialogue(ConversationState *state)
{
    bool is_tunnel = state->conversation.protocol == MAIL_PROTOCOL_HTTP;
    drop_dialogue(state);
    step_ring_clear(&state->steps);
    if (is_tunnel) {
        state->phase = PHASE_GUESSING;
        state->is_inside = true;
    } else {
        begin_tls(state, true);
    }
}

/* Tells all that the dialogue has to say. True: it turned opaque at '*out_offset' of that side. */
static bool drain(ConversationState *state, StreamDirection direction, guint64 *out_offset)
{
    DialogueEvent said;
    bool is_opaque = false;
    while (state->conversation.class->next(state->dialogue, &said)) {
        if (said.kind == DIALOGUE_EVENT_OPAQUE) {
            is_opaque = true;
            *out_offset = (StreamDirection)said.side == direction ? state->base[direction] + said.to
                                                                  : G_MAXUINT64;
        }
        emit_said(state, &said);
    }
    return is_opaque;
}

static void judge_sides(ConversationState *state, StreamDirection direction)
{
    const Stream *stream = state->conversation.stream;
    StreamDirection other = stream_direction_other(direction);
    if (state->pieces_seen[direction] < ONE_SIDED_PIECES) {
        state->pieces_seen[direction]++;
    }
    if (state->one_sided_was_told || stream_is_seen(stream, other)) {
        return;
    }
    if (stream_has_handshake(stream) || state->pieces_seen[direction] >= ONE_SIDED_PIECES) {
        state->one_sided_was_told = true;
        state->conversation.class->set_one_sided(state->dialogue, (DialogueSide)direction);
    }
}

static void converse(
    ConversationState *state, StreamDirection direction, ByteSpan octets, const DissectPiece *piece
)
{
    guint64 opaque_from = 0;
    judge_sides(state, direction);
    state->conversation.class->feed(state->dialogue, (DialogueSide)direction, octets);
    if (!drain(state, direction, &opaque_from)) {
        return;
    }
    leave_dialogue(state);
    if (opaque_from < piece->to && opaque_from >= piece->from) {
        DissectPiece rest = *piece;
        rest.from = opaque_from;
        take_octets(state, direction, byte_span_from(octets, opaque_from - piece->from), &rest);
    }
}

static void enter_dialogue(ConversationState *state, MailProtocol protocol)
{
    const DialogueClass *class = class_of(protocol);
    state->conversation.class = class;
    if (class == NULL) {
        state->phase = PHASE_OTHER;
        return;
    }
    state->dialogue = g_malloc0(class->size);
    class->init(state->dialogue);
    const guint64 *missing = state->conversation.missing;
    bool lacks_beginning = missing[STREAM_FROM_CLIENT] > 0 || missing[STREAM_FROM_SERVER] > 0;
    bool is_late =
        (!stream_has_handshake(state->conversation.stream) && !state->is_inside) || lacks_beginning;
    if (is_late && class->set_joined_late != NULL) {
        class->set_joined_late(state->dialogue);
    }
    state->phase = PHASE_DIALOGUE;
}

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
        begin_tls(state, false);
    } else if (protocol == MAIL_PROTOCOL_DNS) {
        state->phase = PHASE_DNS;
        state->dns = g_new(ByteBuffer, 2);
        byte_buffer_init(&state->dns[0], DNS_MESSAGE_MAXIMUM + 2);
        byte_buffer_init(&state->dns[1], DNS_MESSAGE_MAXIMUM + 2);
    } else {
        enter_dialogue(state, protocol);
    }
}

static void free_first(ConversationState *state)
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
        take_octets(state, run->direction, byte_span_slice(rest, 0, length), &run->piece);
        rest = byte_span_from(rest, length);
    }
    FirstOctets *later = state->first;
    state->first = first;
    free_first(state);
    state->first = later;
}

static void begin_reading(ConversationState *state, MailProtocol protocol, bool is_by_option)
{
    const FirstOctets *first = state->first;
    for (guint direction = 0; direction < 2; direction++) {
        gsize kept = first == NULL ? 0 : byte_buffer_length(&first->sides[direction]);
        state->base[direction] =
            stream_offset(state->conversation.stream, (StreamDirection)direction) - kept;
    }
    enter_protocol(state, protocol, is_by_option);
}

static void begin_socks(ConversationState *state)
{
    state->phase = PHASE_SOCKS;
    state->socks = g_new(SocksHandshake, 1);
    socks_handshake_init(state->socks);
}

static void guess(
    ConversationState *state, StreamDirection direction, ByteSpan octets, const DissectPiece *piece
)
{
    bool is_by_option;
    MailProtocol protocol;
    MailProtocol of_port =
        dissector_port_protocol(state->dissector, state->conversation.stream, &is_by_option);
    bool has_room = keep_first(state, direction, octets, piece);
    if (state->first == NULL || state->first->runs->len == 0) {
        state->phase = PHASE_OTHER;
        return;
    }
    GuessVerdict verdict = protocol_guess(
        state->is_inside ? MAIL_PROTOCOL_UNKNOWN : of_port,
        is_by_option && !state->is_inside,
        byte_buffer_span(&state->first->sides[STREAM_FROM_CLIENT]),
        byte_buffer_span(&state->first->sides[STREAM_FROM_SERVER]),
        &protocol
    );
    if (verdict == GUESS_WAIT && has_room) {
        return;
    }
    if (verdict == GUESS_KNOWN) {
        begin_reading(state, protocol, is_by_option);
        emit_plain(state, DISSECT_PROTOCOL, direction);
        replay_first(state);
    } else if (verdict == GUESS_SOCKS) {
        begin_socks(state);
        replay_first(state);
    } else {
        state->phase = PHASE_OTHER;
        free_first(state);
    }
}

/* Once the proxy has granted the connection the octets behind its answer are guessed at anew. */
static void shake_hands(
    ConversationState *state, StreamDirection direction, ByteSpan octets, const DissectPiece *piece
)
{
    SocksVerdict verdict = socks_handshake_feed(state->socks, direction, octets);
    if (verdict == SOCKS_GOING_ON) {
        return;
    }
    SocksHandshake *socks = g_steal_pointer(&state->socks);
    state->phase = verdict == SOCKS_GRANTED ? PHASE_GUESSING : PHASE_OTHER;
    state->is_inside = true;
    for (guint side = 0; side < 2 && verdict == SOCKS_GRANTED; side++) {
        ByteSpan rest = byte_buffer_span(&socks->held[side]);
        DissectPiece behind = *piece;
        if (rest.length > 0) {
            behind.to = stream_offset(state->conversation.stream, (StreamDirection)side);
            behind.from = behind.to - rest.length;
            take_octets(state, (StreamDirection)side, rest, &behind);
        }
    }
    socks_handshake_clear(socks);
    g_free(socks);
}

/* RFC 1035 §4.2.2: each message behind two octets of length. */
static void read_dns(
    ConversationState *state, StreamDirection direction, ByteSpan octets, const DissectPiece *piece
)
{
    const Stream *stream = state->conversation.stream;
    ByteBuffer *held = &state->dns[direction];
    if (!byte_buffer_append(held, octets)) {
        state->phase = PHASE_OTHER;
        return;
    }
    for (;;) {
        ByteSpan span = byte_buffer_span(held);
        gsize length = span.length < 2 ? 0 : (gsize)(span.data[0] << 8 | span.data[1]);
        if (span.length < 2 || span.length - 2 < length) {
            return;
        }
        DissectEvent event = {
            .conversation = &state->conversation,
            .direction = direction,
            .pieces = piece,
            .piece_count = 1,
            .frame = piece->frame,
            .time_ns = piece->time_ns,
            .octets = byte_span_slice(span, 2, length),
            .is_tcp = true,
            .source = stream_address(stream, direction),
            .destination = stream_address(stream, stream_direction_other(direction)),
            .source_port = stream_port(stream, direction),
            .destination_port = stream_port(stream, stream_direction_other(direction)),
        };
        dissector_emit_dns(state->dissector, &event);
        byte_buffer_consume(held, 2 + length);
    }
}

static void watch_tls(ConversationState *state, StreamDirection direction, ByteSpan octets)
{
    if (tls_observer_feed(state->tls, direction, octets)) {
        TlsSummary *summary = &state->conversation.tls;
        summary->version = state->tls->version;
        summary->server_name = state->tls->server_name;
        summary->subject = state->tls->subject;
        summary->cipher = state->tls->cipher;
        emit_plain(state, DISSECT_TLS, direction);
    }
}

static void take_octets(
    ConversationState *state, StreamDirection direction, ByteSpan octets, const DissectPiece *piece
)
{
    switch ((Phase)state->phase) {
    case PHASE_DIALOGUE:
        converse(state, direction, octets, piece);
        break;
    case PHASE_GUESSING:
        guess(state, direction, octets, piece);
        break;
    case PHASE_SOCKS:
        shake_hands(state, direction, octets, piece);
        break;
    case PHASE_DNS:
        read_dns(state, direction, octets, piece);
        break;
    case PHASE_TLS:
        watch_tls(state, direction, octets);
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
    piece_map_add(&state->pieces[direction], &piece);
    take_octets(state, direction, data->octets, &piece);
}

void conversation_gap(ConversationState *state, StreamDirection direction, const StreamGap *gap)
{
    guint64 ignored;
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
        if (drain(state, direction, &ignored)) {
            leave_dialogue(state);
        }
    } else if (state->phase == PHASE_GUESSING && state->first != NULL) {
        /* What was kept cannot be joined with what comes: decide on what there is. */
        bool is_by_option;
        MailProtocol of_port =
            dissector_port_protocol(state->dissector, state->conversation.stream, &is_by_option);
        free_first(state);
        if (of_port == MAIL_PROTOCOL_UNKNOWN) {
            state->phase = PHASE_OTHER;
        }
    } else if (state->phase != PHASE_TLS && state->phase != PHASE_GUESSING) {
        state->phase = PHASE_OTHER;
    }
}

static void finish_side(ConversationState *state, StreamDirection direction)
{
    guint64 ignored;
    if (state->phase != PHASE_DIALOGUE) {
        return;
    }
    state->conversation.class->finish(state->dialogue, (DialogueSide)direction);
    if (drain(state, direction, &ignored)) {
        leave_dialogue(state);
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
    DissectEvent event = {.kind = DISSECT_CLOSED, .close_reason = reason};
    guint64 at = stream_offset(stream, STREAM_FROM_CLIENT);
    emit(state, &event, STREAM_FROM_CLIENT, at, at, true);
    drop_dialogue(state);
    free_first(state);
    piece_map_clear(&state->pieces[0]);
    piece_map_clear(&state->pieces[1]);
    step_ring_clear(&state->steps);
    g_clear_pointer(&state->missing, g_array_unref);
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
