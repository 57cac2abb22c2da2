/* A client that brings mail: policy for each event of the SMTP server. */

#include "sim/agent/transfer-session.h"

#include "protocol/message/received-field.h"
#include "sim/agent/transfer-agent-private.h"

struct TransferSession {
    TransferAgent *agent;
    AgentCarrier carrier;
    gpointer carrier_data; /* NULL: the connection is over, or nobody carries yet */
    SmtpServer *server;
    char *client_address;
    bool may_relay;
    bool is_closing;
    QueueEntry *entry; /* the transaction that is open */
    ByteBuffer content;
};

static void start_transaction(TransferSession *session, const SmtpServerEvent *event)
{
    g_autofree char *path = byte_span_to_string(event->path);
    queue_entry_free(session->entry);
    session->entry = queue_entry_new(path, NULL);
    session->entry->is_8bit = event->parameters.body != SMTP_BODY_SEVEN_BIT;
    session->entry->is_utf8 = event->parameters.wants_utf8;
    byte_buffer_reset(&session->content);
    smtp_server_answer(session->server, NULL);
}

static bool has_mailbox(const TransferAgent *agent, const char *address)
{
    return mail_store_has_account(agent->store, address);
}

static void take_recipient(TransferSession *session, const SmtpServerEvent *event)
{
    static const SmtpReply unknown = {550, "5.1.1", "No such user here"};
    static const SmtpReply refused = {554, "5.7.1", "Relay access denied"};
    g_autofree char *path = byte_span_to_string(event->path);
    bool is_local = transfer_agent_is_local(session->agent, transfer_domain_of(event->path));
    if (is_local && !has_mailbox(session->agent, path)) {
        smtp_server_answer(session->server, &unknown);
    } else if (!is_local && !session->may_relay) {
        smtp_server_answer(session->server, &refused);
    } else {
        queue_entry_add_recipient(session->entry, path);
        smtp_server_answer(session->server, NULL);
    }
}

/* RFC 5321 §4.4: the trace line goes on top. */
static GBytes *with_trace_field(TransferSession *session, const char *id)
{
    TransferAgent *agent = session->agent;
    g_autofree char *client_name = byte_span_to_string(smtp_server_client_name(session->server));
    bool is_single = session->entry->n_recipients == 1;
    ReceivedTrace trace = {
        .from_name = client_name,
        .from_address = session->client_address,
        .by_name = agent->host_name,
        .with = smtp_server_protocol_name(session->server),
        .id = id,
        .for_path = is_single ? session->entry->recipients[0].path : NULL,
        .seconds = transfer_agent_now_us(agent) / G_USEC_PER_SEC,
    };
    g_autofree char *field = received_field_write(&trace);
    ByteSpan content = byte_buffer_span(&session->content);
    gsize length = strlen(field);
    guint8 *octets = g_malloc(length + content.length);
    memcpy(octets, field, length);
    if (content.length > 0) {
        memcpy(octets + length, content.data, content.length);
    }
    return g_bytes_new_take(octets, length + content.length);
}

static void end_message(TransferSession *session)
{
    TransferAgent *agent = session->agent;
    g_autoptr(GError) error = NULL;
    g_autofree char *id = g_strdup_printf(
        "%08X", (guint)(agent->options.seed * 2654435761u + ++agent->messages * 40503u)
    );
    QueueEntry *entry = session->entry;
    entry->octets = with_trace_field(session, id);
    entry->arrived_us = transfer_agent_now_us(agent);
    entry->next_attempt_us = entry->arrived_us;
    entry->expires_us = entry->arrived_us + agent->options.lifetime / SIM_MICROSECOND;
    if (!outgoing_queue_add(agent->queue, entry, &error)) {
        SmtpReply full = SMTP_REPLY(451, "4.3.0", "The queue cannot take it now");
        smtp_server_answer(session->server, &full);
        return;
    }
    session->entry = NULL;
    g_autofree char *text = g_strdup_printf("Ok: queued as %s", id);
    SmtpReply taken = SMTP_REPLY(250, "2.0.0", text);
    smtp_server_answer(session->server, &taken);
    sim_world_emit(
        agent->world,
        agent->host,
        WORLD_EVENT_QUEUE,
        "queue of %s: %u message%s",
        agent->host_name,
        outgoing_queue_length(agent->queue),
        outgoing_queue_length(agent->queue) == 1 ? "" : "s"
    );
    transfer_agent_wake(agent);
}

