/* A POP3 client that hears any octets for a server. The first octet sets it up. It closes once, and
 * marks nothing for deletion that it did not get whole; whatever the pieces, it says and tells the
 * same. */

#include "protocol/pop3/pop3-client.h"
#include "tests/fuzz/fuzz-engine.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

typedef struct {
    Pop3Client *client;
    guint closed;
    guint whole; /* messages */
    guint deleted;
    guint64 told;
    guint64 said;
} Owner;

static bool is_known(gpointer owner, const char *unique_id)
{
    (void)owner;
    return unique_id[0] == 'k';
}

static void see_event(Owner *owner, const Pop3ClientEvent *event)
{
    const guint8 numbers[] = {
        (guint8)event->kind,
        (guint8)event->number,
        (guint8)event->count,
        event->is_complete,
        event->is_refused,
    };
    ByteSpan id = byte_span_from_string(event->unique_id == NULL ? "" : event->unique_id);
    fuzz_see(&owner->told, numbers, sizeof numbers);
    fuzz_see(&owner->told, id.data, id.length);
    fuzz_see(&owner->told, event->octets.data, event->octets.length);
    fuzz_see(&owner->told, event->text.data, event->text.length);
}

static void drain(Owner *owner)
{
    ByteSpan output = pop3_client_output(owner->client);
    fuzz_see(&owner->said, output.data, output.length);
    pop3_client_consume_output(owner->client, output.length);
}

static void take_events(Owner *owner)
{
    Pop3ClientEvent event;
    while (pop3_client_next_event(owner->client, &event)) {
        see_event(owner, &event);
        owner->closed += event.kind == POP3_CLIENT_CLOSED;
        owner->whole += event.kind == POP3_CLIENT_MESSAGE && event.is_complete;
        owner->deleted += event.kind == POP3_CLIENT_DELETED;
        g_assert(owner->closed <= 1 && owner->deleted <= owner->whole);
        if (event.kind == POP3_CLIENT_STLS) {
            pop3_client_begin_tls(owner->client);
        }
    }
    drain(owner);
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

static Owner converse(ByteSpan input, guint8 setting, guint8 override, gsize piece)
{
    Owner owner = {.client = make_client(setting)};
    if ((override & 0x40) != 0) {
        pop3_client_set_line_override(owner.client, 2u + (override >> 7), "RETR 1", NULL);
    }
    for (gsize at = 0; at < input.length; at += MIN(piece, input.length - at)) {
        ByteSpan part = byte_span_slice(input, at, piece);
        g_autofree guint8 *copy = g_memdup2(part.data, part.length);
        pop3_client_receive(owner.client, byte_span(copy, part.length));
        take_events(&owner);
    }
    pop3_client_hang_up(owner.client);
    take_events(&owner);
    g_assert(owner.closed == 1);
    pop3_client_free(owner.client);
    return owner;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size > 2) {
        ByteSpan input = byte_span(data + 2, size - 2);
        /* what stands behind the answer to STLS is dropped by pieces, so there they matter */
        bool has_tls = (data[0] & 32) != 0;
        Owner whole = converse(input, data[0], data[1], G_MAXSIZE);
        Owner pieces = converse(input, data[0], data[1], (data[1] & 0x3f) + 1u);
        g_assert(has_tls || (whole.told == pieces.told && whole.said == pieces.said));
    }
    return 0;
}
