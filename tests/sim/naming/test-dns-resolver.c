#include "tests/support/test.h"

#include "protocol/dns/dns-text.h"
#include "protocol/dns/dns-writer.h"
#include "sim/naming/local-resolver.h"
#include "tests/sim/naming/naming-samples.h"

#define VIA_HAMBURGER SAMPLE_ROOT " " SAMPLE_EDU " " SAMPLE_HAMBURGER
#define VIA_CREPES SAMPLE_ROOT " " SAMPLE_FR " " SAMPLE_CREPES

static NamingTree *tree;

static int set_up(void **state)
{
    (void)state;
    tree = sample_tree();
    sample_complete(tree);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    naming_tree_free(tree);
    return 0;
}

/* Down the tree once, then from the cache as far as it goes. */
static void test_down_the_tree(void **state)
{
    SampleNet net;
    (void)state;
    sample_net_init(&net, tree);
    sample_ask(
        &net,
        "hamburger.edu",
        DNS_TYPE_MX,
        "10 mail.hamburger.edu., 20 backup.crepes.fr.",
        VIA_HAMBURGER
    );
    assert_int_equal(net.answer->queries, 3);
    assert_false(net.answer->from_cache);
    assert_int_equal(net.answer->answered - net.answer->asked, 3 * SIM_MILLISECOND);
    sample_ask(&net, "mail.hamburger.edu", DNS_TYPE_A, "192.0.2.25", SAMPLE_HAMBURGER);
    sample_ask(&net, "Mail.Hamburger.edu", DNS_TYPE_A, "192.0.2.25", "");
    assert_true(net.answer->from_cache);
    sample_ask(&net, "crepes.fr", DNS_TYPE_MX, "10 mail.crepes.fr.", VIA_CREPES);
    sample_net_clear(&net);
}

static void test_time_to_live(void **state)
{
    SampleNet net;
    (void)state;
    sample_net_init(&net, tree);
    sample_ask(&net, "web.hamburger.edu", DNS_TYPE_A, "192.0.2.80", VIA_HAMBURGER);
    net.now += 1000 * SIM_SECOND;
    sample_ask(&net, "web.hamburger.edu", DNS_TYPE_A, "192.0.2.80", "");
    assert_int_equal(g_array_index(net.answer->sets, DnsAnswerSet, 0).ttl, 2600);
    net.now += 2600 * SIM_SECOND;
    sample_ask(&net, "web.hamburger.edu", DNS_TYPE_A, "192.0.2.80", VIA_HAMBURGER);
    sample_net_clear(&net);
}

static void test_aliases(void **state)
{
    SampleNet net;
    (void)state;
    sample_net_init(&net, tree);
    sample_ask(&net, "www.hamburger.edu", DNS_TYPE_A, "192.0.2.80", VIA_HAMBURGER);
    assert_int_equal(net.answer->sets->len, 2);
    /* The alias is kept for a minute only, its target longer. */
    net.now += 61 * SIM_SECOND;
    sample_ask(&net, "www.hamburger.edu", DNS_TYPE_A, "192.0.2.80", SAMPLE_HAMBURGER);
    /* Into another zone: down from the root again. */
    sample_ask(
        &net, "pop.hamburger.edu", DNS_TYPE_A, "198.51.100.25", SAMPLE_HAMBURGER " " VIA_CREPES
    );
    assert_int_equal(net.answer->sets->len, 2);
    sample_ask(
        &net, "gone.hamburger.edu", DNS_TYPE_A, "NXDOMAIN", SAMPLE_HAMBURGER " " SAMPLE_CREPES
    );
    DnsName nowhere;
    assert_true(dns_name_from_text("nowhere.crepes.fr", &nowhere));
    assert_true(dns_name_equal(&net.answer->canonical, &nowhere));
    sample_ask(&net, "loop1.hamburger.edu", DNS_TYPE_A, "SERVFAIL", SAMPLE_HAMBURGER);
    sample_net_clear(&net);
}

