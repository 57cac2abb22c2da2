#pragma once

/* The dots of SMTP DATA and of POP3 answers (RFC 5321 §4.5.2, RFC 1939 §3): a line that starts with
 * a dot gets another one in front, and a line of a single dot ends the message.
 *
 *     octets of the stream ──> DotUnstuffer ──> runs of message octets, then DOT_END
 *
 * The CRLF before the final dot belongs to the message. Runs are lent out of the input, never
 * copied, so the state is small enough to sit in every stream. Only CRLF ends a line: a bare LF or
 * CR is message text, and it is noted, since receivers that disagree about it let a sender smuggle
 * a second message inside the first. */

#include "protocol/text/byte-buffer.h"

typedef enum {
    DOT_NEED_MORE, /* the input is used up; no octets are given */
    DOT_DATA,      /* 'out_octets' are some of the message; call again */
    DOT_END,       /* the final dot and its CRLF are taken; what is left of the input comes after */
} DotStep;

typedef enum {
    DOT_DEFECT_BARE_LF = 1u << 0,     /* LF without CR before it */
    DOT_DEFECT_BARE_CR = 1u << 1,     /* CR without LF behind it */
    DOT_DEFECT_LF_DOT_CRLF = 1u << 2, /* bare LF . CRLF: some receivers end the message here */
    DOT_DEFECT_LF_DOT_LF = 1u << 3,   /* bare LF . bare LF */
    DOT_DEFECT_LF_DOT_CR = 1u << 4,   /* bare LF . bare CR */
    DOT_DEFECT_CR_DOT_CR = 1u << 5,   /* bare CR . CR, with or without LF */
    DOT_DEFECT_CR_DOT_LF = 1u << 6,   /* bare CR . bare LF */
    DOT_DEFECT_CRLF_DOT_LF = 1u << 7, /* CRLF . bare LF */
    DOT_DEFECT_CRLF_DOT_CR = 1u << 8, /* CRLF . bare CR */
    DOT_DEFECT_NOT_STUFFED = 1u << 9, /* a line .x: the sender forgot to double its dot */
    DOT_DEFECT_NUL = 1u << 10,
    DOT_DEFECT_EIGHT_BIT = 1u << 11, /* an octet above 127: fine only with 8BITMIME */
} DotDefect;

/* Those that make two receivers see different ends of the same message. */
#define DOT_DEFECTS_SMUGGLING                                                                      \
    (DOT_DEFECT_LF_DOT_CRLF | DOT_DEFECT_LF_DOT_LF | DOT_DEFECT_LF_DOT_CR | DOT_DEFECT_CR_DOT_CR | \
     DOT_DEFECT_CR_DOT_LF | DOT_DEFECT_CRLF_DOT_LF | DOT_DEFECT_CRLF_DOT_CR)

typedef struct {
    guint64 octets;  /* of the message, given so far */
    guint32 defects; /* DotDefect bits, met so far */
    guint8 state;
    bool is_lenient;
} DotUnstuffer;

/* Starts behind the CRLF of DATA, or of the +OK line. */
void dot_unstuffer_init(DotUnstuffer *unstuffer);

/* A receiver as RFC 5321 §4.1.1.4 forbids it: LF alone ends a line too, so LF . LF ends the
 * message. For showing what such a receiver does to smuggled mail. */
void dot_unstuffer_init_lenient(DotUnstuffer *unstuffer);

/* Takes octets off the front of 'input'. Runs are never empty and live as long as the input, but
 * one of a single CR may be a constant. */
DotStep dot_unstuffer_next(DotUnstuffer *unstuffer, ByteSpan *input, ByteSpan *out_octets);

/* Octets are missing here: what follows is taken to start inside a line. */
void dot_unstuffer_skip_gap(DotUnstuffer *unstuffer);

/* The other way: runs of what goes on the wire, lent out of 'input' or constant. False: the input
 * is used up. */
typedef struct {
    guint8 state;
} DotStuffer;

void dot_stuffer_init(DotStuffer *stuffer);
bool dot_stuffer_next(DotStuffer *stuffer, ByteSpan *input, ByteSpan *out_octets);
/* What closes the message: ".\r\n", with a CRLF before it where the message did not end in one. */
ByteSpan dot_stuffer_end(const DotStuffer *stuffer);

/* A whole message, its closing dot included. False: it does not fit, and 'out' is as before. */
bool dot_stuff(ByteSpan message, ByteBuffer *out);
