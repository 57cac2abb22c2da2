/* What waits: the schedule, reports and what DSN parameters ask for, restarts in mid-transaction,
 * many recipients, one connection for many messages. */

#include "tests/sim/agent/mail-world.h"

#define ALICE "alice@crepes.fr"
#define BOB "bob@hamburger.edu"

typedef struct {
    MailWorld world;
    MailSite *crepes;
    MailSite *burger;
} Pairing;

static void pairing_init(Pairing *pairing, TransferAgentOptions crepes, TransferAgentOptions burger)
{
    mail_world_init(&pairing->world, 1);
    pairing->crepes = mail_world_add(&pairing->world, "crepes.fr", crepes);
    pairing->burger = mail_world_add(&pairing->world, "hamburger.edu", burger);
    mail_site_add_mailbox(pairing->crepes, ALICE);
    mail_site_add_mailbox(pairing->burger, BOB);
    mail_world_start(&pairing->world);
}

static void pairing_init_usual(Pairing *pairing)
{
    pairing_init(pairing, mail_world_options(), mail_world_options());
}

static guint queue_length(const MailSite *site)
{
    return outgoing_queue_length(transfer_agent_queue(site->agent));
}

static void
set_fault(MailSite *site, TransferStage stage, guint code, const char *enhanced, guint times)
{
    TransferFault fault = {
        .stage = stage,
        .reply = SMTP_REPLY(code, enhanced, "On purpose"),
        .times = times,
    };
    transfer_agent_add_fault(site->agent, &fault);
}

/* --- the schedule --- */

/* First after five minutes, then every thirty. */
static void test_retries(void **state)
{
    Pairing pairing;
    (void)state;
    pairing_init_usual(&pairing);
    set_fault(pairing.burger, TRANSFER_AT_RCPT, 450, "4.2.0", 3);
    mail_world_send(&pairing.world, pairing.crepes, ALICE, BOB);
    mail_world_run(&pairing.world, SIM_SECOND);
    assert_said(&pairing.world, "09:00 mail.crepes.fr: attempt 1 to bring", 1);
    assert_said(&pairing.world, "will try message", 1);
    assert_said(&pairing.world, "again at 2026-01-05 09:05", 1);
    mail_world_run(&pairing.world, 64 * SIM_MINUTE);
    assert_said(&pairing.world, "09:05 mail.crepes.fr: attempt 2 to bring", 1);
    assert_said(&pairing.world, "09:35 mail.crepes.fr: attempt 3 to bring", 1);
    assert_said(&pairing.world, "failed: 450 4.2.0 On purpose", 3);
    assert_int_equal(mail_site_count(pairing.burger, BOB), 0);
    mail_world_run(&pairing.world, 2 * SIM_MINUTE);
    assert_int_equal(mail_site_count(pairing.burger, BOB), 1);
    assert_int_equal(queue_length(pairing.crepes), 0);
    mail_world_clear(&pairing.world, "mail-retries");
}

/* A warning after four hours, a report after five days, the message given back. */
static void test_given_up(void **state)
{
    Pairing pairing;
    (void)state;
    pairing_init_usual(&pairing);
    sim_host_set_up(pairing.burger->host, false);
    mail_world_send(&pairing.world, pairing.crepes, ALICE, BOB);
    mail_world_run(&pairing.world, 4 * SIM_HOUR - SIM_MINUTE);
    assert_int_equal(mail_site_count(pairing.crepes, ALICE), 0);
    mail_world_run(&pairing.world, SIM_HOUR);
    assert_int_equal(mail_site_count(pairing.crepes, ALICE), 1);
    g_autofree char *warning = mail_site_text(pairing.crepes, ALICE, 0);
    assert_holds(warning, "Action: delayed");
    assert_holds(warning, "Will-Retry-Until: Sat, 10 Jan 2026 09:00:00 +0000");
    mail_world_run(&pairing.world, 5 * SIM_DAY);
    assert_int_equal(mail_site_count(pairing.crepes, ALICE), 2);
    g_autofree char *report = mail_site_text(pairing.crepes, ALICE, 1);
    assert_holds(report, "Action: failed");
    assert_holds(report, "Status: 4.4.1");
    assert_holds(report, "Final-Recipient: rfc822;bob@hamburger.edu");
    assert_holds(report, "report-type=delivery-status");
    assert_said(&pairing.world, "gives message", 1);
    assert_int_equal(queue_length(pairing.crepes), 0);
    mail_world_clear(&pairing.world, "mail-given-up");
    assert_int_equal(pairing.world.totals.expired, 1);
}

