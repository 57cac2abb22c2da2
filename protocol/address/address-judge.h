#pragma once

/* Is this an address? It depends on who asks: the envelope (RFC 5321) is stricter than the header
 * (RFC 5322), which still reads forms that nobody may write any more (§4.4), and with SMTPUTF8
 * (RFC 6531) letters of every script are allowed. The judge reads an address by one of these rule
 * sets and, where it is not valid, names the first character that cannot stand where it stands,
 * the grammar rule that it breaks and the section of that rule.
 *
 * Nothing is allocated; spans in a verdict are parts of the text that was judged. */

#include "protocol/rfc/vocabulary.h"
#include "protocol/text/byte-span.h"

typedef enum {
    ADDRESS_SMTP,          /* RFC 5321 §4.1.2: Mailbox, in the envelope */
    ADDRESS_MESSAGE,       /* RFC 5322 §3.4.1: addr-spec, in a header field */
    ADDRESS_OBSOLETE,      /* RFC 5322 §4.4: what must still be understood, never be written */
    ADDRESS_INTERNATIONAL, /* RFC 6531 §3.3: Mailbox with SMTPUTF8 */
    N_ADDRESS_RULE_SETS,
} AddressRuleSet;

typedef enum {
    ADDRESS_FAULT_NONE,
    ADDRESS_FAULT_NO_AT,
    ADDRESS_FAULT_SECOND_AT,
    ADDRESS_FAULT_LOCAL_EMPTY,
    ADDRESS_FAULT_LOCAL_DOT,   /* at the start, at the end, or two in a row */
    ADDRESS_FAULT_LOCAL_QUOTE, /* a quotation mark beside other text */
    ADDRESS_FAULT_LOCAL_AFTER_QUOTE,
    ADDRESS_FAULT_LOCAL_BACKSLASH,
    ADDRESS_FAULT_LOCAL_SPACE,
    ADDRESS_FAULT_LOCAL_COMMENT,
    ADDRESS_FAULT_LOCAL_CHARACTER,
    ADDRESS_FAULT_LOCAL_NOT_ASCII,
    ADDRESS_FAULT_LOCAL_TOO_LONG,
    ADDRESS_FAULT_QUOTE_OPEN,
    ADDRESS_FAULT_QUOTE_CHARACTER,
    ADDRESS_FAULT_QUOTE_NOT_ASCII,
    ADDRESS_FAULT_QUOTE_PAIR,
    ADDRESS_FAULT_DOMAIN_EMPTY,
    ADDRESS_FAULT_DOMAIN_DOT,
    ADDRESS_FAULT_DOMAIN_HYPHEN, /* at the start or the end of a label */
    ADDRESS_FAULT_DOMAIN_UNDERSCORE,
    ADDRESS_FAULT_DOMAIN_SPACE,
    ADDRESS_FAULT_DOMAIN_COMMENT,
    ADDRESS_FAULT_DOMAIN_CHARACTER,
    ADDRESS_FAULT_DOMAIN_NOT_ASCII,
    ADDRESS_FAULT_DOMAIN_TOO_LONG,
    ADDRESS_FAULT_LABEL_TOO_LONG,
    ADDRESS_FAULT_LABEL_NOT_IDNA, /* a character that no internationalised name may have */
    ADDRESS_FAULT_LABEL_MARK,     /* a combining mark at its start */
    ADDRESS_FAULT_LABEL_HYPHENS,  /* "--" as third and fourth character */
    ADDRESS_FAULT_LABEL_NOT_NORMAL,
    ADDRESS_FAULT_LABEL_PUNYCODE, /* xn-- and then nothing that decodes */
    ADDRESS_FAULT_LITERAL_OPEN,
    ADDRESS_FAULT_LITERAL_CHARACTER,
    ADDRESS_FAULT_LITERAL_IPV4,
    ADDRESS_FAULT_LITERAL_IPV6,
    ADDRESS_FAULT_LITERAL_TAG,
    ADDRESS_FAULT_AFTER_LITERAL,
    ADDRESS_FAULT_COMMENT_OPEN,
    ADDRESS_FAULT_COMMENT_CHARACTER,
    ADDRESS_FAULT_FOLD, /* a CRLF without white space behind it, or a bare CR or LF */
    ADDRESS_FAULT_NOT_UTF8,
    ADDRESS_FAULT_PATH_TOO_LONG,
    N_ADDRESS_FAULTS,
} AddressFault;

typedef struct {
    bool is_valid;
    AddressFault fault;
    gsize position;   /* of the first character that breaks a rule; text.length: the end does */
    gsize length;     /* octets of that character; 0 at the end */
    gsize opened_at;  /* where what is not closed, or too long, starts */
    const char *rule; /* "Dot-string": the grammar rule as its RFC spells it; NULL when valid */
    RfcReference reference;
    const char *sentence; /* what is wrong, closed by a full stop; NULL when valid */

    /* Where an "@" parts them; without comments and white space around them. */
    ByteSpan local_part;
    ByteSpan domain;
    bool is_quoted;     /* the local part has quotation marks */
    bool is_literal;    /* the domain is [192.0.2.1] or its like */
    bool uses_obsolete; /* valid only by RFC 5322 §4.4 */
    bool uses_utf8;     /* valid only with SMTPUTF8 */
    bool has_comment;
} AddressVerdict;

AddressVerdict address_judge(AddressRuleSet rules, ByteSpan address);

const char *address_rule_set_name(AddressRuleSet rules); /* "RFC 5321, envelope" */
RfcReference address_rule_set_reference(AddressRuleSet rules);

/* A domain or an address literal by itself, as in EHLO: RFC 5321 §4.1.2, or with U-labels. */
AddressVerdict address_judge_domain(AddressRuleSet rules, ByteSpan domain);
