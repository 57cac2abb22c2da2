/* Answers that a stranger sends: none may be taken for the answer that was asked for. */

#include "tests/support/test.h"

#include "protocol/dns/dns-text.h"
#include "protocol/dns/dns-writer.h"
#include "tests/sim/naming/naming-samples.h"

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

/* The action that sends the first question. */
static DnsAction first_question(DnsResolver *resolver, const char *name_text)
{
    DnsName name;
    DnsAction action;
    assert_true(dns_name_from_text(name_text, &name));
    dns_resolver_start(resolver, &name, DNS_TYPE_A, 0);
    assert_true(dns_resolver_next_action(resolver, &action));
    assert_int_equal(action.kind, DNS_ACTION_SEND_UDP);
    return action;
}

typedef struct {
    guint16 id_change;
    const char *question;
    const char *owner;
    const char *alias; /* put before: the question's name is another name for the owner */
} Forgery;

static void answer_with(DnsResolver *resolver, const DnsAction *action, const Forgery *forgery)
{
    static const guint8 address[4] = {6, 6, 6, 6};
    DnsReader reader;
    DnsWriter writer;
    DnsName name;
    assert_true(dns_reader_begin(&reader, action->octets));
    DnsHeader header = {
        .id = (guint16)(reader.header.id ^ forgery->id_change),
        .is_response = true,
        .is_authoritative = true,
    };
    dns_writer_begin(&writer, DNS_UDP_MAXIMUM, &header);
    assert_true(dns_name_from_text(forgery->question, &name));
    assert_true(dns_writer_question(&writer, &name, DNS_TYPE_A, DNS_CLASS_IN));
    DnsName owner;
    assert_true(dns_name_from_text(forgery->owner, &owner));
    if (forgery->alias != NULL) {
        assert_true(dns_writer_record(
            &writer,
            DNS_SECTION_ANSWER,
            &name,
            DNS_TYPE_CNAME,
            DNS_CLASS_IN,
            60,
            byte_span(owner.octets, owner.length)
        ));
    }
    assert_true(dns_writer_record(
        &writer, DNS_SECTION_ANSWER, &owner, DNS_TYPE_A, DNS_CLASS_IN, 60, byte_span(address, 4)
    ));
    dns_resolver_receive(resolver, action->exchange, dns_writer_message(&writer), false, 1);
    dns_writer_clear(&writer);
}

/* What does not fit the question is left aside, and the real answer is still waited for. */
static void test_forgeries(void **state)
{
    static const Forgery forgeries[] = {
        {.id_change = 1, .question = "mail.hamburger.edu", .owner = "mail.hamburger.edu"},
        {.id_change = 0, .question = "www.hamburger.edu", .owner = "mail.hamburger.edu"},
    };
    SampleNet net;
    (void)state;
    sample_net_init(&net, tree);
    DnsAction action = first_question(net.resolver, "mail.hamburger.edu");
    guint8 copy[512];
    gsize length = action.octets.length;
    memcpy(copy, action.octets.data, length);
    for (gsize i = 0; i < G_N_ELEMENTS(forgeries); i++) {
        DnsAction none;
        action.octets = byte_span(copy, length);
        answer_with(net.resolver, &action, &forgeries[i]);
        assert_false(dns_resolver_next_action(net.resolver, &none));
    }
    dns_resolver_receive(net.resolver, action.exchange, BYTE_SPAN_LITERAL("x"), false, 1);
    dns_resolver_receive(net.resolver, 999, byte_span(copy, length), false, 1);
    action.octets = byte_span(copy, length);
    sample_deliver(&net, &action);
    sample_run(&net);
    g_autofree char *result = sample_result(net.answer);
    assert_string_equal(result, "192.0.2.25");
    sample_net_clear(&net);
}

/* A server of edu cannot say anything about crepes.fr. */
static void test_bailiwick(void **state)
{
    SampleNet net;
    (void)state;
    sample_net_init(&net, tree);
    sample_ask(&net, "nobody.edu", DNS_TYPE_A, "NXDOMAIN", SAMPLE_ROOT " " SAMPLE_EDU);
    DnsAction action = first_question(net.resolver, "evil.edu");
    Forgery poison = {.question = "evil.edu", .owner = "mail.crepes.fr", .alias = "evil.edu"};
    g_string_truncate(net.path, 0);
    answer_with(net.resolver, &action, &poison);
    sample_run(&net);
    g_autofree char *result = sample_result(net.answer);
    assert_string_equal(result, "198.51.100.25");
    assert_string_equal(net.path->str, VIA_CREPES);
    sample_ask(&net, "mail.crepes.fr", DNS_TYPE_A, "198.51.100.25", "");
    sample_net_clear(&net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forgeries),
        cmocka_unit_test(test_bailiwick),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
