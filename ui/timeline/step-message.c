/* A mail message in a step: the fields that people read, the MIME tree, the length, and whether it
 * is whole. */

#include "ui/timeline/step-builder-private.h"

#include "protocol/http/http-line.h"
#include "protocol/message/mime-tree.h"

#define TREE_PARTS_SHOWN 64
#define TEXT_SHOWN_MAXIMUM 65536
#define FRAMES_KEPT 65536

static const char *const fields_shown[] = {
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "User-Agent",
    "X-Mailer",
};

void step_drop_message(StepBuilder *builder, Talk *talk)
{
    g_clear_pointer(&talk->message, message_record_free);
    builder->held -= byte_buffer_length(&talk->octets);
    byte_buffer_clear(&talk->octets);
    talk->octets_are_cut = false;
    g_array_set_size(talk->message_frames, 0);
}

static void note_frames(Talk *talk, const DissectEvent *event)
{
    GArray *frames = talk->message_frames;
    for (guint i = 0; i < event->piece_count && frames->len < FRAMES_KEPT; i++) {
        guint64 last = frames->len == 0 ? 0 : g_array_index(frames, guint64, frames->len - 1);
        if (event->pieces[i].frame > last) {
            g_array_append_val(frames, event->pieces[i].frame);
        }
    }
}

static void keep_octets(StepBuilder *builder, Talk *talk, ByteSpan octets)
{
    gsize before = byte_buffer_length(&talk->octets);
    gsize room = MIN(MESSAGE_HELD_MAXIMUM - before, STEP_HELD_MAXIMUM - builder->held);
    if (talk->octets_are_cut) {
        return;
    }
    talk->octets_are_cut = octets.length > room;
    ByteSpan kept = byte_span_slice(octets, 0, room);
    bool fits = byte_buffer_append(&talk->octets, kept);
    g_assert(fits);
    builder->held += kept.length;
}

static void add_field(Step *step, const HeaderBlock *block, const char *name)
{
    g_autofree char *value = header_block_decoded(block, name);
    if (value != NULL) {
        g_autofree char *text = step_safe_text(byte_span_from_string(value));
        step_detail(step, 0, name, "%s", text);
    }
}

static char *describe_part(const MimeTree *tree, const MimePart *part)
{
    GString *text = g_string_new(NULL);
    g_autofree char *type = g_strdup_printf("%s/%s", part->type, part->subtype);
    g_autofree char *safe = step_safe_text(byte_span_from_string(type));
    g_string_append(text, safe);
    if (part->charset != NULL) {
        g_autofree char *charset = step_safe_text(byte_span_from_string(part->charset));
        g_string_append_printf(text, ", charset %s", charset);
    }
    if (part->n_children == 0) {
        g_string_append_printf(text, ", %s", mime_encoding_name(part->encoding));
        g_autofree char *raw = step_octets_text(part->body_length);
        g_string_append_printf(text, ", %s", raw);
        gsize content = mime_part_content_length(tree, part);
        if (content != part->body_length) {
            g_autofree char *decoded = step_octets_text(content);
            g_string_append_printf(text, " (decoded: %s)", decoded);
        }
    } else {
        g_string_append_printf(
            text, ", %u part%s", part->n_children, part->n_children == 1 ? "" : "s"
        );
    }
    if (part->file_name != NULL) {
        g_autofree char *name = step_safe_text(byte_span_from_string(part->file_name));
        g_string_append_printf(text, ", file \"%s\"", name);
    }
    if (mime_part_is_attachment(part)) {
        g_string_append(text, ", attachment");
    }
    return g_string_free(text, FALSE);
}

