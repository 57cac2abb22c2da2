#pragma once

/* ICMP (RFC 792) and ICMPv6 (RFC 4443): errors made and understood, echo answered. */

#include "sim/network/ip.h"
#include "sim/network/udp.h"

typedef enum {
    ICMP_NO_ROUTE,
    ICMP_HOST_UNREACHABLE,
    ICMP_PORT_UNREACHABLE,
    ICMP_PROTOCOL_UNREACHABLE,
    ICMP_PROHIBITED,
    ICMP_TOO_BIG,
    ICMP_TTL_EXCEEDED,
    ICMP_REASSEMBLY_EXCEEDED,
} IcmpError;

/* Tells the sender of a packet what became of it. Nothing is sent about errors, groups and later
 * fragments (RFC 1122 §3.2.2). 'mtu' for ICMP_TOO_BIG only. */
void icmp_send_error(SimHost *host, const IpPacket *packet, IcmpError error, guint mtu);

/* A packet waited in vain for a neighbour; frees it. Our own sockets are told without a message,
 * another host's by ICMP. */
void icmp_neighbour_failed(SimHost *host, Frame *frame);

void icmp_receive(SimHost *host, const IpPacket *packet);
