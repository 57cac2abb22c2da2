#pragma once

/* A short story on the full screen, without a terminal: Alice writes to Bob, he fetches it. */

#include "tests/support/test.h"

#include "ui/terminal/stage.h"

typedef struct {
    Scenario *scenario;
    guint plays; /* how often the story was played from its beginning */
} Player;

extern Player player;

int stage_story_set_up(void **state);
int stage_story_tear_down(void **state);

Recording *play(gpointer owner, const WhatIfList *what_ifs, GError **error);
Stage *open_stage(guint width, guint height);

/* Letters are typed as they are; '<' and '>' are back and forward, '^' and '~' up and down, '\t'
 * and '\n' the keys of that name, '\033' Escape, '\x01' Home, '\x05' End. */
void type(Stage *stage, const char *keys);

char *screen_of(Stage *stage, guint width, guint height);
