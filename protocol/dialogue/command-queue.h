#pragma once

/* The commands that still wait for their answer, oldest first, as ids of the protocol's own
 * command enum. Answers come in order, so the numbers of the waiting commands are consecutive and
 * need not be stored. A few fit without allocation; the rest grows up to a named maximum. */

#include <glib.h>
#include <stdbool.h>

#define COMMAND_QUEUE_INLINE 12
#define COMMAND_QUEUE_MAXIMUM 65536 /* far more than any client pipelines */

typedef struct {
    guint64 next_number; /* number that the next command gets; commands count from 1 */
    guint32 count;
    guint32 start;
    guint32 capacity; /* 0: the inline places are in use */

    union {
        guint8 few[COMMAND_QUEUE_INLINE];
        guint8 *many;
    };
} CommandQueue;

void command_queue_init(CommandQueue *queue);
void command_queue_clear(CommandQueue *queue);

/* Gives the command's number. When the queue is full the oldest is given up. */
guint64 command_queue_push(CommandQueue *queue, guint8 id);

bool command_queue_oldest(const CommandQueue *queue, guint8 *out_id, guint64 *out_number);
void command_queue_pop(CommandQueue *queue);
void command_queue_forget(CommandQueue *queue); /* no answers will be matched to those waiting */
