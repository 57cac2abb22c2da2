#pragma once

/* Quoted-printable of RFC 2045 §6.7: text stays readable, and every octet that mail might harm is
 * written as "=" and two hexadecimal digits. Its five rules have numbers, by which the trace names
 * them. Decoding never stops: what is wrong is read as well as can be, and the first fault kept. */

#include "protocol/text/byte-buffer.h"

#define QUOTED_PRINTABLE_LINE 76 /* rule 5: the longest encoded line, its "=" included */

typedef enum {
    QUOTED_PRINTABLE_TEXT,   /* CRLF is a line break of the text and stays one: rule 4 */
    QUOTED_PRINTABLE_BINARY, /* CR and LF are octets like others */
} QuotedPrintableMode;

typedef enum {
    QUOTED_PRINTABLE_FAULT_NONE,
    QUOTED_PRINTABLE_FAULT_NOT_HEX,   /* "=" without two hexadecimal digits; taken as it stands */
    QUOTED_PRINTABLE_FAULT_SMALL_HEX, /* =c3 for =C3 */
    QUOTED_PRINTABLE_FAULT_CUT,       /* the text ends inside an escape, or with a soft break */
    QUOTED_PRINTABLE_FAULT_CHARACTER, /* a control or an octet above 127 */
    QUOTED_PRINTABLE_FAULT_SPACE,     /* white space at the end of a line; taken away */
    QUOTED_PRINTABLE_FAULT_LINE_END,  /* CR or LF alone */
    QUOTED_PRINTABLE_FAULT_LONG_LINE, /* over 76 characters */
    QUOTED_PRINTABLE_FAULT_NO_ROOM,   /* the decoded octets do not fit: decoding has ended */
} QuotedPrintableFault;

typedef struct {
    guint64 taken;
    guint64 fault_position; /* of the first fault, counted from 0 */
    guint64 n_faults;
    guint column; /* characters of the present line so far */
    guint8 fault; /* QuotedPrintableFault */
    guint8 n_held;
    guint8 held[QUOTED_PRINTABLE_LINE + 2]; /* white space or an escape not yet understood */
} QuotedPrintableDecoder;

void quoted_printable_decoder_init(QuotedPrintableDecoder *decoder);
/* False: no room; nothing else ends it. */
bool quoted_printable_decoder_feed(QuotedPrintableDecoder *decoder, ByteSpan text, ByteBuffer *out);
bool quoted_printable_decoder_finish(QuotedPrintableDecoder *decoder, ByteBuffer *out);

/* A whole text, strictly: on failure 'out' is as before and 'out_bad_position' (may be NULL) is
 * that of the first octet that does not belong, or text.length for what is missing or too much. */
bool quoted_printable_decode(ByteSpan text, ByteBuffer *out, gsize *out_bad_position);

/* Lines of at most 76 characters, with soft breaks; no line break is added at the end. False: no
 * room, and 'out' is as before. */
bool quoted_printable_encode(ByteSpan octets, QuotedPrintableMode mode, ByteBuffer *out);

const char *quoted_printable_fault_name(QuotedPrintableFault fault);
