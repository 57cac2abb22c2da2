#include "tests/support/test.h"

#include "protocol/address/mail-path.h"

typedef struct {
    const char *text;
    const char *local_part;
    const char *domain;
    const char *source_route;
    const char *rest;
    guint32 defects;
    bool is_null;
    bool is_postmaster;
} PathCase;

static const PathCase cases[] = {
    {"<alice@crepes.fr>", "alice", "crepes.fr", "", ""},
    {"<alice@crepes.fr> SIZE=500 BODY=8BITMIME",
     "alice",
     "crepes.fr",
     "",
     " SIZE=500 BODY=8BITMIME"},
    {"<>", "", "", "", "", .is_null = true},
    {"<> SIZE=1", "", "", "", " SIZE=1", .is_null = true},
    {"<Postmaster>", "Postmaster", "", "", "", .is_postmaster = true},
    {"<postmaster@crepes.fr>", "postmaster", "crepes.fr", "", "", .is_postmaster = true},
    {"<bob>", "bob", "", "", "", MAIL_PATH_DEFECT_NO_DOMAIN},
    {"<@a.fr,@b.fr:bob@hamburger.edu>", "bob", "hamburger.edu", "@a.fr,@b.fr", ""},
    {"<@[IPv6:::1]:bob@hamburger.edu>", "bob", "hamburger.edu", "@[IPv6:::1]", ""},
    {"<@a.fr,b.fr:bob@hamburger.edu>",
     "bob",
     "hamburger.edu",
     "@a.fr,b.fr",
     "",
     MAIL_PATH_DEFECT_ROUTE},
    {"<@a.fr>", "", "a.fr", "", "", MAIL_PATH_DEFECT_ROUTE | MAIL_PATH_DEFECT_MAILBOX},
    {" <bob@hamburger.edu>", "bob", "hamburger.edu", "", "", MAIL_PATH_DEFECT_SPACE_BEFORE},
    {"bob@hamburger.edu SIZE=1",
     "bob",
     "hamburger.edu",
     "",
     " SIZE=1",
     MAIL_PATH_DEFECT_NO_BRACKETS},
    {" bob@hamburger.edu",
     "bob",
     "hamburger.edu",
     "",
     "",
     MAIL_PATH_DEFECT_NO_BRACKETS | MAIL_PATH_DEFECT_SPACE_BEFORE},
    {"<bob@hamburger.edu", "bob", "hamburger.edu", "", "", MAIL_PATH_DEFECT_NOT_CLOSED},
    {"<bob@hamburger.edu SIZE=1",
     "bob",
     "hamburger.edu",
     "",
     " SIZE=1",
     MAIL_PATH_DEFECT_NOT_CLOSED},
    {"", "", "", "", "", MAIL_PATH_DEFECT_NO_BRACKETS | MAIL_PATH_DEFECT_EMPTY},
    {"<\"bob > joe\"@hamburger.edu> X=Y", "\"bob > joe\"", "hamburger.edu", "", " X=Y"},
    {"<\"bob\\\">\"@hamburger.edu>", "\"bob\\\">\"", "hamburger.edu", "", ""},
    {"<\"bob@hamburger.edu> X", "", "", "", " X", MAIL_PATH_DEFECT_MAILBOX},
    {"<bob@[192.0.2.1]>", "bob", "[192.0.2.1]", "", ""},
    {"<bob@-x>", "bob", "-x", "", "", MAIL_PATH_DEFECT_MAILBOX},
    {"<b b@x>", "b b", "x", "", "", MAIL_PATH_DEFECT_MAILBOX},
    {"<j\xc3\xb6rg@crepes.fr>", "j\xc3\xb6rg", "crepes.fr", "", ""},
};

static void paths_are_taken_apart(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const PathCase *row = &cases[i];
        MailPath path;
        ByteSpan rest = mail_path_parse(unterminated(row->text, strlen(row->text), keep), &path);
        assert_span(rest, row->rest);
        if ((row->defects & MAIL_PATH_DEFECT_MAILBOX) == 0) {
            assert_span(path.local_part, row->local_part);
            assert_span(path.domain, row->domain);
        }
        assert_span(path.source_route, row->source_route);
        assert_int_equal(path.defects, row->defects);
        assert_int_equal(path.is_null, row->is_null);
        assert_int_equal(path.is_postmaster, row->is_postmaster);
    }
}

static void long_paths_are_told(void **state)
{
    (void)state;
    g_autofree char *local = g_strnfill(65, 'x');
    g_autofree char *text = g_strdup_printf("<%s@crepes.fr>", local);
    MailPath path;
    mail_path_parse(byte_span_from_string(text), &path);
    assert_int_equal(path.defects, MAIL_PATH_DEFECT_MAILBOX | MAIL_PATH_DEFECT_TOO_LONG);
    assert_int_equal(path.verdict.position, 64);
}

static void letters_of_any_script_need_smtputf8(void **state)
{
    (void)state;
    MailPath path;
    mail_path_parse(BYTE_SPAN_LITERAL("<j\xc3\xb6rg@crepes.fr>"), &path);
    assert_true(path.needs_smtputf8);
    mail_path_parse(BYTE_SPAN_LITERAL("<jorg@crepes.fr>"), &path);
    assert_false(path.needs_smtputf8);
}

static void quoted_forms_are_equivalent(void **state)
{
    (void)state;
    static const char *const same[] = {"bob", "\"bob\"", "\"b\\ob\"", "\"\\b\\o\\b\""};
    guint8 plain[8];
    for (gsize i = 0; i < G_N_ELEMENTS(same); i++) {
        gssize length = local_part_unquote(byte_span_from_string(same[i]), plain, sizeof plain);
        assert_span(byte_span(plain, (gsize)length), "bob");
    }
    assert_int_equal(local_part_unquote(BYTE_SPAN_LITERAL("\"bob\""), plain, 2), -1);
    assert_int_equal(local_part_unquote(BYTE_SPAN_LITERAL("\""), plain, 8), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_taken_apart),
        cmocka_unit_test(long_paths_are_told),
        cmocka_unit_test(letters_of_any_script_need_smtputf8),
        cmocka_unit_test(quoted_forms_are_equivalent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
