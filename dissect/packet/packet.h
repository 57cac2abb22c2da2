#pragma once

/* What a frame holds, as far as TCP and UDP: layers for display, addresses, ports, header fields,
 * and where the payload lies. A Packet owns nothing: its spans point into the frame, or into the
 * buffer of the decoder when the datagram came in fragments; both live until the next decode.
 *
 * Lengths are those of the IP header. What a short frame pads behind it is not payload; what the
 * snapshot length cut off is counted in 'missing_tail'. */

#include "dissect/capture/capture-frame.h"

/* Room for the text of any address with its NUL. */
#define PACKET_ADDRESS_TEXT_SIZE 46

typedef struct {
    guint8 version;    /* 4 or 6; 0: none */
    guint8 octets[16]; /* as on the wire; IPv4 uses the first four, the others are 0 */
} PacketAddress;

bool packet_address_equal(const PacketAddress *left, const PacketAddress *right);

/* RFC 5952 form for IPv6; returns 'text', which holds PACKET_ADDRESS_TEXT_SIZE. */
const char *packet_address_format(const PacketAddress *address, char *text);

typedef enum {
    PACKET_LAYER_ETHERNET,
    PACKET_LAYER_VLAN,
    PACKET_LAYER_PPPOE,
    PACKET_LAYER_PPP,
    PACKET_LAYER_MPLS,
    PACKET_LAYER_LLC,
    PACKET_LAYER_SNAP,
    PACKET_LAYER_LOOPBACK, /* NULL and LOOP: an address family before the packet */
    PACKET_LAYER_RAW,
    PACKET_LAYER_LINUX_COOKED,
    PACKET_LAYER_LINUX_COOKED_2,
    PACKET_LAYER_HDLC,
    PACKET_LAYER_NFLOG,
    PACKET_LAYER_RADIOTAP,
    PACKET_LAYER_WIRELESS, /* IEEE 802.11 */
    PACKET_LAYER_ARP,
    PACKET_LAYER_IPV4,
    PACKET_LAYER_IPV6,
    PACKET_LAYER_IPV6_EXTENSION,
    PACKET_LAYER_FRAGMENT, /* the IPv6 fragment header */
    PACKET_LAYER_GRE,
    PACKET_LAYER_VXLAN,
    PACKET_LAYER_ICMP,
    PACKET_LAYER_TCP,
    PACKET_LAYER_UDP,
    PACKET_LAYER_PAYLOAD,
    PACKET_LAYER_COUNT,
} PacketLayerKind;

/* "Ethernet II", "802.1Q VLAN tag" ... */
const char *packet_layer_name(PacketLayerKind kind);

typedef struct {
    guint8 kind;         /* PacketLayerKind */
    bool is_reassembled; /* 'offset' counts in Packet.reassembled, not in the frame */
    guint16 detail;      /* VLAN number, Ethernet type, IP protocol ... as fits the layer */
    guint32 offset;      /* of the header */
    guint32 length;      /* of the header; for PAYLOAD of all octets present */
} PacketLayer;

#define PACKET_LAYERS_MAX 24

typedef enum {
    PACKET_TCP,
    PACKET_UDP,
    PACKET_OTHER,    /* another protocol over IP: ICMP, OSPF ... */
    PACKET_FRAGMENT, /* part of a datagram that is not whole yet */
    PACKET_NOT_IP,   /* ARP, spanning tree, an unknown link ... */
    PACKET_CUT,      /* the captured octets end inside a header */
    PACKET_BROKEN,   /* a header contradicts itself; see 'problem' */
} PacketKind;

