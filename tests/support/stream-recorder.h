#pragma once

/* Feeds a stream table with a conversation written as steps, and writes down what it tells its
 * sink, one line each, so that a test can compare texts:
 *
 *     open c            the sender of the first frame was taken for the client
 *     c 0 EHLO          octets of the client from offset 0, carriage returns left out
 *     s gap 4+10 lost   ten octets of the server are missing from offset 4
 *     c overlap 2 AB/XY frames 3/5
 *     s fin 20          and syn, syn-ack, established, reset, urgent ...
 *     close fin
 */

#include "dissect/stream/stream-table.h"

/* Sequence numbers count from each side's SYN: 0 is SYN, 1 the first octet. */
typedef struct {
    char from;         /* 'c' or 's'; 0 ends a list of steps */
    const char *flags; /* letters of "SFRPAU" */
    guint32 sequence;
    guint32 acknowledgement;
    const char *text;
    gint32 wait_ms; /* before this frame, besides the millisecond that passes always */
    guint16 window; /* 0: 65535; see has_no_window */
    guint16 urgent;
    guint16 cut;         /* so many octets of the frame were not captured */
    guint16 client_port; /* 0: 4000 */
    guint32 client_base; /* added to the client's sequence numbers */
    bool has_no_window;
    bool has_bad_checksum;
} StreamStep;

#define STREAM_STEPS_MAXIMUM 64

typedef struct {
    StreamTable *table;
    PacketDecoder *decoder;
    GString *log;
    guint64 frame;
    gint64 time_ns;
    guint32 base[2]; /* initial sequence numbers */
    bool has_frames; /* the log has a line for each frame with its notes */
} StreamRecorder;

/* NULL options: the defaults. */
void stream_recorder_init(
    StreamRecorder *recorder, const StreamTableOptions *options, bool has_frames
);
void stream_recorder_clear(StreamRecorder *recorder);
void stream_recorder_step(StreamRecorder *recorder, const StreamStep *step);
void stream_recorder_steps(StreamRecorder *recorder, const StreamStep *steps);

/* Runs steps from beginning to end and compares the log. */
void assert_streams(
    const StreamTableOptions *options, const StreamStep *steps, const char *expected
);
