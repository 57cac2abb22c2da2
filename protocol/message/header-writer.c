#include "protocol/message/header-writer.h"

#include "protocol/encoding/encoded-word.h"
#include "protocol/message/header-block.h"
#include "protocol/message/message-address.h"

enum {
    /* "=?utf-8?B?" and "?=" */
    WORD_FRAME = 12,
    /* A word is broken up by encoding before it makes a line of more than 998 characters. */
    PLAIN_WORD_MAXIMUM = 900,
    /* RFC 2231 §3: longer values go on in another parameter. */
    PARAMETER_PIECE = 60,
};

char *header_sanitize(const char *text)
{
    char *clean = g_utf8_make_valid(text, -1);
    for (char *at = clean; *at != '\0'; at++) {
        if ((guchar)*at < ' ' || *at == 0x7f) {
            *at = ' ';
        }
    }
    return clean;
}

bool header_is_ascii(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((guchar)*text >= 0x80) {
            return false;
        }
    }
    return true;
}

/* A field being written: folds need to know how long the line is. */
typedef struct {
    GString *out;
    gsize line_start;
    bool allows_utf8;
} FieldWriter;

static FieldWriter begin_field(GString *out, const char *name, bool allows_utf8)
{
    FieldWriter writer = {.out = out, .line_start = out->len, .allows_utf8 = allows_utf8};
    g_string_append_printf(out, "%s:", name);
    return writer;
}

static gsize column(const FieldWriter *writer)
{
    return writer->out->len - writer->line_start;
}

/* RFC 5322 §2.2.3: the fold goes before white space, which stays. */
static void fold(FieldWriter *writer)
{
    g_string_append(writer->out, "\r\n");
    writer->line_start = writer->out->len;
}

/* A space and a word; on a new line where it would not fit. */
static void append_word(FieldWriter *writer, const char *word, gsize length)
{
    bool is_long = column(writer) + 1 + length > HEADER_LINE_ADVISED;
    if (is_long) {
        fold(writer);
    }
    g_string_append_c(writer->out, ' ');
    g_string_append_len(writer->out, word, (gssize)length);
}

static gsize q_length(const char *at, const char *end)
{
    gsize length = 0;
    char block[4];
    for (; at < end; at++) {
        encoded_word_q((guint8)*at, block);
        length += strlen(block);
    }
    return length;
}

static gsize b_length(gsize octets)
{
    return (octets + 2) / 3 * 4;
}

/* How much of the text makes one encoded word of at most 'room' octets; whole letters, at least
 * one. */
static const char *
chunk_end(const char *start, const char *end, EncodedWordEncoding encoding, gsize room)
{
    const char *at = g_utf8_next_char(start);
    while (at < end) {
        const char *next = g_utf8_next_char(at);
        gsize length =
            encoding == ENCODED_WORD_B ? b_length((gsize)(next - start)) : q_length(start, next);
        if (WORD_FRAME + length > room) {
            break;
        }
        at = next;
    }
    return at;
}

static void append_encoded_word(
    FieldWriter *writer, const char *start, const char *end, EncodedWordEncoding encoding
)
{
    ByteBuffer word;
    byte_buffer_init(&word, 256);
    bool is_encoded =
        encoded_words_encode(byte_span(start, (gsize)(end - start)), NULL, encoding, &word);
    g_assert(is_encoded);
    ByteSpan span = byte_buffer_span(&word);
    append_word(writer, (const char *)span.data, span.length);
    byte_buffer_clear(&word);
}

/* RFC 2047 §2: no word over 75 octets, no line with one over 76. */
static void append_encoded(FieldWriter *writer, const char *start, const char *end)
{
    gsize octets = (gsize)(end - start);
    /* Q stays readable, and is chosen unless it would be much longer. */
    bool prefers_b = q_length(start, end) * 2 > b_length(octets) * 3;
    EncodedWordEncoding encoding = prefers_b ? ENCODED_WORD_B : ENCODED_WORD_Q;
    while (start < end) {
        gsize used = column(writer) + 1;
        gsize room = used + 32 > ENCODED_WORD_LINE_MAXIMUM ? 0 : ENCODED_WORD_LINE_MAXIMUM - used;
        if (room == 0) {
            fold(writer);
            room = ENCODED_WORD_LINE_MAXIMUM - 1;
        }
        const char *next = chunk_end(start, end, encoding, MIN(room, ENCODED_WORD_MAXIMUM));
        append_encoded_word(writer, start, next, encoding);
        start = next;
    }
}

