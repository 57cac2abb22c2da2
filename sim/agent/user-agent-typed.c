/* A person at a terminal, as with telnet or nc: lines typed by hand to any port. The person reads
 * what comes and types on when it has been quiet for a moment; nothing here knows a protocol. */

#include "sim/agent/user-agent-private.h"

typedef struct {
    UserSession base;
    GStrv lines;
    guint next;
    SimTime pause;
    SimTimer timer;
    GString *output; /* typed, not yet sent */
} TypedSession;

static void free_session(UserSession *base)
{
    TypedSession *session = (TypedSession *)base;
    sim_timer_cancel(&session->timer);
    g_string_free(session->output, TRUE);
    g_strfreev(session->lines);
    g_free(session);
}

static void on_quiet(SimTimer *timer, gpointer data)
{
    TypedSession *session = data;
    const char *line = session->lines[session->next];
    if (line == NULL) {
        session->base.is_closing = true;
    } else {
        session->next++;
        g_string_append_printf(session->output, "%s\r\n", line);
        sim_timer_set(timer, session->pause);
    }
    agent_link_flush(session->base.agent->link);
}

static void receive(gpointer owner, ByteSpan octets)
{
    TypedSession *session = owner;
    if (octets.length > 0) {
        sim_timer_set(&session->timer, session->pause);
    }
}

static ByteSpan output(gpointer owner)
{
    const GString *output = ((TypedSession *)owner)->output;
    return byte_span(output->str, output->len);
}

static void consume(gpointer owner, gsize length)
{
    g_string_erase(((TypedSession *)owner)->output, 0, (gssize)length);
}

static void ended(gpointer owner, SimTcpError error)
{
    TypedSession *session = owner;
    /* All was typed, or the other side said good-bye: telnet says "connection closed". */
    session->base.is_closing |= session->lines[session->next] == NULL;
    user_session_ended(owner, error);
}

static const AgentLinkOwner link_owner = {
    .receive = receive,
    .output = output,
    .consume = consume,
    .wants_close = user_session_wants_close,
    .ended = ended,
};

void user_agent_type(
    UserAgent *agent,
    const SimAddress *server,
    guint16 port,
    const char *const *lines,
    SimTime pause
)
{
    TypedSession *session = g_new0(TypedSession, 1);
    session->base.free = free_session;
    session->lines = g_strdupv((GStrv)lines);
    session->pause = pause;
    session->output = g_string_new(NULL);
    sim_timer_init(&session->timer, agent->world, on_quiet, session);
    user_agent_begin(agent, &session->base, &link_owner, server, port);
    sim_timer_set(&session->timer, pause);
}
