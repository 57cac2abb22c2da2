#include "protocol/address/address-judge.h"

#include "protocol/address/address-fault.h"
#include "protocol/address/address-scanner.h"

#define LOCAL_PART_MAXIMUM 64 /* RFC 5321 §4.5.3.1.1 */
#define ADDRESS_MAXIMUM 254   /* RFC 5321 §4.5.3.1.3: a path of 256 without its brackets */

const char *address_rule_set_name(AddressRuleSet rules)
{
    static const char *const names[] = {
        [ADDRESS_SMTP] = "RFC 5321, envelope",
        [ADDRESS_MESSAGE] = "RFC 5322, header field",
        [ADDRESS_OBSOLETE] = "RFC 5322, obsolete form",
        [ADDRESS_INTERNATIONAL] = "RFC 6531, SMTPUTF8",
    };
    return names[rules];
}

RfcReference address_rule_set_reference(AddressRuleSet rules)
{
    static const RfcReference references[] = {
        [ADDRESS_SMTP] = {5321, "4.1.2"},
        [ADDRESS_MESSAGE] = {5322, "3.4.1"},
        [ADDRESS_OBSOLETE] = {5322, "4.4"},
        [ADDRESS_INTERNATIONAL] = {6531, "3.3"},
    };
    return references[rules];
}

bool address_is_atext(int octet)
{
    if (octet <= 0 || octet > 127) {
        return false;
    }
    return g_ascii_isalnum(octet) || strchr("!#$%&'*+-/=?^_`{|}~", octet) != NULL;
}

bool address_is_control(int octet)
{
    return octet == 127 ||
           (octet > 0 && octet < ' ' && octet != '\t' && octet != '\n' && octet != '\r');
}

bool address_scan_utf8(const AddressScanner *scanner, gsize position, gsize *out_length)
{
    const char *here = (const char *)scanner->text.data + position;
    gssize left = (gssize)(scanner->text.length - position);
    gunichar character = g_utf8_get_char_validated(here, left);
    if (character >= 0x80000000u) {
        return false;
    }
    *out_length = (gsize)(g_utf8_next_char(here) - here);
    return true;
}

bool address_scanner_fail(
    AddressScanner *scanner, AddressFault fault, gsize position, gsize opened_at
)
{
    AddressVerdict *verdict = scanner->verdict;
    const AddressFaultRow *row = address_fault_row(fault);
    const AddressRule *rule = &row->rules[scanner->rules];
    g_assert(rule->rule != NULL);
    gsize length = position < scanner->text.length ? 1 : 0;
    if (length > 0) {
        address_scan_utf8(scanner, position, &length);
    }
    verdict->fault = fault;
    verdict->position = position;
    verdict->length = length;
    verdict->opened_at = opened_at;
    verdict->rule = rule->rule;
    verdict->reference = rule->reference;
    verdict->sentence = scanner->rules == ADDRESS_OBSOLETE && row->obsolete_sentence != NULL
                            ? row->obsolete_sentence
                            : row->sentence;
    return false;
}

static bool fail_here(AddressScanner *scanner, AddressFault fault)
{
    return address_scanner_fail(scanner, fault, scanner->at, scanner->at);
}

/* An octet above 127 at the place: moves past its character where the rules have it. */
static bool scan_not_ascii(AddressScanner *scanner, AddressFault fault)
{
    gsize length;
    if (scanner->rules != ADDRESS_INTERNATIONAL) {
        return fail_here(scanner, fault);
    }
    if (!address_scan_utf8(scanner, scanner->at, &length)) {
        return fail_here(scanner, ADDRESS_FAULT_NOT_UTF8);
    }
    scanner->verdict->uses_utf8 = true;
    scanner->at += length;
    return true;
}

/* Behind a backslash. RFC 5321: %d32-126; RFC 5322: VCHAR or WSP; §4.1 adds all other ASCII. */
static bool may_be_paired(AddressRuleSet rules, int octet)
{
    if (rules == ADDRESS_OBSOLETE) {
        return octet >= 0 && octet < 128;
    }
    return (octet >= ' ' && octet < 127) || (octet == '\t' && rules == ADDRESS_MESSAGE);
}

static bool scan_pair(AddressScanner *scanner)
{
    gsize backslash = scanner->at++;
    if (!may_be_paired(scanner->rules, address_scanner_peek(scanner))) {
        return address_scanner_fail(scanner, ADDRESS_FAULT_QUOTE_PAIR, scanner->at, backslash);
    }
    scanner->at++;
    return true;
}

static bool is_white(int octet)
{
    return octet == ' ' || octet == '\t';
}

/* One character or run of folding inside quotation marks. */
static bool scan_quoted_content(AddressScanner *scanner)
{
    int octet = address_scanner_peek(scanner);
    if (octet == '\\') {
        return scan_pair(scanner);
    }
    if (octet > 127) {
        return scan_not_ascii(scanner, ADDRESS_FAULT_QUOTE_NOT_ASCII);
    }
    if (!address_rules_are_smtp(scanner->rules) &&
        (is_white(octet) || octet == '\r' || octet == '\n')) {
        return address_scan_folds(scanner);
    }
    if ((octet < ' ' || octet == 127) &&
        !(scanner->rules == ADDRESS_OBSOLETE && address_is_control(octet))) {
        return fail_here(scanner, ADDRESS_FAULT_QUOTE_CHARACTER);
    }
    scanner->at++;
    return true;
}

