#include "ui/anonymize/anonymize-message.h"

#include <string.h>

#define BOUNDARIES_MAXIMUM 100
#define MAGIC_LETTERS 12 /* of base64: the first octets tell what kind of file it is */

typedef enum {
    ENCODING_NONE,
    ENCODING_QUOTED,
    ENCODING_BASE64,
} Encoding;

typedef struct {
    AnonymizeNames *names;
    GPtrArray *boundaries;
    bool is_in_header;
    Encoding encoding;
    bool is_html;
    bool is_text;
    bool holds_message;
    bool is_first_line;
} Walk;

/* Fields whose values are not all of one piece with the rest of the header. */
static const struct {
    const char *name;
    AnonymizeManner manner;
} manners[] = {
    {.name = "From", .manner = ANONYMIZE_NAMES},
    {.name = "To", .manner = ANONYMIZE_NAMES},
    {.name = "Cc", .manner = ANONYMIZE_NAMES},
    {.name = "Bcc", .manner = ANONYMIZE_NAMES},
    {.name = "Sender", .manner = ANONYMIZE_NAMES},
    {.name = "Reply-To", .manner = ANONYMIZE_NAMES},
    {.name = "Return-Path", .manner = ANONYMIZE_NAMES},
    {.name = "Delivered-To", .manner = ANONYMIZE_NAMES},
    {.name = "Resent-From", .manner = ANONYMIZE_NAMES},
    {.name = "Resent-To", .manner = ANONYMIZE_NAMES},
    {.name = "Received", .manner = ANONYMIZE_GRAMMAR},
    {.name = "MIME-Version", .manner = ANONYMIZE_GRAMMAR},
    {.name = "Auto-Submitted", .manner = ANONYMIZE_GRAMMAR},
    {.name = "Precedence", .manner = ANONYMIZE_GRAMMAR},
    {.name = "Date", .manner = ANONYMIZE_SPEECH},
    {.name = "Resent-Date", .manner = ANONYMIZE_SPEECH},
};

static AnonymizeManner manner_of(ByteSpan name)
{
    if (byte_span_starts_with_nocase(name, "Content-")) {
        return ANONYMIZE_GRAMMAR;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(manners); i++) {
        if (byte_span_is_nocase(name, manners[i].name)) {
            return manners[i].manner;
        }
    }
    return ANONYMIZE_EVERYTHING;
}

/* Quoted-printable, in bodies and in encoded words: "=C3" stays. */
static void change_quoted(Walk *walk, guint8 *text, gsize length, AnonymizeManner manner)
{
    gsize from = 0;
    for (gsize i = 0; i <= length; i++) {
        if (i < length && text[i] != '=') {
            continue;
        }
        if (walk->is_html) {
            anonymize_html(walk->names, text + from, i - from);
        } else {
            anonymize_text(walk->names, text + from, i - from, manner);
        }
        i += i + 2 < length ? 2 : 0;
        from = MIN(i + 1, length);
    }
}

/* "=?UTF-8?Q?Caf=C3=A9?=" at the front; gives its length, or 0. */
static gsize change_encoded_word(Walk *walk, guint8 *text, gsize length, AnonymizeManner manner)
{
    if (length < 8 || text[0] != '=' || text[1] != '?') {
        return 0;
    }
    const guint8 *charset_end = memchr(text + 2, '?', length - 2);
    if (charset_end == NULL || (gsize)(charset_end - text) + 3 > length || charset_end[2] != '?') {
        return 0;
    }
    gsize start = (gsize)(charset_end - text) + 3;
    const guint8 *end = memchr(text + start, '?', length - start);
    if (end == NULL || (gsize)(end - text) + 2 > length || end[1] != '=') {
        return 0;
    }
    gsize inner = (gsize)(end - text) - start;
    if (g_ascii_toupper((char)charset_end[1]) == 'B') {
        anonymize_base64(walk->names, text + start, inner, manner);
    } else {
        change_quoted(walk, text + start, inner, manner);
    }
    return start + inner + 2;
}

static void change_value(Walk *walk, guint8 *value, gsize length, AnonymizeManner manner)
{
    gsize from = 0;
    for (gsize i = 0; i < length;) {
        if (value[i] == '=' && i + 1 < length && value[i + 1] == '?') {
            anonymize_text(walk->names, value + from, i - from, manner);
            gsize word = change_encoded_word(walk, value + i, length - i, manner);
            i += MAX(word, 1);
            from = i;
        } else {
            i++;
        }
    }
    anonymize_text(walk->names, value + from, length - from, manner);
}

static bool contains(ByteSpan text, const char *wanted, gsize *out_behind)
{
    gsize length = strlen(wanted);
    for (gsize i = 0; i + length <= text.length; i++) {
        if (g_ascii_strncasecmp((const char *)text.data + i, wanted, length) == 0) {
            *out_behind = i + length;
            return true;
        }
    }
    return false;
}

static void keep_boundary(Walk *walk, ByteSpan value)
{
    gsize at;
    if (!contains(value, "boundary=", &at) || walk->boundaries->len >= BOUNDARIES_MAXIMUM) {
        return;
    }
    ByteSpan rest = byte_span_from(value, at);
    bool is_quoted = rest.length > 0 && rest.data[0] == '"';
    rest = byte_span_from(rest, is_quoted ? 1 : 0);
    gsize end = 0;
    while (end < rest.length &&
           (is_quoted ? rest.data[end] != '"'
                      : rest.data[end] != ';' && !g_ascii_isspace(rest.data[end]))) {
        end++;
    }
    if (end > 0) {
        g_ptr_array_add(walk->boundaries, byte_span_to_string(byte_span_slice(rest, 0, end)));
    }
}

