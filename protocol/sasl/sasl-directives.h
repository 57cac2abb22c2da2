#pragma once

/* The list that DIGEST-MD5 sends both ways (RFC 2831 §7.1): name=value or name="value", with commas
 * between. Quoted values are unquoted; the names stay in the text that was read. */

#include "protocol/text/byte-span.h"

#define SASL_DIRECTIVES_MAXIMUM 32

typedef struct {
    ByteSpan name;
    char *value;
} SaslDirective;

typedef struct {
    SaslDirective rows[SASL_DIRECTIVES_MAXIMUM];
    gsize count;
} SaslDirectives;

/* False: broken, or too many; what was read by then is to be cleared all the same. */
bool sasl_directives_read(ByteSpan text, SaslDirectives *out_directives);
void sasl_directives_clear(SaslDirectives *directives);

/* The first value of that name, NULL: none; and how many there are. */
const char *
sasl_directives_find(const SaslDirectives *directives, const char *name, guint *out_count);
