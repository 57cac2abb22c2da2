#pragma once

/* Everything that mailwalk knows, in one place: the rows of all protocols, and the search that
 * `mailwalk rfc`, the help of the views and the exercises share. Nothing is built beforehand; one
 * query walks the constant tables once or twice. */

#include "protocol/rfc/vocabulary.h"

/* Walks all rows, protocol after protocol. Start with {0}; NULL: the end. */
typedef struct {
    gsize source;
    gsize table;
    gsize row;
} CatalogueCursor;

const VocabularyItem *catalogue_next(CatalogueCursor *cursor);

typedef enum {
    CATALOGUE_NOTHING,
    CATALOGUE_TOKEN,    /* the rows whose token the query is, alone or with its protocol */
    CATALOGUE_GROUP,    /* all rows of one kind: "smtp replies" */
    CATALOGUE_DOCUMENT, /* all rows that an RFC, or a section of it, defines: "rfc 5321 4.2" */
    CATALOGUE_WORDS,    /* rows whose meaning, or the RFC's own words for it, hold the words */
} CatalogueMatch;

typedef struct {
    CatalogueMatch match;
    GPtrArray *items;       /* const VocabularyItem *, best first; borrowed from the tables */
    GPtrArray *members;     /* for a token that names a group too ("imap fetch"): the group */
    RfcReference document;  /* of a document; its section is NULL for the whole, else owned */
    GPtrArray *suggestions; /* const char *: tokens near the query, where nothing was found */
    char *section;          /* what document.section points to */
} CatalogueResult;

/* Never NULL; spaces are of no account and letters may be of any case. */
CatalogueResult *catalogue_search(const char *query);
void catalogue_result_free(CatalogueResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CatalogueResult, catalogue_result_free)

/* The sense that 'token' has as an answer to 'command': the row with that context, else one of the
 * command's own context (IMAP4rev1), else the general one; NULL: none. */
const VocabularyItem *catalogue_reply_sense(const VocabularyItem *command, const char *token);

/* The RFC's own short words for an item, or other words that people look for; NULL: none. */
const char *catalogue_keywords(const VocabularyItem *item);

/* False for a row whose RFC is obsolete or that names what replaces it. */
bool catalogue_is_in_force(const VocabularyItem *item);
