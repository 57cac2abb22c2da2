#pragma once

/* An account of the mail store as protocol/imap/imap-storage.h wants it: folders by name, and a
 * view of the one that is selected. */

#include "protocol/imap/imap-storage.h"
#include "sim/agent/access-accounts.h"

typedef struct AccessMailboxes AccessMailboxes;

/* Of the account 'address'; accounts are borrowed. */
AccessMailboxes *access_mailboxes_new(AccessAccounts *accounts, const char *address);
void access_mailboxes_free(AccessMailboxes *mailboxes);
const char *access_mailboxes_address(const AccessMailboxes *mailboxes);

extern const ImapStorage access_mailboxes_functions; /* their storage: the AccessMailboxes */
