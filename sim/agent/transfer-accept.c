/* The end of a message: is it fit to be taken? Then the trace field goes on top, and the queue
 * keeps it before 250 is said. */

#include "sim/agent/transfer-agent-private.h"

static void refuse(TransferSession *session, guint code, const char *enhanced, const char *text)
{
    SmtpReply reply = SMTP_REPLY(code, enhanced, text);
    g_clear_pointer(&session->entry, queue_entry_free);
    smtp_server_answer(session->server, &reply);
}

/* RFC 5321 §4.4: the trace line goes on top. */
static char *trace_field(const TransferSession *session, const char *id)
{
    const TransferAgent *agent = session->agent;
    ByteSpan name = smtp_server_client_name(session->server);
    g_autofree char *client_name = byte_span_to_string(name);
    bool is_single = session->entry->n_recipients == 1;
    ReceivedTrace trace = {
        .from_name = client_name,
        .from_address = session->client_text,
        .by_name = agent->host_name,
        .with = smtp_server_protocol_name(session->server),
        .id = id,
        .for_path = is_single ? session->entry->recipients[0].path : NULL,
        .seconds = transfer_agent_now_us(agent) / G_USEC_PER_SEC,
    };
    return received_field_write(&trace);
}

static GBytes *put_on_top(const char *first, const char *second, ByteSpan content)
{
    gsize first_length = strlen(first);
    gsize second_length = second == NULL ? 0 : strlen(second);
    guint8 *octets = g_malloc(first_length + second_length + content.length);
    memcpy(octets, first, first_length);
    if (second != NULL) {
        memcpy(octets + first_length, second, second_length);
    }
    if (content.length > 0) {
        memcpy(octets + first_length + second_length, content.data, content.length);
    }
    return g_bytes_new_take(octets, first_length + second_length + content.length);
}

/* "HOST ID" of the server that handed the message over, from the trace field on top. */
static char *previous_of(HeaderBlock *header, ByteSpan content)
{
    ReceivedField received;
    header_block_parse(header, content, 0);
    if (header->n_fields == 0 || !header_field_is(&header->fields[0], "Received")) {
        return NULL;
    }
    received_field_parse(header->fields[0].body, &received);
    if (received.by_name.length == 0 || received.id.length == 0) {
        return NULL;
    }
    g_autofree char *host = byte_span_to_display(received.by_name);
    g_autofree char *id = byte_span_to_display(received.id);
    return g_strconcat(host, " ", id, NULL);
}

static char *list_recipients(const QueueEntry *entry, guint from)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = from; i < entry->n_recipients; i++) {
        g_string_append_printf(list, "%s%s", i > from ? "\n" : "", entry->recipients[i].path);
    }
    return g_string_free(g_steal_pointer(&list), FALSE);
}

static void tell_accepted(
    TransferAgent *agent, const QueueEntry *entry, const char *origin, const char *previous
)
{
    if (!sim_world_is_observed(agent->world)) {
        return;
    }
    g_autofree char *recipients = list_recipients(entry, 0);
    MailEvent event = {
        .deed = MAIL_DEED_ACCEPTED,
        .kind = WORLD_EVENT_QUEUE,
        .by = agent->host_name,
        .message = entry->id,
        .recipients = recipients,
        .sender = entry->reverse_path,
        .origin = origin,
        .previous = previous,
    };
    guint others = entry->n_recipients - 1;
    mail_event_emit(
        agent->world,
        agent->host,
        &event,
        others == 0 ? "%s takes message %s for <%s>" : "%s takes message %s for <%s> and %u more",
        agent->host_name,
        entry->id,
        entry->recipients[0].path,
        others
    );
}

static void stamp(const TransferAgent *agent, QueueEntry *entry)
{
    entry->arrived_us = transfer_agent_now_us(agent);
    entry->next_attempt_us = entry->arrived_us;
    entry->expires_us = entry->arrived_us + agent->options.lifetime / SIM_MICROSECOND;
}

