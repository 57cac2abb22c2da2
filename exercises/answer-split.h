#pragma once

/* Cuts the text of one question into the answers of its parts: "a: 250  b: 354", a labelled line
 * for each, or as many lines or words as there are parts, in order. */

#include <glib.h>

/* 'n_parts' texts, "" where nothing was found; free with g_strfreev(). One part gets the whole. */
char **answer_split(const char *text, gsize n_parts);
