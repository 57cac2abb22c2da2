#include "dissect/packet/checksum.h"
#include "dissect/packet/octet-order.h"
#include "dissect/packet/packet-cursor.h"

/* The pieces of a reassembled datagram count from the transport header on; those of the payload
 * begin behind it. */
static void trim_pieces(Packet *packet, guint32 header)
{
    PacketPiece *pieces = (PacketPiece *)packet->pieces;
    while (packet->piece_count > 0 && pieces[0].offset + pieces[0].length <= header) {
        pieces++;
        packet->piece_count--;
    }
    for (guint32 i = 0; i < packet->piece_count; i++) {
        if (pieces[i].offset < header) {
            pieces[i].length -= header - pieces[i].offset;
            pieces[i].offset = header;
        }
        pieces[i].offset -= header;
    }
    packet->pieces = pieces;
}

/* What is left is payload, as far as it was captured. */
static void take_payload(PacketCursor *cursor, guint32 header_length)
{
    Packet *packet = cursor->packet;
    packet->payload = byte_span(packet_cursor_at(cursor), packet_cursor_left(cursor));
    packet->missing_tail = cursor->wire_end - cursor->captured_end;
    if (G_UNLIKELY(packet->piece_count > 0)) {
        trim_pieces(packet, header_length);
    }
    /* Where the room for layers is used up the payload is still known. */
    if (packet->payload.length > 0 && packet->layer_count < PACKET_LAYERS_MAX) {
        packet_cursor_layer(cursor, PACKET_LAYER_PAYLOAD, (guint32)packet->payload.length, 0);
    }
}

static void verify(PacketCursor *cursor, gsize field)
{
    bool is_whole = cursor->captured_end == cursor->wire_end &&
                    cursor->packet->problem != PACKET_PROBLEM_SHORT_FRAME;
    if (cursor->decoder->options.verifies_checksums && is_whole) {
        ByteSpan segment = byte_span(packet_cursor_at(cursor), packet_cursor_left(cursor));
        cursor->packet->checksum = checksum_judge(cursor->packet, segment, field);
    }
}

static void read_tcp_header(Packet *packet, const guint8 *header, guint32 present)
{
    packet->source_port = read_be16(header);
    packet->destination_port = read_be16(header + 2);
    packet->tcp_sequence = read_be32(header + 4);
    packet->tcp_acknowledgement = read_be32(header + 8);
    packet->tcp_flags = header[13];
    packet->tcp_window = present >= 16 ? read_be16(header + 14) : 0;
    packet->tcp_urgent = present >= 20 ? read_be16(header + 18) : 0;
}

/* RFC 9293 §3.1. Of a header that the snapshot length cut short the first 14 octets are enough to
 * place the segment; its options and payload are missing then. */
void packet_decode_tcp(PacketCursor *cursor)
{
    enum {
        TCP_ENOUGH = 14,
        TCP_SHORTEST = 20
    };

    guint32 segment_length = cursor->wire_end - cursor->offset;
    if (segment_length < TCP_SHORTEST) {
        packet_cursor_fail(cursor, PACKET_PROBLEM_TCP_HEADER);
        return;
    }
    if (!packet_cursor_need(cursor, TCP_ENOUGH, PACKET_PROBLEM_TCP_HEADER)) {
        return;
    }
    Packet *packet = cursor->packet;
    const guint8 *header = packet_cursor_at(cursor);
    guint32 length = (guint32)(header[12] >> 4) * 4u;
    guint32 present = MIN(length, packet_cursor_left(cursor));
    read_tcp_header(packet, header, packet_cursor_left(cursor));
    if (length < TCP_SHORTEST || length > segment_length) {
        packet_cursor_fail(cursor, PACKET_PROBLEM_TCP_HEADER);
        return;
    }
    packet_cursor_stop(cursor, PACKET_TCP);
    verify(cursor, 16);
    if (present > TCP_SHORTEST) {
        packet->tcp_options = byte_span(header + TCP_SHORTEST, present - TCP_SHORTEST);
    }
    if (!packet_cursor_layer(cursor, PACKET_LAYER_TCP, present, packet->tcp_flags)) {
        return;
    }
    if (G_UNLIKELY(present < length)) {
        packet->missing_tail = segment_length - length;
        packet->piece_count = 0;
        return;
    }
    take_payload(cursor, length);
}

/* RFC 768. The length field is 0 in a jumbogram. */
void packet_decode_udp(PacketCursor *cursor)
{
    enum {
        UDP_HEADER = 8,
        VXLAN_PORT = 4789,
        VXLAN_OLD_PORT = 8472
    };

    if (!packet_cursor_need(cursor, UDP_HEADER, PACKET_PROBLEM_UDP_LENGTH)) {
        return;
    }
    Packet *packet = cursor->packet;
    const guint8 *header = packet_cursor_at(cursor);
    packet->source_port = read_be16(header);
    packet->destination_port = read_be16(header + 2);
    guint32 left = cursor->wire_end - cursor->offset;
    guint32 length = read_be16(header + 4);
    if (length == 0 && left > 65535) {
        length = left;
    }
    if (length < UDP_HEADER || length > left) {
        packet_cursor_fail(cursor, PACKET_PROBLEM_UDP_LENGTH);
        return;
    }
    packet_cursor_stop(cursor, PACKET_UDP);
    packet_cursor_limit(cursor, length);
    if (read_be16(header + 6) == 0 && packet->source.version == 4) {
        packet->checksum = CHECKSUM_ABSENT;
    } else {
        verify(cursor, 6);
    }
    if (!packet_cursor_layer(cursor, PACKET_LAYER_UDP, UDP_HEADER, 0)) {
        return;
    }
    bool is_vxlan_port =
        packet->destination_port == VXLAN_PORT || packet->destination_port == VXLAN_OLD_PORT;
    if (is_vxlan_port && packet_decode_vxlan(cursor)) {
        return;
    }
    take_payload(cursor, UDP_HEADER);
}
