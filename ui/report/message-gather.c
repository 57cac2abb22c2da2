#include "ui/report/message-gather.h"

#include "protocol/text/byte-buffer.h"

/* The message that is open in one stream. */
typedef struct {
    guint64 stream;
    guint64 step;
    StreamDirection direction;
    ByteBuffer octets;
    bool is_cut;
    GArray *trace;
} OpenMessage;

struct MessageGather {
    MessageGatherOptions options;
    GHashTable *open; /* stream -> OpenMessage */
    gsize held;
};

static void open_free(gpointer data)
{
    OpenMessage *open = data;
    byte_buffer_clear(&open->octets);
    g_array_unref(open->trace);
    g_free(open);
}

MessageGather *message_gather_new(const MessageGatherOptions *options)
{
    MessageGather *gather = g_new0(MessageGather, 1);
    gather->options = *options;
    gather->open = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, open_free);
    return gather;
}

void message_gather_free(MessageGather *gather)
{
    if (gather != NULL) {
        g_hash_table_unref(gather->open);
        g_free(gather);
    }
}

static void drop(MessageGather *gather, guint64 stream)
{
    OpenMessage *open = g_hash_table_lookup(gather->open, &stream);
    if (open != NULL) {
        gather->held -= byte_buffer_length(&open->octets);
        g_hash_table_remove(gather->open, &stream);
    }
}

static void begin(MessageGather *gather, const DissectEvent *event)
{
    guint64 stream = event->conversation->number;
    drop(gather, stream);
    OpenMessage *open = g_new0(OpenMessage, 1);
    open->stream = stream;
    open->step = event->step;
    open->direction = event->direction;
    open->trace = g_array_new(FALSE, FALSE, sizeof(TraceRow));
    byte_buffer_init(&open->octets, GATHER_MESSAGE_MAXIMUM);
    g_hash_table_insert(gather->open, &open->stream, open);
}

static void note_pieces(OpenMessage *open, const DissectEvent *event)
{
    guint64 start = byte_buffer_length(&open->octets);
    for (guint i = 0; i < event->piece_count; i++) {
        const DissectPiece *piece = &event->pieces[i];
        TraceRow row = {
            .offset = i == 0 ? start : start + (piece->from - event->pieces[0].from),
            .frame = piece->frame,
            .time_ns = piece->time_ns,
        };
        const TraceRow *last = open->trace->len == 0
                                   ? NULL
                                   : &g_array_index(open->trace, TraceRow, open->trace->len - 1);
        if (last == NULL || last->frame != row.frame) {
            g_array_append_val(open->trace, row);
        }
    }
}

static void take_data(MessageGather *gather, OpenMessage *open, const DissectEvent *event)
{
    ByteSpan octets = event->dialogue->text;
    gsize room =
        MIN(GATHER_MESSAGE_MAXIMUM - byte_buffer_length(&open->octets),
            GATHER_HELD_MAXIMUM - gather->held);
    if (open->is_cut) {
        return;
    }
    open->is_cut = octets.length > room;
    note_pieces(open, event);
    octets = byte_span_slice(octets, 0, room);
    bool fits = byte_buffer_append(&open->octets, octets);
    g_assert(fits);
    gather->held += octets.length;
}

static void end(MessageGather *gather, OpenMessage *open, const DissectEvent *event)
{
    gather->held -= byte_buffer_length(&open->octets);
    g_autoptr(GBytes) octets = byte_buffer_steal(&open->octets);
    GatheredMessage message = {
        .octets = octets,
        .trace = open->trace,
        .step = open->step,
        .stream = open->stream,
        .direction = open->direction,
        .is_cut = open->is_cut,
        .end = event,
        .message = event->dialogue->message,
    };
    gather->options.message(gather->options.owner, &message);
    g_hash_table_remove(gather->open, &open->stream);
}

void message_gather_event(MessageGather *gather, const DissectEvent *event)
{
    if (event->kind == DISSECT_CLOSED) {
        drop(gather, event->conversation->number);
    }
    if (event->kind != DISSECT_DIALOGUE) {
        return;
    }
    guint64 stream = event->conversation->number;
    OpenMessage *open = g_hash_table_lookup(gather->open, &stream);
    if (event->dialogue->kind == DIALOGUE_EVENT_MESSAGE_BEGIN) {
        begin(gather, event);
    } else if (open != NULL && event->dialogue->kind == DIALOGUE_EVENT_MESSAGE_DATA) {
        take_data(gather, open, event);
    } else if (open != NULL && event->dialogue->kind == DIALOGUE_EVENT_MESSAGE_END) {
        end(gather, open, event);
    }
}

char *gathered_frames_text(const GatheredMessage *message, guint64 from, guint64 to)
{
    GString *text = g_string_new(NULL);
    guint64 first = 0;
    guint64 last = 0;
    for (guint i = 0; i <= message->trace->len; i++) {
        const TraceRow *row =
            i < message->trace->len ? &g_array_index(message->trace, TraceRow, i) : NULL;
        guint64 ends = i + 1 < message->trace->len
                           ? g_array_index(message->trace, TraceRow, i + 1).offset
                           : G_MAXUINT64;
        bool is_inside = row != NULL && row->offset < to && ends > from;
        if (is_inside && last != 0 && row->frame == last + 1) {
            last = row->frame;
            continue;
        }
        if (last != 0 && (is_inside || row == NULL)) {
            g_string_append_printf(text, "%s%" G_GUINT64_FORMAT, text->len == 0 ? "" : ", ", first);
            if (last > first) {
                g_string_append_printf(text, " to %" G_GUINT64_FORMAT, last);
            }
        }
        if (is_inside) {
            first = last = row->frame;
        }
    }
    return g_string_free(text, FALSE);
}
