#include "tests/support/test.h"

#include "protocol/imap/imap-scanner.h"

typedef struct {
    const char *text;
    gsize length;
    const char *expected; /* one token a word: kind:value */
} ScanCase;

#define TEXT(literal) .text = (literal), .length = sizeof(literal) - 1

static const ScanCase cases[] = {
    {TEXT(""), .expected = "end"},
    {TEXT("a1 NIL 12"), .expected = "atom:a1 atom:NIL atom:12 end"},
    {TEXT("  a   b "), .expected = "atom:a atom:b end"},
    {TEXT("\"a b\" \"\""), .expected = "quoted:a b quoted: end"},
    {TEXT("\"say \\\"hi\\\" \\\\\""), .expected = "quoted:say \"hi\" \\ end"},
    {TEXT("{3}\r\na b c"), .expected = "literal:a b atom:c end"},
    {TEXT("{3+}\r\n\r\n) ~{1}\nx"), .expected = "literal:..) literal8:x end"},
    {TEXT("{0}\r\n)"), .expected = "literal: broken:)"},
    {TEXT("{5}\r\nab"), .expected = "literal:ab cut end"},
    {TEXT("((a)b) (c)"), .expected = "( ( atom:a ) atom:b ) ( atom:c ) end"},
    {TEXT("(\\Seen \\*) 2,4:7,9:* *"),
     .expected = "( atom:\\Seen atom:\\* ) atom:2,4:7,9:* atom:* end"},
    {TEXT("BODY[]"), .expected = "atom:BODY[] name=BODY section= end"},
    {TEXT("BODY[1.MIME]<0.20> X"),
     .expected = "atom:BODY[1.MIME]<0.20> name=BODY section=1.MIME first=0 count=20 atom:X end"},
    {TEXT("BODY[TEXT]<7>"), .expected = "atom:BODY[TEXT]<7> name=BODY section=TEXT first=7 end"},
    {TEXT("BODY.PEEK[HEADER.FIELDS (From \"a]b\")] z"),
     .expected = "atom:BODY.PEEK[HEADER.FIELDS (From \"a]b\")] name=BODY.PEEK "
                 "section=HEADER.FIELDS (From \"a]b\") atom:z end"},
    {TEXT("BODY[TEXT]<x>"), .expected = "atom:BODY[TEXT]<x> name=BODY section=TEXT end"},
    {TEXT("BODY[TEXT"), .expected = "atom:BODY[TEXT end"},
    {TEXT("a[b c[d"), .expected = "atom:a[b atom:c[d end"},
    {TEXT("[a]"), .expected = "atom:[a] end"},
    {TEXT("\"a"), .expected = "broken:\"a"},
    {TEXT("\"a\\"), .expected = "broken:\"a\\"},
    {TEXT("\"a\r\nb\""), .expected = "broken:\"a..b\""},
    {TEXT("a )"), .expected = "atom:a broken:)"},
    {TEXT("a {x}\r\n"), .expected = "atom:a broken:{x}.."},
    {TEXT("{3} abc"), .expected = "broken:{3} abc"},
    {TEXT("{99999999999999999999}\r\na"), .expected = "broken:{99999999999999999999}..a"},
    {TEXT("{9223372036854775807}\r\na"), .expected = "literal:a cut end"},
    {TEXT("{9223372036854775808}\r\na"), .expected = "broken:{9223372036854775808}..a"},
    {TEXT("a \1"), .expected = "atom:a broken:."},
    {TEXT("~x ~"), .expected = "atom:~x atom:~ end"},
    {TEXT("{"), .expected = "broken:{"},
    {TEXT("~{"), .expected = "broken:~{"},
};

static void note(GString *seen, const char *name, ByteSpan span)
{
    g_string_append_printf(seen, "%s", name);
    for (gsize i = 0; i < span.length; i++) {
        g_string_append_c(seen, span.data[i] < ' ' ? '.' : (char)span.data[i]);
    }
}

static void note_atom(GString *seen, const ImapToken *token)
{
    note(seen, "atom:", token->value);
    if (token->has_section) {
        note(seen, " name=", token->name);
        note(seen, " section=", token->section);
    }
    if (token->has_partial) {
        g_string_append_printf(seen, " first=%u", (guint)token->first);
    }
    if (token->has_count) {
        g_string_append_printf(seen, " count=%u", (guint)token->count);
    }
}

