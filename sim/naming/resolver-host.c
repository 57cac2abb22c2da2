#include "sim/naming/resolver-host.h"

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

/* Only what asks for recursion, and in good form, sends the resolver out. */
static bool read_question(ByteSpan message, DnsName *name, guint16 *type)
{
    DnsReader reader;
    DnsRecord record;
    DnsRecord rest;
    bool is_good = dns_reader_begin(&reader, message) && !reader.header.is_response &&
                   reader.header.opcode == DNS_OPCODE_QUERY && reader.header.recursion_desired &&
                   reader.header.counts[DNS_SECTION_QUESTION] == 1 &&
                   dns_reader_next(&reader, &record) && record.class_number == DNS_CLASS_IN &&
                   record.type != DNS_TYPE_AXFR && record.type != DNS_TYPE_IXFR &&
                   dns_message_name(message, record.name.start, name, NULL, NULL);
    while (is_good && dns_reader_next(&reader, &rest)) {
    }
    *type = is_good ? record.type : 0;
    return is_good && reader.defect.kind == DNS_DEFECT_NONE;
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
    if (read_question(dns_request_question(request), &name, &type)) {
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
