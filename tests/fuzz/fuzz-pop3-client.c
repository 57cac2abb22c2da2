/* A POP3 client that hears any octets for a server. The first octet sets it up. It closes once, and
 * marks nothing for deletion that it did not get whole. */

#include "protocol/pop3/pop3-client.h"
#include "tests/fuzz/fuzz-engine.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

typedef struct {
    guint closed;
    guint whole; /* messages */
    guint deleted;
} Told;

static bool is_known(gpointer owner, const char *unique_id)
{
    (void)owner;
    return unique_id[0] == 'k';
}

static void take_events(Pop3Client *client, Told *told)
{
    Pop3ClientEvent event;
    while (pop3_client_next_event(client, &event)) {
        told->closed += event.kind == POP3_CLIENT_CLOSED;
        told->whole += event.kind == POP3_CLIENT_MESSAGE && event.is_complete;
        told->deleted += event.kind == POP3_CLIENT_DELETED;
        g_assert(told->closed <= 1 && told->deleted <= told->whole);
        if (event.kind == POP3_CLIENT_STLS) {
            pop3_client_begin_tls(client);
        }
    }
}

static Pop3Client *make_client(guint8 setting)
{
    static const char *const names[] = {NULL, "PLAIN", "CRAM-MD5", "DIGEST-MD5"};
    Pop3ClientOptions options = {
        .user = "a",
        .password = "b",
        .login = (Pop3Login)((setting & 3u) % 3u),
        .deletes = (setting & 4) != 0,
        .asks_unique_ids = (setting & 8) != 0,
        .may_pipeline = (setting & 16) != 0,
        .wants_tls = (setting & 32) != 0,
        .wants_utf8 = true,
        .mechanism = names[setting >> 6],
        .shows_password = (setting & 1) != 0,
        .is_known = is_known,
    };
    return pop3_client_new(&options);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size < 2) {
        return 0;
    }
    g_autoptr(Pop3Client) client = make_client(data[0]);
    gsize piece = (data[1] & 0x3f) + 1u;
    Told told = {0};
    if ((data[1] & 0x40) != 0) {
        pop3_client_set_line_override(client, 2u + (data[1] >> 7), "RETR 1", NULL);
    }
    for (gsize at = 2; at < size; at += piece) {
        gsize length = MIN(piece, size - at);
        g_autofree guint8 *copy = g_memdup2(data + at, length);
        pop3_client_receive(client, byte_span(copy, length));
        take_events(client, &told);
        pop3_client_consume_output(client, pop3_client_output(client).length);
    }
    pop3_client_hang_up(client);
    take_events(client, &told);
    g_assert(told.closed == 1);
    return 0;
}
