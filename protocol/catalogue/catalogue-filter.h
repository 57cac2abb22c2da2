#pragma once

/* The words of a query that name a protocol or a kind of row: "smtp", "replies", "fetch items".
 * What is left over is the token that is looked for. */

#include "protocol/rfc/vocabulary.h"

typedef struct {
    guint64 protocols; /* bits of VocabularyProtocol; 0: any */
    guint64 kinds;     /* bits of VocabularyKind; 0: any */
} CatalogueFilter;

bool catalogue_filter_admits(const CatalogueFilter *filter, const VocabularyItem *item);
bool catalogue_filter_is_empty(const CatalogueFilter *filter);

/* Takes as many words off the front as name the same thing; gives how many. Plural forms count. */
guint catalogue_take_protocol(char *const *words, guint count, CatalogueFilter *filter);
guint catalogue_take_kind(char *const *words, guint count, CatalogueFilter *filter);

/* The same off the end. */
guint catalogue_take_kind_at_end(char *const *words, guint count, CatalogueFilter *filter);
