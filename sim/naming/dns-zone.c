#include "sim/naming/dns-zone.h"

#include "protocol/dns/dns-writer.h"
#include "sim/naming/dns-zone-private.h"

G_DEFINE_QUARK(mailwalk - dns - zone - error, dns_zone_error)

/* One name that exists in the zone; without sets it only has names below it. */
typedef struct {
    DnsName name;
    GPtrArray *sets; /* of DnsRecordSet; NULL: none */
    guint below;     /* names directly below */
} Node;

struct DnsZone {
    DnsName origin;
    guint32 ttl;
    GHashTable *nodes; /* of Node by its name */
    gsize records;
};

static guint name_hash(gconstpointer name)
{
    return dns_name_hash(name);
}

static gboolean name_equal(gconstpointer left, gconstpointer right)
{
    return dns_name_equal(left, right);
}

static void node_free(gpointer pointer)
{
    Node *node = pointer;
    g_clear_pointer(&node->sets, g_ptr_array_unref);
    g_free(node);
}

static Node *find_node(const DnsZone *zone, const DnsName *name)
{
    return g_hash_table_lookup(zone->nodes, name);
}

/* RFC 1034 §4.3.3 counts a name as existing when something stands below it, so the names up to
 * the origin are made with it. */
static Node *make_node(DnsZone *zone, const DnsName *name)
{
    Node *node = find_node(zone, name);
    DnsName parent;
    if (node != NULL) {
        return node;
    }
    node = g_new0(Node, 1);
    node->name = *name;
    g_hash_table_insert(zone->nodes, &node->name, node);
    if (!dns_name_equal(name, &zone->origin) && dns_name_parent(name, &parent)) {
        make_node(zone, &parent)->below++;
    }
    return node;
}

DnsZone *dns_zone_new(const DnsName *origin)
{
    DnsZone *zone = g_new0(DnsZone, 1);
    zone->origin = *origin;
    zone->ttl = DNS_ZONE_TTL;
    zone->nodes = g_hash_table_new_full(name_hash, name_equal, NULL, node_free);
    make_node(zone, origin);
    return zone;
}

void dns_zone_free(DnsZone *zone)
{
    if (zone != NULL) {
        g_hash_table_destroy(zone->nodes);
        g_free(zone);
    }
}

const DnsName *dns_zone_origin(const DnsZone *zone)
{
    return &zone->origin;
}

void dns_zone_set_ttl(DnsZone *zone, guint32 ttl)
{
    zone->ttl = ttl;
}

guint32 dns_zone_default_ttl(const DnsZone *zone)
{
    return zone->ttl;
}

gsize dns_zone_records(const DnsZone *zone)
{
    return zone->records;
}

static DnsRecordSet *find_set(const Node *node, guint16 type)
{
    for (guint i = 0; node != NULL && node->sets != NULL && i < node->sets->len; i++) {
        DnsRecordSet *set = node->sets->pdata[i];
        if (set->type == type) {
            return set;
        }
    }
    return NULL;
}

const DnsRecordSet *dns_zone_set(const DnsZone *zone, const DnsName *owner, guint16 type)
{
    return find_set(find_node(zone, owner), type);
}

bool dns_zone_has_name(const DnsZone *zone, const DnsName *name)
{
    return find_node(zone, name) != NULL;
}

static bool refuse(GError **error, DnsZoneError code, const DnsName *name, const char *problem)
{
    g_autofree char *text = dns_name_to_plain_string(name);
    g_set_error(error, DNS_ZONE_ERROR, code, "%s: %s", text, problem);
    return false;
}

/* RFC 2181 §10.1: one CNAME and nothing beside it */
static bool keeps_cname_alone(const Node *node, guint16 type, ByteSpan data)
{
    const DnsRecordSet *alias = find_set(node, DNS_TYPE_CNAME);
    bool has_other = node != NULL && node->sets != NULL && node->sets->len > (alias != NULL);
    if (type != DNS_TYPE_CNAME) {
        return alias == NULL;
    }
    return !has_other &&
           (alias == NULL || byte_span_equal(dns_record_set_data(alias, 0).message, data));
}

bool dns_zone_add(
    DnsZone *zone, const DnsName *owner, guint16 type, guint32 ttl, ByteSpan data, GError **error
)
{
    if (!dns_name_is_under(owner, &zone->origin)) {
        return refuse(error, DNS_ZONE_ERROR_OUTSIDE, owner, "this name is not in the zone");
    }
    if (!keeps_cname_alone(find_node(zone, owner), type, data)) {
        return refuse(
            error, DNS_ZONE_ERROR_CNAME, owner, "an alias (CNAME) has no other records beside it"
        );
    }
    if (zone->records >= DNS_ZONE_RECORDS_MAXIMUM) {
        return refuse(error, DNS_ZONE_ERROR_TOO_MANY, owner, "the zone has too many records");
    }
    Node *node = make_node(zone, owner);
    DnsRecordSet *set = find_set(node, type);
    if (set == NULL) {
        set = dns_record_set_new(owner, type, ttl);
        node->sets = node->sets != NULL
                         ? node->sets
                         : g_ptr_array_new_with_free_func((GDestroyNotify)dns_record_set_unref);
        g_ptr_array_add(node->sets, set);
    }
    /* RFC 2181 §5.2: one TTL for the set, the smaller one */
    set->ttl = MIN(set->ttl, ttl);
    zone->records += dns_record_set_add(set, data);
    return true;
}

