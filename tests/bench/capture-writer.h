#pragma once

/* Writes TCP and UDP over IPv4 over Ethernet into a pcap file, with right checksums, fast. Segments
 * can be held back to come late, or twice, as networks do. */

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

typedef struct {
    FILE *file;
    GRand *random;
    gint64 time_us;
    guint64 octets; /* of the file */
    guint16 identification;
} CaptureWriter;

typedef struct {
    guint32 address[2]; /* client, server; in network order */
    guint16 port[2];
    guint32 next[2]; /* sequence numbers */
} CaptureFlow;

typedef enum {
    FLOW_FIN = 0x01,
    FLOW_SYN = 0x02,
    FLOW_PUSH = 0x08,
    FLOW_ACK = 0x10,
} FlowFlag;

#define CAPTURE_FRAME_MAXIMUM 1514
#define CAPTURE_SEGMENT_MAXIMUM 1460

typedef struct {
    guint32 length;
    guint8 octets[CAPTURE_FRAME_MAXIMUM];
} CaptureRecord;

bool capture_writer_open(CaptureWriter *writer, const char *path, guint32 seed);
bool capture_writer_close(CaptureWriter *writer);

/* Builds a segment from one side (0: client) and counts its sequence numbers. */
void capture_writer_tcp(
    CaptureWriter *writer,
    CaptureFlow *flow,
    int side,
    guint8 flags,
    const void *payload,
    gsize length,
    CaptureRecord *out_record
);
void capture_writer_udp(
    CaptureWriter *writer,
    const CaptureFlow *flow,
    int side,
    const void *payload,
    gsize length,
    CaptureRecord *out_record
);
void capture_writer_put(CaptureWriter *writer, const CaptureRecord *record);
