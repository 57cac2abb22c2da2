#include "tests/support/test.h"

#include "protocol/http/http-client.h"
#include "protocol/http/http-server.h"

static HttpServer *new_server(void)
{
    HttpServerOptions options = {
        .software = "mailwalk",
        .maximum_body = 20,
        .idle_timeout_us = 1000,
        .tells_date = true,
    };
    return http_server_new(&options);
}

/* Answers each request with its method, path, query and body; gives what the server sends. */
static char *serve(const char *input, gsize piece, bool *out_closes)
{
    g_autoptr(HttpServer) server = new_server();
    GString *sent = g_string_new(NULL);
    gsize length = strlen(input);
    for (gsize at = 0; at < length; at += piece) {
        g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
        HttpRequest request;
        http_server_receive(server, unterminated(input + at, MIN(piece, length - at), keep), 5);
        while (http_server_next_request(server, &request)) {
            g_autoptr(GString) body = g_string_new(NULL);
            g_string_append_printf(
                body,
                "%.*s %.*s ?%.*s %.*s",
                (int)request.method_name.length,
                (const char *)request.method_name.data,
                (int)request.path.length,
                (const char *)request.path.data,
                (int)request.query.length,
                (const char *)request.query.data,
                (int)request.body.length,
                (const char *)request.body.data
            );
            HttpFieldText fields[] = {{"X-A", "b"}, {"X-None", NULL}};
            http_server_answer(server, 200, fields, 2, byte_span(body->str, body->len), 0);
        }
    }
    ByteSpan output = http_server_output(server);
    g_string_append_len(sent, (const char *)output.data, (gssize)output.length);
    *out_closes = http_server_wants_close(server);
    return g_string_free(sent, FALSE);
}

#define DATE "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
#define OK_FIELDS DATE "Server: mailwalk\r\nX-A: b\r\n"

static void test_requests(void **state)
{
    static const struct {
        const char *input;
        const char *output;
        bool closes;
    } cases[] = {
        {"GET /a?b=c HTTP/1.1\r\nHost: h\r\n\r\n",
         "HTTP/1.1 200 OK\r\n" OK_FIELDS "Content-Length: 12\r\n\r\nGET /a ?b=c ",
         false},
        {"GET HTTP://h:80/a?b=c HTTP/1.1\r\nHost: h\r\n\r\n",
         "HTTP/1.1 200 OK\r\n" OK_FIELDS "Content-Length: 12\r\n\r\nGET /a ?b=c ",
         false},
        {"GET http://h?b HTTP/1.1\r\nHost: h\r\n\r\n",
         "HTTP/1.1 200 OK\r\n" OK_FIELDS "Content-Length: 9\r\n\r\nGET / ?b ",
         false},
        {"HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n",
         "HTTP/1.1 200 OK\r\n" OK_FIELDS "Content-Length: 10\r\n\r\n",
         false},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
         "GET /2 HTTP/1.1\r\nhost: h\r\nConnection: close\r\n\r\n",
         "HTTP/1.1 200 OK\r\n" OK_FIELDS "Content-Length: 12\r\n\r\nPOST / ? abc"
         "HTTP/1.1 200 OK\r\n" DATE "Server: mailwalk\r\nConnection: close\r\nX-A: b\r\n"
         "Content-Length: 9\r\n\r\nGET /2 ? ",
         true},
        {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
         "2\r\nab\r\n1\r\nc\r\n0\r\nT: t\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
         "HTTP/1.1 200 OK\r\n" OK_FIELDS "Content-Length: 12\r\n\r\nPOST / ? abc"
         "HTTP/1.1 200 OK\r\n" OK_FIELDS "Content-Length: 8\r\n\r\nGET / ? ",
         false},
        {"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
         "HTTP/1.1 100 Continue\r\n\r\n"
         "HTTP/1.1 200 OK\r\n" OK_FIELDS "Content-Length: 10\r\n\r\nPOST / ? x",
         false},
        {"GET / HTTP/1.0\r\n\r\n",
         "HTTP/1.1 200 OK\r\n" DATE "Server: mailwalk\r\nConnection: close\r\nX-A: b\r\n"
         "Content-Length: 8\r\n\r\nGET / ? ",
         true},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        static const gsize pieces[] = {100000, 1, 3, 10};
        for (gsize j = 0; j < G_N_ELEMENTS(pieces); j++) {
            bool closes = false;
            g_autofree char *sent = serve(cases[i].input, pieces[j], &closes);
            assert_string_equal(sent, cases[i].output);
            assert_int_equal(closes, cases[i].closes);
        }
    }
}

