#pragma once

/* One frame as it was captured: a number, a time, and as many of its octets as were kept. Frames
 * come from files, from an interface, or from the simulated network; what follows does not ask
 * which. The octets are borrowed from whoever made the frame. */

#include "protocol/text/byte-span.h"

#define CAPTURE_FOR_ALL 0

typedef struct {
    guint64 number;          /* counts from 1, over all files of one run */
    gint64 time_ns;          /* nanoseconds since 1970-01-01 00:00 UTC */
    guint32 link_type;       /* as libpcap numbers the data links (DLT); 1 is Ethernet */
    guint32 captured_length; /* octets at 'data' */
    guint32 original_length; /* octets on the wire; never less than captured_length */
    bool has_bad_time;       /* the file gave an impossible fraction of a second */
    guint8 chosen;           /* for which of several takers, counted from 1; CAPTURE_FOR_ALL */
    const guint8 *data;
} CaptureFrame;
