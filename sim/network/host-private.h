#pragma once

/* Hosts and interfaces as the files of sim/network see them. */

#include "sim/network/frame.h"
#include "sim/network/neighbour.h"
#include "sim/network/route.h"
#include "sim/network/tcp.h"
#include "sim/network/udp.h"

typedef struct Datagram Datagram;

struct SimInterface {
    SimHost *host;
    SimLink *link;
    SimMac mac;
    guint8 address_count;
    guint8 prefix_lengths[SIM_INTERFACE_ADDRESSES_MAX];
    SimAddress addresses[SIM_INTERFACE_ADDRESSES_MAX];
    NeighbourTable neighbours;

    /* Frames it has sent into its link and that have not arrived, by time of arrival. */
    Frame *first_frame;
    Frame *last_frame;
    SimTimer arrival;
    SimTime busy_until;
    SimTime last_arrival;
};

typedef struct {
    guint16 port;
    guint8 policy; /* SimPortPolicy */
} PortPolicy;

typedef struct {
    SimHostWatch watch;
    gpointer data;
} HostWatch;

struct SimHost {
    SimWorld *world;
    char *name;
    gpointer data;
    guint number;
    guint8 ttl;
    bool is_up;
    bool is_forwarding;
    guint16 next_identification;
    guint16 next_port; /* the next short-lived port to try; 0: none was needed yet */
    guint interface_count;
    SimInterface **interfaces;
    SimInterface *loopback; /* made when first needed */
    RouteList routes;
    const RouteCarrier *carrier;  /* a router's way into the backbone, or NULL */
    RouteCacheEntry *route_cache; /* a router's */
    guint32 generation;           /* changes whenever an address or a route does */
    GArray *port_policies;        /* of PortPolicy, or NULL */
    GHashTable *path_mtus;        /* SimAddress to size, or NULL */
    Datagram *datagrams;          /* in pieces, waiting for the rest */
    guint datagram_count;
    SimTap *taps;
    SimTcpListener *listeners;
    SimTcp *connections;
    SimTcpOptions tcp_options;
    GArray *watches; /* of HostWatch, or NULL */
};

void host_free(SimHost *host);

/* The loopback interface, made if need be. */
SimInterface *host_loopback(SimHost *host);

/* The address from which to speak to 'destination' through 'interface'; NULL: none that fits. */
const SimAddress *
host_source_address(const SimHost *host, SimInterface *interface, const SimAddress *destination);

/* Ports for those who do not ask for one (RFC 6335), one after another, used by UDP and TCP. */
#define EPHEMERAL_PORT_FIRST 49152
#define EPHEMERAL_PORT_LAST 65535
guint16 host_next_port(SimHost *host);

SimPortPolicy host_port_policy(const SimHost *host, guint16 port);

/* A frame has arrived; takes it over. */
void host_receive(SimInterface *interface, Frame *frame);

/* Tells observers that a frame goes no further here, and frees it. */
void host_drop(SimHost *host, Frame *frame, const char *reason);
