#pragma once

/* What happened in a simulated world, kept so that its state at any moment can be asked: for each
 * thing that has a state (a connection's end, a queue, a mailbox, a name in a cache, a host) the
 * latest event up to that moment. Asking costs a search for each thing and none for each event, so
 * going back is as quick as going on. */

#include "sim/network/world-event.h"
#include "ui/timeline/step.h"

#include <stdbool.h>

#define WORLD_LOG_EVENTS_MAXIMUM 2000000 /* later ones are counted, not kept */

typedef struct WorldLog WorldLog;

typedef struct {
    guint place; /* events that were kept before it */
    WorldEventKind kind;
    const char *host; /* "": none */
    char *text;
    char *of;    /* queue, mailbox: which; else NULL */
    char *state; /* TCP: the state it came to; queue, mailbox: "2 messages"; else NULL */
    char *local; /* TCP: "192.0.2.10 port 49152"; NULL */
    char *remote;
} WorldLogEvent;

WorldLog *world_log_new(void);
void world_log_free(WorldLog *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WorldLog, world_log_free)

void world_log_add(WorldLog *log, const WorldEvent *event);
guint world_log_count(const WorldLog *log); /* the present moment: how many have been kept */

/* The coarsest level at which that event is told; false: never, for what belongs to the network is
 * seen in the frames themselves. */
bool world_log_level(const WorldEvent *event, StepLevel *out_level);

/* Calls 'each' for every thing of that kind with its latest event before that moment, in the order
 * in which the things first appeared. A moment is a count of events, not a time: much happens in
 * the same microsecond, and one after another. */
typedef void (*WorldLogEach)(gpointer data, const WorldLogEvent *event);
void world_log_state(
    const WorldLog *log, WorldEventKind kind, guint moment, WorldLogEach each, gpointer data
);
