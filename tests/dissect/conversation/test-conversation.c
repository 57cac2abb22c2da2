#include "tests/support/test.h"

#include "dissect/conversation/dissector.h"
#include "tests/support/talk-script.h"

/* Which protocol a stream is found to speak, and how, from what both sides say. The events are
 * written down one a line: "SMTP inside", "C EHLO", "S 220", "message 5 complete". */

typedef struct {
    const char *name;
    guint16 port;
    TalkLine lines[16];
    const char *expected;
} Case;

static const Case cases[] = {
    {
        .name = "by port",
        .port = 25,
        .lines = {TALK_SERVER("220 h\r\n"), TALK_CLIENT("NOOP\r\n"), TALK_SERVER("250 ok\r\n")},
        .expected = "SMTP by port\nS 220\nC NOOP\nS 250\n",
    },
    {
        .name = "by content on any port",
        .port = 4025,
        .lines = {TALK_SERVER("220 h ESMTP\r\n"), TALK_CLIENT("EHLO crepes.fr\r\n")},
        .expected = "SMTP by content\nS 220\nC EHLO\n",
    },
    {
        .name = "POP3 by content",
        .port = 4110,
        .lines = {TALK_SERVER("+OK POP3 ready\r\n"), TALK_CLIENT("USER bob\r\n")},
        .expected = "POP3 by content\nS +OK\nC USER\n",
    },
    {
        .name = "inside HTTP CONNECT",
        .port = 8080,
        .lines =
            {
                TALK_CLIENT("CONNECT mail.crepes.fr:25 HTTP/1.1\r\nHost: mail.crepes.fr\r\n\r\n"),
                TALK_SERVER("HTTP/1.1 200 fine\r\n\r\n"),
                TALK_SERVER("220 mail.crepes.fr ESMTP\r\n"),
                TALK_CLIENT("QUIT\r\n"),
            },
        .expected = "HTTP by port\nC CONNECT\nS 200\nopaque\nopaque\nSMTP inside\nS 220\nC QUIT\n",
    },
    {
        .name = "inside HTTP CONNECT, in the same segments as the proxy's words",
        .port = 3128,
        .lines =
            {
                TALK_CLIENT("CONNECT h:25 HTTP/1.1\r\nHost: h\r\n\r\nEHLO crepes.fr\r\n"),
                TALK_SERVER("HTTP/1.1 200 OK\r\n\r\n220 h ESMTP\r\n250 h\r\n"),
                TALK_CLIENT("QUIT\r\n"),
            },
        .expected = "HTTP by content\nC CONNECT\nS 200\nopaque\nopaque\nSMTP inside\n"
                    "C EHLO\nS 220\nS 250\nC QUIT\n",
    },
    {
        .name = "inside HTTP CONNECT, cut off in the middle of a line",
        .port = 3128,
        .lines =
            {
                TALK_CLIENT("CONNECT h:25 HTTP/1.1\r\nHost: h\r\n\r\n"),
                TALK_SERVER("HTTP/1.1 200 OK\r\n\r\n22"),
                TALK_SERVER("0 h ESMTP\r\n"),
                TALK_CLIENT("QUIT\r\n"),
            },
        .expected = "HTTP by content\nC CONNECT\nS 200\nopaque\nopaque\nSMTP inside\n"
                    "S 220\nC QUIT\n",
    },
    {
        .name = "inside SOCKS 5",
        .port = 1080,
        .lines =
            {
                TALK_CLIENT("\x05\x01\x00"),
                TALK_SERVER("\x05\x00"),
                TALK_CLIENT("\x05\x01\x00\x01\x0a\x00\x00\x09\x00\x19"),
                TALK_SERVER("\x05\x00\x00\x01\x0a\x00\x00\x09\x00\x19"),
                TALK_SERVER("220 mail.crepes.fr ESMTP\r\n"),
                TALK_CLIENT("QUIT\r\n"),
            },
        .expected = "SMTP inside\nS 220\nC QUIT\n",
    },
    {
        .name = "plain text after STARTTLS",
        .port = 25,
        .lines =
            {
                TALK_SERVER("220 h ESMTP\r\n"),
                TALK_CLIENT("STARTTLS\r\n"),
                TALK_SERVER("220 go\r\n"),
                TALK_CLIENT("EHLO crepes.fr\r\n"),
            },
        .expected = "SMTP by port\nS 220\nC STARTTLS\nS 220\nC EHLO !plaintext\n",
    },
    {
        .name = "DNS over TCP",
        .port = 53,
        .lines = {TALK_CLIENT("\0\x1b\0\7\1\0\0\1\0\0\0\0\0\0\6crepes\2fr\0\0\x0f\0\1")},
        .expected = "DNS by port\ndns of 27 octets\n",
    },
    {
        .name = "parts of a message",
        .port = 143,
        .lines =
            {
                TALK_SERVER("* PREAUTH hi\r\n"),
                TALK_CLIENT("a FETCH 1 BODY.PEEK[]<0.10>\r\n"),
                TALK_SERVER("* 1 FETCH (BODY[]<0> {10}\r\nA: b\r\n\r\nhi)\r\na OK\r\n"),
                TALK_CLIENT("b FETCH 1 BODY.PEEK[]<10.10>\r\n"),
                TALK_SERVER("* 1 FETCH (BODY[]<10> {5}\r\n Bob.)\r\nb OK\r\n"),
                TALK_CLIENT("c LOGOUT\r\n"),
            },
        .expected = "IMAP by port\nS PREAUTH\nC FETCH\nS FETCH\nS OK\nC FETCH\n"
                    "S FETCH\nS OK\nmessage of 15 octets, complete, begun once\nC LOGOUT\n",
    },
    {
        .name = "parts of a message that overlap",
        .port = 143,
        .lines =
            {
                TALK_SERVER("* PREAUTH hi\r\n"),
                TALK_CLIENT("a FETCH 1 BODY.PEEK[]<0.10>\r\nb FETCH 1 BODY.PEEK[]<4.20>\r\n"),
                TALK_SERVER("* 1 FETCH (BODY[]<0> {10}\r\nA: b\r\n\r\nhi)\r\na OK\r\n"),
                TALK_SERVER("* 1 FETCH (BODY[]<4> {11}\r\n\r\n\r\nhi Bob.)\r\nb OK\r\n"),
                TALK_CLIENT("c LOGOUT\r\n"),
            },
        .expected = "IMAP by port\nS PREAUTH\nC FETCH\nC FETCH\nS FETCH\nS OK\n"
                    "S FETCH\nS OK\nmessage of 15 octets, complete, begun once\nC LOGOUT\n",
    },
    {
        .name = "SMTP on the port of POP3, the greeting cut into pieces",
        .port = 110,
        .lines =
            {
                TALK_SERVER("2"),
                TALK_SERVER("20 h ES"),
                TALK_SERVER("MTP\r\n"),
                TALK_CLIENT("QUIT\r\n"),
            },
        .expected = "SMTP by content\nS 220\nC QUIT\n",
    },
    {
        .name = "HTTP on the port of SMTP, the request cut into pieces",
        .port = 25,
        .lines = {TALK_CLIENT("G"), TALK_CLIENT("ET / HT"), TALK_CLIENT("TP/1.1\r\n\r\n")},
        .expected = "HTTP by content\nC GET\n",
    },
    {
        .name = "IMAP with a tag that begins as another protocol would",
        .port = 143,
        .lines = {TALK_CLIENT("h"), TALK_CLIENT(" NOOP\r\n"), TALK_SERVER("h OK\r\n")},
        .expected = "IMAP by port\nC NOOP\nS OK\n",
    },
    {
        .name = "inside SOCKS 5, the first octets cut into pieces",
        .port = 1080,
        .lines =
            {
                TALK_CLIENT("\5"),
                TALK_CLIENT("\1\0"),
                TALK_SERVER("\5\0"),
                TALK_CLIENT("\5\1\0\1\xa\0\0\2\0\x19"),
                TALK_SERVER("\5\0\0\1\xa\0\0\2\0\x19"
                            "220 h ESMTP\r\n"),
                TALK_CLIENT("QUIT\r\n"),
            },
        .expected = "SMTP inside\nS 220\nC QUIT\n",
    },
    {
        .name = "no mail at all",
        .port = 22,
        .lines = {TALK_SERVER("SSH-2.0-OpenSSH_9.2\r\n"), TALK_CLIENT("SSH-2.0-x\r\n")},
        .expected = "",
    },
};

