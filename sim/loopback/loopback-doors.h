#pragma once

/* The servers of a running scenario on ports of 127.0.0.1. Whoever comes to such a door speaks from
 * the machine of one of the scenario's people, and what they say travels the scenario's network:
 *
 *     curl ─ 127.0.0.1:2525 ─> relay ─ SimTcp of alice-laptop ─ network ─> mail.crepes.fr, port 25
 *     dig  ─ 127.0.0.1:5353 ─> relay ─ SimUdp of alice-laptop ─ network ─> dns.crepes.fr, port 53
 *
 * Each server has a door for each protocol that it speaks. Ports are the usual ones of
 * loopback_ports, one more for each further server, and the next that is free where another program
 * has one. */

#include "sim/loopback/loopback-house.h"

#define LOOPBACK_DOORS_ADDRESS "127.0.0.1"

typedef struct {
    const char *host; /* "mail.crepes.fr" */
    LoopbackPort port;
    guint16 number; /* 2525 */
} LoopbackDoor;

typedef struct {
    ScenarioRun *run; /* borrowed, as all the rest */
    guint device;     /* whose machine: its place in the scenario; it has one */
    LoopbackPace pace;
    /* A conversation of a real client is over. May be NULL. */
    void (*spoken)(gpointer data, const LoopbackDoor *door);
    gpointer data;
} LoopbackDoorsOptions;

typedef struct LoopbackDoors LoopbackDoors;

LoopbackDoors *loopback_doors_new(const LoopbackDoorsOptions *options, GError **error);
void loopback_doors_free(LoopbackDoors *doors);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LoopbackDoors, loopback_doors_free)

guint loopback_doors_count(const LoopbackDoors *doors);
const LoopbackDoor *loopback_doors_at(const LoopbackDoors *doors, guint index);

/* To that server, or with 'host' NULL to the first one; NULL: there is none. */
const LoopbackDoor *
loopback_doors_find(const LoopbackDoors *doors, const char *host, LoopbackPort port);

LoopbackClock *loopback_doors_clock(const LoopbackDoors *doors);
