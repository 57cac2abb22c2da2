#include "tests/support/test.h"

#include "protocol/imap/imap-fetch-response.h"

typedef struct {
    const char *arguments;
    const char *expected; /* item=kind:value, one a line */
    bool is_broken;
} FetchCase;

static const FetchCase cases[] = {
    {.arguments = "(FLAGS (\\Seen) UID 7 RFC822.SIZE 44827)",
     .expected = "FLAGS=list:(\\Seen)\nUID=number:7\nRFC822.SIZE=number:44827\n"},
    {.arguments = "(BODY[HEADER.FIELDS (FROM TO)] {4}\r\na)\r\n ENVELOPE (\"d\" NIL ((NIL NIL "
                  "\"a\" \"b\"))) X NIL)",
     .expected = "BODY[HEADER.FIELDS (FROM TO)]=string:{4}..a)..\n"
                 "ENVELOPE=list:(\"d\" NIL ((NIL NIL \"a\" \"b\")))\nX=nil:NIL\n"},
    {.arguments = "(BODY[1]<10> \"x y\" BINARY[2] ~{1}\r\n) MODSEQ (9))",
     .expected = "BODY[1]<10>=string:\"x y\"\nBINARY[2]=string:~{1}..)\nMODSEQ=list:(9)\n"},
    {.arguments = "(EMAILID (M1) PREVIEW \"\" SAVEDATE atom)",
     .expected = "EMAILID=list:(M1)\nPREVIEW=string:\"\"\nSAVEDATE=atom:atom\n"},
    {.arguments = "()", .expected = ""},
    {.arguments = "", .expected = "", .is_broken = true},
    {.arguments = "FLAGS ()", .expected = "", .is_broken = true},
    {.arguments = "(FLAGS", .expected = "", .is_broken = true},
    {.arguments = "(UID 1", .expected = "UID=number:1\n", .is_broken = true},
    {.arguments = "(UID 1 X)", .expected = "UID=number:1\n", .is_broken = true},
    {.arguments = "((UID) 1)", .expected = "", .is_broken = true},
    {.arguments = "(UID 1) x", .expected = "UID=number:1\n", .is_broken = true},
    {.arguments = "(FLAGS (a b)", .expected = "FLAGS=list:(a b)\n", .is_broken = true},
};

static void note(GString *seen, ByteSpan span)
{
    for (gsize i = 0; i < span.length; i++) {
        g_string_append_c(seen, span.data[i] < ' ' ? '.' : (char)span.data[i]);
    }
}

static void responses_are_pairs(void **state)
{
    (void)state;
    static const char *const kinds[] = {"nil", "number", "string", "list", "atom"};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GString) seen = g_string_new(NULL);
        ImapFetchReader reader;
        ImapFetchPair pair;
        imap_fetch_reader_init(
            &reader, unterminated(cases[i].arguments, strlen(cases[i].arguments), keep)
        );
        while (imap_fetch_reader_next(&reader, &pair)) {
            note(seen, pair.item.raw);
            g_string_append_printf(seen, "=%s:", kinds[pair.kind]);
            note(seen, pair.value);
            g_string_append_c(seen, '\n');
        }
        assert_string_equal(seen->str, cases[i].expected);
        assert_int_equal(reader.is_broken, cases[i].is_broken);
    }
}

typedef struct {
    const char *line;
    const char *section; /* NULL: no part of a message */
    bool has_partial;
    guint64 first;
} PartCase;

static const PartCase part_cases[] = {
    {"* 1 FETCH (BODY[] {3}", ""},
    {"* 1 FETCH (FLAGS () BODY[1.2.MIME]<5> {3}", "1.2.MIME", true, 5},
    {"* 1 FETCH (BODY[HEADER.FIELDS (\"[(] \" x)] {3}", "HEADER.FIELDS (\"[(] \" x)"},
    {" binary[3] ~{3}", "3"},
    {"(RFC822 {3}", ""},
    {" RFC822.TEXT {3}", "TEXT"},
    {" rfc822.header {3+}", "header"},
    {"* 1 FETCH (ENVELOPE (\"d\" {3}", NULL},
    {"* 1 FETCH (RFC822.SIZE {3}", NULL},
    {"* LIST () \"/\" {3}", NULL},
    {"* 1 FETCH (XBODY[] {3}", NULL},
    {"BODY[] {3}", NULL},
    {" BODY[ {3}", NULL},
    {" BODY[]x {3}", NULL},
    {" BODY[]{3}", NULL},
    {"{3}", NULL},
    {"", NULL},
};

static void announced_parts_are_known(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(part_cases); i++) {
        const PartCase *row = &part_cases[i];
        ImapToken item;
        bool is_part = imap_fetch_announced_part(byte_span_from_string(row->line), &item);
        assert_int_equal(is_part, row->section != NULL);
        if (is_part) {
            assert_span(imap_fetch_item_section(&item), row->section);
            assert_int_equal(item.has_partial, row->has_partial);
            assert_int_equal(item.first, row->first);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(responses_are_pairs),
        cmocka_unit_test(announced_parts_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
