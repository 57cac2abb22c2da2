#pragma once

/* Keeps frames in memory, closely packed, for whoever writes them to a file or steps through them.
 * frame_log_tap() is a tap callback: sim_tap_world(world, frame_log_tap, log). */

#include "sim/network/tap.h"

typedef struct FrameLog FrameLog;

typedef struct {
    guint64 number;
    SimTime time;
    ByteSpan octets; /* valid until the log is cleared or freed */
} LoggedFrame;

/* 'maximum' octets of frames are kept, later ones only counted; 0: no limit. */
FrameLog *frame_log_new(gsize maximum);
void frame_log_free(FrameLog *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FrameLog, frame_log_free)

void frame_log_tap(const SimTapFrame *frame, gpointer log);
void frame_log_clear(FrameLog *log);

gsize frame_log_count(const FrameLog *log);
gsize frame_log_octets(const FrameLog *log);
guint64 frame_log_left_out(const FrameLog *log);

/* 'index' counts from 0. */
LoggedFrame frame_log_get(const FrameLog *log, gsize index);

/* The log as a classic capture file with nanosecond times, octet for octet the same on every
 * machine (little-endian). */
GBytes *frame_log_to_pcap(const FrameLog *log);
