#pragma once

/* The octets of a capture file on their way into libpcap: from a file, a pipe or memory, through a
 * large buffer. The first of them can be looked at before libpcap is asked, and what libpcap would
 * refuse without need is mended as it passes, without changing any length:
 *
 *   - a snapshot length smaller than the frames, which would make libpcap cut or refuse them;
 *   - pcapng interfaces of different link types: libpcap is shown one, and the true one of each
 *     frame is kept for the reader in a queue.
 *
 * Internal to this folder. */

#include "protocol/text/byte-span.h"

#include <stdio.h>

typedef struct CaptureSource CaptureSource;

/* 'descriptor' is closed in the end unless it is standard input. */
CaptureSource *capture_source_new(int descriptor);
CaptureSource *capture_source_new_memory(ByteSpan octets);
void capture_source_free(CaptureSource *source);

/* The first octets, as many as there are up to a few thousand; not taken by looking. False: they
 * cannot be read; errno says why. */
bool capture_source_peek(CaptureSource *source, ByteSpan *out_octets);

/* A stream over the source, to be closed before the source is freed. */
FILE *capture_source_stream(CaptureSource *source);

/* As read(2), past the stream: only for a pcap file whose header, and nothing more, the stream has
 * given. */
gssize capture_source_read(CaptureSource *source, guint8 *into, gsize size);

/* Gives back what was read last and not used: it comes out of the stream, or is read, once more. */
void capture_source_give_back(CaptureSource *source, ByteSpan octets);

/* Octets handed on so far; may be asked from another thread. */
guint64 capture_source_position(const CaptureSource *source);

/* To be called for each frame in turn: its link type, as the file writes it, where pcapng has
 * interfaces of several. False: it is the one that libpcap knows. */
bool capture_source_next_link(CaptureSource *source, guint32 *out_link);

/* Where the pcapng block begins that 'position' lies in, if it is one of the last ones. */
guint64 capture_source_block_start(const CaptureSource *source, guint64 position);
