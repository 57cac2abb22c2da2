#pragma once

/* The tables of trust, for trust-vocabulary.c alone. The numbers of rows stand here so that one
 * array can hold all tables; the compiler refuses a table of another length. */

#include "protocol/trust/trust-vocabulary.h"

extern const VocabularyItem spf_mechanism_rows[10];
extern const VocabularyItem spf_result_rows[14];
extern const VocabularyItem spf_rule_rows[12];
extern const VocabularyItem dkim_signature_tag_rows[14];
extern const VocabularyItem dkim_key_tag_rows[7];
extern const VocabularyItem arc_tag_rows[2];
extern const VocabularyItem dkim_rule_rows[19];
extern const VocabularyItem arc_rule_rows[5];
extern const VocabularyItem dmarc_tag_rows[22];
extern const VocabularyItem dmarc_rule_rows[22];
extern const VocabularyItem tls_rule_rows[30];
extern const VocabularyItem tls_policy_rows[12];
