#pragma once

/* What the parts of the judge share: a place in the text, the rule set, and the verdict that the
 * first fault goes into. Every scan_*() moves the place past what it reads and gives true, or notes
 * the fault and gives false. For the files of this folder only. */

#include "protocol/address/address-judge.h"

typedef struct {
    ByteSpan text;
    gsize at;
    AddressRuleSet rules;
    AddressVerdict *verdict;
} AddressScanner;

/* Notes the fault at 'position'; 'opened_at' is where its cause is. Always gives false. */
bool address_scanner_fail(
    AddressScanner *scanner, AddressFault fault, gsize position, gsize opened_at
);

/* The octet at the place, or -1 at the end. */
static inline int address_scanner_peek(const AddressScanner *scanner)
{
    return scanner->at < scanner->text.length ? scanner->text.data[scanner->at] : -1;
}

static inline bool address_rules_are_smtp(AddressRuleSet rules)
{
    return rules == ADDRESS_SMTP || rules == ADDRESS_INTERNATIONAL;
}

bool address_is_atext(int octet);   /* RFC 5322 §3.2.3 */
bool address_is_control(int octet); /* obs-NO-WS-CTL of RFC 5322 §4.1 */

/* The character at 'position' is not ASCII: true with its length where it is whole UTF-8. */
bool address_scan_utf8(const AddressScanner *scanner, gsize position, gsize *out_length);

bool address_scan_comments(AddressScanner *scanner); /* [CFWS] of RFC 5322 §3.2.2 */
bool address_scan_folds(AddressScanner *scanner);    /* [FWS] */
bool address_scan_domain(AddressScanner *scanner);
bool address_scan_literal(AddressScanner *scanner);
bool address_scan_quoted(AddressScanner *scanner);
/* Judges the label of a domain that has been read, from 'start' to the place. */
bool address_check_label(AddressScanner *scanner, gsize start);
