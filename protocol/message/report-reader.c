#include "protocol/message/report-reader.h"

enum {
    RECIPIENTS_MAXIMUM = 10000,
    FIELDS_LENGTH_MAXIMUM = 1024 * 1024,
};

static void blame(MessageReport *report, MessageDefectId id)
{
    report->defects |= MESSAGE_DEFECT_BIT(id);
}

/* What stands behind "type;", without white space; NULL: no such field, or nothing in it. */
static char *typed_value(const HeaderBlock *block, const char *name, char **out_type)
{
    g_autofree char *text = header_block_text(block, name);
    char *semicolon = text == NULL ? NULL : strchr(text, ';');
    if (semicolon == NULL) {
        return text == NULL || text[0] == '\0' ? NULL : g_utf8_make_valid(text, -1);
    }
    *semicolon = '\0';
    if (out_type != NULL) {
        *out_type = g_utf8_make_valid(g_strstrip(text), -1);
    }
    return g_utf8_make_valid(g_strstrip(semicolon + 1), -1);
}

static char *plain_value(const HeaderBlock *block, const char *name)
{
    g_autofree char *text = header_block_text(block, name);
    return text == NULL || text[0] == '\0' ? NULL : g_utf8_make_valid(text, -1);
}

static guint count_digits(const char **at)
{
    guint digits = 0;
    while (g_ascii_isdigit(**at)) {
        (*at)++;
        digits++;
    }
    return digits;
}

/* RFC 3463 §2: class "." subject "." detail, the latter two of up to three digits. */
static bool is_status(const char *status)
{
    const char *at = status + 1;
    if (strchr("245", status[0]) == NULL || status[0] == '\0' || *at++ != '.') {
        return false;
    }
    guint subject = count_digits(&at);
    if (subject < 1 || subject > 3 || *at++ != '.') {
        return false;
    }
    guint detail = count_digits(&at);
    return detail >= 1 && detail <= 3 && *at == '\0';
}

static void judge_status(MessageReport *report, const ReportedRecipient *recipient)
{
    static const char classes[] = {'5', '4', '2', '2', '2'};
    bool is_good = is_status(recipient->status);
    if (is_good && recipient->has_action) {
        is_good = recipient->status[0] == classes[recipient->action];
    }
    if (!is_good) {
        blame(report, MESSAGE_DEFECT_REPORT_STATUS);
    }
}

static void read_action(ReportedRecipient *recipient)
{
    for (guint i = 0; recipient->action_text != NULL && i < N_REPORT_ACTIONS; i++) {
        if (g_ascii_strcasecmp(recipient->action_text, report_action_name((ReportAction)i)) == 0) {
            recipient->action = (ReportAction)i;
            recipient->has_action = true;
        }
    }
}

static void read_recipient(MessageReport *report, const HeaderBlock *block)
{
    ReportedRecipient *recipient = &report->recipients[report->n_recipients++];
    *recipient = (ReportedRecipient){0};
    recipient->original_recipient = typed_value(block, "Original-Recipient", NULL);
    recipient->final_recipient = typed_value(block, "Final-Recipient", NULL);
    recipient->action_text = plain_value(block, "Action");
    recipient->status = plain_value(block, "Status");
    recipient->remote_mta = typed_value(block, "Remote-MTA", NULL);
    recipient->diagnostic_code = typed_value(block, "Diagnostic-Code", &recipient->diagnostic_type);
    recipient->last_attempt = plain_value(block, "Last-Attempt-Date");
    recipient->will_retry_until = plain_value(block, "Will-Retry-Until");
    read_action(recipient);
    if (recipient->final_recipient == NULL || !recipient->has_action || recipient->status == NULL) {
        blame(report, MESSAGE_DEFECT_REPORT_FIELD);
    }
    if (recipient->status != NULL) {
        judge_status(report, recipient);
    }
}

/* RFC 3464 §2.1: blocks of fields with empty lines between them; the first is about the message,
 * each other about a recipient. */
static void read_delivery_fields(MessageReport *report, ByteSpan content)
{
    bool is_first = true;
    gsize capacity = 0;
    HeaderBlock block;
    header_block_init(&block);
    while (content.length > 0 && report->n_recipients < RECIPIENTS_MAXIMUM) {
        header_block_parse(&block, content, 0);
        content = byte_span_from(content, block.body_offset);
        if (block.n_fields == 0) {
            continue;
        }
        if (is_first) {
            report->reporting_mta = typed_value(&block, "Reporting-MTA", NULL);
            report->envelope_id = plain_value(&block, "Original-Envelope-Id");
            report->arrival = plain_value(&block, "Arrival-Date");
            is_first = false;
            continue;
        }
        if (report->n_recipients == capacity) {
            capacity = capacity == 0 ? 4 : capacity * 2;
            report->recipients = g_renew(ReportedRecipient, report->recipients, capacity);
        }
        read_recipient(report, &block);
    }
    header_block_clear(&block);
    if (report->reporting_mta == NULL || report->n_recipients == 0) {
        blame(report, MESSAGE_DEFECT_REPORT_FIELD);
    }
}

