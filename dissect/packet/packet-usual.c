#include "dissect/packet/packet-usual.h"

#include "dissect/packet/checksum.h"
#include "dissect/packet/packet-cursor.h"
#include "protocol/network/internet-checksum.h"

static void
set_layer(Packet *packet, PacketLayerKind kind, guint32 offset, guint32 length, guint32 detail)
{
    packet->layers[packet->layer_count++] = (PacketLayer){
        .kind = (guint8)kind,
        .detail = (guint16)detail,
        .offset = offset,
        .length = length,
    };
}

static void verify(Packet *packet, const guint8 *ip, ByteSpan segment)
{
    bool is_good =
        internet_checksum_fold(internet_checksum_add(0, ip, USUAL_IPV4_HEADER)) == 0xffff;
    bool is_empty = read_be16(ip + 10) == 0;
    packet->ip_checksum = is_good ? CHECKSUM_GOOD : is_empty ? CHECKSUM_OFFLOADED : CHECKSUM_BAD;
    packet->checksum = checksum_judge(packet, segment, 16);
}

bool packet_decode_usual(PacketDecoder *decoder, const CaptureFrame *frame, Packet *packet)
{
    if (!packet_is_usual(frame)) {
        return false;
    }
    const guint8 *ip = frame->data + USUAL_ETHERNET_HEADER;
    const guint8 *tcp = ip + USUAL_IPV4_HEADER;
    guint32 end = USUAL_ETHERNET_HEADER + read_be16(ip + 2);
    guint32 header = (guint32)(tcp[12] >> 4) * 4u;
    packet->kind = PACKET_TCP;
    packet->source.version = 4;
    memcpy(packet->source.octets, ip + 12, 4);
    packet->destination.version = 4;
    memcpy(packet->destination.octets, ip + 16, 4);
    packet->protocol = PROTOCOL_TCP;
    packet->source_port = read_be16(tcp);
    packet->destination_port = read_be16(tcp + 2);
    packet->tcp_sequence = read_be32(tcp + 4);
    packet->tcp_acknowledgement = read_be32(tcp + 8);
    packet->tcp_flags = tcp[13];
    packet->tcp_window = read_be16(tcp + 14);
    packet->tcp_urgent = read_be16(tcp + 18);
    if (header > USUAL_TCP_HEADER) {
        packet->tcp_options = byte_span(tcp + USUAL_TCP_HEADER, header - USUAL_TCP_HEADER);
    }
    packet->payload = byte_span(tcp + header, end - USUAL_BEFORE_TCP - header);
    if (decoder->options.verifies_checksums) {
        verify(packet, ip, byte_span(tcp, end - USUAL_BEFORE_TCP));
    }
    set_layer(packet, PACKET_LAYER_ETHERNET, 0, USUAL_ETHERNET_HEADER, ETHERTYPE_IPV4);
    set_layer(packet, PACKET_LAYER_IPV4, USUAL_ETHERNET_HEADER, USUAL_IPV4_HEADER, PROTOCOL_TCP);
    set_layer(packet, PACKET_LAYER_TCP, USUAL_BEFORE_TCP, header, packet->tcp_flags);
    if (packet->payload.length > 0) {
        guint32 length = (guint32)packet->payload.length;
        set_layer(packet, PACKET_LAYER_PAYLOAD, USUAL_BEFORE_TCP + header, length, 0);
    }
    return true;
}
