#include "protocol/http/http-form.h"

#include "protocol/http/http-line.h"
#include "protocol/http/http-secret.h"

static void field_free(gpointer pointer)
{
    HttpFormField *field = pointer;
    g_clear_pointer(&field->name, g_bytes_unref);
    g_clear_pointer(&field->value, g_bytes_unref);
    g_clear_pointer(&field->file_name, g_bytes_unref);
    g_clear_pointer(&field->content_type, g_bytes_unref);
    g_free(field);
}

static HttpForm *form_new(void)
{
    HttpForm *form = g_new0(HttpForm, 1);
    form->fields = g_ptr_array_new_with_free_func(field_free);
    return form;
}

void http_form_free(HttpForm *form)
{
    if (form != NULL) {
        g_ptr_array_unref(form->fields);
        g_free(form);
    }
}

/* NULL: there are enough already. */
static HttpFormField *add_field(HttpForm *form)
{
    if (form->fields->len >= HTTP_FORM_FIELDS_MAXIMUM) {
        form->is_cut = true;
        return NULL;
    }
    HttpFormField *field = g_new0(HttpFormField, 1);
    g_ptr_array_add(form->fields, field);
    return field;
}

bool http_percent_decode(ByteSpan text, bool plus_is_space, GByteArray *out)
{
    bool is_good = true;
    for (gsize i = 0; i < text.length; i++) {
        guint8 octet = text.data[i];
        gint high =
            octet == '%' && i + 2 < text.length ? g_ascii_xdigit_value((char)text.data[i + 1]) : -1;
        gint low = high >= 0 ? g_ascii_xdigit_value((char)text.data[i + 2]) : -1;
        if (low >= 0) {
            octet = (guint8)(high << 4 | low);
            i += 2;
        } else if (octet == '%') {
            is_good = false;
        } else if (octet == '+' && plus_is_space) {
            octet = ' ';
        }
        g_byte_array_append(out, &octet, 1);
    }
    return is_good;
}

/* RFC 3986 §2.3 */
static bool is_unreserved(guint8 octet)
{
    return g_ascii_isalnum((char)octet) || octet == '-' || octet == '.' || octet == '_' ||
           octet == '~';
}

void http_percent_encode(ByteSpan octets, bool space_is_plus, GString *out)
{
    for (gsize i = 0; i < octets.length; i++) {
        guint8 octet = octets.data[i];
        if (is_unreserved(octet)) {
            g_string_append_c(out, (char)octet);
        } else if (octet == ' ' && space_is_plus) {
            g_string_append_c(out, '+');
        } else {
            g_string_append_printf(out, "%%%02X", octet);
        }
    }
}

void http_form_write(GString *out, const char *name, ByteSpan value)
{
    if (out->len > 0) {
        g_string_append_c(out, '&');
    }
    http_percent_encode(byte_span_from_string(name), true, out);
    g_string_append_c(out, '=');
    http_percent_encode(value, true, out);
}

static GBytes *decoded(HttpForm *form, ByteSpan text)
{
    GByteArray *octets = g_byte_array_new();
    form->is_malformed |= !http_percent_decode(text, true, octets);
    return g_byte_array_free_to_bytes(octets);
}

static void split_pair(ByteSpan pair, ByteSpan *name, ByteSpan *value)
{
    gssize equals = byte_span_find(pair, '=', 0);
    *name = equals < 0 ? pair : byte_span_slice(pair, 0, (gsize)equals);
    *value = equals < 0 ? BYTE_SPAN_EMPTY : byte_span_from(pair, (gsize)equals + 1);
}

HttpForm *http_form_parse_urlencoded(ByteSpan text)
{
    HttpForm *form = form_new();
    ByteSpan pair;
    ByteSpan name;
    ByteSpan value;
    while (byte_span_next_token(&text, '&', &pair)) {
        HttpFormField *field = add_field(form);
        if (field == NULL) {
            break;
        }
        split_pair(pair, &name, &value);
        field->name = decoded(form, name);
        field->value = decoded(form, value);
    }
    return form;
}

void http_form_mask(ByteSpan text, GString *out)
{
    ByteSpan pair;
    ByteSpan name;
    ByteSpan value;
    const char *separator = "";
    while (byte_span_next_token(&text, '&', &pair)) {
        split_pair(pair, &name, &value);
        bool is_secret = http_name_is_secret(name) && value.length > 0;
        g_string_append(out, separator);
        g_string_append_len(
            out, (const char *)pair.data, (gssize)(pair.length - (is_secret ? value.length : 0))
        );
        g_string_append(out, is_secret ? "••••••" : "");
        separator = "&";
    }
}

const HttpFormField *http_form_field(const HttpForm *form, const char *name)
{
    for (guint i = 0; i < form->fields->len; i++) {
        const HttpFormField *field = form->fields->pdata[i];
        gsize length = 0;
        const void *data = g_bytes_get_data(field->name, &length);
        if (byte_span_is(byte_span(data, length), name)) {
            return field;
        }
    }
    return NULL;
}

