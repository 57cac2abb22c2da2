#pragma once

/* Webmail: a person reads and writes mail in a browser, without script. The state that all
 * connections share: who is logged in (by cookie), and how mail leaves. Pages are made in
 * webmail-pages.c and webmail-compose.c; webmail-session.h is one connection, on simulated TCP or
 * on a real socket.
 *
 *     browser ─ HTTP ─> WebmailSession ─> Webmail ─┬─> AccessAccounts ─> mail store
 *                                                  └─> send ─> transfer agent ─ SMTP ─>
 *
 * Nothing that a message, a folder or a browser says reaches a page unescaped, and pages forbid
 * every script (Content-Security-Policy). */

#include "sim/agent/access-accounts.h"

#define WEBMAIL_LOGINS_MAXIMUM 10000             /* the one unused longest goes */
#define WEBMAIL_LOGIN_LIFE (30 * SIM_MINUTE)     /* without a click */
#define WEBMAIL_BODY_MAXIMUM (36u * 1024 * 1024) /* octets of a request: attachments too */
#define WEBMAIL_MESSAGES_SHOWN 50                /* on a page */

/* Hands a message over; the recipients are closed by NULL. False: 'out_reason' says why, one line
 * for a person. */
typedef bool (*WebmailSend
)(gpointer data,
  const char *reverse_path,
  const char *const *recipients,
  GBytes *octets,
  char **out_reason);

typedef struct Webmail Webmail;

/* The accounts are borrowed. From 'seed' cookies are made: on a real network it must be one that
 * nobody can guess. */
Webmail *webmail_new(AccessAccounts *accounts, guint64 seed, WebmailSend send, gpointer data);
void webmail_free(Webmail *webmail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Webmail, webmail_free)

AccessAccounts *webmail_accounts(const Webmail *webmail);
