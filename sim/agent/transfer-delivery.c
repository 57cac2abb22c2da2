/* Carrying what is queued: into a mailbox here, or by SMTP to the server that takes mail for the
 * domain. One delivery serves the recipients of one message at one domain. */

#include "protocol/message/received-field.h"
#include "sim/agent/transfer-agent-private.h"

struct TransferRoute {
    TransferAgent *agent;
    char *id; /* of the queue entry */
    char *domain;
    GArray *targets; /* TransferTarget with owned names */
    guint next_target;
    AgentLink *link;
    SmtpClient *client;
    GPtrArray *paths; /* recipients of the transaction, closed by NULL */
    bool is_closing;
    bool was_sent;
    bool is_over;
};

typedef struct TransferRoute TransferDelivery;

static void try_next_target(TransferDelivery *delivery);

static QueueEntry *entry_of(const TransferDelivery *delivery)
{
    return outgoing_queue_find(delivery->agent->queue, delivery->id);
}

static void clear_target(gpointer data)
{
    g_free((char *)((TransferTarget *)data)->name);
}

void transfer_delivery_free(gpointer data)
{
    TransferDelivery *delivery = data;
    agent_link_free(delivery->link);
    smtp_client_free(delivery->client);
    g_clear_pointer(&delivery->paths, g_ptr_array_unref);
    g_array_unref(delivery->targets);
    g_free(delivery->id);
    g_free(delivery->domain);
    g_free(delivery);
}

static bool is_for(const QueueRecipient *recipient, const char *domain)
{
    ByteSpan own = transfer_domain_of(byte_span_from_string(recipient->path));
    return recipient->state == QUEUE_RECIPIENT_WAITING && byte_span_is_nocase(own, domain);
}

static void tell_queue(TransferAgent *agent)
{
    guint length = outgoing_queue_length(agent->queue);
    sim_world_emit(
        agent->world,
        agent->host,
        WORLD_EVENT_QUEUE,
        "queue of %s: %u message%s",
        agent->host_name,
        length,
        length == 1 ? "" : "s"
    );
}

/* Puts the entry back in order, or takes it out when nobody waits any more. */
static void settle_entry(TransferAgent *agent, QueueEntry *entry)
{
    g_autoptr(GError) error = NULL;
    if (queue_entry_waiting(entry) == 0) {
        outgoing_queue_remove(agent->queue, entry, &error);
        tell_queue(agent);
    } else {
        gint64 wait =
            entry->recipients[0].attempts <= 1 ? agent->options.first_retry : agent->options.retry;
        entry->next_attempt_us = transfer_agent_now_us(agent) + wait / SIM_MICROSECOND;
        outgoing_queue_update(agent->queue, entry, &error);
    }
    transfer_agent_wake(agent);
}

static void end_delivery(TransferDelivery *delivery)
{
    TransferAgent *agent = delivery->agent;
    QueueEntry *entry = entry_of(delivery);
    if (delivery->is_over) {
        return;
    }
    delivery->is_over = true;
    if (entry != NULL) {
        settle_entry(agent, entry);
    }
}

static void fail_all(TransferDelivery *delivery, bool is_permanent, guint code, const char *reason)
{
    TransferAgent *agent = delivery->agent;
    QueueEntry *entry = entry_of(delivery);
    for (guint i = 0; entry != NULL && i < entry->n_recipients; i++) {
        QueueRecipient *recipient = &entry->recipients[i];
        if (is_for(recipient, delivery->domain)) {
            queue_recipient_set_reply(recipient, code, reason, delivery->domain);
            recipient->attempts++;
            recipient->state = is_permanent ? QUEUE_RECIPIENT_FAILED : QUEUE_RECIPIENT_WAITING;
        }
    }
    sim_world_emit(
        agent->world,
        agent->host,
        WORLD_EVENT_AGENT,
        "delivery to %s failed%s: %s",
        delivery->domain,
        is_permanent ? "" : " for now",
        reason
    );
}

static void hand_over(TransferDelivery *delivery)
{
    QueueEntry *entry = entry_of(delivery);
    gsize length;
    if (entry == NULL || delivery->was_sent) {
        smtp_client_quit(delivery->client);
        return;
    }
    const void *octets = g_bytes_get_data(entry->octets, &length);
    delivery->paths = g_ptr_array_new();
    for (guint i = 0; i < entry->n_recipients; i++) {
        if (is_for(&entry->recipients[i], delivery->domain)) {
            g_ptr_array_add(delivery->paths, entry->recipients[i].path);
        }
    }
    g_ptr_array_add(delivery->paths, NULL);
    SmtpClientMessage message = {
        .reverse_path = entry->reverse_path,
        .forward_paths = (const char *const *)delivery->paths->pdata,
        .content = byte_span(octets, length),
        .has_eight_bit = entry->is_8bit,
        .needs_utf8 = entry->is_utf8,
    };
    delivery->was_sent = true;
    smtp_client_send(delivery->client, &message);
}

