#pragma once

/* Finds the files that mailwalk ships (scenarios, traces, sheets): in the folder that MAILWALK_DATA
 * names, beside an installed program, or in the source tree that it was built from. */

#include <glib.h>

/* The path of 'kind'/'name', e.g. "scenarios" and "alice-to-bob.scenario"; NULL: not found. */
char *data_file_find(const char *kind, const char *name);

/* The names in that folder with that ending, ending taken off, sorted. */
GPtrArray *data_file_list(const char *kind, const char *ending);
