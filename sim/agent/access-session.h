#pragma once

/* What the POP3 and the IMAP session have in common: the accounts they belong to, the carrier, the
 * time-out of a silent client, and word that somebody else changed the mailbox. It is the first
 * member of both, and known to nobody but them and the accounts.
 *
 * All waiting is done on timers of the accounts' world; where a real socket carries the session,
 * that world's clock follows real time. */

#include "sim/agent/access-accounts.h"
#include "sim/agent/agent-link.h"

typedef struct AccessSession AccessSession;

typedef struct {
    const char *protocol; /* "POP3" */
    SimTime silence;      /* how long a client may say nothing */
    void (*free)(AccessSession *session);
    void (*time_out)(AccessSession *session); /* a last word; the session wants to close then */
    void (*news)(AccessSession *session);     /* of the watched mailbox; NULL: not of interest */
} AccessSessionClass;

struct AccessSession {
    const AccessSessionClass *class;
    AccessAccounts *accounts;
    AgentCarrier carrier;
    gpointer carrier_data; /* NULL: the connection is over, or nobody carries yet */
    SimAddress peer;
    SimTimer silence;
    SimTimer news;
    bool is_dying;       /* it has timed out and said its last word */
    const char *watched; /* the account whose changes are news; NULL: none */
};

void access_session_init(
    AccessSession *session,
    const AccessSessionClass *class,
    AccessAccounts *accounts,
    const SimAddress *peer
);
void access_session_clear(AccessSession *session);

void access_session_set_carrier(AccessSession *session, const AgentCarrier *carrier, gpointer data);
/* The client has said something. */
void access_session_heard(AccessSession *session, ByteSpan octets);
void access_session_wake(AccessSession *session);  /* the carrier is to send what there is now */
void access_session_ended(AccessSession *session); /* the connection is over: frees the session */
void access_session_drop(AccessSession *session);  /* the accounts go away: releases, frees */
gint64 access_session_now_us(const AccessSession *session);
