#include "dissect/conversation/step-ring.h"

static guint32 room(const StepRing *ring)
{
    return ring->capacity == 0 ? STEP_RING_INLINE : ring->capacity;
}

static guint64 *place(StepRing *ring, guint64 number)
{
    guint64 *all = ring->capacity == 0 ? ring->few : ring->many;
    return &all[number & (room(ring) - 1)];
}

static void grow(StepRing *ring, guint64 newest)
{
    guint32 before = room(ring);
    guint64 *many = g_new0(guint64, before * 4);
    guint64 oldest = newest > before ? newest - before : 0;
    for (guint64 number = oldest; number < newest; number++) {
        many[number & (before * 4 - 1)] = *place(ring, number);
    }
    if (ring->capacity > 0) {
        g_free(ring->many);
    }
    ring->many = many;
    ring->capacity = before * 4;
}

void step_ring_put(StepRing *ring, guint64 number, guint64 step)
{
    while (number > ring->settled && number - ring->settled >= room(ring) &&
           room(ring) < STEP_RING_MAXIMUM) {
        grow(ring, number);
    }
    *place(ring, number) = step;
}

guint64 step_ring_get(const StepRing *ring, guint64 number)
{
    const guint64 *all = ring->capacity == 0 ? ring->few : ring->many;
    return number == 0 ? 0 : all[number & (room(ring) - 1)];
}

void step_ring_settle(StepRing *ring, guint64 number)
{
    ring->settled = MAX(ring->settled, number);
}

void step_ring_clear(StepRing *ring)
{
    if (ring->capacity > 0) {
        g_free(ring->many);
    }
    *ring = (StepRing){0};
}
