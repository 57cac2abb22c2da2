#include "tests/support/test.h"

#include "protocol/address/address-fault.h"
#include "protocol/address/address-judge.h"

typedef struct {
    AddressFault fault;
    gsize position;
    const char *rule;
} Expected;

typedef struct {
    const char *address;
    Expected smtp;
    Expected message;
    Expected obsolete;
    Expected international;
} JudgeCase;

#define VALID                                                                                      \
    {                                                                                              \
        .fault = ADDRESS_FAULT_NONE                                                                \
    }
#define BAD(name, at, broken_rule)                                                                 \
    {                                                                                              \
        .fault = ADDRESS_FAULT_##name, .position = (at), .rule = (broken_rule)                     \
    }

/* The addresses of the lecture. It calls the first five valid; three of them are so only in the
 * obsolete form of RFC 5322 §4.4. */
static const JudgeCase lecture[] = {
    {"niceandsimple@example.com", VALID, VALID, VALID, VALID},
    {"a.little.unusual@example.com", VALID, VALID, VALID, VALID},
    {"much.\"more\\ unusual\"@example.com",
     BAD(LOCAL_QUOTE, 5, "Local-part"),
     BAD(LOCAL_QUOTE, 5, "local-part"),
     VALID,
     BAD(LOCAL_QUOTE, 5, "Local-part")},
    {"very.unusual.\"@\".unusual.com@example.com",
     BAD(LOCAL_QUOTE, 13, "Local-part"),
     BAD(LOCAL_QUOTE, 13, "local-part"),
     VALID,
     BAD(LOCAL_QUOTE, 13, "Local-part")},
    {"very.\"(),:;<>[]\".VERY.\"very\\\\\\ \\@\\\"very\".unusual@strange.example.com",
     BAD(LOCAL_QUOTE, 5, "Local-part"),
     BAD(LOCAL_QUOTE, 5, "local-part"),
     VALID,
     BAD(LOCAL_QUOTE, 5, "Local-part")},
    {"Abc.example.com",
     BAD(NO_AT, 15, "Mailbox"),
     BAD(NO_AT, 15, "addr-spec"),
     BAD(NO_AT, 15, "addr-spec"),
     BAD(NO_AT, 15, "Mailbox")},
    {"A@b@c@example.com",
     BAD(SECOND_AT, 3, "sub-domain"),
     BAD(SECOND_AT, 3, "domain"),
     BAD(SECOND_AT, 3, "obs-domain"),
     BAD(SECOND_AT, 3, "sub-domain")},
    {"\"(),:;<>[\\]@example.com",
     BAD(QUOTE_OPEN, 23, "Quoted-string"),
     BAD(QUOTE_OPEN, 23, "quoted-string"),
     BAD(QUOTE_OPEN, 23, "quoted-string"),
     BAD(QUOTE_OPEN, 23, "Quoted-string")},
    {"just\"not\"right@example.com",
     BAD(LOCAL_QUOTE, 4, "Local-part"),
     BAD(LOCAL_QUOTE, 4, "local-part"),
     BAD(LOCAL_QUOTE, 4, "obs-local-part"),
     BAD(LOCAL_QUOTE, 4, "Local-part")},
    {"this\\ is\\\"really\\\"not\\\\allowed@example.com",
     BAD(LOCAL_BACKSLASH, 4, "Atom"),
     BAD(LOCAL_BACKSLASH, 4, "atext"),
     BAD(LOCAL_BACKSLASH, 4, "atext"),
     BAD(LOCAL_BACKSLASH, 4, "atext")},
};

#define EVERYWHERE(expected) expected, expected, expected, expected
#define SMTP_ONLY(expected) expected, VALID, VALID, expected

