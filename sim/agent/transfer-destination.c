/* What waits for one domain, or for the next hop: the way there is asked once for each connection,
 * and a connection takes one message after another while there are any.
 *
 *     add ─> pending ─┬─ an idle connection takes it
 *                     └─ route ─> transfer_relay_new ─> next ... ─> lost                      */

#include "sim/agent/transfer-agent-private.h"

/* A question to the router or the DNS; the router may keep it longer than its destination lives. */
struct TransferRoute {
    TransferAgent *agent;
    TransferDestination *destination; /* NULL: nobody waits for the answer any more */
};

struct TransferDestination {
    TransferAgent *agent;
    char *domain;   /* lower case */
    GQueue pending; /* QueueEntry, each with recipients here that are due */
    GPtrArray *relays;
    TransferRoute *route;    /* asked of the router */
    MailRouteSearch *search; /* asked of the DNS */
};

static void pump(TransferDestination *destination);

bool transfer_destination_is_for(const TransferDestination *destination, const char *path)
{
    const TransferAgent *agent = destination->agent;
    ByteSpan domain = transfer_domain_of(byte_span_from_string(path));
    if (agent->next_hop != NULL) {
        return !transfer_agent_is_local(agent, domain);
    }
    return byte_span_is_nocase(domain, destination->domain);
}

void transfer_destination_free(gpointer data)
{
    TransferDestination *destination = data;
    if (destination->route != NULL) {
        destination->route->destination = NULL;
    }
    g_clear_pointer(&destination->search, mail_route_cancel);
    g_ptr_array_unref(destination->relays);
    g_queue_clear(&destination->pending);
    g_free(destination->domain);
    g_free(destination);
}

static void fail_entry(
    TransferDestination *destination, QueueEntry *entry, bool is_permanent, const char *reason
)
{
    for (guint i = 0; i < entry->n_recipients; i++) {
        if (entry->recipients[i].state == QUEUE_RECIPIENT_WAITING &&
            transfer_destination_is_for(destination, entry->recipients[i].path)) {
            transfer_queue_fail(
                destination->agent, entry, i, is_permanent, 0, reason, destination->domain
            );
        }
    }
    transfer_queue_ended(destination->agent, entry);
}

void transfer_destination_fail(
    TransferDestination *destination, bool is_permanent, const char *reason
)
{
    QueueEntry *entry;
    while ((entry = g_queue_pop_head(&destination->pending)) != NULL) {
        fail_entry(destination, entry, is_permanent, reason);
    }
}

/* Nothing waits and nothing is under way: forgotten until mail for the domain comes again. */
static void forget_if_over(TransferDestination *destination)
{
    bool is_over = destination->pending.length == 0 && destination->relays->len == 0 &&
                   destination->route == NULL && destination->search == NULL;
    if (is_over) {
        g_hash_table_remove(destination->agent->destinations, destination->domain);
    }
}

static void connect_to(TransferDestination *destination, GArray *targets)
{
    TransferRelay *relay = transfer_relay_new(destination->agent, destination, targets);
    g_ptr_array_add(destination->relays, relay);
    pump(destination);
}

static void
give_up(TransferDestination *destination, bool is_permanent, const char *enhanced, const char *why)
{
    g_autofree char *reason =
        enhanced == NULL ? g_strdup(why) : g_strconcat(enhanced, " ", why, NULL);
    transfer_destination_fail(destination, is_permanent, reason);
    forget_if_over(destination);
}

static void clear_target(gpointer data)
{
    g_free((char *)((TransferTarget *)data)->name);
}

static GArray *new_targets(void)
{
    GArray *targets = g_array_new(FALSE, FALSE, sizeof(TransferTarget));
    g_array_set_clear_func(targets, clear_target);
    return targets;
}

static void add_target(GArray *targets, const char *name, const SimAddress *address)
{
    TransferTarget target = {.name = g_strdup(name), .address = *address};
    g_array_append_val(targets, target);
}

void transfer_agent_routed(
    TransferRoute *route,
    const TransferTarget *targets,
    gsize count,
    bool is_permanent,
    const char *failure
)
{
    TransferDestination *destination = route->destination;
    g_ptr_array_remove_fast(route->agent->routes, route);
    if (destination == NULL) {
        return;
    }
    destination->route = NULL;
    if (count == 0) {
        give_up(destination, is_permanent, is_permanent ? "5.4.4" : "4.4.4", failure);
        return;
    }
    g_autoptr(GArray) list = new_targets();
    for (gsize i = 0; i < count; i++) {
        add_target(list, targets[i].name, &targets[i].address);
    }
    connect_to(destination, list);
}

