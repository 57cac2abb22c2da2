#pragma once

/* Finding a row by its token, in letters of any case. */

#include "protocol/rfc/vocabulary.h"
#include "protocol/text/byte-span.h"

/* As strcmp(), ASCII letters of either case being the same. */
int vocabulary_compare_tokens(ByteSpan token, const char *other);

/* The first row with that token, or NULL. The sorted form halves the table at each step and needs
 * rows in the order of vocabulary_compare_tokens(). */
const VocabularyItem *vocabulary_find(const VocabularyTable *table, ByteSpan token);
const VocabularyItem *vocabulary_find_sorted(const VocabularyTable *table, ByteSpan token);

/* The same among the rows of one context. */
const VocabularyItem *
vocabulary_find_in_context(const VocabularyTable *table, ByteSpan token, ByteSpan context);

/* For tests: the first row that stands before its forerunner; NULL: the table is sorted. */
const VocabularyItem *vocabulary_first_unsorted(const VocabularyTable *table);
