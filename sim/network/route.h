#pragma once

/* Where a packet goes next. A host has a short list of routes of its own; the routers of a backbone
 * share one table of all networks, so that memory grows with the networks and not with their
 * square. Look-ups are by longest prefix; nothing is computed ahead. */

#include "sim/network/address.h"
#include "sim/network/host.h"

typedef struct {
    SimAddress prefix;
    SimAddress next_hop; /* SIM_FAMILY_NONE: the destination is a neighbour */
    SimInterface *interface;
    guint8 length;
} Route;

typedef struct {
    Route *routes; /* longest prefix first */
    guint count;
} RouteList;

void route_list_add(RouteList *list, const Route *route);
void route_list_clear(RouteList *list);

/* A shared table: prefix to next hop, on one link. */
SimRouteTable *route_table_new(SimWorld *world);
void route_table_free(SimRouteTable *table);
void route_table_add(
    SimRouteTable *table, const SimAddress *prefix, guint length, const SimAddress *next_hop
);

/* A router's use of a shared table. */
typedef struct {
    SimRouteTable *table;
    SimInterface *interface;
} RouteCarrier;

/* Ways that a router has found lately, so that a stream of packets is looked up once. */
#define ROUTE_CACHE_SIZE 16

typedef struct {
    SimAddress destination;
    guint32 generation;
    guint32 table_generation;
    SimInterface *interface;
    struct Neighbour *neighbour;
} RouteCacheEntry;

/* The interface and the neighbour by which a router passes on to 'destination'; NULL: no way. */
const RouteCacheEntry *host_find_way(SimHost *host, const SimAddress *destination);

void host_set_carrier(SimHost *host, SimRouteTable *table, SimInterface *interface);

/* The interface and the next hop for 'destination'; false: there is no way there. */
bool host_find_route(
    const SimHost *host,
    const SimAddress *destination,
    SimInterface **out_interface,
    SimAddress *out_next_hop
);
