#pragma once

/* What this folder shares when it calls GMime; nobody outside includes it. */

#include "protocol/text/byte-span.h"

/* GMime wants to be woken once in a program; any number of calls, from any thread. */
void gmime_bridge_init(void);

/* Octets of a charset as UTF-8; what does not belong becomes U+FFFD and is counted. NULL: nobody
 * knows the charset. */
char *gmime_bridge_to_utf8(ByteSpan octets, const char *charset, gsize *out_n_bad);
