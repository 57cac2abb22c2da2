#include "protocol/message/content-parameter.h"

static bool is_space(guint8 octet)
{
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

static bool ends_word(guint8 octet)
{
    return is_space(octet) || octet == ';' || octet == '=' || octet == '(' || octet == '"';
}

/* One past the end of a comment or quoted string that begins at 'at'. */
static gsize end_of_group(ByteSpan text, gsize at)
{
    guint8 open = text.data[at];
    guint8 close = open == '(' ? ')' : '"';
    guint depth = 0;
    for (; at < text.length; at++) {
        guint8 octet = text.data[at];
        if (octet == '\\') {
            at++;
        } else if (octet == close && depth > 0) {
            if (--depth == 0) {
                return at + 1;
            }
        } else if (octet == open) {
            depth++;
        }
    }
    return text.length;
}

static gsize skip_comments(ByteSpan text, gsize at)
{
    while (at < text.length && (is_space(text.data[at]) || text.data[at] == '(')) {
        at = text.data[at] == '(' ? end_of_group(text, at) : at + 1;
    }
    return at;
}

static gsize end_of_word(ByteSpan text, gsize at)
{
    while (at < text.length && !ends_word(text.data[at])) {
        at++;
    }
    return at;
}

/* RFC 2045 §5.1: a token or a quoted string. */
static char *without_quotes(ByteSpan raw)
{
    GString *value = g_string_new(NULL);
    bool is_quoted = raw.length > 0 && raw.data[0] == '"';
    for (gsize i = is_quoted ? 1 : 0; i < raw.length; i++) {
        if (is_quoted && raw.data[i] == '"') {
            break;
        }
        if (is_quoted && raw.data[i] == '\\' && i + 1 < raw.length) {
            i++;
        }
        if (raw.data[i] != '\r' && raw.data[i] != '\n') {
            g_string_append_c(value, raw.data[i] == '\0' ? '?' : (char)raw.data[i]);
        }
    }
    return g_string_free(value, FALSE);
}

/* The place behind the next semicolon that is in no quotes; the end where there is none. */
static gsize next_start(ByteSpan text)
{
    gsize at = 0;
    while (at < text.length) {
        guint8 octet = text.data[at];
        if (octet == ';') {
            return at + 1;
        }
        at = octet == '"' || octet == '(' ? end_of_group(text, at) : at + 1;
    }
    return text.length;
}

bool content_parameter_next(ByteSpan *rest, ContentParameter *out_parameter)
{
    while (rest->length > 0) {
        *rest = byte_span_from(*rest, next_start(*rest));
        gsize start = skip_comments(*rest, 0);
        gsize end = end_of_word(*rest, start);
        gsize equals = skip_comments(*rest, end);
        if (end == start || equals >= rest->length || rest->data[equals] != '=') {
            continue;
        }
        gsize value = skip_comments(*rest, equals + 1);
        bool is_quoted = value < rest->length && rest->data[value] == '"';
        gsize value_end = is_quoted ? end_of_group(*rest, value) : end_of_word(*rest, value);
        /* Values with "=" in them are wrong without quotes, and common. */
        while (!is_quoted && value_end < rest->length && rest->data[value_end] == '=') {
            value_end = end_of_word(*rest, value_end + 1);
        }
        out_parameter->name = byte_span_slice(*rest, start, end - start);
        out_parameter->raw = byte_span_slice(*rest, value, value_end - value);
        out_parameter->value = without_quotes(out_parameter->raw);
        *rest = byte_span_from(*rest, value_end);
        return true;
    }
    return false;
}
