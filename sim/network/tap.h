#pragma once

/* Where frames can be watched. A tap is called with each complete Ethernet frame as it passes,
 * checksums in place (they are not computed for frames that nobody watches).
 *
 *     world   every frame once, where it is first sent: the way a lecture draws an exchange.
 *             What routers only pass on is not shown again; loopback is shown on request
 *     link    every frame that enters the link, what it loses included
 *     host    every frame the host sends, and every frame that reaches it
 */

#include "protocol/text/byte-span.h"
#include "sim/network/link.h"

typedef struct SimTapFrame {
    guint64 number; /* of the frame where it was first sent, counted from 1; copies keep it */
    SimTime time;
    ByteSpan octets;     /* from the destination MAC on, without the check sequence; borrowed */
    const SimHost *host; /* world and link: the host that sent it. Host: the host itself */
    const SimLink *link; /* NULL: loopback */
    bool is_incoming;    /* host tap: it came from the link */
} SimTapFrame;

typedef struct SimTap SimTap;
typedef void (*SimTapCallback)(const SimTapFrame *frame, gpointer data);

SimTap *sim_tap_world(SimWorld *world, SimTapCallback callback, gpointer data);
SimTap *sim_tap_link(SimLink *link, SimTapCallback callback, gpointer data);
SimTap *sim_tap_host(SimHost *host, SimTapCallback callback, gpointer data);
void sim_tap_show_loopback(SimTap *tap, bool is_shown);

/* Taps that are not removed go with the world. */
void sim_tap_remove(SimTap *tap);

/* Frames first sent so far, seen by a tap or not. */
guint64 sim_world_frame_count(const SimWorld *world);
