#include "tests/support/test.h"

#include "protocol/imap/imap-vocabulary.h"
#include "protocol/rfc/vocabulary-search.h"

#include "tests/support/vocabulary.h"

static ByteSpan span(const char *text)
{
    return byte_span_from_string(text);
}

static void every_row_is_whole(void **state)
{
    (void)state;
    gsize count;
    gsize rows = 0;
    const VocabularyTable *tables = imap_vocabulary(&count);
    for (gsize t = 0; t < count; t++) {
        assert_null(vocabulary_first_unsorted(&tables[t]));
        for (gsize i = 0; i < tables[t].count; i++) {
            const VocabularyItem *item = vocabulary_table_item(&tables[t], i);
            assert_int_equal(item->protocol, VOCABULARY_IMAP);
            assert_vocabulary_item(item);
            assert_true(strlen(item->meaning) < 80);
            if (item->kind == VOCABULARY_COMMAND) {
                assert_non_null(item->syntax);
                assert_non_null(item->replies);
                assert_int_not_equal(item->states, 0);
                assert_int_not_equal(item->shape, REPLY_SHAPE_NONE);
            }
            rows++;
        }
    }
    assert_true(rows > 750);
}

/* A token may have several senses, but each must have a context or place of its own. */
static void no_row_stands_twice(void **state)
{
    (void)state;
    gsize count;
    const VocabularyTable *tables = imap_vocabulary(&count);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (gsize t = 0; t < count; t++) {
        for (gsize i = 0; i < tables[t].count; i++) {
            const VocabularyItem *item = vocabulary_table_item(&tables[t], i);
            char *key = g_strdup_printf(
                "%zu %d %s %s %u",
                t,
                item->kind,
                item->token,
                item->context == NULL ? "" : item->context,
                item->reference.number
            );
            bool is_new = g_hash_table_add(seen, key);
            if (!is_new) {
                fail_msg("twice: %s (%s)", item->token, item->context);
            }
        }
    }
}

static void every_command_id_has_a_row(void **state)
{
    (void)state;
    for (ImapCommandId id = 0; id < N_IMAP_COMMANDS; id++) {
        for (ImapRevision revision = 0; revision < N_IMAP_REVISIONS; revision++) {
            const ImapCommandRow *row = imap_command_row(id, revision);
            assert_int_equal(row->id, id);
            assert_ptr_equal(imap_command_find(span(row->item.token), revision), row);
            assert_ptr_equal(imap_command_of(&row->item), row);
        }
    }
}

typedef struct {
    const char *name;
    ImapRevision revision;
    const char *token; /* NULL: not found */
    guint16 number;
    const char *section;
    bool is_uid;
} FindCase;

static const FindCase command_cases[] = {
    {"select", IMAP_REVISION_1, "SELECT", 3501, "6.3.1"},
    {"SELECT", IMAP_REVISION_2, "SELECT", 9051, "6.3.2"},
    {"uid fetch", IMAP_REVISION_1, "UID FETCH", 3501, "6.4.8", true},
    {"UID FETCH", IMAP_REVISION_2, "UID FETCH", 9051, "6.4.9", true},
    {"IDLE", IMAP_REVISION_1, "IDLE", 2177, "3"},
    {"IDLE", IMAP_REVISION_2, "IDLE", 9051, "6.3.13"},
    {"CHECK", IMAP_REVISION_2, "CHECK", 3501, "6.4.1"},
    {"UID EXPUNGE", IMAP_REVISION_1, "UID EXPUNGE", 4315, "2.1", true},
    {"XLIST", IMAP_REVISION_1, "X<atom>", 3501, "6.5.1"},
    {"X", IMAP_REVISION_1, NULL},
    {"UID LOGIN", IMAP_REVISION_1, NULL},
    {"FETC", IMAP_REVISION_1, NULL},
    {"FETCHES", IMAP_REVISION_1, NULL},
    {"", IMAP_REVISION_1, NULL},
};

static void check_item(const FindCase *row, const VocabularyItem *item)
{
    if (row->token == NULL) {
        assert_null(item);
        return;
    }
    assert_non_null(item);
    assert_string_equal(item->token, row->token);
    assert_int_equal(item->reference.number, row->number);
    assert_string_equal(item->reference.section, row->section);
}