/* What a field says about the part, read before it is changed. */
static void note_field(Walk *walk, ByteSpan name, ByteSpan value)
{
    gsize at;
    if (byte_span_is_nocase(name, "Content-Type")) {
        walk->is_html = contains(value, "text/html", &at);
        walk->is_text = contains(value, "text/", &at);
        walk->holds_message = contains(value, "message/", &at);
        keep_boundary(walk, value);
    } else if (byte_span_is_nocase(name, "Content-Transfer-Encoding")) {
        walk->encoding = contains(value, "base64", &at)             ? ENCODING_BASE64
                         : contains(value, "quoted-printable", &at) ? ENCODING_QUOTED
                                                                    : ENCODING_NONE;
    }
}

static void begin_header(Walk *walk)
{
    walk->is_in_header = true;
    walk->encoding = ENCODING_NONE;
    walk->is_html = false;
    walk->is_text = true;
    walk->holds_message = false;
}

static void change_field(Walk *walk, guint8 *field, gsize length)
{
    const guint8 *colon = memchr(field, ':', length);
    if (colon == NULL) {
        anonymize_text(walk->names, field, length, ANONYMIZE_EVERYTHING);
        return;
    }
    gsize behind = (gsize)(colon - field) + 1;
    ByteSpan name = byte_span_trim(byte_span(field, behind - 1));
    note_field(walk, name, byte_span(field + behind, length - behind));
    bool was_html = walk->is_html;
    walk->is_html = false; /* encoded words are plain text */
    change_value(walk, field + behind, length - behind, manner_of(name));
    walk->is_html = was_html;
}

static bool is_delimiter(const Walk *walk, ByteSpan line)
{
    if (!byte_span_starts_with(line, "--")) {
        return false;
    }
    for (guint i = 0; i < walk->boundaries->len; i++) {
        if (byte_span_starts_with(byte_span_from(line, 2), walk->boundaries->pdata[i])) {
            return true;
        }
    }
    return false;
}

static void change_body_line(Walk *walk, guint8 *line, gsize length)
{
    gsize kept = 0;
    switch (walk->encoding) {
    case ENCODING_BASE64:
        kept = walk->is_first_line && !walk->is_text ? MIN(length, MAGIC_LETTERS) : 0;
        anonymize_base64_run(walk->names, line + kept, length - kept);
        break;
    case ENCODING_QUOTED:
        change_quoted(walk, line, length, ANONYMIZE_EVERYTHING);
        break;
    case ENCODING_NONE:
        if (walk->is_html) {
            anonymize_html(walk->names, line, length);
        } else {
            anonymize_text(walk->names, line, length, ANONYMIZE_EVERYTHING);
        }
        break;
    }
    walk->is_first_line = walk->is_first_line && length == 0;
}

static gsize line_length(const guint8 *octets, gsize length)
{
    const guint8 *end = memchr(octets, '\n', length);
    return end == NULL ? length : (gsize)(end - octets) + 1;
}

static gsize without_end(const guint8 *line, gsize length)
{
    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r')) {
        length--;
    }
    return length;
}

/* A field with its folded lines; gives its length. */
static gsize take_field(Walk *walk, guint8 *octets, gsize length)
{
    gsize end = line_length(octets, length);
    while (end < length && (octets[end] == ' ' || octets[end] == '\t')) {
        end += line_length(octets + end, length - end);
    }
    change_field(walk, octets, end);
    return end;
}

static gsize take_line(Walk *walk, guint8 *octets, gsize length)
{
    gsize whole = line_length(octets, length);
    gsize text = without_end(octets, whole);
    if (is_delimiter(walk, byte_span(octets, text))) {
        anonymize_text(walk->names, octets, text, ANONYMIZE_GRAMMAR);
        begin_header(walk);
        return whole;
    }
    if (!walk->is_in_header) {
        change_body_line(walk, octets, text);
        return whole;
    }
    if (text > 0) {
        return take_field(walk, octets, length);
    }
    if (walk->holds_message) {
        begin_header(walk);
    } else {
        walk->is_in_header = false;
        walk->is_first_line = true;
    }
    return whole;
}

/* RFC 7578 §4.1: a form of several parts begins with its boundary, which a field of HTTP names. */
static void find_first_boundary(Walk *walk, ByteSpan body)
{
    gsize end = without_end(body.data, line_length(body.data, body.length));
    ByteSpan line = byte_span_slice(body, 0, end);
    if (line.length > 2 && line.length <= 72 && byte_span_starts_with(line, "--")) {
        g_ptr_array_add(walk->boundaries, byte_span_to_string(byte_span_from(line, 2)));
    }
}

void anonymize_message(AnonymizeNames *names, guint8 *octets, gsize length, bool begins_with_body)
{
    Walk walk = {.names = names, .boundaries = g_ptr_array_new_with_free_func(g_free)};
    begin_header(&walk);
    walk.is_in_header = !begins_with_body;
    if (begins_with_body) {
        find_first_boundary(&walk, byte_span(octets, length));
    }
    for (gsize i = 0; i < length;) {
        i += take_line(&walk, octets + i, length - i);
    }
    g_ptr_array_unref(walk.boundaries);
}
