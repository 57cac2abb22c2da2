#include "sim/network/event-queue.h"

#define BRANCHES 4

void event_queue_init(EventQueue *queue)
{
    *queue = (EventQueue){.next_order = 1, .slot_count = 1};
}

void event_queue_clear(EventQueue *queue)
{
    for (guint i = 0; i < EVENT_HEAP_COUNT; i++) {
        g_free(queue->heaps[i].entries);
        queue->heaps[i] = (EventHeap){0};
    }
    g_clear_pointer(&queue->timers, g_free);
    g_clear_pointer(&queue->positions, g_free);
}

/* --- slots --- */

static void take_slot(EventQueue *queue, SimTimer *timer)
{
    guint32 slot = queue->first_free;
    if (slot != 0) {
        queue->first_free = queue->positions[slot];
    } else {
        slot = queue->slot_count++;
        if (slot >= queue->slot_capacity) {
            queue->slot_capacity = MAX(2 * queue->slot_capacity, 64);
            queue->timers = g_renew(SimTimer *, queue->timers, queue->slot_capacity);
            queue->positions = g_renew(guint32, queue->positions, queue->slot_capacity);
        }
    }
    queue->timers[slot] = timer;
    timer->slot = slot;
}

static void free_slot(EventQueue *queue, SimTimer *timer)
{
    queue->positions[timer->slot] = queue->first_free;
    queue->first_free = timer->slot;
    timer->slot = 0;
}

/* --- heaps --- */

static bool is_before(const EventQueueEntry *left, const EventQueueEntry *right)
{
    return left->due < right->due || (left->due == right->due && left->order < right->order);
}

static void place(EventQueue *queue, EventHeap *heap, guint32 index, EventQueueEntry entry)
{
    heap->entries[index] = entry;
    queue->positions[entry.slot] = index;
}

static void sift_up(EventQueue *queue, EventHeap *heap, guint32 index, EventQueueEntry entry)
{
    while (index > 0) {
        guint32 parent = (index - 1) / BRANCHES;
        if (!is_before(&entry, &heap->entries[parent])) {
            break;
        }
        place(queue, heap, index, heap->entries[parent]);
        index = parent;
    }
    place(queue, heap, index, entry);
}

static void sift_down(EventQueue *queue, EventHeap *heap, guint32 index, EventQueueEntry entry)
{
    for (;;) {
        guint32 first = index * BRANCHES + 1;
        if (first >= heap->count) {
            break;
        }
        guint32 last = MIN(first + BRANCHES, heap->count);
        guint32 least = first;
        for (guint32 child = first + 1; child < last; child++) {
            if (is_before(&heap->entries[child], &heap->entries[least])) {
                least = child;
            }
        }
        if (!is_before(&heap->entries[least], &entry)) {
            break;
        }
        place(queue, heap, index, heap->entries[least]);
        index = least;
    }
    place(queue, heap, index, entry);
}

static void remove_at(EventQueue *queue, EventHeap *heap, guint32 index)
{
    EventQueueEntry last = heap->entries[--heap->count];
    if (index == heap->count) {
        return;
    }
    if (index > 0 && is_before(&last, &heap->entries[(index - 1) / BRANCHES])) {
        sift_up(queue, heap, index, last);
    } else {
        sift_down(queue, heap, index, last);
    }
}

static void insert(EventQueue *queue, EventHeap *heap, EventQueueEntry entry)
{
    if (heap->has_vacant_top) {
        heap->has_vacant_top = false;
        sift_down(queue, heap, 0, entry);
        return;
    }
    if (heap->count == heap->capacity) {
        heap->capacity = MAX(2 * heap->capacity, 64);
        heap->entries = g_renew(EventQueueEntry, heap->entries, heap->capacity);
    }
    sift_up(queue, heap, heap->count++, entry);
}

guint64 event_queue_take_order(EventQueue *queue)
{
    return queue->next_order++;
}

