#include "ui/report/dissect-json.h"

#include "dissect/finding/secret-mask.h"
#include "protocol/dns/dns-message.h"
#include "protocol/rfc/rfc-index.h"
#include "ui/report/dissect-defects.h"

#define REPLY_TEXT_MAXIMUM 65536 /* of one reply of many lines; what goes past is counted */

/* What is kept of a conversation between its events. */
typedef struct {
    char *addresses[2]; /* "from" of each direction */
    GString *reply;     /* lines so far, apart by LF */
    guint reply_lines;
    guint64 reply_first_frame;
    DialogueEvent reply_first; /* spans are not kept, but for 'code' and 'enhanced' below */
    char reply_code[8];
    char reply_enhanced[64];
    guint32 reply_defects;
    MessageRecord *message;
} View;

struct DissectJson {
    FILE *stream;
    DissectJsonOptions options;
    JsonLine line;
    GHashTable *fragments; /* VocabularyItem -> its members as text */
    MessageRecordOptions message_options;
    guint64 counts[8];
    bool has_failed;
};

enum {
    COUNT_STREAMS,
    COUNT_COMMANDS,
    COUNT_REPLIES,
    COUNT_MESSAGES,
    COUNT_COMPLETE,
    COUNT_DNS,
    COUNT_CREDENTIALS,
    COUNT_GAPS,
};

DissectJson *dissect_json_new(FILE *stream, const DissectJsonOptions *options)
{
    DissectJson *json = g_new0(DissectJson, 1);
    json->stream = stream;
    json->options = *options;
    json->message_options.wants_digest = options->wants_digest;
    json->fragments = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    json_line_init(&json->line);
    return json;
}

void dissect_json_free(DissectJson *json)
{
    if (json != NULL) {
        g_hash_table_unref(json->fragments);
        json_line_clear(&json->line);
        g_free(json);
    }
}

static void end_line(DissectJson *json)
{
    json->has_failed |= !json_line_end(&json->line, json->stream);
}

static View *view_of(Conversation *conversation)
{
    if (conversation->view == NULL) {
        View *view = g_new0(View, 1);
        for (guint side = 0; side < 2; side++) {
            char text[PACKET_ADDRESS_TEXT_SIZE];
            PacketAddress address = stream_address(conversation->stream, (StreamDirection)side);
            view->addresses[side] = g_strdup_printf(
                address.version == 6 ? "[%s]:%u" : "%s:%u",
                packet_address_format(&address, text),
                stream_port(conversation->stream, (StreamDirection)side)
            );
        }
        conversation->view = view;
    }
    return conversation->view;
}

static void free_view(Conversation *conversation)
{
    View *view = conversation->view;
    if (view != NULL) {
        g_free(view->addresses[0]);
        g_free(view->addresses[1]);
        if (view->reply != NULL) {
            g_string_free(view->reply, TRUE);
        }
        message_record_free(view->message);
        g_free(view);
        conversation->view = NULL;
    }
}

static void write_frames(JsonLine *line, const DissectPiece *pieces, guint count)
{
    guint64 last = 0;
    json_line_array_begin(line, "frames");
    for (guint i = 0; i < count; i++) {
        if (pieces[i].frame != last) {
            json_line_number(line, NULL, pieces[i].frame);
            last = pieces[i].frame;
        }
    }
    json_line_array_end(line);
}

static void begin(DissectJson *json, const char *type, const DissectEvent *event)
{
    JsonLine *line = &json->line;
    json_line_begin(line, type);
    json_line_number(line, "step", event->step);
    json_line_time(line, "time", event->time_ns);
    if (event->conversation != NULL) {
        View *view = view_of(event->conversation);
        json_line_number(line, "stream", event->conversation->number);
        write_frames(line, event->pieces, event->piece_count);
        json_line_string(line, "from", view->addresses[event->direction]);
        json_line_string(line, "to", view->addresses[!event->direction]);
        json_line_string(line, "protocol", mail_protocol_name(event->conversation->protocol));
    } else {
        write_frames(line, event->pieces, event->piece_count);
    }
}

