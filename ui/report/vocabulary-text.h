#pragma once

/* Rows of the vocabulary for people to read: what it means, where that is written, since when, how
 * it is spelled, where it may appear and what may answer it. */

#include "protocol/rfc/vocabulary.h"
#include "ui/report/text-layout.h"

/* All that is known of each row. Rows that share protocol, kind and token must stand side by side;
 * they get one heading. */
void vocabulary_text_senses(TextLayout *layout, const VocabularyItem *const *items, gsize count);

/* One line for each row. */
void vocabulary_text_list(TextLayout *layout, const VocabularyItem *const *items, gsize count);

/* The names of the states in a row's 'states', as the protocol itself calls them; NULL: none. */
char *vocabulary_state_names(const VocabularyItem *item);

/* "October 2008, Draft Standard, obsoleted by RFC 9989 and 9990". */
char *vocabulary_document_text(guint16 number);
