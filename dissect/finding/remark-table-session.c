#include "dissect/finding/remark-rows.h"

/* What an SMTP session does or leaves out, and what TCP does to any session. */

const RemarkRow remark_session_rows[] = {
    {
        .id = REMARK_HELLO_NAME,
        .name = "hello-name",
        .severity = FINDING_ERROR,
        .requirement = "MUST",
        .text = "The name that the client gives is neither a domain name nor an address in "
                "brackets.",
        .instead = "Give the host's full name, or its address as [192.0.2.1].",
        .reference = {5321, "4.1.1.1"},
    },
    {
        .id = REMARK_HELLO_UNQUALIFIED,
        .name = "hello-unqualified",
        .severity = FINDING_WARNING,
        .requirement = "MUST NOT",
        .text = "The client gives a name without a dot, which nobody else can look up.",
        .instead = "Give the host's full name, or its address as [192.0.2.1].",
        .reference = {5321, "2.3.5"},
    },
    {
        .id = REMARK_ADDRESS,
        .name = "address-syntax",
        .severity = FINDING_ERROR,
        .requirement = "",
        .text = "The address in the path breaks the grammar of the envelope.",
        .instead = "Ask `mailwalk explain address` which character is wrong.",
        .reference = {5321, "4.1.2"},
    },
    {
        .id = REMARK_NOT_OFFERED,
        .name = "parameter-not-offered",
        .severity = FINDING_ERROR,
        .requirement = "",
        .text = "The client uses an extension that the server did not offer.",
        .instead = "Use only what stands in the answer to EHLO.",
        .reference = {5321, "2.2.1"},
    },
    {
        .id = REMARK_PIPELINING_NOT_OFFERED,
        .name = "pipelining-not-offered",
        .severity = FINDING_ERROR,
        .requirement = "MUST",
        .text = "The client sends its next command without waiting for the answer, and "
                "PIPELINING was not offered.",
        .instead = "Wait for each reply, or look for PIPELINING in the answer to EHLO.",
        .reference = {5321, "4.3.1"},
    },
    {
        .id = REMARK_PIPELINE_GROUP,
        .name = "pipeline-group",
        .severity = FINDING_ERROR,
        .requirement = "can only",
        .text = "A command was sent behind one that must be the last of its group.",
        .instead = "Wait for the answer to EHLO, DATA, VRFY, EXPN, NOOP, STARTTLS and AUTH before "
                   "sending on.",
        .reference = {2920, "3.1"},
    },
    {
        .id = REMARK_SIZE_OVER_LIMIT,
        .name = "size-over-limit",
        .severity = FINDING_WARNING,
        .requirement = "",
        .text = "The client announces a message that is larger than the server said it takes.",
        .instead = "Do not even send MAIL; tell the user that the message is too large.",
        .reference = {1870, "5"},
    },
    {
        .id = REMARK_STARTTLS_UNUSED,
        .name = "starttls-unused",
        .severity = FINDING_NOTE,
        .requirement = "",
        .text = "The server offered STARTTLS, but the client goes on in plain text, so anyone "
                "on the way can read the mail.",
        .instead = "Use STARTTLS wherever it is offered.",
        .reference = {3207, "6"},
    },
    {
        .id = REMARK_STARTTLS_NOT_OFFERED,
        .name = "starttls-not-offered",
        .severity = FINDING_NOTE,
        .requirement = "",
        .text = "The client asks for TLS although the server did not offer it; perhaps someone "
                "on the way took the offer out.",
        .instead = "If TLS is required, end the session rather than go on in plain text.",
        .reference = {3207, "6"},
    },
    {
        .id = REMARK_STARTTLS_HIDDEN,
        .name = "starttls-stripped",
        .severity = FINDING_WARNING,
        .requirement = "",
        .text = "A keyword in the answer to EHLO was overwritten with X, as a firewall does "
                "that hides STARTTLS.",
        .instead = "Take the rewriting out of the firewall, or require TLS at the client.",
        .reference = {3207, "6"},
    },
    {
        .id = REMARK_STARTTLS_REFUSED,
        .name = "starttls-refused",
        .severity = FINDING_WARNING,
        .requirement = "",
        .text = "The server offers STARTTLS and then refuses it.",
        .instead = "The client decides: go on in plain text, try later, or give up.",
        .reference = {3207, "4"},
    },
    {
        .id = REMARK_PLAIN_PASSWORD,
        .name = "plaintext-password",
        .severity = FINDING_WARNING,
        .requirement = "",
        .text = "A password crosses the network without TLS; everyone on the way can read it.",
        .instead = "Log in only inside TLS: ports 465, 993 and 995, or after STARTTLS or STLS.",
        .reference = {8314, "4.1"},
    },
    {
        .id = REMARK_NO_QUIT,
        .name = "no-quit",
        .severity = FINDING_WARNING,
        .requirement = "MUST NOT",
        .text = "The client closed the connection without QUIT.",
        .instead = "Send QUIT and wait for 221 before closing.",
        .reference = {5321, "4.1.1.10"},
    },
    {
        .id = REMARK_CHUNK_SYNTAX,
        .name = "bdat-syntax",
        .severity = FINDING_ERROR,
        .requirement = "",
        .text = "BDAT does not have the form of a number of octets and perhaps LAST; the size "
                "is lost, and with it the place of the next command.",
        .instead = "Write BDAT, the size in decimal digits, and LAST with the last chunk.",
        .reference = {3030, "2"},
    },
    {
        .id = REMARK_CHUNK_AFTER_REFUSAL,
        .name = "bdat-after-refusal",
        .severity = FINDING_ERROR,
        .requirement = "MUST NOT",
        .text = "The client sends another chunk although one was refused.",
        .instead = "Send RSET first, then begin the transaction anew.",
        .reference = {3030, "2"},
    },
    {
        .id = REMARK_RESET,
        .name = "reset",
        .severity = FINDING_WARNING,
        .requirement = "",
        .text = "The connection was reset while an exchange was under way: what had not been "
                "answered is lost.",
        .instead = "Look at which side sent RST: a crashed program, a firewall, or a time-out.",
        .reference = {9293, "3.5.3"},
    },
    {
        .id = REMARK_ZERO_WINDOW,
        .name = "zero-window",
        .severity = FINDING_NOTE,
        .requirement = "",
        .text = "The receiver's buffer is full, and the sender has to wait.",
        .instead = "Find out why the receiving program does not read.",
        .reference = {9293, "3.8.6.1"},
    },
    {
        .id = REMARK_RETRANSMISSIONS,
        .name = "retransmissions",
        .severity = FINDING_NOTE,
        .requirement = "",
        .text = "More than one in twenty segments with data had to be sent again; each cost "
                "waiting time.",
        .instead = "Look for loss on the way: a bad cable, radio, an overloaded link.",
        .reference = {9293, "3.8.1"},
    },
};

const gsize remark_session_row_count = G_N_ELEMENTS(remark_session_rows);
