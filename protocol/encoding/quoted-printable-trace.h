#pragma once

/* Quoted-printable step by step, for people: what each octet becomes and by which of the five rules
 * of RFC 2045 §6.7, and what each piece of an encoded text stands for. The encoder itself is the
 * steps of the trace, written one after another. Nothing is allocated. */

#include "protocol/encoding/quoted-printable.h"

/* What the encoder does, one step after another: each takes some octets and writes some text. */
typedef enum {
    QUOTED_PRINTABLE_STEP_LITERAL,    /* rule 2: stands for itself */
    QUOTED_PRINTABLE_STEP_SPACE,      /* rule 3: a space or tab inside a line */
    QUOTED_PRINTABLE_STEP_LAST_SPACE, /* rule 3: at the end of a line, so it is written as rule 1 */
    QUOTED_PRINTABLE_STEP_EQUALS,     /* rule 1: "=" itself */
    QUOTED_PRINTABLE_STEP_EIGHT_BIT,  /* rule 1: above 126 */
    QUOTED_PRINTABLE_STEP_CONTROL,    /* rule 1: below 32 */
    QUOTED_PRINTABLE_STEP_LINE_BREAK, /* rule 4: CRLF of the text */
    QUOTED_PRINTABLE_STEP_SOFT_BREAK, /* rule 5: "=" CRLF, takes no octet */
} QuotedPrintableStepKind;

typedef struct {
    QuotedPrintableStepKind kind;
    gsize offset; /* of the octets taken */
    gsize length; /* 1; 2 for a line break; 0 for a soft one */
    char text[4]; /* what is written, NUL-terminated: "a", "=3D", "\r\n", "=\r\n" */
    guint column; /* where it starts in its line, from 0 */
} QuotedPrintableStep;

typedef struct {
    ByteSpan octets;
    QuotedPrintableMode mode;
    gsize at;
    guint column;
} QuotedPrintableTrace;

void quoted_printable_trace_init(
    QuotedPrintableTrace *trace, ByteSpan octets, QuotedPrintableMode mode
);
bool quoted_printable_trace_next(QuotedPrintableTrace *trace, QuotedPrintableStep *out_step);
guint quoted_printable_step_rule(QuotedPrintableStepKind kind);         /* 1 to 5 */
const char *quoted_printable_step_reason(QuotedPrintableStepKind kind); /* one sentence */

/* The other way: one piece of an encoded text after another. */
typedef enum {
    QUOTED_PRINTABLE_READ_LITERAL,
    QUOTED_PRINTABLE_READ_ESCAPE,     /* =C3 */
    QUOTED_PRINTABLE_READ_LINE_BREAK, /* CRLF */
    QUOTED_PRINTABLE_READ_SOFT_BREAK, /* "=" CRLF: nothing */
    QUOTED_PRINTABLE_READ_WRONG,      /* an "=" that announces nothing, a control, an eighth bit */
} QuotedPrintableReadingKind;

typedef struct {
    QuotedPrintableReadingKind kind;
    gsize length; /* of the text taken */
    guint8 octet; /* LITERAL, ESCAPE, WRONG */
} QuotedPrintableReading;

/* Takes a piece off the front of 'text'; false at its end. */
bool quoted_printable_read_next(ByteSpan *text, QuotedPrintableReading *out_reading);