static QueueRecipient *recipient_at(QueueEntry *entry, const char *domain, guint index)
{
    for (guint i = 0; i < entry->n_recipients; i++) {
        if (is_for(&entry->recipients[i], domain) && index-- == 0) {
            return &entry->recipients[i];
        }
    }
    return NULL;
}

/* A recipient refused: now or for good. Those accepted wait for the answer to the message. */
static void note_recipient(TransferDelivery *delivery, const SmtpClientEvent *event)
{
    QueueEntry *entry = entry_of(delivery);
    const char *path = g_ptr_array_index(delivery->paths, event->recipient);
    for (guint i = 0; entry != NULL && i < entry->n_recipients; i++) {
        QueueRecipient *recipient = &entry->recipients[i];
        if (recipient->path == path) {
            g_autofree char *text = byte_span_to_display(event->text);
            queue_recipient_set_reply(recipient, event->code, text, delivery->domain);
            if (event->code / 100 == 5) {
                recipient->state = QUEUE_RECIPIENT_FAILED;
            }
        }
    }
}

static void note_result(TransferDelivery *delivery, const SmtpClientEvent *event)
{
    TransferAgent *agent = delivery->agent;
    QueueEntry *entry = entry_of(delivery);
    g_autofree char *text = byte_span_to_display(event->text);
    if (event->code / 100 != 2) {
        fail_all(delivery, event->code / 100 == 5, event->code, text);
        return;
    }
    QueueRecipient *recipient;
    while (entry != NULL && (recipient = recipient_at(entry, delivery->domain, 0)) != NULL) {
        recipient->attempts++;
        recipient->state = QUEUE_RECIPIENT_RELAYED;
        queue_recipient_set_reply(recipient, event->code, text, delivery->domain);
    }
    sim_world_emit(
        agent->world,
        agent->host,
        WORLD_EVENT_AGENT,
        "%s has taken over message %s",
        g_array_index(delivery->targets, TransferTarget, delivery->next_target - 1).name,
        delivery->id
    );
}

static void receive(gpointer owner, ByteSpan octets)
{
    TransferDelivery *delivery = owner;
    SmtpClientEvent event;
    smtp_client_receive(delivery->client, octets);
    while (smtp_client_next_event(delivery->client, &event)) {
        switch (event.kind) {
        case SMTP_CLIENT_READY:
            hand_over(delivery);
            break;
        case SMTP_CLIENT_SENDER:
        case SMTP_CLIENT_STARTTLS:
        case SMTP_CLIENT_AUTH:
            break;
        case SMTP_CLIENT_RECIPIENT:
            note_recipient(delivery, &event);
            break;
        case SMTP_CLIENT_RESULT:
            note_result(delivery, &event);
            smtp_client_quit(delivery->client);
            break;
        case SMTP_CLIENT_CLOSED:
            delivery->is_closing = true;
            break;
        }
    }
}

static ByteSpan output(gpointer owner)
{
    return smtp_client_output(((TransferDelivery *)owner)->client);
}

static void consume(gpointer owner, gsize length)
{
    smtp_client_consume_output(((TransferDelivery *)owner)->client, length);
}

static bool wants_close(gpointer owner)
{
    return ((TransferDelivery *)owner)->is_closing;
}

static void ended(gpointer owner, SimTcpError error)
{
    TransferDelivery *delivery = owner;
    TransferAgent *agent = delivery->agent;
    delivery->link = NULL;
    if (!delivery->was_sent && delivery->next_target < delivery->targets->len) {
        g_clear_pointer(&delivery->client, smtp_client_free);
        try_next_target(delivery);
        return;
    }
    QueueEntry *entry = entry_of(delivery);
    if (entry != NULL && recipient_at(entry, delivery->domain, 0) != NULL &&
        !delivery->is_closing) {
        fail_all(delivery, false, 0, sim_tcp_error_name(error));
    }
    end_delivery(delivery);
    g_ptr_array_remove_fast(agent->deliveries, delivery);
}

static const AgentLinkOwner link_owner = {
    .receive = receive,
    .output = output,
    .consume = consume,
    .wants_close = wants_close,
    .ended = ended,
};

static void try_next_target(TransferDelivery *delivery)
{
    TransferAgent *agent = delivery->agent;
    SmtpClientOptions options = {
        .host_name = agent->host_name, .may_pipeline = agent->options.may_pipeline};
    const TransferTarget *target =
        &g_array_index(delivery->targets, TransferTarget, delivery->next_target++);
    delivery->client = smtp_client_new(&options);
    delivery->link = agent_link_connect(agent->host, &target->address, 25, &link_owner, delivery);
}

