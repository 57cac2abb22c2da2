#pragma once

/* A person's mail program on one machine: writes messages, hands them to the mail server, fetches
 * mail, and keeps what it has in folders of its own, as on a disk. A person with two machines has
 * two of these; what one of them deletes at home the other still has.
 *
 *     compose ──> outbox ── send ─────> SMTP, port 25 or 587, with a log-in or without
 *     folders <── keep ──── fetch <──── POP3, IMAP
 *     browser <───────────────────────> webmail, HTTP
 *     by hand: lines that a person types to any port, as with telnet
 *
 * One conversation at a time; the caller looks whether the agent is busy. Texts of people are
 * UTF-8. Everything a person would notice is told as a world event. */

#include "protocol/text/byte-span.h"
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
    const char *name; /* of the file */
    const char *type; /* "image/png" */
    GBytes *content;
} UserAgentAttachment;

typedef struct {
    const char *to; /* one address, or several with commas between; NULL: none */
    const char *cc;
    const char *bcc; /* in the envelope, never in the header */
    const char *subject;
    const char *body;
    const char *html;         /* the same said in HTML; NULL: text only */
    const char *from;         /* what From says; NULL: the truth */
    const char *reverse_path; /* what MAIL FROM says; NULL: the truth */
    const UserAgentAttachment *attachments;
    gsize n_attachments;
    bool as_8bit; /* octets above 127 as they are, for servers with 8BITMIME */
    bool as_utf8; /* UTF-8 in the header too, for servers with SMTPUTF8 */
} UserAgentMail;

typedef struct {
    SimAddress server;
    guint16 port;
    const char *mechanism; /* of the log-in, "LOGIN"; NULL: without one */
    bool pipelines;
    bool chunks;
    bool uses_helo;
    bool one_by_one; /* a connection for each message, not one for all of them */
} UserAgentSending;

typedef struct {
    SimAddress server;
    bool deletes;
    bool uses_apop;
    bool asks_capabilities;
    guint64 maximum_octets; /* longer messages stay where they are; 0: no limit */
} UserAgentFetching;

UserAgent *user_agent_new(SimHost *host, const UserAgentOptions *options);
void user_agent_free(UserAgent *agent);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UserAgent, user_agent_free)

const char *user_agent_name(const UserAgent *agent);
const char *user_agent_address(const UserAgent *agent);
SimHost *user_agent_host(const UserAgent *agent);
bool user_agent_is_busy(const UserAgent *agent);

/* --- writing --- */

/* The message waits in the outbox. */
void user_agent_compose(UserAgent *agent, const UserAgentMail *mail);

/* Answers a kept message, or hands it on to somebody; 'message' is borrowed. What the person
 * writes above it is 'text'. */
void user_agent_reply(UserAgent *agent, GBytes *message, bool to_all, const char *text);
void user_agent_forward(
    UserAgent *agent, GBytes *message, const char *to, const char *text, bool as_attachment
);

/* Takes the first message out of the outbox, for those who carry it in another way; NULL: the
 * outbox is empty. */
typedef struct {
    GBytes *octets;
    GStrv recipients;
    char *reverse_path;
    char *subject;
    bool has_eight_bit;
    bool needs_utf8;
} UserAgentOutgoing;

UserAgentOutgoing *user_agent_take_outgoing(UserAgent *agent);
void user_agent_outgoing_free(UserAgentOutgoing *outgoing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UserAgentOutgoing, user_agent_outgoing_free)

guint user_agent_outbox_count(const UserAgent *agent);

/* --- conversations --- */

/* Hands all of the outbox to the server. */
void user_agent_send(UserAgent *agent, const UserAgentSending *sending);

/* Fetches what this machine has not fetched before. */
void user_agent_fetch_pop3(UserAgent *agent, const UserAgentFetching *fetching);

/* What is done by IMAP, each in a connection of its own unless the one before it stays. Messages
 * are counted from 1 as the server counts them; 0: the newest. */
typedef enum {
    USER_AGENT_IMAP_FETCH,  /* look what is there; fetch what this machine lacks */
    USER_AGENT_IMAP_CREATE, /* text: the folder */
    USER_AGENT_IMAP_MOVE,   /* number; text: into which folder */
    USER_AGENT_IMAP_DELETE, /* number */
    USER_AGENT_IMAP_MARK,   /* number; text: the flag, "Seen" */
    USER_AGENT_IMAP_SEARCH, /* text */
} UserAgentImapKind;

typedef enum {
    USER_AGENT_WHOLE,
    USER_AGENT_TEXT, /* the header and the first part */
    USER_AGENT_HEADERS,
} UserAgentContent;

typedef struct {
    UserAgentImapKind kind;
    UserAgentContent content; /* FETCH */
    guint number;
    const char *text;
    bool removes; /* MARK */
    bool stays;   /* the connection is kept for the next task */
} UserAgentImapTask;

/* Where a connection was kept, the server is not looked at. */
void user_agent_imap(UserAgent *agent, const SimAddress *server, const UserAgentImapTask *task);

/* A connection by IMAP was kept and waits for its next task; that may be the end of it. */
bool user_agent_imap_waits(const UserAgent *agent);
void user_agent_imap_log_out(UserAgent *agent);

/* Opens the webmail of 'host' in a browser and logs in; then sends what is in the outbox, or opens
 * the newest message. */
void user_agent_browse(UserAgent *agent, const SimAddress *server, const char *host, bool sends);

/* Types the lines, each when the other side has been silent for 'pause'; CRLF is added. */
void user_agent_type(
    UserAgent *agent,
    const SimAddress *server,
    guint16 port,
    const char *const *lines,
    SimTime pause
);

/* --- what this machine keeps --- */

#define USER_AGENT_INBOX "Inbox"
#define USER_AGENT_SENT "Sent"
#define USER_AGENT_TRASH "Trash"

typedef struct {
    GBytes *octets;
    char *folder;
    char *unique_id; /* of the POP3 server; NULL: none */
} UserAgentMessage;

/* Messages of all folders, in the order in which they came. */
guint user_agent_message_count(const UserAgent *agent, const char *folder);

/* By place in the folder, from 1; 0: the newest. NULL: no such message. Borrowed until the agent
 * keeps or deletes one. */
const UserAgentMessage *
user_agent_message(const UserAgent *agent, const char *folder, guint number);

void user_agent_keep(UserAgent *agent, GBytes *octets, const char *folder, const char *unique_id);

/* Whether a message of that unique id has been fetched, whatever became of it. */
bool user_agent_knows(const UserAgent *agent, const char *unique_id);

/* False: no such message. Deleting moves to Trash, and from there into nothing. */
bool user_agent_file(UserAgent *agent, guint number, const char *from, const char *to);
bool user_agent_delete(UserAgent *agent, guint number, const char *folder);

/* Tells what the person sees on opening the message: who wrote, the subject, the text. */
bool user_agent_read(UserAgent *agent, guint number, const char *folder);

/* Tells the header as it came, line by line: what programs call the source. */
bool user_agent_read_header(UserAgent *agent, guint number, const char *folder);
