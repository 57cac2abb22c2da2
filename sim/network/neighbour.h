#pragma once

/* Which MAC address belongs to a neighbour's IP address: ARP (RFC 826) for IPv4, neighbour
 * solicitation (RFC 4861) for IPv6. Packets wait in the entry while the question is out. On a
 * preconfigured link one table, the link's own, serves all its members and nothing is asked.
 *
 *     INCOMPLETE ── answer ──> REACHABLE ── 20 minutes, then used again ──> INCOMPLETE
 *          └── three questions without an answer: waiting packets are given up */

#include "sim/network/address.h"
#include "sim/network/world.h"

typedef struct Frame Frame;
typedef struct SimInterface SimInterface;
typedef struct Neighbour Neighbour;

typedef struct {
    Neighbour **buckets;
    guint bucket_count; /* a power of two; 0: nothing yet */
    guint count;
} NeighbourTable;

struct Neighbour {
    Neighbour *next;
    SimAddress address;
    SimMac mac;
    bool is_reachable;
    guint8 questions; /* asked since the last answer */
    guint8 waiting_count;
    SimInterface *interface; /* whose neighbour it is */
    SimInterface *target;    /* the neighbour itself */
    SimTime confirmed;
    Frame *first_waiting;
    Frame *last_waiting;
    SimTimer timer;
};

#define NEIGHBOUR_LIFETIME (20 * SIM_MINUTE)
#define NEIGHBOUR_WAITING_MAX 64

void neighbour_table_clear(SimWorld *world, NeighbourTable *table);
gsize neighbour_table_memory(const NeighbourTable *table);

/* The entry for 'address' behind 'interface', made if need be; it lives as long as the
 * interface. */
Neighbour *neighbour_get(SimInterface *interface, const SimAddress *address);
bool neighbour_is_usable(const Neighbour *neighbour, SimTime now);

/* Sends an IP packet there, now or when the address is known; takes the frame over. */
void neighbour_send(SimInterface *interface, Neighbour *neighbour, Frame *frame);

/* An ARP packet, or a neighbour solicitation or advertisement, has arrived. */
void neighbour_receive_arp(SimInterface *interface, const Frame *frame);
void neighbour_receive_icmpv6(
    SimInterface *interface, const SimAddress *source, const guint8 *message, gsize length
);

/* If the frame asks for one address: whose it is, or NULL. False: it asks nothing. */
bool neighbour_find_asked(const Frame *frame, SimAddress *out_address);
