#include "tests/support/test.h"

#include <gmime/gmime.h>

#include "protocol/message/mime-tree.h"

typedef struct {
    const char *name;
    const char *text;
    const char *expected; /* one line each: depth number type encoding header+length body+length
                             lines defects */
    bool is_strange;      /* GMime may see another tree */
    bool is_checked;      /* the content too */
} TreeCase;

#define PLAIN "MIME-Version: 1.0\r\n"
#define MIXED PLAIN "Content-Type: multipart/mixed; boundary=b\r\n\r\n"

static const TreeCase cases[] = {
    {
        .name = "no MIME at all",
        .text = "Subject: x\r\n\r\nHello\r\nBob\r\n",
        .expected = "0 1 text/plain 7bit 0+14 14+12 2 \n",
    },
    {
        .name = "header alone",
        .text = "Subject: x\r\n",
        .expected = "0 1 text/plain 7bit 0+12 12+0 0 \n",
    },
    {
        .name = "empty message",
        .text = "",
        .expected = "0 1 text/plain 7bit 0+0 0+0 0 \n",
        .is_strange = true,
    },
    {
        .name = "two parts, preamble and epilogue",
        .text = MIXED "preamble\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>\r\nx\r\n--b\r\n\r\ntwo"
                      "\r\n--b--\r\nepilogue\r\n",
        .expected = "0 TEXT multipart/mixed 7bit 0+64 64+79 11 \n"
                    "1 1 text/html 7bit 79+27 106+6 2 \n"
                    "1 2 text/plain 7bit 119+2 121+3 1 \n",
    },
    {
        .name = "nested multiparts and a message",
        .text = MIXED "--b\r\nContent-Type: multipart/alternative; boundary=\"b b\"\r\n\r\n"
                      "--b b\r\n\r\nplain\r\n--b b--\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
                      "Subject: inner\r\n" PLAIN "Content-Type: multipart/mixed; boundary=c\r\n\r\n"
                      "--c\r\n\r\ndeep\r\n--c--\r\n--b--\r\n",
        .expected = "0 TEXT multipart/mixed 7bit 0+64 64+229 19 \n"
                    "1 1 multipart/alternative 7bit 69+55 124+23 4 \n"
                    "2 1.1 text/plain 7bit 131+2 133+5 1 \n"
                    "1 2 message/rfc822 7bit 154+32 186+98 8 \n"
                    "2 2.TEXT multipart/mixed 7bit 186+80 266+18 4 \n"
                    "3 2.1 text/plain 7bit 271+2 273+4 1 \n",
        .is_strange = true,
    },
    {
        .name = "a digest holds messages",
        .text =
            PLAIN "Content-Type: multipart/digest; boundary=d\r\n\r\n--d\r\n\r\nSubject: 1\r\n\r\n"
                  "one\r\n--d--\r\n",
        .expected = "0 TEXT multipart/digest 7bit 0+65 65+33 6 \n"
                    "1 1 message/rfc822 7bit 70+2 72+17 3 \n"
                    "2 1.1 text/plain 7bit 72+14 86+3 1 \n",
    },
    {
        .name = "the boundary never closes",
        .text = MIXED "--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n",
        .expected = "0 TEXT multipart/mixed 7bit 0+64 64+24 6 boundary-not-closed\n"
                    "1 1 text/plain 7bit 69+2 71+3 1 \n"
                    "1 2 text/plain 7bit 81+2 83+5 1 \n",
        .is_strange = true,
    },
    {
        .name = "the boundary never comes",
        .text = MIXED "--c\r\n\r\none\r\n--bb\r\n--b-\r\n",
        .expected = "0 TEXT multipart/mixed 7bit 0+64 64+24 5 boundary-not-found\n",
        .is_strange = true,
    },
    {
        .name = "an outer boundary ends the inner multipart",
        .text = MIXED "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nin\r\n"
                      "--b\r\n\r\nout\r\n--b--",
        .expected = "0 TEXT multipart/mixed 7bit 0+64 64+78 10 \n"
                    "1 1 multipart/mixed 7bit 69+45 114+9 3 boundary-not-closed\n"
                    "2 1.1 text/plain 7bit 119+2 121+2 1 \n"
                    "1 2 text/plain 7bit 130+2 132+3 1 \n",
        .is_strange = true,
    },
    {
        .name = "parts without a body, and cut by a boundary in the header",
        .text = MIXED "--b\r\n--b\r\nContent-Type: text/html\r\n--b  \r\n\r\n--b--  \r\n",
        .expected = "0 TEXT multipart/mixed 7bit 0+64 64+53 6 \n"
                    "1 1 text/plain 7bit 69+0 69+0 0 \n"
                    "1 2 text/html 7bit 74+25 99+0 0 \n"
                    "1 3 text/plain 7bit 106+2 108+0 0 \n",
        .is_strange = true,
    },
    {
        .name = "the message ends in the header of a part",
        .text = MIXED "--b\r\nContent-Type: text/html",
        .expected = "0 TEXT multipart/mixed 7bit 0+64 64+28 2 boundary-not-closed\n"
                    "1 1 text/html 7bit 69+23 92+0 0 part-cut\n",
        .is_strange = true,
    },
    {
        .name = "no boundary parameter, bad type, unknown encoding",
        .text = PLAIN "Content-Type: multipart/mixed\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n",
        .expected = "0 TEXT multipart/mixed 7bit 0+52 52+17 4 no-boundary\n",
        .is_strange = true,
    },
    {
        .name = "fields that cannot be read",
        .text = "MIME-Version: 2.0\r\nContent-Type: something\r\n"
                "Content-Transfer-Encoding: rot13\r\n\r\nx\r\n",
        .expected = "0 1 text/plain unknown 0+80 80+3 1 mime-version content-type-syntax "
                    "encoding-unknown\n",
        .is_strange = true,
    },
    {
        .name = "no version, comments in the version",
        .text = "Content-Type: text/plain (a comment); charset=\"utf-8\" (more)\r\n\r\n",
        .expected = "0 1 text/plain 7bit 0+64 64+0 0 no-mime-version\n",
    },
    {
        .name = "encoded composite parts",
        .text = PLAIN "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                      "U3ViamVjdDogeA0KDQo=\r\n",
        .expected = "0 1 message/rfc822 base64 0+86 86+22 1 encoding-of-composite\n",
        .is_strange = true,
    },
    {
        .name = "a message in a message",
        .text = PLAIN "Content-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nx",
        .expected = "0 1 message/rfc822 7bit 0+51 51+16 3 \n"
                    "1 1.1 text/plain 7bit 51+15 66+1 1 \n",
    },
    {
        .name = "line feeds alone",
        .text =
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n",
        .expected = "0 TEXT multipart/mixed 7bit 0+61 61+15 4 \n"
                    "1 1 text/plain 7bit 65+1 66+3 1 \n",
    },
    {
        .name = "content that is not what it says",
        .text = MIXED "--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                      "TVqQ*AAA\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\xe9\r\n"
                      "--b\r\nContent-Type: text/plain; charset=x-none\r\n"
                      "Content-Transfer-Encoding: quoted-printable\r\n\r\n=4\r\n--b--\r\n",
        .expected = "0 TEXT multipart/mixed 7bit 0+64 64+233 15 \n"
                    "1 1 image/png base64 69+62 131+8 1 base64 type-differs\n"
                    "1 2 text/plain 7bit 146+43 189+1 1 8bit-body charset-wrong\n"
                    "1 3 text/plain quoted-printable 197+89 286+2 1 quoted-printable "
                    "charset-unknown\n",
        .is_strange = true,
        .is_checked = true,
    },
    {
        .name = "an attachment with a path for a name",
        .text = PLAIN "Content-Type: application/pdf; name=\"../../etc/passwd\"\r\n"
                      "Content-Disposition: attachment; filename*=utf-8''%2e%2e%2fx\r\n\r\n",
        .expected = "0 1 application/pdf 7bit 0+139 139+0 0 file-name-unsafe\n",
    },
};

