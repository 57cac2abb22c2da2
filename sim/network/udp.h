#pragma once

/* UDP sockets for agents. Handlers are called from the event queue, never from inside a call of
 * the agent. */

#include "protocol/text/byte-span.h"
#include "sim/network/host.h"

typedef struct SimUdp SimUdp;

#define SIM_UDP_LENGTH_MAX 65507 /* what fits an IPv4 packet behind both headers */

typedef enum {
    SIM_UNREACHABLE_NETWORK,
    SIM_UNREACHABLE_HOST,
    SIM_UNREACHABLE_PORT,
    SIM_UNREACHABLE_PROHIBITED,
    SIM_UNREACHABLE_TOO_BIG,
    SIM_UNREACHABLE_TIME_EXCEEDED,
} SimUnreachable;

typedef struct {
    /* 'octets' are borrowed until the handler returns. */
    void (*received
    )(SimUdp *udp, const SimAddress *from, guint16 from_port, ByteSpan octets, gpointer data);
    /* What was sent there did not arrive: ICMP said so. May be NULL. */
    void (*unreachable
    )(SimUdp *udp, const SimAddress *to, guint16 to_port, SimUnreachable reason, gpointer data);
} SimUdpHandlers;

/* 'port' 0: a free one is chosen. 'address' NULL: all addresses. NULL when the port is taken. The
 * handlers must live as long as the socket. */
SimUdp *sim_udp_open(
    SimHost *host,
    const SimAddress *address,
    guint16 port,
    const SimUdpHandlers *handlers,
    gpointer data
);
void sim_udp_close(SimUdp *udp);

guint16 sim_udp_port(const SimUdp *udp);
SimHost *sim_udp_host(const SimUdp *udp);

/* False: no address of that family, no route, or longer than SIM_UDP_LENGTH_MAX. */
bool sim_udp_send(SimUdp *udp, const SimAddress *to, guint16 to_port, ByteSpan octets);

/* From which address; for a socket that answers where it was asked. */
bool sim_udp_send_from(
    SimUdp *udp, const SimAddress *from, const SimAddress *to, guint16 to_port, ByteSpan octets
);
/* Inside 'received' only: the address the datagram was sent to. */
const SimAddress *sim_udp_received_at(const SimUdp *udp);
