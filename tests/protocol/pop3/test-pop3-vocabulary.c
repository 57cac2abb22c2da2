#include "tests/support/test.h"

#include "protocol/pop3/pop3-tables.h"
#include "tests/support/vocabulary.h"

/* A command, the letters of the states that allow it (Authorization, Transaction) and the shape of
 * its answer. */
typedef struct {
    const char *verb;
    const char *states;
    ReplyShape shape;
} CommandCase;

static const CommandCase command_cases[N_POP3_COMMANDS] = {
    {.verb = "APOP", .states = "A", .shape = REPLY_SHAPE_LINE},
    {.verb = "AUTH", .states = "A", .shape = REPLY_SHAPE_CHALLENGES},
    {.verb = "CAPA", .states = "AT", .shape = REPLY_SHAPE_DOTTED},
    {.verb = "DELE", .states = "T", .shape = REPLY_SHAPE_LINE},
    {.verb = "LANG", .states = "AT", .shape = REPLY_SHAPE_LINE_OR_DOTTED},
    {.verb = "LAST", .states = "T", .shape = REPLY_SHAPE_LINE},
    {.verb = "LIST", .states = "T", .shape = REPLY_SHAPE_LINE_OR_DOTTED},
    {.verb = "NOOP", .states = "T", .shape = REPLY_SHAPE_LINE},
    {.verb = "PASS", .states = "A", .shape = REPLY_SHAPE_LINE},
    {.verb = "QUIT", .states = "AT", .shape = REPLY_SHAPE_LINE},
    {.verb = "RETR", .states = "T", .shape = REPLY_SHAPE_DOTTED},
    {.verb = "RPOP", .states = "A", .shape = REPLY_SHAPE_LINE},
    {.verb = "RSET", .states = "T", .shape = REPLY_SHAPE_LINE},
    {.verb = "STAT", .states = "T", .shape = REPLY_SHAPE_LINE},
    {.verb = "STLS", .states = "A", .shape = REPLY_SHAPE_LINE},
    {.verb = "TOP", .states = "T", .shape = REPLY_SHAPE_DOTTED},
    {.verb = "UIDL", .states = "T", .shape = REPLY_SHAPE_LINE_OR_DOTTED},
    {.verb = "USER", .states = "A", .shape = REPLY_SHAPE_LINE},
    {.verb = "UTF8", .states = "A", .shape = REPLY_SHAPE_LINE},
    {.verb = "XTND", .states = "T", .shape = REPLY_SHAPE_LINE},
};

static void every_command_and_state(void **state)
{
    (void)state;
    for (gsize i = 0; i < N_POP3_COMMANDS; i++) {
        const Pop3CommandRow *row = pop3_command_row((Pop3CommandId)i);
        assert_int_equal(row->id, i);
        assert_string_equal(row->item.token, command_cases[i].verb);
        assert_int_equal(row->item.shape, command_cases[i].shape);
        assert_non_null(row->item.replies);
        for (gsize j = 0; j < POP3_STATE_COUNT; j++) {
            bool is_allowed = (row->item.states & 1u << j) != 0;
            bool is_expected = strchr(command_cases[i].states, pop3_states[j].token[0]) != NULL;
            assert_int_equal(is_allowed, is_expected);
        }
    }
}

static void rows_are_complete(void **state)
{
    (void)state;
    gsize count;
    const VocabularyTable *tables = pop3_vocabulary(&count);
    assert_vocabulary_tables(tables, count, VOCABULARY_POP3);
    for (gsize i = 0; i < N_POP3_COMMANDS; i++) {
        assert_ptr_equal(pop3_command_of(&pop3_commands[i].item), &pop3_commands[i]);
        assert_string_equal(pop3_command_statuses[2 * i].token, "+OK");
        assert_string_equal(pop3_command_statuses[2 * i + 1].token, "-ERR");
        assert_string_equal(pop3_command_statuses[2 * i].context, pop3_commands[i].item.token);
        assert_string_equal(pop3_command_statuses[2 * i + 1].context, pop3_commands[i].item.token);
    }
    assert_null(pop3_command_of(NULL));
    assert_null(pop3_command_of(&pop3_statuses[0]));
}

static void verbs_are_found(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < N_POP3_COMMANDS; i++) {
        gsize length = strlen(command_cases[i].verb);
        g_autofree char *text = g_strdup(command_cases[i].verb);
        g_autofree char *lower = g_ascii_strdown(text, -1);
        assert_ptr_equal(
            pop3_command_find(unterminated(text, length, keep)), pop3_command_row((Pop3CommandId)i)
        );
        assert_ptr_equal(
            pop3_command_find(unterminated(lower, length, keep)), pop3_command_row((Pop3CommandId)i)
        );
        for (gsize j = 0; j < length; j++) {
            assert_null(pop3_command_find(unterminated(text, j, keep)));
            char kept = text[j];
            static const char wrong[] = {'\0', ' ', '@', '[', '\x18', 'X', '\x98', '\xff'};
            for (gsize k = 0; k < sizeof(wrong); k++) {
                text[j] = wrong[k];
                if (wrong[k] != kept)
                    assert_null(pop3_command_find(unterminated(text, length, keep)));
            }
            text[j] = kept;
        }
    }
    assert_null(pop3_command_find(BYTE_SPAN_LITERAL("TOP\0")));
    assert_null(pop3_command_find(BYTE_SPAN_LITERAL("TOP ")));
    assert_null(pop3_command_find(BYTE_SPAN_LITERAL("UTF\x18")));
    assert_null(pop3_command_find(BYTE_SPAN_LITERAL("RETRY")));
    assert_null(pop3_command_find(BYTE_SPAN_EMPTY));
}

