/* One connection to another server, and the transactions on it.
 *
 *     connect ─> greeted ─┬─> transaction ─> result ─┬─> the next message, or the rest of this one
 *        │ no             ^                          │
 *        └─> next target  └── idle, kept open <──────┴─> QUIT
 */

#include "sim/agent/transfer-agent-private.h"

#include "sim/agent/agent-prompter.h"

#define FINAL_FACTOR                                                                               \
    2 /* RFC 5321 §4.5.3.2.6: the answer to the final dot may take twice as long                  \
       */

struct TransferRelay {
    TransferAgent *agent;
    TransferDestination *destination;
    GArray *targets; /* TransferTarget with owned names */
    guint next_target;
    AgentLink *link;
    SmtpClient *client;
    SimTimer timer; /* the server is silent, or the idle connection has been kept long enough */
    bool was_greeted;
    bool is_idle;
    bool is_quitting;
    bool is_closing;
    guint messages; /* sent so far */
    char *refusal;  /* what the server said when it closed; NULL: nothing */

    QueueEntry *entry; /* under way; NULL: none */
    GArray *to_do;     /* guint: its recipients here that have not been in a transaction */
    GArray *batch;     /* those of the transaction that is open */
    GArray *accepted;  /* those of the batch that the server takes */
    GPtrArray *paths;
    GPtrArray *parameters;
    bool is_open;            /* the transaction */
    bool sender_was_refused; /* what RCPT was answered after that means nothing */
};

static void connect_next(TransferRelay *relay);
static void on_timer(SimTimer *timer, gpointer data);

static GArray *new_indexes(void)
{
    return g_array_new(FALSE, FALSE, sizeof(guint));
}

TransferRelay *
transfer_relay_new(TransferAgent *agent, TransferDestination *destination, const GArray *targets)
{
    TransferRelay *relay = g_new0(TransferRelay, 1);
    relay->agent = agent;
    relay->destination = destination;
    relay->targets = g_array_ref((GArray *)targets);
    relay->to_do = new_indexes();
    relay->batch = new_indexes();
    relay->accepted = new_indexes();
    relay->paths = g_ptr_array_new();
    relay->parameters = g_ptr_array_new_with_free_func(g_free);
    sim_timer_init(&relay->timer, agent->world, on_timer, relay);
    connect_next(relay);
    return relay;
}

void transfer_relay_free(gpointer data)
{
    TransferRelay *relay = data;
    transfer_relay_tell_uncertain(relay);
    sim_timer_cancel(&relay->timer);
    agent_link_free(relay->link);
    smtp_client_free(relay->client);
    g_array_unref(relay->targets);
    g_array_unref(relay->to_do);
    g_array_unref(relay->batch);
    g_array_unref(relay->accepted);
    g_ptr_array_unref(relay->paths);
    g_ptr_array_unref(relay->parameters);
    g_free(relay->refusal);
    g_free(relay);
}

static const char *server_name(const TransferRelay *relay)
{
    return g_array_index(relay->targets, TransferTarget, relay->next_target - 1).name;
}

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
            .server = server_name(relay),
        };
        mail_event_emit(
            relay->agent->world,
            relay->agent->host,
            &event,
            "%s never heard whether %s has message %s for <%s>: it may arrive twice",
            relay->agent->host_name,
            server_name(relay),
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
                relay->agent, relay->entry, index, is_permanent, code, reply, server_name(relay)
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

/* RFC 5321 §4.5.3.2: how long the next answer may take. */
static void set_patience(TransferRelay *relay)
{
    SimTime limit = relay->agent->options.answer_timeout;
    SimTime usual = smtp_client_patience_us(relay->client) * SIM_MICROSECOND;
    sim_timer_set(&relay->timer, limit > 0 ? limit : usual);
}

static void quit(TransferRelay *relay)
{
    relay->is_quitting = true;
    smtp_client_quit(relay->client);
}

/* Nothing to send: leaves, or waits a while for more. */
static void rest(TransferRelay *relay)
{
    if (relay->agent->options.idle_connection == 0 ||
        relay->messages >= relay->agent->options.messages_at_once) {
        quit(relay);
        return;
    }
    relay->is_idle = true;
    sim_timer_set(&relay->timer, relay->agent->options.idle_connection);
}

static void send_next(TransferRelay *relay)
{
    bool may_send = relay->messages < relay->agent->options.messages_at_once;
    QueueEntry *entry = may_send ? transfer_destination_next(relay->destination) : NULL;
    if (entry == NULL) {
        rest(relay);
        return;
    }
    begin_entry(relay, entry);
    send_batch(relay);
}

bool transfer_relay_offer(TransferRelay *relay)
{
    if (!relay->is_idle) {
        return false;
    }
    relay->is_idle = false;
    send_next(relay);
    agent_link_flush(relay->link);
    return true;
}

bool transfer_relay_is_opening(const TransferRelay *relay)
{
    return !relay->was_greeted && !relay->is_closing;
}

/* --- answers --- */

/* RFC 5321 §4.5.3.1.10: 452, and 552 from older servers, says that there are too many recipients;
 * the rest goes in another transaction. */
static bool is_too_many(const SmtpClientEvent *event)
{
    return event->code == 452 && byte_span_is(event->enhanced, "4.5.3");
}

static void take_recipient(TransferRelay *relay, const SmtpClientEvent *event)
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
        server_name(relay)
    );
}

