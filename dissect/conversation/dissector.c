/* The way of a frame: decode, rebuild, converse; and DNS over UDP, which has no stream. */

#include "dissect/conversation/dissector.h"

#include "dissect/capture/capture-pump.h"
#include "dissect/conversation/conversation.h"
#include "dissect/conversation/dissector-private.h"
#include "dissect/conversation/protocol-guess.h"

#define DNS_QUESTIONS_MAXIMUM 16384
#define MULTICAST_DNS_PORT 5353

struct Dissector {
    DissectOptions options;
    DissectSink sink;
    gpointer owner;
    PacketDecoder *decoder;
    StreamTable *streams;
    DnsExchangeTable *questions;
    guint64 steps;
    bool is_finished;
};

static const char *const protocol_names[N_MAIL_PROTOCOLS] = {
    [MAIL_PROTOCOL_UNKNOWN] = "unknown",
    [MAIL_PROTOCOL_SMTP] = "SMTP",
    [MAIL_PROTOCOL_POP3] = "POP3",
    [MAIL_PROTOCOL_IMAP] = "IMAP",
    [MAIL_PROTOCOL_HTTP] = "HTTP",
    [MAIL_PROTOCOL_DNS] = "DNS",
    [MAIL_PROTOCOL_TLS] = "TLS",
};

const char *mail_protocol_name(MailProtocol protocol)
{
    g_assert(protocol < N_MAIL_PROTOCOLS);
    return protocol_names[protocol];
}

bool mail_protocol_from_name(const char *name, MailProtocol *out_protocol)
{
    for (guint i = MAIL_PROTOCOL_SMTP; i < N_MAIL_PROTOCOLS; i++) {
        if (g_ascii_strcasecmp(name, protocol_names[i]) == 0) {
            *out_protocol = (MailProtocol)i;
            return true;
        }
    }
    return false;
}

DissectOptions dissect_default_options(void)
{
    DissectOptions options = {
        .verifies_checksums = true,
        .streams = stream_table_default_options(),
        .packets = packet_decoder_default_options(),
    };
    return options;
}

bool dissect_options_add_port(DissectOptions *options, const char *rule, GError **error)
{
    const char *equals = strchr(rule, '=');
    g_autofree char *number =
        equals == NULL ? g_strdup(rule) : g_strndup(rule, (gsize)(equals - rule));
    guint64 port;
    MailProtocol protocol;
    if (equals == NULL || !g_ascii_string_to_unsigned(number, 10, 1, 65535, &port, NULL) ||
        !mail_protocol_from_name(equals + 1, &protocol)) {
        g_set_error(
            error,
            G_OPTION_ERROR,
            G_OPTION_ERROR_BAD_VALUE,
            "'%s' is no port rule: write NUMBER=PROTOCOL, such as 1025=smtp; the protocols are "
            "smtp, pop3, imap, http, dns and tls",
            rule
        );
        return false;
    }
    if (options->port_rule_count == DISSECT_PORT_RULES_MAXIMUM) {
        g_set_error(
            error,
            G_OPTION_ERROR,
            G_OPTION_ERROR_BAD_VALUE,
            "there can be at most %d port rules",
            DISSECT_PORT_RULES_MAXIMUM
        );
        return false;
    }
    options->port_rules[options->port_rule_count++] = (DissectPortRule){(guint16)port, protocol};
    return true;
}

static bool find_rule(const DissectOptions *options, guint16 port, MailProtocol *out_protocol)
{
    for (guint i = 0; i < options->port_rule_count; i++) {
        if (options->port_rules[i].port == port) {
            *out_protocol = options->port_rules[i].protocol;
            return true;
        }
    }
    return false;
}

MailProtocol
dissector_port_protocol(const Dissector *dissector, const Stream *stream, bool *out_is_by_option)
{
    guint16 port = stream_port(stream, STREAM_FROM_SERVER);
    MailProtocol protocol;
    *out_is_by_option = find_rule(&dissector->options, port, &protocol);
    return *out_is_by_option ? protocol : protocol_of_port(port);
}

static bool is_server_port(gpointer owner, guint16 port)
{
    const Dissector *dissector = owner;
    MailProtocol protocol;
    return find_rule(&dissector->options, port, &protocol) ||
           protocol_of_port(port) != MAIL_PROTOCOL_UNKNOWN || port < 1024;
}

bool dissector_trusts_replies(const Dissector *dissector)
{
    return dissector->options.trusts_replies;
}

guint64 dissector_next_step(Dissector *dissector)
{
    return ++dissector->steps;
}

guint64 dissector_steps(const Dissector *dissector)
{
    return dissector->steps;
}

void dissector_emit(Dissector *dissector, DissectEvent *event, bool takes_step)
{
    if (takes_step) {
        event->step = dissector_next_step(dissector);
    }
    if (dissector->options.has_only_stream &&
        (event->conversation == NULL ||
         event->conversation->number != dissector->options.only_stream)) {
        return;
    }
    dissector->sink.event(dissector->owner, event);
}

static gpointer user_data(Dissector *dissector, Stream *stream)
{
    return stream_table_user_data(dissector->streams, stream);
}

