#include "sim/naming/dns-server-host.h"

struct DnsServerHost {
    const DnsServer *server;
    DnsService *service;
};

static void on_question(DnsRequest *request, gpointer data)
{
    const DnsServerHost *server_host = data;
    ByteBuffer out;
    byte_buffer_init(&out, DNS_MESSAGE_MAXIMUM);
    dns_server_answer(
        server_host->server, dns_request_question(request), dns_request_is_tcp(request), &out
    );
    dns_request_answer(request, byte_buffer_span(&out));
    byte_buffer_clear(&out);
}

DnsServerHost *dns_server_host_start(SimHost *host, const DnsServer *server)
{
    DnsServerHost *server_host = g_new0(DnsServerHost, 1);
    server_host->server = server;
    server_host->service = dns_service_open(host, on_question, server_host);
    if (server_host->service == NULL) {
        g_free(server_host);
        return NULL;
    }
    sim_world_add_cleanup(sim_host_world(host), g_free, server_host);
    return server_host;
}

DnsService *dns_server_host_service(DnsServerHost *server_host)
{
    return server_host->service;
}