static void note_token(GString *seen, const ImapToken *token)
{
    ByteBuffer text;
    byte_buffer_init(&text, 1000);
    if (seen->len > 0) {
        g_string_append_c(seen, ' ');
    }
    switch (token->kind) {
    case IMAP_TOKEN_ATOM:
        note_atom(seen, token);
        break;
    case IMAP_TOKEN_QUOTED:
    case IMAP_TOKEN_LITERAL:
        assert_true(imap_token_append_text(token, &text));
        note(
            seen,
            token->kind == IMAP_TOKEN_QUOTED ? "quoted:"
                                             : (token->is_binary ? "literal8:" : "literal:"),
            byte_buffer_span(&text)
        );
        g_string_append(seen, token->is_cut ? " cut" : "");
        break;
    case IMAP_TOKEN_LIST_OPEN:
    case IMAP_TOKEN_LIST_CLOSE:
        g_string_append_c(seen, (char)token->raw.data[0]);
        break;
    case IMAP_TOKEN_END:
        g_string_append(seen, "end");
        break;
    case IMAP_TOKEN_BROKEN:
        note(seen, "broken:", token->raw);
        break;
    }
    byte_buffer_clear(&text);
}

static void text_is_cut_into_tokens(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GString) seen = g_string_new(NULL);
        ImapScanner scanner;
        ImapToken token;
        imap_scanner_init(&scanner, unterminated(cases[i].text, cases[i].length, keep));
        while (imap_scanner_next(&scanner, &token)) {
            note_token(seen, &token);
        }
        note_token(seen, &token);
        assert_string_equal(seen->str, cases[i].expected);
    }
}

static void lists_nest_only_so_deep(void **state)
{
    (void)state;
    char deep[IMAP_DEPTH_MAXIMUM + 1];
    memset(deep, '(', sizeof deep);
    for (gsize extra = 0; extra < 2; extra++) {
        ImapScanner scanner;
        ImapToken token;
        imap_scanner_init(&scanner, byte_span(deep, IMAP_DEPTH_MAXIMUM + extra));
        while (imap_scanner_next(&scanner, &token)) {
            assert_int_equal(token.kind, IMAP_TOKEN_LIST_OPEN);
        }
        assert_int_equal(token.kind, extra == 0 ? IMAP_TOKEN_END : IMAP_TOKEN_BROKEN);
    }
}

static void values_are_taken_whole(void **state)
{
    (void)state;
    ImapScanner scanner;
    ImapToken first;
    ByteSpan value;
    imap_scanner_init(&scanner, byte_span_from_string("(a (\"b)\") {2}\r\n)(c) NIL \"x\" (open"));
    assert_true(imap_scanner_next_value(&scanner, &first, &value));
    assert_span(value, "(a (\"b)\") {2}\r\n)(c)");
    assert_true(imap_scanner_next_value(&scanner, &first, &value));
    assert_true(imap_token_is_nil(&first));
    assert_true(imap_scanner_next_value(&scanner, &first, &value));
    assert_span(value, "\"x\"");
    assert_false(imap_scanner_next_value(&scanner, &first, &value));
}

typedef struct {
    const char *line;
    bool is_announced;
    guint64 octets;
    bool is_synchronizing;
    bool is_binary;
} LiteralCase;

static const LiteralCase literal_cases[] = {
    {"a LOGIN {5}", true, 5, true, false},
    {"a LOGIN {5+}", true, 5, false, false},
    {"a APPEND x ~{12}", true, 12, true, true},
    {"({0}", true, 0, true, false},
    {"{7}", true, 7, true, false},
    {"~{7+}", true, 7, false, true},
    {"x{5}", false, 0, false, false},
    {"x~{5}", false, 0, false, false},
    {"x {}", false, 0, false, false},
    {"x {+}", false, 0, false, false},
    {"x {5-}", false, 0, false, false},
    {"x {5} ", false, 0, false, false},
    {"x {18446744073709551616}", false, 0, false, false},
    {"}", false, 0, false, false},
    {"", false, 0, false, false},
};

static void announcements_are_seen_at_the_end(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(literal_cases); i++) {
        const LiteralCase *row = &literal_cases[i];
        ImapLiteral literal = {0};
        assert_int_equal(
            imap_literal_at_end(byte_span_from_string(row->line), &literal), row->is_announced
        );
        if (row->is_announced) {
            assert_int_equal(literal.octets, row->octets);
            assert_int_equal(literal.is_synchronizing, row->is_synchronizing);
            assert_int_equal(literal.is_binary, row->is_binary);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_cut_into_tokens),
        cmocka_unit_test(lists_nest_only_so_deep),
        cmocka_unit_test(values_are_taken_whole),
        cmocka_unit_test(announcements_are_seen_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
