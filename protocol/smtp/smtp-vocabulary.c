#include "protocol/smtp/smtp-vocabulary.h"

#include "protocol/rfc/vocabulary-search.h"
#include "protocol/smtp/smtp-tables.h"

/* In the order in which a reader wants them; the senses come behind what they are senses of. */
static const VocabularyTable tables[] = {
    VOCABULARY_ROWS(smtp_commands),         VOCABULARY_ITEMS(smtp_command_senses),
    VOCABULARY_ITEMS(smtp_replies),         VOCABULARY_ROWS(smtp_greeting_replies),
    VOCABULARY_ROWS(smtp_ehlo_replies),     VOCABULARY_ROWS(smtp_helo_replies),
    VOCABULARY_ROWS(smtp_lhlo_replies),     VOCABULARY_ROWS(smtp_mail_replies),
    VOCABULARY_ROWS(smtp_rcpt_replies),     VOCABULARY_ROWS(smtp_data_replies),
    VOCABULARY_ROWS(smtp_bdat_replies),     VOCABULARY_ROWS(smtp_burl_replies),
    VOCABULARY_ROWS(smtp_rset_replies),     VOCABULARY_ROWS(smtp_noop_replies),
    VOCABULARY_ROWS(smtp_quit_replies),     VOCABULARY_ROWS(smtp_vrfy_replies),
    VOCABULARY_ROWS(smtp_expn_replies),     VOCABULARY_ROWS(smtp_help_replies),
    VOCABULARY_ROWS(smtp_starttls_replies), VOCABULARY_ROWS(smtp_auth_replies),
    VOCABULARY_ROWS(smtp_etrn_replies),     VOCABULARY_ROWS(smtp_atrn_replies),
    VOCABULARY_ROWS(smtp_turn_replies),     VOCABULARY_ITEMS(smtp_reply_senses),
    VOCABULARY_ITEMS(smtp_enhanced_codes),  VOCABULARY_ITEMS(smtp_enhanced_classes),
    VOCABULARY_ITEMS(smtp_enhanced_senses), VOCABULARY_ITEMS(smtp_extensions),
    VOCABULARY_ROWS(smtp_parameters),       VOCABULARY_ITEMS(smtp_values),
    VOCABULARY_ITEMS(smtp_states),          VOCABULARY_ITEMS(smtp_limits),
    VOCABULARY_ITEMS(smtp_rules),
};

/* Four letters as one number, so that a verb is found by comparing integers. Clearing bit 5 folds
 * a-z to A-Z, and no octet but a letter folds to one. */
#define FOUR_LETTERS(a, b, c, d)                                                                   \
    ((guint32)(a) << 24 | (guint32)(b) << 16 | (guint32)(c) << 8 | (guint32)(d))
#define FOLD_CASE 0xDFDFDFDFu

static guint32 four_letters(const guint8 *octets)
{
    return FOUR_LETTERS(octets[0], octets[1], octets[2], octets[3]) & FOLD_CASE;
}

static SmtpCommandId find_four_letters(guint32 letters)
{
    switch (letters) {
    case FOUR_LETTERS('A', 'T', 'R', 'N'):
        return SMTP_COMMAND_ATRN;
    case FOUR_LETTERS('A', 'U', 'T', 'H'):
        return SMTP_COMMAND_AUTH;
    case FOUR_LETTERS('B', 'D', 'A', 'T'):
        return SMTP_COMMAND_BDAT;
    case FOUR_LETTERS('B', 'U', 'R', 'L'):
        return SMTP_COMMAND_BURL;
    case FOUR_LETTERS('D', 'A', 'T', 'A'):
        return SMTP_COMMAND_DATA;
    case FOUR_LETTERS('E', 'H', 'L', 'O'):
        return SMTP_COMMAND_EHLO;
    case FOUR_LETTERS('E', 'T', 'R', 'N'):
        return SMTP_COMMAND_ETRN;
    case FOUR_LETTERS('E', 'X', 'P', 'N'):
        return SMTP_COMMAND_EXPN;
    case FOUR_LETTERS('H', 'E', 'L', 'O'):
        return SMTP_COMMAND_HELO;
    case FOUR_LETTERS('H', 'E', 'L', 'P'):
        return SMTP_COMMAND_HELP;
    case FOUR_LETTERS('L', 'H', 'L', 'O'):
        return SMTP_COMMAND_LHLO;
    case FOUR_LETTERS('M', 'A', 'I', 'L'):
        return SMTP_COMMAND_MAIL;
    case FOUR_LETTERS('N', 'O', 'O', 'P'):
        return SMTP_COMMAND_NOOP;
    case FOUR_LETTERS('Q', 'U', 'I', 'T'):
        return SMTP_COMMAND_QUIT;
    case FOUR_LETTERS('R', 'C', 'P', 'T'):
        return SMTP_COMMAND_RCPT;
    case FOUR_LETTERS('R', 'S', 'E', 'T'):
        return SMTP_COMMAND_RSET;
    case FOUR_LETTERS('S', 'A', 'M', 'L'):
        return SMTP_COMMAND_SAML;
    case FOUR_LETTERS('S', 'E', 'N', 'D'):
        return SMTP_COMMAND_SEND;
    case FOUR_LETTERS('S', 'O', 'M', 'L'):
        return SMTP_COMMAND_SOML;
    case FOUR_LETTERS('T', 'U', 'R', 'N'):
        return SMTP_COMMAND_TURN;
    case FOUR_LETTERS('V', 'R', 'F', 'Y'):
        return SMTP_COMMAND_VRFY;
    default:
        return N_SMTP_COMMANDS;
    }
}

