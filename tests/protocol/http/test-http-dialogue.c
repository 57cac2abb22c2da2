#include "tests/support/test.h"

#include "tests/protocol/http/http-trace.h"

static const Case cases[] = {
    {
        .name = "a page",
        .turns =
            {
                C("GET /inbox HTTP/1.1\r\nHost: web.crepes.fr\r\n\r\n"),
                S("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/html\r\n\r\nhello"),
            },
        .expected = "c1 [GET][/inbox]\n"
                    "c1 Host: web.crepes.fr\n"
                    "c1 \n"
                    "s1 HTTP/1.1 200 OK <\n"
                    "s1 Content-Length: 5\n"
                    "s1 Content-Type: text/html\n"
                    "s1  >\n"
                    "s1 begintext/html 5\n"
                    "s1 data hello\n"
                    "s1 end 5 whole",
    },
    {
        .name = "log-in by form",
        .turns =
            {
                C("POST /login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                  "Content-Length: 31\r\n\r\nuser=alice&password=tr%C3%A9s+x"),
                S("HTTP/1.1 303 See Other\r\nSet-Cookie: sid=42\r\nContent-Length: 0\r\n\r\n"),
            },
        .expected = "c1 [POST][/login]\n"
                    "c1 Content-Type: application/x-www-form-urlencoded\n"
                    "c1 Content-Length: 31\n"
                    "c1 \n"
                    "c1 beginapplication/x-www-form-urlencoded 31\n"
                    "c1 data *\n"
                    "c1 end 31 whole\n"
                    "s1 HTTP/1.1 303 See Other <\n"
                    "s1 Set-Cookie: sid=42 secret\n"
                    "s1 Content-Length: 0\n"
                    "s1  >\n"
                    "c1 login HTTP form alice:tr\303\251s x yes",
    },
    {
        .name = "Basic, refused and believed",
        .turns =
            {
                C("GET / HTTP/1.1\r\nAuthorization: Basic YWxpY2U6d3Jvbmc=\r\n\r\n"),
                S("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"),
                C("GET / HTTP/1.1\r\nAuthorization: basic YWxpY2U6cmlnaHQ=\r\n\r\n"),
                S("HTTP/1.1 204 No Content\r\n\r\n"),
                C("GET / HTTP/1.1\r\nAuthorization: basic YWxpY2U6cmlnaHQ=\r\n\r\n"),
                S("HTTP/1.1 204 No Content\r\n\r\n"),
            },
        .expected = "c1 [GET][/]\n"
                    "c1 Authorization: Basic YWxpY2U6d3Jvbmc= secret\n"
                    "c1 \n"
                    "s1 HTTP/1.1 401 Unauthorized <\n"
                    "s1 Content-Length: 0\n"
                    "s1  >\n"
                    "c1 login Basic alice:wrong no\n"
                    "c2 [GET][/]\n"
                    "c2 Authorization: basic YWxpY2U6cmlnaHQ= secret\n"
                    "c2 \n"
                    "s2 HTTP/1.1 204 No Content <\n"
                    "s2  >\n"
                    "c2 login Basic alice:right yes\n"
                    "c3 [GET][/]\n"
                    "c3 Authorization: basic YWxpY2U6cmlnaHQ= secret\n"
                    "c3 \n"
                    "s3 HTTP/1.1 204 No Content <\n"
                    "s3  >",
    },
    {
        .name = "pipelined, with a HEAD among them",
        .turns =
            {
                C("GET /a HTTP/1.1\r\n\r\nHEAD /b HTTP/1.1\r\n\r\nGET /c HTTP/1.1\r\n\r\n"),
                S("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nA"
                  "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"
                  "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n"),
            },
        .expected = "c1 [GET][/a]\nc1 \nc2 [HEAD][/b]\nc2 \nc3 [GET][/c]\nc3 \n"
                    "s1 HTTP/1.1 200 OK <\ns1 Content-Length: 1\ns1  >\n"
                    "s1 begin 1\ns1 data A\ns1 end 1 whole\n"
                    "s2 HTTP/1.1 200 OK <\ns2 Content-Length: 99\ns2  >\n"
                    "s3 HTTP/1.1 304 Not Modified <\ns3 Content-Length: 7\ns3  >",
    },
    {
        .name = "chunks, an extension and a trailer",
        .turns =
            {
                C("GET / HTTP/1.1\r\n\r\n"),
                S("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "5\r\nhello\r\n6;x=\"y\"\r\n world\r\n0\r\nDigest: z\r\n\r\n"),
                C("GET /2 HTTP/1.1\r\n\r\n"),
                S("HTTP/1.1 204 No Content\r\n\r\n"),
            },
        .expected = "c1 [GET][/]\nc1 \n"
                    "s1 HTTP/1.1 200 OK <\ns1 Transfer-Encoding: chunked\ns1  >\n"
                    "s1 begin 0\ns1 data hello world\ns1 end 11 whole\n"
                    "s1 Digest: z\n"
                    "c2 [GET][/2]\nc2 \n"
                    "s2 HTTP/1.1 204 No Content <\ns2  >",
    },
    {
        .name = "up to the end of the connection",
        .turns =
            {
                C("GET / HTTP/1.0\r\n\r\n"),
                S("HTTP/1.0 200 OK\r\n\r\nall\r\nof it"),
                S_END,
            },
        .expected = "c1 [GET][/]\nc1 \ns1 HTTP/1.0 200 OK <\ns1  >\n"
                    "s1 begin 0\ns1 data all\r\nof it\ns1 end 10 whole",
    },
    {
        .name = "continue, then the body",
        .turns =
            {
                C("POST /send HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"),
                S("HTTP/1.1 100 Continue\r\n\r\n"),
                C("mail"),
                S("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"),
            },
        .expected = "c1 [POST][/send]\nc1 Expect: 100-continue\nc1 Content-Length: 4\nc1 \n"
                    "c1 begin 4\n"
                    "s1 HTTP/1.1 100 Continue < ...\ns1  > ...\n"
                    "c1 data mail\nc1 end 4 whole\n"
                    "s1 HTTP/1.1 201 Created <\ns1 Content-Length: 0\ns1  >",
    },
    {
        .name = "refused before the body, which is left out",
        .turns =
            {
                C("POST /send HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"),
                S("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n"),
                C("GET / HTTP/1.1\r\n\r\n"),
            },
        .expected = "c1 [POST][/send]\nc1 Expect: 100-continue\nc1 Content-Length: 4\nc1 \n"
                    "c1 begin 4\n"
                    "s1 HTTP/1.1 417 Expectation Failed <\ns1 Content-Length: 0\ns1  >\n"
                    "c1 end 0 partial\n"
                    "c2 [GET][/]\nc2 ",
    },
    {
        .name = "refused before the body, which is sent all the same",
        .turns =
            {
                C("POST /send HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"),
                S("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n"),
                C("GEThGET / HTTP/1.1\r\n\r\n"),
            },
        .expected = "c1 [POST][/send]\nc1 Expect: 100-continue\nc1 Content-Length: 4\nc1 \n"
                    "c1 begin 4\n"
                    "s1 HTTP/1.1 417 Expectation Failed <\ns1 Content-Length: 0\ns1  >\n"
                    "c1 data GETh\nc1 end 4 whole\n"
                    "c2 [GET][/]\nc2 ",
    },
    {
        .name = "tunnel",
        .turns =
            {
                C("CONNECT mail.crepes.fr:25 HTTP/1.1\r\n\r\n"),
                S("HTTP/1.1 200 Connection established\r\nContent-Length: 3\r\n\r\n220 hi\r\n"),
                C("EHLO a\r\n"),
                S("250 b\r\n"),
            },
        .expected = "c1 [CONNECT][mail.crepes.fr:25]\nc1 \n"
                    "s1 HTTP/1.1 200 Connection established <\ns1 Content-Length: 3\ns1  >\n"
                    "s1 opaque \nc1 opaque \n"
                    "s0 opaque 220 hi\r\n\n"
                    "c0 opaque EHLO a\r\n\n"
                    "s0 opaque 250 b\r\n",
    },
    {
        .name = "eager client behind CONNECT",
        .turns =
            {
                C("CONNECT mail:25 HTTP/1.1\r\n\r\nEHLO a\r\n"),
                S("HTTP/1.1 200 OK\r\n\r\n"),
                S("220 hi\r\n"),
            },
        .expected = "c1 [CONNECT][mail:25]\nc1 \n"
                    "s1 HTTP/1.1 200 OK <\ns1  >\n"
                    "s1 opaque \nc1 opaque \n"
                    "c0 opaque EHLO a\r\n\n"
                    "s0 opaque 220 hi\r\n",
    },
    {
        .name = "tunnel refused, connection goes on",
        .turns =
            {
                C("CONNECT mail:25 HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n"),
                S("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"),
                S("HTTP/1.1 204 No Content\r\n\r\n"),
            },
        .expected = "c1 [CONNECT][mail:25]\nc1 \n"
                    "s1 HTTP/1.1 403 Forbidden <\ns1 Content-Length: 0\ns1  >\n"
                    "c2 [GET][/]\nc2 \n"
                    "s2 HTTP/1.1 204 No Content <\ns2  >",
    },
    {
        .name = "another protocol",
        .turns =
            {
                C("GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"),
                S("HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x01x"),
            },
        .expected = "c1 [GET][/chat]\nc1 Upgrade: websocket\nc1 \n"
                    "s1 HTTP/1.1 101 Switching Protocols <\ns1  >\n"
                    "s1 opaque \nc1 opaque \ns0 opaque \x81\x01x",
    },
    {
        .name = "two lengths that differ",
        .turns =
            {
                C("POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc"),
            },
        .expected = "c1 [POST][/]\nc1 Content-Length: 2\nc1 Content-Length: 3 !syntax\nc1 \n"
                    "c1 opaque \nc0 opaque abc",
    },
    {
        .name = "length and chunks together",
        .turns =
            {
                C("POST / HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "1\r\nx\r\n0\r\n\r\n"),
            },
        .expected = "c1 [POST][/]\nc1 Content-Length: 2\nc1 Transfer-Encoding: chunked !syntax\n"
                    "c1 \nc1 begin 0\nc1 data x\nc1 end 1 whole",
    },
    {
        .name = "a chunk without a size",
        .turns =
            {
                C("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"
                  "GET / HTTP/1.1\r\n\r\n"),
            },
        .expected = "c1 [POST][/]\nc1 Transfer-Encoding: chunked\nc1 \nc1 begin 0\n"
                    "c1 end 0 partial !syntax\nc2 [GET][/]\nc2 ",
    },
    {
        .name = "careless lines",
        .turns =
            {
                C("\r\nBREW  /pot\nHost : x\n folded\nnocolon\n\n"),
            },
        .expected = "c1 [BREW][ /pot] !syntax !unknown !bare-lf\n"
                    "c1 Host : x !syntax !bare-lf\n"
                    "c1  folded !syntax !bare-lf\n"
                    "c1 nocolon !syntax !bare-lf\n"
                    "c1  !bare-lf",
    },
    {
        .name = "secrets in target, JSON and multipart",
        .turns =
            {
                C("GET /?u=a&pwd=b HTTP/1.1\r\nCookie: sid=42\r\n\r\n"),
                C("POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n"
                  "{\"password\":\"x\"}"),
                C("POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"
                  "{\"u\":\"x\"}"),
            },
        .expected = "c1 [GET][/?u=a&pwd=b] secret\nc1 Cookie: sid=42 secret\nc1 \n"
                    "c2 [POST][/]\nc2 Content-Type: application/json\nc2 Content-Length: 16\nc2 \n"
                    "c2 beginapplication/json 16\nc2 data *\nc2 end 16 whole\n"
                    "c3 [POST][/]\nc3 Content-Type: application/json\nc3 Content-Length: 9\nc3 \n"
                    "c3 beginapplication/json 9\nc3 data {\"u\":\"x\"}\nc3 end 9 whole",
    },
    {
        .name = "after close nothing may come",
        .turns =
            {
                C("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"),
                S("HTTP/1.1 204 No Content\r\n\r\n"),
                C("GET /2 HTTP/1.1\r\n\r\n"),
            },
        .expected = "c1 [GET][/]\nc1 Connection: close\nc1 \n"
                    "s1 HTTP/1.1 204 No Content <\ns1  >\n"
                    "c2 [GET][/2] !order\nc2 ",
    },
    {
        .name = "HTTP/2 from the first octet",
        .turns = {C("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")},
        .expected = "c1 [PRI][*] !unknown\ns0 opaque \nc1 opaque \nc0 opaque \r\nSM\r\n\r\n",
    },
};

static void test_cases(void **state)
{
    (void)state;
    assert_cases(cases, G_N_ELEMENTS(cases));
}

/* In pieces of any size no octet of the password is given without the mark. */
static void test_password_is_always_marked(void **state)
{
    static const char *const body = "a=1&user=alice&passwd=ketchup&b=2";
    (void)state;
    for (gsize piece = 1; piece < 34; piece++) {
        g_autoptr(HttpDialogue) dialogue = http_dialogue_new();
        g_autoptr(GString) shown = g_string_new(NULL);
        g_autofree char *text = g_strdup_printf(
            "POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            "Content-Length: %zu\r\n\r\n%s",
            strlen(body),
            body
        );
        for (gsize at = 0; at < strlen(text); at += piece) {
            DialogueEvent event;
            http_dialogue_class.feed(
                dialogue, DIALOGUE_CLIENT, byte_span(text + at, MIN(piece, strlen(text) - at))
            );
            while (http_dialogue_class.next(dialogue, &event)) {
                if (event.kind == DIALOGUE_EVENT_MESSAGE_DATA && !event.is_secret) {
                    append_span(shown, event.text);
                }
            }
        }
        assert_null(strstr(shown->str, "=k"));
        assert_null(strchr(shown->str, 'k'));
    }
}

/* A client that says much behind CONNECT and gets no answer is taken at its word. */
static void test_held_octets_are_bounded(void **state)
{
    g_autoptr(HttpDialogue) dialogue = http_dialogue_new();
    g_autofree char *junk = g_strnfill(4096, 'x');
    DialogueEvent event;
    guint64 octets = 0;
    (void)state;
    http_dialogue_class.feed(
        dialogue, DIALOGUE_CLIENT, BYTE_SPAN_LITERAL("CONNECT mail:25 HTTP/1.1\r\n\r\n")
    );
    while (http_dialogue_class.next(dialogue, &event)) {
    }
    for (guint i = 0; i < 32; i++) {
        http_dialogue_class.feed(dialogue, DIALOGUE_CLIENT, byte_span_from_string(junk));
        while (http_dialogue_class.next(dialogue, &event)) {
            octets += event.kind == DIALOGUE_EVENT_OPAQUE ? event.text.length : 0;
        }
    }
    assert_int_equal(octets, 32 * 4096);
    assert_int_equal(http_dialogue_state(dialogue), HTTP_STATE_TUNNEL);
}

static void test_states(void **state)
{
    g_autoptr(HttpDialogue) dialogue = http_dialogue_new();
    DialogueEvent event;
    (void)state;
    assert_int_equal(http_dialogue_state(dialogue), HTTP_STATE_READY);
    http_dialogue_class.feed(
        dialogue, DIALOGUE_CLIENT, BYTE_SPAN_LITERAL("GET / HTTP/1.1\r\nA: b\r\n")
    );
    assert_true(http_dialogue_class.next(dialogue, &event));
    assert_int_equal(event.state_before, HTTP_STATE_READY);
    assert_int_equal(event.state_after, HTTP_STATE_REQUEST);
    while (http_dialogue_class.next(dialogue, &event)) {
    }
    http_dialogue_class.feed(dialogue, DIALOGUE_CLIENT, BYTE_SPAN_LITERAL("\r\n"));
    while (http_dialogue_class.next(dialogue, &event)) {
    }
    assert_int_equal(http_dialogue_state(dialogue), HTTP_STATE_ANSWER);
    assert_int_equal(http_dialogue_waiting(dialogue), 1);
    http_dialogue_class.feed(
        dialogue,
        DIALOGUE_SERVER,
        BYTE_SPAN_LITERAL("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        )
    );
    while (http_dialogue_class.next(dialogue, &event)) {
    }
    assert_int_equal(http_dialogue_state(dialogue), HTTP_STATE_CLOSED);
    assert_int_equal(http_dialogue_code(dialogue), 404);
    assert_string_equal(http_state_name(HTTP_STATE_CLOSED), "CLOSED");
    assert_string_equal(http_state_name(0), "UNKNOWN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_password_is_always_marked),
        cmocka_unit_test(test_held_octets_are_bounded),
        cmocka_unit_test(test_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
