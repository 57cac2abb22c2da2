#pragma once

/* A student at an SMTP server: what was said to it and what became of it. The server is the engine;
 * the task (exercises/kinds/smtp-deliver.c) is judged from the record. Octets come from a hand-in
 * or from a socket; nothing here waits or reads a clock. */

#include "protocol/smtp/smtp-server.h"

#define STUDENT_SMTP_MESSAGE_MAXIMUM (256u * 1024)

typedef struct StudentSmtp StudentSmtp;

StudentSmtp *student_smtp_new(const char *host_name, guint64 seed);
void student_smtp_free(StudentSmtp *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StudentSmtp, student_smtp_free)

void student_smtp_receive(StudentSmtp *session, ByteSpan octets);
ByteSpan student_smtp_output(const StudentSmtp *session);
void student_smtp_consume_output(StudentSmtp *session, gsize length);
bool student_smtp_is_closed(const StudentSmtp *session);

/* The record: of the last message where there were several. Borrowed. */
typedef struct {
    const char *client_name; /* NULL: no EHLO or HELO was accepted */
    const char *sender;      /* NULL: no MAIL was accepted */
    char *const *recipients; /* closed by NULL */
    gsize n_recipients;
    const char *message; /* NULL: DATA was not accepted; lines by CRLF */
    bool is_ended;       /* the single dot came */
    bool has_quit;
    const char *refused_line;  /* the first command that was refused; NULL: none */
    const char *refused_reply; /* what the server said to it */
} SmtpRecord;

SmtpRecord student_smtp_record(const StudentSmtp *session);

/* Plays typed lines: "C:" in front is taken off, "S:" lines are left out. */
void student_smtp_play(StudentSmtp *session, const char *lines);
