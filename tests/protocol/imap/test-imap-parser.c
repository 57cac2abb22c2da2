#include "tests/support/test.h"

#include "protocol/imap/imap-parser.h"

typedef struct {
    const char *text;
    const char *tag;
    const char *name;
    const char *token; /* of the row; NULL: unknown */
    const char *arguments;
    guint32 defects; /* with those of the arguments */
} CommandCase;

#define SYNTAX DIALOGUE_DEFECT_SYNTAX
#define UNKNOWN DIALOGUE_DEFECT_UNKNOWN
#define TRAILING DIALOGUE_DEFECT_TRAILING

static const CommandCase command_cases[] = {
    {"a1 NOOP", "a1", "NOOP", "NOOP", "", 0},
    {"a1 noop ", "a1", "noop", "NOOP", "", 0},
    {"a1 NOOP x", "a1", "NOOP", "NOOP", "x", TRAILING},
    {"a1  NOOP", "a1", "", NULL, "NOOP", SYNTAX | UNKNOWN},
    {"a1 UID FETCH 1:* (FLAGS)", "a1", "UID FETCH", "UID FETCH", "1:* (FLAGS)", 0},
    {"a1 uid copy 1 x", "a1", "uid copy", "UID COPY", "1 x", 0},
    {"a1 UID", "a1", "UID", "UID", "", 0},
    {"a1 UID NOOP", "a1", "UID NOOP", NULL, "", UNKNOWN},
    {"a1 UID EXPUNGE 3:4", "a1", "UID EXPUNGE", "UID EXPUNGE", "3:4", 0},
    {"a1 UID EXPUNGE", "a1", "UID EXPUNGE", "UID EXPUNGE", "", SYNTAX},
    {"a1 EXPUNGE 3:4", "a1", "EXPUNGE", "EXPUNGE", "3:4", TRAILING},
    {"a1 LOGIN alice \"a b\"", "a1", "LOGIN", "LOGIN", "alice \"a b\"", 0},
    {"a1 LOGIN {3}\r\nbob {0}\r\n", "a1", "LOGIN", "LOGIN", "{3}\r\nbob {0}\r\n", 0},
    {"a1 LOGIN {9}\r\nbob", "a1", "LOGIN", "LOGIN", "{9}\r\nbob", SYNTAX},
    {"a1 LOGIN alice\"x\"", "a1", "LOGIN", "LOGIN", "alice\"x\"", SYNTAX},
    {"a1 SELECT  x", "a1", "SELECT", "SELECT", " x", SYNTAX},
    {"a1 SELECT x ", "a1", "SELECT", "SELECT", "x ", TRAILING},
    {"a1 SELECT x (CONDSTORE)", "a1", "SELECT", "SELECT", "x (CONDSTORE)", 0},
    {"a1 LIST \"\" (\"a\" b) RETURN (CHILDREN)",
     "a1",
     "LIST",
     "LIST",
     "\"\" (\"a\" b) RETURN (CHILDREN)",
     0},
    {"a1 STORE 1 +FLAGS (\\Seen", "a1", "STORE", "STORE", "1 +FLAGS (\\Seen", SYNTAX},
    {"a1 APPEND x (\\Seen) {3}", "a1", "APPEND", "APPEND", "x (\\Seen) {3}", 0},
    {"a1 APPEND {3}", "a1", "APPEND", "APPEND", "{3}", SYNTAX},
    {"a1 XSECRET x", "a1", "XSECRET", "X<atom>", "x", 0},
    {"a* NOOP", "a*", "NOOP", "NOOP", "", SYNTAX},
    {"+ NOOP", "+", "NOOP", "NOOP", "", SYNTAX},
    {"a\xc3 NOOP", "a\xc3", "NOOP", "NOOP", "", SYNTAX},
    {"", "", "", NULL, "", SYNTAX | UNKNOWN},
    {" ", "", "", NULL, "", SYNTAX | UNKNOWN},
    {"DONE", "DONE", "", NULL, "", SYNTAX | UNKNOWN},
};