static EventHeap *heap_of(EventQueue *queue, const SimTimer *timer)
{
    return &queue->heaps[timer->is_arrival ? EVENT_HEAP_ARRIVALS : EVENT_HEAP_TIMERS];
}

static void count(EventQueue *queue, const SimTimer *timer, bool is_set)
{
    if (!timer->is_background) {
        queue->foreground += is_set ? 1 : -1;
    }
}

void event_queue_set(EventQueue *queue, SimTimer *timer, SimTime due, guint64 order)
{
    if (timer->due == SIM_TIME_NEVER) {
        count(queue, timer, true);
    }
    timer->due = due;
    timer->order = order;
    EventHeap *heap = heap_of(queue, timer);
    bool is_new = timer->slot == 0;
    if (is_new) {
        take_slot(queue, timer);
    }
    EventQueueEntry entry = {.due = due, .order = order, .slot = timer->slot};
    if (is_new) {
        insert(queue, heap, entry);
        return;
    }
    guint32 index = queue->positions[timer->slot];
    if (is_before(&entry, &heap->entries[index])) {
        sift_up(queue, heap, index, entry);
    }
}

void event_queue_park(EventQueue *queue, SimTimer *timer)
{
    if (timer->due != SIM_TIME_NEVER) {
        timer->due = SIM_TIME_NEVER;
        count(queue, timer, false);
    }
}

void event_queue_cancel(EventQueue *queue, SimTimer *timer)
{
    event_queue_park(queue, timer);
    if (timer->slot != 0) {
        guint32 index = queue->positions[timer->slot];
        free_slot(queue, timer);
        remove_at(queue, heap_of(queue, timer), index);
    }
}

static void settle(EventQueue *queue, EventHeap *heap)
{
    if (heap->has_vacant_top) {
        heap->has_vacant_top = false;
        remove_at(queue, heap, 0);
    }
}

void event_queue_settle(EventQueue *queue)
{
    for (guint i = 0; i < EVENT_HEAP_COUNT; i++) {
        settle(queue, &queue->heaps[i]);
    }
}

/* Brings a timer to the top that is really due at the time of its entry; NULL: there is none. */
static const EventQueueEntry *true_top(EventQueue *queue, EventHeap *heap)
{
    settle(queue, heap);
    while (heap->count > 0) {
        EventQueueEntry *top = &heap->entries[0];
        SimTimer *timer = queue->timers[top->slot];
        if (timer->due == SIM_TIME_NEVER) {
            free_slot(queue, timer);
            remove_at(queue, heap, 0);
        } else if (timer->due != top->due || timer->order != top->order) {
            EventQueueEntry moved = {.due = timer->due, .order = timer->order, .slot = top->slot};
            sift_down(queue, heap, 0, moved);
        } else {
            return top;
        }
    }
    return NULL;
}

static EventHeap *next_heap(EventQueue *queue)
{
    EventHeap *timers = &queue->heaps[EVENT_HEAP_TIMERS];
    EventHeap *arrivals = &queue->heaps[EVENT_HEAP_ARRIVALS];
    const EventQueueEntry *timer = true_top(queue, timers);
    const EventQueueEntry *arrival = true_top(queue, arrivals);
    if (timer == NULL || arrival == NULL) {
        return timer != NULL ? timers : arrivals;
    }
    return is_before(timer, arrival) ? timers : arrivals;
}

SimTime event_queue_next_due(EventQueue *queue)
{
    const EventHeap *heap = next_heap(queue);
    return heap->count == 0 ? SIM_TIME_NEVER : heap->entries[0].due;
}

SimTimer *event_queue_pop(EventQueue *queue, SimTime limit, SimTime *out_due)
{
    EventHeap *heap = next_heap(queue);
    if (heap->count == 0 || heap->entries[0].due > limit) {
        return NULL;
    }
    SimTimer *timer = queue->timers[heap->entries[0].slot];
    *out_due = timer->due;
    free_slot(queue, timer);
    event_queue_park(queue, timer);
    heap->has_vacant_top = true;
    return timer;
}
