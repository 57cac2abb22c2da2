#pragma once

/* The inside of UserAgent: its memory, and the one conversation it may have. Each protocol has a
 * file that makes a session; user-agent.c carries it and ends it.
 *
 *     user-agent-smtp.c ─┐
 *     user-agent-pop3.c ─┼─> UserSession ── AgentLink ── TCP
 *     user-agent-imap.c ─┤
 *     user-agent-web.c ──┤
 *     user-agent-typed.c ┘                                       */

#include "sim/agent/agent-link.h"
#include "sim/agent/user-agent.h"

typedef struct UserSession UserSession;

/* Every session begins with this; 'link' functions get the session as their owner. */
struct UserSession {
    UserAgent *agent;
    void (*free)(UserSession *session);
    bool is_closing; /* it said all it wanted to: the end of the connection is no surprise */
    SimTime pause;   /* so long the session may be silent itself */
    const AgentLinkOwner *functions;
    SimTimer patience;
};

struct UserAgent {
    SimHost *host;
    SimWorld *world;
    char *name;
    char *address;
    char *user;
    char *password;
    guint64 seed;
    guint64 composed;
    GPtrArray *outbox;     /* UserAgentOutgoing */
    GPtrArray *messages;   /* UserAgentMessage */
    GHashTable *known_ids; /* unique ids of messages fetched and left on the server */
    AgentLink *link;
    UserSession *session;
};

/* Opens the connection and takes the session; user_session_ended() goes into link.ended. */
void user_agent_begin(
    UserAgent *agent,
    UserSession *session,
    const AgentLinkOwner *functions,
    const SimAddress *server,
    guint16 port
);
void user_session_ended(gpointer session, SimTcpError error);
bool user_session_wants_close(gpointer session);

/* "Alice sees: ..." and other news of the person. */
void user_agent_tell(UserAgent *agent, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* One line of news for each line that stands on the person's screen. */
void user_agent_tell_text(UserAgent *agent, const char *text);

const char *user_agent_domain(const UserAgent *agent);
