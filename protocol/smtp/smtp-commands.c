#include "protocol/smtp/smtp-tables.h"

/* States are those of RFC 5321 §4.1.4 and of the RFC that added the command. 500, 501 and 421 may
 * answer nearly everything (§4.3.2), so they stand in the lists too. ATRN and TURN swap the roles:
 * what follows 250 is no longer this dialogue. */
const SmtpCommandRow smtp_commands[N_SMTP_COMMANDS] = {
    {
        .id = SMTP_COMMAND_ATRN,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "ATRN",
                .meaning = "An authenticated client asks to swap roles and be sent its own mail.",
                .reference = {2645, "5.2.1"},
                .syntax = "ATRN [domain *(\",\" domain)]",
                .states = SMTP_STATE_READY,
                .replies = "250 | 421 450 451 453 | 500 501 502 503 530",
                .shape = REPLY_SHAPE_HYPHENATED,
            },
        .next_state = SMTP_STATE_OPAQUE,
        .ends_group = true,
    },
    {
        .id = SMTP_COMMAND_AUTH,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "AUTH",
                .meaning = "The client starts to prove who it is, by the SASL mechanism it names.",
                .reference = {4954, "4"},
                .since = 2554,
                .syntax = "AUTH mechanism [initial-response]",
                .states = SMTP_STATE_READY,
                .replies = "334 | 235 | 421 422 432 454 | 500 501 503 504 523 524 525 534 535 538",
                .shape = REPLY_SHAPE_CHALLENGES,
                .is_secret = true,
            },
        .intermediate_state = SMTP_STATE_AUTH,
        .ends_group = true,
    },
    {
        .id = SMTP_COMMAND_BDAT,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "BDAT",
                .meaning =
                    "Exactly that many octets of the message follow; LAST marks the final chunk.",
                .reference = {3030, "2"},
                .since = 1830,
                .syntax = "BDAT size [LAST]",
                .states = SMTP_STATE_RECIPIENTS | SMTP_STATE_BDAT,
                .replies = "250 | 421 450 451 452 | 500 501 503 530 550 552 554",
                .shape = REPLY_SHAPE_HYPHENATED,
            },
        .next_state = SMTP_STATE_BDAT,
    },
    {
        .id = SMTP_COMMAND_BURL,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "BURL",
                .meaning =
                    "The server shall fetch this piece of the message itself, from an IMAP server.",
                .reference = {4468, "3.2"},
                .syntax = "BURL url [LAST]",
                .states = SMTP_STATE_RECIPIENTS | SMTP_STATE_BDAT,
                .replies = "250 | 421 451 452 | 500 501 503 530 552 554",
                .shape = REPLY_SHAPE_HYPHENATED,
            },
        .next_state = SMTP_STATE_BDAT,
    },
    {
        .id = SMTP_COMMAND_DATA,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "DATA",
                .meaning = "The client is ready to send the message: header, empty line, body.",
                .reference = {5321, "4.1.1.4"},
                .since = 821,
                .syntax = "DATA",
                .states = SMTP_STATE_RECIPIENTS,
                .replies = "354 | 250 | 421 450 451 452 | 500 501 503 530 550 552 554",
                .shape = REPLY_SHAPE_INTERMEDIATE,
            },
        .next_state = SMTP_STATE_READY,
        .intermediate_state = SMTP_STATE_DATA,
        .ends_group = true,
    },
    {
        .id = SMTP_COMMAND_EHLO,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "EHLO",
                .meaning = "The client names itself and asks which extensions the server has.",
                .reference = {5321, "4.1.1.1"},
                .since = 1425,
                .syntax = "EHLO domain-or-address-literal",
                .states = SMTP_STATES_ANY,
                .replies = "250 | 421 | 500 501 502 504 550",
                .shape = REPLY_SHAPE_HYPHENATED,
            },
        .next_state = SMTP_STATE_READY,
        .ends_group = true,
    },
    {
        .id = SMTP_COMMAND_ETRN,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "ETRN",
                .meaning =
                    "The client asks the server to start sending what it has queued for a domain.",
                .reference = {1985, "5"},
                .syntax = "ETRN [option]domain",
                .states = SMTP_STATE_READY,
                .replies = "250 251 252 253 | 421 458 459 | 500 501 503 530",
                .shape = REPLY_SHAPE_HYPHENATED,
            },
        .ends_group = true,
    },
    {
        .id = SMTP_COMMAND_EXPN,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "EXPN",
                .meaning = "The client asks who is on a mailing list; most servers refuse.",
                .reference = {5321, "4.1.1.7"},
                .since = 821,
                .syntax = "EXPN list-name",
                .states = SMTP_STATES_ANY,
                .replies = "250 252 | 421 | 500 501 502 504 530 550",
                .shape = REPLY_SHAPE_HYPHENATED,
            },
        .ends_group = true,
    },
    {
        .id = SMTP_COMMAND_HELO,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "HELO",
                .meaning = "The client names itself the old way and asks for no extensions.",
                .reference = {5321, "4.1.1.1"},
                .since = 821,
                .replaced_by = "EHLO",
                .syntax = "HELO domain",
                .states = SMTP_STATES_ANY,
                .replies = "250 | 421 | 500 501 502 504 550",
                .shape = REPLY_SHAPE_HYPHENATED,
            },
        .next_state = SMTP_STATE_READY,
        .ends_group = true,
    },
    {
        .id = SMTP_COMMAND_HELP,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "HELP",
                .meaning = "The client asks for a text that tells a human how to use the server.",
                .reference = {5321, "4.1.1.8"},
                .since = 821,
                .syntax = "HELP [topic]",
                .states = SMTP_STATES_ANY,
                .replies = "211 214 | 421 | 500 501 502 504 530",
                .shape = REPLY_SHAPE_HYPHENATED,
            },
    },
    {
        .id = SMTP_COMMAND_LHLO,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "LHLO",
                .meaning = "The EHLO of LMTP: the server delivers at once and keeps no queue.",
                .reference = {2033, "4.1"},
                .syntax = "LHLO domain-or-address-literal",
                .states = SMTP_STATES_ANY,
                .replies = "250 | 421 | 500 501 502 504 550",
                .shape = REPLY_SHAPE_HYPHENATED,
            },
        .next_state = SMTP_STATE_READY,
        .ends_group = true,
    },
    {
        .id = SMTP_COMMAND_MAIL,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "MAIL",
                .meaning = "A mail transaction starts; a failure is reported to this address.",
                .reference = {5321, "4.1.1.2"},
                .since = 821,
                .syntax = "MAIL FROM:<reverse-path> [parameters]",
                .states = SMTP_STATE_READY,
                .replies = "250 | 421 450 451 452 455 | 500 501 503 530 550 552 553 554 555",
                .shape = REPLY_SHAPE_HYPHENATED,
            },
        .next_state = SMTP_STATE_MAIL,
    },
    {
        .id = SMTP_COMMAND_NOOP,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "NOOP",
                .meaning = "Nothing is asked for but a sign that the server still answers.",
                .reference = {5321, "4.1.1.9"},
                .since = 821,
                .syntax = "NOOP [text]",
                .states = SMTP_STATES_ANY,
                .replies = "250 | 421 | 500 501",
                .shape = REPLY_SHAPE_HYPHENATED,
            },
        .ends_group = true,
    },
    {
        .id = SMTP_COMMAND_QUIT,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "QUIT",
                .meaning =
                    "The client has finished: the server answers 221, then closes the connection.",
                .reference = {5321, "4.1.1.10"},
                .since = 821,
                .syntax = "QUIT",
                .states = SMTP_STATES_ANY,
                .replies = "221 | 421 | 500 501",
                .shape = REPLY_SHAPE_HYPHENATED,
            },
        .next_state = SMTP_STATE_CLOSED,
        .ends_group = true,
    },
    {
        .id = SMTP_COMMAND_RCPT,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "RCPT",
                .meaning =
                    "One recipient of the message; the command is repeated for each further one.",
                .reference = {5321, "4.1.1.3"},
                .since = 821,
                .syntax = "RCPT TO:<forward-path> [parameters]",
                .states = SMTP_STATE_MAIL | SMTP_STATE_RECIPIENTS,
                .replies =
                    "250 251 | 421 450 451 452 455 | 500 501 503 530 550 551 552 553 554 555 556",
                .shape = REPLY_SHAPE_HYPHENATED,
            },
        .next_state = SMTP_STATE_RECIPIENTS,
    },
    {
        .id = SMTP_COMMAND_RSET,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "RSET",
                .meaning = "The transaction is dropped: sender and recipients are forgotten.",
                .reference = {5321, "4.1.1.5"},
                .since = 821,
                .syntax = "RSET",
                .states = SMTP_STATES_ANY,
                .replies = "250 | 421 | 500 501",
                .shape = REPLY_SHAPE_HYPHENATED,
            },
        .next_state = SMTP_STATE_READY,
    },
    {
        .id = SMTP_COMMAND_SAML,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "SAML",
                .meaning = "An obsolete way to start: to the terminal, and to the mailbox as well.",
                .reference = {5321, "F.6"},
                .since = 821,
                .replaced_by = "MAIL",
                .syntax = "SAML FROM:<reverse-path>",
                .states = SMTP_STATE_READY,
                .replies = "250 | 421 451 452 | 500 501 502 552",
                .shape = REPLY_SHAPE_HYPHENATED,
            },
        .next_state = SMTP_STATE_MAIL,
    },
    {
        .id = SMTP_COMMAND_SEND,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "SEND",
                .meaning =
                    "An obsolete way to start: to the recipient's terminal, not the mailbox.",
                .reference = {5321, "F.6"},
                .since = 821,
                .replaced_by = "MAIL",
                .syntax = "SEND FROM:<reverse-path>",
                .states = SMTP_STATE_READY,
                .replies = "250 | 421 451 452 | 500 501 502 552",
                .shape = REPLY_SHAPE_HYPHENATED,
            },
        .next_state = SMTP_STATE_MAIL,
    },
    {
        .id = SMTP_COMMAND_SOML,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "SOML",
                .meaning =
                    "An obsolete way to start: to the terminal if in use, else to the mailbox.",
                .reference = {5321, "F.6"},
                .since = 821,
                .replaced_by = "MAIL",
                .syntax = "SOML FROM:<reverse-path>",
                .states = SMTP_STATE_READY,
                .replies = "250 | 421 451 452 | 500 501 502 552",
                .shape = REPLY_SHAPE_HYPHENATED,
            },
        .next_state = SMTP_STATE_MAIL,
    },
    {
        .id = SMTP_COMMAND_STARTTLS,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "STARTTLS",
                .meaning =
                    "The client asks to go on inside TLS, where nobody on the path can read along.",
                .reference = {3207, "4"},
                .since = 2487,
                .syntax = "STARTTLS",
                .states = SMTP_STATE_READY | SMTP_STATE_MAIL | SMTP_STATE_RECIPIENTS,
                .replies = "220 | 421 454 | 500 501 503",
                .shape = REPLY_SHAPE_HYPHENATED,
            },
        .next_state = SMTP_STATE_OPAQUE,
        .ends_group = true,
    },
    {
        .id = SMTP_COMMAND_TURN,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "TURN",
                .meaning = "The client asks to swap roles, with no proof of who asks: out of use.",
                .reference = {5321, "F.1"},
                .since = 821,
                .replaced_by = "ATRN",
                .syntax = "TURN",
                .states = SMTP_STATE_READY,
                .replies = "250 | 421 | 500 502 503",
                .shape = REPLY_SHAPE_HYPHENATED,
            },
        .next_state = SMTP_STATE_OPAQUE,
        .ends_group = true,
    },
    {
        .id = SMTP_COMMAND_VRFY,
        .item =
            {
                .protocol = VOCABULARY_SMTP,
                .kind = VOCABULARY_COMMAND,
                .token = "VRFY",
                .meaning =
                    "The client asks whether a user or mailbox exists; most servers will not say.",
                .reference = {5321, "4.1.1.6"},
                .since = 821,
                .syntax = "VRFY user-or-mailbox",
                .states = SMTP_STATES_ANY,
                .replies = "250 251 252 | 421 | 500 501 502 504 530 550 551 553",
                .shape = REPLY_SHAPE_HYPHENATED,
            },
        .ends_group = true,
    },
};
