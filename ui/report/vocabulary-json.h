#pragma once

/* Rows of the vocabulary for programs. */

#include "protocol/rfc/vocabulary.h"
#include "ui/report/json-line.h"

/* Adds the members that stand for a row: protocol, kind, token, meaning, rfc ... */
void vocabulary_json_members(JsonLine *line, const VocabularyItem *item);

/* Adds "rfc": [{"rfc", "section", "title"}], the form that every other line has too. */
void vocabulary_json_reference(JsonLine *line, RfcReference reference);
