/* drive-pop3 PORT [NAME=VALUE]...: fetches mail with our POP3 client from a server on 127.0.0.1 and
 * prints what it was told, one line each; of messages their length and SHA-256.
 *
 *     user= password= login=user|apop|sasl mechanism= delete=0 pipeline=0 utf8=0 known=ID */

#include "protocol/pop3/pop3-client.h"
#include "tests/referee/drive-socket.h"

#include <stdio.h>
#include <stdlib.h>

static bool is_known(gpointer owner, const char *unique_id)
{
    return owner != NULL && g_str_equal(owner, unique_id);
}

static void tell_message(const Pop3ClientEvent *event)
{
    g_autofree char *digest =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, event->octets.data, event->octets.length);
    printf(
        "message %u %u %s %s %s\n",
        (guint)event->number,
        (guint)event->octets.length,
        digest,
        event->unique_id == NULL ? "-" : event->unique_id,
        event->is_complete ? "whole" : "broken"
    );
}

/* True: the session is over. */
static bool take_event(const Pop3ClientEvent *event)
{
    switch (event->kind) {
    case POP3_CLIENT_LOGGED_IN:
        printf("in\n");
        break;
    case POP3_CLIENT_REFUSED:
        printf("refused\n");
        break;
    case POP3_CLIENT_STLS:
        break;
    case POP3_CLIENT_LISTED:
        printf("listed %u\n", (guint)event->count);
        break;
    case POP3_CLIENT_MESSAGE:
        tell_message(event);
        break;
    case POP3_CLIENT_DELETED:
        printf("deleted %u\n", (guint)event->number);
        break;
    case POP3_CLIENT_CLOSED:
        printf("closed%s\n", event->is_complete ? " ok" : "");
        return true;
    }
    return false;
}

static void run(Pop3Client *client, DriveSocket *socket)
{
    Pop3ClientEvent event;
    bool is_over = false;
    while (!is_over) {
        ByteSpan heard = drive_socket_receive(socket);
        if (heard.length == 0) {
            pop3_client_hang_up(client);
        } else {
            pop3_client_receive(client, heard);
        }
        while (pop3_client_next_event(client, &event)) {
            is_over = take_event(&event) || is_over;
        }
        ByteSpan said = pop3_client_output(client);
        drive_socket_send(socket, said); /* where it fails, reading tells */
        pop3_client_consume_output(client, said.length);
    }
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "drive-pop3 PORT [NAME=VALUE]...\n");
        return 2;
    }
    const char *login = drive_option(argc, argv, "login");
    const char *known = drive_option(argc, argv, "known");
    Pop3ClientOptions options = {
        .user = drive_option(argc, argv, "user"),
        .password = drive_option(argc, argv, "password"),
        .login = g_strcmp0(login, "apop") == 0   ? POP3_LOGIN_APOP
                 : g_strcmp0(login, "sasl") == 0 ? POP3_LOGIN_SASL
                                                 : POP3_LOGIN_USER_PASS,
        .mechanism = drive_option(argc, argv, "mechanism"),
        .server_name = "localhost",
        .deletes = drive_number(argc, argv, "delete", 0) == 1,
        .may_pipeline = drive_number(argc, argv, "pipeline", 0) == 1,
        .wants_utf8 = drive_number(argc, argv, "utf8", 0) == 1,
        .asks_unique_ids = true,
        .is_known = is_known,
        .owner = (gpointer)known,
        .shows_password = login == NULL || g_strcmp0(login, "user") == 0 ||
                          g_strcmp0(drive_option(argc, argv, "mechanism"), "PLAIN") == 0,
        .seed = 1,
    };
    g_autoptr(Pop3Client) client = pop3_client_new(&options);
    DriveSocket socket;
    drive_socket_open(&socket, argv[1]);
    run(client, &socket);
    drive_socket_close(&socket);
    return EXIT_SUCCESS;
}
