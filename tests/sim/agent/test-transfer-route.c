/* Where mail goes: preferences, ties, implicit and null MX, aliases of names, both families, a
 * backup that holds and hands over, servers in a row. */

#include "tests/sim/agent/mail-world.h"

#define ALICE "alice@crepes.fr"
#define BOB "bob@hamburger.edu"

static MailSite *add_alice(MailWorld *world)
{
    MailSite *crepes = mail_world_add(world, "crepes.fr", mail_world_options());
    mail_site_add_mailbox(crepes, ALICE);
    return crepes;
}

static MailSite *add_exchanger(
    MailWorld *world, const char *server, const char *record, TransferAgentOptions options
)
{
    MailSite *site =
        mail_world_add_server(world, "hamburger.edu", server, "hamburger.edu", options);
    if (record != NULL) {
        mail_world_record(world, "hamburger.edu", "@", "MX", record);
    }
    mail_site_add_mailbox(site, BOB);
    return site;
}

static void test_lowest_preference_first(void **state)
{
    MailWorld world;
    (void)state;
    mail_world_init(&world, 1);
    MailSite *crepes = add_alice(&world);
    MailSite *second =
        add_exchanger(&world, "mx2.hamburger.edu", "20 mx2.hamburger.edu.", mail_world_options());
    MailSite *first =
        add_exchanger(&world, "mx1.hamburger.edu", "10 mx1.hamburger.edu.", mail_world_options());
    mail_world_start(&world);
    mail_world_send(&world, crepes, ALICE, BOB);
    mail_world_run(&world, SIM_MINUTE);
    assert_int_equal(mail_site_count(first, BOB), 1);
    assert_int_equal(mail_site_count(second, BOB), 0);
    assert_said(
        &world, "goes to mx1.hamburger.edu (preference 10), mx2.hamburger.edu (preference 20)", 1
    );
    mail_world_clear(&world, "mail-preference");
}

static void test_next_exchanger_when_first_is_down(void **state)
{
    MailWorld world;
    (void)state;
    mail_world_init(&world, 1);
    MailSite *crepes = add_alice(&world);
    MailSite *first =
        add_exchanger(&world, "mx1.hamburger.edu", "10 mx1.hamburger.edu.", mail_world_options());
    MailSite *second =
        add_exchanger(&world, "mx2.hamburger.edu", "20 mx2.hamburger.edu.", mail_world_options());
    mail_world_start(&world);
    sim_host_set_port_policy(first->host, 25, SIM_PORT_REJECT);
    mail_world_send(&world, crepes, ALICE, BOB);
    mail_world_run(&world, SIM_MINUTE);
    assert_int_equal(mail_site_count(second, BOB), 1);
    assert_said(&world, "cannot use mx1.hamburger.edu", 1);
    mail_world_clear(&world, "mail-next-exchanger");
}

/* RFC 5321 §5.1: equal preferences share the load. */
static void test_equal_preferences_share(void **state)
{
    guint at_first = 0;
    (void)state;
    for (guint64 seed = 1; seed <= 20; seed++) {
        MailWorld world;
        mail_world_init(&world, seed);
        MailSite *crepes = add_alice(&world);
        MailSite *first = add_exchanger(
            &world, "mx1.hamburger.edu", "10 mx1.hamburger.edu.", mail_world_options()
        );
        MailSite *second = add_exchanger(
            &world, "mx2.hamburger.edu", "10 mx2.hamburger.edu.", mail_world_options()
        );
        mail_world_start(&world);
        mail_world_send(&world, crepes, ALICE, BOB);
        mail_world_run(&world, SIM_MINUTE);
        assert_int_equal(mail_site_count(first, BOB) + mail_site_count(second, BOB), 1);
        at_first += mail_site_count(first, BOB);
        mail_world_clear(&world, "mail-equal-preferences");
    }
    assert_in_range(at_first, 3, 17);
}

static void test_implicit_exchanger(void **state)
{
    MailWorld world;
    (void)state;
    mail_world_init(&world, 1);
    MailSite *crepes = add_alice(&world);
    MailSite *only = add_exchanger(&world, "hamburger.edu", NULL, mail_world_options());
    mail_world_start(&world);
    mail_world_send(&world, crepes, ALICE, BOB);
    mail_world_run(&world, SIM_MINUTE);
    assert_int_equal(mail_site_count(only, BOB), 1);
    assert_said(&world, "it has no MX record", 1);
    mail_world_clear(&world, "mail-implicit");
}

