#pragma once

/* The rows behind pop3-vocabulary.h; only pop3-vocabulary.c and the tests read them here. */

#include "protocol/pop3/pop3-vocabulary.h"

#define POP3_RESPONSE_CODE_COUNT 7
#define POP3_CAPABILITY_COUNT 13
#define POP3_TERM_COUNT 21
#define POP3_STATE_COUNT 7

/* The rows of pop3_statuses[]; those of a command stand in pop3_command_statuses[]. */
typedef enum {
    POP3_STATUS_OK,
    POP3_STATUS_ERR,
    POP3_STATUS_CHALLENGE,
    POP3_STATUS_GREETING,
    POP3_STATUS_GREETING_ERR,
    POP3_STATUS_COUNT,
} Pop3StatusId;

extern const Pop3CommandRow pop3_commands[N_POP3_COMMANDS];
extern const VocabularyItem pop3_command_statuses[2 * N_POP3_COMMANDS];
extern const VocabularyItem pop3_statuses[POP3_STATUS_COUNT];
extern const VocabularyItem pop3_response_codes[POP3_RESPONSE_CODE_COUNT];
extern const VocabularyItem pop3_capabilities[POP3_CAPABILITY_COUNT];
extern const VocabularyItem pop3_terms[POP3_TERM_COUNT];
extern const VocabularyItem pop3_states[POP3_STATE_COUNT];
