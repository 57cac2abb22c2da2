#include "sim/naming/host-resolver.h"

#include "protocol/dns/dns-stream.h"
#include "sim/network/tcp.h"
#include "sim/network/udp.h"

/* A question on its way: one socket for each, so that every one has a port of its own. */
typedef struct {
    HostResolver *owner;
    guint64 number;
    SimAddress server;
    SimUdp *udp;
    SimTcp *tcp;
    DnsStream stream;
    ByteBuffer output;
} Exchange;

typedef struct {
    guint64 number;
    HostResolverDone done;
    gpointer data;
} Lookup;

struct HostResolver {
    SimHost *host;
    DnsResolver *engine;
    SimTimer deadline;
    SimTimer delivery;
    GHashTable *exchanges; /* of Exchange by its number */
    GHashTable *lookups;   /* of Lookup by its number */
    GQueue finished;       /* of DnsAction that are DONE */
};

static SimTime now(const HostResolver *resolver)
{
    return sim_world_now(sim_host_world(resolver->host));
}

static void pump(HostResolver *resolver);

static void
on_datagram(SimUdp *udp, const SimAddress *from, guint16 from_port, ByteSpan octets, gpointer data)
{
    Exchange *exchange = data;
    HostResolver *resolver = exchange->owner;
    (void)udp;
    if (from_port != DNS_PORT || !sim_address_equal(from, &exchange->server)) {
        return;
    }
    dns_resolver_receive(resolver->engine, exchange->number, octets, false, now(resolver));
    pump(resolver);
}

static void on_unreachable(
    SimUdp *udp, const SimAddress *to, guint16 to_port, SimUnreachable reason, gpointer data
)
{
    Exchange *exchange = data;
    HostResolver *resolver = exchange->owner;
    (void)udp;
    (void)to;
    (void)to_port;
    (void)reason;
    dns_resolver_unreachable(resolver->engine, exchange->number, now(resolver));
    pump(resolver);
}

static const SimUdpHandlers udp_handlers = {
    .received = on_datagram,
    .unreachable = on_unreachable,
};

static void flush(Exchange *exchange)
{
    ByteSpan output = byte_buffer_span(&exchange->output);
    byte_buffer_consume(&exchange->output, sim_tcp_send(exchange->tcp, output));
}

static void on_connected(SimTcp *tcp, gpointer data)
{
    (void)tcp;
    flush(data);
}

static void on_received(SimTcp *tcp, gpointer data)
{
    Exchange *exchange = data;
    HostResolver *resolver = exchange->owner;
    ByteSpan input = sim_tcp_peek(tcp);
    gsize length = input.length;
    DnsStreamMessage message;
    bool is_whole = dns_stream_next(&exchange->stream, &input, &message);
    if (is_whole) {
        dns_resolver_receive(
            resolver->engine, exchange->number, message.octets, true, now(resolver)
        );
    }
    sim_tcp_consume(tcp, length);
    if (is_whole) {
        pump(resolver);
    }
}

static void on_closed(SimTcp *tcp, SimTcpError error, gpointer data)
{
    Exchange *exchange = data;
    HostResolver *resolver = exchange->owner;
    (void)tcp;
    (void)error;
    exchange->tcp = NULL;
    dns_resolver_unreachable(resolver->engine, exchange->number, now(resolver));
    pump(resolver);
}

static void on_peer_closed(SimTcp *tcp, gpointer data)
{
    (void)data;
    sim_tcp_close(tcp);
}

static const SimTcpHandlers tcp_handlers = {
    .connected = on_connected,
    .received = on_received,
    .writable = on_connected,
    .peer_closed = on_peer_closed,
    .closed = on_closed,
};

static void exchange_free(gpointer pointer)
{
    Exchange *exchange = pointer;
    sim_udp_close(exchange->udp);
    if (exchange->tcp != NULL) {
        sim_tcp_release(exchange->tcp);
    }
    dns_stream_clear(&exchange->stream);
    byte_buffer_clear(&exchange->output);
    g_free(exchange);
}

static Exchange *new_exchange(HostResolver *resolver, const DnsAction *action)
{
    Exchange *exchange = g_new0(Exchange, 1);
    exchange->owner = resolver;
    exchange->number = action->exchange;
    exchange->server = action->server;
    dns_stream_init(&exchange->stream);
    byte_buffer_init(&exchange->output, DNS_MESSAGE_MAXIMUM);
    g_hash_table_insert(resolver->exchanges, &exchange->number, exchange);
    return exchange;
}

static void send_datagram(HostResolver *resolver, const DnsAction *action)
{
    Exchange *exchange = new_exchange(resolver, action);
    exchange->udp = sim_udp_open(resolver->host, NULL, 0, &udp_handlers, exchange);
    if (exchange->udp == NULL ||
        !sim_udp_send(exchange->udp, &action->server, DNS_PORT, action->octets)) {
        dns_resolver_unreachable(resolver->engine, action->exchange, now(resolver));
    }
}

static void send_over_connection(HostResolver *resolver, const DnsAction *action)
{
    Exchange *exchange = new_exchange(resolver, action);
    bool fits = dns_stream_write(&exchange->output, action->octets);
    g_assert(fits);
    exchange->tcp =
        sim_tcp_connect(resolver->host, &action->server, DNS_PORT, &tcp_handlers, exchange);
}

static void carry_out(HostResolver *resolver, const DnsAction *action)
{
    switch (action->kind) {
    case DNS_ACTION_SEND_UDP:
        send_datagram(resolver, action);
        return;
    case DNS_ACTION_SEND_TCP:
        send_over_connection(resolver, action);
        return;
    case DNS_ACTION_FORGET:
        g_hash_table_remove(resolver->exchanges, &action->exchange);
        return;
    case DNS_ACTION_DONE:
        g_queue_push_tail(&resolver->finished, g_memdup2(action, sizeof *action));
        sim_timer_set(&resolver->delivery, 0);
        return;
    }
}

