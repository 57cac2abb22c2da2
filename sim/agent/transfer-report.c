/* Delivery reports (RFC 3464): who is told what became of a message, and that nobody is told of
 * the fate of a report. */

#include "protocol/message/report-writer.h"
#include "sim/agent/transfer-agent-private.h"

typedef struct {
    ReportAction action;
    bool (*is_due)(const QueueRecipient *recipient);
} ReportKind;

static bool wants_failures(const QueueRecipient *recipient)
{
    return recipient->notify == 0 || (recipient->notify & QUEUE_NOTIFY_FAILURE) != 0;
}

static bool has_failed(const QueueRecipient *recipient)
{
    return (recipient->state == QUEUE_RECIPIENT_FAILED ||
            recipient->state == QUEUE_RECIPIENT_EXPIRED) &&
           !recipient->is_reported;
}

static bool failure_is_due(const QueueRecipient *recipient)
{
    return has_failed(recipient) && wants_failures(recipient);
}

static bool wants_success(const QueueRecipient *recipient)
{
    return (recipient->notify & QUEUE_NOTIFY_SUCCESS) != 0 && !recipient->is_reported;
}

static bool delivery_is_due(const QueueRecipient *recipient)
{
    return recipient->state == QUEUE_RECIPIENT_DELIVERED && wants_success(recipient);
}

static bool relay_is_due(const QueueRecipient *recipient)
{
    return recipient->state == QUEUE_RECIPIENT_RELAYED && wants_success(recipient);
}

static bool expansion_is_due(const QueueRecipient *recipient)
{
    return recipient->state == QUEUE_RECIPIENT_EXPANDED && wants_success(recipient);
}

/* RFC 3461 §5.2.5: where NOTIFY was not given, a delay may be reported. */
static bool delay_is_due(const QueueRecipient *recipient)
{
    return recipient->state == QUEUE_RECIPIENT_WAITING &&
           (recipient->notify == 0 || (recipient->notify & QUEUE_NOTIFY_DELAY) != 0);
}

static const ReportKind kinds[] = {
    {.action = REPORT_ACTION_FAILED, .is_due = failure_is_due},
    {.action = REPORT_ACTION_DELIVERED, .is_due = delivery_is_due},
    {.action = REPORT_ACTION_RELAYED, .is_due = relay_is_due},
    {.action = REPORT_ACTION_EXPANDED, .is_due = expansion_is_due},
};

static const ReportKind delay = {.action = REPORT_ACTION_DELAYED, .is_due = delay_is_due};

/* The enhanced code in a reply, "550 5.1.1 No such user" or "4.4.1 ..."; NULL: it has none. */
static char *status_of(const QueueRecipient *recipient)
{
    const char *text = recipient->last_reply;
    if (text == NULL) {
        return NULL;
    }
    if (recipient->last_code != 0 && strlen(text) > 4) {
        text += 4;
    }
    gsize length = strspn(text, "0123456789.");
    bool is_code = length >= 5 && text[1] == '.' && strchr("245", text[0]) != NULL;
    if (is_code) {
        return g_strndup(text, length);
    }
    return recipient->last_code == 0 ? NULL : g_strdup_printf("%u.0.0", recipient->last_code / 100);
}

static void describe(
    const QueueEntry *entry,
    const QueueRecipient *recipient,
    ReportAction action,
    ReportRecipient *out
)
{
    bool is_good = action != REPORT_ACTION_FAILED && action != REPORT_ACTION_DELAYED;
    *out = (ReportRecipient){
        .original_recipient = recipient->original_recipient,
        .final_recipient = recipient->path,
        .action = action,
        .status = is_good ? NULL : status_of(recipient),
        .remote_mta = recipient->last_code == 0 ? NULL : recipient->last_host,
        .diagnostic_code = recipient->last_code == 0 ? NULL : recipient->last_reply,
        .last_attempt = recipient->last_attempt_us / G_USEC_PER_SEC,
        .will_retry_until =
            action == REPORT_ACTION_DELAYED ? entry->expires_us / G_USEC_PER_SEC : 0,
    };
}

static void mark_reported(QueueEntry *entry, const ReportKind *kind)
{
    for (guint i = 0; i < entry->n_recipients; i++) {
        if (kind->action != REPORT_ACTION_DELAYED && kind->is_due(&entry->recipients[i])) {
            entry->recipients[i].is_reported = true;
        }
    }
}

static char *names_of(const QueueEntry *entry, bool (*is_due)(const QueueRecipient *))
{
    GString *lines = g_string_new(NULL);
    for (guint i = 0; i < entry->n_recipients; i++) {
        if (is_due(&entry->recipients[i])) {
            g_string_append_printf(
                lines, "%s%s", lines->len > 0 ? "\n" : "", entry->recipients[i].path
            );
        }
    }
    return g_string_free(lines, FALSE);
}