static void take_event(TransferSession *session, const SmtpServerEvent *event)
{
    switch (event->kind) {
    case SMTP_SERVER_MAIL:
        start_transaction(session, event);
        break;
    case SMTP_SERVER_RCPT:
        take_recipient(session, event);
        break;
    case SMTP_SERVER_MESSAGE_DATA:
        if (!byte_buffer_append(&session->content, event->octets)) {
            session->is_closing = true; /* the server's own size limit is lower */
        }
        break;
    case SMTP_SERVER_MESSAGE_END:
        end_message(session);
        break;
    case SMTP_SERVER_RESET:
        g_clear_pointer(&session->entry, queue_entry_free);
        break;
    case SMTP_SERVER_CLOSE:
        session->is_closing = true;
        break;
    case SMTP_SERVER_HELLO:
    case SMTP_SERVER_MESSAGE_BEGIN:
    case SMTP_SERVER_VRFY:
    case SMTP_SERVER_EXPN:
    case SMTP_SERVER_ETRN:
    case SMTP_SERVER_AUTH:
    case SMTP_SERVER_STARTTLS:
        if (event->needs_answer) {
            smtp_server_answer(session->server, NULL);
        }
        break;
    }
}

static void receive(gpointer owner, ByteSpan octets)
{
    TransferSession *session = owner;
    SmtpServerEvent event;
    smtp_server_receive(session->server, octets, transfer_agent_now_us(session->agent));
    while (smtp_server_next_event(session->server, &event)) {
        take_event(session, &event);
    }
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

const AgentLinkOwner transfer_session_owner = {
    .receive = receive,
    .output = output,
    .consume = consume,
    .wants_close = wants_close,
    .ended = ended,
};

static bool is_trusted(const TransferAgent *agent, const SimAddress *client)
{
    for (guint i = 0; agent->networks != NULL && agent->networks[i] != NULL; i++) {
        SimAddress prefix;
        guint length;
        if (sim_address_parse_prefix(agent->networks[i], &prefix, &length) &&
            sim_address_in_prefix(client, &prefix, length)) {
            return true;
        }
    }
    return false;
}

TransferSession *
transfer_session_new(TransferAgent *agent, const SimAddress *peer, guint16 port, guint64 number)
{
    char address[SIM_ADDRESS_TEXT_SIZE];
    SmtpServerOptions options = {
        .host_name = agent->host_name,
        .software = agent->software,
        .offers = SMTP_OFFER_USUAL,
        .maximum_size = agent->options.maximum_size,
        .maximum_recipients = 1000,
        .maximum_errors = 20,
        .seed = agent->options.seed + number,
    };
    TransferSession *session = g_new0(TransferSession, 1);
    (void)port;
    session->agent = agent;
    session->server = smtp_server_new(&options);
    session->client_address = g_strdup(sim_address_format(peer, address));
    session->may_relay = is_trusted(agent, peer);
    byte_buffer_init(&session->content, agent->options.maximum_size + 1);
    g_ptr_array_add(agent->sessions, session);
    smtp_server_greet(session->server, NULL, transfer_agent_now_us(agent));
    receive(session, BYTE_SPAN_EMPTY);
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
        agent, sim_tcp_remote_address(tcp), sim_tcp_local_port(tcp), sim_tcp_number(tcp)
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
    smtp_server_free(session->server);
    queue_entry_free(session->entry);
    byte_buffer_clear(&session->content);
    g_free(session->client_address);
    g_free(session);
}
