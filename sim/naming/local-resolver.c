#include "sim/naming/local-resolver.h"

#include "sim/naming/dns-request.h"

struct LocalResolver {
    NamingTree *tree;
    DnsResolver *engine;
    DnsServer *refuser; /* knows no zone: says what is wrong with a question */
    LocalStepEach each;
    gpointer data;
};

LocalResolver *local_resolver_new(NamingTree *tree)
{
    LocalResolver *resolver = g_new0(LocalResolver, 1);
    g_autoptr(GArray) hints = naming_tree_hints(tree);
    DnsResolverOptions options = {
        .hints = (const DnsHint *)(gpointer)hints->data,
        .n_hints = hints->len,
        .has_ipv4 = true,
        .has_ipv6 = true,
        .uses_edns = true,
        .cache_entries = DNS_CACHE_ENTRIES,
    };
    resolver->tree = tree;
    resolver->engine = dns_resolver_new(&options);
    resolver->refuser = dns_server_new();
    return resolver;
}

void local_resolver_free(LocalResolver *resolver)
{
    if (resolver != NULL) {
        dns_resolver_free(resolver->engine);
        dns_server_free(resolver->refuser);
        g_free(resolver);
    }
}

void local_resolver_watch(LocalResolver *resolver, LocalStepEach each, gpointer data)
{
    resolver->each = each;
    resolver->data = data;
}

static void ask_server(LocalResolver *resolver, const DnsAction *action, SimTime now)
{
    const NamingServer *server = naming_tree_server_by_address(resolver->tree, &action->server);
    bool over_tcp = action->kind == DNS_ACTION_SEND_TCP;
    ByteBuffer out;
    byte_buffer_init(&out, DNS_MESSAGE_MAXIMUM);
    bool is_answered =
        server != NULL && dns_server_answer(server->server, action->octets, over_tcp, &out);
    if (resolver->each != NULL) {
        LocalStep step = {
            .server = server != NULL ? server->name : "",
            .address = action->server,
            .question = action->octets,
            .answer = byte_buffer_span(&out),
        };
        resolver->each(&step, resolver->data);
    }
    if (is_answered) {
        dns_resolver_receive(
            resolver->engine, action->exchange, byte_buffer_span(&out), over_tcp, now
        );
    } else {
        dns_resolver_unreachable(resolver->engine, action->exchange, now);
    }
    byte_buffer_clear(&out);
}

DnsAnswer *
local_resolver_look_up(LocalResolver *resolver, const DnsName *name, guint16 type, SimTime now)
{
    DnsAction action;
    DnsAnswer *answer = NULL;
    guint64 lookup = dns_resolver_start(resolver->engine, name, type, now);
    while (dns_resolver_next_action(resolver->engine, &action)) {
        if (action.kind == DNS_ACTION_DONE) {
            g_assert(action.lookup == lookup && answer == NULL);
            answer = action.answer;
        } else if (action.kind != DNS_ACTION_FORGET) {
            ask_server(resolver, &action, now);
        }
    }
    /* Every server answers at once or is unreachable, so nothing is left to wait for. */
    g_assert(answer != NULL);
    return answer;
}

/* The server that knows most of a name. */
static const DnsServer *closest_server(const LocalResolver *resolver, const DnsName *name)
{
    const DnsServer *best = resolver->refuser;
    guint8 best_length = 0;
    for (gsize i = 0; i < naming_tree_server_count(resolver->tree); i++) {
        const NamingServer *server = naming_tree_server_at(resolver->tree, i);
        const DnsZone *zone = dns_server_zone_for(server->server, name);
        if (zone != NULL && dns_zone_origin(zone)->length > best_length) {
            best_length = dns_zone_origin(zone)->length;
            best = server->server;
        }
    }
    return best;
}

static bool
answer_from_zones(const LocalResolver *resolver, ByteSpan question, bool over_tcp, ByteBuffer *out)
{
    DnsReader reader;
    DnsRecord record;
    DnsName name;
    const DnsServer *server = resolver->refuser;
    if (dns_reader_begin(&reader, question) && !reader.header.recursion_desired &&
        dns_reader_next(&reader, &record) && record.section == DNS_SECTION_QUESTION &&
        dns_message_name(question, record.name.start, &name, NULL, NULL)) {
        server = closest_server(resolver, &name);
    }
    return dns_server_answer(server, question, over_tcp, out);
}

bool local_resolver_answer(
    LocalResolver *resolver, ByteSpan question, bool over_tcp, SimTime now, ByteBuffer *out
)
{
    DnsName name;
    guint16 type = 0;
    if (!dns_request_is_for_resolver(question, &name, &type)) {
        return answer_from_zones(resolver, question, over_tcp, out);
    }
    g_autoptr(DnsAnswer) answer = local_resolver_look_up(resolver, &name, type, now);
    return dns_answer_write(answer, question, over_tcp, out);
}