bool dns_zone_add_text(
    DnsZone *zone,
    const char *owner,
    guint32 ttl,
    const char *type,
    const char *data,
    GError **error
)
{
    DnsName name;
    guint16 number = 0;
    const char *problem = NULL;
    ByteBuffer octets;
    if (!dns_name_from_text_under(byte_span_from_string(owner), &zone->origin, &name)) {
        g_set_error(error, DNS_ZONE_ERROR, DNS_ZONE_ERROR_SYNTAX, "\"%s\" is not a name", owner);
        return false;
    }
    if (!dns_type_from_text(type, &number)) {
        g_set_error(
            error, DNS_ZONE_ERROR, DNS_ZONE_ERROR_SYNTAX, "\"%s\" is not a record type", type
        );
        return false;
    }
    byte_buffer_init(&octets, G_MAXUINT16);
    bool is_added =
        dns_data_from_text(number, byte_span_from_string(data), &zone->origin, &octets, &problem);
    if (!is_added) {
        g_set_error(
            error, DNS_ZONE_ERROR, DNS_ZONE_ERROR_SYNTAX, "%s \"%s\": %s", type, data, problem
        );
    }
    is_added = is_added &&
               dns_zone_add(
                   zone, &name, number, ttl > 0 ? ttl : zone->ttl, byte_buffer_span(&octets), error
               );
    byte_buffer_clear(&octets);
    return is_added;
}

void dns_zone_add_address(DnsZone *zone, const DnsName *owner, const guint8 *address, gsize length)
{
    guint16 type = length == 4 ? DNS_TYPE_A : DNS_TYPE_AAAA;
    dns_zone_add(zone, owner, type, zone->ttl, byte_span(address, length), NULL);
}

/* A name that has neither records nor names below it is gone. */
static void prune(DnsZone *zone, const DnsName *name)
{
    Node *node = find_node(zone, name);
    DnsName parent;
    bool is_kept = node == NULL || node->below > 0 || (node->sets != NULL && node->sets->len > 0) ||
                   dns_name_equal(name, &zone->origin);
    if (is_kept || !dns_name_parent(name, &parent)) {
        return;
    }
    g_hash_table_remove(zone->nodes, name);
    Node *above = find_node(zone, &parent);
    g_assert(above != NULL);
    above->below--;
    prune(zone, &parent);
}

void dns_zone_remove(DnsZone *zone, const DnsName *owner, guint16 type)
{
    DnsName name = *owner;
    Node *node = find_node(zone, &name);
    for (guint i = node != NULL && node->sets != NULL ? node->sets->len : 0; i-- > 0;) {
        const DnsRecordSet *set = node->sets->pdata[i];
        if (type == DNS_TYPE_ANY || set->type == type) {
            zone->records -= dns_record_set_count(set);
            g_ptr_array_remove_index(node->sets, i);
        }
    }
    prune(zone, &name);
}

void dns_zone_complete(DnsZone *zone, const DnsName *first_server, guint32 serial)
{
    DnsSoa soa = {
        .server = *first_server,
        .serial = serial,
        .refresh = 7200,
        .retry = 900,
        .expire = 1209600,
        .minimum = DNS_ZONE_NEGATIVE_TTL,
    };
    ByteBuffer data;
    if (dns_zone_set(zone, &zone->origin, DNS_TYPE_SOA) != NULL) {
        return;
    }
    if (!dns_name_prepend(BYTE_SPAN_LITERAL("hostmaster"), &zone->origin, &soa.mailbox)) {
        soa.mailbox = dns_root;
    }
    byte_buffer_init(&data, 1000);
    dns_data_put_soa(&data, &soa);
    dns_zone_add(zone, &zone->origin, DNS_TYPE_SOA, zone->ttl, byte_buffer_span(&data), NULL);
    byte_buffer_clear(&data);
}

static DnsZoneVerdict
verdict_at(const Node *node, const DnsName *name, guint16 type, DnsRecordSet **out_set)
{
    bool has_any = node->sets != NULL && node->sets->len > 0;
    DnsRecordSet *set = find_set(node, type);
    DnsRecordSet *alias = find_set(node, DNS_TYPE_CNAME);
    DnsZoneVerdict verdict = DNS_ZONE_NO_DATA;
    if (type == DNS_TYPE_ANY && has_any) {
        return DNS_ZONE_FOUND;
    }
    if (set == NULL && alias != NULL) {
        set = alias;
        verdict = DNS_ZONE_CNAME;
    } else if (set != NULL) {
        verdict = DNS_ZONE_FOUND;
    }
    if (set != NULL) {
        *out_set = dns_name_equal(&set->name, name) ? dns_record_set_ref(set)
                                                    : dns_record_set_copy_for(set, name);
    }
    return verdict;
}