static char *make_fragment(const VocabularyItem *item)
{
    JsonLine line;
    json_line_init(&line);
    json_line_begin(&line, "fragment");
    gsize prefix = line.text->len;
    json_line_array_begin(&line, "rfc");
    if (item->reference.number != 0) {
        json_line_object_begin(&line, NULL);
        json_line_number(&line, "rfc", item->reference.number);
        json_line_string(&line, "section", item->reference.section);
        json_line_string(&line, "title", rfc_section_title(item->reference));
        json_line_object_end(&line);
    }
    json_line_array_end(&line);
    json_line_string(&line, "meaning", item->meaning);
    char *fragment = g_strdup(line.text->str + prefix + 1); /* without the comma */
    json_line_clear(&line);
    return fragment;
}

/* "rfc" and "meaning" of a row; the same text serves every line that means the same. */
static void write_meaning(DissectJson *json, const VocabularyItem *item)
{
    if (item == NULL) {
        json_line_array_begin(&json->line, "rfc");
        json_line_array_end(&json->line);
        return;
    }
    char *fragment = g_hash_table_lookup(json->fragments, item);
    if (fragment == NULL) {
        fragment = make_fragment(item);
        g_hash_table_insert(json->fragments, (gpointer)item, fragment);
    }
    json_line_members(&json->line, fragment);
}

static void write_defects(JsonLine *line, guint32 defects)
{
    if (defects == 0) {
        return;
    }
    json_line_array_begin(line, "defects");
    for (guint i = 0; i < 32; i++) {
        if ((defects & 1u << i) != 0) {
            json_line_string(line, NULL, dissect_defect_name(1u << i));
        }
    }
    json_line_array_end(line);
}

static void write_text(DissectJson *json, const char *key, const DialogueEvent *said)
{
    if (!said->is_secret || json->options.show_secrets) {
        json_line_span(&json->line, key, said->text);
    } else {
        g_autofree char *masked = secret_display_text(said, false);
        json_line_string(&json->line, key, masked);
    }
}

static void write_arguments(DissectJson *json, const DialogueEvent *said)
{
    if (!said->is_secret || json->options.show_secrets) {
        json_line_span(&json->line, "arguments", said->arguments);
        return;
    }
    DialogueEvent arguments = *said;
    ByteSpan visible = secret_visible_part(said);
    const guint8 *start = said->arguments.data;
    gsize before = start == NULL ? 0 : (gsize)(start - said->text.data);
    ByteSpan shown = visible.length > before ? byte_span_from(visible, before) : BYTE_SPAN_EMPTY;
    bool is_whole = shown.length == arguments.arguments.length;
    g_autofree char *safe = byte_span_to_string(shown);
    g_autofree char *masked = g_strconcat(
        safe, is_whole ? "" : (shown.length > 0 ? " " : ""), is_whole ? "" : SECRET_MASK, NULL
    );
    json_line_string(&json->line, "arguments", masked);
}

static void write_command(DissectJson *json, const DissectEvent *event)
{
    const DialogueEvent *said = event->dialogue;
    json->counts[COUNT_COMMANDS]++;
    begin(json, "command", event);
    if (said->tag.length > 0) {
        json_line_span(&json->line, "tag", said->tag);
    }
    json_line_span(&json->line, "verb", said->verb);
    write_arguments(json, said);
    write_text(json, "text", said);
    write_meaning(json, said->item);
    write_defects(&json->line, said->defects);
    end_line(json);
}

static void write_continuation(DissectJson *json, const DissectEvent *event)
{
    begin(json, "continuation", event);
    json_line_number(&json->line, "continues", event->answers);
    write_text(json, "text", event->dialogue);
    write_meaning(json, event->dialogue->item);
    write_defects(&json->line, event->dialogue->defects);
    end_line(json);
}

