#include "tests/support/frame-builder.h"

#include <arpa/inet.h>

#define TCP_HEADER 20
#define UDP_HEADER 8

void frame_put16(GByteArray *frame, gsize at, guint16 number)
{
    g_assert(at + 2 <= frame->len);
    frame->data[at] = (guint8)(number >> 8);
    frame->data[at + 1] = (guint8)number;
}

void frame_put32(GByteArray *frame, gsize at, guint32 number)
{
    frame_put16(frame, at, (guint16)(number >> 16));
    frame_put16(frame, at + 2, (guint16)number);
}

/* Octet by octet on purpose: it is the referee of a faster sum. */
static guint16 checksum(const GByteArray *head, const guint8 *octets, gsize length)
{
    guint32 sum = 0;
    for (gsize i = 0; i < head->len; i++) {
        sum += i % 2 == 0 ? (guint32)head->data[i] << 8 : head->data[i];
        sum = (sum & 0xffff) + (sum >> 16);
    }
    for (gsize i = 0; i < length; i++) {
        sum += i % 2 == 0 ? (guint32)octets[i] << 8 : octets[i];
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return (guint16)~sum;
}

void frame_wrap(GByteArray *frame, const void *header, gsize length)
{
    g_byte_array_prepend(frame, header, (guint)length);
}

GByteArray *frame_new_bytes(const void *octets, gsize length)
{
    GByteArray *frame = g_byte_array_new();
    if (length > 0) {
        g_byte_array_append(frame, octets, (guint)length);
    }
    return frame;
}

static const char *or_default(const char *address, const char *fallback)
{
    return address != NULL ? address : fallback;
}

static gsize put_address(const char *text, guint8 *octets)
{
    if (inet_pton(AF_INET, text, octets) == 1) {
        return 4;
    }
    g_assert(inet_pton(AF_INET6, text, octets) == 1);
    return 16;
}

static void sign(GByteArray *segment, const FrameSegment *of, guint8 protocol, gsize field)
{
    g_autoptr(GByteArray) pseudo = g_byte_array_new();
    guint8 address[16];
    gsize size = put_address(or_default(of->source, "10.0.0.1"), address);
    g_byte_array_append(pseudo, address, (guint)size);
    size = put_address(or_default(of->destination, "10.0.0.2"), address);
    g_byte_array_append(pseudo, address, (guint)size);
    const guint8 rest[4] = {0, protocol, (guint8)(segment->len >> 8), (guint8)segment->len};
    g_byte_array_append(pseudo, rest, sizeof rest);
    frame_put16(segment, field, checksum(pseudo, segment->data, segment->len));
}

GByteArray *frame_new_bare_tcp(const FrameSegment *segment)
{
    GByteArray *frame = g_byte_array_new();
    gsize padded = (segment->options.length + 3) & ~(gsize)3;
    g_byte_array_set_size(frame, (guint)(TCP_HEADER + padded));
    memset(frame->data, 0, frame->len);
    frame_put16(frame, 0, segment->source_port);
    frame_put16(frame, 2, segment->destination_port);
    frame_put32(frame, 4, segment->sequence);
    frame_put32(frame, 8, segment->acknowledgement);
    frame->data[12] = (guint8)((TCP_HEADER + padded) / 4 << 4);
    frame->data[13] = segment->flags;
    frame_put16(frame, 14, segment->window);
    frame_put16(frame, 18, segment->urgent);
    if (segment->options.length > 0) {
        memcpy(frame->data + TCP_HEADER, segment->options.data, segment->options.length);
    }
    if (segment->payload.length > 0) {
        g_byte_array_append(frame, segment->payload.data, (guint)segment->payload.length);
    }
    sign(frame, segment, 6, 16);
    return frame;
}

void frame_mend_ipv4(GByteArray *frame, gsize at)
{
    g_autoptr(GByteArray) none = g_byte_array_new();
    gsize length = (frame->data[at] & 0x0f) * 4u;
    frame_put16(frame, at + 10, 0);
    frame_put16(frame, at + 10, checksum(none, frame->data + at, length));
}

void frame_wrap_ipv4(
    GByteArray *frame, const char *source, const char *destination, guint8 protocol
)
{
    guint16 total = (guint16)(frame->len + 20);
    guint8 header[20] = {0x45, 0, (guint8)(total >> 8), (guint8)total, 0, 1, 0, 0, 64, protocol};
    put_address(source, header + 12);
    put_address(destination, header + 16);
    frame_wrap(frame, header, sizeof header);
    frame_mend_ipv4(frame, 0);
}

void frame_wrap_ipv6(
    GByteArray *frame, const char *source, const char *destination, guint8 next_header
)
{
    guint8 header[40] = {
        0x60, 0, 0, 0, (guint8)(frame->len >> 8), (guint8)frame->len, next_header, 64};
    put_address(source, header + 8);
    put_address(destination, header + 24);
    frame_wrap(frame, header, sizeof header);
}

static void wrap_ip(GByteArray *frame, const FrameSegment *segment, guint8 protocol)
{
    const char *source = or_default(segment->source, "10.0.0.1");
    const char *destination = or_default(segment->destination, "10.0.0.2");
    if (strchr(source, ':') != NULL) {
        frame_wrap_ipv6(frame, source, destination, protocol);
    } else {
        frame_wrap_ipv4(frame, source, destination, protocol);
    }
}

GByteArray *frame_new_tcp(const FrameSegment *segment)
{
    GByteArray *frame = frame_new_bare_tcp(segment);
    wrap_ip(frame, segment, 6);
    return frame;
}

GByteArray *frame_new_udp(const FrameSegment *segment)
{
    GByteArray *frame = g_byte_array_new();
    g_byte_array_set_size(frame, UDP_HEADER);
    memset(frame->data, 0, frame->len);
    frame_put16(frame, 0, segment->source_port);
    frame_put16(frame, 2, segment->destination_port);
    frame_put16(frame, 4, (guint16)(UDP_HEADER + segment->payload.length));
    if (segment->payload.length > 0) {
        g_byte_array_append(frame, segment->payload.data, (guint)segment->payload.length);
    }
    sign(frame, segment, 17, 6);
    wrap_ip(frame, segment, 17);
    return frame;
}

void frame_wrap_ethernet(GByteArray *frame, guint16 type)
{
    const guint8 header[14] = {
        2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, (guint8)(type >> 8), (guint8)type};
    frame_wrap(frame, header, sizeof header);
}

GByteArray *frame_new_ipv4_fragment(
    const GByteArray *packet, guint16 identification, guint offset, guint length
)
{
    guint payload = packet->len - 20;
    length = MIN(length, payload - offset);
    GByteArray *frame = frame_new_bytes(packet->data, 20);
    g_byte_array_append(frame, packet->data + 20 + offset, length);
    bool has_more = offset + length < payload;
    frame_put16(frame, 2, (guint16)frame->len);
    frame_put16(frame, 4, identification);
    frame_put16(frame, 6, (guint16)((has_more ? 0x2000 : 0) | offset / 8));
    frame_mend_ipv4(frame, 0);
    return frame;
}

GByteArray *frame_new_ipv6_fragment(
    const GByteArray *packet, guint32 identification, guint offset, guint length
)
{
    guint payload = packet->len - 40;
    length = MIN(length, payload - offset);
    GByteArray *frame = frame_new_bytes(packet->data, 40);
    bool has_more = offset + length < payload;
    guint8 header[8] = {packet->data[6]};
    g_byte_array_append(frame, header, sizeof header);
    frame_put16(frame, 42, (guint16)(offset | (has_more ? 1 : 0)));
    frame_put32(frame, 44, identification);
    g_byte_array_append(frame, packet->data + 40 + offset, length);
    frame_put16(frame, 4, (guint16)(frame->len - 40));
    frame->data[6] = 44;
    return frame;
}

static void append16(GByteArray *file, bool is_big, guint16 number)
{
    guint8 octets[2] = {(guint8)number, (guint8)(number >> 8)};
    guint8 swapped[2] = {octets[1], octets[0]};
    g_byte_array_append(file, is_big ? swapped : octets, 2);
}

static void append32(GByteArray *file, bool is_big, guint32 number)
{
    append16(file, is_big, (guint16)(is_big ? number >> 16 : number));
    append16(file, is_big, (guint16)(is_big ? number : number >> 16));
}

GByteArray *frame_file_new(guint32 link_type, bool has_nanoseconds, bool is_big, guint32 snapshot)
{
    GByteArray *file = g_byte_array_new();
    append32(file, is_big, has_nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4);
    append16(file, is_big, 2);
    append16(file, is_big, 4);
    append32(file, is_big, 0);
    append32(file, is_big, 0);
    append32(file, is_big, snapshot);
    append32(file, is_big, link_type);
    return file;
}

void frame_file_add(
    GByteArray *file,
    bool is_big,
    guint32 seconds,
    guint32 fraction,
    guint32 original_length,
    ByteSpan octets
)
{
    append32(file, is_big, seconds);
    append32(file, is_big, fraction);
    append32(file, is_big, (guint32)octets.length);
    append32(file, is_big, original_length);
    g_byte_array_append(file, octets.data, (guint)octets.length);
}

static void append_block(GByteArray *file, guint32 type, const GByteArray *body)
{
    guint32 total = 12 + ((body->len + 3) & ~3u);
    append32(file, false, type);
    append32(file, false, total);
    g_byte_array_append(file, body->data, body->len);
    static const guint8 padding[3];
    g_byte_array_append(file, padding, total - 12 - body->len);
    append32(file, false, total);
}

GByteArray *frame_pcapng_new(void)
{
    GByteArray *file = g_byte_array_new();
    g_autoptr(GByteArray) body = g_byte_array_new();
    append32(body, false, 0x1a2b3c4d);
    append16(body, false, 1);
    append16(body, false, 0);
    append32(body, false, 0xffffffff);
    append32(body, false, 0xffffffff);
    append_block(file, 0x0a0d0d0a, body);
    return file;
}

void frame_pcapng_interface(
    GByteArray *file, guint16 link_type, guint32 snapshot, bool has_nanoseconds
)
{
    g_autoptr(GByteArray) body = g_byte_array_new();
    append16(body, false, link_type);
    append16(body, false, 0);
    append32(body, false, snapshot);
    append16(body, false, 9); /* resolution of time */
    append16(body, false, 1);
    append32(body, false, has_nanoseconds ? 9 : 6);
    append32(body, false, 0);
    append_block(file, 1, body);
}

void frame_pcapng_add(GByteArray *file, guint32 interface, guint64 time, ByteSpan octets)
{
    g_autoptr(GByteArray) body = g_byte_array_new();
    append32(body, false, interface);
    append32(body, false, (guint32)(time >> 32));
    append32(body, false, (guint32)time);
    append32(body, false, (guint32)octets.length);
    append32(body, false, (guint32)octets.length);
    g_byte_array_append(body, octets.data, (guint)octets.length);
    append_block(file, 6, body);
}
