#pragma once

/* A small internet of names for tests, and the simplest way between resolver and servers: each
 * datagram is answered at once, or lost where a test says so. */

#include "sim/naming/naming-tree.h"
#include "tests/support/test.h"

#define SAMPLE_ROOT "198.41.0.4"
#define SAMPLE_EDU "192.5.6.30"
#define SAMPLE_FR "194.0.9.1"
#define SAMPLE_HAMBURGER "192.0.2.53"
#define SAMPLE_HAMBURGER_2 "192.0.2.54"
#define SAMPLE_CREPES "198.51.100.53"

static inline SimAddress sample_address(const char *text)
{
    SimAddress address;
    assert_true(sim_address_parse(text, &address));
    return address;
}

static inline DnsName sample_name(const char *text)
{
    DnsName name;
    assert_true(dns_name_from_text(text, &name));
    return name;
}

static inline void
sample_server(NamingTree *tree, const char *origin, const char *server, const char *address_text)
{
    SimAddress address = sample_address(address_text);
    assert_true(naming_tree_add_server(tree, origin, server, &address, NULL));
}

static inline void sample_zone_text(NamingTree *tree, const char *origin, const char *text)
{
    g_autoptr(GError) error = NULL;
    if (!dns_zone_parse(naming_tree_zone(tree, origin), text, &error)) {
        fail_msg("%s: %s", origin, error->message);
    }
}

static inline NamingTree *sample_tree(void)
{
    NamingTree *tree = naming_tree_new(2026010500);
    sample_zone_text(
        tree,
        "hamburger.edu",
        "@ MX 10 mail\n"
        "  MX 20 backup.crepes.fr.\n"
        "  TXT \"v=spf1 mx -all\"\n"
        "mail A 192.0.2.25\n"
        "     AAAA 2001:db8:1::25\n"
        "www  60 CNAME web\n"
        "web  A 192.0.2.80\n"
        "pop CNAME mail.crepes.fr.\n"
        "*.lab A 192.0.2.99\n"
        "gone CNAME nowhere.crepes.fr.\n"
        "loop1 CNAME loop2\n"
        "loop2 CNAME loop1\n"
    );
    sample_zone_text(
        tree,
        "crepes.fr",
        "@ MX 10 mail\n"
        "mail A 198.51.100.25\n"
        "backup A 198.51.100.26\n"
        "null MX 0 .\n"
        "host.deep.tree A 198.51.100.77\n"
    );
    sample_server(tree, ".", "a.root-servers.net", SAMPLE_ROOT);
    sample_server(tree, "edu", "a.nic.edu", SAMPLE_EDU);
    sample_server(tree, "fr", "a.nic.fr", SAMPLE_FR);
    sample_server(tree, "hamburger.edu", "ns1.hamburger.edu", SAMPLE_HAMBURGER);
    sample_server(tree, "hamburger.edu", "ns2.hamburger.edu", SAMPLE_HAMBURGER_2);
    sample_server(tree, "crepes.fr", "ns1.crepes.fr", SAMPLE_CREPES);
    return tree;
}

static inline void sample_complete(NamingTree *tree)
{
    g_autoptr(GError) error = NULL;
    if (!naming_tree_complete(tree, &error)) {
        fail_msg("%s", error->message);
    }
}

/* Between a resolver and the servers of a tree. */
typedef struct {
    NamingTree *tree;
    DnsResolver *resolver;
    SimTime now;
    SimTime round_trip;
    const char *silent; /* addresses that never answer, in one text */
    const char *closed; /* addresses that say "unreachable" */
    GString *path;      /* "root edu hamburger" as it was asked */
    DnsAnswer *answer;  /* the last one that was DONE */
    guint64 lookup;     /* and its number */
    guint done;
} SampleNet;

