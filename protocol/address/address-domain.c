#include "protocol/address/address-fault.h"
#include "protocol/address/address-scanner.h"
#include "protocol/address/punycode.h"

#define DOMAIN_MAXIMUM 255 /* RFC 5321 §4.5.3.1.2 */
#define LABEL_MAXIMUM 63   /* RFC 1035 §2.3.4 */

static bool fail_here(AddressScanner *scanner, AddressFault fault)
{
    return address_scanner_fail(scanner, fault, scanner->at, scanner->at);
}

static bool is_white(int octet)
{
    return octet == ' ' || octet == '\t';
}

/* [FWS]: white space with at most one line end inside it, or any number in the obsolete form. */
bool address_scan_folds(AddressScanner *scanner)
{
    bool has_folded = false;
    for (int octet;
         (octet = address_scanner_peek(scanner)) == '\r' || octet == '\n' || is_white(octet);) {
        if (is_white(octet)) {
            scanner->at++;
            continue;
        }
        ByteSpan rest = byte_span_from(scanner->text, scanner->at);
        bool is_fold = rest.length > 2 && rest.data[0] == '\r' && rest.data[1] == '\n' &&
                       is_white(rest.data[2]);
        if (!is_fold || (has_folded && scanner->rules == ADDRESS_MESSAGE)) {
            return fail_here(scanner, ADDRESS_FAULT_FOLD);
        }
        has_folded = true;
        scanner->at += 3;
    }
    return true;
}

/* One octet of a comment; backslash pairs as in quoted strings. */
static bool scan_comment_octet(AddressScanner *scanner, int octet)
{
    if (octet == '\\') {
        int next =
            scanner->at + 1 < scanner->text.length ? scanner->text.data[scanner->at + 1] : -1;
        bool may_pair = scanner->rules == ADDRESS_OBSOLETE
                            ? next >= 0 && next < 128
                            : next == '\t' || (next >= ' ' && next < 127);
        if (!may_pair) {
            return address_scanner_fail(
                scanner, ADDRESS_FAULT_QUOTE_PAIR, scanner->at + 1, scanner->at
            );
        }
        scanner->at += 2;
        return true;
    }
    bool is_right = (octet > ' ' && octet < 127) ||
                    (scanner->rules == ADDRESS_OBSOLETE && address_is_control(octet));
    scanner->at += is_right ? 1 : 0;
    return is_right || fail_here(scanner, ADDRESS_FAULT_COMMENT_CHARACTER);
}

/* Comments nest; a count instead of recursion, so that depth costs nothing. */
static bool scan_comment(AddressScanner *scanner)
{
    gsize opened_at = scanner->at;
    guint64 depth = 0;
    scanner->verdict->has_comment = true;
    do {
        if (!address_scan_folds(scanner)) {
            return false;
        }
        int octet = address_scanner_peek(scanner);
        if (octet < 0) {
            return address_scanner_fail(
                scanner, ADDRESS_FAULT_COMMENT_OPEN, scanner->at, opened_at
            );
        }
        if (octet == '(' || octet == ')') {
            depth = octet == '(' ? depth + 1 : depth - 1;
            scanner->at++;
        } else if (!scan_comment_octet(scanner, octet)) {
            return false;
        }
    } while (depth > 0);
    return true;
}

bool address_scan_comments(AddressScanner *scanner)
{
    if (!address_scan_folds(scanner)) {
        return false;
    }
    while (address_scanner_peek(scanner) == '(') {
        if (!scan_comment(scanner) || !address_scan_folds(scanner)) {
            return false;
        }
    }
    return true;
}

/* Where a label or an atom of the domain must come and does not. */
static bool fail_label(AddressScanner *scanner, gsize start)
{
    int octet = address_scanner_peek(scanner);
    bool is_first = scanner->at == start;
    int before = is_first ? -1 : scanner->text.data[scanner->at - 1];
    bool is_smtp = address_rules_are_smtp(scanner->rules);
    if (octet < 0) {
        AddressFault fault = is_first ? ADDRESS_FAULT_DOMAIN_EMPTY : ADDRESS_FAULT_DOMAIN_DOT;
        return address_scanner_fail(
            scanner, fault, scanner->at, is_first ? start : scanner->at - 1
        );
    }
    switch (octet) {
    case '.':
        return address_scanner_fail(
            scanner, ADDRESS_FAULT_DOMAIN_DOT, scanner->at, is_first ? scanner->at : scanner->at - 1
        );
    case '@':
        return fail_here(scanner, ADDRESS_FAULT_SECOND_AT);
    case '-':
        return fail_here(
            scanner, is_smtp ? ADDRESS_FAULT_DOMAIN_HYPHEN : ADDRESS_FAULT_DOMAIN_CHARACTER
        );
    case '_':
        return fail_here(
            scanner, is_smtp ? ADDRESS_FAULT_DOMAIN_UNDERSCORE : ADDRESS_FAULT_DOMAIN_CHARACTER
        );
    case '(':
        return fail_here(
            scanner, is_smtp ? ADDRESS_FAULT_DOMAIN_COMMENT : ADDRESS_FAULT_DOMAIN_CHARACTER
        );
    case ' ':
    case '\t':
        return fail_here(scanner, ADDRESS_FAULT_DOMAIN_SPACE);
    }
    if (address_is_atext(octet) && !is_smtp && (is_white(before) || before == ')')) {
        return fail_here(scanner, ADDRESS_FAULT_DOMAIN_SPACE);
    }
    return fail_here(
        scanner, octet > 127 ? ADDRESS_FAULT_DOMAIN_NOT_ASCII : ADDRESS_FAULT_DOMAIN_CHARACTER
    );
}

