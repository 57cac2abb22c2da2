#pragma once

/* What a resolver remembers, in virtual time: sets of records until their TTL is over, and that a
 * name or a type does not exist, until the SOA's minimum is over (RFC 2308 §5). What came from a
 * better source is not replaced by hearsay (RFC 2181 §5.4.1). Bounded: the least recently used
 * goes first. */

#include "sim/naming/dns-record-set.h"
#include "sim/network/time.h"

#define DNS_CACHE_ENTRIES 10000
#define DNS_CACHE_TTL_MAXIMUM 604800     /* RFC 1035 leaves it open: a week */
#define DNS_CACHE_NEGATIVE_MAXIMUM 10800 /* RFC 2308 §5: one to three hours */

typedef enum {
    DNS_RANK_GLUE,      /* additional data of a referral */
    DNS_RANK_REFERRAL,  /* NS records of a parent */
    DNS_RANK_ANSWER,    /* from a server that is not authoritative */
    DNS_RANK_AUTHORITY, /* authoritative */
} DnsRank;

typedef enum {
    DNS_CACHED_NOTHING,
    DNS_CACHED_SET,
    DNS_CACHED_NO_NAME,
    DNS_CACHED_NO_DATA,
    DNS_CACHED_FAILURE, /* RFC 2308 §7.1 */
} DnsCached;

typedef struct {
    DnsCached kind;
    DnsRecordSet *set; /* of the negative kinds: the SOA, or NULL; borrowed */
    DnsRank rank;
    guint32 ttl; /* seconds left */
} DnsCacheEntry;

typedef struct DnsCache DnsCache;

DnsCache *dns_cache_new(gsize maximum);
void dns_cache_free(DnsCache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DnsCache, dns_cache_free)

void dns_cache_put(DnsCache *cache, DnsRecordSet *set, DnsRank rank, SimTime now);

/* 'kind' is one of the last three; NO_NAME holds for every type. 'ttl' in seconds. */
void dns_cache_put_negative(
    DnsCache *cache,
    const DnsName *name,
    guint16 type,
    DnsCached kind,
    DnsRecordSet *soa,
    guint32 ttl,
    SimTime now
);

/* Entries below 'least' are not seen. Borrowed until the next put. */
DnsCacheEntry
dns_cache_get(DnsCache *cache, const DnsName *name, guint16 type, DnsRank least, SimTime now);

void dns_cache_flush(DnsCache *cache);
gsize dns_cache_count(const DnsCache *cache);

/* One line each: name, seconds left, type, data; for showing a cache. */
void dns_cache_to_text(DnsCache *cache, SimTime now, GString *out);
