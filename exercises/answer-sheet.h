#pragma once

/* Who fills in a sheet leaves its own words standing: behind an answer come the prompt of the next
 * part, how to answer, and the questions that follow. They are no part of the answer. */

#include "exercises/exercise.h"

/* 'text' as hand_in_add() joins it, without what the sheet of the exercise says itself, however it
 * is wrapped and marked up; free with g_free(). */
char *answer_without_sheet(const Exercise *exercise, const char *text);
