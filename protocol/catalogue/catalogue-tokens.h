#pragma once

/* Single steps of the search: how a token compares, what a reference looks like, what is near. */

#include "protocol/catalogue/catalogue-filter.h"

typedef struct {
    const char *token;
    const char *context; /* NULL: any */
    CatalogueFilter filter;
    bool is_loose; /* only letters and digits count */
} TokenQuery;

/* The token itself, in any case of letters; "5.1.1" is also "X.1.1", and "MAIL FROM" is MAIL. */
bool catalogue_token_is_exact(const TokenQuery *wanted, const VocabularyItem *item);

/* The same letters and digits, whatever stands between and around them. */
bool catalogue_token_is_loose(const TokenQuery *wanted, const VocabularyItem *item);

bool catalogue_context_is_right(const TokenQuery *wanted, const VocabularyItem *item);

/* "rfc 5321", "rfc5321 §4.2", "5321 section 4.2", "821". False: no such thing. */
bool catalogue_read_reference(
    char *const *words, guint count, guint16 *out_number, char **out_section
);

/* In the section or in one under it; a NULL section is the whole document. */
bool catalogue_is_in_section(const VocabularyItem *item, guint16 number, const char *section);

bool catalogue_names_protocol(const char *word);
bool catalogue_begins_with_code(const char *word); /* 550, 5.1.1, +OK, -ERR */

/* Takes punctuation off both ends, in place. */
void catalogue_strip_word(char *word);
char *catalogue_join_words(char *const *words, guint count);

/* What belongs together side by side; rows in force before those that are not, and the general
 * sense before those of one context. */
void catalogue_sort_senses(GPtrArray *items);

/* Tokens that one slip of the fingers away could have been meant. */
void catalogue_suggest(GPtrArray *suggestions, char *const *words, guint count);
