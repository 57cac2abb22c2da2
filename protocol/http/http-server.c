/* The server gathers what the dialogue tells of the client's side into whole requests. */

#include "protocol/http/http-server.h"

#include "protocol/http/http-dialogue-private.h"
#include "protocol/http/http-vocabulary.h"

/* Requests that may wait behind the one being answered. */
#define HTTP_INPUT_MARGIN 1048576

struct HttpServer {
    HttpServerOptions options;
    char *software;
    HttpDialogue *dialogue;
    ByteBuffer pending; /* octets that the dialogue has not been given */
    GBytes *lent;       /* octets that it is reading; NULL: none */
    ByteBuffer header;  /* the lines of the request, LF behind each */
    ByteBuffer body;
    ByteBuffer output;
    HttpFraming framing;
    HttpMethod method;
    guint n_fields;
    guint refusal;   /* the code that this request has earned; 0: none */
    bool is_reading; /* a request has begun */
    bool is_ready;   /* it is whole, or refused, and waits for its answer */
    bool is_given;   /* the owner has it */
    bool awaits_body;
    bool wants_close;
    bool input_ended;
    gint64 last_heard_us;
};

HttpServer *http_server_new(const HttpServerOptions *options)
{
    HttpServer *server = g_new0(HttpServer, 1);
    server->options = *options;
    server->software = g_strdup(options->software);
    server->dialogue = http_dialogue_new();
    http_dialogue_class.set_one_sided(server->dialogue, DIALOGUE_CLIENT);
    byte_buffer_init(&server->pending, options->maximum_body + HTTP_INPUT_MARGIN);
    byte_buffer_init(&server->header, HTTP_HEADER_MAXIMUM);
    byte_buffer_init(&server->body, options->maximum_body);
    byte_buffer_init(&server->output, HTTP_OUTPUT_MAXIMUM);
    return server;
}

void http_server_free(HttpServer *server)
{
    if (server != NULL) {
        http_dialogue_free(server->dialogue);
        g_clear_pointer(&server->lent, g_bytes_unref);
        byte_buffer_clear(&server->pending);
        byte_buffer_clear(&server->header);
        byte_buffer_clear(&server->body);
        byte_buffer_clear(&server->output);
        g_free(server->software);
        g_free(server);
    }
}

void http_server_receive(HttpServer *server, ByteSpan octets, gint64 now_us)
{
    server->last_heard_us = now_us;
    if (!byte_buffer_append(&server->pending, octets)) {
        server->wants_close = true;
    }
}

void http_server_end_of_input(HttpServer *server)
{
    server->input_ended = true;
}

/* False: there is nothing more to read. */
static bool lend_input(HttpServer *server)
{
    g_clear_pointer(&server->lent, g_bytes_unref);
    if (byte_buffer_length(&server->pending) == 0) {
        return false;
    }
    gsize length = 0;
    server->lent = byte_buffer_steal(&server->pending);
    const void *data = g_bytes_get_data(server->lent, &length);
    http_dialogue_class.feed(server->dialogue, DIALOGUE_CLIENT, byte_span(data, length));
    return true;
}

static void refuse(HttpServer *server, guint code)
{
    server->refusal = server->refusal == 0 ? code : server->refusal;
}

static void keep_line(HttpServer *server, ByteSpan text, guint too_much)
{
    if (byte_buffer_length(&server->header) + text.length + 1 > HTTP_HEADER_MAXIMUM ||
        !byte_buffer_append(&server->header, text) ||
        !byte_buffer_append_string(&server->header, "\n")) {
        refuse(server, too_much);
    }
}

static void begin_request(HttpServer *server, const DialogueEvent *event)
{
    byte_buffer_reset(&server->header);
    byte_buffer_reset(&server->body);
    server->is_reading = true;
    server->awaits_body = false;
    server->refusal = 0;
    server->n_fields = 0;
    server->method = http_method_of(event->verb);
    server->framing = (HttpFraming){.is_version_1_0 = byte_span_is(event->tag, "HTTP/1.0")};
    if ((event->defects & DIALOGUE_DEFECT_TOO_LONG) != 0) {
        refuse(server, 414);
    } else if ((event->defects & DIALOGUE_DEFECT_SYNTAX) != 0) {
        refuse(server, 400);
    } else if (!byte_span_starts_with(event->tag, "HTTP/1.")) {
        refuse(server, 505);
    } else if (server->method == HTTP_METHOD_OTHER || server->method == HTTP_METHOD_CONNECT) {
        refuse(server, 501);
    }
    keep_line(server, event->text, 414);
    /* RFC 9113 §3.4: the preface of HTTP/2. No header of HTTP/1.1 will follow, so answer at once.
     */
    server->is_ready = byte_span_is(event->text, "PRI * HTTP/2.0");
}

