/* An SMTP client that hears any octets for a server. The first octet sets it up. Whatever it hears,
 * it ends no message twice and stays within its buffers; whatever the pieces, it says and tells the
 * same. */

#include "protocol/smtp/smtp-client.h"
#include "tests/fuzz/fuzz-engine.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

typedef struct {
    SmtpClient *client;
    const SmtpClientMessage *message;
    guint results;
    guint64 told;
    guint64 said;
} Owner;

static void drain(Owner *owner)
{
    for (ByteSpan output = smtp_client_output(owner->client); output.length > 0;
         output = smtp_client_output(owner->client)) {
        fuzz_see(&owner->said, output.data, output.length);
        smtp_client_consume_output(owner->client, output.length);
    }
}

static void see_event(Owner *owner, const SmtpClientEvent *event)
{
    const guint8 numbers[] = {
        (guint8)event->kind,
        (guint8)event->code,
        (guint8)event->recipient,
        (guint8)event->accepted,
        (guint8)event->command,
        event->is_own,
    };
    fuzz_see(&owner->told, numbers, sizeof numbers);
    fuzz_see(&owner->told, event->enhanced.data, event->enhanced.length);
    fuzz_see(&owner->told, event->text.data, event->text.length);
}

static void take_events(Owner *owner)
{
    SmtpClientEvent event;
    while (smtp_client_next_event(owner->client, &event)) {
        see_event(owner, &event);
        switch (event.kind) {
        case SMTP_CLIENT_READY:
            smtp_client_send(owner->client, owner->message);
            break;
        case SMTP_CLIENT_RESULT:
            g_assert(++owner->results <= 2);
            if (owner->results == 2) {
                smtp_client_quit(owner->client);
            } else {
                smtp_client_send(owner->client, owner->message);
            }
            break;
        case SMTP_CLIENT_STARTTLS:
            smtp_client_begin_tls(owner->client);
            break;
        case SMTP_CLIENT_SENDER:
        case SMTP_CLIENT_RECIPIENT:
        case SMTP_CLIENT_AUTH:
        case SMTP_CLIENT_CLOSED:
            break;
        }
        drain(owner);
    }
    drain(owner);
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

static Owner converse(ByteSpan input, guint8 setting, gsize piece)
{
    static const char *const paths[] = {"b@h", "c@h", "d@h", NULL};
    SmtpClientMessage message = {
        .reverse_path = "a@c",
        .forward_paths = paths,
        .content = BYTE_SPAN_LITERAL("Subject: x\r\n\r\n.\r\n..\r\nketchup\r\n"),
    };
    Owner owner = {.client = make_client(setting), .message = &message};
    for (gsize at = 0; at < input.length; at += MIN(piece, input.length - at)) {
        ByteSpan part = byte_span_slice(input, at, piece);
        g_autofree guint8 *copy = g_memdup2(part.data, part.length);
        smtp_client_receive(owner.client, byte_span(copy, part.length));
        take_events(&owner);
    }
    smtp_client_hang_up(owner.client);
    take_events(&owner);
    smtp_client_free(owner.client);
    return owner;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size > 2) {
        ByteSpan input = byte_span(data + 2, size - 2);
        /* what stands behind the answer to STARTTLS is dropped by pieces, so there they matter */
        bool has_tls = (data[0] & 8) != 0;
        Owner whole = converse(input, data[0], G_MAXSIZE);
        Owner pieces = converse(input, data[0], (data[1] & 0x3f) + 1u);
        g_assert(has_tls || (whole.told == pieces.told && whole.said == pieces.said));
    }
    return 0;
}
