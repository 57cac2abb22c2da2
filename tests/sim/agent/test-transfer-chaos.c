/* Worlds made of a seed: some organisations and their mail, and everything that may go wrong: lost
 * and damaged frames, servers and name servers that go down in the middle of a word and come up
 * again, full mailboxes, backups, lists, filters, greylisting, replies that refuse. In the end the
 * books close, and no mailbox holds a message more often than they say.
 *
 *     MAILWALK_CHAOS_WORLDS=1000 sim-test-transfer-chaos       so many; 40 unless set
 *     MAILWALK_CHAOS_SEED=17 sim-test-transfer-chaos           this one only, with all it says
 */

#include "tests/sim/agent/mail-world.h"

#include "sim/agent/list-server.h"

#define WORLDS_DEFAULT 40
#define SITES_MAXIMUM 6
#define PEOPLE 3
#define LONG_ENOUGH (40 * SIM_DAY) /* each server on the way may take its five days */

typedef struct {
    MailWorld world;
    SimRandom random;
    guint site_count;
    MailSite *sites[SITES_MAXIMUM];
    ListServer *list;
    GPtrArray *hosts; /* SimHost that may go down: servers of mail and of names */
    guint sent;
} Chaos;

static guint below(Chaos *chaos, guint limit)
{
    return (guint)sim_random_below(&chaos->random, limit);
}

static bool happens(Chaos *chaos, guint percent)
{
    return below(chaos, 100) < percent;
}

static TransferAgentOptions choose_options(Chaos *chaos)
{
    TransferAgentOptions options = mail_world_options();
    options.may_pipeline = happens(chaos, 70);
    options.may_chunk = happens(chaos, 30);
    options.recipients_at_once = 1 + below(chaos, 5);
    options.messages_at_once = 1 + below(chaos, 5);
    options.connections_at_once = 1 + below(chaos, 3);
    options.idle_connection = happens(chaos, 30) ? 10 * SIM_SECOND : 0;
    options.maximum_recipients = happens(chaos, 20) ? 2 : 1000;
    options.full_is_permanent = happens(chaos, 50);
    options.delivers_before_answer = happens(chaos, 30);
    options.lifetime = happens(chaos, 30) ? 6 * SIM_HOUR : 5 * SIM_DAY;
    options.warn_after = happens(chaos, 50) ? SIM_HOUR : 4 * SIM_HOUR;
    options.offers &= happens(chaos, 20) ? ~(guint32)SMTP_OFFER_DSN : G_MAXUINT32;
    options.offers &= happens(chaos, 10) ? ~(guint32)SMTP_OFFER_EHLO : G_MAXUINT32;
    options.senders = happens(chaos, 20) ? TRANSFER_SENDERS_MUST_EXIST : TRANSFER_SENDERS_BELIEVED;
    return options;
}

static char *person(guint number, guint site)
{
    return g_strdup_printf("person%u@org%u.example", number, site);
}

static void furnish(Chaos *chaos, guint index)
{
    MailSite *site = chaos->sites[index];
    for (guint i = 0; i < PEOPLE; i++) {
        g_autofree char *address = person(i, index);
        mail_site_add_mailbox(site, address);
        if (happens(chaos, 15)) {
            transfer_agent_set_quota(
                site->agent, address, (MailQuota){.messages = 1 + below(chaos, 3)}, NULL
            );
        }
    }
    g_autofree char *alias = g_strdup_printf("all@org%u.example", index);
    g_autofree char *targets = g_strdup_printf(
        "person0@org%u.example, person1@org%u.example, moved@org%u.example",
        index,
        below(chaos, chaos->site_count),
        below(chaos, chaos->site_count)
    );
    g_autofree char *moved = g_strdup_printf("moved@org%u.example", index);
    g_autofree char *new_address = person(2, below(chaos, chaos->site_count));
    transfer_agent_add_alias(site->agent, alias, targets);
    transfer_agent_add_moved(site->agent, moved, new_address, happens(chaos, 70));
    if (happens(chaos, 20)) {
        transfer_agent_set_greylisting(site->agent, 3 * SIM_MINUTE, SIM_DAY);
    }
}

static void add_fault(Chaos *chaos)
{
    static const SmtpReply replies[] = {
        {.code = 451, .enhanced = "4.3.0", .text = "Not now"},
        {.code = 421, .enhanced = "4.3.2", .text = "Going down"},
        {.code = 550, .enhanced = "5.7.1", .text = "Never"},
        {.code = 0},
    };
    TransferFault fault = {
        .stage = below(chaos, N_TRANSFER_STAGES),
        .reply = replies[below(chaos, G_N_ELEMENTS(replies))],
        .times = 1 + below(chaos, 3),
    };
    transfer_agent_add_fault(chaos->sites[below(chaos, chaos->site_count)]->agent, &fault);
}

