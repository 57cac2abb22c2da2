#include "protocol/smtp/smtp-tables.h"

#define SMTP_PARAMETER .protocol = VOCABULARY_SMTP, .kind = VOCABULARY_PARAMETER
#define SMTP_TERM(name) .protocol = VOCABULARY_SMTP, .kind = VOCABULARY_##name

const SmtpParameterRow smtp_parameters[SMTP_PARAMETER_COUNT] = {
    {
        .command = SMTP_COMMAND_EXPN,
        .item =
            {
                SMTP_PARAMETER,
                .token = "SMTPUTF8",
                .context = "EXPN",
                .meaning = "The client can read an answer in UTF-8.",
                .reference = {6531, "3.7.4.2"},
                .syntax = "SMTPUTF8",
            },
    },
    {
        .command = SMTP_COMMAND_EXPN,
        .item =
            {
                SMTP_PARAMETER,
                .token = "UTF8REPLY",
                .context = "EXPN",
                .meaning = "The client can read an answer in UTF-8.",
                .reference = {5336, "3.7.4.2"},
                .replaced_by = "SMTPUTF8",
                .syntax = "UTF8REPLY",
            },
    },
    {
        .command = SMTP_COMMAND_MAIL,
        .item =
            {
                SMTP_PARAMETER,
                .token = "ALT-ADDRESS",
                .context = "MAIL",
                .meaning = "A second address in plain ASCII, for servers that know no other.",
                .reference = {5336, "3.4"},
                .replaced_by = "SMTPUTF8",
                .syntax = "ALT-ADDRESS=address",
            },
    },
    {
        .command = SMTP_COMMAND_MAIL,
        .item =
            {
                SMTP_PARAMETER,
                .token = "AUTH",
                .context = "MAIL",
                .meaning = "Who first submitted the message; <> where nobody vouches for it.",
                .reference = {4954, "5"},
                .since = 2554,
                .syntax = "AUTH=mailbox|<>",
            },
    },
    {
        .command = SMTP_COMMAND_MAIL,
        .item =
            {
                SMTP_PARAMETER,
                .token = "BODY",
                .context = "MAIL",
                .meaning = "Whether the message holds octets above 127, or is even binary.",
                .reference = {6152, "2"},
                .since = 1426,
                .syntax = "BODY=7BIT|8BITMIME|BINARYMIME",
            },
    },
    {
        .command = SMTP_COMMAND_MAIL,
        .item =
            {
                SMTP_PARAMETER,
                .token = "BY",
                .context = "MAIL",
                .meaning =
                    "Within how many seconds to arrive; if late, report it (N) or return it (R).",
                .reference = {2852, "4"},
                .syntax = "BY=seconds;N|R[T]",
            },
    },
    {
        .command = SMTP_COMMAND_MAIL,
        .item =
            {
                SMTP_PARAMETER,
                .token = "CONPERM",
                .context = "MAIL",
                .meaning = "Servers on the way may convert the content.",
                .reference = {4141, "4.2"},
                .syntax = "CONPERM",
            },
    },
    {
        .command = SMTP_COMMAND_MAIL,
        .item =
            {
                SMTP_PARAMETER,
                .token = "ENVID",
                .context = "MAIL",
                .meaning = "A mark of the sender that will stand in every delivery report.",
                .reference = {3461, "4.4"},
                .since = 1891,
                .syntax = "ENVID=xtext",
            },
    },
    {
        .command = SMTP_COMMAND_MAIL,
        .item =
            {
                SMTP_PARAMETER,
                .token = "HOLDFOR",
                .context = "MAIL",
                .meaning = "Keep the message back for so many seconds.",
                .reference = {4865, "3"},
                .syntax = "HOLDFOR=seconds",
            },
    },
    {
        .command = SMTP_COMMAND_MAIL,
        .item =
            {
                SMTP_PARAMETER,
                .token = "HOLDUNTIL",
                .context = "MAIL",
                .meaning = "Keep the message back until this date and time.",
                .reference = {4865, "3"},
                .syntax = "HOLDUNTIL=date-time",
            },
    },
    {
        .command = SMTP_COMMAND_MAIL,
        .item =
            {
                SMTP_PARAMETER,
                .token = "MT-PRIORITY",
                .context = "MAIL",
                .meaning = "The priority asked for, from -9 to 9; 0 is usual.",
                .reference = {6710, "3"},
                .syntax = "MT-PRIORITY=number",
            },
    },
    {
        .command = SMTP_COMMAND_MAIL,
        .item =
            {
                SMTP_PARAMETER,
                .token = "MTRK",
                .context = "MAIL",
                .meaning = "A proof that lets the sender ask later how far the message has come.",
                .reference = {3885, "3.1"},
                .syntax = "MTRK=certifier[:seconds]",
            },
    },
    {
        .command = SMTP_COMMAND_MAIL,
        .item =
            {
                SMTP_PARAMETER,
                .token = "REQUIRETLS",
                .context = "MAIL",
                .meaning = "The message may travel only inside TLS, with checked certificates.",
                .reference = {8689, "2"},
                .syntax = "REQUIRETLS",
            },
    },
    {
        .command = SMTP_COMMAND_MAIL,
        .item =
            {
                SMTP_PARAMETER,
                .token = "RET",
                .context = "MAIL",
                .meaning = "How much of the message comes back with a failure: all, or the header.",
                .reference = {3461, "4.3"},
                .since = 1891,
                .syntax = "RET=FULL|HDRS",
            },
    },
    {
        .command = SMTP_COMMAND_MAIL,
        .item =
            {
                SMTP_PARAMETER,
                .token = "SIZE",
                .context = "MAIL",
                .meaning = "The client's estimate of the size of the message, in octets.",
                .reference = {1870, "6"},
                .since = 1427,
                .syntax = "SIZE=octets",
            },
    },
    {
        .command = SMTP_COMMAND_MAIL,
        .item =
            {
                SMTP_PARAMETER,
                .token = "SMTPUTF8",
                .context = "MAIL",
                .meaning = "Addresses or header fields of this message hold UTF-8.",
                .reference = {6531, "3.4"},
                .syntax = "SMTPUTF8",
            },
    },
    {
        .command = SMTP_COMMAND_MAIL,
        .item =
            {
                SMTP_PARAMETER,
                .token = "SOLICIT",
                .context = "MAIL",
                .meaning = "Which kinds of advertising the message belongs to.",
                .reference = {3865, "2.3"},
                .syntax = "SOLICIT=keywords",
            },
    },
    {
        .command = SMTP_COMMAND_MAIL,
        .item =
            {
                SMTP_PARAMETER,
                .token = "SUBMITTER",
                .context = "MAIL",
                .meaning =
                    "The address responsible for this sending, as an RFC now historic has it.",
                .reference = {4405, "4"},
                .syntax = "SUBMITTER=mailbox",
            },
    },
    {
        .command = SMTP_COMMAND_MAIL,
        .item =
            {
                SMTP_PARAMETER,
                .token = "TRANSID",
                .context = "MAIL",
                .meaning = "A name for the transfer, so that it can go on after a break.",
                .reference = {1845, "3"},
                .syntax = "TRANSID=<identifier>",
            },
    },
    {
        .command = SMTP_COMMAND_RCPT,
        .item =
            {
                SMTP_PARAMETER,
                .token = "ALT-ADDRESS",
                .context = "RCPT",
                .meaning = "A second address in plain ASCII, for servers that know no other.",
                .reference = {5336, "3.4"},
                .replaced_by = "SMTPUTF8",
                .syntax = "ALT-ADDRESS=address",
            },
    },
    {
        .command = SMTP_COMMAND_RCPT,
        .item =
            {
                SMTP_PARAMETER,
                .token = "CONNEG",
                .context = "RCPT",
                .meaning = "The client wants to hear what content this recipient can take.",
                .reference = {4141, "5.2"},
                .syntax = "CONNEG",
            },
    },
    {
        .command = SMTP_COMMAND_RCPT,
        .item =
            {
                SMTP_PARAMETER,
                .token = "NOTIFY",
                .context = "RCPT",
                .meaning = "What to report: success, failure and delay, or never anything.",
                .reference = {3461, "4.1"},
                .since = 1891,
                .syntax = "NOTIFY=NEVER|SUCCESS,FAILURE,DELAY",
            },
    },
    {
        .command = SMTP_COMMAND_RCPT,
        .item =
            {
                SMTP_PARAMETER,
                .token = "ORCPT",
                .context = "RCPT",
                .meaning = "The address as the sender first wrote it, for the report.",
                .reference = {3461, "4.2"},
                .since = 1891,
                .syntax = "ORCPT=type;xtext",
            },
    },
    {
        .command = SMTP_COMMAND_RCPT,
        .item =
            {
                SMTP_PARAMETER,
                .token = "RRVS",
                .context = "RCPT",
                .meaning = "Deliver only if the mailbox has had the same owner since this time.",
                .reference = {7293, "3.1"},
                .syntax = "RRVS=date-time[;C|R]",
            },
    },
    {
        .command = SMTP_COMMAND_VRFY,
        .item =
            {
                SMTP_PARAMETER,
                .token = "SMTPUTF8",
                .context = "VRFY",
                .meaning = "The client can read an answer in UTF-8.",
                .reference = {6531, "3.7.4.2"},
                .syntax = "SMTPUTF8",
            },
    },
    {
        .command = SMTP_COMMAND_VRFY,
        .item =
            {
                SMTP_PARAMETER,
                .token = "UTF8REPLY",
                .context = "VRFY",
                .meaning = "The client can read an answer in UTF-8.",
                .reference = {5336, "3.7.4.2"},
                .replaced_by = "SMTPUTF8",
                .syntax = "UTF8REPLY",
            },
    },
};

