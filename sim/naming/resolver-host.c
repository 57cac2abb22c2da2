#include "sim/naming/resolver-host.h"

#include "sim/naming/dns-request.h"
#include "sim/naming/dns-server.h"

struct ResolverHost {
    HostResolver *resolver;
    DnsService *service;
    DnsServer *refuser; /* knows no zone: says what is wrong with a question */
};

static void on_found(const DnsAnswer *answer, gpointer data)
{
    DnsRequest *request = data;
    ByteBuffer out;
    byte_buffer_init(&out, DNS_MESSAGE_MAXIMUM);
    bool is_written =
        dns_answer_write(answer, dns_request_question(request), dns_request_is_tcp(request), &out);
    dns_request_answer(request, is_written ? byte_buffer_span(&out) : BYTE_SPAN_EMPTY);
    byte_buffer_clear(&out);
}

static void refuse(const ResolverHost *resolver_host, DnsRequest *request)
{
    ByteBuffer out;
    byte_buffer_init(&out, DNS_MESSAGE_MAXIMUM);
    dns_server_answer(
        resolver_host->refuser, dns_request_question(request), dns_request_is_tcp(request), &out
    );
    dns_request_answer(request, byte_buffer_span(&out));
    byte_buffer_clear(&out);
}

static void on_question(DnsRequest *request, gpointer data)
{
    ResolverHost *resolver_host = data;
    DnsName name;
    guint16 type = 0;
    if (dns_request_is_for_resolver(dns_request_question(request), &name, &type)) {
        host_resolver_look_up(resolver_host->resolver, &name, type, on_found, request);
    } else {
        refuse(resolver_host, request);
    }
}

static void resolver_host_free(gpointer pointer)
{
    ResolverHost *resolver_host = pointer;
    dns_server_free(resolver_host->refuser);
    g_free(resolver_host);
}

ResolverHost *resolver_host_start(SimHost *host, const DnsResolverOptions *options)
{
    ResolverHost *resolver_host = g_new0(ResolverHost, 1);
    resolver_host->service = dns_service_open(host, on_question, resolver_host);
    if (resolver_host->service == NULL) {
        g_free(resolver_host);
        return NULL;
    }
    resolver_host->refuser = dns_server_new();
    resolver_host->resolver = host_resolver_new(host, options);
    sim_world_add_cleanup(sim_host_world(host), resolver_host_free, resolver_host);
    return resolver_host;
}

HostResolver *resolver_host_resolver(ResolverHost *resolver_host)
{
    return resolver_host->resolver;
}

DnsService *resolver_host_service(ResolverHost *resolver_host)
{
    return resolver_host->service;
}
