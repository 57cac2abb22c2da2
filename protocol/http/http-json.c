#include "protocol/http/http-json.h"

#include "protocol/http/http-line.h"
#include "protocol/http/http-secret.h"

#include <string.h>

bool http_type_is_json(ByteSpan content_type)
{
    return byte_span_is_nocase(http_value_first(content_type), "application/json");
}

static gsize skip_space(ByteSpan text, gsize at)
{
    while (at < text.length && g_ascii_isspace(text.data[at])) {
        at++;
    }
    return at;
}

/* The quote that ends the string beginning at 'at', or the end of the text. */
static gsize end_of_string(ByteSpan text, gsize at)
{
    while (at < text.length && text.data[at] != '"') {
        at += text.data[at] == '\\' ? 2 : 1;
    }
    return MIN(at, text.length);
}

static void find_value(ByteSpan text, gsize at, HttpJsonSecret *out_secret)
{
    bool is_string = at < text.length && text.data[at] == '"';
    out_secret->from = at + (is_string ? 1 : 0);
    out_secret->to = is_string ? end_of_string(text, at + 1) : at;
    while (!is_string && out_secret->to < text.length &&
           (g_ascii_isalnum(text.data[out_secret->to]) ||
            strchr("+-.", text.data[out_secret->to]) != NULL)) {
        out_secret->to++;
    }
}

bool http_json_next_secret(ByteSpan text, gsize at, HttpJsonSecret *out_secret)
{
    /* A value found before ends at its own quote, which opens nothing. */
    at += at > 0 && at < text.length && text.data[at] == '"' ? 1 : 0;
    while (at < text.length) {
        gssize quote = byte_span_find(text, '"', at);
        if (quote < 0) {
            return false;
        }
        gsize from = (gsize)quote + 1;
        gsize to = end_of_string(text, from);
        gsize colon = skip_space(text, to + 1);
        if (colon >= text.length || text.data[colon] != ':') {
            at = to + 1;
            continue;
        }
        at = skip_space(text, colon + 1);
        g_autoptr(GByteArray) name = g_byte_array_new();
        http_json_unescape(byte_span_slice(text, from, to - from), name);
        if (http_name_is_secret(byte_span(name->data, name->len))) {
            find_value(text, at, out_secret);
            return true;
        }
    }
    return false;
}

/* Four hexadecimal digits; -1: they are not there. */
static gint read_unit(ByteSpan digits)
{
    gint unit = 0;
    for (gsize i = 0; i < 4; i++) {
        gint digit = i < digits.length ? g_ascii_xdigit_value((char)digits.data[i]) : -1;
        if (digit < 0) {
            return -1;
        }
        unit = unit * 16 + digit;
    }
    return unit;
}

/* Of a character beyond the first 65536 each half stays as it stands. */
static gsize take_unit(ByteSpan escape, GByteArray *out)
{
    char text[6];
    gint unit = read_unit(byte_span_from(escape, 2));
    if (unit < 0 || (unit >= 0xd800 && unit < 0xe000)) {
        g_byte_array_append(out, escape.data, 1);
        return 1;
    }
    gint length = g_unichar_to_utf8((gunichar)unit, text);
    g_byte_array_append(out, (const guint8 *)text, (guint)length);
    return 6;
}

/* How many octets it was. */
static gsize take_escape(ByteSpan escape, GByteArray *out)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    guint8 letter = escape.length > 1 ? escape.data[1] : '\0';
    const char *found = letter == '\0' ? NULL : strchr(letters, letter);
    if (letter == 'u') {
        return take_unit(escape, out);
    }
    if (found == NULL) {
        g_byte_array_append(out, escape.data, 1);
        return 1;
    }
    g_byte_array_append(out, (const guint8 *)&meanings[found - letters], 1);
    return 2;
}

void http_json_unescape(ByteSpan value, GByteArray *out)
{
    for (gsize at = 0; at < value.length;) {
        if (value.data[at] == '\\') {
            at += take_escape(byte_span_from(value, at), out);
        } else {
            g_byte_array_append(out, value.data + at, 1);
            at++;
        }
    }
}
