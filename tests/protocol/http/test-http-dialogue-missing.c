/* Captures that lack octets, a side, or the beginning or the end. */

#include "tests/support/test.h"

#include "tests/protocol/http/http-trace.h"

static const Case cases[] = {
    {
        .name = "cut inside a body",
        .turns =
            {
                C("GET / HTTP/1.1\r\n\r\n"),
                S("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
                S_END,
            },
        .expected = "c1 [GET][/]\nc1 \ns1 HTTP/1.1 200 OK <\ns1 Content-Length: 10\ns1  >\n"
                    "s1 begin 10\ns1 data half\ns1 end 4 partial",
    },
    {
        .name = "tunnel, server unseen",
        .seen = SEEN_CLIENT,
        .turns = {C("CONNECT mail:25 HTTP/1.1\r\n\r\nEHLO a\r\n")},
        .expected = "c1 [CONNECT][mail:25]\nc1 \ns0 opaque \nc1 opaque \nc0 opaque EHLO a\r\n",
    },
    {
        .name = "tunnel, client unseen",
        .seen = SEEN_SERVER,
        .turns = {S("HTTP/1.1 200 Connection established\r\n\r\n220 hi\r\n")},
        .expected = "s0 HTTP/1.1 200 Connection established <\ns0  >\n"
                    "s0 opaque \nc0 opaque \ns0 opaque 220 hi\r\n",
    },
    {
        .name = "gap inside a body, connection goes on",
        .turns =
            {
                C("GET / HTTP/1.1\r\n\r\n"),
                S("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab"),
                S_GAP(5),
                S("hij"),
                C("GET /2 HTTP/1.1\r\n\r\n"),
                S("HTTP/1.1 204 No Content\r\n\r\n"),
            },
        .expected = "c1 [GET][/]\nc1 \n"
                    "s1 HTTP/1.1 200 OK <\ns1 Content-Length: 10\ns1  >\n"
                    "s1 begin 10\ns1 data ab\ns1 missing 5\ns1 data hij\ns1 end 5-5 partial\n"
                    "c2 [GET][/2]\nc2 \ns2 HTTP/1.1 204 No Content <\ns2  >",
    },
    {
        .name = "gap past a body, next answer is found",
        .turns =
            {
                C("GET / HTTP/1.1\r\n\r\n"),
                S("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab"),
                S_GAP(20),
                S("gth: 3\r\n\r\nxyz\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
            },
        .expected = "c1 [GET][/]\nc1 \n"
                    "s1 HTTP/1.1 200 OK <\ns1 Content-Length: 10\ns1  >\n"
                    "s1 begin 10\ns1 data ab\ns1 missing 20\ns1 end 2-8 partial\n"
                    "s0 HTTP/1.1 404 Not Found <\ns0 Content-Length: 0\ns0  >",
    },
    {
        .name = "gap inside a chunk",
        .turns =
            {
                C("GET / HTTP/1.1\r\n\r\n"),
                S("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe"),
                S_GAP(3),
                S("\r\n2\r\nab\r\n0\r\n\r\n"),
            },
        .expected = "c1 [GET][/]\nc1 \n"
                    "s1 HTTP/1.1 200 OK <\ns1 Transfer-Encoding: chunked\ns1  >\n"
                    "s1 begin 0\ns1 data he\ns1 missing 3\ns1 data ab\ns1 end 4-3 partial",
    },
    {
        .name = "gap inside a request header",
        .turns =
            {
                C("GET / HTTP/1.1\r\nHo"),
                C_GAP(8),
                C("fr\r\n\r\nGET /2 HTTP/1.1\r\n\r\n"),
                S("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"),
            },
        .expected = "c1 [GET][/]\nc1 Ho !cut\nc1 missing 8\nc2 [GET][/2]\nc2 \n"
                    "s1 HTTP/1.1 204 No Content <\ns1  >\n"
                    "s2 HTTP/1.1 204 No Content <\ns2  >",
    },
    {
        .name = "joined late",
        .seen = SEEN_LATE,
        .turns =
            {
                S("of a page\r\n</html>\r\n"),
                C("=x\r\nGET /2 HTTP/1.1\r\n\r\n"),
                S("HTTP/1.1 204 No Content\r\n\r\n"),
            },
        .expected = "c1 [GET][/2]\nc1 \ns1 HTTP/1.1 204 No Content <\ns1  >",
    },
    {
        .name = "only the server was captured",
        .seen = SEEN_SERVER,
        .turns = {S("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")},
        .expected = "s0 HTTP/1.1 200 OK <\ns0 Content-Length: 2\ns0  >\n"
                    "s0 begin 2\ns0 data hi\ns0 end 2 whole",
    },
    {
        .name = "nobody asked",
        .turns = {S("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")},
        .expected = "s0 HTTP/1.1 200 OK < !unasked\ns0 Content-Length: 0\ns0  >",
    },
    {
        .name = "lines cut by the end",
        .turns = {C("GET /a HT"), C_END, S("HTTP/1.1 2"), S_END},
        .expected = "c0 GET /a HT !cut\ns0 HTTP/1.1 2 !cut",
    },
};

static void test_cases(void **state)
{
    (void)state;
    assert_cases(cases, G_N_ELEMENTS(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
