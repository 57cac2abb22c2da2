#pragma once

/* Reads a class list: a table with the students' ids and perhaps names. Columns are found by their
 * headings (id, student, username, matriculation ...; name, first and last name); without headings
 * the first column is the id and the second the name. */

#include "exercises/class/class-sheet.h"

/* Adds the students to the sheet. Rows without an id of their own are told in 'out_remarks' (char *
 * each); false: there is no table, or nobody in it. */
bool roster_read(const char *path, ClassSheet *sheet, GPtrArray *out_remarks, GError **error);
