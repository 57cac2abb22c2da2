#include "protocol/smtp/smtp-tables.h"

#define SMTP_REPLY .protocol = VOCABULARY_SMTP, .kind = VOCABULARY_REPLY

/* What the commands that carry the message are answered. */
const SmtpReplyRow smtp_data_replies[10] = {
    {
        .code = 250,
        .item =
            {
                SMTP_REPLY,
                .token = "250",
                .context = "DATA",
                .meaning = "The message is accepted: from here on the server answers for it.",
                .reference = {5321, "6.1"},
            },
    },
    {
        .code = 354,
        .item =
            {
                SMTP_REPLY,
                .token = "354",
                .context = "DATA",
                .meaning = "Go ahead: the message follows, ended by a line with a single dot.",
                .reference = {5321, "3.3"},
            },
    },
    {
        .code = 450,
        .item =
            {
                SMTP_REPLY,
                .token = "450",
                .context = "DATA",
                .meaning = "The message is refused for now, by policy; the client keeps it.",
                .reference = {5321, "4.3.2"},
            },
    },
    {
        .code = 451,
        .item =
            {
                SMTP_REPLY,
                .token = "451",
                .context = "DATA",
                .meaning = "The server could not process the message; the client keeps it.",
                .reference = {5321, "4.2.5"},
            },
    },
    {
        .code = 452,
        .item =
            {
                SMTP_REPLY,
                .token = "452",
                .context = "DATA",
                .meaning = "The server had no room for the message; the client keeps it.",
                .reference = {5321, "4.2.5"},
            },
    },
    {
        .code = 501,
        .item =
            {
                SMTP_REPLY,
                .token = "501",
                .context = "DATA",
                .meaning = "DATA takes no arguments.",
                .reference = {5321, "4.3.2"},
            },
    },
    {
        .code = 503,
        .item =
            {
                SMTP_REPLY,
                .token = "503",
                .context = "DATA",
                .meaning = "No message yet: MAIL and RCPT must have been accepted first.",
                .reference = {5321, "3.3"},
            },
    },
    {
        .code = 550,
        .item =
            {
                SMTP_REPLY,
                .token = "550",
                .context = "DATA",
                .meaning = "The message is refused for policy reasons, for good.",
                .reference = {5321, "4.3.2"},
            },
    },
    {
        .code = 552,
        .item =
            {
                SMTP_REPLY,
                .token = "552",
                .context = "DATA",
                .meaning = "The message is larger than the server stores.",
                .reference = {5321, "4.3.2"},
            },
    },
    {
        .code = 554,
        .item =
            {
                SMTP_REPLY,
                .token = "554",
                .context = "DATA",
                .meaning = "There is no valid recipient, or the message is refused for good.",
                .reference = {5321, "3.3"},
            },
    },
};

const SmtpReplyRow smtp_bdat_replies[8] = {
    {
        .code = 250,
        .item =
            {
                SMTP_REPLY,
                .token = "250",
                .context = "BDAT",
                .meaning =
                    "The chunk has arrived; after the last one the server answers for the mail.",
                .reference = {3030, "2"},
            },
    },
    {
        .code = 450,
        .item =
            {
                SMTP_REPLY,
                .token = "450",
                .context = "BDAT",
                .meaning = "The message is refused for now; the client keeps it and says RSET.",
                .reference = {3030, "2"},
            },
    },
    {
        .code = 451,
        .item =
            {
                SMTP_REPLY,
                .token = "451",
                .context = "BDAT",
                .meaning =
                    "The chunk could not be processed; the client says RSET and tries later.",
                .reference = {3030, "2"},
            },
    },
    {
        .code = 452,
        .item =
            {
                SMTP_REPLY,
                .token = "452",
                .context = "BDAT",
                .meaning = "No room for the chunk; the client says RSET and tries later.",
                .reference = {3030, "2"},
            },
    },
    {
        .code = 503,
        .item =
            {
                SMTP_REPLY,
                .token = "503",
                .context = "BDAT",
                .meaning = "Out of order, as after LAST or beside DATA: RSET must come next.",
                .reference = {3030, "2"},
            },
    },
    {
        .code = 550,
        .item =
            {
                SMTP_REPLY,
                .token = "550",
                .context = "BDAT",
                .meaning = "The message is refused for good; RSET must come next.",
                .reference = {3030, "2"},
            },
    },
    {
        .code = 552,
        .item =
            {
                SMTP_REPLY,
                .token = "552",
                .context = "BDAT",
                .meaning = "The chunks together are larger than the server stores.",
                .reference = {3030, "2"},
            },
    },
    {
        .code = 554,
        .item =
            {
                SMTP_REPLY,
                .token = "554",
                .context = "BDAT",
                .meaning = "The message is refused for good; RSET must come next.",
                .reference = {3030, "2"},
            },
    },
};

const SmtpReplyRow smtp_burl_replies[5] = {
    {
        .code = 250,
        .item =
            {
                SMTP_REPLY,
                .token = "250",
                .context = "BURL",
                .meaning = "The piece has been fetched; after the last one the message is stored.",
                .reference = {4468, "6"},
            },
    },
    {
        .code = 451,
        .item =
            {
                SMTP_REPLY,
                .token = "451",
                .context = "BURL",
                .meaning = "The IMAP server could not be reached; the client may try again later.",
                .reference = {4468, "6"},
            },
    },
    {
        .code = 503,
        .item =
            {
                SMTP_REPLY,
                .token = "503",
                .context = "BURL",
                .meaning = "No recipient was accepted: RCPT must come before BURL.",
                .reference = {4468, "6"},
            },
    },
    {
        .code = 552,
        .item =
            {
                SMTP_REPLY,
                .token = "552",
                .context = "BURL",
                .meaning = "The recipient's mailbox is too full for the message.",
                .reference = {4468, "6"},
            },
    },
    {
        .code = 554,
        .item =
            {
                SMTP_REPLY,
                .token = "554",
                .context = "BURL",
                .meaning = "The piece could not be fetched, or the message is refused.",
                .reference = {4468, "6"},
            },
    },
};
