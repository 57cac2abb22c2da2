#pragma once

/* A frame under way: Ethernet header, IP packet, and where it is going. Checksums are left out
 * until somebody looks (a tap) or a link damages it; the receiver of an undamaged frame knows that
 * they are right. */

#include "sim/network/world-private.h"

#define ETHERNET_HEADER 14
#define ETHERNET_TYPE_IPV4 0x0800
#define ETHERNET_TYPE_ARP 0x0806
#define ETHERNET_TYPE_IPV6 0x86dd

#define IPV4_HEADER 20
#define IPV6_HEADER 40
#define IPV6_FRAGMENT_HEADER 8

enum {
    PROTOCOL_ICMP = 1,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PROTOCOL_IPV6_FRAGMENT = 44,
    PROTOCOL_ICMPV6 = 58,
};

typedef struct Frame {
    struct Frame *next;
    SimTime due; /* when it arrives */
    guint64 order;
    guint64 number;   /* 0: not yet sent by anybody */
    SimInterface *to; /* NULL: every other member of the link */
    guint32 length;
    guint32 capacity;
    bool lacks_checksums;
    bool is_damaged;
    guint8 padding[4]; /* so that the IP header begins on a multiple of four */
    guint8 octets[];
} Frame;

Frame *frame_new(SimWorld *world, gsize length);
Frame *frame_copy(SimWorld *world, const Frame *frame);
void frame_free(SimWorld *world, Frame *frame);
void frame_free_list(SimWorld *world, Frame *first);

/* Fills in what is missing. */
void frame_complete(Frame *frame);
