#pragma once

/* Sets of message numbers as texts. */

#include "exercises/exercise-maker.h"

char *number_set_text(guint32 bits); /* "1, 3, 4"; "none" */

/* A step for each number of a set part, in the order in which sets are compared. 'format' has one
 * %u for the number. */
void number_set_steps(
    ExercisePart *part,
    guint32 bits,
    const char *skill,
    RfcReference reference,
    const char *sentence
);
