#pragma once

/* A door out of the simulated internet: a simulated host whose ports lead to real servers on
 * 127.0.0.1, so that a simulated mail program works with other people's servers. Octets pass as
 * they are; the virtual clock goes with the real one while the door is open.
 *
 *     UserAgent ── simulated TCP ── gateway host ── socket ── Dovecot, Postfix ... */

#include "sim/network/tcp.h"

typedef struct SimGateway SimGateway;

SimGateway *sim_gateway_new(SimHost *host);
void sim_gateway_free(SimGateway *gateway);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimGateway, sim_gateway_free)

/* The host's port leads to the real one. */
void sim_gateway_open(SimGateway *gateway, guint16 port, guint16 real_port);

/* Lets the world and the sockets go on for a moment of real time. */
void sim_gateway_turn(SimGateway *gateway);