static bool write_continue(HttpServer *server)
{
    return http_write_answer(&server->output, 100, NULL, 0, NULL, false);
}

/* RFC 9112 §3.2: a request of HTTP/1.1 without its host, or with two, is answered with 400. */
static guint count_hosts(const HttpServer *server)
{
    ByteSpan rest = byte_buffer_span(&server->header);
    ByteSpan line;
    guint count = 0;
    while (byte_span_next_token(&rest, '\n', &line)) {
        count += byte_span_starts_with_nocase(line, "Host:");
    }
    return count;
}

static void end_header(HttpServer *server)
{
    guint hosts = count_hosts(server);
    HttpBodyKind kind = http_framing_request(&server->framing);
    if (hosts > 1 || (hosts == 0 && !server->framing.is_version_1_0)) {
        refuse(server, 400);
    }
    if (kind == HTTP_BODY_UNKNOWN) {
        refuse(server, 400);
    }
    if (kind == HTTP_BODY_LENGTH && server->framing.length > server->options.maximum_body) {
        refuse(server, 413);
    }
    server->awaits_body = kind == HTTP_BODY_LENGTH || kind == HTTP_BODY_CHUNKED;
    server->is_ready = !server->awaits_body || server->refusal != 0;
    if (server->awaits_body && server->framing.expects_continue && !server->is_ready) {
        bool fits = write_continue(server);
        g_assert(fits); /* else is_busy() was true */
    }
}

static void take_field(HttpServer *server, const DialogueEvent *event)
{
    HttpField field;
    if (!server->is_reading || server->awaits_body) {
        return; /* trailers */
    }
    if (event->text.length == 0) {
        end_header(server);
        return;
    }
    http_field_parse(event->text, &field);
    guint32 framing_defects = http_framing_field(&server->framing, &field);
    bool is_bad = ((event->defects | framing_defects) & DIALOGUE_DEFECT_SYNTAX) != 0 ||
                  (event->defects & DIALOGUE_DEFECT_NUL) != 0;
    if (is_bad) {
        refuse(server, 400);
    }
    if (++server->n_fields > HTTP_FIELDS_MAXIMUM ||
        (event->defects & DIALOGUE_DEFECT_TOO_LONG) != 0) {
        refuse(server, 431);
    }
    keep_line(server, event->text, 431);
}

static void take_event(HttpServer *server, const DialogueEvent *event)
{
    if (event->side != DIALOGUE_CLIENT) {
        return;
    }
    if (event->kind == DIALOGUE_EVENT_COMMAND) {
        begin_request(server, event);
    } else if (event->kind == DIALOGUE_EVENT_CONTINUATION) {
        take_field(server, event);
    } else if (event->kind == DIALOGUE_EVENT_MESSAGE_DATA) {
        if (!byte_buffer_append(&server->body, event->text)) {
            refuse(server, 413);
            server->is_ready = true;
        }
    } else if (event->kind == DIALOGUE_EVENT_MESSAGE_END && server->is_reading) {
        if (!event->message->is_complete) {
            refuse(server, 400);
        }
        server->is_ready = true;
    }
}

/* After a refusal the rest of the client's octets cannot be trusted to begin where it seems. */
static void answer_refusal(HttpServer *server)
{
    server->wants_close = true;
    http_server_answer(server, server->refusal, NULL, 0, BYTE_SPAN_EMPTY, -1);
}

/* RFC 9112 §3.2.2: a target may name the server before the path, as one for a proxy does. */
static ByteSpan own_target(ByteSpan target)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (guint i = 0; i < G_N_ELEMENTS(schemes); i++) {
        gsize length = strlen(schemes[i]);
        if (byte_span_is_nocase(byte_span_slice(target, 0, length), schemes[i])) {
            ByteSpan rest = byte_span_from(target, length);
            gsize host = 0;
            while (host < rest.length && rest.data[host] != '/' && rest.data[host] != '?') {
                host++;
            }
            return byte_span_from(rest, host);
        }
    }
    return target;
}

