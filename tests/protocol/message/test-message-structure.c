#include "tests/support/test.h"

#include "protocol/message/content-parameter.h"
#include "protocol/message/message-structure.h"

#define OUT_MAXIMUM 65536

static MimeTree *tree_of(const char *text)
{
    g_autoptr(GBytes) message = g_bytes_new(text, strlen(text));
    return mime_tree_new(message, NULL);
}

typedef struct {
    const char *text;
    const char *envelope;
} EnvelopeCase;

static const EnvelopeCase envelope_cases[] = {
    {
        "Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\r\n"
        "From: Terry Gray <gray@cac.washington.edu>\r\n"
        "Subject: IMAP4rev2 WG mtg summary\r\n and minutes\r\nTo: imap@cac.washington.edu\r\n"
        "cc: minutes@cnri.reston.va.us, \"John \\\"K\\\"\" <k@mit.edu>\r\n"
        "Message-Id: <B27397-0100000@cac.washington.edu>\r\n\r\n",
        "(\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev2 WG mtg summary and minutes\" "
        "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
        "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
        "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
        "((NIL NIL \"imap\" \"cac.washington.edu\")) "
        "((NIL NIL \"minutes\" \"cnri.reston.va.us\")(\"John \\\"K\\\"\" NIL \"k\" \"mit.edu\")) "
        "NIL NIL \"<B27397-0100000@cac.washington.edu>\")",
    },
    {
        "From: Friends: <@r:a@b>, c;\r\nReply-To: d@e\r\nSubject: caf\xc3\xa9\r\nSender:\r\n\r\n",
        "(NIL {5}\r\ncaf\xc3\xa9 ((NIL NIL \"Friends\" NIL)(NIL \"@r\" \"a\" \"b\")"
        "(NIL NIL \"c\" \"\")(NIL NIL NIL NIL)) ((NIL NIL \"Friends\" NIL)(NIL \"@r\" \"a\" \"b\")"
        "(NIL NIL \"c\" \"\")(NIL NIL NIL NIL)) ((NIL NIL \"d\" \"e\")) NIL NIL NIL NIL NIL)",
    },
    {"", "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)"},
};

static void envelopes_are_written(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(envelope_cases); i++) {
        ByteBuffer out;
        byte_buffer_init(&out, OUT_MAXIMUM);
        g_autoptr(MimeTree) tree = tree_of(envelope_cases[i].text);
        assert_true(message_structure_write_envelope(mime_tree_root(tree), &out));
        assert_span(byte_buffer_span(&out), envelope_cases[i].envelope);
        byte_buffer_clear(&out);
    }
}

typedef struct {
    const char *text;
    const char *body;
    const char *structure;
} BodyCase;

static const BodyCase body_cases[] = {
    {
        "Subject: x\r\n\r\nHi\r\nBob\r\n",
        "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 9 2)",
        "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 9 2 NIL NIL NIL NIL)",
    },
    {
        "Content-Type: multipart/mixed; boundary=\"b;=\"\r\n\r\n--b;=\r\n"
        "Content-Type: text/html; charset=utf-8\r\nContent-Language: fr, en\r\n\r\n<p>\r\n--b;=\r\n"
        "Content-Type: image/png; name*0*=utf-8''a%20; name*1=b\r\nContent-ID: <1@x>\r\n"
        "Content-Description: d\r\nContent-Transfer-Encoding: BASE64\r\n"
        "Content-Disposition: attachment; filename=\"a b\"\r\nContent-MD5: Q2hl\r\n\r\nAAAA\r\n"
        "--b;=--\r\n",
        "((\"TEXT\" \"HTML\" (\"CHARSET\" \"utf-8\") NIL NIL \"7BIT\" 3 1)"
        "(\"IMAGE\" \"PNG\" (\"NAME*0*\" \"utf-8''a%20\" \"NAME*1\" \"b\") \"<1@x>\" \"d\" "
        "\"BASE64\" 4) \"MIXED\")",
        "((\"TEXT\" \"HTML\" (\"CHARSET\" \"utf-8\") NIL NIL \"7BIT\" 3 1 NIL NIL (\"fr\" \"en\") "
        "NIL)(\"IMAGE\" \"PNG\" (\"NAME*0*\" \"utf-8''a%20\" \"NAME*1\" \"b\") \"<1@x>\" \"d\" "
        "\"BASE64\" 4 \"Q2hl\" (\"ATTACHMENT\" (\"FILENAME\" \"a b\")) NIL NIL) \"MIXED\" "
        "(\"BOUNDARY\" \"b;=\") NIL NIL NIL)",
    },
    {
        "Content-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nx\r\n",
        "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 18 "
        "(NIL \"in\" NIL NIL NIL NIL NIL NIL NIL NIL) "
        "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 3 1) 3)",
        NULL,
    },
    {
        "Content-Type: multipart/mixed\r\n\r\nx",
        "(\"APPLICATION\" \"OCTET-STREAM\" NIL NIL NIL \"7BIT\" 1)",
        NULL,
    },
};

