#pragma once

/* The tables of the message format, for message-vocabulary.c alone. The numbers of rows stand here
 * so that one array can hold all tables; the compiler refuses a table of another length. */

#include "protocol/message/message-vocabulary.h"

extern const VocabularyItem message_field_rows[85];
extern const VocabularyItem message_clause_rows[8];
extern const VocabularyItem message_with_rows[17];
extern const VocabularyItem message_method_rows[7];
extern const VocabularyItem message_result_rows[24];
extern const VocabularyItem message_limit_rows[1];
extern const VocabularyItem message_rule_rows[32];
