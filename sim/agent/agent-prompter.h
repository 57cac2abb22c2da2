#pragma once

/* Somebody who puts words into the mouths of a world's engines, for what-ifs. Each session that an
 * AgentLink carries is shown to the prompter once, before its engine gets the first octets; then
 * the connection is known by its two ends and nothing has been said yet. */

#include "protocol/smtp/smtp-client.h"
#include "protocol/smtp/smtp-server.h"
#include "sim/network/tcp.h"

typedef struct {
    void (*smtp_server)(gpointer owner, const SimTcp *tcp, SmtpServer *server);
    void (*smtp_client)(gpointer owner, const SimTcp *tcp, SmtpClient *client);
    gpointer owner;
} AgentPrompter;

/* Borrowed by the world until another is set; NULL: none. */
void agent_prompter_set(SimWorld *world, const AgentPrompter *prompter);

void agent_prompt_smtp_server(const SimTcp *tcp, SmtpServer *server);
void agent_prompt_smtp_client(const SimTcp *tcp, SmtpClient *client);