static void structures_are_written(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(body_cases); i++) {
        ByteBuffer out;
        byte_buffer_init(&out, OUT_MAXIMUM);
        g_autoptr(MimeTree) tree = tree_of(body_cases[i].text);
        const MimePart *root = mime_tree_root(tree);
        assert_true(message_structure_write_body(tree, root, false, &out));
        assert_span(byte_buffer_span(&out), body_cases[i].body);
        byte_buffer_reset(&out);
        assert_true(message_structure_write_body(tree, root, true, &out));
        if (body_cases[i].structure != NULL) {
            assert_span(byte_buffer_span(&out), body_cases[i].structure);
        }
        gsize whole = byte_buffer_length(&out);
        byte_buffer_clear(&out);
        for (gsize maximum = 0; maximum < whole; maximum++) {
            byte_buffer_init(&out, maximum);
            assert_false(message_structure_write_body(tree, root, true, &out));
            byte_buffer_clear(&out);
        }
    }
}

static void some_fields_are_written(void **state)
{
    (void)state;
    static const char *const names[] = {"subject", "TO"};
    ByteBuffer out;
    byte_buffer_init(&out, OUT_MAXIMUM);
    g_autoptr(MimeTree) tree = tree_of("To: a\r\n b\r\nFrom: c\r\nSubject: d\r\n\r\nbody");
    const HeaderBlock *header = &mime_tree_root(tree)->header;
    assert_true(message_structure_write_fields(header, names, 2, false, &out));
    assert_span(byte_buffer_span(&out), "To: a\r\n b\r\nSubject: d\r\n\r\n");
    byte_buffer_reset(&out);
    assert_true(message_structure_write_fields(header, names, 2, true, &out));
    assert_span(byte_buffer_span(&out), "From: c\r\n\r\n");
    byte_buffer_reset(&out);
    g_autoptr(MimeTree) bare = tree_of("To: a\r\nFrom: c\r\n");
    header = &mime_tree_root(bare)->header;
    assert_true(message_structure_write_fields(header, names, 2, false, &out));
    assert_span(byte_buffer_span(&out), "To: a\r\n");
    byte_buffer_clear(&out);
}

static const char *const parameter_cases[][2] = {
    {" text/plain; charset=utf-8; format=flowed", "charset=utf-8|format=flowed|"},
    {"text/plain;charset=\"a;\\\"b\" (c;d=e) ;x = y", "charset=a;\"b|x=y|"},
    {"multipart/mixed; boundary==_a=b; z=1", "boundary==_a=b|z=1|"},
    {"a/b; \"quoted\"; ; nothing; name=", "name=|"},
    {"a/b; n=\"open", "n=open|"},
    {"a/b; n=\"a\r\n b\"", "n=a b|"},
    {"a/b", ""},
    {"", ""},
};

static void parameters_are_taken_as_written(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(parameter_cases); i++) {
        const char *text = parameter_cases[i][0];
        ByteSpan rest = unterminated(text, strlen(text), keep);
        g_autoptr(GString) seen = g_string_new(NULL);
        ContentParameter parameter;
        while (content_parameter_next(&rest, &parameter)) {
            g_autofree char *name = byte_span_to_string(parameter.name);
            g_string_append_printf(seen, "%s=%s|", name, parameter.value);
            g_free(parameter.value);
        }
        assert_string_equal(seen->str, parameter_cases[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(envelopes_are_written),
        cmocka_unit_test(structures_are_written),
        cmocka_unit_test(some_fields_are_written),
        cmocka_unit_test(parameters_are_taken_as_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