static void statuses_go_by_the_command(void **state)
{
    (void)state;

    static const struct {
        const char *status;
        const char *verb; /* NULL: greeting */
        const char *meaning;
    } cases[] = {
        {"+OK", NULL, "Greeting: the server is ready; a time stamp in <> makes APOP possible."},
        {"-ERR", NULL, "The server takes no session now; the RFC knows only a positive greeting."},
        {"+OK", "PASS", "The password is right: the maildrop is locked and open."},
        {"-ERR", "PASS", "The password is wrong, or the maildrop cannot be opened."},
        {"+ok", "RETR", "The message follows, up to a line with a single dot."},
        {"+", "AUTH", "The server asks: the text is its challenge in base64, and may be empty."},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const Pop3CommandRow *command =
            cases[i].verb == NULL ? NULL : pop3_command_find(byte_span_from_string(cases[i].verb));
        const VocabularyItem *item =
            pop3_status_find(byte_span_from_string(cases[i].status), command);
        assert_non_null(item);
        assert_string_equal(item->meaning, cases[i].meaning);
    }
    assert_null(pop3_status_find(BYTE_SPAN_LITERAL("OK"), NULL));
    assert_null(pop3_status_find(BYTE_SPAN_LITERAL("+OKAY"), NULL));
    assert_null(pop3_status_find(BYTE_SPAN_EMPTY, NULL));
    assert_string_equal(
        pop3_status_general(BYTE_SPAN_LITERAL("+OK"))->meaning, "The command succeeded."
    );
    assert_null(pop3_status_general(BYTE_SPAN_LITERAL("250")));
}

static void sorted_tables_are_sorted(void **state)
{
    (void)state;
    for (gsize i = 1; i < POP3_RESPONSE_CODE_COUNT; i++)
        assert_true(strcmp(pop3_response_codes[i - 1].token, pop3_response_codes[i].token) < 0);
    for (gsize i = 1; i < POP3_CAPABILITY_COUNT; i++)
        assert_true(strcmp(pop3_capabilities[i - 1].token, pop3_capabilities[i].token) < 0);
}

static void codes_and_capabilities_are_found(void **state)
{
    (void)state;
    for (gsize i = 0; i < POP3_RESPONSE_CODE_COUNT; i++) {
        g_autofree char *lower = g_ascii_strdown(pop3_response_codes[i].token, -1);
        const VocabularyItem *item = pop3_response_code_find(byte_span_from_string(lower));
        assert_ptr_equal(item, &pop3_response_codes[i]);
    }
    for (gsize i = 0; i < POP3_CAPABILITY_COUNT; i++) {
        g_autofree char *lower = g_ascii_strdown(pop3_capabilities[i].token, -1);
        const VocabularyItem *item = pop3_capability_find(byte_span_from_string(lower));
        assert_ptr_equal(item, &pop3_capabilities[i]);
    }
    assert_string_equal(
        pop3_response_code_find(BYTE_SPAN_LITERAL("SYS/TEMP/DISK"))->token, "SYS/TEMP"
    );
    assert_string_equal(pop3_response_code_find(BYTE_SPAN_LITERAL("sys/odd"))->token, "SYS");
    assert_null(pop3_response_code_find(BYTE_SPAN_LITERAL("/SYS")));
    assert_null(pop3_response_code_find(BYTE_SPAN_EMPTY));
    assert_null(pop3_capability_find(BYTE_SPAN_LITERAL("TOPS")));
    assert_null(pop3_capability_find(BYTE_SPAN_LITERAL("TO")));
    assert_null(pop3_capability_find(BYTE_SPAN_LITERAL("\xff\xff")));
}

static void states_have_names(void **state)
{
    (void)state;
    for (gsize i = 0; i < POP3_STATE_COUNT; i++) {
        assert_int_equal(pop3_states[i].states, 1u << i);
        assert_string_equal(pop3_state_name(1u << i), pop3_states[i].token);
    }
    assert_string_equal(pop3_state_name(POP3_STATE_AUTHORIZATION), "AUTHORIZATION");
}

/* RFC 1939 §3: three states; the others are marked as our own. */
static void three_states_are_of_the_rfc(void **state)
{
    (void)state;
    gsize n_tables;
    guint of_the_rfc = 0;
    const VocabularyTable *tables = pop3_vocabulary(&n_tables);
    for (gsize i = 0; i < n_tables; i++) {
        for (gsize j = 0; j < tables[i].count; j++) {
            const VocabularyItem *item = vocabulary_table_item(&tables[i], j);
            bool is_named = item->kind == VOCABULARY_STATE && g_ascii_isupper(item->token[0]);
            of_the_rfc += is_named;
            if (item->kind == VOCABULARY_STATE) {
                assert_int_equal(item->context == NULL, is_named);
            }
        }
    }
    assert_int_equal(of_the_rfc, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_states_are_of_the_rfc),
        cmocka_unit_test(every_command_and_state),
        cmocka_unit_test(rows_are_complete),
        cmocka_unit_test(verbs_are_found),
        cmocka_unit_test(statuses_go_by_the_command),
        cmocka_unit_test(sorted_tables_are_sorted),
        cmocka_unit_test(codes_and_capabilities_are_found),
        cmocka_unit_test(states_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
