#include "ui/anonymize/anonymize-frame.h"

#include "ui/anonymize/anonymize-dns.h"

#include <string.h>

enum {
    TCP_CHECKSUM_AT = 16,
    UDP_CHECKSUM_AT = 6,
    IPV4_CHECKSUM_AT = 10,
    ICMP_CHECKSUM_AT = 2,
    ICMP_HEADER = 8,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    TCP_HEADER_MAXIMUM = 60,
    TCP_HEADER_LENGTH_AT = 12,
    UDP_HEADER = 8,
    NEIGHBOUR_SOLICITATION = 135,
    NEIGHBOUR_ADVERTISEMENT = 136,
    PORT_MDNS = 5353,
};

/* What is kept of a frame for the sake of fragments. */
typedef struct {
    guint8 *out;
    guint32 length;
    guint32 payload_at;
    guint32 fragment_at; /* where its payload stands in the datagram */
    guint8 protocol;
    bool is_fragment;
    GByteArray *is_done; /* a mark for each octet of a fragment that was changed; NULL */
} Known;

struct AnonymizeFrames {
    const AnonymizeStreams *streams;
    AnonymizeNames *names;
    PacketDecoder *decoder;
    GArray *known; /* Known, by number */
};

/* The frame at hand. */
typedef struct {
    AnonymizeFrames *frames;
    const Packet *packet;
    guint8 *out;
    guint32 length;
    guint32 transport_at;
    guint32 transport_length; /* of its header */
    gint64 transport_change;  /* of the sum of the segment or datagram, addresses included */
    gint64 address_change;    /* of the addresses alone */
} Work;

static void clear_known(gpointer data)
{
    Known *known = data;
    if (known->is_done != NULL) {
        g_byte_array_unref(known->is_done);
    }
}

AnonymizeFrames *anonymize_frames_new(const AnonymizeStreams *streams, AnonymizeNames *names)
{
    AnonymizeFrames *frames = g_new0(AnonymizeFrames, 1);
    PacketDecoderOptions options = packet_decoder_default_options();
    frames->streams = streams;
    frames->names = names;
    frames->decoder = packet_decoder_new(&options);
    frames->known = g_array_new(FALSE, TRUE, sizeof(Known));
    g_array_set_clear_func(frames->known, clear_known);
    return frames;
}

void anonymize_frames_free(AnonymizeFrames *frames)
{
    if (frames != NULL) {
        packet_decoder_free(frames->decoder);
        g_array_unref(frames->known);
        g_free(frames);
    }
}

/* --- checksums --- */

/* How a sum of 16-bit words changes with an octet at that place. */
static gint64 change_of(guint8 before, guint8 after, gsize place)
{
    return ((gint64)after - before) * (place % 2 == 0 ? 256 : 1);
}

/* RFC 1624: the checksum is the complement of the sum. */
static void move_checksum(guint8 *field, gint64 change, bool is_complement)
{
    gint64 sum = field[0] << 8 | field[1];
    sum = is_complement ? 0xffff - sum : sum;
    sum = ((sum + change) % 0xffff + 0xffff) % 0xffff;
    sum = is_complement ? 0xffff - sum : sum;
    field[0] = (guint8)(sum >> 8);
    field[1] = (guint8)sum;
}

/* --- where an octet of the segment lies --- */

static const PacketPiece *piece_of(const Work *work, guint32 place)
{
    const Packet *packet = work->packet;
    guint32 of_payload = place < work->transport_length ? 0 : place - work->transport_length;
    for (guint32 i = 0; i < packet->piece_count; i++) {
        const PacketPiece *piece = &packet->pieces[i];
        if (of_payload >= piece->offset && of_payload < piece->offset + piece->length) {
            return piece;
        }
    }
    return NULL;
}

/* NULL: in no frame that is known. */
static guint8 *octet_at(const Work *work, guint32 place)
{
    if (work->packet->reassembled.length == 0) {
        guint32 at = work->transport_at + place;
        return at < work->length ? work->out + at : NULL;
    }
    const PacketPiece *piece = piece_of(work, place);
    if (piece == NULL || piece->frame == 0 || piece->frame > work->frames->known->len) {
        return NULL;
    }
    Known *known = &g_array_index(work->frames->known, Known, piece->frame - 1);
    guint64 at = (guint64)known->payload_at + place - known->fragment_at;
    if (place < known->fragment_at || at >= known->length) {
        return NULL;
    }
    if (known->is_done != NULL) {
        known->is_done->data[at] = 1;
    }
    return known->out + at;
}

