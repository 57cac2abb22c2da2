#include "exercises/live/live-server.h"

#include <gio/gio.h>

#include "exercises/kinds/pop3-fetch.h"
#include "exercises/kinds/smtp-deliver.h"

#define TYPED_MAXIMUM (256u * 1024)

struct LiveServer {
    const Exercise *exercise;
    GSocket *listener;
    guint16 port;
};

typedef struct {
    StudentSmtp *smtp;
    StudentPop3 *pop3;
} Session;

LiveServer *live_server_new(const Exercise *exercise, guint16 port, GError **error)
{
    g_assert(exercise->kind->is_live);
    g_autoptr(LiveServer) server = g_new0(LiveServer, 1);
    server->exercise = exercise;
    server->listener =
        g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
    g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
    g_autoptr(GSocketAddress) address = g_inet_socket_address_new(loopback, port);
    if (server->listener == NULL || !g_socket_bind(server->listener, address, TRUE, error) ||
        !g_socket_listen(server->listener, error)) {
        return NULL;
    }
    g_autoptr(GSocketAddress) local = g_socket_get_local_address(server->listener, error);
    if (local == NULL) {
        return NULL;
    }
    server->port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(local));
    return g_steal_pointer(&server);
}

void live_server_free(LiveServer *server)
{
    if (server != NULL) {
        g_clear_object(&server->listener);
        g_free(server);
    }
}

guint16 live_server_port(const LiveServer *server)
{
    return server->port;
}

static ByteSpan output_of(const Session *session)
{
    return session->smtp != NULL ? student_smtp_output(session->smtp)
                                 : student_pop3_output(session->pop3);
}

/* The engines give a long answer in pieces, each once the one before is taken. */
static bool flush(Session *session, GSocket *socket)
{
    for (ByteSpan output = output_of(session); output.length > 0; output = output_of(session)) {
        gssize length = g_socket_send(socket, (const char *)output.data, output.length, NULL, NULL);
        if (length <= 0) {
            return false;
        }
        if (session->smtp != NULL) {
            student_smtp_consume_output(session->smtp, (gsize)length);
        } else {
            student_pop3_consume_output(session->pop3, (gsize)length);
        }
    }
    return true;
}

static bool is_closed(const Session *session)
{
    return session->smtp != NULL ? student_smtp_is_closed(session->smtp)
                                 : student_pop3_is_closed(session->pop3);
}

static void converse(Session *session, GSocket *socket, GString *typed)
{
    char piece[4096];
    while (flush(session, socket) && !is_closed(session) && typed->len < TYPED_MAXIMUM) {
        gssize length = g_socket_receive(socket, piece, sizeof piece, NULL, NULL);
        if (length <= 0) {
            return;
        }
        g_string_append_len(typed, piece, length);
        ByteSpan octets = byte_span(piece, (gsize)length);
        if (session->smtp != NULL) {
            student_smtp_receive(session->smtp, octets);
        } else {
            student_pop3_receive(session->pop3, octets);
        }
    }
}

char *live_server_serve(LiveServer *server, gint64 wait_seconds, GError **error)
{
    if (!g_socket_condition_timed_wait(
            server->listener, G_IO_IN, wait_seconds * G_USEC_PER_SEC, NULL, error
        )) {
        g_prefix_error(error, "nobody has come to port %u: ", server->port);
        return NULL;
    }
    g_autoptr(GSocket) socket = g_socket_accept(server->listener, NULL, error);
    if (socket == NULL) {
        return NULL;
    }
    g_socket_set_timeout(socket, LIVE_IDLE_SECONDS);
    Session session = {0};
    if (server->exercise->kind->id == EXERCISE_SMTP_DELIVER) {
        session.smtp = smtp_deliver_session(server->exercise);
    } else {
        session.pop3 = pop3_fetch_session(server->exercise);
    }
    g_autoptr(GString) typed = g_string_new(NULL);
    converse(&session, socket, typed);
    g_socket_close(socket, NULL);
    student_smtp_free(session.smtp);
    student_pop3_free(session.pop3);
    return g_strndup(typed->str, typed->len);
}
