#include "protocol/smtp/smtp-tables.h"

#define SMTP_REPLY .protocol = VOCABULARY_SMTP, .kind = VOCABULARY_REPLY

/* What opens, closes and tends a session is answered so; 'greeting' is what comes unasked. */
const SmtpReplyRow smtp_greeting_replies[4] = {
    {
        .code = 220,
        .item =
            {
                SMTP_REPLY,
                .token = "220",
                .context = "greeting",
                .meaning = "Greeting: the server is ready and says who it is.",
                .reference = {5321, "4.3.1"},
            },
    },
    {
        .code = 421,
        .item =
            {
                SMTP_REPLY,
                .token = "421",
                .context = "greeting",
                .meaning = "No service now: the server closes the connection; try again later.",
                .reference = {5321, "3.8"},
            },
    },
    {
        .code = 521,
        .item =
            {
                SMTP_REPLY,
                .token = "521",
                .context = "greeting",
                .meaning = "This host never takes mail from anybody: do not come again.",
                .reference = {7504, "3"},
            },
    },
    {
        .code = 554,
        .item =
            {
                SMTP_REPLY,
                .token = "554",
                .context = "greeting",
                .meaning = "No mail service here for this client, which may only say QUIT.",
                .reference = {5321, "3.1"},
            },
    },
};

const SmtpReplyRow smtp_ehlo_replies[6] = {
    {
        .code = 250,
        .item =
            {
                SMTP_REPLY,
                .token = "250",
                .context = "EHLO",
                .meaning = "The server greets back and lists its extensions, one on each line.",
                .reference = {5321, "4.1.1.1"},
            },
    },
    {
        .code = 500,
        .item =
            {
                SMTP_REPLY,
                .token = "500",
                .context = "EHLO",
                .meaning = "A server from before extensions: the client goes on with HELO.",
                .reference = {5321, "3.2"},
            },
    },
    {
        .code = 501,
        .item =
            {
                SMTP_REPLY,
                .token = "501",
                .context = "EHLO",
                .meaning = "The name that the client gave is not well formed.",
                .reference = {5321, "4.1.4"},
            },
    },
    {
        .code = 502,
        .item =
            {
                SMTP_REPLY,
                .token = "502",
                .context = "EHLO",
                .meaning = "An old server without extensions: the client goes on with HELO.",
                .reference = {5321, "4.3.2"},
            },
    },
    {
        .code = 504,
        .item =
            {
                SMTP_REPLY,
                .token = "504",
                .context = "EHLO",
                .meaning = "The server cannot deal with this argument; a rare answer.",
                .reference = {5321, "4.3.2"},
            },
    },
    {
        .code = 550,
        .item =
            {
                SMTP_REPLY,
                .token = "550",
                .context = "EHLO",
                .meaning = "The server refuses this client.",
                .reference = {5321, "4.1.4"},
            },
    },
};

const SmtpReplyRow smtp_helo_replies[4] = {
    {
        .code = 250,
        .item =
            {
                SMTP_REPLY,
                .token = "250",
                .context = "HELO",
                .meaning = "The server greets back; the session is open, without extensions.",
                .reference = {5321, "4.1.1.1"},
            },
    },
    {
        .code = 501,
        .item =
            {
                SMTP_REPLY,
                .token = "501",
                .context = "HELO",
                .meaning = "The name that the client gave is not well formed.",
                .reference = {5321, "4.1.4"},
            },
    },
    {
        .code = 504,
        .item =
            {
                SMTP_REPLY,
                .token = "504",
                .context = "HELO",
                .meaning = "The server cannot deal with this argument; a rare answer.",
                .reference = {5321, "4.3.2"},
            },
    },
    {
        .code = 550,
        .item =
            {
                SMTP_REPLY,
                .token = "550",
                .context = "HELO",
                .meaning = "The server refuses this client.",
                .reference = {5321, "4.1.4"},
            },
    },
};

const SmtpReplyRow smtp_lhlo_replies[1] = {
    {
        .code = 250,
        .item =
            {
                SMTP_REPLY,
                .token = "250",
                .context = "LHLO",
                .meaning =
                    "The LMTP server greets back and lists its extensions, one on each line.",
                .reference = {2033, "4.1"},
            },
    },
};

const SmtpReplyRow smtp_rset_replies[2] = {
    {
        .code = 250,
        .item =
            {
                SMTP_REPLY,
                .token = "250",
                .context = "RSET",
                .meaning = "The transaction is dropped: no sender, no recipients, no message.",
                .reference = {5321, "4.1.1.5"},
            },
    },
    {
        .code = 501,
        .item =
            {
                SMTP_REPLY,
                .token = "501",
                .context = "RSET",
                .meaning = "RSET takes no arguments.",
                .reference = {5321, "4.3.2"},
            },
    },
};

const SmtpReplyRow smtp_noop_replies[1] = {
    {
        .code = 250,
        .item =
            {
                SMTP_REPLY,
                .token = "250",
                .context = "NOOP",
                .meaning = "The server is there; nothing has changed.",
                .reference = {5321, "4.1.1.9"},
            },
    },
};

