#pragma once

/* ENVELOPE and BODYSTRUCTURE as IMAP's FETCH sends them (RFC 9051 §7.5.2), and the subsets of a
 * header that it can ask for. Texts stand as the message has them, encoded words and all; what a
 * quoted string cannot hold goes as a literal. False: the buffer has no room left, and what is in
 * it then is not to be used. */

#include "protocol/message/mime-tree.h"

/* 'message' is the root, or a part with is_message. */
G_GNUC_WARN_UNUSED_RESULT bool
message_structure_write_envelope(const MimePart *message, ByteBuffer *out);

/* BODY, or with the extension data BODYSTRUCTURE. */
G_GNUC_WARN_UNUSED_RESULT bool message_structure_write_body(
    const MimeTree *tree, const MimePart *part, bool is_extended, ByteBuffer *out
);

/* HEADER.FIELDS, or with 'is_not' HEADER.FIELDS.NOT: the fields as they stand, and the empty line
 * if there is one. */
G_GNUC_WARN_UNUSED_RESULT bool message_structure_write_fields(
    const HeaderBlock *header, const char *const *names, gsize n_names, bool is_not, ByteBuffer *out
);