/* Let-dig [Ldh-str], or a U-label. Stops at the first octet that is neither. */
static bool scan_label(AddressScanner *scanner, gsize domain_start)
{
    gsize start = scanner->at;
    bool is_international = scanner->rules == ADDRESS_INTERNATIONAL;
    bool has_other = false;
    for (int octet; (octet = address_scanner_peek(scanner)) >= 0;) {
        gsize length = 1;
        if (octet > 127 && is_international) {
            if (!address_scan_utf8(scanner, scanner->at, &length)) {
                return fail_here(scanner, ADDRESS_FAULT_NOT_UTF8);
            }
            has_other = true;
        } else if (!g_ascii_isalnum(octet) && !(octet == '-' && scanner->at > start)) {
            break;
        }
        if (!is_international && scanner->at - start == LABEL_MAXIMUM) {
            return address_scanner_fail(scanner, ADDRESS_FAULT_LABEL_TOO_LONG, scanner->at, start);
        }
        scanner->at += length;
    }
    if (scanner->at == start) {
        return fail_label(scanner, domain_start);
    }
    if (scanner->text.data[scanner->at - 1] == '-') {
        return address_scanner_fail(
            scanner, ADDRESS_FAULT_DOMAIN_HYPHEN, scanner->at, scanner->at - 1
        );
    }
    scanner->verdict->uses_utf8 |= has_other;
    return !is_international || address_check_label(scanner, start);
}

static bool scan_smtp_labels(AddressScanner *scanner)
{
    gsize start = scanner->at;
    for (;;) {
        if (!scan_label(scanner, start)) {
            return false;
        }
        if (address_scanner_peek(scanner) != '.') {
            break;
        }
        scanner->at++;
    }
    /* What cannot go on with the label is told by its own name, the end is the caller's. */
    int octet = address_scanner_peek(scanner);
    return octet < 0 || octet == '@' ? true : fail_label(scanner, start);
}

/* RFC 5322 has no limits and any atext; §4.4 also comments around each atom. */
static bool scan_atoms(AddressScanner *scanner)
{
    gsize start = scanner->at;
    bool is_obsolete = scanner->rules == ADDRESS_OBSOLETE;
    for (;;) {
        if (is_obsolete && !address_scan_comments(scanner)) {
            return false;
        }
        gsize atom = scanner->at;
        while (address_is_atext(address_scanner_peek(scanner))) {
            scanner->at++;
        }
        if (scanner->at == atom) {
            return fail_label(scanner, start);
        }
        if (is_obsolete && !address_scan_comments(scanner)) {
            return false;
        }
        if (address_scanner_peek(scanner) != '.') {
            return true;
        }
        scanner->at++;
    }
}

static bool scan_message_domain(AddressScanner *scanner)
{
    if (!address_scan_comments(scanner)) {
        return false;
    }
    bool is_right =
        address_scanner_peek(scanner) == '[' ? address_scan_literal(scanner) : scan_atoms(scanner);
    if (!is_right || !address_scan_comments(scanner)) {
        return false;
    }
    int octet = address_scanner_peek(scanner);
    return octet < 0 || scanner->verdict->is_literal || fail_label(scanner, 0);
}

bool address_scan_domain(AddressScanner *scanner)
{
    if (!address_rules_are_smtp(scanner->rules)) {
        return scan_message_domain(scanner);
    }
    gsize start = scanner->at;
    bool is_right = address_scanner_peek(scanner) == '[' ? address_scan_literal(scanner)
                                                         : scan_smtp_labels(scanner);
    gsize reached = is_right ? scanner->at : scanner->verdict->position;
    if (reached > start + DOMAIN_MAXIMUM) {
        return address_scanner_fail(
            scanner, ADDRESS_FAULT_DOMAIN_TOO_LONG, start + DOMAIN_MAXIMUM, start
        );
    }
    return is_right;
}
