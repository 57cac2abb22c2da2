/* A client that brings mail: the conversation. What is decided stands in transfer-policy.c and
 * transfer-accept.c. */

#include "sim/agent/transfer-session.h"

#include "sim/agent/agent-prompter.h"

#include "sim/agent/transfer-agent-private.h"

#define SESSION_ERRORS_MAXIMUM 20

static void hear_hello(TransferSession *session)
{
    if (!transfer_policy_fault(session, TRANSFER_AT_HELLO, NULL)) {
        smtp_server_answer(session->server, NULL);
    }
}

static void begin_message(TransferSession *session)
{
    byte_buffer_reset(&session->content);
    if (!transfer_policy_fault(session, TRANSFER_AT_DATA, NULL)) {
        smtp_server_answer(session->server, NULL);
    }
}

/* RFC 5321 §3.5.2: the answer names the mailbox with its domain, though the question need not. */
static void verify(TransferSession *session, const SmtpServerEvent *event)
{
    g_autofree char *address = byte_span_to_string(event->name);
    const AddressEntry *entry = transfer_local_find(session->agent, address, NULL);
    if (entry == NULL || entry->kind == ADDRESS_MOVED) {
        SmtpReply unknown = SMTP_REPLY(550, "5.1.1", "No such user here");
        smtp_server_answer(session->server, &unknown);
        return;
    }
    g_autofree char *text = strchr(address, '@') != NULL
                                ? g_strdup_printf("<%s>", address)
                                : g_strdup_printf("<%s@%s>", address, session->agent->domains[0]);
    SmtpReply known = SMTP_REPLY(250, "2.1.5", text);
    smtp_server_answer(session->server, &known);
}

static void take_event(TransferSession *session, const SmtpServerEvent *event)
{
    switch (event->kind) {
    case SMTP_SERVER_HELLO:
        hear_hello(session);
        break;
    case SMTP_SERVER_MAIL:
        transfer_policy_mail(session, event);
        break;
    case SMTP_SERVER_RCPT:
        transfer_policy_rcpt(session, event);
        break;
    case SMTP_SERVER_MESSAGE_BEGIN:
        begin_message(session);
        break;
    case SMTP_SERVER_MESSAGE_DATA:
        if (!byte_buffer_append(&session->content, event->octets)) {
            session->is_closing = true; /* the server's own limit is lower */
        }
        break;
    case SMTP_SERVER_MESSAGE_END:
        transfer_accept_message(session);
        byte_buffer_clear(&session->content); /* many connections rest, few are receiving */
        break;
    case SMTP_SERVER_RESET:
        g_clear_pointer(&session->entry, queue_entry_free);
        break;
    case SMTP_SERVER_CLOSE:
        session->is_closing = true;
        break;
    case SMTP_SERVER_VRFY:
        verify(session, event);
        break;
    case SMTP_SERVER_ETRN: {
        g_autofree char *domain = byte_span_to_string(event->name);
        transfer_agent_flush(session->agent, domain);
        smtp_server_answer(session->server, NULL);
        break;
    }
    case SMTP_SERVER_AUTH: {
        g_autofree char *user = byte_span_to_string(event->identity);
        smtp_server_answer_auth(
            session->server, g_hash_table_lookup(session->agent->users, user), NULL
        );
        break;
    }
    case SMTP_SERVER_EXPN:
    case SMTP_SERVER_STARTTLS:
        if (event->needs_answer) {
            smtp_server_answer(session->server, NULL);
        }
        break;
    }
}

static void take_events(TransferSession *session)
{
    SmtpServerEvent event;
    while (smtp_server_next_event(session->server, &event)) {
        take_event(session, &event);
    }
}

static void watch_silence(TransferSession *session)
{
    if (session->agent->options.command_timeout > 0) {
        sim_timer_set(&session->idle, session->agent->options.command_timeout);
    }
}

static void receive(gpointer owner, ByteSpan octets)
{
    TransferSession *session = owner;
    if (session->is_closing) {
        return;
    }
    if (agent_link_is_progress(octets)) {
        watch_silence(session);
    }
    smtp_server_receive(session->server, octets, transfer_agent_now_us(session->agent));
    take_events(session);
}

static ByteSpan output(gpointer owner)
{
    return smtp_server_output(((TransferSession *)owner)->server);
}

static void consume(gpointer owner, gsize length)
{
    smtp_server_consume_output(((TransferSession *)owner)->server, length);
}

static bool wants_close(gpointer owner)
{
    return ((TransferSession *)owner)->is_closing;
}

static void ended(gpointer owner, SimTcpError error)
{
    TransferSession *session = owner;
    (void)error;
    session->carrier_data = NULL;
    g_ptr_array_remove_fast(session->agent->sessions, session);
}

/* An answer hangs on the DNS: what the client says meanwhile stays with the carrier. */
static bool is_busy(gpointer owner)
{
    const TransferSession *session = owner;
    return session->blocklist != NULL || session->sender_search != NULL;
}

const AgentLinkOwner transfer_session_owner = {
    .receive = receive,
    .output = output,
    .consume = consume,
    .wants_close = wants_close,
    .ended = ended,
    .is_busy = is_busy,
};

static void wake_carrier(TransferSession *session)
{
    if (session->carrier_data != NULL) {
        session->carrier.wake(session->carrier_data);
    }
}

