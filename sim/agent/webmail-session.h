#pragma once

/* One browser's connection to a webmail: HTTP on top of protocol/http/http-server.h. It is carried
 * as POP3 sessions are (pop3-session.h), and like them belongs to the accounts. */

#include "sim/agent/agent-link.h"
#include "sim/agent/webmail.h"

#define WEBMAIL_SESSION_SILENCE (2 * SIM_MINUTE)

typedef struct WebmailSession WebmailSession;

/* 'peer' is the browser's address. */
WebmailSession *webmail_session_new(Webmail *webmail, const SimAddress *peer, const SimTcp *tcp);
void webmail_session_set_carrier(
    WebmailSession *session, const AgentCarrier *carrier, gpointer data
);

/* The functions that the carrier calls; their owner is the session. */
extern const AgentLinkOwner webmail_session_owner;
