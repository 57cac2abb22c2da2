#include "protocol/message/header-block.h"
#include "protocol/message/message-writer.h"
#include "sim/agent/list-server-private.h"

char *list_message_fields(const ListServer *list)
{
    return g_strdup_printf(
        "List-Id: %s <%s.%s>\r\n"
        "List-Help: <mailto:%s?subject=help>\r\n"
        "List-Subscribe: <mailto:%s?subject=subscribe>\r\n"
        "List-Unsubscribe: <mailto:%s?subject=unsubscribe>\r\n"
        "List-Post: <mailto:%s>\r\n"
        "List-Owner: <mailto:%s>\r\n",
        list->title,
        list->local,
        list->domain,
        list->request_address,
        list->request_address,
        list->request_address,
        list->address,
        list->owner_address
    );
}

static ByteSpan span_of(GBytes *octets)
{
    gsize length;
    const void *data = g_bytes_get_data(octets, &length);
    return byte_span(data, length);
}

/* RFC 2369 §4: one of each field; those of a list above this one give way. */
static void copy_header(GString *out, const HeaderBlock *header)
{
    for (guint i = 0; i < header->n_fields; i++) {
        const HeaderField *field = &header->fields[i];
        if (!byte_span_starts_with_nocase(field->name, "List-")) {
            g_string_append_len(out, (const char *)field->raw.data, (gssize)field->raw.length);
        }
    }
}

GBytes *list_message_copy(const ListServer *list, GBytes *octets)
{
    HeaderBlock header;
    ByteSpan whole = span_of(octets);
    g_autofree char *fields = list_message_fields(list);
    GString *out = g_string_sized_new(whole.length + strlen(fields) + 2);
    header_block_init(&header);
    header_block_parse(&header, whole, 0);
    copy_header(out, &header);
    g_string_append(out, fields);
    g_string_append(out, "\r\n");
    ByteSpan body = byte_span_from(whole, header.body_offset);
    g_string_append_len(out, (const char *)body.data, (gssize)body.length);
    header_block_clear(&header);
    return g_string_free_to_bytes(out);
}

bool list_message_is_own(const ListServer *list, GBytes *octets)
{
    HeaderBlock header;
    header_block_init(&header);
    header_block_parse(&header, span_of(octets), 0);
    g_autofree char *id = header_block_text(&header, "List-Id");
    g_autofree char *own = g_strdup_printf("<%s.%s>", list->local, list->domain);
    header_block_clear(&header);
    return id != NULL && strstr(id, own) != NULL;
}

static char *contents_of(const ListServer *list)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "Today on %s:\n\n", list->address);
    for (guint i = 0; i < list->pending->len; i++) {
        HeaderBlock header;
        header_block_init(&header);
        header_block_parse(&header, span_of(g_ptr_array_index(list->pending, i)), 0);
        g_autofree char *subject = header_block_decoded(&header, "Subject");
        g_autofree char *from = header_block_decoded(&header, "From");
        g_string_append_printf(
            text,
            "  %u. %s (%s)\n",
            i + 1,
            subject == NULL ? "no subject" : subject,
            from == NULL ? "no author" : from
        );
        header_block_clear(&header);
    }
    g_string_append_printf(
        text,
        "\nTo leave the list, write \"unsubscribe\" as the subject of a "
        "message to\n%s.\n",
        list->request_address
    );
    return g_string_free(text, FALSE);
}

static void add_list_fields(const ListServer *list, MessageDraft *draft)
{
    g_autofree char *fields = list_message_fields(list);
    g_auto(GStrv) lines = g_strsplit(fields, "\r\n", -1);
    for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++) {
        char *colon = strchr(lines[i], ':');
        *colon = '\0';
        message_draft_add_structured(draft, lines[i], colon + 2);
    }
}

GBytes *list_message_digest(const ListServer *list)
{
    MessageDraftOptions options = {
        .seconds = sim_world_now(list->world) / SIM_SECOND,
        .domain = list->domain,
        .seed = list->seed + list->digests,
    };
    g_autoptr(MessageDraft) draft = message_draft_new(&options);
    g_autofree char *from = g_strdup_printf("%s <%s>", list->title, list->request_address);
    g_autofree char *subject = g_strdup_printf(
        "%s digest %u, %u message%s",
        list->local,
        list->digests,
        list->pending->len,
        list->pending->len == 1 ? "" : "s"
    );
    g_autofree char *contents = contents_of(list);
    DraftPart *whole = draft_part_new_multipart("mixed");
    DraftPart *digest = draft_part_new_multipart("digest");
    for (guint i = 0; i < list->pending->len; i++) {
        draft_part_add(digest, draft_part_new_message(g_ptr_array_index(list->pending, i)));
    }
    draft_part_add(whole, draft_part_new_text("plain", contents));
    draft_part_add(whole, digest);
    message_draft_add_addresses(draft, "From", from);
    message_draft_add_addresses(draft, "To", list->address);
    message_draft_add_text(draft, "Subject", subject);
    add_list_fields(list, draft);
    message_draft_set_body(draft, whole);
    return message_draft_write(draft);
}
