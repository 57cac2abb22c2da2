#pragma once

/* How two answers of one form are compared: both are brought into a form without what does not
 * matter (white space, case, punctuation), then cut into elements (characters, lines, items), of
 * which the first that differs is looked for. */

#include "exercises/exercise.h"

#define ANSWER_MAXIMUM 65536 /* octets of one answer; what is longer is cut */

/* An answer as it is compared; the caller frees it. */
char *answer_normalise(AnswerForm form, const char *answer);

/* The same answer, after normalising. */
bool answer_equal(AnswerForm form, const char *left, const char *right);

/* The elements of an answer: characters, lines or items; sets are sorted. Free with g_strfreev().
 */
char **answer_elements(AnswerForm form, const char *normal);

/* "letter", "line", "item": what an element is called. */
const char *answer_element_name(AnswerForm form);

bool answer_is_empty(const char *answer);

/* A sentence that tells a student how to write an answer of this form. */
const char *answer_form_meaning(AnswerForm form);
