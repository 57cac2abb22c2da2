#pragma once

/* The checksums of TCP and UDP, judged: the sum itself is protocol/network/internet-checksum.h. */

#include "dissect/packet/packet.h"

/* The sum of the pseudo-header for so many octets of TCP or UDP. */
guint64 checksum_pseudo_header(
    const PacketAddress *source, const PacketAddress *destination, guint8 protocol, guint32 length
);

/* Judges a TCP or UDP segment; 'field' is the place of the checksum in it. */
ChecksumVerdict checksum_judge(const Packet *packet, ByteSpan segment, gsize field);
