#pragma once

/* Two dissectors that share the streams of a capture, each in a thread of its own: for sinks that
 * only count, so that it does not matter in which order they hear of different streams. Each has
 * an owner of its own, which hears of its half; together the two hear what one would.
 *
 *                     ┌─> dissector of even streams ─> owner 0 (and all datagrams, fragments)
 *     reader ── slab ─┤                                                        ├─> the sum
 *                     └─> dissector of odd streams ──> owner 1
 *
 * A usual frame tells at a glance whose it is; all others both decode, so that each puts fragments
 * together and finds what tunnels hold. Whatever is inside a stream stays inside its half. What one
 * dissector would drop for want of room depends on all streams: each half has half of the room, and
 * if one half ever runs out of it, has_met_limit() tells that the sum may not be what one would
 * find. */

#include "dissect/conversation/dissector.h"

typedef struct DissectorPair DissectorPair;

/* Not for a single stream: streams are numbered in each half for itself. */
DissectorPair *
dissector_pair_new(const DissectOptions *options, const DissectSink *sink, gpointer owners[2]);
void dissector_pair_free(DissectorPair *pair);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DissectorPair, dissector_pair_free)

/* As dissector_read() and dissector_finish(). */
void dissector_pair_read(
    DissectorPair *pair, CaptureReader *reader, DissectProgress progress, gpointer progress_data
);
void dissector_pair_finish(DissectorPair *pair);

bool dissector_pair_has_met_limit(const DissectorPair *pair);
PacketStatistics dissector_pair_packet_statistics(const DissectorPair *pair);
StreamStatistics dissector_pair_stream_statistics(const DissectorPair *pair);
