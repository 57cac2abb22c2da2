#include "protocol/encoding/base64.h"
#include "protocol/encoding/quoted-printable.h"
#include "protocol/message/draft-part.h"
#include "protocol/message/header-block.h"
#include "protocol/message/header-writer.h"
#include "protocol/message/mime-tree.h"

guint64 draft_mix(guint64 number)
{
    number += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    number = (number ^ (number >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    number = (number ^ (number >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
    return number ^ (number >> 31);
}

static ByteSpan span_of(GBytes *octets)
{
    gsize length = 0;
    const void *data = g_bytes_get_data(octets, &length);
    return byte_span(data, length);
}

/* What decides how a content may travel. */
typedef struct {
    gsize n_eight_bit;
    gsize n_controls; /* other than TAB, and CR and LF as a pair */
    bool has_long_line;
    bool has_bare_end; /* CR or LF alone */
    bool has_nul;
} ContentTraits;

static ContentTraits look_at(ByteSpan content)
{
    ContentTraits traits = {0};
    gsize line_length = 0;
    for (gsize i = 0; i < content.length; i++) {
        guint8 octet = content.data[i];
        bool is_pair = octet == '\r' && i + 1 < content.length && content.data[i + 1] == '\n';
        if (is_pair) {
            i++;
            line_length = 0;
            continue;
        }
        line_length++;
        traits.has_long_line = traits.has_long_line || line_length > HEADER_LINE_MAXIMUM;
        traits.n_eight_bit += octet >= 0x80 ? 1 : 0;
        traits.has_bare_end = traits.has_bare_end || octet == '\r' || octet == '\n';
        traits.has_nul = traits.has_nul || octet == '\0';
        traits.n_controls += (octet < ' ' && octet != '\t') || octet == 0x7f ? 1 : 0;
    }
    return traits;
}

/* RFC 2045 §6.2 and §2.7 to §2.9. */
static MimeEncoding
choose_encoding(const DraftPart *part, ByteSpan content, const MessageDraftOptions *options)
{
    ContentTraits traits = look_at(content);
    bool has_good_lines = !traits.has_long_line && !traits.has_bare_end && !traits.has_nul;
    if (has_good_lines && traits.n_eight_bit == 0 && traits.n_controls == 0) {
        return MIME_ENCODING_7BIT;
    }
    if (part->kind == DRAFT_CONTENT_MESSAGE) {
        /* RFC 2046 §5.2.1: a message is not encoded; its own parts may be. */
        return has_good_lines ? traits.n_eight_bit == 0 ? MIME_ENCODING_7BIT : MIME_ENCODING_8BIT
                              : MIME_ENCODING_BINARY;
    }
    bool is_text =
        g_str_has_prefix(part->type, "text/") || g_str_has_prefix(part->type, "message/");
    if (!is_text || traits.has_nul) {
        return MIME_ENCODING_BASE64;
    }
    if (has_good_lines && options->allows_8bit) {
        return MIME_ENCODING_8BIT;
    }
    /* An escape costs three octets for one, base64 four for three. */
    gsize escapes = traits.n_eight_bit + traits.n_controls;
    return escapes * 6 > content.length ? MIME_ENCODING_BASE64 : MIME_ENCODING_QUOTED_PRINTABLE;
}

static void append_span(GString *out, ByteSpan span)
{
    g_string_append_len(out, (const char *)span.data, (gssize)span.length);
}

static void encode(GString *out, ByteSpan content, MimeEncoding encoding, bool is_text)
{
    ByteBuffer encoded;
    bool has_room = true;
    /* Quoted-printable at its worst: three for one, and a soft break in every line. */
    byte_buffer_init(&encoded, content.length * 4 + 1024);
    if (encoding == MIME_ENCODING_BASE64) {
        has_room = base64_encode_lines(content, BASE64_MIME_LINE, &encoded);
    } else if (encoding == MIME_ENCODING_QUOTED_PRINTABLE) {
        QuotedPrintableMode mode = is_text ? QUOTED_PRINTABLE_TEXT : QUOTED_PRINTABLE_BINARY;
        has_room = quoted_printable_encode(content, mode, &encoded);
    } else {
        append_span(out, content);
    }
    g_assert(has_room);
    append_span(out, byte_buffer_span(&encoded));
    byte_buffer_clear(&encoded);
}

static bool has_parameter(const DraftPart *part, const char *name)
{
    g_autofree char *wanted = g_strconcat(" ", name, "=", NULL);
    return strstr(part->parameters->str, wanted) != NULL;
}

static void append_charset(GString *header, const DraftPart *part, ByteSpan content)
{
    ContentTraits traits = look_at(content);
    bool is_utf8 = g_utf8_validate_len((const char *)content.data, content.length, NULL);
    bool is_text = g_str_has_prefix(part->type, "text/");
    if (!is_text || has_parameter(part, "charset") || (traits.n_eight_bit > 0 && !is_utf8)) {
        return;
    }
    g_string_append(header, traits.n_eight_bit > 0 ? "; charset=utf-8" : "; charset=us-ascii");
}

static void append_disposition(GString *header, const DraftPart *part)
{
    gsize line_start = header->len;
    if (part->file_name == NULL && !part->is_inline) {
        return;
    }
    g_string_append_printf(
        header, "Content-Disposition: %s", part->is_inline ? "inline" : "attachment"
    );
    if (part->file_name != NULL) {
        header_write_parameter(header, line_start, "filename", part->file_name);
    }
    g_string_append(header, "\r\n");
}

static void append_encoding(GString *header, MimeEncoding encoding)
{
    if (encoding != MIME_ENCODING_7BIT) {
        g_string_append_printf(
            header, "Content-Transfer-Encoding: %s\r\n", mime_encoding_name(encoding)
        );
    }
}

static void
render_leaf(const DraftPart *part, const MessageDraftOptions *options, RenderedPart *rendered)
{
    ByteSpan content = span_of(part->content);
    MimeEncoding encoding = choose_encoding(part, content, options);
    append_charset(rendered->header, part, content);
    append_span(rendered->header, byte_span(part->parameters->str, part->parameters->len));
    g_string_append(rendered->header, "\r\n");
    append_encoding(rendered->header, encoding);
    append_disposition(rendered->header, part);
    encode(rendered->body, content, encoding, part->kind == DRAFT_CONTENT_TEXT);
    rendered->is_8bit = encoding == MIME_ENCODING_8BIT || encoding == MIME_ENCODING_BINARY;
}

static bool holds(const GString *body, const char *boundary)
{
    ByteSpan octets = byte_span(body->str, body->len);
    gssize at = byte_span_find(octets, (guint8)boundary[0], 0);
    while (at >= 0) {
        if (byte_span_starts_with(byte_span_from(octets, (gsize)at), boundary)) {
            return true;
        }
        at = byte_span_find(octets, (guint8)boundary[0], (gsize)at + 1);
    }
    return false;
}

/* RFC 2046 §5.1.1: a boundary must not occur in what it encloses. */
static char *choose_boundary(GPtrArray *bodies, const MessageDraftOptions *options, guint *salt)
{
    while (true) {
        guint64 number = draft_mix(options->seed ^ draft_mix(++*salt));
        g_autofree char *boundary = g_strdup_printf("=_%016" G_GINT64_MODIFIER "x", number);
        bool is_free = true;
        for (guint i = 0; i < bodies->len && is_free; i++) {
            is_free = !holds(g_ptr_array_index(bodies, i), boundary);
        }
        if (is_free) {
            return g_steal_pointer(&boundary);
        }
    }
}

static void free_text(gpointer text)
{
    g_string_free(text, TRUE);
}

static void render_parts(
    const DraftPart *part, const MessageDraftOptions *options, guint *salt, RenderedPart *rendered
)
{
    g_autoptr(GPtrArray) bodies = g_ptr_array_new_with_free_func(free_text);
    bool is_digest = strcmp(part->type, "multipart/digest") == 0;
    for (guint i = 0; i < part->children->len; i++) {
        RenderedPart child;
        draft_part_render(g_ptr_array_index(part->children, i), options, is_digest, salt, &child);
        g_string_append(child.header, "\r\n");
        g_string_append_len(child.header, child.body->str, (gssize)child.body->len);
        g_string_free(child.body, TRUE);
        g_ptr_array_add(bodies, child.header);
        rendered->is_8bit = rendered->is_8bit || child.is_8bit;
    }
    g_autofree char *boundary = choose_boundary(bodies, options, salt);
    append_span(rendered->header, byte_span(part->parameters->str, part->parameters->len));
    g_string_append_printf(rendered->header, ";\r\n boundary=\"%s\"\r\n", boundary);
    append_encoding(rendered->header, rendered->is_8bit ? MIME_ENCODING_8BIT : MIME_ENCODING_7BIT);
    if (part->preamble != NULL) {
        g_string_append_printf(rendered->body, "%s\r\n", part->preamble);
    }
    for (guint i = 0; i < bodies->len; i++) {
        const GString *body = g_ptr_array_index(bodies, i);
        g_string_append_printf(rendered->body, "--%s\r\n", boundary);
        g_string_append_len(rendered->body, body->str, (gssize)body->len);
        g_string_append(rendered->body, "\r\n");
    }
    g_string_append_printf(rendered->body, "--%s--\r\n", boundary);
}

void draft_part_render(
    const DraftPart *part,
    const MessageDraftOptions *options,
    bool in_digest,
    guint *salt,
    RenderedPart *out_rendered
)
{
    RenderedPart rendered = {.header = g_string_new(NULL), .body = g_string_new(NULL)};
    g_string_append_printf(rendered.header, "Content-Type: %s", part->type);
    if (part->kind == DRAFT_CONTENT_PARTS) {
        render_parts(part, options, salt, &rendered);
    } else {
        render_leaf(part, options, &rendered);
    }
    /* RFC 2046 §5.1.5: inside a digest message/rfc822 goes without saying. */
    if (in_digest && g_str_has_prefix(rendered.header->str, "Content-Type: message/rfc822\r\n")) {
        g_string_erase(rendered.header, 0, (gssize)strlen("Content-Type: message/rfc822\r\n"));
    }
    g_string_append_len(rendered.header, part->fields->str, (gssize)part->fields->len);
    *out_rendered = rendered;
}