/* A report comes back to Alice at once; what it says differs. */
static void test_names_without_mail(void **state)
{
    static const struct {
        const char *to;
        const char *status;
    } cases[] = {
        {"bob@nomail.example", "Status: 5.1.10"},
        {"bob@nosuch.example", "Status: 5.1.2"},
        {"bob@empty.example", "Status: 5.4.4"},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        MailWorld world;
        mail_world_init(&world, 1);
        MailSite *crepes = add_alice(&world);
        mail_world_record(&world, "nomail.example", "@", "MX", "0 .");
        mail_world_record(&world, "empty.example", "@", "TXT", "nothing");
        mail_world_start(&world);
        mail_world_send(&world, crepes, ALICE, cases[i].to);
        mail_world_run(&world, SIM_MINUTE);
        assert_int_equal(mail_site_count(crepes, ALICE), 1);
        g_autofree char *report = mail_site_text(crepes, ALICE, 0);
        assert_holds(report, cases[i].status);
        assert_holds(report, "Return-Path: <>");
        assert_int_equal(outgoing_queue_length(transfer_agent_queue(crepes->agent)), 0);
        mail_world_clear(&world, "mail-no-mail");
    }
}

/* RFC 5321 §5.1: the domain of an address may be an alias; its target's MX record counts. */
static void test_alias_of_a_domain(void **state)
{
    MailWorld world;
    (void)state;
    mail_world_init(&world, 1);
    MailSite *crepes = add_alice(&world);
    MailSite *burger =
        add_exchanger(&world, "mx1.hamburger.edu", "10 mx1.hamburger.edu.", mail_world_options());
    mail_world_record(&world, "hamburger.edu", "lunch", "CNAME", "hamburger.edu.");
    transfer_agent_add_alias(burger->agent, "bob@lunch.hamburger.edu", BOB);
    mail_world_start(&world);
    mail_world_send(&world, crepes, ALICE, "bob@lunch.hamburger.edu");
    mail_world_run(&world, SIM_MINUTE);
    /* The server over there does not know the name for one of its own. */
    assert_said(&world, "550 5.7.1 Relay access denied", 1);
    assert_said(
        &world, "mail for lunch.hamburger.edu goes to mx1.hamburger.edu (preference 10)", 1
    );
    mail_world_clear(&world, "mail-domain-alias");
}

static void test_sixth_version_only(void **state)
{
    MailWorld world;
    (void)state;
    mail_world_init(&world, 1);
    sim_internet_set_families(world.internet, false, true);
    MailSite *crepes = add_alice(&world);
    MailSite *burger =
        add_exchanger(&world, "mx1.hamburger.edu", "10 mx1.hamburger.edu.", mail_world_options());
    mail_world_start(&world);
    mail_world_send(&world, crepes, ALICE, BOB);
    mail_world_run(&world, SIM_MINUTE);
    assert_int_equal(mail_site_count(burger, BOB), 1);
    g_autofree char *text = mail_site_text(burger, BOB, 0);
    assert_holds(text, "[IPv6:2001:db8:");
    mail_world_clear(&world, "mail-ipv6");
}

/* The backup takes mail while the first is down, knows no mailbox of its own, and hands over. */
static void test_backup_holds_and_hands_over(void **state)
{
    static const char *const relayed[] = {"hamburger.edu", NULL};
    MailWorld world;
    (void)state;
    mail_world_init(&world, 1);
    MailSite *crepes = add_alice(&world);
    MailSite *first =
        add_exchanger(&world, "mx1.hamburger.edu", "10 mx1.hamburger.edu.", mail_world_options());
    TransferAgentOptions options = mail_world_options();
    options.relay_domains = relayed;
    MailSite *backup =
        mail_world_add_server(&world, "backup.example", "mx.backup.example", NULL, options);
    mail_world_record(&world, "hamburger.edu", "@", "MX", "20 mx.backup.example.");
    mail_world_start(&world);
    sim_host_set_up(first->host, false);
    mail_world_send(&world, crepes, ALICE, BOB);
    mail_world_run(&world, 10 * SIM_MINUTE);
    assert_int_equal(outgoing_queue_length(transfer_agent_queue(crepes->agent)), 0);
    assert_int_equal(outgoing_queue_length(transfer_agent_queue(backup->agent)), 1);
    sim_host_set_up(first->host, true);
    mail_world_run(&world, SIM_HOUR);
    assert_int_equal(outgoing_queue_length(transfer_agent_queue(backup->agent)), 0);
    assert_int_equal(mail_site_count(first, BOB), 1);
    g_autofree char *text = mail_site_text(first, BOB, 0);
    assert_holds(text, "by mx.backup.example");
    assert_holds(text, "by mail.crepes.fr");
    mail_world_clear(&world, "mail-backup");
}

