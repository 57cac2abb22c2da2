/* Any octets as a capture file: frame by frame and in batches the same frames come out, and the
 * packets and streams of them stay within their bounds. */

#include "dissect/capture/capture-pump.h"
#include "dissect/packet/packet-decoder.h"
#include "dissect/stream/stream-table.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

typedef struct {
    guint64 frames;
    guint64 octets;
    guint64 damage;
} Outcome;

static void note(Outcome *outcome, const CaptureFrame *frame)
{
    g_assert(frame->original_length >= frame->captured_length);
    outcome->frames++;
    g_assert(frame->number == outcome->frames);
    outcome->octets = outcome->octets * 31 + frame->captured_length;
    for (guint32 i = 0; i < frame->captured_length; i += 16) {
        outcome->octets = outcome->octets * 31 + frame->data[i];
    }
}

static Outcome read_frames(ByteSpan file)
{
    Outcome outcome = {0};
    g_autoptr(CaptureReader) reader = capture_reader_open_memory(file, NULL);
    if (reader == NULL) {
        return outcome;
    }
    StreamSink sink = {NULL};
    g_autoptr(PacketDecoder) decoder = packet_decoder_new(NULL);
    g_autoptr(StreamTable) table = stream_table_new(&sink, NULL, NULL);
    CaptureFrame frame;
    CaptureResult result;
    while ((result = capture_reader_next(reader, &frame)) == CAPTURE_FRAME) {
        note(&outcome, &frame);
        stream_table_frames(table, decoder, &frame, 1);
    }
    const CaptureDamage *damage = capture_reader_damage(reader);
    g_assert((damage != NULL) == (result == CAPTURE_DAMAGED));
    if (damage != NULL) {
        g_assert(damage->offset <= file.length && damage->frame == outcome.frames + 1);
        outcome.damage = damage->offset + 1;
    }
    stream_table_finish(table);
    packet_decoder_finish(decoder);
    return outcome;
}

static Outcome read_batches(ByteSpan file)
{
    Outcome outcome = {0};
    g_autoptr(CaptureReader) reader = capture_reader_open_memory(file, NULL);
    if (reader == NULL) {
        return outcome;
    }
    g_autoptr(CapturePump) pump = capture_pump_new(reader, CAPTURE_PUMP_ONE_THREAD);
    CaptureBatch batch;
    while (capture_pump_next(pump, &batch)) {
        for (gsize i = 0; i < batch.count; i++) {
            note(&outcome, &batch.frames[i]);
        }
    }
    if (capture_reader_damage(reader) != NULL) {
        outcome.damage = capture_reader_damage(reader)->offset + 1;
    }
    return outcome;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    Outcome one = read_frames(byte_span(data, size));
    Outcome other = read_batches(byte_span(data, size));
    g_assert(one.frames == other.frames && one.octets == other.octets);
    g_assert(one.damage == other.damage);
    return 0;
}
