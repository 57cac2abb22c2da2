#include "protocol/message/draft-part.h"

#include "protocol/message/header-block.h"
#include "protocol/message/header-writer.h"

static DraftPart *new_part(DraftContentKind kind, const char *type)
{
    DraftPart *part = g_new0(DraftPart, 1);
    part->kind = kind;
    part->type = header_sanitize(type);
    part->parameters = g_string_new(NULL);
    part->fields = g_string_new(NULL);
    return part;
}

void draft_part_free(DraftPart *part)
{
    if (part == NULL) {
        return;
    }
    g_free(part->type);
    g_string_free(part->parameters, TRUE);
    g_string_free(part->fields, TRUE);
    g_clear_pointer(&part->content, g_bytes_unref);
    g_clear_pointer(&part->children, g_ptr_array_unref);
    g_free(part->preamble);
    g_free(part->file_name);
    g_free(part);
}

/* RFC 2046 §4.1.1: every line break of a text is a CRLF. */
static GBytes *with_network_lines(const char *text)
{
    GString *lines = g_string_sized_new(strlen(text) + 64);
    for (const char *at = text; *at != '\0'; at++) {
        bool is_pair = at[0] == '\r' && at[1] == '\n';
        if (is_pair) {
            at++;
        }
        if (*at == '\n') {
            g_string_append(lines, "\r\n");
        } else {
            g_string_append_c(lines, *at);
        }
    }
    return g_string_free_to_bytes(lines);
}

DraftPart *draft_part_new_text(const char *subtype, const char *text)
{
    g_autofree char *type = g_strconcat("text/", subtype, NULL);
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    DraftPart *part = new_part(DRAFT_CONTENT_TEXT, type);
    part->content = with_network_lines(valid);
    return part;
}

DraftPart *draft_part_new_content(const char *type, GBytes *content, const char *file_name)
{
    DraftPart *part = new_part(DRAFT_CONTENT_OCTETS, type);
    part->content = g_bytes_ref(content);
    part->file_name = g_strdup(file_name);
    return part;
}

/* RFC 6532 §3.7: a message whose header holds UTF-8 as it is has a type of its own. */
static bool is_global(const HeaderBlock *block)
{
    return (block->defects & MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_HEADER_UTF8)) != 0;
}

static void read_header(GBytes *message, HeaderBlock *block)
{
    gsize length = 0;
    const void *data = g_bytes_get_data(message, &length);
    header_block_init(block);
    header_block_parse(block, byte_span(data, length), 0);
}

DraftPart *draft_part_new_message(GBytes *message)
{
    HeaderBlock block;
    read_header(message, &block);
    DraftPart *part =
        new_part(DRAFT_CONTENT_MESSAGE, is_global(&block) ? "message/global" : "message/rfc822");
    part->content = g_bytes_ref(message);
    header_block_clear(&block);
    return part;
}

/* RFC 6522 §4, RFC 6533 §4.3: the header without the empty line. */
DraftPart *draft_part_new_message_header(GBytes *message)
{
    HeaderBlock block;
    read_header(message, &block);
    const HeaderField *last = block.n_fields == 0 ? NULL : &block.fields[block.n_fields - 1];
    gsize end = last == NULL ? 0 : last->offset + last->raw.length;
    DraftPart *part = new_part(
        DRAFT_CONTENT_MESSAGE, is_global(&block) ? "message/global-headers" : "text/rfc822-headers"
    );
    part->content = g_bytes_new_from_bytes(message, 0, end);
    header_block_clear(&block);
    return part;
}

static void free_child(gpointer child)
{
    draft_part_free(child);
}

DraftPart *draft_part_new_multipart(const char *subtype)
{
    g_autofree char *type = g_strconcat("multipart/", subtype, NULL);
    DraftPart *part = new_part(DRAFT_CONTENT_PARTS, type);
    part->children = g_ptr_array_new_with_free_func(free_child);
    return part;
}

void draft_part_add(DraftPart *multipart, DraftPart *child)
{
    g_assert(multipart->kind == DRAFT_CONTENT_PARTS);
    g_ptr_array_add(multipart->children, child);
}

void draft_part_add_parameter(DraftPart *part, const char *name, const char *value)
{
    /* The line holds "Content-Type: " and the type already; folds are found as if it did. */
    g_autoptr(GString) line = g_string_new("Content-Type: ");
    g_string_append(line, part->type);
    g_string_append_len(line, part->parameters->str, (gssize)part->parameters->len);
    gsize before = line->len;
    const char *fold = g_strrstr(line->str, "\r\n");
    header_write_parameter(line, fold == NULL ? 0 : (gsize)(fold + 2 - line->str), name, value);
    g_string_append(part->parameters, line->str + before);
}

void draft_part_add_field(DraftPart *part, const char *name, const char *body)
{
    header_write_structured(part->fields, name, body);
}

void draft_part_set_inline(DraftPart *part)
{
    part->is_inline = true;
}

void draft_part_set_preamble(DraftPart *multipart, const char *text)
{
    g_free(multipart->preamble);
    multipart->preamble = g_strdup(text);
}

DraftPart *draft_part_new_composed(
    const char *text, const char *html, DraftPart *const *attachments, gsize n_attachments
)
{
    DraftPart *body = draft_part_new_text("plain", text);
    if (html != NULL) {
        DraftPart *alternative = draft_part_new_multipart("alternative");
        /* RFC 2046 §5.1.4: the plainest first, the richest last. */
        draft_part_add(alternative, body);
        draft_part_add(alternative, draft_part_new_text("html", html));
        body = alternative;
    }
    if (n_attachments > 0) {
        DraftPart *mixed = draft_part_new_multipart("mixed");
        draft_part_add(mixed, body);
        for (gsize i = 0; i < n_attachments; i++) {
            draft_part_add(mixed, attachments[i]);
        }
        body = mixed;
    }
    return body;
}
