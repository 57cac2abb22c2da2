#pragma once

/* A person's mail program on one machine: writes messages, hands them to the mail server by SMTP,
 * fetches mail by POP3. What was fetched stays in the agent's own memory, as on a disk. */

#include "sim/network/host.h"

typedef struct UserAgent UserAgent;

typedef struct {
    const char *name;    /* "Alice" */
    const char *address; /* "alice@crepes.fr" */
    const char *user;    /* of the access server */
    const char *password;
    guint64 seed;
} UserAgentOptions;

typedef struct {
    const char *to; /* one address, or several with commas between */
    const char *subject;
    const char *body;
} UserAgentMail;

UserAgent *user_agent_new(SimHost *host, const UserAgentOptions *options);
void user_agent_free(UserAgent *agent);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UserAgent, user_agent_free)

/* Composes; the message waits in the outbox. */
void user_agent_compose(UserAgent *agent, const UserAgentMail *mail);

/* Hands all of the outbox to the server. */
void user_agent_send(UserAgent *agent, const SimAddress *server, guint16 port);

/* Fetches what is there; 'deletes' takes it off the server. */
void user_agent_fetch_pop3(UserAgent *agent, const SimAddress *server, bool deletes);

guint user_agent_outbox_count(const UserAgent *agent);
guint user_agent_fetched_count(const UserAgent *agent);
GBytes *user_agent_fetched(const UserAgent *agent, guint index); /* borrowed */
