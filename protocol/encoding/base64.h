#pragma once

/* Base64 of RFC 4648 §4 and RFC 2045 §6.8: every three octets become four letters of six bits.
 *
 * Strict decoding (SASL tokens, encoded words) refuses the first octet that does not belong. MIME
 * decoding steps over line breaks and strange octets, makes do without padding, stops at padding,
 * and keeps what was wrong first. Base64Decoder takes a text in any pieces; the functions over it
 * take a whole one. Nothing here keeps a pointer to what it was given. */

#include "protocol/text/byte-buffer.h"

#define BASE64_MIME_LINE 76 /* RFC 2045 §6.8: the longest line of encoded output */

typedef enum {
    BASE64_STRICT,    /* RFC 4648 §4: alphabet and complete padding only */
    BASE64_CANONICAL, /* and RFC 4648 §3.5: the bits that padding leaves over are zero */
    BASE64_MIME,      /* RFC 2045 §6.8: whatever is not in the alphabet is ignored */
} Base64Mode;

typedef enum {
    BASE64_FAULT_NONE,
    BASE64_FAULT_CHARACTER,     /* not in the alphabet; a line break is no MIME fault */
    BASE64_FAULT_EARLY_PADDING, /* '=' as the first or second letter of four */
    BASE64_FAULT_AFTER_PADDING, /* something follows the padding, or stands between two '=' */
    BASE64_FAULT_CUT,           /* the text ends inside a group of four */
    BASE64_FAULT_STRAY_BITS,    /* the last letter before the padding has bits that are lost */
    BASE64_FAULT_NO_ROOM,       /* the decoded octets do not fit; nothing is wrong with the text */
} Base64Fault;

typedef struct {
    guint64 taken;          /* octets of text so far */
    guint64 fault_position; /* of the first fault, counted from 0; the end of the text for CUT */
    guint64 last_letter;    /* position of the latest letter of that group */
    guint32 bits;           /* sextets of the group that is not complete */
    guint8 n_sextets;       /* how many these are, 0 to 3 */
    guint8 n_pads;
    guint8 mode;    /* Base64Mode */
    guint8 fault;   /* Base64Fault: the first one; strict decoding ends with it */
    bool has_ended; /* the padding is complete */
} Base64Decoder;

void base64_decoder_init(Base64Decoder *decoder, Base64Mode mode);
/* Appends what is complete to 'out'. False: decoding has ended with a fault. */
bool base64_decoder_feed(Base64Decoder *decoder, ByteSpan text, ByteBuffer *out);
/* The end of the text: judges an incomplete group; MIME saves its whole octets. */
bool base64_decoder_finish(Base64Decoder *decoder, ByteBuffer *out);

/* Strict, whole text. Appends to 'out'; on failure 'out' is as before and 'out_bad_position' (may
 * be NULL) is that of the first octet that does not belong, or text.length where the text is cut
 * short or does not fit. */
bool base64_decode(ByteSpan text, ByteBuffer *out, gsize *out_bad_position);

/* The same into a block of the caller; 'out' may be text.data itself. Gives the number of octets,
 * or -1. A block of base64_decoded_maximum(text.length) always has room. */
gssize base64_decode_to(ByteSpan text, guint8 *out, gsize capacity, gsize *out_bad_position);
gsize base64_decoded_maximum(gsize text_length);

/* One line without breaks, and lines of 'line_length' letters, each closed by CRLF. False: no room,
 * and 'out' is as before. */
bool base64_encode(ByteSpan octets, ByteBuffer *out);
bool base64_encode_lines(ByteSpan octets, gsize line_length, ByteBuffer *out);
gsize base64_encoded_length(gsize octets);
gsize base64_encoded_lines_length(gsize octets, gsize line_length); /* every CRLF counted */

/* The letter of a sextet 0 to 63, and back: -1 for what is not in the alphabet. */
char base64_letter(guint sextet);
int base64_sextet(guint8 letter);

/* "a character that is not in the alphabet", for messages. */
const char *base64_fault_name(Base64Fault fault);