static DissectPiece piece_of_packet(const Packet *packet)
{
    return (DissectPiece){.frame = packet->frame->number, .time_ns = packet->frame->time_ns};
}

static void emit_with_piece(
    Dissector *dissector, DissectEvent *event, const DissectPiece *piece, bool takes_step
)
{
    event->pieces = piece;
    event->piece_count = 1;
    event->frame = piece->frame;
    event->time_ns = piece->time_ns;
    dissector_emit(dissector, event, takes_step);
}

static void on_opened(gpointer owner, Stream *stream, const Packet *packet)
{
    Dissector *dissector = owner;
    ConversationState *state = user_data(dissector, stream);
    conversation_begin(state, dissector, stream);
    DissectPiece piece = piece_of_packet(packet);
    DissectEvent event = {.kind = DISSECT_OPENED, .conversation = conversation_of(state)};
    emit_with_piece(dissector, &event, &piece, true);
}

static void
on_data(gpointer owner, Stream *stream, StreamDirection direction, const StreamData *data)
{
    conversation_data(user_data(owner, stream), direction, data);
}

static void on_gap(gpointer owner, Stream *stream, StreamDirection direction, const StreamGap *gap)
{
    Dissector *dissector = owner;
    ConversationState *state = user_data(dissector, stream);
    DissectPiece piece = {
        .from = gap->offset,
        .to = gap->offset + gap->length,
        .frame = gap->frame_after != 0 ? gap->frame_after : gap->frame_before,
        .time_ns = gap->frame_after != 0 ? gap->time_after_ns : gap->time_before_ns,
    };
    DissectEvent event = {
        .kind = DISSECT_GAP,
        .conversation = conversation_of(state),
        .direction = direction,
        .gap = gap,
    };
    emit_with_piece(dissector, &event, &piece, true);
    conversation_gap(state, direction, gap);
}

static void on_event(gpointer owner, Stream *stream, const StreamEvent *happened)
{
    Dissector *dissector = owner;
    ConversationState *state = user_data(dissector, stream);
    DissectPiece piece = {
        .from = happened->offset,
        .to = happened->offset,
        .frame = happened->frame,
        .time_ns = happened->time_ns,
    };
    DissectEvent event = {
        .kind = DISSECT_TCP,
        .conversation = conversation_of(state),
        .direction = happened->direction,
        .tcp = happened,
    };
    if (happened->kind == STREAM_EVENT_FIN) {
        conversation_side_ended(state, happened->direction);
    }
    emit_with_piece(dissector, &event, &piece, true);
}

static void
on_overlap(gpointer owner, Stream *stream, StreamDirection direction, const StreamOverlap *overlap)
{
    Dissector *dissector = owner;
    DissectPiece piece = {
        .from = overlap->offset,
        .to = overlap->offset + overlap->first.length,
        .frame = overlap->last_frame,
        .time_ns = overlap->time_ns,
    };
    DissectEvent event = {
        .kind = DISSECT_OVERLAP,
        .conversation = conversation_of(user_data(dissector, stream)),
        .direction = direction,
        .overlap = overlap,
    };
    emit_with_piece(dissector, &event, &piece, true);
}

static void on_closed(gpointer owner, Stream *stream, StreamCloseReason reason)
{
    conversation_end(user_data(owner, stream), reason);
}

static void on_stream_frame(
    gpointer owner, Stream *stream, StreamDirection direction, const Packet *packet, guint32 notes
)
{
    Dissector *dissector = owner;
    ConversationState *state = user_data(dissector, stream);
    Conversation *conversation = conversation_of(state);
    if (conversation->stream == NULL) {
        conversation_begin(state, dissector, stream); /* the first frame comes before opened() */
    }
    if (!dissector->options.has_only_stream ||
        conversation->number == dissector->options.only_stream) {
        dissector->sink.frame(dissector->owner, packet, conversation, direction, notes);
    }
}

/* The same number for both directions of a flow: the sums and products do not know the order. */
static guint64 flow_number(const Packet *packet)
{
    guint64 sides[2] = {packet->source_port, packet->destination_port};
    const PacketAddress *addresses[2] = {&packet->source, &packet->destination};
    for (int side = 0; side < 2; side++) {
        for (int i = 0; i < 16; i++) {
            sides[side] =
                (sides[side] ^ addresses[side]->octets[i]) * G_GUINT64_CONSTANT(1099511628211);
        }
    }
    return (sides[0] + sides[1]) ^ (sides[0] * sides[1]);
}

static void see_dns(Dissector *dissector, DissectEvent *event, guint64 flow)
{
    guint64 step = dissector_next_step(dissector);
    event->kind = DISSECT_DNS;
    event->step = step;
    event->exchange =
        dns_exchange_see(dissector->questions, flow, event->octets, step, event->time_ns / 1000);
    event->answers = event->exchange.kind == DNS_EXCHANGE_ANSWER ? event->exchange.step : 0;
    dissector_emit(dissector, event, false);
}