static const JudgeCase others[] = {
    {"", EVERYWHERE(BAD(LOCAL_EMPTY, 0, NULL))},
    {"@", EVERYWHERE(BAD(LOCAL_EMPTY, 0, NULL))},
    {"a@", EVERYWHERE(BAD(DOMAIN_EMPTY, 2, NULL))},
    {".a@b", EVERYWHERE(BAD(LOCAL_DOT, 0, NULL))},
    {"a.@b", EVERYWHERE(BAD(LOCAL_DOT, 2, NULL))},
    {"a..b@c", EVERYWHERE(BAD(LOCAL_DOT, 2, NULL))},
    {"a@.b", EVERYWHERE(BAD(DOMAIN_DOT, 2, NULL))},
    {"a@b..c", EVERYWHERE(BAD(DOMAIN_DOT, 4, NULL))},
    {"a@b.", EVERYWHERE(BAD(DOMAIN_DOT, 4, NULL))},
    {"a,b@c", EVERYWHERE(BAD(LOCAL_CHARACTER, 1, NULL))},
    {"a@b,c", EVERYWHERE(BAD(DOMAIN_CHARACTER, 3, NULL))},
    {"a@b\\c", EVERYWHERE(BAD(DOMAIN_CHARACTER, 3, NULL))},
    {"!#$%&'*+-/=?^_`{|}~@b", VALID, VALID, VALID, VALID},
    {"\"\"@b", VALID, VALID, VALID, VALID},
    {"\"a b\"@c", VALID, VALID, VALID, VALID},
    {"\"a\"b@c", EVERYWHERE(BAD(LOCAL_AFTER_QUOTE, 3, NULL))},
    {"\"a\\", EVERYWHERE(BAD(QUOTE_PAIR, 3, NULL))},
    {"\"a\tb\"@c",
     BAD(QUOTE_CHARACTER, 2, "qtextSMTP"),
     VALID,
     VALID,
     BAD(QUOTE_CHARACTER, 2, "qtextSMTP")},
    {"\"a\x01\"@c",
     BAD(QUOTE_CHARACTER, 2, "qtextSMTP"),
     BAD(QUOTE_CHARACTER, 2, "qtext"),
     VALID,
     BAD(QUOTE_CHARACTER, 2, "qtextSMTP")},
    {"\"a\\\x01\"@c",
     BAD(QUOTE_PAIR, 3, NULL),
     BAD(QUOTE_PAIR, 3, NULL),
     VALID,
     BAD(QUOTE_PAIR, 3, NULL)},
    {"a b@c",
     BAD(LOCAL_SPACE, 1, "Atom"),
     BAD(LOCAL_SPACE, 2, "dot-atom"),
     BAD(LOCAL_SPACE, 2, "obs-local-part"),
     BAD(LOCAL_SPACE, 1, "atext")},
    {" a @ b ", BAD(LOCAL_SPACE, 0, NULL), VALID, VALID, BAD(LOCAL_SPACE, 0, NULL)},
    {"a . b@c",
     BAD(LOCAL_SPACE, 1, NULL),
     BAD(LOCAL_SPACE, 2, NULL),
     VALID,
     BAD(LOCAL_SPACE, 1, NULL)},
    {"a(x)@(y(z))b", BAD(LOCAL_COMMENT, 1, NULL), VALID, VALID, BAD(LOCAL_COMMENT, 1, NULL)},
    {"a@b(x)", BAD(DOMAIN_COMMENT, 3, NULL), VALID, VALID, BAD(DOMAIN_COMMENT, 3, NULL)},
    {"a(x@b",
     BAD(LOCAL_COMMENT, 1, NULL),
     BAD(COMMENT_OPEN, 5, NULL),
     BAD(COMMENT_OPEN, 5, NULL),
     BAD(LOCAL_COMMENT, 1, NULL)},
    {"a@b\r\n (x)", BAD(DOMAIN_CHARACTER, 3, NULL), VALID, VALID, BAD(DOMAIN_CHARACTER, 3, NULL)},
    {"a@b\r\n \r\n ",
     BAD(DOMAIN_CHARACTER, 3, NULL),
     BAD(FOLD, 6, "FWS"),
     VALID,
     BAD(DOMAIN_CHARACTER, 3, NULL)},
    {"a@b\n",
     BAD(DOMAIN_CHARACTER, 3, NULL),
     BAD(FOLD, 3, NULL),
     BAD(FOLD, 3, NULL),
     BAD(DOMAIN_CHARACTER, 3, NULL)},
    {"a@b . c",
     BAD(DOMAIN_SPACE, 3, NULL),
     BAD(DOMAIN_DOT, 4, NULL),
     VALID,
     BAD(DOMAIN_SPACE, 3, NULL)},
    {"a@b c",
     BAD(DOMAIN_SPACE, 3, NULL),
     BAD(DOMAIN_SPACE, 4, NULL),
     BAD(DOMAIN_SPACE, 4, NULL),
     BAD(DOMAIN_SPACE, 3, NULL)},
    {"a@-b", SMTP_ONLY(BAD(DOMAIN_HYPHEN, 2, "sub-domain"))},
    {"a@b-.c", SMTP_ONLY(BAD(DOMAIN_HYPHEN, 4, "sub-domain"))},
    {"a@b-", SMTP_ONLY(BAD(DOMAIN_HYPHEN, 4, "sub-domain"))},
    {"a@b_c", SMTP_ONLY(BAD(DOMAIN_UNDERSCORE, 3, "sub-domain"))},
    {"a@b!c", SMTP_ONLY(BAD(DOMAIN_CHARACTER, 3, "sub-domain"))},
    {"a@1.2", VALID, VALID, VALID, VALID},
    {"a@[192.0.2.1]", VALID, VALID, VALID, VALID},
    {"a@[192.0.2.256]", SMTP_ONLY(BAD(LITERAL_IPV4, 13, "IPv4-address-literal"))},
    {"a@[192.0.2]", SMTP_ONLY(BAD(LITERAL_IPV4, 10, "IPv4-address-literal"))},
    {"a@[192.0.2.1.1]", SMTP_ONLY(BAD(LITERAL_IPV4, 12, "IPv4-address-literal"))},
    {"a@[192.0.2.0001]", SMTP_ONLY(BAD(LITERAL_IPV4, 14, "IPv4-address-literal"))},
    {"a@[]", SMTP_ONLY(BAD(LITERAL_IPV4, 3, "IPv4-address-literal"))},
    {"a@[192.0.2.1", EVERYWHERE(BAD(LITERAL_OPEN, 12, NULL))},
    {"a@[192.0.2.1]x", EVERYWHERE(BAD(AFTER_LITERAL, 13, NULL))},
    {"a@[IPv6:2001:db8::1]", VALID, VALID, VALID, VALID},
    {"a@[ipv6:::]", VALID, VALID, VALID, VALID},
    {"a@[IPv6:1:2:3:4:5:6:7:8]", VALID, VALID, VALID, VALID},
    {"a@[IPv6:1:2:3:4:5:6:192.0.2.1]", VALID, VALID, VALID, VALID},
    {"a@[IPv6:1:2:3:4::192.0.2.1]", VALID, VALID, VALID, VALID},
    {"a@[IPv6:1:2:3:4:5::192.0.2.1]", SMTP_ONLY(BAD(LITERAL_IPV6, 22, "IPv6-addr"))},
    {"a@[IPv6:1:2:3:4:5:6:7::]", SMTP_ONLY(BAD(LITERAL_IPV6, 22, "IPv6-addr"))},
    {"a@[IPv6:1::2::3]", SMTP_ONLY(BAD(LITERAL_IPV6, 13, "IPv6-addr"))},
    {"a@[IPv6:12345::]", SMTP_ONLY(BAD(LITERAL_IPV6, 12, "IPv6-addr"))},
    {"a@[IPv6:1:2]", SMTP_ONLY(BAD(LITERAL_IPV6, 11, "IPv6-addr"))},
    {"a@[2001:db8::1]", SMTP_ONLY(BAD(LITERAL_IPV4, 6, "IPv4-address-literal"))},
    {"a@[x25:1234]", SMTP_ONLY(BAD(LITERAL_TAG, 3, "Standardized-tag"))},
    {"a@[a[b]",
     BAD(LITERAL_TAG, 3, NULL),
     BAD(LITERAL_CHARACTER, 4, NULL),
     BAD(LITERAL_CHARACTER, 4, NULL),
     BAD(LITERAL_TAG, 3, NULL)},
    {"a@[a\\]b]",
     BAD(LITERAL_TAG, 3, NULL),
     BAD(LITERAL_CHARACTER, 4, NULL),
     VALID,
     BAD(LITERAL_TAG, 3, NULL)},
};

