#pragma once

/* A machine of the simulated internet: a name, interfaces with MAC and IP addresses, routes, and
 * (udp.h, tcp.h) sockets. A router is a host that forwards. Neighbours are found by ARP (IPv4) and
 * neighbour discovery (IPv6) when first needed, as in life.
 *
 * Hosts and interfaces belong to the world. internet.h builds whole networks of them. */

#include "sim/network/address.h"
#include "sim/network/world.h"

typedef struct SimLink SimLink;
typedef struct SimInterface SimInterface;
typedef struct SimRouteTable SimRouteTable;

/* Names are unique in a world; sim_host_find() gives NULL for one that is not there. */
SimHost *sim_host_new(SimWorld *world, const char *name);
SimHost *sim_host_find(const SimWorld *world, const char *name);

/* The host that has the address; NULL: none, or all of them, as with 127.0.0.1. Looks at every
 * host, so it is for views. */
SimHost *sim_host_by_address(const SimWorld *world, const SimAddress *address);
const char *sim_host_name(const SimHost *host);
SimWorld *sim_host_world(const SimHost *host);
guint sim_host_number(const SimHost *host); /* counted from 1 in order of making */

/* Its owner's own pointer; the network does not look at it. */
void sim_host_set_data(SimHost *host, gpointer data);
gpointer sim_host_data(const SimHost *host);

/* The MAC address is made from the host's number and the interface's. */
SimInterface *sim_host_attach(SimHost *host, SimLink *link);
guint sim_host_interface_count(const SimHost *host);
SimInterface *sim_host_interface(const SimHost *host, guint index);
SimHost *sim_interface_host(const SimInterface *interface);
SimLink *sim_interface_link(const SimInterface *interface);
SimMac sim_interface_mac(const SimInterface *interface);
void sim_interface_set_mac(SimInterface *interface, SimMac mac);

/* Also adds the route to the prefix itself. Up to SIM_INTERFACE_ADDRESSES_MAX per interface. */
#define SIM_INTERFACE_ADDRESSES_MAX 4
void sim_interface_add_address(
    SimInterface *interface, const SimAddress *address, guint prefix_length
);

/* The first address of that family, or NULL. */
const SimAddress *sim_host_address(const SimHost *host, SimFamily family);
bool sim_host_has_address(const SimHost *host, const SimAddress *address);

/* A 'prefix_length' of 0 is the default route; 'next_hop' NULL: neighbours on that link. */
void sim_host_add_route(
    SimHost *host,
    const SimAddress *prefix,
    guint prefix_length,
    SimInterface *interface,
    const SimAddress *next_hop
);

void sim_host_set_forwarding(SimHost *host, bool is_forwarding);
void sim_host_set_ttl(SimHost *host, guint8 ttl); /* 64 unless set */

/* Down: frames are ignored and every connection is forgotten without a word, as when
 * the power fails; listeners and UDP sockets stay and work again when it is up. */
void sim_host_set_up(SimHost *host, bool is_up);
bool sim_host_is_up(const SimHost *host);

/* Called after the host went down or came up, in the order of adding. A watch must be removed
 * before its 'data' goes; the host's end removes it too. */
typedef void (*SimHostWatch)(SimHost *host, gpointer data);
void sim_host_add_watch(SimHost *host, SimHostWatch watch, gpointer data);
void sim_host_remove_watch(SimHost *host, gpointer data);

/* A packet filter in front of the sockets. */
typedef enum {
    SIM_PORT_OPEN,   /* no filter: a port without a listener answers with a reset */
    SIM_PORT_REJECT, /* ICMP "administratively prohibited" */
    SIM_PORT_SILENT, /* no answer at all */
} SimPortPolicy;

void sim_host_set_port_policy(SimHost *host, guint16 port, SimPortPolicy policy);

/* Octets of memory held for this host by the network, sockets not counted; for measuring. */
gsize sim_host_memory(const SimHost *host);