static void relayed(TransferRelay *relay, const char *reply)
{
    bool will_report = smtp_client_offers(relay->client)->dsn;
    for (guint i = 0; i < relay->accepted->len; i++) {
        guint index = g_array_index(relay->accepted, guint, i);
        relay->entry->recipients[index].is_reported = will_report;
        transfer_queue_relay(relay->agent, relay->entry, index, server_name(relay), reply);
    }
}

static void take_result(TransferRelay *relay, const SmtpClientEvent *event)
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
        return;
    }
    end_entry(relay);
    send_next(relay);
}

static void take_event(TransferRelay *relay, const SmtpClientEvent *event)
{
    switch (event->kind) {
    case SMTP_CLIENT_READY:
        relay->was_greeted = true;
        send_next(relay);
        break;
    case SMTP_CLIENT_SENDER:
        relay->sender_was_refused = event->code / 100 != 2;
        break;
    case SMTP_CLIENT_STARTTLS:
    case SMTP_CLIENT_AUTH:
        break;
    case SMTP_CLIENT_RECIPIENT:
        take_recipient(relay, event);
        break;
    case SMTP_CLIENT_RESULT:
        take_result(relay, event);
        break;
    case SMTP_CLIENT_CLOSED:
        relay->is_closing = true;
        if (!relay->is_quitting) {
            g_free(relay->refusal);
            relay->refusal = byte_span_to_display(event->text);
        }
        break;
    }
}

static void begun(gpointer owner, const SimTcp *tcp)
{
    agent_prompt_smtp_client(tcp, ((TransferRelay *)owner)->client);
}

static void receive(gpointer owner, ByteSpan octets)
{
    TransferRelay *relay = owner;
    SmtpClientEvent event;
    smtp_client_receive(relay->client, octets);
    while (smtp_client_next_event(relay->client, &event)) {
        take_event(relay, &event);
    }
    if (!relay->is_idle) {
        set_patience(relay);
    }
}

static ByteSpan output(gpointer owner)
{
    return smtp_client_output(((TransferRelay *)owner)->client);
}

static void consume(gpointer owner, gsize length)
{
    smtp_client_consume_output(((TransferRelay *)owner)->client, length);
}

static bool wants_close(gpointer owner)
{
    return ((TransferRelay *)owner)->is_closing;
}

/* --- the end of a connection --- */

static void lose_entry(TransferRelay *relay, const char *reason)
{
    transfer_relay_tell_uncertain(relay);
    fail_list(relay, relay->batch, false, 0, reason);
    fail_list(relay, relay->to_do, false, 0, reason);
    end_entry(relay);
}

static void tell_unreachable(const TransferRelay *relay, const char *reason)
{
    sim_world_emit(
        relay->agent->world,
        relay->agent->host,
        WORLD_EVENT_AGENT,
        "%s cannot use %s: %s",
        relay->agent->host_name,
        server_name(relay),
        reason
    );
}

/* 'reason' may be NULL where a greeted connection ends that has nothing under way. */
static void is_over(TransferRelay *relay, const char *reason)
{
    sim_timer_cancel(&relay->timer);
    if (relay->entry != NULL) {
        lose_entry(relay, reason);
    } else if (!relay->was_greeted) {
        tell_unreachable(relay, reason);
        if (relay->next_target < relay->targets->len) {
            connect_next(relay);
            return;
        }
        transfer_destination_fail(relay->destination, false, reason);
    }
    transfer_destination_lost(relay->destination, relay);
}

static char *reason_of_end(TransferRelay *relay, SimTcpError error)
{
    if (relay->refusal != NULL) {
        return g_steal_pointer(&relay->refusal);
    }
    return g_strdup_printf(
        "4.4.%d %s: %s",
        relay->was_greeted ? 2 : 1,
        server_name(relay),
        error == SIM_TCP_ERROR_NONE ? "closed the connection" : sim_tcp_error_name(error)
    );
}

static void ended(gpointer owner, SimTcpError error)
{
    TransferRelay *relay = owner;
    bool is_missed = relay->entry != NULL || !relay->was_greeted;
    relay->link = NULL;
    g_autofree char *reason = is_missed ? reason_of_end(relay, error) : NULL;
    is_over(relay, reason);
}

static const AgentLinkOwner link_owner = {
    .begun = begun,
    .receive = receive,
    .output = output,
    .consume = consume,
    .wants_close = wants_close,
    .ended = ended,
};

static void on_timer(SimTimer *timer, gpointer data)
{
    TransferRelay *relay = data;
    (void)timer;
    if (relay->is_idle) {
        relay->is_idle = false;
        quit(relay);
        agent_link_flush(relay->link);
        return;
    }
    g_autofree char *reason = g_strdup_printf("4.4.2 %s says nothing", server_name(relay));
    agent_link_free(g_steal_pointer(&relay->link));
    is_over(relay, reason);
}

static void connect_next(TransferRelay *relay)
{
    TransferAgent *agent = relay->agent;
    SmtpClientOptions options = {
        .host_name = agent->host_name,
        .may_pipeline = agent->options.may_pipeline,
        .may_chunk = agent->options.may_chunk,
    };
    const TransferTarget *target =
        &g_array_index(relay->targets, TransferTarget, relay->next_target++);
    smtp_client_free(relay->client);
    relay->client = smtp_client_new(&options);
    relay->is_closing = false;
    relay->link = agent_link_connect(agent->host, &target->address, 25, &link_owner, relay);
    set_patience(relay);
}
