#include "sim/network/host-private.h"
#include "sim/network/icmp.h"
#include "sim/network/ip.h"
#include "sim/network/link-private.h"
#include "sim/network/octets.h"

#define DATAGRAMS_MAX 16 /* in pieces at one host at a time; the oldest gives way */
#define RANGES_MAX 64
#define PAYLOAD_MAX 65515                    /* what an IPv4 packet can hold behind its header */
#define REASSEMBLY_TIMEOUT (60 * SIM_SECOND) /* RFC 8200 §4.5; RFC 1122 §3.3.2: 60 to 120 s */
#define MORE_FRAGMENTS 0x2000
#define OFFSET_MASK 0x1fff

/* --- cutting --- */

static void cut_ipv4(SimInterface *interface, Neighbour *neighbour, Frame *frame, guint mtu)
{
    SimWorld *world = interface->host->world;
    const guint8 *whole = frame->octets + ETHERNET_HEADER;
    gsize header_length = (gsize)(whole[0] & 0x0f) * 4;
    gsize payload_length = frame->length - ETHERNET_HEADER - header_length;
    guint16 flags = get_16(whole + 6);
    gsize step = (mtu - header_length) & ~(gsize)7;
    for (gsize start = 0; start < payload_length; start += step) {
        gsize length = MIN(step, payload_length - start);
        bool is_last = start + length == payload_length;
        Frame *piece = frame_new(world, ETHERNET_HEADER + header_length + length);
        guint8 *header = piece->octets + ETHERNET_HEADER;
        memcpy(header, whole, header_length);
        memcpy(header + header_length, whole + header_length + start, length);
        put_16(header + 2, (guint16)(header_length + length));
        guint16 offset = (guint16)((flags & OFFSET_MASK) + start / 8);
        put_16(header + 6, offset | (is_last ? flags & MORE_FRAGMENTS : MORE_FRAGMENTS));
        piece->lacks_checksums = true;
        piece->is_damaged = frame->is_damaged;
        ip_transmit(interface, neighbour, piece);
    }
}

static void cut_ipv6(SimInterface *interface, Neighbour *neighbour, Frame *frame, guint mtu)
{
    SimWorld *world = interface->host->world;
    const guint8 *whole = frame->octets + ETHERNET_HEADER;
    gsize payload_length = frame->length - ETHERNET_HEADER - IPV6_HEADER;
    gsize step = (mtu - IPV6_HEADER - IPV6_FRAGMENT_HEADER) & ~(gsize)7;
    /* Not numbered by the packet itself as in IPv4, so by the frame count: never twice alike. */
    guint32 identification = (guint32)world->frame_count + 1;
    for (gsize start = 0; start < payload_length; start += step) {
        gsize length = MIN(step, payload_length - start);
        bool is_last = start + length == payload_length;
        Frame *piece =
            frame_new(world, ETHERNET_HEADER + IPV6_HEADER + IPV6_FRAGMENT_HEADER + length);
        guint8 *header = piece->octets + ETHERNET_HEADER;
        guint8 *extension = header + IPV6_HEADER;
        memcpy(header, whole, IPV6_HEADER);
        put_16(header + 4, (guint16)(IPV6_FRAGMENT_HEADER + length));
        header[6] = PROTOCOL_IPV6_FRAGMENT;
        extension[0] = whole[6];
        extension[1] = 0;
        put_16(extension + 2, (guint16)(start | (is_last ? 0 : 1)));
        put_32(extension + 4, identification);
        memcpy(extension + IPV6_FRAGMENT_HEADER, whole + IPV6_HEADER + start, length);
        ip_transmit(interface, neighbour, piece);
    }
}

void ip_send_fragments(SimInterface *interface, Neighbour *neighbour, Frame *frame, guint mtu)
{
    /* The checksum of the payload covers the whole: after this nobody sees it whole. */
    frame_complete(frame);
    if (frame->octets[ETHERNET_HEADER] >> 4 == 4) {
        cut_ipv4(interface, neighbour, frame, mtu);
    } else {
        cut_ipv6(interface, neighbour, frame, mtu);
    }
    frame_free(interface->host->world, frame);
}

/* --- joining --- */

typedef struct {
    gsize from;
    gsize to;
} Range;

struct Datagram {
    Datagram *next;
    SimHost *host;
    SimAddress source;
    SimAddress destination;
    guint32 identification;
    guint8 protocol;
    bool is_damaged;
    gsize total; /* 0: the last piece is not there yet */
    guint8 *payload;
    gsize capacity;
    guint range_count;
    Range ranges[RANGES_MAX]; /* in order, apart from one another */
    Frame *first_piece;       /* for the message that the rest never came */
    SimTimer timer;
};