static const JudgeCase international[] = {
    {"j\xc3\xb6rg@crepes.fr",
     BAD(LOCAL_NOT_ASCII, 1, "Atom"),
     BAD(LOCAL_NOT_ASCII, 1, "atext"),
     BAD(LOCAL_NOT_ASCII, 1, "atext"),
     VALID},
    {"a@cr\xc3\xaapes.fr",
     BAD(DOMAIN_NOT_ASCII, 4, "sub-domain"),
     BAD(DOMAIN_NOT_ASCII, 4, "atext"),
     BAD(DOMAIN_NOT_ASCII, 4, "atext"),
     VALID},
    {"\"\xc3\xb6\"@b",
     BAD(QUOTE_NOT_ASCII, 1, NULL),
     BAD(QUOTE_NOT_ASCII, 1, NULL),
     BAD(QUOTE_NOT_ASCII, 1, NULL),
     VALID},
};

/* Only with SMTPUTF8; the other rule sets refuse the first octet above 127. */
typedef struct {
    const char *address;
    Expected expected;
} InternationalCase;

static const InternationalCase utf8_cases[] = {
    {"\xff@b", BAD(NOT_UTF8, 0, "UTF8-non-ascii")},
    {"a\xc3@b", BAD(NOT_UTF8, 1, "UTF8-non-ascii")},
    {"\xed\xa0\x80@b", BAD(NOT_UTF8, 0, "UTF8-non-ascii")},
    {"a@\xe4\xbe\x8b.\xe4\xbe\x8b", VALID},
    {"a@cr\xc3\x8apes.fr", BAD(LABEL_NOT_IDNA, 4, "U-label")}, /* a capital */
    {"a@\xe2\x98\x83.fr", BAD(LABEL_NOT_IDNA, 2, "U-label")},  /* a snowman */
    {"a@\xef\xbd\x81.fr", BAD(LABEL_NOT_IDNA, 2, "U-label")},  /* a wide letter */
    {"a@\xcc\x81x.fr", BAD(LABEL_MARK, 2, "U-label")},
    {"a@cre\xcc\x82pes.fr", BAD(LABEL_NOT_NORMAL, 4, "U-label")},
    {"a@ab--\xc3\xa9.fr", BAD(LABEL_HYPHENS, 4, "U-label")},
    {"a@\xc3\xa9-.fr", BAD(DOMAIN_HYPHEN, 5, "sub-domain")},
    {"a@xn--crpes-isa.fr", VALID},
    {"a@xn--.fr", BAD(DOMAIN_HYPHEN, 6, "sub-domain")},
    {"a@xn--abc.fr", BAD(LABEL_PUNYCODE, 2, "A-label")},
    {"a@xn--a-ecp.fr", BAD(LABEL_PUNYCODE, 2, "A-label")}, /* a number with a dot in one sign */
};

