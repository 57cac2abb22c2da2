#include "sim/network/frame.h"

#include "sim/network/checksum.h"
#include "sim/network/octets.h"

G_STATIC_ASSERT((offsetof(Frame, octets) + ETHERNET_HEADER) % 4 == 0);

Frame *frame_new(SimWorld *world, gsize length)
{
    gsize size = pool_capacity(sizeof(Frame) + length);
    Frame *frame = pool_alloc(&world->pool, size);
    *frame = (Frame){.length = (guint32)length, .capacity = (guint32)(size - sizeof(Frame))};
    return frame;
}

Frame *frame_copy(SimWorld *world, const Frame *frame)
{
    Frame *copy = frame_new(world, frame->length);
    memcpy(copy->octets, frame->octets, frame->length);
    copy->number = frame->number;
    copy->to = frame->to;
    copy->lacks_checksums = frame->lacks_checksums;
    copy->is_damaged = frame->is_damaged;
    return copy;
}

void frame_free(SimWorld *world, Frame *frame)
{
    if (frame != NULL) {
        pool_free(&world->pool, frame, sizeof(Frame) + frame->capacity);
    }
}

void frame_free_list(SimWorld *world, Frame *first)
{
    while (first != NULL) {
        Frame *next = first->next;
        frame_free(world, first);
        first = next;
    }
}

/* Where the checksum of a protocol stands in its header; 0: it has none here. */
static gsize checksum_offset(guint8 protocol)
{
    switch (protocol) {
    case PROTOCOL_TCP:
        return 16;
    case PROTOCOL_UDP:
        return 6;
    case PROTOCOL_ICMP:
    case PROTOCOL_ICMPV6:
        return 2;
    default:
        return 0;
    }
}

static void complete_payload(
    guint8 protocol, const guint8 *addresses, gsize address_length, guint8 *payload, gsize length
)
{
    gsize offset = checksum_offset(protocol);
    if (offset == 0 || length < offset + 2) {
        return;
    }
    memset(payload + offset, 0, 2);
    guint64 sum = internet_checksum_add(0, payload, length);
    if (protocol != PROTOCOL_ICMP) {
        sum = checksum_add_pseudo_header(sum, addresses, address_length, protocol, length);
    }
    guint16 checksum = checksum_finish(sum);
    if (checksum == 0 && protocol == PROTOCOL_UDP) {
        checksum = 0xffff; /* RFC 768: zero would mean that there is none */
    }
    memcpy(payload + offset, &checksum, sizeof checksum);
}

static void complete_ipv4(Frame *frame)
{
    guint8 *header = frame->octets + ETHERNET_HEADER;
    gsize header_length = (gsize)(header[0] & 0x0f) * 4;
    bool is_fragment = (get_16(header + 6) & 0x3fff) != 0;
    if (!is_fragment) {
        complete_payload(
            header[9],
            header + 12,
            4,
            header + header_length,
            frame->length - ETHERNET_HEADER - header_length
        );
    }
    memset(header + 10, 0, 2);
    guint16 checksum = checksum_finish(internet_checksum_add(0, header, header_length));
    memcpy(header + 10, &checksum, sizeof checksum);
}

void frame_complete(Frame *frame)
{
    if (!frame->lacks_checksums) {
        return;
    }
    frame->lacks_checksums = false;
    guint8 *header = frame->octets + ETHERNET_HEADER;
    switch (get_16(frame->octets + 12)) {
    case ETHERNET_TYPE_IPV4:
        complete_ipv4(frame);
        break;
    case ETHERNET_TYPE_IPV6:
        if (header[6] != PROTOCOL_IPV6_FRAGMENT) {
            complete_payload(
                header[6],
                header + 8,
                16,
                header + IPV6_HEADER,
                frame->length - ETHERNET_HEADER - IPV6_HEADER
            );
        }
        break;
    default:
        break;
    }
}