void transfer_session_resume(TransferSession *session)
{
    take_events(session);
    wake_carrier(session);
}

static void on_idle(SimTimer *timer, gpointer data)
{
    TransferSession *session = data;
    (void)timer;
    smtp_server_time_out(session->server);
    transfer_session_resume(session);
}

static void greet(TransferSession *session)
{
    if (!transfer_policy_fault(session, TRANSFER_AT_GREETING, NULL)) {
        smtp_server_greet(session->server, NULL, transfer_agent_now_us(session->agent));
    }
    take_events(session);
}

static void on_blocklist(const char *zone, const char *reason, gpointer data)
{
    TransferSession *session = data;
    session->blocklist = NULL;
    if (zone != NULL) {
        session->blocked_by = g_strdup_printf(
            "Client [%s] is blocked by %s%s%s",
            session->client_text,
            zone,
            reason == NULL ? "" : ": ",
            reason == NULL ? "" : reason
        );
        g_strdelimit(session->blocked_by, "\r\n", ' ');
        sim_world_emit(
            session->agent->world,
            session->agent->host,
            WORLD_EVENT_AGENT,
            "%s: %s",
            session->agent->host_name,
            session->blocked_by
        );
    }
    greet(session);
    wake_carrier(session);
}

static bool is_excepted(const TransferAgent *agent, const SimAddress *client)
{
    for (guint i = 0; i < agent->blocklist_exceptions->len; i++) {
        SimAddress prefix;
        guint length;
        if (sim_address_parse_prefix(agent->blocklist_exceptions->pdata[i], &prefix, &length) &&
            sim_address_in_prefix(client, &prefix, length)) {
            return true;
        }
    }
    return false;
}

static bool is_looked_up(const TransferSession *session)
{
    const TransferAgent *agent = session->agent;
    return agent->resolver != NULL && agent->blocklists->len > 0 && !session->is_inside &&
           !is_excepted(agent, &session->client);
}

static SmtpServer *make_server(const TransferAgent *agent, guint16 port, guint64 number)
{
    SmtpServerOptions options = {
        .host_name = agent->host_name,
        .software = agent->software,
        .offers = agent->options.offers | (agent->mechanisms == NULL ? 0 : SMTP_OFFER_AUTH),
        .syntax = agent->options.syntax,
        .maximum_size = agent->options.maximum_size,
        .maximum_recipients = agent->options.maximum_recipients,
        .maximum_errors = SESSION_ERRORS_MAXIMUM,
        .mechanisms = agent->mechanisms,
        .requires_auth = agent->options.requires_auth && port == 587,
        .allows_plaintext_auth = agent->options.allows_plaintext_auth,
        .seed = agent->options.seed + number,
    };
    return smtp_server_new(&options);
}

TransferSession *transfer_session_new(
    TransferAgent *agent, const SimAddress *peer, guint16 port, guint64 number, const SimTcp *tcp
)
{
    char address[SIM_ADDRESS_TEXT_SIZE];
    const gsize most = G_MAXSIZE / 4;
    guint64 limit = agent->options.maximum_size;
    TransferSession *session = g_new0(TransferSession, 1);
    session->agent = agent;
    session->server = make_server(agent, port, number);
    session->client = *peer;
    session->client_text = g_strdup(sim_address_format(peer, address));
    session->is_inside = transfer_agent_is_inside(agent, peer);
    byte_buffer_init(&session->content, limit == 0 ? most : (gsize)MIN(limit, most) + 1);
    sim_timer_init(&session->idle, agent->world, on_idle, session);
    sim_timer_set_background(&session->idle);
    watch_silence(session);
    g_ptr_array_add(agent->sessions, session);
    agent_prompt_smtp_server(tcp, session->server);
    if (is_looked_up(session)) {
        session->blocklist = blocklist_search(
            agent->resolver,
            (const char *const *)agent->blocklists->pdata,
            peer,
            on_blocklist,
            session
        );
    } else {
        greet(session);
    }
    return session;
}

void transfer_session_set_carrier(
    TransferSession *session, const AgentCarrier *carrier, gpointer data
)
{
    session->carrier = *carrier;
    session->carrier_data = data;
}

void transfer_session_accept(SimTcp *tcp, gpointer data)
{
    TransferAgent *agent = data;
    TransferSession *session = transfer_session_new(
        agent, sim_tcp_remote_address(tcp), sim_tcp_local_port(tcp), sim_tcp_number(tcp), tcp
    );
    AgentLink *link = agent_link_new(tcp, &transfer_session_owner, session);
    transfer_session_set_carrier(session, &agent_link_carrier, link);
    agent_link_flush(link);
}

void transfer_session_free(gpointer data)
{
    TransferSession *session = data;
    if (session->carrier_data != NULL) {
        session->carrier.release(session->carrier_data);
    }
    sim_timer_cancel(&session->idle);
    g_clear_pointer(&session->blocklist, blocklist_cancel);
    g_clear_pointer(&session->sender_search, mail_route_cancel);
    smtp_server_free(session->server);
    queue_entry_free(session->entry);
    byte_buffer_clear(&session->content);
    g_free(session->blocked_by);
    g_free(session->client_text);
    g_free(session);
}