void dissector_emit_dns(Dissector *dissector, DissectEvent *event)
{
    see_dns(dissector, event, event->conversation->number * 2 + 1);
}

static bool is_dns(const Dissector *dissector, guint16 port)
{
    MailProtocol protocol;
    return find_rule(&dissector->options, port, &protocol) ? protocol == MAIL_PROTOCOL_DNS
                                                           : port == DNS_PORT;
}

static void on_datagram(gpointer owner, const Packet *packet)
{
    Dissector *dissector = owner;
    if (!is_dns(dissector, packet->source_port) && !is_dns(dissector, packet->destination_port)) {
        return;
    }
    DissectPiece piece = piece_of_packet(packet);
    DissectEvent event = {
        .pieces = &piece,
        .piece_count = 1,
        .frame = piece.frame,
        .time_ns = piece.time_ns,
        .octets = packet->payload,
        .source = packet->source,
        .destination = packet->destination,
        .source_port = packet->source_port,
        .destination_port = packet->destination_port,
    };
    see_dns(dissector, &event, flow_number(packet) << 1);
}

static void on_fragment(gpointer owner, const FragmentEvent *happened)
{
    Dissector *dissector = owner;
    DissectPiece piece = {.frame = happened->frame, .time_ns = happened->time_ns};
    DissectEvent event = {.kind = DISSECT_FRAGMENT, .fragment = happened};
    emit_with_piece(dissector, &event, &piece, true);
}

/* Frames of a stream come by on_stream_frame(), with what they are in it. */
static void on_packet(gpointer owner, const Packet *packet)
{
    Dissector *dissector = owner;
    if (packet->kind != PACKET_TCP && !dissector->options.has_only_stream) {
        dissector->sink.frame(dissector->owner, packet, NULL, STREAM_FROM_CLIENT, 0);
    }
}

static StreamSink stream_sink(const Dissector *dissector)
{
    return (StreamSink){
        .opened = on_opened,
        .data = on_data,
        .gap = on_gap,
        .event = on_event,
        .overlap = dissector->options.wants_overlaps ? on_overlap : NULL,
        .closed = on_closed,
        .frame = dissector->sink.frame == NULL ? NULL : on_stream_frame,
        .packet = dissector->sink.frame == NULL ? NULL : on_packet,
        .datagram = on_datagram,
    };
}

Dissector *dissector_new(const DissectOptions *options, const DissectSink *sink, gpointer owner)
{
    Dissector *dissector = g_new0(Dissector, 1);
    dissector->options = options == NULL ? dissect_default_options() : *options;
    dissector->sink = *sink;
    dissector->owner = owner;
    PacketDecoderOptions packets = dissector->options.packets;
    packets.verifies_checksums = dissector->options.verifies_checksums;
    packets.fragment_event = packets.is_second ? NULL : on_fragment;
    packets.owner = dissector;
    dissector->decoder = packet_decoder_new(&packets);
    StreamTableOptions streams = dissector->options.streams;
    streams.user_data_size = conversation_state_size();
    streams.is_server_port = is_server_port;
    streams.history = dissector->options.wants_overlaps ? streams.history : 0;
    StreamSink streams_sink = stream_sink(dissector);
    dissector->streams = stream_table_new(&streams_sink, dissector, &streams);
    dissector->questions = dns_exchange_table_new(DNS_QUESTIONS_MAXIMUM);
    return dissector;
}

void dissector_free(Dissector *dissector)
{
    if (dissector == NULL) {
        return;
    }
    dissector_finish(dissector);
    stream_table_free(dissector->streams);
    packet_decoder_free(dissector->decoder);
    dns_exchange_table_free(dissector->questions);
    g_free(dissector);
}

void dissector_frames(Dissector *dissector, const CaptureFrame *frames, gsize count)
{
    stream_table_frames(dissector->streams, dissector->decoder, frames, count);
}

void dissector_frame(Dissector *dissector, const CaptureFrame *frame)
{
    dissector_frames(dissector, frame, 1);
}

void dissector_finish(Dissector *dissector)
{
    if (!dissector->is_finished) {
        dissector->is_finished = true;
        packet_decoder_finish(dissector->decoder);
        stream_table_finish(dissector->streams);
    }
}

void dissector_read(
    Dissector *dissector,
    CaptureReader *reader,
    guint threads,
    DissectProgress progress,
    gpointer progress_data
)
{
    g_autoptr(CapturePump) pump =
        capture_pump_new(reader, threads > 1 ? CAPTURE_PUMP_TWO_THREADS : CAPTURE_PUMP_ONE_THREAD);
    CaptureBatch batch;
    while (capture_pump_next(pump, &batch)) {
        dissector_frames(dissector, batch.frames, batch.count);
        if (progress != NULL) {
            progress(progress_data, capture_reader_position(reader), capture_reader_size(reader));
        }
    }
}

const PacketStatistics *dissector_packet_statistics(const Dissector *dissector)
{
    return packet_decoder_statistics(dissector->decoder);
}

const StreamStatistics *dissector_stream_statistics(const Dissector *dissector)
{
    return stream_table_statistics(dissector->streams);
}
