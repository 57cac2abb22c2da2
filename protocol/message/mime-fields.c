#include "protocol/message/mime-tree-internal.h"

#include <gmime/gmime.h>

#include "protocol/message/gmime-bridge.h"

/* Longer Content- fields are read up to here: nobody needs more, and parameters cost time. */
#define CONTENT_FIELD_MAXIMUM 16384

static const struct {
    const char *name;
    MimeEncoding encoding;
} encodings[] = {
    {"7bit", MIME_ENCODING_7BIT},
    {"8bit", MIME_ENCODING_8BIT},
    {"binary", MIME_ENCODING_BINARY},
    {"quoted-printable", MIME_ENCODING_QUOTED_PRINTABLE},
    {"base64", MIME_ENCODING_BASE64},
    {"x-uuencode", MIME_ENCODING_UUENCODE},
    {"uuencode", MIME_ENCODING_UUENCODE},
    {"x-uue", MIME_ENCODING_UUENCODE},
};

const char *mime_encoding_name(MimeEncoding encoding)
{
    for (gsize i = 0; i < G_N_ELEMENTS(encodings); i++) {
        if (encodings[i].encoding == encoding) {
            return encodings[i].name;
        }
    }
    return "unknown";
}

static void blame(MimePart *part, MessageDefectId id)
{
    part->defects |= MESSAGE_DEFECT_BIT(id);
}

static char *lower(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    return g_ascii_strdown(valid, -1);
}

/* The field's text, cut at the maximum; NULL: there is no such field. */
static char *field_text(const MimePart *part, const char *name)
{
    char *text = header_block_text(&part->header, name);
    if (text != NULL && strlen(text) > CONTENT_FIELD_MAXIMUM) {
        text[CONTENT_FIELD_MAXIMUM] = '\0';
    }
    return text;
}

/* RFC 2045 §5.1: characters of a token. */
static bool is_token_octet(char octet)
{
    return octet > ' ' && octet < 0x7f && strchr("()<>@,;:\\\"/[]?=", octet) == NULL;
}

static gsize token_length(const char *text)
{
    gsize length = 0;
    while (text[length] != '\0' && is_token_octet(text[length])) {
        length++;
    }
    return length;
}

/* "type/subtype", then the end, white space, a comment or a semicolon. */
static bool is_media_type(const char *text)
{
    gsize type = token_length(text);
    gsize subtype = text[type] == '/' ? token_length(text + type + 1) : 0;
    char next = subtype == 0 ? '/' : text[type + 1 + subtype];
    return type > 0 && subtype > 0 && (next == '\0' || strchr(" \t;(", next) != NULL);
}

static MimeParameter *copy_parameters(GMimeParamList *list, guint *out_count)
{
    int count = list == NULL ? 0 : g_mime_param_list_length(list);
    MimeParameter *parameters = count == 0 ? NULL : g_new0(MimeParameter, (gsize)count);
    for (int i = 0; i < count; i++) {
        GMimeParam *parameter = g_mime_param_list_get_parameter_at(list, i);
        const char *value = g_mime_param_get_value(parameter);
        parameters[i].name = lower(g_mime_param_get_name(parameter));
        parameters[i].value = g_utf8_make_valid(value == NULL ? "" : value, -1);
    }
    *out_count = (guint)count;
    return parameters;
}

/* RFC 2046 §5.1.5: in a digest a part without the field is a message. RFC 2045 §5.2: elsewhere it
 * is plain text, and so is one whose field cannot be read. */
static void set_default_type(MimePart *part)
{
    bool in_digest = !part->is_message && part->parent != NULL &&
                     mime_part_is(part->parent, "multipart", "digest");
    part->type = g_strdup(in_digest ? "message" : "text");
    part->subtype = g_strdup(in_digest ? "rfc822" : "plain");
}

static void read_content_type(MimePart *part)
{
    g_autofree char *text = field_text(part, "Content-Type");
    part->has_content_type = text != NULL;
    if (text == NULL || !is_media_type(text)) {
        if (text != NULL) {
            blame(part, MESSAGE_DEFECT_CONTENT_TYPE_SYNTAX);
        }
        set_default_type(part);
        return;
    }
    GMimeContentType *type = g_mime_content_type_parse(NULL, text);
    part->type = lower(g_mime_content_type_get_media_type(type));
    part->subtype = lower(g_mime_content_type_get_media_subtype(type));
    part->parameters =
        copy_parameters(g_mime_content_type_get_parameters(type), &part->n_parameters);
    g_object_unref(type);
    const char *charset = mime_part_parameter(part, "charset");
    part->charset = charset == NULL ? NULL : lower(charset);
}

