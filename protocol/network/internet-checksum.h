#pragma once

/* The ones' complement sum of 16-bit words that IPv4, TCP, UDP and ICMP share (RFC 1071). Sums are
 * kept in the machine's own octet order: swapping every pair of octets only swaps the result. The
 * simulated hosts write their checksums with it and the dissector judges those of captures. */

#include <glib.h>

/* Adds the octets to an unfolded sum; every part but the last must have an even length. */
guint64 internet_checksum_add(guint64 sum, const guint8 *octets, gsize length);

/* Sixteen bits of it. A sum over a block that contains its own checksum folds to 0xffff. */
guint16 internet_checksum_fold(guint64 sum);
