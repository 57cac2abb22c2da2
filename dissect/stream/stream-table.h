#pragma once

/* Rebuilds TCP connections from packets and tells a sink what they carry, in an order that a reader
 * can follow: octets of a direction in order, and an answer never before the octets it
 * acknowledges. In a capture without loss or reordering nothing is copied or held: data() lends the
 * octets of the packet itself.
 *
 *     packet ──> stream of its four-tuple (one look-up) ──> in order? ── yes ──> data()
 *                                                             └ no ─> held ─> data() or gap()
 *
 * A hole is declared a gap when the other side has acknowledged it and it has not come within
 * 'patience' packets or time, when what is held behind it reaches a limit, or at the end. */

#include "dissect/packet/packet-decoder.h"
#include "dissect/stream/stream.h"

typedef struct StreamTable StreamTable;

/* Any function may be NULL. The stream is valid during each call and from opened() to the end of
 * closed(); nothing in a sink may call the table, except stream_table_user_data(). */
typedef struct {
    void (*opened)(gpointer owner, Stream *stream, const Packet *packet);
    void (*data)(gpointer owner, Stream *stream, StreamDirection direction, const StreamData *data);
    void (*gap)(gpointer owner, Stream *stream, StreamDirection direction, const StreamGap *gap);
    void (*event)(gpointer owner, Stream *stream, const StreamEvent *event);
    void (*overlap
    )(gpointer owner, Stream *stream, StreamDirection direction, const StreamOverlap *overlap);
    void (*closed)(gpointer owner, Stream *stream, StreamCloseReason reason);

    /* For each TCP packet, before what it brings is given; costs time, so leave it NULL unless
     * frames are shown. 'notes' are FrameNote bits. */
    void (*frame
    )(gpointer owner, Stream *stream, StreamDirection direction, const Packet *packet, guint32 notes
    );

    /* Every packet that stream_table_frames() decodes, of any kind, before anything else is said
     * about it. */
    void (*packet)(gpointer owner, const Packet *packet);

    /* Each UDP datagram, whatever its port. */
    void (*datagram)(gpointer owner, const Packet *packet);
} StreamSink;

typedef struct {
    gsize user_data_size;       /* octets that each stream keeps for the owner */
    gsize open_streams;         /* at most; the one longest silent makes room */
    gsize remembered_streams;   /* closed ones kept, so that stragglers find them */
    guint32 remembered_packets; /* for so many further packets of all streams */
    gsize held_per_direction;   /* octets held out of order for one direction */
    gsize held_in_all;          /* and for all streams */
    gsize history;              /* octets of a direction kept until acknowledged, to compare what
                                 * comes twice; 0: overlap() only sees what is still held */
    guint32 patience_packets;   /* of the stream, after a hole was acknowledged */
    gint64 patience_ns;         /* of captured time, after a hole was acknowledged */
    gint64 linger_ns; /* after RST, FIN of the only side seen, or FIN with a hole before it */
    bool (*is_server_port)(gpointer owner, guint16 port); /* may be NULL: below 1024 */

    /* So many tables are given the same frames, and each takes its share of the streams. Number 0
     * takes the datagrams. Together they tell what one table would, as long as none meets a limit
     * of all its streams. */
    guint shares;
    guint share;
} StreamTableOptions;

/* 100,000 open, 65,536 remembered for 131,072 packets, 4 MiB held per direction and 64 MiB in all,
 * 64 KiB history, 32 packets, one second, 30 seconds; one share. */
StreamTableOptions stream_table_default_options(void);

/* What has been seen, and what the limits cost. */
typedef struct {
    guint64 streams;
    guint64 packets;
    guint64 octets; /* given as data */
    guint64 gaps;
    guint64 gap_octets;
    guint64 retransmitted_octets; /* that came again */
    guint64 overlaps;             /* that differ */
    guint64 closed_by_limit;      /* streams closed to make room */
    guint64 gaps_by_limit;        /* holes given up to make room */
    guint64 history_by_limit;     /* octets that could not be compared for want of room */
    guint64 impossible_octets;    /* outside any window: of no connection */
    guint64 limits_met;           /* of those that all streams share */
    guint64 open_most;
    guint64 held_most;
} StreamStatistics;

/* The most of both tables together is not known: it is at most the sum. */
void stream_statistics_add(StreamStatistics *sum, const StreamStatistics *other);

/* The sink and the options are copied. NULL options: the defaults. */
StreamTable *
stream_table_new(const StreamSink *sink, gpointer owner, const StreamTableOptions *options);

/* Tells the sink nothing more; call stream_table_finish() first. */
void stream_table_free(StreamTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StreamTable, stream_table_free)

/* Takes any packet; those that are neither TCP nor UDP change nothing. */
void stream_table_packet(StreamTable *table, const Packet *packet);

/* Decodes frames and takes their packets, looking ahead: while one packet is being worked on, the
 * streams of the following ones are already on their way from memory. Frames that were chosen for
 * another table are not even decoded. */
void stream_table_frames(
    StreamTable *table, PacketDecoder *decoder, const CaptureFrame *frames, gsize count
);

/* What CaptureFrame.chosen is to be where so many tables share the streams. */
guint8 stream_table_choose(const CaptureFrame *frame, guint shares);

/* At the end of the capture: declares the holes that are left and closes all streams, in order of
 * their numbers. */
void stream_table_finish(StreamTable *table);

/* The owner's octets of this stream: zeroed at first, made when first asked for, gone after
 * closed(). */
gpointer stream_table_user_data(StreamTable *table, Stream *stream);

const StreamStatistics *stream_table_statistics(const StreamTable *table);
