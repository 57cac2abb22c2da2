#pragma once

/* What a look-up found: the chain of aliases and the records, each with the TTL it still had, or
 * the reason why there are none. Shared by counting references. */

#include "sim/naming/dns-record-set.h"
#include "sim/network/address.h"
#include "sim/network/time.h"

#define DNS_ANSWER_UDP_MAXIMUM 1232 /* of a datagram with EDNS: fits one packet on every link */

typedef enum {
    DNS_OUTCOME_FOUND,
    DNS_OUTCOME_NO_NAME,   /* NXDOMAIN: no such name, whatever the type */
    DNS_OUTCOME_NO_DATA,   /* the name exists, but not with this type */
    DNS_OUTCOME_FAILED,    /* servers answered, but none with sense: SERVFAIL, REFUSED, lame */
    DNS_OUTCOME_NO_ANSWER, /* no server answered in time */
} DnsOutcome;

const char *dns_outcome_name(DnsOutcome outcome); /* "NXDOMAIN" */

typedef struct {
    DnsRecordSet *set;
    guint32 ttl;
} DnsAnswerSet;

typedef struct {
    guint references;
    DnsOutcome outcome;
    DnsName name; /* as asked */
    guint16 type;
    DnsName canonical; /* where the aliases end */
    GArray *sets;      /* of DnsAnswerSet: aliases in their order, then the records */
    DnsAnswerSet soa;  /* of a negative answer; 'set' may be NULL */
    bool from_cache;   /* no question had to be sent */
    guint queries;     /* questions that were sent for it */
    SimTime asked;
    SimTime answered;
    SimAddress server; /* that answered last; no family: none did */
} DnsAnswer;

DnsAnswer *dns_answer_new(const DnsName *name, guint16 type, SimTime now);
DnsAnswer *dns_answer_ref(DnsAnswer *answer);
void dns_answer_unref(DnsAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DnsAnswer, dns_answer_unref)

void dns_answer_add(DnsAnswer *answer, DnsRecordSet *set, guint32 ttl);

/* The records of the type that was asked for; NULL: none. */
const DnsRecordSet *dns_answer_records(const DnsAnswer *answer);

/* All addresses among them, in their order. */
GArray *dns_answer_addresses(const DnsAnswer *answer); /* of SimAddress */

typedef struct {
    guint16 preference;
    DnsName host;
} DnsExchanger;

/* The mail exchangers, lowest preference first, equal ones in their order. */
GArray *dns_answer_exchangers(const DnsAnswer *answer); /* of DnsExchanger */
bool dns_answer_is_null_mx(const DnsAnswer *answer);    /* RFC 7505 */

/* The text records joined, one string each. */
GPtrArray *dns_answer_texts(const DnsAnswer *answer); /* of char * */

/* Writes a whole answer to 'question' (a DNS message) with id, RD and EDNS as it wants them. Cuts
 * with TC where 'limit' is too small. False: the question cannot be read. */
bool dns_answer_write(const DnsAnswer *answer, ByteSpan question, bool over_tcp, ByteBuffer *out);

/* As dig prints it, with time and server. */
void dns_answer_to_text(const DnsAnswer *answer, GString *out);
