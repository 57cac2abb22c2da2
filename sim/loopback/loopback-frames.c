#include "sim/loopback/loopback-frames.h"

#include "sim/network/checksum.h"
#include "sim/network/frame.h"
#include "sim/network/octets.h"

#define TCP_HEADER 20
#define TCP_OPTION_SEGMENT 4 /* octets of the maximum segment size option */
#define UDP_HEADER 8
#define WINDOW 65535
#define HOP_LIMIT 64
#define DATAGRAM_MAXIMUM (65535 - IPV4_HEADER - UDP_HEADER)
#define SEGMENTS_UNACKNOWLEDGED 2 /* RFC 9293 §3.8.6.3: at least every second is acknowledged */

enum {
    FLAG_FIN = 0x01,
    FLAG_SYN = 0x02,
    FLAG_RST = 0x04,
    FLAG_PSH = 0x08,
    FLAG_ACK = 0x10,
};

struct LoopbackFrames {
    LoopbackFrameCallback callback;
    gpointer data;
    guint16 identification;
    guint32 flows;
    guint8 octets[ETHERNET_HEADER + IPV6_HEADER + UDP_HEADER + DATAGRAM_MAXIMUM];
};

typedef struct {
    LoopbackPlace place;
    guint32 next;     /* sequence number of the next octet it sends */
    guint unanswered; /* segments of the other side that it has not acknowledged yet */
    bool has_closed;
} Side;

struct LoopbackFlow {
    LoopbackFrames *frames;
    Side sides[2]; /* client, server */
    bool is_over;
};

LoopbackFrames *loopback_frames_new(LoopbackFrameCallback callback, gpointer data)
{
    LoopbackFrames *frames = g_new0(LoopbackFrames, 1);
    frames->callback = callback;
    frames->data = data;
    return frames;
}

void loopback_frames_free(LoopbackFrames *frames)
{
    g_free(frames);
}

/* Writes the headers below TCP and UDP; gives where the payload begins. */
static guint8 *begin_packet(
    LoopbackFrames *frames,
    const SimAddress *from,
    const SimAddress *to,
    guint8 protocol,
    gsize payload
)
{
    bool is_six = from->family == SIM_FAMILY_IPV6;
    guint8 *header = frames->octets + ETHERNET_HEADER;
    memset(frames->octets, 0, ETHERNET_HEADER + IPV6_HEADER);
    put_16(frames->octets + 12, is_six ? ETHERNET_TYPE_IPV6 : ETHERNET_TYPE_IPV4);
    if (is_six) {
        header[0] = 0x60;
        put_16(header + 4, (guint16)payload);
        header[6] = protocol;
        header[7] = HOP_LIMIT;
        memcpy(header + 8, from->octets, 16);
        memcpy(header + 24, to->octets, 16);
        return header + IPV6_HEADER;
    }
    header[0] = 0x45;
    put_16(header + 2, (guint16)(IPV4_HEADER + payload));
    put_16(header + 4, ++frames->identification);
    put_16(header + 6, 0x4000); /* do not fragment */
    header[8] = HOP_LIMIT;
    header[9] = protocol;
    memcpy(header + 12, from->octets, 4);
    memcpy(header + 16, to->octets, 4);
    guint16 checksum = checksum_finish(internet_checksum_add(0, header, IPV4_HEADER));
    memcpy(header + 10, &checksum, sizeof checksum);
    return header + IPV4_HEADER;
}

/* 'checksum' is where it stands in the packet; all else is in place. */
static void finish_packet(
    LoopbackFrames *frames,
    guint8 *packet,
    gsize length,
    guint8 protocol,
    guint8 *checksum,
    SimTime now
)
{
    const guint8 *header = frames->octets + ETHERNET_HEADER;
    bool is_six = packet == header + IPV6_HEADER;
    guint64 sum = checksum_add_pseudo_header(
        0, header + (is_six ? 8 : 12), is_six ? 16 : 4, protocol, length
    );
    guint16 finished = checksum_finish(internet_checksum_add(sum, packet, length));
    if (protocol == PROTOCOL_UDP && finished == 0) {
        finished = 0xffff; /* RFC 768: nought would say that there is none */
    }
    memcpy(checksum, &finished, sizeof finished);
    gsize whole = (gsize)(packet - frames->octets) + length;
    frames->callback(now, byte_span(frames->octets, whole), frames->data);
}

