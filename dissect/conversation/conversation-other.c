/* What streams carry besides dialogues of lines: DNS messages and TLS. */

#include "dissect/conversation/conversation-internal.h"

void conversation_begin_tls(ConversationState *state, bool after_starttls)
{
    state->phase = PHASE_TLS;
    state->conversation.tls.after_starttls = after_starttls;
    state->tls = g_new(TlsObserver, 1);
    tls_observer_init(state->tls);
}

void conversation_begin_dns(ConversationState *state)
{
    state->phase = PHASE_DNS;
    state->dns = g_new(ByteBuffer, 2);
    byte_buffer_init(&state->dns[0], DNS_MESSAGE_MAXIMUM + 2);
    byte_buffer_init(&state->dns[1], DNS_MESSAGE_MAXIMUM + 2);
}

/* RFC 1035 §4.2.2: each message behind two octets of length. */
void conversation_read_dns(
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

void conversation_watch_tls(ConversationState *state, StreamDirection direction, ByteSpan octets)
{
    if (tls_observer_feed(state->tls, direction, octets)) {
        TlsSummary *summary = &state->conversation.tls;
        summary->version = state->tls->version;
        summary->server_name = state->tls->server_name;
        summary->subject = state->tls->subject;
        summary->cipher = state->tls->cipher;
        conversation_emit_plain(state, DISSECT_TLS, direction);
    }
}
