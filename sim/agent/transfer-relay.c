/* One connection to another server; what is said on it about a message: transfer-relay-mail.c.
 *
 *     connect ─> greeted ─┬─> transaction ─> result ─┬─> the next message, or the rest of this one
 *        │ no             ^                          │
 *        └─> next target  └── idle, kept open <──────┴─> QUIT
 */

#include "sim/agent/transfer-relay-private.h"

#include "sim/agent/agent-prompter.h"

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

const char *transfer_relay_server(const TransferRelay *relay)
{
    return g_array_index(relay->targets, TransferTarget, relay->next_target - 1).name;
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
    transfer_relay_send(relay, entry);
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
        transfer_relay_take_recipient(relay, event);
        break;
    case SMTP_CLIENT_RESULT:
        if (transfer_relay_take_result(relay, event)) {
            send_next(relay);
        }
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

static void tell_unreachable(const TransferRelay *relay, const char *reason)
{
    sim_world_emit(
        relay->agent->world,
        relay->agent->host,
        WORLD_EVENT_AGENT,
        "%s cannot use %s: %s",
        relay->agent->host_name,
        transfer_relay_server(relay),
        reason
    );
}

/* 'reason' may be NULL where a greeted connection ends that has nothing under way. */
static void is_over(TransferRelay *relay, const char *reason)
{
    sim_timer_cancel(&relay->timer);
    if (relay->entry != NULL) {
        transfer_relay_lose_entry(relay, reason);
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
        transfer_relay_server(relay),
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
    g_autofree char *reason =
        g_strdup_printf("4.4.2 %s says nothing", transfer_relay_server(relay));
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
