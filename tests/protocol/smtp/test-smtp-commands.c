#include "tests/support/test.h"

#include "protocol/smtp/smtp-dialogue-private.h"
#include "protocol/smtp/smtp-tables.h"
#include "tests/support/vocabulary.h"

/* A command and the letters of the states that allow it: Greeted, rEady, Mail, reciPients, Bdat. */
typedef struct {
    const char *verb;
    const char *states;
} StateCase;

static const StateCase state_cases[N_SMTP_COMMANDS] = {
    {.verb = "ATRN", .states = "E"},     {.verb = "AUTH", .states = "E"},
    {.verb = "BDAT", .states = "PB"},    {.verb = "BURL", .states = "PB"},
    {.verb = "DATA", .states = "P"},     {.verb = "EHLO", .states = "GEMPB"},
    {.verb = "ETRN", .states = "E"},     {.verb = "EXPN", .states = "GEMPB"},
    {.verb = "HELO", .states = "GEMPB"}, {.verb = "HELP", .states = "GEMPB"},
    {.verb = "LHLO", .states = "GEMPB"}, {.verb = "MAIL", .states = "E"},
    {.verb = "NOOP", .states = "GEMPB"}, {.verb = "QUIT", .states = "GEMPB"},
    {.verb = "RCPT", .states = "MP"},    {.verb = "RSET", .states = "GEMPB"},
    {.verb = "SAML", .states = "E"},     {.verb = "SEND", .states = "E"},
    {.verb = "SOML", .states = "E"},     {.verb = "STARTTLS", .states = "EMP"},
    {.verb = "TURN", .states = "E"},     {.verb = "VRFY", .states = "GEMPB"},
};

static const struct {
    SmtpState state;
    char letter;
} state_letters[] = {
    {.state = SMTP_STATE_CONNECTED, .letter = 'C'},
    {.state = SMTP_STATE_GREETED, .letter = 'G'},
    {.state = SMTP_STATE_READY, .letter = 'E'},
    {.state = SMTP_STATE_MAIL, .letter = 'M'},
    {.state = SMTP_STATE_RECIPIENTS, .letter = 'P'},
    {.state = SMTP_STATE_DATA, .letter = 'D'},
    {.state = SMTP_STATE_BDAT, .letter = 'B'},
    {.state = SMTP_STATE_AUTH, .letter = 'A'},
    {.state = SMTP_STATE_OPAQUE, .letter = 'O'},
    {.state = SMTP_STATE_CLOSED, .letter = 'X'},
};

static void every_command_and_state(void **state)
{
    (void)state;
    for (gsize i = 0; i < N_SMTP_COMMANDS; i++) {
        const SmtpCommandRow *row = smtp_command_row((SmtpCommandId)i);
        assert_string_equal(row->item.token, state_cases[i].verb);
        for (gsize j = 0; j < G_N_ELEMENTS(state_letters); j++) {
            bool is_allowed = (row->item.states & state_letters[j].state) != 0;
            bool is_expected = strchr(state_cases[i].states, state_letters[j].letter) != NULL;
            if (is_allowed != is_expected)
                print_error("%s in state %c\n", row->item.token, state_letters[j].letter);
            assert_int_equal(is_allowed, is_expected);
        }
    }
}

static void rows_are_complete(void **state)
{
    (void)state;
    for (gsize i = 0; i < N_SMTP_COMMANDS; i++) {
        const SmtpCommandRow *row = smtp_command_row((SmtpCommandId)i);
        assert_int_equal(row->id, i);
        assert_int_equal(row->item.kind, VOCABULARY_COMMAND);
        assert_text(row->item.syntax);
        assert_text(row->item.replies);
        assert_true(row->item.states != 0);
        assert_true(row->item.shape != REPLY_SHAPE_NONE);
        assert_ptr_equal(smtp_command_of(&row->item), row);
        assert_vocabulary_item(&row->item);
        if (i > 0)
            assert_true(strcmp(row[-1].item.token, row->item.token) < 0);
    }
    for (gsize i = 0; i < SMTP_COMMAND_SENSE_COUNT; i++)
        assert_null(smtp_command_of(&smtp_command_senses[i]));
    assert_null(smtp_command_of(NULL));
}

