#include "dissect/packet/octet-order.h"
#include "dissect/packet/packet-cursor.h"

/* IEEE 802.11: the first octet names the type, the second has these bits. */
typedef enum {
    WIRELESS_TO_DISTRIBUTION = 0x01,
    WIRELESS_FROM_DISTRIBUTION = 0x02,
    WIRELESS_MORE_FRAGMENTS = 0x04,
    WIRELESS_PROTECTED = 0x40,
    WIRELESS_HAS_CONTROL = 0x80, /* in frames with quality of service */
} WirelessBit;

/* Several small frames in one: the first of them is shown. */
static void decode_aggregate(PacketCursor *cursor)
{
    if (!packet_cursor_need(cursor, 14, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    guint16 length = read_be16(packet_cursor_at(cursor) + 12);
    if (packet_cursor_layer(cursor, PACKET_LAYER_ETHERNET, 14, length)) {
        packet_cursor_limit(cursor, length);
        packet_decode_llc(cursor);
    }
}

void packet_decode_wireless(PacketCursor *cursor, bool is_padded)
{
    if (!packet_cursor_need(cursor, 24, PACKET_PROBLEM_HEADER_LENGTH)) {
        /* Acknowledgements and the like are shorter; they carry nothing. */
        if (packet_cursor_left(cursor) >= 1 && (packet_cursor_at(cursor)[0] & 0x0c) != 0x08) {
            cursor->packet->problem = PACKET_FINE;
            packet_cursor_stop(cursor, PACKET_NOT_IP);
        }
        return;
    }
    const guint8 *header = packet_cursor_at(cursor);
    guint8 type = header[0];
    guint8 bits = header[1];
    bool is_data = (type & 0x0c) == 0x08 && (type & 0x40) == 0;
    bool has_quality = (type & 0x80) != 0;
    guint32 length = 24;
    bool has_fourth = (bits & WIRELESS_TO_DISTRIBUTION) && (bits & WIRELESS_FROM_DISTRIBUTION);
    length += has_fourth ? 6 : 0;
    guint32 quality_at = length;
    length += has_quality ? 2 : 0;
    length += has_quality && (bits & WIRELESS_HAS_CONTROL) ? 4 : 0;
    bool is_later_fragment = (header[22] & 0x0f) != 0;
    if (!is_data) {
        packet_cursor_layer(cursor, PACKET_LAYER_WIRELESS, 24, type);
        return;
    }
    if (!packet_cursor_need(cursor, length, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    bool is_aggregate = has_quality && (header[quality_at] & 0x80) != 0;
    if (!packet_cursor_layer(cursor, PACKET_LAYER_WIRELESS, length, type)) {
        return;
    }
    if (bits & WIRELESS_PROTECTED) {
        cursor->packet->problem = PACKET_PROBLEM_ENCRYPTED;
        return;
    }
    if (is_later_fragment || (bits & WIRELESS_MORE_FRAGMENTS)) {
        return;
    }
    guint32 padding = is_padded ? (4 - length % 4) % 4 : 0;
    if (!packet_cursor_need(cursor, padding, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    cursor->offset += padding;
    if (is_aggregate) {
        decode_aggregate(cursor);
    } else {
        packet_decode_llc(cursor);
    }
}

/* The flags octet of radiotap, if it is there: behind the presence words, and behind the eight
 * aligned octets of the timer when the first word announces that. */
static guint8 radiotap_flags(const guint8 *header, guint32 length)
{
    guint32 present = read_le32(header + 4);
    guint32 at = 8;
    for (guint32 word = present; (word & 0x80000000u) != 0 && at + 4 <= length; at += 4) {
        word = read_le32(header + at);
    }
    if ((present & 0x02) == 0) {
        return 0;
    }
    if (present & 0x01) {
        at = ((at + 7) & ~7u) + 8;
    }
    return at < length ? header[at] : 0;
}

void packet_decode_radiotap(PacketCursor *cursor)
{
    if (!packet_cursor_need(cursor, 8, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    guint16 length = read_le16(packet_cursor_at(cursor) + 2);
    if (length < 8) {
        packet_cursor_fail(cursor, PACKET_PROBLEM_HEADER_LENGTH);
        return;
    }
    if (!packet_cursor_need(cursor, length, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    guint8 flags = radiotap_flags(packet_cursor_at(cursor), length);
    if (packet_cursor_layer(cursor, PACKET_LAYER_RADIOTAP, length, flags)) {
        packet_decode_wireless(cursor, (flags & 0x20) != 0);
    }
}

/* Per-packet information: a length, then the link type of what follows. */
void packet_decode_ppi(PacketCursor *cursor)
{
    if (!packet_cursor_need(cursor, 8, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    guint16 length = read_le16(packet_cursor_at(cursor) + 2);
    guint32 link_type = read_le32(packet_cursor_at(cursor) + 4);
    if (length < 8) {
        packet_cursor_fail(cursor, PACKET_PROBLEM_HEADER_LENGTH);
        return;
    }
    if (packet_cursor_need(cursor, length, PACKET_PROBLEM_HEADER_LENGTH) &&
        packet_cursor_layer(cursor, PACKET_LAYER_RADIOTAP, length, link_type)) {
        packet_decode_link(cursor, link_type);
    }
}

/* Prism gives its length in the second word, in the order of the machine; AVS begins with a magic
 * number and is in network order. */
void packet_decode_prism(PacketCursor *cursor)
{
    if (!packet_cursor_need(cursor, 8, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    const guint8 *header = packet_cursor_at(cursor);
    bool is_avs = (read_be32(header) & 0xfffff000u) == 0x80211000u;
    guint32 length = is_avs ? read_be32(header + 4) : read_le32(header + 4);
    if (!is_avs && length > 0xffff) {
        length = GUINT32_SWAP_LE_BE(length);
    }
    if (length < 8) {
        packet_cursor_fail(cursor, PACKET_PROBLEM_HEADER_LENGTH);
        return;
    }
    if (packet_cursor_need(cursor, length, PACKET_PROBLEM_HEADER_LENGTH) &&
        packet_cursor_layer(cursor, PACKET_LAYER_RADIOTAP, length, 0)) {
        packet_decode_wireless(cursor, false);
    }
}