static void copy_span(char *place, gsize room, ByteSpan span)
{
    gsize length = MIN(span.length, room - 1);
    if (length > 0) {
        memcpy(place, span.data, length);
    }
    place[length] = '\0';
}

static void gather_reply_line(View *view, const DissectEvent *event)
{
    const DialogueEvent *said = event->dialogue;
    if (said->is_first || view->reply_lines == 0) {
        view->reply_lines = 0;
        view->reply_defects = 0;
        view->reply_first = *said;
        view->reply_first_frame = event->pieces->frame;
        copy_span(view->reply_code, sizeof view->reply_code, said->code);
        copy_span(view->reply_enhanced, sizeof view->reply_enhanced, said->enhanced);
        if (view->reply == NULL) {
            view->reply = g_string_new(NULL);
        }
        g_string_truncate(view->reply, 0);
    }
    if (view->reply->len + said->text.length < REPLY_TEXT_MAXIMUM) {
        if (view->reply_lines > 0) {
            g_string_append_c(view->reply, '\n');
        }
        g_string_append_len(view->reply, (const char *)said->text.data, (gssize)said->text.length);
    }
    view->reply_lines++;
    view->reply_defects |= said->defects;
}

static void write_reply_frames(JsonLine *line, const View *view, const DissectEvent *event)
{
    json_line_array_begin(line, "frames");
    if (view->reply_first_frame != event->frame) {
        json_line_number(line, NULL, view->reply_first_frame);
    }
    json_line_number(line, NULL, event->frame);
    json_line_array_end(line);
}

static void write_whole_reply(
    DissectJson *json,
    const DissectEvent *event,
    const DialogueEvent *first,
    const char *code,
    ByteSpan enhanced,
    ByteSpan text,
    guint32 defects
)
{
    JsonLine *line = &json->line;
    json_line_string(line, "code", code);
    if (first->tag.length > 0) {
        json_line_span(line, "tag", event->dialogue->tag);
    }
    if (enhanced.length > 0) {
        json_line_span(line, "enhanced", enhanced);
    }
    json_line_number(line, "answers", event->answers);
    json_line_span(line, "text", text);
    write_meaning(json, first->item);
    write_defects(line, defects);
    end_line(json);
}

/* The reply is written at its last line; one of a single line, which most are, straight away. */
static void write_reply(DissectJson *json, const DissectEvent *event)
{
    const DialogueEvent *said = event->dialogue;
    View *view = view_of(event->conversation);
    bool is_dot = event->conversation->protocol == MAIL_PROTOCOL_POP3 &&
                  byte_span_is(said->text, ".") && view->reply_lines == 0;
    if (is_dot) {
        return; /* the end of a message, which is an object of its own */
    }
    bool opens_message =
        !said->is_last && said->is_first && said->command != NULL &&
        (said->command->shape == REPLY_SHAPE_DOTTED) &&
        (g_str_equal(said->command->token, "RETR") || g_str_equal(said->command->token, "TOP"));
    if ((said->is_last || opens_message) && (said->is_first || view->reply_lines == 0)) {
        char code[16];
        copy_span(code, sizeof code, said->code);
        json->counts[COUNT_REPLIES]++;
        begin(json, "reply", event);
        write_whole_reply(json, event, said, code, said->enhanced, said->text, said->defects);
        view->reply_lines = 0;
        return;
    }
    gather_reply_line(view, event);
    if (!said->is_last) {
        return;
    }
    json->counts[COUNT_REPLIES]++;
    JsonLine *line = &json->line;
    json_line_begin(line, "reply");
    json_line_number(line, "step", event->step);
    json_line_time(line, "time", event->time_ns);
    json_line_number(line, "stream", event->conversation->number);
    write_reply_frames(line, view, event);
    json_line_string(line, "from", view->addresses[event->direction]);
    json_line_string(line, "to", view->addresses[!event->direction]);
    json_line_string(line, "protocol", mail_protocol_name(event->conversation->protocol));
    json_line_number(line, "lines", view->reply_lines);
    write_whole_reply(
        json,
        event,
        &view->reply_first,
        view->reply_code,
        byte_span_from_string(view->reply_enhanced),
        byte_span(view->reply->str, view->reply->len),
        view->reply_defects
    );
    view->reply_lines = 0;
}

