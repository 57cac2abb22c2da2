#pragma once

/* What a message says about itself: header fields, the clauses of a Received field, and the rules
 * of the format, as rows. MIME's own fields stand in protocol/mime/; message_field_find() finds
 * those too, because a header holds both. */

#include "protocol/rfc/vocabulary.h"
#include "protocol/text/byte-span.h"

/* The row of a header field by its name, in letters of any case; NULL: a name that no row has.
 * A name with several senses gives the one in force. */
const VocabularyItem *message_field_find(ByteSpan name);

/* "from", "by", "via", "with", "id", "for" ... of a Received field. */
const VocabularyItem *message_clause_find(ByteSpan name);

/* "ESMTPS", "LMTP" ...: what stands after "with". */
const VocabularyItem *message_with_find(ByteSpan keyword);

/* "pass", "fail" ... of a method in Authentication-Results: "dkim", "spf", "iprev" ... */
const VocabularyItem *message_result_find(ByteSpan method, ByteSpan result);

const VocabularyTable *message_vocabulary(gsize *out_count);
