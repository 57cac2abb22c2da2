#pragma once

/* A student at a POP3 mailbox of the engine: which messages were fetched, which are gone after
 * QUIT. As smtp-session.h: octets come from a hand-in or a socket. */

#include "protocol/pop3/pop3-server.h"

#define POP3_SESSION_MESSAGES 16

typedef struct {
    const char *user;
    const char *password;
    const char *host_name;
    char *const *messages; /* lines by CRLF; borrowed, must outlive the session */
    gsize n_messages;
    guint64 seed;
} Pop3SessionOptions;

typedef struct Pop3Session Pop3Session;

Pop3Session *pop3_session_new(const Pop3SessionOptions *options);
void pop3_session_free(Pop3Session *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pop3Session, pop3_session_free)

void pop3_session_receive(Pop3Session *session, ByteSpan octets);
ByteSpan pop3_session_output(const Pop3Session *session);
void pop3_session_consume_output(Pop3Session *session, gsize length);
bool pop3_session_is_closed(const Pop3Session *session);

typedef struct {
    bool has_logged_in;
    bool has_updated;         /* QUIT was answered in the TRANSACTION state */
    guint32 fetched;          /* bits: message 1 is bit 0 */
    guint32 removed;          /* gone, after the update */
    guint32 marked;           /* marked as deleted now */
    const char *refused_line; /* the first command that was refused; NULL */
    const char *refused_reply;
} Pop3Record;

Pop3Record pop3_session_record(const Pop3Session *session);
void pop3_session_play(Pop3Session *session, const char *lines);

/* One command, and the answer as lines by LF; the caller frees it. */
char *pop3_session_say(Pop3Session *session, const char *command);