static void note(GString *seen, const MimePart *part)
{
    g_autofree char *number = mime_part_number(part);
    g_autofree char *defects = message_defects_to_string(part->defects);
    g_string_append_printf(
        seen,
        "%u %s %s/%s %s %zu+%zu %zu+%zu %" G_GUINT64_FORMAT " %s\n",
        part->depth,
        number,
        part->type,
        part->subtype,
        mime_encoding_name(part->encoding),
        part->header_offset,
        part->header_length,
        part->body_offset,
        part->body_length,
        part->n_lines,
        defects
    );
}

static void check_bounds(const MimeTree *tree)
{
    gsize length = mime_tree_octets(tree).length;
    for (guint i = 0; i < mime_tree_n_parts(tree); i++) {
        const MimePart *part = mime_tree_part(tree, i);
        assert_int_equal(part->sequence, i);
        assert_true(part->header_offset + part->header_length <= part->body_offset);
        assert_true(part->body_offset + part->body_length <= length);
        for (guint at = 0; at < part->n_children; at++) {
            assert_ptr_equal(part->children[at]->parent, part);
            assert_int_equal(part->children[at]->index, at);
            assert_true(part->children[at]->header_offset >= part->body_offset);
        }
        g_autofree char *number = mime_part_number(part);
        ByteSpan body;
        assert_true(mime_tree_section(tree, byte_span_from_string(number), &body));
        assert_ptr_equal(body.data, mime_part_raw(tree, part).data);
        assert_int_equal(body.length, part->body_length);
    }
}