/* RFC 1034 §4.3.3: a wildcard stands directly below the last name that exists. */
static DnsZoneVerdict verdict_by_wildcard(
    const DnsZone *zone,
    const DnsName *encloser,
    const DnsName *name,
    guint16 type,
    DnsRecordSet **out_set
)
{
    DnsName wildcard;
    Node *node = NULL;
    if (dns_name_prepend(BYTE_SPAN_LITERAL("*"), encloser, &wildcard)) {
        node = find_node(zone, &wildcard);
    }
    return node == NULL ? DNS_ZONE_NO_NAME : verdict_at(node, name, type, out_set);
}

DnsZoneVerdict
dns_zone_find(const DnsZone *zone, const DnsName *name, guint16 type, DnsRecordSet **out_set)
{
    guint labels = dns_name_labels(name);
    guint origin_labels = dns_name_labels(&zone->origin);
    Node *node = find_node(zone, &zone->origin);
    *out_set = NULL;
    if (!dns_name_is_under(name, &zone->origin)) {
        return DNS_ZONE_OUTSIDE;
    }
    for (guint depth = origin_labels + 1; depth <= labels; depth++) {
        DnsName here;
        dns_name_suffix(name, depth, &here);
        Node *next = find_node(zone, &here);
        if (next == NULL) {
            return verdict_by_wildcard(zone, &node->name, name, type, out_set);
        }
        DnsRecordSet *cut = find_set(next, DNS_TYPE_NS);
        if (cut != NULL) {
            *out_set = dns_record_set_ref(cut);
            return DNS_ZONE_REFERRAL;
        }
        node = next;
    }
    return verdict_at(node, name, type, out_set);
}

void dns_zone_each_at(const DnsZone *zone, const DnsName *name, DnsZoneEach each, gpointer data)
{
    Node *node = find_node(zone, name);
    for (guint i = 0; node != NULL && node->sets != NULL && i < node->sets->len; i++) {
        each(node->sets->pdata[i], data);
    }
}

static gint compare_nodes(gconstpointer left, gconstpointer right)
{
    const Node *one = *(Node *const *)left;
    const Node *other = *(Node *const *)right;
    return dns_name_compare(&one->name, &other->name);
}

static gint compare_sets(gconstpointer left, gconstpointer right)
{
    const DnsRecordSet *one = *(DnsRecordSet *const *)left;
    const DnsRecordSet *other = *(DnsRecordSet *const *)right;
    bool one_is_soa = one->type == DNS_TYPE_SOA;
    bool other_is_soa = other->type == DNS_TYPE_SOA;
    if (one_is_soa != other_is_soa) {
        return one_is_soa ? -1 : 1;
    }
    return (gint)one->type - (gint)other->type;
}

void dns_zone_each(const DnsZone *zone, DnsZoneEach each, gpointer data)
{
    g_autoptr(GPtrArray) nodes = g_ptr_array_new();
    GHashTableIter iterator;
    gpointer found = NULL;
    g_hash_table_iter_init(&iterator, zone->nodes);
    while (g_hash_table_iter_next(&iterator, NULL, &found)) {
        g_ptr_array_add(nodes, found);
    }
    g_ptr_array_sort(nodes, compare_nodes);
    for (guint i = 0; i < nodes->len; i++) {
        const Node *node = nodes->pdata[i];
        if (node->sets == NULL) {
            continue;
        }
        g_autoptr(GPtrArray) sets = g_ptr_array_copy(node->sets, NULL, NULL);
        g_ptr_array_set_free_func(sets, NULL);
        g_ptr_array_sort(sets, compare_sets);
        for (guint j = 0; j < sets->len; j++) {
            each(sets->pdata[j], data);
        }
    }
}

static void append_set(const DnsRecordSet *set, gpointer data)
{
    GString *out = data;
    char owner[DNS_NAME_TEXT_MAXIMUM];
    char room[DNS_NUMBER_TEXT_MAXIMUM];
    dns_name_to_text(&set->name, owner);
    for (guint i = 0; i < dns_record_set_count(set); i++) {
        g_string_append_printf(
            out, "%s\t%u\tIN\t%s\t", owner, set->ttl, dns_type_to_text(set->type, room)
        );
        dns_record_set_text(set, i, out);
        g_string_append_c(out, '\n');
    }
}

void dns_zone_to_text(const DnsZone *zone, GString *out)
{
    char origin[DNS_NAME_TEXT_MAXIMUM];
    dns_name_to_text(&zone->origin, origin);
    g_string_append_printf(out, "$ORIGIN %s\n$TTL %u\n", origin, zone->ttl);
    dns_zone_each(zone, append_set, out);
}
