/* An HTTP server. The first octet says how it is set up and in which pieces the client's octets
 * come, the second how its owner answers; whatever the pieces, it gives the same requests and says
 * the same. */

#include "protocol/http/http-server.h"
#include "tests/fuzz/fuzz-engine.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

#define BODY_MAXIMUM 60

typedef struct {
    HttpServer *server;
    guint8 policy;
    guint64 seen;
    guint requests;
} Owner;

static void see_span(Owner *owner, ByteSpan span)
{
    fuzz_see(&owner->seen, span.data, span.length);
    fuzz_see(&owner->seen, &(guint8){(guint8)span.length}, 1);
}

static void see_request(Owner *owner, const HttpRequest *request)
{
    ByteSpan cookies = BYTE_SPAN_EMPTY;
    g_assert(request->path.length > 0 && request->body.length <= BODY_MAXIMUM);
    http_server_field(owner->server, "Cookie", &cookies);
    see_span(owner, request->method_name);
    see_span(owner, request->target);
    see_span(owner, request->path);
    see_span(owner, request->query);
    see_span(owner, request->body);
    see_span(owner, request->content_type);
    see_span(owner, cookies);
    owner->requests++;
}

static void answer(Owner *owner, const HttpRequest *request)
{
    static const guint codes[] = {200, 204, 303, 304, 404, 500};
    g_autofree char *given = byte_span_to_string(request->query);
    owner->policy = (guint8)(owner->policy * 5u + 3u);
    const HttpFieldText fields[] = {
        {.name = "Content-Type", .value = owner->policy & 1 ? "text/plain" : NULL},
        {.name = "Location", .value = given},
    };
    http_server_answer(
        owner->server,
        codes[owner->policy % G_N_ELEMENTS(codes)],
        fields,
        G_N_ELEMENTS(fields),
        request->body,
        owner->policy & 2 ? 0 : -1
    );
}

static void take_requests(Owner *owner)
{
    HttpRequest request;
    while (http_server_next_request(owner->server, &request)) {
        see_request(owner, &request);
        answer(owner, &request);
    }
}

static void end(Owner *owner, guint8 setting)
{
    if ((setting & 0x20) != 0) {
        http_server_end_of_input(owner->server);
        take_requests(owner);
        g_assert(http_server_wants_close(owner->server));
    } else if (http_server_deadline_us(owner->server) != 0) {
        http_server_time_out(owner->server, 0);
        g_assert(http_server_wants_close(owner->server));
    }
}

static guint64 serve(ByteSpan input, guint8 setting, guint8 policy, gsize piece)
{
    HttpServerOptions options = {
        .software = setting & 0x40 ? "mailwalk" : NULL,
        .maximum_body = BODY_MAXIMUM,
        .idle_timeout_us = setting & 0x80 ? 1000 : 0,
        .tells_date = (setting & 0x10) != 0,
    };
    Owner owner = {.server = http_server_new(&options), .policy = policy};
    for (gsize at = 0; at < input.length; at += MIN(piece, input.length - at)) {
        ByteSpan part = byte_span_slice(input, at, piece);
        g_autofree guint8 *copy = g_memdup2(part.data, part.length);
        http_server_receive(owner.server, byte_span(copy, part.length), 0);
        take_requests(&owner);
    }
    end(&owner, setting);
    see_span(&owner, http_server_output(owner.server));
    http_server_free(owner.server);
    return owner.seen;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size > 2) {
        ByteSpan input = byte_span(data + 2, size - 2);
        guint64 whole = serve(input, data[0], data[1], G_MAXSIZE);
        guint64 pieces = serve(input, data[0], data[1], (data[0] & 0x0f) + 1u);
        g_assert(whole == pieces);
    }
    return 0;
}