static void test_no_report_of_a_report(void **state)
{
    Pairing pairing;
    (void)state;
    pairing_init_usual(&pairing);
    mail_world_send(&pairing.world, pairing.crepes, "", "nobody@hamburger.edu");
    mail_world_run(&pairing.world, SIM_HOUR);
    assert_said(&pairing.world, "550 5.1.1 No such user here", 1);
    assert_said(&pairing.world, "its reverse-path is empty", 1);
    assert_said(&pairing.world, "reports to", 0);
    mail_world_clear(&pairing.world, "mail-no-double-report");
}

/* --- what the sender asks for --- */

/* Through a server in the organisation, so that the parameters travel. */
static void submit(Pairing *pairing, const char *to, guint notify, const char *original)
{
    static const char text[] = "From: alice@crepes.fr\r\n"
                               "Date: Mon, 5 Jan 2026 09:00:00 +0000\r\n\r\nHello\r\n";
    g_autoptr(GBytes) octets = g_bytes_new_static(text, sizeof text - 1);
    const char *const recipients[] = {to, NULL};
    const char *id =
        transfer_agent_submit(pairing->crepes->agent, ALICE, recipients, octets, "user", NULL);
    QueueEntry *entry = outgoing_queue_find(transfer_agent_queue(pairing->crepes->agent), id);
    entry->envelope_id = g_strdup("QQ314159");
    entry->returns = QUEUE_RETURN_FULL;
    entry->recipients[0].notify = notify;
    entry->recipients[0].original_recipient = g_strdup(original);
}

static void test_reports_as_asked(void **state)
{
    static const struct {
        const char *to;
        guint notify;
        guint reports;
        const char *holds;
    } cases[] = {
        {BOB, 0, 0, NULL},
        {BOB, QUEUE_NOTIFY_FAILURE, 0, NULL},
        {BOB, QUEUE_NOTIFY_SUCCESS, 1, "Action: delivered"},
        {"nobody@hamburger.edu", 0, 1, "Status: 5.1.1"},
        {"nobody@hamburger.edu", QUEUE_NOTIFY_FAILURE | QUEUE_NOTIFY_DELAY, 1, "Hello"},
        {"nobody@hamburger.edu", QUEUE_NOTIFY_SUCCESS, 0, NULL},
        {"nobody@hamburger.edu", QUEUE_NOTIFY_NEVER, 0, NULL},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Pairing pairing;
        pairing_init_usual(&pairing);
        submit(&pairing, cases[i].to, cases[i].notify, "rfc822;robert@hamburger.edu");
        mail_world_run(&pairing.world, SIM_MINUTE);
        assert_int_equal(mail_site_count(pairing.crepes, ALICE), cases[i].reports);
        if (cases[i].reports > 0) {
            g_autofree char *report = mail_site_text(pairing.crepes, ALICE, 0);
            assert_holds(report, cases[i].holds);
            assert_holds(report, "Original-Envelope-Id: QQ314159");
            assert_holds(report, "Original-Recipient: rfc822;robert@hamburger.edu");
        }
        mail_world_clear(&pairing.world, "mail-reports");
    }
}

