#pragma once

/* Turns frames into packets, one at a time, without allocating; only fragments are copied, into a
 * table with limits. Nothing is thrown away in silence: every frame gets a kind, and what the table
 * of fragments had to give up is told to the owner.
 *
 *     packet_decoder_decode(decoder, &frame, &packet)
 *     switch (packet.kind) ... PACKET_TCP -> stream_table_packet(), PACKET_UDP -> ...
 */

#include "dissect/packet/packet.h"

typedef struct PacketDecoder PacketDecoder;

typedef enum {
    FRAGMENT_OVERLAP_EQUAL,     /* octets that came twice, the same both times */
    FRAGMENT_OVERLAP_DIFFERENT, /* octets that came twice and differ; the first ones stand */
    FRAGMENT_TIMED_OUT,         /* a datagram that was never completed */
    FRAGMENT_GIVEN_UP,          /* left for want of room */
    FRAGMENT_INCOMPLETE,        /* still not complete when the capture ended */
    FRAGMENT_INVALID,           /* beyond 65,535 octets, or a second and different end */
} FragmentEventKind;

typedef struct {
    FragmentEventKind kind;
    guint64 first_frame; /* of the datagram */
    guint64 frame;       /* that brought it to light */
    gint64 time_ns;
    PacketAddress source;
    PacketAddress destination;
    guint8 protocol;
    guint32 identification;
    guint32 octets;  /* that overlap, or that are held of the datagram */
    guint32 missing; /* known to be missing from the datagram */
} FragmentEvent;

typedef struct {
    bool verifies_checksums;
    bool is_second;           /* another one is given all frames but usual ones, too, and counts
                               * them; see packet-usual.h */
    gsize fragment_datagrams; /* at most so many incomplete datagrams */
    gsize fragment_octets;    /* and so many octets held for them */
    gint64 fragment_timeout_ns;
    void (*fragment_event)(gpointer owner, const FragmentEvent *event); /* may be NULL */
    gpointer owner;
} PacketDecoderOptions;

/* Checksums verified; 1,024 datagrams, 16 MiB, 30 seconds. */
PacketDecoderOptions packet_decoder_default_options(void);

/* What has been seen so far. */
typedef struct {
    guint64 frames;
    guint64 kinds[PACKET_BROKEN + 1];
    guint64 problems[PACKET_PROBLEM_COUNT];
    guint64 ip_checksums_bad;
    guint64 checksums_good;
    guint64 checksums_bad;
    guint64 checksums_offloaded;
    guint64 first_bad_checksum;       /* frame; 0: none */
    guint64 first_offloaded_checksum; /* frame; say once "probably offloaded" */
    guint64 cut_frames;               /* captured shorter than they were */
    guint64 missing_octets;           /* cut off their payloads */
    guint64 fragments;
    guint64 datagrams_reassembled;
    guint64 datagrams_incomplete;
} PacketStatistics;

void packet_statistics_add(PacketStatistics *sum, const PacketStatistics *other);

/* NULL options: the defaults. */
PacketDecoder *packet_decoder_new(const PacketDecoderOptions *options);
void packet_decoder_free(PacketDecoder *decoder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PacketDecoder, packet_decoder_free)

/* Every field of 'out_packet' that its kind gives a meaning is set. The frame is borrowed by it. */
void packet_decoder_decode(PacketDecoder *decoder, const CaptureFrame *frame, Packet *out_packet);

/* The same without the short way for the usual kind of frame: for tests of that way. */
void packet_decoder_decode_closely(
    PacketDecoder *decoder, const CaptureFrame *frame, Packet *out_packet
);

/* At the end of the capture: reports the datagrams that are not complete. */
void packet_decoder_finish(PacketDecoder *decoder);

const PacketStatistics *packet_decoder_statistics(const PacketDecoder *decoder);
