/* Conversations as people have them, and which remarks they get. Octets go through frames and the
 * whole dissector, so a remark is tested where it will be seen. */

#include "tests/support/test.h"

#include "dissect/finding/remark.h"
#include "tests/support/frame-builder.h"

typedef struct {
    const char *name;
    guint16 port;
    const char *lines[24]; /* 'C' or 'S', then the octets; "R" resets from the server */
    const char *remarks;   /* names in the order they come, apart by a space */
} Case;

#define HELLO "S220 ready\r\n", "CEHLO crepes.fr\r\n"
#define OFFERS "S250-hi\r\n250-PIPELINING\r\n250-STARTTLS\r\n250 CHUNKING\r\n"
#define BARE_OFFER "S250 hi\r\n"
#define BYE "CQUIT\r\n", "S221 bye\r\n"

static const Case cases[] = {
    {
        .name = "nothing is wrong",
        .lines = {HELLO, BARE_OFFER, "CMAIL FROM:<alice@crepes.fr>\r\n", "S250 ok\r\n", BYE},
        .remarks = "",
    },
    {
        .name = "an address as a name, a null sender, a quoted mailbox",
        .lines =
            {"S220 ready\r\n",
             "CEHLO [192.0.2.1]\r\n",
             BARE_OFFER,
             "CMAIL FROM:<>\r\n",
             "S250 ok\r\n",
             "CRCPT TO:<\"bob smith\"@hamburger.edu>\r\n",
             "S250 ok\r\n",
             BYE},
        .remarks = "",
    },
    {
        .name = "a pipelined group where it was offered",
        .lines =
            {HELLO,
             "S250-hi\r\n250 PIPELINING\r\n",
             "CMAIL FROM:<a@crepes.fr>\r\nRCPT TO:<b@crepes.fr>\r\nQUIT\r\n",
             "S250 ok\r\n250 ok\r\n221 bye\r\n"},
        .remarks = "",
    },
    {
        .name = "and where it was not",
        .lines =
            {HELLO,
             BARE_OFFER,
             "CMAIL FROM:<a@crepes.fr>\r\nRCPT TO:<b@crepes.fr>\r\n",
             "S250 ok\r\n250 ok\r\n",
             BYE},
        .remarks = "pipelining-not-offered",
    },
    {
        .name = "a command behind EHLO in one go",
        .lines =
            {"S220 ready\r\n",
             "CEHLO crepes.fr\r\nMAIL FROM:<a@crepes.fr>\r\n",
             "S250 hi\r\n250 ok\r\n",
             BYE},
        .remarks = "pipeline-group",
    },
    {
        .name = "names",
        .lines =
            {"S220 ready\r\n",
             "CHELO laptop\r\n",
             BARE_OFFER,
             "CHELO my_laptop.crepes.fr\r\n",
             BARE_OFFER,
             BYE},
        .remarks = "hello-unqualified hello-name",
    },
    {
        .name = "what is missing behind a verb",
        .lines =
            {"S220 ready\r\n",
             "CEHLO\r\n",
             "S501 no\r\n",
             "CEHLO crepes.fr\r\n",
             BARE_OFFER,
             "CMAIL FROM <a@crepes.fr>\r\n",
             "S501 no\r\n",
             "CMAIL TO:<a@crepes.fr>\r\n",
             "S501 no\r\n",
             BYE},
        .remarks = "command-bare no-colon command-syntax",
    },
    {
        .name = "paths",
        .lines =
            {HELLO,
             BARE_OFFER,
             "CMAIL FROM: <alice@crepes.fr>\r\n",
             "S250 ok\r\n",
             "CRCPT TO:bob@hamburger.edu\r\n",
             "S250 ok\r\n",
             "CRCPT TO:<bob..x@b.edu>\r\n",
             "S501 no\r\n",
             BYE},
        .remarks = "space-after-colon no-brackets address-syntax",
    },
    {
        .name = "line ends, order, unknown verbs; private ones are nobody's business",
        .lines =
            {HELLO,
             BARE_OFFER,
             "CRSET\n",
             "S250 ok\r\n",
             "CDATA\r\n",
             "S503 no\r\n",
             "CPING\r\n",
             "S500 what\r\n",
             "CXPING\r\n",
             "S500 what\r\n",
             BYE},
        .remarks = "bare-lf wrong-order unknown-command",
    },
    {
        .name = "a parameter that was not offered",
        .lines =
            {HELLO, BARE_OFFER, "CMAIL FROM:<a@crepes.fr> BODY=8BITMIME\r\n", "S555 no\r\n", BYE},
        .remarks = "parameter-not-offered",
    },
    {
        .name = "a message larger than the limit",
        .lines =
            {HELLO,
             "S250-hi\r\n250 SIZE 100\r\n",
             "CMAIL FROM:<a@crepes.fr> SIZE=101\r\n",
             "S552 no\r\n",
             BYE},
        .remarks = "size-over-limit",
    },
    {
        .name = "STARTTLS was there",
        .lines = {HELLO, OFFERS, "CMAIL FROM:<a@crepes.fr>\r\n", "S250 ok\r\n", BYE},
        .remarks = "starttls-unused",
    },
    {
        .name = "STARTTLS was overwritten",
        .lines = {HELLO, "S250-hi\r\n250 XXXXXXXA\r\n", BYE},
        .remarks = "starttls-stripped",
    },
    {
        .name = "STARTTLS with octets behind it",
        .lines = {HELLO, OFFERS, "CSTARTTLS\r\nRSET\r\n", "S220 go\r\n", BYE},
        .remarks = "starttls-injection plaintext-after-starttls",
    },
    {
        .name = "enhanced codes",
        .lines =
            {HELLO,
             "S250-hi\r\n250 ENHANCEDSTATUSCODES\r\n",
             "CRSET\r\n",
             "S250 5.0.0 ok\r\n",
             "CRSET\r\n",
             "S250 2.0 ok\r\n",
             "CRSET\r\n",
             "S250 2.99.99 ok\r\n",
             "CRSET\r\n",
             "S250 ok\r\n",
             "CQUIT\r\n",
             "S221 2.0.0 bye\r\n"},
        .remarks = "enhanced-code-class enhanced-code-malformed enhanced-code-unknown "
                   "enhanced-code-missing",
    },
    {
        .name = "digits that are no code, where none was offered",
        .lines = {HELLO, BARE_OFFER, "CRSET\r\n", "S250 2.5 MB left\r\n", BYE},
        .remarks = "",
    },
    {
        .name = "a chunk after a refused one",
        .lines =
            {HELLO,
             OFFERS,
             "CBDAT 2\r\nab",
             "S503 no\r\n",
             "CBDAT 2 LAST\r\nab",
             "S503 no\r\n",
             BYE},
        .remarks = "wrong-order bdat-after-refusal",
    },
    {
        .name = "smuggling, dots, the eighth bit",
        .lines =
            {HELLO,
             BARE_OFFER,
             "CMAIL FROM:<a@crepes.fr>\r\n",
             "S250 ok\r\n",
             "CRCPT TO:<b@crepes.fr>\r\n",
             "S250 ok\r\n",
             "CDATA\r\n",
             "S354 go\r\n",
             "C\r\nx\n.\r\n.y\r\n\xc3\xa9\r\n.\r\n",
             "S250 ok\r\n",
             BYE},
        .remarks = "smuggling content-bare-lf dot-not-stuffed 8bit-without-8bitmime",
    },
    {
        .name = "no QUIT",
        .lines = {HELLO, BARE_OFFER},
        .remarks = "no-quit",
    },
    {
        .name = "a reset in the middle",
        .lines = {HELLO, BARE_OFFER, "CRSET\r\n", "R"},
        .remarks = "reset",
    },
    {
        .name = "POP3: order, unknown, password, dots",
        .port = 110,
        .lines =
            {"S+OK hi\r\n",
             "CSTAT\r\n",
             "S-ERR no\r\n",
             "CPING\r\n",
             "S-ERR what\r\n",
             "CUSER bob\r\n",
             "S+OK\r\n",
             "CPASS x\r\n",
             "S+OK\r\n",
             "CRETR 1\r\n",
             "S+OK\r\n\r\n.x\r\n.\r\n",
             "CQUIT\r\n",
             "S+OK\r\n"},
        .remarks = "pop3-wrong-order pop3-unknown-command plaintext-password pop3-dot-not-stuffed",
    },
    {
        .name = "IMAP: order, password",
        .port = 143,
        .lines =
            {"S* OK hi\r\n",
             "Ca SELECT INBOX\r\n",
             "Sa BAD no\r\n",
             "Cb LOGIN bob x\r\n",
             "Sb OK in\r\n",
             "Cc LOGOUT\r\n",
             "S* BYE\r\nc OK bye\r\n"},
        .remarks = "imap-wrong-order plaintext-password",
    },
};

