#pragma once

/* A mail server as organisations run it: takes mail by SMTP, delivers what is for its own domains
 * into mailboxes, queues the rest and carries it to the servers of the other domains.
 *
 *     port 25, 587 ─> TransferSession ─> queue ─┬ own domain ──> MailStore, alias, list
 *                                               └ other domain ─> route ─> SmtpClient ─> port 25
 *
 * What it is told to be: options when it is made, setters afterwards; both are copied. Everything
 * it decides is told as a world event (mail-event.h), which accounting.h reads.
 *
 * A host that goes down takes its sessions with it as when the power fails; the queue is on the
 * disk and is there when the host comes up again.
 *
 * --- Who may bring mail for whom ---
 * For its own 'domains' and for 'relay_domains' anybody; for any other domain only hosts of
 * 'networks' and clients that logged in (550 5.7.1 to all others). In a domain of its own an
 * address must exist: mailbox, alias, list, catch-all (550 5.1.1 else).
 *
 * --- Retrying ---
 * What fails for now (4yz, no connection, no answer of the DNS) waits 'first_retry', then 'retry'
 * each time; after 'warn_after' the sender gets a delay report, after 'lifetime' a failure report.
 * What fails for good (5yz, null MX, no such domain) is reported at once. Reports go to the
 * reverse-path and have none themselves, so they are never reported. */

#include "protocol/smtp/smtp-server.h"
#include "sim/agent/mail-filter.h"
#include "sim/naming/host-resolver.h"
#include "sim/network/host.h"
#include "sim/store/mail-store.h"
#include "sim/store/outgoing-queue.h"

typedef struct TransferAgent TransferAgent;
typedef struct TransferRoute TransferRoute;

typedef struct {
    const char *name; /* "mail.hamburger.edu" */
    SimAddress address;
} TransferTarget;

/* Where mail for a domain goes, asked once for each connection. The answer comes by
 * transfer_agent_routed(), at once or later. An agent without a router asks its resolver for MX
 * records. */
typedef void (*TransferRouter
)(gpointer router, TransferAgent *agent, const char *domain, TransferRoute *route);

/* Whom it believes. SMTP itself believes everybody. */
typedef enum {
    TRANSFER_SENDERS_BELIEVED,             /* MAIL FROM says what it likes */
    TRANSFER_SENDERS_OWN_ONLY_FROM_INSIDE, /* strangers cannot use its own domains: 550 5.7.1 */
    TRANSFER_SENDERS_MUST_EXIST, /* and the sender's domain must take mail: 550 5.1.8, 450 4.1.8 */
} TransferSenders;

typedef struct {
    /* Who it is. Lists are closed by NULL; NULL: none. */
    const char *host_name;
    const char *software;             /* of the greeting */
    const char *const *domains;       /* its own */
    const char *const *relay_domains; /* it takes mail for them and carries it on: as backup MX */
    const char *const *networks;      /* prefixes of hosts that may relay ("192.0.2.0/24"), and so
                                       * may the host itself; NULL: nobody may */
    guint64 seed;
    OutgoingQueue *queue; /* given away, one on disk maybe; NULL: in memory */

    /* What it says to clients. */
    guint32 offers; /* SMTP_OFFER_*; AUTH is added where there are mechanisms */
    SmtpSyntax syntax;
    guint64 maximum_size;        /* 552 5.3.4 above it; 0: no limit */
    guint maximum_recipients;    /* 452 4.5.3 above it */
    const char *mechanisms;      /* of AUTH: "PLAIN LOGIN CRAM-MD5"; NULL: not offered */
    bool allows_plaintext_auth;  /* PLAIN and LOGIN without TLS, as in the lectures */
    bool requires_auth;          /* MAIL on port 587 only after AUTH: 530 5.7.0 */
    TransferSenders senders;     /* whom it believes */
    SimTime command_timeout;     /* a client silent for so long gets 421; 5 minutes */
    bool full_is_permanent;      /* a full mailbox is 552 5.2.2, else 452 4.2.2 */
    bool delivers_before_answer; /* own mailboxes are filled before 250 is said: nothing queued */

    /* How it carries. */
    const char *next_hop; /* host that gets all mail for other domains; NULL: ask the DNS */
    bool may_pipeline;
    bool may_chunk;            /* BDAT */
    guint recipients_at_once;  /* in one transaction: 100 */
    guint messages_at_once;    /* on one connection: 100 */
    guint connections_at_once; /* to one destination: 1 */
    SimTime idle_connection;   /* kept open for so long in case more mail comes; 0 */
    SimTime answer_timeout;    /* a server silent for so long is given up; 0: as RFC 5321 has it */
    guint maximum_hops;        /* more Received lines are a loop: 554 5.4.6; 100 */

    /* How long it tries. */
    SimTime first_retry; /* after a temporary failure: 5 minutes */
    SimTime retry;       /* and then every 30 minutes */
    SimTime warn_after;  /* delay report to the sender: 4 hours; 0: none */
    SimTime lifetime;    /* given up after so long: 5 days */
} TransferAgentOptions;

TransferAgentOptions transfer_agent_default_options(void);

/* Listens on ports 25 and 587. The store is borrowed. 'router' NULL: see set_resolver. */
TransferAgent *transfer_agent_new(
    SimHost *host,
    MailStore *store,
    const TransferAgentOptions *options,
    TransferRouter router,
    gpointer router_data
);
void transfer_agent_free(TransferAgent *agent);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TransferAgent, transfer_agent_free)

