#pragma once

/* One step laid out for people, the same in every text view: number, time, side, the exact text,
 * the meaning beside it where there is room and below it where there is not, the reference at the
 * right edge, then what stands below the step. */

#include "ui/report/text-layout.h"
#include "ui/timeline/step.h"

/* 'begin_ns' is the time that counts as nought. */
void step_text_row(TextLayout *layout, const Step *step, gint64 begin_ns);

/* "2009-10-05 06:06:07.529 UTC" */
char *step_text_time(gint64 time_ns);
