#pragma once

/* One client that talks SMTP to a transfer agent, whoever carries the octets: simulated TCP or a
 * real socket. The carrier makes the session, then calls the functions of transfer_session_owner
 * with it (agent-link.h):
 *
 *     new ─> set_carrier ─> output()/consume(): the greeting ─> receive() ... ─> ended()
 *
 * The session belongs to the agent. It is freed by ended(), which the carrier calls exactly once,
 * unless the agent went away first and said release() to the carrier. All waiting is done on timers
 * of the agent's world: one whose clock follows real time must be run until they are due. */

#include "sim/agent/agent-link.h"
#include "sim/agent/transfer-agent.h"

typedef struct TransferSession TransferSession;

/* 'peer' is the client's address, 'port' the one it came to: 25, or 587 for submission. 'number'
 * makes challenges differ from one connection to the next. */
TransferSession *transfer_session_new(
    TransferAgent *agent, const SimAddress *peer, guint16 port, guint64 number, const SimTcp *tcp
);
void transfer_session_set_carrier(
    TransferSession *session, const AgentCarrier *carrier, gpointer data
);

/* The five functions; their owner is the session. */
extern const AgentLinkOwner transfer_session_owner;