static void put_payload(Work *work, ByteSpan before, const guint8 *after)
{
    for (gsize i = 0; i < before.length; i++) {
        guint32 place = work->transport_length + (guint32)i;
        guint8 *octet = octet_at(work, place);
        if (octet != NULL) {
            *octet = after[i];
            work->transport_change += change_of(before.data[i], after[i], place);
        }
    }
}

static void move_transport_checksum(Work *work)
{
    bool is_tcp = work->packet->kind == PACKET_TCP;
    guint32 place = is_tcp ? TCP_CHECKSUM_AT : UDP_CHECKSUM_AT;
    guint8 *high = octet_at(work, place);
    guint8 *low = octet_at(work, place + 1);
    if (high == NULL || low != high + 1 || work->packet->checksum == CHECKSUM_ABSENT) {
        return;
    }
    if (work->packet->checksum == CHECKSUM_OFFLOADED) {
        if (high[0] != 0 || high[1] != 0) {
            move_checksum(high, work->address_change, false);
        }
        return;
    }
    move_checksum(high, work->transport_change, true);
}

/* --- addresses --- */

/* Gives how the sum over the address has changed. */
static gint64 change_address(const Work *work, guint32 at, gsize length)
{
    guint8 before[16];
    gint64 change = 0;
    if (at + length > work->length) {
        return 0;
    }
    memcpy(before, work->out + at, length);
    anonymize_address(work->frames->names, work->out + at, length);
    for (gsize i = 0; i < length; i++) {
        change += change_of(before[i], work->out[at + i], i);
    }
    return change;
}

static void change_hardware(const Work *work, guint32 at)
{
    if (at + 6 <= work->length) {
        anonymize_hardware_address(work->frames->names, work->out + at);
    }
}

/* Both addresses of an IP header and, of IPv4, its checksum. */
static gint64 change_ip_header(const Work *work, guint32 at, bool is_version_4)
{
    gsize length = is_version_4 ? 4 : 16;
    guint32 first = at + (is_version_4 ? 12 : 8);
    gint64 change = change_address(work, first, length);
    change += change_address(work, first + (guint32)length, length);
    guint8 *field = work->out + at + IPV4_CHECKSUM_AT;
    if (is_version_4 && at + IPV4_CHECKSUM_AT + 2 <= work->length) {
        bool is_empty = field[0] == 0 && field[1] == 0; /* left to the card */
        if (!is_empty || work->packet->ip_checksum == CHECKSUM_GOOD) {
            move_checksum(field, change, true);
        }
    }
    return change;
}

static void change_arp(const Work *work, guint32 at)
{
    if (at + 28 > work->length || work->out[at + 4] != 6 || work->out[at + 5] != 4) {
        return;
    }
    change_hardware(work, at + 8);
    change_address(work, at + 14, 4);
    change_hardware(work, at + 18);
    change_address(work, at + 24, 4);
}

static void change_wireless(const Work *work, guint32 at, guint32 length)
{
    bool has_fourth = at + 1 < work->length && (work->out[at + 1] & 3) == 3;
    for (guint32 i = 0; i < (has_fourth ? 4u : 3u); i++) {
        guint32 place = i == 3 ? 24 : 4 + i * 6;
        if (place + 6 <= length) {
            change_hardware(work, at + place);
        }
    }
}

static void change_layer(Work *work, const PacketLayer *layer)
{
    guint32 at = layer->offset;
    switch ((PacketLayerKind)layer->kind) {
    case PACKET_LAYER_ETHERNET:
        change_hardware(work, at);
        change_hardware(work, at + 6);
        break;
    case PACKET_LAYER_LINUX_COOKED:
        change_hardware(work, at + 6);
        break;
    case PACKET_LAYER_LINUX_COOKED_2:
        change_hardware(work, at + 12);
        break;
    case PACKET_LAYER_WIRELESS:
        change_wireless(work, at, layer->length);
        break;
    case PACKET_LAYER_ARP:
        change_arp(work, at);
        break;
    case PACKET_LAYER_IPV4:
    case PACKET_LAYER_IPV6: /* what is inside goes by the addresses of the innermost header */
        work->address_change = change_ip_header(work, at, layer->kind == PACKET_LAYER_IPV4);
        break;
    case PACKET_LAYER_VXLAN: /* the tunnel's own UDP header is before it: go without checksum */
        if (at >= 8) {
            memset(work->out + at - 8 + UDP_CHECKSUM_AT, 0, 2);
        }
        break;
    case PACKET_LAYER_VLAN:
    case PACKET_LAYER_PPPOE:
    case PACKET_LAYER_PPP:
    case PACKET_LAYER_MPLS:
    case PACKET_LAYER_LLC:
    case PACKET_LAYER_SNAP:
    case PACKET_LAYER_LOOPBACK:
    case PACKET_LAYER_RAW:
    case PACKET_LAYER_HDLC:
    case PACKET_LAYER_NFLOG:
    case PACKET_LAYER_RADIOTAP:
    case PACKET_LAYER_IPV6_EXTENSION:
    case PACKET_LAYER_FRAGMENT:
    case PACKET_LAYER_GRE:
    case PACKET_LAYER_ICMP:
    case PACKET_LAYER_TCP:
    case PACKET_LAYER_UDP:
    case PACKET_LAYER_PAYLOAD:
    case PACKET_LAYER_COUNT:
        break;
    }
}