static void describe(const HttpServer *server, HttpRequest *request)
{
    ByteSpan rest = byte_buffer_span(&server->header);
    ByteSpan first;
    HttpRequestLine line;
    byte_span_next_token(&rest, '\n', &first);
    http_request_line_parse(first, &line);
    ByteSpan target = own_target(line.target);
    gssize question = byte_span_find(target, '?', 0);
    ByteSpan path = question < 0 ? target : byte_span_slice(target, 0, (gsize)question);
    *request = (HttpRequest){
        .method = server->method,
        .method_name = line.method,
        .target = line.target,
        .path = path.length == 0 ? BYTE_SPAN_LITERAL("/") : path,
        .query = question < 0 ? BYTE_SPAN_EMPTY : byte_span_from(target, (gsize)question + 1),
        .body = byte_buffer_span(&server->body),
    };
    http_server_field(server, "Content-Type", &request->content_type);
}

bool http_server_next_request(HttpServer *server, HttpRequest *out_request)
{
    DialogueEvent event;
    while (!server->wants_close && !http_server_is_busy(server)) {
        if (server->is_ready && server->refusal != 0) {
            answer_refusal(server);
            break;
        }
        if (server->is_given) {
            return false;
        }
        if (server->is_ready) {
            server->is_given = true;
            describe(server, out_request);
            return true;
        }
        if (http_dialogue_class.next(server->dialogue, &event)) {
            take_event(server, &event);
        } else if (!lend_input(server)) {
            server->wants_close = server->input_ended;
            return false;
        }
    }
    return false;
}

bool http_server_is_busy(const HttpServer *server)
{
    return byte_buffer_length(&server->output) > HTTP_OUTPUT_WAITING_MAXIMUM;
}

bool http_server_field(const HttpServer *server, const char *name, ByteSpan *out_value)
{
    ByteSpan rest = byte_buffer_span(&server->header);
    ByteSpan line;
    HttpField field;
    if (!byte_span_next_token(&rest, '\n', &line)) {
        return false;
    }
    while (byte_span_next_token(&rest, '\n', &line)) {
        http_field_parse(line, &field);
        if (byte_span_is_nocase(field.name, name)) {
            *out_value = field.value;
            return true;
        }
    }
    return false;
}

#define OWN_FIELDS 3

void http_server_answer(
    HttpServer *server,
    guint code,
    const HttpFieldText *fields,
    gsize n_fields,
    ByteSpan body,
    gint64 now_s
)
{
    g_assert(server->is_given || server->refusal != 0);
    char date[HTTP_DATE_LENGTH + 1];
    g_autofree HttpFieldText *all = g_new0(HttpFieldText, n_fields + OWN_FIELDS);
    server->wants_close =
        server->wants_close || !http_framing_persists(&server->framing) || server->refusal != 0;
    if (server->options.tells_date && now_s >= 0) {
        http_date_text(now_s, date);
        all[0] = (HttpFieldText){.name = "Date", .value = date};
    }
    all[1] = (HttpFieldText){.name = "Server", .value = server->software};
    if (server->wants_close) {
        all[2] = (HttpFieldText){.name = "Connection", .value = "close"};
    }
    for (gsize i = 0; i < n_fields; i++) {
        all[OWN_FIELDS + i] = fields[i];
    }
    bool is_written = http_write_answer(
        &server->output, code, all, n_fields + OWN_FIELDS, &body, server->method == HTTP_METHOD_HEAD
    );
    if (!is_written) {
        server->wants_close = true;
    }
    server->is_ready = false;
    server->is_given = false;
    server->is_reading = false;
    command_queue_forget(&server->dialogue->waiting);
}

ByteSpan http_server_output(const HttpServer *server)
{
    return byte_buffer_span(&server->output);
}

void http_server_consume_output(HttpServer *server, gsize length)
{
    byte_buffer_consume(&server->output, length);
}

bool http_server_wants_close(const HttpServer *server)
{
    return server->wants_close;
}

gint64 http_server_deadline_us(const HttpServer *server)
{
    bool is_idle = server->options.idle_timeout_us == 0 || server->wants_close || server->is_ready;
    return is_idle ? 0 : server->last_heard_us + server->options.idle_timeout_us;
}

/* RFC 9110 §15.5.9: 408 for a request that has begun; an idle connection is just closed. */
void http_server_time_out(HttpServer *server, gint64 now_s)
{
    server->wants_close = true;
    if (server->is_reading) {
        server->refusal = 408;
        http_server_answer(server, 408, NULL, 0, BYTE_SPAN_EMPTY, now_s);
    }
}
