#pragma once

/* A resolver without I/O and without a clock. With root hints it goes down the tree itself (RFC
 * 1034 §5.3.3) and keeps what it learns; with forwarders it is the stub of a host, which asks
 * another resolver to do that.
 *
 *     start(name, type, now) ──┐                     ┌─> SEND_UDP, SEND_TCP (to a server)
 *     receive(octets, now) ────┼─> resolver ─────────┼─> FORGET (an exchange is over)
 *     time_out(now) ───────────┘   next_action()     └─> DONE (with the answer)
 *
 * Every exchange has a number; its owner keeps a socket for it until FORGET. After each call take
 * the actions, then look at deadline(). Work is bounded whatever the servers say. */

#include "sim/naming/dns-answer.h"
#include "sim/naming/dns-cache.h"
#include "sim/network/random.h"

#define DNS_RESOLVER_QUERIES_MAXIMUM 60 /* for one look-up, its helpers included */
#define DNS_RESOLVER_ALIASES_MAXIMUM 12
#define DNS_RESOLVER_DEPTH_MAXIMUM 4 /* look-ups of name servers' own addresses in each other */
#define DNS_RESOLVER_SERVERS_MAXIMUM 16

typedef struct {
    DnsName name;
    SimAddress address;
} DnsHint;

typedef struct {
    const DnsHint *hints; /* the root servers; copied */
    gsize n_hints;
    const SimAddress *forwarders; /* instead of hints; copied */
    gsize n_forwarders;
    bool has_ipv4; /* which servers can be reached */
    bool has_ipv6;
    bool uses_edns;
    gsize cache_entries;      /* 0: nothing is kept */
    SimTime first_timeout;    /* 0: 2 s going down the tree, 5 s asking a forwarder */
    guint rounds;             /* how often all servers are asked; 0: 3 and 2 */
    SimTime server_penalty;   /* how long a silent server is asked last; 0: 10 min */
    SimTime failure_lifetime; /* how long a failure is remembered; 0: 5 s */
    guint64 seed;
} DnsResolverOptions;

typedef enum {
    DNS_ACTION_SEND_UDP,
    DNS_ACTION_SEND_TCP, /* the datagram was cut: the same question over a connection */
    DNS_ACTION_FORGET,
    DNS_ACTION_DONE,
} DnsActionKind;

typedef struct {
    DnsActionKind kind;
    guint64 exchange;  /* SEND and FORGET */
    SimAddress server; /* SEND */
    ByteSpan octets;   /* SEND: the message without length octets; until the next call */
    guint64 lookup;    /* DONE */
    DnsAnswer *answer; /* DONE: yours */
} DnsAction;

typedef struct DnsResolver DnsResolver;

DnsResolver *dns_resolver_new(const DnsResolverOptions *options);
void dns_resolver_free(DnsResolver *resolver);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DnsResolver, dns_resolver_free)

/* Gives the number of the look-up; DONE comes for it in every case. */
guint64 dns_resolver_start(DnsResolver *resolver, const DnsName *name, guint16 type, SimTime now);

/* No DONE will come. */
void dns_resolver_cancel(DnsResolver *resolver, guint64 lookup);

bool dns_resolver_next_action(DnsResolver *resolver, DnsAction *out_action);

void dns_resolver_receive(
    DnsResolver *resolver, guint64 exchange, ByteSpan octets, bool over_tcp, SimTime now
);

/* The server of this exchange cannot be reached, or its connection broke. */
void dns_resolver_unreachable(DnsResolver *resolver, guint64 exchange, SimTime now);

SimTime dns_resolver_deadline(const DnsResolver *resolver); /* SIM_TIME_NEVER: none */
void dns_resolver_time_out(DnsResolver *resolver, SimTime now);

DnsCache *dns_resolver_cache(DnsResolver *resolver); /* NULL: nothing is kept */
gsize dns_resolver_waiting(const DnsResolver *resolver);