bool transfer_accept_entry(
    TransferAgent *agent, QueueEntry *entry, const char *origin, const char *previous
)
{
    g_autoptr(GError) error = NULL;
    stamp(agent, entry);
    if (!outgoing_queue_add(agent->queue, entry, &error)) {
        sim_world_emit(
            agent->world,
            agent->host,
            WORLD_EVENT_QUEUE,
            "%s cannot write to its queue: %s",
            agent->host_name,
            error->message
        );
        return false;
    }
    tell_accepted(agent, entry, origin, previous);
    transfer_agent_tell_queue(agent);
    transfer_queue_wake(agent);
    return true;
}

const char *transfer_agent_submit(
    TransferAgent *agent,
    const char *reverse_path,
    const char *const *recipients,
    GBytes *octets,
    const char *origin,
    const char *previous
)
{
    g_autofree char *id = outgoing_queue_next_id(agent->queue);
    ReceivedTrace trace = {
        .by_name = agent->host_name,
        .id = id,
        .for_path = recipients[0] != NULL && recipients[1] == NULL ? recipients[0] : NULL,
        .seconds = transfer_agent_now_us(agent) / G_USEC_PER_SEC,
    };
    g_autofree char *field = received_field_write(&trace);
    gsize length;
    const void *content = g_bytes_get_data(octets, &length);
    g_autoptr(GBytes) traced = put_on_top(field, NULL, byte_span(content, length));
    g_autoptr(QueueEntry) entry = queue_entry_new(reverse_path, traced);
    bool is_report = reverse_path[0] == '\0';
    for (guint i = 0; recipients[i] != NULL; i++) {
        QueueRecipient *recipient = queue_entry_add_recipient(entry, recipients[i]);
        /* RFC 3461 §6.1 */
        recipient->notify = is_report ? QUEUE_NOTIFY_NEVER : 0;
    }
    g_autofree char *from =
        previous == NULL ? NULL : g_strconcat(agent->host_name, " ", previous, NULL);
    if (!transfer_accept_entry(agent, entry, origin, from)) {
        return NULL;
    }
    return g_steal_pointer(&entry)->id;
}

static bool is_all_for_mailboxes(TransferAgent *agent, const QueueEntry *entry)
{
    for (guint i = 0; i < entry->n_recipients; i++) {
        const char *path = entry->recipients[i].path;
        ByteSpan domain = transfer_domain_of(byte_span_from_string(path));
        const AddressEntry *address =
            transfer_agent_is_local(agent, domain) ? transfer_local_find(agent, path, NULL) : NULL;
        if (address == NULL || address->kind != ADDRESS_MAILBOX) {
            return false;
        }
    }
    return true;
}

/* Own mailboxes are filled at once; who could not be served waits in the queue. True: the entry is
 * disposed of. */
static bool deliver_before_answer(TransferSession *session, const char *previous)
{
    TransferAgent *agent = session->agent;
    QueueEntry *entry = session->entry;
    entry->id = outgoing_queue_take_id(agent->queue);
    stamp(agent, entry);
    tell_accepted(agent, entry, "smtp", previous);
    for (guint i = 0; i < entry->n_recipients; i++) {
        transfer_local_deliver(agent, entry, i);
    }
    transfer_report_write(agent, entry);
    if (queue_entry_waiting(entry) == 0) {
        queue_entry_free(entry);
        return true;
    }
    entry->next_attempt_us += agent->options.first_retry / SIM_MICROSECOND;
    if (!outgoing_queue_add(agent->queue, entry, NULL)) {
        return false;
    }
    transfer_agent_tell_queue(agent);
    transfer_queue_wake(agent);
    return true;
}

static void say_taken(TransferSession *session, const char *id)
{
    g_autofree char *text = g_strconcat("Ok: queued as ", id, NULL);
    SmtpReply taken = SMTP_REPLY(250, "2.0.0", text);
    smtp_server_answer(session->server, &taken);
}

