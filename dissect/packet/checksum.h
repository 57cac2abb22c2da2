#pragma once

/* The ones' complement sum that IPv4, TCP and UDP share. Sums are kept in the machine's own octet
 * order: swapping every pair of octets only swaps the result (RFC 1071), so a sum over a block
 * that contains its own checksum folds to 0xffff either way. */

#include "dissect/packet/packet.h"

/* Adds the octets to an unfolded sum; every part but the last must have an even length. */
guint64 checksum_add(guint64 sum, const guint8 *octets, gsize length);

guint16 checksum_fold(guint64 sum);

/* The sum of the pseudo-header for so many octets of TCP or UDP. */
guint64 checksum_pseudo_header(
    const PacketAddress *source, const PacketAddress *destination, guint8 protocol, guint32 length
);

/* Judges a TCP or UDP segment; 'field' is the place of the checksum in it. */
ChecksumVerdict checksum_judge(const Packet *packet, ByteSpan segment, gsize field);