/* Each server on the way puts its line on top. */
static void test_servers_in_a_row(void **state)
{
    static const char *const relayed[] = {"hamburger.edu", NULL};
    MailWorld world;
    (void)state;
    mail_world_init(&world, 1);
    TransferAgentOptions options = mail_world_options();
    options.next_hop = "out.crepes.fr";
    MailSite *inner =
        mail_world_add_server(&world, "crepes.fr", "in.crepes.fr", "crepes.fr", options);
    mail_world_add_server(&world, "crepes.fr", "out.crepes.fr", NULL, mail_world_options());
    options = mail_world_options();
    options.relay_domains = relayed;
    options.next_hop = "mail.hamburger.edu";
    mail_world_add_server(&world, "hamburger.edu", "gate.hamburger.edu", NULL, options);
    MailSite *last = add_exchanger(&world, "mail.hamburger.edu", NULL, mail_world_options());
    mail_world_record(&world, "hamburger.edu", "@", "MX", "10 gate.hamburger.edu.");
    mail_world_start(&world);
    mail_site_add_mailbox(inner, ALICE);
    mail_world_send(&world, inner, ALICE, BOB);
    mail_world_run(&world, SIM_MINUTE);
    assert_int_equal(mail_site_count(last, BOB), 1);
    g_autofree char *text = mail_site_text(last, BOB, 0);
    const char *const order[] = {
        "Return-Path: <alice@crepes.fr>\r\nReceived: from gate.hamburger.edu ([",
        "by mail.hamburger.edu",
        "Received: from out.crepes.fr",
        "by gate.hamburger.edu",
        "Received: from in.crepes.fr",
        "by out.crepes.fr",
        "Received: by in.crepes.fr",
    };
    const char *at = text;
    for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
        assert_holds(at, order[i]);
        at = strstr(at, order[i]);
    }
    assert_holds(text, "for <bob@hamburger.edu>;\r\n\tMon, 5 Jan 2026 09:00:00 +0000\r\n");
    mail_world_clear(&world, "mail-row");
}

/* Two servers that each take the other for the right one. */
static void test_circle_is_broken(void **state)
{
    static const char *const relayed[] = {"hamburger.edu", NULL};
    MailWorld world;
    (void)state;
    mail_world_init(&world, 1);
    MailSite *crepes = add_alice(&world);
    TransferAgentOptions options = mail_world_options();
    options.relay_domains = relayed;
    options.maximum_hops = 10;
    options.next_hop = "b.hamburger.edu";
    mail_world_add_server(&world, "hamburger.edu", "a.hamburger.edu", NULL, options);
    options.next_hop = "a.hamburger.edu";
    mail_world_add_server(&world, "hamburger.edu", "b.hamburger.edu", NULL, options);
    mail_world_record(&world, "hamburger.edu", "@", "MX", "10 a.hamburger.edu.");
    mail_world_start(&world);
    mail_world_send(&world, crepes, ALICE, BOB);
    mail_world_run(&world, SIM_HOUR);
    /* The report of it runs in the same circle, and nobody is told of that. */
    assert_said(&world, "554 5.4.6 Too many hops", 2);
    assert_said(&world, "its reverse-path is empty", 1);
    assert_int_equal(mail_site_count(crepes, ALICE), 0);
    mail_world_clear(&world, "mail-circle");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lowest_preference_first),
        cmocka_unit_test(test_next_exchanger_when_first_is_down),
        cmocka_unit_test(test_equal_preferences_share),
        cmocka_unit_test(test_implicit_exchanger),
        cmocka_unit_test(test_names_without_mail),
        cmocka_unit_test(test_alias_of_a_domain),
        cmocka_unit_test(test_sixth_version_only),
        cmocka_unit_test(test_backup_holds_and_hands_over),
        cmocka_unit_test(test_servers_in_a_row),
        cmocka_unit_test(test_circle_is_broken),
    };
    return cmocka_run_group_tests_name("transfer-route", tests, NULL, NULL);
}
