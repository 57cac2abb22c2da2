#include "protocol/encoding/encoded-word.h"

#include "protocol/encoding/base64.h"

/* A word is 75 octets long; some writers make longer ones, but none looks for its end for ever. */
#define TEXT_MAXIMUM 1000

const char *encoded_word_fault_name(EncodedWordFault fault)
{
    static const char *const names[] = {
        [ENCODED_WORD_FAULT_NONE] = "nothing",
        [ENCODED_WORD_FAULT_NOT_ONE] = "no \"=?\", charset, \"?\", encoding, \"?\", text, \"?=\"",
        [ENCODED_WORD_FAULT_NOT_CLOSED] = "no \"?=\" that closes the word",
        [ENCODED_WORD_FAULT_CHARSET] = "a charset that is missing or has a forbidden character",
        [ENCODED_WORD_FAULT_ENCODING] = "an encoding that is neither B nor Q",
        [ENCODED_WORD_FAULT_SPACE] = "white space, which a word cannot have inside",
        [ENCODED_WORD_FAULT_CHARACTER] = "a character that is not printable ASCII",
        [ENCODED_WORD_FAULT_EMPTY] = "no text between the last two question marks",
        [ENCODED_WORD_FAULT_BASE64] = "a text that is not whole base64",
        [ENCODED_WORD_FAULT_HEX] = "an \"=\" without two hexadecimal digits behind it",
        [ENCODED_WORD_FAULT_TOO_LONG] = "more than 75 octets",
        [ENCODED_WORD_FAULT_UNKNOWN_CHARSET] = "a charset that is not known here",
        [ENCODED_WORD_FAULT_TEXT] = "octets that are no text of this charset",
    };
    return names[fault];
}

/* RFC 2047 §2: token of charset and encoding. */
static bool is_token(guint8 octet)
{
    return octet > ' ' && octet < 127 && strchr("()<>@,;:\"/[]?.=", octet) == NULL;
}

static void note(EncodedWord *word, EncodedWordFault fault, gsize position)
{
    if (word->fault == ENCODED_WORD_FAULT_NONE) {
        word->fault = fault;
        word->fault_position = position;
    }
}

/* A run up to the next '?'; white space and line ends cannot stand in it. */
static bool take_part(EncodedWord *word, ByteSpan text, gsize *at, ByteSpan *out_part)
{
    gssize end = byte_span_find(text, '?', *at);
    if (end < 0) {
        note(word, ENCODED_WORD_FAULT_NOT_CLOSED, text.length);
        return false;
    }
    *out_part = byte_span_slice(text, *at, (gsize)end - *at);
    *at = (gsize)end + 1;
    return true;
}

static bool take_charset(EncodedWord *word, ByteSpan text, gsize *at)
{
    gsize start = *at;
    ByteSpan part;
    if (!take_part(word, text, at, &part)) {
        return false;
    }
    for (gsize i = 0; i < part.length; i++) {
        if (!is_token(part.data[i])) {
            note(word, ENCODED_WORD_FAULT_CHARSET, start + i);
            return false;
        }
    }
    gssize star = byte_span_find(part, '*', 0);
    word->charset = star < 0 ? part : byte_span_slice(part, 0, (gsize)star);
    word->language = star < 0 ? BYTE_SPAN_EMPTY : byte_span_from(part, (gsize)star + 1);
    if (word->charset.length == 0) {
        note(word, ENCODED_WORD_FAULT_CHARSET, start);
        return false;
    }
    return true;
}

static bool take_encoding(EncodedWord *word, ByteSpan text, gsize *at)
{
    gsize start = *at;
    if (!take_part(word, text, at, &word->encoding)) {
        return false;
    }
    word->is_base64 = byte_span_is_nocase(word->encoding, "B");
    if (!word->is_base64 && !byte_span_is_nocase(word->encoding, "Q")) {
        note(word, ENCODED_WORD_FAULT_ENCODING, start);
        return false;
    }
    return true;
}

