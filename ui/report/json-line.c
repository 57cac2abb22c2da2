#include "ui/report/json-line.h"

void json_line_init(JsonLine *line)
{
    *line = (JsonLine){.text = g_string_new(NULL)};
}

void json_line_clear(JsonLine *line)
{
    if (line->text != NULL) {
        g_string_free(line->text, TRUE);
    }
    *line = (JsonLine){0};
}

void json_line_begin(JsonLine *line, const char *type)
{
    g_string_assign(line->text, "{");
    line->needs_comma = false;
    json_line_string(line, "type", type);
}

void json_line_begin_start(JsonLine *line, const char *command)
{
    json_line_begin(line, "start");
    json_line_number(line, "schema", JSON_SCHEMA);
    json_line_string(line, "command", command);
}

static bool is_plain(gunichar character)
{
    return character >= 0x20 && character != '"' && character != '\\' &&
           !(character >= 0x7f && character <= 0x9f) &&
           !(character >= 0x2028 && character <= 0x202e) &&
           !(character >= 0x2066 && character <= 0x2069);
}

static void append_escaped(GString *text, gunichar character)
{
    static const char short_forms[] = {
        ['\b'] = 'b',
        ['\f'] = 'f',
        ['\n'] = 'n',
        ['\r'] = 'r',
        ['\t'] = 't',
        ['"'] = '"',
        ['\\'] = '\\',
    };
    if (character < sizeof(short_forms) && short_forms[character] != '\0') {
        g_string_append_c(text, '\\');
        g_string_append_c(text, short_forms[character]);
    } else {
        g_string_append_printf(text, "\\u%04x", (guint)character);
    }
}

/* Octets that stand for themselves: most of what mail says. */
static gsize plain_length(const char *at, const char *end)
{
    const char *start = at;
    while (at < end && *at >= 0x20 && *at < 0x7f && *at != '"' && *at != '\\') {
        at++;
    }
    return (gsize)(at - start);
}

static void append_quoted(GString *text, ByteSpan span)
{
    const char *at = (const char *)span.data;
    const char *end = at + span.length;
    g_string_append_c(text, '"');
    while (at < end) {
        gsize plain = plain_length(at, end);
        if (plain > 0) {
            g_string_append_len(text, at, (gssize)plain);
            at += plain;
            continue;
        }
        gunichar character = *at == '\0' ? 0 : g_utf8_get_char_validated(at, end - at);
        bool is_invalid = character == (gunichar)-1 || character == (gunichar)-2;
        gsize length = is_invalid ? 1 : (gsize)(g_utf8_next_char(at) - at);
        character = is_invalid ? 0xfffd : character;
        if (is_plain(character)) {
            g_string_append_unichar(text, character);
        } else {
            append_escaped(text, character);
        }
        at += length;
    }
    g_string_append_c(text, '"');
}

static void append_key(JsonLine *line, const char *key)
{
    if (line->needs_comma) {
        g_string_append_c(line->text, ',');
    }
    line->needs_comma = true;
    if (key != NULL) {
        append_quoted(line->text, byte_span_from_string(key));
        g_string_append_c(line->text, ':');
    }
}

void json_line_span(JsonLine *line, const char *key, ByteSpan value)
{
    append_key(line, key);
    append_quoted(line->text, value);
}

void json_line_string(JsonLine *line, const char *key, const char *value)
{
    append_key(line, key);
    if (value == NULL) {
        g_string_append(line->text, "null");
    } else {
        append_quoted(line->text, byte_span_from_string(value));
    }
}

void json_line_number(JsonLine *line, const char *key, guint64 value)
{
    append_key(line, key);
    g_string_append_printf(line->text, "%" G_GUINT64_FORMAT, value);
}

void json_line_signed(JsonLine *line, const char *key, gint64 value)
{
    append_key(line, key);
    g_string_append_printf(line->text, "%" G_GINT64_FORMAT, value);
}

void json_line_boolean(JsonLine *line, const char *key, bool value)
{
    append_key(line, key);
    g_string_append(line->text, value ? "true" : "false");
}

static void open_with(JsonLine *line, const char *key, char bracket)
{
    append_key(line, key);
    g_string_append_c(line->text, bracket);
    line->needs_comma = false;
}

static void close_with(JsonLine *line, char bracket)
{
    g_string_append_c(line->text, bracket);
    line->needs_comma = true;
}

void json_line_array_begin(JsonLine *line, const char *key)
{
    open_with(line, key, '[');
}

void json_line_array_end(JsonLine *line)
{
    close_with(line, ']');
}

void json_line_object_begin(JsonLine *line, const char *key)
{
    open_with(line, key, '{');
}

void json_line_object_end(JsonLine *line)
{
    close_with(line, '}');
}

bool json_line_end(JsonLine *line, FILE *stream)
{
    g_string_append(line->text, "}\n");
    return fwrite(line->text->str, 1, line->text->len, stream) == line->text->len;
}

void json_line_time(JsonLine *line, const char *key, gint64 time_ns)
{
    gint64 seconds = time_ns / 1000000000;
    gint64 rest = time_ns % 1000000000;
    bool is_before_1970 = time_ns < 0;
    char digits[48];
    g_snprintf(
        digits,
        sizeof digits,
        "%s%" G_GINT64_FORMAT ".%09" G_GINT64_FORMAT,
        is_before_1970 ? "-" : "",
        is_before_1970 ? -seconds : seconds,
        is_before_1970 ? -rest : rest
    );
    append_key(line, key);
    g_string_append(line->text, digits);
}

void json_line_members(JsonLine *line, const char *members)
{
    if (line->needs_comma) {
        g_string_append_c(line->text, ',');
    }
    g_string_append(line->text, members);
    line->needs_comma = true;
}
