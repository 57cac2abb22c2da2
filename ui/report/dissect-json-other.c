#include "ui/report/dissect-json-private.h"

#include "protocol/dns/dns-message.h"

void dissect_json_write_opaque(DissectJson *json, const DissectEvent *event)
{
    dissect_json_begin(json, "stream", event);
    json_line_string(&json->line, "event", "opaque");
    json_line_string(&json->line, "text", "From here on nothing can be read.");
    dissect_json_end_line(json);
}

void dissect_json_write_dns(DissectJson *json, const DissectEvent *event)
{
    static const char *const kinds[] = {
        [DNS_EXCHANGE_QUESTION] = "question",
        [DNS_EXCHANGE_REPEATED] = "repeated question",
        [DNS_EXCHANGE_ANSWER] = "answer",
        [DNS_EXCHANGE_UNASKED] = "unasked answer",
        [DNS_EXCHANGE_MISMATCH] = "answer to another question",
        [DNS_EXCHANGE_ANSWERED] = "second answer",
        [DNS_EXCHANGE_UNREADABLE] = "unreadable",
    };
    JsonLine *line = &json->line;
    g_autoptr(GString) meaning = g_string_new(NULL);
    DnsReader reader;
    json->counts[COUNT_DNS]++;
    json_line_begin_step(line, "dns", event->step, event->time_ns);
    if (event->conversation != NULL) {
        json_line_number(line, "stream", event->conversation->number);
    }
    dissect_json_write_frames(line, event->pieces, event->piece_count);
    dissect_json_write_from_to(
        line, &event->source, event->source_port, &event->destination, event->destination_port
    );
    json_line_string(line, "protocol", "DNS");
    json_line_string(line, "kind", kinds[event->exchange.kind]);
    if (dns_reader_begin(&reader, event->octets)) {
        json_line_number(line, "id", reader.header.id);
        json_line_number(line, "rcode", dns_message_rcode(event->octets));
    }
    if (event->answers != 0) {
        json_line_number(line, "answers", event->answers);
    }
    dns_meaning(event->octets, meaning);
    json_line_string(line, "text", meaning->str);
    dissect_json_write_reference(line, (RfcReference){1035, "4.1"});
    json_line_string(line, "meaning", meaning->str);
    dissect_json_end_line(json);
}

void dissect_json_write_gap(DissectJson *json, const DissectEvent *event)
{
    JsonLine *line = &json->line;
    json->counts[COUNT_GAPS]++;
    dissect_json_begin(json, "gap", event);
    json_line_number(line, "offset", event->gap->offset);
    json_line_number(line, "octets", event->gap->length);
    json_line_string(line, "because", stream_gap_reason_text(event->gap->reason));
    json_line_number(line, "frame_before", event->gap->frame_before);
    json_line_number(line, "frame_after", event->gap->frame_after);
    dissect_json_end_line(json);
}

void dissect_json_write_overlap(DissectJson *json, const DissectEvent *event)
{
    JsonLine *line = &json->line;
    dissect_json_begin(json, "remark", event);
    json_line_string(line, "remark", "overlap");
    json_line_string(line, "severity", "warning");
    json_line_number(line, "offset", event->overlap->offset);
    json_line_span(line, "first", event->overlap->first);
    json_line_span(line, "last", event->overlap->last);
    json_line_string(
        line,
        "meaning",
        "The same octets of the stream came twice and differ; the first reading is followed."
    );
    dissect_json_end_line(json);
}

void dissect_json_write_stream(DissectJson *json, const DissectEvent *event, const char *what)
{
    dissect_json_begin(json, "stream", event);
    json_line_string(&json->line, "event", what);
    if (event->kind == DISSECT_PROTOCOL) {
        static const char *const evidence[] = {"port", "content", "option", "inside"};
        json_line_string(&json->line, "found_by", evidence[event->conversation->evidence]);
    } else if (event->kind == DISSECT_TLS) {
        const TlsSummary *tls = &event->conversation->tls;
        json_line_string(&json->line, "version", tls->version);
        json_line_string(&json->line, "server_name", tls->server_name);
        json_line_string(&json->line, "subject", tls->subject);
        json_line_string(&json->line, "cipher", tls->cipher);
    } else if (event->kind == DISSECT_CLOSED) {
        const Conversation *conversation = event->conversation;
        json_line_string(&json->line, "because", stream_close_reason_text(event->close_reason));
        json_line_number(&json->line, "commands", conversation->commands);
        json_line_number(&json->line, "replies", conversation->replies);
        json_line_number(&json->line, "messages", conversation->messages);
        json_line_number(
            &json->line, "missing", conversation->missing[0] + conversation->missing[1]
        );
    }
    dissect_json_end_line(json);
}

