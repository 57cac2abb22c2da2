#pragma once

/* A scenario made from a seed: organisations behind bad links, people who write, send and fetch in
 * every way there is. Gives the text of a scenario file, so that a seed that fails can be looked at
 * with `mailwalk run`. */

#include <glib.h>

char *central_world_text(guint64 seed);
