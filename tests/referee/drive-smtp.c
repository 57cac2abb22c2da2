/* drive-smtp PORT [NAME=VALUE]...: sends messages with our SMTP client to a server on 127.0.0.1 and
 * prints what it was told, one line each.
 *
 *     messages=1 recipients=1 octets=200 pipeline=0 chunks=0 chunk=0 helo=0 eight=0
 *     user= password= mechanism= */

#include "protocol/smtp/smtp-client.h"
#include "tests/referee/drive-socket.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct {
    SmtpClient *client;
    SmtpClientMessage message;
    guint messages_left;
    bool is_over;
} Driver;

/* Lines that begin with dots among them, so that stuffing is tried. */
static char *make_content(guint octets)
{
    GString *text = g_string_new("From: alice@crepes.fr\r\nSubject: referee\r\n\r\n");
    for (guint i = 0; text->len < octets; i++) {
        g_string_append_printf(text, "%sline %u\r\n", i % 3 == 0 ? "." : "", i);
    }
    return g_string_free(text, FALSE);
}

static GStrv make_recipients(guint count)
{
    GStrv paths = g_new0(char *, count + 1);
    for (guint i = 0; i < count; i++) {
        paths[i] = g_strdup_printf("bob%u@hamburger.edu", i);
    }
    return paths;
}

static void go_on(Driver *driver)
{
    if (driver->messages_left == 0) {
        smtp_client_quit(driver->client);
        return;
    }
    driver->messages_left--;
    smtp_client_send(driver->client, &driver->message);
}

static void take_event(Driver *driver, const SmtpClientEvent *event)
{
    switch (event->kind) {
    case SMTP_CLIENT_READY:
        printf("ready\n");
        go_on(driver);
        break;
    case SMTP_CLIENT_AUTH:
        printf("auth %u\n", event->code);
        if (event->code / 100 != 2) {
            smtp_client_quit(driver->client);
        }
        break;
    case SMTP_CLIENT_STARTTLS:
        break;
    case SMTP_CLIENT_SENDER:
        printf("sender %u\n", event->code);
        break;
    case SMTP_CLIENT_RECIPIENT:
        printf("recipient %u\n", event->code);
        break;
    case SMTP_CLIENT_RESULT:
        printf("result %u%s\n", event->code, event->is_own ? " own" : "");
        go_on(driver);
        break;
    case SMTP_CLIENT_CLOSED:
        printf("closed %u\n", event->code);
        driver->is_over = true;
        break;
    }
}

static void take_events(Driver *driver)
{
    SmtpClientEvent event;
    while (smtp_client_next_event(driver->client, &event)) {
        take_event(driver, &event);
    }
}

static void run(Driver *driver, DriveSocket *socket)
{
    while (!driver->is_over) {
        ByteSpan heard = drive_socket_receive(socket);
        if (heard.length == 0) {
            smtp_client_hang_up(driver->client);
        } else {
            smtp_client_receive(driver->client, heard);
        }
        take_events(driver);
        for (ByteSpan said = smtp_client_output(driver->client); said.length > 0;
             said = smtp_client_output(driver->client)) {
            drive_socket_send(socket, said); /* where it fails, reading tells */
            smtp_client_consume_output(driver->client, said.length);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "drive-smtp PORT [NAME=VALUE]...\n");
        return 2;
    }
    SmtpClientOptions options = {
        .host_name = "crepes.fr",
        .may_pipeline = drive_number(argc, argv, "pipeline", 0) == 1,
        .may_chunk = drive_number(argc, argv, "chunks", 0) == 1,
        .chunk_octets = drive_number(argc, argv, "chunk", 0),
        .uses_helo = drive_number(argc, argv, "helo", 0) == 1,
        .user = drive_option(argc, argv, "user"),
        .password = drive_option(argc, argv, "password"),
        .mechanism = drive_option(argc, argv, "mechanism"),
        .shows_password = true,
        .seed = 1,
    };
    g_autofree char *content = make_content(drive_number(argc, argv, "octets", 200));
    g_auto(GStrv) paths = make_recipients(drive_number(argc, argv, "recipients", 1));
    Driver driver = {
        .client = smtp_client_new(&options),
        .messages_left = drive_number(argc, argv, "messages", 1),
        .message =
            {
                .reverse_path = "alice@crepes.fr",
                .forward_paths = (const char *const *)paths,
                .content = byte_span_from_string(content),
                .has_eight_bit = drive_number(argc, argv, "eight", 0) == 1,
            },
    };
    DriveSocket socket;
    drive_socket_open(&socket, argv[1]);
    run(&driver, &socket);
    drive_socket_close(&socket);
    smtp_client_free(driver.client);
    return EXIT_SUCCESS;
}
