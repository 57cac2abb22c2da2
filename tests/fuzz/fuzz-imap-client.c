/* A server that says anything to an IMAP client that has all its commands queued: whole and in
 * pieces, the client must say the same and tell the same. */

#include "protocol/imap/imap-client.h"
#include "tests/fuzz/fuzz-dialogue.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void mix_span(guint64 *told, ByteSpan span)
{
    for (gsize i = 0; i < span.length; i++) {
        fuzz_mix(told, span.data[i]);
    }
}

static void mix_event(guint64 *told, const ImapClientEvent *event)
{
    fuzz_mix(told, (guint64)event->kind);
    fuzz_mix(told, event->command);
    fuzz_mix(told, event->number);
    mix_span(told, event->text);
    mix_span(told, event->attributes);
    mix_span(told, byte_span_from_string(event->name));
    for (guint i = 0; i < event->n_numbers; i++) {
        fuzz_mix(told, event->numbers[i]);
    }
    if (event->message != NULL) {
        fuzz_mix(told, event->message->uid);
        mix_span(told, event->message->keywords);
        for (guint i = 0; i < event->message->n_parts; i++) {
            mix_span(told, event->message->parts[i].section);
            mix_span(told, event->message->parts[i].octets);
        }
    }
}

static void queue_commands(ImapClient *client)
{
    g_autoptr(GBytes) message = g_bytes_new_static("Subject: a\r\n\r\nb", 15);
    imap_client_log_in(client, "bob", "secret", "SCRAM-SHA-256");
    imap_client_log_in(client, "bob", "p\303\244ss", NULL);
    imap_client_say(client, "CAPABILITY");
    imap_client_list(client, "", "*");
    imap_client_select(client, "Entw\303\274rfe", false);
    imap_client_fetch(client, "1:*", true, "(FLAGS BODY.PEEK[])");
    imap_client_search(client, true, "SUBJECT \"\303\274\"");
    imap_client_append(client, "Sent", "\\Seen", 0, message);
    imap_client_move(client, "1", true, "Trash");
    imap_client_idle(client);
    imap_client_log_out(client);
}

static guint64 listen(ByteSpan input, gsize piece)
{
    guint64 told = 0;
    ImapClientEvent event;
    ImapClientOptions options = {.host_name = "hamburger.edu", .seed = 1};
    ImapClient *client = imap_client_new(&options);
    queue_commands(client);
    for (gsize at = 0; at < input.length; at += MIN(piece, input.length - at)) {
        ByteSpan part = byte_span_slice(input, at, piece);
        guint8 *copy = g_memdup2(part.data, part.length);
        imap_client_receive(client, byte_span(copy, part.length));
        while (imap_client_next_event(client, &event)) {
            mix_event(&told, &event);
            if (event.kind == IMAP_CLIENT_IDLING) {
                imap_client_stop_idling(client);
            }
        }
        g_free(copy);
    }
    mix_span(&told, imap_client_output(client));
    imap_client_free(client);
    return told;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size > 0 && size < 100000) {
        ByteSpan input = byte_span(data + 1, size - 1);
        guint64 whole = listen(input, G_MAXSIZE);
        guint64 pieces = listen(input, (data[0] & 0x0f) + 1u);
        g_assert(whole == pieces);
    }
    return 0;
}
