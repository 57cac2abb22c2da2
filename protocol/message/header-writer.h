#pragma once

/* Writing header fields: sanitized, encoded where they must be, folded. For the writers of this
 * folder. */

#include "protocol/text/byte-span.h"

/* All append the field with its CRLF. CR, LF and other controls in 'text' become spaces. */
void header_write_text(GString *out, const char *name, const char *text, bool allows_utf8);
void header_write_addresses(GString *out, const char *name, const char *list, bool allows_utf8);
void header_write_structured(GString *out, const char *name, const char *body);

/* "; name=value" behind what stands in 'out' since 'line_start', folded before where the line would
 * be long; quoted, or coded by RFC 2231, where the value needs it. */
void header_write_parameter(GString *out, gsize line_start, const char *name, const char *value);

char *header_sanitize(const char *text);
bool header_is_ascii(const char *text);
