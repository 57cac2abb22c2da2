#pragma once

/* Tables as spreadsheets write them: cells by comma, semicolon or tab (whichever the first line has
 * most of), quotation marks around cells, doubled inside (RFC 4180). */

#include <glib.h>

#define CSV_CELLS_MAXIMUM 500

/* Rows of cells: char ** each. Empty lines are left out. */
GPtrArray *csv_read(const char *text);

/* One cell, quoted where it must be; a cell that a spreadsheet would take for a formula gets an
 * apostrophe in front. */
void csv_append(GString *out, const char *cell);
