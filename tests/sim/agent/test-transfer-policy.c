/* Whom a server lets in, and what its addresses stand for: each refusal with its code. */

#include "tests/sim/agent/mail-world.h"

#define ALICE "alice@crepes.fr"
#define BOB "bob@hamburger.edu"

typedef struct {
    MailWorld world;
    MailSite *crepes;
    MailSite *burger;
} Pairing;

static void pairing_prepare(Pairing *pairing, TransferAgentOptions burger)
{
    mail_world_init(&pairing->world, 1);
    pairing->crepes = mail_world_add(&pairing->world, "crepes.fr", mail_world_options());
    pairing->burger = mail_world_add(&pairing->world, "hamburger.edu", burger);
    mail_site_add_mailbox(pairing->crepes, ALICE);
    mail_site_add_mailbox(pairing->burger, BOB);
}

static void pairing_init(Pairing *pairing, TransferAgentOptions burger)
{
    pairing_prepare(pairing, burger);
    mail_world_start(&pairing->world);
}

static void send_to(Pairing *pairing, const char *to)
{
    mail_world_send(&pairing->world, pairing->crepes, ALICE, to);
    mail_world_run(&pairing->world, SIM_MINUTE);
}

static void test_relay_is_refused_to_strangers(void **state)
{
    MailWorld world;
    (void)state;
    mail_world_init(&world, 1);
    TransferAgentOptions options = mail_world_options();
    options.next_hop = "mail.hamburger.edu";
    MailSite *stranger = mail_world_add(&world, "strange.example", options);
    MailSite *burger = mail_world_add(&world, "hamburger.edu", mail_world_options());
    MailSite *crepes = mail_world_add(&world, "crepes.fr", mail_world_options());
    mail_site_add_mailbox(crepes, ALICE);
    mail_site_add_mailbox(stranger, "mallory@strange.example");
    mail_world_start(&world);
    mail_world_send(&world, stranger, "mallory@strange.example", ALICE);
    mail_world_run(&world, SIM_MINUTE);
    assert_said(&world, "550 5.7.1 Relay access denied", 1);
    assert_int_equal(mail_site_count(stranger, "mallory@strange.example"), 1);
    assert_int_equal(mail_site_count(crepes, ALICE), 0);
    assert_int_equal(outgoing_queue_length(transfer_agent_queue(burger->agent)), 0);
    mail_world_clear(&world, "mail-relay-refused");
}

static void test_unknown_user(void **state)
{
    Pairing pairing;
    (void)state;
    pairing_init(&pairing, mail_world_options());
    send_to(&pairing, "nobody@hamburger.edu");
    assert_said(&pairing.world, "550 5.1.1 No such user here", 1);
    g_autofree char *report = mail_site_text(pairing.crepes, ALICE, 0);
    assert_holds(report, "Status: 5.1.1");
    assert_holds(report, "Remote-MTA: dns; mail.hamburger.edu");
    mail_world_clear(&pairing.world, "mail-unknown");
}

static void test_full_mailbox(void **state)
{
    (void)state;
    for (guint i = 0; i < 2; i++) {
        Pairing pairing;
        TransferAgentOptions options = mail_world_options();
        options.full_is_permanent = i == 1;
        pairing_init(&pairing, options);
        MailQuota quota = {.messages = 2};
        assert_true(transfer_agent_set_quota(pairing.burger->agent, BOB, quota, NULL));
        for (guint j = 0; j < 3; j++) {
            send_to(&pairing, BOB);
        }
        assert_int_equal(mail_site_count(pairing.burger, BOB), 2);
        assert_said(&pairing.world, i == 1 ? "552 5.2.2 Mailbox" : "452 4.2.2 Mailbox", 1);
        assert_int_equal(mail_site_count(pairing.crepes, ALICE), i);
        if (i == 0) { /* Bob makes room */
            transfer_agent_set_quota(pairing.burger->agent, BOB, (MailQuota){.messages = 3}, NULL);
            mail_world_run(&pairing.world, SIM_HOUR);
            assert_int_equal(mail_site_count(pairing.burger, BOB), 3);
        }
        mail_world_clear(&pairing.world, "mail-full");
    }
}