/* For each code from 200 on, one more than the index of its row; 0: no RFC defines it. */
#define FIRST_CODE 200
#define INDEX_ENTRY(code) [(code)-FIRST_CODE] = SMTP_REPLY_##code + 1,

static const guint8 reply_index[] = {SMTP_REPLY_CODES(INDEX_ENTRY)};

typedef struct {
    const SmtpReplyRow *rows;
    gsize count;
} ReplyGroup;

#define REPLY_GROUP(array)                                                                         \
    {                                                                                              \
        .rows = (array), .count = G_N_ELEMENTS(array)                                              \
    }

/* RFC 821 §3.4: SEND, SOML and SAML are answered as MAIL is. */
static const ReplyGroup reply_groups[N_SMTP_COMMANDS] = {
    [SMTP_COMMAND_ATRN] = REPLY_GROUP(smtp_atrn_replies),
    [SMTP_COMMAND_AUTH] = REPLY_GROUP(smtp_auth_replies),
    [SMTP_COMMAND_BDAT] = REPLY_GROUP(smtp_bdat_replies),
    [SMTP_COMMAND_BURL] = REPLY_GROUP(smtp_burl_replies),
    [SMTP_COMMAND_DATA] = REPLY_GROUP(smtp_data_replies),
    [SMTP_COMMAND_EHLO] = REPLY_GROUP(smtp_ehlo_replies),
    [SMTP_COMMAND_ETRN] = REPLY_GROUP(smtp_etrn_replies),
    [SMTP_COMMAND_EXPN] = REPLY_GROUP(smtp_expn_replies),
    [SMTP_COMMAND_HELO] = REPLY_GROUP(smtp_helo_replies),
    [SMTP_COMMAND_HELP] = REPLY_GROUP(smtp_help_replies),
    [SMTP_COMMAND_LHLO] = REPLY_GROUP(smtp_lhlo_replies),
    [SMTP_COMMAND_MAIL] = REPLY_GROUP(smtp_mail_replies),
    [SMTP_COMMAND_NOOP] = REPLY_GROUP(smtp_noop_replies),
    [SMTP_COMMAND_QUIT] = REPLY_GROUP(smtp_quit_replies),
    [SMTP_COMMAND_RCPT] = REPLY_GROUP(smtp_rcpt_replies),
    [SMTP_COMMAND_RSET] = REPLY_GROUP(smtp_rset_replies),
    [SMTP_COMMAND_SAML] = REPLY_GROUP(smtp_mail_replies),
    [SMTP_COMMAND_SEND] = REPLY_GROUP(smtp_mail_replies),
    [SMTP_COMMAND_SOML] = REPLY_GROUP(smtp_mail_replies),
    [SMTP_COMMAND_STARTTLS] = REPLY_GROUP(smtp_starttls_replies),
    [SMTP_COMMAND_TURN] = REPLY_GROUP(smtp_turn_replies),
    [SMTP_COMMAND_VRFY] = REPLY_GROUP(smtp_vrfy_replies),
};

static const ReplyGroup greeting_group = REPLY_GROUP(smtp_greeting_replies);

const SmtpCommandRow *smtp_command_row(SmtpCommandId id)
{
    g_assert(id < N_SMTP_COMMANDS);
    return &smtp_commands[id];
}

const SmtpCommandRow *smtp_command_find(ByteSpan verb)
{
    if (verb.length == 4) {
        SmtpCommandId id = find_four_letters(four_letters(verb.data));
        return id < N_SMTP_COMMANDS ? &smtp_commands[id] : NULL;
    }
    if (byte_span_is_nocase(verb, "STARTTLS"))
        return &smtp_commands[SMTP_COMMAND_STARTTLS];
    return NULL;
}

const SmtpCommandRow *smtp_command_of(const VocabularyItem *item)
{
    const SmtpCommandRow *row = (const SmtpCommandRow *)(const void *)item;
    if (row < smtp_commands || row >= smtp_commands + N_SMTP_COMMANDS)
        return NULL;
    return row;
}

