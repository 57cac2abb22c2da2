#pragma once

/* What SMTP says: its commands, replies, enhanced status codes, extensions, parameters and limits,
 * as rows. The dialogue moves by 'next_state', the server's handlers hang on the command id. */

#include "protocol/rfc/vocabulary.h"
#include "protocol/text/byte-span.h"

typedef enum {
    SMTP_STATE_CONNECTED = 1u << 0,  /* the greeting has not come yet */
    SMTP_STATE_GREETED = 1u << 1,    /* 220 was said; EHLO or HELO is due */
    SMTP_STATE_READY = 1u << 2,      /* no mail transaction is open */
    SMTP_STATE_MAIL = 1u << 3,       /* MAIL was accepted, no recipient yet */
    SMTP_STATE_RECIPIENTS = 1u << 4, /* at least one recipient was accepted */
    SMTP_STATE_DATA = 1u << 5,       /* 354 was said: what the client sends is the message */
    SMTP_STATE_BDAT = 1u << 6,       /* a chunk was accepted and it was not the last */
    SMTP_STATE_AUTH = 1u << 7,       /* 334 was said: the client's line is a SASL response */
    SMTP_STATE_OPAQUE = 1u << 8,     /* TLS, or a protocol that is not SMTP */
    SMTP_STATE_CLOSED = 1u << 9,     /* 221 or 421 was said */
} SmtpState;

#define SMTP_STATES_IN_SESSION                                                                     \
    (SMTP_STATE_READY | SMTP_STATE_MAIL | SMTP_STATE_RECIPIENTS | SMTP_STATE_BDAT)
#define SMTP_STATES_ANY (SMTP_STATE_GREETED | SMTP_STATES_IN_SESSION)

typedef enum {
    SMTP_COMMAND_ATRN,
    SMTP_COMMAND_AUTH,
    SMTP_COMMAND_BDAT,
    SMTP_COMMAND_BURL,
    SMTP_COMMAND_DATA,
    SMTP_COMMAND_EHLO,
    SMTP_COMMAND_ETRN,
    SMTP_COMMAND_EXPN,
    SMTP_COMMAND_HELO,
    SMTP_COMMAND_HELP,
    SMTP_COMMAND_LHLO,
    SMTP_COMMAND_MAIL,
    SMTP_COMMAND_NOOP,
    SMTP_COMMAND_QUIT,
    SMTP_COMMAND_RCPT,
    SMTP_COMMAND_RSET,
    SMTP_COMMAND_SAML,
    SMTP_COMMAND_SEND,
    SMTP_COMMAND_SOML,
    SMTP_COMMAND_STARTTLS,
    SMTP_COMMAND_TURN,
    SMTP_COMMAND_VRFY,
    N_SMTP_COMMANDS,
} SmtpCommandId;

typedef struct {
    VocabularyItem item;
    SmtpCommandId id;
    SmtpState next_state;         /* after a 2yz reply; 0: as before. BDAT LAST leads to READY */
    SmtpState intermediate_state; /* after 354 or 334; 0: neither may answer */
    bool ends_group;              /* RFC 2920: must be the last command of a pipelined group */
} SmtpCommandRow;

const SmtpCommandRow *smtp_command_row(SmtpCommandId id);
const SmtpCommandRow *smtp_command_find(ByteSpan verb);            /* NULL: unknown; any case */
const SmtpCommandRow *smtp_command_of(const VocabularyItem *item); /* the row around an item */

/* The sense of a reply code as the answer to 'command' (NULL: greeting, or unasked). First the row
 * whose context is that command, then the general one; NULL: a code that nobody defines. Codes of
 * the same first digit stand in for unknown ones only in the views, never here. */
const VocabularyItem *smtp_reply_find(guint code, const SmtpCommandRow *command);
/* 550 behind RCPT says more where an enhanced code stands in it: "5.7.1" is policy, no mailbox
 * that is missing. Gives 'item' itself for all others. */
const VocabularyItem *smtp_reply_refined(const VocabularyItem *item, ByteSpan enhanced);
const VocabularyItem *smtp_reply_general(guint code); /* as the answer to an unknown verb */

/* The sense of "5.1.1"; for an unknown subject or detail NULL. */
const VocabularyItem *smtp_enhanced_code_find(ByteSpan code);

const VocabularyItem *smtp_extension_find(ByteSpan keyword); /* an EHLO keyword, any case */
const VocabularyItem *smtp_parameter_find(ByteSpan keyword, SmtpCommandId command);

const char *smtp_state_name(guint32 state); /* "mail transaction open" ... one bit; 0: not known */

/* All tables, for the catalogue. */
const VocabularyTable *smtp_vocabulary(gsize *out_count);