/* Beyond ASCII, or ASCII that would be taken for an encoded word, or too long for a line. */
static bool needs_encoding(const FieldWriter *writer, const char *word, gsize length)
{
    bool is_plain =
        length <= PLAIN_WORD_MAXIMUM && g_strstr_len(word, (gssize)length, "=?") == NULL;
    for (gsize i = 0; i < length && is_plain; i++) {
        is_plain = writer->allows_utf8 || (guchar)word[i] < 0x80;
    }
    return !is_plain;
}

/* A word takes further spaces before it along, so that no line is left with spaces alone. */
static gsize word_length(const char *text)
{
    gsize spaces = strspn(text, " ");
    return spaces + strcspn(text + spaces, " ");
}

/* Neighbours that need encoding are encoded together with the spaces between them, because readers
 * drop white space between two encoded words. */
static const char *encoded_run_end(const FieldWriter *writer, const char *text)
{
    const char *end = text + word_length(text);
    while (*end == ' ') {
        gsize length = word_length(end + 1);
        if (!needs_encoding(writer, end + 1, length)) {
            break;
        }
        end += 1 + length;
    }
    return end;
}

static void append_text(FieldWriter *writer, const char *text)
{
    while (*text != '\0') {
        gsize length = word_length(text);
        if (needs_encoding(writer, text, length)) {
            const char *end = encoded_run_end(writer, text);
            append_encoded(writer, text, end);
            text = end;
        } else {
            append_word(writer, text, length);
            text += length;
        }
        text += *text == ' ' ? 1 : 0;
    }
}

void header_write_text(GString *out, const char *name, const char *text, bool allows_utf8)
{
    FieldWriter writer = begin_field(out, name, allows_utf8);
    g_autofree char *clean = header_sanitize(text);
    append_text(&writer, g_strchomp(clean));
    g_string_append(out, "\r\n");
}

void header_write_structured(GString *out, const char *name, const char *body)
{
    FieldWriter writer = begin_field(out, name, true);
    g_autofree char *clean = header_sanitize(body);
    const char *at = g_strstrip(clean);
    while (*at != '\0') {
        gsize length = strcspn(at, " ");
        append_word(&writer, at, length);
        at += length;
        at += strspn(at, " ");
    }
    g_string_append(out, "\r\n");
}

static bool is_phrase_octet(char octet)
{
    return g_ascii_isalnum(octet) || (guchar)octet >= 0x80 ||
           strchr("!#$%&'*+-/=?^_`{|}~ ", octet) != NULL;
}

/* RFC 5322 §3.2.5: words of a name are atoms or one quoted string. */
static void append_name(FieldWriter *writer, const char *name)
{
    gsize length = strlen(name);
    bool is_atoms = name[0] != '\0';
    if (needs_encoding(writer, name, length)) {
        append_encoded(writer, name, name + length);
        return;
    }
    for (gsize i = 0; i < length && is_atoms; i++) {
        is_atoms = is_phrase_octet(name[i]);
    }
    if (is_atoms) {
        append_text(writer, name);
        return;
    }
    g_autoptr(GString) quoted = g_string_new("\"");
    for (gsize i = 0; i < length; i++) {
        if (name[i] == '"' || name[i] == '\\') {
            g_string_append_c(quoted, '\\');
        }
        g_string_append_c(quoted, name[i]);
    }
    g_string_append_c(quoted, '"');
    append_word(writer, quoted->str, quoted->len);
}

static void append_mailbox(FieldWriter *writer, const MessageAddress *address, const char *ending)
{
    g_autofree char *path = message_address_path(address);
    g_autofree char *decoded = message_address_display_name(address);
    bool has_name = decoded != NULL && decoded[0] != '\0';
    g_autofree char *clean = has_name ? header_sanitize(decoded) : NULL;
    g_autofree char *word = g_strdup_printf(has_name ? "<%s>%s" : "%s%s", path, ending);
    if (has_name) {
        append_name(writer, clean);
    }
    append_word(writer, word, strlen(word));
}

static void append_group(FieldWriter *writer, const MessageAddress *address)
{
    g_autofree char *decoded = message_address_display_name(address);
    g_autofree char *clean = header_sanitize(decoded == NULL ? "" : decoded);
    append_name(writer, clean);
    g_string_append_c(writer->out, ':');
}

