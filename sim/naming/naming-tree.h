#pragma once

/* The whole tree of names as lecture 3 draws it: root, top-level and second-level zones, made from
 * the zones that a scenario gives. What is not given is made up: the zones above, their SOA and NS
 * records, delegations with glue, the reverse tree. No network is needed; the result is zones, and
 * for each name server the list of zones it serves. */

#include "sim/naming/dns-resolver.h"
#include "sim/naming/dns-server.h"

typedef struct NamingTree NamingTree;

NamingTree *naming_tree_new(guint32 serial);
void naming_tree_free(NamingTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NamingTree, naming_tree_free)

/* The zone of that name, made when it is first asked for, with the zone of its top-level domain.
 * NULL: not a name. */
DnsZone *naming_tree_zone(NamingTree *tree, const char *origin);

/* The zone in which a name's records belong; NULL: none but the root. */
DnsZone *naming_tree_zone_of(const NamingTree *tree, const DnsName *name);

/* A name server of a zone. Adds the NS record, its address records where they belong, and says
 * that this host serves the zone. Call again for further addresses of the same server. */
bool naming_tree_add_server(
    NamingTree *tree,
    const char *origin,
    const char *server,
    const SimAddress *address,
    GError **error
);

/* Its NS record stands, but it does not know the zone, whatever is added later. */
bool naming_tree_set_lame(NamingTree *tree, const char *origin, const char *server);

/* A host: address record in the zone its name belongs to, and a PTR record in the reverse tree. */
bool naming_tree_add_host(
    NamingTree *tree, const char *name, const SimAddress *address, GError **error
);

/* Makes servers of all the names in NS records that were written into zones as text, with the
 * addresses that stand beside them. A server may be left without an address: then its owner finds
 * it one and calls naming_tree_add_server() again. */
void naming_tree_adopt_servers(NamingTree *tree);

/* Zones that nobody serves yet, in canonical order: the owner gives each a server. */
GPtrArray *naming_tree_unserved(const NamingTree *tree); /* of DnsZone, borrowed */

/* The made-up name of a zone's first server: "a.root-servers.net", "a.nic.fr",
 * "ns1.hamburger.edu". */
char *naming_tree_server_name(const DnsName *origin);

/* Delegations, glue and SOA records; call it once all is added. Calling it again after changes
 * brings the delegations up to date. */
bool naming_tree_complete(NamingTree *tree, GError **error);

typedef struct {
    char *name;        /* of the host, without the dot at the end */
    GArray *addresses; /* of SimAddress */
    DnsServer *server;
} NamingServer;

gsize naming_tree_server_count(const NamingTree *tree);
const NamingServer *naming_tree_server_at(const NamingTree *tree, gsize index);
const NamingServer *naming_tree_server(const NamingTree *tree, const char *name); /* NULL */
const NamingServer *
naming_tree_server_by_address(const NamingTree *tree, const SimAddress *address);

/* The root servers, for resolvers. */
GArray *naming_tree_hints(const NamingTree *tree); /* of DnsHint */
