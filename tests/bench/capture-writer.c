#include "tests/bench/capture-writer.h"

#include "protocol/network/internet-checksum.h"

#include <string.h>

enum {
    ETHERNET = 14,
    IPV4 = 20,
    TCP = 20,
    UDP = 8,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
};

bool capture_writer_open(CaptureWriter *writer, const char *path, guint32 seed)
{
    *writer = (CaptureWriter){
        .file = fopen(path, "wb"),
        .random = g_rand_new_with_seed(seed),
        .time_us = G_GINT64_CONSTANT(1700000000000000),
    };
    if (writer->file == NULL) {
        return false;
    }
    setvbuf(writer->file, NULL, _IOFBF, 1024 * 1024);
    const guint32 header[6] = {0xa1b2c3d4u, 0x00040002u, 0, 0, 262144, 1};
    writer->octets = sizeof header;
    return fwrite(header, sizeof header, 1, writer->file) == 1;
}

bool capture_writer_close(CaptureWriter *writer)
{
    g_rand_free(writer->random);
    return fclose(writer->file) == 0;
}

static void put16(guint8 *at, guint16 number)
{
    at[0] = (guint8)(number >> 8);
    at[1] = (guint8)number;
}

static void put32(guint8 *at, guint32 number)
{
    put16(at, (guint16)(number >> 16));
    put16(at + 2, (guint16)number);
}

static void put_sum(guint8 *at, guint64 sum)
{
    guint16 folded = (guint16)~internet_checksum_fold(sum);
    memcpy(at, &folded, sizeof folded);
}

/* Ethernet and IPv4 around so many octets, and the sum of the pseudo-header. */
static guint64 put_ip(
    CaptureWriter *writer,
    const CaptureFlow *flow,
    int side,
    guint8 protocol,
    gsize length,
    CaptureRecord *record
)
{
    static const guint8 ethernet[ETHERNET] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x08, 0x00};
    memcpy(record->octets, ethernet, sizeof ethernet);
    record->length = (guint32)(ETHERNET + IPV4 + length);
    guint8 *ip = record->octets + ETHERNET;
    memset(ip, 0, IPV4);
    ip[0] = 0x45;
    put16(ip + 2, (guint16)(IPV4 + length));
    put16(ip + 4, writer->identification++);
    ip[8] = 64;
    ip[9] = protocol;
    memcpy(ip + 12, &flow->address[side], 4);
    memcpy(ip + 16, &flow->address[1 - side], 4);
    put_sum(ip + 10, internet_checksum_add(0, ip, IPV4));
    guint64 sum = (guint64)flow->address[0] + flow->address[1];
    return sum + GUINT16_TO_BE(protocol) + GUINT16_TO_BE((guint16)length);
}

void capture_writer_tcp(
    CaptureWriter *writer,
    CaptureFlow *flow,
    int side,
    guint8 flags,
    const void *payload,
    gsize length,
    CaptureRecord *out_record
)
{
    g_assert(length <= CAPTURE_SEGMENT_MAXIMUM);
    guint64 pseudo = put_ip(writer, flow, side, PROTOCOL_TCP, TCP + length, out_record);
    guint8 *tcp = out_record->octets + ETHERNET + IPV4;
    memset(tcp, 0, TCP);
    put16(tcp, flow->port[side]);
    put16(tcp + 2, flow->port[1 - side]);
    put32(tcp + 4, flow->next[side]);
    put32(tcp + 8, flags & FLOW_ACK ? flow->next[1 - side] : 0);
    tcp[12] = TCP / 4 << 4;
    tcp[13] = flags;
    put16(tcp + 14, 32768);
    if (length > 0) {
        memcpy(tcp + TCP, payload, length);
    }
    put_sum(tcp + 16, internet_checksum_add(pseudo, tcp, TCP + length));
    flow->next[side] += (guint32)length + ((flags & (FLOW_SYN | FLOW_FIN)) != 0);
}

void capture_writer_udp(
    CaptureWriter *writer,
    const CaptureFlow *flow,
    int side,
    const void *payload,
    gsize length,
    CaptureRecord *out_record
)
{
    guint64 pseudo = put_ip(writer, flow, side, PROTOCOL_UDP, UDP + length, out_record);
    guint8 *udp = out_record->octets + ETHERNET + IPV4;
    put16(udp, flow->port[side]);
    put16(udp + 2, flow->port[1 - side]);
    put16(udp + 4, (guint16)(UDP + length));
    put16(udp + 6, 0);
    memcpy(udp + UDP, payload, length);
    put_sum(udp + 6, internet_checksum_add(pseudo, udp, UDP + length));
}

void capture_writer_put(CaptureWriter *writer, const CaptureRecord *record)
{
    writer->time_us += g_rand_int_range(writer->random, 1, 60);
    const guint32 header[4] = {
        (guint32)(writer->time_us / 1000000),
        (guint32)(writer->time_us % 1000000),
        record->length,
        record->length,
    };
    fwrite(header, sizeof header, 1, writer->file);
    fwrite(record->octets, record->length, 1, writer->file);
    writer->octets += sizeof header + record->length;
}
