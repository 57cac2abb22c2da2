/* Handing the outbox to a mail server: one connection for all of it, or one for each message. */

#include "protocol/smtp/smtp-client.h"

#include "sim/agent/agent-prompter.h"
#include "sim/agent/user-agent-private.h"

typedef struct {
    UserSession base;
    SmtpClient *client;
    UserAgentSending sending;
    char *mechanism;
    char *host_name;
    guint sent;
    bool is_refused; /* the log-in failed: nothing is sent without one */
} SendSession;

static void free_session(UserSession *base)
{
    SendSession *session = (SendSession *)base;
    smtp_client_free(session->client);
    g_free(session->mechanism);
    g_free(session->host_name);
    g_free(session);
}

static void hand_over_next(SendSession *session)
{
    const UserAgent *agent = session->base.agent;
    if (session->is_refused || agent->outbox->len == 0 ||
        (session->sending.one_by_one && session->sent > 0)) {
        smtp_client_quit(session->client);
        return;
    }
    const UserAgentOutgoing *outgoing = g_ptr_array_index(agent->outbox, 0);
    gsize length;
    const void *octets = g_bytes_get_data(outgoing->octets, &length);
    SmtpClientMessage message = {
        .reverse_path = outgoing->reverse_path,
        .forward_paths = (const char *const *)outgoing->recipients,
        .content = byte_span(octets, length),
        .has_eight_bit = outgoing->has_eight_bit,
        .needs_utf8 = outgoing->needs_utf8,
    };
    smtp_client_send(session->client, &message);
}

static void tell_refusal(SendSession *session, const SmtpClientEvent *event, const char *what)
{
    g_autofree char *text = byte_span_to_display(event->text);
    if (event->text.length == 0) {
        user_agent_tell(session->base.agent, "sees: %s", what);
    } else {
        user_agent_tell(session->base.agent, "sees: %s: %s", what, text);
    }
}

static void take_result(SendSession *session, const SmtpClientEvent *event)
{
    UserAgent *agent = session->base.agent;
    session->sent++;
    if (event->code / 100 == 2) {
        UserAgentOutgoing *outgoing = g_ptr_array_index(agent->outbox, 0);
        user_agent_keep(agent, outgoing->octets, USER_AGENT_SENT, NULL);
        g_ptr_array_remove_index(agent->outbox, 0);
        hand_over_next(session);
        return;
    }
    tell_refusal(session, event, "the message was not taken");
    smtp_client_quit(session->client);
}

static void take_login(SendSession *session, const SmtpClientEvent *event)
{
    if (event->code / 100 == 2) {
        user_agent_tell(session->base.agent, "has logged in to send");
    } else {
        tell_refusal(session, event, "the server does not let this user in");
        session->is_refused = true;
    }
}

static void take_recipient(SendSession *session, const SmtpClientEvent *event)
{
    const UserAgentOutgoing *outgoing = g_ptr_array_index(session->base.agent->outbox, 0);
    if (event->code / 100 != 2) {
        g_autofree char *what =
            g_strdup_printf("%s was refused", outgoing->recipients[event->recipient]);
        tell_refusal(session, event, what);
    }
}

static void begun(gpointer owner, const SimTcp *tcp)
{
    agent_prompt_smtp_client(tcp, ((SendSession *)owner)->client);
}

static void receive(gpointer owner, ByteSpan octets)
{
    SendSession *session = owner;
    SmtpClientEvent event;
    smtp_client_receive(session->client, octets);
    while (smtp_client_next_event(session->client, &event)) {
        switch (event.kind) {
        case SMTP_CLIENT_READY:
            hand_over_next(session);
            break;
        case SMTP_CLIENT_SENDER:
        case SMTP_CLIENT_STARTTLS: /* never asked for */
            break;
        case SMTP_CLIENT_RECIPIENT:
            take_recipient(session, &event);
            break;
        case SMTP_CLIENT_RESULT:
            take_result(session, &event);
            break;
        case SMTP_CLIENT_AUTH:
            take_login(session, &event);
            break;
        case SMTP_CLIENT_CLOSED:
            session->base.is_closing = true;
            break;
        }
    }
}

static ByteSpan output(gpointer owner)
{
    return smtp_client_output(((SendSession *)owner)->client);
}

static void consume(gpointer owner, gsize length)
{
    smtp_client_consume_output(((SendSession *)owner)->client, length);
}

static void ended(gpointer owner, SimTcpError error);

static const AgentLinkOwner link_owner = {
    .begun = begun,
    .receive = receive,
    .output = output,
    .consume = consume,
    .wants_close = user_session_wants_close,
    .ended = ended,
};

/* With a connection for each message the following one begins when this one is over. */
static void ended(gpointer owner, SimTcpError error)
{
    SendSession *session = owner;
    UserAgent *agent = session->base.agent;
    UserAgentSending sending = session->sending;
    g_autofree char *mechanism = g_strdup(session->mechanism);
    bool goes_on = sending.one_by_one && session->base.is_closing && session->sent > 0;
    user_session_ended(owner, error);
    if (goes_on && agent->outbox->len > 0) {
        sending.mechanism = mechanism;
        user_agent_send(agent, &sending);
    }
}

void user_agent_send(UserAgent *agent, const UserAgentSending *sending)
{
    SendSession *session = g_new0(SendSession, 1);
    session->base.free = free_session;
    session->sending = *sending;
    session->mechanism = g_strdup(sending->mechanism);
    session->sending.mechanism = session->mechanism;
    /* RFC 5321 §2.3.5: a name with its domain, so that others can look it up */
    session->host_name =
        strchr(sim_host_name(agent->host), '.') != NULL
            ? g_strdup(sim_host_name(agent->host))
            : g_strdup_printf("%s.%s", sim_host_name(agent->host), user_agent_domain(agent));
    SmtpClientOptions options = {
        .host_name = session->host_name,
        .may_pipeline = sending->pipelines,
        .may_chunk = sending->chunks,
        .uses_helo = sending->uses_helo,
        .user = sending->mechanism == NULL ? NULL : agent->user,
        .password = agent->password,
        .mechanism = session->mechanism,
        .shows_password = true, /* what an eavesdropper reads is the lesson */
        .seed = agent->seed,
    };
    session->client = smtp_client_new(&options);
    user_agent_begin(agent, &session->base, &link_owner, &sending->server, sending->port);
}
