#pragma once

/* The server from which people fetch their mail, on a simulated host: POP3 on port 110, IMAP on
 * port 143. It only listens and carries; who may log in is in the accounts, the conversations are
 * the sessions'. */

#include "sim/agent/access-accounts.h"
#include "sim/network/host.h"

typedef struct AccessServer AccessServer;

/* The store is borrowed. */
AccessServer *
access_server_new(SimHost *host, MailStore *store, const char *host_name, guint64 seed);
void access_server_free(AccessServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AccessServer, access_server_free)

/* 'user' logs in with that password and gets the mailbox of that address. */
void access_server_add_user(
    AccessServer *server, const char *user, const char *password, const char *address
);
