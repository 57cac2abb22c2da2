#pragma once

/* Cuts IMAP text that lies whole in memory into tokens: atoms (with their section and partial where
 * they have one), quoted strings, literals and the brackets of lists. Literals stand in the text as
 * on the wire: "{5}", a line end, five octets. Nothing is copied; spans point into the text. The
 * scanner goes over the text once, does not recurse, and counts how deep lists nest. */

#include "protocol/text/byte-buffer.h"

#define IMAP_DEPTH_MAXIMUM 128 /* lists in lists; a body structure of real mail stays below 40 */
#define IMAP_LITERAL_MAXIMUM G_MAXINT64 /* RFC 9051 §4: number64 has 63 bits */

typedef enum {
    IMAP_TOKEN_END,
    IMAP_TOKEN_ATOM, /* also numbers, NIL, flags, sequence sets and items such as BODY[1]<0.100> */
    IMAP_TOKEN_QUOTED,
    IMAP_TOKEN_LITERAL,
    IMAP_TOKEN_LIST_OPEN,
    IMAP_TOKEN_LIST_CLOSE,
    IMAP_TOKEN_BROKEN, /* not IMAP; 'raw' is the rest of the text */
} ImapTokenKind;

typedef struct {
    ImapTokenKind kind;
    ByteSpan raw;      /* all of it, as it stands */
    ByteSpan value;    /* without quotes, without "{n}"; escapes still in; an atom: as it stands */
    bool has_escapes;  /* quoted: some octet stands behind a backslash */
    bool is_binary;    /* ~{n} */
    bool is_cut;       /* literal: the text ends before its last octet */
    bool space_before; /* at least one space stood before it */

    /* An atom with brackets: BODY[HEADER.FIELDS (From)]<0.100> */
    bool has_section;
    ByteSpan name;    /* "BODY"; without brackets the atom itself */
    ByteSpan section; /* "HEADER.FIELDS (From)" */
    bool has_partial;
    guint64 first; /* <first.count> in a command, <first> in a response */
    bool has_count;
    guint64 count;
} ImapToken;

typedef struct {
    ByteSpan rest;
    guint depth;         /* of lists, behind the token just given */
    bool lacks_brackets; /* one was sought to the end in vain: not sought again */
} ImapScanner;

void imap_scanner_init(ImapScanner *scanner, ByteSpan text);

/* False at the end and at the first thing that is no token; 'kind' tells which. */
bool imap_scanner_next(ImapScanner *scanner, ImapToken *out_token);

/* Takes the next value whole: one atom or string, or a list up to its closing bracket. 'out_value'
 * is all of it as it stands. */
bool imap_scanner_next_value(ImapScanner *scanner, ImapToken *out_first, ByteSpan *out_value);

/* Whether it is the atom NIL. */
bool imap_token_is_nil(const ImapToken *token);

/* The octets that the token stands for, escapes undone; false: no room. */
G_GNUC_WARN_UNUSED_RESULT bool imap_token_append_text(const ImapToken *token, ByteBuffer *out);

typedef struct {
    guint64 octets;
    bool is_binary;        /* ~{n} */
    bool is_synchronizing; /* the client waits for "+"; false for {n+} */
    gsize length;          /* of "{n}" itself, with the tilde */
} ImapLiteral;

/* Whether a line, given without its end, announces a literal. */
bool imap_literal_at_end(ByteSpan line, ImapLiteral *out_literal);