/* Values of parameters and keywords that have a meaning of their own. */
const VocabularyItem smtp_values[SMTP_VALUE_COUNT] = {
    {
        SMTP_TERM(PARAMETER),
        .token = "BODY=BINARYMIME",
        .context = "MAIL",
        .meaning = "The message is binary: it must be sent by BDAT, never by DATA.",
        .reference = {3030, "3"},
        .since = 1830,
    },
    {
        SMTP_TERM(PARAMETER),
        .token = "BODY=7BIT",
        .context = "MAIL",
        .meaning = "The message holds no octet above 127.",
        .reference = {6152, "2"},
        .since = 1426,
    },
    {
        SMTP_TERM(PARAMETER),
        .token = "BODY=8BITMIME",
        .context = "MAIL",
        .meaning = "The message is MIME in lines, and may hold octets above 127.",
        .reference = {6152, "2"},
        .since = 1426,
    },
    {
        SMTP_TERM(EXTENSION),
        .token = "MAILMAX",
        .context = "LIMITS",
        .meaning = "How many mail transactions one session may have.",
        .reference = {9422, "4.1"},
        .syntax = "MAILMAX=number",
    },
    {
        SMTP_TERM(EXTENSION),
        .token = "RCPTMAX",
        .context = "LIMITS",
        .meaning = "How many recipients one transaction may have.",
        .reference = {9422, "4.2"},
        .syntax = "RCPTMAX=number",
    },
    {
        SMTP_TERM(EXTENSION),
        .token = "RCPTDOMAINMAX",
        .context = "LIMITS",
        .meaning = "How many different domains the recipients of one session may have.",
        .reference = {9422, "4.3"},
        .syntax = "RCPTDOMAINMAX=number",
    },
};
