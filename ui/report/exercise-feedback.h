#pragma once

/* What a student reads about an answer: right, or where it went wrong, why, and how to go on. */

#include "exercises/class/mark.h"
#include "exercises/exercise-verdict.h"
#include "ui/report/text-layout.h"

/* "base64-encode, question 3 of 5 · not yet" and what belongs to it; 'number' 0: no number. With
 * 'hides_key' the right answer is not shown. */
void feedback_text(
    TextLayout *layout, const ExerciseVerdict *verdict, guint number, guint count, bool hides_key
);

/* The same as a plain text of 80 columns; the caller frees it. */
char *feedback_plain(const ExerciseVerdict *verdict, guint number, guint count);

/* The marking of a whole hand-in, as text and as a page. */
void feedback_mark_text(TextLayout *layout, const Mark *mark, const char *title);
void feedback_mark_html(GString *page, const Mark *mark, const char *title);

/* The class: how many, how well, and which step was missed most, with bars. */
void feedback_class_text(TextLayout *layout, const ClassTable *table, const ClassSheet *sheet);

/* The place of the first wrong step, "not yet" where that would only say "the answer". */
const char *feedback_where(const ExercisePartVerdict *part);

/* "7.5" */
char *feedback_points(guint tenths);
