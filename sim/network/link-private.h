#pragma once

/* Links as the files of sim/network see them. */

#include "sim/network/frame.h"
#include "sim/network/link.h"
#include "sim/network/neighbour.h"

struct SimLink {
    SimWorld *world;
    char *name;
    SimLinkSettings settings;
    SimTime longest_wait; /* of a frame in the queue, by its limit and the rate */
    bool is_up;
    bool is_preconfigured;
    bool is_loopback;
    SimRandom random;
    GPtrArray *members;
    GHashTable *members_by_address; /* SimAddress to SimInterface */
    GHashTable *members_by_mac;     /* SimMac to SimInterface */
    NeighbourTable neighbours;      /* of a preconfigured link */
    SimTap *taps;
    SimLinkFilter filter;
    gpointer filter_data;
};

void link_free(SimLink *link);
SimLink *link_new_loopback(SimWorld *world);
void link_add_member(SimLink *link, SimInterface *interface);
void link_add_address(SimLink *link, const SimAddress *address, SimInterface *interface);
SimInterface *link_find_address(const SimLink *link, const SimAddress *address);
SimInterface *link_find_mac(const SimLink *link, const SimMac *mac);

/* Sends a whole frame; takes it over. frame->to says who gets it. */
void link_send(SimInterface *interface, Frame *frame);

/* The callback of SimInterface.arrival. */
void link_arrival(SimTimer *timer, gpointer interface);

/* Tells the taps in the list. */
void tap_list_show(SimTap *taps, const SimTapFrame *frame);
void tap_list_free(SimTap *taps);
guint address_hash(gconstpointer address);
gboolean address_equal(gconstpointer left, gconstpointer right);