static GBytes *write_report(TransferAgent *agent, const QueueEntry *entry, const ReportKind *kind)
{
    g_autoptr(GArray) recipients = g_array_new(FALSE, FALSE, sizeof(ReportRecipient));
    for (guint i = 0; i < entry->n_recipients; i++) {
        if (kind->is_due(&entry->recipients[i])) {
            ReportRecipient described;
            describe(entry, &entry->recipients[i], kind->action, &described);
            g_array_append_val(recipients, described);
        }
    }
    DeliveryReport report = {
        .reporting_mta = agent->host_name,
        .envelope_id = entry->envelope_id,
        .arrival = entry->arrived_us / G_USEC_PER_SEC,
        .to = entry->reverse_path,
        .recipients = (const ReportRecipient *)(const void *)recipients->data,
        .n_recipients = recipients->len,
        .original = entry->octets,
        /* RFC 3461 §4.3: RET says what a failure gives back; other reports bring the header. */
        .returns_full = kind->action == REPORT_ACTION_FAILED && entry->returns == QUEUE_RETURN_FULL,
        .seconds = transfer_agent_now_us(agent) / G_USEC_PER_SEC,
        .seed = agent->options.seed + (guint64)transfer_agent_now_us(agent) + g_str_hash(entry->id),
    };
    GBytes *octets = delivery_report_write(&report);
    for (guint i = 0; i < recipients->len; i++) {
        g_free((char *)g_array_index(recipients, ReportRecipient, i).status);
    }
    return octets;
}

static void tell_unreported(TransferAgent *agent, const QueueEntry *entry, const char *why)
{
    g_autofree char *names = names_of(entry, has_failed);
    MailEvent event = {
        .deed = MAIL_DEED_UNREPORTED,
        .kind = WORLD_EVENT_AGENT,
        .by = agent->host_name,
        .message = entry->id,
        .recipients = names,
        .reply = why,
    };
    mail_event_emit(
        agent->world,
        agent->host,
        &event,
        "%s tells nobody that message %s failed: %s",
        agent->host_name,
        entry->id,
        why
    );
}

static bool is_due_for_any(const QueueEntry *entry, const ReportKind *kind)
{
    for (guint i = 0; i < entry->n_recipients; i++) {
        if (kind->is_due(&entry->recipients[i])) {
            return true;
        }
    }
    return false;
}

static void send_report(TransferAgent *agent, QueueEntry *entry, const ReportKind *kind)
{
    if (!is_due_for_any(entry, kind)) {
        return;
    }
    g_autofree char *names = names_of(entry, kind->is_due);
    g_autoptr(GBytes) octets = write_report(agent, entry, kind);
    const char *const to[] = {entry->reverse_path, NULL};
    g_autofree char *report =
        g_strdup(transfer_agent_submit(agent, "", to, octets, "report", entry->id));
    if (report == NULL) {
        return; /* the queue takes nothing: the next settling tries again */
    }
    mark_reported(entry, kind);
    MailEvent event = {
        .deed = MAIL_DEED_REPORTED,
        .kind = WORLD_EVENT_AGENT,
        .by = agent->host_name,
        .message = entry->id,
        .recipients = names,
        .report = report,
        .reply = report_action_name(kind->action),
    };
    mail_event_emit(
        agent->world,
        agent->host,
        &event,
        "%s reports to <%s> what became of message %s: %s",
        agent->host_name,
        entry->reverse_path,
        entry->id,
        report_action_name(kind->action)
    );
}

/* RFC 5321 §6.1: the null reverse-path is never answered. Failures nobody wants to hear of end here
 * too. */
static void pass_over_failures(TransferAgent *agent, QueueEntry *entry)
{
    bool is_null = entry->reverse_path[0] == '\0';
    guint count = 0;
    for (guint i = 0; i < entry->n_recipients; i++) {
        QueueRecipient *recipient = &entry->recipients[i];
        count += has_failed(recipient) && (is_null || !wants_failures(recipient)) ? 1 : 0;
    }
    if (count > 0) {
        tell_unreported(
            agent,
            entry,
            is_null ? "its reverse-path is empty" : "the sender does not want to be told"
        );
    }
    for (guint i = 0; i < entry->n_recipients; i++) {
        QueueRecipient *recipient = &entry->recipients[i];
        if (has_failed(recipient) && (is_null || !wants_failures(recipient))) {
            recipient->is_reported = true;
        }
    }
}

static bool delay_report_is_due(const TransferAgent *agent, const QueueEntry *entry)
{
    return agent->options.warn_after > 0 && !entry->was_warned && queue_entry_waiting(entry) > 0 &&
           transfer_agent_now_us(agent) >=
               entry->arrived_us + agent->options.warn_after / SIM_MICROSECOND;
}

void transfer_report_write(TransferAgent *agent, QueueEntry *entry)
{
    pass_over_failures(agent, entry);
    if (entry->reverse_path[0] == '\0') {
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        send_report(agent, entry, &kinds[i]);
    }
    if (delay_report_is_due(agent, entry)) {
        send_report(agent, entry, &delay);
        entry->was_warned = true;
    }
}