static const char *ending_of(const MessageAddressList *list, guint index)
{
    bool is_last = index + 1 == list->n_items;
    if (list->items[index].kind == MESSAGE_ADDRESS_GROUP_BEGIN || is_last) {
        return "";
    }
    return list->items[index + 1].kind == MESSAGE_ADDRESS_GROUP_END ? "" : ",";
}

void header_write_addresses(GString *out, const char *name, const char *list, bool allows_utf8)
{
    g_autofree char *clean = header_sanitize(list);
    g_autoptr(MessageAddressList) parsed = message_address_list_parse(byte_span_from_string(clean));
    if (!parsed->is_valid) {
        /* No list of addresses, but perhaps what somebody wants to be seen. */
        if (allows_utf8 || header_is_ascii(clean)) {
            header_write_structured(out, name, clean);
        } else {
            header_write_text(out, name, clean, false);
        }
        return;
    }
    FieldWriter writer = begin_field(out, name, allows_utf8);
    for (guint i = 0; i < parsed->n_items; i++) {
        const MessageAddress *item = &parsed->items[i];
        switch (item->kind) {
        case MESSAGE_ADDRESS_MAILBOX:
            append_mailbox(&writer, item, ending_of(parsed, i));
            break;
        case MESSAGE_ADDRESS_GROUP_BEGIN:
            append_group(&writer, item);
            break;
        case MESSAGE_ADDRESS_GROUP_END:
            g_string_append_printf(out, ";%s", ending_of(parsed, i));
            break;
        }
    }
    g_string_append(out, "\r\n");
}

/* RFC 2045 §5.1: what may stand in a parameter without quotes. */
static bool is_token(const char *value)
{
    for (const char *at = value; *at != '\0'; at++) {
        if (*at <= ' ' || *at >= 0x7f || strchr("()<>@,;:\\\"/[]?=", *at) != NULL) {
            return false;
        }
    }
    return value[0] != '\0';
}

static void append_parameter(GString *out, gsize *line_start, const char *text)
{
    g_string_append_c(out, ';');
    if (out->len - *line_start + 1 + strlen(text) > HEADER_LINE_ADVISED) {
        g_string_append(out, "\r\n");
        *line_start = out->len;
    }
    g_string_append_printf(out, " %s", text);
}

/* RFC 2231 §4.1: pieces of a value, the first with charset and language. */
static void append_coded(GString *out, gsize *line_start, const char *name, const char *value)
{
    g_autoptr(GString) coded = g_string_new("utf-8''");
    g_autoptr(GPtrArray) pieces = g_ptr_array_new_with_free_func(g_free);
    for (const char *at = value; *at != '\0'; at++) {
        bool is_plain = g_ascii_isalnum(*at) || strchr("-._~!#$&+^`{|}", *at) != NULL;
        g_string_append_printf(coded, is_plain ? "%c" : "%%%02X", (guchar)*at);
        if (coded->len > PARAMETER_PIECE || at[1] == '\0') {
            g_ptr_array_add(pieces, g_strdup(coded->str));
            g_string_truncate(coded, 0);
        }
    }
    for (guint i = 0; i < pieces->len; i++) {
        const char *piece = g_ptr_array_index(pieces, i);
        g_autofree char *text = pieces->len == 1 ? g_strdup_printf("%s*=%s", name, piece)
                                                 : g_strdup_printf("%s*%u*=%s", name, i, piece);
        append_parameter(out, line_start, text);
    }
}

void header_write_parameter(GString *out, gsize line_start, const char *name, const char *value)
{
    g_autofree char *clean = header_sanitize(value);
    if (!header_is_ascii(clean) || strlen(clean) > PARAMETER_PIECE) {
        append_coded(out, &line_start, name, clean);
        return;
    }
    g_autoptr(GString) text = g_string_new(name);
    g_string_append_c(text, '=');
    if (is_token(clean)) {
        g_string_append(text, clean);
    } else {
        g_string_append_c(text, '"');
        for (const char *at = clean; *at != '\0'; at++) {
            if (*at == '"' || *at == '\\') {
                g_string_append_c(text, '\\');
            }
            g_string_append_c(text, *at);
        }
        g_string_append_c(text, '"');
    }
    append_parameter(out, &line_start, text->str);
}