/* For MX look-ups, block lists and the judging of senders. Borrowed. */
void transfer_agent_set_resolver(TransferAgent *agent, HostResolver *resolver);

/* --- addresses of its own domains --- */

/* Gets a mailbox in the store; the account's name is the address. */
bool transfer_agent_add_mailbox(TransferAgent *agent, const char *address, GError **error);

/* Mail for 'address' goes to the addresses instead ("alice@crepes.fr, bob@hamburger.edu"), here or
 * elsewhere; MAIL FROM stays. The mailbox itself may be among them, so that a copy stays. */
void transfer_agent_add_alias(TransferAgent *agent, const char *address, const char *targets);
/* Makes this mailbox the postmaster of its domain, whom every domain must have (RFC 5321 §4.5.1),
 * unless the domain has one. */
void transfer_agent_offer_postmaster(TransferAgent *agent, const char *address);

/* Somebody has moved. Forwarded: RCPT is answered by 251 and mail goes on to the new address. Else
 * 551 names the new address and the client has to see to it (RFC 5321 §3.4). */
void transfer_agent_add_moved(
    TransferAgent *agent, const char *address, const char *new_address, bool is_forwarded
);

/* Every address of the domain that does not exist goes to 'address'. */
void transfer_agent_set_catch_all(TransferAgent *agent, const char *domain, const char *address);

/* "bob+lists@hamburger.edu" is bob's, with '+' as 'separator'; in the folder "lists" if he has one.
 * '\0': not so. */
void transfer_agent_set_subaddressing(TransferAgent *agent, char separator);

/* Behind the address is a program, such as a list server; it gets the message as it would go into
 * a mailbox. False: it wants none of it, and 'out_reason' says why ("5.7.2 ..."). */
typedef bool (*TransferProgram)(gpointer program, const QueueEntry *entry, char **out_reason);
void transfer_agent_add_program(
    TransferAgent *agent, const char *address, TransferProgram program, gpointer data
);

/* A mailbox that holds more is full; 0: no limit. */
bool transfer_agent_set_quota(
    TransferAgent *agent, const char *address, MailQuota quota, GError **error
);

/* --- whom it lets in --- */

/* An account for AUTH. */
void transfer_agent_add_user(TransferAgent *agent, const char *user, const char *password);

/* RCPT is refused by 451 4.7.1 until the same client, sender and recipient come again after
 * 'delay'; known triplets pass for 'lifetime'. */
void transfer_agent_set_greylisting(TransferAgent *agent, SimTime delay, SimTime lifetime);

/* A block list in the DNS (RFC 5782): "dnsbl.example". Clients on it are refused at RCPT (554
 * 5.7.1, with what the list's TXT record says). Own networks and exceptions are not looked up. */
void transfer_agent_add_blocklist(TransferAgent *agent, const char *zone);
void transfer_agent_add_blocklist_exception(TransferAgent *agent, const char *prefix);

/* Judges each message before it is accepted (mail-filter.h). Copied. */
void transfer_agent_set_filter(TransferAgent *agent, const MailFilter *filter);

/* --- what goes wrong on purpose --- */

typedef enum {
    TRANSFER_AT_GREETING,
    TRANSFER_AT_HELLO,
    TRANSFER_AT_MAIL,
    TRANSFER_AT_RCPT,
    TRANSFER_AT_DATA,
    TRANSFER_AT_MESSAGE, /* after the final dot */
    N_TRANSFER_STAGES,
} TransferStage;

const char *transfer_stage_name(TransferStage stage); /* "greeting", "hello", "mail" ... */

typedef struct {
    TransferStage stage;
    const char *address; /* only for this sender (MAIL) or recipient (RCPT); NULL: any */
    SmtpReply reply;     /* code 0: the connection is cut without a word */
    guint times;         /* only the first so many times; 0: always */
} TransferFault;

void transfer_agent_add_fault(TransferAgent *agent, const TransferFault *fault);
void transfer_agent_clear_faults(TransferAgent *agent);

/* --- at work --- */

/* Puts a message into the queue that did not come by SMTP: a program on the host does so, and a
 * user of the same machine. A trace field without "from" goes on top. The id; NULL: the queue does
 * not take it. */
const char *transfer_agent_submit(
    TransferAgent *agent,
    const char *reverse_path,
    const char *const *recipients,
    GBytes *octets,
    const char *origin,  /* for world events: "report", "list", "user" */
    const char *previous /* id of the message it was made of; NULL */
);

/* Tries at once all that waits, or what waits for one domain ("postqueue -f", ETRN). */
void transfer_agent_flush(TransferAgent *agent, const char *domain);

/* The router's answer: targets in the order in which they are to be tried; none: 'failure' says
 * why, permanent or for now. */
void transfer_agent_routed(
    TransferRoute *route,
    const TransferTarget *targets,
    gsize count,
    bool is_permanent,
    const char *failure
);

OutgoingQueue *transfer_agent_queue(const TransferAgent *agent);
SimHost *transfer_agent_host(const TransferAgent *agent);
const char *transfer_agent_name(const TransferAgent *agent);
MailStore *transfer_agent_store(const TransferAgent *agent);
