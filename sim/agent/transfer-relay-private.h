#pragma once

/* The inside of TransferRelay: the connection (transfer-relay.c) and what is said on it about one
 * message (transfer-relay-mail.c). A message of many recipients may take several transactions. */

#include "sim/agent/transfer-agent-private.h"

struct TransferRelay {
    TransferAgent *agent;
    TransferDestination *destination;
    GArray *targets; /* TransferTarget with owned names */
    guint next_target;
    AgentLink *link;
    SmtpClient *client;
    SimTimer timer; /* the server is silent, or the idle connection has been kept long enough */
    bool was_greeted;
    bool is_idle;
    bool is_quitting;
    bool is_closing;
    guint messages; /* sent so far */
    char *refusal;  /* what the server said when it closed; NULL: nothing */

    QueueEntry *entry; /* under way; NULL: none */
    GArray *to_do;     /* guint: its recipients here that have not been in a transaction */
    GArray *batch;     /* those of the transaction that is open */
    GArray *accepted;  /* those of the batch that the server takes */
    GPtrArray *paths;
    GPtrArray *parameters;
    bool is_open;            /* the transaction */
    bool sender_was_refused; /* what RCPT was answered after that means nothing */
};

/* The name of the server that it talks to, or tries to. */
const char *transfer_relay_server(const TransferRelay *relay);

/* --- transfer-relay-mail.c --- */

/* Begins the first transaction of the entry. */
void transfer_relay_send(TransferRelay *relay, QueueEntry *entry);

void transfer_relay_take_recipient(TransferRelay *relay, const SmtpClientEvent *event);

/* The end of a transaction: begins the next; true: there is none, the entry is over. */
bool transfer_relay_take_result(TransferRelay *relay, const SmtpClientEvent *event);

/* The connection is over with an entry under way. */
void transfer_relay_lose_entry(TransferRelay *relay, const char *reason);
