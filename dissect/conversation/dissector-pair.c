#include "dissect/conversation/dissector-pair.h"

#include "dissect/capture/capture-pump.h"

#define HALVES 2

struct DissectorPair {
    Dissector *halves[HALVES];
};

static DissectOptions options_of_half(const DissectOptions *options, guint half)
{
    DissectOptions how = *options;
    how.packets.is_second = half > 0;
    how.streams.shares = HALVES;
    how.streams.share = half;
    how.streams.open_streams /= HALVES;
    how.streams.remembered_streams /= HALVES;
    how.streams.held_in_all /= HALVES;
    return how;
}

DissectorPair *
dissector_pair_new(const DissectOptions *options, const DissectSink *sink, gpointer owners[2])
{
    g_assert(!options->has_only_stream && sink->frame == NULL);
    DissectorPair *pair = g_new0(DissectorPair, 1);
    for (guint i = 0; i < HALVES; i++) {
        DissectOptions how = options_of_half(options, i);
        pair->halves[i] = dissector_new(&how, sink, owners[i]);
    }
    return pair;
}

void dissector_pair_free(DissectorPair *pair)
{
    if (pair != NULL) {
        for (guint i = 0; i < HALVES; i++) {
            dissector_free(pair->halves[i]);
        }
        g_free(pair);
    }
}

typedef struct {
    Dissector *dissector;
    CapturePump *pump;
    guint taker;
    CaptureReader *reader;    /* for its progress */
    DissectProgress progress; /* may be NULL */
    gpointer progress_data;
} Reading;

static gpointer read_half(gpointer data)
{
    const Reading *reading = data;
    CaptureBatch batch;
    while (capture_pump_next_of(reading->pump, reading->taker, &batch)) {
        dissector_frames(reading->dissector, batch.frames, batch.count);
        if (reading->progress != NULL) {
            reading->progress(
                reading->progress_data,
                capture_reader_position(reading->reader),
                capture_reader_size(reading->reader)
            );
        }
    }
    return NULL;
}

void dissector_pair_read(
    DissectorPair *pair, CaptureReader *reader, DissectProgress progress, gpointer progress_data
)
{
    g_autoptr(CapturePump) pump = capture_pump_new_ahead(reader, HALVES, stream_table_choose);
    Reading first = {
        .dissector = pair->halves[0],
        .pump = pump,
        .taker = 0,
        .reader = reader,
        .progress = progress,
        .progress_data = progress_data,
    };
    Reading second = {.dissector = pair->halves[1], .pump = pump, .taker = 1};
    GThread *thread = g_thread_new("second-half", read_half, &second);
    read_half(&first);
    g_thread_join(thread);
}

void dissector_pair_finish(DissectorPair *pair)
{
    for (guint i = 0; i < HALVES; i++) {
        dissector_finish(pair->halves[i]);
    }
}

bool dissector_pair_has_met_limit(const DissectorPair *pair)
{
    return dissector_pair_stream_statistics(pair).limits_met > 0;
}

PacketStatistics dissector_pair_packet_statistics(const DissectorPair *pair)
{
    PacketStatistics sum = *dissector_packet_statistics(pair->halves[0]);
    packet_statistics_add(&sum, dissector_packet_statistics(pair->halves[1]));
    return sum;
}

StreamStatistics dissector_pair_stream_statistics(const DissectorPair *pair)
{
    StreamStatistics sum = *dissector_stream_statistics(pair->halves[0]);
    stream_statistics_add(&sum, dissector_stream_statistics(pair->halves[1]));
    return sum;
}