static void add_tree(const StepBuilder *builder, Step *step, const MimeTree *tree)
{
    guint count = mime_tree_n_parts(tree);
    for (guint i = 0; i < MIN(count, TREE_PARTS_SHOWN); i++) {
        const MimePart *part = mime_tree_part(tree, i);
        g_autofree char *text = describe_part(tree, part);
        step_detail(step, MIN(part->depth, 8), i == 0 ? "content" : "part", "%s", text);
    }
    if (count > TREE_PARTS_SHOWN) {
        step_detail(step, 0, "parts", "%u more parts", count - TREE_PARTS_SHOWN);
    }
    const MimePart *body = mime_tree_text_part(tree, NULL);
    if (builder->options.shows_messages && body != NULL) {
        g_autofree char *raw = mime_part_text(tree, body, TEXT_SHOWN_MAXIMUM);
        g_auto(GStrv) lines = g_strsplit(raw, "\n", -1);
        g_autoptr(GString) text = g_string_new(NULL);
        for (guint i = 0; lines[i] != NULL; i++) {
            g_autofree char *safe = byte_span_to_display(byte_span_from_string(lines[i]));
            g_string_append_printf(text, "%s%s", i == 0 ? "" : "\n", safe);
        }
        step_detail(step, 0, "text", "%s", text->str);
    }
}

static void add_paths(Step *step, const DialogueMessage *message)
{
    ByteSpan rest = message->forward_paths;
    ByteSpan path;
    g_autoptr(GString) paths = g_string_new(NULL);
    if (!message->has_envelope) {
        return;
    }
    while (byte_span_next_token(&rest, '\n', &path) && paths->len < STEP_TEXT_MAXIMUM) {
        g_autofree char *text = step_safe_text(path);
        g_string_append_printf(paths, "%s<%s>", paths->len == 0 ? "" : ", ", text);
    }
    g_autofree char *sender = step_safe_text(message->reverse_path);
    step_detail(step, 0, "envelope", "from <%s> to %s", sender, paths->str);
}

static void add_place(Step *step, const DialogueMessage *message)
{
    guint64 length = message->octets + message->missing;
    if (message_is_part(message) && length > 0) {
        step_detail(
            step,
            0,
            "part",
            "octets %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT ", counted from 0",
            message->origin,
            message->origin + length - 1
        );
    }
}

static void add_completeness(Step *step, const Talk *talk, const DissectEvent *event)
{
    const DialogueMessage *message = event->dialogue->message;
    g_autofree char *octets = step_octets_text(message->octets);
    const char *digest = message_record_sha256(talk->message);
    if (message->is_complete) {
        step_detail(step, 0, "complete", "%s, sha256 %s", octets, digest);
        return;
    }
    g_autoptr(GString) missing = g_string_new(NULL);
    for (guint i = 0; i < MIN(event->missing_count, 8); i++) {
        const DissectMissing *range = &event->missing[i];
        g_string_append_printf(
            missing,
            "%s%" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT " (%s)",
            i == 0 ? "; missing octets " : ", ",
            range->from + 1, /* people count from 1 */
            range->to,
            stream_gap_reason_text(range->reason)
        );
    }
    if (event->missing_count > 8) {
        g_string_append_printf(missing, " and %u more gaps", event->missing_count - 8);
    }
    step_detail(
        step,
        0,
        "incomplete",
        "%s are here%s%s",
        octets,
        missing->str,
        event->missing_count == 0 ? "; its end was not seen" : ""
    );
}

/* A part of a message, or one with octets missing, has no structure that could be judged. */
static void judge(StepBuilder *builder, Talk *talk, const DissectEvent *event, MimeTree *tree)
{
    const DialogueMessage *message = event->dialogue->message;
    bool is_part = message->kind == DIALOGUE_MESSAGE_FETCH || message->is_partial;
    bool is_whole =
        message->is_complete && !talk->octets_are_cut && message->kind != DIALOGUE_MESSAGE_TOP;
    ByteSpan octets = mime_tree_octets(tree);
    gsize length = mime_tree_root(tree)->header.body_offset;
    if (is_part || message->missing > 0) {
        return;
    }
    if (is_whole) {
        mime_tree_check(tree);
    }
    remarks_judge_message(
        builder->judge,
        event,
        byte_span_slice(octets, 0, length),
        is_whole ? tree : NULL,
        step_keep_remark,
        talk
    );
}

/* FETCH may ask for a piece of the body, which begins with no field. */
static bool has_header(const DialogueMessage *message, const HeaderBlock *header)
{
    return message->kind != DIALOGUE_MESSAGE_FETCH ||
           (message->origin == 0 && header->n_fields > 0 && header->fields[0].name.length > 0);
}

