#include "ui/report/where.h"

#include "dissect/finding/secret-mask.h"
#include "protocol/http/http-secret.h"
#include "protocol/message/mime-tree.h"

#include <string.h>

#define SHOWN_MAXIMUM 200

typedef struct {
    char *place; /* "stream 0, client, octets 120 to 160, frames 14 to 15" */
    char *text;
} Finding;

struct Where {
    char *text;
    bool show_secrets;
    MessageGather *gather;
    GArray *findings;
    guint64 left_out;
};

static void take_message(gpointer owner, const GatheredMessage *message);

static void clear_finding(gpointer data)
{
    Finding *finding = data;
    g_free(finding->place);
    g_free(finding->text);
}

Where *where_new(const char *text, bool show_secrets)
{
    Where *where = g_new0(Where, 1);
    where->text = g_ascii_strdown(text, -1);
    where->show_secrets = show_secrets;
    where->findings = g_array_new(FALSE, FALSE, sizeof(Finding));
    g_array_set_clear_func(where->findings, clear_finding);
    MessageGatherOptions options = {.message = take_message, .owner = where};
    where->gather = message_gather_new(&options);
    return where;
}

void where_free(Where *where)
{
    if (where != NULL) {
        message_gather_free(where->gather);
        g_array_unref(where->findings);
        g_free(where->text);
        g_free(where);
    }
}

static bool contains(const Where *where, ByteSpan octets)
{
    gsize length = strlen(where->text);
    for (gsize i = 0; length > 0 && i + length <= octets.length; i++) {
        if (g_ascii_tolower((char)octets.data[i]) == where->text[0] &&
            g_ascii_strncasecmp((const char *)octets.data + i, where->text, length) == 0) {
            return true;
        }
    }
    return false;
}

static void add(Where *where, char *place, ByteSpan octets)
{
    if (where->findings->len >= WHERE_FINDINGS_MAXIMUM) {
        where->left_out++;
        g_free(place);
        return;
    }
    while (octets.length > 0 && g_ascii_isspace(octets.data[octets.length - 1])) {
        octets.length--;
    }
    Finding finding = {
        .place = place,
        .text = byte_span_to_display(byte_span_slice(octets, 0, SHOWN_MAXIMUM)),
    };
    g_array_append_val(where->findings, finding);
}

static const char *side_name(StreamDirection direction)
{
    return direction == STREAM_FROM_CLIENT ? "client" : "server";
}

static void take_line(Where *where, const DissectEvent *event)
{
    const DialogueEvent *said = event->dialogue;
    g_autofree char *shown = secret_display_text(said, where->show_secrets);
    ByteSpan visible = byte_span_from_string(shown);
    if (!contains(where, visible) || event->piece_count == 0) {
        return;
    }
    guint64 first = event->pieces[0].frame;
    char *place = g_strdup_printf(
        first == event->frame ? "step %" G_GUINT64_FORMAT ", stream %" G_GUINT64_FORMAT
                                ", %s octets %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
                                ", frame %" G_GUINT64_FORMAT
                              : "step %" G_GUINT64_FORMAT ", stream %" G_GUINT64_FORMAT
                                ", %s octets %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
                                ", frames %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
        event->step,
        event->conversation->number,
        side_name(event->direction),
        said->from,
        said->to,
        first,
        event->frame
    );
    add(where, place, visible);
}

static void add_range(
    Where *where,
    const GatheredMessage *message,
    const char *what,
    guint64 from,
    guint64 to,
    ByteSpan octets
)
{
    g_autofree char *frames = gathered_frames_text(message, from, to);
    char *place = g_strdup_printf(
        "step %" G_GUINT64_FORMAT ", stream %" G_GUINT64_FORMAT
        ", %s of the message, octets %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT ", frame%s %s",
        message->step,
        message->stream,
        what,
        from,
        to,
        strpbrk(frames, ",t") == NULL ? "" : "s",
        frames
    );
    add(where, place, octets);
}

static void take_header(Where *where, const GatheredMessage *message, const HeaderBlock *header)
{
    for (guint i = 0; i < header->n_fields; i++) {
        const HeaderField *field = &header->fields[i];
        if (contains(where, field->raw)) {
            add_range(
                where,
                message,
                "header field",
                field->offset,
                field->offset + field->raw.length,
                field->raw
            );
        }
    }
}

static void take_body(Where *where, const GatheredMessage *message, ByteSpan octets, gsize start)
{
    ByteSpan rest = byte_span_from(octets, start);
    ByteSpan line;
    while (byte_span_next_token(&rest, '\n', &line)) {
        gsize from = (gsize)(line.data - octets.data);
        if (contains(where, line)) {
            add_range(where, message, "line", from, from + line.length, line);
        }
    }
}

static void take_part(Where *where, const GatheredMessage *message, const MimePart *part)
{
    if (part->sequence > 0 && part->file_name != NULL &&
        contains(where, byte_span_from_string(part->file_name))) {
        add_range(
            where,
            message,
            "attachment",
            part->body_offset,
            part->body_offset + part->body_length,
            byte_span_from_string(part->file_name)
        );
    }
}

/* Whether it is a form or JSON with a password in it, which stands next to what is looked for. */
static bool holds_secret(const GatheredMessage *message)
{
    gsize length = 0;
    const void *octets = g_bytes_get_data(message->octets, &length);
    HttpSecretScanner scanner;
    http_secret_scanner_init(&scanner, http_scan_kind(message->message->section));
    return message->message->kind == DIALOGUE_MESSAGE_HTTP &&
           http_secret_scanner_feed(&scanner, byte_span(octets, length));
}

static void take_message(gpointer owner, const GatheredMessage *message)
{
    Where *where = owner;
    if (!where->show_secrets && holds_secret(message)) {
        return;
    }
    g_autoptr(MimeTree) tree = mime_tree_new(message->octets, NULL);
    const HeaderBlock *header = &mime_tree_root(tree)->header;
    take_header(where, message, header);
    take_body(where, message, mime_tree_octets(tree), header->body_offset);
    for (guint i = 0; i < mime_tree_n_parts(tree); i++) {
        take_part(where, message, mime_tree_part(tree, i));
    }
}

void where_event(Where *where, const DissectEvent *event)
{
    message_gather_event(where->gather, event);
    if (event->kind != DISSECT_DIALOGUE) {
        return;
    }
    DialogueEventKind kind = event->dialogue->kind;
    if (kind == DIALOGUE_EVENT_COMMAND || kind == DIALOGUE_EVENT_REPLY ||
        kind == DIALOGUE_EVENT_CONTINUATION) {
        take_line(where, event);
    }
}

bool where_write(Where *where, TextLayout *layout)
{
    for (guint i = 0; i < where->findings->len; i++) {
        const Finding *finding = &g_array_index(where->findings, Finding, i);
        text_layout_paragraph(layout, 0, TEXT_PLAIN, finding->place);
        text_layout_paragraph(layout, 4, TEXT_PROTOCOL, finding->text);
    }
    if (where->left_out > 0) {
        g_autofree char *more =
            g_strdup_printf("and %" G_GUINT64_FORMAT " more places", where->left_out);
        text_layout_paragraph(layout, 0, TEXT_WARNING, more);
    }
    if (where->findings->len == 0) {
        text_layout_paragraph(layout, 0, TEXT_PLAIN, "This text is in no line and no message.");
    }
    return where->findings->len > 0;
}