static void add_backup(Chaos *chaos, guint index)
{
    static const char *relayed[2];
    TransferAgentOptions options = choose_options(chaos);
    g_autofree char *network = g_strdup_printf("backup%u.example", index);
    g_autofree char *server = g_strdup_printf("mx.backup%u.example", index);
    g_autofree char *record = g_strdup_printf("%u %s.", 5 + below(chaos, 20), server);
    relayed[0] = chaos->sites[index]->domain;
    options.relay_domains = relayed;
    options.senders = TRANSFER_SENDERS_BELIEVED;
    mail_world_add_server(&chaos->world, network, server, NULL, options);
    mail_world_record(&chaos->world, chaos->sites[index]->domain, "@", "MX", record);
}

static void spoil_links(Chaos *chaos)
{
    SimLinkSettings settings = *sim_link_settings(sim_internet_backbone(chaos->world.internet));
    settings.loss = below(chaos, 100000);
    settings.duplication = below(chaos, 20000);
    settings.corruption = below(chaos, 20000);
    settings.reordering = below(chaos, 100000);
    settings.jitter = below(chaos, 20) * SIM_MILLISECOND;
    sim_link_set_settings(sim_internet_backbone(chaos->world.internet), &settings);
}

static void gather_hosts(Chaos *chaos)
{
    for (guint i = 0; i < chaos->world.sites->len; i++) {
        g_ptr_array_add(chaos->hosts, ((MailSite *)chaos->world.sites->pdata[i])->host);
    }
    for (guint i = 0; i < chaos->site_count; i++) {
        g_autofree char *name = g_strdup_printf("ns1.org%u.example", i);
        SimHost *host = sim_host_find(chaos->world.world, name);
        assert_non_null(host);
        g_ptr_array_add(chaos->hosts, host);
    }
}

static void chaos_init(Chaos *chaos, guint64 seed)
{
    *chaos = (Chaos){.hosts = g_ptr_array_new()};
    sim_random_init(&chaos->random, seed);
    mail_world_init(&chaos->world, seed);
    chaos->site_count = 2 + below(chaos, SITES_MAXIMUM - 1);
    for (guint i = 0; i < chaos->site_count; i++) {
        g_autofree char *domain = g_strdup_printf("org%u.example", i);
        chaos->sites[i] = mail_world_add(&chaos->world, domain, choose_options(chaos));
        furnish(chaos, i);
        if (happens(chaos, 30)) {
            add_backup(chaos, i);
        }
    }
    for (guint i = below(chaos, 6); i > 0; i--) {
        add_fault(chaos);
    }
    ListServerOptions options = {
        .address = "list@org0.example", .owner = "person0@org1.example", .bounce_limit = 3};
    chaos->list = list_server_new(chaos->sites[0]->agent, &options);
    mail_world_start(&chaos->world);
    for (guint i = 0; i < chaos->site_count; i++) {
        g_autofree char *address = person(below(chaos, PEOPLE + 1), i);
        list_server_add_member(chaos->list, address, happens(chaos, 30));
    }
    gather_hosts(chaos);
    spoil_links(chaos);
}

static char *choose_recipient(Chaos *chaos)
{
    guint site = below(chaos, chaos->site_count);
    switch (below(chaos, 12)) {
    case 0:
        return g_strdup_printf("nobody@org%u.example", site);
    case 1:
        return g_strdup_printf("all@org%u.example", site);
    case 2:
        return g_strdup_printf("moved@org%u.example", site);
    case 3:
        return g_strdup("list@org0.example");
    case 4:
        return g_strdup("somebody@nosuch.example");
    default:
        return person(below(chaos, PEOPLE), site);
    }
}

static void send_something(Chaos *chaos)
{
    guint site = below(chaos, chaos->site_count);
    g_autofree char *from = happens(chaos, 5) ? g_strdup("") : person(below(chaos, PEOPLE), site);
    g_autoptr(GString) to = g_string_new(NULL);
    for (guint i = 1 + below(chaos, 4); i > 0; i--) {
        g_autofree char *recipient = choose_recipient(chaos);
        if (strstr(to->str, recipient) == NULL) {
            g_string_append_printf(to, "%s%s", to->len > 0 ? ", " : "", recipient);
        }
    }
    g_autofree char *text = g_strnfill(10 + below(chaos, 8000), 'x');
    for (guint i = 60; text[i - 60] != '\0' && i < strlen(text); i += 61) {
        text[i] = '\n';
    }
    if (sim_host_is_up(chaos->sites[site]->host)) {
        mail_world_send_text(&chaos->world, chaos->sites[site], from, to->str, "Chaos", text);
        chaos->sent++;
    }
}

/* Servers stop at any event, not only between two of them. */
static void step_a_little(Chaos *chaos)
{
    for (guint i = below(chaos, 400); i > 0; i--) {
        sim_world_step(chaos->world.world);
    }
}

static void turn_a_host(Chaos *chaos)
{
    SimHost *host = g_ptr_array_index(chaos->hosts, below(chaos, chaos->hosts->len));
    sim_host_set_up(host, !sim_host_is_up(host));
}

