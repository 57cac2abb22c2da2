#include "protocol/smtp/smtp-tables.h"

#define SMTP_REPLY .protocol = VOCABULARY_SMTP, .kind = VOCABULARY_REPLY

/* What the commands that build up the envelope are answered. */
const SmtpReplyRow smtp_mail_replies[12] = {
    {
        .code = 250,
        .item =
            {
                SMTP_REPLY,
                .token = "250",
                .context = "MAIL",
                .meaning = "The sender is accepted; the recipients may follow.",
                .reference = {5321, "3.3"},
            },
    },
    {
        .code = 450,
        .item =
            {
                SMTP_REPLY,
                .token = "450",
                .context = "MAIL",
                .meaning =
                    "The server does not want this message now; the client tries again later.",
                .reference = {6710, "4.1"},
            },
    },
    {
        .code = 451,
        .item =
            {
                SMTP_REPLY,
                .token = "451",
                .context = "MAIL",
                .meaning = "The server cannot begin the transaction now; try again later.",
                .reference = {5321, "4.3.2"},
            },
    },
    {
        .code = 452,
        .item =
            {
                SMTP_REPLY,
                .token = "452",
                .context = "MAIL",
                .meaning = "No room at the moment for a message of that size; try again later.",
                .reference = {1870, "6.1"},
            },
    },
    {
        .code = 455,
        .item =
            {
                SMTP_REPLY,
                .token = "455",
                .context = "MAIL",
                .meaning = "A parameter of MAIL cannot be honoured at the moment.",
                .reference = {5321, "4.1.1.11"},
            },
    },
    {
        .code = 501,
        .item =
            {
                SMTP_REPLY,
                .token = "501",
                .context = "MAIL",
                .meaning = "The sender's address or a parameter is not well formed.",
                .reference = {5321, "4.1.4"},
            },
    },
    {
        .code = 503,
        .item =
            {
                SMTP_REPLY,
                .token = "503",
                .context = "MAIL",
                .meaning = "A transaction is already open, or EHLO has not come yet.",
                .reference = {5321, "4.1.4"},
            },
    },
    {
        .code = 550,
        .item =
            {
                SMTP_REPLY,
                .token = "550",
                .context = "MAIL",
                .meaning = "The sender's address is refused.",
                .reference = {5321, "3.3"},
            },
    },
    {
        .code = 552,
        .item =
            {
                SMTP_REPLY,
                .token = "552",
                .context = "MAIL",
                .meaning = "The message is larger than this server ever takes.",
                .reference = {1870, "6.1"},
            },
    },
    {
        .code = 553,
        .item =
            {
                SMTP_REPLY,
                .token = "553",
                .context = "MAIL",
                .meaning = "The sender's address is not allowed in this form.",
                .reference = {5321, "3.3"},
            },
    },
    {
        .code = 554,
        .item =
            {
                SMTP_REPLY,
                .token = "554",
                .context = "MAIL",
                .meaning = "The transaction is refused with this sender, for good.",
                .reference = {5321, "4.2.2"},
            },
    },
    {
        .code = 555,
        .item =
            {
                SMTP_REPLY,
                .token = "555",
                .context = "MAIL",
                .meaning = "A parameter of MAIL is unknown, or not offered here.",
                .reference = {5321, "4.1.1.11"},
            },
    },
};

const SmtpReplyRow smtp_rcpt_replies[15] = {
    {
        .code = 250,
        .item =
            {
                SMTP_REPLY,
                .token = "250",
                .context = "RCPT",
                .meaning = "This recipient is accepted.",
                .reference = {5321, "3.3"},
            },
    },
    {
        .code = 251,
        .item =
            {
                SMTP_REPLY,
                .token = "251",
                .context = "RCPT",
                .meaning = "The recipient has moved; this server forwards to the new address.",
                .reference = {5321, "3.4"},
            },
    },
    {
        .code = 450,
        .item =
            {
                SMTP_REPLY,
                .token = "450",
                .context = "RCPT",
                .meaning = "This mailbox cannot be used at the moment; try again later.",
                .reference = {5321, "4.3.2"},
            },
    },
    {
        .code = 451,
        .item =
            {
                SMTP_REPLY,
                .token = "451",
                .context = "RCPT",
                .meaning = "The server cannot deal with this recipient now; try again later.",
                .reference = {5321, "4.3.2"},
            },
    },
    {
        .code = 452,
        .item =
            {
                SMTP_REPLY,
                .token = "452",
                .context = "RCPT",
                .meaning =
                    "Too many recipients, or the mailbox is full for now: send the rest later.",
                .reference = {5321, "4.5.3.1.10"},
            },
    },
    {
        .code = 455,
        .item =
            {
                SMTP_REPLY,
                .token = "455",
                .context = "RCPT",
                .meaning = "A parameter of RCPT cannot be honoured at the moment.",
                .reference = {5321, "4.1.1.11"},
            },
    },
    {
        .code = 501,
        .item =
            {
                SMTP_REPLY,
                .token = "501",
                .context = "RCPT",
                .meaning = "The recipient's address or a parameter is not well formed.",
                .reference = {5321, "4.3.2"},
            },
    },
    {
        .code = 503,
        .item =
            {
                SMTP_REPLY,
                .token = "503",
                .context = "RCPT",
                .meaning = "No sender yet: MAIL must come first.",
                .reference = {5321, "3.3"},
            },
    },
    {
        .code = 550,
        .item =
            {
                SMTP_REPLY,
                .token = "550",
                .context = "RCPT",
                .meaning = "This recipient is refused: no such mailbox, or no relaying, or policy.",
                .reference = {5321, "3.3"},
            },
    },
    {
        .code = 551,
        .item =
            {
                SMTP_REPLY,
                .token = "551",
                .context = "RCPT",
                .meaning = "The recipient has moved; the reply names the address to try.",
                .reference = {5321, "3.4"},
            },
    },
    {
        .code = 552,
        .item =
            {
                SMTP_REPLY,
                .token = "552",
                .context = "RCPT",
                .meaning = "The recipient's mailbox is full.",
                .reference = {5321, "4.3.2"},
            },
    },
    {
        .code = 553,
        .item =
            {
                SMTP_REPLY,
                .token = "553",
                .context = "RCPT",
                .meaning = "The recipient's address is not allowed in this form.",
                .reference = {5321, "4.3.2"},
            },
    },
    {
        .code = 554,
        .item =
            {
                SMTP_REPLY,
                .token = "554",
                .context = "RCPT",
                .meaning =
                    "This recipient is refused by policy; 550 is the code RFC 5321 asks for, "
                    "554 is common.",
                .reference = {5321, "7.9"},
            },
    },
    {
        .code = 555,
        .item =
            {
                SMTP_REPLY,
                .token = "555",
                .context = "RCPT",
                .meaning = "A parameter of RCPT is unknown, or not offered here.",
                .reference = {5321, "4.1.1.11"},
            },
    },
    {
        .code = 556,
        .item =
            {
                SMTP_REPLY,
                .token = "556",
                .context = "RCPT",
                .meaning = "The recipient's domain says in the DNS that it takes no mail.",
                .reference = {7505, "4.1"},
            },
    },
};
