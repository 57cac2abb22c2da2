#pragma once

/* The main loop of a command that serves real clients: it goes on until Ctrl-C or SIGTERM, and what
 * the view has gathered is written out before the loop waits again, so nothing is shown late. */

#include "ui/cli/listen-view.h"

/* False: the screen or the capture failed. */
bool serve_loop_run(ListenView *view, GError **error);
