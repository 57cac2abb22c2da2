#include "ui/cli/reading-progress.h"

#include <stdio.h>
#include <unistd.h>

#define BETWEEN_US 200000

ReadingProgress reading_progress_begin(void)
{
    return (ReadingProgress){
        .is_shown = isatty(STDERR_FILENO) != 0,
        .last_us = g_get_monotonic_time(),
    };
}

void reading_progress_show(gpointer data, guint64 position, guint64 size)
{
    ReadingProgress *progress = data;
    if (!progress->is_shown || size == 0) {
        return;
    }
    gint64 now_us = g_get_monotonic_time();
    if (now_us - progress->last_us >= BETWEEN_US) {
        progress->last_us = now_us;
        fprintf(stderr, "\r%3u %%", (guint)(position * 100 / size));
        fflush(stderr);
    }
}

void reading_progress_end(const ReadingProgress *progress)
{
    if (progress->is_shown) {
        fprintf(stderr, "\r     \r");
    }
}