static void play(Chaos *chaos)
{
    for (guint i = 20 + below(chaos, 40); i > 0; i--) {
        switch (below(chaos, 4)) {
        case 0:
        case 1:
            send_something(chaos);
            break;
        case 2:
            turn_a_host(chaos);
            break;
        case 3:
            mail_world_run(&chaos->world, below(chaos, 40) * SIM_MINUTE / (1 + below(chaos, 100)));
            break;
        }
        step_a_little(chaos);
    }
    for (guint i = 0; i < chaos->hosts->len; i++) {
        sim_host_set_up(g_ptr_array_index(chaos->hosts, i), true);
    }
}

static guint64 count_mailboxes(const Chaos *chaos)
{
    guint64 count = 0;
    for (guint i = 0; i < chaos->site_count; i++) {
        for (guint j = 0; j < PEOPLE; j++) {
            g_autofree char *address = person(j, i);
            count += mail_site_count(chaos->sites[i], address);
        }
    }
    return count;
}

/* What the list server took is delivered too, and lies in no mailbox. */
static guint64 count_taken_by_list(const Chaos *chaos)
{
    guint64 count = 0;
    count += mail_world_said(&chaos->world, "is handed to the program behind list@org0.example");
    count +=
        mail_world_said(&chaos->world, "is handed to the program behind list-bounces@org0.example");
    count +=
        mail_world_said(&chaos->world, "is handed to the program behind list-request@org0.example");
    return count;
}

static guint queue_lengths(const Chaos *chaos)
{
    guint length = 0;
    for (guint i = 0; i < chaos->world.sites->len; i++) {
        const MailSite *site = g_ptr_array_index(chaos->world.sites, i);
        length += outgoing_queue_length(transfer_agent_queue(site->agent));
    }
    return length;
}

static AccountingTotals run_world(guint64 seed, bool is_shown)
{
    Chaos chaos;
    chaos_init(&chaos, seed);
    play(&chaos);
    mail_world_close(&chaos.world); /* in the middle of it too */
    mail_world_run(&chaos.world, LONG_ENOUGH);
    if (is_shown) {
        mail_world_print(&chaos.world);
    }
    mail_world_close(&chaos.world);
    AccountingTotals totals = chaos.world.totals;
    assert_int_equal(queue_lengths(&chaos), 0);
    assert_int_equal(totals.queued, 0);
    assert_int_equal(totals.delivered, count_mailboxes(&chaos) + count_taken_by_list(&chaos));
    list_server_free(chaos.list);
    g_ptr_array_unref(chaos.hosts);
    g_autofree char *name = g_strdup_printf("chaos-%" G_GUINT64_FORMAT, seed);
    mail_world_clear(&chaos.world, name);
    return totals;
}

static void add(AccountingTotals *sum, const AccountingTotals *totals)
{
    sum->messages += totals->messages;
    sum->recipients += totals->recipients;
    sum->delivered += totals->delivered;
    sum->relayed += totals->relayed;
    sum->expanded += totals->expanded;
    sum->failed += totals->failed;
    sum->expired += totals->expired;
    sum->twice += totals->twice;
    sum->reports += totals->reports;
}

static guint64 seed_under_way;

/* A failing world names the command that repeats it, however it failed. */
static int tell_seed(void **state)
{
    (void)state;
    if (seed_under_way != 0) {
        print_message(
            "repeat it with: MAILWALK_CHAOS_SEED=%" G_GUINT64_FORMAT " %s\n",
            seed_under_way,
            g_get_prgname()
        );
    }
    return 0;
}

static void test_books_close(void **state)
{
    const char *one = g_getenv("MAILWALK_CHAOS_SEED");
    const char *many = g_getenv("MAILWALK_CHAOS_WORLDS");
    AccountingTotals sum = {0};
    guint64 first = one == NULL ? 1 : g_ascii_strtoull(one, NULL, 10);
    guint64 count = one != NULL    ? 1
                    : many == NULL ? WORLDS_DEFAULT
                                   : g_ascii_strtoull(many, NULL, 10);
    (void)state;
    for (guint64 seed = first; seed < first + count; seed++) {
        seed_under_way = seed;
        AccountingTotals totals = run_world(seed, one != NULL);
        add(&sum, &totals);
    }
    seed_under_way = 0;
    g_autofree char *text = accounting_totals_text(&sum);
    print_message(
        "# %" G_GUINT64_FORMAT " worlds: %s; %" G_GUINT64_FORMAT " reports\n",
        count,
        text,
        sum.reports
    );
    if (count >= WORLDS_DEFAULT) { /* chaos that breaks nothing would prove nothing */
        assert_true(sum.failed > 0 && sum.expired > 0 && sum.twice > 0 && sum.expanded > 0);
    }
}

/* The same seed gives the same world, frame for frame. */
static void test_same_seed_same_world(void **state)
{
    AccountingTotals first = run_world(3, false);
    AccountingTotals second = run_world(3, false);
    (void)state;
    assert_memory_equal(&first, &second, sizeof first);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_books_close, tell_seed),
        cmocka_unit_test(test_same_seed_same_world),
    };
    g_set_prgname(argc > 0 ? argv[0] : "sim-test-transfer-chaos");
    return cmocka_run_group_tests_name("transfer-chaos", tests, NULL, NULL);
}