static inline void sample_net_init(SampleNet *net, NamingTree *tree)
{
    DnsResolverOptions options = {
        .has_ipv4 = true,
        .uses_edns = true,
        .cache_entries = 1000,
        .seed = 7,
    };
    g_autoptr(GArray) hints = naming_tree_hints(tree);
    *net = (SampleNet){.tree = tree, .path = g_string_new(NULL), .round_trip = SIM_MILLISECOND};
    options.hints = (const DnsHint *)(gpointer)hints->data;
    options.n_hints = hints->len;
    net->resolver = dns_resolver_new(&options);
}

static inline void sample_net_clear(SampleNet *net)
{
    dns_resolver_free(net->resolver);
    dns_answer_unref(net->answer);
    g_string_free(net->path, TRUE);
}

static inline bool sample_text_has(const char *text, const char *address)
{
    return text != NULL && strstr(text, address) != NULL;
}

static inline void sample_note_path(SampleNet *net, const DnsAction *action, const char *address)
{
    g_string_append_printf(
        net->path,
        "%s%s%s",
        net->path->len > 0 ? " " : "",
        action->kind == DNS_ACTION_SEND_TCP ? "tcp:" : "",
        address
    );
}

static inline void sample_deliver(SampleNet *net, const DnsAction *action)
{
    char text[SIM_ADDRESS_TEXT_SIZE];
    const char *address = sim_address_format(&action->server, text);
    const NamingServer *server = naming_tree_server_by_address(net->tree, &action->server);
    guint64 exchange = action->exchange;
    bool over_tcp = action->kind == DNS_ACTION_SEND_TCP;
    ByteBuffer out;
    sample_note_path(net, action, address);
    if (sample_text_has(net->closed, address)) {
        dns_resolver_unreachable(net->resolver, exchange, net->now);
        return;
    }
    if (server == NULL || sample_text_has(net->silent, address)) {
        return;
    }
    byte_buffer_init(&out, DNS_MESSAGE_MAXIMUM);
    assert_true(dns_server_answer(server->server, action->octets, over_tcp, &out));
    net->now += net->round_trip;
    dns_resolver_receive(net->resolver, exchange, byte_buffer_span(&out), over_tcp, net->now);
    byte_buffer_clear(&out);
}

/* Until nothing is left to do; time passes only where everybody waits. */
static inline void sample_run(SampleNet *net)
{
    for (;;) {
        DnsAction action;
        if (dns_resolver_next_action(net->resolver, &action)) {
            if (action.kind == DNS_ACTION_DONE) {
                dns_answer_unref(net->answer);
                net->answer = action.answer;
                net->lookup = action.lookup;
                net->done++;
            } else if (action.kind != DNS_ACTION_FORGET) {
                sample_deliver(net, &action);
            }
            continue;
        }
        if (dns_resolver_deadline(net->resolver) == SIM_TIME_NEVER) {
            return;
        }
        net->now = dns_resolver_deadline(net->resolver);
        dns_resolver_time_out(net->resolver, net->now);
    }
}

/* "192.0.2.25 192.0.2.26" or the name of the outcome. */
static inline char *sample_result(const DnsAnswer *answer)
{
    GString *out = g_string_new(NULL);
    const DnsRecordSet *set = dns_answer_records(answer);
    if (answer->outcome != DNS_OUTCOME_FOUND) {
        g_string_append(out, dns_outcome_name(answer->outcome));
    }
    for (guint i = 0; set != NULL && i < dns_record_set_count(set); i++) {
        g_string_append(out, out->len > 0 ? ", " : "");
        dns_record_set_text(set, i, out);
    }
    return g_string_free(out, FALSE);
}

static inline void
sample_ask(SampleNet *net, const char *name, guint16 type, const char *result, const char *path)
{
    DnsName parsed;
    guint done = net->done;
    assert_true(dns_name_from_text(name, &parsed));
    g_string_truncate(net->path, 0);
    dns_resolver_start(net->resolver, &parsed, type, net->now);
    sample_run(net);
    assert_int_equal(net->done, done + 1);
    g_autofree char *found = sample_result(net->answer);
    assert_string_equal(found, result);
    assert_string_equal(net->path->str, path);
    assert_int_equal(dns_resolver_waiting(net->resolver), 0);
}
