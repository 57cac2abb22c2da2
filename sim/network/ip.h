#pragma once

/* The internet layer, IPv4 (RFC 791) and IPv6 (RFC 8200) behind one face.
 *
 *     ip_frame_new() ── fill the payload ── ip_send() ── route ── pieces ── neighbour ── link
 *     link ── host_receive() ── checks ── for us? ── whole? ── TCP, UDP, ICMP
 *                                └─ no: forward, TTL one less */

#include "sim/network/address.h"
#include "sim/network/frame.h"
#include "sim/network/neighbour.h"

typedef struct {
    SimAddress source;
    SimAddress destination;
    guint8 protocol;
    guint8 ttl; /* 0: the host's own */
    bool dont_fragment;
} IpHeader;

/* A packet that has arrived; everything is borrowed from the frame. */
typedef struct {
    IpHeader header;
    SimInterface *interface;
    Frame *frame;
    const guint8 *octets; /* the whole packet, header first */
    gsize length;
    const guint8 *payload;
    gsize payload_length;
} IpPacket;

/* A way that has been looked up; good while host->generation is the same. */
typedef struct {
    SimInterface *interface;
    Neighbour *neighbour; /* NULL: loopback */
    guint32 generation;
} IpPath;

typedef enum {
    IP_SENT,
    IP_NO_ROUTE,
    IP_TOO_BIG, /* and may not be cut into pieces */
} IpResult;

Frame *ip_frame_new(SimWorld *world, SimFamily family, gsize payload_length);

static inline gsize ip_header_length(SimFamily family)
{
    return family == SIM_FAMILY_IPV6 ? IPV6_HEADER : IPV4_HEADER;
}

static inline guint8 *ip_payload(Frame *frame, SimFamily family)
{
    return frame->octets + ETHERNET_HEADER + ip_header_length(family);
}

/* Writes the header into a frame whose length is settled. */
void ip_write_header(Frame *frame, const IpHeader *header, guint16 identification);

/* Looks the way up unless 'path' is still good. */
bool ip_find_path(SimHost *host, const SimAddress *destination, IpPath *path);

/* Takes the frame over. 'path' may be NULL. */
IpResult ip_send(SimHost *host, Frame *frame, const IpHeader *header, IpPath *path);

/* Hands a finished packet to the neighbour, or back to the host itself. */
void ip_transmit(SimInterface *interface, Neighbour *neighbour, Frame *frame);

/* The largest packet for that destination: of the link, or what ICMP has told since. */
guint ip_mtu(const SimHost *host, const SimInterface *interface, const SimAddress *destination);
void ip_learn_mtu(SimHost *host, const SimAddress *destination, guint mtu);

/* Reads a packet's header; false: not one, or cut short. A quoted packet may end early. */
bool ip_parse(const guint8 *octets, gsize length, bool is_quoted, IpPacket *out_packet);

/* A whole packet for this host, its payload checked. */
void ip_deliver(SimHost *host, IpPacket *packet);

/* --- pieces --- */

/* Sends the packet in pieces of at most 'mtu' octets; takes the frame over. */
void ip_send_fragments(SimInterface *interface, Neighbour *neighbour, Frame *frame, guint mtu);

/* A piece has arrived; the whole packet is delivered once it is there. */
bool ip_is_fragment(const IpPacket *packet);
void ip_receive_fragment(SimHost *host, IpPacket *packet);
void ip_forget_datagrams(SimHost *host);
