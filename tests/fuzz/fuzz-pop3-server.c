/* A POP3 server with everything offered, and two messages. The first octet says in which pieces the
 * client's octets come; whatever the pieces, it says and tells the same. */

#include "protocol/pop3/pop3-server.h"
#include "tests/fuzz/fuzz-engine.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void answer(Pop3Server *server, const Pop3ServerEvent *event)
{
    static const Pop3Entry entries[] = {{20, "a"}, {30, "b"}};
    bool is_right;
    switch (event->kind) {
    case POP3_SERVER_LOGIN:
        is_right = pop3_server_proof_fits(server, "b");
        pop3_server_answer_login(server, entries, 2, is_right ? NULL : "[AUTH] no");
        break;
    case POP3_SERVER_PASSWORD:
        pop3_server_answer_password(server, byte_span_is(event->identity, "a") ? "b" : NULL);
        break;
    case POP3_SERVER_RETRIEVE:
        pop3_server_answer_message(
            server,
            BYTE_SPAN_LITERAL("A: b\r\n\r\n.\r\nc"),
            event->index == 1 ? "[SYS/PERM] gone" : NULL
        );
        break;
    case POP3_SERVER_UPDATE:
        pop3_server_answer_update(server, NULL);
        break;
    case POP3_SERVER_STLS:
        pop3_server_begin_tls(server);
        break;
    case POP3_SERVER_ABORTED:
    case POP3_SERVER_CLOSE:
        break;
    }
}

static guint64 serve(ByteSpan input, guint8 setting, gsize piece)
{
    Pop3ServerOptions options = {
        .host_name = "hamburger.edu",
        .greeting = "ready",
        .offers = POP3_OFFER_USUAL | POP3_OFFER_SASL | POP3_OFFER_STLS | POP3_OFFER_UTF8 |
                  POP3_OFFER_LANG,
        .mechanisms = "CRAM-MD5 DIGEST-MD5 PLAIN LOGIN", /* SCRAM's keys cost too much time here */
        .allows_plaintext_auth = true,
        .maximum_errors = setting & 0x10 ? 10 : 0,
    };
    g_autoptr(Pop3Server) server = pop3_server_new(&options);
    Pop3ServerEvent event;
    guint64 seen = 0;
    if ((setting & 0x20) != 0) {
        pop3_server_set_override(server, 2, setting & 1 ? "+OK" : "-ERR", NULL);
    }
    pop3_server_greet(server, 0);
    for (gsize at = 0; at < input.length; at += MIN(piece, input.length - at)) {
        ByteSpan part = byte_span_slice(input, at, piece);
        g_autofree guint8 *copy = g_memdup2(part.data, part.length);
        pop3_server_receive(server, byte_span(copy, part.length));
        while (pop3_server_next_event(server, &event)) {
            fuzz_see(&seen, &(guint8){(guint8)event.kind}, 1);
            fuzz_see(&seen, event.identity.data, event.identity.length);
            answer(server, &event);
        }
    }
    ByteSpan output = pop3_server_output(server);
    fuzz_see(&seen, output.data, output.length);
    return seen;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size > 1) {
        ByteSpan input = byte_span(data + 1, size - 1);
        /* the octets behind STLS are dropped by pieces, so there the pieces matter */
        bool has_tls = fuzz_contains(input, "STLS");
        guint64 whole = serve(input, data[0], G_MAXSIZE);
        guint64 pieces = serve(input, data[0], (data[0] & 0x0f) + 1u);
        g_assert(whole == pieces || has_tls);
    }
    return 0;
}
