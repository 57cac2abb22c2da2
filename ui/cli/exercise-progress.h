#pragma once

/* How far a long work is: one line on standard error that is written over, on a terminal only. */

#include <glib.h>
#include <stdbool.h>

typedef struct {
    const char *what;
    bool is_shown;
    gint64 shown_at;
} ExerciseProgress;

ExerciseProgress exercise_progress_begin(const char *what);
void exercise_progress_show(ExerciseProgress *progress, guint done, guint total);
void exercise_progress_end(ExerciseProgress *progress);