static void check(AddressRuleSet rules, const char *address, const Expected *expected)
{
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    ByteSpan text = unterminated(address, strlen(address), keep);
    AddressVerdict verdict = address_judge(rules, text);
    if (verdict.fault != expected->fault || verdict.position != expected->position) {
        print_message("%s by %s\n", address, address_rule_set_name(rules));
    }
    assert_int_equal(verdict.fault, expected->fault);
    assert_int_equal(verdict.position, expected->position);
    assert_int_equal(verdict.is_valid, expected->fault == ADDRESS_FAULT_NONE);
    assert_int_equal(verdict.rule == NULL, verdict.is_valid);
    if (expected->rule != NULL) {
        assert_string_equal(verdict.rule, expected->rule);
    }
}

/* What makes "the first character that breaks a rule" true: cut there, the text could still go on
 * to be an address; with that character it cannot. */
static void check_first(AddressRuleSet rules, const char *address)
{
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    ByteSpan text = byte_span_from_string(address);
    AddressVerdict verdict = address_judge(rules, text);
    if (verdict.is_valid || verdict.fault == ADDRESS_FAULT_LOCAL_TOO_LONG ||
        verdict.fault >= ADDRESS_FAULT_LABEL_TOO_LONG) {
        return;
    }
    AddressVerdict before = address_judge(rules, unterminated(address, verdict.position, keep));
    assert_true(before.is_valid || before.position == verdict.position);
    if (verdict.position < text.length) {
        gsize with = verdict.position + verdict.length;
        AddressVerdict same = address_judge(rules, unterminated(address, with, keep));
        assert_false(same.is_valid);
        assert_int_equal(same.position, verdict.position);
    }
}

