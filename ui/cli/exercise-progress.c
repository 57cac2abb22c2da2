#include "ui/cli/exercise-progress.h"

#include <stdio.h>
#include <unistd.h>

#define INTERVAL_US 200000

ExerciseProgress exercise_progress_begin(const char *what)
{
    return (ExerciseProgress){.what = what, .is_shown = isatty(STDERR_FILENO) == 1};
}

void exercise_progress_show(ExerciseProgress *progress, guint done, guint total)
{
    gint64 now = g_get_monotonic_time();
    if (progress->is_shown && (done == total || now - progress->shown_at >= INTERVAL_US)) {
        fprintf(stderr, "\r%s: %u of %u", progress->what, done, total);
        fflush(stderr);
        progress->shown_at = now;
    }
}

void exercise_progress_end(ExerciseProgress *progress)
{
    if (progress->is_shown && progress->shown_at != 0) {
        fputs("\r\033[K", stderr);
    }
}
