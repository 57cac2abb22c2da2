#include "protocol/dialogue/command-queue.h"

#include <string.h>

void command_queue_init(CommandQueue *queue)
{
    *queue = (CommandQueue){.next_number = 1};
}

void command_queue_clear(CommandQueue *queue)
{
    if (queue->capacity > 0) {
        g_free(queue->many);
    }
    command_queue_init(queue);
}

static const guint8 *places(const CommandQueue *queue)
{
    return queue->capacity > 0 ? queue->many : queue->few;
}

static guint32 room(const CommandQueue *queue)
{
    return queue->capacity > 0 ? queue->capacity : COMMAND_QUEUE_INLINE;
}

static void grow(CommandQueue *queue)
{
    guint32 capacity = room(queue) * 4;
    guint8 *many = g_malloc(capacity);
    for (guint32 i = 0; i < queue->count; i++) {
        many[i] = places(queue)[(queue->start + i) % room(queue)];
    }
    if (queue->capacity > 0) {
        g_free(queue->many);
    }
    queue->many = many;
    queue->capacity = capacity;
    queue->start = 0;
}

guint64 command_queue_push(CommandQueue *queue, guint8 id)
{
    if (queue->count >= COMMAND_QUEUE_MAXIMUM) {
        command_queue_pop(queue);
    }
    if (queue->count == room(queue)) {
        grow(queue);
    }
    guint32 place = (queue->start + queue->count) % room(queue);
    if (queue->capacity > 0) {
        queue->many[place] = id;
    } else {
        queue->few[place] = id;
    }
    queue->count++;
    return queue->next_number++;
}

bool command_queue_oldest(const CommandQueue *queue, guint8 *out_id, guint64 *out_number)
{
    if (queue->count == 0) {
        return false;
    }
    *out_id = places(queue)[queue->start];
    *out_number = queue->next_number - queue->count;
    return true;
}

void command_queue_pop(CommandQueue *queue)
{
    if (queue->count > 0) {
        queue->start = (queue->start + 1) % room(queue);
        queue->count--;
    }
}

void command_queue_forget(CommandQueue *queue)
{
    queue->start = 0;
    queue->count = 0;
}
