/* Fetching by POP3: everything, and deleting it there; or what was not fetched before, and leaving
 * it there. The unique ids are this machine's memory of what it has. */

#include "protocol/pop3/pop3-client.h"
#include "sim/agent/agent-prompter.h"
#include "sim/agent/user-agent-private.h"

typedef struct {
    UserSession base;
    Pop3Client *client;
} FetchSession;

static void free_session(UserSession *base)
{
    FetchSession *session = (FetchSession *)base;
    pop3_client_free(session->client);
    g_free(session);
}

static void keep_message(UserAgent *agent, const Pop3ClientEvent *event)
{
    g_autoptr(GBytes) octets = g_bytes_new(event->octets.data, event->octets.length);
    user_agent_keep(agent, octets, USER_AGENT_INBOX, event->unique_id);
    user_agent_tell(
        agent,
        "has fetched message %u, %u octets",
        (guint)event->number,
        (guint)event->octets.length
    );
}

static void tell_refused(UserAgent *agent, const char *what, const Pop3ClientEvent *event)
{
    g_autofree char *text = byte_span_to_display(event->text);
    user_agent_tell(agent, "sees: %s: %s", what, text);
}

static void receive(gpointer owner, ByteSpan octets)
{
    FetchSession *session = owner;
    Pop3ClientEvent event;
    pop3_client_receive(session->client, octets);
    while (pop3_client_next_event(session->client, &event)) {
        switch (event.kind) {
        case POP3_CLIENT_MESSAGE:
            keep_message(session->base.agent, &event);
            break;
        case POP3_CLIENT_REFUSED:
            tell_refused(session->base.agent, "the server lets nobody in", &event);
            break;
        case POP3_CLIENT_LISTED:
            if (event.is_refused) {
                tell_refused(session->base.agent, "the server does not say what is there", &event);
            } else if (event.count == 0) {
                user_agent_tell(session->base.agent, "sees: no mail is there");
            }
            break;
        case POP3_CLIENT_CLOSED:
            if (event.is_refused) {
                tell_refused(session->base.agent, "the server takes nobody now", &event);
            }
            session->base.is_closing = true;
            break;
        case POP3_CLIENT_STLS:
        case POP3_CLIENT_LOGGED_IN:
        case POP3_CLIENT_DELETED:
            break;
        }
    }
}

static ByteSpan output(gpointer owner)
{
    return pop3_client_output(((FetchSession *)owner)->client);
}

static void consume(gpointer owner, gsize length)
{
    pop3_client_consume_output(((FetchSession *)owner)->client, length);
}

static void begun(gpointer owner, const SimTcp *tcp)
{
    agent_prompt_pop3_client(tcp, ((FetchSession *)owner)->client);
}

static const AgentLinkOwner link_owner = {
    .begun = begun,
    .receive = receive,
    .output = output,
    .consume = consume,
    .wants_close = user_session_wants_close,
    .ended = user_session_ended,
};

static bool is_known(gpointer owner, const char *unique_id)
{
    return user_agent_knows(owner, unique_id);
}

void user_agent_fetch_pop3(UserAgent *agent, const UserAgentFetching *fetching)
{
    FetchSession *session = g_new0(FetchSession, 1);
    Pop3ClientOptions options = {
        .user = agent->user,
        .password = agent->password,
        .login = fetching->uses_apop ? POP3_LOGIN_APOP : POP3_LOGIN_USER_PASS,
        .deletes = fetching->deletes,
        .asks_unique_ids = !fetching->deletes,
        .asks_capabilities = fetching->asks_capabilities,
        .maximum_octets = fetching->maximum_octets,
        .is_known = is_known,
        .owner = agent,
    };
    session->base.free = free_session;
    session->client = pop3_client_new(&options);
    user_agent_begin(agent, &session->base, &link_owner, &fetching->server, 110);
}
