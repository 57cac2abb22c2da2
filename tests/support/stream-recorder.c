#include "tests/support/stream-recorder.h"

#include "tests/support/frame-builder.h"
#include "tests/support/test.h"

static char side_of(StreamDirection direction)
{
    return direction == STREAM_FROM_CLIENT ? 'c' : 's';
}

static void on_opened(gpointer owner, Stream *stream, const Packet *packet)
{
    StreamRecorder *recorder = owner;
    bool is_client = stream_port(stream, STREAM_FROM_CLIENT) == packet->source_port;
    g_string_append_printf(recorder->log, "open %c\n", is_client ? 'c' : 's');
}

static void append_octets(GString *log, ByteSpan octets)
{
    for (gsize i = 0; i < octets.length; i++) {
        if (octets.data[i] != '\r' && octets.data[i] != '\n') {
            g_string_append_c(log, (char)octets.data[i]);
        }
    }
}

static void
on_data(gpointer owner, Stream *stream, StreamDirection direction, const StreamData *data)
{
    (void)stream;
    StreamRecorder *recorder = owner;
    g_string_append_printf(
        recorder->log, "%c %" G_GUINT64_FORMAT " ", side_of(direction), data->offset
    );
    append_octets(recorder->log, data->octets);
    g_string_append_c(recorder->log, '\n');
}

static void on_gap(gpointer owner, Stream *stream, StreamDirection direction, const StreamGap *gap)
{
    (void)stream;
    static const char *const names[] = {
        [STREAM_GAP_NOT_CAPTURED] = "uncaptured",
        [STREAM_GAP_LOST] = "lost",
        [STREAM_GAP_SNAPPED] = "snapped",
        [STREAM_GAP_GIVEN_UP] = "given-up",
    };
    StreamRecorder *recorder = owner;
    g_string_append_printf(
        recorder->log,
        "%c gap %" G_GUINT64_FORMAT "+%" G_GUINT64_FORMAT " %s\n",
        side_of(direction),
        gap->offset,
        gap->length,
        names[gap->reason]
    );
}

static void on_event(gpointer owner, Stream *stream, const StreamEvent *event)
{
    (void)stream;
    static const char *const names[] = {
        [STREAM_EVENT_SYN] = "syn",
        [STREAM_EVENT_SYN_ACK] = "syn-ack",
        [STREAM_EVENT_ESTABLISHED] = "established",
        [STREAM_EVENT_SYN_DATA] = "syn-data",
        [STREAM_EVENT_FIN] = "fin",
        [STREAM_EVENT_RESET] = "reset",
        [STREAM_EVENT_URGENT] = "urgent",
        [STREAM_EVENT_ZERO_WINDOW] = "zero-window",
        [STREAM_EVENT_WINDOW_OPEN] = "window-open",
    };
    StreamRecorder *recorder = owner;
    g_string_append_printf(
        recorder->log,
        "%c %s %" G_GUINT64_FORMAT,
        side_of(event->direction),
        names[event->kind],
        event->offset
    );
    if (event->octets.length > 0) {
        g_string_append_c(recorder->log, ' ');
        append_octets(recorder->log, event->octets);
    }
    g_string_append_c(recorder->log, '\n');
}

static void
on_overlap(gpointer owner, Stream *stream, StreamDirection direction, const StreamOverlap *overlap)
{
    (void)stream;
    StreamRecorder *recorder = owner;
    g_string_append_printf(
        recorder->log, "%c overlap %" G_GUINT64_FORMAT " ", side_of(direction), overlap->offset
    );
    append_octets(recorder->log, overlap->first);
    g_string_append_c(recorder->log, '/');
    append_octets(recorder->log, overlap->last);
    g_string_append_printf(
        recorder->log,
        " frames %" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT "\n",
        overlap->first_frame,
        overlap->last_frame
    );
}

static void on_closed(gpointer owner, Stream *stream, StreamCloseReason reason)
{
    (void)stream;
    static const char *const names[] = {
        [STREAM_CLOSED_BY_FIN] = "fin",
        [STREAM_CLOSED_BY_RESET] = "reset",
        [STREAM_CLOSED_REUSED] = "reused",
        [STREAM_CLOSED_LIMIT] = "limit",
        [STREAM_CLOSED_CAPTURE_END] = "end",
    };
    StreamRecorder *recorder = owner;
    g_string_append_printf(recorder->log, "close %s\n", names[reason]);
}

