#pragma once

/* Words of a query against the words of a row: its meaning, the RFC's own words for it, its token,
 * context, kind and protocol. */

#include "protocol/rfc/vocabulary.h"

/* How well the row answers: 0 where fewer than 'needed' of the words are in it. A word also counts
 * when it begins one in the row, and in its plural and past forms. */
guint catalogue_word_score(
    const VocabularyItem *item, char *const *words, guint count, guint needed
);

/* Words that say nothing about what is looked for: "the", "of", "what" ... */
bool catalogue_is_stop_word(const char *word);
