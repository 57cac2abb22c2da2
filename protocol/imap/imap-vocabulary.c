#include "protocol/imap/imap-vocabulary.h"

#include "protocol/imap/imap-rows.h"
#include "protocol/rfc/vocabulary-search.h"

typedef enum {
    TABLE_SESSION_COMMANDS,
    TABLE_MAILBOX_COMMANDS,
    TABLE_MESSAGE_COMMANDS,
    TABLE_EXTENSION_COMMANDS_A,
    TABLE_EXTENSION_COMMANDS_I,
    TABLE_STATUSES,
    TABLE_RESPONSES,
    TABLE_RESPONSE_CODES,
    TABLE_EXTENSION_CODES,
    TABLE_FETCH_ITEMS,
    TABLE_FETCH_RESPONSE_ITEMS,
    TABLE_SECTION_PARTS,
    TABLE_SEARCH_KEYS,
    TABLE_FLAGS,
    TABLE_ATTRIBUTES,
    TABLE_STATUS_ITEMS,
    TABLE_PARAMETERS,
    TABLE_EXTENSION_PARAMETERS,
    TABLE_EXTENSIONS,
    TABLE_RULES,
} Table;

static const VocabularyTable tables[] = {
    [TABLE_SESSION_COMMANDS] = VOCABULARY_ROWS(imap_session_command_rows),
    [TABLE_MAILBOX_COMMANDS] = VOCABULARY_ROWS(imap_mailbox_command_rows),
    [TABLE_MESSAGE_COMMANDS] = VOCABULARY_ROWS(imap_message_command_rows),
    [TABLE_EXTENSION_COMMANDS_A] = VOCABULARY_ROWS(imap_extension_command_rows_a),
    [TABLE_EXTENSION_COMMANDS_I] = VOCABULARY_ROWS(imap_extension_command_rows_i),
    [TABLE_STATUSES] = VOCABULARY_ITEMS(imap_status_rows),
    [TABLE_RESPONSES] = VOCABULARY_ITEMS(imap_response_rows),
    [TABLE_RESPONSE_CODES] = VOCABULARY_ITEMS(imap_response_code_rows),
    [TABLE_EXTENSION_CODES] = VOCABULARY_ITEMS(imap_extension_code_rows),
    [TABLE_FETCH_ITEMS] = VOCABULARY_ITEMS(imap_fetch_item_rows),
    [TABLE_FETCH_RESPONSE_ITEMS] = VOCABULARY_ITEMS(imap_fetch_response_item_rows),
    [TABLE_SECTION_PARTS] = VOCABULARY_ITEMS(imap_section_part_rows),
    [TABLE_SEARCH_KEYS] = VOCABULARY_ITEMS(imap_search_key_rows),
    [TABLE_FLAGS] = VOCABULARY_ITEMS(imap_flag_rows),
    [TABLE_ATTRIBUTES] = VOCABULARY_ITEMS(imap_attribute_rows),
    [TABLE_STATUS_ITEMS] = VOCABULARY_ITEMS(imap_status_item_rows),
    [TABLE_PARAMETERS] = VOCABULARY_ROWS(imap_parameter_rows),
    [TABLE_EXTENSION_PARAMETERS] = VOCABULARY_ROWS(imap_extension_parameter_rows),
    [TABLE_EXTENSIONS] = VOCABULARY_ITEMS(imap_extension_rows),
    [TABLE_RULES] = VOCABULARY_ITEMS(imap_rule_rows),
};

static const char *const revision_names[N_IMAP_REVISIONS] = {
    [IMAP_REVISION_1] = "IMAP4rev1",
    [IMAP_REVISION_2] = "IMAP4rev2",
};

