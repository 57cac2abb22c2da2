#include "protocol/message/report-writer.h"

#include "protocol/message/header-block.h"
#include "protocol/message/header-writer.h"
#include "protocol/message/message-date.h"
#include "protocol/message/message-writer.h"

static const char *const action_names[] = {"failed", "delayed", "delivered", "relayed", "expanded"};
static const char *const disposition_names[] = {"displayed", "deleted", "dispatched", "processed"};

G_STATIC_ASSERT(G_N_ELEMENTS(action_names) == N_REPORT_ACTIONS);
G_STATIC_ASSERT(G_N_ELEMENTS(disposition_names) == N_DISPOSITIONS);

const char *report_action_name(ReportAction action)
{
    g_assert((guint)action < N_REPORT_ACTIONS);
    return action_names[action];
}

const char *disposition_name(Disposition disposition)
{
    g_assert((guint)disposition < N_DISPOSITIONS);
    return disposition_names[disposition];
}

/* RFC 3461 §4: "+2B" stands for an octet; the report shows what was meant. */
static char *from_xtext(const char *text)
{
    GString *plain = g_string_new(NULL);
    for (const char *at = text; *at != '\0'; at++) {
        bool is_coded = at[0] == '+' && g_ascii_isxdigit(at[1]) && g_ascii_isxdigit(at[2]);
        if (is_coded) {
            int octet = g_ascii_xdigit_value(at[1]) * 16 + g_ascii_xdigit_value(at[2]);
            g_string_append_c(plain, octet == 0 ? '?' : (char)octet);
            at += 2;
        } else {
            g_string_append_c(plain, *at);
        }
    }
    return g_string_free(plain, FALSE);
}

/* RFC 3464 §2.3.1: address type, semicolon, address; RFC 6533 §3 for other than ASCII. */
static void write_recipient(GString *out, const char *name, const char *recipient)
{
    const char *semicolon = strchr(recipient, ';');
    g_autofree char *body = NULL;
    if (semicolon == NULL) {
        const char *type = header_is_ascii(recipient) ? "rfc822" : "utf-8";
        body = g_strdup_printf("%s;%s", type, recipient);
    } else {
        g_autofree char *type = g_strndup(recipient, (gsize)(semicolon - recipient));
        g_autofree char *address = from_xtext(semicolon + 1);
        body = g_strdup_printf("%s;%s", type, address);
    }
    header_write_structured(out, name, body);
}

static void write_date(GString *out, const char *name, gint64 seconds, int zone_minutes)
{
    if (seconds != 0) {
        g_autofree char *date = message_date_to_string(seconds, zone_minutes);
        header_write_structured(out, name, date);
    }
}

static void write_typed(GString *out, const char *name, const char *type, const char *value)
{
    if (value != NULL) {
        g_autofree char *body = g_strdup_printf("%s; %s", type, value);
        /* RFC 6533 §4.1: a diagnostic is ASCII even in an internationalised report. */
        for (char *at = body; *at != '\0'; at++) {
            *at = (guchar)*at >= 0x80 ? '?' : *at;
        }
        header_write_structured(out, name, body);
    }
}

static const char *status_of(const ReportRecipient *recipient)
{
    static const char *const usual[] = {"5.0.0", "4.0.0", "2.0.0", "2.0.0", "2.0.0"};
    return recipient->status != NULL ? recipient->status : usual[recipient->action];
}

static void write_message_fields(GString *out, const DeliveryReport *report)
{
    if (report->envelope_id != NULL) {
        g_autofree char *id = from_xtext(report->envelope_id);
        header_write_structured(out, "Original-Envelope-Id", id);
    }
    write_typed(out, "Reporting-MTA", "dns", report->reporting_mta);
    write_typed(out, "Received-From-MTA", "dns", report->received_from_mta);
    write_date(out, "Arrival-Date", report->arrival, report->zone_minutes);
}

