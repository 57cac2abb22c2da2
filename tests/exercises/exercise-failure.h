#pragma once

/* How a test of exercises fails: with what is needed to see the same again. */

#include "exercises/exercise.h"
#include "tests/support/test.h"

static inline void
exercise_fail_at(const Exercise *exercise, guint index, const char *what, const char *answer)
{
    const ExercisePart *part = exercise->parts->pdata[index];
    fail_msg(
        "%s level %u seed %" G_GUINT64_FORMAT " part %u: %s\nkey:    %s\nanswer: %s",
        exercise->kind->name,
        exercise->level,
        exercise->seed,
        index,
        what,
        part->key,
        answer
    );
}
