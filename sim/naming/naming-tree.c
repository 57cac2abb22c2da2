#include "sim/naming/naming-tree.h"

#include "sim/naming/naming-tree-private.h"

static guint name_hash(gconstpointer name)
{
    return dns_name_hash(name);
}

static gboolean name_equal(gconstpointer left, gconstpointer right)
{
    return dns_name_equal(left, right);
}

static void branch_free(gpointer pointer)
{
    NamingBranch *branch = pointer;
    dns_zone_free(branch->zone);
    g_free(branch);
}

static void server_free(gpointer pointer)
{
    NamingServer *server = pointer;
    dns_server_free(server->server);
    g_array_unref(server->addresses);
    g_free(server->name);
    g_free(server);
}

static NamingBranch *find_branch(const NamingTree *tree, const DnsName *origin)
{
    return g_hash_table_lookup(tree->branches, origin);
}

/* The zone and those that must stand above it: the top-level domain's and the root. */
static NamingBranch *make_branch(NamingTree *tree, const DnsName *origin)
{
    NamingBranch *branch = find_branch(tree, origin);
    DnsName top;
    if (branch != NULL) {
        return branch;
    }
    if (dns_name_labels(origin) > 1) {
        dns_name_suffix(origin, 1, &top);
        make_branch(tree, &top);
    }
    branch = g_new0(NamingBranch, 1);
    branch->origin = *origin;
    branch->zone = dns_zone_new(origin);
    g_hash_table_insert(tree->branches, &branch->origin, branch);
    g_ptr_array_add(tree->order, branch);
    return branch;
}

NamingTree *naming_tree_new(guint32 serial)
{
    NamingTree *tree = g_new0(NamingTree, 1);
    tree->serial = serial;
    tree->branches = g_hash_table_new(name_hash, name_equal);
    tree->order = g_ptr_array_new_with_free_func(branch_free);
    tree->servers = g_ptr_array_new_with_free_func(server_free);
    tree->by_name = g_hash_table_new(g_str_hash, g_str_equal);
    tree->derived = g_array_new(FALSE, FALSE, sizeof(NamingDerived));
    tree->lame = g_ptr_array_new_with_free_func(g_free);
    make_branch(tree, &dns_root);
    return tree;
}

void naming_tree_free(NamingTree *tree)
{
    if (tree != NULL) {
        g_hash_table_destroy(tree->branches);
        g_hash_table_destroy(tree->by_name);
        g_ptr_array_unref(tree->servers);
        g_ptr_array_unref(tree->order);
        g_array_unref(tree->derived);
        g_ptr_array_unref(tree->lame);
        g_free(tree);
    }
}

DnsZone *naming_tree_zone(NamingTree *tree, const char *origin)
{
    DnsName name;
    return dns_name_from_text(origin, &name) ? make_branch(tree, &name)->zone : NULL;
}

NamingBranch *naming_tree_branch_of(const NamingTree *tree, const DnsName *name, guint labels)
{
    for (guint i = MIN(labels, dns_name_labels(name)) + 1; i-- > 0;) {
        DnsName origin;
        dns_name_suffix(name, i, &origin);
        NamingBranch *branch = find_branch(tree, &origin);
        if (branch != NULL) {
            return branch;
        }
    }
    g_assert_not_reached();
}

DnsZone *naming_tree_zone_of(const NamingTree *tree, const DnsName *name)
{
    NamingBranch *branch = naming_tree_branch_of(tree, name, G_MAXUINT);
    return branch->origin.length > 1 ? branch->zone : NULL;
}

static bool refuse(GError **error, const char *text, const char *problem)
{
    g_set_error(error, DNS_ZONE_ERROR, DNS_ZONE_ERROR_SYNTAX, "%s: %s", text, problem);
    return false;
}

static NamingServer *make_server(NamingTree *tree, const DnsName *name)
{
    g_autofree char *text = dns_name_to_plain_string(name);
    g_autofree char *lower = g_ascii_strdown(text, -1);
    NamingServer *server = g_hash_table_lookup(tree->by_name, lower);
    if (server == NULL) {
        server = g_new0(NamingServer, 1);
        server->name = g_steal_pointer(&lower);
        server->addresses = g_array_new(FALSE, FALSE, sizeof(SimAddress));
        server->server = dns_server_new();
        g_ptr_array_add(tree->servers, server);
        g_hash_table_insert(tree->by_name, server->name, server);
    }
    return server;
}

