#pragma once

/* UDP (RFC 768) as the rest of sim/network sees it. */

#include "sim/network/ip.h"
#include "sim/network/udp.h"

UdpTable *udp_table_new(void);
void udp_table_free(UdpTable *table);
void udp_receive(SimHost *host, const IpPacket *packet);
void udp_receive_error(SimHost *host, const IpPacket *quoted, SimUnreachable reason);
