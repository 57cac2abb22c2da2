#pragma once

/* Builds frames and capture files in memory for tests, header by header from the inside out: a
 * segment, IP around it, a link around that. Lengths and checksums are right unless a test spoils
 * them afterwards. The caller frees each frame with g_byte_array_unref(). */

#include "protocol/text/byte-span.h"

typedef struct {
    const char *source; /* "10.0.0.1" or "2001:db8::1"; NULL: 10.0.0.1 */
    const char *destination;
    guint16 source_port;
    guint16 destination_port;
    guint32 sequence;
    guint32 acknowledgement;
    guint8 flags; /* TcpFlag bits */
    guint16 window;
    guint16 urgent;
    ByteSpan options; /* padded to fours here */
    ByteSpan payload;
} FrameSegment;

/* TCP or UDP in IPv4 or IPv6, as the addresses are. */
GByteArray *frame_new_tcp(const FrameSegment *segment);
GByteArray *frame_new_udp(const FrameSegment *segment);

/* The same without IP, for fragments and tunnels. */
GByteArray *frame_new_bare_tcp(const FrameSegment *segment);
GByteArray *frame_new_bytes(const void *octets, gsize length);

/* Puts a header before what is there. */
void frame_wrap(GByteArray *frame, const void *header, gsize length);
void frame_wrap_ipv4(
    GByteArray *frame, const char *source, const char *destination, guint8 protocol
);
void frame_wrap_ipv6(
    GByteArray *frame, const char *source, const char *destination, guint8 next_header
);
void frame_wrap_ethernet(GByteArray *frame, guint16 type);

/* Of an IPv4 packet: cuts out 'length' octets of its payload from 'offset' as a fragment. */
GByteArray *frame_new_ipv4_fragment(
    const GByteArray *packet, guint16 identification, guint offset, guint length
);
/* Of an IPv6 packet: the same with a fragment header. */
GByteArray *frame_new_ipv6_fragment(
    const GByteArray *packet, guint32 identification, guint offset, guint length
);

void frame_put16(GByteArray *frame, gsize at, guint16 number);
void frame_put32(GByteArray *frame, gsize at, guint32 number);

/* Writes the checksum of the IPv4 header at 'at' again after a change. */
void frame_mend_ipv4(GByteArray *frame, gsize at);

/* Capture files. 'is_big' writes the other octet order. */
GByteArray *frame_file_new(guint32 link_type, bool has_nanoseconds, bool is_big, guint32 snapshot);
void frame_file_add(
    GByteArray *file,
    bool is_big,
    guint32 seconds,
    guint32 fraction,
    guint32 original_length,
    ByteSpan octets
);

/* The same in pcapng; an interface counts nanoseconds if asked for, else microseconds. */
GByteArray *frame_pcapng_new(void);
void frame_pcapng_interface(
    GByteArray *file, guint16 link_type, guint32 snapshot, bool has_nanoseconds
);
void frame_pcapng_add(GByteArray *file, guint32 interface, guint64 time, ByteSpan octets);
