#pragma once

/* Somebody who puts words into the mouths of a world's engines, for what-ifs. Each engine of a
 * simulated connection is shown to the prompter once, as a mouth: servers before they greet,
 * clients before they get or say anything. By then the connection is known by its two ends.
 *
 *     session ─ agent_prompt(tcp, mouth) ─> prompter ─ mouth.set_line(17, "550 ...") ─> engine
 *
 * The DNS has no connection: there each question is shown before it is answered. */

#include "protocol/imap/imap-client.h"
#include "protocol/imap/imap-server.h"
#include "protocol/pop3/pop3-client.h"
#include "protocol/pop3/pop3-server.h"
#include "protocol/smtp/smtp-client.h"
#include "protocol/smtp/smtp-server.h"
#include "sim/naming/dns-prompter.h"
#include "sim/network/tcp.h"

typedef enum {
    AGENT_SPEAKS_SMTP,
    AGENT_SPEAKS_POP3,
    AGENT_SPEAKS_IMAP,
    AGENT_SPEAKS_HTTP,
} AgentProtocol;

typedef struct {
    AgentProtocol protocol;
    bool is_server;
    /* What it says to command 'number', 0 being the greeting, or in its place: a reply as it
     * stands on the wire, lines closed by '\n' but the last, or the client's line. '*said' as in
     * line-overrides.h. The words fit: see
     * agent_words_mistake(). */
    void (*set_line)(gpointer engine, guint64 number, const char *text, bool *said);
    /* The same for the message behind a command; NULL: it has no such moment. */
    void (*set_end)(gpointer engine, guint64 number, const char *text, bool *said);
    gpointer engine;
} AgentMouth;

typedef struct {
    DnsPrompter names; /* first: name servers know of no more */
    void (*meet)(gpointer owner, const SimTcp *tcp, const AgentMouth *mouth);
    gpointer owner;
} AgentPrompter;

/* NULL: a side of that protocol may say this in answer to command 'number', or as that command;
 * else a sentence about what it has to look like. */
const char *
agent_words_mistake(AgentProtocol protocol, bool is_server, guint64 number, const char *text);

/* Borrowed by the world until another is set; NULL: none. */
void agent_prompter_set(SimWorld *world, const AgentPrompter *prompter);

/* 'tcp' NULL: a real connection, into which nobody puts words. */
void agent_prompt_smtp_server(const SimTcp *tcp, SmtpServer *server);
void agent_prompt_smtp_client(const SimTcp *tcp, SmtpClient *client);
void agent_prompt_pop3_server(const SimTcp *tcp, Pop3Server *server);
void agent_prompt_pop3_client(const SimTcp *tcp, Pop3Client *client);
void agent_prompt_imap_server(const SimTcp *tcp, ImapServer *server);
void agent_prompt_imap_client(const SimTcp *tcp, ImapClient *client);

/* For those whose words have no engine of their own to be put into. */
void agent_prompt(const SimTcp *tcp, const AgentMouth *mouth);
