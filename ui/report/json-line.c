#include "ui/report/json-line.h"

/* Room for so many octets more. Lines are written by the hundred million; GString's own functions
 * would cost most of the time. */
static inline char *make_room(GString *text, gsize length)
{
    if (G_UNLIKELY(text->allocated_len - text->len <= length)) {
        gsize before = text->len;
        g_string_set_size(text, before + length);
        text->len = before;
    }
    return text->str + text->len;
}

static inline void put(GString *text, const void *octets, gsize length)
{
    char *place = make_room(text, length);
    memcpy(place, octets, length);
    place[length] = '\0';
    text->len += length;
}

static inline void put_octet(GString *text, char octet)
{
    put(text, &octet, 1);
}

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
    line->text->len = 0;
    put_octet(line->text, '{');
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
        put_octet(text, '\\');
        put_octet(text, short_forms[character]);
    } else {
        g_string_append_printf(text, "\\u%04x", (guint)character);
    }
}

#define LANES 16

/* Octets looked at side by side; gcc and clang make vector instructions of it on any machine. */
typedef guint8 Lanes __attribute__((vector_size(LANES)));

static inline bool are_plain(const char *octets)
{
    Lanes lanes;
    guint64 halves[2];
    memcpy(&lanes, octets, sizeof lanes);
    Lanes odd = (Lanes)(lanes < 0x20) | (Lanes)(lanes >= 0x7f) | (Lanes)(lanes == '"') |
                (Lanes)(lanes == '\\');
    memcpy(halves, &odd, sizeof halves);
    return (halves[0] | halves[1]) == 0;
}

/* Octets that stand for themselves: most of what mail says. */
static gsize plain_length(const char *at, const char *end)
{
    const char *start = at;
    while (end - at >= LANES && are_plain(at)) {
        at += LANES;
    }
    while (at < end && *at >= 0x20 && *at < 0x7f && *at != '"' && *at != '\\') {
        at++;
    }
    return (gsize)(at - start);
}

static void append_quoted(GString *text, ByteSpan span)
{
    const char *at = span.length == 0 ? "" : (const char *)span.data;
    const char *end = at + span.length;
    put_octet(text, '"');
    while (at < end) {
        gsize plain = plain_length(at, end);
        if (plain > 0) {
            put(text, at, plain);
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
    put_octet(text, '"');
}

/* Comma, quotation marks and colon go with the key: there are a dozen keys in every line. */
static void append_key(JsonLine *line, const char *key)
{
    gsize length = key == NULL ? 0 : strlen(key);
    char *place = make_room(line->text, length + 4);
    char *at = place;
    if (line->needs_comma) {
        *at++ = ',';
    }
    if (key != NULL) {
        *at++ = '"';
        memcpy(at, key, length);
        at += length;
        *at++ = '"';
        *at++ = ':';
    }
    *at = '\0';
    line->text->len += (gsize)(at - place);
    line->needs_comma = true;
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
        put(line->text, "null", 4);
    } else {
        append_quoted(line->text, byte_span_from_string(value));
    }
}

/* At most twenty digits, written from the last to the first. */
static char *write_digits(char *end, guint64 value)
{
    do {
        *--end = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    return end;
}

static void append_number(GString *text, guint64 value)
{
    char digits[20];
    char *end = digits + sizeof digits;
    const char *start = write_digits(end, value);
    put(text, start, (gsize)(end - start));
}

void json_line_number(JsonLine *line, const char *key, guint64 value)
{
    append_key(line, key);
    append_number(line->text, value);
}

void json_line_signed(JsonLine *line, const char *key, gint64 value)
{
    append_key(line, key);
    if (value < 0) {
        put_octet(line->text, '-');
    }
    append_number(line->text, value < 0 ? -(guint64)value : (guint64)value);
}

void json_line_boolean(JsonLine *line, const char *key, bool value)
{
    append_key(line, key);
    put(line->text, value ? "true" : "false", value ? 4 : 5);
}

static void open_with(JsonLine *line, const char *key, char bracket)
{
    append_key(line, key);
    put_octet(line->text, bracket);
    line->needs_comma = false;
}

static void close_with(JsonLine *line, char bracket)
{
    put_octet(line->text, bracket);
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
    put(line->text, "}\n", 2);
    return fwrite(line->text->str, 1, line->text->len, stream) == line->text->len;
}

void json_line_time(JsonLine *line, const char *key, gint64 time_ns)
{
    const guint64 second_ns = 1000000000;
    guint64 time = time_ns < 0 ? -(guint64)time_ns : (guint64)time_ns;
    char digits[32];
    char *end = digits + sizeof digits;
    append_key(line, key);
    /* A one before the decimals keeps their leading zeros; the point then takes its place. */
    char *start = write_digits(end, second_ns + time % second_ns);
    *start = '.';
    start = write_digits(start, time / second_ns);
    if (time_ns < 0) {
        *--start = '-';
    }
    put(line->text, start, (gsize)(end - start));
}

void json_line_members(JsonLine *line, ByteSpan members)
{
    if (line->needs_comma) {
        put_octet(line->text, ',');
    }
    put(line->text, members.data, members.length);
    line->needs_comma = true;
}
