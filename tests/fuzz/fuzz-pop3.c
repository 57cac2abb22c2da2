/* A POP3 conversation, and a server that hears the same octets from its client. */

#include "protocol/pop3/pop3-dialogue.h"
#include "protocol/pop3/pop3-server.h"
#include "tests/fuzz/fuzz-dialogue.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void answer(Pop3Server *server, const Pop3ServerEvent *event)
{
    static const Pop3Entry entries[] = {{20, "a"}, {30, "b"}};
    if (event->kind == POP3_SERVER_LOGIN) {
        bool fits = pop3_server_proof_fits(server, "hungry");
        pop3_server_answer_login(server, entries, 2, fits ? NULL : "[AUTH] no");
    } else if (event->kind == POP3_SERVER_RETRIEVE) {
        pop3_server_answer_message(server, BYTE_SPAN_LITERAL("A: b\r\n\r\n.\r\nc"), NULL);
    } else if (event->kind == POP3_SERVER_UPDATE) {
        pop3_server_answer_update(server, NULL);
    }
}

static guint64 serve(ByteSpan input, gsize piece)
{
    Pop3ServerOptions options = {
        .host_name = "hamburger.edu", .greeting = "ready", .offers = POP3_OFFER_USUAL};
    Pop3Server *server = pop3_server_new(&options);
    Pop3ServerEvent event;
    guint64 said = 0;
    pop3_server_greet(server, 0);
    for (gsize at = 0; at < input.length; at += MIN(piece, input.length - at)) {
        ByteSpan part = byte_span_slice(input, at, piece);
        guint8 *copy = g_memdup2(part.data, part.length);
        pop3_server_receive(server, byte_span(copy, part.length));
        while (pop3_server_next_event(server, &event)) {
            answer(server, &event);
        }
        ByteSpan output = pop3_server_output(server);
        for (gsize i = 0; i < output.length; i++) {
            fuzz_mix(&said, output.data[i]);
        }
        pop3_server_consume_output(server, output.length);
        g_free(copy);
    }
    pop3_server_free(server);
    return said;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    fuzz_dialogue(&pop3_dialogue_class, data, size);
    if (size > 0) {
        ByteSpan input = byte_span(data + 1, size - 1);
        guint64 whole = serve(input, G_MAXSIZE);
        guint64 pieces = serve(input, (data[0] & 0x0f) + 1u);
        g_assert(whole == pieces);
    }
    return 0;
}
