#include "protocol/address/address-fault-rows.h"

const AddressFaultRow address_domain_fault_rows[] = {
    {
        .id = ADDRESS_FAULT_DOMAIN_EMPTY,
        .sentence = "Nothing stands behind the \"@\": the domain is missing.",
        .rules =
            {
                SMTP("Domain"),
                RULE("domain", 5322, "3.4.1"),
                RULE("obs-domain", 5322, "4.4"),
                SMTP("Domain"),
            },
    },
    {
        .id = ADDRESS_FAULT_DOMAIN_DOT,
        .sentence = "A dot of the domain stands between two labels: not at its start, not at its "
                    "end, not beside another dot.",
        .rules =
            {
                SMTP("Domain"),
                RULE("dot-atom-text", 5322, "3.2.3"),
                RULE("obs-domain", 5322, "4.4"),
                SMTP("Domain"),
            },
    },
    {
        .id = ADDRESS_FAULT_DOMAIN_HYPHEN,
        .sentence = "A label of a domain starts and ends with a letter or a digit; a hyphen stands "
                    "only inside.",
        .rules =
            {
                SMTP("sub-domain"),
                NO_RULE,
                NO_RULE,
                RULE("sub-domain", 6531, "3.3"),
            },
    },
    {
        .id = ADDRESS_FAULT_DOMAIN_UNDERSCORE,
        .sentence = "An underscore is not permitted in the domain of an address, though the DNS "
                    "has such names.",
        .rules =
            {
                SMTP("sub-domain"),
                NO_RULE,
                NO_RULE,
                RULE("sub-domain", 6531, "3.3"),
            },
    },
    {
        .id = ADDRESS_FAULT_DOMAIN_SPACE,
        .sentence = "White space cannot stand in a domain.",
        .rules =
            {
                SMTP("sub-domain"),
                RULE("dot-atom", 5322, "3.2.3"),
                RULE("obs-domain", 5322, "4.4"),
                RULE("sub-domain", 6531, "3.3"),
            },
    },
    {
        .id = ADDRESS_FAULT_DOMAIN_COMMENT,
        .sentence = "Comments in parentheses are for header fields; the envelope has none.",
        .rules =
            {
                SMTP("sub-domain"),
                NO_RULE,
                NO_RULE,
                RULE("sub-domain", 6531, "3.3"),
            },
    },
    {
        .id = ADDRESS_FAULT_DOMAIN_CHARACTER,
        .sentence = "A domain is made of labels of letters, digits and hyphens with dots between "
                    "them; this character is none.",
        .obsolete_sentence =
            "A domain is made of atoms with dots between them; this character belongs to none.",
        .rules =
            {
                SMTP("sub-domain"),
                RULE("atext", 5322, "3.2.3"),
                RULE("atext", 5322, "3.2.3"),
                RULE("sub-domain", 6531, "3.3"),
            },
    },
    {
        .id = ADDRESS_FAULT_DOMAIN_NOT_ASCII,
        .sentence = "Only ASCII may stand in a domain; letters beyond it need SMTPUTF8 (RFC 6531), "
                    "or the xn-- form of the name.",
        .rules =
            {
                SMTP("sub-domain"),
                RULE("atext", 5322, "3.2.3"),
                RULE("atext", 5322, "3.2.3"),
                NO_RULE,
            },
    },
    {
        .id = ADDRESS_FAULT_DOMAIN_TOO_LONG,
        .sentence = "A domain has at most 255 octets; this one goes on.",
        .rules =
            {
                RULE("Domain", 5321, "4.5.3.1.2"),
                NO_RULE,
                NO_RULE,
                RULE("Domain", 5321, "4.5.3.1.2"),
            },
    },
    {
        .id = ADDRESS_FAULT_LABEL_TOO_LONG,
        .sentence = "A label of a domain has at most 63 octets; this one goes on.",
        .rules =
            {
                RULE("labels", 1035, "2.3.4"),
                NO_RULE,
                NO_RULE,
                RULE("labels", 1035, "2.3.4"),
            },
    },
    {
        .id = ADDRESS_FAULT_LABEL_NOT_IDNA,
        .sentence = "An internationalised label is made of small letters, marks and digits of the "
                    "world's scripts; this character is none.",
        .rules =
            {
                NO_RULE,
                NO_RULE,
                NO_RULE,
                RULE("U-label", 5891, "4.2.2"),
            },
    },
    {
        .id = ADDRESS_FAULT_LABEL_MARK,
        .sentence = "An internationalised label cannot start with a combining mark, which needs a "
                    "letter before it.",
        .rules =
            {
                NO_RULE,
                NO_RULE,
                NO_RULE,
                RULE("U-label", 5891, "4.2.3.2"),
            },
    },
    {
        .id = ADDRESS_FAULT_LABEL_HYPHENS,
        .sentence = "An internationalised label cannot have two hyphens as its third and fourth "
                    "characters: that is how xn-- forms are told.",
        .rules =
            {
                NO_RULE,
                NO_RULE,
                NO_RULE,
                RULE("U-label", 5891, "4.2.3.1"),
            },
    },
    {
        .id = ADDRESS_FAULT_LABEL_NOT_NORMAL,
        .sentence = "An internationalised label is written in Unicode's normal form C; here a "
                    "letter and its accent are in pieces, or in another order.",
        .rules =
            {
                NO_RULE,
                NO_RULE,
                NO_RULE,
                RULE("U-label", 5890, "2.3.2.1"),
            },
    },
    {
        .id = ADDRESS_FAULT_LABEL_PUNYCODE,
        .sentence = "A label that starts with xn-- must be the Punycode of an internationalised "
                    "label, and this one is not.",
        .rules =
            {
                NO_RULE,
                NO_RULE,
                NO_RULE,
                RULE("A-label", 5890, "2.3.2.1"),
            },
    },
    {
        .id = ADDRESS_FAULT_LITERAL_OPEN,
        .sentence = "The bracket that opens the address literal is never closed.",
        .rules =
            {
                SMTP("address-literal"),
                RULE("domain-literal", 5322, "3.4.1"),
                RULE("domain-literal", 5322, "3.4.1"),
                SMTP("address-literal"),
            },
    },
    {
        .id = ADDRESS_FAULT_LITERAL_CHARACTER,
        .sentence = "This character cannot stand between the brackets.",
        .rules =
            {
                RULE("dcontent", 5321, "4.1.3"),
                RULE("dtext", 5322, "3.4.1"),
                RULE("obs-dtext", 5322, "4.4"),
                RULE("dcontent", 5321, "4.1.3"),
            },
    },
    {
        .id = ADDRESS_FAULT_LITERAL_IPV4,
        .sentence = "An IPv4 address is four numbers from 0 to 255 with dots between them.",
        .rules =
            {
                RULE("IPv4-address-literal", 5321, "4.1.3"),
                NO_RULE,
                NO_RULE,
                RULE("IPv4-address-literal", 5321, "4.1.3"),
            },
    },
    {
        .id = ADDRESS_FAULT_LITERAL_IPV6,
        .sentence = "An IPv6 address is eight groups of up to four hexadecimal digits; one \"::\" "
                    "may stand for two or more groups of zeros, an IPv4 address for the last two.",
        .rules =
            {
                RULE("IPv6-addr", 5321, "4.1.3"),
                NO_RULE,
                NO_RULE,
                RULE("IPv6-addr", 5321, "4.1.3"),
            },
    },
    {
        .id = ADDRESS_FAULT_LITERAL_TAG,
        .sentence = "Between brackets stands an IPv4 address, or a registered tag, a colon and an "
                    "address; \"IPv6\" is the only tag there is.",
        .rules =
            {
                RULE("Standardized-tag", 5321, "4.1.3"),
                NO_RULE,
                NO_RULE,
                RULE("Standardized-tag", 5321, "4.1.3"),
            },
    },
    {
        .id = ADDRESS_FAULT_AFTER_LITERAL,
        .sentence = "The address literal is closed, and nothing may follow it.",
        .rules =
            {
                SMTP("Mailbox"),
                RULE("domain-literal", 5322, "3.4.1"),
                RULE("domain-literal", 5322, "3.4.1"),
                SMTP("Mailbox"),
            },
    },
    {
        .id = ADDRESS_FAULT_COMMENT_OPEN,
        .sentence = "The parenthesis that opens the comment is never closed.",
        .rules =
            {
                NO_RULE,
                RULE("comment", 5322, "3.2.2"),
                RULE("comment", 5322, "3.2.2"),
                NO_RULE,
            },
    },
    {
        .id = ADDRESS_FAULT_COMMENT_CHARACTER,
        .sentence = "This character cannot stand in a comment.",
        .rules =
            {
                NO_RULE,
                RULE("ctext", 5322, "3.2.2"),
                RULE("obs-ctext", 5322, "4.1"),
                NO_RULE,
            },
    },
    {
        .id = ADDRESS_FAULT_FOLD,
        .sentence = "A line end stands in an address only as CRLF with a space or tab behind it, "
                    "and not twice in a row.",
        .obsolete_sentence =
            "A line end stands in an address only as CRLF with a space or tab behind it.",
        .rules =
            {
                NO_RULE,
                RULE("FWS", 5322, "3.2.2"),
                RULE("obs-FWS", 5322, "4.2"),
                NO_RULE,
            },
    },
    {
        .id = ADDRESS_FAULT_NOT_UTF8,
        .sentence = "This octet is not part of a whole UTF-8 character.",
        .rules =
            {
                NO_RULE,
                NO_RULE,
                NO_RULE,
                RULE("UTF8-non-ascii", 6532, "3.1"),
            },
    },
    {
        .id = ADDRESS_FAULT_PATH_TOO_LONG,
        .sentence = "A path has at most 256 octets, its brackets included, so an address has 254; "
                    "this one goes on.",
        .rules =
            {
                RULE("Path", 5321, "4.5.3.1.3"),
                NO_RULE,
                NO_RULE,
                RULE("Path", 5321, "4.5.3.1.3"),
            },
    },
};
