/* compose-messages FOLDER: writes what our message and report writers make, for a foreign reader to
 * judge (check-messages.py knows what must be found in them), and a Maildir. */

#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/message/message-writer.h"
#include "protocol/message/report-writer.h"
#include "sim/store/maildir-store.h"

static const MessageDraftOptions options = {
    .seconds = 1669021200,
    .zone_minutes = 60,
    .message_id = "1@crepes.fr",
    .seed = 42,
};

static void save(const char *folder, const char *name, GBytes *message)
{
    gsize length = 0;
    const void *data = g_bytes_get_data(message, &length);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (!g_file_set_contents(path, data, (gssize)length, NULL)) {
        fprintf(stderr, "cannot write %s\n", path);
        exit(EXIT_FAILURE);
    }
}

static DraftPart *all_octets(const char *file_name)
{
    guint8 octets[1024];
    for (guint i = 0; i < sizeof octets; i++) {
        octets[i] = (guint8)i;
    }
    g_autoptr(GBytes) content = g_bytes_new(octets, sizeof octets);
    return draft_part_new_content("application/octet-stream", content, file_name);
}

static MessageDraft *new_draft(const char *subject)
{
    MessageDraft *draft = message_draft_new(&options);
    message_draft_add_addresses(draft, "From", "\"\xc3\x86lfric, Abbot\" <alice@crepes.fr>");
    message_draft_add_addresses(
        draft,
        "To",
        "Bob <bob@hamburger.edu>, \"C. D.\" <carol@hamburger.edu>, "
        "Friends: dave@x.example, =?utf-8?Q?=C3=89ve?= <eve@x.example>;"
    );
    message_draft_add_text(draft, "Subject", subject);
    return draft;
}

static GBytes *mixed_message(void)
{
    DraftPart *attachments[] = {
        all_octets("caf\xc3\xa9 \"menu\".bin"),
        all_octets("a-very-long-name-that-must-be-cut-into-several-pieces-by-the-rules-of-rfc-2231."
                   "bin"),
    };
    g_autoptr(MessageDraft) draft = new_draft("Men\xc3\xbc f\xc3\xbcr heute");
    message_draft_set_body(
        draft,
        draft_part_new_composed(
            "Ein Caf\xc3\xa9, bitte.\n.\nFrom here on nothing else.\n",
            "<p>Ein Caf\xc3\xa9, bitte.</p>\n",
            attachments,
            G_N_ELEMENTS(attachments)
        )
    );
    return message_draft_write(draft);
}

static GBytes *long_subject(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < 40; i++) {
        g_string_append_printf(text, "%u \xe5\x8f\xb0\xe5\x8c\x97 word ", i);
    }
    g_string_truncate(text, text->len - 1);
    g_autoptr(MessageDraft) draft = new_draft(text->str);
    message_draft_set_body(draft, draft_part_new_text("plain", "\xe5\x8f\xb0\xe5\x8c\x97\n"));
    return message_draft_write(draft);
}

static void save_answers(const char *folder, GBytes *original)
{
    MessageReply reply = {
        .from = "bob@hamburger.edu", .to_all = true, .text = "Merci", .quotes = true};
    g_autoptr(MessageDraft) answer = message_draft_new_reply(original, &reply, &options);
    g_autoptr(GBytes) answered = message_draft_write(answer);
    save(folder, "reply.eml", answered);
    MessageForward forward = {
        .from = "bob@hamburger.edu",
        .to = "carol@hamburger.edu",
        .text = "See",
        .as_attachment = true};
    g_autoptr(MessageDraft) attached = message_draft_new_forward(original, &forward, &options);
    g_autoptr(GBytes) as_attachment = message_draft_write(attached);
    save(folder, "forward-attached.eml", as_attachment);
    forward.as_attachment = false;
    g_autoptr(MessageDraft) drawn_in = message_draft_new_forward(original, &forward, &options);
    g_autoptr(GBytes) in_line = message_draft_write(drawn_in);
    save(folder, "forward-inline.eml", in_line);
}