static void test_negative_answers(void **state)
{
    SampleNet net;
    (void)state;
    sample_net_init(&net, tree);
    sample_ask(&net, "nobody.hamburger.edu", DNS_TYPE_A, "NXDOMAIN", VIA_HAMBURGER);
    assert_int_equal(net.answer->soa.ttl, DNS_ZONE_NEGATIVE_TTL);
    sample_ask(&net, "nobody.hamburger.edu", DNS_TYPE_MX, "NXDOMAIN", "");
    sample_ask(&net, "mail.hamburger.edu", DNS_TYPE_TXT, "NODATA", SAMPLE_HAMBURGER);
    sample_ask(&net, "mail.hamburger.edu", DNS_TYPE_TXT, "NODATA", "");
    net.now += (DNS_ZONE_NEGATIVE_TTL + 1) * SIM_SECOND;
    sample_ask(&net, "nobody.hamburger.edu", DNS_TYPE_A, "NXDOMAIN", SAMPLE_HAMBURGER);
    sample_ask(&net, "nothing.xyz", DNS_TYPE_A, "NXDOMAIN", SAMPLE_ROOT);
    sample_ask(&net, "tree.crepes.fr", DNS_TYPE_A, "NODATA", VIA_CREPES);
    sample_ask(&net, "pc.lab.hamburger.edu", DNS_TYPE_A, "192.0.2.99", SAMPLE_HAMBURGER);
    sample_ask(&net, "null.crepes.fr", DNS_TYPE_MX, "0 .", SAMPLE_CREPES);
    assert_true(dns_answer_is_null_mx(net.answer));
    sample_net_clear(&net);
}

static void test_reverse(void **state)
{
    SampleNet net;
    SimAddress address = sample_address("192.0.2.25");
    (void)state;
    g_autoptr(NamingTree) other = sample_tree();
    assert_true(naming_tree_add_host(other, "pc.hamburger.edu", &address, NULL));
    sample_server(other, "arpa", "a.root-servers.net", SAMPLE_ROOT);
    sample_server(other, "in-addr.arpa", "a.root-servers.net", SAMPLE_ROOT);
    sample_complete(other);
    sample_net_init(&net, other);
    sample_ask(&net, "25.2.0.192.in-addr.arpa", DNS_TYPE_PTR, "pc.hamburger.edu.", SAMPLE_ROOT);
    sample_net_clear(&net);
}

/* The first server is silent: asked once, then the second; next time the second comes first. */
static void test_silent_server(void **state)
{
    SampleNet net;
    (void)state;
    sample_net_init(&net, tree);
    net.silent = SAMPLE_HAMBURGER " ";
    sample_ask(
        &net, "mail.hamburger.edu", DNS_TYPE_A, "192.0.2.25", VIA_HAMBURGER " " SAMPLE_HAMBURGER_2
    );
    assert_true(net.answer->answered - net.answer->asked > 2 * SIM_SECOND);
    sample_ask(&net, "web.hamburger.edu", DNS_TYPE_A, "192.0.2.80", SAMPLE_HAMBURGER_2);
    net.now += 11 * SIM_MINUTE;
    net.silent = NULL;
    sample_ask(&net, "mail.hamburger.edu", DNS_TYPE_AAAA, "2001:db8:1::25", SAMPLE_HAMBURGER);
    sample_net_clear(&net);
}

static void test_unreachable_server(void **state)
{
    SampleNet net;
    (void)state;
    sample_net_init(&net, tree);
    net.closed = SAMPLE_HAMBURGER " ";
    sample_ask(
        &net, "mail.hamburger.edu", DNS_TYPE_A, "192.0.2.25", VIA_HAMBURGER " " SAMPLE_HAMBURGER_2
    );
    assert_true(net.answer->answered - net.answer->asked < SIM_SECOND);
    sample_net_clear(&net);
}

static void test_nobody_answers(void **state)
{
    SampleNet net;
    (void)state;
    sample_net_init(&net, tree);
    net.silent = SAMPLE_HAMBURGER " " SAMPLE_HAMBURGER_2;
    sample_ask(
        &net,
        "mail.hamburger.edu",
        DNS_TYPE_A,
        "SERVFAIL",
        VIA_HAMBURGER " " SAMPLE_HAMBURGER_2 " " SAMPLE_HAMBURGER " " SAMPLE_HAMBURGER_2
                      " " SAMPLE_HAMBURGER " " SAMPLE_HAMBURGER_2
    );
    /* The failure is remembered for a moment. */
    sample_ask(&net, "mail.hamburger.edu", DNS_TYPE_A, "SERVFAIL", "");
    net.now += 6 * SIM_SECOND;
    net.silent = NULL;
    sample_ask(&net, "mail.hamburger.edu", DNS_TYPE_A, "192.0.2.25", SAMPLE_HAMBURGER);
    net.silent = SAMPLE_ROOT;
    dns_cache_flush(dns_resolver_cache(net.resolver));
    sample_ask(
        &net,
        "mail.hamburger.edu",
        DNS_TYPE_A,
        "no answer",
        SAMPLE_ROOT " " SAMPLE_ROOT " " SAMPLE_ROOT
    );
    sample_net_clear(&net);
}

