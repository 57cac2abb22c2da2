#include "dissect/packet/checksum.h"
#include "dissect/packet/octet-order.h"
#include "dissect/packet/packet-cursor.h"
#include "protocol/network/internet-checksum.h"

static void set_address(PacketAddress *address, guint8 version, const guint8 *octets)
{
    address->version = version;
    if (version == 4) {
        memcpy(address->octets, octets, 4);
        memset(address->octets + 4, 0, 12);
    } else {
        memcpy(address->octets, octets, 16);
    }
}

/* Continues in the datagram if the fragment completes it. */
static bool take_fragment(PacketCursor *cursor, Fragment *fragment)
{
    Packet *packet = cursor->packet;
    fragment->source = packet->source;
    fragment->destination = packet->destination;
    fragment->length = cursor->wire_end - cursor->offset;
    fragment->octets = byte_span(packet_cursor_at(cursor), packet_cursor_left(cursor));
    fragment->frame = packet->frame->number;
    fragment->time_ns = packet->frame->time_ns;
    packet_cursor_stop(cursor, PACKET_FRAGMENT);
    if (fragment->offset + fragment->length > 65535 ||
        (!fragment->is_last && (fragment->length % 8 != 0 || fragment->length == 0))) {
        packet_cursor_fail(cursor, PACKET_PROBLEM_FRAGMENT);
        return false;
    }
    FragmentDatagram datagram;
    if (!fragment_table_add(cursor->decoder->fragments, fragment, &datagram)) {
        return false;
    }
    cursor->decoder->has_given = true;
    cursor->data = datagram.data;
    cursor->offset = 0;
    cursor->captured_end = datagram.captured;
    cursor->wire_end = datagram.length;
    cursor->is_reassembled = true;
    packet->reassembled = byte_span(datagram.data, datagram.captured);
    packet->pieces = datagram.pieces;
    packet->piece_count = datagram.piece_count;
    packet->protocol = datagram.protocol;
    return true;
}

/* Where the packet ends by its own length. A length of 0 is what a sender writes that leaves the
 * cutting into segments to its card; the frame alone says how long it is then. */
static void limit_to_total(PacketCursor *cursor, guint32 total)
{
    guint32 left = cursor->wire_end - cursor->offset;
    if (total > left) {
        cursor->packet->problem = PACKET_PROBLEM_SHORT_FRAME;
    } else {
        packet_cursor_limit(cursor, total);
    }
}

static void verify_ipv4_header(PacketCursor *cursor, const guint8 *header, guint32 length)
{
    if (!cursor->decoder->options.verifies_checksums) {
        return;
    }
    bool is_good = internet_checksum_fold(internet_checksum_add(0, header, length)) == 0xffff;
    bool is_empty = read_be16(header + 10) == 0;
    cursor->packet->ip_checksum = is_good    ? CHECKSUM_GOOD
                                  : is_empty ? CHECKSUM_OFFLOADED
                                             : CHECKSUM_BAD;
}