void loopback_frames_datagram(
    LoopbackFrames *frames,
    const LoopbackPlace *from,
    const LoopbackPlace *to,
    ByteSpan octets,
    SimTime now
)
{
    gsize length = UDP_HEADER + octets.length;
    if (octets.length > DATAGRAM_MAXIMUM) {
        return;
    }
    guint8 *packet = begin_packet(frames, &from->address, &to->address, PROTOCOL_UDP, length);
    put_16(packet, from->port);
    put_16(packet + 2, to->port);
    put_16(packet + 4, (guint16)length);
    put_16(packet + 6, 0);
    if (octets.length > 0) {
        memcpy(packet + UDP_HEADER, octets.data, octets.length);
    }
    finish_packet(frames, packet, length, PROTOCOL_UDP, packet + 6, now);
}

/* One segment; its octets count in the sender's sequence numbers, and so do SYN and FIN. */
static void
send_segment(LoopbackFlow *flow, bool is_from_server, guint8 flags, ByteSpan octets, SimTime now)
{
    Side *from = &flow->sides[is_from_server];
    const Side *to = &flow->sides[!is_from_server];
    gsize header = TCP_HEADER + ((flags & FLAG_SYN) != 0 ? TCP_OPTION_SEGMENT : 0);
    gsize length = header + octets.length;
    guint8 *packet =
        begin_packet(flow->frames, &from->place.address, &to->place.address, PROTOCOL_TCP, length);
    memset(packet, 0, header);
    put_16(packet, from->place.port);
    put_16(packet + 2, to->place.port);
    put_32(packet + 4, from->next);
    put_32(packet + 8, (flags & FLAG_ACK) != 0 ? to->next : 0);
    packet[12] = (guint8)(header / 4 << 4);
    packet[13] = flags;
    put_16(packet + 14, WINDOW);
    if ((flags & FLAG_SYN) != 0) {
        packet[20] = 2;
        packet[21] = TCP_OPTION_SEGMENT;
        put_16(packet + 22, LOOPBACK_SEGMENT_MAXIMUM);
    }
    if (octets.length > 0) {
        memcpy(packet + header, octets.data, octets.length);
    }
    from->unanswered = 0;
    from->next += (guint32)octets.length + ((flags & (FLAG_SYN | FLAG_FIN)) != 0);
    finish_packet(flow->frames, packet, length, PROTOCOL_TCP, packet + 16, now);
}

static void acknowledge(LoopbackFlow *flow, bool is_from_server, SimTime now)
{
    send_segment(flow, is_from_server, FLAG_ACK, BYTE_SPAN_EMPTY, now);
}

LoopbackFlow *loopback_flow_open(
    LoopbackFrames *frames, const LoopbackPlace *client, const LoopbackPlace *server, SimTime now
)
{
    LoopbackFlow *flow = g_new0(LoopbackFlow, 1);
    flow->frames = frames;
    flow->sides[false].place = *client;
    flow->sides[true].place = *server;
    /* Where sequence numbers begin does not matter, as long as they differ: RFC 9293 §3.4.1. */
    flow->sides[false].next = ++frames->flows * 2654435761u;
    flow->sides[true].next = frames->flows * 2246822519u;
    send_segment(flow, false, FLAG_SYN, BYTE_SPAN_EMPTY, now);
    send_segment(flow, true, FLAG_SYN | FLAG_ACK, BYTE_SPAN_EMPTY, now);
    acknowledge(flow, false, now);
    return flow;
}

void loopback_flow_free(LoopbackFlow *flow)
{
    g_free(flow);
}

void loopback_flow_send(LoopbackFlow *flow, bool is_from_server, ByteSpan octets, SimTime now)
{
    Side *to = &flow->sides[!is_from_server];
    if (flow->is_over || flow->sides[is_from_server].has_closed) {
        return;
    }
    while (octets.length > 0) {
        ByteSpan piece = byte_span_slice(octets, 0, LOOPBACK_SEGMENT_MAXIMUM);
        octets = byte_span_from(octets, piece.length);
        guint8 push = octets.length == 0 ? FLAG_PSH : 0;
        send_segment(flow, is_from_server, FLAG_ACK | push, piece, now);
        if (++to->unanswered >= SEGMENTS_UNACKNOWLEDGED) {
            acknowledge(flow, !is_from_server, now);
        }
    }
}

void loopback_flow_close(LoopbackFlow *flow, bool is_from_server, SimTime now)
{
    Side *side = &flow->sides[is_from_server];
    if (flow->is_over || side->has_closed) {
        return;
    }
    side->has_closed = true;
    send_segment(flow, is_from_server, FLAG_FIN | FLAG_ACK, BYTE_SPAN_EMPTY, now);
    acknowledge(flow, !is_from_server, now);
    flow->is_over = flow->sides[!is_from_server].has_closed;
}

void loopback_flow_reset(LoopbackFlow *flow, bool is_from_server, SimTime now)
{
    if (!flow->is_over) {
        flow->is_over = true;
        send_segment(flow, is_from_server, FLAG_RST | FLAG_ACK, BYTE_SPAN_EMPTY, now);
    }
}
