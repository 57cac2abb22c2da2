#include "protocol/http/http-line.h"

static const char *const methods[N_HTTP_METHODS] = {
    NULL,
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "CONNECT",
    "OPTIONS",
    "TRACE",
    "PATCH",
};

HttpMethod http_method_of(ByteSpan name)
{
    for (guint i = HTTP_METHOD_OTHER + 1; i < N_HTTP_METHODS; i++) {
        if (byte_span_is(name, methods[i])) {
            return (HttpMethod)i;
        }
    }
    return HTTP_METHOD_OTHER;
}

const char *http_method_name(HttpMethod method)
{
    return methods[method];
}

/* RFC 9110 §5.6.2 */
static bool is_token_octet(guint8 octet)
{
    return g_ascii_isalnum((char)octet) ||
           (octet > ' ' && octet < 0x7f && strchr("!#$%&'*+-.^_`|~", octet) != NULL);
}

static bool is_token(ByteSpan span)
{
    for (gsize i = 0; i < span.length; i++) {
        if (!is_token_octet(span.data[i])) {
            return false;
        }
    }
    return span.length > 0;
}

/* "HTTP/1.1" (RFC 9112 §2.3) */
static bool is_version(ByteSpan span)
{
    return span.length == 8 && byte_span_starts_with(span, "HTTP/") &&
           g_ascii_isdigit((char)span.data[5]) && span.data[6] == '.' &&
           g_ascii_isdigit((char)span.data[7]);
}

static gssize last_space(ByteSpan text)
{
    for (gsize at = text.length; at-- > 0;) {
        if (text.data[at] == ' ') {
            return (gssize)at;
        }
    }
    return -1;
}

void http_request_line_parse(ByteSpan text, HttpRequestLine *out_line)
{
    gssize first = byte_span_find(text, ' ', 0);
    HttpRequestLine line = {
        .method = byte_span_slice(text, 0, first < 0 ? text.length : (gsize)first)};
    ByteSpan rest = first < 0 ? BYTE_SPAN_EMPTY : byte_span_from(text, (gsize)first + 1);
    gssize last = last_space(rest);
    ByteSpan behind = last < 0 ? BYTE_SPAN_EMPTY : byte_span_from(rest, (gsize)last + 1);
    if (byte_span_starts_with(behind, "HTTP/")) {
        line.version = behind;
        rest = byte_span_slice(rest, 0, (gsize)last);
    }
    line.target = rest;
    line.method_id = http_method_of(line.method);
    bool is_well_formed = is_token(line.method) && rest.length > 0 &&
                          byte_span_find(rest, ' ', 0) < 0 && is_version(line.version);
    line.defects |= is_well_formed ? 0u : DIALOGUE_DEFECT_SYNTAX;
    line.defects |= line.method_id == HTTP_METHOD_OTHER ? DIALOGUE_DEFECT_UNKNOWN : 0u;
    *out_line = line;
}

bool http_is_request_line(ByteSpan text)
{
    HttpRequestLine line;
    http_request_line_parse(text, &line);
    return (line.defects & DIALOGUE_DEFECT_SYNTAX) == 0;
}

void http_status_line_parse(ByteSpan text, HttpStatusLine *out_line)
{
    HttpStatusLine line = {0};
    gssize space = byte_span_find(text, ' ', 0);
    guint64 number = 0;
    line.version = byte_span_slice(text, 0, space < 0 ? text.length : (gsize)space);
    ByteSpan rest = space < 0 ? BYTE_SPAN_EMPTY : byte_span_from(text, (gsize)space + 1);
    line.code = byte_span_slice(rest, 0, 3);
    line.reason = byte_span_from(rest, 4);
    bool is_number = line.code.length == 3 && byte_span_to_number(line.code, &number);
    line.number = is_number ? (guint)number : 0;
    bool is_well_formed = is_version(line.version) && number >= 100 && number < 600 &&
                          (rest.length == 3 || (rest.length > 3 && rest.data[3] == ' '));
    line.defects = is_well_formed ? 0u : DIALOGUE_DEFECT_SYNTAX;
    *out_line = line;
}

bool http_is_status_line(ByteSpan text)
{
    HttpStatusLine line;
    http_status_line_parse(text, &line);
    return line.defects == 0;
}

void http_field_parse(ByteSpan text, HttpField *out_field)
{
    HttpField field = {0};
    gssize colon = byte_span_find(text, ':', 0);
    if (text.length > 0 && (text.data[0] == ' ' || text.data[0] == '\t')) {
        field.is_folded = true;
        field.value = byte_span_trim(text);
        field.defects = DIALOGUE_DEFECT_SYNTAX;
    } else {
        ByteSpan name = byte_span_slice(text, 0, colon < 0 ? text.length : (gsize)colon);
        field.name = byte_span_trim(name);
        field.value =
            colon < 0 ? BYTE_SPAN_EMPTY : byte_span_trim(byte_span_from(text, (gsize)colon + 1));
        /* RFC 9112 §5.1: no white space between the name and the colon */
        bool is_well_formed = colon >= 0 && is_token(name);
        field.defects = is_well_formed ? 0u : DIALOGUE_DEFECT_SYNTAX;
    }
    *out_field = field;
}

ByteSpan http_value_first(ByteSpan value)
{
    gssize semicolon = byte_span_find(value, ';', 0);
    return byte_span_trim(semicolon < 0 ? value : byte_span_slice(value, 0, (gsize)semicolon));
}

bool http_value_has(ByteSpan value, const char *word)
{
    ByteSpan element;
    while (byte_span_next_token(&value, ',', &element)) {
        if (byte_span_is_nocase(http_value_first(element), word)) {
            return true;
        }
    }
    return false;
}

/* The end of a quoted string that begins at 'at', quote included. */
static gsize quoted_end(ByteSpan value, gsize at)
{
    for (at++; at < value.length && value.data[at] != '"'; at++) {
        at += value.data[at] == '\\' ? 1 : 0;
    }
    return MIN(at + 1, value.length);
}

/* The end of a parameter: the next semicolon that is not inside quotes. */
static gsize parameter_end(ByteSpan value, gsize at)
{
    while (at < value.length && value.data[at] != ';') {
        at = value.data[at] == '"' ? quoted_end(value, at) : at + 1;
    }
    return at;
}

bool http_value_parameter(ByteSpan value, const char *name, ByteSpan *out_value)
{
    gsize at = parameter_end(value, 0);
    while (at < value.length) {
        gsize end = parameter_end(value, at + 1);
        ByteSpan parameter = byte_span_slice(value, at + 1, end - at - 1);
        gssize equals = byte_span_find(parameter, '=', 0);
        at = end;
        if (equals < 0 || !byte_span_is_nocase(
                              byte_span_trim(byte_span_slice(parameter, 0, (gsize)equals)), name
                          )) {
            continue;
        }
        ByteSpan text = byte_span_trim(byte_span_from(parameter, (gsize)equals + 1));
        if (text.length >= 2 && text.data[0] == '"' && text.data[text.length - 1] == '"') {
            text = byte_span_slice(text, 1, text.length - 2);
        }
        *out_value = text;
        return true;
    }
    return false;
}
