#include "tests/support/test.h"

#include "ui/report/explain.h"

typedef struct {
    const char *kind;
    const char *text;
    const char *words[3];
    bool wants_decoding;
    bool is_yes;
    guint width;           /* 0: 80 */
    const char *shown[12]; /* each stands somewhere in the output, in this order */
} ExplainCase;

static const ExplainCase cases[] = {
    {
        .kind = "base64",
        .text = "Man",
        .is_yes = true,
        .shown =
            {
                "  text      M         a         n\n",
                "  octets    77 0x4d   97 0x61   110 0x6e\n",
                "  bits      01001101  01100001  01101110\n",
                "  by six    010011 010110 000101 101110\n",
                "  index     19     22     5      46\n",
                "  letter    T      W      F      u\n",
                "  result    TWFu\n",
            },
    },
    {
        .kind = "base64",
        .text = "Lev!",
        .is_yes = true,
        .shown =
            {
                "  text      L         e         v        | !\n",
                "  octets    76 0x4c   101 0x65  118 0x76 | 33 0x21\n",
                "  by six    010011 000110 010101 110110  | 001000 01(0000)\n",
                "  index     19     6      21     54      | 8      16\n",
                "  letter    T      G      V      2       | I      Q        =   =\n",
                "1 octet is left over",
                "RFC 4648 §4",
                "  result    TGV2IQ==\n",
            },
    },
    {
        .kind = "base64",
        .text = "TGV2IQ==",
        .wants_decoding = true,
        .is_yes = true,
        .shown =
            {"  letter    T      G      V      2       | I      Q        =   =\n",
             "  text      L         e         v        | !\n",
             "  result    Lev!\n"},
    },
    {
        .kind = "base64",
        .text = "TGV2-Q==",
        .wants_decoding = true,
        .shown =
            {"  wrong     TGV2-Q==\n                ^\n",
             "\"-\" (0x2d), character 5: a character that is not in",
             "  so far    Lev\n"},
    },
    {
        .kind = "base64",
        .text = "\xc3\xaa\x01",
        .is_yes = true,
        .shown = {"  text      \xc3\xaa 1/2     \xc3\xaa 2/2     0x01\n", "  result    w6oB\n"},
    },
    {
        .kind = "qp",
        .text = "cr\xc3\xaapes = ",
        .is_yes = true,
        .shown =
            {"octet 3       \xc3\xaa 1/2 0xc3      =C3      rule 1\n",
             "space 0x20      =20      rule 3\n",
             "  cr=C3=AApes =3D=20\n"},
    },
    {
        .kind = "qp",
        .text = "a=zz",
        .wants_decoding = true,
        .shown = {"  wrong     a=zz\n              ^\n", "  read as   a=zz\n"},
    },
    {
        .kind = "word",
        .text = "=?UTF-8?Q?Cr=C3=AApes?= =?UTF-8?B?IQ==?=",
        .is_yes = true,
        .shown = {"  means     Cr\xc3\xaapes\n", "  means     !\n", "  result    Cr\xc3\xaapes!\n"},
    },
    {
        .kind = "word",
        .text = "=?UTF-8?Q?a=?=",
        .shown = {"  wrong     =?UTF-8?Q?a=?=\n                       ^\n"},
    },
    {
        .kind = "word",
        .text = "Cr\xc3\xaapes",
        .is_yes = true,
        .shown = {"=C3", "=AA", "  =?UTF-8?"},
    },
    {
        .kind = "parameter",
        .words = {"filename", "Cr\xc3\xaapes.txt"},
        .is_yes = true,
        .shown = {"piece 0 of filename", "   filename*0*=UTF-8''Cr%C3%AApes.txt\n"},
    },
    {
        .kind = "parameter",
        .words = {"; name*1=b; name*0*=utf-8''%C3%AA; size=5"},
        .is_yes = true,
        .shown =
            {"piece 1 of name",
             "piece 0 of name",
             "size, whole",
             "  name      \xc3\xaa"
             "b\n",
             "  size      5\n"},
    },
    {
        .kind = "parameter",
        .words = {"; name*0=a; name*2=b"},
        .shown =
            {"  wrong     ; name*0=a; name*2=b\n                        ^\n", "  name      a\n"},
    },
    {
        .kind = "utf7",
        .text = "Cr\xc3\xaapes",
        .is_yes = true,
        .shown = {"&AOo-", "UTF-16 00ea", "  result    Cr&AOo-pes"},
    },
    {
        .kind = "utf7",
        .text = "&AOo",
        .wants_decoding = true,
        .shown = {"  wrong     &AOo\n                ^\n"},
    },
    {
        .kind = "address",
        .text = "niceandsimple@example.com",
        .is_yes = true,
        .shown = {"  domain    example.com\n", "RFC 5321, envelope\n  yes       valid"},
    },
    {
        .kind = "address",
        .text = "much.\"more\\ unusual\"@example.com",
        .shown =
            {"RFC 5321, envelope\n  no        not valid\n"
             "            much.\"more\\ unusual\"@example.com\n"
             "                 ^\n",
             "'\"' (0x22), character 6 breaks Local-part:",
             "RFC 5321 §4.1.2",
             "RFC 5322, obsolete form\n  yes       valid, but as an obsolete form only"},
    },
    {
        .kind = "address",
        .text = "<@a.fr:bob@hamburger.edu>",
        .is_yes = true,
        .shown = {"  route     @a.fr", "  local     bob\n"},
    },
    {
        .kind = "address",
        .text = "<>",
        .is_yes = true,
        .shown = {"  null      the null path"},
    },
    {
        .kind = "address",
        .text = "Alice <alice@crepes.fr>, bob@hamburger.edu",
        .is_yes = true,
        .shown = {"2 mailboxes", "  name      Alice\n", "alice@crepes.fr", "bob@hamburger.edu"},
    },
    {
        .kind = "apop",
        .words = {"+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>", "tanstaaf", "mrose"},
        .is_yes = true,
        .shown =
            {"  digest    c4c9334bac560ecc979e58001b3e22fb",
             "  client    APOP mrose c4c9334bac560ecc979e58001b3e22fb\n"},
    },
    {
        .kind = "apop",
        .words = {"+OK ready", "tanstaaf"},
        .shown = {"The banner has no time stamp"},
    },
    {
        .kind = "cram-md5",
        .words = {"<1896.697170952@postoffice.reston.mci.net>", "tim", "tanstaaftanstaaf"},
        .is_yes = true,
        .shown =
            {
                "  server    334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+\n",
                "  answer    tim b913a602c7eda7a495b4e6e7334d3890",
                "  client    dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\n",
            },
    },
    {
        .kind = "auth-plain",
        .words = {"alice", "ketchup"},
        .is_yes = true,
        .shown =
            {"  octets    00 61 6c 69 63 65 00 6b 65 74 63 68 75 70\n",
             "  client    AUTH PLAIN AGFsaWNlAGtldGNodXA=\n"},
    },
    {
        .kind = "auth-plain",
        .words = {"AGFsaWNlAGtldGNodXA="},
        .is_yes = true,
        .shown = {"  who       alice\n", "  password  ketchup\n"},
    },
    {
        .kind = "auth-plain",
        .words = {"AGFsaWNl"},
        .shown = {"two NULs"},
    },
    {
        .kind = "auth-login",
        .words = {"bob", "hungry"},
        .is_yes = true,
        .shown =
            {"334 VXNlcm5hbWU6",
             "  client    Ym9i\n",
             "334 UGFzc3dvcmQ6",
             "  client    aHVuZ3J5\n"},
    },
    {
        .kind = "dot",
        .text = "a\n.b\n",
        .is_yes = true,
        .shown =
            {"each is taken for CRLF",
             "  1         a\n",
             "  2         ..b ",
             "  end       .",
             "2 lines, 1 dot added"},
    },
    {
        .kind = "dot",
        .text = "a\r\n..b\r\n.\r\nQUIT\r\n",
        .wants_decoding = true,
        .is_yes = true,
        .shown =
            {"  message   a\n            .b\n",
             "CRLF . CRLF ends the message.",
             "  after it  QUIT\n"},
    },
    {
        .kind = "dot",
        .text = "a\r\nb\n.\r\nMAIL FROM:<alice@crepes.fr>\r\n.\r\n",
        .wants_decoding = true,
        .shown =
            {"LF . CRLF: not the end", "  smuggling", "            MAIL FROM:<alice@crepes.fr>\n"},
    },
    {
        .kind = "received",
        .text = "Received: from a.crepes.fr (pc7.crepes.fr [192.0.2.7])\r\n"
                "\tby mail.hamburger.edu with ESMTPS id 2; Mon, 21 Nov 2022 10:00:05 +0100\r\n"
                "Received: from x.crepes.fr by a.crepes.fr with SMTP id 1;\r\n"
                "\tMon, 21 Nov 2022 10:00:00 +0100\r\n\r\n",
        .is_yes = true,
        .shown =
            {"  Hop 1\n",
             "called itself x.crepes.fr",
             "could be forged",
             "  Hop 2\n",
             "pc7.crepes.fr [192.0.2.7]",
             "5 s after the hop before",
             "written by a trusted host"},
    },
    {.kind = "received", .text = "Subject: x\r\n\r\n", .shown = {"There is no Received field"}},
    {
        .kind = "message",
        .text = "Date: Mon, 21 Nov 2022 10:00:00 +0100\r\nFrom: Alice <alice@crepes.fr>\r\n"
                "Message-ID: <1@crepes.fr>\r\nSubject: =?UTF-8?Q?Cr=C3=AApes?=\r\n"
                "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                "--b\r\n\r\nhi\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n",
        .is_yes = true,
        .shown =
            {"  From      Alice <alice@crepes.fr>\n",
             "  Subject   Cr\xc3\xaapes\n",
             "  multipart/mixed",
             "├─ text/plain  part 1",
             "└─ image/png  part 2"},
    },
    {
        .kind = "message",
        .text = "no colon\r\n\r\n",
        .shown = {"(no name)", "  wrong     This line of the header has no colon"},
    },
};