static void commands_are_found(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(command_cases); i++) {
        const FindCase *row = &command_cases[i];
        const ImapCommandRow *found = imap_command_find(span(row->name), row->revision);
        check_item(row, found == NULL ? NULL : &found->item);
        if (found != NULL) {
            assert_int_equal(found->is_uid, row->is_uid);
        }
    }
    const ImapCommandRow *login = imap_command_find(span("LOGIN"), IMAP_REVISION_1);
    assert_true(login->item.is_secret);
    assert_int_equal(login->next_state, IMAP_STATE_AUTHENTICATED);
    const ImapCommandRow *select = imap_command_row(IMAP_COMMAND_SELECT, IMAP_REVISION_2);
    assert_int_equal(select->refused_state, IMAP_STATE_AUTHENTICATED);
    assert_true(imap_command_row(IMAP_COMMAND_APPEND, IMAP_REVISION_1)->carries_message);
}

typedef const VocabularyItem *(*Finder)(ByteSpan name, ImapRevision revision);

typedef struct {
    Finder find;
    FindCase wanted;
} NamedCase;

static const NamedCase named_cases[] = {
    {imap_response_find, {"exists", IMAP_REVISION_1, "EXISTS", 3501, "7.3.1"}},
    {imap_response_find, {"FETCH", IMAP_REVISION_2, "FETCH", 9051, "7.5.2"}},
    {imap_response_find, {"SEARCH", IMAP_REVISION_2, "SEARCH", 3501, "7.2.5"}},
    {imap_response_find, {"OK", IMAP_REVISION_2, NULL}},
    {imap_response_code_find, {"uidnext 7", IMAP_REVISION_1, "UIDNEXT", 3501, "7.1"}},
    {imap_response_code_find, {"APPENDUID 1 2", IMAP_REVISION_1, "APPENDUID", 4315, "3"}},
    {imap_response_code_find, {"APPENDUID 1 2", IMAP_REVISION_2, "APPENDUID", 9051, "7.1"}},
    {imap_response_code_find,
     {"METADATA MAXSIZE 9", IMAP_REVISION_1, "METADATA MAXSIZE", 5464, "4.3"}},
    {imap_response_code_find, {"METADATA", IMAP_REVISION_1, NULL}},
    {imap_response_code_find, {"NOSUCH", IMAP_REVISION_1, NULL}},
    {imap_fetch_item_find, {"BODY[", IMAP_REVISION_1, "BODY[", 3501, "6.4.5"}},
    {imap_fetch_item_find, {"rfc822.header", IMAP_REVISION_2, "RFC822.HEADER", 3501, "6.4.5"}},
    {imap_fetch_response_item_find, {"UID", IMAP_REVISION_2, "UID", 9051, "7.5.2"}},
    {imap_section_part_find, {"MIME", IMAP_REVISION_2, "MIME", 9051, "6.4.5.1"}},
    {imap_search_key_find, {"younger", IMAP_REVISION_1, "YOUNGER", 5032, "2"}},
    {imap_search_key_find, {"NEW", IMAP_REVISION_2, "NEW", 3501, "6.4.4"}},
    {imap_status_item_find, {"SIZE", IMAP_REVISION_1, "SIZE", 8438, "3"}},
    {imap_flag_find, {"\\SEEN", IMAP_REVISION_1, "\\Seen", 3501, "2.3.2"}},
    {imap_flag_find, {"$junk", IMAP_REVISION_1, "$Junk", 9051, "2.3.2"}},
    {imap_attribute_find, {"\\Sent", IMAP_REVISION_1, "\\Sent", 6154, "2"}},
    {imap_attribute_find, {"\\Sent", IMAP_REVISION_2, "\\Sent", 9051, "7.3.1"}},
    {imap_capability_find, {"AUTH=PLAIN", IMAP_REVISION_1, "AUTH=", 3501, "7.2.1"}},
    {imap_capability_find, {"QUOTA=RES-MESSAGE", IMAP_REVISION_1, "QUOTA=RES-", 9208, "5"}},
    {imap_capability_find, {"literal+", IMAP_REVISION_1, "LITERAL+", 7888, "3"}},
    {imap_capability_find, {"THREAD=NOSUCH", IMAP_REVISION_1, NULL}},
    {imap_capability_find, {"=", IMAP_REVISION_1, NULL}},
};

