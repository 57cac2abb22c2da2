/* Which servers to ask, and asking them: the closest zone whose name servers are known (RFC 1034
 * §5.3.3, step 2), silent ones last, each round with a longer time-out. */

#include "protocol/dns/dns-writer.h"
#include "sim/naming/dns-resolver-private.h"

#define TIMEOUT_DOUBLINGS 4

static void add_target(const DnsResolver *resolver, DnsTask *task, const SimAddress *address)
{
    bool can_reach = address->family == SIM_FAMILY_IPV4 ? resolver->options.has_ipv4
                                                        : resolver->options.has_ipv6;
    if (can_reach && task->n_targets < DNS_RESOLVER_SERVERS_MAXIMUM) {
        task->targets[task->n_targets++] = (DnsTarget){.address = *address};
    }
}

/* True: at least one address of this server is known. */
static bool add_server(DnsResolver *resolver, DnsTask *task, const DnsName *server, SimTime now)
{
    static const guint16 types[] = {DNS_TYPE_A, DNS_TYPE_AAAA};
    guint before = task->n_targets;
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        DnsCacheEntry entry = dns_cache_get(resolver->cache, server, types[i], DNS_RANK_GLUE, now);
        for (guint j = 0; entry.kind == DNS_CACHED_SET && j < dns_record_set_count(entry.set);
             j++) {
            ByteSpan octets;
            if (dns_data_address(dns_record_set_data(entry.set, j), &octets)) {
                SimFamily family = octets.length == 4 ? SIM_FAMILY_IPV4 : SIM_FAMILY_IPV6;
                SimAddress address = sim_address_from_octets(family, octets.data);
                add_target(resolver, task, &address);
            }
        }
    }
    return task->n_targets > before;
}

static bool was_tried(const DnsTask *task, const DnsName *server)
{
    for (guint i = 0; i < task->tried->len; i++) {
        if (dns_name_equal(task->tried->pdata[i], server)) {
            return true;
        }
    }
    return false;
}

/* All servers of a zone whose addresses are known; the first other one that could be looked up
 * goes to '*out_unknown', whose length stays 0 where there is none. */
static void gather_servers(
    DnsResolver *resolver,
    DnsTask *task,
    const DnsName *zone,
    const DnsRecordSet *set,
    DnsName *out_unknown,
    SimTime now
)
{
    task->n_targets = 0;
    out_unknown->length = 0;
    for (guint i = 0; i < dns_record_set_count(set); i++) {
        DnsName server;
        if (!dns_data_name(dns_record_set_data(set, i), &server) ||
            add_server(resolver, task, &server, now)) {
            continue;
        }
        /* A server below its own zone can be found by the glue of the parent only. */
        bool is_hopeless = dns_name_is_under(&server, zone) || was_tried(task, &server) ||
                           task->depth >= DNS_RESOLVER_DEPTH_MAXIMUM;
        if (!is_hopeless && out_unknown->length == 0) {
            *out_unknown = server;
        }
    }
}

static bool is_punished(const DnsResolver *resolver, const SimAddress *address, SimTime now)
{
    const SimTime *until = g_hash_table_lookup(resolver->penalties, address);
    return until != NULL && *until > now;
}

/* Servers that were silent lately go to the end; otherwise the order stays. */
static void sort_targets(const DnsResolver *resolver, DnsTask *task, SimTime now)
{
    DnsTarget sorted[DNS_RESOLVER_SERVERS_MAXIMUM];
    guint count = 0;
    for (guint pass = 0; pass < 2; pass++) {
        for (guint i = 0; i < task->n_targets; i++) {
            if (is_punished(resolver, &task->targets[i].address, now) == (pass == 1)) {
                sorted[count++] = task->targets[i];
            }
        }
    }
    memcpy(task->targets, sorted, count * sizeof sorted[0]);
    task->target = 0;
    task->round = 0;
}

static void
find_address_first(DnsResolver *resolver, DnsTask *task, const DnsName *server, SimTime now)
{
    guint16 type = resolver->options.has_ipv4 ? DNS_TYPE_A : DNS_TYPE_AAAA;
    g_ptr_array_add(task->tried, g_memdup2(server, sizeof *server));
    task->child = dns_task_new(resolver, server, type, task, now);
    dns_task_advance(resolver, task->child, now);
}

static void use_hints(const DnsResolver *resolver, DnsTask *task)
{
    task->zone = dns_root;
    task->n_targets = 0;
    for (gsize i = 0; i < resolver->options.n_hints; i++) {
        add_target(resolver, task, &resolver->hints[i].address);
    }
}

static void use_forwarders(const DnsResolver *resolver, DnsTask *task)
{
    task->zone = dns_root;
    task->n_targets = 0;
    for (gsize i = 0; i < resolver->options.n_forwarders; i++) {
        add_target(resolver, task, &resolver->forwarders[i]);
    }
}