void packet_decode_ipv4(PacketCursor *cursor)
{
    if (!packet_cursor_need(cursor, 20, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    const guint8 *header = packet_cursor_at(cursor);
    if (G_UNLIKELY(header[0] >> 4 != 4)) {
        packet_cursor_fail(cursor, PACKET_PROBLEM_VERSION);
        return;
    }
    guint32 length = (header[0] & 0x0fu) * 4u;
    if (G_UNLIKELY(length < 20)) {
        packet_cursor_fail(cursor, PACKET_PROBLEM_HEADER_LENGTH);
        return;
    }
    guint16 total = read_be16(header + 2);
    if (G_LIKELY(total != 0)) {
        if (total < length) {
            packet_cursor_fail(cursor, PACKET_PROBLEM_TOTAL_LENGTH);
            return;
        }
        limit_to_total(cursor, total);
    }
    Packet *packet = cursor->packet;
    set_address(&packet->source, 4, header + 12);
    set_address(&packet->destination, 4, header + 16);
    packet->protocol = header[9];
    if (!packet_cursor_need(cursor, length, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    verify_ipv4_header(cursor, header, length);
    if (!packet_cursor_layer(cursor, PACKET_LAYER_IPV4, length, packet->protocol)) {
        return;
    }
    guint16 fragmentation = read_be16(header + 6);
    if (G_UNLIKELY((fragmentation & 0x3fff) != 0)) {
        Fragment fragment = {
            .identification = read_be16(header + 4),
            .protocol = packet->protocol,
            .offset = (fragmentation & 0x1fffu) * 8u,
            .is_last = (fragmentation & 0x2000) == 0,
        };
        if (!take_fragment(cursor, &fragment)) {
            return;
        }
    }
    packet_decode_protocol(cursor, packet->protocol);
}

/* RFC 2675: the option 0xc2 of the hop-by-hop header gives the length of a jumbogram. */
static guint32 jumbo_length(const guint8 *options, guint32 length)
{
    for (guint32 at = 0; at + 2 <= length;) {
        if (options[at] == 0) {
            at++;
            continue;
        }
        guint32 option_length = options[at + 1];
        if (options[at] == 0xc2 && option_length == 4 && at + 6 <= length) {
            return read_be32(options + at + 2);
        }
        at += 2 + option_length;
    }
    return 0;
}

static void limit_to_jumbo(PacketCursor *cursor, guint32 extension_length)
{
    guint32 total = jumbo_length(packet_cursor_at(cursor) + 2, extension_length - 2);
    if (total > 65535) {
        limit_to_total(cursor, total);
    }
}

/* RFC 8200 §4.5. A fragment that is the whole datagram stands for itself, whatever else has come
 * under its number. */
static bool decode_fragment_header(PacketCursor *cursor)
{
    if (!packet_cursor_need(cursor, 8, PACKET_PROBLEM_EXTENSION)) {
        return false;
    }
    const guint8 *header = packet_cursor_at(cursor);
    guint16 fragmentation = read_be16(header + 2);
    Fragment fragment = {
        .identification = read_be32(header + 4),
        .protocol = header[0],
        .offset = fragmentation & 0xfff8u,
        .is_last = (fragmentation & 1) == 0,
    };
    cursor->packet->protocol = header[0];
    if (!packet_cursor_layer(cursor, PACKET_LAYER_FRAGMENT, 8, header[0])) {
        return false;
    }
    if (fragment.offset == 0 && fragment.is_last) {
        return true;
    }
    return take_fragment(cursor, &fragment);
}

/* RFC 8200 §4.4: while segments are left, the destination that the checksum was made with is the
 * last address of the route. */
static void follow_route(PacketCursor *cursor, const guint8 *header, guint32 length)
{
    enum {
        ROUTE_SOURCE = 0,
        ROUTE_MOBILE = 2
    };

    if ((header[2] == ROUTE_SOURCE || header[2] == ROUTE_MOBILE) && header[3] > 0 && length >= 24 &&
        (length - 8) % 16 == 0) {
        set_address(&cursor->packet->destination, 6, header + length - 16);
    }
}

static bool is_extension(guint8 protocol)
{
    return protocol == PROTOCOL_HOP_BY_HOP || protocol == PROTOCOL_ROUTING ||
           protocol == PROTOCOL_DESTINATION || protocol == PROTOCOL_AUTHENTICATION ||
           protocol == PROTOCOL_MOBILITY;
}

/* Takes one extension header; its first octet names what follows. */
static bool decode_extension(PacketCursor *cursor, bool may_be_jumbo)
{
    Packet *packet = cursor->packet;
    guint8 kind = packet->protocol;
    if (!packet_cursor_need(cursor, 8, PACKET_PROBLEM_EXTENSION)) {
        return false;
    }
    const guint8 *header = packet_cursor_at(cursor);
    /* RFC 8200 §4.3 counts in eights beyond the first; the authentication header in fours. */
    guint32 length =
        kind == PROTOCOL_AUTHENTICATION ? (header[1] + 2u) * 4u : (header[1] + 1u) * 8u;
    if (!packet_cursor_need(cursor, length, PACKET_PROBLEM_EXTENSION)) {
        return false;
    }
    if (kind == PROTOCOL_HOP_BY_HOP && may_be_jumbo) {
        limit_to_jumbo(cursor, length);
    }
    if (kind == PROTOCOL_ROUTING) {
        follow_route(cursor, header, length);
    }
    packet->protocol = header[0];
    return packet_cursor_layer(cursor, PACKET_LAYER_IPV6_EXTENSION, length, kind);
}

static void decode_extensions(PacketCursor *cursor, bool may_be_jumbo)
{
    Packet *packet = cursor->packet;
    for (;;) {
        if (packet->protocol == PROTOCOL_FRAGMENT) {
            if (!decode_fragment_header(cursor)) {
                return;
            }
        } else if (is_extension(packet->protocol)) {
            if (!decode_extension(cursor, may_be_jumbo)) {
                return;
            }
        } else {
            break;
        }
        may_be_jumbo = false;
    }
    packet_decode_protocol(cursor, packet->protocol);
}

void packet_decode_ipv6(PacketCursor *cursor)
{
    if (!packet_cursor_need(cursor, 40, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    const guint8 *header = packet_cursor_at(cursor);
    if (G_UNLIKELY(header[0] >> 4 != 6)) {
        packet_cursor_fail(cursor, PACKET_PROBLEM_VERSION);
        return;
    }
    Packet *packet = cursor->packet;
    set_address(&packet->source, 6, header + 8);
    set_address(&packet->destination, 6, header + 24);
    packet->protocol = header[6];
    guint16 length = read_be16(header + 4);
    if (!packet_cursor_layer(cursor, PACKET_LAYER_IPV6, 40, packet->protocol)) {
        return;
    }
    if (length != 0) {
        limit_to_total(cursor, length);
    }
    decode_extensions(cursor, length == 0);
}

void packet_decode_any_ip(PacketCursor *cursor)
{
    if (!packet_cursor_need(cursor, 1, PACKET_PROBLEM_HEADER_LENGTH)) {
        return;
    }
    guint8 version = packet_cursor_at(cursor)[0] >> 4;
    if (version == 4) {
        packet_decode_ipv4(cursor);
    } else if (version == 6) {
        packet_decode_ipv6(cursor);
    } else {
        packet_cursor_fail(cursor, PACKET_PROBLEM_VERSION);
    }
}

void packet_decode_protocol(PacketCursor *cursor, guint8 protocol)
{
    if (G_LIKELY(protocol == PROTOCOL_TCP)) {
        packet_decode_tcp(cursor);
        return;
    }
    switch (protocol) {
    case PROTOCOL_UDP:
        packet_decode_udp(cursor);
        return;
    case PROTOCOL_IPV4:
        packet_decode_ipv4(cursor);
        return;
    case PROTOCOL_IPV6:
        packet_decode_ipv6(cursor);
        return;
    case PROTOCOL_GRE:
        packet_decode_gre(cursor);
        return;
    case PROTOCOL_MPLS:
        packet_decode_mpls(cursor);
        return;
    case PROTOCOL_ICMP:
    case PROTOCOL_ICMPV6:
        packet_cursor_stop(cursor, PACKET_OTHER);
        packet_cursor_layer(cursor, PACKET_LAYER_ICMP, packet_cursor_left(cursor), protocol);
        return;
    }
    packet_cursor_stop(cursor, PACKET_OTHER);
}
