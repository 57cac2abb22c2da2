#include "tests/support/test.h"

#include "protocol/smtp/smtp-vocabulary.h"
#include "ui/report/vocabulary-json.h"
#include "ui/report/vocabulary-replies.h"
#include "ui/report/vocabulary-text.h"

static const VocabularyItem general = {
    .protocol = VOCABULARY_SMTP,
    .kind = VOCABULARY_COMMAND,
    .token = "NOOP",
    .meaning = "Does nothing.",
    .reference = {5321, "4.1.1.9"},
    .since = 821,
    .syntax = "NOOP",
    .states = SMTP_STATE_GREETED | SMTP_STATE_READY,
    .shape = REPLY_SHAPE_LINE,
    .is_secret = true,
};

static const VocabularyItem old = {
    .protocol = VOCABULARY_SMTP,
    .kind = VOCABULARY_COMMAND,
    .token = "NOOP",
    .context = "RFC 821",
    .meaning = "Did nothing.",
    .reference = {821, "4.1.1"},
    .replaced_by = "NOOP of RFC 5321",
};

static void assert_layout(
    void (*lay_out)(TextLayout *, const VocabularyItem *const *, gsize),
    const VocabularyItem *const *items,
    gsize count,
    const char *expected
)
{
    TextLayout layout;
    text_layout_init_plain(&layout, 80);
    lay_out(&layout, items, count);
    assert_string_equal(layout.text->str, expected);
    text_layout_clear(&layout);
}

static void test_one_sense_has_no_label(void **state)
{
    (void)state;
    g_autofree char *states = vocabulary_state_names(&general);
    const VocabularyItem *items[] = {&general};
    g_autofree char *expected = g_strdup_printf(
        "SMTP command NOOP\n"
        "  Does nothing.\n"
        "  RFC 5321 §4.1.1.9 (NOOP (NOOP)), October 2008, Draft Standard; first in\n"
        "  RFC 821, August 1982\n"
        "  Form      NOOP\n"
        "  State     %s\n"
        "  Secret    What it carries is a password or the proof of one.\n"
        "  Answer    The answer is one line.\n",
        states
    );
    assert_layout(vocabulary_text_senses, items, 1, expected);
}

static void test_senses_share_a_heading(void **state)
{
    (void)state;
    VocabularyItem plain = general;
    plain.states = 0;
    plain.shape = REPLY_SHAPE_NONE;
    plain.is_secret = false;
    plain.since = 0;
    const VocabularyItem *items[] = {&plain, &old};
    assert_layout(
        vocabulary_text_senses,
        items,
        2,
        "SMTP command NOOP\n"
        "  general  Does nothing.\n"
        "           RFC 5321 §4.1.1.9 (NOOP (NOOP)), October 2008, Draft Standard\n"
        "           Form      NOOP\n"
        "  RFC 821  Did nothing.\n"
        "           RFC 821 §4.1.1 (COMMAND SEMANTICS), August 1982, Internet Standard,\n"
        "           obsoleted by RFC 2821\n"
        "           Out of use; instead: NOOP of RFC 5321.\n"
    );
}

static void test_list_names_a_token_once(void **state)
{
    (void)state;
    const VocabularyItem *items[] = {&general, &old};
    assert_layout(
        vocabulary_text_list,
        items,
        2,
        "  NOOP  Does nothing.                                          RFC 5321 §4.1.1.9\n"
        "        RFC 821: Did nothing.                                     RFC 821 §4.1.1\n"
    );
}

static void test_documents(void **state)
{
    (void)state;

    static const struct {
        guint16 number;
        const char *text;
    } cases[] = {
        {5322, "October 2008, Draft Standard"},
        {7489, "March 2015, Informational, obsoleted by RFC 9989, 9990 and 9991"},
        {65000, ""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = vocabulary_document_text(cases[i].number);
        assert_string_equal(text, cases[i].text);
    }
}

static void test_replies_are_taken_apart(void **state)
{
    (void)state;
    VocabularyItem item = general;
    item.replies = "250 | NO[TRYCREATE] | a-token-that-is-far-too-long-to-be-one [";

    static const struct {
        const char *token;
        const char *code;
    } expected[] = {
        {"250", ""},
        {"NO", "TRYCREATE"},
        {"a-token-that-is-far-too", ""},
        {"", ""},
    };

    const char *rest = item.replies;
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        VocabularyReply reply;
        assert_true(vocabulary_next_reply(&item, &rest, &reply));
        assert_string_equal(reply.token, expected[i].token);
        assert_string_equal(reply.code, expected[i].code);
    }
    VocabularyReply none;
    assert_false(vocabulary_next_reply(&item, &rest, &none));
}

static void test_json_members(void **state)
{
    (void)state;
    JsonLine line;
    json_line_init(&line);
    json_line_begin(&line, "item");
    vocabulary_json_members(&line, &old);
    assert_string_equal(
        line.text->str,
        "{\"type\":\"item\",\"protocol\":\"SMTP\",\"kind\":\"command\",\"token\":\"NOOP\","
        "\"context\":\"RFC 821\",\"meaning\":\"Did nothing.\","
        "\"rfc\":[{\"rfc\":821,\"section\":\"4.1.1\",\"title\":\"COMMAND SEMANTICS\"}],"
        "\"date\":\"1982-08\",\"status\":\"INTERNET STANDARD\",\"is_obsolete\":true,"
        "\"obsoleted_by\":[2821],\"since\":821,\"since_date\":\"1982-08\","
        "\"replaced_by\":\"NOOP of RFC 5321\",\"syntax\":null,\"states\":[],\"answer\":null,"
        "\"replies\":[],\"is_secret\":false"
    );
    json_line_clear(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_sense_has_no_label),
        cmocka_unit_test(test_senses_share_a_heading),
        cmocka_unit_test(test_list_names_a_token_once),
        cmocka_unit_test(test_documents),
        cmocka_unit_test(test_replies_are_taken_apart),
        cmocka_unit_test(test_json_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
