#pragma once

/* Parameters of Content-Type and Content-Disposition with letters beyond ASCII, or too long for a
 * line (RFC 2231 §3, §4): file*0*=utf-8''cr%C3%AApes; file*1=" and ketchup". One parameter comes in
 * numbered pieces, in any order; a piece whose name ends with "*" has its octets in %XX, and the
 * first one says charset and language. */

#include "protocol/text/byte-buffer.h"

#define PARAMETER_PIECES_MAXIMUM 1000

typedef enum {
    PARAMETER_FAULT_NONE,
    PARAMETER_FAULT_SYNTAX,     /* no name=value */
    PARAMETER_FAULT_NOT_FOUND,  /* no parameter of that name */
    PARAMETER_FAULT_NUMBER,     /* a number with a leading zero, or too large */
    PARAMETER_FAULT_GAP,        /* a number is missing, or comes twice */
    PARAMETER_FAULT_NO_QUOTES,  /* charset'language'value without its two quotes */
    PARAMETER_FAULT_PERCENT,    /* "%" without two hexadecimal digits */
    PARAMETER_FAULT_UNDECLARED, /* a piece with "*" though the first one named no charset */
    PARAMETER_FAULT_CHARSET,    /* not known here */
    PARAMETER_FAULT_TEXT,       /* the octets are no text of the charset */
} ParameterFault;

/* One piece as written; spans are parts of the text. */
typedef struct {
    ByteSpan name;  /* without stars and number */
    ByteSpan value; /* between the quotation marks, or as it stands */
    gint number;    /* -1: none */
    bool is_extended;
    bool is_quoted;
} ParameterPiece;

/* Takes a piece, and the ";" before it, off the front of 'rest'. False: the end, or no piece can be
 * made out, then 'rest' is not empty. */
bool parameter_next(ByteSpan *rest, ParameterPiece *out_piece);

/* The value of a parameter as UTF-8, its pieces joined. A fault does not stop it: what can be read
 * is given, and the first fault is noted with its position in 'parameters' (both may be NULL).
 * NULL: there is nothing to give. */
char *parameter_decode(
    ByteSpan parameters, const char *name, ParameterFault *out_fault, gsize *out_position
);

/* "; name=value", or pieces on lines of at most 76 octets, each begun by ";" CRLF SPACE. False: no
 * room or no valid UTF-8, and 'out' is as before. */
bool parameter_encode(const char *name, ByteSpan utf8, const char *language, ByteBuffer *out);

const char *parameter_fault_name(ParameterFault fault);