static void run(const ExplainCase *row, guint width, GString *shown, bool *out_yes)
{
    const ExplainKind *kind = explain_kind_find(row->kind);
    assert_non_null(kind);
    TextLayout layout;
    text_layout_init_plain(&layout, width);
    char *written = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&written, &length);
    ExplainOutput output = {.layout = &layout, .stream = stream};
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    gsize n_words = 0;
    while (n_words < G_N_ELEMENTS(row->words) && row->words[n_words] != NULL) {
        n_words++;
    }
    gsize text_length = row->text == NULL ? 0 : strlen(row->text);
    ExplainRequest request = {
        .octets = unterminated(row->text, text_length, keep),
        .words = row->words,
        .n_words = n_words,
        .wants_decoding = row->wants_decoding,
    };
    *out_yes = kind->explain(&request, &output);
    text_layout_write(&layout, stream);
    fclose(stream);
    g_string_append_len(shown, written, (gssize)length);
    free(written);
    text_layout_clear(&layout);
}

static void every_kind_shows_its_steps(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) shown = g_string_new(NULL);
        bool is_yes;
        run(&cases[i], cases[i].width == 0 ? 80 : cases[i].width, shown, &is_yes);
        assert_int_equal(is_yes, cases[i].is_yes);
        const char *at = shown->str;
        for (gsize j = 0; j < G_N_ELEMENTS(cases[i].shown) && cases[i].shown[j] != NULL; j++) {
            const char *found = strstr(at, cases[i].shown[j]);
            if (found == NULL) {
                print_message("%s lacks:\n%s\n", shown->str, cases[i].shown[j]);
            }
            assert_non_null(found);
            at = found + 1;
        }
    }
}

