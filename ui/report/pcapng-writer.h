#pragma once

/* Blocks of a pcapng file, written by hand because libpcap writes neither pcapng nor comments.
 * Everything is little-endian and padded to fours, as the format wants it:
 *
 *     section header │ interface │ packet (with a comment) │ packet │ ...
 */

#include "protocol/text/byte-span.h"

#define PCAPNG_COMMENT_MAXIMUM 65000 /* octets: the length of an option has 16 bits */

void pcapng_put_section(GByteArray *out, const char *program);

/* 'resolution' is the negative power of ten of a tick: 6 or 9. */
void pcapng_put_interface(GByteArray *out, guint16 link_type, guint8 resolution);

typedef struct {
    guint32 interface;
    guint64 ticks;
    guint32 original_length;
    ByteSpan octets;
    const char *comment; /* NULL: none; UTF-8, cut at PCAPNG_COMMENT_MAXIMUM */
} PcapngPacket;

void pcapng_put_packet(GByteArray *out, const PcapngPacket *packet);

/* The option alone, padded, in either octet order; for blocks that come from another file. */
void pcapng_put_comment(GByteArray *out, const char *comment, bool is_big);