typedef enum {
    ZONE_IS_USABLE,
    ZONE_NEEDS_ADDRESS,
    ZONE_IS_UNKNOWN,
} ZoneVerdict;

static ZoneVerdict try_zone(
    DnsResolver *resolver, DnsTask *task, const DnsName *zone, DnsName *out_unknown, SimTime now
)
{
    DnsCacheEntry entry = dns_cache_get(resolver->cache, zone, DNS_TYPE_NS, DNS_RANK_REFERRAL, now);
    if (entry.kind != DNS_CACHED_SET) {
        return ZONE_IS_UNKNOWN;
    }
    g_autoptr(DnsRecordSet) set = dns_record_set_ref(entry.set);
    gather_servers(resolver, task, zone, set, out_unknown, now);
    if (task->n_targets > 0) {
        return ZONE_IS_USABLE;
    }
    return out_unknown->length > 0 ? ZONE_NEEDS_ADDRESS : ZONE_IS_UNKNOWN;
}

bool dns_task_choose_servers(DnsResolver *resolver, DnsTask *task, SimTime now)
{
    if (dns_resolver_is_stub(resolver)) {
        use_forwarders(resolver, task);
        sort_targets(resolver, task, now);
        return true;
    }
    for (guint labels = dns_name_labels(&task->current) + 1; labels-- > 0;) {
        DnsName unknown;
        /* Not upwards again from where a referral led: its servers are of no use. */
        if (labels < task->referred) {
            task->was_answered = true;
            dns_task_fail(resolver, task, now);
            return false;
        }
        dns_name_suffix(&task->current, labels, &task->zone);
        ZoneVerdict verdict = try_zone(resolver, task, &task->zone, &unknown, now);
        if (verdict == ZONE_NEEDS_ADDRESS) {
            find_address_first(resolver, task, &unknown, now);
            return false;
        }
        if (verdict == ZONE_IS_USABLE) {
            sort_targets(resolver, task, now);
            return true;
        }
    }
    use_hints(resolver, task);
    sort_targets(resolver, task, now);
    return true;
}

static gint compare_deadlines(gconstpointer left, gconstpointer right, gpointer data)
{
    const DnsTask *one = left;
    const DnsTask *other = right;
    (void)data;
    if (one->deadline != other->deadline) {
        return one->deadline < other->deadline ? -1 : 1;
    }
    return one->exchange < other->exchange ? -1 : one->exchange > other->exchange;
}

static void open_exchange(DnsResolver *resolver, DnsTask *task, bool over_tcp, SimTime now)
{
    SimTime timeout = resolver->options.first_timeout << MIN(task->round, TIMEOUT_DOUBLINGS);
    task->exchange = ++resolver->next_exchange;
    task->id = (guint16)sim_random_below(&resolver->random, 65536);
    task->over_tcp = over_tcp;
    task->deadline = now + timeout;
    task->due = g_sequence_insert_sorted(resolver->deadlines, task, compare_deadlines, NULL);
    g_hash_table_insert(resolver->exchanges, &task->exchange, task);
    task->answer->queries++;
    (*task->budget)--;
}

static void send_question(DnsResolver *resolver, DnsTask *task)
{
    DnsWriter writer;
    DnsHeader header = {
        .id = task->id,
        .recursion_desired = dns_resolver_is_stub(resolver),
    };
    DnsAction action = {
        .kind = task->over_tcp ? DNS_ACTION_SEND_TCP : DNS_ACTION_SEND_UDP,
        .exchange = task->exchange,
        .server = task->targets[task->target].address,
    };
    dns_writer_begin(&writer, DNS_UDP_MAXIMUM, &header);
    bool fits = dns_writer_question(&writer, &task->current, task->type, DNS_CLASS_IN);
    if (resolver->options.uses_edns && !task->avoids_edns) {
        fits = dns_writer_edns(&writer, &(DnsEdns){.udp_payload = DNS_ANSWER_UDP_MAXIMUM}) && fits;
    }
    g_assert(fits);
    dns_resolver_push(resolver, action, dns_writer_message(&writer));
    dns_writer_clear(&writer);
}

void dns_task_ask(DnsResolver *resolver, DnsTask *task, bool over_tcp, SimTime now)
{
    if (task->n_targets == 0 || *task->budget == 0) {
        dns_task_fail(resolver, task, now);
        return;
    }
    open_exchange(resolver, task, over_tcp, now);
    send_question(resolver, task);
}

void dns_task_ask_next(DnsResolver *resolver, DnsTask *task, bool is_bad, SimTime now)
{
    task->targets[task->target].is_bad |= is_bad;
    for (guint i = 0; i < task->n_targets; i++) {
        task->target++;
        if (task->target >= task->n_targets) {
            task->target = 0;
            task->round++;
        }
        if (!task->targets[task->target].is_bad) {
            break;
        }
    }
    if (task->targets[task->target].is_bad || task->round >= resolver->options.rounds) {
        dns_task_fail(resolver, task, now);
        return;
    }
    dns_task_ask(resolver, task, false, now);
}
