/* The parts of a mail server alone: what addresses stand for, greylisting, names on block lists,
 * log-ins; and that the accounting sees what it is there to see. */

#include "tests/sim/agent/mail-world.h"

#include "sim/agent/address-book.h"
#include "sim/agent/blocklist.h"
#include "sim/agent/greylist.h"
#include "sim/agent/mail-event.h"
#include "sim/agent/user-agent.h"

#define ALICE "alice@crepes.fr"
#define BOB "bob@hamburger.edu"

static void test_address_book(void **state)
{
    static const struct {
        const char *address;
        const char *found; /* the entry's own address; NULL: none */
        const char *tag;
    } cases[] = {
        {"bob@hamburger.edu", "bob@hamburger.edu", ""},
        {"BOB@Hamburger.EDU", "bob@hamburger.edu", ""},
        {"bob+lists@hamburger.edu", "bob@hamburger.edu", "lists"},
        {"bob+@hamburger.edu", "bob@hamburger.edu", ""},
        {"+bob@hamburger.edu", NULL, ""},
        {"bob+x+y@hamburger.edu", "bob@hamburger.edu", "x+y"},
        {"carol+x@hamburger.edu", NULL, ""},
        {"whoever@crepes.fr", "alice@crepes.fr", ""},
        {"whoever@ksit.edu.in", NULL, ""},
        {"bob", NULL, ""},
        {"", NULL, ""},
    };

    g_autoptr(AddressBook) book = address_book_new();
    (void)state;
    address_book_set_separator(book, '+');
    address_book_add(book, ADDRESS_MAILBOX, BOB, NULL);
    address_book_add(book, ADDRESS_MAILBOX, ALICE, NULL);
    address_book_set_catch_all(book, "Crepes.fr", ALICE);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        ByteSpan tag;
        const AddressEntry *entry = address_book_find(book, cases[i].address, &tag);
        assert_int_equal(entry != NULL, cases[i].found != NULL);
        if (entry != NULL) {
            assert_string_equal(entry->address, cases[i].found);
        }
        assert_span(tag, cases[i].tag);
    }
}

static void test_greylist(void **state)
{
    static const struct {
        SimTime at;
        guint8 host;
        GreylistVerdict verdict;
        SimTime wait;
    } steps[] = {
        {0, 10, GREYLIST_NEW, 5 * SIM_MINUTE},
        {2 * SIM_MINUTE, 10, GREYLIST_EARLY, 3 * SIM_MINUTE},
        {5 * SIM_MINUTE, 11, GREYLIST_PASS, 0}, /* of the same network */
        {6 * SIM_MINUTE, 10, GREYLIST_PASS, 0},
        {SIM_DAY + 7 * SIM_MINUTE, 10, GREYLIST_NEW, 5 * SIM_MINUTE}, /* forgotten */
    };

    g_autoptr(Greylist) greylist = greylist_new(5 * SIM_MINUTE, SIM_DAY);
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        SimAddress client = sim_address_ipv4(192, 0, 2, steps[i].host);
        SimTime wait = -1;
        assert_int_equal(
            greylist_check(greylist, &client, ALICE, BOB, steps[i].at, &wait), steps[i].verdict
        );
        assert_int_equal(wait, steps[i].wait);
    }
}

static void test_blocklist_names(void **state)
{
    static const struct {
        const char *client;
        const char *name;
    } cases[] = {
        {"192.0.2.99", "99.2.0.192.dnsbl.example."},
        {"2001:db8::7",
         "7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.dnsbl.example."},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        SimAddress client;
        DnsName name;
        assert_true(sim_address_parse(cases[i].client, &client));
        assert_true(blocklist_name("dnsbl.example", &client, &name));
        g_autofree char *text = dns_name_to_string(&name);
        assert_string_equal(text, cases[i].name);
    }
}

/* Alice is on a journey: a stranger's network, her own server, port 587. */
static void test_log_in_from_outside(void **state)
{
    static const struct {
        const char *mechanism;
        const char *password;
        guint delivered;
    } cases[] = {
        {"PLAIN", "yummy", 1},
        {"LOGIN", "yummy", 1},
        {"CRAM-MD5", "yummy", 1},
        {"PLAIN", "wrong", 0},
        {NULL, "yummy", 0},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        MailWorld world;
        mail_world_init(&world, 1);
        TransferAgentOptions options = mail_world_options();
        options.mechanisms = "PLAIN LOGIN CRAM-MD5";
        options.requires_auth = true;
        MailSite *crepes = mail_world_add(&world, "crepes.fr", options);
        MailSite *burger = mail_world_add(&world, "hamburger.edu", mail_world_options());
        SimHost *laptop = sim_network_host(
            sim_internet_network(world.internet, "hotel.example"), "laptop.hotel.example"
        );
        mail_site_add_mailbox(crepes, ALICE);
        mail_site_add_mailbox(burger, BOB);
        transfer_agent_add_user(crepes->agent, "alice", "yummy");
        mail_world_start(&world);
        UserAgentOptions who = {
            .name = "Alice", .address = ALICE, .user = "alice", .password = cases[i].password};
        UserAgent *alice = user_agent_new(laptop, &who);
        UserAgentMail mail = {.to = BOB, .subject = "Hello", .body = "From the hotel\n"};
        user_agent_compose(alice, &mail);
        UserAgentSending sending = {
            .server = *sim_host_address(crepes->host, SIM_FAMILY_IPV4),
            .port = 587,
            .mechanism = cases[i].mechanism,
        };
        user_agent_send(alice, &sending);
        mail_world_run(&world, SIM_MINUTE);
        assert_int_equal(mail_site_count(burger, BOB), cases[i].delivered);
        if (cases[i].delivered > 0) {
            g_autofree char *text = mail_site_text(burger, BOB, 0);
            assert_holds(text, "with ESMTPA id");
        }
        user_agent_free(alice);
        mail_world_clear(&world, "mail-log-in");
    }
}