static void save_digest(const char *folder, GBytes *original)
{
    DraftPart *digest = draft_part_new_multipart("digest");
    draft_part_add(digest, draft_part_new_message(original));
    draft_part_add(digest, draft_part_new_message(original));
    g_autoptr(MessageDraft) draft = new_draft("Digest");
    message_draft_set_body(draft, digest);
    g_autoptr(GBytes) message = message_draft_write(draft);
    save(folder, "digest.eml", message);
}

static void save_reports(const char *folder, GBytes *original)
{
    static const ReportRecipient recipients[] = {
        {
            .original_recipient = "rfc822;bob+2Bwork@hamburger.edu",
            .final_recipient = "bob@hamburger.edu",
            .action = REPORT_ACTION_FAILED,
            .status = "5.1.1",
            .remote_mta = "mx.hamburger.edu",
            .diagnostic_code =
                "550 5.1.1 No such user, says a text that is long enough to be folded",
        },
        {
            .final_recipient = "carol@hamburger.edu",
            .action = REPORT_ACTION_DELAYED,
            .status = "4.4.1",
            .will_retry_until = 1669371200,
        },
    };
    DeliveryReport report = {
        .reporting_mta = "mail.crepes.fr",
        .to = "alice@crepes.fr",
        .recipients = recipients,
        .n_recipients = G_N_ELEMENTS(recipients),
        .original = original,
        .returns_full = true,
        .seconds = 1669021200,
        .message_id = "report@mail.crepes.fr",
    };
    g_autoptr(GBytes) full = delivery_report_write(&report);
    save(folder, "report-full.eml", full);
    report.returns_full = false;
    g_autoptr(GBytes) headers = delivery_report_write(&report);
    save(folder, "report-headers.eml", headers);
    DispositionReport disposition = {
        .reporting_ua = "laptop; mailwalk",
        .final_recipient = "bob@hamburger.edu",
        .from = "bob@hamburger.edu",
        .to = "alice@crepes.fr",
        .original = original,
        .seconds = 1669021200,
    };
    g_autoptr(GBytes) displayed = disposition_report_write(&disposition);
    save(folder, "disposition.eml", displayed);
}

/* A Maildir with a seen message, an unseen one, and one in a sub-folder. */
static bool save_maildir(const char *folder, GBytes *message)
{
    g_autofree char *root = g_build_filename(folder, "maildir", NULL);
    MailFolder *inbox = NULL;
    MailStore *store = maildir_store_new(root, NULL, NULL);
    bool is_good =
        store != NULL && mail_store_add_account(store, "bob", NULL) == MAIL_STORE_DONE &&
        mail_store_create(store, "bob", "Caf\xc3\xa9/2022", 0, NULL) == MAIL_STORE_DONE &&
        mail_folder_open(store, "bob", "INBOX", &inbox, NULL) == MAIL_STORE_DONE;
    guint32 flags = MAIL_FLAG_SEEN | MAIL_FLAG_ANSWERED;
    is_good =
        is_good &&
        mail_folder_append(inbox, message, flags, 1669021200, NULL, NULL) == MAIL_STORE_DONE &&
        mail_folder_append(inbox, message, 0, 1669021300, NULL, NULL) == MAIL_STORE_DONE &&
        mail_store_deliver(store, "bob", "Caf\xc3\xa9/2022", message, 0, NULL, NULL) ==
            MAIL_STORE_DONE;
    mail_folder_unref(inbox);
    mail_store_free(store);
    return is_good;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: compose-messages FOLDER\n");
        return 2;
    }
    g_autoptr(GBytes) mixed = mixed_message();
    g_autoptr(GBytes) subject = long_subject();
    save(argv[1], "mixed.eml", mixed);
    save(argv[1], "long-subject.eml", subject);
    save_answers(argv[1], mixed);
    save_digest(argv[1], subject);
    save_reports(argv[1], subject);
    return save_maildir(argv[1], mixed) ? EXIT_SUCCESS : EXIT_FAILURE;
}
