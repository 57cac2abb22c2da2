#include "protocol/message/message-structure.h"

#include "protocol/message/content-parameter.h"
#include "protocol/message/message-address.h"
#include "protocol/message/mime-tree-internal.h"

/* Longer strings go as literals, so that no line becomes too long for its reader. */
#define QUOTED_MAXIMUM 1000

static bool put(ByteBuffer *out, const char *text)
{
    return byte_buffer_append_string(out, text);
}

/* RFC 9051 §4.3: seven-bit text without line ends may be quoted. */
static bool can_be_quoted(ByteSpan text)
{
    for (gsize i = 0; i < text.length; i++) {
        guint8 octet = text.data[i];
        if (octet >= 0x80 || octet == '\r' || octet == '\n' || octet == '\0') {
            return false;
        }
    }
    return text.length <= QUOTED_MAXIMUM;
}

static bool put_quoted(ByteBuffer *out, ByteSpan text)
{
    bool has_room = put(out, "\"");
    for (gsize i = 0; i < text.length && has_room; i++) {
        bool is_special = text.data[i] == '"' || text.data[i] == '\\';
        has_room =
            (!is_special || put(out, "\\")) && byte_buffer_append(out, byte_span_slice(text, i, 1));
    }
    return has_room && put(out, "\"");
}

static bool put_string(ByteBuffer *out, const char *text)
{
    ByteSpan span = byte_span_from_string(text);
    if (text == NULL) {
        return put(out, "NIL");
    }
    if (can_be_quoted(span)) {
        return put_quoted(out, span);
    }
    return byte_buffer_printf(out, "{%" G_GSIZE_FORMAT "}\r\n", span.length) &&
           byte_buffer_append(out, span);
}

/* A string in capitals, as most servers send types and names of parameters. */
static bool put_capitals(ByteBuffer *out, const char *text)
{
    g_autofree char *capitals = text == NULL ? NULL : g_ascii_strup(text, -1);
    return put_string(out, capitals);
}

static char *text_of(const HeaderBlock *header, const char *name)
{
    return header_block_text(header, name);
}

static bool put_field(ByteBuffer *out, const HeaderBlock *header, const char *name)
{
    g_autofree char *text = text_of(header, name);
    return put_string(out, text);
}

/* RFC 9051 §7.5.2: (name route mailbox host); a group begins with its name as the mailbox and no
 * host, and ends with nothing at all. A missing domain must not look like one of these. */
static bool put_address(ByteBuffer *out, const MessageAddress *address)
{
    bool is_mailbox = address->kind == MESSAGE_ADDRESS_MAILBOX;
    bool is_group = address->kind == MESSAGE_ADDRESS_GROUP_BEGIN;
    const char *host = address->host == NULL ? "" : address->host;
    return put(out, "(") && put_string(out, is_mailbox ? address->name : NULL) && put(out, " ") &&
           put_string(out, is_mailbox ? address->route : NULL) && put(out, " ") &&
           put_string(
               out,
               is_mailbox ? address->mailbox
               : is_group ? address->name
                          : NULL
           ) &&
           put(out, " ") && put_string(out, is_mailbox ? host : NULL) && put(out, ")");
}

static bool put_addresses(ByteBuffer *out, const HeaderBlock *header, const char *name)
{
    const HeaderField *field = header_block_find(header, name);
    g_autoptr(MessageAddressList) list =
        field == NULL ? NULL : message_address_list_parse(field->body);
    if (list == NULL || list->n_items == 0) {
        return put(out, "NIL");
    }
    bool has_room = put(out, "(");
    for (guint i = 0; i < list->n_items && has_room; i++) {
        has_room = put_address(out, &list->items[i]);
    }
    return has_room && put(out, ")");
}

/* RFC 9051 §7.5.2: a Sender or Reply-To that is not there is what From says. */
static bool put_addresses_or_from(ByteBuffer *out, const HeaderBlock *header, const char *name)
{
    const HeaderField *field = header_block_find(header, name);
    bool is_there = field != NULL && byte_span_trim(field->body).length > 0;
    return put_addresses(out, header, is_there ? name : "From");
}

bool message_structure_write_envelope(const MimePart *message, ByteBuffer *out)
{
    const HeaderBlock *header = &message->header;
    return put(out, "(") && put_field(out, header, "Date") && put(out, " ") &&
           put_field(out, header, "Subject") && put(out, " ") &&
           put_addresses(out, header, "From") && put(out, " ") &&
           put_addresses_or_from(out, header, "Sender") && put(out, " ") &&
           put_addresses_or_from(out, header, "Reply-To") && put(out, " ") &&
           put_addresses(out, header, "To") && put(out, " ") && put_addresses(out, header, "Cc") &&
           put(out, " ") && put_addresses(out, header, "Bcc") && put(out, " ") &&
           put_field(out, header, "In-Reply-To") && put(out, " ") &&
           put_field(out, header, "Message-ID") && put(out, ")");
}

static bool put_parameters(ByteBuffer *out, const HeaderBlock *header, const char *name)
{
    const HeaderField *field = header_block_find(header, name);
    ByteSpan rest = field == NULL ? BYTE_SPAN_EMPTY : field->body;
    ContentParameter parameter;
    bool is_first = true;
    bool has_room = true;
    while (has_room && content_parameter_next(&rest, &parameter)) {
        g_autofree char *value = parameter.value;
        g_autofree char *parameter_name = byte_span_to_string(parameter.name);
        has_room = put(out, is_first ? "(" : " ") && put_capitals(out, parameter_name) &&
                   put(out, " ") && put_string(out, value);
        is_first = false;
    }
    return has_room && put(out, is_first ? "NIL" : ")");
}

