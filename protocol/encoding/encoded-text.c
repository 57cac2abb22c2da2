#include "protocol/encoding/base64.h"
#include "protocol/encoding/encoded-word.h"

/* Between octets of a charset, encoded words and UTF-8 text. */

#define DECODED_MAXIMUM (1024 * 1024) /* octets of one decoded field */
#define DELIMITERS_LENGTH 7           /* "=?", "?B?" and "?=" */
#define REPLACEMENT "\xef\xbf\xbd"

static bool is_utf8_name(const char *charset)
{
    return g_ascii_strcasecmp(charset, "utf-8") == 0 || g_ascii_strcasecmp(charset, "utf8") == 0;
}

static char *repair_utf8(ByteSpan octets, bool *out_is_clean)
{
    if (octets.length == 0) {
        *out_is_clean = true;
        return g_strdup("");
    }
    *out_is_clean = g_utf8_validate_len((const char *)octets.data, octets.length, NULL);
    return g_utf8_make_valid((const char *)octets.data, (gssize)octets.length);
}

/* Octet by octet over what iconv() refuses. */
static char *convert_with_gaps(ByteSpan octets, GIConv converter, bool *out_is_clean)
{
    GString *text = g_string_new(NULL);
    char *next = (char *)octets.data;
    gsize left = octets.length;
    *out_is_clean = true;
    while (left > 0) {
        char piece[256];
        char *end = piece;
        gsize room = sizeof piece;
        gsize before = left;
        gsize result = g_iconv(converter, &next, &left, &end, &room);
        g_string_append_len(text, piece, end - piece);
        if (result == (gsize)-1 && left == before && end == piece) {
            g_string_append(text, REPLACEMENT);
            *out_is_clean = false;
            next++;
            left--;
            g_iconv(converter, NULL, NULL, NULL, NULL);
        }
    }
    ByteSpan converted = byte_span(text->str, text->len);
    bool has_no_nul;
    char *whole = repair_utf8(converted, &has_no_nul);
    *out_is_clean = *out_is_clean && has_no_nul;
    g_string_free(text, TRUE);
    return whole;
}

char *charset_to_utf8(ByteSpan octets, const char *charset, bool *out_is_clean)
{
    if (is_utf8_name(charset)) {
        return repair_utf8(octets, out_is_clean);
    }
    GIConv converter = g_iconv_open("UTF-8", charset);
    if (converter == (GIConv)-1) {
        return NULL;
    }
    char *text = convert_with_gaps(octets, converter, out_is_clean);
    g_iconv_close(converter);
    return text;
}

/* The word as UTF-8, or NULL where it must stay as it stands. */
static char *word_text(EncodedWord *word)
{
    ByteBuffer octets;
    byte_buffer_init(&octets, DECODED_MAXIMUM);
    g_autofree char *charset = byte_span_to_string(word->charset);
    bool is_clean = true;
    char *text = NULL;
    if (encoded_word_octets(word, &octets)) {
        text = charset_to_utf8(byte_buffer_span(&octets), charset, &is_clean);
    }
    byte_buffer_clear(&octets);
    return text;
}

static bool is_all_white(ByteSpan text)
{
    for (gsize i = 0; i < text.length; i++) {
        if (strchr(" \t\r\n", text.data[i]) == NULL || text.data[i] == 0) {
            return false;
        }
    }
    return true;
}

static void append_valid(GString *target, ByteSpan text)
{
    bool is_clean;
    g_autofree char *valid = repair_utf8(text, &is_clean);
    g_string_append(target, valid);
}

char *encoded_words_decode(ByteSpan text)
{
    GString *decoded = g_string_new(NULL);
    EncodedWord word;
    gsize at = 0;
    bool follows_word = false;
    while (at < text.length && encoded_word_find(text, at, &word)) {
        gsize start = (gsize)(word.whole.data - text.data);
        g_autofree char *shown = word_text(&word);
        ByteSpan between = byte_span_slice(text, at, start - at);
        if (!(follows_word && shown != NULL && is_all_white(between))) {
            append_valid(decoded, between);
        }
        if (shown == NULL) {
            append_valid(decoded, word.whole);
        } else {
            g_string_append(decoded, shown);
        }
        follows_word = shown != NULL;
        at = start + word.whole.length;
    }
    append_valid(decoded, byte_span_from(text, at));
    return g_string_free(decoded, FALSE);
}

guint encoded_word_q(guint8 octet, char out_text[4])
{
    static const char digits[] = "0123456789ABCDEF";
    if (octet == ' ') {
        strcpy(out_text, "_");
        return 2;
    }
    if (g_ascii_isalnum(octet) || (octet != 0 && strchr("!*+-/", octet) != NULL)) {
        out_text[0] = (char)octet;
        out_text[1] = '\0';
        return 3;
    }
    out_text[0] = '=';
    out_text[1] = digits[octet >> 4];
    out_text[2] = digits[octet & 15];
    out_text[3] = '\0';
    return 1;
}

