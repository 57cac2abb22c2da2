#pragma once

/* What HTTP says where mail meets it: methods, status codes, fields and the rules of framing, as
 * rows. */

#include "protocol/rfc/vocabulary.h"
#include "protocol/text/byte-span.h"

typedef struct {
    VocabularyItem item;
    guint16 code;
    const char *reason; /* the reason phrase that servers usually send: "Not Found" */
} HttpStatusRow;

const VocabularyItem *http_status_find(guint code);      /* NULL: unknown */
const char *http_status_reason(guint code);              /* "" where unknown */
const VocabularyItem *http_method_find(ByteSpan method); /* methods are case-sensitive */
const VocabularyItem *http_field_find(ByteSpan name);    /* any case */

const VocabularyTable *http_vocabulary(gsize *out_count);