bool http_form_value(const HttpForm *form, const char *name, ByteSpan *out_value)
{
    const HttpFormField *field = http_form_field(form, name);
    if (field == NULL) {
        return false;
    }
    out_value->data = g_bytes_get_data(field->value, &out_value->length);
    return true;
}

HttpForm *http_form_parse(ByteSpan content_type, ByteSpan body)
{
    ByteSpan type = http_value_first(content_type);
    ByteSpan boundary;
    if (byte_span_is_nocase(type, "application/x-www-form-urlencoded")) {
        return http_form_parse_urlencoded(body);
    }
    if (byte_span_is_nocase(type, "multipart/form-data") &&
        http_value_parameter(content_type, "boundary", &boundary)) {
        return http_form_parse_multipart(boundary, body);
    }
    return form_new();
}

/* What follows a boundary: "--" for the last one, then the end of the line. */
typedef struct {
    ByteSpan body;
    GString *delimiter; /* CRLF, two hyphens and the boundary */
    gsize at;           /* behind the last boundary */
    bool is_last;
} Parts;

/* The next boundary at or behind 'from'; -1: none. */
static gssize find_delimiter(const Parts *parts, gsize from)
{
    gssize at = byte_span_find(parts->body, '\r', from);
    ByteSpan wanted = byte_span(parts->delimiter->str, parts->delimiter->len);
    while (at >= 0 &&
           !byte_span_equal(byte_span_slice(parts->body, (gsize)at, wanted.length), wanted)) {
        at = byte_span_find(parts->body, '\r', (gsize)at + 1);
    }
    return at;
}

static void step_over_delimiter(Parts *parts, gsize at)
{
    parts->at = at;
    parts->is_last = byte_span_starts_with(byte_span_from(parts->body, at), "--");
    gssize line_feed = byte_span_find(parts->body, '\n', at);
    parts->at = line_feed < 0 ? parts->body.length : (gsize)line_feed + 1;
}

static GBytes *parameter_bytes(ByteSpan value, const char *name)
{
    ByteSpan text;
    return http_value_parameter(value, name, &text) ? g_bytes_new(text.data, text.length) : NULL;
}

/* RFC 7578 §4.2 and §4.4: the fields of a part's own header that matter */
static void read_part_field(HttpFormField *field, ByteSpan line)
{
    HttpField header;
    http_field_parse(line, &header);
    if (byte_span_is_nocase(header.name, "Content-Disposition") && field->name == NULL) {
        field->name = parameter_bytes(header.value, "name");
        field->file_name = parameter_bytes(header.value, "filename");
    } else if (byte_span_is_nocase(header.name, "Content-Type") && field->content_type == NULL) {
        field->content_type = g_bytes_new(header.value.data, header.value.length);
    }
}

static void read_part(HttpForm *form, ByteSpan part)
{
    HttpFormField *field = add_field(form);
    if (field == NULL) {
        return;
    }
    for (;;) {
        gssize line_feed = byte_span_find(part, '\n', 0);
        ByteSpan line = byte_span_slice(part, 0, line_feed < 0 ? part.length : (gsize)line_feed);
        part = byte_span_from(part, line.length + 1);
        if (line.length > 0 && line.data[line.length - 1] == '\r') {
            line.length--;
        }
        if (line.length == 0 || line_feed < 0) {
            break;
        }
        read_part_field(field, line);
    }
    form->is_malformed |= field->name == NULL;
    field->name = field->name != NULL ? field->name : g_bytes_new(NULL, 0);
    field->value = g_bytes_new(part.data, part.length);
}

HttpForm *http_form_parse_multipart(ByteSpan boundary, ByteSpan body)
{
    HttpForm *form = form_new();
    Parts parts = {.body = body, .delimiter = g_string_new("\r\n--")};
    g_string_append_len(parts.delimiter, (const char *)boundary.data, (gssize)boundary.length);
    const char *first = parts.delimiter->str + 2;
    gssize start = byte_span_equal(
                       byte_span_slice(body, 0, parts.delimiter->len - 2),
                       byte_span(first, parts.delimiter->len - 2)
                   )
                       ? -2
                       : find_delimiter(&parts, 0);
    if (start != -1) {
        step_over_delimiter(&parts, (gsize)(start + (gssize)parts.delimiter->len));
    }
    while (start != -1 && !parts.is_last && !form->is_cut) {
        /* An empty part's delimiter begins with the CRLF that ended the line before. */
        gssize end = find_delimiter(&parts, parts.at >= 2 ? parts.at - 2 : 0);
        if (end < 0) {
            break;
        }
        gsize length = (gsize)end > parts.at ? (gsize)end - parts.at : 0;
        read_part(form, byte_span_slice(body, parts.at, length));
        step_over_delimiter(&parts, (gsize)end + parts.delimiter->len);
    }
    form->is_cut |= !parts.is_last;
    g_string_free(parts.delimiter, TRUE);
    return form;
}
