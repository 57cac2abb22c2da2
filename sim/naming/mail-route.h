#pragma once

/* Where mail for a domain goes (RFC 5321 §5.1): asks for the MX records, sorts them, looks up the
 * address of each exchanger, one after another. Without MX records the domain's own address counts
 * (implicit MX); a null MX, a name that does not exist and a failure look different to the sender.
 *
 *     MX? ─┬─ records ──> sort, drop ourselves and all behind us ──> A? (AAAA? where there is none)
 *          ├─ none ─────> the domain itself ─────────────────────────^
 *          └─ "0 .", no such name, SERVFAIL ──> no targets, and why                              */

#include "sim/naming/host-resolver.h"

#define MAIL_ROUTE_EXCHANGERS_MAXIMUM 20

typedef struct {
    char *name; /* of the exchanger, without the dot at the end */
    guint16 preference;
    SimAddress address;
} MailRouteTarget;

typedef enum {
    MAIL_ROUTE_FOUND,
    MAIL_ROUTE_NO_DOMAIN,   /* permanent: the name does not exist */
    MAIL_ROUTE_NULL_MX,     /* permanent: RFC 7505 */
    MAIL_ROUTE_NO_ADDRESS,  /* permanent: no exchanger has an address */
    MAIL_ROUTE_LOOP,        /* permanent: we are the best exchanger ourselves */
    MAIL_ROUTE_UNKNOWN_NOW, /* for now: the name servers fail or are silent */
} MailRouteOutcome;

typedef struct {
    MailRouteOutcome outcome;
    GArray *targets;           /* of MailRouteTarget, in the order in which they are to be tried */
    bool is_implicit;          /* the domain has no MX record */
    bool is_permanent;         /* trying again later is of no use */
    const char *enhanced_code; /* "5.1.2"; NULL where there are targets */
    char *failure;             /* one sentence; NULL where there are targets */
} MailRoute;

/* 'route' is borrowed for the call. */
typedef void (*MailRouteDone)(const MailRoute *route, gpointer data);

typedef struct MailRouteSearch MailRouteSearch;

/* 'own_name' is the sender's own name among the exchangers; NULL: it is none. 'domain' may be an
 * address literal in brackets. The search lives until 'done' was called or it is cancelled. */
MailRouteSearch *mail_route_find(
    HostResolver *resolver,
    const char *domain,
    const char *own_name,
    MailRouteDone done,
    gpointer data
);

/* The same for a host that is named itself, without asking for MX records: a next hop. */
MailRouteSearch *
mail_route_find_host(HostResolver *resolver, const char *host, MailRouteDone done, gpointer data);
void mail_route_cancel(MailRouteSearch *search);