/* --- ICMP --- */

/* Neighbour discovery: the address asked for, and hardware addresses as options. */
static void change_neighbour(const Work *work, guint32 at, guint32 end)
{
    change_address(work, at + ICMP_HEADER, 16);
    for (guint32 option = at + 24; option + 8 <= end && work->out[option + 1] != 0;
         option += 8u * work->out[option + 1]) {
        if (work->out[option] == 1 || work->out[option] == 2) {
            change_hardware(work, option + 2);
        }
    }
}

/* The packet that an error message quotes: its header, and what there is of it. */
static void change_quoted(const Work *work, guint32 at, guint32 end)
{
    bool is_version_4 = at < end && work->out[at] >> 4 == 4;
    guint32 header = is_version_4 ? (work->out[at] & 15) * 4u : 40;
    if (at + header > end) {
        return;
    }
    change_ip_header(work, at, is_version_4);
    guint32 payload = at + header + 8; /* ports, sequence number or length: nothing to hide */
    if (payload < end) {
        anonymize_text(
            work->frames->names, work->out + payload, end - payload, ANONYMIZE_EVERYTHING
        );
    }
}

static void change_icmp(const Work *work, guint32 at, guint32 end, bool is_version_6)
{
    if (at + ICMP_HEADER > end) {
        return;
    }
    g_autofree guint8 *before = g_memdup2(work->out + at, end - at);
    guint8 type = work->out[at];
    bool is_error = is_version_6 ? type < 128 : type == 3 || type == 5 || type == 11 || type == 12;
    if (is_version_6 && (type == NEIGHBOUR_SOLICITATION || type == NEIGHBOUR_ADVERTISEMENT)) {
        change_neighbour(work, at, end);
    } else if (is_error) {
        change_quoted(work, at + ICMP_HEADER, end);
    } else {
        anonymize_text(
            work->frames->names,
            work->out + at + ICMP_HEADER,
            end - at - ICMP_HEADER,
            ANONYMIZE_EVERYTHING
        );
    }
    gint64 change = is_version_6 ? work->address_change : 0;
    for (guint32 i = 0; i < end - at; i++) {
        change += change_of(before[i], work->out[at + i], i);
    }
    move_checksum(work->out + at + ICMP_CHECKSUM_AT, change, true);
}

/* --- frames --- */

static const PacketLayer *last_layer(const Packet *packet)
{
    for (guint32 i = packet->layer_count; i > 0; i--) {
        if (packet->layers[i - 1].kind != PACKET_LAYER_PAYLOAD) {
            return &packet->layers[i - 1];
        }
    }
    return NULL;
}

/* What stands behind the headers of a frame that is neither TCP nor UDP. */
static void change_other(const Work *work)
{
    const PacketLayer *last = last_layer(work->packet);
    guint32 behind = last == NULL || last->is_reassembled ? 0 : last->offset + last->length;
    if (last != NULL && last->kind == PACKET_LAYER_ICMP) {
        bool is_version_6 = work->packet->source.version == 6;
        change_icmp(work, last->offset, work->length, is_version_6);
    } else if (last != NULL && last->kind != PACKET_LAYER_ARP && behind < work->length) {
        anonymize_text(
            work->frames->names, work->out + behind, work->length - behind, ANONYMIZE_EVERYTHING
        );
    }
}

