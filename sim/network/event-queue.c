#include "sim/network/event-queue.h"

#define BRANCHES 4

void event_queue_init(EventQueue *queue)
{
    *queue = (EventQueue){.next_order = 1};
}

void event_queue_clear(EventQueue *queue)
{
    g_clear_pointer(&queue->entries, g_free);
    queue->count = 0;
    queue->capacity = 0;
}

static bool is_before(const EventQueueEntry *left, const EventQueueEntry *right)
{
    return left->due < right->due || (left->due == right->due && left->order < right->order);
}

static void place(EventQueue *queue, guint32 index, EventQueueEntry entry)
{
    queue->entries[index] = entry;
    entry.timer->position = index + 1;
}

static void sift_up(EventQueue *queue, guint32 index, EventQueueEntry entry)
{
    while (index > 0) {
        guint32 parent = (index - 1) / BRANCHES;
        if (!is_before(&entry, &queue->entries[parent])) {
            break;
        }
        place(queue, index, queue->entries[parent]);
        index = parent;
    }
    place(queue, index, entry);
}

static void sift_down(EventQueue *queue, guint32 index, EventQueueEntry entry)
{
    for (;;) {
        guint32 first = index * BRANCHES + 1;
        if (first >= queue->count) {
            break;
        }
        guint32 last = MIN(first + BRANCHES, queue->count);
        guint32 least = first;
        for (guint32 child = first + 1; child < last; child++) {
            if (is_before(&queue->entries[child], &queue->entries[least])) {
                least = child;
            }
        }
        if (!is_before(&queue->entries[least], &entry)) {
            break;
        }
        place(queue, index, queue->entries[least]);
        index = least;
    }
    place(queue, index, entry);
}

static void remove_at(EventQueue *queue, guint32 index)
{
    EventQueueEntry last = queue->entries[--queue->count];
    if (index == queue->count) {
        return;
    }
    if (index > 0 && is_before(&last, &queue->entries[(index - 1) / BRANCHES])) {
        sift_up(queue, index, last);
    } else {
        sift_down(queue, index, last);
    }
}

static void insert(EventQueue *queue, EventQueueEntry entry)
{
    if (queue->has_vacant_top) {
        queue->has_vacant_top = false;
        sift_down(queue, 0, entry);
        return;
    }
    if (queue->count == queue->capacity) {
        queue->capacity = MAX(2 * queue->capacity, 64);
        queue->entries = g_renew(EventQueueEntry, queue->entries, queue->capacity);
    }
    sift_up(queue, queue->count++, entry);
}

guint64 event_queue_take_order(EventQueue *queue)
{
    return queue->next_order++;
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
    EventQueueEntry entry = {.due = due, .order = order, .timer = timer};
    if (timer->position == 0) {
        insert(queue, entry);
        return;
    }
    guint32 index = timer->position - 1;
    if (is_before(&entry, &queue->entries[index])) {
        sift_up(queue, index, entry);
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
    if (timer->position != 0) {
        guint32 index = timer->position - 1;
        timer->position = 0;
        remove_at(queue, index);
    }
}

void event_queue_settle(EventQueue *queue)
{
    if (queue->has_vacant_top) {
        queue->has_vacant_top = false;
        remove_at(queue, 0);
    }
}

/* Brings a timer to the top that is really due at the time of its entry. */
static void normalize_top(EventQueue *queue)
{
    event_queue_settle(queue);
    while (queue->count > 0) {
        EventQueueEntry *top = &queue->entries[0];
        SimTimer *timer = top->timer;
        if (timer->due == SIM_TIME_NEVER) {
            timer->position = 0;
            remove_at(queue, 0);
        } else if (timer->due != top->due || timer->order != top->order) {
            EventQueueEntry moved = {.due = timer->due, .order = timer->order, .timer = timer};
            sift_down(queue, 0, moved);
        } else {
            return;
        }
    }
}

SimTime event_queue_next_due(EventQueue *queue)
{
    normalize_top(queue);
    return queue->count == 0 ? SIM_TIME_NEVER : queue->entries[0].due;
}

SimTimer *event_queue_pop(EventQueue *queue)
{
    normalize_top(queue);
    g_assert(queue->count > 0);
    SimTimer *timer = queue->entries[0].timer;
    timer->position = 0;
    event_queue_park(queue, timer);
    queue->has_vacant_top = true;
    return timer;
}
