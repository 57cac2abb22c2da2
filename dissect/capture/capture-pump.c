#include "dissect/capture/capture-pump.h"

#include "dissect/capture/capture-reader-internal.h"
#include "dissect/capture/slab-queue.h"

/* A slab holds the octets of its frames one after another. One slab, with one thread, is small
 * enough to stay in the processor's cache; with two, large enough that handing over costs little.
 */
#define SLAB_OCTETS_ONE (128 * 1024)
#define SLAB_OCTETS_TWO (1024 * 1024)
#define SLAB_FRAMES_ONE 512
#define SLAB_FRAMES_TWO 4096
#define SLABS 4

/* A block of a plain file is read onto a page of its own, because copying into it is faster so;
 * what was left of the block before, less than a record, goes in front of it. */
#define PAGE 4096
#define BLOCK_MARGIN (CAPTURE_RECORD_HEADER + CAPTURE_RECORD_LONGEST + PAGE)

typedef struct {
    guint8 *octets;
    gsize capacity;
    gsize used;
    guint8 *memory_of_block;
    guint8 *block;
    CaptureFrame *frames;
    gsize frames_capacity;
    gsize count;
    bool is_final; /* nothing comes after it */
} Slab;

/* One who is given the slabs. */
typedef struct {
    bool has_slab; /* lent out to it */
    bool is_ended;
} Taker;

struct CapturePump {
    CaptureReader *reader;
    Slab slabs[SLABS];
    Slab *filling;
    CaptureFrame pending; /* read, but there was no room for it */
    guint8 *pending_octets;
    gsize pending_capacity;
    bool has_pending;
    guint8 *rest; /* of a block, behind its last whole record */
    gsize rest_length;
    Taker takers[SLAB_QUEUE_TAKERS_MAXIMUM];
    guint taker_count;
    CaptureChooser choose; /* NULL: all frames are for all */

    GThread *thread; /* NULL: slabs are filled in the call */
    SlabQueue *queue;
};

/* Of 'octets' and 'block' only one is used at a time, and memory that is not used costs nothing. */
static void slab_init(Slab *slab, gsize octets, gsize frames)
{
    slab->octets = g_malloc(octets);
    slab->capacity = octets;
    slab->memory_of_block = g_malloc(BLOCK_MARGIN + PAGE + octets + BLOCK_MARGIN);
    slab->block = slab->memory_of_block + BLOCK_MARGIN;
    slab->block += (PAGE - (guintptr)slab->block % PAGE) % PAGE;
    slab->frames = g_new(CaptureFrame, frames);
    slab->frames_capacity = frames;
}

static void slab_clear(Slab *slab)
{
    g_free(slab->octets);
    g_free(slab->memory_of_block);
    g_free(slab->frames);
}

/* Frames point into the octets, so these must not move once there is one. */
static bool slab_has_room(const Slab *slab, guint32 length)
{
    return slab->count == 0 ||
           (slab->count < slab->frames_capacity && slab->capacity - slab->used >= length);
}

static CaptureFrame *slab_add(Slab *slab, const guint8 *octets, guint32 length)
{
    if (G_UNLIKELY(slab->capacity < length)) {
        slab->octets = g_realloc(slab->octets, length);
        slab->capacity = length;
    }
    CaptureFrame *frame = &slab->frames[slab->count++];
    frame->data = slab->octets + slab->used;
    if (length > 0) {
        memcpy(slab->octets + slab->used, octets, length);
    }
    slab->used += length;
    return frame;
}

static void keep(CapturePump *pump, const struct pcap_pkthdr *header, const guint8 *octets)
{
    if (pump->pending_capacity < header->caplen) {
        pump->pending_octets = g_realloc(pump->pending_octets, header->caplen);
        pump->pending_capacity = header->caplen;
    }
    memcpy(pump->pending_octets, octets, header->caplen);
    capture_reader_fill_frame(pump->reader, header, pump->pending_octets, &pump->pending);
    pump->has_pending = true;
}

static bool on_frame(gpointer owner, const struct pcap_pkthdr *header, const guint8 *octets)
{
    CapturePump *pump = owner;
    Slab *slab = pump->filling;
    if (G_UNLIKELY(!slab_has_room(slab, header->caplen))) {
        keep(pump, header, octets);
        return false;
    }
    CaptureFrame *frame = slab_add(slab, octets, header->caplen);
    capture_reader_fill_frame(pump->reader, header, frame->data, frame);
    return true;
}

static void add_pending(CapturePump *pump, Slab *slab)
{
    CaptureFrame *frame = slab_add(slab, pump->pending.data, pump->pending.captured_length);
    const guint8 *octets = frame->data;
    *frame = pump->pending;
    frame->data = octets;
    pump->has_pending = false;
}

/* False: what follows the last frame must be left to libpcap. */
static bool cut_frames(CapturePump *pump, Slab *slab, ByteSpan *octets)
{
    for (;;) {
        if (G_UNLIKELY(slab->count == slab->frames_capacity)) {
            slab->frames_capacity *= 2;
            slab->frames = g_renew(CaptureFrame, slab->frames, slab->frames_capacity);
        }
        CaptureFrame *frame = &slab->frames[slab->count];
        CaptureRecordResult result = capture_reader_cut_record(pump->reader, *octets, frame);
        if (G_UNLIKELY(result != CAPTURE_RECORD_WHOLE)) {
            return result == CAPTURE_RECORD_PART;
        }
        *octets = byte_span_from(*octets, CAPTURE_RECORD_HEADER + frame->captured_length);
        slab->count++;
    }
}

