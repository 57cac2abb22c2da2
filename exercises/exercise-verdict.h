#pragma once

/* What is said of an answer: each step right or wrong, the first wrong one, what the student
 * probably did and how to go on. Verdicts own their texts; they hold octets of the hand-in as they
 * came, so that views must make them fit for a screen or a page. */

#include "exercises/exercise.h"

typedef struct {
    const ExercisePart *part;
    bool is_given; /* something was answered */
    bool is_right;
    bool is_other_form; /* right, but not written as the key is */
    bool *steps_right;  /* one for each step of the part */
    guint n_right;
    guint n_steps;
    gssize first_wrong;  /* step; -1: none */
    const char *skill;   /* of the first wrong step; NULL */
    const char *mistake; /* name of a typical mistake; NULL: none was recognised */
    char *wrote;         /* the answer, as it is compared */
    char *shown;         /* the answer as it was given, where it is a word; NULL */
    char *where;         /* "letter 6. Your first five are right." */
    char *why;           /* what was probably done, or how that step goes */
    char *next;          /* how to go on; NULL */
    RfcReference reference;
} ExercisePartVerdict;

typedef struct {
    const Exercise *exercise; /* borrowed */
    GArray *parts;            /* ExercisePartVerdict */
    guint n_right;            /* steps */
    guint n_steps;
    bool is_right;
    bool is_given;
} ExerciseVerdict;

/* 'answers' has one text for each part, NULL where nothing was answered. */
ExerciseVerdict *
exercise_check(const Exercise *exercise, const char *const *answers, gsize n_answers);

/* All parts from one text: "a: 250 b: 354", a line for each part, or the only part as it stands. */
ExerciseVerdict *exercise_check_text(const Exercise *exercise, const char *text);

void exercise_verdict_free(ExerciseVerdict *verdict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ExerciseVerdict, exercise_verdict_free)

const ExercisePartVerdict *exercise_verdict_part(const ExerciseVerdict *verdict, gsize index);

/* Does 'where' say more than "the answer"? */
bool exercise_part_verdict_has_place(const ExercisePartVerdict *part);

/* The first part that is wrong; NULL: all are right. */
const ExercisePartVerdict *exercise_verdict_first_wrong(const ExerciseVerdict *verdict);

/* For judges of kinds. All steps right; or the step 'first' wrong, with those before it right. */
void exercise_part_verdict_right(ExercisePartVerdict *verdict);
void exercise_part_verdict_wrong(ExercisePartVerdict *verdict, gsize first);

/* Sets a text of a verdict in place of the one it had. */
void exercise_verdict_set(char **text, const char *format, ...) G_GNUC_PRINTF(2, 3);
