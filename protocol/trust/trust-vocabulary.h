#pragma once

/* How mail is trusted: SPF, DKIM, DMARC and ARC, MTA-STS, TLS reports, DANE, and the parts of TLS
 * that mail meets, as rows. */

#include "protocol/rfc/vocabulary.h"
#include "protocol/text/byte-span.h"

/* All take letters of any case and give NULL for what no row has. */
const VocabularyItem *spf_mechanism_find(ByteSpan name); /* "include"; modifiers too */
const VocabularyItem *spf_result_find(ByteSpan result);  /* "softfail" */
const VocabularyItem *dkim_signature_tag_find(ByteSpan tag);
const VocabularyItem *dkim_key_tag_find(ByteSpan tag);
const VocabularyItem *dmarc_tag_find(ByteSpan tag);

const VocabularyTable *trust_vocabulary(gsize *out_count);
