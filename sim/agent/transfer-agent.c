#include "sim/agent/transfer-agent.h"

#include "sim/agent/transfer-agent-private.h"

TransferAgentOptions transfer_agent_default_options(void)
{
    return (TransferAgentOptions){
        .software = "ESMTP",
        .maximum_size = 35882577,
        .first_retry = 5 * SIM_MINUTE,
        .retry = 30 * SIM_MINUTE,
        .lifetime = 5 * SIM_DAY,
        .may_pipeline = true,
    };
}

gint64 transfer_agent_now_us(const TransferAgent *agent)
{
    return sim_world_now(agent->world) / SIM_MICROSECOND;
}

ByteSpan transfer_domain_of(ByteSpan address)
{
    for (gsize at = address.length; at > 0; at--) {
        if (address.data[at - 1] == '@') {
            return byte_span_from(address, at);
        }
    }
    return BYTE_SPAN_EMPTY;
}

bool transfer_agent_is_local(const TransferAgent *agent, ByteSpan domain)
{
    for (guint i = 0; agent->domains[i] != NULL; i++) {
        if (byte_span_is_nocase(domain, agent->domains[i])) {
            return true;
        }
    }
    return false;
}

static void on_queue_timer(SimTimer *timer, gpointer data)
{
    (void)timer;
    transfer_delivery_run_queue(data);
}

void transfer_agent_wake(TransferAgent *agent)
{
    const QueueEntry *first = outgoing_queue_first(agent->queue);
    if (first == NULL || first->next_attempt_us == G_MAXINT64) {
        sim_timer_cancel(&agent->queue_timer);
    } else {
        sim_timer_set_at(&agent->queue_timer, first->next_attempt_us * SIM_MICROSECOND);
    }
}

TransferAgent *transfer_agent_new(
    SimHost *host,
    MailStore *store,
    const TransferAgentOptions *options,
    TransferRouter router,
    gpointer router_data
)
{
    static const guint16 ports[] = {25, 587};
    TransferAgent *agent = g_new0(TransferAgent, 1);
    agent->host = host;
    agent->world = sim_host_world(host);
    agent->store = store;
    agent->queue = outgoing_queue_new_memory();
    agent->options = *options;
    agent->host_name = g_strdup(options->host_name);
    agent->software = g_strdup(options->software);
    agent->domains = g_strdupv((GStrv)options->domains);
    agent->networks = g_strdupv((GStrv)options->networks);
    agent->router = router;
    agent->router_data = router_data;
    agent->sessions = g_ptr_array_new_with_free_func(transfer_session_free);
    agent->deliveries = g_ptr_array_new_with_free_func(transfer_delivery_free);
    sim_timer_init(&agent->queue_timer, agent->world, on_queue_timer, agent);
    for (gsize i = 0; i < G_N_ELEMENTS(ports); i++) {
        agent->listeners[i] = sim_tcp_listen(host, NULL, ports[i], transfer_session_accept, agent);
        g_assert(agent->listeners[i] != NULL); /* one transfer agent a host */
    }
    return agent;
}

void transfer_agent_free(TransferAgent *agent)
{
    if (agent == NULL) {
        return;
    }
    g_ptr_array_unref(agent->sessions);
    g_ptr_array_unref(agent->deliveries);
    sim_timer_cancel(&agent->queue_timer);
    for (gsize i = 0; i < G_N_ELEMENTS(agent->listeners); i++) {
        sim_tcp_listener_free(agent->listeners[i]);
    }
    outgoing_queue_free(agent->queue);
    g_strfreev(agent->domains);
    g_strfreev(agent->networks);
    g_free(agent->host_name);
    g_free(agent->software);
    g_free(agent);
}

bool transfer_agent_add_mailbox(TransferAgent *agent, const char *address, GError **error)
{
    return mail_store_add_account(agent->store, address, error) == MAIL_STORE_DONE;
}

const OutgoingQueue *transfer_agent_queue(const TransferAgent *agent)
{
    return agent->queue;
}

SimHost *transfer_agent_host(const TransferAgent *agent)
{
    return agent->host;
}