static void test_too_big(void **state)
{
    Pairing pairing;
    TransferAgentOptions options = mail_world_options();
    (void)state;
    options.maximum_size = 1000;
    pairing_init(&pairing, options);
    g_autofree char *text = g_strnfill(2000, 'x');
    for (guint i = 70; i < 2000; i += 70) {
        text[i] = '\n';
    }
    mail_world_send_text(&pairing.world, pairing.crepes, ALICE, BOB, "Big", text);
    mail_world_run(&pairing.world, SIM_MINUTE);
    assert_said(&pairing.world, "552 5.3.4", 1);
    assert_int_equal(mail_site_count(pairing.burger, BOB), 0);
    assert_int_equal(mail_site_count(pairing.crepes, ALICE), 1);
    mail_world_clear(&pairing.world, "mail-too-big");
}

static void test_greylisting(void **state)
{
    Pairing pairing;
    (void)state;
    pairing_init(&pairing, mail_world_options());
    transfer_agent_set_greylisting(pairing.burger->agent, 4 * SIM_MINUTE, 35 * SIM_DAY);
    send_to(&pairing, BOB);
    assert_said(&pairing.world, "451 4.7.1 Greylisted, come again in 240 seconds", 1);
    assert_int_equal(mail_site_count(pairing.burger, BOB), 0);
    mail_world_run(&pairing.world, 5 * SIM_MINUTE);
    assert_int_equal(mail_site_count(pairing.burger, BOB), 1);
    send_to(&pairing, BOB);
    assert_int_equal(mail_site_count(pairing.burger, BOB), 2); /* known now */
    mail_world_clear(&pairing.world, "mail-greylist");
}

/* The list holds the address of crepes.fr, though it never sent anything bad. */
static void test_blocklist(void **state)
{
    (void)state;
    for (guint i = 0; i < 3; i++) {
        Pairing pairing;
        pairing_prepare(&pairing, mail_world_options());
        if (i != 1) {
            mail_world_record(&pairing.world, "dnsbl.example", "10.2.0.192", "A", "127.0.0.2");
            mail_world_record(
                &pairing.world, "dnsbl.example", "10.2.0.192", "TXT", "\"Seen in a trap\""
            );
        } else {
            mail_world_record(&pairing.world, "dnsbl.example", "2.0.0.127", "A", "127.0.0.2");
        }
        transfer_agent_add_blocklist(pairing.burger->agent, "dnsbl.example");
        if (i == 2) { /* the postmaster of hamburger.edu has been called */
            transfer_agent_add_blocklist_exception(pairing.burger->agent, "192.0.2.0/24");
        }
        mail_world_start(&pairing.world);
        send_to(&pairing, BOB);
        assert_int_equal(mail_site_count(pairing.burger, BOB), i == 0 ? 0 : 1);
        assert_said(
            &pairing.world,
            "554 5.7.1 Client [192.0.2.10] is blocked by dnsbl.example: Seen in a trap",
            i == 0 ? 1 : 0
        );
        mail_world_clear(&pairing.world, "mail-blocklist");
    }
}

static void test_filter(void **state)
{
    static const struct {
        const char *subject;
        const char *text;
        MailFilterAction spam;
        MailFilterAction virus;
        guint delivered;
        guint reports;
        const char *holds;
    } cases[] = {
        {"Condiments", "Ketchup?", MAIL_FILTER_TAG, MAIL_FILTER_REJECT, 1, 0, "X-Spam-Flag: NO"},
        {"YOU HAVE WON",
         "the lottery",
         MAIL_FILTER_TAG,
         MAIL_FILTER_REJECT,
         1,
         0,
         "X-Spam-Score: 5.5"},
        {"YOU HAVE WON", "the lottery", MAIL_FILTER_REJECT, MAIL_FILTER_REJECT, 0, 1, NULL},
        {"YOU HAVE WON", "the lottery", MAIL_FILTER_DISCARD, MAIL_FILTER_REJECT, 0, 0, NULL},
        {"Hello", "open bad-program", MAIL_FILTER_TAG, MAIL_FILTER_REJECT, 0, 1, NULL},
        {"Hello",
         "open bad-program",
         MAIL_FILTER_TAG,
         MAIL_FILTER_TAG,
         1,
         0,
         "infected (Condiment.A)"},
    };

    static const char *const relayed[] = {"hamburger.edu", NULL};
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        MailWorld world;
        mail_world_init(&world, 1);
        MailSite *crepes = mail_world_add(&world, "crepes.fr", mail_world_options());
        mail_site_add_mailbox(crepes, ALICE);
        TransferAgentOptions options = mail_world_options();
        options.relay_domains = relayed;
        options.next_hop = "mail.hamburger.edu";
        MailSite *hop =
            mail_world_add_server(&world, "hamburger.edu", "filter.hamburger.edu", NULL, options);
        MailSite *burger = mail_world_add_server(
            &world, "hamburger.edu", "mail.hamburger.edu", "hamburger.edu", mail_world_options()
        );
        mail_site_add_mailbox(burger, BOB);
        mail_world_record(&world, "hamburger.edu", "@", "MX", "10 filter.hamburger.edu.");
        g_autoptr(MailFilter) filter = mail_filter_new();
        mail_filter_add_word(filter, "Lottery", 40);
        mail_filter_add_virus(filter, "Condiment.A", BYTE_SPAN_LITERAL("bad-program"));
        mail_filter_set_spam_action(filter, cases[i].spam);
        mail_filter_set_virus_action(filter, cases[i].virus);
        transfer_agent_set_filter(hop->agent, filter);
        mail_world_start(&world);
        mail_world_send_text(&world, crepes, ALICE, BOB, cases[i].subject, cases[i].text);
        mail_world_run(&world, SIM_MINUTE);
        assert_int_equal(mail_site_count(burger, BOB), cases[i].delivered);
        assert_int_equal(mail_site_count(crepes, ALICE), cases[i].reports);
        if (cases[i].holds != NULL) {
            g_autofree char *text = mail_site_text(burger, BOB, 0);
            assert_holds(text, cases[i].holds);
        }
        mail_world_clear(&world, "mail-filter");
    }
}

