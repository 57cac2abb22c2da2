#pragma once

/* How far two words are apart in letters, for "did you mean". */

#include <glib.h>

/* Edits (insert, drop, change a letter, swap two neighbours) that lead from one word to the other;
 * letters of either case are the same. Words of more than 63 octets are as far apart as can be. */
guint edit_distance(const char *left, const char *right);

/* How many edits may lie between a word and one that is still suggested for it. */
guint edit_distance_limit(const char *word);
