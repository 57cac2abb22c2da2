#pragma once

/* Punycode (RFC 3492): how a label of a domain with letters of any script is written in ASCII. An
 * "xn--" in front makes an A-label of it. */

#include "protocol/text/byte-span.h"

#define PUNYCODE_LABEL_MAXIMUM 63 /* octets of a label, "xn--" included */

/* The code points of 'encoded', which is a label without its "xn--". Gives how many; -1: it is no
 * Punycode, or more than fit. */
gssize punycode_decode(ByteSpan encoded, gunichar *out, gsize capacity);

/* The other way; gives the octets written, or -1: they do not fit. */
gssize punycode_encode(const gunichar *points, gsize n_points, char *out, gsize capacity);
