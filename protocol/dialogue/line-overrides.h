#pragma once

/* What a side is to say instead of its own words, by the number of the command (from 1): for those
 * who teach and ask "what if". Owned by an engine; empty in ordinary life. */

#include <glib.h>

typedef struct {
    GHashTable *texts; /* number -> text; NULL: none */
} LineOverrides;

void line_overrides_set(LineOverrides *overrides, guint64 number, const char *text);
const char *line_overrides_find(const LineOverrides *overrides, guint64 number); /* NULL: none */
void line_overrides_clear(LineOverrides *overrides);
