#include "ui/report/dissect-json-private.h"

static void free_text(gpointer text)
{
    g_string_free(text, TRUE);
}

static void make_protocols(DissectJson *json)
{
    JsonLine *line = &json->fragment;
    for (guint i = 0; i < N_MAIL_PROTOCOLS; i++) {
        json_line_begin_members(line);
        json_line_string(line, "protocol", mail_protocol_name((MailProtocol)i));
        json->protocols[i] = g_string_new_len(line->text->str, (gssize)line->text->len);
    }
}

DissectJson *dissect_json_new(FILE *stream, const DissectJsonOptions *options)
{
    DissectJson *json = g_new0(DissectJson, 1);
    json->stream = stream;
    json->options = *options;
    json->message_options.wants_digest = options->wants_digest;
    json->message_options.wants_octets = !options->without_mime;
    json->judge = options->without_remarks ? NULL : remark_judge_new();
    json->fragments = g_hash_table_new_full(NULL, NULL, NULL, free_text);
    header_block_init(&json->header);
    byte_buffer_init(&json->scratch, HEADER_LENGTH_MAXIMUM);
    json_line_init(&json->line);
    json_line_init(&json->fragment);
    make_protocols(json);
    return json;
}

void dissect_json_free(DissectJson *json)
{
    if (json != NULL) {
        g_hash_table_unref(json->fragments);
        for (guint i = 0; i < N_MAIL_PROTOCOLS; i++) {
            g_string_free(json->protocols[i], TRUE);
        }
        remark_judge_free(json->judge);
        header_block_clear(&json->header);
        byte_buffer_clear(&json->scratch);
        json_line_clear(&json->line);
        json_line_clear(&json->fragment);
        g_free(json);
    }
}

static void free_view(DissectJson *json, Conversation *conversation)
{
    if (conversation->view != NULL) {
        dissect_json_view_free(json, conversation->view);
        conversation->view = NULL;
    }
}

static void take_said(DissectJson *json, const DissectEvent *event)
{
    switch (event->dialogue->kind) {
    case DIALOGUE_EVENT_COMMAND:
        dissect_json_write_command(json, event);
        break;
    case DIALOGUE_EVENT_REPLY:
        dissect_json_write_reply(json, event);
        break;
    case DIALOGUE_EVENT_CONTINUATION:
        dissect_json_write_continuation(json, event);
        break;
    case DIALOGUE_EVENT_MESSAGE_BEGIN:
    case DIALOGUE_EVENT_MESSAGE_DATA:
    case DIALOGUE_EVENT_MESSAGE_END:
        dissect_json_take_message(json, event);
        break;
    case DIALOGUE_EVENT_CREDENTIAL:
        dissect_json_write_credential(json, event);
        break;
    case DIALOGUE_EVENT_OPAQUE:
        dissect_json_write_opaque(json, event);
        break;
    case DIALOGUE_EVENT_MISSING:
        break; /* told by the stream's own gap */
    }
    dissect_json_judge(json, event);
}

void dissect_json_event(DissectJson *json, const DissectEvent *event)
{
    switch (event->kind) {
    case DISSECT_OPENED:
        json->counts[COUNT_STREAMS]++;
        dissect_json_write_stream(json, event, "opened");
        break;
    case DISSECT_PROTOCOL:
        dissect_json_write_stream(json, event, "protocol");
        break;
    case DISSECT_TLS:
        dissect_json_write_stream(json, event, "tls");
        break;
    case DISSECT_CLOSED:
        dissect_json_write_stream(json, event, "closed");
        dissect_json_judge(json, event);
        free_view(json, event->conversation);
        break;
    case DISSECT_DIALOGUE:
        take_said(json, event);
        break;
    case DISSECT_DNS:
        dissect_json_write_dns(json, event);
        break;
    case DISSECT_GAP:
        dissect_json_write_gap(json, event);
        dissect_json_judge(json, event);
        break;
    case DISSECT_OVERLAP:
        dissect_json_write_overlap(json, event);
        break;
    case DISSECT_TCP:
        dissect_json_write_tcp(json, event);
        dissect_json_judge(json, event);
        break;
    case DISSECT_FRAGMENT:
        dissect_json_write_fragment(json, event);
        break;
    }
}

void dissect_json_start(DissectJson *json, const char *const *captures)
{
    json_line_begin_start(&json->line, "dissect");
    json_line_array_begin(&json->line, "captures");
    for (guint i = 0; captures[i] != NULL; i++) {
        json_line_string(&json->line, NULL, captures[i]);
    }
    json_line_array_end(&json->line);
    dissect_json_end_line(json);
}

void dissect_json_start_scenario(DissectJson *json, const char *scenario)
{
    json_line_begin_start(&json->line, "run");
    json_line_string(&json->line, "scenario", scenario);
    dissect_json_end_line(json);
}

void dissect_json_damage(DissectJson *json, const char *capture, const CaptureDamage *damage)
{
    json_line_begin(&json->line, "damage");
    json_line_string(&json->line, "capture", capture);
    json_line_number(&json->line, "frame", damage->frame);
    json_line_number(&json->line, "offset", damage->offset);
    json_line_string(&json->line, "meaning", damage->message);
    dissect_json_end_line(json);
}

bool dissect_json_end(DissectJson *json, const Dissector *dissector)
{
    const PacketStatistics *packets = dissector_packet_statistics(dissector);
    const StreamStatistics *streams = dissector_stream_statistics(dissector);
    JsonLine *line = &json->line;
    json_line_begin(line, "end");
    json_line_number(line, "frames", packets->frames);
    json_line_number(line, "streams", json->counts[COUNT_STREAMS]);
    json_line_number(line, "steps", dissector_steps(dissector));
    json_line_number(line, "commands", json->counts[COUNT_COMMANDS]);
    json_line_number(line, "replies", json->counts[COUNT_REPLIES]);
    json_line_number(line, "messages", json->counts[COUNT_MESSAGES]);
    json_line_number(line, "complete_messages", json->counts[COUNT_COMPLETE]);
    json_line_number(line, "dns", json->counts[COUNT_DNS]);
    json_line_number(line, "credentials", json->counts[COUNT_CREDENTIALS]);
    json_line_number(line, "gaps", json->counts[COUNT_GAPS]);
    json_line_number(line, "remarks", json->counts[COUNT_REMARKS]);
    json_line_number(line, "missing_octets", streams->gap_octets);
    json_line_number(line, "retransmitted_octets", streams->retransmitted_octets);
    json_line_number(line, "bad_checksums", packets->checksums_bad + packets->ip_checksums_bad);
    json_line_number(line, "closed_by_limit", streams->closed_by_limit);
    dissect_json_end_line(json);
    return !json->has_failed && fflush(json->stream) == 0;
}
