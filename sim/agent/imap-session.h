#pragma once

/* One client's IMAP conversation with a mail store: policy on top of protocol/imap/imap-server.h.
 * It is made, carried and freed as pop3-session.h says. Where the client idles, what others change
 * in the selected mailbox is told at once, through the carrier's wake(). */

#include "sim/agent/access-accounts.h"
#include "sim/agent/agent-link.h"

#define IMAP_SESSION_SILENCE (30 * SIM_MINUTE) /* RFC 9051 §5.4: at least */

typedef struct ImapSession ImapSession;

ImapSession *imap_session_new(AccessAccounts *accounts, const SimAddress *peer, const SimTcp *tcp);
void imap_session_set_carrier(ImapSession *session, const AgentCarrier *carrier, gpointer data);

extern const AgentLinkOwner imap_session_owner;