bool address_scan_quoted(AddressScanner *scanner)
{
    gsize opened_at = scanner->at++;
    scanner->verdict->is_quoted = true;
    for (int octet; (octet = address_scanner_peek(scanner)) != '"';) {
        if (octet < 0) {
            return address_scanner_fail(scanner, ADDRESS_FAULT_QUOTE_OPEN, scanner->at, opened_at);
        }
        if (!scan_quoted_content(scanner)) {
            return false;
        }
    }
    scanner->at++;
    return true;
}

/* Why the octet at the place can neither go on with the local part nor end it. */
static AddressFault local_fault(const AddressScanner *scanner)
{
    int octet = address_scanner_peek(scanner);
    int before = scanner->at > 0 ? scanner->text.data[scanner->at - 1] : -1;
    if (octet < 0) {
        return ADDRESS_FAULT_NO_AT;
    }
    if (is_white(octet)) {
        return ADDRESS_FAULT_LOCAL_SPACE;
    }
    if ((is_white(before) || before == ')') && (octet == '.' || address_is_atext(octet))) {
        return ADDRESS_FAULT_LOCAL_SPACE;
    }
    switch (octet) {
    case '"':
        return ADDRESS_FAULT_LOCAL_QUOTE;
    case '\\':
        return ADDRESS_FAULT_LOCAL_BACKSLASH;
    case '(':
        return address_rules_are_smtp(scanner->rules) ? ADDRESS_FAULT_LOCAL_COMMENT
                                                      : ADDRESS_FAULT_LOCAL_DOT;
    }
    if (before == '"') {
        return ADDRESS_FAULT_LOCAL_AFTER_QUOTE;
    }
    return octet > 127 ? ADDRESS_FAULT_LOCAL_NOT_ASCII : ADDRESS_FAULT_LOCAL_CHARACTER;
}

static bool fail_local(AddressScanner *scanner)
{
    return fail_here(scanner, local_fault(scanner));
}

/* 1*atext; false without a fault where there is none. */
static bool scan_atom(AddressScanner *scanner, bool *out_failed)
{
    gsize start = scanner->at;
    *out_failed = false;
    for (int octet; (octet = address_scanner_peek(scanner)) >= 0;) {
        if (octet > 127 && scanner->rules == ADDRESS_INTERNATIONAL) {
            if (!scan_not_ascii(scanner, ADDRESS_FAULT_LOCAL_NOT_ASCII)) {
                *out_failed = true;
                return false;
            }
        } else if (address_is_atext(octet)) {
            scanner->at++;
        } else {
            break;
        }
    }
    return scanner->at > start;
}

/* What must come is an atom, or in the obsolete form a word; say why it does not. */
static bool fail_word(AddressScanner *scanner, gsize start)
{
    int octet = address_scanner_peek(scanner);
    bool is_first = scanner->at == start;
    if (octet == '@' || octet < 0) {
        AddressFault fault = is_first    ? ADDRESS_FAULT_LOCAL_EMPTY
                             : octet < 0 ? ADDRESS_FAULT_NO_AT
                                         : ADDRESS_FAULT_LOCAL_DOT;
        return address_scanner_fail(
            scanner, fault, scanner->at, is_first ? start : scanner->at - 1
        );
    }
    return octet == '.' ? fail_here(scanner, ADDRESS_FAULT_LOCAL_DOT) : fail_local(scanner);
}

/* Dot-string, and dot-atom-text: atoms with dots between them. */
static bool scan_dotted(AddressScanner *scanner)
{
    gsize start = scanner->at;
    for (;;) {
        bool failed;
        if (!scan_atom(scanner, &failed)) {
            return failed ? false : fail_word(scanner, start);
        }
        if (address_scanner_peek(scanner) != '.') {
            return true;
        }
        scanner->at++;
    }
}

/* RFC 5322 §4.4: word *("." word), comments and white space around each. */
static bool scan_obsolete_local(AddressScanner *scanner)
{
    gsize start = scanner->at;
    for (;;) {
        bool failed;
        if (!address_scan_comments(scanner)) {
            return false;
        }
        bool is_word = address_scanner_peek(scanner) == '"' ? address_scan_quoted(scanner)
                                                            : scan_atom(scanner, &failed);
        if (!is_word) {
            return scanner->verdict->fault != ADDRESS_FAULT_NONE ? false
                                                                 : fail_word(scanner, start);
        }
        if (!address_scan_comments(scanner)) {
            return false;
        }
        if (address_scanner_peek(scanner) != '.') {
            return true;
        }
        scanner->at++;
    }
}

