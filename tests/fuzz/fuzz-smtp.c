/* An SMTP conversation, and a server that hears the same octets from its client. */

#include "protocol/smtp/smtp-dialogue.h"
#include "protocol/smtp/smtp-server.h"
#include "tests/fuzz/fuzz-dialogue.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static guint64 serve(ByteSpan input, SmtpSyntax syntax, gsize piece)
{
    SmtpServerOptions options = {
        .host_name = "hamburger.edu",
        .software = "ESMTP",
        .offers = SMTP_OFFER_USUAL | SMTP_OFFER_BINARYMIME | SMTP_OFFER_VRFY | SMTP_OFFER_ETRN,
        .syntax = syntax,
        .maximum_size = 500,
        .maximum_recipients = 5,
        .maximum_errors = 10,
    };
    SmtpServer *server = smtp_server_new(&options);
    SmtpServerEvent event;
    guint64 said = 0;
    smtp_server_greet(server, NULL, 0);
    for (gsize at = 0; at < input.length; at += MIN(piece, input.length - at)) {
        ByteSpan part = byte_span_slice(input, at, piece);
        guint8 *copy = g_memdup2(part.data, part.length);
        smtp_server_receive(server, byte_span(copy, part.length), 0);
        while (smtp_server_next_event(server, &event)) {
            if (event.needs_answer) {
                smtp_server_answer(server, NULL);
            }
        }
        ByteSpan output = smtp_server_output(server);
        for (gsize i = 0; i < output.length; i++) {
            fuzz_mix(&said, output.data[i]);
        }
        smtp_server_consume_output(server, output.length);
        g_free(copy);
    }
    smtp_server_free(server);
    return said;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    fuzz_dialogue(&smtp_dialogue_class, data, size);
    if (size > 0) {
        ByteSpan input = byte_span(data + 1, size - 1);
        SmtpSyntax syntax = data[0] & 0x80 ? SMTP_SYNTAX_LENIENT : SMTP_SYNTAX_STRICT;
        guint64 whole = serve(input, syntax, G_MAXSIZE);
        guint64 pieces = serve(input, syntax, (data[0] & 0x0f) + 1u);
        g_assert(whole == pieces);
    }
    return 0;
}
