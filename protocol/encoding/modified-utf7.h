#pragma once

/* Modified UTF-7, how IMAP4rev1 writes mailbox names beyond ASCII (RFC 3501 §5.1.3): printable
 * ASCII stands for itself, "&" is "&-", and everything else goes as UTF-16 in a base64 that has
 * "," for "/" and no padding, between "&" and "-". IMAP4rev2 uses UTF-8 instead. */

#include "protocol/text/byte-buffer.h"

typedef enum {
    MODIFIED_UTF7_FAULT_NONE,
    MODIFIED_UTF7_FAULT_CHARACTER,  /* not printable ASCII */
    MODIFIED_UTF7_FAULT_NOT_BASE64, /* inside a shift: a letter that is not of its alphabet */
    MODIFIED_UTF7_FAULT_NOT_CLOSED, /* the name ends inside a shift */
    MODIFIED_UTF7_FAULT_BITS,       /* bits left over that make no UTF-16 unit or are not zero */
    MODIFIED_UTF7_FAULT_SURROGATE,  /* half a pair */
    MODIFIED_UTF7_FAULT_NEEDLESS,   /* an ASCII character that can stand for itself, shifted */
    MODIFIED_UTF7_FAULT_NULL_SHIFT, /* "-&": the shift ends and starts again at once */
    MODIFIED_UTF7_FAULT_NOT_UTF8,   /* encoding only */
    MODIFIED_UTF7_FAULT_NO_ROOM,
} ModifiedUtf7Fault;

/* Appends UTF-8. On a fault 'out' is as before; 'out_fault' and 'out_position' may be NULL. */
bool modified_utf7_decode(
    ByteSpan name, ByteBuffer *out, ModifiedUtf7Fault *out_fault, gsize *out_position
);
bool modified_utf7_encode(
    ByteSpan utf8, ByteBuffer *out, ModifiedUtf7Fault *out_fault, gsize *out_position
);

const char *modified_utf7_fault_name(ModifiedUtf7Fault fault);

/* Step by step: runs of a name that stand for themselves, and shifts with what they hold. */
typedef enum {
    MODIFIED_UTF7_PLAIN,
    MODIFIED_UTF7_AMPERSAND, /* "&-" */
    MODIFIED_UTF7_SHIFT,
} ModifiedUtf7RunKind;

typedef struct {
    ModifiedUtf7RunKind kind;
    ByteSpan text;    /* as written, "&" and "-" included */
    ByteSpan letters; /* SHIFT: between them */
} ModifiedUtf7Run;

/* Takes a run off the front of a name; false at its end. A name with faults is cut up too. */
bool modified_utf7_next_run(ByteSpan *name, ModifiedUtf7Run *out_run);
