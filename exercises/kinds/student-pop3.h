#pragma once

/* A student at a POP3 mailbox of the engine: which messages were fetched, which are gone after
 * QUIT. As student-smtp.h: octets come from a hand-in or a socket. */

#include "protocol/pop3/pop3-server.h"

#define STUDENT_POP3_MESSAGES 16

typedef struct {
    const char *user;
    const char *password;
    const char *host_name;
    char *const *messages; /* lines by CRLF; borrowed, must outlive the session */
    gsize n_messages;
    guint64 seed;
} StudentPop3Options;

typedef struct StudentPop3 StudentPop3;

StudentPop3 *student_pop3_new(const StudentPop3Options *options);
void student_pop3_free(StudentPop3 *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StudentPop3, student_pop3_free)

void student_pop3_receive(StudentPop3 *session, ByteSpan octets);
ByteSpan student_pop3_output(const StudentPop3 *session);
void student_pop3_consume_output(StudentPop3 *session, gsize length);
bool student_pop3_is_closed(const StudentPop3 *session);

typedef struct {
    bool has_logged_in;
    bool has_updated;         /* QUIT was answered in the TRANSACTION state */
    guint32 fetched;          /* bits: message 1 is bit 0 */
    guint32 removed;          /* gone, after the update */
    guint32 marked;           /* marked as deleted now */
    const char *refused_line; /* the first command that was refused; NULL */
    const char *refused_reply;
} Pop3Record;

Pop3Record student_pop3_record(const StudentPop3 *session);
void student_pop3_play(StudentPop3 *session, const char *lines);

/* One command, and the answer as lines by LF; the caller frees it. */
char *student_pop3_say(StudentPop3 *session, const char *command);