static MimeTree *tree_of(const char *text, gsize length)
{
    g_autoptr(GBytes) message = g_bytes_new(text, length);
    return mime_tree_new(message, NULL);
}

static void trees_have_exact_places(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) seen = g_string_new(NULL);
        g_autoptr(MimeTree) tree = tree_of(cases[i].text, strlen(cases[i].text));
        if (cases[i].is_checked) {
            mime_tree_check(tree);
        }
        for (guint at = 0; at < mime_tree_n_parts(tree); at++) {
            note(seen, mime_tree_part(tree, at));
        }
        if (strcmp(seen->str, cases[i].expected) != 0) {
            fail_msg("%s:\n%s\nis not\n%s", cases[i].name, seen->str, cases[i].expected);
        }
        check_bounds(tree);
    }
}

/* A message cut anywhere still gives a tree inside its bounds. */
static void a_cut_message_does_no_harm(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gsize length = strlen(cases[i].text);
        for (gsize cut = 0; cut < length; cut++) {
            g_autoptr(MimeTree) tree = tree_of(cases[i].text, cut);
            check_bounds(tree);
            mime_tree_check(tree);
        }
    }
}

static void note_foreign(GString *seen, GMimeObject *object)
{
    GMimeContentType *type = g_mime_object_get_content_type(object);
    g_string_append_printf(
        seen,
        "%s/%s(",
        g_mime_content_type_get_media_type(type),
        g_mime_content_type_get_media_subtype(type)
    );
    if (GMIME_IS_MULTIPART(object)) {
        for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(object)); i++) {
            note_foreign(seen, g_mime_multipart_get_part(GMIME_MULTIPART(object), i));
        }
    } else if (GMIME_IS_MESSAGE_PART(object)) {
        GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
        note_foreign(seen, g_mime_message_get_mime_part(message));
    }
    g_string_append(seen, ")");
}

static void note_ours(GString *seen, const MimePart *part)
{
    g_string_append_printf(seen, "%s/%s(", part->type, part->subtype);
    for (guint i = 0; i < part->n_children; i++) {
        note_ours(seen, part->children[i]);
    }
    g_string_append(seen, ")");
}

