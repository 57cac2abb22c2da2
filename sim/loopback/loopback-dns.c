#include "sim/loopback/loopback-dns.h"

#include "protocol/dns/dns-stream.h"

#define DATAGRAM_MAXIMUM 4096
#define READ_PIECE 4096
#define OUTPUT_MAXIMUM 1048576
#define PORT_TRIES 16 /* to find one that is free for both protocols */

typedef struct {
    LoopbackDns *dns;
    GSocket *socket;
    GSource *source;
    GSource *idle;
    DnsStream stream;
    ByteBuffer output;
    LoopbackFlow *flow; /* NULL: no frames */
    bool has_peer_closed;
} Client;

struct LoopbackDns {
    LoopbackDnsHandler handler;
    gpointer data;
    GSocket *datagrams;
    GSocket *listener;
    GSource *datagram_source;
    GSource *listener_source;
    GPtrArray *clients; /* of Client */
    LoopbackPlace place;
    LoopbackFrames *frames; /* NULL: none are made */
    LoopbackClock *clock;
};

static void drop_source(GSource **source)
{
    if (*source != NULL) {
        g_source_destroy(*source);
        g_clear_pointer(source, g_source_unref);
    }
}

static void client_free(gpointer pointer)
{
    Client *client = pointer;
    drop_source(&client->source);
    drop_source(&client->idle);
    if (client->flow != NULL) {
        SimTime now = loopback_clock_now(client->dns->clock);
        if (client->has_peer_closed) {
            loopback_flow_close(client->flow, false, now);
        }
        loopback_flow_close(client->flow, true, now);
        loopback_flow_free(client->flow);
    }
    g_socket_close(client->socket, NULL);
    g_object_unref(client->socket);
    dns_stream_clear(&client->stream);
    byte_buffer_clear(&client->output);
    g_free(client);
}

static void close_client(Client *client)
{
    g_ptr_array_remove_fast(client->dns->clients, client);
}

static void show_datagram(LoopbackDns *dns, GSocketAddress *peer, bool is_answer, ByteSpan octets)
{
    LoopbackPlace place;
    if (dns->frames != NULL && loopback_place_read(peer, &place)) {
        loopback_frames_datagram(
            dns->frames,
            is_answer ? &dns->place : &place,
            is_answer ? &place : &dns->place,
            octets,
            loopback_clock_sync(dns->clock)
        );
    }
}

static gboolean on_datagram(GSocket *socket, GIOCondition condition, gpointer data)
{
    LoopbackDns *dns = data;
    guint8 octets[DATAGRAM_MAXIMUM];
    g_autoptr(GSocketAddress) from = NULL;
    ByteBuffer out;
    (void)condition;
    gssize length = g_socket_receive_from(socket, &from, (char *)octets, sizeof octets, NULL, NULL);
    if (length < 0 || from == NULL) {
        return G_SOURCE_CONTINUE;
    }
    byte_buffer_init(&out, DNS_MESSAGE_MAXIMUM);
    show_datagram(dns, from, false, byte_span(octets, (gsize)length));
    if (dns->handler(byte_span(octets, (gsize)length), false, &out, dns->data)) {
        ByteSpan answer = byte_buffer_span(&out);
        show_datagram(dns, from, true, answer);
        g_socket_send_to(socket, from, (const char *)answer.data, answer.length, NULL, NULL);
    }
    byte_buffer_clear(&out);
    return G_SOURCE_CONTINUE;
}

static void watch(Client *client);

/* False: the connection is of no more use. */
static bool send_output(Client *client)
{
    while (byte_buffer_length(&client->output) > 0) {
        g_autoptr(GError) error = NULL;
        ByteSpan output = byte_buffer_span(&client->output);
        gssize sent =
            g_socket_send(client->socket, (const char *)output.data, output.length, NULL, &error);
        if (sent < 0) {
            return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
        }
        if (client->flow != NULL) {
            ByteSpan passed = byte_span_slice(output, 0, (gsize)sent);
            loopback_flow_send(client->flow, true, passed, loopback_clock_sync(client->dns->clock));
        }
        byte_buffer_consume(&client->output, (gsize)sent);
    }
    return true;
}

