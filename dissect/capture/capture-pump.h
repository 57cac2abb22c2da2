#pragma once

/* Moves frames from a reader to whoever dissects them, in batches. With one thread the batch is
 * filled in the call; with two, a thread of its own reads ahead into slabs of about a megabyte,
 * and there may be two takers, in threads of their own, each of which is given every batch. The
 * frames, their order and the damage report are the same each way. A plain pcap file is read in
 * blocks, in which its frames stay where they lie; from all others libpcap copies frame by frame.
 *
 *     reader ── slab ── slab ──> capture_pump_next() ──> packet decoder ──> stream table
 */

#include "dissect/capture/capture-reader.h"

typedef struct CapturePump CapturePump;

typedef struct {
    const CaptureFrame *frames;
    gsize count; /* 0 only for live capture, when nothing came for a while */
} CaptureBatch;

typedef enum {
    CAPTURE_PUMP_ONE_THREAD = 1,
    CAPTURE_PUMP_TWO_THREADS = 2,
} CapturePumpThreads;

/* The reader is borrowed and must not be read by anybody else until the pump is freed. */
CapturePump *capture_pump_new(CaptureReader *reader, CapturePumpThreads threads);

/* For which taker a frame is: what CaptureFrame.chosen is to be. */
typedef guint8 (*CaptureChooser)(const CaptureFrame *frame, guint takers);

/* A thread reads ahead for so many takers, which count from 0, and chooses where 'choose' is not
 * NULL; it has a frame's octets at hand when it has just read them. */
CapturePump *capture_pump_new_ahead(CaptureReader *reader, guint takers, CaptureChooser choose);

/* No taker may be in a call any more. */
void capture_pump_free(CapturePump *pump);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CapturePump, capture_pump_free)

/* False at the end, damaged or not: ask capture_reader_damage() then. The batch is borrowed until
 * the following call. */
bool capture_pump_next(CapturePump *pump, CaptureBatch *out_batch);
bool capture_pump_next_of(CapturePump *pump, guint taker, CaptureBatch *out_batch);
