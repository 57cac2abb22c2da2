/* TCP segments as a hostile capture may hold them, eight octets each: side and connection, flags,
 * sequence, acknowledgement, length, and a bit of everything else. Octets of a direction come once
 * and in order, limits hold, and looking at frames changes nothing. */

#include "dissect/packet/octet-order.h"
#include "dissect/stream/stream-table.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

#define RECORD 8
#define HELD_MOST 4096

typedef struct {
    StreamTable *table;
    guint64 digest;
    guint open;
} Owner;

typedef struct {
    guint64 next[2];
    bool is_ended[2];
} Place;

static void on_opened(gpointer owner, Stream *stream, const Packet *packet)
{
    (void)stream;
    (void)packet;
    ((Owner *)owner)->open++;
}

static void
take(Owner *owner, Stream *stream, StreamDirection direction, guint64 from, guint64 length)
{
    Place *place = stream_table_user_data(owner->table, stream);
    g_assert(length > 0 && from == place->next[direction]);
    g_assert(!place->is_ended[direction]);
    place->next[direction] += length;
    owner->digest = owner->digest * 31 + stream_number(stream) * 2 + direction;
    owner->digest = owner->digest * 31 + length;
}

static void
on_data(gpointer owner, Stream *stream, StreamDirection direction, const StreamData *data)
{
    take(owner, stream, direction, data->offset, data->octets.length);
    Owner *of = owner;
    for (gsize i = 0; i < data->octets.length; i++) {
        of->digest = of->digest * 31 + data->octets.data[i];
    }
}

static void on_gap(gpointer owner, Stream *stream, StreamDirection direction, const StreamGap *gap)
{
    take(owner, stream, direction, gap->offset, gap->length);
}

static void on_event(gpointer owner, Stream *stream, const StreamEvent *event)
{
    Owner *of = owner;
    Place *place = stream_table_user_data(of->table, stream);
    of->digest = of->digest * 31 + event->kind;
    if (event->kind == STREAM_EVENT_FIN) {
        g_assert(!place->is_ended[event->direction]);
        place->is_ended[event->direction] = true;
    }
}

static void
on_overlap(gpointer owner, Stream *stream, StreamDirection direction, const StreamOverlap *overlap)
{
    (void)owner;
    (void)stream;
    (void)direction;
    g_assert(overlap->first.length > 0 && overlap->first.length == overlap->last.length);
    g_assert(overlap->first.data[0] != overlap->last.data[0]);
}

static void on_closed(gpointer owner, Stream *stream, StreamCloseReason reason)
{
    Owner *of = owner;
    g_assert(of->open > 0);
    of->open--;
    of->digest = of->digest * 31 + reason;
    g_assert(stream_close_reason_text(reason) != NULL && stream_number(stream) < G_MAXUINT32);
}

static void on_frame(
    gpointer owner, Stream *stream, StreamDirection direction, const Packet *packet, guint32 notes
)
{
    (void)owner;
    (void)stream;
    (void)direction;
    g_assert(packet->kind == PACKET_TCP && notes < 1u << FRAME_NOTE_COUNT);
}

static guint32 position(guint8 octet, guint32 base)
{
    /* Mostly near, sometimes far ahead or behind. */
    static const guint32 far[] = {
        0x10000, 0x3fffffff, 0x40000000, 0x7fffffff, 0x80000000, 0xfffff000};
    return base + (octet < 250 ? octet : far[octet - 250]);
}

static void feed(StreamTable *table, const guint8 *record, guint64 number, gint64 *time_ns)
{
    static const guint8 octets[256] = "EHLO crepes.fr\r\nMAIL FROM:<alice@crepes.fr>\r\n";
    bool is_client = (record[0] & 1) == 0;
    guint32 bases[2] = {0xffffffc0u, 5000};
    *time_ns += 1000000 + (record[7] & 0x0f ? 0 : 2000000000);
    CaptureFrame frame = {.number = number, .time_ns = *time_ns};
    gsize length = record[4] & 0x3f;
    Packet packet = {
        .frame = &frame,
        .kind = PACKET_TCP,
        .source = {.version = 4, .octets = {10, 0, 0, is_client ? 1 : 2}},
        .destination = {.version = 4, .octets = {10, 0, 0, is_client ? 2 : 1}},
        .source_port = is_client ? 4000 + (record[0] >> 1 & 3) : 25,
        .destination_port = is_client ? 25 : 4000 + (record[0] >> 1 & 3),
        .protocol = 6,
        .tcp_flags = record[1] & 0x3f,
        .tcp_sequence = position(record[2], bases[is_client ? 0 : 1]),
        .tcp_acknowledgement = position(record[3], bases[is_client ? 1 : 0]),
        .tcp_window = record[5],
        .tcp_urgent = record[6] & 0x0f,
        .payload = byte_span(octets + (record[6] & 0x7f), length),
        .missing_tail = record[4] & 0x40 ? record[6] : 0,
        .checksum = record[4] & 0x80 ? CHECKSUM_BAD : CHECKSUM_GOOD,
    };
    PacketPiece pieces[2] = {
        {.offset = 0, .length = (guint32)length / 2, .frame = number, .time_ns = *time_ns},
        {.offset = (guint32)length / 2, .length = (guint32)(length - length / 2), .frame = number},
    };
    if ((record[7] & 0xf0) == 0xf0 && length >= 2 && packet.missing_tail == 0) {
        packet.pieces = pieces;
        packet.piece_count = 2;
    }
    stream_table_packet(table, &packet);
}

static guint64 run(const guint8 *data, gsize size, bool shows_frames)
{
    StreamSink sink = {
        .opened = on_opened,
        .data = on_data,
        .gap = on_gap,
        .event = on_event,
        .overlap = on_overlap,
        .closed = on_closed,
        .frame = shows_frames ? on_frame : NULL,
    };
    StreamTableOptions options = stream_table_default_options();
    options.user_data_size = sizeof(Place);
    options.open_streams = 3;
    options.remembered_streams = 2;
    options.held_per_direction = HELD_MOST / 2;
    options.held_in_all = HELD_MOST;
    options.patience_packets = 6;
    Owner owner = {0};
    g_autoptr(StreamTable) table = stream_table_new(&sink, &owner, &options);
    owner.table = table;
    gint64 time_ns = 0;
    for (gsize at = 0; at + RECORD <= size; at += RECORD) {
        feed(table, data + at, at / RECORD + 1, &time_ns);
        g_assert(owner.open <= 3);
    }
    g_assert(stream_table_statistics(table)->held_most <= HELD_MOST + 512);
    stream_table_finish(table);
    g_assert(owner.open == 0);
    return owner.digest;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_assert(run(data, size, false) == run(data, size, true));
    return 0;
}