/* RFC 3461 §5.2.2: the next server knows nothing of DSN, so this one says "relayed". */
static void test_relayed_report(void **state)
{
    Pairing pairing;
    TransferAgentOptions old = mail_world_options();
    (void)state;
    old.offers &= ~(guint32)SMTP_OFFER_DSN;
    pairing_init(&pairing, mail_world_options(), old);
    submit(&pairing, BOB, QUEUE_NOTIFY_SUCCESS, NULL);
    mail_world_run(&pairing.world, SIM_MINUTE);
    g_autofree char *report = mail_site_text(pairing.crepes, ALICE, 0);
    assert_holds(report, "Action: relayed");
    assert_int_equal(mail_site_count(pairing.burger, BOB), 1);
    mail_world_clear(&pairing.world, "mail-relayed-report");
}

/* --- transactions --- */

static guint count_in_capture(const Pairing *pairing, const char *text)
{
    guint count = 0;
    gsize length = strlen(text);
    for (gsize i = 0; i < frame_log_count(pairing->world.capture.log); i++) {
        ByteSpan octets = frame_log_get(pairing->world.capture.log, i).octets;
        for (gsize at = 0; at + length <= octets.length; at++) {
            count += memcmp(octets.data + at, text, length) == 0 ? 1 : 0;
        }
    }
    return count;
}

static void test_many_recipients_in_one_transaction(void **state)
{
    Pairing pairing;
    (void)state;
    mail_world_init(&pairing.world, 1);
    pairing.crepes = mail_world_add(&pairing.world, "crepes.fr", mail_world_options());
    pairing.burger = mail_world_add(&pairing.world, "hamburger.edu", mail_world_options());
    MailSite *college = mail_world_add(&pairing.world, "ksit.edu.in", mail_world_options());
    mail_site_add_mailbox(pairing.burger, BOB);
    mail_site_add_mailbox(pairing.burger, "carol@hamburger.edu");
    mail_site_add_mailbox(college, "dave@ksit.edu.in");
    mail_world_start(&pairing.world);
    mail_world_send(
        &pairing.world, pairing.crepes, ALICE, BOB ", carol@hamburger.edu, dave@ksit.edu.in"
    );
    mail_world_run(&pairing.world, SIM_MINUTE);
    assert_int_equal(mail_site_count(pairing.burger, BOB), 1);
    assert_int_equal(mail_site_count(pairing.burger, "carol@hamburger.edu"), 1);
    assert_int_equal(mail_site_count(college, "dave@ksit.edu.in"), 1);
    assert_int_equal(count_in_capture(&pairing, "MAIL FROM:"), 2);
    assert_int_equal(count_in_capture(&pairing, "RCPT TO:"), 3);
    mail_world_clear(&pairing.world, "mail-many-recipients");
}

/* One of them is unknown: the others have their mail, and Alice hears of this one only. */
static void test_one_of_three_is_unknown(void **state)
{
    Pairing pairing;
    (void)state;
    pairing_init_usual(&pairing);
    mail_site_add_mailbox(pairing.burger, "carol@hamburger.edu");
    mail_world_send(
        &pairing.world, pairing.crepes, ALICE, BOB ", nobody@hamburger.edu, carol@hamburger.edu"
    );
    mail_world_run(&pairing.world, SIM_MINUTE);
    assert_int_equal(mail_site_count(pairing.burger, BOB), 1);
    assert_int_equal(mail_site_count(pairing.burger, "carol@hamburger.edu"), 1);
    g_autofree char *report = mail_site_text(pairing.crepes, ALICE, 0);
    assert_holds(report, "Final-Recipient: rfc822;nobody@hamburger.edu");
    assert_holds(report, "Diagnostic-Code: smtp; 550 5.1.1 No such user here");
    assert_null(strstr(report, "Final-Recipient: rfc822;bob@"));
    mail_world_clear(&pairing.world, "mail-one-unknown");
}

