#include "tests/support/test.h"

#include "dissect/conversation/dissector.h"
#include "dissect/finding/secret-mask.h"
#include "tests/support/talk-script.h"

/* A password or a token that was said once is in none of the lines that follow, whichever side
 * repeats it; and what only looks alike stays. */

#define SECRET "hungry12"
#define BASIC "Authorization: Basic Ym9iOmh1bmdyeTEy\r\n" /* bob:hungry12 */

typedef struct {
    const char *name;
    guint16 port;
    TalkLine lines[10];
    const char *shown[3]; /* lines as they may be seen */
} Case;

static const Case cases[] = {
    {
        .name = "Basic, repeated by the server",
        .port = 80,
        .lines =
            {
                TALK_CLIENT("GET / HTTP/1.1\r\n" BASIC "\r\n"),
                TALK_SERVER("HTTP/1.1 204 no\r\nX-Echo: <" SECRET "> Ym9iOmh1bmdyeTEy\r\n\r\n"),
                TALK_CLIENT("GET /" SECRET "?q=" SECRET " HTTP/1.1\r\nX-Mine: " SECRET "\r\n\r\n"),
            },
        .shown =
            {"X-Echo: <" SECRET_MASK "> " SECRET_MASK "\n",
             "GET /" SECRET_MASK "?q=" SECRET_MASK " HTTP/1.1\n",
             "X-Mine: " SECRET_MASK "\n"},
    },
    {
        .name = "a form, repeated before the log-in is answered",
        .port = 80,
        .lines =
            {
                TALK_CLIENT("POST /login HTTP/1.1\r\nContent-Type: "
                            "application/x-www-form-urlencoded\r\nContent-Length: 28\r\n\r\n"
                            "user=bob&pass=%68ungry12&x=1"),
                TALK_SERVER("HTTP/1.1 302 no\r\nLocation: /?user=bob&q=" SECRET "\r\n\r\n"),
            },
        .shown = {"Location: /?user=bob&q=" SECRET_MASK "\n"},
    },
    {
        .name = "a cookie",
        .port = 80,
        .lines =
            {
                TALK_CLIENT("GET / HTTP/1.1\r\nCookie: lang=en; user_password=" SECRET "\r\n\r\n"),
                TALK_SERVER("HTTP/1.1 204 no\r\nSet-Cookie: pw=\"cu%72ry99\"; Path=/in\r\n"
                            "X-Echo: curry99 " SECRET "\r\n\r\n"),
            },
        .shown = {"X-Echo: " SECRET_MASK " " SECRET_MASK "\n"},
    },
    {
        .name = "JSON",
        .port = 80,
        .lines =
            {
                TALK_CLIENT(
                    "POST /login HTTP/1.1\r\nContent-Type: application/json\r\n"
                    "Content-Length: 38\r\n\r\n{\"user\":\"bob\", \"passwd\" : \"hungry12\"}\n"
                ),
                TALK_SERVER("HTTP/1.1 204 no\r\nX-Echo: bob " SECRET "\r\n\r\n"),
            },
        .shown = {"X-Echo: bob " SECRET_MASK "\n"},
    },
    {
        .name = "URLs",
        .port = 80,
        .lines =
            {
                TALK_CLIENT("GET http://bob:" SECRET "@crepes.fr/ HTTP/1.1\r\n"
                            "Referer: http://crepes.fr/?user=bob&password=" SECRET "&x=1\r\n\r\n"),
                TALK_SERVER("HTTP/1.1 302 no\r\nLocation: /?pw=" SECRET "\r\n\r\n"),
            },
        .shown =
            {"GET http://bob:" SECRET_MASK "@crepes.fr/ HTTP/1.1\n",
             "Referer: http://crepes.fr/?user=bob&password=" SECRET_MASK "&x=1\n",
             "Location: /?pw=" SECRET_MASK "\n"},
    },
    {
        .name = "what is no secret, or too short for one",
        .port = 80,
        .lines =
            {
                TALK_CLIENT("GET /?user=alice&pw=abc HTTP/1.1\r\nReferer: http://a:25/?x=alice\r\n"
                            "\r\n"),
                TALK_SERVER("HTTP/1.1 302 no\r\nLocation: /alice?pin=abc&x=25\r\n\r\n"),
            },
        .shown = {"Referer: http://a:25/?x=alice\n", "Location: /alice?pin=abc&x=25\n"},
    },
    {
        .name = "XOAUTH2",
        .port = 25,
        .lines =
            {
                TALK_SERVER("220 h\r\n"),
                TALK_CLIENT("AUTH XOAUTH2 dXNlcj1ib2IBYXV0aD1CZWFyZXIgaHVuZ3J5MTIBAQ==\r\n"),
                TALK_SERVER("535 no bob with " SECRET "\r\n"),
            },
        .shown = {"535 no bob with " SECRET_MASK "\n"},
    },
    {
        .name = "OAUTHBEARER",
        .port = 25,
        .lines =
            {
                TALK_SERVER("220 h\r\n"),
                TALK_CLIENT("AUTH OAUTHBEARER bixhPWJvYiwBYXV0aD1CZWFyZXIgaHVuZ3J5MTIBAQ==\r\n"),
                TALK_SERVER("535 no bob with " SECRET "\r\n"),
            },
        .shown = {"535 no bob with " SECRET_MASK "\n"},
    },
    {
        .name = "the log-in of SOCKS 5",
        .port = 1080,
        .lines =
            {
                TALK_CLIENT("\x05\x02\x00\x02"),
                TALK_SERVER("\x05\x02"),
                TALK_CLIENT("\x01\x03"
                            "bob\x08" SECRET),
                TALK_SERVER("\x01\x00"),
                TALK_CLIENT("\x05\x01\x00\x01\x0a\x00\x00\x09\x00\x19"),
                TALK_SERVER("\x05\x00\x00\x01\x0a\x00\x00\x09\x00\x19"),
                TALK_SERVER("220 bob ESMTP " SECRET "\r\n"),
            },
        .shown = {"220 bob ESMTP " SECRET_MASK "\n"},
    },
};

