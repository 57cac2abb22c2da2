#include "dissect/finding/remark-rows.h"

/* Lines of SMTP, the client's and the server's. */

const RemarkRow remark_smtp_rows[] = {
    {
        .id = REMARK_BARE_LF,
        .name = "bare-lf",
        .severity = FINDING_ERROR,
        .requirement = "MUST NOT",
        .text = "The line ends with a line feed alone, which ends no line in SMTP.",
        .instead = "Close every line with CRLF.",
        .reference = {5321, "2.3.8"},
    },
    {
        .id = REMARK_BARE_CR,
        .name = "bare-cr",
        .severity = FINDING_ERROR,
        .requirement = "MUST NOT",
        .text = "A carriage return stands inside the line, without a line feed behind it.",
        .instead = "Send CR only as the first half of CRLF.",
        .reference = {5321, "2.3.8"},
    },
    {
        .id = REMARK_COMMAND_LONG,
        .name = "command-too-long",
        .severity = FINDING_WARNING,
        .requirement = "",
        .text = "The command line is longer than the 512 octets every server must take, CRLF "
                "included.",
        .instead = "Use shorter commands, or an extension that allows longer ones.",
        .reference = {5321, "4.5.3.1.4"},
    },
    {
        .id = REMARK_REPLY_LONG,
        .name = "reply-too-long",
        .severity = FINDING_WARNING,
        .requirement = "",
        .text = "The reply line is longer than the 512 octets every client must take, CRLF "
                "included.",
        .instead = "Say it in a reply of several lines.",
        .reference = {5321, "4.5.3.1.5"},
    },
    {
        .id = REMARK_LINE_NUL,
        .name = "nul-in-line",
        .severity = FINDING_ERROR,
        .requirement = "",
        .text = "The line holds a NUL; commands and replies are text.",
        .instead = "Send only printable ASCII.",
        .reference = {5321, "2.4"},
    },
    {
        .id = REMARK_LINE_EIGHT_BIT,
        .name = "8bit-in-line",
        .severity = FINDING_ERROR,
        .requirement = "",
        .text = "The line holds octets above 127; without SMTPUTF8 commands and replies are "
                "ASCII.",
        .instead = "Send ASCII, or agree on SMTPUTF8 first.",
        .reference = {5321, "2.4"},
    },
    {
        .id = REMARK_COMMAND_UNKNOWN,
        .name = "unknown-command",
        .severity = FINDING_WARNING,
        .requirement = "",
        .text = "No RFC that mailwalk knows has a command with this verb.",
        .instead = "Look for a slip of the keyboard; a server answers 500.",
        .reference = {5321, "4.2.4"},
    },
    {
        .id = REMARK_COMMAND_SYNTAX,
        .name = "command-syntax",
        .severity = FINDING_ERROR,
        .requirement = "",
        .text = "What stands behind the verb does not have the form this command asks for.",
        .instead = "`mailwalk rfc COMMAND` shows its form.",
        .reference = {5321, "4.1.2"},
    },
    {
        .id = REMARK_SPACE_AFTER_COLON,
        .name = "space-after-colon",
        .severity = FINDING_ERROR,
        .requirement = "",
        .text = "A space stands between the colon and the path, a common mistake that servers "
                "may refuse.",
        .instead = "Write the bracket directly behind the colon.",
        .reference = {5321, "3.3"},
    },
    {
        .id = REMARK_NO_BRACKETS,
        .name = "no-brackets",
        .severity = FINDING_ERROR,
        .requirement = "",
        .text = "The path stands without its angle brackets.",
        .instead = "Put < and > around the address.",
        .reference = {5321, "4.1.2"},
    },
    {
        .id = REMARK_COMMAND_ORDER,
        .name = "wrong-order",
        .severity = FINDING_ERROR,
        .requirement = "",
        .text = "The command is not allowed at this point of the session.",
        .instead = "Keep the order: EHLO, MAIL, RCPT, DATA; then the next MAIL, or QUIT.",
        .reference = {5321, "4.1.4"},
    },
    {
        .id = REMARK_EARLY_TALKER,
        .name = "early-talker",
        .severity = FINDING_WARNING,
        .requirement = "SHOULD",
        .text = "The client speaks before the server has greeted it, as careless spam programs "
                "do.",
        .instead = "Wait for the line with 220.",
        .reference = {5321, "4.3.1"},
    },
    {
        .id = REMARK_PLAINTEXT_AFTER_TLS,
        .name = "plaintext-after-starttls",
        .severity = FINDING_ERROR,
        .requirement = "MUST",
        .text = "STARTTLS was agreed on, and yet the client goes on in plain text.",
        .instead = "After 220 start the TLS handshake before any other command.",
        .reference = {3207, "4"},
    },
    {
        .id = REMARK_INJECTED,
        .name = "starttls-injection",
        .severity = FINDING_ERROR,
        .requirement = "MUST",
        .text = "Octets came right behind STARTTLS in plain text; a careless server takes them "
                "for commands of the protected session.",
        .instead = "Let STARTTLS be the last command sent; as a server, throw away what was read "
                   "before the handshake.",
        .reference = {3207, "4"},
    },
    {
        .id = REMARK_TRAILING,
        .name = "argument-not-allowed",
        .severity = FINDING_WARNING,
        .requirement = "",
        .text = "Something stands behind a command that takes no argument.",
        .instead = "Send the bare verb.",
        .reference = {5321, "4.1.1"},
    },
    {
        .id = REMARK_REPLY_UNASKED,
        .name = "unasked-reply",
        .severity = FINDING_ERROR,
        .requirement = "",
        .text = "The server replies although no command waits for an answer.",
        .instead = "Send exactly one reply to each command.",
        .reference = {5321, "4.2"},
    },
    {
        .id = REMARK_REPLY_SYNTAX,
        .name = "reply-syntax",
        .severity = FINDING_ERROR,
        .requirement = "MUST",
        .text = "The line is no SMTP reply: three digits, then a space or a hyphen, the same "
                "digits in every line.",
        .instead = "Let every line of a reply begin with its code, and only the last have a space "
                   "behind it.",
        .reference = {5321, "4.2.1"},
    },
    {
        .id = REMARK_REPLY_UNKNOWN,
        .name = "unknown-reply-code",
        .severity = FINDING_NOTE,
        .requirement = "",
        .text = "No RFC that mailwalk knows gives this code a meaning here; a client goes by "
                "its first digit.",
        .instead = "Use one of the codes that the section of the command lists.",
        .reference = {5321, "4.2"},
    },
    {
        .id = REMARK_ENHANCED_MALFORMED,
        .name = "enhanced-code-malformed",
        .severity = FINDING_WARNING,
        .requirement = "must",
        .text = "The text begins like an enhanced status code, but does not have the form "
                "class.subject.detail.",
        .instead = "Write three numbers of one to three digits, the first of one digit, as in "
                   "5.1.1.",
        .reference = {2034, "4"},
    },
    {
        .id = REMARK_ENHANCED_CLASS,
        .name = "enhanced-code-class",
        .severity = FINDING_ERROR,
        .requirement = "must",
        .text = "The first digit of the enhanced status code differs from that of the reply "
                "code.",
        .instead = "Let both begin with the same digit: 2, 4 or 5.",
        .reference = {2034, "4"},
    },
    {
        .id = REMARK_ENHANCED_UNKNOWN,
        .name = "enhanced-code-unknown",
        .severity = FINDING_NOTE,
        .requirement = "",
        .text = "The enhanced status code is well formed, but mailwalk knows no meaning for it.",
        .instead = "Use a code of the registry that RFC 5248 set up.",
        .reference = {3463, "2"},
    },
    {
        .id = REMARK_ENHANCED_MISSING,
        .name = "enhanced-code-missing",
        .severity = FINDING_WARNING,
        .requirement = "must",
        .text = "The server offered ENHANCEDSTATUSCODES, but this reply has none.",
        .instead = "Begin the text of every reply of class 2, 4 and 5 with such a code, but for "
                   "the greeting and the answer to EHLO or HELO.",
        .reference = {2034, "4"},
    },
};

const gsize remark_smtp_row_count = G_N_ELEMENTS(remark_smtp_rows);
