#pragma once

/* Cuts frames out of blocks of a plain pcap file where they lie, without copying an octet: one of
 * version 2.4, in either byte order and either resolution, of a link whose frames libpcap hands on
 * as they are. Of such a record libpcap would say the same. Everything else - a record that is not
 * whole, longer than libpcap takes, or of an impossible time - is not judged here but left to
 * libpcap, from its first octet on, so that damage is found and named in one place only.
 *
 * Internal to this folder. */

#include "dissect/capture/capture-frame.h"

#include <pcap/pcap.h>

/* The header of a record, and the longest frame that is cut here: no more is ever kept over from
 * one block to the next. */
#define CAPTURE_RECORD_HEADER 16
#define CAPTURE_RECORD_LONGEST 262144

typedef struct {
    guint32 link_type;
    guint32 longest;     /* frame */
    guint32 fractions;   /* of a second: a million or a thousand million */
    guint32 fraction_ns; /* nanoseconds in one of them */
    bool is_swapped;     /* the other byte order than this machine's */
} CaptureRecordForm;

typedef enum {
    CAPTURE_RECORD_WHOLE,
    CAPTURE_RECORD_PART, /* more octets are needed */
    CAPTURE_RECORD_ODD,  /* for libpcap to judge */
} CaptureRecordResult;

/* False: the records of this file, opened for nanoseconds, are not plain. */
bool capture_record_form_of(pcap_t *pcap, bool has_nanoseconds, CaptureRecordForm *out_form);

/* The record at the beginning of 'octets'. All of 'out_frame' is set but its number; its octets
 * are those of the block. */
CaptureRecordResult
capture_record_cut(const CaptureRecordForm *form, ByteSpan octets, CaptureFrame *out_frame);
