#pragma once

/* What POP3 says: its commands, status indicators, response codes and capabilities, as rows. */

#include "protocol/rfc/vocabulary.h"
#include "protocol/text/byte-span.h"

typedef enum {
    POP3_STATE_CONNECTED = 1u << 0, /* the greeting has not come yet */
    POP3_STATE_AUTHORIZATION = 1u << 1,
    POP3_STATE_TRANSACTION = 1u << 2,
    POP3_STATE_UPDATE = 1u << 3, /* QUIT was said in TRANSACTION: deletions happen now */
    POP3_STATE_SASL = 1u << 4,   /* "+ " was said: the client's line is a SASL response */
    POP3_STATE_OPAQUE = 1u << 5,
    POP3_STATE_CLOSED = 1u << 6,
} Pop3State;

typedef enum {
    POP3_COMMAND_APOP,
    POP3_COMMAND_AUTH,
    POP3_COMMAND_CAPA,
    POP3_COMMAND_DELE,
    POP3_COMMAND_LANG,
    POP3_COMMAND_LAST,
    POP3_COMMAND_LIST,
    POP3_COMMAND_NOOP,
    POP3_COMMAND_PASS,
    POP3_COMMAND_QUIT,
    POP3_COMMAND_RETR,
    POP3_COMMAND_RPOP,
    POP3_COMMAND_RSET,
    POP3_COMMAND_STAT,
    POP3_COMMAND_STLS,
    POP3_COMMAND_TOP,
    POP3_COMMAND_UIDL,
    POP3_COMMAND_USER,
    POP3_COMMAND_UTF8,
    POP3_COMMAND_XTND,
    N_POP3_COMMANDS,
} Pop3CommandId;

typedef struct {
    VocabularyItem item;
    Pop3CommandId id;
    Pop3State next_state; /* after +OK; 0: as before */
} Pop3CommandRow;

const Pop3CommandRow *pop3_command_row(Pop3CommandId id);
const Pop3CommandRow *pop3_command_find(ByteSpan verb);
const Pop3CommandRow *pop3_command_of(const VocabularyItem *item);

/* The sense of "+OK", "-ERR" or "+" as the answer to 'command' (NULL: greeting). */
const VocabularyItem *pop3_status_find(ByteSpan status, const Pop3CommandRow *command);
const VocabularyItem *pop3_status_general(ByteSpan status); /* as the answer to an unknown verb */

/* "IN-USE", "SYS/TEMP" ...: what stands in brackets after the status; any case. */
const VocabularyItem *pop3_response_code_find(ByteSpan code);
const VocabularyItem *pop3_capability_find(ByteSpan keyword);

const char *pop3_state_name(guint32 state); /* "AUTHORIZATION" ... one bit */
const VocabularyTable *pop3_vocabulary(gsize *out_count);