static bool put_content_parameters(ByteBuffer *out, const MimePart *part)
{
    /* RFC 2045 §5.2: what the default type says. */
    if (!part->has_content_type && mime_part_is(part, "text", NULL)) {
        return put(out, "(\"CHARSET\" \"US-ASCII\")");
    }
    return put_parameters(out, &part->header, "Content-Type");
}

static bool put_disposition(ByteBuffer *out, const MimePart *part)
{
    if (part->disposition == NULL) {
        return put(out, "NIL");
    }
    return put(out, "(") && put_capitals(out, part->disposition) && put(out, " ") &&
           put_parameters(out, &part->header, "Content-Disposition") && put(out, ")");
}

/* One language as a string, several as a list. */
static bool put_language(ByteBuffer *out, const MimePart *part)
{
    g_auto(GStrv) tags = part->language == NULL ? NULL : g_strsplit(part->language, ",", 20);
    if (tags == NULL || tags[0] == NULL) {
        return put(out, "NIL");
    }
    if (tags[1] == NULL) {
        return put_string(out, g_strstrip(tags[0]));
    }
    bool has_room = true;
    for (guint i = 0; tags[i] != NULL && has_room; i++) {
        has_room = put(out, i == 0 ? "(" : " ") && put_string(out, g_strstrip(tags[i]));
    }
    return has_room && put(out, ")");
}

static bool put_extension(ByteBuffer *out, const MimePart *part)
{
    return put(out, " ") && put_disposition(out, part) && put(out, " ") &&
           put_language(out, part) && put(out, " ") && put_string(out, part->location);
}

/* The fields that every part without parts of its own has. */
static bool put_basic(ByteBuffer *out, const MimePart *part, const char *type, const char *subtype)
{
    const char *encoding = part->encoding_text == NULL ? "7bit" : part->encoding_text;
    return put_capitals(out, type) && put(out, " ") && put_capitals(out, subtype) &&
           put(out, " ") && put_content_parameters(out, part) && put(out, " ") &&
           put_string(out, part->content_id) && put(out, " ") &&
           put_string(out, part->description) && put(out, " ") && put_capitals(out, encoding) &&
           byte_buffer_printf(out, " %" G_GSIZE_FORMAT, part->body_length);
}

static bool put_body(const MimeTree *tree, const MimePart *part, bool is_extended, ByteBuffer *out);

static bool
put_message(const MimeTree *tree, const MimePart *part, bool is_extended, ByteBuffer *out)
{
    return put_basic(out, part, part->type, part->subtype) && put(out, " ") &&
           message_structure_write_envelope(part->children[0], out) && put(out, " ") &&
           put_body(tree, part->children[0], is_extended, out) &&
           byte_buffer_printf(out, " %" G_GUINT64_FORMAT, part->n_lines);
}

static bool put_leaf(const MimePart *part, ByteBuffer *out)
{
    bool is_message = mime_part_holds_message(part);
    bool is_multipart = mime_part_is_multipart(part);
    if (is_message || is_multipart) {
        /* Its type promises what could not be found in it. */
        return put_basic(out, part, "application", "octet-stream");
    }
    bool is_text = mime_part_is(part, "text", NULL);
    return put_basic(out, part, part->type, part->subtype) &&
           (!is_text || byte_buffer_printf(out, " %" G_GUINT64_FORMAT, part->n_lines));
}

static bool
put_multipart(const MimeTree *tree, const MimePart *part, bool is_extended, ByteBuffer *out)
{
    bool has_room = put(out, "(");
    for (guint i = 0; i < part->n_children && has_room; i++) {
        has_room = put_body(tree, part->children[i], is_extended, out);
    }
    has_room = has_room && put(out, " ") && put_capitals(out, part->subtype);
    if (is_extended) {
        has_room = has_room && put(out, " ") && put_content_parameters(out, part) &&
                   put_extension(out, part);
    }
    return has_room && put(out, ")");
}

/* Recursion goes no deeper than the tree, and that has its limit. */
static bool put_body(const MimeTree *tree, const MimePart *part, bool is_extended, ByteBuffer *out)
{
    if (mime_part_is_multipart(part) && part->n_children > 0) {
        return put_multipart(tree, part, is_extended, out);
    }
    bool has_message = mime_part_holds_message(part) && part->n_children > 0;
    bool has_room = put(out, "(") &&
                    (has_message ? put_message(tree, part, is_extended, out) : put_leaf(part, out));
    if (is_extended) {
        has_room =
            has_room && put(out, " ") && put_string(out, part->md5) && put_extension(out, part);
    }
    return has_room && put(out, ")");
}

bool message_structure_write_body(
    const MimeTree *tree, const MimePart *part, bool is_extended, ByteBuffer *out
)
{
    return put_body(tree, part, is_extended, out);
}

static bool is_named(const HeaderField *field, const char *const *names, gsize n_names)
{
    for (gsize i = 0; i < n_names; i++) {
        if (header_field_is(field, names[i])) {
            return true;
        }
    }
    return false;
}

bool message_structure_write_fields(
    const HeaderBlock *header, const char *const *names, gsize n_names, bool is_not, ByteBuffer *out
)
{
    bool has_room = true;
    for (guint i = 0; i < header->n_fields && has_room; i++) {
        const HeaderField *field = &header->fields[i];
        if (is_named(field, names, n_names) != is_not) {
            has_room = byte_buffer_append(out, field->raw);
        }
    }
    /* RFC 9051 §6.4.5.1: the empty line is part of the answer, if the message has it. */
    return has_room && (!header->has_separator || put(out, "\r\n"));
}