void dissect_json_write_tcp(DissectJson *json, const DissectEvent *event)
{
    static const char *const names[] = {
        [STREAM_EVENT_SYN] = "syn",
        [STREAM_EVENT_SYN_ACK] = "syn-ack",
        [STREAM_EVENT_ESTABLISHED] = "established",
        [STREAM_EVENT_SYN_DATA] = "syn-data",
        [STREAM_EVENT_FIN] = "fin",
        [STREAM_EVENT_RESET] = "reset",
        [STREAM_EVENT_URGENT] = "urgent",
        [STREAM_EVENT_ZERO_WINDOW] = "zero-window",
        [STREAM_EVENT_WINDOW_OPEN] = "window-open",
    };
    dissect_json_write_stream(json, event, names[event->tcp->kind]);
}

void dissect_json_write_fragment(DissectJson *json, const DissectEvent *event)
{
    const FragmentEvent *fragment = event->fragment;
    JsonLine *line = &json->line;
    static const char *const names[] = {
        [FRAGMENT_OVERLAP_EQUAL] = "fragments overlap with the same octets",
        [FRAGMENT_OVERLAP_DIFFERENT] = "fragments overlap with different octets",
        [FRAGMENT_TIMED_OUT] = "the datagram was not completed in time",
        [FRAGMENT_GIVEN_UP] = "given up for want of room",
        [FRAGMENT_INCOMPLETE] = "incomplete when the capture ended",
        [FRAGMENT_INVALID] = "fragments that cannot be one datagram",
    };
    dissect_json_begin(json, "remark", event);
    json_line_string(line, "remark", "fragment");
    json_line_string(line, "severity", "warning");
    json_line_string(line, "meaning", names[fragment->kind]);
    json_line_number(line, "first_frame", fragment->first_frame);
    json_line_number(line, "octets", fragment->octets);
    json_line_number(line, "missing", fragment->missing);
    dissect_json_end_line(json);
}

void dissect_json_frame(
    DissectJson *json,
    const Packet *packet,
    const Conversation *conversation,
    StreamDirection direction,
    guint32 notes
)
{
    JsonLine *line = &json->line;
    char from[PACKET_ADDRESS_TEXT_SIZE];
    char to[PACKET_ADDRESS_TEXT_SIZE];
    char flags[48];
    (void)direction;
    if (json->judge != NULL && conversation != NULL && packet->payload.length > 0) {
        remarks_judge_frame(json->judge, conversation, notes);
    }
    json_line_begin(line, "frame");
    json_line_number(line, "frame", packet->frame->number);
    json_line_time(line, "time", packet->frame->time_ns);
    json_line_number(line, "length", packet->frame->original_length);
    if (packet->source.version != 0) {
        json_line_string(line, "from", packet_address_format(&packet->source, from));
        json_line_string(line, "to", packet_address_format(&packet->destination, to));
    }
    if (conversation != NULL) {
        json_line_number(line, "stream", conversation->number);
        json_line_string(line, "flags", packet_flags_format(packet->tcp_flags, flags));
        json_line_number(line, "sequence", packet->tcp_sequence);
        json_line_number(line, "acknowledgement", packet->tcp_acknowledgement);
        json_line_number(line, "window", packet->tcp_window);
        json_line_number(line, "payload", packet->payload.length);
    }
    json_line_array_begin(line, "notes");
    for (guint i = 0; i < FRAME_NOTE_COUNT; i++) {
        if ((notes & 1u << i) != 0) {
            json_line_string(line, NULL, frame_note_text((FrameNote)(1u << i)));
        }
    }
    json_line_array_end(line);
    dissect_json_end_line(json);
}