static void pump(HostResolver *resolver)
{
    DnsAction action;
    while (dns_resolver_next_action(resolver->engine, &action)) {
        carry_out(resolver, &action);
    }
    SimTime deadline = dns_resolver_deadline(resolver->engine);
    if (deadline == SIM_TIME_NEVER) {
        sim_timer_cancel(&resolver->deadline);
    } else {
        sim_timer_set_at(&resolver->deadline, deadline);
    }
}

static void on_deadline(SimTimer *timer, gpointer data)
{
    HostResolver *resolver = data;
    (void)timer;
    dns_resolver_time_out(resolver->engine, now(resolver));
    pump(resolver);
}

static void append_result(const DnsAnswer *answer, GString *out)
{
    const DnsRecordSet *set = dns_answer_records(answer);
    if (answer->outcome != DNS_OUTCOME_FOUND) {
        g_string_append(out, dns_outcome_name(answer->outcome));
    }
    for (guint i = 0; set != NULL && i < dns_record_set_count(set); i++) {
        g_string_append(out, i > 0 ? ", " : "");
        dns_record_set_text(set, i, out);
    }
}

static void tell_world(const HostResolver *resolver, const DnsAnswer *answer)
{
    SimWorld *world = sim_host_world(resolver->host);
    char room[DNS_NUMBER_TEXT_MAXIMUM];
    if (!sim_world_is_observed(world)) {
        return;
    }
    const char *type = dns_type_to_text(answer->type, room);
    g_autofree char *name = dns_name_to_plain_string(&answer->name);
    g_autoptr(GString) result = g_string_new(NULL);
    append_result(answer, result);
    g_autofree char *text = g_strdup_printf(
        "%s %s: %s%s", name, type, result->str, answer->from_cache ? " (remembered)" : ""
    );
    WorldEventField fields[] = {
        {"name", name},
        {"type", type},
        {"outcome", dns_outcome_name(answer->outcome)},
        {"result", result->str},
        {"source", answer->from_cache ? "cache" : "network"},
    };
    WorldEvent event = {
        .kind = WORLD_EVENT_NAME,
        .host = resolver->host,
        .text = text,
        .fields = fields,
        .field_count = G_N_ELEMENTS(fields),
    };
    sim_world_emit_event(world, event);
}

static void deliver(HostResolver *resolver, const DnsAction *action)
{
    Lookup *lookup = g_hash_table_lookup(resolver->lookups, &action->lookup);
    if (lookup != NULL) {
        Lookup taken = *lookup;
        g_hash_table_remove(resolver->lookups, &action->lookup);
        tell_world(resolver, action->answer);
        taken.done(action->answer, taken.data);
    }
    dns_answer_unref(action->answer);
}

static void on_delivery(SimTimer *timer, gpointer data)
{
    HostResolver *resolver = data;
    DnsAction *action = NULL;
    (void)timer;
    while ((action = g_queue_pop_head(&resolver->finished)) != NULL) {
        deliver(resolver, action);
        g_free(action);
    }
}

static void action_free(gpointer pointer)
{
    DnsAction *action = pointer;
    dns_answer_unref(action->answer);
    g_free(action);
}

static void resolver_free(gpointer pointer)
{
    HostResolver *resolver = pointer;
    sim_timer_cancel(&resolver->deadline);
    sim_timer_cancel(&resolver->delivery);
    g_hash_table_destroy(resolver->exchanges);
    g_hash_table_destroy(resolver->lookups);
    g_queue_clear_full(&resolver->finished, action_free);
    dns_resolver_free(resolver->engine);
    g_free(resolver);
}

HostResolver *host_resolver_new(SimHost *host, const DnsResolverOptions *options)
{
    HostResolver *resolver = g_new0(HostResolver, 1);
    DnsResolverOptions own = *options;
    SimWorld *world = sim_host_world(host);
    SimRandom random;
    g_autofree char *part = g_strconcat("dns ", sim_host_name(host), NULL);
    sim_world_random(world, part, &random);
    own.seed = sim_random_next(&random);
    own.has_ipv4 = sim_host_address(host, SIM_FAMILY_IPV4) != NULL;
    own.has_ipv6 = sim_host_address(host, SIM_FAMILY_IPV6) != NULL;
    resolver->host = host;
    resolver->engine = dns_resolver_new(&own);
    sim_timer_init(&resolver->deadline, world, on_deadline, resolver);
    sim_timer_init(&resolver->delivery, world, on_delivery, resolver);
    resolver->exchanges = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, exchange_free);
    resolver->lookups = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    g_queue_init(&resolver->finished);
    sim_world_add_cleanup(world, resolver_free, resolver);
    return resolver;
}

guint64 host_resolver_look_up(
    HostResolver *resolver, const DnsName *name, guint16 type, HostResolverDone done, gpointer data
)
{
    Lookup *lookup = g_new0(Lookup, 1);
    lookup->number = dns_resolver_start(resolver->engine, name, type, now(resolver));
    lookup->done = done;
    lookup->data = data;
    g_hash_table_insert(resolver->lookups, &lookup->number, lookup);
    guint64 number = lookup->number;
    pump(resolver);
    return number;
}

void host_resolver_cancel(HostResolver *resolver, guint64 lookup)
{
    if (g_hash_table_remove(resolver->lookups, &lookup)) {
        dns_resolver_cancel(resolver->engine, lookup);
        pump(resolver);
    }
}

DnsResolver *host_resolver_engine(HostResolver *resolver)
{
    return resolver->engine;
}

SimHost *host_resolver_host(const HostResolver *resolver)
{
    return resolver->host;
}
