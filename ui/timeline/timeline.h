#pragma once

/* All steps of one capture or one simulation, owned, in the order in which they were given. For
 * views that need to look back: the full screen, the page, questions. A view that only passes over
 * the steps takes them from the builder and keeps none. */

#include "ui/timeline/step.h"

#define TIMELINE_STEPS_MAXIMUM 2000000 /* further steps are counted, not kept */

typedef struct Timeline Timeline;

Timeline *timeline_new(void);
void timeline_free(Timeline *timeline);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Timeline, timeline_free)

/* Takes the step; the builder's sink can be this very function with the timeline as its owner. */
void timeline_add(gpointer timeline, Step *step);

/* A connection that nobody answered is known as such only at the end: once all steps are there,
 * this puts it where its first packet went out. */
void timeline_settle(Timeline *timeline);

guint timeline_count(const Timeline *timeline);
const Step *timeline_step(const Timeline *timeline, guint index);
guint64 timeline_dropped(const Timeline *timeline); /* steps there was no room for */

/* NULL: no step has that number. */
const Step *timeline_find(const Timeline *timeline, guint64 number);

/* The next step from 'index' on that this frame helped to carry; false: no more. */
bool timeline_next_of_frame(
    const Timeline *timeline, guint64 frame, guint *index, const Step **out_step
);