/* The server takes two at a time; the rest follows at once (RFC 5321 §4.5.3.1.10). */
static void test_too_many_recipients(void **state)
{
    Pairing pairing;
    TransferAgentOptions few = mail_world_options();
    (void)state;
    few.maximum_recipients = 2;
    pairing_init(&pairing, mail_world_options(), few);
    g_autoptr(GString) to = g_string_new(BOB);
    for (guint i = 0; i < 6; i++) {
        g_autofree char *address = g_strdup_printf("user%u@hamburger.edu", i);
        mail_site_add_mailbox(pairing.burger, address);
        g_string_append_printf(to, ", %s", address);
    }
    mail_world_send(&pairing.world, pairing.crepes, ALICE, to->str);
    mail_world_run(&pairing.world, SIM_MINUTE);
    assert_int_equal(queue_length(pairing.crepes), 0);
    for (guint i = 0; i < 6; i++) {
        g_autofree char *address = g_strdup_printf("user%u@hamburger.edu", i);
        assert_int_equal(mail_site_count(pairing.burger, address), 1);
    }
    mail_world_clear(&pairing.world, "mail-too-many");
}

static void test_one_connection_for_many_messages(void **state)
{
    static const struct {
        guint at_once;
        guint connections;
    } cases[] = {{100, 1}, {2, 3}, {1, 5}};

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Pairing pairing;
        TransferAgentOptions options = mail_world_options();
        options.messages_at_once = cases[i].at_once;
        pairing_init(&pairing, options, mail_world_options());
        for (guint j = 0; j < 5; j++) {
            mail_world_send(&pairing.world, pairing.crepes, ALICE, BOB);
        }
        mail_world_run(&pairing.world, SIM_MINUTE);
        assert_int_equal(mail_site_count(pairing.burger, BOB), 5);
        assert_int_equal(count_in_capture(&pairing, "EHLO "), cases[i].connections);
        mail_world_clear(&pairing.world, "mail-one-connection");
    }
}

static void test_idle_connection_is_used_again(void **state)
{
    Pairing pairing;
    TransferAgentOptions options = mail_world_options();
    (void)state;
    options.idle_connection = 30 * SIM_SECOND;
    pairing_init(&pairing, options, mail_world_options());
    for (guint j = 0; j < 4; j++) {
        mail_world_send(&pairing.world, pairing.crepes, ALICE, BOB);
        mail_world_run(&pairing.world, (j == 2 ? 60 : 20) * SIM_SECOND);
    }
    assert_int_equal(mail_site_count(pairing.burger, BOB), 4);
    assert_int_equal(count_in_capture(&pairing, "EHLO "), 2);
    assert_int_equal(count_in_capture(&pairing, "QUIT"), 1);
    mail_world_clear(&pairing.world, "mail-idle");
}

/* --- what breaks in the middle --- */

/* Stops when the text has been seen in a frame. */
static bool run_until_frame(Pairing *pairing, const char *text)
{
    for (guint i = 0; i < 100000 && count_in_capture(pairing, text) == 0; i++) {
        if (!sim_world_step(pairing->world.world)) {
            return false;
        }
    }
    return true;
}

/* Whichever of the two goes down, and at whichever word, the message arrives. */
static void test_restart_in_mid_transaction(void **state)
{
    static const char *const moments[] = {
        "220 ",
        "EHLO ",
        "MAIL FROM:",
        "RCPT TO:",
        "354 ",
        "ketchup",
        "queued as ",
        "QUIT",
    };
    (void)state;
    for (gsize i = 0; i < 2 * G_N_ELEMENTS(moments); i++) {
        Pairing pairing;
        pairing_init_usual(&pairing);
        SimHost *host = i % 2 == 0 ? pairing.crepes->host : pairing.burger->host;
        mail_world_send(&pairing.world, pairing.crepes, ALICE, BOB);
        assert_true(run_until_frame(&pairing, moments[i / 2]));
        sim_host_set_up(host, false);
        mail_world_run(&pairing.world, SIM_MINUTE);
        sim_host_set_up(host, true);
        mail_world_run(&pairing.world, 2 * SIM_HOUR);
        guint copies = mail_site_count(pairing.burger, BOB);
        mail_world_close(&pairing.world);
        assert_int_equal(copies, 1 + pairing.world.totals.twice);
        assert_int_equal(queue_length(pairing.crepes), 0);
        if (strcmp(moments[i / 2], "queued as ") == 0 && host == pairing.crepes->host) {
            assert_int_equal(copies, 2); /* nobody can prevent it, and it is named */
        }
        mail_world_clear(&pairing.world, "mail-restart");
    }
}