static void commands_are_taken_apart(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(command_cases); i++) {
        const CommandCase *row = &command_cases[i];
        g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
        ImapCommand command;
        imap_command_parse(
            unterminated(row->text, strlen(row->text), keep), IMAP_REVISION_1, &command
        );
        assert_span(command.tag, row->tag);
        assert_span(command.name, row->name);
        assert_span(command.arguments, row->arguments);
        if (row->token == NULL) {
            assert_null(command.row);
        } else {
            assert_string_equal(command.row->item.token, row->token);
            command.defects |= imap_command_argument_defects(command.row, command.arguments);
        }
        assert_int_equal(command.defects, row->defects);
    }
}

typedef struct {
    const char *text;
    ImapResponseKind kind;
    ImapStatus status;
    const char *tag;
    guint64 number; /* 0: none */
    const char *name;
    const char *code;
    const char *arguments;
    guint32 defects;
} ResponseCase;

static const ResponseCase response_cases[] = {
    {"* OK [UIDNEXT 12] next",
     IMAP_RESPONSE_STATUS,
     IMAP_STATUS_OK,
     "*",
     0,
     "OK",
     "UIDNEXT 12",
     "next",
     0},
    {"* ok", IMAP_RESPONSE_STATUS, IMAP_STATUS_OK, "*", 0, "ok", "", "", 0},
    {"* OK [ALERT]", IMAP_RESPONSE_STATUS, IMAP_STATUS_OK, "*", 0, "OK", "ALERT", "", 0},
    {"* OK [REFERRAL \"a]b\\\"c]\"] x]",
     IMAP_RESPONSE_STATUS,
     IMAP_STATUS_OK,
     "*",
     0,
     "OK",
     "REFERRAL \"a]b\\\"c]\"",
     "x]",
     0},
    {"* OK [ALERT", IMAP_RESPONSE_STATUS, IMAP_STATUS_OK, "*", 0, "OK", "", "[ALERT", SYNTAX},
    {"* BYE so long", IMAP_RESPONSE_STATUS, IMAP_STATUS_BYE, "*", 0, "BYE", "", "so long", 0},
    {"* PREAUTH hi", IMAP_RESPONSE_STATUS, IMAP_STATUS_PREAUTH, "*", 0, "PREAUTH", "", "hi", 0},
    {"a1 OK done", IMAP_RESPONSE_TAGGED, IMAP_STATUS_OK, "a1", 0, "OK", "", "done", 0},
    {"a1 NO [TRYCREATE] x",
     IMAP_RESPONSE_TAGGED,
     IMAP_STATUS_NO,
     "a1",
     0,
     "NO",
     "TRYCREATE",
     "x",
     0},
    {"a1 BAD", IMAP_RESPONSE_TAGGED, IMAP_STATUS_BAD, "a1", 0, "BAD", "", "", 0},
    {"a1 BYE x", IMAP_RESPONSE_UNKNOWN, IMAP_STATUS_NONE, "", 0, "", "", "", UNKNOWN | SYNTAX},
    {"a1 EXISTS", IMAP_RESPONSE_UNKNOWN, IMAP_STATUS_NONE, "", 0, "", "", "", UNKNOWN | SYNTAX},
    {"* 12 EXISTS", IMAP_RESPONSE_DATA, IMAP_STATUS_NONE, "*", 12, "EXISTS", "", "", 0},
    {"* 1 FETCH (UID 3)", IMAP_RESPONSE_DATA, IMAP_STATUS_NONE, "*", 1, "FETCH", "", "(UID 3)", 0},
    {"* LIST () \"/\" x",
     IMAP_RESPONSE_DATA,
     IMAP_STATUS_NONE,
     "*",
     0,
     "LIST",
     "",
     "() \"/\" x",
     0},
    {"* 12", IMAP_RESPONSE_DATA, IMAP_STATUS_NONE, "*", 12, "", "", "", SYNTAX},
    {"* 1x EXISTS", IMAP_RESPONSE_DATA, IMAP_STATUS_NONE, "*", 0, "EXISTS", "", "", SYNTAX},
    {"* 99999999999999999999 EXISTS",
     IMAP_RESPONSE_DATA,
     IMAP_STATUS_NONE,
     "*",
     0,
     "EXISTS",
     "",
     "",
     SYNTAX},
    {"* ", IMAP_RESPONSE_DATA, IMAP_STATUS_NONE, "*", 0, "", "", "", SYNTAX},
    {"*", IMAP_RESPONSE_DATA, IMAP_STATUS_NONE, "*", 0, "", "", "", SYNTAX},
    {"+ go", IMAP_RESPONSE_CONTINUATION, IMAP_STATUS_NONE, "+", 0, "+", "", "go", 0},
    {"+", IMAP_RESPONSE_CONTINUATION, IMAP_STATUS_NONE, "+", 0, "+", "", "", 0},
    {"+ ", IMAP_RESPONSE_CONTINUATION, IMAP_STATUS_NONE, "+", 0, "+", "", "", 0},
    {"+x", IMAP_RESPONSE_CONTINUATION, IMAP_STATUS_NONE, "+", 0, "+", "", "x", SYNTAX},
    {"", IMAP_RESPONSE_UNKNOWN, IMAP_STATUS_NONE, "", 0, "", "", "", UNKNOWN | SYNTAX},
    {"From: a@b", IMAP_RESPONSE_UNKNOWN, IMAP_STATUS_NONE, "", 0, "", "", "", UNKNOWN | SYNTAX},
};