static void names_are_found(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(named_cases); i++) {
        const NamedCase *row = &named_cases[i];
        check_item(&row->wanted, row->find(span(row->wanted.name), row->wanted.revision));
    }
}

typedef struct {
    const char *status;
    const char *command; /* NULL: untagged */
    ImapRevision revision;
    const char *context;
    guint16 number;
} StatusCase;

static const StatusCase status_cases[] = {
    {"OK", "LOGIN", IMAP_REVISION_1, "LOGIN", 3501},
    {"OK", "LOGIN", IMAP_REVISION_2, "LOGIN", 9051},
    {"NO", "UID COPY", IMAP_REVISION_1, "COPY", 3501},
    {"NO", "UID COPY", IMAP_REVISION_2, "COPY", 9051},
    {"OK", "IDLE", IMAP_REVISION_1, "IDLE", 2177},
    {"BAD", "LOGIN", IMAP_REVISION_1, "IMAP4rev1", 3501},
    {"BAD", "COMPRESS", IMAP_REVISION_1, "COMPRESS", 4978},
    {"OK", "CHECK", IMAP_REVISION_1, "CHECK", 3501},
    {"OK", NULL, IMAP_REVISION_2, "IMAP4rev2", 9051},
    {"bye", NULL, IMAP_REVISION_1, "IMAP4rev1", 3501},
    {"+", "IDLE", IMAP_REVISION_2, "IMAP4rev2", 9051},
};

static void statuses_have_a_sense_for_each_command(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(status_cases); i++) {
        const StatusCase *row = &status_cases[i];
        const ImapCommandRow *command =
            row->command == NULL ? NULL : imap_command_find(span(row->command), row->revision);
        const VocabularyItem *item = imap_status_find(span(row->status), command, row->revision);
        assert_non_null(item);
        assert_string_equal(item->context, row->context);
        assert_int_equal(item->reference.number, row->number);
    }
    assert_null(imap_status_find(span("OKAY"), NULL, IMAP_REVISION_1));
    assert_string_equal(imap_greeting_find(span("PREAUTH"), IMAP_REVISION_1)->context, "greeting");
    assert_int_equal(imap_greeting_find(span("OK"), IMAP_REVISION_1)->reference.number, 3501);
    assert_int_equal(imap_greeting_find(span("OK"), IMAP_REVISION_2)->reference.number, 9051);
    assert_null(imap_greeting_find(span("NO"), IMAP_REVISION_2));
}

static void parameters_belong_to_commands(void **state)
{
    (void)state;
    const ImapCommandRow *store = imap_command_row(IMAP_COMMAND_STORE, IMAP_REVISION_1);
    const ImapCommandRow *examine = imap_command_row(IMAP_COMMAND_EXAMINE, IMAP_REVISION_1);
    const ImapCommandRow *list = imap_command_row(IMAP_COMMAND_LIST, IMAP_REVISION_2);
    const VocabularyItem *item =
        imap_parameter_find(span("unchangedsince"), store, IMAP_REVISION_1);
    assert_string_equal(item->reference.section, "3.1.3");
    item = imap_parameter_find(span("CONDSTORE"), examine, IMAP_REVISION_1);
    assert_string_equal(item->reference.section, "3.1.8");
    item = imap_parameter_find(span("STATUS"), list, IMAP_REVISION_2);
    assert_int_equal(item->reference.number, 9051);
    assert_null(imap_parameter_find(span("CONDSTORE"), list, IMAP_REVISION_2));
    assert_null(imap_parameter_find(span("nonsense"), store, IMAP_REVISION_1));
}

static void states_have_names(void **state)
{
    (void)state;
    for (guint32 bit = IMAP_STATE_CONNECTED; bit <= IMAP_STATE_OPAQUE; bit <<= 1) {
        assert_string_not_equal(imap_state_name(bit), "unknown");
    }
    assert_string_equal(imap_state_name(0), "unknown");
    assert_string_equal(imap_revision_name(IMAP_REVISION_2), "IMAP4rev2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_whole),
        cmocka_unit_test(no_row_stands_twice),
        cmocka_unit_test(every_command_id_has_a_row),
        cmocka_unit_test(commands_are_found),
        cmocka_unit_test(names_are_found),
        cmocka_unit_test(statuses_have_a_sense_for_each_command),
        cmocka_unit_test(parameters_belong_to_commands),
        cmocka_unit_test(states_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