/* GMime's own parser is the referee for messages on which nobody disagrees. */
static void gmime_sees_the_same_tree(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        if (cases[i].is_strange) {
            continue;
        }
        g_autoptr(GString) ours = g_string_new(NULL);
        g_autoptr(GString) foreign = g_string_new(NULL);
        g_autoptr(MimeTree) tree = tree_of(cases[i].text, strlen(cases[i].text));
        note_ours(ours, mime_tree_root(tree));
        GMimeStream *stream =
            g_mime_stream_mem_new_with_buffer(cases[i].text, strlen(cases[i].text));
        GMimeParser *parser = g_mime_parser_new_with_stream(stream);
        GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
        note_foreign(foreign, g_mime_message_get_mime_part(message));
        g_object_unref(message);
        g_object_unref(parser);
        g_object_unref(stream);
        assert_string_equal(ours->str, foreign->str);
    }
}

static void limits_hold(void **state)
{
    (void)state;
    g_autoptr(GString) deep = g_string_new(PLAIN);
    for (guint i = 0; i < 3000; i++) {
        g_string_append(deep, "Content-Type: message/rfc822\r\n\r\n");
    }
    g_autoptr(MimeTree) deep_tree = tree_of(deep->str, deep->len);
    assert_int_equal(mime_tree_n_parts(deep_tree), MIME_DEPTH_MAXIMUM + 1);
    assert_true(mime_tree_defects(deep_tree) & MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_TOO_DEEP));
    check_bounds(deep_tree);

    g_autoptr(GString) wide = g_string_new(MIXED);
    for (guint i = 0; i < MIME_PARTS_MAXIMUM + 100; i++) {
        g_string_append(wide, "--b\r\n\r\n");
    }
    g_autoptr(MimeTree) wide_tree = tree_of(wide->str, wide->len);
    assert_int_equal(mime_tree_n_parts(wide_tree), MIME_PARTS_MAXIMUM);
    assert_true(mime_tree_defects(wide_tree) & MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_TOO_MANY_PARTS));

    g_autoptr(GString) nested = g_string_new(PLAIN);
    for (guint i = 0; i < 200; i++) {
        g_string_append_printf(
            nested, "Content-Type: multipart/mixed; boundary=b%u\r\n\r\n--b%u\r\n", i, i
        );
    }
    g_autoptr(MimeTree) nested_tree = tree_of(nested->str, nested->len);
    check_bounds(nested_tree);
    assert_int_equal(mime_tree_n_parts(nested_tree), MIME_DEPTH_MAXIMUM + 1);
}

#define LETTER                                                                                     \
    PLAIN "Content-Type: multipart/mixed; boundary=b\r\n\r\n"                                      \
          "--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"                                \
          "Content-Transfer-Encoding: quoted-printable\r\n\r\ncaf=E9 =\r\nau lait\r\n\r\n"         \
          "--b\r\nContent-Type: application/octet-stream\r\n"                                      \
          "Content-Transfer-Encoding: base64\r\n"                                                  \
          "Content-Disposition: attachment; filename*0*=utf-8''caf%C3%A9; filename*1=.bin\r\n\r\n" \
          "AAEC\r\nAwQF\r\n"                                                                       \
          "--b\r\nContent-Type: application/octet-stream; name=\"=?utf-8?Q?=C3=86?=\"\r\n"         \
          "Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\r\n#0V%T\r\n`\r\nend\r\n"      \
          "--b--\r\n"

