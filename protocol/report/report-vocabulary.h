#pragma once

/* What the mail system writes back: delivery status notifications (RFC 3464), message disposition
 * notifications (RFC 8098) and answers to tracking requests (RFC 3886): their fields, the words in
 * them and their rules, as rows. */

#include "protocol/rfc/vocabulary.h"
#include "protocol/text/byte-span.h"

/* A field of message/delivery-status, of message/disposition-notification; any case of letters. */
const VocabularyItem *report_delivery_field_find(ByteSpan name);
const VocabularyItem *report_disposition_field_find(ByteSpan name);

/* "failed", "delayed" ... in Action; "displayed", "manual-action" ... in Disposition. */
const VocabularyItem *report_action_find(ByteSpan word);
const VocabularyItem *report_disposition_find(ByteSpan word);

const VocabularyTable *report_vocabulary(gsize *out_count);
