#include "sim/network/frame-log.h"

#include "sim/network/pcap-format.h"

#define BLOCK_SIZE (1u << 20)

typedef struct {
    guint64 number;
    SimTime time;
    const guint8 *octets;
    gsize length;
} LogEntry;

struct FrameLog {
    GArray *entries;   /* of LogEntry */
    GPtrArray *blocks; /* octets never move once they are written */
    gsize block_used;
    gsize block_size;
    gsize octets;
    gsize maximum;
    guint64 left_out;
};

FrameLog *frame_log_new(gsize maximum)
{
    FrameLog *log = g_new0(FrameLog, 1);
    log->entries = g_array_new(FALSE, FALSE, sizeof(LogEntry));
    log->blocks = g_ptr_array_new_with_free_func(g_free);
    log->maximum = maximum == 0 ? G_MAXSIZE : maximum;
    return log;
}

void frame_log_free(FrameLog *log)
{
    if (log != NULL) {
        g_array_unref(log->entries);
        g_ptr_array_unref(log->blocks);
        g_free(log);
    }
}

void frame_log_clear(FrameLog *log)
{
    g_array_set_size(log->entries, 0);
    g_ptr_array_set_size(log->blocks, 0);
    log->block_used = 0;
    log->block_size = 0;
    log->octets = 0;
    log->left_out = 0;
}

static guint8 *reserve(FrameLog *log, gsize length)
{
    if (log->block_size - log->block_used < length) {
        log->block_size = MAX(length, BLOCK_SIZE);
        log->block_used = 0;
        g_ptr_array_add(log->blocks, g_malloc(log->block_size));
    }
    guint8 *place = log->blocks->pdata[log->blocks->len - 1];
    place += log->block_used;
    log->block_used += length;
    return place;
}

void frame_log_tap(const SimTapFrame *frame, gpointer data)
{
    FrameLog *log = data;
    gsize length = frame->octets.length;
    if (length > log->maximum - log->octets) {
        log->left_out++;
        return;
    }
    guint8 *place = reserve(log, length);
    memcpy(place, frame->octets.data, length);
    log->octets += length;
    LogEntry entry = {
        .number = frame->number,
        .time = frame->time,
        .octets = place,
        .length = length,
    };
    g_array_append_val(log->entries, entry);
}

gsize frame_log_count(const FrameLog *log)
{
    return log->entries->len;
}

gsize frame_log_octets(const FrameLog *log)
{
    return log->octets;
}

guint64 frame_log_left_out(const FrameLog *log)
{
    return log->left_out;
}

LoggedFrame frame_log_get(const FrameLog *log, gsize index)
{
    g_assert(index < log->entries->len);
    const LogEntry *entry = &g_array_index(log->entries, LogEntry, index);
    return (LoggedFrame){
        .number = entry->number,
        .time = entry->time,
        .octets = byte_span(entry->octets, entry->length),
    };
}

GBytes *frame_log_to_pcap(const FrameLog *log)
{
    GByteArray *bytes = g_byte_array_new();
    pcap_append_header(bytes);
    for (guint i = 0; i < log->entries->len; i++) {
        const LogEntry *entry = &g_array_index(log->entries, LogEntry, i);
        pcap_append_frame(bytes, entry->time, byte_span(entry->octets, entry->length));
    }
    return g_byte_array_free_to_bytes(bytes);
}