/* Anyone can say any MAIL FROM; a server may believe less than SMTP does. */
static void test_forged_senders(void **state)
{
    static const struct {
        TransferSenders senders;
        const char *from;
        const char *said; /* NULL: it is taken */
    } cases[] = {
        {TRANSFER_SENDERS_BELIEVED, "president@hamburger.edu", NULL},
        {TRANSFER_SENDERS_OWN_ONLY_FROM_INSIDE, "president@hamburger.edu", "550 5.7.1 Senders of"},
        {TRANSFER_SENDERS_OWN_ONLY_FROM_INSIDE, "x@nosuch.example", NULL},
        {TRANSFER_SENDERS_MUST_EXIST, "x@nosuch.example", "550 5.1.8 nosuch.example"},
        {TRANSFER_SENDERS_MUST_EXIST, ALICE, NULL},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Pairing pairing;
        TransferAgentOptions options = mail_world_options();
        options.senders = cases[i].senders;
        pairing_init(&pairing, options);
        mail_world_send(&pairing.world, pairing.crepes, cases[i].from, BOB);
        mail_world_run(&pairing.world, SIM_MINUTE);
        assert_int_equal(mail_site_count(pairing.burger, BOB), cases[i].said == NULL ? 1 : 0);
        if (cases[i].said != NULL) {
            assert_true(mail_world_said(&pairing.world, cases[i].said) >= 1);
        }
        mail_world_clear(&pairing.world, "mail-forged");
    }
}

/* --- what addresses stand for --- */

static void test_aliases(void **state)
{
    Pairing pairing;
    (void)state;
    pairing_init(&pairing, mail_world_options());
    mail_site_add_mailbox(pairing.burger, "carol@hamburger.edu");
    transfer_agent_add_alias(
        pairing.burger->agent, "sales@hamburger.edu", BOB ", carol@hamburger.edu"
    );
    transfer_agent_add_alias(
        pairing.burger->agent, "all@hamburger.edu", "sales@hamburger.edu, all@hamburger.edu"
    );
    transfer_agent_add_alias(pairing.burger->agent, "postmaster@hamburger.edu", BOB);
    send_to(&pairing, "All@Hamburger.EDU");
    assert_int_equal(mail_site_count(pairing.burger, BOB), 1);
    assert_int_equal(mail_site_count(pairing.burger, "carol@hamburger.edu"), 1);
    send_to(&pairing, "postmaster@hamburger.edu");
    assert_int_equal(mail_site_count(pairing.burger, BOB), 2);
    mail_world_clear(&pairing.world, "mail-aliases");
}