/* One block, or for a long frame as many as it takes, and all whole records in it. Leaves the slab
 * empty if libpcap must go on here. */
static void fill_from_blocks(CapturePump *pump, Slab *slab)
{
    guint8 *end = slab->block;
    ByteSpan octets = byte_span(end - pump->rest_length, pump->rest_length);
    memcpy(end - pump->rest_length, pump->rest, pump->rest_length);
    bool goes_on = true;
    while (goes_on && slab->count == 0) {
        gssize length = capture_reader_read_block(pump->reader, end, slab->capacity);
        goes_on = length > 0;
        if (goes_on) {
            end += length;
            octets.length += (gsize)length;
            goes_on = cut_frames(pump, slab, &octets);
        }
    }
    if (!goes_on) {
        capture_reader_end_blocks(pump->reader, octets);
        return;
    }
    memcpy(pump->rest, octets.data, octets.length);
    pump->rest_length = octets.length;
}

static void fill(CapturePump *pump, Slab *slab)
{
    slab->used = 0;
    slab->count = 0;
    pump->filling = slab;
    if (capture_reader_has_blocks(pump->reader)) {
        fill_from_blocks(pump, slab);
        if (slab->count > 0) {
            return;
        }
    }
    if (pump->has_pending) {
        add_pending(pump, slab);
    }
    while (!pump->has_pending) {
        CaptureResult result = capture_reader_dispatch(pump->reader, on_frame, pump);
        if (result == CAPTURE_IDLE) {
            return;
        }
        if (result != CAPTURE_FRAME) {
            slab->is_final = true;
            return;
        }
    }
}

static void choose_takers(const CapturePump *pump, Slab *slab)
{
    for (gsize i = 0; i < slab->count && pump->choose != NULL; i++) {
        slab->frames[i].chosen = pump->choose(&slab->frames[i], pump->taker_count);
    }
}

static gpointer read_ahead(gpointer data)
{
    CapturePump *pump = data;
    guint number;
    for (bool goes_on = true; goes_on && slab_queue_take_empty(pump->queue, &number);) {
        fill(pump, &pump->slabs[number]);
        choose_takers(pump, &pump->slabs[number]);
        goes_on = !pump->slabs[number].is_final;
        slab_queue_put_full(pump->queue, number, !goes_on);
    }
    return NULL;
}

static CapturePump *make_pump(CaptureReader *reader)
{
    CapturePump *pump = g_new0(CapturePump, 1);
    pump->reader = reader;
    pump->rest = g_malloc(BLOCK_MARGIN);
    return pump;
}

CapturePump *capture_pump_new(CaptureReader *reader, CapturePumpThreads threads)
{
    if (threads == CAPTURE_PUMP_TWO_THREADS) {
        return capture_pump_new_ahead(reader, 1, NULL);
    }
    CapturePump *pump = make_pump(reader);
    slab_init(&pump->slabs[0], SLAB_OCTETS_ONE, SLAB_FRAMES_ONE);
    return pump;
}

CapturePump *capture_pump_new_ahead(CaptureReader *reader, guint takers, CaptureChooser choose)
{
    CapturePump *pump = make_pump(reader);
    pump->taker_count = takers;
    pump->choose = choose;
    for (gsize i = 0; i < SLABS; i++) {
        slab_init(&pump->slabs[i], SLAB_OCTETS_TWO, SLAB_FRAMES_TWO);
    }
    pump->queue = slab_queue_new(SLABS, takers);
    pump->thread = g_thread_new("read-ahead", read_ahead, pump);
    return pump;
}

void capture_pump_free(CapturePump *pump)
{
    if (pump == NULL) {
        return;
    }
    if (pump->thread != NULL) {
        capture_reader_stop(pump->reader);
        slab_queue_stop(pump->queue);
        g_thread_join(pump->thread);
        slab_queue_free(pump->queue);
    }
    for (gsize i = 0; i < SLABS; i++) {
        slab_clear(&pump->slabs[i]);
    }
    g_free(pump->pending_octets);
    g_free(pump->rest);
    g_free(pump);
}

/* NULL: there is none. */
static const Slab *next_slab(CapturePump *pump, guint number)
{
    if (pump->thread == NULL) {
        fill(pump, &pump->slabs[0]);
        return &pump->slabs[0];
    }
    Taker *taker = &pump->takers[number];
    if (taker->has_slab) {
        slab_queue_give_back(pump->queue, number);
    }
    guint slab;
    taker->has_slab = slab_queue_take_full(pump->queue, number, &slab);
    return taker->has_slab ? &pump->slabs[slab] : NULL;
}

bool capture_pump_next_of(CapturePump *pump, guint taker, CaptureBatch *out_batch)
{
    if (pump->takers[taker].is_ended) {
        return false;
    }
    const Slab *slab = next_slab(pump, taker);
    bool is_last = slab == NULL || slab->is_final;
    pump->takers[taker].is_ended = is_last;
    if (slab == NULL || (is_last && slab->count == 0)) {
        return false;
    }
    *out_batch = (CaptureBatch){.frames = slab->frames, .count = slab->count};
    return true;
}

bool capture_pump_next(CapturePump *pump, CaptureBatch *out_batch)
{
    return capture_pump_next_of(pump, 0, out_batch);
}