static char *lame_key(const NamingServer *server, const DnsName *origin)
{
    g_autofree char *text = dns_name_to_string(origin);
    g_autofree char *lower = g_ascii_strdown(text, -1);
    return g_strdup_printf("%s %s", server->name, lower);
}

static void serve(NamingTree *tree, NamingServer *server, NamingBranch *branch)
{
    g_autofree char *key = lame_key(server, &branch->origin);
    if (!g_ptr_array_find_with_equal_func(tree->lame, key, g_str_equal, NULL)) {
        dns_server_add_zone(server->server, branch->zone);
    }
}

static void add_address(NamingServer *server, const SimAddress *address)
{
    for (guint i = 0; i < server->addresses->len; i++) {
        if (sim_address_equal(&g_array_index(server->addresses, SimAddress, i), address)) {
            return;
        }
    }
    g_array_append_val(server->addresses, *address);
}

bool naming_tree_add_server(
    NamingTree *tree,
    const char *origin,
    const char *server_name,
    const SimAddress *address,
    GError **error
)
{
    DnsName name;
    DnsName zone_name;
    if (!dns_name_from_text(origin, &zone_name)) {
        return refuse(error, origin, "not a name of a zone");
    }
    if (!dns_name_from_text(server_name, &name) || name.length == 1) {
        return refuse(error, server_name, "not a name of a server");
    }
    NamingBranch *branch = make_branch(tree, &zone_name);
    NamingServer *server = make_server(tree, &name);
    if (address != NULL) {
        add_address(server, address);
    }
    serve(tree, server, branch);
    return dns_zone_add(
        branch->zone,
        &zone_name,
        DNS_TYPE_NS,
        DNS_ZONE_TTL,
        byte_span(name.octets, name.length),
        error
    );
}

bool naming_tree_set_lame(NamingTree *tree, const char *origin, const char *server_name)
{
    const NamingServer *server = naming_tree_server(tree, server_name);
    DnsName name;
    if (server == NULL || !dns_name_from_text(origin, &name)) {
        return false;
    }
    g_ptr_array_add(tree->lame, lame_key(server, &name));
    dns_server_remove_zone(server->server, &name);
    return true;
}

static void adopt_addresses(const NamingTree *tree, NamingServer *server, const DnsName *name)
{
    static const guint16 types[] = {DNS_TYPE_A, DNS_TYPE_AAAA};
    const DnsZone *zone = naming_tree_branch_of(tree, name, G_MAXUINT)->zone;
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        const DnsRecordSet *set = dns_zone_set(zone, name, types[i]);
        for (guint j = 0; set != NULL && j < dns_record_set_count(set); j++) {
            ByteSpan octets;
            if (dns_data_address(dns_record_set_data(set, j), &octets)) {
                SimFamily family = octets.length == 4 ? SIM_FAMILY_IPV4 : SIM_FAMILY_IPV6;
                SimAddress address = sim_address_from_octets(family, octets.data);
                add_address(server, &address);
            }
        }
    }
}

void naming_tree_adopt_servers(NamingTree *tree)
{
    for (guint i = 0; i < tree->order->len; i++) {
        NamingBranch *branch = tree->order->pdata[i];
        const DnsRecordSet *set = dns_zone_set(branch->zone, &branch->origin, DNS_TYPE_NS);
        for (guint j = 0; set != NULL && j < dns_record_set_count(set); j++) {
            DnsName name;
            if (dns_data_name(dns_record_set_data(set, j), &name) && name.length > 1) {
                NamingServer *server = make_server(tree, &name);
                adopt_addresses(tree, server, &name);
                serve(tree, server, branch);
            }
        }
    }
}

/* A zone of its own for the reverse tree, unless the scenario has a closer one. */
static void add_pointer(NamingTree *tree, const DnsName *name, const SimAddress *address)
{
    DnsName reverse;
    DnsName top;
    dns_name_reverse(address->octets, sim_address_length(address), &reverse);
    dns_name_suffix(&reverse, 2, &top);
    make_branch(tree, &top);
    dns_zone_add(
        naming_tree_branch_of(tree, &reverse, G_MAXUINT)->zone,
        &reverse,
        DNS_TYPE_PTR,
        DNS_ZONE_TTL,
        byte_span(name->octets, name->length),
        NULL
    );
}

