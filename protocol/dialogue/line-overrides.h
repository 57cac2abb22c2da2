#pragma once

/* What a side is to say instead of its own words, by the number of the command (from 1; 0 is the
 * greeting): for those who teach and ask "what if". Owned by an engine; empty in ordinary life. */

#include <glib.h>
#include <stdbool.h>

typedef struct {
    GHashTable *lines; /* number -> its words; NULL: none */
} LineOverrides;

/* '*said' becomes true when its moment comes; it lives as long as the engine. NULL: nobody asks. */
void line_overrides_set(LineOverrides *overrides, guint64 number, const char *text, bool *said);

/* What is to be said now; NULL: the side's own words. */
const char *line_overrides_take(const LineOverrides *overrides, guint64 number);
void line_overrides_clear(LineOverrides *overrides);
