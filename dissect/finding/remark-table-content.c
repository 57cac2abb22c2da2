#include "dissect/finding/remark-rows.h"

/* Messages on their way: line ends, dots, octets, and the envelope beside the header. */

const RemarkRow remark_content_rows[] = {
    {
        .id = REMARK_SMUGGLING,
        .name = "smuggling",
        .severity = FINDING_ERROR,
        .requirement = "MUST NOT",
        .text = "Inside the message stands a dot on a line of its own whose line ends are not "
                "CRLF; a careless receiver ends the message there and takes what follows for "
                "commands.",
        .instead = "Send no bare CR or LF; as a receiver, end a message only at CRLF . CRLF.",
        .reference = {5321, "4.1.1.4"},
    },
    {
        .id = REMARK_CONTENT_BARE_LF,
        .name = "content-bare-lf",
        .severity = FINDING_ERROR,
        .requirement = "MUST NOT",
        .text = "Lines of the message end with a line feed alone.",
        .instead = "Close every line with CRLF before the message is sent.",
        .reference = {5321, "2.3.8"},
    },
    {
        .id = REMARK_CONTENT_BARE_CR,
        .name = "content-bare-cr",
        .severity = FINDING_ERROR,
        .requirement = "MUST NOT",
        .text = "The message holds a carriage return without a line feed behind it.",
        .instead = "Send CR only as the first half of CRLF, or encode the part in base64.",
        .reference = {5321, "2.3.8"},
    },
    {
        .id = REMARK_NOT_STUFFED,
        .name = "dot-not-stuffed",
        .severity = FINDING_ERROR,
        .requirement = "",
        .text = "A line begins with a single dot that was not doubled; the receiver takes it "
                "away.",
        .instead = "Double a dot at the start of a line.",
        .reference = {5321, "4.5.2"},
    },
    {
        .id = REMARK_CONTENT_NUL,
        .name = "content-nul",
        .severity = FINDING_WARNING,
        .requirement = "SHOULD",
        .text = "The message holds a NUL, a control character that causes problems on the way.",
        .instead = "Encode the part in base64.",
        .reference = {5321, "4.1.1.4"},
    },
    {
        .id = REMARK_EIGHT_BIT_CONTENT,
        .name = "8bit-without-8bitmime",
        .severity = FINDING_ERROR,
        .requirement = "must not",
        .text = "The message holds octets above 127, but MAIL did not say BODY=8BITMIME.",
        .instead = "Say BODY=8BITMIME where the server offers it; else encode in quoted-printable "
                   "or base64.",
        .reference = {6152, "3"},
    },
    {
        .id = REMARK_TEXT_LINE_LONG,
        .name = "text-line-too-long",
        .severity = FINDING_ERROR,
        .requirement = "",
        .text = "A line of the message is longer than 1000 octets, CRLF included.",
        .instead = "Break the line, or encode the part in quoted-printable or base64.",
        .reference = {5321, "4.5.3.1.6"},
    },
    {
        .id = REMARK_SENDER_DIFFERS,
        .name = "sender-differs",
        .severity = FINDING_NOTE,
        .requirement = "",
        .text = "The envelope's sender is neither in From nor in Sender. Mailing lists, "
                "forwarding and bulk mailers do so for good reasons; forgers do it, too.",
        .instead = "Compare with the results of SPF and DKIM before you believe it.",
        .reference = {5321, "7.1"},
    },
    {
        .id = REMARK_RECIPIENT_UNNAMED,
        .name = "recipient-not-named",
        .severity = FINDING_NOTE,
        .requirement = "",
        .text = "A recipient of the envelope stands in no To or Cc field. Blind copies, lists "
                "and forwarding do so; spam does it, too.",
        .reference = {5321, "7.2"},
    },
};

const gsize remark_content_row_count = G_N_ELEMENTS(remark_content_rows);