static void content_is_decoded_within_bounds(void **state)
{
    (void)state;
    g_autoptr(MimeTree) tree = tree_of(LETTER, sizeof(LETTER) - 1);
    const MimePart *text = mime_tree_find(tree, BYTE_SPAN_LITERAL("1"));
    const MimePart *file = mime_tree_find(tree, BYTE_SPAN_LITERAL("2"));
    const MimePart *old = mime_tree_find(tree, BYTE_SPAN_LITERAL("3"));
    g_autofree char *shown = mime_part_text(tree, text, 1000);
    assert_string_equal(shown, "caf\xc3\xa9 au lait\n");
    g_autofree char *some = mime_part_text(tree, text, 4);
    assert_string_equal(some, "caf\xc3\xa9");
    assert_string_equal(file->file_name, "caf\xc3\xa9.bin");
    assert_string_equal(old->file_name, "\xc3\x86");
    assert_true(mime_part_is_attachment(file));
    assert_false(mime_part_is_attachment(text));
    bool is_whole = false;
    g_autoptr(GBytes) content = mime_part_content(tree, file, 100, &is_whole);
    assert_true(is_whole);
    assert_int_equal(g_bytes_get_size(content), 6);
    assert_memory_equal(g_bytes_get_data(content, NULL), "\0\1\2\3\4\5", 6);
    g_autoptr(GBytes) little = mime_part_content(tree, file, 4, &is_whole);
    assert_false(is_whole);
    assert_int_equal(g_bytes_get_size(little), 4);
    assert_int_equal(mime_part_content_length(tree, file), 6);
    g_autoptr(GBytes) cat = mime_part_content(tree, old, 100, &is_whole);
    assert_int_equal(g_bytes_get_size(cat), 3);
    assert_memory_equal(g_bytes_get_data(cat, NULL), "Cat", 3);
    assert_ptr_equal(mime_tree_text_part(tree, "plain"), text);
    assert_null(mime_tree_text_part(tree, "html"));
    assert_ptr_equal(mime_tree_at(tree, file->body_offset), file);
    assert_ptr_equal(mime_tree_at(tree, 0), mime_tree_root(tree));
}

static void imap_sections_are_found(void **state)
{
    (void)state;
    g_autoptr(MimeTree) tree = tree_of(cases[4].text, strlen(cases[4].text));

    static const struct {
        const char *section;
        const char *expected; /* NULL: there is none */
    } rows[] = {
        {"1.1", "plain"},
        {"1.MIME", "Content-Type: multipart/alternative; boundary=\"b b\"\r\n\r\n"},
        {"2.HEADER",
         "Subject: inner\r\n" PLAIN "Content-Type: multipart/mixed; boundary=c\r\n\r\n"},
        {"2.text", "--c\r\n\r\ndeep\r\n--c--"},
        {"2.1", "deep"},
        {"2.1.MIME", "\r\n"},
        {"HEADER", MIXED},
        {"3", NULL},
        {"0", NULL},
        {"1.HEADER", NULL},
        {"MIME", NULL},
        {"2.", NULL},
        {"1.1.1", NULL},
        {"2.1.1", NULL},
        {"99999999999999999999", NULL},
        {"x", NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        ByteSpan octets = BYTE_SPAN_EMPTY;
        bool is_found = mime_tree_section(tree, byte_span_from_string(rows[i].section), &octets);
        assert_int_equal(is_found, rows[i].expected != NULL);
        if (is_found) {
            assert_span(octets, rows[i].expected);
        }
    }
}

static void file_names_are_made_safe(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"report.pdf", "report.pdf"},
        {"../../etc/passwd", "passwd"},
        {"C:\\Windows\\x.exe", "x.exe"},
        {"..", "part"},
        {"", "part"},
        {".bashrc", "bashrc"},
        {"a\nb\x1b[31m.txt", "a_b_[31m.txt"},
        {"invoice\xe2\x80\xaegpj.exe", "invoice_gpj.exe"},
        {"nul.txt", "_nul.txt"},
        {"COM1", "_COM1"},
        {"caf\xe9", "caf\xef\xbf\xbd"},
        {"/", "part"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *safe = mime_safe_file_name(rows[i][0], "part");
        assert_string_equal(safe, rows[i][1]);
    }
    g_autofree char *many = g_strnfill(300, 'x');
    g_autofree char *name = g_strdup_printf("%s.txt", many);
    g_autofree char *safe = mime_safe_file_name(name, "part");
    assert_int_equal(strlen(safe), 120);
    assert_true(g_str_has_suffix(safe, "x.txt"));
    g_autofree char *spaced = g_strdup_printf("%.119s and more", many);
    g_autofree char *cut = mime_safe_file_name(spaced, "part");
    assert_int_equal(strlen(cut), 119);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_have_exact_places),
        cmocka_unit_test(a_cut_message_does_no_harm),
        cmocka_unit_test(gmime_sees_the_same_tree),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(content_is_decoded_within_bounds),
        cmocka_unit_test(imap_sections_are_found),
        cmocka_unit_test(file_names_are_made_safe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
