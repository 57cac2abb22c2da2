#pragma once

/* The steps of a conversation's commands, found again by the command's number, for as long as the
 * commands wait for their answers. */

#include <glib.h>

#define STEP_RING_INLINE 8
#define STEP_RING_MAXIMUM 65536

typedef struct {
    guint64 settled;  /* the highest number that has had its answer */
    guint32 capacity; /* a power of two; 0 stands for the inline places */

    union {
        guint64 few[STEP_RING_INLINE];
        guint64 *many;
    };
} StepRing;

void step_ring_put(StepRing *ring, guint64 number, guint64 step);
guint64 step_ring_get(const StepRing *ring, guint64 number); /* 0: unknown */
void step_ring_settle(StepRing *ring, guint64 number);
void step_ring_clear(StepRing *ring);