static void on_frame(
    gpointer owner, Stream *stream, StreamDirection direction, const Packet *packet, guint32 notes
)
{
    (void)stream;
    StreamRecorder *recorder = owner;
    g_string_append_printf(
        recorder->log, "%c #%" G_GUINT64_FORMAT ":", side_of(direction), packet->frame->number
    );
    for (guint bit = 0; bit < FRAME_NOTE_COUNT; bit++) {
        if (notes & (1u << bit)) {
            g_string_append_printf(recorder->log, " [%s]", frame_note_text(1u << bit));
        }
    }
    g_string_append_c(recorder->log, '\n');
}

void stream_recorder_init(
    StreamRecorder *recorder, const StreamTableOptions *options, bool has_frames
)
{
    StreamSink sink = {
        .opened = on_opened,
        .data = on_data,
        .gap = on_gap,
        .event = on_event,
        .overlap = on_overlap,
        .closed = on_closed,
        .frame = has_frames ? on_frame : NULL,
    };
    *recorder = (StreamRecorder){
        .table = stream_table_new(&sink, recorder, options),
        .decoder = packet_decoder_new(NULL),
        .log = g_string_new(NULL),
        .base = {0xfffffff0u, 500000}, /* the client's numbers wrap soon */
        .has_frames = has_frames,
    };
}

void stream_recorder_clear(StreamRecorder *recorder)
{
    stream_table_free(recorder->table);
    packet_decoder_free(recorder->decoder);
    g_string_free(recorder->log, TRUE);
}

static guint8 flags_of(const char *letters)
{
    static const char names[] = "FSRPAU";
    guint8 flags = 0;
    for (; letters != NULL && *letters != '\0'; letters++) {
        flags |= (guint8)(1u << (strchr(names, *letters) - names));
    }
    return flags;
}

static GByteArray *build(const StreamRecorder *recorder, const StreamStep *step)
{
    bool is_client = step->from == 'c';
    guint16 client_port = step->client_port != 0 ? step->client_port : 4000;
    guint32 client = recorder->base[0] + step->client_base;
    FrameSegment segment = {
        .source = is_client ? "10.0.0.1" : "10.0.0.2",
        .destination = is_client ? "10.0.0.2" : "10.0.0.1",
        .source_port = is_client ? client_port : 25,
        .destination_port = is_client ? 25 : client_port,
        .sequence = step->sequence + (is_client ? client : recorder->base[1]),
        .acknowledgement = step->acknowledgement + (is_client ? recorder->base[1] : client),
        .flags = flags_of(step->flags),
        .window = step->has_no_window ? 0
                  : step->window != 0 ? step->window
                                      : 65535,
        .urgent = step->urgent,
        .payload = byte_span_from_string(step->text),
    };
    GByteArray *frame = frame_new_tcp(&segment);
    frame_wrap_ethernet(frame, 0x0800);
    if (step->has_bad_checksum) {
        frame->data[14 + 20 + 16] ^= 0x55;
    }
    return frame;
}

void stream_recorder_step(StreamRecorder *recorder, const StreamStep *step)
{
    g_autoptr(GByteArray) octets = build(recorder, step);
    recorder->time_ns += (1 + (gint64)step->wait_ms) * 1000000;
    CaptureFrame frame = {
        .number = ++recorder->frame,
        .time_ns = recorder->time_ns,
        .link_type = 1,
        .captured_length = octets->len - step->cut,
        .original_length = octets->len,
        .data = octets->data,
    };
    stream_table_frames(recorder->table, recorder->decoder, &frame, 1);
}

void stream_recorder_steps(StreamRecorder *recorder, const StreamStep *steps)
{
    for (gsize i = 0; i < STREAM_STEPS_MAXIMUM && steps[i].from != 0; i++) {
        stream_recorder_step(recorder, &steps[i]);
    }
}

void assert_streams(
    const StreamTableOptions *options, const StreamStep *steps, const char *expected
)
{
    StreamRecorder recorder;
    stream_recorder_init(&recorder, options, false);
    stream_recorder_steps(&recorder, steps);
    stream_table_finish(recorder.table);
    assert_string_equal(recorder.log->str, expected);
    stream_recorder_clear(&recorder);
}
