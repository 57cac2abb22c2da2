#pragma once

/* Where hand-ins come from: a text or JSON file (one), a table (a row each), or a folder with a
 * file or a folder for each student. Links are not followed, and large, strange or unreadable files
 * are given with their reason; nothing stops the others. */

#include "exercises/class/class-sheet.h"
#include "exercises/class/hand-in.h"

#define HAND_IN_SIZE_MAXIMUM (1024 * 1024)
#define HAND_IN_TABLE_MAXIMUM (64 * 1024 * 1024)
#define HAND_IN_FILES_MAXIMUM 200 /* in one student's folder */

/* Whose the hand-in is; NULL: nobody of the class. */
const ClassStudent *hand_in_student(const HandIn *hand_in, const ClassSheet *sheet);

typedef void (*HandInTaker)(HandIn *hand_in, guint done, guint total, gpointer data);

/* Gives each hand-in, which the taker does not keep. False: the path itself cannot be read. */
bool hand_in_each(
    const char *path, const ClassSheet *sheet, HandInTaker taker, gpointer data, GError **error
);
