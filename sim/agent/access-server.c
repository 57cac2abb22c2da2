#include "sim/agent/access-server.h"

#include "sim/agent/agent-link.h"
#include "sim/agent/imap-session.h"
#include "sim/agent/pop3-session.h"

struct AccessServer {
    AccessAccounts *accounts;
    SimTcpListener *pop3;
    SimTcpListener *imap;
};

static void accept_pop3(SimTcp *tcp, gpointer data)
{
    AccessServer *server = data;
    Pop3Session *session = pop3_session_new(server->accounts, sim_tcp_remote_address(tcp), tcp);
    AgentLink *link = agent_link_new(tcp, &pop3_session_owner, session);
    pop3_session_set_carrier(session, &agent_link_carrier, link);
    agent_link_flush(link);
}

static void accept_imap(SimTcp *tcp, gpointer data)
{
    AccessServer *server = data;
    ImapSession *session = imap_session_new(server->accounts, sim_tcp_remote_address(tcp), tcp);
    AgentLink *link = agent_link_new(tcp, &imap_session_owner, session);
    imap_session_set_carrier(session, &agent_link_carrier, link);
    agent_link_flush(link);
}

AccessServer *
access_server_new(SimHost *host, MailStore *store, const char *host_name, guint64 seed)
{
    AccessServer *server = g_new0(AccessServer, 1);
    server->accounts = access_accounts_new(sim_host_world(host), host, store, host_name, seed);
    server->pop3 = sim_tcp_listen(host, NULL, 110, accept_pop3, server);
    server->imap = sim_tcp_listen(host, NULL, 143, accept_imap, server);
    g_assert(server->pop3 != NULL && server->imap != NULL);
    return server;
}

void access_server_free(AccessServer *server)
{
    if (server != NULL) {
        sim_tcp_listener_free(server->pop3);
        sim_tcp_listener_free(server->imap);
        access_accounts_free(server->accounts);
        g_free(server);
    }
}

void access_server_add_user(
    AccessServer *server, const char *user, const char *password, const char *address
)
{
    access_accounts_add_user(server->accounts, user, password, address);
}
