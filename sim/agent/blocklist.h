#pragma once

/* Asks block lists in the DNS about a client (RFC 5782 §2.1): 192.0.2.99 is looked up as
 * 99.2.0.192.dnsbl.example; an A record says that it is listed, its TXT record says why, NXDOMAIN
 * that it is not. A list that does not answer blocks nobody. */

#include "sim/naming/host-resolver.h"

typedef struct BlocklistSearch BlocklistSearch;

/* 'zone' NULL: no list has the client. 'reason' may be NULL. Both are borrowed for the call, which
 * always comes from the event queue. */
typedef void (*BlocklistDone)(const char *zone, const char *reason, gpointer data);

/* Asks one zone after the other until one lists the client. Lives until 'done' was called or it is
 * cancelled. 'zones' is closed by NULL and stays the caller's until then. */
BlocklistSearch *blocklist_search(
    HostResolver *resolver,
    const char *const *zones,
    const SimAddress *client,
    BlocklistDone done,
    gpointer data
);
void blocklist_cancel(BlocklistSearch *search);

/* The name that is looked up; false: the zone is no name, or the whole is too long. */
bool blocklist_name(const char *zone, const SimAddress *client, DnsName *out_name);
