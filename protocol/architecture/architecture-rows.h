#pragma once

/* The tables of roles, ports and filters, for architecture-vocabulary.c alone. The numbers of rows
 * stand here so that one array can hold all tables; the compiler refuses a table of another length.
 */

#include "protocol/architecture/architecture-vocabulary.h"

extern const ArchitecturePortRow architecture_port_rows[12];
extern const VocabularyItem architecture_role_rows[15];
extern const VocabularyItem architecture_name_rows[14];
extern const VocabularyItem sieve_action_rows[8];
extern const VocabularyItem sieve_rule_rows[9];
