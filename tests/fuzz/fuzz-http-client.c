/* An HTTP client that hears any octets for a server. The first octet says in which pieces they
 * come, the second what it asks first; 0xff stands for its next request. Whatever the pieces, it
 * gives the same answers. */

#include "protocol/http/http-client.h"
#include "tests/fuzz/fuzz-engine.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

#define BODY_MAXIMUM 200
#define NEXT_REQUEST 0xff
#define REQUESTS_MAXIMUM 20

typedef struct {
    HttpClient *client;
    guint asked;
    guint answered; /* in full */
    guint64 seen;
} Owner;

static void ask(Owner *owner, guint8 choice)
{
    static const char *const methods[] = {"GET", "HEAD", "POST", "CONNECT", "DELETE"};
    const HttpFieldText fields[] = {
        {.name = "Authorization", .value = choice & 8 ? "Basic YTpi" : NULL},
        {.name = "Expect", .value = choice & 16 ? "100-continue" : NULL},
        {.name = "Content-Type", .value = "application/x-www-form-urlencoded"},
    };
    ByteSpan body = BYTE_SPAN_LITERAL("user=a&password=b");
    if (owner->asked >= REQUESTS_MAXIMUM) {
        return;
    }
    const char *method = methods[choice % G_N_ELEMENTS(methods)];
    bool has_body = choice % G_N_ELEMENTS(methods) == 2;
    bool is_written = http_client_request(
        owner->client, method, "/", "a", fields, G_N_ELEMENTS(fields), has_body ? &body : NULL
    );
    g_assert(is_written);
    owner->asked++;
    http_client_consume_output(owner->client, http_client_output(owner->client).length);
}

static void see_span(Owner *owner, ByteSpan span)
{
    fuzz_see(&owner->seen, span.data, span.length);
    fuzz_see(&owner->seen, &(guint8){(guint8)span.length}, 1);
}

static void take_answers(Owner *owner)
{
    HttpAnswer answer;
    while (http_client_next_answer(owner->client, &answer)) {
        HttpField field;
        gsize place = 0;
        g_assert(answer.body.length <= BODY_MAXIMUM);
        fuzz_see(&owner->seen, &(guint8){(guint8)answer.code}, 1);
        fuzz_see(&owner->seen, &(guint8){answer.is_complete}, 1);
        see_span(owner, answer.reason);
        see_span(owner, answer.body);
        see_span(owner, answer.content_type);
        while (http_client_next_field(owner->client, &place, &field)) {
            see_span(owner, field.name);
            see_span(owner, field.value);
        }
        owner->answered++;
    }
}

/* What is asked between two octets is asked there whatever the pieces. */
static void hear(Owner *owner, ByteSpan run, gsize piece)
{
    while (run.length > 0) {
        ByteSpan part = byte_span_slice(run, 0, piece);
        g_autofree guint8 *copy = g_memdup2(part.data, part.length);
        http_client_receive(owner->client, byte_span(copy, part.length));
        take_answers(owner);
        run = byte_span_from(run, part.length);
    }
}

static guint64 converse(ByteSpan input, guint8 choice, gsize piece)
{
    Owner owner = {.client = http_client_new(BODY_MAXIMUM)};
    ask(&owner, choice);
    for (gsize at = 0; at < input.length;) {
        gssize next = byte_span_find(input, NEXT_REQUEST, at);
        gsize end = next < 0 ? input.length : (gsize)next;
        hear(&owner, byte_span_slice(input, at, end - at), piece);
        if (next >= 0) {
            choice = (guint8)(choice * 5u + 3u);
            ask(&owner, choice);
        }
        at = end + 1;
    }
    http_client_end_of_input(owner.client);
    take_answers(&owner);
    http_client_free(owner.client);
    return owner.seen;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size > 2) {
        ByteSpan input = byte_span(data + 2, size - 2);
        guint64 whole = converse(input, data[1], G_MAXSIZE);
        guint64 pieces = converse(input, data[1], data[0] + 1u);
        g_assert(whole == pieces);
    }
    return 0;
}