typedef struct {
    guint32 identification;
    guint8 protocol;
    gsize offset;
    bool has_more;
    const guint8 *octets;
    gsize length;
} Piece;

bool ip_is_fragment(const IpPacket *packet)
{
    if (packet->header.source.family == SIM_FAMILY_IPV4) {
        return (get_16(packet->octets + 6) & (MORE_FRAGMENTS | OFFSET_MASK)) != 0;
    }
    return packet->header.protocol == PROTOCOL_IPV6_FRAGMENT;
}

static bool read_piece(const IpPacket *packet, Piece *out_piece)
{
    if (packet->header.source.family == SIM_FAMILY_IPV4) {
        guint16 flags = get_16(packet->octets + 6);
        *out_piece = (Piece){
            .identification = get_16(packet->octets + 4),
            .protocol = packet->header.protocol,
            .offset = (gsize)(flags & OFFSET_MASK) * 8,
            .has_more = (flags & MORE_FRAGMENTS) != 0,
            .octets = packet->payload,
            .length = packet->payload_length,
        };
    } else {
        if (packet->payload_length < IPV6_FRAGMENT_HEADER) {
            return false;
        }
        guint16 flags = get_16(packet->payload + 2);
        *out_piece = (Piece){
            .identification = get_32(packet->payload + 4),
            .protocol = packet->payload[0],
            .offset = flags & ~7u,
            .has_more = (flags & 1) != 0,
            .octets = packet->payload + IPV6_FRAGMENT_HEADER,
            .length = packet->payload_length - IPV6_FRAGMENT_HEADER,
        };
    }
    return out_piece->length > 0 && out_piece->offset + out_piece->length <= PAYLOAD_MAX &&
           (!out_piece->has_more || out_piece->length % 8 == 0);
}

static void datagram_free(Datagram *datagram)
{
    SimHost *host = datagram->host;
    Datagram **place = &host->datagrams;
    while (*place != datagram) {
        place = &(*place)->next;
    }
    *place = datagram->next;
    host->datagram_count--;
    sim_timer_cancel(&datagram->timer);
    frame_free(host->world, datagram->first_piece);
    g_free(datagram->payload);
    g_free(datagram);
}

void ip_forget_datagrams(SimHost *host)
{
    while (host->datagrams != NULL) {
        datagram_free(host->datagrams);
    }
}

static void time_is_over(SimTimer *timer, gpointer data)
{
    (void)timer;
    Datagram *datagram = data;
    SimHost *host = datagram->host;
    sim_world_emit(
        host->world,
        host,
        WORLD_EVENT_FRAME_DROPPED,
        "%s gives up a packet whose other pieces did not come",
        host->name
    );
    Frame *frame = datagram->first_piece;
    IpPacket packet = {.frame = frame};
    if (frame != NULL &&
        ip_parse(
            frame->octets + ETHERNET_HEADER, frame->length - ETHERNET_HEADER, false, &packet
        )) {
        icmp_send_error(host, &packet, ICMP_REASSEMBLY_EXCEEDED, 0);
    }
    datagram_free(datagram);
}

static Datagram *find_datagram(SimHost *host, const IpPacket *packet, const Piece *piece)
{
    Datagram *last = NULL;
    for (Datagram *datagram = host->datagrams; datagram != NULL; datagram = datagram->next) {
        if (datagram->identification == piece->identification &&
            datagram->protocol == piece->protocol &&
            sim_address_equal(&datagram->source, &packet->header.source) &&
            sim_address_equal(&datagram->destination, &packet->header.destination)) {
            return datagram;
        }
        last = datagram;
    }
    if (host->datagram_count == DATAGRAMS_MAX) {
        datagram_free(last);
    }
    Datagram *datagram = g_new0(Datagram, 1);
    datagram->host = host;
    datagram->source = packet->header.source;
    datagram->destination = packet->header.destination;
    datagram->identification = piece->identification;
    datagram->protocol = piece->protocol;
    sim_timer_init(&datagram->timer, host->world, time_is_over, datagram);
    sim_timer_set(&datagram->timer, REASSEMBLY_TIMEOUT);
    datagram->next = host->datagrams;
    host->datagrams = datagram;
    host->datagram_count++;
    return datagram;
}

typedef enum {
    PIECE_NEW,
    PIECE_KNOWN, /* the same again */
    PIECE_BAD,   /* overlaps another, or there are too many: the packet is given up */
} PieceResult;