/* Each verb in upper, lower and mixed case; each with one octet wrong, in a block of its own. */
static void verbs_are_found(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < N_SMTP_COMMANDS; i++) {
        const SmtpCommandRow *row = smtp_command_row((SmtpCommandId)i);
        gsize length = strlen(row->item.token);
        g_autofree char *text = g_strdup(row->item.token);
        assert_ptr_equal(smtp_command_find(unterminated(text, length, keep)), row);
        text[1] = g_ascii_tolower(text[1]);
        assert_ptr_equal(smtp_command_find(unterminated(text, length, keep)), row);
        g_autofree char *lower = g_ascii_strdown(text, -1);
        assert_ptr_equal(smtp_command_find(unterminated(lower, length, keep)), row);
        for (gsize j = 0; j < length; j++) {
            assert_null(smtp_command_find(unterminated(text, j, keep)));
            char kept = text[j];
            static const char wrong[] = {
                '\0', ' ', '@', '[', '{', '-', '1', '\x80', '\xc1', '\xff'};
            for (gsize k = 0; k < sizeof(wrong); k++) {
                text[j] = wrong[k];
                assert_null(smtp_command_find(unterminated(text, length, keep)));
            }
            text[j] = kept;
        }
    }
    assert_null(smtp_command_find(BYTE_SPAN_EMPTY));
    assert_null(smtp_command_find(BYTE_SPAN_LITERAL("RECPT")));
    assert_null(smtp_command_find(BYTE_SPAN_LITERAL("EHLO ")));
    assert_null(smtp_command_find(BYTE_SPAN_LITERAL("STARTTLSX")));
}

static void states_have_names(void **state)
{
    (void)state;
    for (gsize i = 0; i < SMTP_STATE_COUNT; i++) {
        assert_int_equal(smtp_states[i].states, 1u << i);
        assert_string_equal(smtp_state_name(1u << i), smtp_states[i].token);
        assert_vocabulary_item(&smtp_states[i]);
    }
    assert_string_equal(smtp_state_name(SMTP_STATE_MAIL), "mail transaction open");
    assert_string_equal(smtp_state_name(SMTP_STATE_CLOSED), "closed");
}

/* RFC 2920 §3.1 lists both groups; the rest is said by the RFCs of the extensions. */
static void groups_end_where_rfc_2920_says(void **state)
{
    (void)state;
    static const char *const may_go_on[] = {
        "RSET", "MAIL", "SEND", "SOML", "SAML", "RCPT", "BDAT", "BURL"};
    static const char *const must_end[] = {
        "EHLO", "DATA", "VRFY", "EXPN", "TURN", "QUIT", "NOOP", "STARTTLS", "AUTH"};
    for (gsize i = 0; i < G_N_ELEMENTS(may_go_on); i++)
        assert_false(smtp_command_find(byte_span_from_string(may_go_on[i]))->ends_group);
    for (gsize i = 0; i < G_N_ELEMENTS(must_end); i++)
        assert_true(smtp_command_find(byte_span_from_string(must_end[i]))->ends_group);
}

/* RFC 5321 §4.1.1.1: one name, or one address literal. */
static void a_greeting_has_one_name(void **state)
{
    static const struct {
        const char *arguments;
        guint32 defects;
    } cases[] = {
        {"crepes.fr", 0},
        {"[192.0.2.1]", 0},
        {"crepes.fr ", 0},
        {"", DIALOGUE_DEFECT_SYNTAX},
        {"my host", DIALOGUE_DEFECT_SYNTAX},
    };

    static const SmtpCommandId greetings[] = {
        SMTP_COMMAND_EHLO, SMTP_COMMAND_HELO, SMTP_COMMAND_LHLO};
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        ByteSpan arguments = byte_span_from_string(cases[i].arguments);
        for (gsize k = 0; k < G_N_ELEMENTS(greetings); k++) {
            assert_int_equal(smtp_argument_defects(greetings[k], arguments), cases[i].defects);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_and_state),
        cmocka_unit_test(rows_are_complete),
        cmocka_unit_test(verbs_are_found),
        cmocka_unit_test(states_have_names),
        cmocka_unit_test(groups_end_where_rfc_2920_says),
        cmocka_unit_test(a_greeting_has_one_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
