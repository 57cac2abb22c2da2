#pragma once

/* The inside of TransferAgent.
 *
 *     transfer-agent.c       its life; host down and up
 *     transfer-settings.c    the setters
 *     transfer-session.c     a client that brings mail: the conversation
 *     transfer-policy.c      whom it lets in: sender, recipient, faults
 *     transfer-accept.c      the end of a message: loops, filter, trace field, queue
 *     transfer-queue.c       what is due, what became of it, when again
 *     transfer-local.c       mailboxes, aliases, programs
 *     transfer-destination.c what waits for one domain, and its connections
 *     transfer-relay.c       one connection to another server
 *     transfer-relay-mail.c  a message on it: transactions and answers
 *     transfer-report.c      delivery reports */

#include "protocol/message/received-field.h"
#include "protocol/smtp/smtp-client.h"
#include "protocol/smtp/smtp-server.h"
#include "sim/agent/address-book.h"
#include "sim/agent/blocklist.h"
#include "sim/agent/greylist.h"
#include "sim/agent/mail-event.h"
#include "sim/agent/transfer-agent.h"
#include "sim/agent/transfer-session.h"
#include "sim/naming/mail-route.h"

typedef struct TransferDestination TransferDestination;
typedef struct TransferRelay TransferRelay;

typedef struct {
    TransferProgram take;
    gpointer data;
} TransferProgramEntry;

struct TransferAgent {
    SimHost *host;
    SimWorld *world;
    MailStore *store;
    OutgoingQueue *queue;
    TransferAgentOptions options;
    char *host_name;
    char *software;
    char *mechanisms;
    char *next_hop;
    GStrv domains;
    GStrv relay_domains;
    GStrv networks;
    TransferRouter router;
    gpointer router_data;
    HostResolver *resolver;
    AddressBook *book;
    GHashTable *users;   /* name -> password */
    GPtrArray *programs; /* TransferProgramEntry */
    Greylist *greylist;
    GPtrArray *blocklists;           /* char *, closed by NULL */
    GPtrArray *blocklist_exceptions; /* char * */
    MailFilter *filter;
    GArray *faults; /* TransferFault with owned texts */
    SimTcpListener *listeners[2];
    GPtrArray *sessions;      /* TransferSession, open */
    GHashTable *destinations; /* lower-case domain -> TransferDestination */
    GPtrArray *routes;        /* TransferRoute, asked of the router and not yet answered */
    SimTimer queue_timer;
    HeaderBlock header; /* of the message that is being accepted */
};

gint64 transfer_agent_now_us(const TransferAgent *agent);
bool transfer_agent_is_local(const TransferAgent *agent, ByteSpan domain);
bool transfer_agent_is_inside(const TransferAgent *agent, const SimAddress *client);
bool transfer_list_has(GStrv list, ByteSpan domain);

/* What stands behind the last "@"; empty: nothing. */
ByteSpan transfer_domain_of(ByteSpan address);

/* "queue of mail.crepes.fr: 3 messages" */
void transfer_agent_tell_queue(TransferAgent *agent);

/* --- transfer-session.c --- */

struct TransferSession {
    TransferAgent *agent;
    AgentCarrier carrier;
    gpointer carrier_data; /* NULL: the connection is over, or nobody carries yet */
    SmtpServer *server;
    SimAddress client;
    char *client_text;
    bool is_inside; /* one of its own networks */
    bool is_closing;
    SimTimer idle;
    BlocklistSearch *blocklist;
    char *blocked_by; /* what RCPT says to a client that is listed; NULL: it is not */
    MailRouteSearch *sender_search;
    QueueEntry *entry; /* the transaction that is open */
    ByteBuffer content;
};

void transfer_session_accept(SimTcp *tcp, gpointer agent);
void transfer_session_free(gpointer session);

/* After an answer that came later: reads on, and wakes the carrier. */
void transfer_session_resume(TransferSession *session);

/* --- transfer-policy.c --- */

/* A fault set on purpose is due at this stage: says it. */
bool transfer_policy_fault(TransferSession *session, TransferStage stage, const char *address);
void transfer_policy_mail(TransferSession *session, const SmtpServerEvent *event);
void transfer_policy_rcpt(TransferSession *session, const SmtpServerEvent *event);
/* True: no mailbox of the entry has room for so many octets, and that was answered. */
bool transfer_policy_lacks_room(TransferSession *session, guint64 octets);

/* --- transfer-accept.c --- */

void transfer_accept_message(TransferSession *session);

/* Puts the entry, filled but for id and times, into the queue and tells of it. False: no room. */
bool transfer_accept_entry(
    TransferAgent *agent, QueueEntry *entry, const char *origin, const char *previous
);

/* --- transfer-queue.c --- */

/* Looks at the queue soon: after something entered it, or a delivery ended. */
void transfer_queue_wake(TransferAgent *agent);
void transfer_queue_run(TransferAgent *agent);

/* One of the deliveries of the entry is over; after the last, reports are written and the entry is
 * put back or taken out. */
void transfer_queue_ended(TransferAgent *agent, QueueEntry *entry);

/* What became of a recipient; tells it. 'deed' stands in the sentence between the message and the
 * mailbox: "is in the mailbox of". 'server' may be NULL: this one. Returns the recipient. */
void transfer_queue_deliver(
    TransferAgent *agent, QueueEntry *entry, guint recipient, const char *mailbox, const char *deed
);
void transfer_queue_relay(
    TransferAgent *agent, QueueEntry *entry, guint recipient, const char *server, const char *reply
);
void transfer_queue_fail(
    TransferAgent *agent,
    QueueEntry *entry,
    guint recipient,
    bool is_permanent,
    guint code,
    const char *reply,
    const char *server
);

/* --- transfer-local.c --- */

/* What an address of one of its domains stands for; NULL: there is none. 'out_tag' may be NULL. */
const AddressEntry *transfer_local_find(TransferAgent *agent, const char *path, ByteSpan *out_tag);
void transfer_local_deliver(TransferAgent *agent, QueueEntry *entry, guint recipient);

/* --- transfer-destination.c --- */

/* The entry's recipients for that domain are due. */
void transfer_destination_add(TransferAgent *agent, const char *domain, QueueEntry *entry);
bool transfer_destination_is_for(const TransferDestination *destination, const char *path);
void transfer_destination_free(gpointer destination);

/* For its connections: the next entry to be sent, NULL: none; and what the connection came to. */
QueueEntry *transfer_destination_next(TransferDestination *destination);
/* No server of it can be used: all that waits there fails. */
void transfer_destination_fail(
    TransferDestination *destination, bool is_permanent, const char *reason
);

/* The connection is over, and is freed. */
void transfer_destination_lost(TransferDestination *destination, TransferRelay *relay);

/* --- transfer-relay.c, transfer-relay-mail.c --- */

/* Connects to the first target; the destination hears transfer_destination_lost() at the end. */
TransferRelay *
transfer_relay_new(TransferAgent *agent, TransferDestination *destination, const GArray *targets);
void transfer_relay_free(gpointer relay);

/* More mail is there for a connection that is idle. False: it is not idle. */
bool transfer_relay_offer(TransferRelay *relay);

/* It will take a message once it is greeted. */
bool transfer_relay_is_opening(const TransferRelay *relay);

/* The host goes down with the connection: says what may arrive twice. */
void transfer_relay_tell_uncertain(const TransferRelay *relay);

/* --- transfer-report.c --- */

/* Writes the reports that are due for the entry: failed, delayed, delivered as asked. */
void transfer_report_write(TransferAgent *agent, QueueEntry *entry);
