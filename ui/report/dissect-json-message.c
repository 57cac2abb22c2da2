#include "ui/report/dissect-json-private.h"

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
static void write_headers(DissectJson *json, ByteSpan head)
{
    JsonLine *line = &json->line;
    header_block_parse(&json->header, head, 0);
    json_line_array_begin(line, "headers");
    for (guint i = 0; i < json->header.n_fields; i++) {
        const HeaderField *field = &json->header.fields[i];
        if (field->name.length > 0) {
            json_line_object_begin(line, NULL);
            json_line_span(line, "name", field->name);
            json_line_span(line, "value", header_field_unfold(field, &json->scratch));
            json_line_object_end(line);
        }
    }
    json_line_array_end(line);
}

static void write_part(JsonLine *line, const char *key, const MimeTree *tree, const MimePart *part)
{
    json_line_object_begin(line, key);
    g_autofree char *type = g_strconcat(part->type, "/", part->subtype, NULL);
    json_line_string(line, "type", type);
    if (part->charset != NULL) {
        json_line_string(line, "charset", part->charset);
    }
    if (part->n_children == 0) {
        json_line_string(line, "encoding", mime_encoding_name(part->encoding));
        json_line_number(line, "octets", mime_part_content_length(tree, part));
    }
    if (part->file_name != NULL) {
        json_line_string(line, "name", part->file_name);
    }
    if (mime_part_is_attachment(part)) {
        json_line_boolean(line, "attachment", true);
    }
    if (part->n_children > 0) {
        json_line_array_begin(line, "parts");
        for (guint i = 0; i < part->n_children; i++) {
            write_part(line, NULL, tree, part->children[i]);
        }
        json_line_array_end(line);
    }
    json_line_object_end(line);
}

/* NULL: the message is not whole, or it is too long to be held. */
static MimeTree *
tree_of(const DissectJson *json, const DissectEvent *event, const MessageRecord *record)
{
    const DialogueMessage *message = event->dialogue->message;
    ByteSpan octets = byte_buffer_span(&record->octets);
    bool is_one = message->is_complete && !message->is_partial && message->section.length == 0 &&
                  message->kind != DIALOGUE_MESSAGE_TOP && message->kind != DIALOGUE_MESSAGE_HTTP;
    if (!is_one || octets.length == 0 || octets.length != message->octets) {
        return NULL;
    }
    /* The record outlives the tree. */
    g_autoptr(GBytes) bytes = g_bytes_new_static(octets.data, octets.length);
    MimeTree *tree = mime_tree_new(bytes, NULL);
    if (json->judge != NULL) {
        mime_tree_check(tree);
    }
    return tree;
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

/* A page, a form or other content of HTTP is no message, nor is a part from the middle: what they
 * begin with are no fields. */
static ByteSpan head_of(const DialogueMessage *message, const MessageRecord *record)
{
    bool is_content = message->kind == DIALOGUE_MESSAGE_HTTP &&
                      !byte_span_starts_with_nocase(message->section, "message/");
    return is_content || message->origin > 0 ? BYTE_SPAN_EMPTY : byte_buffer_span(&record->head);
}

static void write_message(DissectJson *json, const DissectEvent *event, MessageRecord *record)
{
    const DialogueMessage *message = event->dialogue->message;
    JsonLine *line = &json->line;
    message_record_end(record, event);
    json->counts[COUNT_MESSAGES]++;
    json->counts[COUNT_COMPLETE] += message->is_complete;
    json_line_begin_step(line, "message", event->step, record->last_time_ns);
    json_line_number(line, "stream", event->conversation->number);
    json_line_array_begin(line, "frames");
    json_line_number(line, NULL, record->first_frame);
    if (record->last_frame != record->first_frame) {
        json_line_number(line, NULL, record->last_frame);
    }
    json_line_array_end(line);
    dissect_json_write_sides(json, event->conversation, record->direction);
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
    }
    if (message->section.length > 0 || message_is_part(message)) {
        json_line_number(line, "origin", message->origin);
    }
    ByteSpan head = head_of(message, record);
    write_headers(json, head);
    g_autoptr(MimeTree) tree = tree_of(json, event, record);
    if (tree != NULL) {
        write_part(line, "mime", tree, mime_tree_root(tree));
    }
    if (json->options.wants_digest) {
        json_line_string(line, "sha256", message_record_sha256(record));
    }
    dissect_json_end_line(json);
    dissect_json_judge_message(json, event, head, tree);
}

void dissect_json_drop_message(DissectJson *json, DissectJsonView *view)
{
    json->held -= view->message_held;
    view->message_held = 0;
    g_clear_pointer(&view->message, message_record_free);
}

/* A message that would make too much be held goes without its MIME tree. */
static void count_held(DissectJson *json, DissectJsonView *view)
{
    gsize held = byte_buffer_length(&view->message->octets);
    json->held += held - view->message_held;
    view->message_held = held;
    if (json->held > DISSECT_JSON_HELD_MAXIMUM) {
        byte_buffer_clear(&view->message->octets);
        json->held -= held;
        view->message_held = 0;
    }
}

void dissect_json_take_message(DissectJson *json, const DissectEvent *event)
{
    DissectJsonView *view = dissect_json_view(event->conversation);
    if (event->dialogue->kind == DIALOGUE_EVENT_MESSAGE_BEGIN) {
        dissect_json_drop_message(json, view);
        view->message = message_record_new(&json->message_options, event);
    } else if (view->message != NULL && event->dialogue->kind == DIALOGUE_EVENT_MESSAGE_DATA) {
        message_record_data(view->message, event);
        count_held(json, view);
    } else if (view->message != NULL) {
        write_message(json, event, view->message);
        dissect_json_drop_message(json, view);
    }
}
