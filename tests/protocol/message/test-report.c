#include "tests/support/test.h"

#include "protocol/message/report-reader.h"
#include "protocol/message/report-writer.h"

#define ORIGINAL                                                                                   \
    "From: alice@crepes.fr\r\nTo: bob@hamburger.edu\r\nSubject: Lunch?\r\n"                        \
    "Message-ID: <a1@crepes.fr>\r\nDate: Mon, 21 Nov 2022 09:00:00 +0100\r\n\r\nShall we?\r\n"

static const ReportRecipient recipients[] = {
    {
        .original_recipient = "rfc822;bob+2Bwork@hamburger.edu",
        .final_recipient = "bob@hamburger.edu",
        .action = REPORT_ACTION_FAILED,
        .status = "5.1.1",
        .remote_mta = "mx.hamburger.edu",
        .diagnostic_code = "550 5.1.1 No such user, and a text that goes on so long that it "
                           "must be folded\r\nX-Evil: yes",
        .last_attempt = 1669021100,
    },
    {
        .final_recipient = "carol@hamburger.edu",
        .action = REPORT_ACTION_DELAYED,
        .will_retry_until = 1669371200,
    },
    {
        .final_recipient = "dave@hamburger.edu",
        .action = REPORT_ACTION_RELAYED,
        .status = "2.1.9",
    },
};

static GBytes *original(void)
{
    return g_bytes_new_static(ORIGINAL, sizeof(ORIGINAL) - 1);
}

static DeliveryReport full_report(GBytes *message)
{
    return (DeliveryReport){
        .reporting_mta = "mail.crepes.fr",
        .envelope_id = "QQ+2B1",
        .received_from_mta = "pc7.crepes.fr",
        .arrival = 1669017600,
        .to = "alice@crepes.fr",
        .recipients = recipients,
        .n_recipients = G_N_ELEMENTS(recipients),
        .original = message,
        .returns_full = true,
        .seconds = 1669021200,
        .zone_minutes = 60,
        .seed = 1,
    };
}

static MimeTree *checked_tree(GBytes *message)
{
    MimeTree *tree = mime_tree_new(message, NULL);
    mime_tree_check(tree);
    g_autofree char *defects = message_defects_to_string(mime_tree_defects(tree));
    assert_string_equal(defects, "");
    return tree;
}

static void a_delivery_report_reads_back(void **state)
{
    (void)state;
    g_autoptr(GBytes) message = original();
    DeliveryReport written = full_report(message);
    g_autoptr(GBytes) octets = delivery_report_write(&written);
    g_autoptr(GBytes) again = delivery_report_write(&written);
    assert_true(g_bytes_equal(octets, again));
    g_autoptr(MimeTree) tree = checked_tree(octets);
    g_autoptr(MessageReport) report = message_report_read(tree);
    assert_non_null(report);
    assert_int_equal(report->kind, MESSAGE_REPORT_DELIVERY);
    assert_int_equal(report->defects, 0);
    assert_string_equal(report->reporting_mta, "mail.crepes.fr");
    assert_string_equal(report->envelope_id, "QQ+1");
    assert_string_equal(report->arrival, "Mon, 21 Nov 2022 09:00:00 +0100");
    assert_string_equal(report->original_message_id, "<a1@crepes.fr>");
    assert_int_equal(report->n_recipients, 3);
    const ReportedRecipient *bob = &report->recipients[0];
    assert_string_equal(bob->original_recipient, "bob+work@hamburger.edu");
    assert_string_equal(bob->final_recipient, "bob@hamburger.edu");
    assert_int_equal(bob->action, REPORT_ACTION_FAILED);
    assert_string_equal(bob->status, "5.1.1");
    assert_string_equal(bob->remote_mta, "mx.hamburger.edu");
    assert_string_equal(bob->diagnostic_type, "smtp");
    assert_string_equal(
        bob->diagnostic_code,
        "550 5.1.1 No such user, and a text that goes on so long that it must be folded "
        "X-Evil: yes"
    );
    assert_string_equal(report->recipients[1].status, "4.0.0");
    assert_string_equal(report->recipients[1].will_retry_until, "Fri, 25 Nov 2022 11:13:20 +0100");
    assert_string_equal(report->recipients[2].action_text, "relayed");
    assert_true(mime_part_is(report->original, "message", "rfc822"));
    assert_span(mime_part_raw(tree, report->original), ORIGINAL);
    const HeaderBlock *header = &mime_tree_root(tree)->header;
    g_autofree char *auto_submitted = header_block_text(header, "Auto-Submitted");
    assert_string_equal(auto_submitted, "auto-replied");
    g_autofree char *from = header_block_text(header, "From");
    assert_string_equal(from, "Mail Delivery System <MAILER-DAEMON@mail.crepes.fr>");
}