typedef enum {
    PACKET_FINE,
    PACKET_PROBLEM_UNKNOWN_LINK,  /* a link type that cannot be read */
    PACKET_PROBLEM_CUT,           /* PACKET_CUT */
    PACKET_PROBLEM_VERSION,       /* an IP version that its carrier did not announce */
    PACKET_PROBLEM_HEADER_LENGTH, /* IPv4 header length under 20 or beyond the packet */
    PACKET_PROBLEM_TOTAL_LENGTH,  /* IP length smaller than its headers */
    PACKET_PROBLEM_EXTENSION,     /* IPv6 extension header beyond the packet */
    PACKET_PROBLEM_FRAGMENT,      /* a fragment that ends beyond 65,535 or is not in eights */
    PACKET_PROBLEM_TCP_HEADER,    /* TCP data offset under 20 or beyond the segment */
    PACKET_PROBLEM_UDP_LENGTH,    /* UDP length under 8 or beyond the datagram */
    PACKET_PROBLEM_TOO_DEEP,      /* more layers than PACKET_LAYERS_MAX */
    PACKET_PROBLEM_ENCRYPTED,     /* a protected 802.11 frame */
    PACKET_PROBLEM_SHORT_FRAME,   /* the frame was shorter than its IP length; kind stands */
    PACKET_PROBLEM_COUNT,
} PacketProblem;

const char *packet_problem_text(PacketProblem problem);

typedef enum {
    CHECKSUM_NOT_CHECKED, /* nobody asked, or octets are missing */
    CHECKSUM_GOOD,
    CHECKSUM_BAD,
    CHECKSUM_OFFLOADED, /* zero or the pseudo-header alone: the card was to fill it in */
    CHECKSUM_ABSENT,    /* UDP over IPv4 sent without one */
} ChecksumVerdict;

typedef enum {
    TCP_FLAG_FIN = 0x01,
    TCP_FLAG_SYN = 0x02,
    TCP_FLAG_RST = 0x04,
    TCP_FLAG_PSH = 0x08,
    TCP_FLAG_ACK = 0x10,
    TCP_FLAG_URG = 0x20,
    TCP_FLAG_ECE = 0x40,
    TCP_FLAG_CWR = 0x80,
} TcpFlag;

/* A part of a reassembled datagram's payload and the frame that brought it. */
typedef struct {
    guint32 offset; /* in the payload */
    guint32 length;
    guint64 frame;
    gint64 time_ns;
} PacketPiece;

typedef struct {
    const CaptureFrame *frame;
    PacketKind kind;
    PacketProblem problem;

    PacketAddress source; /* innermost IP header */
    PacketAddress destination;
    guint16 source_port;
    guint16 destination_port;
    guint8 protocol; /* IP protocol number of what is inside */

    guint8 tcp_flags;
    guint16 tcp_window; /* as sent, not scaled */
    guint16 tcp_urgent;
    guint32 tcp_sequence;
    guint32 tcp_acknowledgement;
    ByteSpan tcp_options; /* may be shorter than announced when the frame is cut */

    ByteSpan payload;     /* octets present */
    guint32 missing_tail; /* payload octets that the packet had and the capture has not */

    ChecksumVerdict ip_checksum;
    ChecksumVerdict checksum; /* of TCP or UDP */

    /* Set where the datagram was put together from fragments; else empty. */
    ByteSpan reassembled;
    const PacketPiece *pieces; /* in order of payload octets */
    guint32 piece_count;

    guint32 layer_count;
    PacketLayer layers[PACKET_LAYERS_MAX];
} Packet;

/* Room for all eight names. */
#define PACKET_FLAGS_TEXT_SIZE 48

/* "SYN, ACK"; returns 'text', which holds PACKET_FLAGS_TEXT_SIZE. */
const char *packet_flags_format(guint8 flags, char *text);

/* The TCP options that matter to a stream; 'has_' says whether it is there. */
typedef struct {
    bool has_maximum_segment;
    bool has_window_scale;
    bool has_timestamps;
    bool permits_selective;
    guint8 window_scale;
    guint16 maximum_segment;
    guint32 timestamp;
    guint32 timestamp_echo;
    guint8 selective_count;
    guint32 selective[8]; /* pairs of left and right edges */
} TcpOptions;

void packet_read_tcp_options(ByteSpan options, TcpOptions *out_options);
