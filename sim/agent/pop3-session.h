#pragma once

/* One client's POP3 conversation with a mail store: policy on top of protocol/pop3/pop3-server.h.
 * Whoever carries the octets makes the session, then calls the functions of its table with it
 * (agent-link.h):
 *
 *     new ─> set_carrier ─> output()/consume(): the greeting ─> receive() ... ─> ended()
 *
 * The session belongs to the accounts. It is freed by ended(), which the carrier calls exactly
 * once, unless the session timed out or the accounts went away and release() was said before. */

#include "sim/agent/access-accounts.h"
#include "sim/agent/agent-link.h"

#define POP3_SESSION_SILENCE (10 * SIM_MINUTE) /* RFC 1939 §3: at least */

typedef struct Pop3Session Pop3Session;

/* 'peer' is the client's address. */
Pop3Session *pop3_session_new(AccessAccounts *accounts, const SimAddress *peer, const SimTcp *tcp);
void pop3_session_set_carrier(Pop3Session *session, const AgentCarrier *carrier, gpointer data);

/* The functions that the carrier calls; their owner is the session. */
extern const AgentLinkOwner pop3_session_owner;
