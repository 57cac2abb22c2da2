#pragma once

/* The rows behind smtp-vocabulary.h, one file a subject. Only smtp-vocabulary.c and the tests read
 * them here; everybody else asks smtp-vocabulary.h. */

#include "protocol/smtp/smtp-vocabulary.h"

#define SMTP_COMMAND_SENSE_COUNT 12
#define SMTP_STATE_COUNT 10

extern const SmtpCommandRow smtp_commands[N_SMTP_COMMANDS];
extern const VocabularyItem smtp_command_senses[SMTP_COMMAND_SENSE_COUNT];
extern const VocabularyItem smtp_states[SMTP_STATE_COUNT];
