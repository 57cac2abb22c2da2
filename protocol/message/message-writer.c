#include "protocol/message/message-writer.h"

#include "protocol/message/draft-part.h"
#include "protocol/message/header-writer.h"
#include "protocol/message/message-date.h"

struct MessageDraft {
    MessageDraftOptions options; /* the texts are owned */
    GString *header;
    DraftPart *body;
    bool has_date;
    bool has_message_id;
    bool has_mime_version;
};

MessageDraft *message_draft_new(const MessageDraftOptions *options)
{
    MessageDraft *draft = g_new0(MessageDraft, 1);
    draft->options = *options;
    draft->options.message_id = g_strdup(options->message_id);
    draft->options.domain = g_strdup(options->domain);
    draft->header = g_string_new(NULL);
    return draft;
}

void message_draft_free(MessageDraft *draft)
{
    if (draft != NULL) {
        g_free((char *)draft->options.message_id);
        g_free((char *)draft->options.domain);
        g_string_free(draft->header, TRUE);
        draft_part_free(draft->body);
        g_free(draft);
    }
}

static void note_name(MessageDraft *draft, const char *name)
{
    draft->has_date = draft->has_date || g_ascii_strcasecmp(name, "Date") == 0;
    draft->has_message_id = draft->has_message_id || g_ascii_strcasecmp(name, "Message-ID") == 0;
    draft->has_mime_version =
        draft->has_mime_version || g_ascii_strcasecmp(name, "MIME-Version") == 0;
}

void message_draft_add_text(MessageDraft *draft, const char *name, const char *text)
{
    note_name(draft, name);
    header_write_text(draft->header, name, text, draft->options.allows_utf8);
}

void message_draft_add_addresses(MessageDraft *draft, const char *name, const char *addresses)
{
    note_name(draft, name);
    header_write_addresses(draft->header, name, addresses, draft->options.allows_utf8);
}

void message_draft_add_structured(MessageDraft *draft, const char *name, const char *body)
{
    note_name(draft, name);
    header_write_structured(draft->header, name, body);
}

void message_draft_set_body(MessageDraft *draft, DraftPart *part)
{
    draft_part_free(draft->body);
    draft->body = part;
}

static void append_message_id(GString *out, const MessageDraftOptions *options)
{
    if (options->message_id != NULL) {
        g_autofree char *id = g_strconcat("<", options->message_id, ">", NULL);
        header_write_structured(out, "Message-ID", id);
        return;
    }
    /* RFC 5322 §3.6.4: unique, which time and seed together are in one world. */
    guint64 left = draft_mix((guint64)options->seconds);
    guint64 right = draft_mix(options->seed ^ left);
    const char *domain = options->domain == NULL ? "localhost" : options->domain;
    g_autofree char *id =
        g_strdup_printf("<%08x.%016" G_GINT64_MODIFIER "x@%s>", (guint)(left >> 32), right, domain);
    header_write_structured(out, "Message-ID", id);
}

GBytes *message_draft_write(const MessageDraft *draft)
{
    RenderedPart rendered;
    guint salt = 0;
    GString *out = g_string_new(NULL);
    g_autoptr(DraftPart) empty = draft_part_new_text("plain", "");
    draft_part_render(
        draft->body == NULL ? empty : draft->body, &draft->options, false, &salt, &rendered
    );
    if (!draft->has_date) {
        char date[MESSAGE_DATE_SIZE];
        message_date_write(draft->options.seconds, draft->options.zone_minutes, date);
        g_string_append_printf(out, "Date: %s\r\n", date);
    }
    g_string_append_len(out, draft->header->str, (gssize)draft->header->len);
    if (!draft->has_message_id) {
        append_message_id(out, &draft->options);
    }
    if (!draft->has_mime_version) {
        g_string_append(out, "MIME-Version: 1.0\r\n");
    }
    g_string_append_len(out, rendered.header->str, (gssize)rendered.header->len);
    g_string_append(out, "\r\n");
    g_string_append_len(out, rendered.body->str, (gssize)rendered.body->len);
    g_string_free(rendered.header, TRUE);
    g_string_free(rendered.body, TRUE);
    return g_string_free_to_bytes(out);
}