/* A server that does not know its zone refuses; one that fails says so. */
static void test_lame_and_failing(void **state)
{
    SampleNet net;
    (void)state;
    g_autoptr(NamingTree) other = sample_tree();
    sample_complete(other);
    assert_true(naming_tree_set_lame(other, "hamburger.edu", "ns1.hamburger.edu"));
    sample_net_init(&net, other);
    sample_ask(
        &net, "mail.hamburger.edu", DNS_TYPE_A, "192.0.2.25", VIA_HAMBURGER " " SAMPLE_HAMBURGER_2
    );
    dns_server_set_failure(
        naming_tree_server(other, "ns2.hamburger.edu")->server, DNS_RCODE_SERVFAIL
    );
    sample_ask(
        &net, "web.hamburger.edu", DNS_TYPE_A, "SERVFAIL", SAMPLE_HAMBURGER " " SAMPLE_HAMBURGER_2
    );
    sample_net_clear(&net);
}

/* The name server's own address has to be found first. */
static void test_server_in_another_zone(void **state)
{
    SampleNet net;
    (void)state;
    g_autoptr(NamingTree) other = sample_tree();
    sample_server(other, "pizza.edu", "ns1.crepes.fr", SAMPLE_CREPES);
    sample_zone_text(other, "pizza.edu", "mail A 203.0.113.25\n");
    sample_complete(other);
    sample_net_init(&net, other);
    sample_ask(
        &net,
        "mail.pizza.edu",
        DNS_TYPE_A,
        "203.0.113.25",
        SAMPLE_ROOT " " SAMPLE_EDU " " VIA_CREPES " " SAMPLE_CREPES
    );
    sample_net_clear(&net);
}

/* Two zones whose only servers lie in each other: nobody can find out. */
static void test_servers_in_each_other(void **state)
{
    SampleNet net;
    (void)state;
    g_autoptr(NamingTree) other = sample_tree();
    sample_zone_text(other, "a.edu", "@ NS ns.b.fr.\n");
    sample_zone_text(other, "b.fr", "@ NS ns.a.edu.\n");
    sample_complete(other);
    sample_net_init(&net, other);
    DnsName name;
    assert_true(dns_name_from_text("www.a.edu", &name));
    dns_resolver_start(net.resolver, &name, DNS_TYPE_A, net.now);
    sample_run(&net);
    assert_int_equal(net.answer->outcome, DNS_OUTCOME_FAILED);
    assert_true(net.answer->queries < 20);
    sample_net_clear(&net);
}

/* The parent names a server below the zone and forgets its address: nobody can go on. */
static void test_missing_glue(void **state)
{
    SampleNet net;
    (void)state;
    g_autoptr(NamingTree) other = sample_tree();
    sample_zone_text(other, "c.edu", "@ NS ns.c.edu.\n");
    sample_complete(other);
    sample_net_init(&net, other);
    sample_ask(&net, "www.c.edu", DNS_TYPE_A, "SERVFAIL", SAMPLE_ROOT " " SAMPLE_EDU);
    sample_net_clear(&net);
}

/* A hundred addresses do not fit the datagram, so they are asked for over TCP. */
static void test_truncated(void **state)
{
    SampleNet net;
    (void)state;
    g_autoptr(NamingTree) other = sample_tree();
    DnsName big;
    assert_true(dns_name_from_text("big.hamburger.edu", &big));
    for (guint8 i = 0; i < 100; i++) {
        guint8 address[4] = {10, 0, 0, i};
        dns_zone_add_address(naming_tree_zone(other, "hamburger.edu"), &big, address, 4);
    }
    sample_complete(other);
    sample_net_init(&net, other);
    DnsName name = big;
    dns_resolver_start(net.resolver, &name, DNS_TYPE_A, net.now);
    sample_run(&net);
    assert_string_equal(net.path->str, VIA_HAMBURGER " tcp:" SAMPLE_HAMBURGER);
    g_autoptr(GArray) addresses = dns_answer_addresses(net.answer);
    assert_int_equal(addresses->len, 100);
    sample_net_clear(&net);
}

