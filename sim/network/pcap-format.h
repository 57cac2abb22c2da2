#pragma once

/* The classic capture file with nanosecond times, little-endian on every machine: a header, then
 * frames one after the other. */

#include "protocol/text/byte-span.h"
#include "sim/network/time.h"

/* For frames that begin with an Ethernet header. */
void pcap_append_header(GByteArray *file);
void pcap_append_frame(GByteArray *file, SimTime time, ByteSpan octets);
