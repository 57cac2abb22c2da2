#include "protocol/pop3/pop3-tables.h"

#define POP3_RESPONSE_CODE .protocol = VOCABULARY_POP3, .kind = VOCABULARY_RESPONSE_CODE
#define POP3_CAPABILITY .protocol = VOCABULARY_POP3, .kind = VOCABULARY_EXTENSION

/* Both in the order of their names, as they are searched. */
const VocabularyItem pop3_response_codes[POP3_RESPONSE_CODE_COUNT] = {
    {
        POP3_RESPONSE_CODE,
        .token = "AUTH",
        .meaning = "Name or password is at fault: the client should ask the user again.",
        .reference = {3206, "5"},
    },
    {
        POP3_RESPONSE_CODE,
        .token = "IN-USE",
        .meaning = "The password is right, but another session has the mailbox locked.",
        .reference = {2449, "8.1.2"},
    },
    {
        POP3_RESPONSE_CODE,
        .token = "LOGIN-DELAY",
        .meaning = "The last login is too recent: the client has to wait a while.",
        .reference = {2449, "8.1.1"},
    },
    {
        POP3_RESPONSE_CODE,
        .token = "SYS",
        .meaning = "The system failed; it is not the fault of name or password.",
        .reference = {3206, "4"},
    },
    {
        POP3_RESPONSE_CODE,
        .token = "SYS/PERM",
        .meaning = "The system failed and needs mending: somebody must be told.",
        .reference = {3206, "4"},
    },
    {
        POP3_RESPONSE_CODE,
        .token = "SYS/TEMP",
        .meaning = "The system failed for the moment: try again later.",
        .reference = {3206, "4"},
    },
    {
        POP3_RESPONSE_CODE,
        .token = "UTF8",
        .meaning = "The message holds UTF-8, and the session is not in UTF-8 mode.",
        .reference = {6856, "5"},
        .since = 5721,
    },
};

const VocabularyItem pop3_capabilities[POP3_CAPABILITY_COUNT] = {
    {
        POP3_CAPABILITY,
        .token = "AUTH-RESP-CODE",
        .meaning = "Every refusal of name or password carries the response code AUTH.",
        .reference = {3206, "6"},
        .states = POP3_STATE_AUTHORIZATION | POP3_STATE_TRANSACTION,
    },
    {
        POP3_CAPABILITY,
        .token = "EXPIRE",
        .meaning = "How many days at least a message stays on the server, or NEVER.",
        .reference = {2449, "6.7"},
        .syntax = "EXPIRE days|NEVER [USER]",
        .states = POP3_STATE_AUTHORIZATION | POP3_STATE_TRANSACTION,
    },
    {
        POP3_CAPABILITY,
        .token = "IMPLEMENTATION",
        .meaning = "The name of the server program.",
        .reference = {2449, "6.9"},
        .syntax = "IMPLEMENTATION text",
        .states = POP3_STATE_AUTHORIZATION | POP3_STATE_TRANSACTION,
    },
    {
        POP3_CAPABILITY,
        .token = "LANG",
        .meaning = "The command LANG chooses the language of texts for humans.",
        .reference = {6856, "3"},
        .since = 5721,
        .states = POP3_STATE_AUTHORIZATION | POP3_STATE_TRANSACTION,
    },
    {
        POP3_CAPABILITY,
        .token = "LOGIN-DELAY",
        .meaning = "How many seconds must lie between two logins.",
        .reference = {2449, "6.5"},
        .syntax = "LOGIN-DELAY seconds [USER]",
        .states = POP3_STATE_AUTHORIZATION | POP3_STATE_TRANSACTION,
    },
    {
        POP3_CAPABILITY,
        .token = "PIPELINING",
        .meaning = "The client may send commands without waiting for each answer.",
        .reference = {2449, "6.6"},
        .states = POP3_STATE_AUTHORIZATION | POP3_STATE_TRANSACTION,
    },
    {
        POP3_CAPABILITY,
        .token = "RESP-CODES",
        .meaning = "A text in brackets behind the status is a response code.",
        .reference = {2449, "6.4"},
        .states = POP3_STATE_AUTHORIZATION | POP3_STATE_TRANSACTION,
    },
    {
        POP3_CAPABILITY,
        .token = "SASL",
        .meaning = "The command AUTH is there, with the mechanisms listed.",
        .reference = {5034, "3"},
        .since = 2449,
        .syntax = "SASL mechanism ...",
        .states = POP3_STATE_AUTHORIZATION | POP3_STATE_TRANSACTION,
    },
    {
        POP3_CAPABILITY,
        .token = "STLS",
        .meaning = "The command STLS starts TLS.",
        .reference = {2595, "4"},
        .states = POP3_STATE_AUTHORIZATION | POP3_STATE_TRANSACTION,
    },
    {
        POP3_CAPABILITY,
        .token = "TOP",
        .meaning = "The command TOP gives header and first lines of a message.",
        .reference = {2449, "6.1"},
        .states = POP3_STATE_AUTHORIZATION | POP3_STATE_TRANSACTION,
    },
    {
        POP3_CAPABILITY,
        .token = "UIDL",
        .meaning = "The command UIDL gives lasting identifiers of messages.",
        .reference = {2449, "6.8"},
        .states = POP3_STATE_AUTHORIZATION | POP3_STATE_TRANSACTION,
    },
    {
        POP3_CAPABILITY,
        .token = "USER",
        .meaning = "The client may log in by USER and PASS.",
        .reference = {2449, "6.2"},
        .states = POP3_STATE_AUTHORIZATION | POP3_STATE_TRANSACTION,
    },
    {
        POP3_CAPABILITY,
        .token = "UTF8",
        .meaning = "The command UTF8 turns UTF-8 on; USER: names and passwords may use it.",
        .reference = {6856, "2"},
        .since = 5721,
        .syntax = "UTF8 [USER]",
        .states = POP3_STATE_AUTHORIZATION | POP3_STATE_TRANSACTION,
    },
};
