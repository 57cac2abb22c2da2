#pragma once

/* The parameters of a Content- field as they were written: "; name=value; name=\"value\"". Nothing
 * is joined or decoded (RFC 2231), so that every piece can be shown where it lies, and IMAP can
 * hand them on as they came. MimePart has them decoded. */

#include "protocol/text/byte-span.h"

typedef struct {
    ByteSpan name;
    ByteSpan raw; /* the value as written, with its quotes */
    char *value;  /* without them; owned by whoever calls */
} ContentParameter;

/* Takes the next parameter off the front of 'rest', which is a field's body, or what an earlier
 * call left of it. Comments and what is no parameter are passed over; false at the end. */
bool content_parameter_next(ByteSpan *rest, ContentParameter *out_parameter);
