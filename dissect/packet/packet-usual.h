#pragma once

/* The usual kind of frame: Ethernet, IPv4 without options, TCP, nothing cut off, no fragment. Its
 * headers lie where they always lie, so its connection is known at a glance. Whoever decodes such a
 * frame finds PACKET_TCP. */

#include "dissect/capture/capture-frame.h"
#include "dissect/packet/octet-order.h"

enum {
    USUAL_LINK = 1, /* Ethernet */
    USUAL_ETHERNET_HEADER = 14,
    USUAL_IPV4_HEADER = 20,
    USUAL_TCP_HEADER = 20,
    USUAL_BEFORE_TCP = USUAL_ETHERNET_HEADER + USUAL_IPV4_HEADER,
};

/* Nothing that the layer functions would treat in any special way. */
static inline bool packet_is_usual(const CaptureFrame *frame)
{
    enum {
        TYPE_IPV4 = 0x0800,
        WITHOUT_OPTIONS = 0x45,
        PROTOCOL_IS_TCP = 6,
        IS_FRAGMENT = 0x3fff,
    };

    if (frame->link_type != USUAL_LINK ||
        frame->captured_length < USUAL_BEFORE_TCP + USUAL_TCP_HEADER) {
        return false;
    }
    const guint8 *data = frame->data;
    const guint8 *ip = data + USUAL_ETHERNET_HEADER;
    if (read_be16(data + 12) != TYPE_IPV4 || ip[0] != WITHOUT_OPTIONS || ip[9] != PROTOCOL_IS_TCP ||
        (read_be16(ip + 6) & IS_FRAGMENT) != 0) {
        return false;
    }
    guint32 total = read_be16(ip + 2);
    guint32 header = (guint32)(data[USUAL_BEFORE_TCP + 12] >> 4) * 4u;
    return total + USUAL_ETHERNET_HEADER <= frame->captured_length && header >= USUAL_TCP_HEADER &&
           header + USUAL_IPV4_HEADER <= total;
}
