#pragma once

/* The flags of a message as bits: the system flags of RFC 9051 §2.3.2, and \Recent of RFC 3501. A
 * mailbox's own keywords take the bits above, in the order of its table. */

#include "protocol/text/byte-buffer.h"

typedef enum {
    IMAP_FLAG_SEEN = 1u << 0,
    IMAP_FLAG_ANSWERED = 1u << 1,
    IMAP_FLAG_FLAGGED = 1u << 2,
    IMAP_FLAG_DELETED = 1u << 3,
    IMAP_FLAG_DRAFT = 1u << 4,
    IMAP_FLAG_RECENT = 1u << 5,
} ImapFlag;

#define IMAP_FLAGS_SYSTEM 0x3fu
#define IMAP_FLAGS_SETTABLE 0x1fu /* \Recent is the server's alone */
#define IMAP_KEYWORD_SHIFT 6
#define IMAP_KEYWORDS_MAXIMUM 26

/* 0: no system flag. */
guint32 imap_flag_bit(ByteSpan name);

/* The system flags among 'flags', a space between two. */
G_GNUC_WARN_UNUSED_RESULT bool imap_flags_write(guint32 flags, ByteBuffer *out);