/* Look-ups of the same thing share the questions; one may be given up without harm. */
static void test_sharing_and_cancel(void **state)
{
    SampleNet net;
    DnsName name;
    (void)state;
    sample_net_init(&net, tree);
    assert_true(dns_name_from_text("mail.hamburger.edu", &name));
    guint64 first = dns_resolver_start(net.resolver, &name, DNS_TYPE_A, 0);
    guint64 second = dns_resolver_start(net.resolver, &name, DNS_TYPE_A, 0);
    assert_int_not_equal(first, second);
    dns_resolver_cancel(net.resolver, first);
    sample_run(&net);
    assert_int_equal(net.done, 1);
    assert_int_equal(net.lookup, second);
    assert_string_equal(net.path->str, VIA_HAMBURGER);
    assert_true(dns_name_from_text("web.hamburger.edu", &name));
    first = dns_resolver_start(net.resolver, &name, DNS_TYPE_A, net.now);
    dns_resolver_cancel(net.resolver, first);
    assert_int_equal(dns_resolver_waiting(net.resolver), 0);
    assert_int_equal(dns_resolver_deadline(net.resolver), SIM_TIME_NEVER);
    sample_net_clear(&net);
}

/* A stub asks a resolver, which here is played by the authoritative server itself. */
static void test_stub(void **state)
{
    SampleNet net;
    SimAddress forwarders[] = {sample_address(SAMPLE_CREPES), sample_address(SAMPLE_HAMBURGER)};
    DnsResolverOptions options = {
        .forwarders = forwarders,
        .n_forwarders = 2,
        .has_ipv4 = true,
        .seed = 1,
    };
    (void)state;
    sample_net_init(&net, tree);
    dns_resolver_free(net.resolver);
    net.resolver = dns_resolver_new(&options);
    assert_null(dns_resolver_cache(net.resolver));
    sample_ask(&net, "mail.crepes.fr", DNS_TYPE_A, "198.51.100.25", SAMPLE_CREPES);
    sample_ask(&net, "nobody.crepes.fr", DNS_TYPE_A, "NXDOMAIN", SAMPLE_CREPES);
    sample_ask(&net, "mail.crepes.fr", DNS_TYPE_TXT, "NODATA", SAMPLE_CREPES);
    /* REFUSED by the first, so the second is asked. */
    sample_ask(
        &net, "mail.hamburger.edu", DNS_TYPE_A, "192.0.2.25", SAMPLE_CREPES " " SAMPLE_HAMBURGER
    );
    net.silent = SAMPLE_CREPES " " SAMPLE_HAMBURGER;
    SimTime before = net.now;
    sample_ask(
        &net,
        "mail.crepes.fr",
        DNS_TYPE_A,
        "no answer",
        SAMPLE_CREPES " " SAMPLE_HAMBURGER " " SAMPLE_CREPES " " SAMPLE_HAMBURGER
    );
    assert_int_equal(net.now - before, 30 * SIM_SECOND);
    sample_net_clear(&net);
}

