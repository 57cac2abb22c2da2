/* How answers are compared, cut into parts and read from hand-ins. */

#include "tests/support/test.h"

#include "exercises/answer-form.h"
#include "exercises/answer-split.h"
#include "exercises/class/csv-reader.h"
#include "exercises/class/hand-in.h"
#include "exercises/class/json-reader.h"
#include "exercises/class/text-decode.h"

typedef struct {
    AnswerForm form;
    const char *answer;
    const char *normal;
} FormCase;

static const FormCase form_cases[] = {
    {ANSWER_TOKEN, " TGV2\r\n IQ== ", "TGV2IQ=="},
    {ANSWER_HEX, "AB cd", "abcd"},
    {ANSWER_WORD, " \"UPDATE\". ", "update"},
    {ANSWER_WORD, "<bob@hamburger.edu>", "bob@hamburger.edu"},
    {ANSWER_NUMBER, "1,024 octets", "1024"},
    {ANSWER_NUMBER, "1.024", "1024"},
    {ANSWER_NUMBER, "{310}", "310"},
    {ANSWER_NUMBER, "007", "7"},
    {ANSWER_NUMBER, "0", "0"},
    {ANSWER_NUMBER, "12.5", "12.5"},
    {ANSWER_NUMBER, "3 or 4", "3 or 4"},
    {ANSWER_NUMBER, "alert(1)", "alert(1"},
    {ANSWER_NUMBER, "-5", "-5"},
    {ANSWER_TEXT, "  a b ", "a b"},
    {ANSWER_LINES, "\r\n  a \r\n  .b\r\n\r\n", "a\n.b"},
    {ANSWER_LIST, "B -> A, c", "b a c"},
    {ANSWER_SET, "3 and 1, 2; 2", "1 2 3"},
    {ANSWER_SET, "10 9", "9 10"},
    {ANSWER_SET, "Nothing", "none"},
    {ANSWER_SET, "...", ""},
};

static void test_forms(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(form_cases); i++) {
        g_autofree char *normal = answer_normalise(form_cases[i].form, form_cases[i].answer);
        assert_string_equal(normal, form_cases[i].normal);
    }
}

typedef struct {
    const char *text;
    const char *parts[3];
} SplitCase;

static const SplitCase split_cases[] = {
    {"a: 250 b: 354 c: 221", {"250", "354", "221"}},
    {"a) 250\nb) 354\nc) 221", {"250", "354", "221"}},
    {"250\n354\n221\n", {"250", "354", "221"}},
    {"250, 354, 221", {"250", "354", "221"}},
    {"250 354 221", {"250", "354", "221"}},
    {"b: 354", {"", "354", ""}},
    {"(a) x y\n(c) z", {"x y", "", "z"}},
    {"only this", {"only this", "", ""}},
};

static void test_split(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(split_cases); i++) {
        g_auto(GStrv) parts = answer_split(split_cases[i].text, 3);
        for (gsize j = 0; j < 3; j++) {
            assert_string_equal(g_strstrip(parts[j]), split_cases[i].parts[j]);
        }
    }
}

typedef struct {
    const char *text;
    const char *student;
    const char *answers[3];
    bool is_readable;
} HandInCase;

static const HandInCase hand_in_cases[] = {
    {"Student: s1\nAnswer 1: x\nAnswer 2a: y\nAnswer 2b: z\n", "s1", {"x", "a: y\nb: z", ""}, true},
    {"1) x\n2) y\nmore\n3) z", NULL, {"x", "y\nmore", "z"}, true},
    {"1: x\n3: 250 ok\n2: not a label\n", NULL, {"x", "", "250 ok\n2: not a label"}, true},
    {"Answer 1: a\n1. a line\n-----\n2) text of the sheet\nAnswer 2:\n\n  .b\n",
     NULL,
     {"a\n1. a line", "\n\n  .b", ""},
     true},
    {"{\"student\":\"s2\",\"answers\":{\"1\":\"x\",\"2\":{\"a\":1,\"b\":\"\\u00e9\"}}}",
     "s2",
     {"x", "a: 1\nb: é", ""},
     true},
    {"{\"answers\":[\"x\",\"y\"]}", NULL, {"x", "y", ""}, true},
    {"{\"1\":\"x\"", NULL, {"x", "", ""}, false},
    {"[[[[[[[[[[[[[[[[[[", NULL, {"", "", ""}, false},
    {"nothing in it", NULL, {"", "", ""}, false},
};

static void test_hand_ins(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(hand_in_cases); i++) {
        const HandInCase *row = &hand_in_cases[i];
        g_autoptr(HandIn) hand_in = hand_in_new("file", 3);
        hand_in_read_text(hand_in, row->text);
        assert_int_equal(hand_in->reason == NULL, row->is_readable);
        if (row->student != NULL) {
            assert_string_equal(hand_in->student, row->student);
        }
        for (gsize j = 0; j < 3; j++) {
            assert_string_equal(hand_in->answers[j], row->answers[j]);
        }
    }
}

typedef struct {
    const char *octets;
    gsize length;
    const char *text; /* NULL: none */
} DecodeCase;

#define OCTETS(literal) (literal), sizeof(literal) - 1

static const DecodeCase decode_cases[] = {
    {OCTETS("caf\303\251\r\nx\ry"), "café\nx\ny"},
    {OCTETS("\357\273\277a"), "a"},
    {OCTETS("\377\376a\0\351\0"), "aé"},
    {OCTETS("\376\377\0a\0\351"), "aé"},
    {OCTETS("a\0b\0c\0"), "abc"},
    {OCTETS("\377\376a\0\351"), "a"},
    {OCTETS("\377\376\0\0a\0\0\0\351\0\0\0"), "aé"},
    {OCTETS("\0\0\376\377\0\0\0a\0\1\366\0"), "a😀"},
    {OCTETS("\377\376\0\0a\0\0\0\351\0"), "a"},
    {OCTETS("\377\376\0\0\0\0\0\1"), NULL},
    {OCTETS("caf\351"), "café"},
    {OCTETS("%PDF-1.4"), NULL},
    {OCTETS("PK\003\004..."), NULL},
    {OCTETS("\0\0\1\0\0"), NULL},
    {OCTETS(""), NULL},
};

static void test_decode(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(decode_cases); i++) {
        const char *reason = NULL;
        g_autofree char *text =
            text_decode(byte_span(decode_cases[i].octets, decode_cases[i].length), &reason);
        if (decode_cases[i].text == NULL) {
            assert_null(text);
            assert_non_null(reason);
        } else {
            assert_string_equal(text, decode_cases[i].text);
        }
    }
}

static void test_csv(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) rows = csv_read("id;name\r\ns1;\"Doe; \"\"J\"\"\nline\"\n\n");
    assert_int_equal(rows->len, 2);
    char **row = rows->pdata[1];
    assert_string_equal(row[1], "Doe; \"J\"\nline");
    GString *out = g_string_new(NULL);
    csv_append(out, "=cmd()");
    g_string_append_c(out, ',');
    csv_append(out, "a,\"b\"");
    assert_string_equal(out->str, "\"'=cmd()\",\"a,\"\"b\"\"\"");
    g_string_free(out, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_hand_ins),
        cmocka_unit_test(test_decode),
        cmocka_unit_test(test_csv),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
