/* An SMTP server with everything offered. The first octet says how it is set up and in which pieces
 * the client's octets come, the second how its owner answers; whatever the pieces, it says and
 * tells the same. */

#include "protocol/smtp/smtp-server.h"
#include "tests/fuzz/fuzz-engine.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

typedef struct {
    SmtpServer *server;
    guint8 policy;
    guint64 seen;
} Owner;

static void answer(Owner *owner, const SmtpServerEvent *event)
{
    static const SmtpReply refusals[] = {
        {550, "5.1.1", "no"}, {450, "4.2.0", "later"}, {421, "4.3.2", "bye"}};
    if (event->kind != SMTP_SERVER_MESSAGE_DATA) { /* of which there may be more or less */
        fuzz_see(&owner->seen, &(guint8){(guint8)event->kind}, 1);
    }
    fuzz_see(&owner->seen, event->octets.data, event->octets.length);
    fuzz_see(&owner->seen, event->path.data, event->path.length);
    fuzz_see(&owner->seen, event->identity.data, event->identity.length);
    if (event->kind == SMTP_SERVER_STARTTLS) {
        smtp_server_begin_tls(owner->server);
    }
    if (!event->needs_answer) {
        return;
    }
    owner->policy = (guint8)(owner->policy * 5u + 3u);
    if (event->kind == SMTP_SERVER_AUTH) {
        smtp_server_answer_auth(owner->server, owner->policy & 1 ? "b" : NULL, NULL);
    } else if (owner->policy % 8 == 7) {
        smtp_server_answer(owner->server, &refusals[owner->policy / 8 % 3]);
    } else {
        smtp_server_answer(owner->server, NULL);
    }
}

static void run_events(Owner *owner)
{
    SmtpServerEvent event;
    while (smtp_server_next_event(owner->server, &event)) {
        answer(owner, &event);
    }
}

static SmtpServer *make_server(guint8 setting)
{
    SmtpServerOptions options = {
        .host_name = "hamburger.edu",
        .software = "ESMTP",
        .offers = SMTP_OFFER_USUAL | SMTP_OFFER_BINARYMIME | SMTP_OFFER_STARTTLS | SMTP_OFFER_AUTH |
                  SMTP_OFFER_VRFY | SMTP_OFFER_EXPN | SMTP_OFFER_ETRN,
        .syntax = setting & 0x10 ? SMTP_SYNTAX_LENIENT : SMTP_SYNTAX_STRICT,
        .maximum_size = 500,
        .maximum_recipients = 5,
        .maximum_errors = setting & 0x20 ? 10 : 0,
        .requires_auth = (setting & 0x40) != 0,
        .allows_plaintext_auth = true,
        .mechanisms = "CRAM-MD5 DIGEST-MD5 PLAIN LOGIN", /* SCRAM's keys cost too much time here */
    };
    SmtpServer *server = smtp_server_new(&options);
    if ((setting & 0x80) != 0) {
        SmtpReply reply = SMTP_REPLY(setting & 1 ? 250 : 354, "2.0.0", "an override");
        smtp_server_set_override(server, 2u + (setting & 3u), &reply, NULL);
        reply.code = 550;
        smtp_server_set_end_override(server, 4, &reply, NULL);
    }
    return server;
}

static guint64 serve(ByteSpan input, guint8 setting, guint8 policy, gsize piece)
{
    Owner owner = {.server = make_server(setting), .policy = policy};
    smtp_server_greet(owner.server, NULL, 0);
    for (gsize at = 0; at < input.length; at += MIN(piece, input.length - at)) {
        ByteSpan part = byte_span_slice(input, at, piece);
        g_autofree guint8 *copy = g_memdup2(part.data, part.length);
        smtp_server_receive(owner.server, byte_span(copy, part.length), 0);
        run_events(&owner);
    }
    ByteSpan output = smtp_server_output(owner.server);
    fuzz_see(&owner.seen, output.data, output.length);
    smtp_server_free(owner.server);
    return owner.seen;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size > 2) {
        ByteSpan input = byte_span(data + 2, size - 2);
        /* the octets behind STARTTLS are dropped by pieces, so there the pieces matter */
        bool has_tls = fuzz_contains(input, "STARTTLS");
        guint64 whole = serve(input, data[0], data[1], G_MAXSIZE);
        guint64 pieces = serve(input, data[0], data[1], (data[0] & 0x0f) + 1u);
        g_assert(whole == pieces || has_tls);
    }
    return 0;
}
