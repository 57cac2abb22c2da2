#include "sim/agent/transfer-agent.h"

#include "sim/agent/transfer-agent-private.h"

TransferAgentOptions transfer_agent_default_options(void)
{
    return (TransferAgentOptions){
        .software = "ESMTP",
        .offers = SMTP_OFFER_USUAL,
        .syntax = SMTP_SYNTAX_STRICT,
        .maximum_size = 35882577,
        .maximum_recipients = 1000,
        .allows_plaintext_auth = true,
        .command_timeout = 5 * SIM_MINUTE, /* RFC 5321 §4.5.3.2.7 */
        .may_pipeline = true,
        .recipients_at_once = 100, /* RFC 5321 §4.5.3.1.8: every server takes so many */
        .messages_at_once = 100,
        .connections_at_once = 1,
        .maximum_hops = 100, /* RFC 5321 §6.3 */
        .first_retry = 5 * SIM_MINUTE,
        .retry = 30 * SIM_MINUTE, /* RFC 5321 §4.5.4.1 */
        .warn_after = 4 * SIM_HOUR,
        .lifetime = 5 * SIM_DAY,
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

bool transfer_list_has(GStrv list, ByteSpan domain)
{
    for (guint i = 0; list != NULL && list[i] != NULL; i++) {
        if (byte_span_is_nocase(domain, list[i])) {
            return true;
        }
    }
    return false;
}

/* RFC 5321 §4.5.1: "postmaster" without a domain is always one of its own. */
bool transfer_agent_is_local(const TransferAgent *agent, ByteSpan domain)
{
    return domain.length == 0 || transfer_list_has(agent->domains, domain);
}

bool transfer_agent_is_inside(const TransferAgent *agent, const SimAddress *client)
{
    for (guint i = 0; agent->networks != NULL && agent->networks[i] != NULL; i++) {
        SimAddress prefix;
        guint length;
        if (sim_address_parse_prefix(agent->networks[i], &prefix, &length) &&
            sim_address_in_prefix(client, &prefix, length)) {
            return true;
        }
    }
    return agent->networks != NULL && sim_address_is_loopback(client);
}

void transfer_agent_tell_queue(TransferAgent *agent)
{
    if (sim_world_is_observed(agent->world)) {
        g_autofree char *text = g_strdup_printf("queue of %s:", agent->host_name);
        mail_event_emit_count(
            agent->world,
            agent->host,
            WORLD_EVENT_QUEUE,
            agent->host_name,
            outgoing_queue_length(agent->queue),
            text
        );
    }
}

static void on_queue_timer(SimTimer *timer, gpointer data)
{
    (void)timer;
    transfer_queue_run(data);
}

static void clear_fault(gpointer data)
{
    TransferFault *fault = data;
    g_free((char *)fault->address);
    g_free((char *)fault->reply.enhanced);
    g_free((char *)fault->reply.text);
}

static void keep_options(TransferAgent *agent, const TransferAgentOptions *options)
{
    agent->options = *options;
    agent->host_name = g_strdup(options->host_name);
    agent->software = g_strdup(options->software);
    agent->mechanisms = g_strdup(options->mechanisms);
    agent->next_hop = g_strdup(options->next_hop);
    agent->domains = g_strdupv((GStrv)options->domains);
    agent->relay_domains = g_strdupv((GStrv)options->relay_domains);
    agent->networks = g_strdupv((GStrv)options->networks);
    agent->options.recipients_at_once = MAX(1, options->recipients_at_once);
    agent->options.messages_at_once = MAX(1, options->messages_at_once);
    agent->options.connections_at_once = MAX(1, options->connections_at_once);
    agent->queue = options->queue;
    if (agent->queue == NULL) {
        agent->queue = outgoing_queue_new_memory();
        outgoing_queue_set_salt(
            agent->queue, g_str_hash(options->host_name) + (guint32)options->seed
        );
    }
}

/* Power fails: what was under way is forgotten; the queue is on the disk. */
static void go_down(TransferAgent *agent)
{
    sim_timer_cancel(&agent->queue_timer);
    g_ptr_array_set_size(agent->sessions, 0);
    g_hash_table_remove_all(agent->destinations);
    outgoing_queue_release_all(agent->queue, transfer_agent_now_us(agent));
}

static void on_host_changed(SimHost *host, gpointer data)
{
    TransferAgent *agent = data;
    if (!sim_host_is_up(host)) {
        go_down(agent);
        return;
    }
    if (outgoing_queue_length(agent->queue) > 0) {
        transfer_agent_tell_queue(agent);
    }
    transfer_agent_flush(agent, NULL);
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
    keep_options(agent, options);
    agent->router = router;
    agent->router_data = router_data;
    agent->book = address_book_new();
    agent->users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    agent->programs = g_ptr_array_new_with_free_func(g_free);
    agent->blocklists = g_ptr_array_new_with_free_func(g_free);
    agent->blocklist_exceptions = g_ptr_array_new_with_free_func(g_free);
    agent->faults = g_array_new(FALSE, FALSE, sizeof(TransferFault));
    g_array_set_clear_func(agent->faults, clear_fault);
    agent->sessions = g_ptr_array_new_with_free_func(transfer_session_free);
    agent->destinations =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, transfer_destination_free);
    agent->routes = g_ptr_array_new_with_free_func(g_free);
    header_block_init(&agent->header);
    sim_timer_init(&agent->queue_timer, agent->world, on_queue_timer, agent);
    for (gsize i = 0; i < G_N_ELEMENTS(ports); i++) {
        agent->listeners[i] = sim_tcp_listen(host, NULL, ports[i], transfer_session_accept, agent);
        g_assert(agent->listeners[i] != NULL); /* one transfer agent a host */
    }
    sim_host_add_watch(host, on_host_changed, agent);
    transfer_queue_wake(agent);
    return agent;
}

void transfer_agent_free(TransferAgent *agent)
{
    if (agent == NULL) {
        return;
    }
    sim_host_remove_watch(agent->host, agent);
    sim_timer_cancel(&agent->queue_timer);
    g_ptr_array_unref(agent->sessions);
    g_hash_table_unref(agent->destinations);
    g_ptr_array_unref(agent->routes);
    header_block_clear(&agent->header);
    for (gsize i = 0; i < G_N_ELEMENTS(agent->listeners); i++) {
        sim_tcp_listener_free(agent->listeners[i]);
    }
    outgoing_queue_free(agent->queue);
    address_book_free(agent->book);
    g_hash_table_unref(agent->users);
    g_ptr_array_unref(agent->programs);
    greylist_free(agent->greylist);
    g_ptr_array_unref(agent->blocklists);
    g_ptr_array_unref(agent->blocklist_exceptions);
    mail_filter_free(agent->filter);
    g_array_unref(agent->faults);
    g_strfreev(agent->domains);
    g_strfreev(agent->relay_domains);
    g_strfreev(agent->networks);
    g_free(agent->host_name);
    g_free(agent->software);
    g_free(agent->mechanisms);
    g_free(agent->next_hop);
    g_free(agent);
}

OutgoingQueue *transfer_agent_queue(const TransferAgent *agent)
{
    return agent->queue;
}

SimHost *transfer_agent_host(const TransferAgent *agent)
{
    return agent->host;
}

const char *transfer_agent_name(const TransferAgent *agent)
{
    return agent->host_name;
}

MailStore *transfer_agent_store(const TransferAgent *agent)
{
    return agent->store;
}