static void write_credential(DissectJson *json, const DissectEvent *event)
{
    const DialogueCredential *credential = event->dialogue->credential;
    JsonLine *line = &json->line;
    json->counts[COUNT_CREDENTIALS]++;
    begin(json, "credential", event);
    json_line_string(line, "method", credential->method);
    json_line_span(line, "identity", credential->identity);
    if (credential->authorization.length > 0) {
        json_line_span(line, "authorization", credential->authorization);
    }
    if (credential->secret.length > 0) {
        json_line_string(line, "secret", SECRET_MASK);
        if (json->options.show_secrets) {
            json_line_span(line, "password", credential->secret);
        }
    }
    if (credential->challenge.length > 0) {
        json_line_span(line, "challenge", credential->challenge);
    }
    if (credential->proof.length > 0 && json->options.show_secrets) {
        json_line_span(line, "proof", credential->proof);
    }
    if (credential->is_answered) {
        json_line_boolean(line, "succeeded", credential->succeeded);
    }
    json_line_number(line, "answers", event->answers);
    write_meaning(json, credential->mechanism);
    end_line(json);
}

static void write_envelope(JsonLine *line, const DialogueMessage *message)
{
    ByteSpan rest = message->forward_paths;
    ByteSpan path;
    json_line_object_begin(line, "envelope");
    json_line_span(line, "reverse_path", message->reverse_path);
    json_line_array_begin(line, "forward_paths");
    while (byte_span_next_token(&rest, '\n', &path)) {
        json_line_span(line, NULL, path);
    }
    json_line_array_end(line);
    json_line_object_end(line);
}

/* Name and body of each field, unfolded. */
static void write_headers(JsonLine *line, ByteSpan head)
{
    json_line_array_begin(line, "headers");
    g_autoptr(GString) body = g_string_new(NULL);
    while (head.length > 0) {
        gssize colon = byte_span_find(head, ':', 0);
        gssize end = byte_span_find(head, '\n', 0);
        if (colon <= 0 || end < 0 || colon > end) {
            break;
        }
        ByteSpan name = byte_span_slice(head, 0, (gsize)colon);
        while ((gsize)end + 1 < head.length &&
               (head.data[end + 1] == ' ' || head.data[end + 1] == '\t')) {
            gssize further = byte_span_find(head, '\n', (gsize)end + 1);
            if (further < 0) {
                break;
            }
            end = further;
        }
        g_string_truncate(body, 0);
        for (gssize i = colon + 1; i < end; i++) {
            if (head.data[i] != '\r' && head.data[i] != '\n') {
                g_string_append_c(body, (char)head.data[i]);
            }
        }
        json_line_object_begin(line, NULL);
        json_line_span(line, "name", name);
        json_line_span(line, "value", byte_span_trim(byte_span(body->str, body->len)));
        json_line_object_end(line);
        head = byte_span_from(head, (gsize)end + 1);
    }
    json_line_array_end(line);
}

static void write_certificate(JsonLine *line, const DissectEvent *event)
{
    json_line_boolean(line, "complete", event->dialogue->message->is_complete);
    json_line_array_begin(line, "missing");
    for (guint i = 0; i < event->missing_count; i++) {
        json_line_array_begin(line, NULL);
        json_line_number(line, NULL, event->missing[i].from);
        json_line_number(line, NULL, event->missing[i].to);
        json_line_array_end(line);
    }
    json_line_array_end(line);
    if (event->missing_count > 0) {
        json_line_string(line, "missing_because", stream_gap_reason_text(event->missing[0].reason));
    }
}