static PieceResult add_range(Datagram *datagram, gsize from, gsize to)
{
    guint index = 0;
    while (index < datagram->range_count && datagram->ranges[index].to < from) {
        index++;
    }
    Range *ranges = datagram->ranges;
    if (index < datagram->range_count && ranges[index].from <= from && ranges[index].to >= to) {
        return PIECE_KNOWN;
    }
    bool touches_left = index < datagram->range_count && ranges[index].to == from;
    guint right = touches_left ? index + 1 : index;
    bool touches_right = right < datagram->range_count && ranges[right].from == to;
    /* RFC 8200 §4.5: pieces that overlap make the whole packet void. */
    if (right < datagram->range_count && ranges[right].from < to) {
        return PIECE_BAD;
    }
    if (touches_left && touches_right) {
        ranges[index].to = ranges[right].to;
        datagram->range_count--;
        memmove(
            &ranges[right], &ranges[right + 1], (datagram->range_count - right) * sizeof *ranges
        );
    } else if (touches_left) {
        ranges[index].to = to;
    } else if (touches_right) {
        ranges[right].from = from;
    } else {
        if (datagram->range_count == RANGES_MAX) {
            return PIECE_BAD;
        }
        memmove(
            &ranges[index + 1], &ranges[index], (datagram->range_count - index) * sizeof *ranges
        );
        ranges[index] = (Range){.from = from, .to = to};
        datagram->range_count++;
    }
    return PIECE_NEW;
}

static PieceResult add_piece(Datagram *datagram, const Piece *piece)
{
    gsize to = piece->offset + piece->length;
    bool contradicts = datagram->total != 0 &&
                       (to > datagram->total || (!piece->has_more && to != datagram->total));
    bool ends_early = !piece->has_more && datagram->range_count > 0 &&
                      datagram->ranges[datagram->range_count - 1].to > to;
    if (contradicts || ends_early) {
        return PIECE_BAD;
    }
    PieceResult result = add_range(datagram, piece->offset, to);
    if (result != PIECE_NEW) {
        return result;
    }
    if (to > datagram->capacity) {
        datagram->capacity = MAX(to, MIN(2 * datagram->capacity, PAYLOAD_MAX));
        datagram->payload = g_realloc(datagram->payload, datagram->capacity);
    }
    memcpy(datagram->payload + piece->offset, piece->octets, piece->length);
    if (!piece->has_more) {
        datagram->total = to;
    }
    return PIECE_NEW;
}

static void deliver_whole(Datagram *datagram, const IpPacket *last)
{
    SimHost *host = datagram->host;
    Frame *frame = ip_frame_new(host->world, datagram->source.family, datagram->total);
    memcpy(ip_payload(frame, datagram->source.family), datagram->payload, datagram->total);
    frame->number = last->frame->number;
    frame->is_damaged = datagram->is_damaged;
    IpHeader header = {
        .source = datagram->source,
        .destination = datagram->destination,
        .protocol = datagram->protocol,
        .ttl = last->header.ttl,
    };
    ip_write_header(frame, &header, (guint16)datagram->identification);
    frame->lacks_checksums = !frame->is_damaged;
    datagram_free(datagram);
    IpPacket whole = {.frame = frame, .interface = last->interface};
    bool is_whole =
        ip_parse(frame->octets + ETHERNET_HEADER, frame->length - ETHERNET_HEADER, false, &whole);
    g_assert(is_whole);
    ip_deliver(host, &whole);
}

void ip_receive_fragment(SimHost *host, IpPacket *packet)
{
    Piece piece;
    if (!read_piece(packet, &piece)) {
        host_drop(host, packet->frame, "malformed fragment");
        return;
    }
    Datagram *datagram = find_datagram(host, packet, &piece);
    datagram->is_damaged |= packet->frame->is_damaged;
    if (add_piece(datagram, &piece) == PIECE_BAD) {
        datagram_free(datagram);
        host_drop(host, packet->frame, "fragments do not fit together");
        return;
    }
    bool is_whole = datagram->total != 0 && datagram->range_count == 1 &&
                    datagram->ranges[0].from == 0 && datagram->ranges[0].to == datagram->total;
    if (is_whole) {
        deliver_whole(datagram, packet);
        frame_free(host->world, packet->frame);
    } else if (piece.offset == 0 && datagram->first_piece == NULL) {
        datagram->first_piece = packet->frame;
    } else {
        frame_free(host->world, packet->frame);
    }
}
