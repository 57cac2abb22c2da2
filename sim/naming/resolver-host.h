#pragma once

/* The name server of a network: it takes questions of the hosts around it on port 53, goes down
 * the tree for them and remembers the answers. Belongs to the world. */

#include "sim/naming/dns-service.h"
#include "sim/naming/host-resolver.h"

typedef struct ResolverHost ResolverHost;

/* NULL: port 53 is taken. */
ResolverHost *resolver_host_start(SimHost *host, const DnsResolverOptions *options);

HostResolver *resolver_host_resolver(ResolverHost *resolver_host);
DnsService *resolver_host_service(ResolverHost *resolver_host);
