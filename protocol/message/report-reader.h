#pragma once

/* Reading delivery and disposition reports back (RFC 6522, RFC 3464, RFC 8098), as the sender of a
 * message, a mailing list or the dissector does. Everything is owned text, as it was written. */

#include "protocol/message/mime-tree.h"
#include "protocol/message/report-writer.h"

typedef enum {
    MESSAGE_REPORT_DELIVERY,
    MESSAGE_REPORT_DISPOSITION,
} MessageReportKind;

typedef struct {
    char *original_recipient; /* without the type and its semicolon; NULL: none */
    char *final_recipient;
    char *action_text;
    ReportAction action;
    bool has_action;
    char *status;
    char *remote_mta;
    char *diagnostic_type; /* "smtp" */
    char *diagnostic_code;
    char *last_attempt;
    char *will_retry_until;
} ReportedRecipient;

typedef struct {
    MessageReportKind kind;
    char *reporting_mta; /* for a disposition report: the Reporting-UA */
    char *envelope_id;
    char *arrival;
    ReportedRecipient *recipients; /* a disposition report has one */
    guint n_recipients;
    char *original_message_id; /* from the fields, or from the returned header */
    char *disposition_mode;    /* "manual-action/MDN-sent-manually" */
    char *disposition;         /* "displayed" */
    const MimePart *original;  /* message/rfc822 or text/rfc822-headers; of the tree; NULL: none */
    guint64 defects;
} MessageReport;

/* NULL: not a report. The report points into the tree. */
MessageReport *message_report_read(const MimeTree *tree);
void message_report_free(MessageReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MessageReport, message_report_free)
