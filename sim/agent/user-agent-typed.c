/* A person at a terminal, as with telnet or nc: lines typed by hand to any port. The person reads
 * what comes and types on when it has been quiet for a moment. Of protocols nothing is known here
 * but what it takes to count commands, for those who ask "what if". */

#include "protocol/dialogue/line-overrides.h"
#include "sim/agent/agent-prompter.h"
#include "sim/agent/user-agent-private.h"

#include <string.h>

typedef struct {
    UserSession base;
    GStrv lines;
    guint next;
    SimTime pause;
    SimTimer timer;
    GString *output; /* typed, not yet sent */
    AgentProtocol protocol;
    guint64 commands;
    bool is_in_message;
    LineOverrides overrides;
} TypedSession;

static void free_session(UserSession *base)
{
    TypedSession *session = (TypedSession *)base;
    sim_timer_cancel(&session->timer);
    g_string_free(session->output, TRUE);
    g_strfreev(session->lines);
    line_overrides_clear(&session->overrides);
    g_free(session);
}

/* What is typed in its place; the tag of IMAP stays. NULL: the line as it is. */
static char *other_line(TypedSession *session, const char *line)
{
    if (session->is_in_message) {
        session->is_in_message = strcmp(line, ".") != 0;
        return NULL;
    }
    session->is_in_message =
        session->protocol == AGENT_SPEAKS_SMTP && g_ascii_strcasecmp(line, "DATA") == 0;
    const char *other = line_overrides_take(&session->overrides, ++session->commands);
    if (other == NULL) {
        return NULL;
    }
    session->is_in_message = false;
    int tag = session->protocol == AGENT_SPEAKS_IMAP ? (int)strcspn(line, " ") + 1 : 0;
    return g_strdup_printf("%.*s%s", tag, line, other);
}

static void on_quiet(SimTimer *timer, gpointer data)
{
    TypedSession *session = data;
    const char *line = session->lines[session->next];
    if (line == NULL) {
        session->base.is_closing = true;
    } else {
        session->next++;
        g_autofree char *other = other_line(session, line);
        g_string_append_printf(session->output, "%s\r\n", other == NULL ? line : other);
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

static void set_line(gpointer engine, guint64 number, const char *text, bool *said)
{
    line_overrides_set(&((TypedSession *)engine)->overrides, number, text, said);
}

static void begun(gpointer owner, const SimTcp *tcp)
{
    TypedSession *session = owner;
    AgentMouth mouth = {.protocol = session->protocol, .set_line = set_line, .engine = session};
    agent_prompt(tcp, &mouth);
}

static const AgentLinkOwner link_owner = {
    .begun = begun,
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
    session->base.pause = pause;
    session->lines = g_strdupv((GStrv)lines);
    session->pause = pause;
    session->output = g_string_new(NULL);
    session->protocol = port == 110   ? AGENT_SPEAKS_POP3
                        : port == 143 ? AGENT_SPEAKS_IMAP
                        : port == 80  ? AGENT_SPEAKS_HTTP
                                      : AGENT_SPEAKS_SMTP;
    sim_timer_init(&session->timer, agent->world, on_quiet, session);
    user_agent_begin(agent, &session->base, &link_owner, server, port);
    sim_timer_set(&session->timer, pause);
}