/* A header alone, or a piece of the body, does not show what a message holds. */
static bool has_structure(const DialogueMessage *message, const HeaderBlock *header, gsize length)
{
    if (message->kind == DIALOGUE_MESSAGE_FETCH) {
        return has_header(message, header) && header->body_offset < length;
    }
    return message->kind != DIALOGUE_MESSAGE_TOP;
}

/* What has come: IMAP gives parts too, and the header of a part looks like that of a message. */
static const char *noun_of(const DialogueMessage *message, const HeaderBlock *header, bool is_whole)
{
    bool is_fetched = message->kind == DIALOGUE_MESSAGE_FETCH;
    ByteSpan section = message->section;
    gsize before = section.length > 5 ? section.length - 5 : 0;
    if (is_fetched && byte_span_is_nocase(byte_span_from(section, before), ".MIME")) {
        return "MIME header";
    }
    if (!has_header(message, header)) {
        return "part";
    }
    return is_fetched && !is_whole ? "header" : "message";
}

static void describe(StepBuilder *builder, Talk *talk, Step *step, const DissectEvent *event)
{
    const DialogueMessage *message = event->dialogue->message;
    g_autoptr(GBytes) octets = byte_buffer_steal(&talk->octets);
    builder->held -= g_bytes_get_size(octets);
    g_autoptr(MimeTree) tree = mime_tree_new(octets, NULL);
    const HeaderBlock *header = &mime_tree_root(tree)->header;
    bool is_whole = has_structure(message, header, mime_tree_octets(tree).length);
    step->level = is_whole ? STEP_LEVEL_STORY : STEP_LEVEL_DIALOGUE;
    step->title = g_strdup("message");
    step_add_reference(step, (RfcReference){5322, "2.1"});
    add_paths(step, message);
    for (gsize i = 0; has_header(message, header) && i < G_N_ELEMENTS(fields_shown); i++) {
        add_field(step, header, fields_shown[i]);
    }
    if (is_whole) {
        add_tree(builder, step, tree);
    }
    if (talk->octets_are_cut) {
        step_detail(
            step, 0, "note", "the message is long: its parts are read from its beginning only"
        );
    }
    add_place(step, message);
    add_completeness(step, talk, event);
    judge(builder, talk, event, tree);
    g_autofree char *subject = header_block_decoded(header, "Subject");
    g_autofree char *safe =
        subject == NULL ? NULL
                        : step_safe_text(byte_span_slice(byte_span_from_string(subject), 0, 256));
    g_autofree char *length = step_octets_text(message->octets);
    const char *noun = noun_of(message, header, is_whole);
    step->text = safe == NULL ? g_strdup_printf("%s of %s", noun, length)
                              : g_strdup_printf("%s \"%s\" of %s", noun, safe, length);
}

/* What HTTP carries is a page or a form, not a mail message: its Content-Type says which. */
typedef struct {
    const char *type; /* NULL: any other */
    const char *name;
    const char *meaning;
} WebContent;

static const WebContent *web_content_of(ByteSpan content_type)
{
    static const WebContent kinds[] = {
        {
            .type = "text/html",
            .name = "HTML page",
            .meaning = "The page that the browser draws.",
        },
        {
            .type = "application/x-www-form-urlencoded",
            .name = "form",
            .meaning = "What was filled in, field by field: name=value, joined by &.",
        },
        {
            .type = "multipart/form-data",
            .name = "form",
            .meaning = "What was filled in: each field is a part, so that files can be among them.",
        },
        {
            .name = "content",
            .meaning = "What the HTTP message carries behind its header.",
        },
    };
    ByteSpan type = http_value_first(content_type);
    const WebContent *kind = kinds;
    while (kind->type != NULL && !byte_span_is_nocase(type, kind->type)) {
        kind++;
    }
    return kind;
}

