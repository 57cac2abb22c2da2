#pragma once

/* How much of a capture has been read, in percent, on standard error where that is a terminal:
 *
 *     begin ─> show, again and again ─> end: the line is empty again */

#include <glib.h>
#include <stdbool.h>

typedef struct {
    bool is_shown;
    gint64 last_us;
} ReadingProgress;

ReadingProgress reading_progress_begin(void);

/* A DissectProgress; 'data' is the ReadingProgress. */
void reading_progress_show(gpointer data, guint64 position, guint64 size);
void reading_progress_end(const ReadingProgress *progress);
