#pragma once

/* The inside of NamingTree, shared by the file that keeps zones and servers and the one that makes
 * delegations. */

#include "sim/naming/naming-tree.h"

/* A zone with its place in the tree. */
typedef struct {
    DnsZone *zone;
    DnsName origin;
} NamingBranch;

/* A record that the tree put into a parent zone and takes out again before it is renewed. */
typedef struct {
    DnsZone *zone;
    DnsName owner;
    guint16 type;
} NamingDerived;

struct NamingTree {
    GHashTable *branches; /* of NamingBranch by its origin */
    GPtrArray *order;     /* of NamingBranch, as they were made */
    GPtrArray *servers;   /* of NamingServer */
    GHashTable *by_name;  /* NamingServer by its name */
    GArray *derived;      /* of NamingDerived */
    GPtrArray *lame;      /* of char *: "server zone" */
    guint32 serial;
};

/* The closest zone that holds 'name' and has at most 'labels' labels. */
NamingBranch *naming_tree_branch_of(const NamingTree *tree, const DnsName *name, guint labels);