static void tell_route(const TransferDestination *destination, const MailRoute *route)
{
    const TransferAgent *agent = destination->agent;
    if (!sim_world_is_observed(agent->world)) {
        return;
    }
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < route->targets->len; i++) {
        const MailRouteTarget *target = &g_array_index(route->targets, MailRouteTarget, i);
        g_string_append_printf(
            names,
            route->is_implicit ? "%s%s" : "%s%s (preference %u)",
            i > 0 ? ", " : "",
            target->name,
            target->preference
        );
    }
    sim_world_emit(
        agent->world,
        agent->host,
        WORLD_EVENT_AGENT,
        "mail for %s goes to %s%s",
        destination->domain,
        names->str,
        route->is_implicit ? ": it has no MX record, so its own address counts" : ""
    );
}

static void on_route(const MailRoute *route, gpointer data)
{
    TransferDestination *destination = data;
    destination->search = NULL; /* it ends with this call */
    if (route->targets->len == 0) {
        give_up(destination, route->is_permanent, route->enhanced_code, route->failure);
        return;
    }
    tell_route(destination, route);
    g_autoptr(GArray) targets = new_targets();
    for (guint i = 0; i < route->targets->len; i++) {
        const MailRouteTarget *target = &g_array_index(route->targets, MailRouteTarget, i);
        add_target(targets, target->name, &target->address);
    }
    connect_to(destination, targets);
}

static void ask_router(TransferDestination *destination)
{
    TransferAgent *agent = destination->agent;
    destination->route = g_new0(TransferRoute, 1);
    destination->route->agent = agent;
    destination->route->destination = destination;
    g_ptr_array_add(agent->routes, destination->route);
    agent->router(agent->router_data, agent, destination->domain, destination->route);
}

/* A next hop is a host, not a domain: its address is enough, an MX record would be astray. */
static void ask_dns(TransferDestination *destination)
{
    TransferAgent *agent = destination->agent;
    if (agent->resolver == NULL) {
        give_up(destination, false, "4.4.3", "there is no name server to ask");
        return;
    }
    destination->search =
        agent->next_hop != NULL
            ? mail_route_find_host(agent->resolver, destination->domain, on_route, destination)
            : mail_route_find(
                  agent->resolver, destination->domain, agent->host_name, on_route, destination
              );
}

/* How many of the pending messages have a connection on its way that will take one. */
static guint count_free(const TransferDestination *destination)
{
    guint count = 0;
    for (guint i = 0; i < destination->relays->len; i++) {
        count += transfer_relay_is_opening(destination->relays->pdata[i]) ? 1 : 0;
    }
    return count;
}

static void pump(TransferDestination *destination)
{
    const TransferAgent *agent = destination->agent;
    for (guint i = 0; i < destination->relays->len && destination->pending.length > 0; i++) {
        transfer_relay_offer(destination->relays->pdata[i]);
    }
    bool is_asking = destination->route != NULL || destination->search != NULL;
    if (is_asking || destination->pending.length <= count_free(destination) ||
        destination->relays->len >= agent->options.connections_at_once) {
        return;
    }
    if (agent->router != NULL) {
        ask_router(destination);
    } else {
        ask_dns(destination);
    }
}

void transfer_destination_add(TransferAgent *agent, const char *domain, QueueEntry *entry)
{
    TransferDestination *destination = g_hash_table_lookup(agent->destinations, domain);
    if (destination == NULL) {
        destination = g_new0(TransferDestination, 1);
        destination->agent = agent;
        destination->domain = g_strdup(domain);
        g_queue_init(&destination->pending);
        destination->relays = g_ptr_array_new_with_free_func(transfer_relay_free);
        g_hash_table_insert(agent->destinations, destination->domain, destination);
    }
    g_queue_push_tail(&destination->pending, entry);
    pump(destination);
}

QueueEntry *transfer_destination_next(TransferDestination *destination)
{
    return g_queue_pop_head(&destination->pending);
}

void transfer_destination_lost(TransferDestination *destination, TransferRelay *relay)
{
    g_ptr_array_remove_fast(destination->relays, relay);
    if (destination->pending.length > 0) {
        pump(destination);
    } else {
        forget_if_over(destination);
    }
}
