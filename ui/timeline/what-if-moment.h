#pragma once

/* From "step 17", which only a view knows, to a moment that the simulation knows. */

#include "ui/timeline/recording.h"

/* False: there is no such step in the recording, or what is to happen cannot happen there. */
bool what_if_find_moment(
    const Recording *recording, const WhatIf *what_if, WhatIfMoment *out_moment, GError **error
);
