#pragma once

/* A webmail on port 80 of a simulated host. */

#include "sim/agent/webmail.h"

typedef struct WebmailServer WebmailServer;

/* The webmail is borrowed. */
WebmailServer *webmail_server_new(SimHost *host, Webmail *webmail);
void webmail_server_free(WebmailServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebmailServer, webmail_server_free)