static bool answer_messages(Client *client, ByteSpan input)
{
    DnsStreamMessage message;
    bool is_good = true;
    while (is_good && dns_stream_next(&client->stream, &input, &message)) {
        ByteBuffer out;
        byte_buffer_init(&out, DNS_MESSAGE_MAXIMUM);
        if (client->dns->handler(message.octets, true, &out, client->dns->data)) {
            is_good = dns_stream_write(&client->output, byte_buffer_span(&out));
        }
        byte_buffer_clear(&out);
    }
    return is_good;
}

static bool read_input(Client *client)
{
    guint8 octets[READ_PIECE];
    g_autoptr(GError) error = NULL;
    gssize length = g_socket_receive(client->socket, (char *)octets, sizeof octets, NULL, &error);
    if (length < 0) {
        return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
    }
    client->has_peer_closed = length == 0;
    if (client->flow != NULL) {
        ByteSpan passed = byte_span(octets, (gsize)length);
        loopback_flow_send(client->flow, false, passed, loopback_clock_sync(client->dns->clock));
    }
    return length > 0 && answer_messages(client, byte_span(octets, (gsize)length));
}

static gboolean on_client(GSocket *socket, GIOCondition condition, gpointer data)
{
    Client *client = data;
    (void)socket;
    bool is_good = (condition & G_IO_IN) == 0 || read_input(client);
    if (!is_good || !send_output(client) || (condition & (G_IO_ERR | G_IO_HUP)) != 0) {
        close_client(client);
        return G_SOURCE_REMOVE;
    }
    watch(client);
    return G_SOURCE_REMOVE;
}

static gboolean on_idle(gpointer data)
{
    close_client(data);
    return G_SOURCE_REMOVE;
}

/* The source is renewed after every event, because what is waited for changes. */
static void watch(Client *client)
{
    GIOCondition condition = byte_buffer_length(&client->output) > 0 ? G_IO_OUT : G_IO_IN;
    drop_source(&client->source);
    drop_source(&client->idle);
    client->source = g_socket_create_source(client->socket, condition, NULL);
    g_source_set_callback(client->source, G_SOURCE_FUNC(on_client), client, NULL);
    g_source_attach(client->source, g_main_context_get_thread_default());
    client->idle = g_timeout_source_new_seconds(LOOPBACK_DNS_IDLE_SECONDS);
    g_source_set_callback(client->idle, on_idle, client, NULL);
    g_source_attach(client->idle, g_main_context_get_thread_default());
}

static void show_connection(Client *client)
{
    LoopbackDns *dns = client->dns;
    LoopbackPlace place;
    g_autoptr(GSocketAddress) from = g_socket_get_remote_address(client->socket, NULL);
    if (dns->frames != NULL && from != NULL && loopback_place_read(from, &place)) {
        client->flow =
            loopback_flow_open(dns->frames, &place, &dns->place, loopback_clock_sync(dns->clock));
    }
}

static gboolean on_connection(GSocket *socket, GIOCondition condition, gpointer data)
{
    LoopbackDns *dns = data;
    GSocket *accepted = g_socket_accept(socket, NULL, NULL);
    (void)condition;
    if (accepted == NULL) {
        return G_SOURCE_CONTINUE;
    }
    if (dns->clients->len >= LOOPBACK_DNS_CONNECTIONS_MAXIMUM) {
        g_object_unref(accepted);
        return G_SOURCE_CONTINUE;
    }
    Client *client = g_new0(Client, 1);
    client->dns = dns;
    client->socket = accepted;
    g_socket_set_blocking(accepted, FALSE);
    dns_stream_init(&client->stream);
    byte_buffer_init(&client->output, OUTPUT_MAXIMUM);
    g_ptr_array_add(dns->clients, client);
    show_connection(client);
    watch(client);
    return G_SOURCE_CONTINUE;
}

