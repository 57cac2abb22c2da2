#include "protocol/http/http-rows.h"

#define STATUS(number, phrase, ...)                                                                \
    {                                                                                              \
        .item = {.protocol = VOCABULARY_HTTP, .kind = VOCABULARY_STATUS, __VA_ARGS__},             \
        .code = (number), .reason = (phrase)                                                       \
    }

/* Sorted by code. */
const HttpStatusRow http_status_rows[] = {
    STATUS(
        100,
        "Continue",
        .token = "100",
        .meaning = "The beginning of the request is welcome; the client may send its content.",
        .reference = {9110, "15.2.1"},
        .since = 2068
    ),
    STATUS(
        101,
        "Switching Protocols",
        .token = "101",
        .meaning = "The server agrees and speaks the protocol named in Upgrade from here on.",
        .reference = {9110, "15.2.2"},
        .since = 2068
    ),
    STATUS(
        200,
        "OK",
        .token = "200",
        .meaning = "The request succeeded; the content is what the method asked for.",
        .reference = {9110, "15.3.1"},
        .since = 1945
    ),
    STATUS(
        201,
        "Created",
        .token = "201",
        .meaning = "The request succeeded and made a new resource, named in Location.",
        .reference = {9110, "15.3.2"},
        .since = 1945
    ),
    STATUS(
        202,
        "Accepted",
        .token = "202",
        .meaning = "The request was taken in, but the work on it is not finished.",
        .reference = {9110, "15.3.3"},
        .since = 1945
    ),
    STATUS(
        203,
        "Non-Authoritative Information",
        .token = "203",
        .meaning = "The request succeeded, but a proxy on the way changed the content.",
        .reference = {9110, "15.3.4"},
        .since = 2068
    ),
    STATUS(
        204,
        "No Content",
        .token = "204",
        .meaning = "The request succeeded and the answer has no content.",
        .reference = {9110, "15.3.5"},
        .since = 1945
    ),
    STATUS(
        205,
        "Reset Content",
        .token = "205",
        .meaning = "The request succeeded; the browser should empty the form it came from.",
        .reference = {9110, "15.3.6"},
        .since = 2068
    ),
    STATUS(
        206,
        "Partial Content",
        .token = "206",
        .meaning = "The answer holds only the part of the content that Range asked for.",
        .reference = {9110, "15.3.7"},
        .since = 2068
    ),
    STATUS(
        300,
        "Multiple Choices",
        .token = "300",
        .meaning = "The resource has several forms; the client may choose one of them.",
        .reference = {9110, "15.4.1"},
        .since = 1945
    ),
    STATUS(
        301,
        "Moved Permanently",
        .token = "301",
        .meaning = "The resource has moved for good; use the address in Location from now on.",
        .reference = {9110, "15.4.2"},
        .since = 1945
    ),
    STATUS(
        302,
        "Found",
        .token = "302",
        .meaning = "The resource is elsewhere for the moment; keep using the old address.",
        .reference = {9110, "15.4.3"},
        .since = 1945
    ),
    STATUS(
        303,
        "See Other",
        .token = "303",
        .meaning = "The request is done; fetch the page in Location with GET to see the result.",
        .reference = {9110, "15.4.4"},
        .since = 2068
    ),
    STATUS(
        304,
        "Not Modified",
        .token = "304",
        .meaning = "The client's copy is still good, so the content is not sent again.",
        .reference = {9110, "15.4.5"},
        .since = 1945
    ),
    STATUS(
        305,
        "Use Proxy",
        .token = "305",
        .meaning = "The resource was to be fetched through a proxy; out of use for safety.",
        .reference = {9110, "15.4.6"},
        .since = 2068,
        .replaced_by = "a proxy set in the client"
    ),
    STATUS(
        307,
        "Temporary Redirect",
        .token = "307",
        .meaning = "The resource is elsewhere for the moment; repeat the same method there.",
        .reference = {9110, "15.4.8"},
        .since = 2616
    ),
    STATUS(
        308,
        "Permanent Redirect",
        .token = "308",
        .meaning = "The resource has moved for good; repeat the same method there.",
        .reference = {9110, "15.4.9"},
        .since = 7238
    ),
    STATUS(
        400,
        "Bad Request",
        .token = "400",
        .meaning = "The server cannot read the request, or holds it to be the client's mistake.",
        .reference = {9110, "15.5.1"},
        .since = 1945
    ),
    STATUS(
        401,
        "Unauthorized",
        .token = "401",
        .meaning = "The client must say who it is: WWW-Authenticate names the ways to do so.",
        .reference = {9110, "15.5.2"},
        .since = 1945
    ),
    STATUS(
        402,
        "Payment Required",
        .token = "402",
        .meaning = "The code is kept for a use in the future.",
        .reference = {9110, "15.5.3"},
        .since = 2068
    ),
    STATUS(
        403,
        "Forbidden",
        .token = "403",
        .meaning = "The server understood the request and refuses to fulfil it.",
        .reference = {9110, "15.5.4"},
        .since = 1945
    ),
    STATUS(
        404,
        "Not Found",
        .token = "404",
        .meaning = "The server has no such resource, or does not want to say that it has.",
        .reference = {9110, "15.5.5"},
        .since = 1945
    ),
    STATUS(
        405,
        "Method Not Allowed",
        .token = "405",
        .meaning = "The resource knows the method but does not allow it; Allow lists the others.",
        .reference = {9110, "15.5.6"},
        .since = 2068
    ),
    STATUS(
        406,
        "Not Acceptable",
        .token = "406",
        .meaning = "The server has no form of the resource that the client said it accepts.",
        .reference = {9110, "15.5.7"},
        .since = 2068
    ),
    STATUS(
        407,
        "Proxy Authentication Required",
        .token = "407",
        .meaning = "The client must say to the proxy who it is.",
        .reference = {9110, "15.5.8"},
        .since = 2068
    ),
    STATUS(
        408,
        "Request Timeout",
        .token = "408",
        .meaning = "The server waited too long for the whole request to arrive.",
        .reference = {9110, "15.5.9"},
        .since = 2068
    ),
    STATUS(
        409,
        "Conflict",
        .token = "409",
        .meaning = "The request does not fit the present state of the resource.",
        .reference = {9110, "15.5.10"},
        .since = 2068
    ),
    STATUS(
        410,
        "Gone",
        .token = "410",
        .meaning = "The resource was here and has gone, probably for good.",
        .reference = {9110, "15.5.11"},
        .since = 2068
    ),
    STATUS(
        411,
        "Length Required",
        .token = "411",
        .meaning = "The server wants a Content-Length field in the request.",
        .reference = {9110, "15.5.12"},
        .since = 2068
    ),
    STATUS(
        412,
        "Precondition Failed",
        .token = "412",
        .meaning = "A condition in the request's own fields turned out false.",
        .reference = {9110, "15.5.13"},
        .since = 2068
    ),
    STATUS(
        413,
        "Content Too Large",
        .token = "413",
        .meaning = "The content of the request is larger than the server will take.",
        .reference = {9110, "15.5.14"},
        .since = 2068
    ),
    STATUS(
        414,
        "URI Too Long",
        .token = "414",
        .meaning = "The target of the request is longer than the server will read.",
        .reference = {9110, "15.5.15"},
        .since = 2068
    ),
    STATUS(
        415,
        "Unsupported Media Type",
        .token = "415",
        .meaning = "The content is in a format that the resource does not take.",
        .reference = {9110, "15.5.16"},
        .since = 2068
    ),
    STATUS(
        416,
        "Range Not Satisfiable",
        .token = "416",
        .meaning = "The part asked for in Range lies outside the content.",
        .reference = {9110, "15.5.17"},
        .since = 2616
    ),
    STATUS(
        417,
        "Expectation Failed",
        .token = "417",
        .meaning = "The server cannot do what the Expect field asks for.",
        .reference = {9110, "15.5.18"},
        .since = 2616
    ),
    STATUS(
        421,
        "Misdirected Request",
        .token = "421",
        .meaning = "This server does not answer for the host named in the request.",
        .reference = {9110, "15.5.20"},
        .since = 7540
    ),
    STATUS(
        422,
        "Unprocessable Content",
        .token = "422",
        .meaning = "The content is well formed, but its instructions cannot be carried out.",
        .reference = {9110, "15.5.21"},
        .since = 2518
    ),
    STATUS(
        426,
        "Upgrade Required",
        .token = "426",
        .meaning = "The server refuses over this protocol; Upgrade names one that would do.",
        .reference = {9110, "15.5.22"},
        .since = 2817
    ),
    STATUS(
        428,
        "Precondition Required",
        .token = "428",
        .meaning = "The server wants a condition in the request, so that no change gets lost.",
        .reference = {6585, "3"}
    ),
    STATUS(
        429,
        "Too Many Requests",
        .token = "429",
        .meaning = "The client sent too many requests in a given time; Retry-After may say when.",
        .reference = {6585, "4"}
    ),
    STATUS(
        431,
        "Request Header Fields Too Large",
        .token = "431",
        .meaning = "The header fields of the request are too large, one or all together.",
        .reference = {6585, "5"}
    ),
    STATUS(
        500,
        "Internal Server Error",
        .token = "500",
        .meaning = "The server met a fault of its own and could not fulfil the request.",
        .reference = {9110, "15.6.1"},
        .since = 1945
    ),
    STATUS(
        501,
        "Not Implemented",
        .token = "501",
        .meaning = "The server does not know the method, for this or any other resource.",
        .reference = {9110, "15.6.2"},
        .since = 1945
    ),
    STATUS(
        502,
        "Bad Gateway",
        .token = "502",
        .meaning = "A gateway got an answer from the server behind it that it cannot use.",
        .reference = {9110, "15.6.3"},
        .since = 1945
    ),
    STATUS(
        503,
        "Service Unavailable",
        .token = "503",
        .meaning = "The server is overloaded or down for maintenance; try later.",
        .reference = {9110, "15.6.4"},
        .since = 1945
    ),
    STATUS(
        504,
        "Gateway Timeout",
        .token = "504",
        .meaning = "A gateway got no answer in time from the server behind it.",
        .reference = {9110, "15.6.5"},
        .since = 2068
    ),
    STATUS(
        505,
        "HTTP Version Not Supported",
        .token = "505",
        .meaning = "The server does not speak the version of HTTP in the request.",
        .reference = {9110, "15.6.6"},
        .since = 2068
    ),
    STATUS(
        511,
        "Network Authentication Required",
        .token = "511",
        .meaning = "The client must log in to the network first, as in a hotel.",
        .reference = {6585, "6"}
    ),
};