static void write_recipient_fields(GString *out, const ReportRecipient *recipient, int zone_minutes)
{
    g_string_append(out, "\r\n");
    if (recipient->original_recipient != NULL) {
        write_recipient(out, "Original-Recipient", recipient->original_recipient);
    }
    write_recipient(out, "Final-Recipient", recipient->final_recipient);
    header_write_structured(out, "Action", report_action_name(recipient->action));
    header_write_structured(out, "Status", status_of(recipient));
    write_typed(out, "Remote-MTA", "dns", recipient->remote_mta);
    write_typed(out, "Diagnostic-Code", "smtp", recipient->diagnostic_code);
    write_date(out, "Last-Attempt-Date", recipient->last_attempt, zone_minutes);
    write_date(out, "Will-Retry-Until", recipient->will_retry_until, zone_minutes);
}

/* The part for programs. What is beyond ASCII makes it one of RFC 6533. */
static DraftPart *fields_part(const char *type, const GString *fields)
{
    g_autoptr(GBytes) content = g_bytes_new(fields->str, fields->len);
    g_autofree char *global = g_strconcat("message/global-", type, NULL);
    g_autofree char *plain = g_strconcat("message/", type, NULL);
    return draft_part_new_content(header_is_ascii(fields->str) ? plain : global, content, NULL);
}

static ReportAction worst_action(const DeliveryReport *report)
{
    ReportAction worst = REPORT_ACTION_EXPANDED;
    for (gsize i = 0; i < report->n_recipients; i++) {
        worst = MIN(worst, report->recipients[i].action);
    }
    return worst;
}

static const char *subject_of(ReportAction action)
{
    static const char *const subjects[] = {
        "Undelivered mail returned to its sender",
        "Delivery is delayed, still trying",
        "Your mail has been delivered",
        "Your mail has been passed on",
        "Your mail has been passed on to a list",
    };
    return subjects[action];
}

static const char *sentence_of(ReportAction action)
{
    static const char *const sentences[] = {
        "could not be reached, and no further attempt will be made",
        "has not been reached yet; this server goes on trying, and you need not send again",
        "has your mail in the mailbox",
        "is behind another server, which has taken the mail and may not report on it",
        "is a list, and the mail goes to its members",
    };
    return sentences[action];
}

static void append_story(GString *text, const ReportRecipient *recipient)
{
    g_string_append_printf(
        text, "\n<%s>\n    %s.\n", recipient->final_recipient, sentence_of(recipient->action)
    );
    if (recipient->diagnostic_code != NULL) {
        g_autofree char *reply = header_sanitize(recipient->diagnostic_code);
        g_string_append_printf(
            text,
            "    The answer of %s was: %s\n",
            recipient->remote_mta == NULL ? "this server" : recipient->remote_mta,
            reply
        );
    }
    if (recipient->will_retry_until != 0) {
        g_autofree char *date = message_date_to_string(recipient->will_retry_until, 0);
        g_string_append_printf(text, "    It will try until %s.\n", date);
    }
}

static DraftPart *delivery_text(const DeliveryReport *report)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(
        text,
        "This is the mail server %s. It writes about a mail of yours, of which you\n"
        "find %s below.\n",
        report->reporting_mta,
        report->returns_full ? "a copy" : "the header"
    );
    for (gsize i = 0; i < report->n_recipients; i++) {
        append_story(text, &report->recipients[i]);
    }
    return draft_part_new_text("plain", text->str);
}

/* RFC 6522 §3: text for people, fields for programs, and the original or its header. */
static DraftPart *report_body(
    const char *report_type, DraftPart *text, DraftPart *fields, GBytes *original, bool is_full
)
{
    DraftPart *body = draft_part_new_multipart("report");
    draft_part_add_parameter(body, "report-type", report_type);
    draft_part_add(body, text);
    draft_part_add(body, fields);
    draft_part_add(
        body, is_full ? draft_part_new_message(original) : draft_part_new_message_header(original)
    );
    return body;
}

static char *message_id_of(GBytes *original)
{
    gsize length = 0;
    const void *data = g_bytes_get_data(original, &length);
    HeaderBlock block;
    header_block_init(&block);
    header_block_parse(&block, byte_span(data, length), 0);
    char *id = header_block_text(&block, "Message-ID");
    header_block_clear(&block);
    return id;
}

/* RFC 3834 §3.1.6: an automatic answer points back like any other. */
static void add_references(MessageDraft *draft, const char *original_id)
{
    if (original_id != NULL && original_id[0] != '\0') {
        message_draft_add_structured(draft, "In-Reply-To", original_id);
        message_draft_add_structured(draft, "References", original_id);
    }
}

