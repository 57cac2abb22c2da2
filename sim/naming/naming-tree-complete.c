/* Completing a tree: the servers' addresses in their zones, and in each parent the delegation of
 * its children with glue. */

#include "sim/naming/naming-tree-private.h"

static bool refuse(GError **error, const char *text, const char *problem)
{
    g_set_error(error, DNS_ZONE_ERROR, DNS_ZONE_ERROR_SYNTAX, "%s: %s", text, problem);
    return false;
}

static void derive(NamingTree *tree, DnsZone *zone, const DnsName *owner, const DnsRecordSet *set)
{
    NamingDerived derived = {.zone = zone, .owner = *owner, .type = set->type};
    if (dns_zone_set(zone, owner, set->type) != NULL) {
        return;
    }
    for (guint i = 0; i < dns_record_set_count(set); i++) {
        dns_zone_add(zone, owner, set->type, set->ttl, dns_record_set_data(set, i).message, NULL);
    }
    g_array_append_val(tree->derived, derived);
}

static void forget_derived(NamingTree *tree)
{
    for (guint i = 0; i < tree->derived->len; i++) {
        const NamingDerived *derived = &g_array_index(tree->derived, NamingDerived, i);
        dns_zone_remove(derived->zone, &derived->owner, derived->type);
    }
    g_array_set_size(tree->derived, 0);
}

/* The servers' own addresses, in the zone that their names belong to. */
static void place_servers(NamingTree *tree)
{
    for (guint i = 0; i < tree->servers->len; i++) {
        const NamingServer *server = tree->servers->pdata[i];
        DnsName name;
        bool is_name = dns_name_from_text(server->name, &name);
        g_assert(is_name);
        DnsZone *zone = naming_tree_branch_of(tree, &name, G_MAXUINT)->zone;
        for (guint j = 0; j < server->addresses->len; j++) {
            const SimAddress *address = &g_array_index(server->addresses, SimAddress, j);
            dns_zone_add_address(zone, &name, address->octets, sim_address_length(address));
        }
    }
}

/* RFC 1034 §4.2.1: the parent needs the addresses of servers whose names lie below itself. */
static void copy_glue(NamingTree *tree, NamingBranch *parent, const DnsRecordSet *servers)
{
    static const guint16 types[] = {DNS_TYPE_A, DNS_TYPE_AAAA};
    for (guint i = 0; i < dns_record_set_count(servers); i++) {
        DnsName server;
        if (!dns_data_name(dns_record_set_data(servers, i), &server) ||
            !dns_name_is_under(&server, &parent->origin)) {
            continue;
        }
        const NamingBranch *home = naming_tree_branch_of(tree, &server, G_MAXUINT);
        for (gsize j = 0; j < G_N_ELEMENTS(types); j++) {
            const DnsRecordSet *set = dns_zone_set(home->zone, &server, types[j]);
            if (set != NULL && home != parent) {
                derive(tree, parent->zone, &server, set);
            }
        }
    }
}

static bool complete_branch(NamingTree *tree, NamingBranch *branch, GError **error)
{
    const DnsRecordSet *servers = dns_zone_set(branch->zone, &branch->origin, DNS_TYPE_NS);
    DnsName first;
    if (servers == NULL || !dns_data_name(dns_record_set_data(servers, 0), &first)) {
        g_autofree char *text = dns_name_to_string(&branch->origin);
        return refuse(error, text, "no server is there for this zone");
    }
    dns_zone_complete(branch->zone, &first, tree->serial);
    if (branch->origin.length == 1) {
        copy_glue(tree, branch, servers);
        return true;
    }
    guint labels = dns_name_labels(&branch->origin);
    NamingBranch *parent = naming_tree_branch_of(tree, &branch->origin, labels - 1);
    derive(tree, parent->zone, &branch->origin, servers);
    copy_glue(tree, parent, servers);
    return true;
}

bool naming_tree_complete(NamingTree *tree, GError **error)
{
    forget_derived(tree);
    naming_tree_adopt_servers(tree);
    place_servers(tree);
    for (guint i = 0; i < tree->order->len; i++) {
        if (!complete_branch(tree, tree->order->pdata[i], error)) {
            return false;
        }
    }
    return true;
}