static void on_event(gpointer owner, const DissectEvent *event)
{
    GString *log = owner;
    const DialogueEvent *said = event->dialogue;
    if (event->kind == DISSECT_DIALOGUE &&
        (said->kind == DIALOGUE_EVENT_COMMAND || said->kind == DIALOGUE_EVENT_REPLY ||
         said->kind == DIALOGUE_EVENT_CONTINUATION)) {
        g_autofree char *text = secret_display_text(said, false);
        g_string_append_printf(log, "%s\n", text);
        g_autofree char *arguments =
            said->is_secret ? g_strdup("") : byte_span_to_display(said->arguments);
        assert_null(strstr(arguments, SECRET));
        assert_non_null(strstr(text, arguments));
    }
}

static char *said_in(const Case *talk)
{
    gsize count = 0;
    while (count < G_N_ELEMENTS(talk->lines) && talk->lines[count].text != NULL) {
        count++;
    }
    GString *log = g_string_new(NULL);
    DissectSink sink = {.event = on_event};
    g_autoptr(Dissector) dissector = dissector_new(NULL, &sink, log);
    g_autoptr(GPtrArray) frames = talk_script_frames(talk->lines, count, 40000, talk->port);
    talk_script_feed(dissector, frames, 1);
    dissector_finish(dissector);
    return g_string_free(log, FALSE);
}

static void what_is_repeated_is_masked(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        print_message("# %s\n", cases[i].name);
        g_autofree char *log = said_in(&cases[i]);
        assert_null(strstr(log, SECRET));
        for (gsize j = 0; j < G_N_ELEMENTS(cases[i].shown) && cases[i].shown[j] != NULL; j++) {
            if (strstr(log, cases[i].shown[j]) == NULL) {
                print_message("%s", log);
            }
            assert_non_null(strstr(log, cases[i].shown[j]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_repeated_is_masked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