typedef struct {
    GString *log;
    guint begun;
} Log;

static void log_said(Log *log, const DialogueEvent *said)
{
    const char *flaw =
        (said->defects & DIALOGUE_DEFECT_PLAINTEXT_AFTER_TLS) != 0 ? " !plaintext" : "";
    if (said->kind == DIALOGUE_EVENT_COMMAND) {
        g_string_append_printf(
            log->log, "C %.*s%s\n", (int)said->verb.length, (const char *)said->verb.data, flaw
        );
    } else if (said->kind == DIALOGUE_EVENT_REPLY && said->is_first) {
        g_string_append_printf(
            log->log, "S %.*s%s\n", (int)said->code.length, (const char *)said->code.data, flaw
        );
    } else if (said->kind == DIALOGUE_EVENT_OPAQUE) {
        g_string_append(log->log, "opaque\n");
    } else if (said->kind == DIALOGUE_EVENT_MESSAGE_BEGIN) {
        log->begun++;
    } else if (said->kind == DIALOGUE_EVENT_MESSAGE_END) {
        g_string_append_printf(
            log->log,
            "message of %" G_GUINT64_FORMAT " octets, %s, begun %s\n",
            said->message->octets,
            said->message->is_complete ? "complete" : "incomplete",
            log->begun == 1 ? "once" : "more often"
        );
        log->begun = 0;
    }
}

