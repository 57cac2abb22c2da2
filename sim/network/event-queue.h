#pragma once

/* What is due, ordered by time and then by the order of setting: heaps of four branches, each entry
 * beside its key. Arrivals of frames have a heap of their own, for they are few, near and quick to
 * come, while every connection has timers that mostly never ring. A timer moved to a later time
 * keeps its place until that place comes up and only then moves; retransmission timers are moved
 * with every segment and hardly ever fire. A parked timer is no longer set but may still lie in the
 * heap, for the same reason. Where each timer lies stands in a table of slots and not in the timer:
 * moving an entry must not reach for memory all over a large world. */

#include "sim/network/world.h"

typedef struct {
    SimTime due;
    guint64 order;
    guint32 slot;
} EventQueueEntry;

typedef struct {
    EventQueueEntry *entries;
    guint32 count;
    guint32 capacity;
    bool has_vacant_top; /* the top was taken and its place not yet filled */
} EventHeap;

enum {
    EVENT_HEAP_TIMERS,
    EVENT_HEAP_ARRIVALS,
    EVENT_HEAP_COUNT,
};

typedef struct {
    EventHeap heaps[EVENT_HEAP_COUNT];
    SimTimer **timers;  /* by slot; slot 0 is nobody's */
    guint32 *positions; /* by slot: the place in the heap; of a free slot: the next free one */
    guint32 slot_count;
    guint32 slot_capacity;
    guint32 first_free; /* 0: none */
    guint32 foreground; /* timers set that are not background ones */
    guint64 next_order;
} EventQueue;

void event_queue_init(EventQueue *queue);
void event_queue_clear(EventQueue *queue);

guint64 event_queue_take_order(EventQueue *queue);
void event_queue_set(EventQueue *queue, SimTimer *timer, SimTime due, guint64 order);
void event_queue_park(EventQueue *queue, SimTimer *timer);
void event_queue_cancel(EventQueue *queue, SimTimer *timer);

/* When the next timer is due; SIM_TIME_NEVER: none is. */
SimTime event_queue_next_due(EventQueue *queue);

/* Takes the next timer off, no longer set, and says when it was due; NULL: none is up to 'limit'.
 */
SimTimer *event_queue_pop(EventQueue *queue, SimTime limit, SimTime *out_due);

/* To be called when the callback of the popped timer is over. */
void event_queue_settle(EventQueue *queue);
