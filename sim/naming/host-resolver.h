#pragma once

/* A resolver (dns-resolver.h) with the sockets and timers of a simulated host: what a program on
 * that host calls to look a name up. Belongs to the world. The answer always comes from the event
 * queue, never from inside the call, even where it is in the cache. */

#include "sim/naming/dns-resolver.h"
#include "sim/network/host.h"

typedef struct HostResolver HostResolver;

/* 'answer' is borrowed; take a reference to keep it. */
typedef void (*HostResolverDone)(const DnsAnswer *answer, gpointer data);

/* The seed and the families are filled in from the host. */
HostResolver *host_resolver_new(SimHost *host, const DnsResolverOptions *options);

guint64 host_resolver_look_up(
    HostResolver *resolver, const DnsName *name, guint16 type, HostResolverDone done, gpointer data
);

/* 'done' is not called any more. */
void host_resolver_cancel(HostResolver *resolver, guint64 lookup);

DnsResolver *host_resolver_engine(HostResolver *resolver);
SimHost *host_resolver_host(const HostResolver *resolver);
