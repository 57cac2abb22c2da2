#pragma once

/* An HTTP server without I/O, as a webmail needs it. Its owner moves bytes and decides what to
 * answer:
 *
 *     receive(octets, now) ─> next_request() ─> answer() ─> output()
 *
 * A request comes whole, its body up to a maximum; broken and oversized requests are answered here
 * (400, 408, 411, 413, 414, 417, 431, 501, 505). Requests are answered in order; the next one is
 * given once the one before is answered, and its answer is nearly sent: while is_busy() says so,
 * nothing more should be received, and next_request() is called again when output was consumed.
 * Borrowed texts live until the answer. */

#include "protocol/http/http-dialogue.h"
#include "protocol/http/http-writer.h"

#define HTTP_FIELDS_MAXIMUM 100   /* of a request's header */
#define HTTP_HEADER_MAXIMUM 32768 /* octets of them together */
#define HTTP_OUTPUT_MAXIMUM 67108864
#define HTTP_OUTPUT_WAITING_MAXIMUM 262144 /* with more unsent no further request is given */

typedef struct {
    const char *software; /* the Server field; NULL: none */
    gsize maximum_body;
    gint64 idle_timeout_us; /* 0: never */
    bool tells_date;
} HttpServerOptions;

typedef struct {
    HttpMethod method;
    ByteSpan method_name;
    ByteSpan target;
    ByteSpan path;  /* of the target, not decoded */
    ByteSpan query; /* behind the question mark; may be empty */
    ByteSpan body;
    ByteSpan content_type;
} HttpRequest;

typedef struct HttpServer HttpServer;

HttpServer *http_server_new(const HttpServerOptions *options);
void http_server_free(HttpServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpServer, http_server_free)

void http_server_receive(HttpServer *server, ByteSpan octets, gint64 now_us);
void http_server_end_of_input(HttpServer *server);

/* False: no whole request has come, or one waits for its answer, or the server is busy. */
bool http_server_next_request(HttpServer *server, HttpRequest *out_request);
bool http_server_is_busy(const HttpServer *server);

/* A field of the request being answered; false: none. */
bool http_server_field(const HttpServer *server, const char *name, ByteSpan *out_value);

/* 'body' may be empty. 'now_s' is for the Date field. */
void http_server_answer(
    HttpServer *server,
    guint code,
    const HttpFieldText *fields,
    gsize n_fields,
    ByteSpan body,
    gint64 now_s
);

ByteSpan http_server_output(const HttpServer *server);
void http_server_consume_output(HttpServer *server, gsize length);

/* Once the output is sent, close the connection. */
bool http_server_wants_close(const HttpServer *server);

/* 0: no time is set. */
gint64 http_server_deadline_us(const HttpServer *server);
void http_server_time_out(HttpServer *server, gint64 now_s);