static void read_disposition(MimePart *part)
{
    g_autofree char *text = field_text(part, "Content-Disposition");
    if (text == NULL || token_length(text) == 0) {
        return;
    }
    GMimeContentDisposition *disposition = g_mime_content_disposition_parse(NULL, text);
    part->disposition = lower(g_mime_content_disposition_get_disposition(disposition));
    part->disposition_parameters = copy_parameters(
        g_mime_content_disposition_get_parameters(disposition), &part->n_disposition_parameters
    );
    g_object_unref(disposition);
}

static void read_encoding(MimePart *part)
{
    g_autofree char *text = field_text(part, "Content-Transfer-Encoding");
    part->encoding = MIME_ENCODING_7BIT;
    if (text == NULL) {
        return;
    }
    text[strcspn(text, " \t(;")] = '\0';
    part->encoding_text = lower(text);
    for (gsize i = 0; i < G_N_ELEMENTS(encodings); i++) {
        if (strcmp(part->encoding_text, encodings[i].name) == 0) {
            part->encoding = encodings[i].encoding;
            return;
        }
    }
    part->encoding = MIME_ENCODING_UNKNOWN;
    blame(part, MESSAGE_DEFECT_ENCODING_UNKNOWN);
}

/* RFC 2045 §4: "1.0", comments aside. Only a message has the field, a part in it has not. */
static void read_version(MimePart *part)
{
    bool uses_mime = part->has_content_type || part->encoding_text != NULL;
    g_autofree char *text = field_text(part, "MIME-Version");
    if (text == NULL) {
        if (part->is_message && uses_mime) {
            blame(part, MESSAGE_DEFECT_NO_MIME_VERSION);
        }
        return;
    }
    g_autoptr(GString) bare = g_string_new(NULL);
    guint depth = 0;
    for (const char *at = text; *at != '\0'; at++) {
        depth += *at == '(' ? 1 : 0;
        if (depth == 0 && *at != ' ' && *at != '\t') {
            g_string_append_c(bare, *at);
        }
        depth -= *at == ')' && depth > 0 ? 1 : 0;
    }
    if (strcmp(bare->str, "1.0") != 0) {
        blame(part, MESSAGE_DEFECT_MIME_VERSION);
    }
}

static char *valid_text(const MimePart *part, const char *name)
{
    g_autofree char *text = header_block_text(&part->header, name);
    return text == NULL ? NULL : g_utf8_make_valid(text, -1);
}

/* RFC 2183 §2.3 has the name in the disposition; RFC 2046 still had it in the type. */
static void read_file_name(MimePart *part)
{
    const char *name = mime_part_disposition_parameter(part, "filename");
    if (name == NULL) {
        name = mime_part_parameter(part, "name");
    }
    part->file_name = g_strdup(name);
    if (name != NULL) {
        g_autofree char *safe = mime_safe_file_name(name, "");
        if (strcmp(safe, name) != 0) {
            blame(part, MESSAGE_DEFECT_FILE_NAME_UNSAFE);
        }
    }
}

void mime_fields_read(MimePart *part, ByteSpan octets)
{
    gmime_bridge_init();
    header_block_parse(&part->header, octets, part->header_offset);
    if (part->header.n_fields > 0) {
        part->header.fields = g_renew(HeaderField, part->header.fields, part->header.n_fields);
        part->header.capacity = part->header.n_fields;
    }
    read_content_type(part);
    read_disposition(part);
    read_encoding(part);
    read_version(part);
    read_file_name(part);
    part->content_id = valid_text(part, "Content-ID");
    part->description = valid_text(part, "Content-Description");
    part->language = valid_text(part, "Content-Language");
    part->location = valid_text(part, "Content-Location");
    part->md5 = valid_text(part, "Content-MD5");
}

static void free_parameters(MimeParameter *parameters, guint count)
{
    for (guint i = 0; i < count; i++) {
        g_free(parameters[i].name);
        g_free(parameters[i].value);
    }
    g_free(parameters);
}

void mime_fields_clear(MimePart *part)
{
    header_block_clear(&part->header);
    free_parameters(part->parameters, part->n_parameters);
    free_parameters(part->disposition_parameters, part->n_disposition_parameters);
    g_free(part->type);
    g_free(part->subtype);
    g_free(part->charset);
    g_free(part->encoding_text);
    g_free(part->disposition);
    g_free(part->file_name);
    g_free(part->content_id);
    g_free(part->description);
    g_free(part->language);
    g_free(part->location);
    g_free(part->md5);
}