static void write_message(DissectJson *json, const DissectEvent *event, MessageRecord *record)
{
    const DialogueMessage *message = event->dialogue->message;
    JsonLine *line = &json->line;
    message_record_end(record, event);
    json->counts[COUNT_MESSAGES]++;
    json->counts[COUNT_COMPLETE] += message->is_complete;
    json_line_begin(line, "message");
    json_line_number(line, "step", event->step);
    json_line_time(line, "time", record->last_time_ns);
    json_line_number(line, "stream", event->conversation->number);
    json_line_array_begin(line, "frames");
    json_line_number(line, NULL, record->first_frame);
    if (record->last_frame != record->first_frame) {
        json_line_number(line, NULL, record->last_frame);
    }
    json_line_array_end(line);
    View *view = view_of(event->conversation);
    json_line_string(line, "from", view->addresses[record->direction]);
    json_line_string(line, "to", view->addresses[!record->direction]);
    json_line_string(line, "protocol", mail_protocol_name(event->conversation->protocol));
    json_line_string(line, "kind", message_kind_name(message->kind));
    json_line_number(line, "octets", message->octets);
    write_certificate(line, event);
    if (message->has_envelope) {
        write_envelope(line, message);
    }
    if (message->retrieved_number > 0) {
        json_line_number(line, "number", message->retrieved_number);
    }
    if (message->section.length > 0) {
        json_line_span(line, "section", message->section);
        json_line_number(line, "origin", message->origin);
    }
    write_headers(line, byte_buffer_span(&record->head));
    if (json->options.wants_digest) {
        json_line_string(line, "sha256", message_record_sha256(record));
    }
    end_line(json);
}

static void take_message(DissectJson *json, const DissectEvent *event)
{
    View *view = view_of(event->conversation);
    if (event->dialogue->kind == DIALOGUE_EVENT_MESSAGE_BEGIN) {
        message_record_free(view->message);
        view->message = message_record_new(&json->message_options, event);
    } else if (view->message != NULL && event->dialogue->kind == DIALOGUE_EVENT_MESSAGE_DATA) {
        message_record_data(view->message, event);
    } else if (view->message != NULL) {
        write_message(json, event, view->message);
        g_clear_pointer(&view->message, message_record_free);
    }
}

static void write_opaque(DissectJson *json, const DissectEvent *event)
{
    begin(json, "stream", event);
    json_line_string(&json->line, "event", "opaque");
    json_line_string(&json->line, "text", "From here on nothing can be read.");
    end_line(json);
}

static void take_said(DissectJson *json, const DissectEvent *event)
{
    switch (event->dialogue->kind) {
    case DIALOGUE_EVENT_COMMAND:
        write_command(json, event);
        break;
    case DIALOGUE_EVENT_REPLY:
        write_reply(json, event);
        break;
    case DIALOGUE_EVENT_CONTINUATION:
        write_continuation(json, event);
        break;
    case DIALOGUE_EVENT_MESSAGE_BEGIN:
    case DIALOGUE_EVENT_MESSAGE_DATA:
    case DIALOGUE_EVENT_MESSAGE_END:
        take_message(json, event);
        break;
    case DIALOGUE_EVENT_CREDENTIAL:
        write_credential(json, event);
        break;
    case DIALOGUE_EVENT_OPAQUE:
        write_opaque(json, event);
        break;
    case DIALOGUE_EVENT_MISSING:
        break; /* told by the stream's own gap */
    }
}

