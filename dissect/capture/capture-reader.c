#include "dissect/capture/capture-reader.h"

#include "dissect/capture/capture-reader-internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define NANOSECONDS G_GINT64_CONSTANT(1000000000)
#define PCAP_FILE_HEADER 24
#define FRAMES_AT_ONCE 4096

G_DEFINE_QUARK(capture - error - quark, capture_error)

void capture_reader_free(CaptureReader *reader)
{
    if (reader == NULL) {
        return;
    }
    if (reader->pcap != NULL) {
        pcap_close(reader->pcap); /* and with it the stream */
    } else if (reader->stream != NULL) {
        fclose(reader->stream);
    }
    capture_source_free(reader->source);
    capture_live_free(reader->live);
    g_free(reader->live_name);
    g_free(reader->damage.message);
    g_free(reader);
}

/* What libpcap does not read is refused by name before libpcap is asked. */
static bool check_format(CaptureReader *reader, const char *name, GError **error)
{
    ByteSpan head;
    if (!capture_source_peek(reader->source, &head)) {
        g_set_error(
            error,
            CAPTURE_ERROR,
            CAPTURE_ERROR_OPEN,
            "%s cannot be read: %s",
            name,
            g_strerror(errno)
        );
        return false;
    }
    reader->format = capture_format_recognise(head);
    CaptureError code = CAPTURE_ERROR_FORMAT;
    switch (reader->format.kind) {
    case CAPTURE_FORMAT_PCAP:
    case CAPTURE_FORMAT_PCAP_NANOSECONDS:
    case CAPTURE_FORMAT_PCAP_MODIFIED:
    case CAPTURE_FORMAT_PCAPNG:
        return true;
    case CAPTURE_FORMAT_FOREIGN:
    case CAPTURE_FORMAT_COMPRESSED:
        break;
    case CAPTURE_FORMAT_EMPTY:
        code = CAPTURE_ERROR_EMPTY;
        break;
    case CAPTURE_FORMAT_TEXT:
    case CAPTURE_FORMAT_UNKNOWN:
        code = CAPTURE_ERROR_NOT_KNOWN;
        break;
    }
    g_set_error(
        error, CAPTURE_ERROR, code, "%s is %s: %s", name, reader->format.name, reader->format.advice
    );
    return false;
}

static void note_layout(CaptureReader *reader)
{
    reader->offset = PCAP_FILE_HEADER;
    reader->record_header = reader->format.kind == CAPTURE_FORMAT_PCAP_MODIFIED ? 24 : 16;
    reader->has_links = reader->format.kind == CAPTURE_FORMAT_PCAPNG;
    reader->has_unsigned_seconds = !reader->has_links;
    reader->link_type = (guint32)pcap_datalink(reader->pcap);
    bool has_nanoseconds = reader->format.kind == CAPTURE_FORMAT_PCAP_NANOSECONDS;
    reader->has_blocks = (has_nanoseconds || reader->format.kind == CAPTURE_FORMAT_PCAP) &&
                         capture_record_form_of(reader->pcap, has_nanoseconds, &reader->form);
}

static CaptureReader *
open_source(CaptureSource *source, const char *name, guint64 first_number, GError **error)
{
    g_autoptr(CaptureReader) reader = g_new0(CaptureReader, 1);
    reader->source = source;
    reader->first_number = first_number;
    reader->next_number = first_number;
    if (!check_format(reader, name, error)) {
        return NULL;
    }
    reader->stream = capture_source_stream(source);
    if (reader->stream == NULL) {
        g_set_error(
            error,
            CAPTURE_ERROR,
            CAPTURE_ERROR_OPEN,
            "%s cannot be read: %s",
            name,
            g_strerror(errno)
        );
        return NULL;
    }
    char reason[PCAP_ERRBUF_SIZE];
    reader->pcap = pcap_fopen_offline_with_tstamp_precision(
        reader->stream, PCAP_TSTAMP_PRECISION_NANO, reason
    );
    if (reader->pcap == NULL) {
        g_set_error(
            error,
            CAPTURE_ERROR,
            CAPTURE_ERROR_HEADER,
            "%s begins like a capture (%s), but its header is damaged: %s",
            name,
            reader->format.name,
            reason
        );
        return NULL;
    }
    note_layout(reader);
    return g_steal_pointer(&reader);
}

