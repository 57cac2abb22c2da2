#include "protocol/encoding/parameter-value.h"

#include "protocol/encoding/encoded-word.h"

#define LINE_MAXIMUM 76
#define VALUE_MAXIMUM (1024 * 1024)

const char *parameter_fault_name(ParameterFault fault)
{
    static const char *const names[] = {
        [PARAMETER_FAULT_NONE] = "nothing",
        [PARAMETER_FAULT_SYNTAX] = "no name, \"=\" and value",
        [PARAMETER_FAULT_NOT_FOUND] = "no parameter of that name",
        [PARAMETER_FAULT_NUMBER] = "a number with a leading zero, or too large a one",
        [PARAMETER_FAULT_GAP] = "a piece that is missing or comes twice",
        [PARAMETER_FAULT_NO_QUOTES] = "no two single quotes behind charset and language",
        [PARAMETER_FAULT_PERCENT] = "a \"%\" without two hexadecimal digits behind it",
        [PARAMETER_FAULT_UNDECLARED] = "a piece in %XX, though the first one names no charset",
        [PARAMETER_FAULT_CHARSET] = "a charset that is not known here",
        [PARAMETER_FAULT_TEXT] = "octets that are no text of this charset",
    };
    return names[fault];
}

/* RFC 2231 §7: attribute-char, and the "%" and "'" of extended values. */
static bool is_token(guint8 octet)
{
    return octet > ' ' && octet < 127 && strchr("()<>@,;:\\\"/[]?=", octet) == NULL;
}

static bool is_attribute(guint8 octet)
{
    return is_token(octet) && octet != '*' && octet != '\'' && octet != '%';
}