static void test_moved_people(void **state)
{
    (void)state;
    for (guint i = 0; i < 2; i++) {
        Pairing pairing;
        pairing_init(&pairing, mail_world_options());
        mail_site_add_mailbox(pairing.crepes, "carol@crepes.fr");
        transfer_agent_add_moved(
            pairing.burger->agent, "carol@hamburger.edu", "carol@crepes.fr", i == 0
        );
        send_to(&pairing, "carol@hamburger.edu");
        if (i == 0) {
            assert_int_equal(mail_site_count(pairing.crepes, "carol@crepes.fr"), 1);
            g_autofree char *text = mail_site_text(pairing.crepes, "carol@crepes.fr", 0);
            assert_holds(text, "Return-Path: <alice@crepes.fr>");
            assert_holds(text, "from mail.hamburger.edu");
        } else {
            assert_said(
                &pairing.world, "551 5.1.6 User not local; please try <carol@crepes.fr>", 1
            );
            assert_int_equal(mail_site_count(pairing.crepes, ALICE), 1);
        }
        mail_world_clear(&pairing.world, "mail-moved");
    }
}

/* Each forwards to the other: the same server sees the circle, two servers count hops. */
static void test_forwarding_in_a_circle(void **state)
{
    Pairing pairing;
    (void)state;
    pairing_init(&pairing, mail_world_options());
    transfer_agent_add_alias(pairing.burger->agent, "a@hamburger.edu", "b@hamburger.edu");
    transfer_agent_add_alias(pairing.burger->agent, "b@hamburger.edu", "a@hamburger.edu");
    transfer_agent_add_alias(pairing.burger->agent, "c@hamburger.edu", "c@crepes.fr");
    transfer_agent_add_alias(pairing.crepes->agent, "c@crepes.fr", "c@hamburger.edu");
    send_to(&pairing, "a@hamburger.edu");
    assert_said(&pairing.world, "goes on to nobody new", 1);
    send_to(&pairing, "c@hamburger.edu");
    assert_said(&pairing.world, "554 5.4.6 Too many hops", 1);
    assert_int_equal(mail_site_count(pairing.crepes, ALICE), 1);
    mail_world_clear(&pairing.world, "mail-forwarding-circle");
}

static void test_catch_all_and_subaddresses(void **state)
{
    Pairing pairing;
    (void)state;
    pairing_init(&pairing, mail_world_options());
    transfer_agent_set_subaddressing(pairing.burger->agent, '+');
    mail_store_create(pairing.burger->store, BOB, "lists", 0, NULL);
    send_to(&pairing, "bob+lists@hamburger.edu");
    send_to(&pairing, "bob+else@hamburger.edu");
    assert_int_equal(mail_site_count(pairing.burger, BOB), 1);
    g_autoptr(MailFolder) lists = NULL;
    assert_int_equal(
        mail_folder_open(pairing.burger->store, BOB, "lists", &lists, NULL), MAIL_STORE_DONE
    );
    assert_int_equal(mail_folder_count(lists), 1);
    g_clear_pointer(&lists, mail_folder_unref);
    transfer_agent_set_catch_all(pairing.burger->agent, "hamburger.edu", BOB);
    send_to(&pairing, "whoever@hamburger.edu");
    assert_int_equal(mail_site_count(pairing.burger, BOB), 2);
    mail_world_clear(&pairing.world, "mail-catch-all");
}

/* Mailboxes filled before 250 is said: nothing of it is ever in the queue. */
static void test_delivery_before_the_answer(void **state)
{
    Pairing pairing;
    TransferAgentOptions options = mail_world_options();
    (void)state;
    options.delivers_before_answer = true;
    pairing_init(&pairing, options);
    send_to(&pairing, BOB);
    assert_int_equal(mail_site_count(pairing.burger, BOB), 1);
    assert_said(&pairing.world, "queue of mail.hamburger.edu", 0);
    mail_world_clear(&pairing.world, "mail-before-answer");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_relay_is_refused_to_strangers),
        cmocka_unit_test(test_unknown_user),
        cmocka_unit_test(test_full_mailbox),
        cmocka_unit_test(test_too_big),
        cmocka_unit_test(test_greylisting),
        cmocka_unit_test(test_blocklist),
        cmocka_unit_test(test_filter),
        cmocka_unit_test(test_forged_senders),
        cmocka_unit_test(test_aliases),
        cmocka_unit_test(test_moved_people),
        cmocka_unit_test(test_forwarding_in_a_circle),
        cmocka_unit_test(test_catch_all_and_subaddresses),
        cmocka_unit_test(test_delivery_before_the_answer),
    };
    return cmocka_run_group_tests_name("transfer-policy", tests, NULL, NULL);
}
