#pragma once

/* Puts a tree of names (naming-tree.h) onto a simulated internet: a host for every name server,
 * a caching resolver for each network that asks for one, a stub for each host. Belongs to the
 * world.
 *
 *     alice-pc ── stub ──> dns.crepes.fr ── resolver ──> a.root-servers.net
 *                                              ├───────> a.nic.edu
 *                                              └───────> ns1.hamburger.edu                     */

#include "sim/naming/dns-server-host.h"
#include "sim/naming/naming-tree.h"
#include "sim/naming/resolver-host.h"
#include "sim/network/internet.h"

typedef struct NamingInternet NamingInternet;

/* Takes the tree. Zones without a server get one on the network of their name ("hamburger.edu");
 * the root and each top-level domain have networks of their own. A server whose address stands in
 * a zone's text is made with that address. NULL: an address does not fit its network, or the tree
 * cannot be completed. */
NamingInternet *naming_internet_new(SimInternet *internet, NamingTree *tree, GError **error);

NamingTree *naming_internet_tree(NamingInternet *naming);

/* Gives a host's addresses a name, and the reverse. The zone of the name must be there. */
bool naming_internet_name_host(
    NamingInternet *naming, const char *name, const SimHost *host, GError **error
);

/* The resolver of that network, on a host "dns.NETWORK" made when it is first asked for. NULL: the
 * network is full. */
ResolverHost *naming_internet_resolver(NamingInternet *naming, SimNetwork *network);

/* What programs on 'host' use; asks the resolver of 'network'. Made once for each host. */
HostResolver *naming_internet_stub(NamingInternet *naming, SimHost *host, SimNetwork *network);

/* The service of a name server, for switching it off; NULL: no such server. */
DnsServerHost *naming_internet_server(NamingInternet *naming, const char *name);
