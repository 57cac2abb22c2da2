#pragma once

/* A student at an SMTP server: what was said to it and what became of it. The server is the engine;
 * the task (exercises/kinds/smtp-deliver.c) is judged from the record. Octets come from a hand-in
 * or from a socket; nothing here waits or reads a clock. */

#include "protocol/smtp/smtp-server.h"

#define SMTP_SESSION_MESSAGE_MAXIMUM (256u * 1024)

typedef struct SmtpSession SmtpSession;

SmtpSession *smtp_session_new(const char *host_name, guint64 seed);
void smtp_session_free(SmtpSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpSession, smtp_session_free)

void smtp_session_receive(SmtpSession *session, ByteSpan octets);
ByteSpan smtp_session_output(const SmtpSession *session);
void smtp_session_consume_output(SmtpSession *session, gsize length);
bool smtp_session_is_closed(const SmtpSession *session);

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

SmtpRecord smtp_session_record(const SmtpSession *session);

/* Plays typed lines: "C:" in front is taken off, "S:" lines are left out. */
void smtp_session_play(SmtpSession *session, const char *lines);
