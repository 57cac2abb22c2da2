/* What is due, what became of it, and when it is tried again. */

#include "sim/agent/transfer-agent-private.h"

void transfer_queue_wake(TransferAgent *agent)
{
    const QueueEntry *first = outgoing_queue_first(agent->queue);
    if (first == NULL || first->next_attempt_us == G_MAXINT64 || !sim_host_is_up(agent->host)) {
        sim_timer_cancel(&agent->queue_timer);
    } else {
        sim_timer_set_at(&agent->queue_timer, first->next_attempt_us * SIM_MICROSECOND);
    }
}

/* --- what became of a recipient --- */

void transfer_queue_deliver(
    TransferAgent *agent, QueueEntry *entry, guint index, const char *mailbox, const char *deed
)
{
    QueueRecipient *recipient = &entry->recipients[index];
    MailEvent event = {
        .deed = MAIL_DEED_DELIVERED,
        .kind = WORLD_EVENT_MAILBOX,
        .by = agent->host_name,
        .message = entry->id,
        .recipient = recipient->path,
        .mailbox = mailbox,
    };
    recipient->attempts++;
    recipient->state = QUEUE_RECIPIENT_DELIVERED;
    mail_event_emit(
        agent->world, agent->host, &event, "message %s %s %s", entry->id, deed, mailbox
    );
}

/* The id behind "queued as" in the reply, by which both servers' logs can be joined. */
static char *taken_as(const char *reply)
{
    const char *found = strstr(reply, "queued as ");
    if (found == NULL) {
        return NULL;
    }
    found += strlen("queued as ");
    return g_strndup(found, strspn(found, "0123456789ABCDEFabcdef"));
}

void transfer_queue_relay(
    TransferAgent *agent, QueueEntry *entry, guint index, const char *server, const char *reply
)
{
    QueueRecipient *recipient = &entry->recipients[index];
    recipient->attempts++;
    recipient->state = QUEUE_RECIPIENT_RELAYED;
    queue_recipient_set_reply(recipient, 250, reply, server);
    if (!sim_world_is_observed(agent->world)) {
        return;
    }
    g_autofree char *taken = taken_as(reply);
    MailEvent event = {
        .deed = MAIL_DEED_RELAYED,
        .kind = WORLD_EVENT_QUEUE,
        .by = agent->host_name,
        .message = entry->id,
        .recipient = recipient->path,
        .server = server,
        .taken = taken,
        .reply = reply,
    };
    mail_event_emit(
        agent->world,
        agent->host,
        &event,
        "%s has taken over message %s for <%s>",
        server,
        entry->id,
        recipient->path
    );
}

void transfer_queue_fail(
    TransferAgent *agent,
    QueueEntry *entry,
    guint index,
    bool is_permanent,
    guint code,
    const char *reply,
    const char *server
)
{
    QueueRecipient *recipient = &entry->recipients[index];
    recipient->attempts++;
    recipient->last_attempt_us = transfer_agent_now_us(agent);
    recipient->state = is_permanent ? QUEUE_RECIPIENT_FAILED : QUEUE_RECIPIENT_WAITING;
    queue_recipient_set_reply(recipient, code, reply, server);
    MailEvent event = {
        .deed = is_permanent ? MAIL_DEED_FAILED : MAIL_DEED_DEFERRED,
        .kind = WORLD_EVENT_AGENT,
        .by = agent->host_name,
        .message = entry->id,
        .recipient = recipient->path,
        .server = server,
        .reply = reply,
    };
    mail_event_emit(
        agent->world,
        agent->host,
        &event,
        "attempt %u to bring message %s to <%s> failed%s: %s",
        recipient->attempts,
        entry->id,
        recipient->path,
        is_permanent ? " for good" : "",
        reply
    );
}

/* --- after the last delivery of a run --- */

static void expire(TransferAgent *agent, QueueEntry *entry)
{
    for (guint i = 0; i < entry->n_recipients; i++) {
        QueueRecipient *recipient = &entry->recipients[i];
        if (recipient->state != QUEUE_RECIPIENT_WAITING) {
            continue;
        }
        recipient->state = QUEUE_RECIPIENT_EXPIRED;
        MailEvent event = {
            .deed = MAIL_DEED_EXPIRED,
            .kind = WORLD_EVENT_QUEUE,
            .by = agent->host_name,
            .message = entry->id,
            .recipient = recipient->path,
            .reply = recipient->last_reply,
        };
        mail_event_emit(
            agent->world,
            agent->host,
            &event,
            "%s gives message %s for <%s> up after %u attempts",
            agent->host_name,
            entry->id,
            recipient->path,
            recipient->attempts
        );
    }
}

