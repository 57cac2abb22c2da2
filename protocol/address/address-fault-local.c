#include "protocol/address/address-fault-rows.h"

const AddressFaultRow address_local_fault_rows[] = {
    {
        .id = ADDRESS_FAULT_NO_AT,
        .sentence = "An address has a local part, an \"@\" and a domain, and here no \"@\" comes.",
        .rules =
            {
                SMTP("Mailbox"),
                RULE("addr-spec", 5322, "3.4.1"),
                RULE("addr-spec", 5322, "3.4.1"),
                SMTP("Mailbox"),
            },
    },
    {
        .id = ADDRESS_FAULT_SECOND_AT,
        .sentence = "The first \"@\" ended the local part, and a domain cannot hold another one.",
        .rules =
            {
                SMTP("sub-domain"),
                RULE("domain", 5322, "3.4.1"),
                RULE("obs-domain", 5322, "4.4"),
                RULE("sub-domain", 6531, "3.3"),
            },
    },
    {
        .id = ADDRESS_FAULT_LOCAL_EMPTY,
        .sentence = "Nothing stands before the \"@\": the local part needs at least one character.",
        .rules =
            {
                SMTP("Local-part"),
                RULE("local-part", 5322, "3.4.1"),
                RULE("obs-local-part", 5322, "4.4"),
                SMTP("Local-part"),
            },
    },
    {
        .id = ADDRESS_FAULT_LOCAL_DOT,
        .sentence = "A dot of the local part stands between two atoms: not at its start, not at "
                    "its end, not beside another dot.",
        .obsolete_sentence = "A dot of the local part stands between two words: not at its start, "
                             "not at its end, not beside another dot.",
        .rules =
            {
                SMTP("Dot-string"),
                RULE("dot-atom-text", 5322, "3.2.3"),
                RULE("obs-local-part", 5322, "4.4"),
                SMTP("Dot-string"),
            },
    },
    {
        .id = ADDRESS_FAULT_LOCAL_QUOTE,
        .sentence = "A quoted string must be the whole local part: it cannot stand beside other "
                    "text, nor between dots.",
        .obsolete_sentence = "A quoted string is a word of its own: only a dot may stand between "
                             "it and the next word.",
        .rules =
            {
                SMTP("Local-part"),
                RULE("local-part", 5322, "3.4.1"),
                RULE("obs-local-part", 5322, "4.4"),
                SMTP("Local-part"),
            },
    },
    {
        .id = ADDRESS_FAULT_LOCAL_AFTER_QUOTE,
        .sentence = "The quoted string is closed, and only the \"@\" may follow it.",
        .obsolete_sentence =
            "The quoted string is closed, and only a dot or the \"@\" may follow it.",
        .rules =
            {
                SMTP("Local-part"),
                RULE("local-part", 5322, "3.4.1"),
                RULE("obs-local-part", 5322, "4.4"),
                SMTP("Local-part"),
            },
    },
    {
        .id = ADDRESS_FAULT_LOCAL_BACKSLASH,
        .sentence =
            "A backslash takes away the meaning of the next character only inside quotation marks.",
        .rules =
            {
                SMTP("Atom"),
                RULE("atext", 5322, "3.2.3"),
                RULE("atext", 5322, "3.2.3"),
                RULE("atext", 6531, "3.3"),
            },
    },
    {
        .id = ADDRESS_FAULT_LOCAL_SPACE,
        .sentence = "White space cannot stand in a local part, unless inside quotation marks.",
        .obsolete_sentence = "White space cannot part two words of a local part: a dot must.",
        .rules =
            {
                SMTP("Atom"),
                RULE("dot-atom", 5322, "3.2.3"),
                RULE("obs-local-part", 5322, "4.4"),
                RULE("atext", 6531, "3.3"),
            },
    },
    {
        .id = ADDRESS_FAULT_LOCAL_COMMENT,
        .sentence = "Comments in parentheses are for header fields; the envelope has none.",
        .rules =
            {
                SMTP("Atom"),
                NO_RULE,
                NO_RULE,
                RULE("atext", 6531, "3.3"),
            },
    },
    {
        .id = ADDRESS_FAULT_LOCAL_CHARACTER,
        .sentence = "This character cannot stand in a local part, unless inside quotation marks.",
        .rules =
            {
                SMTP("Atom"),
                RULE("atext", 5322, "3.2.3"),
                RULE("atext", 5322, "3.2.3"),
                RULE("atext", 6531, "3.3"),
            },
    },
    {
        .id = ADDRESS_FAULT_LOCAL_NOT_ASCII,
        .sentence =
            "Only ASCII may stand in a local part; letters beyond it need SMTPUTF8 (RFC 6531).",
        .rules =
            {
                SMTP("Atom"),
                RULE("atext", 5322, "3.2.3"),
                RULE("atext", 5322, "3.2.3"),
                NO_RULE,
            },
    },
    {
        .id = ADDRESS_FAULT_LOCAL_TOO_LONG,
        .sentence = "A local part has at most 64 octets; this one goes on.",
        .rules =
            {
                RULE("Local-part", 5321, "4.5.3.1.1"),
                NO_RULE,
                NO_RULE,
                RULE("Local-part", 5321, "4.5.3.1.1"),
            },
    },
    {
        .id = ADDRESS_FAULT_QUOTE_OPEN,
        .sentence = "The quoted string is never closed, so everything up to the end belongs to it, "
                    "the \"@\" too.",
        .rules =
            {
                SMTP("Quoted-string"),
                RULE("quoted-string", 5322, "3.2.4"),
                RULE("quoted-string", 5322, "3.2.4"),
                SMTP("Quoted-string"),
            },
    },
    {
        .id = ADDRESS_FAULT_QUOTE_CHARACTER,
        .sentence = "A control character cannot stand in a quoted string.",
        .rules =
            {
                SMTP("qtextSMTP"),
                RULE("qtext", 5322, "3.2.4"),
                RULE("obs-qtext", 5322, "4.1"),
                RULE("qtextSMTP", 6531, "3.3"),
            },
    },
    {
        .id = ADDRESS_FAULT_QUOTE_NOT_ASCII,
        .sentence =
            "Only ASCII may stand in a quoted string; letters beyond it need SMTPUTF8 (RFC 6531).",
        .rules =
            {
                SMTP("qtextSMTP"),
                RULE("qtext", 5322, "3.2.4"),
                RULE("qtext", 5322, "3.2.4"),
                NO_RULE,
            },
    },
    {
        .id = ADDRESS_FAULT_QUOTE_PAIR,
        .sentence = "A backslash must be followed by a printable ASCII character or a space.",
        .obsolete_sentence = "A backslash must be followed by an ASCII character.",
        .rules =
            {
                SMTP("quoted-pairSMTP"),
                RULE("quoted-pair", 5322, "3.2.1"),
                RULE("obs-qp", 5322, "4.1"),
                SMTP("quoted-pairSMTP"),
            },
    },
};
