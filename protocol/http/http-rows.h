#pragma once

/* The tables of HTTP, one per file, for http-vocabulary.c alone. The numbers of rows stand here so
 * that one array can hold all tables; the compiler refuses a table of another length. */

#include "protocol/http/http-vocabulary.h"

extern const VocabularyItem http_method_rows[9];
extern const HttpStatusRow http_status_rows[48];
extern const VocabularyItem http_field_rows[41];
extern const VocabularyItem http_rule_rows[27];
