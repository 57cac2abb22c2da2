#pragma once

/* Encoded words of RFC 2047: =?charset?encoding?text?=, how header fields carry letters beyond
 * ASCII; RFC 2231 §5 adds a language behind the charset. A word is found, judged and decoded to
 * octets; with GLib's character conversion a whole field becomes UTF-8. */

#include "protocol/text/byte-buffer.h"

#define ENCODED_WORD_MAXIMUM 75      /* RFC 2047 §2: octets of a word, its delimiters included */
#define ENCODED_WORD_LINE_MAXIMUM 76 /* RFC 2047 §2: of a line that holds one */

typedef enum {
    ENCODED_WORD_FAULT_NONE,
    ENCODED_WORD_FAULT_NOT_ONE, /* no =?charset?encoding?text?= starts here */
    ENCODED_WORD_FAULT_NOT_CLOSED,
    ENCODED_WORD_FAULT_CHARSET,   /* empty, or a character that a token cannot have */
    ENCODED_WORD_FAULT_ENCODING,  /* neither B nor Q */
    ENCODED_WORD_FAULT_SPACE,     /* white space inside */
    ENCODED_WORD_FAULT_CHARACTER, /* a control or an octet above 126 */
    ENCODED_WORD_FAULT_EMPTY,     /* nothing is encoded */
    ENCODED_WORD_FAULT_BASE64,
    ENCODED_WORD_FAULT_HEX,      /* "=" without two hexadecimal digits */
    ENCODED_WORD_FAULT_TOO_LONG, /* over 75 */
    ENCODED_WORD_FAULT_UNKNOWN_CHARSET,
    ENCODED_WORD_FAULT_TEXT, /* the octets are no text of that charset: split letters, often */
} EncodedWordFault;

/* Spans are parts of the text that was parsed. */
typedef struct {
    ByteSpan whole; /* "=?" to "?=" */
    ByteSpan charset;
    ByteSpan language; /* RFC 2231; mostly empty */
    ByteSpan encoding; /* "B", "q" */
    ByteSpan text;
    bool is_base64; /* B; else Q */
    EncodedWordFault fault;
    gsize fault_position; /* counted from the start of the word */
} EncodedWord;

/* A word at the very start of 'text'. False: none can be made out there, see 'fault'. A word that
 * can be taken apart is given even where it has a fault. */
bool encoded_word_parse(ByteSpan text, EncodedWord *out_word);

/* The first word at or after 'start'; false: none. */
bool encoded_word_find(ByteSpan text, gsize start, EncodedWord *out_word);

/* Its octets, in its charset. A fault is noted in the word, and what can be read is given. False:
 * no room. */
bool encoded_word_octets(EncodedWord *word, ByteBuffer *out);

/* Octets of a charset as UTF-8; what does not belong shows as U+FFFD and makes 'out_is_clean'
 * false. NULL: the charset is not known. */
char *charset_to_utf8(ByteSpan octets, const char *charset, bool *out_is_clean);

/* A whole unstructured field or phrase as UTF-8: words decoded, white space between two of them
 * taken away (RFC 2047 §6.2). */
char *encoded_words_decode(ByteSpan text);

typedef enum {
    ENCODED_WORD_SHORTER, /* B or Q, whichever is shorter */
    ENCODED_WORD_B,
    ENCODED_WORD_Q,
} EncodedWordEncoding;

/* UTF-8 text as words of at most 75 octets with CRLF SPACE between them; no letter is split.
 * 'charset' is what the octets are to be, NULL for UTF-8. False: no room, no valid UTF-8, or a
 * letter that the charset does not have; 'out' is as before. */
bool encoded_words_encode(
    ByteSpan utf8, const char *charset, EncodedWordEncoding encoding, ByteBuffer *out
);

/* How an octet is written in a Q word, and by which of the three rules of RFC 2047 §4.2. Fit for
 * a phrase too (§5 rule 3). */
guint encoded_word_q(guint8 octet, char out_text[4]);

const char *encoded_word_fault_name(EncodedWordFault fault);
