#include "protocol/address/address-scanner.h"

/* RFC 5321 §4.1.3. The groups of an IPv6 address are counted as they come, so that the first octet
 * that no valid address could have there is the one that is named. */

static bool fail_here(AddressScanner *scanner, AddressFault fault)
{
    return address_scanner_fail(scanner, fault, scanner->at, scanner->at);
}

static bool is_dcontent(int octet)
{
    return octet > ' ' && octet < 127 && octet != '[' && octet != '\\' && octet != ']';
}

static bool scan_close(AddressScanner *scanner, gsize opened_at, AddressFault fault)
{
    int octet = address_scanner_peek(scanner);
    if (octet < 0) {
        return address_scanner_fail(scanner, ADDRESS_FAULT_LITERAL_OPEN, scanner->at, opened_at);
    }
    if (octet != ']') {
        return fail_here(scanner, is_dcontent(octet) ? fault : ADDRESS_FAULT_LITERAL_CHARACTER);
    }
    scanner->at++;
    return true;
}

/* Snum 3("." Snum) */
static bool scan_ipv4(AddressScanner *scanner, AddressFault fault)
{
    for (int part = 0; part < 4; part++) {
        guint number = 0;
        gsize start = scanner->at;
        if (part > 0) {
            if (address_scanner_peek(scanner) != '.') {
                return fail_here(scanner, fault);
            }
            start = ++scanner->at;
        }
        while (g_ascii_isdigit(address_scanner_peek(scanner))) {
            number = number * 10 + (guint)(address_scanner_peek(scanner) - '0');
            if (number > 255 || scanner->at - start == 3) {
                return fail_here(scanner, fault);
            }
            scanner->at++;
        }
        if (scanner->at == start) {
            return fail_here(scanner, fault);
        }
    }
    return true;
}

static bool is_ipv4_next(const AddressScanner *scanner)
{
    gsize at = scanner->at;
    while (at < scanner->text.length && g_ascii_isdigit(scanner->text.data[at])) {
        at++;
    }
    return at > scanner->at && at < scanner->text.length && scanner->text.data[at] == '.';
}

static gsize scan_hex_group(AddressScanner *scanner)
{
    gsize start = scanner->at;
    while (scanner->at - start < 4 && address_scanner_peek(scanner) >= 0 &&
           g_ascii_isxdigit(address_scanner_peek(scanner))) {
        scanner->at++;
    }
    return scanner->at - start;
}

static bool takes_double_colon(AddressScanner *scanner)
{
    ByteSpan next = byte_span_slice(scanner->text, scanner->at, 2);
    if (!byte_span_is(next, "::")) {
        return false;
    }
    scanner->at += 2;
    return true;
}

/* The "::" stands for at least two groups, so six may stand beside it, four with an IPv4 tail. */
static guint groups_allowed(bool has_gap)
{
    return has_gap ? 6 : 8;
}

static bool may_be_ipv4(const AddressScanner *scanner, bool has_gap, guint groups)
{
    return is_ipv4_next(scanner) && (has_gap ? groups <= 4 : groups == 6);
}

static bool scan_ipv6(AddressScanner *scanner)
{
    const AddressFault fault = ADDRESS_FAULT_LITERAL_IPV6;
    guint groups = 0;
    bool has_gap = takes_double_colon(scanner);
    bool must_have_group = !has_gap;
    for (;;) {
        if (may_be_ipv4(scanner, has_gap, groups)) {
            return scan_ipv4(scanner, fault);
        }
        if (scan_hex_group(scanner) == 0) {
            return must_have_group ? fail_here(scanner, fault) : true;
        }
        groups++;
        must_have_group = false;
        bool is_full = groups == groups_allowed(has_gap);
        if (!has_gap && groups <= 6 && takes_double_colon(scanner)) {
            has_gap = true;
            if (groups == 6) {
                return true;
            }
        } else if (!is_full && address_scanner_peek(scanner) == ':') {
            scanner->at++;
            must_have_group = true;
        } else {
            return has_gap || is_full ? true : fail_here(scanner, fault);
        }
    }
}

static bool scan_smtp_literal(AddressScanner *scanner, gsize opened_at)
{
    ByteSpan inside = byte_span_from(scanner->text, scanner->at);
    if (byte_span_starts_with_nocase(inside, "IPv6:")) {
        scanner->at += strlen("IPv6:");
        return scan_ipv6(scanner) && scan_close(scanner, opened_at, ADDRESS_FAULT_LITERAL_IPV6);
    }
    if (inside.length == 0) {
        return scan_close(scanner, opened_at, ADDRESS_FAULT_LITERAL_IPV4);
    }
    if (!g_ascii_isalpha(inside.data[0])) {
        return scan_ipv4(scanner, ADDRESS_FAULT_LITERAL_IPV4) &&
               scan_close(scanner, opened_at, ADDRESS_FAULT_LITERAL_IPV4);
    }
    return fail_here(scanner, ADDRESS_FAULT_LITERAL_TAG);
}

/* RFC 5322 §3.4.1: *([FWS] dtext); §4.4 adds backslash pairs and control characters. */
static bool scan_message_literal(AddressScanner *scanner, gsize opened_at)
{
    bool is_obsolete = scanner->rules == ADDRESS_OBSOLETE;
    for (;;) {
        if (!address_scan_folds(scanner)) {
            return false;
        }
        int octet = address_scanner_peek(scanner);
        bool has_pair = octet == '\\' && is_obsolete && scanner->at + 1 < scanner->text.length &&
                        scanner->text.data[scanner->at + 1] < 128;
        if (has_pair) {
            scanner->at += 2;
        } else if (is_dcontent(octet) || (is_obsolete && address_is_control(octet))) {
            scanner->at++;
        } else {
            return scan_close(scanner, opened_at, ADDRESS_FAULT_LITERAL_CHARACTER);
        }
    }
}

bool address_scan_literal(AddressScanner *scanner)
{
    gsize opened_at = scanner->at++;
    scanner->verdict->is_literal = true;
    return address_rules_are_smtp(scanner->rules) ? scan_smtp_literal(scanner, opened_at)
                                                  : scan_message_literal(scanner, opened_at);
}
