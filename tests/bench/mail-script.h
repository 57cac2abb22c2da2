#pragma once

/* The turns of one conversation as a benchmark needs it: plausible SMTP, POP3 or IMAP, whole, made
 * from random numbers. Text lines are cut out of one long block, so that making costs little. */

#include <glib.h>

typedef struct {
    int side; /* 0: client */
    gsize from;
    gsize length;
} MailTurn;

typedef struct {
    GByteArray *octets;
    GArray *turns; /* MailTurn */
    guint16 port;
    guint messages;
} MailScript;

/* Weights of the kinds, in this order. */
typedef enum {
    MAIL_SMTP_SHORT, /* one small message */
    MAIL_SMTP_LARGE, /* one with an attachment of some 100 kilobytes */
    MAIL_POP3,
    MAIL_IMAP,
    MAIL_KINDS,
} MailKind;

void mail_script_init(MailScript *script);
void mail_script_clear(MailScript *script);
void mail_script_make(MailScript *script, MailKind kind, GRand *random);
