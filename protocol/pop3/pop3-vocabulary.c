#include "protocol/pop3/pop3-vocabulary.h"

#include "protocol/pop3/pop3-tables.h"
#include "protocol/rfc/vocabulary-search.h"

/* Three or four letters as one number, so that a verb is found by comparing integers. Clearing
 * bit 5 folds a-z to A-Z, and no octet but a letter folds to one; 'UTF8' alone ends in a digit,
 * which folds to a control character. */
#define LETTERS(a, b, c, d)                                                                        \
    ((guint32)(a) << 24 | (guint32)(b) << 16 | (guint32)(c) << 8 | (guint32)(d))
#define FOLD_CASE 0xDFDFDFDFu
#define FOLDED_EIGHT ('8' & 0xDF)

static Pop3CommandId find_letters(guint32 letters)
{
    switch (letters) {
    case LETTERS('A', 'P', 'O', 'P'):
        return POP3_COMMAND_APOP;
    case LETTERS('A', 'U', 'T', 'H'):
        return POP3_COMMAND_AUTH;
    case LETTERS('C', 'A', 'P', 'A'):
        return POP3_COMMAND_CAPA;
    case LETTERS('D', 'E', 'L', 'E'):
        return POP3_COMMAND_DELE;
    case LETTERS('L', 'A', 'N', 'G'):
        return POP3_COMMAND_LANG;
    case LETTERS('L', 'A', 'S', 'T'):
        return POP3_COMMAND_LAST;
    case LETTERS('L', 'I', 'S', 'T'):
        return POP3_COMMAND_LIST;
    case LETTERS('N', 'O', 'O', 'P'):
        return POP3_COMMAND_NOOP;
    case LETTERS('P', 'A', 'S', 'S'):
        return POP3_COMMAND_PASS;
    case LETTERS('Q', 'U', 'I', 'T'):
        return POP3_COMMAND_QUIT;
    case LETTERS('R', 'E', 'T', 'R'):
        return POP3_COMMAND_RETR;
    case LETTERS('R', 'P', 'O', 'P'):
        return POP3_COMMAND_RPOP;
    case LETTERS('R', 'S', 'E', 'T'):
        return POP3_COMMAND_RSET;
    case LETTERS('S', 'T', 'A', 'T'):
        return POP3_COMMAND_STAT;
    case LETTERS('S', 'T', 'L', 'S'):
        return POP3_COMMAND_STLS;
    case LETTERS('T', 'O', 'P', 0):
        return POP3_COMMAND_TOP;
    case LETTERS('U', 'I', 'D', 'L'):
        return POP3_COMMAND_UIDL;
    case LETTERS('U', 'S', 'E', 'R'):
        return POP3_COMMAND_USER;
    case LETTERS('U', 'T', 'F', FOLDED_EIGHT):
        return POP3_COMMAND_UTF8;
    case LETTERS('X', 'T', 'N', 'D'):
        return POP3_COMMAND_XTND;
    default:
        return N_POP3_COMMANDS;
    }
}

const Pop3CommandRow *pop3_command_row(Pop3CommandId id)
{
    g_assert(id < N_POP3_COMMANDS);
    return &pop3_commands[id];
}

const Pop3CommandRow *pop3_command_find(ByteSpan verb)
{
    if (verb.length != 3 && verb.length != 4)
        return NULL;
    const guint8 *octets = verb.data;
    guint8 last = verb.length == 4 ? octets[3] : 0;
    guint32 letters = LETTERS(octets[0], octets[1], octets[2], last) & FOLD_CASE;
    Pop3CommandId id = find_letters(letters);
    if (id == N_POP3_COMMANDS)
        return NULL;
    if (id == POP3_COMMAND_UTF8 && last != '8')
        return NULL;
    if (id == POP3_COMMAND_TOP && verb.length != 3)
        return NULL;
    return &pop3_commands[id];
}

const Pop3CommandRow *pop3_command_of(const VocabularyItem *item)
{
    const Pop3CommandRow *row = (const Pop3CommandRow *)(const void *)item;
    if (row < pop3_commands || row >= pop3_commands + N_POP3_COMMANDS)
        return NULL;
    return row;
}

/* RFC 1939 §3: servers send the indicators in capitals, but a reader need not insist on it. */
static Pop3StatusId find_status(ByteSpan status)
{
    if (byte_span_is_nocase(status, "+OK"))
        return POP3_STATUS_OK;
    if (byte_span_is_nocase(status, "-ERR"))
        return POP3_STATUS_ERR;
    return byte_span_is(status, "+") ? POP3_STATUS_CHALLENGE : POP3_STATUS_COUNT;
}

const VocabularyItem *pop3_status_general(ByteSpan status)
{
    Pop3StatusId id = find_status(status);
    return id == POP3_STATUS_COUNT ? NULL : &pop3_statuses[id];
}

const VocabularyItem *pop3_status_find(ByteSpan status, const Pop3CommandRow *command)
{
    Pop3StatusId id = find_status(status);
    if (command == NULL && id == POP3_STATUS_OK)
        return &pop3_statuses[POP3_STATUS_GREETING];
    if (command == NULL && id == POP3_STATUS_ERR)
        return &pop3_statuses[POP3_STATUS_GREETING_ERR];
    if (command != NULL && (id == POP3_STATUS_OK || id == POP3_STATUS_ERR))
        return &pop3_command_statuses[2 * command->id + (id == POP3_STATUS_ERR)];
    return id == POP3_STATUS_COUNT ? NULL : &pop3_statuses[id];
}

/* RFC 2449 §8: detail behind a slash that the reader does not know is to be ignored. */
const VocabularyItem *pop3_response_code_find(ByteSpan code)
{
    static const VocabularyTable codes = VOCABULARY_ITEMS(pop3_response_codes);
    const VocabularyItem *item = vocabulary_find_sorted(&codes, code);
    while (item == NULL && code.length > 0) {
        code.length--;
        if (code.data[code.length] == '/')
            item = vocabulary_find_sorted(&codes, code);
    }
    return item;
}

const VocabularyItem *pop3_capability_find(ByteSpan keyword)
{
    static const VocabularyTable capabilities = VOCABULARY_ITEMS(pop3_capabilities);
    return vocabulary_find_sorted(&capabilities, keyword);
}

const char *pop3_state_name(guint32 state)
{
    g_assert((state & (state - 1)) == 0);
    if (state == 0) {
        return "not known";
    }
    int index = g_bit_nth_lsf(state, -1);
    g_assert(index < POP3_STATE_COUNT);
    return pop3_states[index].token;
}

static const VocabularyTable tables[] = {
    VOCABULARY_ROWS(pop3_commands),
    VOCABULARY_ITEMS(pop3_command_statuses),
    VOCABULARY_ITEMS(pop3_statuses),
    VOCABULARY_ITEMS(pop3_response_codes),
    VOCABULARY_ITEMS(pop3_capabilities),
    VOCABULARY_ITEMS(pop3_states),
    VOCABULARY_ITEMS(pop3_terms),
};

const VocabularyTable *pop3_vocabulary(gsize *out_count)
{
    *out_count = G_N_ELEMENTS(tables);
    return tables;
}