GBytes *delivery_report_write(const DeliveryReport *report)
{
    MessageDraftOptions options = {
        .seconds = report->seconds,
        .zone_minutes = report->zone_minutes,
        .message_id = report->message_id,
        .domain = report->reporting_mta,
        .seed = report->seed,
    };
    g_assert(report->n_recipients > 0 && report->original != NULL);
    g_autoptr(GString) fields = g_string_new(NULL);
    g_autofree char *original_id = message_id_of(report->original);
    g_autofree char *daemon =
        g_strdup_printf("Mail Delivery System <MAILER-DAEMON@%s>", report->reporting_mta);
    g_autoptr(MessageDraft) draft = message_draft_new(&options);
    message_draft_add_addresses(draft, "From", report->from == NULL ? daemon : report->from);
    message_draft_add_addresses(draft, "To", report->to);
    message_draft_add_text(draft, "Subject", subject_of(worst_action(report)));
    /* RFC 3834 §5: so that nobody answers automatically in turn. */
    message_draft_add_structured(draft, "Auto-Submitted", "auto-replied");
    add_references(draft, original_id);
    write_message_fields(fields, report);
    for (gsize i = 0; i < report->n_recipients; i++) {
        write_recipient_fields(fields, &report->recipients[i], report->zone_minutes);
    }
    DraftPart *programs = fields_part("delivery-status", fields);
    message_draft_set_body(
        draft,
        report_body(
            "delivery-status",
            delivery_text(report),
            programs,
            report->original,
            report->returns_full
        )
    );
    return message_draft_write(draft);
}

static DraftPart *disposition_text(const DispositionReport *report)
{
    static const char *const sentences[] = {
        "has been shown to its reader. That does not say that it was read or understood",
        "has been deleted. Whether it was seen before is not said",
        "has been passed on or printed without being shown",
        "has been handled by a program without being shown",
    };
    g_autofree char *text = g_strdup_printf(
        "Your mail to %s\n%s.\n", report->final_recipient, sentences[report->disposition]
    );
    return draft_part_new_text("plain", text);
}

/* RFC 8098 §3.2 */
static void
write_disposition_fields(GString *out, const DispositionReport *report, const char *original_id)
{
    g_autofree char *disposition = g_strdup_printf(
        "%s/%s; %s",
        report->was_automatic ? "automatic-action" : "manual-action",
        report->was_sent_automatic ? "MDN-sent-automatically" : "MDN-sent-manually",
        disposition_name(report->disposition)
    );
    if (report->reporting_ua != NULL) {
        header_write_structured(out, "Reporting-UA", report->reporting_ua);
    }
    if (report->original_recipient != NULL) {
        write_recipient(out, "Original-Recipient", report->original_recipient);
    }
    write_recipient(out, "Final-Recipient", report->final_recipient);
    if (original_id != NULL && original_id[0] != '\0') {
        header_write_structured(out, "Original-Message-ID", original_id);
    }
    header_write_structured(out, "Disposition", disposition);
}

GBytes *disposition_report_write(const DispositionReport *report)
{
    MessageDraftOptions options = {
        .seconds = report->seconds,
        .zone_minutes = report->zone_minutes,
        .message_id = report->message_id,
        .seed = report->seed,
    };
    g_autoptr(GString) fields = g_string_new(NULL);
    g_autofree char *original_id = report->original_message_id == NULL
                                       ? message_id_of(report->original)
                                       : g_strdup(report->original_message_id);
    g_autoptr(MessageDraft) draft = message_draft_new(&options);
    message_draft_add_addresses(draft, "From", report->from);
    message_draft_add_addresses(draft, "To", report->to);
    message_draft_add_text(draft, "Subject", "What became of your mail");
    if (report->was_sent_automatic) {
        message_draft_add_structured(draft, "Auto-Submitted", "auto-replied");
    }
    add_references(draft, original_id);
    write_disposition_fields(fields, report, original_id);
    DraftPart *programs = fields_part("disposition-notification", fields);
    message_draft_set_body(
        draft,
        report_body(
            "disposition-notification", disposition_text(report), programs, report->original, false
        )
    );
    return message_draft_write(draft);
}
