#pragma once

/* The world as the files of sim/network see it. Other folders include world.h only. */

#include "sim/network/event-queue.h"
#include "sim/network/link.h"
#include "sim/network/pool.h"
#include "sim/network/tap.h"
#include "sim/network/tcp.h"

/* Work to be done as soon as the present event is over, at the same time on the clock: telling
 * agents what happened, and sending what they wrote. */
typedef struct SimReady {
    struct SimReady *next;
    struct SimReady *previous;
    void (*run)(struct SimReady *ready);
    bool is_queued;
} SimReady;

typedef struct {
    guint number;
    WorldObserver observer;
    gpointer data;
} ObserverEntry;

typedef struct {
    GDestroyNotify cleanup;
    gpointer data;
} CleanupEntry;

typedef struct TcpTable TcpTable;
typedef struct UdpTable UdpTable;

struct SimWorld {
    SimTime now;
    SimTime start;
    guint64 seed;
    guint64 steps;
    gpointer data; /* its owner's */
    EventQueue queue;
    SimReady *first_ready;
    SimReady *last_ready;
    Pool pool;

    GArray *observers; /* of ObserverEntry */
    guint observer_count;
    guint next_observer;
    guint64 event_count;
    GArray *cleanups; /* of CleanupEntry */

    GPtrArray *hosts; /* in order of making */
    GHashTable *hosts_by_name;
    GPtrArray *links;
    GHashTable *links_by_name;
    GPtrArray *route_tables;
    SimLink *loopback;

    SimSocketWatch socket_watch;
    gpointer socket_watch_data;

    SimTap *taps; /* world taps */
    guint host_tap_count;
    guint64 frame_count;
    SimLinkFilter filter;
    gpointer filter_data;
    SimTime hold; /* of the frame that is being judged; 0: as the link holds frames */

    TcpTable *tcp;
    UdpTable *udp;
    guint64 connection_count; /* numbers given out */
};

void world_make_ready(SimWorld *world, SimReady *ready);
void world_forget_ready(SimWorld *world, SimReady *ready);

/* Unset, but left where it lies in the queue; cheaper than sim_timer_cancel(), and not enough
 * before the timer's memory goes. */
void timer_park(SimTimer *timer);