const VocabularyItem *smtp_reply_general(guint code)
{
    if (code < FIRST_CODE || code - FIRST_CODE >= G_N_ELEMENTS(reply_index))
        return NULL;
    guint8 entry = reply_index[code - FIRST_CODE];
    return entry == 0 ? NULL : &smtp_replies[entry - 1];
}

/* A group has at most fifteen rows in order of their codes, and 250 is at its front. */
const VocabularyItem *smtp_reply_find(guint code, const SmtpCommandRow *command)
{
    const ReplyGroup *group = command == NULL ? &greeting_group : &reply_groups[command->id];
    for (gsize i = 0; i < group->count && group->rows[i].code <= code; i++) {
        if (group->rows[i].code == code)
            return &group->rows[i].item;
    }
    return smtp_reply_general(code);
}

const VocabularyItem *smtp_reply_refined(const VocabularyItem *item, ByteSpan enhanced)
{
    bool is_policy = item != NULL && g_str_equal(item->token, "550") &&
                     g_strcmp0(item->context, "RCPT") == 0 && byte_span_is(enhanced, "5.7.1");
    for (gsize i = 0; is_policy && i < SMTP_REPLY_SENSE_COUNT; i++) {
        const VocabularyItem *sense = &smtp_reply_senses[i];
        if (g_str_equal(sense->token, "550") && g_str_equal(sense->context, "X.7.1"))
            return sense;
    }
    return item;
}

const char *smtp_state_name(guint32 state)
{
    g_assert((state & (state - 1)) == 0);
    if (state == 0) {
        return "not known";
    }
    int index = g_bit_nth_lsf(state, -1);
    g_assert(index < SMTP_STATE_COUNT);
    return smtp_states[index].token;
}

/* RFC 3463 §2: one to three digits without a leading zero. */
static bool read_status_number(ByteSpan text, guint *out_number)
{
    guint number = 0;
    if (text.length == 0 || text.length > 3 || (text.length > 1 && text.data[0] == '0'))
        return false;
    for (gsize i = 0; i < text.length; i++) {
        if (!g_ascii_isdigit((char)text.data[i]))
            return false;
        number = 10 * number + (guint)(text.data[i] - '0');
    }
    *out_number = number;
    return true;
}

static bool is_class(ByteSpan text)
{
    return text.length == 1 && strchr("245X", text.data[0]) != NULL && text.data[0] != '\0';
}

/* Where the details of each subject begin in smtp_enhanced_codes[]. */
static const guint8 first_details[] = {0, 1, 12, 17, 24, 32, 39, 50, SMTP_ENHANCED_CODE_COUNT};

const VocabularyItem *smtp_enhanced_code_find(ByteSpan code)
{
    gssize first_dot = byte_span_find(code, '.', 0);
    gssize second_dot = first_dot < 0 ? -1 : byte_span_find(code, '.', (gsize)first_dot + 1);
    if (second_dot < 0 || !is_class(byte_span_slice(code, 0, (gsize)first_dot)))
        return NULL;
    guint subject;
    guint detail;
    gsize subject_length = (gsize)(second_dot - first_dot - 1);
    if (!read_status_number(
            byte_span_slice(code, (gsize)first_dot + 1, subject_length), &subject
        ) ||
        !read_status_number(byte_span_from(code, (gsize)second_dot + 1), &detail))
        return NULL;
    if (subject >= G_N_ELEMENTS(first_details) - 1)
        return NULL;
    gsize index = first_details[subject] + (gsize)detail;
    return index < first_details[subject + 1] ? &smtp_enhanced_codes[index] : NULL;
}

/* Old servers write "AUTH=LOGIN PLAIN" for clients that knew only a draft of the extension. */
const VocabularyItem *smtp_extension_find(ByteSpan keyword)
{
    static const VocabularyTable extensions = VOCABULARY_ITEMS(smtp_extensions);
    if (byte_span_starts_with_nocase(keyword, "AUTH="))
        keyword = byte_span_slice(keyword, 0, strlen("AUTH"));
    return vocabulary_find_sorted(&extensions, keyword);
}

const VocabularyItem *smtp_parameter_find(ByteSpan keyword, SmtpCommandId command)
{
    for (gsize i = 0; i < SMTP_PARAMETER_COUNT; i++) {
        const SmtpParameterRow *row = &smtp_parameters[i];
        if (row->command == command && byte_span_is_nocase(keyword, row->item.token))
            return &row->item;
    }
    return NULL;
}

const VocabularyTable *smtp_vocabulary(gsize *out_count)
{
    *out_count = G_N_ELEMENTS(tables);
    return tables;
}
