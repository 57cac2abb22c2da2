#pragma once

/* The server from which people fetch their mail: POP3 on port 110. Accounts and passwords are its
 * own; the mail lies in the store that the transfer agent delivers to. */

#include "sim/network/host.h"
#include "sim/store/mail-store.h"

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