void transfer_agent_routed(
    TransferRoute *route,
    const TransferTarget *targets,
    gsize count,
    bool is_permanent,
    const char *failure
)
{
    for (gsize i = 0; i < count; i++) {
        TransferTarget target = {.name = g_strdup(targets[i].name), .address = targets[i].address};
        g_array_append_val(route->targets, target);
    }
    if (count > 0) {
        try_next_target(route);
        return;
    }
    TransferAgent *agent = route->agent;
    fail_all(route, is_permanent, 0, failure);
    end_delivery(route);
    g_ptr_array_remove_fast(agent->deliveries, route);
}

static GBytes *with_return_path(const QueueEntry *entry)
{
    /* RFC 5321 §4.4: at final delivery the reverse-path goes on top of all. */
    g_autofree char *field = return_path_write(entry->reverse_path);
    gsize length;
    const void *octets = g_bytes_get_data(entry->octets, &length);
    gsize field_length = strlen(field);
    guint8 *whole = g_malloc(field_length + length);
    memcpy(whole, field, field_length);
    memcpy(whole + field_length, octets, length);
    return g_bytes_new_take(whole, field_length + length);
}

static void deliver_here(TransferAgent *agent, QueueEntry *entry, QueueRecipient *recipient)
{
    g_autoptr(GBytes) octets = with_return_path(entry);
    g_autoptr(GError) error = NULL;
    MailStoreResult result = mail_store_deliver(
        agent->store,
        recipient->path,
        "INBOX",
        octets,
        transfer_agent_now_us(agent) / G_USEC_PER_SEC,
        NULL,
        &error
    );
    recipient->attempts++;
    if (result == MAIL_STORE_DONE) {
        recipient->state = QUEUE_RECIPIENT_DELIVERED;
        sim_world_emit(
            agent->world,
            agent->host,
            WORLD_EVENT_MAILBOX,
            "message %s is in the mailbox of %s",
            entry->id,
            recipient->path
        );
        return;
    }
    queue_recipient_set_reply(recipient, 452, mail_store_result_text(result), agent->host_name);
    if (result != MAIL_STORE_OVER_QUOTA && result != MAIL_STORE_LOCKED) {
        recipient->state = QUEUE_RECIPIENT_FAILED;
    }
}

static bool is_under_way(const TransferAgent *agent, const char *id, const char *domain)
{
    for (guint i = 0; i < agent->deliveries->len; i++) {
        const TransferDelivery *delivery = g_ptr_array_index(agent->deliveries, i);
        if (g_str_equal(delivery->id, id) && g_ascii_strcasecmp(delivery->domain, domain) == 0) {
            return true;
        }
    }
    return false;
}

static void begin_delivery(TransferAgent *agent, const QueueEntry *entry, const char *domain)
{
    TransferDelivery *delivery = g_new0(TransferDelivery, 1);
    delivery->agent = agent;
    delivery->id = g_strdup(entry->id);
    delivery->domain = g_strdup(domain);
    delivery->targets = g_array_new(FALSE, TRUE, sizeof(TransferTarget));
    g_array_set_clear_func(delivery->targets, clear_target);
    g_ptr_array_add(agent->deliveries, delivery);
    agent->router(agent->router_data, agent, delivery->domain, delivery);
}

static void begin_entry(TransferAgent *agent, QueueEntry *entry)
{
    g_autoptr(GPtrArray) domains = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < entry->n_recipients; i++) {
        QueueRecipient *recipient = &entry->recipients[i];
        ByteSpan domain = transfer_domain_of(byte_span_from_string(recipient->path));
        if (recipient->state != QUEUE_RECIPIENT_WAITING) {
            continue;
        }
        if (transfer_agent_is_local(agent, domain)) {
            deliver_here(agent, entry, recipient);
            continue;
        }
        g_autofree char *name = byte_span_to_string(domain);
        bool is_known = is_under_way(agent, entry->id, name);
        for (guint j = 0; j < domains->len && !is_known; j++) {
            is_known = g_ascii_strcasecmp(domains->pdata[j], name) == 0;
        }
        if (!is_known) {
            g_ptr_array_add(domains, g_steal_pointer(&name));
        }
    }
    entry->next_attempt_us = G_MAXINT64; /* until what is begun here has ended */
    outgoing_queue_update(agent->queue, entry, &error);
    if (domains->len == 0) {
        settle_entry(agent, entry);
    }
    for (guint i = 0; i < domains->len; i++) {
        begin_delivery(agent, entry, domains->pdata[i]);
    }
}

void transfer_delivery_run_queue(TransferAgent *agent)
{
    QueueEntry *entry;
    while ((entry = outgoing_queue_first(agent->queue)) != NULL &&
           entry->next_attempt_us <= transfer_agent_now_us(agent)) {
        begin_entry(agent, entry);
    }
    transfer_agent_wake(agent);
}