static void responses_are_taken_apart(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(response_cases); i++) {
        const ResponseCase *row = &response_cases[i];
        g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
        ImapResponse response;
        imap_response_parse(unterminated(row->text, strlen(row->text), keep), &response);
        assert_int_equal(response.kind, row->kind);
        assert_int_equal(response.status, row->status);
        assert_span(response.tag, row->tag);
        assert_int_equal(response.has_number, row->number > 0);
        assert_int_equal(response.number, row->number);
        assert_span(response.name, row->name);
        assert_span(response.code, row->code);
        assert_span(response.arguments, row->arguments);
        assert_int_equal(response.defects, row->defects);
    }
}

static void lines_of_mail_are_no_responses(void **state)
{
    (void)state;
    static const char *const responses[] = {
        "* 3 EXISTS",
        "* OK x",
        "a5 OK x",
        "+ go",
        "+",
        "* LIST () NIL x",
        "* BYE",
        "A NO [x] y",
    };
    static const char *const others[] = {
        "",
        "* item of a list",
        "Subject: x",
        "+1 for that",
        "* 3 apples",
        "OK",
        "ok then, see you",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(responses); i++) {
        assert_true(imap_may_be_response(byte_span_from_string(responses[i]), IMAP_REVISION_1));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        assert_false(imap_may_be_response(byte_span_from_string(others[i]), IMAP_REVISION_1));
    }
}

static void arguments_are_counted_before_a_message(void **state)
{
    (void)state;
    const ImapCommandRow *append = imap_command_row(IMAP_COMMAND_APPEND, IMAP_REVISION_1);
    const ImapCommandRow *replace = imap_command_row(IMAP_COMMAND_REPLACE, IMAP_REVISION_1);
    assert_int_equal(imap_arguments_before_message(append), 1);
    assert_int_equal(imap_arguments_before_message(replace), 2);
    assert_int_equal(imap_count_arguments(byte_span_from_string("")), 0);
    assert_int_equal(imap_count_arguments(byte_span_from_string("x (a b) \"c d\" ")), 3);
}

static void capabilities_are_whole_words(void **state)
{
    (void)state;
    ByteSpan list = byte_span_from_string("IMAP4rev1 idle LITERAL+");
    assert_true(imap_capabilities_have(list, "IDLE"));
    assert_true(imap_capabilities_have(list, "LITERAL+"));
    assert_false(imap_capabilities_have(list, "LITERAL"));
    assert_false(imap_capabilities_have(BYTE_SPAN_EMPTY, "IDLE"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_taken_apart),
        cmocka_unit_test(responses_are_taken_apart),
        cmocka_unit_test(lines_of_mail_are_no_responses),
        cmocka_unit_test(arguments_are_counted_before_a_message),
        cmocka_unit_test(capabilities_are_whole_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