static GSocket *open_socket(GInetAddress *address, guint16 port, GSocketType type, GError **error)
{
    g_autoptr(GSocketAddress) place = g_inet_socket_address_new(address, port);
    g_autoptr(GSocket) socket =
        g_socket_new(g_inet_address_get_family(address), type, G_SOCKET_PROTOCOL_DEFAULT, error);
    if (socket == NULL || !g_socket_bind(socket, place, TRUE, error) ||
        (type == G_SOCKET_TYPE_STREAM && !g_socket_listen(socket, error))) {
        return NULL;
    }
    g_socket_set_blocking(socket, FALSE);
    return g_steal_pointer(&socket);
}

static LoopbackPlace place_of(GSocket *socket)
{
    LoopbackPlace place;
    g_autoptr(GSocketAddress) address = g_socket_get_local_address(socket, NULL);
    bool is_known = address != NULL && loopback_place_read(address, &place);
    g_assert(is_known); /* it was bound to an address of IP */
    return place;
}

/* Both protocols on one port: the port that TCP was given must be free for UDP too. */
static bool open_pair(LoopbackDns *dns, GInetAddress *address, guint16 port, GError **error)
{
    dns->listener = open_socket(address, port, G_SOCKET_TYPE_STREAM, error);
    if (dns->listener == NULL) {
        return false;
    }
    dns->place = place_of(dns->listener);
    dns->datagrams = open_socket(address, dns->place.port, G_SOCKET_TYPE_DATAGRAM, error);
    return dns->datagrams != NULL;
}

static bool open_sockets(LoopbackDns *dns, const char *address_text, guint16 port, GError **error)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(address_text);
    if (address == NULL) {
        g_set_error(
            error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s is not an address", address_text
        );
        return false;
    }
    for (guint i = 1; port == 0 && i < PORT_TRIES; i++) {
        if (open_pair(dns, address, 0, NULL)) {
            return true;
        }
        g_clear_object(&dns->listener);
    }
    return open_pair(dns, address, port, error);
}

static GSource *attach(GSocket *socket, GSocketSourceFunc callback, LoopbackDns *dns)
{
    GSource *source = g_socket_create_source(socket, G_IO_IN, NULL);
    g_source_set_callback(source, G_SOURCE_FUNC(callback), dns, NULL);
    g_source_attach(source, g_main_context_get_thread_default());
    return source;
}

LoopbackDns *loopback_dns_new(
    const char *address, guint16 port, LoopbackDnsHandler handler, gpointer data, GError **error
)
{
    g_autoptr(LoopbackDns) dns = g_new0(LoopbackDns, 1);
    dns->handler = handler;
    dns->data = data;
    dns->clients = g_ptr_array_new_with_free_func(client_free);
    if (!open_sockets(dns, address, port, error)) {
        return NULL;
    }
    dns->datagram_source = attach(dns->datagrams, on_datagram, dns);
    dns->listener_source = attach(dns->listener, on_connection, dns);
    return g_steal_pointer(&dns);
}

void loopback_dns_free(LoopbackDns *dns)
{
    if (dns != NULL) {
        drop_source(&dns->datagram_source);
        drop_source(&dns->listener_source);
        g_ptr_array_unref(dns->clients);
        g_clear_object(&dns->datagrams);
        g_clear_object(&dns->listener);
        g_free(dns);
    }
}

guint16 loopback_dns_port(const LoopbackDns *dns)
{
    return dns->place.port;
}

void loopback_dns_show(LoopbackDns *dns, LoopbackFrames *frames, LoopbackClock *clock)
{
    dns->frames = frames;
    dns->clock = clock;
}
