#pragma once

/* The sequence diagram of one conversation as SVG inside a page. */

#include "ui/timeline/timeline.h"

void html_ladder(GString *page, const Timeline *timeline, guint64 stream, StepLevel level);
