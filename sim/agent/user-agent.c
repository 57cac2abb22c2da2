#include "sim/agent/user-agent.h"

#include "sim/agent/user-agent-private.h"

/* RFC 5321 §4.5.3.2: no answer is to be waited for longer. */
#define PATIENCE_MINUTES 10

static void end_session(UserSession *session);

static void free_outgoing(gpointer data)
{
    user_agent_outgoing_free(data);
}

static void free_message(gpointer data)
{
    UserAgentMessage *message = data;
    g_bytes_unref(message->octets);
    g_free(message->folder);
    g_free(message->unique_id);
    g_free(message);
}

UserAgent *user_agent_new(SimHost *host, const UserAgentOptions *options)
{
    UserAgent *agent = g_new0(UserAgent, 1);
    agent->host = host;
    agent->world = sim_host_world(host);
    agent->name = g_strdup(options->name);
    agent->address = g_strdup(options->address);
    agent->user = g_strdup(options->user);
    agent->password = g_strdup(options->password);
    agent->seed = options->seed;
    agent->outbox = g_ptr_array_new_with_free_func(free_outgoing);
    agent->messages = g_ptr_array_new_with_free_func(free_message);
    agent->known_ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return agent;
}

void user_agent_free(UserAgent *agent)
{
    if (agent == NULL) {
        return;
    }
    agent_link_free(agent->link);
    if (agent->session != NULL) {
        end_session(agent->session);
    }
    g_ptr_array_unref(agent->outbox);
    g_ptr_array_unref(agent->messages);
    g_hash_table_unref(agent->known_ids);
    g_free(agent->name);
    g_free(agent->address);
    g_free(agent->user);
    g_free(agent->password);
    g_free(agent);
}

const char *user_agent_name(const UserAgent *agent)
{
    return agent->name;
}

const char *user_agent_address(const UserAgent *agent)
{
    return agent->address;
}

SimHost *user_agent_host(const UserAgent *agent)
{
    return agent->host;
}

bool user_agent_is_busy(const UserAgent *agent)
{
    return agent->session != NULL;
}

const char *user_agent_domain(const UserAgent *agent)
{
    const char *at = strrchr(agent->address, '@');
    return at == NULL ? agent->address : at + 1;
}

void user_agent_tell(UserAgent *agent, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    sim_world_emit(agent->world, agent->host, WORLD_EVENT_USER, "%s %s", agent->name, text);
}

/* --- the one conversation --- */

static void end_session(UserSession *session)
{
    sim_timer_cancel(&session->patience);
    session->free(session);
}

static void wait_for_server(UserSession *session)
{
    sim_timer_set(&session->patience, session->pause + PATIENCE_MINUTES * SIM_MINUTE);
}

static void on_impatience(SimTimer *timer, gpointer data)
{
    UserSession *session = data;
    (void)timer;
    session->is_closing = true;
    user_agent_tell(
        session->agent,
        "sees: the server has not answered for %d minutes; the program gives up",
        PATIENCE_MINUTES
    );
    sim_tcp_abort(agent_link_tcp(session->agent->link));
}

/* Between the link and the session, for the clock's sake. */
static void begun(gpointer owner, const SimTcp *tcp)
{
    UserSession *session = owner;
    session->functions->begun(session, tcp);
}

static void receive(gpointer owner, ByteSpan octets)
{
    UserSession *session = owner;
    wait_for_server(session);
    session->functions->receive(session, octets);
}

static ByteSpan output(gpointer owner)
{
    UserSession *session = owner;
    return session->functions->output(session);
}

static void consume(gpointer owner, gsize length)
{
    UserSession *session = owner;
    wait_for_server(session);
    session->functions->consume(session, length);
}

static bool wants_close(gpointer owner)
{
    UserSession *session = owner;
    return session->functions->wants_close(session);
}

static void ended(gpointer owner, SimTcpError error)
{
    UserSession *session = owner;
    session->functions->ended(session, error);
}

static const AgentLinkOwner link_owner = {
    .begun = begun,
    .receive = receive,
    .output = output,
    .consume = consume,
    .wants_close = wants_close,
    .ended = ended,
};

void user_agent_begin(
    UserAgent *agent,
    UserSession *session,
    const AgentLinkOwner *functions,
    const SimAddress *server,
    guint16 port
)
{
    g_assert(agent->session == NULL); /* one at a time */
    session->agent = agent;
    session->functions = functions;
    sim_timer_init(&session->patience, agent->world, on_impatience, session);
    wait_for_server(session);
    agent->session = session;
    agent->link = agent_link_connect(agent->host, server, port, &link_owner, session);
}

bool user_session_wants_close(gpointer session)
{
    return ((UserSession *)session)->is_closing;
}

void user_session_ended(gpointer data, SimTcpError error)
{
    UserSession *session = data;
    UserAgent *agent = session->agent;
    if (!session->is_closing) {
        user_agent_tell(agent, "sees: the server cannot be reached: %s", sim_tcp_error_name(error));
    }
    agent->link = NULL;
    agent->session = NULL;
    end_session(session);
}