/* A projector has few columns: nothing may be wider than the screen, nor need colour. */
static void nothing_is_wider_than_the_screen(void **state)
{
    (void)state;
    static const guint widths[] = {60, 80, 100, 160};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(widths); j++) {
            g_autoptr(GString) shown = g_string_new(NULL);
            bool is_yes;
            run(&cases[i], widths[j], shown, &is_yes);
            assert_null(strchr(shown->str, '\033'));
            g_auto(GStrv) lines = g_strsplit(shown->str, "\n", -1);
            for (gsize k = 0; lines[k] != NULL; k++) {
                if (text_width(lines[k]) > widths[j]) {
                    print_message("%u columns: %s\n", widths[j], lines[k]);
                }
                /* Hexadecimal rows of sixteen octets keep their length. */
                assert_true(text_width(lines[k]) <= MAX(widths[j], 72));
            }
        }
    }
}

/* The middle of a long text is left out, the end is not. */
static void long_texts_are_cut_short(void **state)
{
    (void)state;
    g_autofree char *text = g_strnfill(10000, 'x');
    ExplainCase row = {.kind = "base64", .text = text};
    g_autoptr(GString) shown = g_string_new(NULL);
    bool is_yes;
    run(&row, 80, shown, &is_yes);
    assert_true(shown->len < 6000);
    assert_non_null(strstr(shown->str, "groups more go the same way"));
    assert_non_null(strstr(shown->str, "10000 octets become 13336 letters"));
}

static void kinds_have_names_and_limits(void **state)
{
    (void)state;
    for (gsize i = 0; i < n_explain_kinds; i++) {
        const ExplainKind *kind = &explain_kinds[i];
        assert_ptr_equal(explain_kind_find(kind->name), kind);
        if (kind->long_name != NULL) {
            assert_ptr_equal(explain_kind_find(kind->long_name), kind);
        }
        assert_true(kind->most_words >= MAX(kind->least_words, 1));
        assert_true(strlen(kind->summary) > 0 && strlen(kind->summary) <= 56);
    }
    assert_null(explain_kind_find("base65"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_shows_its_steps),
        cmocka_unit_test(nothing_is_wider_than_the_screen),
        cmocka_unit_test(long_texts_are_cut_short),
        cmocka_unit_test(kinds_have_names_and_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
