#include "dissect/packet/octet-order.h"
#include "dissect/packet/packet-cursor.h"

void packet_decode_ethernet(PacketCursor *cursor)
{
    if (!packet_cursor_need(cursor, 14, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    guint16 type = read_be16(packet_cursor_at(cursor) + 12);
    if (packet_cursor_layer(cursor, PACKET_LAYER_ETHERNET, 14, type)) {
        packet_decode_ethertype(cursor, type);
    }
}

static void decode_vlan(PacketCursor *cursor)
{
    if (!packet_cursor_need(cursor, 4, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    guint16 tag = read_be16(packet_cursor_at(cursor));
    guint16 type = read_be16(packet_cursor_at(cursor) + 2);
    if (packet_cursor_layer(cursor, PACKET_LAYER_VLAN, 4, tag & 0x0fffu)) {
        packet_decode_ethertype(cursor, type);
    }
}

static void decode_pppoe(PacketCursor *cursor)
{
    if (!packet_cursor_need(cursor, 6, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    guint16 session = read_be16(packet_cursor_at(cursor) + 2);
    guint16 length = read_be16(packet_cursor_at(cursor) + 4);
    if (packet_cursor_layer(cursor, PACKET_LAYER_PPPOE, 6, session)) {
        packet_cursor_limit(cursor, length);
        packet_decode_ppp(cursor);
    }
}

void packet_decode_ethertype(PacketCursor *cursor, guint16 type)
{
    if (G_LIKELY(type == ETHERTYPE_IPV4)) {
        packet_decode_ipv4(cursor);
        return;
    }
    if (type < ETHERTYPE_LOWEST) {
        packet_cursor_limit(cursor, type);
        packet_decode_llc(cursor);
        return;
    }
    switch (type) {
    case ETHERTYPE_IPV6:
        packet_decode_ipv6(cursor);
        return;
    case ETHERTYPE_VLAN:
    case ETHERTYPE_SERVICE_VLAN:
    case ETHERTYPE_OLD_SERVICE_VLAN:
    case ETHERTYPE_OLD_SERVICE_VLAN_2:
        decode_vlan(cursor);
        return;
    case ETHERTYPE_MPLS:
    case ETHERTYPE_MPLS_MULTICAST:
        packet_decode_mpls(cursor);
        return;
    case ETHERTYPE_PPPOE_SESSION:
        decode_pppoe(cursor);
        return;
    case ETHERTYPE_PPP:
        packet_decode_ppp(cursor);
        return;
    case ETHERTYPE_BRIDGED:
        packet_decode_ethernet(cursor);
        return;
    case ETHERTYPE_ARP:
        packet_cursor_layer(cursor, PACKET_LAYER_ARP, packet_cursor_left(cursor), 0);
        return;
    }
    packet_cursor_stop(cursor, PACKET_NOT_IP);
}

/* IEEE 802.2: two service access points and a control octet. Only SNAP and the old number of IP
 * lead on to what can be read here; the frames of bridges and of other networks end it. */
void packet_decode_llc(PacketCursor *cursor)
{
    if (!packet_cursor_need(cursor, 3, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    const guint8 *header = packet_cursor_at(cursor);
    bool is_snap = header[0] == 0xaa && header[1] == 0xaa && header[2] == 0x03;
    bool is_internet = header[0] == 0x06 && header[1] == 0x06 && header[2] == 0x03;
    if (!packet_cursor_layer(cursor, PACKET_LAYER_LLC, 3, header[0])) {
        return;
    }
    if (is_internet) {
        packet_decode_any_ip(cursor);
        return;
    }
    if (!is_snap || !packet_cursor_need(cursor, 5, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    const guint8 *snap = packet_cursor_at(cursor);
    guint32 organization = (guint32)snap[0] << 16 | (guint32)snap[1] << 8 | snap[2];
    guint16 type = read_be16(snap + 3);
    if (!packet_cursor_layer(cursor, PACKET_LAYER_SNAP, 5, type)) {
        return;
    }
    /* Besides the plain one, the number by which bridges tunnel Ethernet types. */
    if ((organization == 0 || organization == 0x0000f8) && type >= ETHERTYPE_LOWEST) {
        packet_decode_ethertype(cursor, type);
    }
}

/* RFC 1661: the protocol field has one octet when its lowest bit is set, else two; on some links
 * address and control octets of HDLC come before it. */
void packet_decode_ppp(PacketCursor *cursor)
{
    guint32 length = 0;
    if (packet_cursor_left(cursor) >= 1 && packet_cursor_at(cursor)[0] == 0xff) {
        if (!packet_cursor_need(cursor, 2, PACKET_PROBLEM_HEADER_LENGTH)) {
            return;
        }
        length = packet_cursor_at(cursor)[1] == 0x03 ? 2 : 0;
    }
    if (!packet_cursor_need(cursor, length + 1, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    guint16 protocol = packet_cursor_at(cursor)[length];
    if (protocol & 1) {
        length += 1;
    } else {
        if (!packet_cursor_need(cursor, length + 2, PACKET_PROBLEM_HEADER_LENGTH)) {
            return;
        }
        protocol = read_be16(packet_cursor_at(cursor) + length);
        length += 2;
    }
    if (!packet_cursor_layer(cursor, PACKET_LAYER_PPP, length, protocol)) {
        return;
    }

    enum {
        PPP_IPV4 = 0x0021,
        PPP_IPV6 = 0x0057,
        PPP_MPLS = 0x0281
    };

    if (protocol == PPP_IPV4) {
        packet_decode_ipv4(cursor);
    } else if (protocol == PPP_IPV6) {
        packet_decode_ipv6(cursor);
    } else if (protocol == PPP_MPLS) {
        packet_decode_mpls(cursor);
    }
}

/* A stack of labels does not say what lies under it. An IP packet shows its version; a zero there
 * begins the control word of an Ethernet pseudo-wire (RFC 4385), and anything else is Ethernet
 * without one. */
void packet_decode_mpls(PacketCursor *cursor)
{
    bool is_bottom = false;
    while (!is_bottom) {
        if (!packet_cursor_need(cursor, 4, PACKET_PROBLEM_HEADER_LENGTH)) {
            return;
        }
        guint32 label = read_be32(packet_cursor_at(cursor));
        is_bottom = (label & 0x100) != 0;
        if (!packet_cursor_layer(cursor, PACKET_LAYER_MPLS, 4, label >> 12)) {
            return;
        }
    }
    if (!packet_cursor_need(cursor, 1, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    guint8 version = packet_cursor_at(cursor)[0] >> 4;
    if (version == 4 || version == 6) {
        packet_decode_any_ip(cursor);
        return;
    }
    if (version == 0) {
        if (!packet_cursor_need(cursor, 4, PACKET_PROBLEM_HEADER_LENGTH)) {
            return;
        }
        cursor->offset += 4;
    }
    packet_decode_ethernet(cursor);
}
