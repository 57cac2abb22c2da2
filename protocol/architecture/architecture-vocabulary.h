#pragma once

/* Who takes part in mail and where they meet: roles, ports, well-known mailbox names, reserved
 * domains, Sieve actions, as rows. */

#include "protocol/rfc/vocabulary.h"

typedef struct {
    VocabularyItem item;
    guint16 port;
} ArchitecturePortRow;

/* The port's row by number (25, 465 ...); NULL: no port of mail. */
const VocabularyItem *architecture_port_find(guint16 port);

const VocabularyTable *architecture_vocabulary(gsize *out_count);
