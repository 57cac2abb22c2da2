#pragma once

/* The what-ifs of one run, each waiting for its moment. Frames are counted as they are first sent,
 * connections by their first SYN, so both have the numbers that a reader of the capture gives them.
 *
 *     prompter ─────> "at connection 2 command 4 ...": words into the mouth of an engine
 *     world filter ─> frame 40: drop, delay ...; "at frame 40 ..." ─┐
 *     timers ───────> "at 10:15 ..." ───────────────────────────────┴─> host, deed
 */

#include "sim/network/tap.h"
#include "sim/network/tcp.h"
#include "sim/scenario/what-if.h"

typedef struct WhatIfPlay WhatIfPlay;

typedef struct {
    void (*deed)(gpointer owner, const WhatIf *what_if); /* its moment has come */
    gpointer owner;
} WhatIfPlayOwner;

/* Takes hold of the world's filter. NULL: a host is unknown, or a step has not been turned into a
 * moment. World and list must outlive it. */
WhatIfPlay *what_if_play_new(
    SimWorld *world, const WhatIfList *list, const WhatIfPlayOwner *owner, GError **error
);
void what_if_play_free(WhatIfPlay *play);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WhatIfPlay, what_if_play_free)

/* The first whose moment has not come; NULL: all have. */
const WhatIf *what_if_play_unmet(const WhatIfPlay *play);
