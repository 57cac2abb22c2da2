#include "sim/naming/dns-service.h"

#include "protocol/dns/dns-stream.h"
#include "sim/naming/dns-prompter.h"
#include "sim/network/tcp.h"
#include "sim/network/udp.h"

#define OUTPUT_MAXIMUM 1048576 /* answers that wait for room on one connection */

/* A client's connection; lives until it is closed and its last request is answered. */
typedef struct Connection {
    struct Connection *next;
    DnsService *service;
    SimTcp *tcp; /* NULL: closed */
    DnsStream stream;
    ByteBuffer output;
    guint requests;
    bool peer_closed;
} Connection;

struct DnsService {
    SimHost *host;
    DnsServiceHandler handler;
    gpointer data;
    SimUdp *udp;
    SimTcpListener *listener;
    Connection *connections;
    DnsRequest *requests;
    guint64 questions;
};

struct DnsRequest {
    DnsRequest *next;
    DnsRequest *previous;
    DnsService *service;
    GBytes *question;
    Connection *connection; /* NULL: UDP */
    SimAddress from;
    SimAddress at;
    guint16 from_port;
};

ByteSpan dns_request_question(const DnsRequest *request)
{
    gsize length = 0;
    const void *octets = g_bytes_get_data(request->question, &length);
    return byte_span(octets, length);
}

bool dns_request_is_tcp(const DnsRequest *request)
{
    return request->connection != NULL;
}

guint64 dns_service_questions(const DnsService *service)
{
    return service->questions;
}

static void free_connection(Connection *connection)
{
    Connection **place = &connection->service->connections;
    while (*place != connection) {
        place = &(*place)->next;
    }
    *place = connection->next;
    dns_stream_clear(&connection->stream);
    byte_buffer_clear(&connection->output);
    g_free(connection);
}

/* Sends what there is room for, and closes once nothing is left to do. */
static void flush(Connection *connection)
{
    if (connection->tcp == NULL) {
        if (connection->requests == 0) {
            free_connection(connection);
        }
        return;
    }
    ByteSpan output = byte_buffer_span(&connection->output);
    byte_buffer_consume(&connection->output, sim_tcp_send(connection->tcp, output));
    if (connection->peer_closed && connection->requests == 0 &&
        byte_buffer_length(&connection->output) == 0) {
        sim_tcp_close(connection->tcp);
    }
}

static void free_request(DnsRequest *request)
{
    DnsRequest **place =
        request->previous != NULL ? &request->previous->next : &request->service->requests;
    *place = request->next;
    if (request->next != NULL) {
        request->next->previous = request->previous;
    }
    g_bytes_unref(request->question);
    g_free(request);
}

void dns_request_answer(DnsRequest *request, ByteSpan message)
{
    Connection *connection = request->connection;
    DnsService *service = request->service;
    if (connection != NULL) {
        connection->requests--;
        if (message.length > 0 && !dns_stream_write(&connection->output, message) &&
            connection->tcp != NULL) {
            sim_tcp_abort(connection->tcp);
        }
        flush(connection);
    } else if (message.length > 0 && service->udp != NULL) {
        sim_udp_send_from(service->udp, &request->at, &request->from, request->from_port, message);
    }
    free_request(request);
}

static DnsRequest *new_request(DnsService *service, ByteSpan question)
{
    DnsRequest *request = g_new0(DnsRequest, 1);
    request->service = service;
    request->question = g_bytes_new(question.data, question.length);
    request->next = service->requests;
    if (request->next != NULL) {
        request->next->previous = request;
    }
    service->requests = request;
    service->questions++;
    return request;
}

