#pragma once

/* Puts datagrams together from their fragments: in any order, coming twice, overlapping. The octets
 * that came first stand. Datagrams that stay incomplete are given up after a time, or when there is
 * no more room, oldest first, and the owner is told. Internal to this folder. */

#include "dissect/packet/packet-decoder.h"

typedef struct FragmentTable FragmentTable;

typedef struct {
    PacketAddress source;
    PacketAddress destination;
    guint32 identification;
    guint8 protocol; /* what the fragment itself says */
    bool is_last;    /* no more fragments follow */
    guint32 offset;  /* in the datagram */
    guint32 length;  /* on the wire */
    ByteSpan octets; /* captured; not longer than 'length' */
    guint64 frame;
    gint64 time_ns;
} Fragment;

/* A whole datagram without its IP header; valid until fragment_table_release(). */
typedef struct {
    const guint8 *data;
    guint32 length;   /* as sent */
    guint32 captured; /* from the front without a hole */
    guint8 protocol;
    PacketPiece *pieces;
    guint32 piece_count;
} FragmentDatagram;

/* Both are borrowed and must outlive the table. */
FragmentTable *
fragment_table_new(const PacketDecoderOptions *options, PacketStatistics *statistics);
void fragment_table_free(FragmentTable *table);

/* True: the fragment completed its datagram. */
bool fragment_table_add(
    FragmentTable *table, const Fragment *fragment, FragmentDatagram *out_datagram
);

/* Frees the datagrams given since the last call; needed only if there were any. */
void fragment_table_release(FragmentTable *table);

/* Reports every datagram that is still incomplete, and forgets it. */
void fragment_table_finish(FragmentTable *table);
