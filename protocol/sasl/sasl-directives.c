#include "protocol/sasl/sasl-directives.h"

static void skip_separators(ByteSpan *rest)
{
    while (rest->length > 0 && strchr(" \t\r\n,", rest->data[0]) != NULL && rest->data[0] != '\0') {
        *rest = byte_span_from(*rest, 1);
    }
}

static bool read_quoted(ByteSpan *rest, GString *value)
{
    gsize i = 1;
    for (; i < rest->length && rest->data[i] != '"'; i++) {
        if (rest->data[i] == '\\' && i + 1 < rest->length) {
            i++;
        }
        if (rest->data[i] == '\0') {
            return false;
        }
        g_string_append_c(value, (char)rest->data[i]);
    }
    bool is_closed = i < rest->length;
    *rest = byte_span_from(*rest, i + 1);
    return is_closed;
}

static bool read_token(ByteSpan *rest, GString *value)
{
    gssize comma = byte_span_find(*rest, ',', 0);
    gsize length = comma < 0 ? rest->length : (gsize)comma;
    ByteSpan token = byte_span_trim(byte_span_slice(*rest, 0, length));
    g_string_append_len(value, (const char *)token.data, (gssize)token.length);
    *rest = byte_span_from(*rest, length);
    return token.length > 0 && byte_span_find(token, '\0', 0) < 0;
}

static bool read_directive(ByteSpan *rest, SaslDirective *out_directive)
{
    gssize equals = byte_span_find(*rest, '=', 0);
    if (equals <= 0) {
        return false;
    }
    ByteSpan name = byte_span_trim(byte_span_slice(*rest, 0, (gsize)equals));
    *rest = byte_span_from(*rest, (gsize)equals + 1);
    g_autoptr(GString) value = g_string_new(NULL);
    bool is_quoted = rest->length > 0 && rest->data[0] == '"';
    bool is_read = is_quoted ? read_quoted(rest, value) : read_token(rest, value);
    if (!is_read || name.length == 0 || !g_utf8_validate(value->str, (gssize)value->len, NULL)) {
        return false;
    }
    *out_directive = (SaslDirective){
        .name = name,
        .value = g_string_free(g_steal_pointer(&value), FALSE),
    };
    return true;
}

bool sasl_directives_read(ByteSpan text, SaslDirectives *out_directives)
{
    *out_directives = (SaslDirectives){0};
    for (skip_separators(&text); text.length > 0; skip_separators(&text)) {
        if (out_directives->count == SASL_DIRECTIVES_MAXIMUM ||
            !read_directive(&text, &out_directives->rows[out_directives->count])) {
            return false;
        }
        out_directives->count++;
    }
    return true;
}

void sasl_directives_clear(SaslDirectives *directives)
{
    for (gsize i = 0; i < directives->count; i++) {
        g_free(directives->rows[i].value);
    }
    directives->count = 0;
}

const char *
sasl_directives_find(const SaslDirectives *directives, const char *name, guint *out_count)
{
    const char *first = NULL;
    *out_count = 0;
    for (gsize i = 0; i < directives->count; i++) {
        if (byte_span_is_nocase(directives->rows[i].name, name)) {
            first = first == NULL ? directives->rows[i].value : first;
            (*out_count)++;
        }
    }
    return first;
}
