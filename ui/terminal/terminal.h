#pragma once

/* The full screen itself: copies the stage's cells to a terminal by ncurses, reads keys, mouse and
 * changes of size. Everything else is the stage's. */

#include "ui/terminal/stage.h"

/* Whether a full screen is possible: both ends are a terminal that can place a cursor. */
bool terminal_is_there(void);

/* Takes over the screen until the lecturer leaves. 'stage' gets the size of the screen first.
 * False: the terminal failed. */
bool terminal_run(Stage *stage, GError **error);
