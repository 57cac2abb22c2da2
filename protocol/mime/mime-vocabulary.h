#pragma once

/* What MIME says: its header fields, their parameters, media types, transfer encodings, character
 * sets and the rules of encoded words and multiparts, as rows. */

#include "protocol/rfc/vocabulary.h"
#include "protocol/text/byte-span.h"

/* All take letters of any case and give NULL for what no row has. */
const VocabularyItem *mime_field_find(ByteSpan name);
const VocabularyItem *mime_media_type_find(ByteSpan type); /* "text/plain", or "text" */
const VocabularyItem *mime_encoding_find(ByteSpan name);   /* "base64" */
const VocabularyItem *mime_parameter_find(ByteSpan name);  /* "boundary" */
const VocabularyItem *mime_charset_find(ByteSpan name);    /* "utf-8" */

const VocabularyTable *mime_vocabulary(gsize *out_count);
