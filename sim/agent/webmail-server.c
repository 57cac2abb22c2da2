#include "sim/agent/webmail-server.h"

#include "sim/agent/webmail-session.h"

struct WebmailServer {
    Webmail *webmail;
    SimTcpListener *listener;
};

static void accept_browser(SimTcp *tcp, gpointer data)
{
    WebmailServer *server = data;
    WebmailSession *session =
        webmail_session_new(server->webmail, sim_tcp_remote_address(tcp), tcp);
    AgentLink *link = agent_link_new(tcp, &webmail_session_owner, session);
    webmail_session_set_carrier(session, &agent_link_carrier, link);
}

WebmailServer *webmail_server_new(SimHost *host, Webmail *webmail)
{
    WebmailServer *server = g_new0(WebmailServer, 1);
    server->webmail = webmail;
    server->listener = sim_tcp_listen(host, NULL, 80, accept_browser, server);
    g_assert(server->listener != NULL);
    return server;
}

void webmail_server_free(WebmailServer *server)
{
    if (server != NULL) {
        sim_tcp_listener_free(server->listener);
        g_free(server);
    }
}