static void test_answer_helpers(void **state)
{
    SampleNet net;
    ByteBuffer out;
    DnsWriter writer;
    DnsReader reader;
    DnsHeader header = {.id = 99, .recursion_desired = true};
    DnsName name;
    (void)state;
    sample_net_init(&net, tree);
    sample_ask(
        &net,
        "hamburger.edu",
        DNS_TYPE_MX,
        "10 mail.hamburger.edu., 20 backup.crepes.fr.",
        VIA_HAMBURGER
    );
    g_autoptr(GArray) exchangers = dns_answer_exchangers(net.answer);
    assert_int_equal(exchangers->len, 2);
    assert_int_equal(g_array_index(exchangers, DnsExchanger, 0).preference, 10);
    assert_int_equal(g_array_index(exchangers, DnsExchanger, 1).preference, 20);
    byte_buffer_init(&out, 600);
    dns_writer_begin(&writer, DNS_UDP_MAXIMUM, &header);
    assert_true(dns_name_from_text("hamburger.edu", &name));
    assert_true(dns_writer_question(&writer, &name, DNS_TYPE_MX, DNS_CLASS_IN));
    assert_true(dns_answer_write(net.answer, dns_writer_message(&writer), false, &out));
    assert_true(dns_reader_begin(&reader, byte_buffer_span(&out)));
    assert_int_equal(reader.header.id, 99);
    assert_true(reader.header.recursion_available && !reader.header.is_authoritative);
    assert_int_equal(reader.header.counts[DNS_SECTION_ANSWER], 2);
    g_autoptr(GString) text = g_string_new(NULL);
    dns_answer_to_text(net.answer, text);
    assert_non_null(strstr(text->str, "hamburger.edu.\t\t3600\tIN\tMX\t10 mail.hamburger.edu.\n"));
    assert_non_null(strstr(text->str, ";; SERVER: " SAMPLE_HAMBURGER "#53"));
    sample_ask(&net, "hamburger.edu", DNS_TYPE_TXT, "\"v=spf1 mx -all\"", SAMPLE_HAMBURGER);
    g_autoptr(GPtrArray) texts = dns_answer_texts(net.answer);
    assert_int_equal(texts->len, 1);
    assert_string_equal(texts->pdata[0], "v=spf1 mx -all");
    byte_buffer_clear(&out);
    dns_writer_clear(&writer);
    sample_net_clear(&net);
}

static void trace_step(const LocalStep *step, gpointer data)
{
    char address[SIM_ADDRESS_TEXT_SIZE];
    dns_text_trace_step(
        step->answer, step->server, sim_address_format(&step->address, address), 0, data
    );
}

/* The path of a look-up as `dig +trace` tells it. */
static void test_local_trace(void **state)
{
    g_autoptr(LocalResolver) resolver = local_resolver_new(tree);
    g_autoptr(GString) trace = g_string_new(NULL);
    DnsName name = sample_name("web.hamburger.edu");
    (void)state;
    local_resolver_watch(resolver, trace_step, trace);
    g_autoptr(DnsAnswer) answer = local_resolver_look_up(resolver, &name, DNS_TYPE_A, 0);
    assert_int_equal(answer->outcome, DNS_OUTCOME_FOUND);
    assert_string_equal(
        trace->str,
        "edu.\t\t\t3600\tIN\tNS\ta.nic.edu.\n"
        ";; Received 82 bytes from " SAMPLE_ROOT "#53(a.root-servers.net) in 0 ms\n\n"
        "hamburger.edu.\t\t3600\tIN\tNS\tns1.hamburger.edu.\n"
        "hamburger.edu.\t\t3600\tIN\tNS\tns2.hamburger.edu.\n"
        ";; Received 114 bytes from " SAMPLE_EDU "#53(a.nic.edu) in 0 ms\n\n"
        "web.hamburger.edu.\t3600\tIN\tA\t192.0.2.80\n"
        ";; Received 62 bytes from " SAMPLE_HAMBURGER "#53(ns1.hamburger.edu) in 0 ms\n\n"
    );
    local_resolver_watch(resolver, NULL, NULL);
    g_autoptr(DnsAnswer) again = local_resolver_look_up(resolver, &name, DNS_TYPE_A, 0);
    assert_true(again->from_cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_down_the_tree),
        cmocka_unit_test(test_time_to_live),
        cmocka_unit_test(test_aliases),
        cmocka_unit_test(test_negative_answers),
        cmocka_unit_test(test_reverse),
        cmocka_unit_test(test_silent_server),
        cmocka_unit_test(test_unreachable_server),
        cmocka_unit_test(test_nobody_answers),
        cmocka_unit_test(test_lame_and_failing),
        cmocka_unit_test(test_server_in_another_zone),
        cmocka_unit_test(test_servers_in_each_other),
        cmocka_unit_test(test_missing_glue),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_sharing_and_cancel),
        cmocka_unit_test(test_stub),
        cmocka_unit_test(test_answer_helpers),
        cmocka_unit_test(test_local_trace),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
