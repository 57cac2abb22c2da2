#pragma once

/* The tables of the network, for network-vocabulary.c alone. The numbers of rows stand here so that
 * one array can hold all tables; the compiler refuses a table of another length. */

#include "protocol/network/network-vocabulary.h"

extern const TcpNumberRow tcp_flag_rows[8];
extern const VocabularyItem tcp_state_rows[11];
extern const TcpNumberRow tcp_option_rows[7];
extern const VocabularyItem tcp_field_rows[8];
extern const VocabularyItem tcp_limit_rows[9];
extern const VocabularyItem tcp_rule_rows[30];
extern const VocabularyItem ip_field_rows[9];
extern const VocabularyItem ip_rule_rows[15];
