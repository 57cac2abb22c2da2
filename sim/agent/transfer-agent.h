#pragma once

/* A mail server as organisations run it: takes mail by SMTP, delivers what is for its own domains
 * into mailboxes, queues the rest and carries it to the servers of the other domains.
 *
 *     port 25, 587 ─> SmtpServer ─> queue ─┬ own domain ──> MailStore
 *                                          └ other domain ─> route() ─> SmtpClient ─> port 25
 *
 * Everything it decides is told as a world event. */

#include "sim/network/host.h"
#include "sim/store/mail-store.h"
#include "sim/store/outgoing-queue.h"

/* Where mail for a domain goes, asked once for each transaction. The answer comes by
 * transfer_agent_routed(), at once or later. */
typedef struct TransferAgent TransferAgent;
typedef struct TransferRoute TransferRoute;

typedef struct {
    const char *name; /* "mail.hamburger.edu" */
    SimAddress address;
} TransferTarget;

typedef void (*TransferRouter
)(gpointer router, TransferAgent *agent, const char *domain, TransferRoute *route);

typedef struct {
    const char *host_name;
    const char *software;        /* of the greeting */
    const char *const *domains;  /* its own, closed by NULL */
    const char *const *networks; /* prefixes that may relay ("192.0.2.0/24"), closed by NULL */
    guint64 maximum_size;
    SimTime first_retry; /* after a temporary failure: 5 minutes */
    SimTime retry;       /* and then every 30 minutes */
    SimTime lifetime;    /* given up after so long: 5 days */
    bool may_pipeline;
    guint64 seed;
} TransferAgentOptions;

TransferAgentOptions transfer_agent_default_options(void);

/* Listens on ports 25 and 587. The store is borrowed, the queue is the agent's own. */
TransferAgent *transfer_agent_new(
    SimHost *host,
    MailStore *store,
    const TransferAgentOptions *options,
    TransferRouter router,
    gpointer router_data
);
void transfer_agent_free(TransferAgent *agent);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TransferAgent, transfer_agent_free)

/* An address of one of its domains gets a mailbox in the store. */
bool transfer_agent_add_mailbox(TransferAgent *agent, const char *address, GError **error);

/* The router's answer: targets in the order in which they are to be tried; none: 'failure' says
 * why, permanent or for now. */
void transfer_agent_routed(
    TransferRoute *route,
    const TransferTarget *targets,
    gsize count,
    bool is_permanent,
    const char *failure
);

const OutgoingQueue *transfer_agent_queue(const TransferAgent *agent);
SimHost *transfer_agent_host(const TransferAgent *agent);
