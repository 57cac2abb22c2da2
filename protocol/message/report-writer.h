#pragma once

/* Reports about a message (multipart/report, RFC 6522): what became of its delivery (RFC 3464) and
 * what its reader did with it (RFC 8098). A report has three parts: a text for people, fields for
 * programs, and the original or its header. Spans and strings given in are only read. */

#include "protocol/text/byte-span.h"

typedef enum {
    REPORT_ACTION_FAILED,
    REPORT_ACTION_DELAYED,
    REPORT_ACTION_DELIVERED,
    REPORT_ACTION_RELAYED,
    REPORT_ACTION_EXPANDED,
    N_REPORT_ACTIONS,
} ReportAction;

const char *report_action_name(ReportAction action); /* "failed" */

/* One recipient (RFC 3464 §2.3). Texts may be NULL where the field is to be left out. */
typedef struct {
    const char *original_recipient; /* "bob@hamburger.edu", or with a type: "rfc822;bob+40x" */
    const char *final_recipient;    /* "bob@hamburger.edu" */
    ReportAction action;
    const char *status;          /* "5.1.1"; NULL: 5.0.0, 4.0.0 or 2.0.0 after the action */
    const char *remote_mta;      /* "mail.hamburger.edu" */
    const char *diagnostic_code; /* the reply: "550 5.1.1 No such user" */
    gint64 last_attempt;         /* seconds since 1970; 0: left out */
    gint64 will_retry_until;     /* 0: left out */
} ReportRecipient;

typedef struct {
    const char *reporting_mta;     /* "mail.crepes.fr" */
    const char *envelope_id;       /* ENVID of the original; NULL */
    const char *received_from_mta; /* NULL */
    gint64 arrival;                /* 0: left out */
    const char *from;              /* NULL: "Mail Delivery System <MAILER-DAEMON@reporting_mta>" */
    const char *to;                /* the original's reverse-path, without <> */
    const ReportRecipient *recipients;
    gsize n_recipients;
    GBytes *original;
    bool returns_full; /* RET=FULL; else the header only */

    gint64 seconds; /* of the report */
    int zone_minutes;
    const char *message_id; /* NULL: made from the seed */
    guint64 seed;
} DeliveryReport;

/* The message to be sent with a null reverse-path. */
GBytes *delivery_report_write(const DeliveryReport *report);

typedef enum {
    DISPOSITION_DISPLAYED,
    DISPOSITION_DELETED,
    DISPOSITION_DISPATCHED,
    DISPOSITION_PROCESSED,
    N_DISPOSITIONS,
} Disposition;

const char *disposition_name(Disposition disposition); /* "displayed" */

typedef struct {
    const char *reporting_ua; /* "laptop.hamburger.edu; mailwalk" */
    const char *original_recipient;
    const char *final_recipient;
    const char *original_message_id; /* with <>; NULL: read from the original */
    Disposition disposition;
    bool was_automatic;      /* the action was not asked for by a person */
    bool was_sent_automatic; /* the report was not confirmed by a person */
    const char *from;        /* the reader */
    const char *to;          /* what Disposition-Notification-To says */
    GBytes *original;

    gint64 seconds;
    int zone_minutes;
    const char *message_id;
    guint64 seed;
} DispositionReport;

GBytes *disposition_report_write(const DispositionReport *report);