static gsize q_length(ByteSpan octets)
{
    gsize length = 0;
    for (gsize i = 0; i < octets.length; i++) {
        char text[4];
        encoded_word_q(octets.data[i], text);
        length += strlen(text);
    }
    return length;
}

static bool append_word(ByteSpan octets, const char *charset, bool is_base64, ByteBuffer *out)
{
    if (!byte_buffer_printf(out, "=?%s?%c?", charset, is_base64 ? 'B' : 'Q')) {
        return false;
    }
    if (is_base64) {
        return base64_encode(octets, out) && byte_buffer_append_string(out, "?=");
    }
    for (gsize i = 0; i < octets.length; i++) {
        char text[4];
        encoded_word_q(octets.data[i], text);
        if (!byte_buffer_append_string(out, text)) {
            return false;
        }
    }
    return byte_buffer_append_string(out, "?=");
}

/* Converted letter by letter, so that a word ends between two of them (RFC 2047 §5). */
typedef struct {
    GString *octets; /* of the present word */
    const char *charset;
    bool is_base64;
    bool has_words;
    ByteBuffer *out;
} WordWriter;

static gsize encoded_length(const WordWriter *writer, ByteSpan octets)
{
    return writer->is_base64 ? base64_encoded_length(octets.length) : q_length(octets);
}

static bool flush_word(WordWriter *writer)
{
    if (writer->octets->len == 0) {
        return true;
    }
    ByteSpan octets = byte_span(writer->octets->str, writer->octets->len);
    bool fits = (!writer->has_words || byte_buffer_append_string(writer->out, "\r\n ")) &&
                append_word(octets, writer->charset, writer->is_base64, writer->out);
    writer->has_words = true;
    g_string_truncate(writer->octets, 0);
    return fits;
}

static bool add_letter(WordWriter *writer, ByteSpan letter)
{
    gsize room = ENCODED_WORD_MAXIMUM - DELIMITERS_LENGTH - strlen(writer->charset);
    gsize length_before = writer->octets->len;
    g_string_append_len(writer->octets, (const char *)letter.data, (gssize)letter.length);
    ByteSpan octets = byte_span(writer->octets->str, writer->octets->len);
    if (length_before == 0 || encoded_length(writer, octets) <= room) {
        return true;
    }
    g_string_truncate(writer->octets, length_before);
    if (!flush_word(writer)) {
        return false;
    }
    g_string_append_len(writer->octets, (const char *)letter.data, (gssize)letter.length);
    return true;
}

static bool write_letters(WordWriter *writer, ByteSpan utf8)
{
    for (gsize at = 0; at < utf8.length;) {
        const char *here = (const char *)utf8.data + at;
        gsize length = (gsize)(g_utf8_next_char(here) - here);
        gsize converted_length = 0;
        g_autofree char *converted = g_convert(
            here, (gssize)length, writer->charset, "UTF-8", NULL, &converted_length, NULL
        );
        if (converted == NULL || !add_letter(writer, byte_span(converted, converted_length))) {
            return false;
        }
        at += length;
    }
    return flush_word(writer);
}

static bool is_b_shorter(ByteSpan utf8, const char *charset)
{
    gsize length = 0;
    g_autofree char *converted = g_convert(
        (const char *)utf8.data, (gssize)utf8.length, charset, "UTF-8", NULL, &length, NULL
    );
    return converted != NULL &&
           base64_encoded_length(length) < q_length(byte_span(converted, length));
}

bool encoded_words_encode(
    ByteSpan utf8, const char *charset, EncodedWordEncoding encoding, ByteBuffer *out
)
{
    const char *name = charset == NULL ? "UTF-8" : charset;
    if ((utf8.length > 0 && !g_utf8_validate_len((const char *)utf8.data, utf8.length, NULL)) ||
        strlen(name) > ENCODED_WORD_MAXIMUM / 2) {
        return false;
    }
    gsize length_before = byte_buffer_length(out);
    WordWriter writer = {
        .octets = g_string_new(NULL),
        .charset = name,
        .is_base64 = encoding == ENCODED_WORD_B ||
                     (encoding == ENCODED_WORD_SHORTER && is_b_shorter(utf8, name)),
        .out = out,
    };
    bool is_done = write_letters(&writer, utf8);
    g_string_free(writer.octets, TRUE);
    if (!is_done) {
        byte_buffer_truncate(out, length_before);
    }
    return is_done;
}