static void test_refusals(void **state)
{
    g_autofree char *long_target = g_strnfill(9000, 'a');
    g_autofree char *long_line = g_strdup_printf("GET /%s HTTP/1.1\r\n\r\n", long_target);
    g_autofree char *long_field =
        g_strdup_printf("GET / HTTP/1.1\r\nHost: h\r\nA: %s\r\n\r\n", long_target);
    g_autoptr(GString) many = g_string_new("GET / HTTP/1.1\r\nHost: h\r\n");
    for (guint i = 0; i < 200; i++) {
        g_string_append(many, "A: b\r\n");
    }
    g_string_append(many, "\r\n");

    const struct {
        const char *input;
        const char *begins;
    } cases[] = {
        {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "},
        {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "HTTP/1.1 400 "},
        {"GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", "HTTP/1.1 400 "},
        {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", "HTTP/1.1 400 "},
        {"GET\r\n\r\n", "HTTP/1.1 400 "},
        {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", "HTTP/1.1 505 "},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/1.1 505 "},
        {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 501 "},
        {"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 501 "},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 21\r\n\r\n", "HTTP/1.1 413 "},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", "HTTP/1.1 400 "},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
         "0\r\n\r\n",
         "HTTP/1.1 400 "},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
         "15\r\n123456789012345678901\r\n0\r\n\r\n",
         "HTTP/1.1 413 "},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 400 "},
        {long_line, "HTTP/1.1 414 "},
        {long_field, "HTTP/1.1 431 "},
        {many->str, "HTTP/1.1 431 "},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        static const gsize pieces[] = {100000, 1};
        for (gsize j = 0; j < G_N_ELEMENTS(pieces); j++) {
            bool closes = false;
            g_autofree char *sent = serve(cases[i].input, pieces[j], &closes);
            if (!g_str_has_prefix(sent, cases[i].begins)) {
                fail_msg("case %zu: %s", i, sent);
            }
            assert_non_null(strstr(sent, "\r\nConnection: close\r\n"));
            assert_true(closes);
        }
    }
}

static void test_time_out(void **state)
{
    g_autoptr(HttpServer) server = new_server();
    HttpRequest request;
    (void)state;
    http_server_receive(server, BYTE_SPAN_LITERAL("GET / HT"), 7);
    assert_false(http_server_next_request(server, &request));
    assert_int_equal(http_server_deadline_us(server), 1007);
    http_server_receive(server, BYTE_SPAN_LITERAL("TP/1.1\r\n"), 9);
    assert_false(http_server_next_request(server, &request));
    assert_int_equal(http_server_deadline_us(server), 1009);
    http_server_time_out(server, 0);
    assert_true(byte_span_starts_with(http_server_output(server), "HTTP/1.1 408 "));
    assert_true(http_server_wants_close(server));
}

/* Who asks much and reads little waits for its own reading: no answer is lost, and what is kept for
 * it does not grow with what it asks. */
static void test_answers_wait_for_their_reader(void **state)
{
    enum {
        REQUESTS = 5000
    };

    static const char question[] = "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
                                   "Content-Length: 1\r\n\r\nx";
    g_autoptr(HttpServer) server = new_server();
    g_autofree char *page = g_strnfill(100000, 'p');
    HttpRequest request;
    guint answered = 0;
    gsize most = 0;
    (void)state;
    for (guint i = 0; i < REQUESTS; i++) {
        http_server_receive(server, byte_span_from_string(question), 5);
    }
    while (answered < REQUESTS && !http_server_wants_close(server)) {
        while (http_server_next_request(server, &request)) {
            http_server_answer(server, 200, NULL, 0, byte_span_from_string(page), 0);
            answered++;
        }
        most = MAX(most, http_server_output(server).length);
        http_server_consume_output(server, MIN(http_server_output(server).length, 50000));
    }
    assert_int_equal(answered, REQUESTS);
    assert_in_range(most, 100000, HTTP_OUTPUT_WAITING_MAXIMUM + 101000);
}

typedef struct {
    const char *method;
    const char *target;
    guint code;
} Exchange;