static void change_payload(Work *work, const AnonymizePlace *place)
{
    const Packet *packet = work->packet;
    ByteSpan before = packet->payload;
    g_autofree guint8 *after = g_memdup2(before.data, before.length);
    bool is_dns = packet->source_port == DNS_PORT || packet->destination_port == DNS_PORT ||
                  packet->destination_port == PORT_MDNS;
    if (before.length == 0) {
        return;
    }
    if (place != NULL) {
        anonymize_streams_copy(work->frames->streams, work->frames->names, place, before, after);
    } else if (packet->kind == PACKET_UDP && is_dns) {
        anonymize_dns(work->frames->names, after, before.length);
    } else {
        anonymize_text(work->frames->names, after, before.length, ANONYMIZE_EVERYTHING);
    }
    put_payload(work, before, after);
}

/* What a short frame pads behind the packet may be left over from another one. */
static void clear_padding(const Work *work)
{
    const Packet *packet = work->packet;
    if (packet->reassembled.length == 0 && packet->payload.data != NULL) {
        gsize end = (gsize)(packet->payload.data - packet->frame->data) + packet->payload.length;
        if (end < work->length) {
            memset(work->out + end, 0, work->length - end);
        }
    }
}

/* Where the payload of a fragment lies, in the frame and in the datagram. */
static void note_fragment(const Work *work, Known *known)
{
    const Packet *packet = work->packet;
    for (guint32 i = 0; i < packet->layer_count; i++) {
        const PacketLayer *layer = &packet->layers[i];
        const guint8 *header = packet->frame->data + layer->offset;
        if (layer->is_reassembled) {
            break;
        }
        if (layer->kind == PACKET_LAYER_IPV4) {
            known->payload_at = layer->offset + layer->length;
            known->fragment_at = ((header[6] & 0x1fu) << 8 | header[7]) * 8u;
        } else if (layer->kind == PACKET_LAYER_FRAGMENT) {
            known->payload_at = layer->offset + layer->length;
            known->fragment_at = (guint32)(header[2] << 8 | header[3]) & 0xfff8u;
        }
    }
    known->protocol = packet->protocol;
    known->is_fragment = true;
    known->is_done = g_byte_array_new();
    g_byte_array_set_size(known->is_done, known->length);
    memset(known->is_done->data, 0, known->length);
}

void anonymize_frames_change(
    AnonymizeFrames *frames, const CaptureFrame *frame, const AnonymizePlace *place, guint8 *out
)
{
    Packet packet;
    packet_decoder_decode(frames->decoder, frame, &packet);
    Work work = {.frames = frames, .packet = &packet, .out = out, .length = frame->captured_length};
    Known known = {.out = out, .length = frame->captured_length};
    bool is_whole = packet.reassembled.length > 0;
    if (packet.kind == PACKET_FRAGMENT || is_whole) {
        note_fragment(&work, &known);
    }
    g_array_append_val(frames->known, known);
    for (guint32 i = 0; i < packet.layer_count; i++) {
        if (!packet.layers[i].is_reassembled) {
            change_layer(&work, &packet.layers[i]);
        }
    }
    if (packet.kind == PACKET_TCP || packet.kind == PACKET_UDP) {
        const PacketLayer *transport = last_layer(&packet);
        work.transport_at = transport->offset;
        work.transport_length = transport->length;
        work.transport_change = work.address_change;
        change_payload(&work, place);
        move_transport_checksum(&work);
        clear_padding(&work);
    } else if (packet.kind != PACKET_FRAGMENT && !is_whole) {
        change_other(&work);
    }
}

/* Octets of a fragment that belong to the header of TCP or UDP: ports and numbers, no names. */
static guint32 header_octets(const Known *known)
{
    guint32 header = known->protocol == PROTOCOL_TCP ? TCP_HEADER_MAXIMUM : UDP_HEADER;
    guint32 offset_at = known->payload_at + TCP_HEADER_LENGTH_AT;
    if (known->protocol != PROTOCOL_TCP && known->protocol != PROTOCOL_UDP) {
        return 0;
    }
    if (known->protocol == PROTOCOL_TCP && known->fragment_at == 0 && offset_at < known->length) {
        header = (known->out[offset_at] >> 4) * 4u;
    }
    return header > known->fragment_at ? header - known->fragment_at : 0;
}

void anonymize_frames_finish(AnonymizeFrames *frames)
{
    for (guint i = 0; i < frames->known->len; i++) {
        const Known *known = &g_array_index(frames->known, Known, i);
        if (!known->is_fragment) {
            continue;
        }
        guint32 from = known->payload_at + header_octets(known);
        for (guint32 at = from; at <= known->length; at++) {
            if (at == known->length || known->is_done->data[at] != 0) {
                anonymize_text(frames->names, known->out + from, at - from, ANONYMIZE_EVERYTHING);
                from = at + 1;
            }
        }
    }
}
