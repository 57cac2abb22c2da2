#pragma once

/* Builds an internet in a few calls: organisations with a LAN and a router each, joined by one
 * backbone. Addresses are given out in order, the same every time:
 *
 *     alice-pc ──┐ LAN of crepes.fr            backbone            LAN of hamburger.edu ┌── mail
 *                ├──────────── router.crepes.fr ────── router.hamburger.edu ────────────┤
 *     mail ──────┘ 192.0.2.0/24, 2001:db8:1::/64       198.51.100.0/24, 2001:db8:2::/64 └── bob-pc
 *
 * IPv4 networks come from the blocks for documentation and benchmarks, then from 10.0.0.0/8; IPv6
 * networks from 2001:db8::/32. The router is .1, hosts start at .10. */

#include "sim/network/link.h"

typedef struct SimInternet SimInternet;
typedef struct SimNetwork SimNetwork;

typedef enum {
    SIM_INTERNET_ERROR_NAME,    /* taken already */
    SIM_INTERNET_ERROR_ADDRESS, /* no such address or block, or not of this network */
} SimInternetError;

#define SIM_INTERNET_ERROR sim_internet_error_quark()
GQuark sim_internet_error_quark(void);

/* Belongs to the world. */
SimInternet *sim_internet_new(SimWorld *world);
SimWorld *sim_internet_world(const SimInternet *internet);
SimLink *sim_internet_backbone(const SimInternet *internet);

/* What networks made from now on get. Defaults: LAN 1 Gbit/s and 50 us; the backbone adds 5 ms;
 * both families. */
void sim_internet_set_lan(SimInternet *internet, const SimLinkSettings *settings);
void sim_internet_set_backbone(SimInternet *internet, const SimLinkSettings *settings);
void sim_internet_set_families(SimInternet *internet, bool has_ipv4, bool has_ipv6);

/* The organisation's network of that name, made when it is first asked for. */
SimNetwork *sim_internet_network(SimInternet *internet, const char *name);

/* With an address block of the caller's choosing, e.g. "192.0.2.0/24"; either may be NULL. */
SimNetwork *sim_internet_add_network(
    SimInternet *internet,
    const char *name,
    const char *ipv4_prefix,
    const char *ipv6_prefix,
    GError **error
);

const char *sim_network_name(const SimNetwork *network);
SimLink *sim_network_lan(const SimNetwork *network);
SimHost *sim_network_router(const SimNetwork *network);
/* "192.0.2.0" and 24; SIM_FAMILY_NONE when the network has no such block. */
SimAddress sim_network_prefix(const SimNetwork *network, SimFamily family, guint *out_length);
guint sim_internet_network_count(const SimInternet *internet);
SimNetwork *sim_internet_network_at(const SimInternet *internet, guint index);

/* The host of that name, made on that network with the next addresses when it is first asked
 * for. NULL: the network is full. */
SimHost *sim_network_host(SimNetwork *network, const char *host_name);

/* With addresses of the caller's choosing; NULL: none of that family. */
SimHost *sim_network_add_host(
    SimNetwork *network,
    const char *host_name,
    const char *ipv4_address,
    const char *ipv6_address,
    GError **error
);