static void check_all(const JudgeCase *rows, gsize n_rows)
{
    for (gsize i = 0; i < n_rows; i++) {
        check(ADDRESS_SMTP, rows[i].address, &rows[i].smtp);
        check(ADDRESS_MESSAGE, rows[i].address, &rows[i].message);
        check(ADDRESS_OBSOLETE, rows[i].address, &rows[i].obsolete);
        check(ADDRESS_INTERNATIONAL, rows[i].address, &rows[i].international);
        for (int rules = 0; rules < N_ADDRESS_RULE_SETS; rules++) {
            check_first((AddressRuleSet)rules, rows[i].address);
        }
    }
}

static void the_lecture_is_judged_right(void **state)
{
    (void)state;
    check_all(lecture, G_N_ELEMENTS(lecture));
    for (gsize i = 0; i < G_N_ELEMENTS(lecture); i++) {
        AddressVerdict verdict =
            address_judge(ADDRESS_OBSOLETE, byte_span_from_string(lecture[i].address));
        assert_int_equal(verdict.uses_obsolete, i >= 2 && i <= 4);
    }
}

static void each_rule_is_broken_at_its_character(void **state)
{
    (void)state;
    check_all(others, G_N_ELEMENTS(others));
    check_all(international, G_N_ELEMENTS(international));
}

static void letters_of_every_script_follow_idna(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(utf8_cases); i++) {
        check(ADDRESS_INTERNATIONAL, utf8_cases[i].address, &utf8_cases[i].expected);
    }
}

typedef struct {
    gsize local;
    gsize label; /* length of each */
    gsize labels;
    AddressFault fault;
    gsize position;
} LengthCase;

static const LengthCase length_cases[] = {
    {64, 10, 1, ADDRESS_FAULT_NONE, 0},
    {65, 10, 1, ADDRESS_FAULT_LOCAL_TOO_LONG, 64},
    {300, 10, 1, ADDRESS_FAULT_LOCAL_TOO_LONG, 64},
    {1, 63, 3, ADDRESS_FAULT_NONE, 0},
    {1, 64, 1, ADDRESS_FAULT_LABEL_TOO_LONG, 65},
    {1, 62, 4, ADDRESS_FAULT_NONE, 0},
    {1, 49, 6, ADDRESS_FAULT_PATH_TOO_LONG, 254},
    {64, 62, 4, ADDRESS_FAULT_PATH_TOO_LONG, 254},
};

static char *compose(const LengthCase *row)
{
    GString *address = g_string_new(NULL);
    g_autofree char *local = g_strnfill(row->local, 'a');
    g_autofree char *label = g_strnfill(row->label, 'b');
    g_string_append_printf(address, "%s@%s", local, label);
    for (gsize i = 1; i < row->labels; i++) {
        g_string_append_printf(address, ".%s", label);
    }
    return g_string_free(address, FALSE);
}