/* For teaching: the question comes back with that code, and with nothing else. */
static bool answer_otherwise(DnsRequest *request)
{
    const DnsPrompter *prompter =
        sim_world_data(sim_host_world(sim_udp_host(request->service->udp)));
    ByteSpan question = dns_request_question(request);
    int code =
        prompter == NULL || question.length < DNS_HEADER_LENGTH
            ? -1
            : prompter->answer(prompter->owner, &request->from, request->from_port, question);
    if (code < 0) {
        return false;
    }
    g_autofree guint8 *answer = g_memdup2(question.data, question.length);
    bool is_for_resolver = (answer[2] & 0x01) != 0; /* RD: RFC 1035 §4.1.1 */
    answer[2] |= is_for_resolver ? 0x80 : 0x84;     /* QR; AA where the server has the zone */
    answer[3] = (guint8)((is_for_resolver ? 0x80 : 0) | code); /* RA, and the code */
    dns_request_answer(request, byte_span(answer, question.length));
    return true;
}

static void
on_datagram(SimUdp *udp, const SimAddress *from, guint16 from_port, ByteSpan octets, gpointer data)
{
    DnsService *service = data;
    DnsRequest *request = new_request(service, octets);
    request->from = *from;
    request->from_port = from_port;
    request->at = *sim_udp_received_at(udp);
    if (!answer_otherwise(request)) {
        service->handler(request, service->data);
    }
}

static void on_received(SimTcp *tcp, gpointer data)
{
    Connection *connection = data;
    ByteSpan input = sim_tcp_peek(tcp);
    gsize length = input.length;
    DnsStreamMessage message;
    while (connection->tcp != NULL && dns_stream_next(&connection->stream, &input, &message)) {
        DnsRequest *request = new_request(connection->service, message.octets);
        request->connection = connection;
        connection->requests++;
        connection->service->handler(request, connection->service->data);
    }
    sim_tcp_consume(tcp, length);
}

static void on_writable(SimTcp *tcp, gpointer data)
{
    (void)tcp;
    flush(data);
}

static void on_peer_closed(SimTcp *tcp, gpointer data)
{
    Connection *connection = data;
    (void)tcp;
    connection->peer_closed = true;
    flush(connection);
}

static void on_closed(SimTcp *tcp, SimTcpError error, gpointer data)
{
    Connection *connection = data;
    (void)tcp;
    (void)error;
    connection->tcp = NULL;
    flush(connection);
}

static const SimUdpHandlers udp_handlers = {.received = on_datagram};

static const SimTcpHandlers tcp_handlers = {
    .received = on_received,
    .writable = on_writable,
    .peer_closed = on_peer_closed,
    .closed = on_closed,
};

static void on_accept(SimTcp *tcp, gpointer data)
{
    DnsService *service = data;
    Connection *connection = g_new0(Connection, 1);
    connection->service = service;
    connection->tcp = tcp;
    dns_stream_init(&connection->stream);
    byte_buffer_init(&connection->output, OUTPUT_MAXIMUM);
    connection->next = service->connections;
    service->connections = connection;
    sim_tcp_set_nagle(tcp, false); /* an answer is written whole: nothing is gained by waiting */
    sim_tcp_set_handlers(tcp, &tcp_handlers, connection);
}

static void service_free(gpointer pointer)
{
    DnsService *service = pointer;
    while (service->requests != NULL) {
        free_request(service->requests);
    }
    while (service->connections != NULL) {
        free_connection(service->connections);
    }
    g_free(service);
}

DnsService *dns_service_open(SimHost *host, DnsServiceHandler handler, gpointer data)
{
    DnsService *service = g_new0(DnsService, 1);
    service->host = host;
    service->handler = handler;
    service->data = data;
    service->udp = sim_udp_open(host, NULL, DNS_PORT, &udp_handlers, service);
    service->listener = sim_tcp_listen(host, NULL, DNS_PORT, on_accept, service);
    if (service->udp == NULL || service->listener == NULL) {
        dns_service_stop(service);
        g_free(service);
        return NULL;
    }
    sim_world_add_cleanup(sim_host_world(host), service_free, service);
    return service;
}

void dns_service_close_tcp(DnsService *service)
{
    if (service->listener != NULL) {
        sim_tcp_listener_free(service->listener);
        service->listener = NULL;
    }
}

void dns_service_stop(DnsService *service)
{
    dns_service_close_tcp(service);
    sim_udp_close(service->udp);
    service->udp = NULL;
}
