#pragma once

/* Live capture. Opening needs rights that reading does not, so they are given up as soon as the
 * interface is open. An interrupt (Ctrl-C) or a termination signal ends the capture as the end of
 * a file would, so that the summary still comes; the signals are blocked and read from a
 * descriptor, hence no handler and no global state. Open before any other thread is started:
 * threads inherit the blocked signals. */

#include "dissect/capture/capture-reader.h"

typedef struct {
    const char *interface;   /* as libpcap names it; "any" on Linux */
    const char *filter;      /* a BPF expression, or NULL */
    guint32 snapshot_length; /* 0: whole frames */
    bool keeps_privileges;   /* tests only */
    bool is_not_promiscuous;
} CaptureLiveOptions;

CaptureReader *capture_reader_open_live(const CaptureLiveOptions *options, GError **error);
