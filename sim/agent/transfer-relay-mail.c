/* One message on a connection to another server: its transactions, and what the answers mean. */

#include "sim/agent/transfer-relay-private.h"

static QueueRecipient *recipient_at(const TransferRelay *relay, const GArray *list, guint index)
{
    return &relay->entry->recipients[g_array_index(list, guint, index)];
}

void transfer_relay_tell_uncertain(const TransferRelay *relay)
{
    if (!relay->is_open || !smtp_client_awaits_result(relay->client)) {
        return;
    }
    for (guint i = 0; i < relay->accepted->len; i++) {
        const char *path = recipient_at(relay, relay->accepted, i)->path;
        MailEvent event = {
            .deed = MAIL_DEED_UNCERTAIN,
            .kind = WORLD_EVENT_AGENT,
            .by = relay->agent->host_name,
            .message = relay->entry->id,
            .recipient = path,
            .server = transfer_relay_server(relay),
        };
        mail_event_emit(
            relay->agent->world,
            relay->agent->host,
            &event,
            "%s never heard whether %s has message %s for <%s>: it may arrive twice",
            relay->agent->host_name,
            transfer_relay_server(relay),
            relay->entry->id,
            path
        );
    }
}

/* --- transactions --- */

static void begin_entry(TransferRelay *relay, QueueEntry *entry)
{
    relay->entry = entry;
    relay->messages++;
    g_array_set_size(relay->to_do, 0);
    for (guint i = 0; i < entry->n_recipients; i++) {
        if (entry->recipients[i].state == QUEUE_RECIPIENT_WAITING &&
            transfer_destination_is_for(relay->destination, entry->recipients[i].path)) {
            g_array_append_val(relay->to_do, i);
        }
    }
}

static void end_entry(TransferRelay *relay)
{
    QueueEntry *entry = g_steal_pointer(&relay->entry);
    relay->is_open = false;
    transfer_queue_ended(relay->agent, entry);
}

static void fail_list(
    TransferRelay *relay, const GArray *list, bool is_permanent, guint code, const char *reply
)
{
    for (guint i = 0; i < list->len; i++) {
        guint index = g_array_index(list, guint, i);
        if (relay->entry->recipients[index].state == QUEUE_RECIPIENT_WAITING) {
            transfer_queue_fail(
                relay->agent,
                relay->entry,
                index,
                is_permanent,
                code,
                reply,
                transfer_relay_server(relay)
            );
        }
    }
}

/* RFC 3461 §5.2.1: what the sender asked for goes along, letter for letter. */
static char *parameters_of(const QueueRecipient *recipient)
{
    static const struct {
        guint bit;
        const char *word;
    } words[] = {
        {QUEUE_NOTIFY_NEVER, "NEVER"},
        {QUEUE_NOTIFY_SUCCESS, "SUCCESS"},
        {QUEUE_NOTIFY_FAILURE, "FAILURE"},
        {QUEUE_NOTIFY_DELAY, "DELAY"},
    };

    if (recipient->notify == 0 && recipient->original_recipient == NULL) {
        return NULL;
    }
    GString *text = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if ((recipient->notify & words[i].bit) != 0) {
            g_string_append(text, text->len == 0 ? "NOTIFY=" : ",");
            g_string_append(text, words[i].word);
        }
    }
    if (recipient->original_recipient != NULL) {
        g_string_append_printf(
            text, "%sORCPT=%s", text->len == 0 ? "" : " ", recipient->original_recipient
        );
    }
    return g_string_free(text, FALSE);
}