static bool is_white(guint8 octet)
{
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

static void skip_white(ByteSpan *rest)
{
    while (rest->length > 0 && is_white(rest->data[0])) {
        *rest = byte_span_from(*rest, 1);
    }
}

static ByteSpan take_token(ByteSpan *rest)
{
    gsize length = 0;
    while (length < rest->length && (is_token(rest->data[length]) || rest->data[length] > 127)) {
        length++;
    }
    ByteSpan token = byte_span_slice(*rest, 0, length);
    *rest = byte_span_from(*rest, length);
    return token;
}

/* "*", "*3" or "*3*" behind the name. */
static bool read_stars(ByteSpan full, ParameterPiece *piece)
{
    gssize star = byte_span_find(full, '*', 0);
    piece->number = -1;
    piece->name = star < 0 ? full : byte_span_slice(full, 0, (gsize)star);
    if (star < 0) {
        return true;
    }
    ByteSpan marks = byte_span_from(full, (gsize)star + 1);
    if (marks.length == 0) {
        piece->is_extended = true;
        return true;
    }
    piece->is_extended = marks.data[marks.length - 1] == '*';
    marks.length -= piece->is_extended ? 1 : 0;
    guint64 number;
    if (!byte_span_to_number(marks, &number)) {
        return false;
    }
    bool is_right =
        number < PARAMETER_PIECES_MAXIMUM && (marks.length == 1 || marks.data[0] != '0');
    piece->number = is_right ? (gint)number : G_MAXINT;
    return true;
}

static bool take_quoted(ByteSpan *rest, ParameterPiece *piece)
{
    for (gsize i = 1; i < rest->length; i++) {
        if (rest->data[i] == '\\') {
            i++;
        } else if (rest->data[i] == '"') {
            piece->value = byte_span_slice(*rest, 1, i - 1);
            piece->is_quoted = true;
            *rest = byte_span_from(*rest, i + 1);
            return true;
        }
    }
    return false;
}

bool parameter_next(ByteSpan *rest, ParameterPiece *out_piece)
{
    ParameterPiece piece = {.number = -1};
    ByteSpan text = *rest;
    while (text.length > 0 && (is_white(text.data[0]) || text.data[0] == ';')) {
        text = byte_span_from(text, 1);
    }
    *rest = text;
    if (text.length == 0) {
        return false;
    }
    ByteSpan full = take_token(&text);
    skip_white(&text);
    if (full.length == 0 || text.length == 0 || text.data[0] != '=' || !read_stars(full, &piece) ||
        piece.name.length == 0) {
        return false;
    }
    text = byte_span_from(text, 1);
    skip_white(&text);
    if (text.length > 0 && text.data[0] == '"') {
        if (!take_quoted(&text, &piece)) {
            return false;
        }
    } else {
        piece.value = take_token(&text);
    }
    *rest = text;
    *out_piece = piece;
    return true;
}

typedef struct {
    ByteSpan text;
    ByteBuffer octets;
    char *charset; /* NULL: plain text */
    ParameterFault fault;
    gsize position;
} Reading;

static void note(Reading *reading, ParameterFault fault, const guint8 *where)
{
    if (reading->fault == PARAMETER_FAULT_NONE) {
        reading->fault = fault;
        reading->position =
            where == NULL ? reading->text.length : (gsize)(where - reading->text.data);
    }
}

static void put(Reading *reading, guint8 octet)
{
    /* A value is never longer than its text, and texts over the maximum are refused before. */
    bool fits = byte_buffer_append(&reading->octets, byte_span(&octet, 1));
    g_assert(fits);
}

static void add_percent(Reading *reading, ByteSpan value)
{
    for (gsize i = 0; i < value.length; i++) {
        guint8 octet = value.data[i];
        if (octet == '%') {
            bool is_hex = i + 2 < value.length && g_ascii_isxdigit(value.data[i + 1]) &&
                          g_ascii_isxdigit(value.data[i + 2]);
            if (is_hex) {
                octet = (guint8
                )(g_ascii_xdigit_value((gchar)value.data[i + 1]) * 16 +
                  g_ascii_xdigit_value((gchar)value.data[i + 2]));
                i += 2;
            } else {
                note(reading, PARAMETER_FAULT_PERCENT, value.data + i);
            }
        }
        put(reading, octet);
    }
}

static void add_plain(Reading *reading, const ParameterPiece *piece)
{
    for (gsize i = 0; i < piece->value.length; i++) {
        if (piece->is_quoted && piece->value.data[i] == '\\' && i + 1 < piece->value.length) {
            i++;
        }
        put(reading, piece->value.data[i]);
    }
}

/* charset'language'value */
static ByteSpan take_charset(Reading *reading, ByteSpan value)
{
    gssize first = byte_span_find(value, '\'', 0);
    gssize second = first < 0 ? -1 : byte_span_find(value, '\'', (gsize)first + 1);
    if (second < 0) {
        note(reading, PARAMETER_FAULT_NO_QUOTES, value.data);
        return value;
    }
    reading->charset = byte_span_to_string(byte_span_slice(value, 0, (gsize)first));
    return byte_span_from(value, (gsize)second + 1);
}

static void add_piece(Reading *reading, const ParameterPiece *piece, bool is_first)
{
    if (!piece->is_extended) {
        add_plain(reading, piece);
        return;
    }
    if (is_first) {
        add_percent(reading, take_charset(reading, piece->value));
        return;
    }
    if (reading->charset == NULL) {
        note(reading, PARAMETER_FAULT_UNDECLARED, piece->name.data);
    }
    add_percent(reading, piece->value);
}

/* A piece without a number is the whole; RFC 2231 lets the extended one win over the plain one. */
static GArray *collect(Reading *reading, const char *name)
{
    GArray *pieces = g_array_new(FALSE, FALSE, sizeof(ParameterPiece));
    ByteSpan rest = reading->text;
    ParameterPiece piece;
    while (pieces->len < PARAMETER_PIECES_MAXIMUM && parameter_next(&rest, &piece)) {
        if (byte_span_is_nocase(piece.name, name)) {
            g_array_append_val(pieces, piece);
        }
    }
    if (rest.length > 0 && pieces->len == 0) {
        note(reading, PARAMETER_FAULT_SYNTAX, rest.data);
    }
    return pieces;
}

static const ParameterPiece *find_whole(const GArray *pieces)
{
    const ParameterPiece *whole = NULL;
    for (guint i = 0; i < pieces->len; i++) {
        const ParameterPiece *piece = &g_array_index(pieces, ParameterPiece, i);
        if (piece->number < 0 && (whole == NULL || piece->is_extended)) {
            whole = piece;
        }
    }
    return whole;
}

static gint by_number(gconstpointer left, gconstpointer right)
{
    const ParameterPiece *a = left;
    const ParameterPiece *b = right;
    return a->number == b->number ? 0 : a->number < b->number ? -1 : 1;
}

static void join(Reading *reading, GArray *pieces)
{
    g_array_sort(pieces, by_number);
    gint expected = 0;
    for (guint i = 0; i < pieces->len; i++) {
        const ParameterPiece *piece = &g_array_index(pieces, ParameterPiece, i);
        if (piece->number < 0) {
            continue;
        }
        if (piece->number != expected) {
            note(
                reading,
                piece->number == G_MAXINT ? PARAMETER_FAULT_NUMBER : PARAMETER_FAULT_GAP,
                piece->name.data
            );
            return; /* what follows a gap would stand in the wrong place */
        }
        add_piece(reading, piece, expected == 0);
        expected++;
    }
}

static char *finish(Reading *reading)
{
    bool is_clean = true;
    const char *charset =
        reading->charset == NULL || reading->charset[0] == '\0' ? "UTF-8" : reading->charset;
    char *text = charset_to_utf8(byte_buffer_span(&reading->octets), charset, &is_clean);
    if (text == NULL) {
        note(reading, PARAMETER_FAULT_CHARSET, NULL);
        text = charset_to_utf8(byte_buffer_span(&reading->octets), "UTF-8", &is_clean);
    } else if (!is_clean) {
        note(reading, PARAMETER_FAULT_TEXT, NULL);
    }
    return text;
}

char *parameter_decode(
    ByteSpan parameters, const char *name, ParameterFault *out_fault, gsize *out_position
)
{
    Reading reading = {.text = byte_span_slice(parameters, 0, VALUE_MAXIMUM)};
    char *text = NULL;
    byte_buffer_init(&reading.octets, VALUE_MAXIMUM);
    g_autoptr(GArray) pieces = collect(&reading, name);
    const ParameterPiece *whole = find_whole(pieces);
    if (whole != NULL) {
        add_piece(&reading, whole, true);
    } else if (pieces->len > 0) {
        join(&reading, pieces);
    }
    if (pieces->len > 0) {
        text = finish(&reading);
    } else {
        note(&reading, PARAMETER_FAULT_NOT_FOUND, NULL);
    }
    byte_buffer_clear(&reading.octets);
    g_free(reading.charset);
    if (out_fault != NULL) {
        *out_fault = reading.fault;
    }
    if (out_position != NULL && reading.fault != PARAMETER_FAULT_NONE) {
        *out_position = reading.position;
    }
    return text;
}

static bool is_plain_text(ByteSpan utf8)
{
    for (gsize i = 0; i < utf8.length; i++) {
        if (utf8.data[i] < ' ' || utf8.data[i] > '~') {
            return false;
        }
    }
    return true;
}

static bool append_quoted(ByteBuffer *out, ByteSpan text)
{
    bool fits = byte_buffer_append_string(out, "\"");
    for (gsize i = 0; i < text.length && fits; i++) {
        bool needs_backslash = text.data[i] == '"' || text.data[i] == '\\';
        fits = (!needs_backslash || byte_buffer_append_string(out, "\\")) &&
               byte_buffer_append(out, byte_span(text.data + i, 1));
    }
    return fits && byte_buffer_append_string(out, "\"");
}

/* How the octets of one letter are written in an extended value. */
static void append_percent(GString *target, ByteSpan letter)
{
    for (gsize i = 0; i < letter.length; i++) {
        if (is_attribute(letter.data[i])) {
            g_string_append_c(target, (char)letter.data[i]);
        } else {
            g_string_append_printf(target, "%%%02X", letter.data[i]);
        }
    }
}

/* Pieces end between two letters, so that each line can be read by itself. */
static bool append_pieces(const char *name, ByteSpan utf8, const char *language, ByteBuffer *out)
{
    g_autoptr(GString) line = g_string_new(NULL);
    guint number = 0;
    for (gsize at = 0; at < utf8.length;) {
        g_string_printf(line, "%s*%u*=", name, number);
        if (number == 0) {
            g_string_append_printf(line, "UTF-8'%s'", language);
        }
        gsize length_before = line->len;
        for (gsize next = at; at < utf8.length; at = next) {
            const char *here = (const char *)utf8.data + at;
            next = at + (gsize)(g_utf8_next_char(here) - here);
            gsize length = line->len;
            append_percent(line, byte_span_slice(utf8, at, next - at));
            /* one octet for the space that folds the line, one for the ";" */
            if (line->len + 2 > LINE_MAXIMUM && length > length_before) {
                g_string_truncate(line, length);
                break;
            }
        }
        if (!byte_buffer_printf(out, ";\r\n %s", line->str)) {
            return false;
        }
        number++;
    }
    return true;
}

bool parameter_encode(const char *name, ByteSpan utf8, const char *language, ByteBuffer *out)
{
    if (utf8.length > 0 && !g_utf8_validate_len((const char *)utf8.data, utf8.length, NULL)) {
        return false;
    }
    gsize length_before = byte_buffer_length(out);
    bool fits;
    if (is_plain_text(utf8) && strlen(name) + utf8.length + 5 <= LINE_MAXIMUM) {
        fits = byte_buffer_printf(out, "; %s=", name) && append_quoted(out, utf8);
    } else {
        fits = append_pieces(name, utf8, language == NULL ? "" : language, out);
    }
    if (!fits) {
        byte_buffer_truncate(out, length_before);
    }
    return fits;
}
