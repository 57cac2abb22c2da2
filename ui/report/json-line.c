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

void json_line_begin_members(JsonLine *line)
{
    line->text->len = 0;
    line->needs_comma = false;
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
#define EACH_OCTET(value) ((value)*0x0101010101010101u)

/* Octets looked at side by side; gcc and clang make vector instructions of it on any machine. */
typedef guint8 Lanes __attribute__((vector_size(LANES)));

static inline bool are_plain(const guint8 *octets)
{
    Lanes lanes;
    guint64 halves[2];
    memcpy(&lanes, octets, sizeof lanes);
    Lanes odd = (Lanes)(lanes < 0x20) | (Lanes)(lanes >= 0x7f) | (Lanes)(lanes == '"') |
                (Lanes)(lanes == '\\');
    memcpy(halves, &odd, sizeof halves);
    return (halves[0] | halves[1]) == 0;
}

/* The same of eight octets in a word: a subtraction borrows from the high bit of those below. */
static inline bool is_plain_word(guint64 word)
{
    guint64 quotes = word ^ EACH_OCTET((guint64)'"');
    guint64 slashes = word ^ EACH_OCTET((guint64)'\\');
    guint64 odd = ((word - EACH_OCTET(0x20u)) & ~word) | word | (word + EACH_OCTET(1u)) |
                  ((quotes - EACH_OCTET(1u)) & ~quotes) | ((slashes - EACH_OCTET(1u)) & ~slashes);
    return (odd & EACH_OCTET(0x80u)) == 0;
}

static inline bool is_plain_octet(guint8 octet)
{
    return octet >= 0x20 && octet < 0x7f && octet != '"' && octet != '\\';
}

/* Octets that stand for themselves: most of what mail says. */
static gsize plain_length(ByteSpan span)
{
    gsize length = 0;
    while (length + LANES <= span.length && are_plain(span.data + length)) {
        length += LANES;
    }
    while (length < span.length && is_plain_octet(span.data[length])) {
        length++;
    }
    return length;
}

/* A last piece that is shorter than the lanes lies over what has been looked at. */
static bool is_all_plain(ByteSpan span)
{
    gsize at = 0;
    guint64 first;
    guint64 last;
    if (span.length >= LANES) {
        while (at + LANES < span.length && are_plain(span.data + at)) {
            at += LANES;
        }
        return at + LANES >= span.length && are_plain(span.data + span.length - LANES);
    }
    if (span.length >= sizeof first) {
        memcpy(&first, span.data, sizeof first);
        memcpy(&last, span.data + span.length - sizeof last, sizeof last);
        return is_plain_word(first) && is_plain_word(last);
    }
    while (at < span.length && is_plain_octet(span.data[at])) {
        at++;
    }
    return at == span.length;
}

static void append_with_escapes(GString *text, ByteSpan rest)
{
    while (rest.length > 0) {
        gsize plain = plain_length(rest);
        if (plain > 0) {
            put(text, rest.data, plain);
            rest = byte_span_from(rest, plain);
            continue;
        }
        const char *at = (const char *)rest.data;
        gunichar character = *at == '\0' ? 0 : g_utf8_get_char_validated(at, (gssize)rest.length);
        bool is_invalid = character == (gunichar)-1 || character == (gunichar)-2;
        gsize length = is_invalid ? 1 : (gsize)(g_utf8_next_char(at) - at);
        character = is_invalid ? 0xfffd : character;
        if (is_plain(character)) {
            g_string_append_unichar(text, character);
        } else {
            append_escaped(text, character);
        }
        rest = byte_span_from(rest, length);
    }
}

static void append_quoted(GString *text, ByteSpan span)
{
    if (G_UNLIKELY(!is_all_plain(span))) {
        put_octet(text, '"');
        append_with_escapes(text, span);
        put_octet(text, '"');
        return;
    }
    char *place = make_room(text, span.length + 2);
    place[0] = '"';
    if (span.length > 0) {
        memcpy(place + 1, span.data, span.length);
    }
    place[span.length + 1] = '"';
    place[span.length + 2] = '\0';
    text->len += span.length + 2;
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

static inline gsize count_digits(guint64 value)
{
    gsize count = 1;
    for (; value >= 10000; value /= 10000) {
        count += 4;
    }
    return count + (value >= 10) + (value >= 100) + (value >= 1000);
}

/* The last digits of a number, which may begin with zeros, two at a time. */
static inline void write_digits(char *place, gsize count, guint64 value)
{
    static const char pairs[] = "0001020304050607080910111213141516171819"
                                "2021222324252627282930313233343536373839"
                                "4041424344454647484950515253545556575859"
                                "6061626364656667686970717273747576777879"
                                "8081828384858687888990919293949596979899";
    for (; count >= 2; count -= 2) {
        memcpy(place + count - 2, pairs + value % 100 * 2, 2);
        value /= 100;
    }
    if (count == 1) {
        *place = (char)('0' + value % 10);
    }
}

gsize json_digits(char *text, guint64 value)
{
    gsize count = count_digits(value);
    write_digits(text, count, value);
    return count;
}

static void append_number(GString *text, guint64 value)
{
    char *place = make_room(text, JSON_DIGITS_MAXIMUM);
    gsize length = json_digits(place, value);
    place[length] = '\0';
    text->len += length;
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

/* Packets come thick: most lines are of the same second as the line before. */
static void note_second(JsonLine *line, bool is_negative, guint64 second)
{
    gsize sign = is_negative ? 1 : 0;
    line->second_text[0] = '-';
    line->second_length = (guint8)(sign + json_digits(line->second_text + sign, second));
    line->second = second;
    line->second_is_negative = is_negative;
}

static void append_time(JsonLine *line, gint64 time_ns)
{
    const guint64 second_ns = 1000000000;
    const gsize decimals = 9;
    bool is_negative = time_ns < 0;
    guint64 time = is_negative ? -(guint64)time_ns : (guint64)time_ns;
    guint64 second = time / second_ns;
    if (line->second_length == 0 || line->second != second ||
        line->second_is_negative != is_negative) {
        note_second(line, is_negative, second);
    }
    char *place = make_room(line->text, sizeof line->second_text + 1 + decimals);
    gsize length = line->second_length;
    memcpy(place, line->second_text, sizeof line->second_text);
    place[length] = '.';
    write_digits(place + length + 1, decimals, time - second * second_ns);
    length += 1 + decimals;
    place[length] = '\0';
    line->text->len += length;
}

void json_line_time(JsonLine *line, const char *key, gint64 time_ns)
{
    append_key(line, key);
    append_time(line, time_ns);
}

void json_line_begin_step(JsonLine *line, const char *type, guint64 step, gint64 time_ns)
{
    line->text->len = 0;
    put(line->text, "{\"type\":\"", 9);
    put(line->text, type, strlen(type));
    put(line->text, "\",\"step\":", 9);
    append_number(line->text, step);
    put(line->text, ",\"time\":", 8);
    append_time(line, time_ns);
    line->needs_comma = true;
}

void json_line_members(JsonLine *line, ByteSpan members)
{
    if (line->needs_comma) {
        put_octet(line->text, ',');
    }
    put(line->text, members.data, members.length);
    line->needs_comma = true;
}
