#pragma once

/* The inside of TransferAgent: sessions of clients that bring mail (transfer-session.c), and the
 * carrying of what is queued (transfer-delivery.c). */

#include "protocol/smtp/smtp-client.h"
#include "protocol/smtp/smtp-server.h"
#include "sim/agent/agent-link.h"
#include "sim/agent/transfer-agent.h"
#include "sim/network/internet.h"

#define TRANSFER_HOPS_MAXIMUM 100 /* RFC 5321 §6.3: Received lines that make a loop */

struct TransferAgent {
    SimHost *host;
    SimWorld *world;
    MailStore *store;
    OutgoingQueue *queue;
    TransferAgentOptions options;
    char *host_name;
    char *software;
    GStrv domains;
    GStrv networks;
    TransferRouter router;
    gpointer router_data;
    SimTcpListener *listeners[2];
    GPtrArray *sessions;   /* TransferSession, open */
    GPtrArray *deliveries; /* TransferDelivery, under way */
    SimTimer queue_timer;
    guint64 messages; /* counted for queue ids and Message-IDs */
};

gint64 transfer_agent_now_us(const TransferAgent *agent);
bool transfer_agent_is_local(const TransferAgent *agent, ByteSpan domain);
ByteSpan transfer_domain_of(ByteSpan address);

/* Looks at the queue soon: after something entered it, or a delivery ended. */
void transfer_agent_wake(TransferAgent *agent);

/* Accepts a client. */
void transfer_session_accept(SimTcp *tcp, gpointer agent);
void transfer_session_free(gpointer session);

/* Takes everything that is due out of the queue's order and begins to deliver it. */
void transfer_delivery_run_queue(TransferAgent *agent);
void transfer_delivery_free(gpointer delivery);
