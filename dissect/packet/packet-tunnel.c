#include "dissect/packet/octet-order.h"
#include "dissect/packet/packet-cursor.h"

/* RFC 2784 and RFC 2890: bits that say which optional fields the header has; RFC 2637 (PPTP) adds
 * the acknowledgement in version 1. */
typedef enum {
    GRE_CHECKSUM = 0x8000,
    GRE_ROUTING = 0x4000,
    GRE_KEY = 0x2000,
    GRE_SEQUENCE = 0x1000,
    GRE_ACKNOWLEDGEMENT = 0x0080,
    GRE_VERSION = 0x0007,
} GreBit;

/* The length of the header with its optional fields, 0 if it reaches beyond the packet. */
static guint32 gre_length(PacketCursor *cursor, guint16 bits)
{
    guint32 length = 4;
    length += bits & (GRE_CHECKSUM | GRE_ROUTING) ? 4 : 0;
    length += bits & GRE_KEY ? 4 : 0;
    length += bits & GRE_SEQUENCE ? 4 : 0;
    length += (bits & GRE_VERSION) == 1 && (bits & GRE_ACKNOWLEDGEMENT) ? 4 : 0;
    if (bits & GRE_ROUTING) {
        bool is_end = false;
        while (!is_end) {
            if (!packet_cursor_need(cursor, length + 4, PACKET_PROBLEM_HEADER_LENGTH)) {
                return 0;
            }
            const guint8 *entry = packet_cursor_at(cursor) + length;
            is_end = read_be16(entry) == 0 && entry[3] == 0;
            length += 4u + entry[3];
        }
    }
    return packet_cursor_need(cursor, length, PACKET_PROBLEM_HEADER_LENGTH) ? length : 0;
}

/* A mirrored Ethernet frame; version 2 has eight octets before it, version 3 twelve and, where the
 * lowest bit of them says so, eight more. The first version has none and no sequence number. */
static void decode_mirrored(PacketCursor *cursor, guint16 type, guint16 bits)
{
    guint32 length = 0;
    if (type == ETHERTYPE_ERSPAN_3) {
        if (!packet_cursor_need(cursor, 12, PACKET_PROBLEM_HEADER_LENGTH)) {
            return;
        }
        length = packet_cursor_at(cursor)[11] & 1 ? 20 : 12;
    } else if (bits & GRE_SEQUENCE) {
        length = 8;
    }
    if (packet_cursor_need(cursor, length, PACKET_PROBLEM_HEADER_LENGTH)) {
        cursor->offset += length;
        packet_decode_ethernet(cursor);
    }
}

void packet_decode_gre(PacketCursor *cursor)
{
    if (!packet_cursor_need(cursor, 4, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    guint16 bits = read_be16(packet_cursor_at(cursor));
    guint16 type = read_be16(packet_cursor_at(cursor) + 2);
    guint32 length = gre_length(cursor, bits);
    if (length == 0 || !packet_cursor_layer(cursor, PACKET_LAYER_GRE, length, type)) {
        return;
    }
    packet_cursor_stop(cursor, PACKET_OTHER);
    if ((bits & GRE_VERSION) > 1 || cursor->offset == cursor->wire_end) {
        return;
    }
    if (type == ETHERTYPE_ERSPAN_2 || type == ETHERTYPE_ERSPAN_3) {
        decode_mirrored(cursor, type, bits);
    } else if (type >= ETHERTYPE_LOWEST) {
        packet_decode_ethertype(cursor, type);
    }
}

/* RFC 7348: eight octets of which only one bit and the network's number may be set, then a whole
 * Ethernet frame. Other programs use the port too, so the frame must look like one. */
bool packet_decode_vxlan(PacketCursor *cursor)
{
    enum {
        VXLAN_HEADER = 8,
        ETHERNET_HEADER = 14
    };

    if (packet_cursor_left(cursor) < VXLAN_HEADER + ETHERNET_HEADER) {
        return false;
    }
    const guint8 *header = packet_cursor_at(cursor);
    guint16 type = read_be16(header + VXLAN_HEADER + 12);
    bool is_known = type == ETHERTYPE_IPV4 || type == ETHERTYPE_IPV6 || type == ETHERTYPE_VLAN ||
                    type == ETHERTYPE_SERVICE_VLAN || type == ETHERTYPE_ARP;
    if (read_be32(header) != 0x08000000u || header[7] != 0 || !is_known) {
        return false;
    }
    guint32 network = read_be32(header + 4) >> 8;
    if (!packet_cursor_layer(cursor, PACKET_LAYER_VXLAN, VXLAN_HEADER, network)) {
        return true;
    }
    packet_cursor_stop(cursor, PACKET_NOT_IP);
    packet_decode_ethernet(cursor);
    return true;
}
