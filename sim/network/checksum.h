#pragma once

/* The Internet checksum: the ones' complement of the ones' complement sum of 16-bit words. Sums of
 * parts add up as long as each part but the last has an even number of octets. */

#include "protocol/network/internet-checksum.h"

/* The pseudo-header of TCP, UDP and ICMPv6; addresses of 4 or 16 octets each. */
guint64 checksum_add_pseudo_header(
    guint64 sum, const guint8 *addresses, gsize address_length, guint8 protocol, gsize length
);

/* What goes into the packet, in the order of its octets: to be stored by memcpy. Over a packet
 * with its checksum in place the result is 0. */
guint16 checksum_finish(guint64 sum);
