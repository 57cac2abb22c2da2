#pragma once

/* The tables of MIME, for mime-vocabulary.c alone. The numbers of rows stand here so that one array
 * can hold all tables; the compiler refuses a table of another length. */

#include "protocol/mime/mime-vocabulary.h"

extern const VocabularyItem mime_field_rows[10];
extern const VocabularyItem mime_media_type_rows[42];
extern const VocabularyItem mime_parameter_rows[23];
extern const VocabularyItem mime_encoding_rows[17];
extern const VocabularyItem mime_charset_rows[6];
extern const VocabularyItem mime_rule_rows[25];