/* Up to "?=". Words in the wild have spaces and question marks inside: a fault, but a word. */
static bool take_text(EncodedWord *word, ByteSpan text, gsize at)
{
    gsize end = at;
    text = byte_span_slice(text, 0, at + TEXT_MAXIMUM);
    while (end + 1 < text.length && !(text.data[end] == '?' && text.data[end + 1] == '=')) {
        guint8 octet = text.data[end];
        if (octet == ' ' || octet == '\t') {
            note(word, ENCODED_WORD_FAULT_SPACE, end);
        } else if (octet == '\r' || octet == '\n') {
            note(word, ENCODED_WORD_FAULT_NOT_CLOSED, end);
            return false;
        } else if (octet < ' ' || octet > '~' || octet == '?') {
            note(word, ENCODED_WORD_FAULT_CHARACTER, end);
        }
        end++;
    }
    if (end + 1 >= text.length) {
        word->fault = ENCODED_WORD_FAULT_NONE;
        note(word, ENCODED_WORD_FAULT_NOT_CLOSED, text.length);
        return false;
    }
    word->text = byte_span_slice(text, at, end - at);
    word->whole = byte_span_slice(text, 0, end + 2);
    return true;
}

bool encoded_word_parse(ByteSpan text, EncodedWord *out_word)
{
    EncodedWord word = {.fault = ENCODED_WORD_FAULT_NONE};
    gsize at = 2;
    bool is_word = byte_span_starts_with(text, "=?");
    if (!is_word) {
        note(&word, ENCODED_WORD_FAULT_NOT_ONE, 0);
    }
    is_word = is_word && take_charset(&word, text, &at) && take_encoding(&word, text, &at) &&
              take_text(&word, text, at);
    if (is_word && word.text.length == 0) {
        note(&word, ENCODED_WORD_FAULT_EMPTY, at);
    }
    if (is_word && word.whole.length > ENCODED_WORD_MAXIMUM) {
        note(&word, ENCODED_WORD_FAULT_TOO_LONG, ENCODED_WORD_MAXIMUM);
    }
    *out_word = word;
    return is_word;
}

bool encoded_word_find(ByteSpan text, gsize start, EncodedWord *out_word)
{
    for (gssize at; (at = byte_span_find(text, '=', start)) >= 0; start = (gsize)at + 1) {
        ByteSpan rest = byte_span_from(text, (gsize)at);
        if (byte_span_starts_with(rest, "=?") && encoded_word_parse(rest, out_word)) {
            return true;
        }
    }
    return false;
}

static gsize text_offset(const EncodedWord *word)
{
    return (gsize)(word->text.data - word->whole.data);
}

static void note_in_text(EncodedWord *word, EncodedWordFault fault, gsize position)
{
    note(word, fault, text_offset(word) + position);
}

static bool q_octets(EncodedWord *word, ByteBuffer *out)
{
    ByteSpan text = word->text;
    for (gsize at = 0; at < text.length;) {
        guint8 octet = text.data[at] == '_' ? ' ' : text.data[at];
        gsize length = 1;
        if (octet == '=') {
            bool is_hex = at + 2 < text.length && g_ascii_isxdigit(text.data[at + 1]) &&
                          g_ascii_isxdigit(text.data[at + 2]);
            if (is_hex) {
                length = 3;
                octet = (guint8
                )(g_ascii_xdigit_value((gchar)text.data[at + 1]) * 16 +
                  g_ascii_xdigit_value((gchar)text.data[at + 2]));
            } else {
                note_in_text(word, ENCODED_WORD_FAULT_HEX, at);
            }
        }
        if (!byte_buffer_append(out, byte_span(&octet, 1))) {
            return false;
        }
        at += length;
    }
    return true;
}

bool encoded_word_octets(EncodedWord *word, ByteBuffer *out)
{
    if (!word->is_base64) {
        return q_octets(word, out);
    }
    Base64Decoder decoder;
    base64_decoder_init(&decoder, BASE64_MIME);
    bool fits =
        base64_decoder_feed(&decoder, word->text, out) && base64_decoder_finish(&decoder, out);
    if (decoder.fault != BASE64_FAULT_NONE && decoder.fault != BASE64_FAULT_STRAY_BITS) {
        note_in_text(word, ENCODED_WORD_FAULT_BASE64, (gsize)decoder.fault_position);
    }
    return fits;
}