static void lengths_count_only_in_the_envelope(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(length_cases); i++) {
        g_autofree char *address = compose(&length_cases[i]);
        Expected expected = {length_cases[i].fault, length_cases[i].position, NULL};
        Expected valid = VALID;
        check(ADDRESS_SMTP, address, &expected);
        check(ADDRESS_INTERNATIONAL, address, &expected);
        check(ADDRESS_MESSAGE, address, &valid);
        check(ADDRESS_OBSOLETE, address, &valid);
    }
    g_autofree char *domain = g_strnfill(300, 'b');
    for (gsize i = 20; i < 300; i += 20) {
        domain[i] = '.';
    }
    AddressVerdict verdict = address_judge_domain(ADDRESS_SMTP, byte_span_from_string(domain));
    assert_int_equal(verdict.fault, ADDRESS_FAULT_DOMAIN_TOO_LONG);
    assert_int_equal(verdict.position, 255);
}

static void the_parts_are_told(void **state)
{
    (void)state;
    AddressVerdict verdict =
        address_judge(ADDRESS_SMTP, BYTE_SPAN_LITERAL("\"a@b\\\"\"@[192.0.2.1]"));
    assert_true(verdict.is_valid && verdict.is_quoted && verdict.is_literal);
    assert_span(verdict.local_part, "\"a@b\\\"\"");
    assert_span(verdict.domain, "[192.0.2.1]");
    verdict = address_judge(ADDRESS_SMTP, BYTE_SPAN_LITERAL("a b@c"));
    assert_span(verdict.local_part, "a b");
    assert_span(verdict.domain, "c");
}

static void rows_are_whole(void **state)
{
    (void)state;
    for (int fault = 1; fault < N_ADDRESS_FAULTS; fault++) {
        const AddressFaultRow *row = address_fault_row((AddressFault)fault);
        assert_int_equal(row->id, fault);
        assert_true(g_str_has_suffix(row->sentence, "."));
        int n_rules = 0;
        for (int rules = 0; rules < N_ADDRESS_RULE_SETS; rules++) {
            n_rules += row->rules[rules].rule != NULL;
            assert_int_equal(
                row->rules[rules].rule != NULL, row->rules[rules].reference.number != 0
            );
        }
        assert_true(n_rules > 0);
    }
}

/* Random strings of the characters that matter: no rule set may be without a rule for what it
 * finds, and the first character must be the first. */
static void any_text_is_judged(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a",    "1",        "-",    ".",     "@", "\"", "\\",
                                         "(",    ")",        " ",    "[",     "]", ":",  "\r\n ",
                                         "\x01", "\xc3\xa9", "\xff", "IPv6:", "_", ",",  "xn--",
                                         "::",   "\r",       "\t",   "<"};
    g_autoptr(GRand) random = g_rand_new_with_seed(5322);
    for (int round = 0; round < 40000; round++) {
        g_autoptr(GString) address = g_string_new(NULL);
        for (gint32 left = g_rand_int_range(random, 0, 12); left > 0; left--) {
            gint32 piece = g_rand_int_range(random, 0, (gint32)G_N_ELEMENTS(pieces));
            g_string_append(address, pieces[piece]);
        }
        for (int rules = 0; rules < N_ADDRESS_RULE_SETS; rules++) {
            check_first((AddressRuleSet)rules, address->str);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lecture_is_judged_right),
        cmocka_unit_test(each_rule_is_broken_at_its_character),
        cmocka_unit_test(letters_of_every_script_follow_idna),
        cmocka_unit_test(lengths_count_only_in_the_envelope),
        cmocka_unit_test(the_parts_are_told),
        cmocka_unit_test(rows_are_whole),
        cmocka_unit_test(any_text_is_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
