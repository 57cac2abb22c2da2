#pragma once

/* Steps as a sequence diagram: one column per host, an arrow for each line, time runs down.
 *
 *             10.1.0.7                          10.1.0.9
 *      31         │◀── +OK POP3 server ready ──────┤  greeting ...
 *      33         ├── USER bob ──────────────────▶│  names the mailbox
 *
 * Where all hosts fit into the width there is one diagram for the whole capture, in order of time;
 * else each conversation has its own. */

#include "ui/report/text-layout.h"
#include "ui/timeline/timeline.h"

typedef struct {
    StepLevel level;
    bool is_ascii;
} LadderOptions;

void ladder_write(TextLayout *layout, const Timeline *timeline, const LadderOptions *options);

/* Whether a diagram shows the step at that level, and what stands on its arrow; also for the page,
 * which draws the same diagram with other means. */
bool ladder_shows(const Step *step, StepLevel level);
char *ladder_label(const Step *step);
bool ladder_has_arrow(const Step *step);
