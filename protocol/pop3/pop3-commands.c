#include "protocol/pop3/pop3-tables.h"

#define POP3_COMMAND .protocol = VOCABULARY_POP3, .kind = VOCABULARY_COMMAND

/* QUIT leads to UPDATE only from TRANSACTION (RFC 1939 §6); said before the login it just ends the
 * session (§4). */
const Pop3CommandRow pop3_commands[N_POP3_COMMANDS] = {
    {
        .id = POP3_COMMAND_APOP,
        .item =
            {
                POP3_COMMAND,
                .token = "APOP",
                .meaning = "The client proves that it knows the secret, without sending it.",
                .reference = {1939, "7"},
                .since = 1460,
                .syntax = "APOP name digest",
                .states = POP3_STATE_AUTHORIZATION,
                .replies = "+OK | -ERR",
                .shape = REPLY_SHAPE_LINE,
                .is_secret = true,
            },
        .next_state = POP3_STATE_TRANSACTION,
    },
    {
        .id = POP3_COMMAND_AUTH,
        .item =
            {
                POP3_COMMAND,
                .token = "AUTH",
                .meaning = "The client starts to prove who it is, by the SASL mechanism it names.",
                .reference = {5034, "4"},
                .since = 1734,
                .syntax = "AUTH mechanism [initial-response]",
                .states = POP3_STATE_AUTHORIZATION,
                .replies = "+ | +OK | -ERR",
                .shape = REPLY_SHAPE_CHALLENGES,
                .is_secret = true,
            },
        .next_state = POP3_STATE_TRANSACTION,
    },
    {
        .id = POP3_COMMAND_CAPA,
        .item =
            {
                POP3_COMMAND,
                .token = "CAPA",
                .meaning = "The client asks what the server can do beyond the basics.",
                .reference = {2449, "5"},
                .syntax = "CAPA",
                .states = POP3_STATE_AUTHORIZATION | POP3_STATE_TRANSACTION,
                .replies = "+OK | -ERR",
                .shape = REPLY_SHAPE_DOTTED,
            },
    },
    {
        .id = POP3_COMMAND_DELE,
        .item =
            {
                POP3_COMMAND,
                .token = "DELE",
                .meaning =
                    "The message is to be deleted, but only when the session ends with QUIT.",
                .reference = {1939, "5"},
                .since = 1081,
                .syntax = "DELE message-number",
                .states = POP3_STATE_TRANSACTION,
                .replies = "+OK | -ERR",
                .shape = REPLY_SHAPE_LINE,
            },
    },
    {
        .id = POP3_COMMAND_LANG,
        .item =
            {
                POP3_COMMAND,
                .token = "LANG",
                .meaning =
                    "The client asks for texts in another language, or which ones there are.",
                .reference = {6856, "3.1"},
                .since = 5721,
                .syntax = "LANG [language]",
                .states = POP3_STATE_AUTHORIZATION | POP3_STATE_TRANSACTION,
                .replies = "+OK | -ERR",
                .shape = REPLY_SHAPE_LINE_OR_DOTTED,
            },
    },
    {
        .id = POP3_COMMAND_LAST,
        .item =
            {
                POP3_COMMAND,
                .token = "LAST",
                .meaning = "The client asks for the highest message number that was looked at.",
                .reference = {1225, "-"},
                .since = 1081,
                .replaced_by = "UIDL",
                .syntax = "LAST",
                .states = POP3_STATE_TRANSACTION,
                .replies = "+OK | -ERR",
                .shape = REPLY_SHAPE_LINE,
            },
    },
    {
        .id = POP3_COMMAND_LIST,
        .item =
            {
                POP3_COMMAND,
                .token = "LIST",
                .meaning = "The client asks for the size of each message, or of one.",
                .reference = {1939, "5"},
                .since = 1081,
                .syntax = "LIST [message-number]",
                .states = POP3_STATE_TRANSACTION,
                .replies = "+OK | -ERR",
                .shape = REPLY_SHAPE_LINE_OR_DOTTED,
            },
    },
    {
        .id = POP3_COMMAND_NOOP,
        .item =
            {
                POP3_COMMAND,
                .token = "NOOP",
                .meaning = "Nothing is asked for but a sign that the server still answers.",
                .reference = {1939, "5"},
                .since = 1081,
                .syntax = "NOOP",
                .states = POP3_STATE_TRANSACTION,
                .replies = "+OK | -ERR",
                .shape = REPLY_SHAPE_LINE,
            },
    },
    {
        .id = POP3_COMMAND_PASS,
        .item =
            {
                POP3_COMMAND,
                .token = "PASS",
                .meaning = "The password for the mailbox that USER named, sent as it is.",
                .reference = {1939, "7"},
                .since = 1081,
                .syntax = "PASS password",
                .states = POP3_STATE_AUTHORIZATION,
                .replies = "+OK | -ERR",
                .shape = REPLY_SHAPE_LINE,
                .is_secret = true,
            },
        .next_state = POP3_STATE_TRANSACTION,
    },
    {
        .id = POP3_COMMAND_QUIT,
        .item =
            {
                POP3_COMMAND,
                .token = "QUIT",
                .meaning =
                    "The client has finished: marked messages are removed, then both hang up.",
                .reference = {1939, "6"},
                .since = 1081,
                .syntax = "QUIT",
                .states = POP3_STATE_AUTHORIZATION | POP3_STATE_TRANSACTION,
                .replies = "+OK | -ERR",
                .shape = REPLY_SHAPE_LINE,
            },
        .next_state = POP3_STATE_UPDATE,
    },
    {
        .id = POP3_COMMAND_RETR,
        .item =
            {
                POP3_COMMAND,
                .token = "RETR",
                .meaning = "The client asks for a whole message.",
                .reference = {1939, "5"},
                .since = 1081,
                .syntax = "RETR message-number",
                .states = POP3_STATE_TRANSACTION,
                .replies = "+OK | -ERR",
                .shape = REPLY_SHAPE_DOTTED,
            },
    },
    {
        .id = POP3_COMMAND_RPOP,
        .item =
            {
                POP3_COMMAND,
                .token = "RPOP",
                .meaning =
                    "An old way to log in: the server trusts the client's host, not a password.",
                .reference = {1081, "-"},
                .replaced_by = "APOP or AUTH",
                .syntax = "RPOP user",
                .states = POP3_STATE_AUTHORIZATION,
                .replies = "+OK | -ERR",
                .shape = REPLY_SHAPE_LINE,
            },
        .next_state = POP3_STATE_TRANSACTION,
    },
    {
        .id = POP3_COMMAND_RSET,
        .item =
            {
                POP3_COMMAND,
                .token = "RSET",
                .meaning = "Every mark set by DELE is taken back.",
                .reference = {1939, "5"},
                .since = 1081,
                .syntax = "RSET",
                .states = POP3_STATE_TRANSACTION,
                .replies = "+OK | -ERR",
                .shape = REPLY_SHAPE_LINE,
            },
    },
    {
        .id = POP3_COMMAND_STAT,
        .item =
            {
                POP3_COMMAND,
                .token = "STAT",
                .meaning = "The client asks how many messages there are, and how big in all.",
                .reference = {1939, "5"},
                .since = 1081,
                .syntax = "STAT",
                .states = POP3_STATE_TRANSACTION,
                .replies = "+OK | -ERR",
                .shape = REPLY_SHAPE_LINE,
            },
    },
    {
        .id = POP3_COMMAND_STLS,
        .item =
            {
                POP3_COMMAND,
                .token = "STLS",
                .meaning = "The client asks to go on inside TLS, safe from readers on the path.",
                .reference = {2595, "4"},
                .syntax = "STLS",
                .states = POP3_STATE_AUTHORIZATION,
                .replies = "+OK | -ERR",
                .shape = REPLY_SHAPE_LINE,
            },
        .next_state = POP3_STATE_OPAQUE,
    },
    {
        .id = POP3_COMMAND_TOP,
        .item =
            {
                POP3_COMMAND,
                .token = "TOP",
                .meaning =
                    "The client asks for a message's header and the first lines of its body.",
                .reference = {1939, "7"},
                .since = 1081,
                .syntax = "TOP message-number lines",
                .states = POP3_STATE_TRANSACTION,
                .replies = "+OK | -ERR",
                .shape = REPLY_SHAPE_DOTTED,
            },
    },
    {
        .id = POP3_COMMAND_UIDL,
        .item =
            {
                POP3_COMMAND,
                .token = "UIDL",
                .meaning = "The client asks for identifiers that stay the same in every session.",
                .reference = {1939, "7"},
                .since = 1725,
                .syntax = "UIDL [message-number]",
                .states = POP3_STATE_TRANSACTION,
                .replies = "+OK | -ERR",
                .shape = REPLY_SHAPE_LINE_OR_DOTTED,
            },
    },
    {
        .id = POP3_COMMAND_USER,
        .item =
            {
                POP3_COMMAND,
                .token = "USER",
                .meaning = "The client names the mailbox that it wants to open.",
                .reference = {1939, "7"},
                .since = 1081,
                .syntax = "USER name",
                .states = POP3_STATE_AUTHORIZATION,
                .replies = "+OK | -ERR",
                .shape = REPLY_SHAPE_LINE,
            },
    },
    {
        .id = POP3_COMMAND_UTF8,
        .item =
            {
                POP3_COMMAND,
                .token = "UTF8",
                .meaning = "From now on the client can take UTF-8, in texts and in messages.",
                .reference = {6856, "2.1"},
                .since = 5721,
                .syntax = "UTF8",
                .states = POP3_STATE_AUTHORIZATION,
                .replies = "+OK | -ERR",
                .shape = REPLY_SHAPE_LINE,
            },
    },
    {
        .id = POP3_COMMAND_XTND,
        .item =
            {
                POP3_COMMAND,
                .token = "XTND",
                .meaning = "The client turns to bulletin boards; hardly a server has this today.",
                .reference = {1082, "-"},
                .replaced_by = "IMAP",
                .syntax = "XTND subcommand [name]",
                .states = POP3_STATE_TRANSACTION,
                .replies = "+OK | -ERR",
                .shape = REPLY_SHAPE_LINE,
            },
    },
};
