#pragma once

/* What happens in a world and no wire shows: a connection changed its state, a link lost a frame,
 * a message entered a queue, a mailbox grew. The network emits its own, agents emit theirs through
 * the same door (sim_world_emit() in world.h). A world without an observer formats nothing.
 *
 * An event and all it points to is borrowed by the observer until it returns. */

#include "sim/network/time.h"

typedef struct SimHost SimHost;

typedef enum {
    WORLD_EVENT_TCP_STATE,     /* fields: connection, local, remote, before, after */
    WORLD_EVENT_TCP_TIMER,     /* retransmission, zero-window probe, keep-alive; field timer */
    WORLD_EVENT_TCP_RECOVERY,  /* fast retransmit and recovery began or ended */
    WORLD_EVENT_TCP_RESENT,    /* a segment was sent again; 'frame' says which; field reason */
    WORLD_EVENT_FRAME_LOST,    /* a link lost it, was down, or its queue was full; field reason */
    WORLD_EVENT_FRAME_CHANGED, /* a link duplicated, delayed or corrupted it; field change */
    WORLD_EVENT_FRAME_DROPPED, /* a host or router threw it away; field reason */
    WORLD_EVENT_NEIGHBOUR,     /* ARP or neighbour discovery learned an address, or gave up */
    WORLD_EVENT_LINK,          /* a link went up or down */
    WORLD_EVENT_HOST,          /* a host went up or down */
    WORLD_EVENT_NAME,          /* naming: a look-up was asked, answered, cached */
    WORLD_EVENT_TIMER,         /* an agent set or reached a timer */
    WORLD_EVENT_QUEUE,         /* a message entered, moved in or left a queue */
    WORLD_EVENT_MAILBOX,       /* a mailbox changed */
    WORLD_EVENT_AGENT,         /* a decision of an agent: policy, filter, rewriting */
    WORLD_EVENT_USER,          /* a person did something: wrote a message, opened a mailbox */
    WORLD_EVENT_SCENARIO,      /* the script: a step began, a what-if took hold */
} WorldEventKind;

typedef struct {
    const char *name;
    const char *value;
} WorldEventField;

typedef struct {
    guint64 number; /* counts the events of a world from 1 */
    SimTime time;
    WorldEventKind kind;
    const SimHost *host; /* NULL: no host's own */
    guint64 connection;  /* the TCP connection concerned, see sim_tcp_number(); 0: none */
    guint64 frame;       /* the frame concerned, see SimTapFrame.number; 0: none */
    const char *text;    /* one line for a person */
    const WorldEventField *fields;
    gsize field_count;
} WorldEvent;

typedef void (*WorldObserver)(const WorldEvent *event, gpointer data);

/* "tcp-state", "queue": a stable short name for programs. */
const char *world_event_kind_name(WorldEventKind kind);

/* The value of a field, or NULL. */
const char *world_event_field(const WorldEvent *event, const char *name);