static void take(TransferSession *session, const char *filter_fields)
{
    TransferAgent *agent = session->agent;
    QueueEntry *entry = session->entry;
    g_autofree char *id = outgoing_queue_next_id(agent->queue);
    g_autofree char *trace = trace_field(session, id);
    bool is_observed = sim_world_is_observed(agent->world);
    ByteSpan content = byte_buffer_span(&session->content);
    g_autofree char *previous = is_observed ? previous_of(&agent->header, content) : NULL;
    entry->octets = put_on_top(trace, filter_fields, content);
    bool is_at_once = agent->options.delivers_before_answer && is_all_for_mailboxes(agent, entry);
    bool is_taken = is_at_once ? deliver_before_answer(session, previous)
                               : transfer_accept_entry(agent, entry, "smtp", previous);
    if (is_taken) {
        session->entry = NULL; /* the queue's own now, or over */
        say_taken(session, id);
    } else {
        refuse(session, 451, "4.3.0", "The queue cannot take it now");
    }
}

static void discard(TransferSession *session, const char *reason)
{
    TransferAgent *agent = session->agent;
    g_autofree char *id = outgoing_queue_take_id(agent->queue);
    QueueEntry *entry = session->entry;
    entry->id = g_strdup(id);
    tell_accepted(agent, entry, "smtp", NULL);
    for (guint i = 0; i < entry->n_recipients; i++) {
        MailEvent event = {
            .deed = MAIL_DEED_DISCARDED,
            .kind = WORLD_EVENT_AGENT,
            .by = agent->host_name,
            .message = id,
            .recipient = entry->recipients[i].path,
            .reply = reason,
        };
        mail_event_emit(
            agent->world,
            agent->host,
            &event,
            "%s throws message %s for <%s> away: %s",
            agent->host_name,
            id,
            entry->recipients[i].path,
            reason
        );
    }
    g_clear_pointer(&session->entry, queue_entry_free);
    say_taken(session, id);
}

static void filter(TransferSession *session)
{
    TransferAgent *agent = session->agent;
    MailVerdict verdict;
    mail_filter_judge(
        agent->filter, byte_buffer_span(&session->content), session->entry->reverse_path, &verdict
    );
    g_autofree char *found =
        verdict.virus != NULL
            ? g_strdup_printf("virus %s found", verdict.virus)
            : g_strdup_printf("spam score %d.%d", verdict.score / 10, ABS(verdict.score) % 10);
    sim_world_emit(
        agent->world, agent->host, WORLD_EVENT_AGENT, "filter of %s: %s", agent->host_name, found
    );
    if (verdict.action == MAIL_FILTER_REJECT) {
        g_autofree char *text = g_strdup_printf("Message refused: %s", found);
        refuse(session, 550, "5.7.1", text);
    } else if (verdict.action == MAIL_FILTER_DISCARD) {
        discard(session, found);
    } else {
        g_autofree char *fields = mail_verdict_write(&verdict);
        take(session, fields);
    }
    mail_verdict_clear(&verdict);
}

void transfer_accept_message(TransferSession *session)
{
    TransferAgent *agent = session->agent;
    if (transfer_policy_fault(session, TRANSFER_AT_MESSAGE, session->entry->reverse_path)) {
        g_clear_pointer(&session->entry, queue_entry_free);
        return;
    }
    ByteSpan content = byte_buffer_span(&session->content);
    if (transfer_policy_lacks_room(session, content.length)) {
        g_clear_pointer(&session->entry, queue_entry_free);
    } else if (received_count(content) > agent->options.maximum_hops) {
        refuse(session, 554, "5.4.6", "Too many hops: this message runs in a circle");
    } else if (agent->filter != NULL) {
        filter(session);
    } else {
        take(session, NULL);
    }
}
