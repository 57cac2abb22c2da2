#pragma once

/* What a lecturer stands in front of: one recording, shown step by step. This is the model of the
 * full screen; it draws into a grid of cells and takes keys as numbers, so it needs no terminal.
 *
 *     keys, mouse, ticks ─> Stage ─> cell grid ─> terminal.c copies it to the screen
 *                             └── what-ifs ─> owner plays the story again ─> another recording
 *
 * Only what has happened up to the present step is shown, so nothing is given away. */

#include "ui/terminal/cell-grid.h"
#include "ui/terminal/stage-keys.h"
#include "ui/timeline/recording.h"

typedef struct {
    const char *title;  /* "alice-to-bob" */
    const char *name;   /* what the command line calls it: "alice-to-bob" */
    const char *unlike; /* options of the command line that make this run: " --seed 3"; "" */
    bool show_secrets;
    const char *const *deeds; /* what people can do in this story, closed by NULL; NULL: none */

    /* Plays the story with these what-ifs; NULL: the error says what does not fit. The function is
     * NULL for a capture, where nothing can go another way. */
    Recording *(*play)(gpointer owner, const WhatIfList *what_ifs, GError **error);
    gpointer owner;
} StageOptions;

typedef struct Stage Stage;

/* Takes the recording. 'what_ifs' made it, NULL: none; then 'original' is the story without them,
 * and taken as well. */
Stage *stage_new(
    const StageOptions *options,
    Recording *recording,
    Recording *original,
    const WhatIfList *what_ifs,
    guint width,
    guint height
);
void stage_free(Stage *stage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stage, stage_free)

void stage_resize(Stage *stage, guint width, guint height);
void stage_set_level(Stage *stage, StepLevel level);
bool stage_go_to_step(Stage *stage, guint64 number); /* false: there is none */

/* A letter as Unicode has it, or a StageKey. False: the lecturer wants to leave. */
bool stage_key(Stage *stage, guint32 key);

/* Cell of the grid that was clicked. */
void stage_click(Stage *stage, guint x, guint y);

/* While the story plays by itself: how long until the next tick; -1: it does not play. */
gint stage_tick_ms(const Stage *stage);
void stage_tick(Stage *stage);

void stage_draw(Stage *stage, CellGrid *grid);