static bool scan_word_or_dotted(AddressScanner *scanner)
{
    if (address_scanner_peek(scanner) != '"') {
        return scan_dotted(scanner);
    }
    return address_scan_quoted(scanner);
}

static bool scan_local(AddressScanner *scanner)
{
    switch (scanner->rules) {
    case ADDRESS_SMTP:
    case ADDRESS_INTERNATIONAL:
        return scan_word_or_dotted(scanner);
    case ADDRESS_MESSAGE:
        return address_scan_comments(scanner) && scan_word_or_dotted(scanner) &&
               address_scan_comments(scanner);
    case ADDRESS_OBSOLETE:
        return scan_obsolete_local(scanner);
    case N_ADDRESS_RULE_SETS:
        break;
    }
    g_assert_not_reached();
}

/* A local part that is too long is told where it goes over the limit, unless it broke a rule
 * before that, or there is no "@" that would make it a local part. */
static bool check_local_length(AddressScanner *scanner, bool is_right)
{
    gsize reached = is_right ? scanner->at : scanner->verdict->position;
    if (!address_rules_are_smtp(scanner->rules) || reached <= LOCAL_PART_MAXIMUM ||
        byte_span_find(scanner->text, '@', LOCAL_PART_MAXIMUM) < 0) {
        return is_right;
    }
    return address_scanner_fail(scanner, ADDRESS_FAULT_LOCAL_TOO_LONG, LOCAL_PART_MAXIMUM, 0);
}

static bool fail_after_domain(AddressScanner *scanner)
{
    switch (address_scanner_peek(scanner)) {
    case '@':
        return fail_here(scanner, ADDRESS_FAULT_SECOND_AT);
    case ' ':
    case '\t':
        return fail_here(scanner, ADDRESS_FAULT_DOMAIN_SPACE);
    }
    return fail_here(
        scanner,
        scanner->verdict->is_literal ? ADDRESS_FAULT_AFTER_LITERAL : ADDRESS_FAULT_DOMAIN_CHARACTER
    );
}

static bool scan_to_end(AddressScanner *scanner)
{
    if (!address_scan_domain(scanner)) {
        return false;
    }
    return scanner->at == scanner->text.length || fail_after_domain(scanner);
}

static bool scan_mailbox(AddressScanner *scanner)
{
    if (!check_local_length(scanner, scan_local(scanner))) {
        return false;
    }
    if (address_scanner_peek(scanner) != '@') {
        return fail_local(scanner);
    }
    scanner->at++;
    return scan_to_end(scanner);
}

/* The last "@" outside quotation marks and comments parts an address; good enough for wrong ones
 * too. */
static void split(AddressVerdict *verdict, ByteSpan text)
{
    bool is_quoted = false;
    guint depth = 0;
    gssize at_sign = -1;
    for (gsize i = 0; i < text.length; i++) {
        guint8 octet = text.data[i];
        if (octet == '\\') {
            i++;
        } else if (octet == '"' && depth == 0) {
            is_quoted = !is_quoted;
        } else if (octet == '(' && !is_quoted) {
            depth++;
        } else if (octet == ')' && !is_quoted && depth > 0) {
            depth--;
        } else if (octet == '@' && !is_quoted && depth == 0) {
            at_sign = (gssize)i;
        }
    }
    if (at_sign >= 0) {
        verdict->local_part = byte_span_trim(byte_span_slice(text, 0, (gsize)at_sign));
        verdict->domain = byte_span_trim(byte_span_from(text, (gsize)at_sign + 1));
    }
}

static void check_path_length(AddressScanner *scanner)
{
    bool is_right = scanner->verdict->fault == ADDRESS_FAULT_NONE;
    gsize reached = is_right ? scanner->text.length : scanner->verdict->position;
    if (address_rules_are_smtp(scanner->rules) && reached > ADDRESS_MAXIMUM &&
        (is_right || byte_span_find(scanner->text, '@', 0) >= 0)) {
        address_scanner_fail(scanner, ADDRESS_FAULT_PATH_TOO_LONG, ADDRESS_MAXIMUM, 0);
    }
}

AddressVerdict address_judge(AddressRuleSet rules, ByteSpan address)
{
    AddressVerdict verdict = {.fault = ADDRESS_FAULT_NONE};
    AddressScanner scanner = {.text = address, .rules = rules, .verdict = &verdict};
    verdict.is_valid = scan_mailbox(&scanner);
    check_path_length(&scanner);
    verdict.is_valid = verdict.fault == ADDRESS_FAULT_NONE;
    split(&verdict, address);
    if (verdict.is_valid && rules == ADDRESS_OBSOLETE) {
        verdict.uses_obsolete = !address_judge(ADDRESS_MESSAGE, address).is_valid;
    }
    return verdict;
}

AddressVerdict address_judge_domain(AddressRuleSet rules, ByteSpan domain)
{
    AddressVerdict verdict = {.fault = ADDRESS_FAULT_NONE, .domain = domain};
    AddressScanner scanner = {.text = domain, .rules = rules, .verdict = &verdict};
    verdict.is_valid = scan_to_end(&scanner);
    return verdict;
}
