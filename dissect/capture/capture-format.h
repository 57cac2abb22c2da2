#pragma once

/* Tells by its first octets what a file is, and what can be done if libpcap does not read it.
 * Internal to this folder. */

#include "protocol/text/byte-span.h"

typedef enum {
    CAPTURE_FORMAT_PCAP,
    CAPTURE_FORMAT_PCAP_NANOSECONDS,
    CAPTURE_FORMAT_PCAP_MODIFIED, /* with 24 octets before each frame */
    CAPTURE_FORMAT_PCAPNG,
    CAPTURE_FORMAT_FOREIGN, /* another program's capture */
    CAPTURE_FORMAT_COMPRESSED,
    CAPTURE_FORMAT_TEXT,
    CAPTURE_FORMAT_EMPTY,
    CAPTURE_FORMAT_UNKNOWN,
} CaptureFormatKind;

typedef struct {
    CaptureFormatKind kind;
    const char *name;   /* "a Network Monitor capture" */
    const char *advice; /* what to do about it; NULL where libpcap reads it */
} CaptureFormat;

CaptureFormat capture_format_recognise(ByteSpan head);