bool naming_tree_add_host(
    NamingTree *tree, const char *host_name, const SimAddress *address, GError **error
)
{
    DnsName name;
    if (!dns_name_from_text(host_name, &name)) {
        return refuse(error, host_name, "not a name of a host");
    }
    DnsZone *zone = naming_tree_zone_of(tree, &name);
    if (zone == NULL) {
        return refuse(error, host_name, "no zone is there for this name");
    }
    guint16 type = address->family == SIM_FAMILY_IPV4 ? DNS_TYPE_A : DNS_TYPE_AAAA;
    if (!dns_zone_add(
            zone,
            &name,
            type,
            DNS_ZONE_TTL,
            byte_span(address->octets, sim_address_length(address)),
            error
        )) {
        return false;
    }
    add_pointer(tree, &name, address);
    return true;
}

static gint compare_zones(gconstpointer left, gconstpointer right)
{
    return dns_name_compare(
        dns_zone_origin(*(DnsZone *const *)left), dns_zone_origin(*(DnsZone *const *)right)
    );
}

GPtrArray *naming_tree_unserved(const NamingTree *tree)
{
    GPtrArray *zones = g_ptr_array_new();
    for (guint i = 0; i < tree->order->len; i++) {
        const NamingBranch *branch = tree->order->pdata[i];
        if (dns_zone_set(branch->zone, &branch->origin, DNS_TYPE_NS) == NULL) {
            g_ptr_array_add(zones, branch->zone);
        }
    }
    g_ptr_array_sort(zones, compare_zones);
    return zones;
}

char *naming_tree_server_name(const DnsName *origin)
{
    g_autofree char *text = dns_name_to_plain_string(origin);
    guint labels = dns_name_labels(origin);
    if (labels == 0) {
        return g_strdup("a.root-servers.net");
    }
    return labels == 1 ? g_strdup_printf("a.nic.%s", text) : g_strdup_printf("ns1.%s", text);
}

gsize naming_tree_server_count(const NamingTree *tree)
{
    return tree->servers->len;
}

const NamingServer *naming_tree_server_at(const NamingTree *tree, gsize index)
{
    return tree->servers->pdata[index];
}

const NamingServer *naming_tree_server(const NamingTree *tree, const char *name)
{
    DnsName parsed;
    if (!dns_name_from_text(name, &parsed)) {
        return NULL;
    }
    g_autofree char *text = dns_name_to_plain_string(&parsed);
    g_autofree char *lower = g_ascii_strdown(text, -1);
    return g_hash_table_lookup(tree->by_name, lower);
}

const NamingServer *naming_tree_server_by_address(const NamingTree *tree, const SimAddress *address)
{
    for (guint i = 0; i < tree->servers->len; i++) {
        const NamingServer *server = tree->servers->pdata[i];
        for (guint j = 0; j < server->addresses->len; j++) {
            if (sim_address_equal(&g_array_index(server->addresses, SimAddress, j), address)) {
                return server;
            }
        }
    }
    return NULL;
}

GArray *naming_tree_hints(const NamingTree *tree)
{
    GArray *hints = g_array_new(FALSE, FALSE, sizeof(DnsHint));
    const NamingBranch *root = find_branch(tree, &dns_root);
    const DnsRecordSet *servers = dns_zone_set(root->zone, &dns_root, DNS_TYPE_NS);
    for (guint i = 0; servers != NULL && i < dns_record_set_count(servers); i++) {
        DnsHint hint;
        if (!dns_data_name(dns_record_set_data(servers, i), &hint.name)) {
            continue;
        }
        g_autofree char *text = dns_name_to_plain_string(&hint.name);
        const NamingServer *server = naming_tree_server(tree, text);
        for (guint j = 0; server != NULL && j < server->addresses->len; j++) {
            hint.address = g_array_index(server->addresses, SimAddress, j);
            g_array_append_val(hints, hint);
        }
    }
    return hints;
}
