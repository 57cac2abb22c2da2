#include "exercises/live/program-peer.h"

#include <string.h>

#define WAIT_US 20000
#define OCTET_PAUSE_US 300

bool program_peer_is_late(const ProgramPeer *peer)
{
    return g_get_monotonic_time() >= peer->deadline_us;
}

static GSocketAddress *loopback_address(guint16 port)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
    return g_inet_socket_address_new(address, port);
}

static GSocket *new_socket(GError **error)
{
    GSocket *socket =
        g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
    if (socket != NULL) {
        g_socket_set_blocking(socket, FALSE);
    }
    return socket;
}

static guint16 port_of(GSocket *socket)
{
    g_autoptr(GSocketAddress) local = g_socket_get_local_address(socket, NULL);
    return local == NULL ? 0 : g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(local));
}

static GSocket *listen_anywhere(GError **error)
{
    g_autoptr(GSocket) socket = new_socket(error);
    g_autoptr(GSocketAddress) address = loopback_address(0);
    if (socket == NULL || !g_socket_bind(socket, address, TRUE, error) ||
        !g_socket_listen(socket, error)) {
        return NULL;
    }
    return g_steal_pointer(&socket);
}

bool program_peer_listen(ProgramPeer *peer, GError **error)
{
    peer->received = g_string_new(NULL);
    peer->listener = listen_anywhere(error);
    peer->port = peer->listener == NULL ? 0 : port_of(peer->listener);
    return peer->listener != NULL;
}

guint16 program_peer_free_port(void)
{
    g_autoptr(GSocket) socket = listen_anywhere(NULL);
    return socket == NULL ? 0 : port_of(socket);
}

/* True: something can be done with the socket. False: the time is up, or the program is gone. */
static bool wait_for(ProgramPeer *peer, GSocket *socket, GIOCondition condition)
{
    while (!g_socket_condition_timed_wait(socket, condition, WAIT_US, NULL, NULL)) {
        program_run_poll(peer->run);
        if (program_peer_is_late(peer) ||
            (peer->run->has_ended && g_socket_condition_check(socket, condition) == 0)) {
            return false;
        }
    }
    return true;
}

bool program_peer_accept(ProgramPeer *peer)
{
    if (!wait_for(peer, peer->listener, G_IO_IN)) {
        return false;
    }
    peer->socket = g_socket_accept(peer->listener, NULL, NULL);
    if (peer->socket != NULL) {
        g_socket_set_blocking(peer->socket, FALSE);
        g_socket_set_option(peer->socket, 6, 1, 1, NULL); /* TCP_NODELAY */
    }
    return peer->socket != NULL;
}

/* A server needs a moment to listen: tried again until the time is up. */
bool program_peer_connect(ProgramPeer *peer, guint16 port)
{
    if (peer->received == NULL) {
        peer->received = g_string_new(NULL);
    }
    g_string_truncate(peer->received, 0);
    peer->is_closed = false;
    g_autoptr(GSocketAddress) address = loopback_address(port);
    while (!program_peer_is_late(peer)) {
        g_autoptr(GSocket) socket = new_socket(NULL);
        g_socket_set_blocking(socket, TRUE); /* loopback answers at once, yes or no */
        if (g_socket_connect(socket, address, NULL, NULL)) {
            g_socket_set_blocking(socket, FALSE);
            g_socket_set_option(socket, 6, 1, 1, NULL); /* TCP_NODELAY */
            peer->socket = g_steal_pointer(&socket);
            return true;
        }
        program_run_poll(peer->run);
        if (peer->run->has_ended) {
            return false;
        }
        g_usleep(WAIT_US);
    }
    return false;
}

/* What the program sends meanwhile is read too, so that neither side waits for the other. */
void program_peer_read(ProgramPeer *peer)
{
    char piece[16384];
    g_autoptr(GError) error = NULL;
    gssize length = g_socket_receive(peer->socket, piece, sizeof piece, NULL, &error);
    if (length > 0 && peer->received->len + (gsize)length <= PROGRAM_RECEIVED_MAXIMUM) {
        g_string_append_len(peer->received, piece, length);
    } else if (length >= 0 || !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
        peer->is_closed = true;
    }
}

bool program_peer_send(ProgramPeer *peer, ByteSpan octets)
{
    gsize sent = 0;
    while (sent < octets.length && !peer->is_closed) {
        if (!wait_for(peer, peer->socket, G_IO_OUT | G_IO_IN)) {
            return false;
        }
        if ((g_socket_condition_check(peer->socket, G_IO_IN) & G_IO_IN) != 0) {
            program_peer_read(peer);
        }
        g_autoptr(GError) error = NULL;
        gsize piece = peer->by_octets ? 1 : octets.length - sent;
        const char *from = (const char *)octets.data + sent;
        gssize length = g_socket_send(peer->socket, from, piece, NULL, &error);
        sent += length > 0 ? (gsize)length : 0;
        peer->is_closed =
            peer->is_closed ||
            (length < 0 && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK));
        if (peer->by_octets) {
            g_usleep(OCTET_PAUSE_US);
        }
    }
    return sent == octets.length;
}

char *program_peer_line(ProgramPeer *peer)
{
    for (;;) {
        const char *end = memchr(peer->received->str, '\n', peer->received->len);
        if (end != NULL) {
            gsize length = (gsize)(end - peer->received->str) + 1;
            char *line = g_strndup(peer->received->str, length);
            g_string_erase(peer->received, 0, (gssize)length);
            return line;
        }
        if (peer->socket == NULL || peer->is_closed || !wait_for(peer, peer->socket, G_IO_IN)) {
            return NULL;
        }
        program_peer_read(peer);
    }
}

void program_peer_hang_up(ProgramPeer *peer)
{
    if (peer->socket != NULL) {
        g_socket_close(peer->socket, NULL);
        g_clear_object(&peer->socket);
    }
}

void program_peer_clear(ProgramPeer *peer)
{
    program_peer_hang_up(peer);
    g_clear_object(&peer->listener);
    if (peer->received != NULL) {
        g_string_free(peer->received, TRUE);
        peer->received = NULL;
    }
}
