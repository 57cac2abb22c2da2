#pragma once

/* Frames for octets that went over a real socket: what a capture on the loopback interface would
 * hold, with right lengths, sequence numbers and checksums. A socket shows no packets, so these are
 * made up from what was read and written; retransmissions and windows of the real connection are
 * not in them.
 *
 *     LoopbackFlow: open ─> SYN, SYN+ACK, ACK    send ─> segments, acknowledgements
 *                   close ─> FIN                 reset ─> RST
 *
 * Frames are given to the callback at once and in order. Their octets are borrowed for the call. */

#include "protocol/text/byte-span.h"
#include "sim/network/address.h"
#include "sim/network/time.h"

#define LOOPBACK_SEGMENT_MAXIMUM 1460 /* octets of a segment, as on an Ethernet */

typedef void (*LoopbackFrameCallback)(SimTime time, ByteSpan octets, gpointer data);

typedef struct {
    SimAddress address;
    guint16 port;
} LoopbackPlace;

typedef struct LoopbackFrames LoopbackFrames;
typedef struct LoopbackFlow LoopbackFlow;

LoopbackFrames *loopback_frames_new(LoopbackFrameCallback callback, gpointer data);
void loopback_frames_free(LoopbackFrames *frames); /* all flows have been freed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LoopbackFrames, loopback_frames_free)

/* A UDP datagram; one that no IP packet can hold is left out. */
void loopback_frames_datagram(
    LoopbackFrames *frames,
    const LoopbackPlace *from,
    const LoopbackPlace *to,
    ByteSpan octets,
    SimTime now
);

/* A TCP connection just opened by the client. Both addresses are of one family. */
LoopbackFlow *loopback_flow_open(
    LoopbackFrames *frames, const LoopbackPlace *client, const LoopbackPlace *server, SimTime now
);
void loopback_flow_free(LoopbackFlow *flow);

void loopback_flow_send(LoopbackFlow *flow, bool is_from_server, ByteSpan octets, SimTime now);

/* This side sends no more. Closing twice does nothing. */
void loopback_flow_close(LoopbackFlow *flow, bool is_from_server, SimTime now);

/* The connection broke off; does nothing once both sides have closed. */
void loopback_flow_reset(LoopbackFlow *flow, bool is_from_server, SimTime now);
