#pragma once

/* What the files that build a MIME tree share; nobody outside includes it. */

#include "protocol/message/mime-tree.h"

struct MimeTree {
    GBytes *message;
    ByteSpan octets;
    MimeLimits limits;
    GPtrArray *parts; /* in reading order; owns them */
};

/* Finds the parts: fills the tree from its octets. */
void mime_scan(MimeTree *tree);

/* Reads the header of a part that lies at 'octets', and what its Content- fields say. */
void mime_fields_read(MimePart *part, ByteSpan octets);
void mime_fields_clear(MimePart *part);

bool mime_part_is_multipart(const MimePart *part);
bool mime_part_holds_message(const MimePart *part); /* message/rfc822 and its kin */