static void headers_alone_may_come_back(void **state)
{
    (void)state;
    g_autoptr(GBytes) message = original();
    DeliveryReport written = full_report(message);
    written.returns_full = false;
    g_autoptr(GBytes) octets = delivery_report_write(&written);
    g_autoptr(MimeTree) tree = checked_tree(octets);
    g_autoptr(MessageReport) report = message_report_read(tree);
    assert_true(mime_part_is(report->original, "text", "rfc822-headers"));
    g_autofree char *returned = byte_span_to_string(mime_part_raw(tree, report->original));
    assert_null(strstr(returned, "Shall we"));
    assert_string_equal(report->original_message_id, "<a1@crepes.fr>");
}

static void an_internationalised_report_has_its_own_types(void **state)
{
    (void)state;
    static const char text[] = "Subject: caf\xc3\xa9\r\n\r\nx\r\n";
    static const ReportRecipient recipient = {
        .final_recipient = "r\xc3\xa9my@crepes.fr",
        .action = REPORT_ACTION_DELIVERED,
    };
    g_autoptr(GBytes) message = g_bytes_new_static(text, sizeof text - 1);
    DeliveryReport written = full_report(message);
    written.recipients = &recipient;
    written.n_recipients = 1;
    g_autoptr(GBytes) octets = delivery_report_write(&written);
    g_autoptr(MimeTree) tree = mime_tree_new(octets, NULL);
    g_autoptr(MessageReport) report = message_report_read(tree);
    assert_string_equal(report->recipients[0].final_recipient, "r\xc3\xa9my@crepes.fr");
    assert_true(mime_part_is(report->original, "message", "global"));
    assert_int_equal(report->defects, 0);
}

static void a_disposition_report_reads_back(void **state)
{
    (void)state;
    g_autoptr(GBytes) message = original();
    DispositionReport written = {
        .reporting_ua = "laptop.hamburger.edu; mailwalk",
        .final_recipient = "bob@hamburger.edu",
        .disposition = DISPOSITION_DISPLAYED,
        .from = "Bob <bob@hamburger.edu>",
        .to = "alice@crepes.fr",
        .original = message,
        .seconds = 1669021200,
    };
    g_autoptr(GBytes) octets = disposition_report_write(&written);
    g_autoptr(MimeTree) tree = checked_tree(octets);
    g_autoptr(MessageReport) report = message_report_read(tree);
    assert_int_equal(report->kind, MESSAGE_REPORT_DISPOSITION);
    assert_int_equal(report->defects, 0);
    assert_string_equal(report->disposition_mode, "manual-action/MDN-sent-manually");
    assert_string_equal(report->disposition, "displayed");
    assert_string_equal(report->original_message_id, "<a1@crepes.fr>");
    assert_string_equal(report->recipients[0].final_recipient, "bob@hamburger.edu");
}

typedef struct {
    const char *fields;
    const char *defects; /* NULL: not a report */
} FieldsCase;

static const FieldsCase fields_cases[] = {
    {"Reporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822; b\r\nAction: failed\r\nStatus: 5.0.0",
     ""},
    {"Reporting-MTA: dns; a\r\n\r\n\r\n\r\nFinal-Recipient: rfc822; b\r\nAction: FAILED\r\n"
     "Status: 5.0.0",
     ""},
    {"Reporting-MTA: dns; a", "report-field"},
    {"Reporting-MTA: dns; a\r\n\r\nAction: failed\r\nStatus: 5.0.0", "report-field"},
    {"X: y\r\n\r\nFinal-Recipient: b\r\nAction: eaten\r\nStatus: 5.0.0", "report-field"},
    {"Reporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822; b\r\nAction: failed\r\nStatus: 2.0.0",
     "report-status"},
    {"Reporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822; b\r\nAction: failed\r\nStatus: 550",
     "report-status"},
    {"Reporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822; b\r\nAction: failed\r\n"
     "Status: 5.0.1234",
     "report-status"},
    {"", "report-field"},
};

static void broken_reports_are_judged(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(fields_cases); i++) {
        g_autofree char *text = g_strdup_printf(
            "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status;"
            " boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Type: message/delivery-status"
            "\r\n\r\n%s\r\n--b--\r\n",
            fields_cases[i].fields
        );
        for (gsize cut = 0; cut < strlen(text); cut++) {
            g_autoptr(GBytes) some = g_bytes_new(text, cut);
            g_autoptr(MimeTree) tree = mime_tree_new(some, NULL);
            g_autoptr(MessageReport) report = message_report_read(tree);
            (void)report;
        }
        g_autoptr(GBytes) octets = g_bytes_new(text, strlen(text));
        g_autoptr(MimeTree) tree = mime_tree_new(octets, NULL);
        g_autoptr(MessageReport) report = message_report_read(tree);
        g_autofree char *defects = message_defects_to_string(report->defects);
        assert_string_equal(defects, fields_cases[i].defects);
    }
    g_autoptr(GBytes) letter = original();
    g_autoptr(MimeTree) tree = mime_tree_new(letter, NULL);
    assert_null(message_report_read(tree));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_delivery_report_reads_back),
        cmocka_unit_test(headers_alone_may_come_back),
        cmocka_unit_test(an_internationalised_report_has_its_own_types),
        cmocka_unit_test(a_disposition_report_reads_back),
        cmocka_unit_test(broken_reports_are_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