CaptureReader *capture_reader_open(const char *path, guint64 first_number, GError **error)
{
    bool is_standard_input = strcmp(path, "-") == 0;
    const char *name = is_standard_input ? "standard input" : path;
    int descriptor = is_standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (descriptor < 0 || fstat(descriptor, &status) < 0) {
        g_set_error(
            error,
            CAPTURE_ERROR,
            CAPTURE_ERROR_OPEN,
            "%s cannot be opened: %s",
            name,
            g_strerror(errno)
        );
        return NULL;
    }
    CaptureReader *reader = open_source(capture_source_new(descriptor), name, first_number, error);
    if (reader != NULL && S_ISREG(status.st_mode) && status.st_size > 0) {
        reader->size = (guint64)status.st_size;
    }
    return reader;
}

CaptureReader *capture_reader_open_memory(ByteSpan octets, GError **error)
{
    CaptureReader *reader = open_source(capture_source_new_memory(octets), "the capture", 1, error);
    if (reader != NULL) {
        reader->size = octets.length;
    }
    return reader;
}

/* libpcap reads the 32 bits of seconds in a pcap file as signed, so that times from 2038 on come
 * out negative; the format has them unsigned, up to 2106. */
static gint64 frame_time(const CaptureReader *reader, const struct timeval *time, bool *out_is_bad)
{
    gint64 seconds = time->tv_sec;
    if (reader->has_unsigned_seconds) {
        seconds = (guint32)seconds;
    }
    gint64 fraction = reader->has_microseconds ? time->tv_usec * 1000 : time->tv_usec;
    *out_is_bad = fraction < 0 || fraction >= NANOSECONDS || seconds < 0 ||
                  seconds > G_MAXINT64 / NANOSECONDS - 1;
    fraction = CLAMP(fraction, 0, NANOSECONDS - 1);
    seconds = CLAMP(seconds, 0, G_MAXINT64 / NANOSECONDS - 1);
    return seconds * NANOSECONDS + fraction;
}

void capture_reader_fill_frame(
    CaptureReader *reader,
    const struct pcap_pkthdr *header,
    const guint8 *octets,
    CaptureFrame *out_frame
)
{
    guint32 link_type = reader->link_type;
    reader->offset += reader->record_header + header->caplen;
    if (reader->has_links) {
        capture_source_next_link(reader->source, &link_type);
    }
    *out_frame = (CaptureFrame){
        .number = reader->next_number++,
        .link_type = link_type,
        .captured_length = header->caplen,
        .original_length = MAX(header->len, header->caplen),
        .data = octets,
    };
    out_frame->time_ns = frame_time(reader, &header->ts, &out_frame->has_bad_time);
}

/* Where the record begins that libpcap could not read. */
static guint64 damaged_offset(CaptureReader *reader)
{
    if (reader->format.kind != CAPTURE_FORMAT_PCAPNG) {
        return reader->offset;
    }
    off_t position = ftello(reader->stream);
    return position < 0 ? capture_source_position(reader->source)
                        : capture_source_block_start(reader->source, (guint64)position);
}

static CaptureResult note_damage(CaptureReader *reader)
{
    const char *reason = pcap_geterr(reader->pcap);
    CaptureDamage *damage = &reader->damage;
    damage->is_cut = strstr(reason, "truncated") != NULL;
    damage->frame = reader->next_number;
    damage->offset = damaged_offset(reader);
    damage->message = g_strdup_printf(
        damage->is_cut ? "the file ends inside frame %" G_GUINT64_FORMAT
                         ", which begins at octet %" G_GUINT64_FORMAT " (%s)"
                       : "the file is damaged at frame %" G_GUINT64_FORMAT
                         ", octet %" G_GUINT64_FORMAT ", and cannot be read from there on (%s)",
        damage->frame,
        damage->offset,
        reason
    );
    reader->is_damaged = true;
    return CAPTURE_DAMAGED;
}