/* RFC 8098 §3.2.6: "manual-action/MDN-sent-manually; displayed". */
static void read_disposition_fields(MessageReport *report, ByteSpan content)
{
    HeaderBlock block;
    header_block_init(&block);
    header_block_parse(&block, content, 0);
    report->recipients = g_new0(ReportedRecipient, 1);
    report->n_recipients = 1;
    report->reporting_mta = plain_value(&block, "Reporting-UA");
    report->recipients[0].original_recipient = typed_value(&block, "Original-Recipient", NULL);
    report->recipients[0].final_recipient = typed_value(&block, "Final-Recipient", NULL);
    report->original_message_id = plain_value(&block, "Original-Message-ID");
    report->disposition = typed_value(&block, "Disposition", &report->disposition_mode);
    header_block_clear(&block);
    if (report->recipients[0].final_recipient == NULL || report->disposition_mode == NULL) {
        blame(report, MESSAGE_DEFECT_REPORT_FIELD);
    }
}

static bool is_fields_part(const MimePart *part, MessageReportKind *out_kind)
{
    bool is_delivery = mime_part_is(part, "message", "delivery-status") ||
                       mime_part_is(part, "message", "global-delivery-status");
    bool is_disposition = mime_part_is(part, "message", "disposition-notification") ||
                          mime_part_is(part, "message", "global-disposition-notification");
    if (is_delivery || is_disposition) {
        *out_kind = is_delivery ? MESSAGE_REPORT_DELIVERY : MESSAGE_REPORT_DISPOSITION;
        return true;
    }
    return false;
}

static bool is_returned_part(const MimePart *part)
{
    return mime_part_is(part, "message", "rfc822") || mime_part_is(part, "message", "global") ||
           mime_part_is(part, "message", "global-headers") ||
           mime_part_is(part, "text", "rfc822-headers");
}

/* The part for programs among the children of a multipart/report. */
static const MimePart *find_fields(const MimePart *report, MessageReportKind *out_kind)
{
    for (guint i = 0; i < report->n_children; i++) {
        if (is_fields_part(report->children[i], out_kind)) {
            return report->children[i];
        }
    }
    return NULL;
}

static void read_original_id(MessageReport *report, const MimeTree *tree)
{
    HeaderBlock block;
    if (report->original == NULL || report->original_message_id != NULL) {
        return;
    }
    g_autoptr(GBytes) content =
        mime_part_content(tree, report->original, FIELDS_LENGTH_MAXIMUM, NULL);
    gsize length = 0;
    const void *data = g_bytes_get_data(content, &length);
    header_block_init(&block);
    header_block_parse(&block, byte_span(data, length), 0);
    report->original_message_id = plain_value(&block, "Message-ID");
    header_block_clear(&block);
}

static void read_parts(MessageReport *report, const MimeTree *tree, const MimePart *fields)
{
    const MimePart *whole = fields->parent;
    g_autoptr(GBytes) content = mime_part_content(tree, fields, FIELDS_LENGTH_MAXIMUM, NULL);
    gsize length = 0;
    const void *data = g_bytes_get_data(content, &length);
    if (report->kind == MESSAGE_REPORT_DELIVERY) {
        read_delivery_fields(report, byte_span(data, length));
    } else {
        read_disposition_fields(report, byte_span(data, length));
    }
    for (guint i = fields->index + 1; i < whole->n_children && report->original == NULL; i++) {
        if (is_returned_part(whole->children[i])) {
            report->original = whole->children[i];
        }
    }
    if (fields->index != 1 || mime_part_parameter(whole, "report-type") == NULL) {
        blame(report, MESSAGE_DEFECT_REPORT_STRUCTURE);
    }
    read_original_id(report, tree);
}

MessageReport *message_report_read(const MimeTree *tree)
{
    const MimePart *root = mime_tree_root(tree);
    MessageReportKind kind = MESSAGE_REPORT_DELIVERY;
    const MimePart *fields =
        mime_part_is(root, "multipart", "report") ? find_fields(root, &kind) : NULL;
    if (fields == NULL) {
        return NULL;
    }
    MessageReport *report = g_new0(MessageReport, 1);
    report->kind = kind;
    read_parts(report, tree, fields);
    return report;
}

static void clear_recipient(ReportedRecipient *recipient)
{
    g_free(recipient->original_recipient);
    g_free(recipient->final_recipient);
    g_free(recipient->action_text);
    g_free(recipient->status);
    g_free(recipient->remote_mta);
    g_free(recipient->diagnostic_type);
    g_free(recipient->diagnostic_code);
    g_free(recipient->last_attempt);
    g_free(recipient->will_retry_until);
}

void message_report_free(MessageReport *report)
{
    if (report == NULL) {
        return;
    }
    for (guint i = 0; i < report->n_recipients; i++) {
        clear_recipient(&report->recipients[i]);
    }
    g_free(report->recipients);
    g_free(report->reporting_mta);
    g_free(report->envelope_id);
    g_free(report->arrival);
    g_free(report->original_message_id);
    g_free(report->disposition_mode);
    g_free(report->disposition);
    g_free(report);
}
