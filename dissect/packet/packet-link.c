#include "dissect/packet/octet-order.h"
#include "dissect/packet/packet-cursor.h"

/* The data link types as libpcap gives them, and their LINKTYPE twins where files differ. */
typedef enum {
    LINK_NULL = 0,
    LINK_ETHERNET = 1,
    LINK_PPP = 9,
    LINK_RAW = 12,
    LINK_RAW_OPENBSD = 14,
    LINK_PPP_SERIAL = 50,
    LINK_PPP_ETHER = 51,
    LINK_RAW_FILE = 101,
    LINK_CISCO_HDLC = 104,
    LINK_WIRELESS = 105,
    LINK_LOOP = 108,
    LINK_LINUX_COOKED = 113,
    LINK_PRISM = 119,
    LINK_RADIOTAP = 127,
    LINK_AVS = 163,
    LINK_PPP_WITH_DIRECTION = 166,
    LINK_PPI = 192,
    LINK_IPV4 = 228,
    LINK_IPV6 = 229,
    LINK_NFLOG = 239,
    LINK_LINUX_COOKED_2 = 276,
} LinkType;

/* What libpcap cannot know of a frame on a BSD loopback: the machine's order, and which of several
 * numbers that system gave to IPv6. */
static void decode_loopback(PacketCursor *cursor)
{
    if (!packet_cursor_need(cursor, 4, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    guint32 family = read_be32(packet_cursor_at(cursor));
    if (family > 0xffff) {
        family = GUINT32_SWAP_LE_BE(family);
    }
    if (!packet_cursor_layer(cursor, PACKET_LAYER_LOOPBACK, 4, family)) {
        return;
    }
    bool is_internet = family == 2 || family == 10 || family == 24 || family == 28 || family == 30;
    if (is_internet) {
        packet_decode_any_ip(cursor);
    }
}

static void decode_linux_cooked(PacketCursor *cursor, bool is_second)
{
    guint32 length = is_second ? 20 : 16;
    if (!packet_cursor_need(cursor, length, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    guint16 type = read_be16(packet_cursor_at(cursor) + (is_second ? 0 : 14));
    PacketLayerKind kind = is_second ? PACKET_LAYER_LINUX_COOKED_2 : PACKET_LAYER_LINUX_COOKED;
    if (!packet_cursor_layer(cursor, kind, length, type)) {
        return;
    }

    enum {
        COOKED_LLC = 4
    };

    if (type == COOKED_LLC) {
        packet_decode_llc(cursor);
    } else if (type >= ETHERTYPE_LOWEST) {
        packet_decode_ethertype(cursor, type);
    }
}

static void decode_hdlc(PacketCursor *cursor)
{
    if (!packet_cursor_need(cursor, 4, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    const guint8 *header = packet_cursor_at(cursor);
    if (header[0] == 0xff && header[1] == 0x03) {
        packet_decode_ppp(cursor);
        return;
    }
    guint16 type = read_be16(header + 2);
    if (packet_cursor_layer(cursor, PACKET_LAYER_HDLC, 4, type)) {
        packet_decode_ethertype(cursor, type);
    }
}

/* Attributes of length, type, value, each padded to four octets, in the order of the machine that
 * captured; libpcap has swapped them if need be. One of them is the packet. */
static void decode_nflog(PacketCursor *cursor)
{
    if (!packet_cursor_need(cursor, 4, PACKET_PROBLEM_HEADER_LENGTH) ||
        !packet_cursor_layer(cursor, PACKET_LAYER_NFLOG, 4, packet_cursor_at(cursor)[0])) {
        return;
    }

    enum {
        ATTRIBUTE_PAYLOAD = 9
    };

    while (packet_cursor_need(cursor, 4, PACKET_PROBLEM_HEADER_LENGTH)) {
        guint16 length;
        guint16 type;
        memcpy(&length, packet_cursor_at(cursor), sizeof length);
        memcpy(&type, packet_cursor_at(cursor) + 2, sizeof type);
        if (length < 4) {
            packet_cursor_fail(cursor, PACKET_PROBLEM_HEADER_LENGTH);
            return;
        }
        if (type == ATTRIBUTE_PAYLOAD) {
            cursor->offset += 4;
            packet_cursor_limit(cursor, length - 4u);
            packet_decode_any_ip(cursor);
            return;
        }
        guint32 padded = (length + 3u) & ~3u;
        if (!packet_cursor_need(cursor, padded, PACKET_PROBLEM_HEADER_LENGTH)) {
            return;
        }
        cursor->offset += padded;
    }
}

static void decode_raw(PacketCursor *cursor)
{
    if (packet_cursor_layer(cursor, PACKET_LAYER_RAW, 0, 0)) {
        packet_decode_any_ip(cursor);
    }
}

static void decode_ppp_with_direction(PacketCursor *cursor)
{
    if (packet_cursor_need(cursor, 1, PACKET_PROBLEM_HEADER_LENGTH)) {
        cursor->offset++;
        packet_decode_ppp(cursor);
    }
}

/* A session header without Ethernet before it. */
static void decode_ppp_ether(PacketCursor *cursor)
{
    packet_decode_ethertype(cursor, ETHERTYPE_PPPOE_SESSION);
}

/* The link type is a number from a file: any value may come. */
void packet_decode_link(PacketCursor *cursor, guint32 link_type)
{
    if (G_LIKELY(link_type == LINK_ETHERNET)) {
        packet_decode_ethernet(cursor);
        return;
    }
    switch (link_type) {
    case LINK_NULL:
    case LINK_LOOP:
        decode_loopback(cursor);
        return;
    case LINK_PPP:
    case LINK_PPP_SERIAL:
        packet_decode_ppp(cursor);
        return;
    case LINK_PPP_ETHER:
        decode_ppp_ether(cursor);
        return;
    case LINK_PPP_WITH_DIRECTION:
        decode_ppp_with_direction(cursor);
        return;
    case LINK_RAW:
    case LINK_RAW_OPENBSD:
    case LINK_RAW_FILE:
    case LINK_IPV4:
    case LINK_IPV6:
        decode_raw(cursor);
        return;
    case LINK_CISCO_HDLC:
        decode_hdlc(cursor);
        return;
    case LINK_WIRELESS:
        packet_decode_wireless(cursor, false);
        return;
    case LINK_PRISM:
    case LINK_AVS:
        packet_decode_prism(cursor);
        return;
    case LINK_RADIOTAP:
        packet_decode_radiotap(cursor);
        return;
    case LINK_PPI:
        packet_decode_ppi(cursor);
        return;
    case LINK_LINUX_COOKED:
        decode_linux_cooked(cursor, false);
        return;
    case LINK_LINUX_COOKED_2:
        decode_linux_cooked(cursor, true);
        return;
    case LINK_NFLOG:
        decode_nflog(cursor);
        return;
    }
    packet_cursor_stop(cursor, PACKET_NOT_IP);
    cursor->packet->problem = PACKET_PROBLEM_UNKNOWN_LINK;
}
