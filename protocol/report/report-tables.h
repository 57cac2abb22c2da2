#pragma once

/* The rows behind report-vocabulary.h; only report-vocabulary.c and the tests read them here. */

#include "protocol/report/report-vocabulary.h"

#define REPORT_DSN_FIELD_COUNT 14
#define REPORT_MDN_FIELD_COUNT 7
#define REPORT_OTHER_FIELD_COUNT 12
#define REPORT_RESULT_COUNT 14
#define REPORT_TYPE_COUNT 4
#define REPORT_RULE_COUNT 16

extern const VocabularyItem report_dsn_fields[REPORT_DSN_FIELD_COUNT];
extern const VocabularyItem report_mdn_fields[REPORT_MDN_FIELD_COUNT];
extern const VocabularyItem report_other_fields[REPORT_OTHER_FIELD_COUNT];
extern const VocabularyItem report_results[REPORT_RESULT_COUNT];
extern const VocabularyItem report_types[REPORT_TYPE_COUNT];
extern const VocabularyItem report_rules[REPORT_RULE_COUNT];