const SmtpReplyRow smtp_quit_replies[2] = {
    {
        .code = 221,
        .item =
            {
                SMTP_REPLY,
                .token = "221",
                .context = "QUIT",
                .meaning = "Goodbye: the server closes the connection now.",
                .reference = {5321, "4.1.1.10"},
            },
    },
    {
        .code = 501,
        .item =
            {
                SMTP_REPLY,
                .token = "501",
                .context = "QUIT",
                .meaning = "QUIT takes no arguments.",
                .reference = {5321, "4.3.2"},
            },
    },
};

const SmtpReplyRow smtp_vrfy_replies[8] = {
    {
        .code = 250,
        .item =
            {
                SMTP_REPLY,
                .token = "250",
                .context = "VRFY",
                .meaning = "The mailbox exists; the reply shows its address.",
                .reference = {5321, "3.5.1"},
            },
    },
    {
        .code = 251,
        .item =
            {
                SMTP_REPLY,
                .token = "251",
                .context = "VRFY",
                .meaning = "The mailbox is elsewhere; mail for it would be forwarded.",
                .reference = {5321, "3.5.3"},
            },
    },
    {
        .code = 252,
        .item =
            {
                SMTP_REPLY,
                .token = "252",
                .context = "VRFY",
                .meaning =
                    "The server will not or cannot say, but would take mail for the address.",
                .reference = {5321, "3.5.3"},
            },
    },
    {
        .code = 502,
        .item =
            {
                SMTP_REPLY,
                .token = "502",
                .context = "VRFY",
                .meaning = "The server checks no addresses; it ought to say 252.",
                .reference = {5321, "3.5.3"},
            },
    },
    {
        .code = 504,
        .item =
            {
                SMTP_REPLY,
                .token = "504",
                .context = "VRFY",
                .meaning = "The server does not check names of this kind.",
                .reference = {5321, "4.3.2"},
            },
    },
    {
        .code = 550,
        .item =
            {
                SMTP_REPLY,
                .token = "550",
                .context = "VRFY",
                .meaning = "There is no such user here, or it is a mailing list.",
                .reference = {5321, "3.5.1"},
            },
    },
    {
        .code = 551,
        .item =
            {
                SMTP_REPLY,
                .token = "551",
                .context = "VRFY",
                .meaning = "The mailbox is elsewhere; mail for it would be refused here.",
                .reference = {5321, "3.5.3"},
            },
    },
    {
        .code = 553,
        .item =
            {
                SMTP_REPLY,
                .token = "553",
                .context = "VRFY",
                .meaning = "The name fits more than one mailbox; the reply may list them.",
                .reference = {5321, "3.5.1"},
            },
    },
};

const SmtpReplyRow smtp_expn_replies[6] = {
    {
        .code = 250,
        .item =
            {
                SMTP_REPLY,
                .token = "250",
                .context = "EXPN",
                .meaning = "The members of the list, one mailbox on each line.",
                .reference = {5321, "3.5.1"},
            },
    },
    {
        .code = 252,
        .item =
            {
                SMTP_REPLY,
                .token = "252",
                .context = "EXPN",
                .meaning = "The server will not expand the list, but would take mail for it.",
                .reference = {5321, "7.3"},
            },
    },
    {
        .code = 500,
        .item =
            {
                SMTP_REPLY,
                .token = "500",
                .context = "EXPN",
                .meaning = "The server does not know EXPN.",
                .reference = {5321, "4.3.2"},
            },
    },
    {
        .code = 502,
        .item =
            {
                SMTP_REPLY,
                .token = "502",
                .context = "EXPN",
                .meaning = "The server expands no lists.",
                .reference = {5321, "4.3.2"},
            },
    },
    {
        .code = 504,
        .item =
            {
                SMTP_REPLY,
                .token = "504",
                .context = "EXPN",
                .meaning = "The server does not expand names of this kind.",
                .reference = {5321, "4.3.2"},
            },
    },
    {
        .code = 550,
        .item =
            {
                SMTP_REPLY,
                .token = "550",
                .context = "EXPN",
                .meaning = "There is no such list, or this client may not see its members.",
                .reference = {5321, "3.5.1"},
            },
    },
};

const SmtpReplyRow smtp_help_replies[4] = {
    {
        .code = 211,
        .item =
            {
                SMTP_REPLY,
                .token = "211",
                .context = "HELP",
                .meaning = "The state of the server, as an answer to HELP.",
                .reference = {5321, "4.3.2"},
            },
    },
    {
        .code = 214,
        .item =
            {
                SMTP_REPLY,
                .token = "214",
                .context = "HELP",
                .meaning = "A help text for a human to read.",
                .reference = {5321, "4.3.2"},
            },
    },
    {
        .code = 502,
        .item =
            {
                SMTP_REPLY,
                .token = "502",
                .context = "HELP",
                .meaning = "The server offers no help.",
                .reference = {5321, "4.3.2"},
            },
    },
    {
        .code = 504,
        .item =
            {
                SMTP_REPLY,
                .token = "504",
                .context = "HELP",
                .meaning = "The server has no help on this topic.",
                .reference = {5321, "4.3.2"},
            },
    },
};
