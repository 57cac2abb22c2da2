#pragma once

/* `mailwalk dissect --summary`, where that is the only view: two dissectors share the streams, and
 * what they count adds up. The text is the same as from one. */

#include "dissect/conversation/dissector.h"
#include "ui/cli/command.h"

/* False: nothing was written, because a capture cannot be opened, or because something had to be
 * left out for want of room and what that is depends on all streams. Then one dissector must read
 * them. 'captures' ends with NULL. */
bool dissect_count(char *const *captures, const DissectOptions *how, ExitStatus *out_status);
