#include "tests/referee/drive-socket.h"

#include <stdio.h>
#include <stdlib.h>

#define PATIENCE_SECONDS 10

void drive_socket_open(DriveSocket *socket, const char *port)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GSocketClient) client = g_socket_client_new();
    guint64 number = g_ascii_strtoull(port, NULL, 10);
    g_socket_client_set_timeout(client, PATIENCE_SECONDS);
    socket->connection =
        g_socket_client_connect_to_host(client, "127.0.0.1", (guint16)number, NULL, &error);
    if (socket->connection == NULL) {
        fprintf(stderr, "port %s: %s\n", port, error->message);
        exit(3);
    }
}

void drive_socket_close(DriveSocket *socket)
{
    g_clear_object(&socket->connection);
}

bool drive_socket_send(DriveSocket *socket, ByteSpan octets)
{
    GOutputStream *stream = g_io_stream_get_output_stream(G_IO_STREAM(socket->connection));
    return g_output_stream_write_all(stream, octets.data, octets.length, NULL, NULL, NULL);
}

ByteSpan drive_socket_receive(DriveSocket *socket)
{
    GInputStream *stream = g_io_stream_get_input_stream(G_IO_STREAM(socket->connection));
    gssize length = g_input_stream_read(stream, socket->octets, sizeof socket->octets, NULL, NULL);
    return length <= 0 ? BYTE_SPAN_EMPTY : byte_span(socket->octets, (gsize)length);
}

const char *drive_option(int argc, char **argv, const char *name)
{
    gsize length = strlen(name);
    for (int i = 2; i < argc; i++) {
        if (strncmp(argv[i], name, length) == 0 && argv[i][length] == '=') {
            return argv[i] + length + 1;
        }
    }
    return NULL;
}

guint drive_number(int argc, char **argv, const char *name, guint usual)
{
    const char *value = drive_option(argc, argv, name);
    return value == NULL ? usual : (guint)g_ascii_strtoull(value, NULL, 10);
}
