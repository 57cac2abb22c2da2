#pragma once

/* The place in a packet that the decoder has come to; internal to this folder. Each layer function
 * takes its header off the front, notes a layer, and calls the function of what follows. As every
 * step notes a layer and there is room for PACKET_LAYERS_MAX, the calls cannot nest without end.
 *
 *     wire_end: where the packet ends by its own lengths; captured_end: where its octets end here
 */

#include "dissect/packet/fragment-table.h"
#include "dissect/packet/packet-decoder.h"

typedef struct {
    PacketDecoder *decoder;
    Packet *packet;
    const guint8 *data; /* of the frame, or of a reassembled datagram */
    guint32 offset;
    guint32 captured_end;
    guint32 wire_end; /* never before captured_end */
    bool is_reassembled;
} PacketCursor;

struct PacketDecoder {
    PacketDecoderOptions options;
    PacketStatistics statistics;
    PacketStatistics uncounted;   /* of what another decoder counts */
    PacketStatistics *of_unusual; /* one of the two */
    FragmentTable *fragments;
    bool has_given; /* a datagram that the present packet points into */
};

/* IEEE 802 numbers. */
typedef enum {
    ETHERTYPE_IPV4 = 0x0800,
    ETHERTYPE_ARP = 0x0806,
    ETHERTYPE_BRIDGED = 0x6558, /* an Ethernet frame inside GRE */
    ETHERTYPE_VLAN = 0x8100,
    ETHERTYPE_IPV6 = 0x86dd,
    ETHERTYPE_PPP = 0x880b,
    ETHERTYPE_MPLS = 0x8847,
    ETHERTYPE_MPLS_MULTICAST = 0x8848,
    ETHERTYPE_PPPOE_SESSION = 0x8864,
    ETHERTYPE_SERVICE_VLAN = 0x88a8,
    ETHERTYPE_ERSPAN_2 = 0x88be,
    ETHERTYPE_OLD_SERVICE_VLAN = 0x9100,
    ETHERTYPE_OLD_SERVICE_VLAN_2 = 0x9200,
    ETHERTYPE_ERSPAN_3 = 0x22eb,
    ETHERTYPE_LOWEST = 0x0600, /* below it the field is a length */
} Ethertype;

typedef enum {
    PROTOCOL_HOP_BY_HOP = 0,
    PROTOCOL_ICMP = 1,
    PROTOCOL_IPV4 = 4,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PROTOCOL_IPV6 = 41,
    PROTOCOL_ROUTING = 43,
    PROTOCOL_FRAGMENT = 44,
    PROTOCOL_GRE = 47,
    PROTOCOL_AUTHENTICATION = 51,
    PROTOCOL_ICMPV6 = 58,
    PROTOCOL_DESTINATION = 60,
    PROTOCOL_MOBILITY = 135,
    PROTOCOL_MPLS = 137,
} IpProtocol;

static inline guint32 packet_cursor_left(const PacketCursor *cursor)
{
    return cursor->captured_end - cursor->offset;
}

static inline const guint8 *packet_cursor_at(const PacketCursor *cursor)
{
    return cursor->data + cursor->offset;
}

/* Ends the packet here: it stays what it is found to be so far, for the reason given. */
static inline void packet_cursor_fail(PacketCursor *cursor, PacketProblem problem)
{
    cursor->packet->problem = problem;
    cursor->packet->kind = problem == PACKET_PROBLEM_CUT ? PACKET_CUT : PACKET_BROKEN;
}

static inline void packet_cursor_stop(PacketCursor *cursor, PacketKind kind)
{
    cursor->packet->kind = kind;
}

/* Whether so many octets are there. If not, the packet is cut, or, where it was no longer on the
 * wire, broken in the way named. */
static inline bool packet_cursor_need(PacketCursor *cursor, guint32 length, PacketProblem problem)
{
    if (G_LIKELY(packet_cursor_left(cursor) >= length)) {
        return true;
    }
    bool is_cut = cursor->wire_end - cursor->offset >= length;
    packet_cursor_fail(cursor, is_cut ? PACKET_PROBLEM_CUT : problem);
    return false;
}

/* Notes a layer and steps over its header, which must be there. False: too many layers. */
bool packet_cursor_layer(
    PacketCursor *cursor, PacketLayerKind kind, guint32 length, guint32 detail
);

/* Octets behind 'length' more are not part of the packet: a carrier padded it. */
static inline void packet_cursor_limit(PacketCursor *cursor, guint32 length)
{
    guint32 end = cursor->offset + length;
    if (end >= cursor->offset && end < cursor->wire_end) {
        cursor->wire_end = end;
        cursor->captured_end = MIN(cursor->captured_end, end);
    }
}

/* A whole TCP segment over IPv4 over Ethernet without anything special, which most frames are, in
 * one step; false: the layers must be taken one by one. The outcome is the same. */
bool packet_decode_usual(PacketDecoder *decoder, const CaptureFrame *frame, Packet *packet);

void packet_decode_link(PacketCursor *cursor, guint32 link_type);
void packet_decode_ethernet(PacketCursor *cursor);
void packet_decode_ethertype(PacketCursor *cursor, guint16 type);
void packet_decode_llc(PacketCursor *cursor);
void packet_decode_ppp(PacketCursor *cursor);
void packet_decode_mpls(PacketCursor *cursor);
void packet_decode_wireless(PacketCursor *cursor, bool is_padded);
void packet_decode_radiotap(PacketCursor *cursor);
void packet_decode_ppi(PacketCursor *cursor);
void packet_decode_prism(PacketCursor *cursor);
void packet_decode_any_ip(PacketCursor *cursor); /* by its version */
void packet_decode_ipv4(PacketCursor *cursor);
void packet_decode_ipv6(PacketCursor *cursor);
void packet_decode_protocol(PacketCursor *cursor, guint8 protocol);
void packet_decode_gre(PacketCursor *cursor);

/* Whether the payload of this UDP datagram is VXLAN; if so it has been decoded. */
bool packet_decode_vxlan(PacketCursor *cursor);
void packet_decode_tcp(PacketCursor *cursor);
void packet_decode_udp(PacketCursor *cursor);