CaptureResult capture_reader_next(CaptureReader *reader, CaptureFrame *out_frame)
{
    if (G_UNLIKELY(reader->is_damaged)) {
        return CAPTURE_DAMAGED;
    }
    if (G_UNLIKELY(atomic_load_explicit(&reader->is_stopped, memory_order_relaxed))) {
        return CAPTURE_END;
    }
    struct pcap_pkthdr *header;
    const guint8 *octets;
    int result = pcap_next_ex(reader->pcap, &header, &octets);
    if (G_LIKELY(result == 1)) {
        capture_reader_fill_frame(reader, header, octets, out_frame);
        return CAPTURE_FRAME;
    }
    if (result == PCAP_ERROR) {
        return note_damage(reader);
    }
    if (result == 0 && reader->live != NULL) {
        return capture_live_wait(reader);
    }
    return CAPTURE_END;
}

typedef struct {
    CaptureReader *reader;
    CaptureHandler handler;
    gpointer owner;
} Dispatch;

static void hand_over(guint8 *user, const struct pcap_pkthdr *header, const guint8 *octets)
{
    Dispatch *dispatch = (Dispatch *)(void *)user;
    if (!dispatch->handler(dispatch->owner, header, octets)) {
        pcap_breakloop(dispatch->reader->pcap);
    }
}

CaptureResult capture_reader_dispatch(CaptureReader *reader, CaptureHandler handler, gpointer owner)
{
    if (reader->is_damaged) {
        return CAPTURE_DAMAGED;
    }
    if (atomic_load_explicit(&reader->is_stopped, memory_order_relaxed)) {
        return CAPTURE_END;
    }
    Dispatch dispatch = {.reader = reader, .handler = handler, .owner = owner};
    int result =
        pcap_dispatch(reader->pcap, FRAMES_AT_ONCE, hand_over, (guint8 *)(void *)&dispatch);
    if (result > 0 || result == PCAP_ERROR_BREAK) {
        return CAPTURE_FRAME;
    }
    if (result == PCAP_ERROR) {
        return note_damage(reader);
    }
    return reader->live != NULL ? capture_live_wait(reader) : CAPTURE_END;
}

gssize capture_reader_read_block(CaptureReader *reader, guint8 *into, gsize size)
{
    return capture_source_read(reader->source, into, size);
}

CaptureRecordResult
capture_reader_cut_record(CaptureReader *reader, ByteSpan octets, CaptureFrame *out_frame)
{
    CaptureRecordResult result = capture_record_cut(&reader->form, octets, out_frame);
    if (G_LIKELY(result == CAPTURE_RECORD_WHOLE)) {
        out_frame->number = reader->next_number++;
        reader->offset += CAPTURE_RECORD_HEADER + out_frame->captured_length;
    }
    return result;
}

void capture_reader_end_blocks(CaptureReader *reader, ByteSpan rest)
{
    capture_source_give_back(reader->source, rest);
    reader->has_blocks = false;
}

const CaptureDamage *capture_reader_damage(const CaptureReader *reader)
{
    return reader->is_damaged ? &reader->damage : NULL;
}

const char *capture_reader_format(const CaptureReader *reader)
{
    return reader->live_name != NULL ? reader->live_name : reader->format.name;
}

guint64 capture_reader_frames(const CaptureReader *reader)
{
    return reader->next_number - reader->first_number;
}

guint64 capture_reader_position(const CaptureReader *reader)
{
    return reader->source != NULL ? capture_source_position(reader->source) : 0;
}

guint64 capture_reader_size(const CaptureReader *reader)
{
    return reader->size;
}

CaptureDrops capture_reader_drops(CaptureReader *reader)
{
    struct pcap_stat statistics;
    if (reader->live == NULL || pcap_stats(reader->pcap, &statistics) != 0) {
        return (CaptureDrops){0};
    }
    return (CaptureDrops){
        .received = statistics.ps_recv,
        .dropped = statistics.ps_drop,
        .dropped_by_interface = statistics.ps_ifdrop,
        .is_known = true,
    };
}

void capture_reader_stop(CaptureReader *reader)
{
    atomic_store_explicit(&reader->is_stopped, true, memory_order_relaxed);
}