typedef struct {
    RemarkJudge *judge;
    GString *names;
    guint64 step;
} Listener;

static void on_remark(gpointer data, const Remark *remark)
{
    Listener *listener = data;
    assert_true(remark->step == listener->step);
    g_string_append_printf(
        listener->names, "%s%s", listener->names->len > 0 ? " " : "", remark->row->name
    );
}

static void on_event(gpointer owner, const DissectEvent *event)
{
    Listener *listener = owner;
    listener->step = event->step;
    remarks_judge_event(listener->judge, event, on_remark, listener);
}

typedef struct {
    Dissector *dissector;
    guint16 port;
    guint32 next[2];
    guint64 frame;
} Wire;

static void send_segment(Wire *wire, guint side, guint8 flags, ByteSpan payload)
{
    const char *const hosts[] = {"10.0.0.1", "10.0.0.2"};
    const guint16 ports[] = {40000, wire->port};
    FrameSegment segment = {
        .source = hosts[side],
        .destination = hosts[!side],
        .source_port = ports[side],
        .destination_port = ports[!side],
        .sequence = wire->next[side],
        .acknowledgement = (flags & TCP_FLAG_ACK) != 0 ? wire->next[!side] : 0,
        .flags = flags,
        .window = 65000,
        .payload = payload,
    };
    GByteArray *octets = frame_new_tcp(&segment);
    frame_wrap_ethernet(octets, 0x0800);
    CaptureFrame frame = {
        .number = ++wire->frame,
        .time_ns = (gint64)wire->frame * 1000000,
        .data = octets->data,
        .captured_length = octets->len,
        .original_length = octets->len,
        .link_type = 1,
    };
    dissector_frame(wire->dissector, &frame);
    g_byte_array_unref(octets);
    wire->next[side] += (guint32)payload.length + ((flags & (TCP_FLAG_SYN | TCP_FLAG_FIN)) != 0);
}

