#include "protocol/smtp/smtp-tables.h"

#define SMTP_STATE_ROW .protocol = VOCABULARY_SMTP, .kind = VOCABULARY_STATE

/* Row i describes the state whose bit is 1 << i. */
const VocabularyItem smtp_states[SMTP_STATE_COUNT] = {
    {
        SMTP_STATE_ROW,
        .token = "connected",
        .meaning = "The connection stands; the server has not greeted yet.",
        .reference = {5321, "3.1"},
        .states = SMTP_STATE_CONNECTED,
    },
    {
        SMTP_STATE_ROW,
        .token = "greeted",
        .meaning = "The server has said 220; the client is to name itself with EHLO or HELO.",
        .reference = {5321, "4.3.1"},
        .states = SMTP_STATE_GREETED,
    },
    {
        SMTP_STATE_ROW,
        .token = "ready",
        .meaning = "The client has named itself; no mail transaction is open.",
        .reference = {5321, "4.1.4"},
        .states = SMTP_STATE_READY,
    },
    {
        SMTP_STATE_ROW,
        .token = "mail transaction open",
        .meaning = "MAIL was accepted; the first recipient is still to come.",
        .reference = {5321, "3.3"},
        .states = SMTP_STATE_MAIL,
    },
    {
        SMTP_STATE_ROW,
        .token = "recipients given",
        .meaning = "At least one recipient was accepted; DATA or BDAT may follow.",
        .reference = {5321, "3.3"},
        .states = SMTP_STATE_RECIPIENTS,
    },
    {
        SMTP_STATE_ROW,
        .token = "message data",
        .meaning = "354 was said: each line is part of the message, up to a line with one dot.",
        .reference = {5321, "4.1.1.4"},
        .states = SMTP_STATE_DATA,
    },
    {
        SMTP_STATE_ROW,
        .token = "message chunks",
        .meaning = "A chunk was accepted and it was not the last.",
        .reference = {3030, "2"},
        .states = SMTP_STATE_BDAT,
    },
    {
        SMTP_STATE_ROW,
        .token = "authenticating",
        .meaning = "334 was said: the next line of the client answers the challenge.",
        .reference = {4954, "4"},
        .states = SMTP_STATE_AUTH,
    },
    {
        SMTP_STATE_ROW,
        .token = "unreadable",
        .meaning = "From here on the octets are encrypted, or are no SMTP of this client.",
        .reference = {3207, "4.2"},
        .states = SMTP_STATE_OPAQUE,
    },
    {
        SMTP_STATE_ROW,
        .token = "closed",
        .meaning = "221 or 421 was said; the connection is being closed.",
        .reference = {5321, "3.8"},
        .states = SMTP_STATE_CLOSED,
    },
};