/* --- the accounting is told lies --- */

typedef struct {
    MailDeed deed;
    const char *by;
    const char *message;
    const char *recipient;
    const char *recipients;
    const char *origin;
    const char *previous;
    const char *server;
    const char *taken;
} Told;

/* The id comes first, further fields may follow it. */
#define ACCEPTED(host, ...)                                                                        \
    {                                                                                              \
        .deed = MAIL_DEED_ACCEPTED, .by = host, .recipients = BOB, .origin = "smtp",               \
        .message = __VA_ARGS__                                                                     \
    }
#define FATE(what, host, ...)                                                                      \
    {                                                                                              \
        .deed = what, .by = host, .recipient = BOB, .message = __VA_ARGS__                         \
    }

static const struct {
    Told told[5];
    const char *violation; /* NULL: the books close */
    guint twice;
} lies[] = {
    {.told = {ACCEPTED("a", "1"), FATE(MAIL_DEED_DELIVERED, "a", "1")}},
    {.told =
         {ACCEPTED("a", "1"),
          FATE(MAIL_DEED_DELIVERED, "a", "1"),
          FATE(MAIL_DEED_DELIVERED, "a", "1")},
     .violation = "has ended more than once"},
    {.told = {FATE(MAIL_DEED_DELIVERED, "a", "1")}, .violation = "nobody has accepted"},
    {.told = {ACCEPTED("a", "1"), ACCEPTED("a", "1")}, .violation = "an id was given twice"},
    {.told = {ACCEPTED("a", "1"), FATE(MAIL_DEED_FAILED, "a", "1")},
     .violation = "failed and nobody was told"},
    {.told =
         {ACCEPTED("a", "1"),
          FATE(MAIL_DEED_FAILED, "a", "1"),
          FATE(MAIL_DEED_REPORTED, "a", "1", .recipients = BOB)}},
    {.told =
         {ACCEPTED("a", "1"),
          FATE(MAIL_DEED_RELAYED, "a", "1", .server = "b", .taken = "7"),
          ACCEPTED("b", "7", .previous = "a 1"),
          FATE(MAIL_DEED_DELIVERED, "b", "7")}},
    {.told = {ACCEPTED("a", "1"), ACCEPTED("b", "7", .previous = "a 1")},
     .violation = "arrived and was not handed over"},
    {.told =
         {ACCEPTED("a", "1"),
          FATE(MAIL_DEED_UNCERTAIN, "a", "1", .server = "b"),
          ACCEPTED("b", "7", .previous = "a 1")},
     .twice = 1},
    {.told =
         {ACCEPTED("a", "1"),
          FATE(MAIL_DEED_RELAYED, "a", "1", .server = "b", .taken = "8"),
          ACCEPTED("b", "7", .previous = "a 1"),
          ACCEPTED("b", "8", .previous = "a 1")},
     .violation = "arrived and was not handed over"},
};

static void tell(SimWorld *world, const Told *told)
{
    MailEvent event = {
        .deed = told->deed,
        .kind = WORLD_EVENT_QUEUE,
        .by = told->by,
        .message = told->message,
        .recipient = told->recipient,
        .recipients = told->recipients,
        .origin = told->origin,
        .previous = told->previous,
        .server = told->server,
        .taken = told->taken,
    };
    mail_event_emit(world, NULL, &event, "%s", mail_deed_name(told->deed));
}

static void test_accounting_sees_lies(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(lies); i++) {
        SimWorld *world = sim_world_new(1);
        Accounting *accounting = accounting_new(world);
        AccountingResult result;
        for (gsize j = 0; j < G_N_ELEMENTS(lies[i].told) && lies[i].told[j].by != NULL; j++) {
            tell(world, &lies[i].told[j]);
        }
        accounting_close(accounting, &result);
        assert_int_equal(result.violations->len, lies[i].violation == NULL ? 0 : 1);
        if (lies[i].violation != NULL) {
            assert_holds((const char *)result.violations->pdata[0], lies[i].violation);
        }
        assert_int_equal(result.twice->len, lies[i].twice);
        accounting_result_clear(&result);
        accounting_free(accounting);
        sim_world_free(world);
    }
}

/* A message that vanishes from the queue without a word. */
static void test_accounting_misses_a_message(void **state)
{
    MailWorld world;
    AccountingResult result;
    (void)state;
    mail_world_init(&world, 1);
    MailSite *crepes = mail_world_add(&world, "crepes.fr", mail_world_options());
    mail_world_start(&world);
    mail_world_send(&world, crepes, ALICE, BOB);
    OutgoingQueue *queue = transfer_agent_queue(crepes->agent);
    assert_true(outgoing_queue_remove(queue, outgoing_queue_first(queue), NULL));
    accounting_close(world.accounting, &result);
    assert_int_equal(result.violations->len, 1);
    assert_holds((const char *)result.violations->pdata[0], "is lost");
    accounting_result_clear(&result);
    accounting_free(world.accounting);
    world.accounting = accounting_new(world.world);
    mail_world_clear(&world, "mail-lost");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address_book),
        cmocka_unit_test(test_greylist),
        cmocka_unit_test(test_blocklist_names),
        cmocka_unit_test(test_log_in_from_outside),
        cmocka_unit_test(test_accounting_sees_lies),
        cmocka_unit_test(test_accounting_misses_a_message),
    };
    return cmocka_run_group_tests_name("mail-parts", tests, NULL, NULL);
}