static void
describe_content(StepBuilder *builder, Talk *talk, Step *step, const DissectEvent *event)
{
    g_autoptr(GBytes) octets = byte_buffer_steal(&talk->octets);
    const DialogueMessage *message = event->dialogue->message;
    const WebContent *kind = web_content_of(message->section);
    g_autofree char *length = step_octets_text(message->octets);
    builder->held -= g_bytes_get_size(octets);
    step->title = g_strdup("content");
    step->text = g_strdup_printf("%s of %s", kind->name, length);
    step->meaning = g_strdup(kind->meaning);
    if (message->section.length > 0) {
        g_autofree char *type = step_safe_text(message->section);
        step_detail(step, 0, "type", "%s", type);
    }
    step_add_reference(step, (RfcReference){9110, "6.4"});
    add_completeness(step, talk, event);
}

static const char *meaning_of(DialogueMessageKind kind)
{
    switch (kind) {
    case DIALOGUE_MESSAGE_DATA:
        return "The message itself: header lines, an empty line, the body, and a dot as the end.";
    case DIALOGUE_MESSAGE_BDAT:
        return "The message itself, sent in chunks whose lengths were told before.";
    case DIALOGUE_MESSAGE_RETR:
        return "The message from the mailbox: header lines, an empty line, the body, and a dot.";
    case DIALOGUE_MESSAGE_TOP:
        return "The header of a message, and the first lines of its body.";
    case DIALOGUE_MESSAGE_FETCH:
        return "A message, or the part of it that was asked for.";
    case DIALOGUE_MESSAGE_APPEND:
        return "A message that the client puts into a mailbox.";
    case DIALOGUE_MESSAGE_HTTP:
        break; /* its Content-Type says it */
    }
    return NULL;
}

static void end_message(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    const DialogueMessage *message = event->dialogue->message;
    bool is_content = message->kind == DIALOGUE_MESSAGE_HTTP;
    Step *step = step_of_event(builder, talk, is_content ? STEP_CONTENT : STEP_MESSAGE, event);
    message_record_end(talk->message, event);
    note_frames(talk, event);
    g_array_set_size(step->frames, 0);
    for (guint i = 0; i < talk->message_frames->len; i++) {
        step_add_frame(step, g_array_index(talk->message_frames, guint64, i));
    }
    step->is_from_server = talk->message->direction == STREAM_FROM_SERVER;
    step->time_ns = talk->message->last_time_ns;
    step->duration_ns = MAX(talk->message->last_time_ns - talk->message_begin_ns, 0);
    step->octets = message->octets;
    if (is_content) {
        describe_content(builder, talk, step, event);
    } else {
        step->meaning = g_strdup(meaning_of(message->kind));
        describe(builder, talk, step, event);
    }
    if (message->kind == DIALOGUE_MESSAGE_RETR || message->kind == DIALOGUE_MESSAGE_TOP) {
        step_note_message_end(builder, talk, event);
    } else if (message->kind == DIALOGUE_MESSAGE_DATA && talk->asked.step != 0) {
        step->why = g_strdup_printf(
            "Step %" G_GUINT64_FORMAT " asked for it with %s.", talk->asked.step, talk->asked.title
        );
    }
    if (!step->is_from_server) {
        talk->client_time_ns = step->time_ns;
    }
    step_drop_message(builder, talk);
    step_give(builder, step);
}

void step_take_message(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    if (event->dialogue->kind == DIALOGUE_EVENT_MESSAGE_BEGIN) {
        if (event->direction == STREAM_FROM_SERVER) {
            step_end_reply(builder, talk);
        }
        step_drop_message(builder, talk);
        talk->message = message_record_new(&builder->message_options, event);
        /* It begins with the go-ahead, not with the command that asked for that. */
        bool is_client = event->direction == STREAM_FROM_CLIENT;
        talk->message_begin_ns =
            is_client ? MAX(event->time_ns, talk->reply_time_ns) : event->time_ns;
    } else if (talk->message != NULL && event->dialogue->kind == DIALOGUE_EVENT_MESSAGE_DATA) {
        message_record_data(talk->message, event);
        note_frames(talk, event);
        keep_octets(builder, talk, event->dialogue->text);
    } else if (talk->message != NULL) {
        end_message(builder, talk, event);
    }
}
