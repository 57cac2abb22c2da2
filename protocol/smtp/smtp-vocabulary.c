#include "protocol/smtp/smtp-vocabulary.h"

#include "protocol/smtp/smtp-tables.h"

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

const char *smtp_state_name(guint32 state)
{
    g_assert(state != 0 && (state & (state - 1)) == 0);
    int index = g_bit_nth_lsf(state, -1);
    g_assert(index < SMTP_STATE_COUNT);
    return smtp_states[index].token;
}
