/* An SMTP client that hears any octets for a server. The first octet sets it up. Whatever it hears,
 * it ends no message twice and stays within its buffers. */

#include "protocol/smtp/smtp-client.h"
#include "tests/fuzz/fuzz-engine.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void take_events(SmtpClient *client, const SmtpClientMessage *message, guint *results)
{
    SmtpClientEvent event;
    while (smtp_client_next_event(client, &event)) {
        switch (event.kind) {
        case SMTP_CLIENT_READY:
            smtp_client_send(client, message);
            break;
        case SMTP_CLIENT_RESULT:
            g_assert(++*results <= 2);
            if (*results == 2) {
                smtp_client_quit(client);
            } else {
                smtp_client_send(client, message);
            }
            break;
        case SMTP_CLIENT_STARTTLS:
            smtp_client_begin_tls(client);
            break;
        case SMTP_CLIENT_SENDER:
        case SMTP_CLIENT_RECIPIENT:
        case SMTP_CLIENT_AUTH:
        case SMTP_CLIENT_CLOSED:
            break;
        }
    }
}

static void drain(SmtpClient *client)
{
    for (ByteSpan output = smtp_client_output(client); output.length > 0;
         output = smtp_client_output(client)) {
        smtp_client_consume_output(client, output.length);
    }
}

static SmtpClient *make_client(guint8 setting)
{
    static const char *const names[] = {NULL, "PLAIN", "CRAM-MD5", "DIGEST-MD5"};
    SmtpClientOptions options = {
        .host_name = "crepes.fr",
        .may_pipeline = (setting & 1) != 0,
        .may_chunk = (setting & 2) != 0,
        .chunk_octets = setting & 4 ? 7 : 0,
        .wants_tls = (setting & 8) != 0,
        .user = setting & 16 ? "a" : NULL,
        .password = "b",
        .mechanism = names[setting >> 6],
        .shows_password = true,
    };
    SmtpClient *client = smtp_client_new(&options);
    if ((setting & 32) != 0) {
        smtp_client_set_line_override(client, 3, "DATA", NULL);
    }
    return client;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static const char *const paths[] = {"b@h", "c@h", "d@h", NULL};
    SmtpClientMessage message = {
        .reverse_path = "a@c",
        .forward_paths = paths,
        .content = BYTE_SPAN_LITERAL("Subject: x\r\n\r\n.\r\n..\r\nketchup\r\n"),
    };
    if (size < 2) {
        return 0;
    }
    g_autoptr(SmtpClient) client = make_client(data[0]);
    gsize piece = (data[1] & 0x3f) + 1u;
    guint results = 0;
    for (gsize at = 2; at < size; at += piece) {
        gsize length = MIN(piece, size - at);
        g_autofree guint8 *copy = g_memdup2(data + at, length);
        smtp_client_receive(client, byte_span(copy, length));
        take_events(client, &message, &results);
        drain(client);
    }
    smtp_client_hang_up(client);
    take_events(client, &message, &results);
    return 0;
}