/* A server that is down for longer than a client waits. */
static void test_silent_server(void **state)
{
    Pairing pairing;
    (void)state;
    pairing_init_usual(&pairing);
    sim_host_set_port_policy(pairing.burger->host, 25, SIM_PORT_SILENT);
    mail_world_send(&pairing.world, pairing.crepes, ALICE, BOB);
    mail_world_run(&pairing.world, 10 * SIM_MINUTE);
    assert_true(mail_world_said(&pairing.world, "cannot use mail.hamburger.edu: 4.4.1") >= 1);
    sim_host_set_port_policy(pairing.burger->host, 25, SIM_PORT_OPEN);
    mail_world_run(&pairing.world, SIM_HOUR);
    assert_int_equal(mail_site_count(pairing.burger, BOB), 1);
    mail_world_clear(&pairing.world, "mail-silent");
}

static void test_faults_at_each_stage(void **state)
{
    (void)state;
    for (guint stage = 0; stage < N_TRANSFER_STAGES; stage++) {
        for (guint kind = 0; kind < 3; kind++) {
            static const struct {
                guint code;
                const char *enhanced;
            } replies[] = {{451, "4.3.0"}, {554, "5.3.0"}, {0, NULL}};

            Pairing pairing;
            pairing_init_usual(&pairing);
            bool is_permanent =
                kind == 1 && stage != TRANSFER_AT_GREETING && stage != TRANSFER_AT_HELLO;
            set_fault(pairing.burger, stage, replies[kind].code, replies[kind].enhanced, 1);
            mail_world_send(&pairing.world, pairing.crepes, ALICE, BOB);
            mail_world_run(&pairing.world, SIM_HOUR);
            mail_world_close(&pairing.world);
            assert_int_equal(mail_site_count(pairing.burger, BOB), is_permanent ? 0 : 1);
            assert_int_equal(mail_site_count(pairing.crepes, ALICE), is_permanent ? 1 : 0);
            assert_int_equal(queue_length(pairing.crepes), 0);
            mail_world_clear(&pairing.world, "mail-faults");
        }
    }
}

/* ETRN, or a person at the console. */
static void test_flush(void **state)
{
    Pairing pairing;
    (void)state;
    pairing_init_usual(&pairing);
    sim_host_set_up(pairing.burger->host, false);
    mail_world_send(&pairing.world, pairing.crepes, ALICE, BOB);
    mail_world_run(&pairing.world, 41 * SIM_MINUTE);
    sim_host_set_up(pairing.burger->host, true);
    transfer_agent_flush(pairing.crepes->agent, "ksit.edu.in");
    mail_world_run(&pairing.world, SIM_MINUTE);
    assert_int_equal(mail_site_count(pairing.burger, BOB), 0);
    transfer_agent_flush(pairing.crepes->agent, "hamburger.edu");
    mail_world_run(&pairing.world, SIM_MINUTE);
    assert_int_equal(mail_site_count(pairing.burger, BOB), 1);
    mail_world_clear(&pairing.world, "mail-flush");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_retries),
        cmocka_unit_test(test_given_up),
        cmocka_unit_test(test_no_report_of_a_report),
        cmocka_unit_test(test_reports_as_asked),
        cmocka_unit_test(test_relayed_report),
        cmocka_unit_test(test_many_recipients_in_one_transaction),
        cmocka_unit_test(test_one_of_three_is_unknown),
        cmocka_unit_test(test_too_many_recipients),
        cmocka_unit_test(test_one_connection_for_many_messages),
        cmocka_unit_test(test_idle_connection_is_used_again),
        cmocka_unit_test(test_restart_in_mid_transaction),
        cmocka_unit_test(test_silent_server),
        cmocka_unit_test(test_faults_at_each_stage),
        cmocka_unit_test(test_flush),
    };
    return cmocka_run_group_tests_name("transfer-queue", tests, NULL, NULL);
}
