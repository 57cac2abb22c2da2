#pragma once

/* What SASL says: the mechanisms by which SMTP, POP3 and IMAP clients prove who they are, what
 * stands inside their messages, and the rules of the exchange, as rows. */

#include "protocol/rfc/vocabulary.h"
#include "protocol/text/byte-span.h"

typedef struct {
    VocabularyItem item;
    bool client_speaks_first; /* so an initial response may stand on the AUTH line */
    bool shows_password;      /* whoever reads the exchange has the password */
} SaslMechanismRow;

const SaslMechanismRow *sasl_mechanism_find(ByteSpan name); /* NULL: unknown; any case */

const VocabularyTable *sasl_vocabulary(gsize *out_count);
