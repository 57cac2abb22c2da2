#pragma once

/* UDP (RFC 768) as the rest of sim/network sees it. */

#include "sim/network/ip.h"
#include "sim/network/udp.h"

void udp_receive(SimHost *host, const IpPacket *packet);
void udp_receive_error(SimHost *host, const IpPacket *quoted, SimUnreachable reason);
void udp_close_all(SimHost *host);