/* Client and server with nothing between them but pieces. */
static void test_client_and_server(void **state)
{
    static const Exchange exchanges[] = {
        {"GET", "/inbox", 200},
        {"HEAD", "/inbox", 200},
        {"POST", "/send", 303},
        {"DELETE", "/1", 204},
        {"GET", "/old", 304},
        {"GET", "/last", 404},
    };
    (void)state;
    for (gsize piece = 1; piece < 40; piece += 3) {
        g_autoptr(HttpServer) server = new_server();
        g_autoptr(HttpClient) client = http_client_new(1000);
        ByteSpan body = BYTE_SPAN_LITERAL("to=bob");
        gsize answered = 0;
        gsize seen = 0;
        for (gsize i = 0; i < G_N_ELEMENTS(exchanges); i++) {
            HttpFieldText fields[] = {{"Cookie", "sid=42"}};
            bool has_body = strcmp(exchanges[i].method, "POST") == 0;
            assert_true(http_client_request(
                client,
                exchanges[i].method,
                exchanges[i].target,
                "web.crepes.fr",
                fields,
                1,
                has_body ? &body : NULL
            ));
        }
        assert_int_equal(http_client_waiting(client), G_N_ELEMENTS(exchanges));
        while (http_client_output(client).length > 0) {
            ByteSpan output = byte_span_slice(http_client_output(client), 0, piece);
            HttpRequest request;
            http_server_receive(server, output, 1);
            http_client_consume_output(client, output.length);
            while (http_server_next_request(server, &request)) {
                const Exchange *exchange = &exchanges[answered++];
                assert_span(request.target, exchange->target);
                ByteSpan cookie;
                assert_true(http_server_field(server, "cookie", &cookie));
                assert_span(cookie, "sid=42");
                assert_false(http_server_next_request(server, &request));
                HttpFieldText location = {"Location", "/inbox"};
                http_server_answer(
                    server, exchange->code, &location, 1, BYTE_SPAN_LITERAL("hello"), -1
                );
            }
        }
        assert_int_equal(answered, G_N_ELEMENTS(exchanges));
        while (http_server_output(server).length > 0) {
            ByteSpan output = byte_span_slice(http_server_output(server), 0, piece);
            g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
            HttpAnswer answer;
            http_client_receive(
                client, unterminated((const char *)output.data, output.length, keep)
            );
            http_server_consume_output(server, output.length);
            while (http_client_next_answer(client, &answer)) {
                ByteSpan location;
                assert_int_equal(answer.code, exchanges[seen].code);
                assert_true(answer.is_complete && answer.keeps_alive);
                assert_true(http_client_field(client, "location", &location));
                assert_span(location, "/inbox");
                bool has_body = strcmp(exchanges[seen].method, "HEAD") != 0 && answer.code != 204 &&
                                answer.code != 304;
                assert_span(answer.body, has_body ? "hello" : "");
                seen++;
            }
        }
        assert_int_equal(seen, G_N_ELEMENTS(exchanges));
        assert_int_equal(http_client_waiting(client), 0);
    }
}

static void test_client_bad_answers(void **state)
{
    static const struct {
        const char *answer;
        guint code;
        const char *body;
        bool is_complete;
    } cases[] = {
        {"HTTP/1.1 200 OK\r\n\r\nto the end", 200, "to the end", true},
        {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", 200, "half", false},
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nab", 200, "", false},
        {"HTTP/1.1 200 OK\r\nContent-Le", 200, "", false},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", 200, "ab", false},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab",
         200,
         "ab",
         true},
        {"HTTP/1.1 200 OK\r\n\r\n1234567890123456789012345678901",
         200,
         "123456789012345678901234567890",
         false},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(HttpClient) client = http_client_new(30);
        HttpAnswer answer;
        assert_true(http_client_request(client, "GET", "/", "h", NULL, 0, NULL));
        http_client_receive(client, byte_span_from_string(cases[i].answer));
        bool is_given = http_client_next_answer(client, &answer);
        if (!is_given) {
            http_client_end_of_input(client);
            assert_true(http_client_next_answer(client, &answer));
        }
        assert_int_equal(answer.code, cases[i].code);
        assert_span(answer.body, cases[i].body);
        assert_int_equal(answer.is_complete, cases[i].is_complete);
    }
}

/* No text from outside starts a line of its own. */
static void test_writer_refuses_line_breaks(void **state)
{
    ByteBuffer out;
    HttpFieldText bad_value = {"Location", "/a\r\nSet-Cookie: x=y"};
    HttpFieldText bad_name = {"Loca tion", "/a"};
    HttpFieldText colon = {"a:b", "/a"};
    (void)state;
    byte_buffer_init(&out, 100);
    assert_false(http_write_answer(&out, 200, &bad_value, 1, NULL, false));
    assert_false(http_write_answer(&out, 200, &bad_name, 1, NULL, false));
    assert_false(http_write_request(&out, "GET", "/", "h", &colon, 1, NULL));
    assert_false(http_write_request(&out, "GET", "/ HTTP/1.1\r\nA: b", "h", NULL, 0, NULL));
    assert_false(http_write_request(&out, "GET", "/a b", "h", NULL, 0, NULL));
    assert_false(http_write_request(&out, "", "/", "h", NULL, 0, NULL));
    assert_int_equal(byte_buffer_length(&out), 0);
    ByteSpan body = BYTE_SPAN_LITERAL("0123456789012345678901234567890123456789012345678901234567"
                                      "0123456789012345678901234567890123456789");
    assert_false(http_write_answer(&out, 200, NULL, 0, &body, false));
    assert_int_equal(byte_buffer_length(&out), 0);
    assert_true(http_write_answer_chunked(&out, 200, NULL, 0));
    assert_true(http_write_chunk(&out, BYTE_SPAN_LITERAL("0123456789abcdef")));
    assert_true(http_write_chunk(&out, BYTE_SPAN_EMPTY));
    assert_span(
        byte_buffer_span(&out),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n"
    );
    byte_buffer_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_time_out),
        cmocka_unit_test(test_answers_wait_for_their_reader),
        cmocka_unit_test(test_client_and_server),
        cmocka_unit_test(test_client_bad_answers),
        cmocka_unit_test(test_writer_refuses_line_breaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
