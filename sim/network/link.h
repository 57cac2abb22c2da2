#pragma once

/* What joins interfaces: a cable between two, or a LAN of any number (an ideal switch that has
 * learned every address). Each interface sends into it at the link's rate, one frame after
 * another; 'delay' later the frame arrives. On the way it may be lost, doubled, held back or
 * damaged, by the link's own seeded luck. Chances are in parts per million. */

#include "sim/network/host.h"

typedef struct {
    guint64 rate;             /* bits per second; 0: no limit */
    SimTime delay;            /* from the last bit sent to the last bit arrived */
    SimTime jitter;           /* up to this much more, at random; frames keep their order */
    guint32 loss;             /* chance that a frame never arrives */
    guint32 duplication;      /* chance that it arrives twice */
    guint32 reordering;       /* chance that it is held back by reordering_delay, others pass */
    SimTime reordering_delay; /* 0: 3 times the delay plus a millisecond */
    guint32 corruption;       /* chance that one octet of the packet is changed */
    guint16 mtu;              /* largest IP packet; 1500 unless set */
    guint32 queue_limit;      /* octets waiting to be sent by one interface; 0: 1 MiB */
} SimLinkSettings;

#define SIM_LINK_MTU_DEFAULT 1500
#define SIM_LINK_MTU_MINIMUM 68 /* RFC 791 §3.2: every internet module must forward 68 octets */

SimLinkSettings sim_link_settings_default(void); /* 1 Gbit/s, 50 us, faultless */

SimLink *sim_link_new(SimWorld *world, const char *name, const SimLinkSettings *settings);
SimLink *sim_link_find(const SimWorld *world, const char *name);
const char *sim_link_name(const SimLink *link);
const SimLinkSettings *sim_link_settings(const SimLink *link);

/* Holds for frames sent from now on. */
void sim_link_set_settings(SimLink *link, const SimLinkSettings *settings);
void sim_link_set_up(SimLink *link, bool is_up);
bool sim_link_is_up(const SimLink *link);

/* Its members know each other's addresses without asking: a carrier's network, where ARP would
 * only be in the way of the lesson. */
void sim_link_set_preconfigured(SimLink *link, bool is_preconfigured);

/* Decides over each frame that enters the link; for "drop the 7th frame" and its like. */
typedef enum {
    SIM_VERDICT_PASS,
    SIM_VERDICT_LOSE,
    SIM_VERDICT_DUPLICATE,
    SIM_VERDICT_CORRUPT,
    SIM_VERDICT_HOLD, /* as by reordering */
} SimVerdict;

struct SimTapFrame;
typedef SimVerdict (*SimLinkFilter)(const struct SimTapFrame *frame, gpointer data);
void sim_link_set_filter(SimLink *link, SimLinkFilter filter, gpointer data);

/* The same for every frame at the place where the world tap sees it: once, where it is first
 * sent. */
void sim_world_set_filter(SimWorld *world, SimLinkFilter filter, gpointer data);

/* For a filter that is about to say SIM_VERDICT_HOLD: how much longer this one frame takes. */
void sim_world_set_hold(SimWorld *world, SimTime delay);
