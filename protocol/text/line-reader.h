#pragma once

/* Cuts octets that arrive in any pieces into lines, and says how each line ended. A line that lies
 * whole in the input is lent out without a copy; one that is split is gathered in the reader. A
 * line over the maximum is given with its first 'maximum' octets and the defect; the rest of it is
 * counted and thrown away. */

#include "protocol/text/byte-buffer.h"

typedef enum {
    LINE_END_CRLF,
    LINE_END_LF,  /* a line feed without its carriage return */
    LINE_END_CUT, /* the input ended inside the line; only line_reader_finish() gives this */
} LineEnd;

typedef struct {
    ByteSpan text; /* without the line end; borrowed until the next call to the reader */
    LineEnd end;
    guint64 length; /* octets on the wire, line end and thrown-away octets included */
    bool is_too_long;
    bool has_bare_cr;
    bool has_nul;
    bool has_eight_bit;
} Line;

typedef struct {
    ByteBuffer partial;
    guint64 discarded;  /* octets of the present line beyond the maximum */
    bool gives_partial; /* the last line was lent out of 'partial' */
    bool pending_cr;    /* the last octet of an over-long line was a CR */
} LineReader;

void line_reader_init(LineReader *reader, gsize maximum);
void line_reader_clear(LineReader *reader);

/* Takes octets off the front of 'input'. True: 'out_line' is a whole line. False: all input has
 * been taken and the line goes on. */
bool line_reader_next(LineReader *reader, ByteSpan *input, Line *out_line);

/* Octets held of a line that has not ended yet. */
guint64 line_reader_pending(const LineReader *reader);

/* At the end of a stream: gives what is left as a last line without an end. */
bool line_reader_finish(LineReader *reader, Line *out_line);