static void write_dns(DissectJson *json, const DissectEvent *event)
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
    char text[PACKET_ADDRESS_TEXT_SIZE];
    g_autoptr(GString) meaning = g_string_new(NULL);
    DnsReader reader;
    json->counts[COUNT_DNS]++;
    json_line_begin(line, "dns");
    json_line_number(line, "step", event->step);
    json_line_time(line, "time", event->time_ns);
    if (event->conversation != NULL) {
        json_line_number(line, "stream", event->conversation->number);
    }
    write_frames(line, event->pieces, event->piece_count);
    g_autofree char *from =
        g_strdup_printf("%s:%u", packet_address_format(&event->source, text), event->source_port);
    g_autofree char *to = g_strdup_printf(
        "%s:%u", packet_address_format(&event->destination, text), event->destination_port
    );
    json_line_string(line, "from", from);
    json_line_string(line, "to", to);
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
    json_line_array_begin(line, "rfc");
    json_line_object_begin(line, NULL);
    json_line_number(line, "rfc", 1035);
    json_line_string(line, "section", "4.1");
    json_line_string(line, "title", rfc_section_title((RfcReference){1035, "4.1"}));
    json_line_object_end(line);
    json_line_array_end(line);
    json_line_string(line, "meaning", meaning->str);
    end_line(json);
}

static void write_gap(DissectJson *json, const DissectEvent *event)
{
    JsonLine *line = &json->line;
    json->counts[COUNT_GAPS]++;
    begin(json, "gap", event);
    json_line_number(line, "offset", event->gap->offset);
    json_line_number(line, "octets", event->gap->length);
    json_line_string(line, "because", stream_gap_reason_text(event->gap->reason));
    json_line_number(line, "frame_before", event->gap->frame_before);
    json_line_number(line, "frame_after", event->gap->frame_after);
    end_line(json);
}

static void write_overlap(DissectJson *json, const DissectEvent *event)
{
    JsonLine *line = &json->line;
    begin(json, "remark", event);
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
    end_line(json);
}

static void write_stream(DissectJson *json, const DissectEvent *event, const char *what)
{
    begin(json, "stream", event);
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
    end_line(json);
}

static void write_tcp(DissectJson *json, const DissectEvent *event)
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
    write_stream(json, event, names[event->tcp->kind]);
}

static void write_fragment(DissectJson *json, const DissectEvent *event)
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
    begin(json, "remark", event);
    json_line_string(line, "remark", "fragment");
    json_line_string(line, "severity", "warning");
    json_line_string(line, "meaning", names[fragment->kind]);
    json_line_number(line, "first_frame", fragment->first_frame);
    json_line_number(line, "octets", fragment->octets);
    json_line_number(line, "missing", fragment->missing);
    end_line(json);
}

void dissect_json_event(DissectJson *json, const DissectEvent *event)
{
    switch (event->kind) {
    case DISSECT_OPENED:
        json->counts[COUNT_STREAMS]++;
        write_stream(json, event, "opened");
        break;
    case DISSECT_PROTOCOL:
        write_stream(json, event, "protocol");
        break;
    case DISSECT_TLS:
        write_stream(json, event, "tls");
        break;
    case DISSECT_CLOSED:
        write_stream(json, event, "closed");
        free_view(event->conversation);
        break;
    case DISSECT_DIALOGUE:
        take_said(json, event);
        break;
    case DISSECT_DNS:
        write_dns(json, event);
        break;
    case DISSECT_GAP:
        write_gap(json, event);
        break;
    case DISSECT_OVERLAP:
        write_overlap(json, event);
        break;
    case DISSECT_TCP:
        write_tcp(json, event);
        break;
    case DISSECT_FRAGMENT:
        write_fragment(json, event);
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
    end_line(json);
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
    end_line(json);
}

void dissect_json_damage(DissectJson *json, const char *capture, const CaptureDamage *damage)
{
    json_line_begin(&json->line, "damage");
    json_line_string(&json->line, "capture", capture);
    json_line_number(&json->line, "frame", damage->frame);
    json_line_number(&json->line, "offset", damage->offset);
    json_line_string(&json->line, "meaning", damage->message);
    end_line(json);
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
    json_line_number(line, "missing_octets", streams->gap_octets);
    json_line_number(line, "retransmitted_octets", streams->retransmitted_octets);
    json_line_number(line, "bad_checksums", packets->checksums_bad + packets->ip_checksums_bad);
    json_line_number(line, "closed_by_limit", streams->closed_by_limit);
    end_line(json);
    return !json->has_failed && fflush(json->stream) == 0;
}
