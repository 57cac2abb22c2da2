#pragma once

/* Writes IMAP strings: as an atom where that will do, else in quotes, else as a literal. False: the
 * buffer has no room, and holds what it held before. */

#include "protocol/text/byte-buffer.h"

#define IMAP_QUOTED_MAXIMUM 1024 /* longer strings go as literals */

typedef enum {
    IMAP_LITERAL_PLAIN,  /* {n}; as a client: wait for "+" before the octets */
    IMAP_LITERAL_PLUS,   /* {n+}, RFC 7888 */
    IMAP_LITERAL_BINARY, /* ~{n}, RFC 3516 */
} ImapLiteralForm;

/* RFC 9051 §9: octets of an atom that an astring may be written with. */
bool imap_is_astring_atom(ByteSpan text);

/* Whether it can stand in quotes: no line end, no NUL; eight-bit only where UTF-8 is agreed. */
bool imap_can_be_quoted(ByteSpan text, bool allows_utf8);

G_GNUC_WARN_UNUSED_RESULT bool imap_write_quoted(ByteBuffer *out, ByteSpan text);
G_GNUC_WARN_UNUSED_RESULT bool
imap_write_literal(ByteBuffer *out, ByteSpan octets, ImapLiteralForm form);

/* "{n}" and the line end only; the octets are sent by other means. */
G_GNUC_WARN_UNUSED_RESULT bool
imap_write_announcement(ByteBuffer *out, guint64 octets, ImapLiteralForm form);

G_GNUC_WARN_UNUSED_RESULT bool imap_write_string(ByteBuffer *out, ByteSpan text, bool allows_utf8);

/* NULL data is NIL; an empty text is "". */
G_GNUC_WARN_UNUSED_RESULT bool imap_write_nstring(ByteBuffer *out, ByteSpan text, bool allows_utf8);
G_GNUC_WARN_UNUSED_RESULT bool imap_write_astring(ByteBuffer *out, ByteSpan text, bool allows_utf8);