static void on_event(gpointer owner, const DissectEvent *event)
{
    static const char *const evidence[] = {
        [PROTOCOL_FOUND_BY_PORT] = "by port",
        [PROTOCOL_FOUND_BY_CONTENT] = "by content",
        [PROTOCOL_FOUND_BY_OPTION] = "by option",
        [PROTOCOL_FOUND_INSIDE] = "inside",
    };
    Log *log = owner;
    if (event->kind == DISSECT_PROTOCOL) {
        g_string_append_printf(
            log->log,
            "%s %s\n",
            mail_protocol_name(event->conversation->protocol),
            evidence[event->conversation->evidence]
        );
    } else if (event->kind == DISSECT_DNS) {
        g_string_append_printf(log->log, "dns of %zu octets\n", event->octets.length);
    } else if (event->kind == DISSECT_DIALOGUE) {
        log_said(log, event->dialogue);
    }
}

static void each_stream_is_found_to_speak_its_protocol(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gsize count = 0;
        while (count < G_N_ELEMENTS(cases[i].lines) && cases[i].lines[count].text != NULL) {
            count++;
        }
        Log log = {.log = g_string_new(NULL)};
        DissectSink sink = {.event = on_event};
        {
            g_autoptr(Dissector) dissector = dissector_new(NULL, &sink, &log);
            g_autoptr(GPtrArray) frames =
                talk_script_frames(cases[i].lines, count, 40000, cases[i].port);
            talk_script_feed(dissector, frames, 1);
            dissector_finish(dissector);
        }
        if (!g_str_equal(log.log->str, cases[i].expected)) {
            print_message("# %s\n", cases[i].name);
        }
        assert_string_equal(log.log->str, cases[i].expected);
        g_string_free(log.log, TRUE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_stream_is_found_to_speak_its_protocol),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