static void say(Wire *wire, const char *line, bool is_split)
{
    guint side = line[0] == 'C' ? 0 : 1;
    ByteSpan octets = byte_span_from_string(line + 1);
    gsize piece = is_split ? 1 : MAX(octets.length, 1);
    for (gsize at = 0; at < octets.length; at += piece) {
        send_segment(wire, side, TCP_FLAG_PSH | TCP_FLAG_ACK, byte_span_slice(octets, at, piece));
    }
}

static char *remarks_of(const Case *one, bool is_split)
{
    Listener listener = {.judge = remark_judge_new(), .names = g_string_new(NULL)};
    DissectSink sink = {.event = on_event};
    Wire wire = {.port = one->port == 0 ? 25 : one->port, .next = {1000, 2000}};
    bool was_reset = false;
    wire.dissector = dissector_new(NULL, &sink, &listener);
    send_segment(&wire, 0, TCP_FLAG_SYN, BYTE_SPAN_EMPTY);
    send_segment(&wire, 1, TCP_FLAG_SYN | TCP_FLAG_ACK, BYTE_SPAN_EMPTY);
    send_segment(&wire, 0, TCP_FLAG_ACK, BYTE_SPAN_EMPTY);
    for (guint i = 0; one->lines[i] != NULL; i++) {
        was_reset = one->lines[i][0] == 'R';
        if (was_reset) {
            send_segment(&wire, 1, TCP_FLAG_RST | TCP_FLAG_ACK, BYTE_SPAN_EMPTY);
        } else {
            say(&wire, one->lines[i], is_split);
        }
    }
    if (!was_reset) {
        send_segment(&wire, 0, TCP_FLAG_FIN | TCP_FLAG_ACK, BYTE_SPAN_EMPTY);
        send_segment(&wire, 1, TCP_FLAG_FIN | TCP_FLAG_ACK, BYTE_SPAN_EMPTY);
        send_segment(&wire, 0, TCP_FLAG_ACK, BYTE_SPAN_EMPTY);
    }
    dissector_finish(wire.dissector);
    dissector_free(wire.dissector);
    remark_judge_free(listener.judge);
    return g_string_free(listener.names, FALSE);
}

static void test_cases(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (guint is_split = 0; is_split < 2; is_split++) {
            g_autofree char *found = remarks_of(&cases[i], is_split == 1);
            if (!g_str_equal(found, cases[i].remarks)) {
                fail_msg(
                    "%s%s: found '%s', not '%s'",
                    cases[i].name,
                    is_split == 1 ? ", octet by octet" : "",
                    found,
                    cases[i].remarks
                );
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
