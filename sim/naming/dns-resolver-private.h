#pragma once

/* The inside of DnsResolver: look-ups as tasks. One file keeps them and their actions, one chooses
 * servers and asks, one reads answers.
 *
 *     advance ──> the cache knows ──> finish
 *        ^  └──> no address of a server known ──> a task of its own for that, one deeper
 *        |  └──> ask ──> an answer ──> read ─┬─> finish
 *        └──────────── alias, referral <─────┘   another server (lame, silent): ask            */

#include "sim/naming/dns-resolver.h"

typedef struct DnsTask DnsTask;

typedef struct {
    SimAddress address;
    bool is_bad; /* it answered without sense; not asked again for this task */
} DnsTarget;

struct DnsTask {
    DnsName name;
    guint16 type;
    DnsName current; /* behind the aliases found so far */
    DnsAnswer *answer;
    guint aliases;
    guint depth;
    guint *budget; /* queries that this look-up and its helpers may still send */
    guint own_budget;
    GArray *waiters;  /* of guint64: look-ups to tell */
    DnsTask *parent;  /* waits for this one */
    DnsTask *child;   /* this one waits for */
    GPtrArray *tried; /* of DnsName: servers whose addresses could not be found */
    DnsName zone;     /* whose servers are asked */
    guint referred;   /* labels of the zone of the last referral */
    DnsTarget targets[DNS_RESOLVER_SERVERS_MAXIMUM];
    guint n_targets;
    guint target;
    guint round;
    bool was_answered; /* by anything at all */
    bool avoids_edns;
    guint64 exchange; /* 0: none is open */
    guint16 id;
    bool over_tcp;
    SimTime deadline;
    GSequenceIter *due; /* place among the deadlines; NULL: none */
};

struct DnsResolver {
    DnsResolverOptions options;
    DnsHint *hints;
    SimAddress *forwarders;
    DnsCache *cache;
    SimRandom random;
    GPtrArray *tasks;      /* of DnsTask, all of them */
    GHashTable *exchanges; /* DnsTask by the number of its open exchange */
    GSequence *deadlines;  /* of DnsTask, earliest first */
    GQueue actions;        /* of DnsAction */
    GBytes *lent;          /* octets of the action given last */
    GHashTable *penalties; /* when a silent server's penalty ends, by its address */
    guint64 next_lookup;
    guint64 next_exchange;
};

DnsTask *dns_task_new(
    DnsResolver *resolver, const DnsName *name, guint16 type, DnsTask *parent, SimTime now
);
void dns_task_advance(DnsResolver *resolver, DnsTask *task, SimTime now);

/* Tells whoever waits; the task is gone afterwards. */
void dns_task_finish(DnsResolver *resolver, DnsTask *task, DnsOutcome outcome, SimTime now);
void dns_task_fail(DnsResolver *resolver, DnsTask *task, SimTime now);

void dns_resolver_push(DnsResolver *resolver, DnsAction action, ByteSpan octets);

/* Closes the open exchange, if there is one. */
void dns_task_forget_exchange(DnsResolver *resolver, DnsTask *task);

/* False: a helper was started, or the task has ended; the caller leaves it alone. */
bool dns_task_choose_servers(DnsResolver *resolver, DnsTask *task, SimTime now);
void dns_task_ask(DnsResolver *resolver, DnsTask *task, bool over_tcp, SimTime now);

/* The present server is of no use: asks the next one, or gives up. */
void dns_task_ask_next(DnsResolver *resolver, DnsTask *task, bool is_bad, SimTime now);

/* An answer to the open exchange, already matched by id and question. */
void dns_task_read(DnsResolver *resolver, DnsTask *task, ByteSpan message, SimTime now);

bool dns_resolver_is_stub(const DnsResolver *resolver);