/* The first row whose token is not before 'name'. */
static gsize lower_bound(const VocabularyTable *table, ByteSpan name)
{
    gsize low = 0;
    gsize high = table->count;
    while (low < high) {
        gsize middle = low + (high - low) / 2;
        if (vocabulary_compare_tokens(name, vocabulary_table_item(table, middle)->token) > 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* How near a row is to the revision in force; less is nearer. */
static guint distance(const VocabularyItem *item, ImapRevision revision)
{
    if (item->context == NULL || !g_str_has_prefix(item->context, "IMAP4rev")) {
        return 1;
    }
    return g_str_has_prefix(item->context, revision_names[revision]) ? 0 : 2;
}

/* The nearest row with that name in the tables from 'first' to 'last'. A command of
 * N_IMAP_COMMANDS leaves the owner of a parameter aside. */
static const VocabularyItem *
find_nearest(Table first, Table last, ByteSpan name, ImapRevision revision, ImapCommandId command)
{
    const VocabularyItem *best = NULL;
    guint best_distance = G_MAXUINT;
    for (Table t = first; t <= last; t++) {
        for (gsize i = lower_bound(&tables[t], name); i < tables[t].count; i++) {
            const VocabularyItem *item = vocabulary_table_item(&tables[t], i);
            if (vocabulary_compare_tokens(name, item->token) != 0) {
                break;
            }
            bool is_owned = command == N_IMAP_COMMANDS ||
                            ((const ImapParameterRow *)(const void *)item)->command == command;
            if (is_owned && distance(item, revision) < best_distance) {
                best = item;
                best_distance = distance(item, revision);
            }
        }
    }
    return best;
}

static const VocabularyItem *find(Table table, ByteSpan name, ImapRevision revision)
{
    return find_nearest(table, table, name, revision, N_IMAP_COMMANDS);
}

const ImapCommandRow *imap_command_of(const VocabularyItem *item)
{
    g_assert(item->protocol == VOCABULARY_IMAP && item->kind == VOCABULARY_COMMAND);
    return (const ImapCommandRow *)(const void *)item;
}

const ImapCommandRow *imap_command_row(ImapCommandId id, ImapRevision revision)
{
    const ImapCommandRow *best = NULL;
    for (Table t = TABLE_SESSION_COMMANDS; t <= TABLE_EXTENSION_COMMANDS_I; t++) {
        for (gsize i = 0; i < tables[t].count; i++) {
            const ImapCommandRow *row = imap_command_of(vocabulary_table_item(&tables[t], i));
            if (row->id == id && !row->is_uid &&
                (best == NULL || distance(&row->item, revision) < distance(&best->item, revision)
                )) {
                best = row;
            }
        }
    }
    g_assert(best != NULL);
    return best;
}

const ImapCommandRow *imap_command_find(ByteSpan name, ImapRevision revision)
{
    const VocabularyItem *item = find_nearest(
        TABLE_SESSION_COMMANDS, TABLE_EXTENSION_COMMANDS_I, name, revision, N_IMAP_COMMANDS
    );
    if (item != NULL) {
        return imap_command_of(item);
    }
    /* RFC 3501 §6.5.1: such commands are experiments of their authors. */
    bool is_experimental = byte_span_starts_with_nocase(name, "X") && name.length > 1;
    return is_experimental ? imap_command_row(IMAP_COMMAND_EXPERIMENTAL, revision) : NULL;
}

static int compare_status(ByteSpan status, ByteSpan context, const VocabularyItem *item)
{
    int order = vocabulary_compare_tokens(status, item->token);
    return order != 0 ? order : vocabulary_compare_tokens(context, item->context);
}

/* Rows of statuses are sorted by token, then by context, then by revision: the last one of an
 * IMAP4rev1 session is not of RFC 9051, if there is another. */
static const VocabularyItem *
status_in_context(ByteSpan status, const char *context, ImapRevision revision)
{
    ByteSpan wanted = byte_span_from_string(context);
    gsize low = 0;
    gsize high = G_N_ELEMENTS(imap_status_rows);
    while (low < high) {
        gsize middle = low + (high - low) / 2;
        if (compare_status(status, wanted, &imap_status_rows[middle]) > 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const VocabularyItem *best = NULL;
    for (; low < G_N_ELEMENTS(imap_status_rows); low++) {
        const VocabularyItem *item = &imap_status_rows[low];
        bool is_new = item->reference.number == 9051;
        if (compare_status(status, wanted, item) != 0) {
            break;
        }
        if (best == NULL || (is_new && revision == IMAP_REVISION_2)) {
            best = item;
        }
    }
    return best;
}

const VocabularyItem *
imap_status_find(ByteSpan status, const ImapCommandRow *command, ImapRevision revision)
{
    if (command != NULL) {
        const char *name = command->item.token;
        const VocabularyItem *item =
            status_in_context(status, g_str_has_prefix(name, "UID ") ? name + 4 : name, revision);
        if (item != NULL) {
            return item;
        }
    }
    return status_in_context(status, revision_names[revision], revision);
}

const VocabularyItem *imap_greeting_find(ByteSpan status, ImapRevision revision)
{
    return status_in_context(status, "greeting", revision);
}

const VocabularyItem *imap_response_find(ByteSpan name, ImapRevision revision)
{
    return find(TABLE_RESPONSES, name, revision);
}

const VocabularyItem *imap_response_code_find(ByteSpan code, ImapRevision revision)
{
    /* RFC 5464 §4.3: METADATA is followed by a word that says what is meant. */
    gssize space = byte_span_find(code, ' ', 0);
    ByteSpan word = space < 0 ? code : byte_span_slice(code, 0, (gsize)space);
    if (space >= 0 && byte_span_is_nocase(word, "METADATA")) {
        gssize second = byte_span_find(code, ' ', (gsize)space + 1);
        word = second < 0 ? code : byte_span_slice(code, 0, (gsize)second);
    }
    return find_nearest(
        TABLE_RESPONSE_CODES, TABLE_EXTENSION_CODES, word, revision, N_IMAP_COMMANDS
    );
}

const VocabularyItem *imap_fetch_item_find(ByteSpan name, ImapRevision revision)
{
    return find(TABLE_FETCH_ITEMS, name, revision);
}

const VocabularyItem *imap_fetch_response_item_find(ByteSpan name, ImapRevision revision)
{
    return find(TABLE_FETCH_RESPONSE_ITEMS, name, revision);
}

const VocabularyItem *imap_section_part_find(ByteSpan name, ImapRevision revision)
{
    return find(TABLE_SECTION_PARTS, name, revision);
}

const VocabularyItem *imap_search_key_find(ByteSpan name, ImapRevision revision)
{
    return find(TABLE_SEARCH_KEYS, name, revision);
}

const VocabularyItem *imap_status_item_find(ByteSpan name, ImapRevision revision)
{
    return find(TABLE_STATUS_ITEMS, name, revision);
}

const VocabularyItem *imap_flag_find(ByteSpan name, ImapRevision revision)
{
    return find(TABLE_FLAGS, name, revision);
}

const VocabularyItem *imap_attribute_find(ByteSpan name, ImapRevision revision)
{
    return find(TABLE_ATTRIBUTES, name, revision);
}

/* Commands that take the parameters of another one. */
static ImapCommandId parameter_owner(ImapCommandId command)
{
    switch ((guint)command) {
    case IMAP_COMMAND_EXAMINE:
        return IMAP_COMMAND_SELECT;
    case IMAP_COMMAND_ESEARCH:
    case IMAP_COMMAND_SORT:
    case IMAP_COMMAND_THREAD:
        return IMAP_COMMAND_SEARCH;
    case IMAP_COMMAND_REPLACE:
        return IMAP_COMMAND_APPEND;
    case IMAP_COMMAND_SETQUOTA:
        return IMAP_COMMAND_GETQUOTA;
    default:
        return command;
    }
}

const VocabularyItem *
imap_parameter_find(ByteSpan name, const ImapCommandRow *command, ImapRevision revision)
{
    const VocabularyItem *item =
        find_nearest(TABLE_PARAMETERS, TABLE_EXTENSION_PARAMETERS, name, revision, command->id);
    ImapCommandId owner = parameter_owner(command->id);
    return item != NULL || owner == command->id
               ? item
               : find_nearest(TABLE_PARAMETERS, TABLE_EXTENSION_PARAMETERS, name, revision, owner);
}

const VocabularyItem *imap_capability_find(ByteSpan keyword, ImapRevision revision)
{
    const VocabularyItem *item = find(TABLE_EXTENSIONS, keyword, revision);
    gssize equals = byte_span_find(keyword, '=', 0);
    if (item != NULL || equals < 0) {
        return item;
    }
    item = find(TABLE_EXTENSIONS, byte_span_slice(keyword, 0, (gsize)equals + 1), revision);
    /* RFC 9208 §3.1.1: QUOTA=RES- stands before the name of any resource. */
    gssize hyphen = byte_span_find(keyword, '-', (gsize)equals);
    return item != NULL || hyphen < 0
               ? item
               : find(TABLE_EXTENSIONS, byte_span_slice(keyword, 0, (gsize)hyphen + 1), revision);
}

const char *imap_state_name(guint32 state)
{
    switch (state) {
    case IMAP_STATE_CONNECTED:
        return "before the greeting";
    case IMAP_STATE_NOT_AUTHENTICATED:
        return "not authenticated";
    case IMAP_STATE_AUTHENTICATED:
        return "authenticated";
    case IMAP_STATE_SELECTED:
        return "selected";
    case IMAP_STATE_LOGOUT:
        return "logout";
    case IMAP_STATE_SASL:
        return "authentication going on";
    case IMAP_STATE_IDLE:
        return "idle";
    case IMAP_STATE_OPAQUE:
        return "not readable";
    default:
        return "unknown";
    }
}

const char *imap_revision_name(ImapRevision revision)
{
    g_assert(revision < N_IMAP_REVISIONS);
    return revision_names[revision];
}

const VocabularyTable *imap_vocabulary(gsize *out_count)
{
    *out_count = G_N_ELEMENTS(tables);
    return tables;
}