static void set_next_attempt(TransferAgent *agent, QueueEntry *entry)
{
    gint64 now = transfer_agent_now_us(agent);
    guint attempts = 0;
    for (guint i = 0; i < entry->n_recipients; i++) {
        if (entry->recipients[i].state == QUEUE_RECIPIENT_WAITING) {
            attempts = MAX(attempts, entry->recipients[i].attempts);
        }
    }
    SimTime wait = attempts <= 1 ? agent->options.first_retry : agent->options.retry;
    /* The last attempt falls on the end of the lifetime. */
    entry->next_attempt_us = MIN(now + wait / SIM_MICROSECOND, MAX(entry->expires_us, now + 1));
    if (sim_world_is_observed(agent->world)) {
        char text[SIM_TIME_TEXT_SIZE];
        sim_time_format(entry->next_attempt_us * SIM_MICROSECOND, text);
        sim_world_emit(
            agent->world,
            agent->host,
            WORLD_EVENT_TIMER,
            "%s will try message %s again at %.16s",
            agent->host_name,
            entry->id,
            text
        );
    }
}

static void settle(TransferAgent *agent, QueueEntry *entry)
{
    g_autoptr(GError) error = NULL;
    if (queue_entry_waiting(entry) > 0 && transfer_agent_now_us(agent) >= entry->expires_us) {
        expire(agent, entry);
    }
    transfer_report_write(agent, entry);
    bool is_kept = true;
    if (queue_entry_waiting(entry) == 0) {
        is_kept = outgoing_queue_remove(agent->queue, entry, &error);
        transfer_agent_tell_queue(agent);
    } else {
        set_next_attempt(agent, entry);
        is_kept = outgoing_queue_update(agent->queue, entry, &error);
    }
    if (!is_kept) {
        sim_world_emit(
            agent->world,
            agent->host,
            WORLD_EVENT_QUEUE,
            "%s cannot write to its queue: %s",
            agent->host_name,
            error->message
        );
    }
    transfer_queue_wake(agent);
}

void transfer_queue_ended(TransferAgent *agent, QueueEntry *entry)
{
    g_assert(entry->under_way > 0);
    if (--entry->under_way == 0) {
        settle(agent, entry);
    }
}

/* --- what is due --- */

static void add_domain(GPtrArray *domains, ByteSpan domain)
{
    for (guint i = 0; i < domains->len; i++) {
        if (byte_span_is_nocase(domain, domains->pdata[i])) {
            return;
        }
    }
    g_autofree char *name = byte_span_to_string(domain);
    g_ptr_array_add(domains, g_ascii_strdown(name, -1));
}

/* Aliases add recipients, so their number grows meanwhile. */
static void begin(TransferAgent *agent, QueueEntry *entry)
{
    g_autoptr(GPtrArray) domains = g_ptr_array_new_with_free_func(g_free);
    outgoing_queue_take(agent->queue, entry);
    entry->under_way = 1;
    for (guint i = 0; i < entry->n_recipients; i++) {
        if (entry->recipients[i].state != QUEUE_RECIPIENT_WAITING) {
            continue;
        }
        ByteSpan domain = transfer_domain_of(byte_span_from_string(entry->recipients[i].path));
        if (transfer_agent_is_local(agent, domain)) {
            transfer_local_deliver(agent, entry, i);
        } else if (agent->next_hop != NULL) {
            add_domain(domains, byte_span_from_string(agent->next_hop));
        } else {
            add_domain(domains, domain);
        }
    }
    entry->under_way += domains->len;
    for (guint i = 0; i < domains->len; i++) {
        transfer_destination_add(agent, domains->pdata[i], entry);
    }
    transfer_queue_ended(agent, entry);
}

void transfer_queue_run(TransferAgent *agent)
{
    QueueEntry *entry;
    while (sim_host_is_up(agent->host) && (entry = outgoing_queue_first(agent->queue)) != NULL &&
           entry->next_attempt_us <= transfer_agent_now_us(agent)) {
        begin(agent, entry);
    }
    transfer_queue_wake(agent);
}

typedef struct {
    TransferAgent *agent;
    const char *domain;
    GPtrArray *due;
} Flush;

static void look_whether_due(QueueEntry *entry, void *data)
{
    Flush *flush = data;
    bool is_due = flush->domain == NULL;
    for (guint i = 0; i < entry->n_recipients && !is_due; i++) {
        const QueueRecipient *recipient = &entry->recipients[i];
        ByteSpan domain = transfer_domain_of(byte_span_from_string(recipient->path));
        is_due = recipient->state == QUEUE_RECIPIENT_WAITING &&
                 byte_span_is_nocase(domain, flush->domain);
    }
    if (is_due && entry->under_way == 0) {
        g_ptr_array_add(flush->due, entry);
    }
}

void transfer_agent_flush(TransferAgent *agent, const char *domain)
{
    g_autoptr(GPtrArray) due = g_ptr_array_new();
    Flush flush = {.agent = agent, .domain = domain, .due = due};
    outgoing_queue_visit(agent->queue, look_whether_due, &flush);
    for (guint i = 0; i < due->len; i++) {
        QueueEntry *entry = g_ptr_array_index(due, i);
        entry->next_attempt_us = transfer_agent_now_us(agent);
        outgoing_queue_update(agent->queue, entry, NULL);
    }
    transfer_queue_wake(agent);
}
