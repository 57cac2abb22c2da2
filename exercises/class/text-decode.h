#pragma once

/* The text of a file that somebody handed in, whatever editor wrote it: UTF-8 with or without a
 * byte order mark, UTF-16 of either order, UTF-32 with its mark, or Latin-1 (read as Windows-1252).
 * Line ends become LF. What is no text at all is told by name: a PDF, a Word document, a picture.
 */

#include "protocol/text/byte-span.h"

/* NULL: no text; '*out_reason' is why, owned by the program. */
char *text_decode(ByteSpan octets, const char **out_reason);