static void fill_batch(TransferRelay *relay)
{
    guint count = MIN(relay->to_do->len, relay->agent->options.recipients_at_once);
    g_array_set_size(relay->batch, 0);
    g_array_set_size(relay->accepted, 0);
    g_ptr_array_set_size(relay->paths, 0);
    g_ptr_array_set_size(relay->parameters, 0);
    g_array_append_vals(relay->batch, relay->to_do->data, count);
    g_array_remove_range(relay->to_do, 0, count);
    for (guint i = 0; i < count; i++) {
        const QueueRecipient *recipient = recipient_at(relay, relay->batch, i);
        g_ptr_array_add(relay->paths, recipient->path);
        g_ptr_array_add(relay->parameters, parameters_of(recipient));
    }
    g_ptr_array_add(relay->paths, NULL);
}

static void send_batch(TransferRelay *relay)
{
    const QueueEntry *entry = relay->entry;
    gsize length;
    const void *octets = g_bytes_get_data(entry->octets, &length);
    fill_batch(relay);
    SmtpClientMessage message = {
        .reverse_path = entry->reverse_path,
        .forward_paths = (const char *const *)relay->paths->pdata,
        .recipient_parameters = (const char *const *)relay->parameters->pdata,
        .content = byte_span(octets, length),
        .has_eight_bit = entry->is_8bit,
        .needs_utf8 = entry->is_utf8,
        .envelope_id = entry->envelope_id,
        .return_what = entry->returns == QUEUE_RETURN_UNSAID ? NULL
                       : entry->returns == QUEUE_RETURN_FULL ? "FULL"
                                                             : "HDRS",
    };
    relay->is_open = true;
    relay->sender_was_refused = false;
    smtp_client_send(relay->client, &message);
}

void transfer_relay_send(TransferRelay *relay, QueueEntry *entry)
{
    begin_entry(relay, entry);
    send_batch(relay);
}

/* --- answers --- */

/* RFC 5321 §4.5.3.1.10: 452, and 552 from older servers, says that there are too many recipients;
 * the rest goes in another transaction. */
static bool is_too_many(const SmtpClientEvent *event)
{
    return event->code == 452 && byte_span_is(event->enhanced, "4.5.3");
}

void transfer_relay_take_recipient(TransferRelay *relay, const SmtpClientEvent *event)
{
    guint index = g_array_index(relay->batch, guint, event->recipient);
    if (relay->sender_was_refused) {
        return;
    }
    if (event->code / 100 == 2) {
        g_array_append_val(relay->accepted, index);
        return;
    }
    if (is_too_many(event) && relay->accepted->len > 0) {
        g_array_append_val(relay->to_do, index);
        return;
    }
    g_autofree char *text = byte_span_to_display(event->text);
    transfer_queue_fail(
        relay->agent,
        relay->entry,
        index,
        event->code / 100 == 5,
        event->code,
        text,
        transfer_relay_server(relay)
    );
}

static void relayed(TransferRelay *relay, const char *reply)
{
    bool will_report = smtp_client_offers(relay->client)->dsn;
    for (guint i = 0; i < relay->accepted->len; i++) {
        guint index = g_array_index(relay->accepted, guint, i);
        relay->entry->recipients[index].is_reported = will_report;
        transfer_queue_relay(
            relay->agent, relay->entry, index, transfer_relay_server(relay), reply
        );
    }
}

bool transfer_relay_take_result(TransferRelay *relay, const SmtpClientEvent *event)
{
    g_autofree char *text = byte_span_to_display(event->text);
    relay->is_open = false;
    if (event->code / 100 == 2) {
        relayed(relay, text);
    } else {
        /* Recipients that were refused had an answer of their own already. */
        bool is_for_all = relay->sender_was_refused || event->is_own;
        fail_list(
            relay,
            is_for_all ? relay->batch : relay->accepted,
            event->code / 100 == 5,
            event->code,
            text
        );
    }
    if (relay->to_do->len > 0) {
        send_batch(relay);
        return false;
    }
    end_entry(relay);
    return true;
}

void transfer_relay_lose_entry(TransferRelay *relay, const char *reason)
{
    transfer_relay_tell_uncertain(relay);
    fail_list(relay, relay->batch, false, 0, reason);
    fail_list(relay, relay->to_do, false, 0, reason);
    end_entry(relay);
}
