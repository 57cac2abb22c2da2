#include "protocol/smtp/smtp-tables.h"

#define SMTP_REPLY .protocol = VOCABULARY_SMTP, .kind = VOCABULARY_REPLY

/* What STARTTLS, AUTH and the commands that move a queue are answered. */
const SmtpReplyRow smtp_starttls_replies[4] = {
    {
        .code = 220,
        .item =
            {
                SMTP_REPLY,
                .token = "220",
                .context = "STARTTLS",
                .meaning = "Go ahead: the next octets of the client begin the TLS handshake.",
                .reference = {3207, "4"},
            },
    },
    {
        .code = 454,
        .item =
            {
                SMTP_REPLY,
                .token = "454",
                .context = "STARTTLS",
                .meaning =
                    "No TLS just now: the client goes on without it, tries later, or leaves.",
                .reference = {3207, "4"},
            },
    },
    {
        .code = 501,
        .item =
            {
                SMTP_REPLY,
                .token = "501",
                .context = "STARTTLS",
                .meaning = "STARTTLS takes no arguments.",
                .reference = {3207, "4"},
            },
    },
    {
        .code = 503,
        .item =
            {
                SMTP_REPLY,
                .token = "503",
                .context = "STARTTLS",
                .meaning = "STARTTLS is out of order, for instance because TLS is already on.",
                .reference = {5321, "4.1.4"},
            },
    },
};

const SmtpReplyRow smtp_auth_replies[5] = {
    {
        .code = 454,
        .item =
            {
                SMTP_REPLY,
                .token = "454",
                .context = "AUTH",
                .meaning =
                    "The server could not check the password just now; it may well be right.",
                .reference = {4954, "6"},
            },
    },
    {
        .code = 500,
        .item =
            {
                SMTP_REPLY,
                .token = "500",
                .context = "AUTH",
                .meaning = "The response was longer than the server can take for this mechanism.",
                .reference = {4954, "6"},
            },
    },
    {
        .code = 501,
        .item =
            {
                SMTP_REPLY,
                .token = "501",
                .context = "AUTH",
                .meaning =
                    "The client cancelled with \"*\", its response was no valid base64, or AUTH "
                    "was not well formed.",
                .reference = {4954, "4"},
            },
    },
    {
        .code = 503,
        .item =
            {
                SMTP_REPLY,
                .token = "503",
                .context = "AUTH",
                .meaning = "The client has already authenticated, or a transaction is open.",
                .reference = {4954, "4"},
            },
    },
    {
        .code = 504,
        .item =
            {
                SMTP_REPLY,
                .token = "504",
                .context = "AUTH",
                .meaning = "The server does not offer this mechanism here.",
                .reference = {4954, "4"},
            },
    },
};

const SmtpReplyRow smtp_etrn_replies[5] = {
    {
        .code = 250,
        .item =
            {
                SMTP_REPLY,
                .token = "250",
                .context = "ETRN",
                .meaning = "The queue for the node has been started.",
                .reference = {1985, "5.1"},
            },
    },
    {
        .code = 251,
        .item =
            {
                SMTP_REPLY,
                .token = "251",
                .context = "ETRN",
                .meaning = "No messages are waiting for the node.",
                .reference = {1985, "5.1"},
            },
    },
    {
        .code = 252,
        .item =
            {
                SMTP_REPLY,
                .token = "252",
                .context = "ETRN",
                .meaning = "Sending has started for the messages that wait for the node.",
                .reference = {1985, "5.1"},
            },
    },
    {
        .code = 500,
        .item =
            {
                SMTP_REPLY,
                .token = "500",
                .context = "ETRN",
                .meaning = "The server does not know ETRN, or the request is malformed.",
                .reference = {1985, "5.1"},
            },
    },
    {
        .code = 501,
        .item =
            {
                SMTP_REPLY,
                .token = "501",
                .context = "ETRN",
                .meaning = "The name of the node is not well formed.",
                .reference = {1985, "5.1"},
            },
    },
};

const SmtpReplyRow smtp_atrn_replies[5] = {
    {
        .code = 250,
        .item =
            {
                SMTP_REPLY,
                .token = "250",
                .context = "ATRN",
                .meaning =
                    "There is mail: the roles are swapped, and the server becomes the client.",
                .reference = {2645, "5.2.1"},
            },
    },
    {
        .code = 450,
        .item =
            {
                SMTP_REPLY,
                .token = "450",
                .context = "ATRN",
                .meaning = "The request is refused, for one domain or at this time.",
                .reference = {2645, "7"},
            },
    },
    {
        .code = 451,
        .item =
            {
                SMTP_REPLY,
                .token = "451",
                .context = "ATRN",
                .meaning = "The request cannot be processed now; try again later.",
                .reference = {2645, "7"},
            },
    },
    {
        .code = 502,
        .item =
            {
                SMTP_REPLY,
                .token = "502",
                .context = "ATRN",
                .meaning = "The server does not swap roles.",
                .reference = {2645, "7"},
            },
    },
    {
        .code = 530,
        .item =
            {
                SMTP_REPLY,
                .token = "530",
                .context = "ATRN",
                .meaning = "AUTH must come first: the server sends mail only to its owner.",
                .reference = {2645, "7"},
            },
    },
};

const SmtpReplyRow smtp_turn_replies[2] = {
    {
        .code = 250,
        .item =
            {
                SMTP_REPLY,
                .token = "250",
                .context = "TURN",
                .meaning = "The roles are swapped: the server now sends, the client receives.",
                .reference = {821, "3.8"},
            },
    },
    {
        .code = 502,
        .item =
            {
                SMTP_REPLY,
                .token = "502",
                .context = "TURN",
                .meaning = "The server will not swap roles.",
                .reference = {821, "3.8"},
            },
    },
};
